//! Runspaces: what executes the tasks of a workload, and who holds the same power without it.

mod list;
mod standing_access;

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List runspaces and their health
    List(list::List),
    /// Show who can do natively what a workload's tasks do
    StandingAccess(standing_access::StandingAccess),
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Outcome {
        match self {
            Self::List(list) => list.run(app),
            Self::StandingAccess(standing_access) => standing_access.run(app),
        }
    }
}
