//! `countersign person link`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Link {
    /// One account: sign-in name or id
    person: String,
    /// The other
    other: String,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl Link {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!("{} and {} are one person.", self.person, self.other);
        let parameters = Parameters::new().with("Identity", self.person).with("Other", self.other);
        act::own(app, "Add-UserLink", &parameters, &self.raise, &done)
    }
}
