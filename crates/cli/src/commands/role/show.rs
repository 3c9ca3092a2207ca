//! `countersign role show`

use crate::app::App;
use crate::fault::Outcome;
use crate::list;

#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// The role: `Workload\Role`
    role: String,
}

impl Show {
    pub(super) fn run(self, app: &App) -> Outcome {
        let row = list::named(&app.client()?, "roles", &self.role)?;
        app.ui.object(&row);
        Ok(())
    }
}
