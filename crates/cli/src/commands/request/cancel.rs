//! `countersign request cancel`

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Args)]
pub(crate) struct Cancel {
    /// The request, such as R-1042
    number: String,
}

impl Cancel {
    pub(super) fn run(self, app: &App) -> Outcome {
        let answer = app.client()?.cancel(&self.number)?;
        app.ui.done(&format!("{} is cancelled.", self.number), &answer);
        Ok(())
    }
}
