//! Stops: what is under way is not taken for undone.

use countersign_exchange_simulator::Fault;
use countersign_runspace::StopReason;
use serde_json::json;

use super::{Tenant, change, look, rules};
use crate::support::{run, start, wait_for};

fn revoked() -> StopReason {
    StopReason::try_from("revoked".to_owned()).unwrap()
}

#[test]
fn g15_a_stop_of_a_change_under_way_is_unknown_and_of_a_look_is_a_stop() {
    let tenant = Tenant::start();
    let host = tenant.runspace();
    tenant.simulator.fault(Fault::Hang);
    let mut order = change("hung");
    order.limits.grace_ms = 300;
    let started = start(host.as_ref(), order).unwrap();
    wait_for("the request", || tenant.simulator.asked() == 1);
    started.running.stop(revoked());
    assert_eq!(started.end().outcome()["outcome"], "unknown");

    tenant.simulator.fault(Fault::Hang);
    let started = start(host.as_ref(), look()).unwrap();
    wait_for("the request", || tenant.simulator.asked() == 2);
    started.running.stop(revoked());
    let outcome = started.end().outcome();
    assert_eq!(
        outcome,
        json!({"outcome": "stopped", "why": {"requested": "revoked"}, "confirmed": "unconfirmed"})
    );
    assert_eq!(rules(&tenant), ["Compliance journal"]);
}

#[test]
fn g15_a_stop_while_the_service_asks_to_wait_leaves_nothing_done() {
    let tenant = Tenant::start();
    let host = tenant.runspace();
    tenant.simulator.fault(Fault::Throttled { retry_after: Some("30".to_owned()) });
    let started = start(host.as_ref(), change("waiting")).unwrap();
    wait_for("the request", || tenant.simulator.asked() == 1);
    started.running.stop(revoked());
    let outcome = started.end().outcome();
    assert_eq!(
        outcome,
        json!({"outcome": "stopped", "why": {"requested": "revoked"}, "confirmed": "confirmed"})
    );
    assert_eq!(rules(&tenant), ["Compliance journal"]);

    let mut short = change("too long");
    short.limits.run_time_ms = 500;
    short.limits.grace_ms = 200;
    tenant.simulator.fault(Fault::Hang);
    assert_eq!(run(host.as_ref(), short).outcome()["outcome"], "unknown");
}
