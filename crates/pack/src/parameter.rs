//! One `[[parameters]]` table.

use countersign_core::name::WorkloadName;
use countersign_core::parameter::{Binding, Condition, Effect, ParameterSpec};

use crate::fault::FaultCode;
use crate::kind;
use crate::table::Table;

pub(crate) fn read(table: &Table<'_, '_>, workload: &WorkloadName) -> Option<ParameterSpec> {
    let name = table.required("name");
    let kind = kind::read(table);
    let title = table.string("title").unwrap_or_default();
    let help = table.string("help").unwrap_or_default();
    let required = table.boolean("required").unwrap_or(false);
    let may_start_with_dash = table.boolean("may_start_with_dash").unwrap_or(false);
    let binding = match table.word("binding", &["always", "policy", "free"]) {
        Some("always") => Some(Binding::Always),
        Some("policy") => Some(Binding::Policy),
        Some(_) => Some(Binding::Free),
        None => None,
    };
    let sets = table.strings("sets").unwrap_or_default().into_iter().map(|(set, _)| set).collect();
    let picker = table.string("picker").and_then(|picker| {
        let read = crate::roles::task_name(&picker, workload);
        read.map_err(|error| table.value_fault("picker", error.to_string())).ok()
    });
    let mut conditions = when(table, "required_when", Effect::Required);
    conditions.extend(when(table, "allowed_when", Effect::Allowed));
    let default = table.json("default");
    let (name, kind) = (name?, kind?);
    let mut spec = ParameterSpec::new(name, kind);
    spec.binding = binding.unwrap_or(spec.binding);
    let mut spec =
        ParameterSpec { title, help, required, may_start_with_dash, sets, picker, conditions, ..spec };
    if let Some(default) = default {
        match spec.read(&default) {
            Ok(value) => spec.default = Some(value),
            Err(faults) => {
                for fault in faults {
                    table.file.fault(&table.span_of("default"), FaultCode::Definition, fault.message);
                }
            }
        }
    }
    Some(spec)
}

/// `required_when = [{ parameter = "Type", equals = "Role" }]`
fn when(table: &Table<'_, '_>, key: &'static str, effect: Effect) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for condition in table.tables(key) {
        let when = condition.required("parameter");
        if condition.get("equals").is_none() {
            condition.missing("equals");
        }
        let equals = condition.json("equals");
        condition.finish();
        if let (Some(when), Some(equals)) = (when, equals) {
            conditions.push(Condition { effect, when, equals });
        }
    }
    conditions
}
