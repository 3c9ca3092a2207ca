//! `countersign execution show`

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// The execution's id
    id: String,
}

impl Show {
    pub(super) fn run(self, app: &App) -> Outcome {
        app.ui.object(&app.client()?.execution(&self.id)?);
        Ok(())
    }
}
