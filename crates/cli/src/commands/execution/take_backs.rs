//! `countersign execution take-backs`

use countersign_client::Query;

use crate::app::App;
use crate::fault::Outcome;
use crate::list::{self, ListArgs};

#[derive(Debug, clap::Args)]
pub(crate) struct TakeBacks {
    #[command(flatten)]
    list: ListArgs,
}

impl TakeBacks {
    pub(super) fn run(self, app: &App) -> Outcome {
        let columns = [
            ("Execution", "execution"),
            ("Task", "task"),
            ("Person", "person/upn"),
            ("Under", "number"),
            ("Since", "since"),
            ("Overdue", "overdue"),
            ("Tries", "tries"),
            ("Next try", "next"),
        ];
        list::show(app, "take-backs", &Query::all(), &self.list, &columns)
    }
}
