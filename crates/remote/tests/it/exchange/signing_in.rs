//! Signing in: certificate, machine identity, and what is never said.

use std::time::Duration;

use countersign_exchange_simulator::{APPLICATION, Fault, Options};
use serde_json::json;

use super::{Tenant, change, look, rules};
use crate::support::run;

#[test]
fn a_certificate_signs_in_and_its_token_is_used_again_until_it_ends() {
    let tenant = Tenant::start();
    let host = tenant.runspace();
    for _ in 0..3 {
        run(host.as_ref(), look()).succeeds();
    }
    // A token that the service forgot is asked for anew, once, and the change runs once.
    tenant.simulator.forget_tokens();
    run(host.as_ref(), change("Once")).succeeds();
    assert_eq!(rules(&tenant), ["Compliance journal", "Once"]);

    let short = Tenant::with(Options { token_life: Duration::from_secs(1), ..Options::new().unwrap() });
    let host = short.runspace();
    run(host.as_ref(), look()).succeeds();
    run(host.as_ref(), look()).succeeds();
}

#[test]
fn rs256_is_a_choice_of_the_host_and_of_the_authority() {
    let strict = Tenant::start();
    let mut target = strict.target();
    target["sign_in"]["certificate"]["algorithm"] = json!("RS256");
    let told = run(strict.runspace_of(target.clone()).as_ref(), look());
    assert_eq!(told.refusal(), "target_sign_in");
    let lenient = Tenant::with(Options { takes_rs256: true, ..Options::new().unwrap() });
    let mut target = lenient.target();
    target["sign_in"]["certificate"]["algorithm"] = json!("RS256");
    run(lenient.runspace_of(target).as_ref(), look()).succeeds();
}

#[test]
fn both_identity_services_sign_in_without_a_credential() {
    let tenant = Tenant::start();
    let mut target = tenant.target();
    target["sign_in"] = json!({"virtual_machine": {}});
    run(tenant.runspace_of(target.clone()).as_ref(), look()).succeeds();
    target["sign_in"] = json!({"virtual_machine": {"client": "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"}});
    run(tenant.runspace_of(target.clone()).as_ref(), look()).succeeds();
    // No App Service here: its variables are not set.
    target["sign_in"] = json!({"app_service": {}});
    assert_eq!(run(tenant.runspace_of(target).as_ref(), look()).refusal(), "credential_unavailable");
}

#[test]
fn national_clouds_have_hosts_and_audiences_of_their_own() {
    let tenant = Tenant::start();
    for cloud in ["gcc_high", "dod", "china"] {
        let mut target = tenant.target();
        target["cloud"] = json!(cloud);
        run(tenant.runspace_of(target).as_ref(), look()).succeeds();
    }
    let hosts: Vec<String> = tenant.simulator.audit().into_iter().map(|record| record.host).collect();
    assert_eq!(hosts, ["outlook.office365.us", "outlook-dod.office365.us", "outlook.office365.cn"]);
}

#[test]
fn s1_a_sign_in_that_fails_is_a_refusal_that_says_why_and_no_secret() {
    let tenant = Tenant::start();
    let mut stranger = tenant.target();
    stranger["sign_in"]["certificate"]["application"] = json!("99999999-4e5f-4a6b-8c7d-9e0f1a2b3c4d");
    let told = run(tenant.runspace_of(stranger).as_ref(), look());
    assert_eq!(told.refusal(), "target_sign_in");
    assert!(told.end.unwrap_err().message.contains("AADSTS700016"));

    // The right certificate's name with another key: the signature decides.
    let certificate = APPLICATION.split("-----BEGIN PRIVATE KEY-----").next().unwrap();
    let other = std::fs::read_to_string(crate::support::fixture("other-rsa.key")).unwrap();
    let forged = tenant.runspace_with(tenant.target(), &format!("{certificate}{other}"));
    let told = run(forged.as_ref(), look());
    assert_eq!(told.refusal(), "target_sign_in");
    assert!(told.end.unwrap_err().message.contains("signature"));

    for (secret, why) in [("nonsense", "no certificate"), (certificate, "no private key")] {
        let told = run(tenant.runspace_with(tenant.target(), secret).as_ref(), look());
        assert_eq!(told.refusal(), "credential_unavailable");
        assert!(told.end.unwrap_err().message.contains(why), "{why}");
    }
    let curve = std::fs::read_to_string(crate::support::fixture("server.key")).unwrap();
    let told = run(tenant.runspace_with(tenant.target(), &format!("{certificate}{curve}")).as_ref(), look());
    assert_eq!(told.refusal(), "credential_unavailable");

    let host = tenant.runspace();
    for fault in [Fault::TokenRefused, Fault::TokenNotJson] {
        tenant.simulator.fault(fault);
        assert_eq!(run(host.as_ref(), look()).refusal(), "target_sign_in");
    }
    assert_eq!(tenant.simulator.asked(), 0);

    // The tenant gives our own key back: its lines are taken out.
    let line = APPLICATION.lines().filter(|line| line.len() == 64).next_back().unwrap();
    let told = run(host.as_ref(), change(line)).succeeds();
    assert!(told.out().contains("(secret)") && !told.out().contains(line), "{}", told.out());
}
