//! `countersign person show`

use crate::app::App;
use crate::fault::Outcome;
use crate::resolve;

#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// The sign-in name or id
    person: String,
}

impl Show {
    pub(super) fn run(self, app: &App) -> Outcome {
        let client = app.client()?;
        let id = resolve::person(&client, &self.person)?;
        app.ui.object(&client.object("people", &id)?);
        Ok(())
    }
}
