//! `countersign person enable`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Enable {
    /// The sign-in name or id
    person: String,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl Enable {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!("{} is enabled.", self.person);
        act::own(app, "Enable-User", &Parameters::new().with("Identity", self.person), &self.raise, &done)
    }
}
