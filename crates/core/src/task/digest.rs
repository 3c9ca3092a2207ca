//! What an approval is bound to (G7).

use countersign_ledger::hash::{Digest, sha256_parts};
use serde::Serialize;
use serde_json::Value as Json;

use super::{Definition, Execution, Limits, Preview, TaskDefinition};
use crate::parameter::{Binding, Condition, ParameterKind, ParameterSpec};

/// Keeps these digests apart from all others.
const DOMAIN: &[u8] = b"countersign/task/v1\0";

/// Everything that changes execution, and nothing else. What is new in [`TaskDefinition`] must be put here or on the
/// test's list of what stays outside.
#[derive(Serialize)]
struct Covered<'a> {
    name: String,
    execution: &'a Execution,
    parameters: Vec<CoveredParameter<'a>>,
    limits: &'a Limits,
    run_to_end: bool,
    arbitrary_code: bool,
    read_only: bool,
    preview: Option<&'a Preview>,
    #[serde(skip_serializing_if = "Option::is_none")]
    take_back: Option<&'a Definition>,
}

#[derive(Serialize)]
struct CoveredParameter<'a> {
    name: &'a str,
    kind: &'a ParameterKind,
    required: bool,
    default: Option<Json>,
    binding: Binding,
    may_start_with_dash: bool,
    sets: &'a std::collections::BTreeSet<String>,
    conditions: &'a [Condition],
}

impl TaskDefinition {
    /// SHA-256 of `countersign/task/v1`, a NUL and the canonical JSON (RFC 8785) of what changes execution. Parameters
    /// are taken in order of their names: their order in the definition is for people.
    #[must_use]
    pub fn digest(&self) -> Digest {
        // Taken apart whole, so that a new field does not compile until its place is decided.
        let Self {
            name,
            title: _,
            description: _,
            risk: _,
            execution,
            parameters,
            limits,
            run_to_end,
            arbitrary_code,
            read_only,
            confidential: _,
            preview,
            take_back,
            output_retention: _,
        } = self;
        let mut sorted: Vec<&ParameterSpec> = parameters.iter().collect();
        sorted.sort_by(|one, other| one.name.cmp(&other.name));
        let covered = Covered {
            name: name.to_string().to_ascii_lowercase(),
            execution,
            parameters: sorted.into_iter().map(parameter).collect(),
            limits,
            run_to_end: *run_to_end,
            arbitrary_code: *arbitrary_code,
            read_only: *read_only,
            preview: preview.as_ref(),
            take_back: take_back.as_ref(),
        };
        let bytes = countersign_ledger::json::canonical(&covered);
        // Only an invalid definition has no canonical form (an integer past 2^53); it still has a digest of its own.
        let bytes = bytes.or_else(|_| serde_json::to_vec(&covered)).unwrap_or_default();
        sha256_parts(&[DOMAIN, &bytes])
    }
}

fn parameter(spec: &ParameterSpec) -> CoveredParameter<'_> {
    let ParameterSpec {
        name,
        title: _,
        help: _,
        kind,
        required,
        default,
        binding,
        may_start_with_dash,
        sets,
        picker: _,
        conditions,
    } = spec;
    CoveredParameter {
        name: name.as_str(),
        kind,
        required: *required,
        default: default.as_ref().map(crate::parameter::Value::to_json),
        binding: *binding,
        may_start_with_dash: *may_start_with_dash,
        sets,
        conditions,
    }
}

impl Definition {
    /// SHA-256 of the canonical bytes, for evidence that names the definition alone.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let bytes = countersign_ledger::json::canonical(self.as_object()).unwrap_or_default();
        sha256_parts(&[b"countersign/definition/v1\0", &bytes])
    }
}

#[cfg(test)]
mod tests;
