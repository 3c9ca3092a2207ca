use serde_json::{Value as Json, json};

use super::*;

fn base() -> Json {
    json!({
        "name": "Host\\Get-DiskUsage",
        "title": "t", "description": "d", "risk": "r",
        "execution": {"runspace": "process", "definition": {"program": "/usr/bin/df"}},
        "parameters": [
            {"name": "Path", "kind": {"type": "string", "max_length": 200}, "required": true, "binding": "always"},
            {"name": "Mode", "title": "t", "help": "h", "kind": {"type": "choice", "options": ["a", "b"]},
             "default": "a", "required": false, "binding": "policy", "may_start_with_dash": false, "sets": ["One"],
             "picker": "Host\\Get-Mode", "conditions": []},
        ],
        "limits": {"max_run_time": 5_000_000, "max_output": 100},
        "run_to_end": false, "arbitrary_code": false, "read_only": false, "confidential": false,
        "preview": null, "take_back": null, "output_retention": 3_600_000_000_u64,
    })
}

fn digest(task: Json) -> Digest {
    serde_json::from_value::<TaskDefinition>(task).unwrap().digest()
}

fn with(pointer: &str, value: Json) -> Json {
    let mut task = base();
    *task.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
    task
}

/// Every field of a task and of a parameter, changed: whether the digest changes with it.
fn changes() -> Vec<(&'static str, Json, bool)> {
    vec![
        ("/name", json!("Host\\Get-DiskUse"), true),
        ("/name", json!("HOST\\get-diskusage"), false),
        ("/title", json!("x"), false),
        ("/description", json!("x"), false),
        ("/risk", json!("x"), false),
        ("/execution/runspace", json!("ssh"), true),
        ("/execution/definition", json!({"program": "/usr/bin/du"}), true),
        ("/execution/definition", json!({"program": "/usr/bin/df", "run_as": "root"}), true),
        ("/parameters", json!([]), true),
        ("/limits/max_run_time", json!(6_000_000), true),
        ("/limits/max_output", json!(101), true),
        ("/limits", json!({"max_run_time": 5_000_000, "max_output": 100, "max_memory": 1}), true),
        ("/limits", json!({"max_run_time": 5_000_000, "max_output": 100, "max_processes": 1}), true),
        ("/limits", json!({"max_run_time": 5_000_000, "max_output": 100, "max_open_files": 9}), true),
        ("/limits", json!({"max_run_time": 5_000_000, "max_output": 100, "max_file_size": 1}), true),
        ("/limits", json!({"max_run_time": 5_000_000, "max_output": 100, "max_cpu_time": 1}), true),
        ("/limits", json!({"max_run_time": 5_000_000, "max_output": 100, "grace": 1}), true),
        ("/run_to_end", json!(true), true),
        ("/arbitrary_code", json!(true), true),
        ("/read_only", json!(true), true),
        ("/confidential", json!(true), false),
        ("/preview", json!("rollback"), true),
        ("/preview", json!({"definition": {"program": "/bin/ls"}}), true),
        ("/take_back", json!({"program": "/bin/ls"}), true),
        ("/output_retention", json!(null), false),
        ("/parameters/1/name", json!("Kind"), true),
        ("/parameters/1/title", json!("x"), false),
        ("/parameters/1/help", json!("x"), false),
        ("/parameters/1/kind", json!({"type": "choice", "options": ["a", "b", "c"]}), true),
        ("/parameters/1/default", json!("b"), true),
        ("/parameters/0/required", json!(false), true),
        ("/parameters/1/binding", json!("free"), true),
        ("/parameters/1/may_start_with_dash", json!(true), true),
        ("/parameters/1/sets", json!(["Two"]), true),
        ("/parameters/1/picker", json!(null), false),
        ("/parameters/1/conditions", json!([{"effect": "allowed", "when": "Path", "equals": "/x"}]), true),
    ]
}

#[test]
fn g7_the_digest_covers_what_changes_execution_and_nothing_else() {
    let before = digest(base());
    for (pointer, value, changed) in changes() {
        assert_eq!(digest(with(pointer, value.clone())) != before, changed, "{pointer} = {value}");
    }
}

#[test]
fn g7_every_field_is_judged() {
    let full = serde_json::to_value(serde_json::from_value::<TaskDefinition>(base()).unwrap()).unwrap();
    let tried: Vec<&str> = changes().into_iter().map(|(pointer, ..)| pointer).collect();
    let top = full.as_object().unwrap().keys().map(|key| format!("/{key}"));
    let parameter =
        full["parameters"][1].as_object().unwrap().keys().map(|key| format!("/parameters/1/{key}"));
    for field in
        top.chain(parameter).filter(|field| field != "/execution" && field != "/parameters/1/required")
    {
        assert!(tried.iter().any(|pointer| *pointer == field), "{field} is not in the table");
    }
    for limit in full["limits"].as_object().unwrap().keys() {
        let found = |(pointer, value, _): &(&str, Json, bool)| {
            pointer.ends_with(&format!("/{limit}")) || value.get(limit).is_some()
        };
        assert!(changes().iter().any(found), "{limit} is not in the table");
    }
}

#[test]
fn g7_the_order_of_parameters_is_for_people() {
    let mut turned = base();
    turned["parameters"].as_array_mut().unwrap().reverse();
    assert_eq!(digest(turned), digest(base()));
}

#[test]
fn g7_the_digest_is_the_same_on_every_machine_and_in_every_release() {
    assert_eq!(digest(base()).to_string(), GOLDEN);
}

/// Computed by another implementation over the documented form. If this changes, every live authorization ends with `definition_changed`: give the domain a new version instead.
const GOLDEN: &str = "faafbed50ba92ddd38f73c9a6cce82e65e34b58bbcb719afa276dbabfc5b8b70";

#[test]
fn g7_spelling_out_a_default_is_no_change() {
    let mut spelt = base();
    spelt["limits"]["max_memory"] = Json::Null;
    spelt["parameters"][0]["kind"]["min_length"] = json!(1);
    spelt["parameters"][0]["default"] = Json::Null;
    assert_eq!(digest(spelt), digest(base()));
}

proptest::proptest! {
    #[test]
    fn g7_texts_never_change_the_digest(title in ".{0,40}", help in ".{0,40}", risk in ".{0,40}") {
        let mut task: TaskDefinition = serde_json::from_value(base()).unwrap();
        let before = task.digest();
        task.title = title;
        task.risk = risk;
        task.parameters[1].help = help;
        proptest::prop_assert_eq!(task.digest(), before);
    }

    #[test]
    fn g7_reading_back_keeps_the_digest(output in 0_u64..1 << 30, flag: bool) {
        let mut task: TaskDefinition = serde_json::from_value(base()).unwrap();
        task.limits.max_output = output;
        task.run_to_end = flag;
        let back: TaskDefinition = serde_json::from_value(serde_json::to_value(&task).unwrap()).unwrap();
        proptest::prop_assert_eq!(back.digest(), task.digest());
        proptest::prop_assert_eq!(back, task);
    }
}
