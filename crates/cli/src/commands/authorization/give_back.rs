//! `countersign authorization give-back`

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Args)]
pub(crate) struct GiveBack {
    /// The authorization, such as R-1042
    number: String,
}

impl GiveBack {
    pub(super) fn run(self, app: &App) -> Outcome {
        let answer = app.client()?.give_back(&self.number)?;
        app.ui.done(&format!("{} is given back.", self.number), &answer);
        Ok(())
    }
}
