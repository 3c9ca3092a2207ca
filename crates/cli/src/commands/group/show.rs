//! `countersign group show`

use countersign_client::Query;
use serde_json::Value as Json;

use crate::app::App;
use crate::fault::{Fault, Outcome};

#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// The group's name or id
    group: String,
}

impl Show {
    pub(super) fn run(self, app: &App) -> Outcome {
        let client = app.client()?;
        let (rows, _) = client.list("groups", &Query::all(), 10_000)?;
        let text =
            |row: &Json, name: &str| row.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        let found = rows
            .iter()
            .find(|row| text(row, "id") == self.group || text(row, "name").eq_ignore_ascii_case(&self.group));
        let id = found.map(|row| text(row, "id")).ok_or_else(|| {
            Fault::failed(format!("There is no group `{}`, or you may not know of it.", self.group))
                .hint("countersign group list")
        })?;
        app.ui.object(&client.object("groups", &id)?);
        Ok(())
    }
}
