//! Tasks.

mod list;
mod remove;
mod show;
mod who_could;

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List the tasks one may know of
    List(list::List),
    /// Show a task with its parameters and what governs it
    Show(show::Show),
    /// Show who could run a task, and through whom
    WhoCould(who_could::WhoCould),
    /// Take a task out of the catalog
    Remove(remove::Remove),
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Outcome {
        match self {
            Self::List(list) => list.run(app),
            Self::Show(show) => show.run(app),
            Self::WhoCould(who_could) => who_could.run(app),
            Self::Remove(remove) => remove.run(app),
        }
    }
}
