//! `countersign execution output`

use crate::app::App;
use crate::fault::Outcome;
use crate::follow;

#[derive(Debug, clap::Args)]
pub(crate) struct Output {
    /// The execution's id
    id: String,
}

impl Output {
    pub(super) fn run(self, app: &App) -> Outcome {
        follow::follow(app, &app.client()?, &self.id)
    }
}
