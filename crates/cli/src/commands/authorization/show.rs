//! `countersign authorization show`

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// The authorization, such as R-1042
    number: String,
}

impl Show {
    pub(super) fn run(self, app: &App) -> Outcome {
        show(app, &self.number)
    }
}

pub(crate) fn show(app: &App, number: &str) -> Outcome {
    app.ui.object(&app.client()?.object("authorizations", number)?);
    Ok(())
}
