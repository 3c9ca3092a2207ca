//! `countersign person erase`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Erase {
    /// The sign-in name or id of a disabled person
    person: String,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl Erase {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!("{}: personal data are erased. Backups and exports keep theirs.", self.person);
        let values = Parameters::new().with("Identity", self.person);
        act::own(app, "Clear-PersonalData", &values, &self.raise, &done)
    }
}
