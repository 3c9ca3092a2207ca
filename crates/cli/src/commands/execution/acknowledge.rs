//! `countersign execution acknowledge`

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Args)]
pub(crate) struct Acknowledge {
    /// The execution's id
    id: String,
}

impl Acknowledge {
    pub(super) fn run(self, app: &App) -> Outcome {
        let answer = app.client()?.acknowledge(&self.id)?;
        app.ui.done(&format!("{}: its outcome stays unknown, and is accepted so.", self.id), &answer);
        Ok(())
    }
}
