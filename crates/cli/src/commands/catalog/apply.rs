//! `countersign catalog apply`

use std::path::PathBuf;

use countersign_pack::Change;
use serde_json::json;

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::{Fault, Outcome};
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Apply {
    /// The pack's directory
    directory: PathBuf,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl Apply {
    /// One gated act for the tasks, one for each role and role group that changes, then the removals. What stands
    /// already is left alone, so it can be repeated after any of them was refused.
    pub(super) fn run(self, app: &App) -> Outcome {
        let pack = super::read(app, &self.directory)?;
        let diff = pack.diff(&super::current::current(&app.client()?, &pack.manifest.workload)?);
        app.ui.data_err(diff.to_string().as_bytes());
        if diff.is_empty() {
            return Ok(());
        }
        let changed = |noun: &str, name: &str| {
            diff.changes.iter().any(|change| match change {
                Change::Added { noun: of, name: known, .. }
                | Change::Members { noun: of, name: known, .. } => is(of, noun) && known == name,
                _ => false,
            })
        };
        let tasks = diff.changes.iter().any(|change| match change {
            Change::Added { noun, .. } => is(noun, "task"),
            Change::Task { .. } => true,
            _ => false,
        });
        if tasks {
            let definitions: Vec<_> = pack.definitions.tasks.values().collect();
            let definitions = serde_json::to_string(&json!(definitions))
                .map_err(|error| Fault::failed(format!("{error}.")))?;
            let parameters = Parameters::new()
                .with("Workload", pack.manifest.workload.as_str())
                .with("Definitions", definitions);
            let done = format!("The tasks of {} are imported.", pack.manifest.name);
            act::own(app, "Import-TaskPack", &parameters, &self.raise, &done)?;
        }
        for (name, tasks) in &pack.definitions.roles {
            let name = name.to_string();
            if changed("role", &name) {
                let tasks: Vec<String> = tasks.iter().map(ToString::to_string).collect();
                let parameters = Parameters::new().with("Name", name.as_str()).with_list("Task", &tasks);
                act::own(
                    app,
                    "New-ManagementRole",
                    &parameters,
                    &self.raise,
                    &format!("`{name}` is defined."),
                )?;
            }
        }
        for (name, roles) in &pack.definitions.role_groups {
            let name = name.to_string();
            if changed("role group", &name) {
                let roles: Vec<String> = roles.iter().map(ToString::to_string).collect();
                let parameters = Parameters::new().with("Name", name.as_str()).with_list("Role", &roles);
                act::own(app, "New-RoleGroup", &parameters, &self.raise, &format!("`{name}` is defined."))?;
            }
        }
        // Role groups before the roles they hold, those before their tasks.
        for (noun, task) in
            [("role group", "Remove-RoleGroup"), ("role", "Remove-ManagementRole"), ("task", "Remove-Task")]
        {
            for change in &diff.changes {
                if let Change::Removed { noun: of, name } = change
                    && is(of, noun)
                {
                    let parameters = Parameters::new().with("Identity", name.to_string());
                    act::own(app, task, &parameters, &self.raise, &format!("`{name}` is removed."))?;
                }
            }
        }
        Ok(())
    }
}

fn is(of: &impl std::fmt::Display, noun: &str) -> bool {
    of.to_string().replace('_', " ").eq_ignore_ascii_case(noun)
}
