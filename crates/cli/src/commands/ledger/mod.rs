//! The ledger and its proofs.

mod checkpoint;
mod copy;
mod prove;
mod verify;
mod vkey;

use crate::app::App;
use crate::fault::Outcome;
use crate::host::restore;

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
    /// Go on with a restored copy in a new epoch, with the server stopped; ends everything live and pending
    AcceptRestore(restore::AcceptRestore),
    /// Say as a default approver, signed in, that a restored copy is to be gone on with; the second one's word accepts it
    VouchRestore,
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Outcome {
        match self {
            Self::Verify(verify) => verify.run(app),
            Self::Checkpoint => checkpoint::run(app),
            Self::Prove(prove) => prove.run(app),
            Self::Vkey => vkey::run(app),
            Self::AcceptRestore(accept) => accept.run(app),
            Self::VouchRestore => restore::vouch(app),
        }
    }
}
