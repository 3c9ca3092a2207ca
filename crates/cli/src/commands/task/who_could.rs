//! `countersign task who-could`

use crate::app::App;
use crate::fault::Outcome;
use crate::values::split;

#[derive(Debug, clap::Args)]
pub(crate) struct WhoCould {
    /// The task: `Workload\Task`
    task: String,
}

impl WhoCould {
    pub(super) fn run(self, app: &App) -> Outcome {
        let (workload, name) = split(&self.task)?;
        app.ui.object(&app.client()?.who_could(workload, name)?);
        Ok(())
    }
}
