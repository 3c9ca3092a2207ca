//! `countersign ledger prove`

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Args)]
pub(crate) struct Prove {
    /// The entry's number
    seq: u64,
}

impl Prove {
    pub(super) fn run(self, app: &App) -> Outcome {
        app.ui.data(app.client()?.proof(self.seq)?.as_bytes());
        Ok(())
    }
}
