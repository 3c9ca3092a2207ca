//! What applying a pack would change.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use countersign_core::parameter::Size;
use countersign_core::task::TaskDefinition;
use countersign_core::time::Span;
use serde::Serialize;
use serde_json::Value as Json;

use crate::definitions::Definitions;

/// All changes, in order of their names: tasks, roles, role groups. Its text is what approvers of a catalog change
/// read: every changed field, whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// The changes.
    pub changes: Vec<Change>,
}

/// The noun of tasks.
const TASK: &str = "task";

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A new task, role or role group.
    Added {
        /// What it is.
        noun: &'static str,
        /// Its qualified name.
        name: String,
        /// What it is made of.
        fields: Vec<FieldChange>,
    },
    /// A task that differs.
    Task {
        /// Its qualified name.
        name: String,
        /// Whether its execution differs.
        how: TaskChange,
        /// What differs.
        fields: Vec<FieldChange>,
    },
    /// A role or role group with other members.
    Members {
        /// What it is.
        noun: &'static str,
        /// Its qualified name.
        name: String,
        /// What it gains.
        added: Vec<String>,
        /// What it loses.
        removed: Vec<String>,
    },
    /// A task, role or role group that goes.
    Removed {
        /// What it is.
        noun: &'static str,
        /// Its qualified name.
        name: String,
    },
}

/// Whether a task's change matters to what was approved (G7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskChange {
    /// Its digest changes: requests and authorizations of before no longer cover it.
    Execution,
    /// Only what people read, or what is told and kept of a run.
    Text,
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// A JSON pointer with parameters by name, such as `/parameters/Path/kind/max_length`.
    pub place: String,
    /// What it was, if it was there.
    pub before: Option<Json>,
    /// What it will be, if it stays.
    pub after: Option<Json>,
}

impl Diff {
    /// What leads from one to the other.
    #[must_use]
    pub fn between(before: &Definitions, after: &Definitions) -> Self {
        let mut changes = Vec::new();
        for (name, task) in &after.tasks {
            match before.tasks.get(name) {
                None => changes.push(Change::Added {
                    noun: TASK,
                    name: name.to_string(),
                    fields: fields(None, Some(task)),
                }),
                Some(old) if old != task || old.name.to_string() != name.to_string() => {
                    let how =
                        if old.digest() == task.digest() { TaskChange::Text } else { TaskChange::Execution };
                    let fields = fields(Some(old), Some(task));
                    changes.push(Change::Task { name: name.to_string(), how, fields });
                }
                Some(_) => {}
            }
        }
        removed(TASK, before.tasks.keys(), |name| after.tasks.contains_key(name), &mut changes);
        members("role", &before.roles, &after.roles, &mut changes);
        members("role group", &before.role_groups, &after.role_groups, &mut changes);
        Self { changes }
    }

    /// Whether nothing changes.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

fn removed<'a, K: ToString + 'a>(
    noun: &'static str,
    before: impl Iterator<Item = &'a K>,
    stays: impl Fn(&K) -> bool,
    changes: &mut Vec<Change>,
) {
    let gone = before.filter(|name| !stays(name));
    changes.extend(gone.map(|name| Change::Removed { noun, name: name.to_string() }));
}

fn members<K: Ord + ToString, M: Ord + ToString>(
    noun: &'static str,
    before: &BTreeMap<K, BTreeSet<M>>,
    after: &BTreeMap<K, BTreeSet<M>>,
    changes: &mut Vec<Change>,
) {
    for (name, new) in after {
        let none = BTreeSet::new();
        let old = before.get(name).unwrap_or(&none);
        let text = |members: Vec<&M>| members.into_iter().map(ToString::to_string).collect::<Vec<_>>();
        let (added, removed) = (text(new.difference(old).collect()), text(old.difference(new).collect()));
        let name_text = name.to_string();
        if !before.contains_key(name) {
            let member =
                |after: String| FieldChange { place: String::new(), before: None, after: Some(after.into()) };
            let fields = added.into_iter().map(member).collect();
            changes.push(Change::Added { noun, name: name_text, fields });
        } else if !added.is_empty() || !removed.is_empty() {
            changes.push(Change::Members { noun, name: name_text, added, removed });
        }
    }
    removed(noun, before.keys(), |name| after.contains_key(name), changes);
}

fn fields(before: Option<&TaskDefinition>, after: Option<&TaskDefinition>) -> Vec<FieldChange> {
    let json = |task: Option<&TaskDefinition>| task.map(by_name).unwrap_or(Json::Null);
    let mut found = Vec::new();
    walk("", &json(before), &json(after), &mut found);
    found
}

/// The definition with its parameters by name, so that a moved one is not a changed one, and its bounds as people
/// write them.
fn by_name(task: &TaskDefinition) -> Json {
    let mut json = serde_json::to_value(task).unwrap_or_default();
    let limits = &task.limits;
    let span = |span: Option<Span>| span.map(|span| Json::from(span.to_string()));
    let bytes = |bytes: Option<u64>| bytes.map(|bytes| Json::from(Size::Bytes(bytes).to_string()));
    for (place, text) in [
        ("/limits/max_run_time", span(Some(limits.max_run_time))),
        ("/limits/max_cpu_time", span(limits.max_cpu_time)),
        ("/limits/grace", span(limits.grace)),
        ("/limits/max_output", bytes(Some(limits.max_output))),
        ("/limits/max_memory", bytes(limits.max_memory)),
        ("/limits/max_file_size", bytes(limits.max_file_size)),
        ("/output_retention", span(task.output_retention)),
    ] {
        if let (Some(value), Some(text)) = (json.pointer_mut(place), text) {
            *value = text;
        }
    }
    if let Some(parameters) = json.get_mut("parameters") {
        let named = task
            .parameters
            .iter()
            .map(|spec| (spec.name.to_string(), serde_json::to_value(spec).unwrap_or_default()));
        *parameters = Json::Object(named.collect());
    }
    json
}

fn walk(place: &str, before: &Json, after: &Json, found: &mut Vec<FieldChange>) {
    let empty = serde_json::Map::new();
    match (before, after) {
        (before, after) if before == after => {}
        (Json::Object(_), Json::Object(_))
        | (Json::Object(_), Json::Null)
        | (Json::Null, Json::Object(_)) => {
            let (before, after) = (before.as_object().unwrap_or(&empty), after.as_object().unwrap_or(&empty));
            let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            for key in keys {
                let of =
                    |object: &serde_json::Map<String, Json>| object.get(key).cloned().unwrap_or_default();
                walk(&format!("{place}/{key}"), &of(before), &of(after), found);
            }
        }
        // Not written, empty and off are the same to a reader.
        (before, after) if is_nothing(before) && is_nothing(after) => {}
        (before, after) => {
            let value = |json: &Json| (!json.is_null()).then(|| json.clone());
            found.push(FieldChange { place: place.to_owned(), before: value(before), after: value(after) });
        }
    }
}

fn is_nothing(json: &Json) -> bool {
    match json {
        Json::Null | Json::Bool(false) => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(entries) => entries.is_empty(),
        _ => false,
    }
}

/// The same where a wholly new task is one line: its name, its title, and whether it changes anything on the target. What is
/// there already is compared in full all the same.
#[derive(Debug)]
pub struct Brief<'a>(pub &'a Diff);

impl fmt::Display for Brief<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return write!(f, "{}", self.0);
        }
        self.0.changes.iter().try_for_each(|change| match change {
            Change::Added { noun: noun @ TASK, name, fields } => {
                let of = |place: &str| {
                    let field = fields.iter().find(|field| field.place == place);
                    field.and_then(|field| field.after.as_ref())
                };
                let title = of("/title").and_then(Json::as_str).unwrap_or_default();
                let effect = match of("/read_only") {
                    Some(Json::Bool(true)) => "only reads",
                    _ => "changes its target",
                };
                write!(f, "+ {noun} {name} ({effect})")?;
                if !title.is_empty() {
                    write!(f, ": {}", countersign_text::visible(title))?;
                }
                writeln!(f)
            }
            other => write!(f, "{other}"),
        })
    }
}

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return writeln!(f, "Nothing changes.");
        }
        self.changes.iter().try_for_each(|change| write!(f, "{change}"))
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added { noun, name, fields } => {
                writeln!(f, "+ {noun} {name}")?;
                fields.iter().try_for_each(|field| writeln!(f, "    {field}"))
            }
            Self::Task { name, how, fields } => {
                let effect = match how {
                    TaskChange::Execution => {
                        "execution changes: what was approved before no longer covers it"
                    }
                    TaskChange::Text => "texts only: authorizations stay",
                };
                writeln!(f, "~ task {name} ({effect})")?;
                fields.iter().try_for_each(|field| writeln!(f, "    {field}"))
            }
            Self::Members { noun, name, added, removed } => {
                writeln!(f, "~ {noun} {name}")?;
                added.iter().try_for_each(|member| writeln!(f, "    + {member}"))?;
                removed.iter().try_for_each(|member| writeln!(f, "    - {member}"))
            }
            Self::Removed { noun, name } => writeln!(f, "- {noun} {name}"),
        }
    }
}

impl fmt::Display for FieldChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.place.trim_start_matches('/');
        // JSON escapes line breaks; what else hides is made visible.
        let text = |json: &Json| countersign_text::visible(&json.to_string());
        match (&self.before, &self.after) {
            (None, Some(after)) if place.is_empty() => write!(f, "{}", after.as_str().unwrap_or_default()),
            (None, Some(after)) => write!(f, "{place}: {}", text(after)),
            (Some(before), Some(after)) => write!(f, "{place}: {} → {}", text(before), text(after)),
            (Some(before), None) => write!(f, "{place}: {} → (gone)", text(before)),
            (None, None) => write!(f, "{place}"),
        }
    }
}
