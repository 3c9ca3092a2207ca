//! The kit's faults and the service's own: what is known, what is not, and that no change ever runs twice.

use std::net::TcpListener;

use countersign_exchange_simulator::Fault;
use serde_json::json;

use super::{Tenant, change, look, rules};
use crate::support::proxy::{Fault as Wire, before};
use crate::support::{SECOND, run, start};

/// How often the change was carried out.
fn times(tenant: &Tenant, name: &str) -> usize {
    let audit = tenant.simulator.audit();
    audit
        .iter()
        .filter(|record| record.parameters["Name"] == name && record.cmdlet == "New-JournalRule")
        .count()
}

#[test]
fn f1_a_change_that_may_have_run_is_unknown_and_never_sent_again() {
    let tenant = Tenant::start();
    let host = tenant.runspace();
    for (name, fault, ran) in [
        ("before", Fault::CutBefore, 0),
        ("during", Fault::CutDuring, 1),
        ("after", Fault::CutAfter, 1),
        ("html", Fault::NotJson, 1),
        ("endless", Fault::Endless, 1),
        ("busy", Fault::Transient, 0),
        ("broken", Fault::Status { status: 503 }, 0),
    ] {
        let asked = tenant.simulator.asked();
        tenant.simulator.fault(fault);
        let told = run(host.as_ref(), change(name));
        let outcome = told.outcome();
        assert_eq!(outcome["outcome"], "unknown", "{name}: {outcome}");
        assert!(told.err().contains("look whether the change is there"), "{}", told.err());
        assert_eq!(times(&tenant, name), ran, "{name}");
        assert_eq!(tenant.simulator.asked(), asked + 1, "{name} was sent again");
    }
    // What only reads is asked again.
    for fault in [
        Fault::CutBefore,
        Fault::CutDuring,
        Fault::CutAfter,
        Fault::Transient,
        Fault::Status { status: 500 },
        Fault::Gzip,
        Fault::GzipLie,
    ] {
        tenant.simulator.fault(fault.clone());
        let told = run(host.as_ref(), look()).succeeds();
        assert!(told.out().contains("Compliance journal"), "{fault:?}");
    }
}

#[test]
fn f2_what_surely_did_not_run_is_sent_again() {
    let tenant = Tenant::start();
    let host = tenant.runspace();
    for (name, fault) in [
        ("throttled", Fault::Throttled { retry_after: Some("0.2".to_owned()) }),
        ("soon", Fault::Throttled { retry_after: Some("0".to_owned()) }),
        ("sometime", Fault::Throttled { retry_after: None }),
        ("expired", Fault::Unauthorized),
        ("moved", Fault::Redirect { location: "https://outlook.office365.com:446/adminapi/beta/6f9619ff-8b86-d011-b42d-00c04fc964ff/InvokeCommand".to_owned() }),
    ] {
        tenant.simulator.fault(fault);
        run(host.as_ref(), change(name)).succeeds();
        assert_eq!(times(&tenant, name), 1, "{name}");
    }
    // Once is enough: a token that was just given is not asked for again and again.
    let asked = tenant.simulator.asked();
    for _ in 0..3 {
        tenant.simulator.fault(Fault::Unauthorized);
    }
    run(host.as_ref(), change("refused")).fails("sign_in_refused");
    assert_eq!(tenant.simulator.asked(), asked + 2);
    tenant.simulator.fault(Fault::Forbidden);
    let _ = run(host.as_ref(), look());

    // A wait that is longer than the execution may last is not begun.
    tenant.simulator.fault(Fault::Throttled { retry_after: Some("9999".to_owned()) });
    let told = run(host.as_ref(), change("patient")).fails("throttled");
    assert!(told.err().contains("nothing was changed"), "{}", told.err());
    assert_eq!(times(&tenant, "patient"), 0);
}

#[test]
fn s1_no_token_leaves_for_a_host_that_is_not_allowed() {
    let tenant = Tenant::start();
    let host = tenant.runspace();
    for location in [
        "https://evil.example/adminapi/beta/x",
        "https://outlook.office365.com.evil.example/adminapi/",
        "http://outlook.office365.com/adminapi/",
        "https://outlook.office365.com@evil.example/adminapi/",
        "",
    ] {
        tenant.simulator.fault(Fault::Redirect { location: location.to_owned() });
        let told = run(host.as_ref(), change("elsewhere")).fails("redirected_elsewhere");
        assert!(told.err().contains("nothing was changed"), "{}", told.err());
    }
    for _ in 0..12 {
        let location = "https://eur.outlook.office365.com/adminapi/beta/x/InvokeCommand".to_owned();
        tenant.simulator.fault(Fault::Redirect { location });
    }
    run(host.as_ref(), change("round and round")).fails("redirected_too_often");
    assert_eq!(rules(&tenant), ["Compliance journal"]);

    let other = Tenant::start();
    let host = other.runspace();
    other.simulator.fault(Fault::PageAt { link: "https://evil.example/adminapi/x".to_owned() });
    run(host.as_ref(), look()).fails("paging_elsewhere");
    // A change's further pages are not asked for: that would be the change again.
    other.simulator.fault(Fault::PageAt { link: "https://outlook.office365.com/adminapi/x".to_owned() });
    let told = run(host.as_ref(), change("paged")).succeeds();
    assert!(told.err().contains("would run the cmdlet again"), "{}", told.err());
    assert_eq!(times(&other, "paged"), 1);
}

#[test]
fn errors_in_every_form_are_readable() {
    let tenant = Tenant::start();
    let host = tenant.runspace();
    tenant.simulator.fault(Fault::InnerError);
    let told = run(host.as_ref(), look()).fails("inner");
    assert!(told.err().contains("The inner exception says why."), "{}", told.err());
    assert!(!told.err().contains("Inner.Run"), "a stack trace: {}", told.err());
    tenant.simulator.fault(Fault::BareError);
    let told = run(host.as_ref(), look()).fails("status_400");
    assert!(told.err().contains("Only this is said."), "{}", told.err());
    tenant.simulator.fault(Fault::Forbidden);
    run(host.as_ref(), look()).fails("not_permitted_or_unknown");
}

#[test]
fn f12_what_a_service_says_without_end_is_bounded() {
    let tenant = Tenant::start();
    let host = tenant.runspace();
    tenant.simulator.fault(Fault::Endless);
    let told = run(host.as_ref(), look()).fails("answer_too_large");
    assert!(told.stdout.is_empty());
}

#[test]
fn f1_a_broken_network_before_anything_was_sent_is_a_refusal() {
    let tenant = Tenant::start();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = tenant.runspace_of(tenant.target_at(free));
    assert_eq!(run(nobody.as_ref(), look()).refusal(), "target_unreachable");
    assert!(nobody.health().notes.iter().any(|note| note.contains("simulator")), "{:?}", nobody.health());

    let silent = tenant.runspace_of(tenant.target_at(before(tenant.simulator.port, Wire::Silent)));
    let mut soon = look();
    soon.start_by = countersign_runspace::clock::boot_now() + SECOND;
    assert_eq!(run(silent.as_ref(), soon).refusal(), "target_unreachable");
    let hung = start(silent.as_ref(), look()).unwrap();
    hung.running.kill();
    assert_eq!(hung.end().refusal(), "stopped_before_start");

    let slow = tenant.runspace_of(tenant.target_at(before(tenant.simulator.port, Wire::Trickle)));
    run(slow.as_ref(), look()).succeeds();
    // The first bytes of a TLS record: cut while it is said who is who.
    let cut =
        tenant.runspace_of(tenant.target_at(before(tenant.simulator.port, Wire::CutBefore(&[0x16, 0x03]))));
    assert_eq!(run(cut.as_ref(), change("cut")).refusal(), "target_unreachable");
    assert_eq!(times(&tenant, "cut"), 0);
}

#[test]
fn s1_a_certificate_of_another_authority_is_not_believed() {
    let (tenant, other) = (Tenant::start(), Tenant::start());
    let mut target = tenant.target();
    target["simulator"]["ca"] = json!(other.place.path().join("ca.pem"));
    let told = run(tenant.runspace_of(target).as_ref(), look());
    assert_eq!(told.refusal(), "target_not_verified");
    assert_eq!(tenant.simulator.asked(), 0);
}
