//! Roles.

mod list;
mod new;
mod remove;
mod show;

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List roles
    List(crate::list::ListArgs),
    /// Show a role with its tasks
    Show(show::Show),
    /// Define a role, or define it anew
    New(new::New),
    /// Remove a role
    Remove(remove::Remove),
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Outcome {
        match self {
            Self::List(args) => list::run(app, &args),
            Self::Show(show) => show.run(app),
            Self::New(new) => new.run(app),
            Self::Remove(remove) => remove.run(app),
        }
    }
}
