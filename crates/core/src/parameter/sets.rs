//! Parameter sets, defaults and conditions: which parameters go together.

use std::collections::{BTreeMap, BTreeSet};

use super::fault::{Fault, FaultCode};
use super::spec::{Effect, ParameterSpec};
use super::value::Value;
use crate::name::ParameterName;

/// The sets that all of the named parameters belong to; `None` stands for tasks without sets.
///
/// # Errors
/// The parameters that stand in the way, if no set holds all of them.
pub(super) fn possible(
    specs: &[ParameterSpec],
    named: impl Fn(&ParameterName) -> bool,
) -> Result<Vec<Option<&str>>, Fault> {
    let sets: BTreeSet<&str> = specs.iter().flat_map(|spec| &spec.sets).map(String::as_str).collect();
    if sets.is_empty() {
        return Ok(vec![None]);
    }
    let named: Vec<&ParameterSpec> = specs.iter().filter(|spec| named(&spec.name)).collect();
    let fits = |set: &&str| named.iter().all(|spec| spec.in_sets_of(Some(set)));
    let possible: Vec<Option<&str>> = sets.into_iter().filter(fits).map(Some).collect();
    if possible.is_empty() {
        let names: Vec<&str> =
            named.iter().filter(|spec| !spec.sets.is_empty()).map(|spec| spec.name.as_str()).collect();
        let place = named.iter().find(|spec| !spec.sets.is_empty()).map(|spec| format!("/{}", spec.name));
        let message = format!("these can't be given together: {}", names.join(", "));
        return Err(Fault::new(FaultCode::Sets, place.unwrap_or_default(), message));
    }
    Ok(possible)
}

/// Fills in what counts as given: defaults of the parameters that belong to every one of `sets`. Those with
/// conditions come second, and only where they are allowed.
pub(super) fn fill(
    specs: &[ParameterSpec],
    sets: &[Option<&str>],
    values: &mut BTreeMap<ParameterName, Value>,
) {
    let (plain, conditional): (Vec<_>, Vec<_>) = specs.iter().partition(|spec| spec.conditions.is_empty());
    for spec in plain.into_iter().chain(conditional) {
        let belongs = sets.iter().all(|set| spec.in_sets_of(*set));
        if !belongs || values.contains_key(&spec.name) || !is_allowed(spec, specs, values) {
            continue;
        }
        if let Some(value) = spec.implied() {
            values.insert(spec.name.clone(), value);
        }
    }
}

/// Whether the conditions let a parameter be given.
pub(super) fn is_allowed(
    spec: &ParameterSpec,
    specs: &[ParameterSpec],
    values: &BTreeMap<ParameterName, Value>,
) -> bool {
    let mut allowing =
        spec.conditions.iter().filter(|condition| condition.effect == Effect::Allowed).peekable();
    allowing.peek().is_none() || allowing.any(|condition| holds(condition, specs, values))
}

/// Whether a parameter must be given, given the others.
pub(super) fn is_required(
    spec: &ParameterSpec,
    specs: &[ParameterSpec],
    values: &BTreeMap<ParameterName, Value>,
) -> bool {
    let mut requiring = spec.conditions.iter().filter(|condition| condition.effect == Effect::Required);
    (spec.required && is_allowed(spec, specs, values))
        || requiring.any(|condition| holds(condition, specs, values))
}

fn holds(
    condition: &super::Condition,
    specs: &[ParameterSpec],
    values: &BTreeMap<ParameterName, Value>,
) -> bool {
    let Some(other) = specs.iter().find(|spec| spec.name == condition.when) else { return false };
    let Ok(expected) = other.read(&condition.equals) else { return false };
    values.get(&condition.when).cloned().or_else(|| other.implied()) == Some(expected)
}
