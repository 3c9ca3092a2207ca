//! The definition's shape.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value as Json};

use super::limits::Limits;
use super::{MAX_DEFINITION, MAX_RUN_TIME};
use crate::name::{ParameterName, TaskName};
use crate::parameter::ParameterSpec;
use crate::time::Span;

/// A task. [`TaskDefinition::digest`] covers what changes execution; `title`, `description`, `risk` and the texts of
/// the parameters are shown to people, `confidential` and `output_retention` concern what is told and kept of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskDefinition {
    /// `Workload\Name`.
    pub name: TaskName,
    /// A short label; empty means the name.
    #[serde(default)]
    pub title: String,
    /// What it does.
    #[serde(default)]
    pub description: String,
    /// What can go wrong, for approvers.
    #[serde(default)]
    pub risk: String,
    /// How it is executed.
    pub execution: Execution,
    /// What it takes.
    #[serde(default)]
    pub parameters: Vec<ParameterSpec>,
    /// Bounds of one run.
    #[serde(default)]
    pub limits: Limits,
    /// On expiry, lost quorum or a tightened policy a run goes on to its end (G15).
    #[serde(default)]
    pub run_to_end: bool,
    /// It executes what its parameters say, so that nothing but approval limits it.
    #[serde(default)]
    pub arbitrary_code: bool,
    /// It changes nothing on the target.
    #[serde(default)]
    pub read_only: bool,
    /// Mails carry only the number (G19).
    #[serde(default)]
    pub confidential: bool,
    /// How its effect can be shown beforehand.
    #[serde(default)]
    pub preview: Option<Preview>,
    /// What takes back what the task does. Such a task runs under an authorization only, and its effect ends with it.
    #[serde(default)]
    pub take_back: Option<Definition>,
    /// How long output is kept; `None` means as long as the organization says.
    #[serde(default)]
    pub output_retention: Option<Span>,
}

/// Who executes a task, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Execution {
    /// The runspace's id, such as `process`.
    pub runspace: String,
    /// What the runspace needs to know; its own form.
    pub definition: Definition,
}

/// A runspace's own definition: an object that has a canonical form (no floating-point numbers, integers within
/// ±(2^53 − 1)) of at most 48 KiB. Core knows nothing else of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Definition(Map<String, Json>);

/// A definition that can't be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DefinitionError {
    /// It has no canonical form.
    #[error("the execution definition has no canonical form: {0}")]
    NotCanonical(#[from] countersign_ledger::json::JsonError),
    /// It is too large.
    #[error("the execution definition is larger than {MAX_DEFINITION} bytes")]
    TooLarge,
}

/// How the effect of a task can be shown before it happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preview {
    /// The plan, without running it.
    Plan,
    /// Run and roll back: not read-only, so it needs a live authorization.
    Rollback,
    /// Another, read-only definition for the same runspace and parameters.
    Definition(Definition),
}

impl Definition {
    /// Takes an object over.
    ///
    /// # Errors
    /// [`DefinitionError`] if it has no canonical form or is too large.
    pub fn new(object: Map<String, Json>) -> Result<Self, DefinitionError> {
        if countersign_ledger::json::canonical(&object)?.len() > MAX_DEFINITION {
            return Err(DefinitionError::TooLarge);
        }
        Ok(Self(object))
    }

    /// The object.
    #[must_use]
    pub const fn as_object(&self) -> &Map<String, Json> {
        &self.0
    }
}

fn mentions(json: &Json, name: &str) -> bool {
    match json {
        Json::String(text) => text.contains(name),
        Json::Array(items) => items.iter().any(|item| mentions(item, name)),
        Json::Object(entries) => {
            entries.iter().any(|(key, value)| key.contains(name) || mentions(value, name))
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}

impl<'de> Deserialize<'de> for Definition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Map::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl TaskDefinition {
    /// A task that takes nothing and runs for at most an hour.
    #[must_use]
    pub fn new(name: TaskName, runspace: impl Into<String>, definition: Definition) -> Self {
        Self {
            name,
            title: String::new(),
            description: String::new(),
            risk: String::new(),
            execution: Execution { runspace: runspace.into(), definition },
            parameters: Vec::new(),
            limits: Limits::default(),
            run_to_end: false,
            arbitrary_code: false,
            read_only: false,
            confidential: false,
            preview: None,
            take_back: None,
            output_retention: None,
        }
    }

    /// The label for people.
    #[must_use]
    pub fn label(&self) -> &str {
        if self.title.is_empty() { self.name.local().as_str() } else { &self.title }
    }

    /// A parameter by its name, without regard to case.
    #[must_use]
    pub fn parameter(&self, name: &ParameterName) -> Option<&ParameterSpec> {
        self.parameters.iter().find(|spec| spec.name == *name)
    }

    /// The longest that a run may take.
    #[must_use]
    pub fn max_run_time(&self) -> Span {
        self.limits.max_run_time.min(MAX_RUN_TIME)
    }

    /// What a preview executes, and whether a parameter has a part in it: its name stands in some text of it. Runspaces know
    /// parameters by their names alone, so what names none uses none.
    #[must_use]
    pub fn preview_uses(&self, name: &ParameterName) -> bool {
        let definition = match &self.preview {
            Some(Preview::Definition(other)) => other,
            Some(Preview::Plan | Preview::Rollback) | None => &self.execution.definition,
        };
        definition.as_object().values().any(|json| mentions(json, name.as_str()))
    }

    /// Whether the texts for people differ: such a change leaves authorizations alive but is shown again.
    #[must_use]
    pub fn differs_in_text(&self, other: &Self) -> bool {
        self != other && self.digest() == other.digest()
    }
}
