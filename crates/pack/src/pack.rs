//! A pack: reading it from a directory or from texts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use countersign_core::name::TaskName;

use crate::definitions::Definitions;
use crate::diff::Diff;
use crate::examples::{self, Example};
use crate::fault::{Fault, FaultCode};
use crate::file;
use crate::manifest::{self, Manifest};
use crate::roles;
use crate::task::{self, Read};

/// The largest file, in bytes.
const MAX_FILE: u64 = 256 * 1024;
/// The most tasks.
const MAX_TASKS: usize = 2_000;

/// A pack that was read without fault.
#[derive(Debug, Clone)]
pub struct Pack {
    /// What it says of itself.
    pub manifest: Manifest,
    /// What it defines.
    pub definitions: Definitions,
    /// Where each task stands, for faults found later.
    pub(crate) sources: BTreeMap<TaskName, (String, Read)>,
    /// What its author says would be sent.
    pub(crate) examples: Vec<Example>,
}

impl Pack {
    /// Reads the directory: `pack.toml`, `tasks/*.toml`, `roles.toml`, `examples/*.toml`. Other names are faults, but for `README.md` and
    /// names that begin with a dot.
    ///
    /// # Errors
    /// Everything that is wrong, file by file.
    pub fn read(directory: &Path) -> Result<Self, Vec<Fault>> {
        let (mut files, mut faults) = (BTreeMap::new(), Vec::new());
        load(directory, "", &mut files, &mut faults);
        if faults.is_empty() { Self::from_files(&files) } else { Err(faults) }
    }

    /// Reads texts by their paths in the pack, such as `tasks/Get-DiskUsage.toml`.
    ///
    /// # Errors
    /// Everything that is wrong, file by file.
    pub fn from_files(files: &BTreeMap<String, String>) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let Some(text) = files.get("pack.toml") else {
            return Err(vec![whole("pack.toml", FaultCode::Unreadable, "a pack needs this file")]);
        };
        let Some(manifest) = file::read("pack.toml", text, &mut faults, manifest::read) else {
            return Err(faults);
        };
        let mut sources: BTreeMap<TaskName, (String, Read)> = BTreeMap::new();
        for (path, text) in files.iter().filter(|(path, _)| is_task(path)) {
            let Some(read) = file::read(path, text, &mut faults, |table| task::read(table, &manifest)) else {
                continue;
            };
            let name = read.definition.name.clone();
            if let Some((other, _)) = sources.get(&name) {
                let message = format!("{name} is defined in {other} as well");
                faults.push(located(path, &read, "/name", FaultCode::Duplicate, message));
                continue;
            }
            sources.insert(name, (path.clone(), read));
        }
        if sources.len() > MAX_TASKS {
            let message = format!("at most {MAX_TASKS} tasks");
            faults.push(whole("tasks", FaultCode::Unreadable, &message));
        }
        for path in files.keys().filter(|path| !is_known(path)) {
            let message = "a pack has pack.toml, roles.toml, README.md, tasks/*.toml and examples/*.toml";
            faults.push(whole(path, FaultCode::UnknownField, message));
        }
        let mut read = roles::Roles::default();
        // A task that could not be read would make every role that names it a fault as well.
        let tasks: BTreeSet<TaskName> = sources.keys().cloned().collect();
        if let Some(text) = files.get("roles.toml").filter(|_| faults.is_empty()) {
            let roles = |table: &crate::table::Table<'_, '_>| roles::read(table, &manifest.workload, &tasks);
            read = file::read("roles.toml", text, &mut faults, roles).unwrap_or_default();
        }
        let mut examples = Vec::new();
        if faults.is_empty() {
            for (path, text) in files.iter().filter(|(path, _)| is_in("examples/", path)) {
                let read = |table: &crate::table::Table<'_, '_>| {
                    examples::read(path, table, &manifest.workload, &tasks)
                };
                examples.extend(file::read(path, text, &mut faults, read).unwrap_or_default());
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let tasks = sources.iter().map(|(name, (_, read))| (name.clone(), read.definition.clone())).collect();
        let definitions = Definitions { tasks, roles: read.roles, role_groups: read.role_groups };
        Ok(Self { manifest, definitions, sources, examples })
    }

    /// What applying the pack would change in a catalog that holds `current` of its workload.
    #[must_use]
    pub fn diff(&self, current: &Definitions) -> Diff {
        Diff::between(current, &self.definitions)
    }
}

fn is_task(path: &str) -> bool {
    is_in("tasks/", path)
}

fn is_in(directory: &str, path: &str) -> bool {
    path.strip_prefix(directory).is_some_and(|name| name.ends_with(".toml") && !name.contains('/'))
}

fn is_known(path: &str) -> bool {
    is_task(path) || is_in("examples/", path) || ["pack.toml", "roles.toml", "README.md"].contains(&path)
}

fn whole(file: &str, code: FaultCode, message: &str) -> Fault {
    let file = countersign_text::visible(file);
    Fault { file, line: 0, column: 0, code, message: countersign_text::visible(message), hint: None }
}

/// A fault at the nearest place above a JSON pointer that the file has.
pub(crate) fn located(file: &str, read: &Read, pointer: &str, code: FaultCode, message: String) -> Fault {
    let mut at = pointer;
    let (line, column) = loop {
        match (read.places.get(at), at.rsplit_once('/')) {
            (Some(place), _) => break *place,
            (None, Some((above, _))) => at = above,
            (None, None) => break (0, 0),
        }
    };
    Fault { line, column, message: countersign_text::visible(&message), ..whole(file, code, "") }
}

/// Reads the files of a directory and of its `tasks` and `examples`. Links are followed, as an administrator would expect.
fn load(directory: &Path, below: &str, files: &mut BTreeMap<String, String>, faults: &mut Vec<Fault>) {
    let unreadable = |path: &str, error: &dyn std::fmt::Display| {
        whole(path, FaultCode::Unreadable, &format!("can't be read: {error}"))
    };
    let entries = match std::fs::read_dir(directory).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
        Ok(entries) => entries,
        Err(error) => return faults.push(unreadable(if below.is_empty() { "." } else { below }, &error)),
    };
    for entry in entries {
        let Ok(name) = entry.file_name().into_string() else {
            faults.push(whole(below, FaultCode::Unreadable, "a file's name is not UTF-8"));
            continue;
        };
        let path = format!("{below}{name}");
        if name.starts_with('.') || files.len() > MAX_TASKS {
            continue;
        }
        let about = match std::fs::metadata(entry.path()) {
            Ok(about) => about,
            Err(error) => {
                faults.push(unreadable(&path, &error));
                continue;
            }
        };
        if about.is_dir() && ["tasks", "examples"].contains(&path.as_str()) {
            load(&entry.path(), &format!("{path}/"), files, faults);
        } else if !about.is_file() {
            faults.push(whole(&path, FaultCode::Unreadable, "not a file"));
        } else if about.len() > MAX_FILE {
            faults.push(whole(&path, FaultCode::Unreadable, "larger than 256 KiB"));
        } else {
            match std::fs::read_to_string(entry.path()) {
                Ok(text) => _ = files.insert(path, text),
                Err(error) => faults.push(unreadable(&path, &error)),
            }
        }
    }
}
