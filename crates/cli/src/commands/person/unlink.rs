//! `countersign person unlink`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Unlink {
    /// The sign-in name or id
    person: String,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl Unlink {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!("{} is a person of its own.", self.person);
        act::own(app, "Remove-UserLink", &Parameters::new().with("Identity", self.person), &self.raise, &done)
    }
}
