//! `countersign runspace list`

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
            ("Runspace", "name"),
            ("Workloads", "workloads"),
            ("Available", "available"),
            ("Notes", "notes"),
        ];
        list::show(app, "runspaces", &Query::all(), &self.list, &columns)
    }
}
