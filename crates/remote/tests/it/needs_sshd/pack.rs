//! The shipped pack: what it executes is executed here, as far as this machine has it.

use std::collections::BTreeMap;
use std::path::Path;

use countersign_core::parameter::{Given, Value, check};
use countersign_core::task::{Preview, TaskDefinition};
use countersign_pack::Pack;
use countersign_runspace::{ParameterValue, PreviewForm, Purpose, WorkOrder};
use serde_json::{Value as Json, json};

use super::script;
use super::sshd::{Sshd, hosts, is_root};
use crate::support::{order, run};

fn pack() -> Pack {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/linux-ssh");
    Pack::read(&directory).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// An order for a task or its preview, signed in as the tester.
fn task(server: &Sshd, task: &TaskDefinition, preview: bool, given: Json) -> WorkOrder {
    let values = check(&task.parameters, serde_json::from_value::<Given>(given).unwrap()).unwrap();
    let parameters: BTreeMap<String, ParameterValue> = values
        .iter()
        .map(|(name, value)| {
            let text = |value: &Value| value.to_text().unwrap();
            let value = match value {
                Value::Integer(number) => ParameterValue::Integer(*number),
                Value::List(items) => ParameterValue::List(items.iter().map(text).collect()),
                other => ParameterValue::String(text(other)),
            };
            (name.to_string(), value)
        })
        .collect();
    let definition = match &task.preview {
        Some(Preview::Definition(definition)) if preview => definition,
        _ => &task.execution.definition,
    };
    let mut definition = Json::Object(definition.as_object().clone());
    definition["user"] = json!(server.user);
    let mut order = order(definition, json!(parameters));
    if preview {
        order.purpose = Purpose::Preview(PreviewForm::Declared);
    }
    order
}

#[test]
fn the_linux_pack_does_what_it_says() {
    let (pack, server) = (pack(), Sshd::start());
    let key = || vec![("key", server.credential("key"))];
    let fleet = hosts(vec![("web1", server.target()), ("web2", server.target())], key());
    let find = |name: &str| &pack.definitions.tasks[&format!("Linux\\{name}").parse().unwrap()];
    let runs = |name: &str, preview: bool, given: Json| {
        let mut all = given;
        all["Hosts"] = json!(["web1", "web2"]);
        let order = task(&server, find(name), preview, all);
        order.judge_purpose().unwrap();
        let told = run(fleet.as_ref(), order).succeeds();
        for host in ["web1", "web2"] {
            assert!(told.err().contains(&format!("{host}: succeeded")), "{name}: {}", told.err());
        }
        told.out()
    };
    assert!(runs("Get-DiskUsage", false, json!({})).contains("web2: Filesystem"));
    assert!(runs("Get-SystemLoad", false, json!({})).contains("web1: "));
    assert!(runs("Get-Account", false, json!({"Account": server.user})).contains("uid="));
    assert!(runs("Get-GroupMember", false, json!({"Group": "root"})).contains("web1: root:x:0:"));
    let file = std::fs::read_dir("/var/log").unwrap().flatten().find_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let readable = entry.metadata().ok()?.is_file() && name.ends_with(".log");
        (readable && std::fs::read(entry.path()).is_ok_and(|text| text.is_ascii())).then_some(name)
    });
    if let Some(name) = file {
        let path = format!("/var/log/{name}");
        let order =
            task(&server, find("Get-LogFile"), false, json!({"Hosts": ["web1"], "Path": path, "Lines": 2}));
        // Who may read which log is the machine's business.
        assert_eq!(run(fleet.as_ref(), order).end.unwrap().limits.output_bytes, 1024 * 1024);
    }
    for path in ["/var/log/../../etc/shadow", "/etc/shadow", "/var/log/.hidden", "/var/log", "/var/log/a//b"]
    {
        let given = json!({"Hosts": ["web1"], "Path": path});
        let spec = &find("Get-LogFile").parameters;
        assert!(check(spec, serde_json::from_value::<Given>(given).unwrap()).is_err(), "{path}");
    }
    for packages in
        [json!(["foo-"]), json!(["foo+"]), json!(["-foo"]), json!(["foo/testing"]), json!(["foo=1"])]
    {
        let given = json!({"Hosts": ["web1"], "Packages": packages});
        let spec = &find("Update-Package").parameters;
        assert!(check(spec, serde_json::from_value::<Given>(given).unwrap()).is_err(), "{packages}");
    }
    // Previews run before anybody approved, and change nothing.
    let given = json!({"Account": server.user, "Group": "root"});
    assert!(runs("Add-GroupMember", true, given).contains("root:x:0:"));
    assert!(runs("Lock-Account", true, json!({"Account": server.user})).contains("uid="));
    for (name, task) in &pack.definitions.tasks {
        let Some(Preview::Definition(preview)) = &task.preview else { continue };
        assert_eq!(preview.as_object()["user"], "countersign-reader", "{name}");
    }
}

/// As the pack's README sets machines up: root is signed in for a command that the certificate names and for nothing else.
#[test]
fn s2_root_is_reached_by_a_forced_command_only() {
    if !is_root() {
        return;
    }
    let mut server = Sshd::with(&["PermitRootLogin forced-commands-only"]);
    server.user = "root".to_owned();
    let credentials = || vec![("ca", server.credential("authority")), ("key", server.credential("key"))];
    let forced = server.table(json!({"key": null, "certificate": {"authority": "ca"}}));
    let any = server.table(json!({"key": null, "certificate": {"authority": "ca", "command": "any"}}));
    let told = run(hosts(vec![("web", forced)], credentials()).as_ref(), script(&server, "id -u"));
    assert_eq!(told.succeeds().out(), "0\n");
    for open in [any, server.target()] {
        let told = run(hosts(vec![("web", open)], credentials()).as_ref(), script(&server, "id -u"));
        assert_eq!(told.refusal(), "target_sign_in");
    }
}
