//! `countersign token revoke`

use serde_json::json;

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Args)]
pub(crate) struct Revoke {
    /// The token's id
    id: String,
}

impl Revoke {
    pub(super) fn run(self, app: &App) -> Outcome {
        app.client()?.revoke_token(&self.id)?;
        app.ui.done(&format!("{} is revoked.", self.id), &json!({ "id": self.id }));
        Ok(())
    }
}
