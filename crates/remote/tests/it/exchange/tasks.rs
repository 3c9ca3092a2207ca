//! What a task can do, and what it can't.

use countersign_exchange_simulator::Options;
use countersign_runspace::{PreviewForm, Purpose};
use serde_json::json;

use super::{Tenant, change, cmdlet, look, rules};
use crate::support::{order, run};

#[test]
fn a_cmdlet_runs_and_both_logs_can_be_joined() {
    let tenant = Tenant::start();
    let host = tenant.runspace();
    let order = change("Copy");
    let id = order.execution.to_string();
    let told = run(host.as_ref(), order).succeeds();
    assert_eq!(rules(&tenant), ["Compliance journal", "Copy"]);
    let record = tenant.simulator.audit().pop().unwrap();
    // The tenant's log names the application; our execution's id is the request's id there.
    assert_eq!(record.actor, tenant.options.application);
    assert_eq!(format!("x-{}", record.client_request_id.replace('-', "")), id);
    for word in [&record.client_request_id, &record.connection_id, "request-id"] {
        assert!(told.err().contains(word), "{word}: {}", told.err());
    }
    assert!(told.out().contains("\"Name\":\"Copy\"") && !told.out().contains("@odata"), "{}", told.out());

    // A table with the properties that the definition names; nulls and lists as people read them.
    let definition = json!({"executor": "exchange", "target": "main", "cmdlet": "Get-Mailbox",
        "parameters": [{"name": "Identity"}],
        "properties": ["DisplayName", "EmailAddresses", "ForwardingSmtpAddress", "AuditEnabled"]});
    let told = run(
        host.as_ref(),
        crate::support::order(definition, json!({"Identity": {"string": "anna@contoso.example"}})),
    );
    let out = told.succeeds().out();
    assert!(out.starts_with("DisplayName  EmailAddresses"), "{out}");
    assert!(out.contains("Anna Berger  SMTP:anna@contoso.example"), "{out}");
    assert!(out.ends_with("true\n(1 row)\n"), "{out}");
}

#[test]
fn errors_are_said_for_people_and_without_values() {
    let tenant = Tenant::start();
    let host = tenant.runspace();
    let text = |text: &str| json!({"string": text});
    let nobody = cmdlet("Get-Mailbox", &[("Identity", "string", text("nobody@contoso.example"))]);
    let told = run(host.as_ref(), nobody).fails("management_object_not_found");
    assert!(told.err().contains("object '(the value of Identity)' couldn't be found"), "{}", told.err());
    assert!(!told.err().contains("nobody@") && !told.err().contains("Simulated.Run"), "{}", told.err());
    let unknown = cmdlet("Get-Mailbox", &[("Colour", "string", text("red"))]);
    run(host.as_ref(), unknown).fails("parameter_binding");
    let told = run(host.as_ref(), cmdlet("Get-NoSuchThing", &[])).fails("not_permitted_or_unknown");
    assert!(!told.stdout.contains(&0), "NUL bytes that claimed to be gzip");
    run(host.as_ref(), change("Compliance journal")).fails("ad_object_already_exists");
}

#[test]
fn what_the_host_file_does_not_allow_is_refused_before_anything_is_sent() {
    let tenant = Tenant::start();
    let mut target = tenant.target();
    target["cmdlets"] = json!(["Get-*"]);
    let host = tenant.runspace_of(target);
    assert_eq!(run(host.as_ref(), change("Copy")).refusal(), "cmdlet_not_allowed");
    let elsewhere = json!({"executor": "exchange", "target": "other", "cmdlet": "Get-Mailbox"});
    assert_eq!(run(host.as_ref(), order(elsewhere, json!({}))).refusal(), "target_unknown");
    let secret = cmdlet("Get-Mailbox", &[("Identity", "secure_string", json!({"secret": "hush"}))]);
    assert_eq!(run(host.as_ref(), secret).refusal(), "type_not_supported");
    let two = json!({"executor": "exchange", "target": "main", "cmdlet": "Get-Mailbox; Remove-Mailbox"});
    assert_eq!(run(host.as_ref(), order(two, json!({}))).refusal(), "cmdlet_invalid");
    assert_eq!(tenant.simulator.asked(), 0);
}

#[test]
fn pages_are_followed_up_to_the_limit() {
    let tenant = Tenant::with(Options { crowd: 2500, ..Options::new().unwrap() });
    let host = tenant.runspace();
    let definition = |most: u32| {
        json!({"executor": "exchange", "target": "main", "cmdlet": "Get-Mailbox",
            "parameters": [{"name": "ResultSize", "value": "Unlimited"}], "properties": ["Alias"], "output": "json_lines",
            "max_objects": most})
    };
    let told = run(host.as_ref(), order(definition(3), json!({}))).succeeds();
    assert_eq!(told.out().lines().count(), 3);
    assert!(told.err().contains("there are more objects"), "{}", told.err());
    assert_eq!(tenant.simulator.asked(), 1);
    let order = |most| {
        let told = run(host.as_ref(), order(definition(most), json!({}))).succeeds();
        (told.out().lines().count(), told.err().contains("more objects"))
    };
    assert_eq!(order(5000), (2508, false));
    assert_eq!(tenant.simulator.asked(), 4, "three pages of the same document");
    assert_eq!(order(1500), (1500, true));
    assert_eq!(tenant.simulator.audit().len(), 3, "each ran once");
}

#[test]
fn the_tenants_region_is_found_and_kept() {
    let tenant = Tenant::with(Options { region: Some("eurprd01".to_owned()), ..Options::new().unwrap() });
    let host = tenant.runspace();
    run(host.as_ref(), change("One")).succeeds();
    assert_eq!(tenant.simulator.asked(), 2, "redirected once");
    run(host.as_ref(), change("Two")).succeeds();
    assert_eq!(tenant.simulator.asked(), 3, "the connection and its cookie are used again");
    let hosts: Vec<String> = tenant.simulator.audit().into_iter().map(|record| record.host).collect();
    assert_eq!(hosts, ["eurprd01.outlook.office365.com"; 2]);

    // A host below the cloud's own is refused where the host file names others.
    let mut target = tenant.target();
    target["hosts"] = json!(["outlook.office365.us"]);
    assert_eq!(run(tenant.runspace_of(target).as_ref(), look()).refusal(), "target_not_verified");
}

#[test]
fn the_admin_api_is_used_where_it_fits_and_allowed() {
    let tenant = Tenant::start();
    let mut target = tenant.target();
    target["admin_api"] = json!("where_it_fits");
    let host = tenant.runspace_of(target);
    let text = |text: &str| json!({"string": text});
    run(host.as_ref(), cmdlet("Get-Mailbox", &[("Identity", "string", text("anna"))])).succeeds();
    let behalf = [
        ("Identity", "string", text("anna")),
        ("GrantSendOnBehalfTo", "changes", json!({"table": [{"add": "bruno"}, {"add": "carla"}]})),
    ];
    run(host.as_ref(), cmdlet("Set-Mailbox", &behalf)).succeeds();
    let anna =
        tenant.simulator.objects("Mailbox").into_iter().find(|object| object["Alias"] == "anna").unwrap();
    assert_eq!(anna["GrantSendOnBehalfTo"], json!(["bruno", "carla"]));
    run(host.as_ref(), look()).succeeds();
}

#[test]
fn a_change_is_previewed_by_what_if_only_where_the_host_file_trusts_it() {
    let tenant = Tenant::start();
    let preview = || {
        let mut order = change("Copy");
        let mut definition = json!(order.definition);
        definition["what_if"] = json!("yes");
        order.definition = serde_json::from_value(definition).unwrap();
        order.purpose = Purpose::Preview(PreviewForm::Plan);
        order
    };
    assert_eq!(preview().judge_purpose(), Ok(()));
    assert_eq!(run(tenant.runspace().as_ref(), preview()).refusal(), "preview_not_possible");
    assert_eq!(tenant.simulator.asked(), 0);
    let mut target = tenant.target();
    target["what_if"] = json!("trusted");
    let host = tenant.runspace_of(target);
    let told = run(host.as_ref(), preview()).succeeds();
    assert!(told.err().contains("warning: What if"), "{}", told.err());
    assert_eq!(rules(&tenant), ["Compliance journal"]);
    // A cmdlet that only reads is its own preview; one that changes and has no -WhatIf has none.
    let mut reads = look();
    reads.purpose = Purpose::Preview(PreviewForm::Declared);
    run(host.as_ref(), reads).succeeds();
    let mut changes = change("Copy");
    for form in [PreviewForm::Declared, PreviewForm::Plan, PreviewForm::Rollback] {
        changes.purpose = Purpose::Preview(form);
        assert_eq!(changes.judge_purpose().unwrap_err().code, "preview_not_possible");
    }
}
