//! `countersign role remove`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Remove {
    /// The role: `Workload\Role`
    name: String,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl Remove {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!("`{}` is removed.", self.name);
        act::own(
            app,
            "Remove-ManagementRole",
            &Parameters::new().with("Identity", self.name),
            &self.raise,
            &done,
        )
    }
}
