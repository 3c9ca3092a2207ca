//! Exempt service accounts.

mod add;
mod remove;

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Exempt a service account for some days
    Add(add::Add),
    /// End an exemption
    Remove(remove::Remove),
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Outcome {
        match self {
            Self::Add(add) => add.run(app),
            Self::Remove(remove) => remove.run(app),
        }
    }
}
