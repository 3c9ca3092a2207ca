//! One's own API tokens.

mod list;
mod new;
mod revoke;

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Make a token; it is shown once
    New(new::New),
    /// List one's tokens
    List(crate::list::ListArgs),
    /// Revoke a token
    Revoke(revoke::Revoke),
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Outcome {
        match self {
            Self::New(new) => new.run(app),
            Self::List(list) => list::run(app, &list),
            Self::Revoke(revoke) => revoke.run(app),
        }
    }
}
