//! `countersign catalog diff`

use std::path::PathBuf;

use serde_json::json;

use crate::app::App;
use crate::fault::Outcome;
use crate::ui::Format;

#[derive(Debug, clap::Args)]
pub(crate) struct Diff {
    /// The pack's directory
    directory: PathBuf,
}

impl Diff {
    pub(super) fn run(self, app: &App) -> Outcome {
        let pack = super::read(app, &self.directory)?;
        let diff = pack.diff(&super::current::current(&app.client()?, &pack.manifest.workload)?);
        match app.ui.format {
            Format::Json => app.ui.json(&json!(diff)),
            Format::Table => app.ui.data(diff.to_string().as_bytes()),
        }
        Ok(())
    }
}
