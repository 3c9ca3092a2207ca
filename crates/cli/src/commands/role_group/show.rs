//! `countersign role-group show`

use crate::app::App;
use crate::fault::Outcome;
use crate::list;

#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// The role group: `Workload\Role group`
    role_group: String,
}

impl Show {
    pub(super) fn run(self, app: &App) -> Outcome {
        let row = list::named(&app.client()?, "role-groups", &self.role_group)?;
        app.ui.object(&row);
        Ok(())
    }
}
