//! `countersign catalog apply`

use std::path::PathBuf;

use countersign_core::task::TaskDefinition;
use countersign_pack::{Brief, Change};

use crate::act::{self, Parameters};
use crate::app::App;
use crate::fault::{Fault, Outcome};
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Apply {
    /// The pack's directory
    directory: PathBuf,
    /// Show new tasks in full, not in a line each
    #[arg(long)]
    full: bool,
    #[command(flatten)]
    raise: RaiseArgs,
}

impl Apply {
    /// One gated act for the tasks that change, or several where they are large; one for each role and role group that
    /// changes, then the removals. What stands already is left alone, so it can be repeated after any of them was refused.
    pub(super) fn run(self, app: &App) -> Outcome {
        let pack = super::read(app, &self.directory)?;
        let diff = pack.diff(&super::current::current(&app.client()?, &pack.manifest.workload)?);
        let shown = if self.full { diff.to_string() } else { Brief(&diff).to_string() };
        app.ui.data_err(shown.as_bytes());
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
        let tasks = |name: &str| {
            diff.changes.iter().any(|change| match change {
                Change::Added { noun, name: known, .. } => is(noun, "task") && known == name,
                Change::Task { name: known, .. } => known == name,
                _ => false,
            })
        };
        let changed_tasks = pack.definitions.tasks.values().filter(|task| tasks(&task.name.to_string()));
        let parts = parts(changed_tasks)?;
        let of = parts.len();
        for (at, part) in parts.into_iter().enumerate() {
            let parameters =
                Parameters::new().with("Workload", pack.manifest.workload.as_str()).with("Definitions", part);
            let done = match of {
                1 => format!("The tasks of {} are imported.", pack.manifest.name),
                _ => format!("Part {} of {of} of the tasks of {} is imported.", at + 1, pack.manifest.name),
            };
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

/// What one import takes: a text of at most 64 KiB, of which a little is left for its marks.
const MOST_BYTES: usize = 60 * 1024;

/// Definitions as JSON lists, each small enough to be imported at once. The same definitions make the same lists.
fn parts<'a>(definitions: impl Iterator<Item = &'a TaskDefinition>) -> Outcome<Vec<String>> {
    let mut parts: Vec<String> = Vec::new();
    for definition in definitions {
        let text = serde_json::to_string(definition).map_err(|error| Fault::failed(format!("{error}.")))?;
        match parts.last_mut() {
            Some(part) if part.len() + text.len() < MOST_BYTES => {
                part.push(',');
                part.push_str(&text);
            }
            _ => parts.push(format!("[{text}")),
        }
    }
    Ok(parts.into_iter().map(|part| part + "]").collect())
}

fn is(of: &impl std::fmt::Display, noun: &str) -> bool {
    of.to_string().replace('_', " ").eq_ignore_ascii_case(noun)
}

#[cfg(test)]
mod tests {
    use countersign_pack::{Pack, Shipped};

    use super::*;

    #[test]
    fn every_shipped_pack_is_imported_in_parts_that_fit() {
        for shipped in Shipped::ALL {
            let files = shipped.files().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
            let pack = Pack::from_files(&files).expect("sound");
            let tasks = &pack.definitions.tasks;
            let parts = parts(tasks.values()).expect("parts");
            assert!(parts.iter().all(|part| part.len() <= 64 * 1024), "{}", shipped.name());
            let read =
                |part: &String| serde_json::from_str::<Vec<TaskDefinition>>(part).expect("definitions");
            let again: Vec<TaskDefinition> = parts.iter().flat_map(read).collect();
            assert!(again.iter().eq(tasks.values()), "{}", shipped.name());
        }
        assert!(parts(std::iter::empty()).expect("none").is_empty());
    }
}
