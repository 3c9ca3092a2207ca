//! `countersign person list`

use countersign_client::Query;

use crate::app::App;
use crate::fault::Outcome;
use crate::list::{self, ListArgs};

#[derive(Debug, clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    list: ListArgs,
}

impl List {
    pub(super) fn run(self, app: &App) -> Outcome {
        let columns = [
            ("Id", "id"),
            ("Sign-in name", "upn"),
            ("Name", "display_name"),
            ("Mail", "mail"),
            ("Kind", "kind"),
            ("Enabled", "enabled"),
        ];
        list::show(app, "people", &Query::all(), &self.list, &columns)
    }
}
