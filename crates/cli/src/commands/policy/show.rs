//! `countersign policy show`

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// The policy's id
    id: String,
}

impl Show {
    pub(super) fn run(self, app: &App) -> Outcome {
        show(app, &self.id)
    }
}

pub(crate) fn show(app: &App, id: &str) -> Outcome {
    app.ui.object(&app.client()?.object("policies", id)?);
    Ok(())
}
