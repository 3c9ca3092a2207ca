//! The database of this host.

mod rebuild;

use crate::app::App;
use crate::fault::Outcome;
use crate::host::settings::ConfigArgs;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Build the tables anew from the ledger, with the server stopped, and say which were different
    Rebuild(ConfigArgs),
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Outcome {
        match self {
            Self::Rebuild(args) => rebuild::run(app, &args),
        }
    }
}
