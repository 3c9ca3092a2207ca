//! What core writes by itself and the description only mirrors: every form of it.

use countersign_core::builtin;
use countersign_core::parameter::{ConstraintForms, ParameterSpec};
use countersign_core::policy::PolicyTerms;
use countersign_core::task::TaskDefinition;
use serde_json::{Value as Json, json};

use crate::shape;

fn component(name: &str) -> Json {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn definition(parameters: &Json, preview: &Json) -> TaskDefinition {
    let definition = json!({
        "name": "Host\\Sleep", "execution": {"runspace": "process", "definition": {"program": "/bin/sleep"}},
        "parameters": parameters, "preview": preview, "output_retention": 3_600_000_000_u64,
        "limits": {"max_memory": 1, "max_processes": 1, "max_open_files": 1, "max_file_size": 1, "max_cpu_time": 1, "grace": 1},
    });
    serde_json::from_value(definition).unwrap()
}

#[test]
fn every_task_of_countersigns_own() {
    let mut seen = 0;
    for task in builtin::all() {
        let written = serde_json::to_value(task.definition()).unwrap();
        shape::must(&component("TaskDefinition"), &written, &task.definition().name.to_string());
        seen += 1;
    }
    assert!(seen > 30, "{seen}");
}

#[test]
fn every_kind_of_parameter_and_preview() {
    let kinds = json!([
        {"type": "string", "max_length": 5, "pattern": "[a-z]*"},
        {"type": "integer", "min": -1, "max": 5},
        {"type": "decimal", "min": "0.5", "scale": 2},
        {"type": "boolean"},
        {"type": "switch"},
        {"type": "choice", "options": ["a", "b"]},
        {"type": "list", "of": {"type": "guid"}, "max_items": 3},
        {"type": "table", "of": {"type": "address"}, "max_items": 3},
        {"type": "guid"},
        {"type": "size", "max": "1 MB"},
        {"type": "size", "unlimited": true},
        {"type": "duration", "max": "1h"},
        {"type": "instant"},
        {"type": "address"},
        {"type": "identity", "of": "role_group"},
        {"type": "file", "max_size": 9, "text": true},
        {"type": "secret", "max_length": 9},
    ]);
    let parameters: Vec<Json> = kinds
        .as_array()
        .unwrap()
        .iter()
        .zip(0..)
        .map(|(kind, at)| json!({"name": format!("P{at}"), "kind": kind, "may_start_with_dash": true, "sets": ["One"]}))
        .collect();
    let mut parameters = json!(parameters);
    parameters[1]["default"] = json!(3);
    parameters[0]["picker"] = json!("Host\\List");
    parameters[0]["conditions"] = json!([{"effect": "required", "when": "P3", "equals": true}]);
    for preview in
        [json!(null), json!("plan"), json!("rollback"), json!({"definition": {"program": "/bin/true"}})]
    {
        let written = serde_json::to_value(definition(&parameters, &preview)).unwrap();
        assert_eq!(written["parameters"].as_array().unwrap().len(), 17);
        shape::must(&component("TaskDefinition"), &written, "a task with everything");
    }
    let spec: ParameterSpec = serde_json::from_value(parameters[0].clone()).unwrap();
    shape::must(&component("ParameterSpec"), &json!(spec), "a parameter");
}

#[test]
fn every_term_of_a_policy() {
    let group = format!("g-{}", "ab".repeat(16));
    let base = json!({"target": {"type": "Task", "name": "Host\\Sleep"}, "approval": "Auto"});
    let whole = json!({
        "target": {"type": "RoleGroup", "name": "Host\\Operators"},
        "approval": {"Manual": {"stages": [
            {"approvers": "DefaultGroup", "seats": 1}, {"approvers": {"Group": group}, "seats": 2},
        ]}},
        "requesters": {"Group": group},
        "limits": {"max_duration": 3_600_000_000_u64, "max_uses": 3, "parallel": 2, "rate": {"count": 1, "per": 1_000_000}},
        "bind": ["Note"], "ticket": "CHG#######", "assurance": "SecondFactor", "freshness": 60_000_000,
        "windows": [{"zone": "Europe/Berlin", "days": ["mon", "sun"], "from": "08:00", "until": "18:00"}],
        "approve_for_less": false,
    });
    for terms in [base, whole] {
        let terms: PolicyTerms = serde_json::from_value(terms).unwrap();
        shape::must(&component("PolicyTerms"), &json!(terms), "terms");
    }
}

#[test]
fn every_form_of_a_limit() {
    let limits = json!({
        "A": {"equals": 1}, "B": {"one_of": ["x"]}, "C": {"range": {"min": 1}}, "D": {"range": {"min": 1, "max": 2}},
        "E": {"prefix": "/var/"}, "F": "any", "G": "absent",
    });
    shape::must(&component("ConstraintForms"), &limits, "limits");
    let read: ConstraintForms = serde_json::from_value(limits).unwrap();
    let written = serde_json::to_value(read).unwrap();
    assert_eq!(written.as_object().unwrap().len(), 7);
    for wrong in [
        json!({"A": {"equals": 1, "prefix": "x"}}),
        json!({"A": "some"}),
        json!({"A": {"range": {"least": 1}}}),
    ] {
        assert!(!shape::faults(&component("ConstraintForms"), &wrong).is_empty(), "{wrong}");
        assert!(serde_json::from_value::<ConstraintForms>(wrong).is_err());
    }
}
