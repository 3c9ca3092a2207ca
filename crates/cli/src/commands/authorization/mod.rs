//! Authorizations.

mod give_back;
pub(crate) mod list;
pub(crate) mod revoke;
pub(crate) mod show;

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List one's own, and those one may revoke
    List(list::List),
    /// Show an authorization
    Show(show::Show),
    /// Give one's own back before its end
    GiveBack(give_back::GiveBack),
    /// Revoke one; what runs under it is stopped
    Revoke(revoke::Revoke),
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Outcome {
        match self {
            Self::List(list) => list.run(app),
            Self::Show(show) => show.run(app),
            Self::GiveBack(give_back) => give_back.run(app),
            Self::Revoke(revoke) => revoke.run(app),
        }
    }
}
