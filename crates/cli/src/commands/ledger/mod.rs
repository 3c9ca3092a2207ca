//! The ledger and its proofs.

mod checkpoint;
mod copy;
mod prove;
mod verify;
mod vkey;

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Judge a copy of the ledger: whether it is whole, and everything in it justified
    Verify(verify::Verify),
    /// Print the newest signed checkpoint, to be kept elsewhere
    Checkpoint,
    /// Print the proof that an entry is in the ledger
    Prove(prove::Prove),
    /// Print the key that checkpoints are signed with
    Vkey,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Outcome {
        match self {
            Self::Verify(verify) => verify.run(app),
            Self::Checkpoint => checkpoint::run(app),
            Self::Prove(prove) => prove.run(app),
            Self::Vkey => vkey::run(app),
        }
    }
}
