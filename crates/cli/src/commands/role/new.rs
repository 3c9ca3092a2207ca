//! `countersign role new`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// The role: `Workload\Role`
    name: String,
    /// Its tasks, each `Workload\Task`
    #[arg(required = true)]
    tasks: Vec<String>,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl New {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!("`{}` is defined.", self.name);
        let parameters = Parameters::new().with("Name", self.name).with_list("Task", &self.tasks);
        act::own(app, "New-ManagementRole", &parameters, &self.raise, &done)
    }
}
