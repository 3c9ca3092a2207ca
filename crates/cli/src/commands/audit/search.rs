//! `countersign audit search`

use crate::app::App;
use crate::fault::Outcome;
use crate::list::{self, ListArgs};

#[derive(Debug, clap::Args)]
pub(crate) struct Search {
    #[command(flatten)]
    filter: super::Filter,
    #[command(flatten)]
    list: ListArgs,
}

impl Search {
    pub(super) fn run(self, app: &App) -> Outcome {
        search(app, &self.filter, &self.list)
    }
}

pub(crate) fn search(app: &App, filter: &super::Filter, args: &ListArgs) -> Outcome {
    let columns = [
        ("Seq", "seq"),
        ("Time", "time"),
        ("Who", "person/upn|person/id|actor"),
        ("Kind", "kind"),
        ("Task", "task"),
        ("Request", "request"),
        ("Outcome", "outcome"),
        ("Code", "code"),
    ];
    list::show(app, "audit/events", &filter.query(app)?, args, &columns)
}
