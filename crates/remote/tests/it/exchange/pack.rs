//! The shipped pack, task by task, against the simulator; and that the simulator knows every cmdlet of it.

use std::path::Path;

use countersign_core::parameter::ParameterKind;
use countersign_core::task::Preview;
use countersign_pack::Pack;
use serde_json::{Map, Value as Json, json};

use super::Tenant;
use crate::support::{order, run};

fn pack() -> Pack {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/exchange");
    Pack::read(&directory).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// A value that is good for a parameter of this kind, as the runner gets it.
fn value(kind: &ParameterKind, name: &str) -> Json {
    match kind {
        ParameterKind::Integer { .. } => json!({"integer": 3}),
        ParameterKind::Boolean {} | ParameterKind::Switch {} => json!({"boolean": true}),
        ParameterKind::Choice { options } => json!({"string": options[0]}),
        ParameterKind::List { of, .. } => {
            let Json::Object(one) = value(of, name) else { panic!() };
            json!({"list": [one["string"]]})
        }
        ParameterKind::Table { .. } => json!({"table": [{"add": "bruno@contoso.example"}]}),
        ParameterKind::Duration { .. } => json!({"string": "PT864000S"}),
        ParameterKind::Guid {} => json!({"string": "6f9619ff-8b86-d011-b42d-00c04fc964ff"}),
        ParameterKind::Instant {} => json!({"string": "2026-11-22T09:00:00Z"}),
        _ => json!({"string": "bruno@contoso.example"}),
    }
}

/// What an identity is called in the simulated tenant.
fn identity(cmdlet: &str) -> &'static str {
    let noun = cmdlet.split_once('-').unwrap().1;
    match noun {
        "TransportRule" => "Disclaimer",
        "JournalRule" => "Compliance journal",
        "InboundConnector" => "From the printer",
        "OutboundConnector" => "To the archive",
        "RemoteDomain"
        | "HostedOutboundSpamFilterPolicy"
        | "HostedContentFilterPolicy"
        | "MalwareFilterPolicy"
        | "MobileDeviceMailboxPolicy" => "Default",
        "OwaMailboxPolicy" => "OwaMailboxPolicy-Default",
        "SharingPolicy" => "Default Sharing Policy",
        "OrganizationRelationship" => "Fabrikam",
        "RetentionPolicyTag" => "Never Delete",
        "MailboxFolderPermission" => "anna:\\Calendar",
        "ManagementRole" => "Journaling",
        "ManagementRoleEntry" => "*\\*",
        "ManagementRoleAssignment" => "Journaling-Organization Management",
        "RoleGroup" | "RoleGroupMember" => "Organization Management",
        "DistributionGroupMember" => "all-staff",
        _ => "anna@contoso.example",
    }
}

#[test]
fn every_task_of_the_pack_is_taken_as_it_is_written() {
    let pack = pack();
    let tenant = Tenant::start();
    let host = tenant.runspace();
    let mut changes = 0;
    for (name, task) in &pack.definitions.tasks {
        assert!(task.parameters.len() <= 12, "{name}");
        let object = task.execution.definition.as_object();
        let cmdlet = object["cmdlet"].as_str().unwrap();
        assert_eq!(cmdlet, name.local().to_string());
        let mut given = Map::new();
        for spec in &task.parameters {
            let parameter = spec.name.to_string();
            let known = match parameter.as_str() {
                "Identity" => json!({"string": identity(cmdlet)}),
                "Mailbox" => json!({"string": "anna@contoso.example"}),
                "Role" => json!({"string": "Journaling"}),
                _ => value(&spec.kind, &parameter),
            };
            given.insert(parameter, known);
        }
        changes += usize::from(!task.read_only);
        let told = run(host.as_ref(), order(Json::Object(object.clone()), Json::Object(given.clone())));
        let outcome = told.outcome();
        // An object that nobody made: what matters is that the document was understood.
        let understood = outcome["outcome"] == "succeeded"
            || ["management_object_not_found", "ad_object_already_exists"]
                .iter()
                .any(|word| outcome["failure"]["target"] == *word);
        assert!(understood, "{name}: {outcome} {}", told.err());
        let has_identity = given.contains_key("Identity");
        assert!(outcome["outcome"] == "succeeded" || has_identity, "{name}: {outcome} {}", told.err());
        if let Some(Preview::Definition(preview)) = &task.preview {
            let asked = preview.as_object().clone();
            assert!(asked["cmdlet"].as_str().unwrap().starts_with("Get-"), "{name}");
            let told = run(host.as_ref(), order(Json::Object(asked), Json::Object(given)));
            let outcome = told.outcome();
            let gone = outcome["failure"]["target"] == "management_object_not_found";
            assert!(outcome["outcome"] == "succeeded" || gone, "{name}: {outcome} {}", told.err());
        } else {
            assert!(task.preview.is_none(), "{name}: a preview that only the service could hold to be one");
        }
    }
    assert!(changes >= 40, "{changes}");
    let known: Vec<String> = tenant.simulator.audit().into_iter().map(|record| record.cmdlet).collect();
    for name in pack.definitions.tasks.keys() {
        assert!(known.contains(&name.local().to_string()), "the simulator does not know {name}");
    }
}

/// The README's list of what the host file allows is what the pack needs, no less and no more.
#[test]
fn the_readme_allows_every_cmdlet_of_the_pack() {
    let readme =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/exchange/README.md"))
            .unwrap();
    let table = readme.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let listed: Vec<&str> = table
        .split("cmdlets = [")
        .nth(1)
        .unwrap()
        .split(']')
        .next()
        .unwrap()
        .split('"')
        .filter(|word| word.contains('-') && !word.contains(','))
        .collect();
    let pack = pack();
    for name in pack.definitions.tasks.keys() {
        let local = name.local().to_string();
        let allowed = |word: &&&str| **word == local || (**word == "Get-*" && local.starts_with("Get-"));
        assert!(listed.iter().any(|word| allowed(&word)), "{local}");
    }
    for word in listed.iter().filter(|word| !word.ends_with('*')) {
        assert!(pack.definitions.tasks.keys().any(|name| name.local().to_string() == **word), "{word}");
    }
}
