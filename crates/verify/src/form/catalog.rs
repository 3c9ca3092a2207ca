//! Task definitions and the organization's settings.

use std::collections::{BTreeMap, BTreeSet};

use countersign_ledger::{Digest, hash::sha256_parts, json};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Name, Person, PreviewHow};

/// A task definition: the parts that rules look at, and the digest of what changes execution.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Value")]
pub(crate) struct Definition {
    parts: Parts,
    /// Computed from the definition as it stands in the ledger.
    pub(crate) digest: Digest,
}

#[derive(Debug, Clone, Deserialize)]
struct Parts {
    name: Name,
    execution: Runspace,
    #[serde(default)]
    parameters: Vec<Parameter>,
    #[serde(default)]
    limits: RunLimits,
    #[serde(default)]
    run_to_end: bool,
    #[serde(default)]
    arbitrary_code: bool,
    #[serde(default)]
    read_only: bool,
    #[serde(default)]
    preview: Option<Preview>,
    #[serde(default)]
    take_back: Option<Value>,
}

/// How a task is shown before it happens.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Preview {
    Plan,
    Rollback,
    Definition(Value),
}

#[derive(Debug, Clone, Deserialize)]
struct Runspace {
    runspace: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Parameter {
    name: Name,
    #[serde(default)]
    default: Option<Value>,
    #[serde(default)]
    kind: Kind,
    #[serde(default)]
    binding: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Kind {
    #[serde(default, rename = "type")]
    kind: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct RunLimits {
    #[serde(default)]
    max_run_time: Option<u64>,
}

/// What is taken as one hour where a definition does not say how long a run may take.
const HOUR: u64 = 3_600_000_000;

/// What of a definition and of each of its parameters changes execution. Texts for people do not.
const COVERED: [&str; 7] =
    ["execution", "limits", "run_to_end", "arbitrary_code", "read_only", "preview", "name"];
const COVERED_OF_PARAMETERS: [&str; 8] =
    ["name", "kind", "required", "default", "binding", "may_start_with_dash", "sets", "conditions"];

impl TryFrom<Value> for Definition {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let digest = digest(&value).ok_or("the definition has no digest")?;
        let parts = Parts::deserialize(value).map_err(|error| error.to_string())?;
        Ok(Self { parts, digest })
    }
}

/// SHA-256 of `countersign/task/v1`, a NUL and the canonical JSON of what changes execution; the name in lower case,
/// parameters in order of their names.
fn digest(definition: &Value) -> Option<Digest> {
    let definition = definition.as_object()?;
    let pick = |object: &Map<String, Value>, fields: &[&str]| -> Option<Map<String, Value>> {
        fields.iter().map(|field| Some(((*field).to_owned(), object.get(*field)?.clone()))).collect()
    };
    let mut covered = pick(definition, &COVERED)?;
    let name = covered.get("name")?.as_str()?.to_ascii_lowercase();
    covered.insert("name".to_owned(), name.into());
    if let Some(take_back) = definition.get("take_back").filter(|value| !value.is_null()) {
        covered.insert("take_back".to_owned(), take_back.clone());
    }
    let parameters = definition.get("parameters")?.as_array()?.iter();
    let mut parameters: Vec<(String, Value)> = parameters
        .map(|parameter| {
            let picked = pick(parameter.as_object()?, &COVERED_OF_PARAMETERS)?;
            Some((picked.get("name")?.as_str()?.to_ascii_lowercase(), picked.into()))
        })
        .collect::<Option<_>>()?;
    parameters.sort_by(|(one, _), (other, _)| one.cmp(other));
    covered.insert("parameters".to_owned(), parameters.into_iter().map(|(_, parameter)| parameter).collect());
    let bytes = json::canonical(&covered).ok()?;
    Some(sha256_parts(&[b"countersign/task/v1\0", &bytes]))
}

impl Definition {
    pub(crate) const fn name(&self) -> &Name {
        &self.parts.name
    }

    pub(crate) fn runspace(&self) -> &str {
        &self.parts.execution.runspace
    }

    pub(crate) const fn run_to_end(&self) -> bool {
        self.parts.run_to_end
    }

    pub(crate) const fn arbitrary_code(&self) -> bool {
        self.parts.arbitrary_code
    }

    pub(crate) const fn read_only(&self) -> bool {
        self.parts.read_only
    }

    /// The names of all parameters.
    pub(crate) fn parameters(&self) -> BTreeSet<Name> {
        self.parts.parameters.iter().map(|parameter| parameter.name.clone()).collect()
    }

    /// Whether a request must limit every parameter, given those that its policy binds.
    pub(crate) fn is_bound(&self, by_policy: &BTreeSet<Name>) -> bool {
        let bound = |parameter: &Parameter| {
            parameter.binding.as_deref() == Some("always") || by_policy.contains(&parameter.name)
        };
        self.parts.parameters.iter().all(bound)
    }

    /// Whether what it does ends with its authorization.
    pub(crate) const fn lasting(&self) -> bool {
        self.parts.take_back.is_some()
    }

    /// Whether a preview may be made like this.
    pub(crate) fn previews(&self, how: PreviewHow) -> bool {
        let declared = match (&self.parts.preview, how) {
            (Some(Preview::Definition(definition)), PreviewHow::Declared) => definition.is_object(),
            (Some(Preview::Plan | Preview::Rollback), PreviewHow::Plan)
            | (Some(Preview::Rollback), PreviewHow::Rollback) => true,
            _ => false,
        };
        declared && !self.parts.arbitrary_code
    }

    /// The longest that a run may take, in microseconds.
    pub(crate) fn max_run_time(&self) -> u64 {
        self.parts.limits.max_run_time.unwrap_or(HOUR)
    }

    /// What counts as given when nothing is: the default, or `false` for a switch.
    pub(crate) fn implied(&self) -> BTreeMap<Name, Value> {
        let implied = self.parts.parameters.iter().filter_map(|parameter| {
            let off = (parameter.kind.kind == "switch").then_some(Value::Bool(false));
            Some((parameter.name.clone(), parameter.default.clone().or(off)?))
        });
        implied.collect()
    }
}

/// What an administrator may set. Spans are microseconds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) unprotected: Unprotected,
    pub(crate) second_factor: SecondFactor,
    pub(crate) max_duration: u64,
    pub(crate) pending_for: u64,
    pub(crate) open_requests_each: u32,
    pub(crate) open_requests: u32,
    pub(crate) output_retention: u64,
    pub(crate) standing_access: Option<Person>,
}

/// What holds for tasks that no policy covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Unprotected {
    RoleHoldersRun,
    DefaultApproversDecide,
}

/// Whether approving and the control plane need a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SecondFactor {
    Required,
    NotRequired,
}
