//! `countersign catalog lint`

use std::path::PathBuf;

use serde_json::json;

use crate::act::count;
use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Args)]
pub(crate) struct Lint {
    /// The pack's directory
    directory: PathBuf,
}

impl Lint {
    pub(super) fn run(self, app: &App) -> Outcome {
        let pack = super::read(app, &self.directory)?;
        let definitions = &pack.definitions;
        let (tasks, roles, groups) =
            (definitions.tasks.len(), definitions.roles.len(), definitions.role_groups.len());
        let sentence = format!(
            "{} {}: {}, {}, {}; no faults.",
            pack.manifest.name,
            pack.manifest.version,
            count(tasks, "task"),
            count(roles, "role"),
            count(groups, "role group")
        );
        let name = &pack.manifest.name;
        app.ui
            .done(&sentence, &json!({ "name": name, "tasks": tasks, "roles": roles, "role_groups": groups }));
        Ok(())
    }
}
