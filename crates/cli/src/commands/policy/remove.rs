//! `countersign policy remove`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Remove {
    /// The policy's id
    id: String,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl Remove {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!("{} is removed.", self.id);
        let parameters = Parameters::new().with("Identity", self.id);
        act::own(app, "Remove-ElevatedAccessApprovalPolicy", &parameters, &self.raise, &done)
    }
}
