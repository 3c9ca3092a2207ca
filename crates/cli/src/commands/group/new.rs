//! `countersign group new`

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::Outcome;
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// Its name
    name: String,
    /// Its mail address
    #[arg(long, value_name = "ADDRESS")]
    mail: String,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl New {
    pub(super) fn run(self, app: &App) -> Outcome {
        let done = format!("`{}` is added.", self.name);
        let parameters = Parameters::new().with("Name", self.name).with("Mail", self.mail);
        act::own(app, "New-Group", &parameters, &self.raise, &done)
    }
}
