//! `countersign task list`

use countersign_client::Query;

use crate::app::App;
use crate::fault::Outcome;
use crate::list::{self, ListArgs};

#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Only of this workload
    #[arg(long, value_name = "WORKLOAD")]
    workload: Option<String>,
    #[command(flatten)]
    list: ListArgs,
}

impl List {
    pub(super) fn run(self, app: &App) -> Outcome {
        let columns = [
            ("Task", "name"),
            ("Title", "title"),
            ("Protected", "protected"),
            ("Control plane", "control_plane"),
            ("Held by role", "held"),
        ];
        list::show(app, "tasks", &Query::all().with_some("workload", self.workload), &self.list, &columns)
    }
}
