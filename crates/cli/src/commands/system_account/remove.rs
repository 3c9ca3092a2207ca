//! `countersign system-account remove`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Remove {
    /// The service account: sign-in name or id
    account: String,
}

impl Remove {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!("{} needs authorizations again.", self.account);
        let parameters = Parameters::new().with("Identity", self.account);
        act::own(app, "Remove-SystemAccount", &parameters, &RaiseArgs::default(), &done)
    }
}
