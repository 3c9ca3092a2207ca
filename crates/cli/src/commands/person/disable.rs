//! `countersign person disable`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Disable {
    /// The sign-in name or id
    person: String,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl Disable {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!("{} is disabled.", self.person);
        act::own(app, "Disable-User", &Parameters::new().with("Identity", self.person), &self.raise, &done)
    }
}
