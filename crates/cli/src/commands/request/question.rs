//! `countersign request question`

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Args)]
pub(crate) struct Question {
    /// The request, such as R-1042
    number: String,
    /// The question
    text: String,
}

impl Question {
    pub(super) fn run(self, app: &App) -> Outcome {
        let answer = app.client()?.question(&self.number, &self.text)?;
        app.ui.done(&format!("The requester of {} is asked.", self.number), &answer);
        Ok(())
    }
}
