//! `countersign request tasks`

use crate::app::App;
use crate::fault::Outcome;
use crate::list::{self, ListArgs};

#[derive(Debug, clap::Args)]
pub(crate) struct Tasks {
    /// The request, such as R-1042
    number: String,
    #[command(flatten)]
    list: ListArgs,
}

impl Tasks {
    pub(super) fn run(self, app: &App) -> Outcome {
        let columns = [("Task", "name"), ("Digest", "digest")];
        list::within(app, ["requests", &self.number, "tasks"], &self.list, &columns)
    }
}
