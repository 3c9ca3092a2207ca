//! `countersign request answer`

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Args)]
pub(crate) struct Answer {
    /// The request, such as R-1042
    number: String,
    /// The answer
    text: String,
}

impl Answer {
    pub(super) fn run(self, app: &App) -> Outcome {
        let answer = app.client()?.answer(&self.number, &self.text)?;
        app.ui.done(&format!("The approvers of {} have your answer.", self.number), &answer);
        Ok(())
    }
}
