//! `countersign task remove`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Remove {
    /// The task: `Workload\Task`
    task: String,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl Remove {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!("{} is removed.", self.task);
        act::own(app, "Remove-Task", &Parameters::new().with("Identity", self.task), &self.raise, &done)
    }
}
