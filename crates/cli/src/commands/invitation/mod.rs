//! Links of invitations and resets.

mod redeem;

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Set one's password by the link that was mailed or handed over
    Redeem(redeem::Redeem),
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Outcome {
        match self {
            Self::Redeem(redeem) => redeem.run(app),
        }
    }
}
