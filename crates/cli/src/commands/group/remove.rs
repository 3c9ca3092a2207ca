//! `countersign group remove`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Remove {
    /// The group's name or id
    group: String,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl Remove {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!("`{}` is removed.", self.group);
        act::own(app, "Remove-Group", &Parameters::new().with("Identity", self.group), &self.raise, &done)
    }
}
