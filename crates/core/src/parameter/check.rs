//! The values of a run against the definition.

use std::collections::BTreeMap;

use super::fault::{Fault, FaultCode};
use super::given::Given;
use super::spec::ParameterSpec;
use super::values::Values;
use super::{MAX_TOTAL, sets};

/// Faults that are told at most.
const MAX_FAULTS: usize = 64;

/// Checks the parameters of a run: names, kinds, limits, parameter sets, conditions and what is required. Values come
/// out canonical, with defaults filled in and switches that were not given set to `false`.
///
/// # Errors
/// Everything that is wrong, at most 64 faults, none repeating a value.
pub fn check(specs: &[ParameterSpec], given: impl Into<Given>) -> Result<Values, Vec<Fault>> {
    let given = given.into();
    let (mut read, mut faults) = (Values::default(), Vec::new());
    for (name, json) in given.iter() {
        let Some(spec) = specs.iter().find(|spec| spec.name == *name) else {
            let message = "the task has no such parameter";
            faults.push(Fault::new(FaultCode::Unknown, format!("/{name}"), message));
            continue;
        };
        if spec.kind.is_secret() {
            match spec.read_secret(json) {
                Ok(secret) => _ = read.secrets.insert(spec.name.clone(), secret),
                Err(wrong) => faults.extend(wrong),
            }
        } else {
            match spec.read(json) {
                Ok(value) => _ = read.values.insert(spec.name.clone(), value),
                Err(wrong) => faults.extend(wrong),
            }
        }
    }
    if faults.is_empty() {
        faults = together(specs, &mut read);
    }
    if faults.is_empty() { Ok(read) } else { Err(faults.into_iter().take(MAX_FAULTS).collect()) }
}

/// What only all values together can tell; fills in the defaults.
fn together(specs: &[ParameterSpec], read: &mut Values) -> Vec<Fault> {
    let has = |name: &_| read.values.contains_key(name) || read.secrets.contains_key(name);
    let possible = match sets::possible(specs, has) {
        Ok(possible) => possible,
        Err(fault) => return vec![fault],
    };
    let missing = |set: Option<&str>| -> Vec<Fault> {
        let mut values = read.values.clone();
        sets::fill(specs, &[set], &mut values);
        let given =
            |spec: &ParameterSpec| values.contains_key(&spec.name) || read.secrets.contains_key(&spec.name);
        specs
            .iter()
            .filter(|spec| spec.in_sets_of(set) && !given(spec) && sets::is_required(spec, specs, &values))
            .map(|spec| {
                Fault::new(FaultCode::Missing, format!("/{}", spec.name), "this parameter is required")
            })
            .collect()
    };
    let by_set: Vec<_> = possible.into_iter().map(|set| (set, missing(set))).collect();
    let complete: Vec<_> =
        by_set.iter().filter(|(_, missing)| missing.is_empty()).map(|(set, _)| *set).collect();
    if complete.is_empty() {
        // The set that lacks least is most likely the one that was meant.
        return by_set.into_iter().map(|(_, missing)| missing).min_by_key(Vec::len).unwrap_or_default();
    }
    sets::fill(specs, &complete, &mut read.values);
    let mut faults: Vec<Fault> = specs
        .iter()
        .filter(|spec| read.values.contains_key(&spec.name) || read.secrets.contains_key(&spec.name))
        .filter(|spec| !sets::is_allowed(spec, specs, &read.values))
        .map(|spec| {
            let others: Vec<&str> = spec.conditions.iter().map(|condition| condition.when.as_str()).collect();
            let message = format!("not allowed with this value of {}", others.join(", "));
            Fault::new(FaultCode::NotAllowed, format!("/{}", spec.name), message)
        })
        .collect();
    if size(read) > MAX_TOTAL {
        faults.push(Fault::new(
            FaultCode::TooLarge,
            "",
            format!("all values together: at most {MAX_TOTAL} bytes"),
        ));
    }
    faults
}

fn size(values: &Values) -> usize {
    let plain: BTreeMap<_, _> =
        values.values.iter().map(|(name, value)| (name.as_str(), value.to_json())).collect();
    let secrets: usize = values.secrets.values().map(|secret| secret.reveal().len()).sum();
    countersign_ledger::json::canonical(&plain)
        .map_or(usize::MAX, |bytes| bytes.len().saturating_add(secrets))
}

#[cfg(test)]
mod tests;
