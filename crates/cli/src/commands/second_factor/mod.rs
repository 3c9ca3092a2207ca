//! One's own second factor.

mod confirm;
mod enroll;
mod show;

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Get a secret for an authenticator app
    Enroll(enroll::Enroll),
    /// Put the second factor into force by a code of it
    Confirm(confirm::Confirm),
    /// Show a code to the session that is there
    Show(show::Show),
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Outcome {
        match self {
            Self::Enroll(enroll) => enroll.run(app),
            Self::Confirm(confirm) => confirm.run(app),
            Self::Show(show) => show.run(app),
        }
    }
}
