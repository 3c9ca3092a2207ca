//! `countersign policy set`

use super::terms::Terms;
use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Set {
    /// The policy's id
    id: String,
    #[command(flatten)]
    terms: Terms,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl Set {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!("{} is changed.", self.id);
        let parameters = self.terms.on(Parameters::new().with("Identity", self.id));
        act::own(app, "Set-ElevatedAccessApprovalPolicy", &parameters, &self.raise, &done)
    }
}
