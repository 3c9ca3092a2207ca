//! Standing access, listed by a timer on a real runner, and compared with the list before.

use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use countersign_core::actor::{Actor, Principal};
use countersign_core::command::Command;
use countersign_core::event::{Body, Event};
use countersign_core::id::ExecutionId;
use countersign_core::name::WorkloadName;
use countersign_core::standing_access::Listing;
use countersign_core::time::Instant;
use countersign_engine::{Boot, Clock, RunnerState, SystemClock};
use serde_json::{Value as Json, json};

use crate::telling::{Desk, mails};
use crate::world::*;

const LIST: &str = "Host\\Get-StandingAccess";

/// The machine's clocks, of which the wall's can be set: the runner keeps to the other.
struct Settable {
    system: SystemClock,
    ahead: Arc<AtomicI64>,
}

impl Clock for Settable {
    fn wall(&self) -> Instant {
        let ahead = self.ahead.load(Ordering::SeqCst);
        Instant::from_micros(self.system.wall().as_micros() + ahead)
    }

    fn boot(&self) -> Boot {
        self.system.boot()
    }
}

fn entry(account: &str) -> String {
    json!({"account": account, "power": "superuser", "through": account, "own": false}).to_string() + "\n"
}

fn print(list: &Path, accounts: &[&str]) {
    std::fs::write(list, accounts.iter().map(|account| entry(account)).collect::<String>()).unwrap();
}

async fn act(world: &World, task: &str, values: Json) -> std::collections::BTreeMap<String, String> {
    let task = format!("Countersign\\{task}");
    let number = world.ask("ada", &task, &values).await;
    world.approve("bob", number).await.unwrap();
    match world.execute("ada", &task, values).await {
        Ok(countersign_core::decide::Reply::Ran { made, .. }) => made,
        other => panic!("{task}: {other:?}"),
    }
}

/// A task that prints a file, and a service account that holds it by a role and is named.
async fn listing(world: &World, list: &Path) {
    let print = json!({"program": "/bin/cat", "arguments": [{"literal": list}]});
    let mut definition = task(LIST, print);
    definition.read_only = true;
    let text = serde_json::to_string(&[definition]).unwrap();
    act(world, "Import-TaskPack", json!({"Workload": "Host", "Definitions": text})).await;
    act(world, "New-ManagementRole", json!({"Name": "Host\\Lists", "Task": [LIST]})).await;
    act(world, "New-RoleGroup", json!({"Name": "Host\\Listers", "Role": ["Host\\Lists"]})).await;
    let owner = world.people["rita"].to_string();
    let account = json!({"UserPrincipalName": "svc@fabrikam.example", "DisplayName": "svc", "Owner": owner});
    let account = act(world, "New-ServiceAccount", account).await["person"].clone();
    act(world, "Add-RoleGroupMember", json!({"Identity": "Host\\Listers", "Member": [account]})).await;
    act(world, "Set-OrganizationConfig", json!({"StandingAccessAccount": account})).await;
}

/// The counts of the list that comes after the given ones.
async fn next(world: &World, seen: &Mutex<Vec<ExecutionId>>) -> (Option<ExecutionId>, u32, u32, u32) {
    let new = |event: &Event| match &event.body {
        Body::StandingAccessListed { execution, .. } => !seen.lock().unwrap().contains(execution),
        _ => false,
    };
    let event = world.until("a list", new).await;
    assert_eq!(event.actor, Actor::System);
    match event.body {
        Body::StandingAccessListed { execution, before, holders, appeared, gone, .. } => {
            seen.lock().unwrap().push(execution);
            (before, holders, appeared, gone)
        }
        other => panic!("{other:?}"),
    }
}

fn known(world: &World) -> Listing {
    world.engine.state().standing[&"Host".parse::<WorkloadName>().unwrap()].clone()
}

async fn a_day_later(world: &World, ahead: &AtomicI64) {
    ahead.fetch_add(25 * 3_600_000_000, Ordering::SeqCst);
    tokio::time::timeout(Duration::from_secs(15), async {
        while !world.engine.state().organization.clock_suspect {
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    })
    .await
    .expect("the jump is seen");
    world.submit(Principal::host(), Command::AcceptClock).await.reply.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_appears_in_the_daily_list_is_an_alarm() {
    let (runner, ahead) = (Runner::start(), Arc::new(AtomicI64::new(0)));
    let (socket, clock) = (runner.socket(), Arc::clone(&ahead));
    let desk = Arc::new(Desk::default());
    let mail = mails(&desk);
    let world = World::real(move |config| {
        config.runner = Some(socket);
        config.mail = Some(mail);
        config.clock = Arc::new(Settable { system: SystemClock::new().unwrap(), ahead: clock });
    });
    let world = world.await.enabled().await;
    while !matches!(world.engine.health().runner, RunnerState::Connected { .. }) {
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let place = place();
    let list = place.path().join("list");
    print(&list, &["ada", "ben"]);
    listing(&world, &list).await;

    let seen = Mutex::default();
    assert_eq!(next(&world, &seen).await, (None, 2, 0, 0));
    let first = seen.lock().unwrap()[0];
    assert!(known(&world).drift.is_none());

    print(&list, &["ada", "cyd"]);
    a_day_later(&world, &ahead).await;
    assert_eq!(next(&world, &seen).await, (Some(first), 2, 1, 1));
    let second = seen.lock().unwrap()[1];
    let drift = known(&world).drift.unwrap();
    assert_eq!((drift.execution, drift.appeared), (second, 1));

    // The other alarm is the clock's, which this test sets.
    let told = desk.wait("alarm", 2).await;
    let told: Vec<_> = told.iter().filter(|mail| mail.subject.contains("Standing access")).collect();
    assert_eq!(told.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["ada@fabrikam.example"]);
    let text = &told[0].text;
    for part in [second.to_string().as_str(), first.to_string().as_str(), "Not there before"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("cyd"), "whom a list names is in its output: {text}");

    // What was taken from the disk can't be compared: nobody can say who was added.
    world.engine.outputs().remove(second).unwrap();
    a_day_later(&world, &ahead).await;
    assert_eq!(next(&world, &seen).await, (None, 2, 0, 0));
    let drift = known(&world).drift.unwrap();
    assert_eq!((drift.execution, drift.appeared), (seen.lock().unwrap()[2], 0));

    // What is no list is not recorded as one.
    std::fs::write(&list, "root:x:0:\n").unwrap();
    a_day_later(&world, &ahead).await;
    let tried = || known(&world).tried;
    while seen.lock().unwrap().contains(&tried()) || world.engine.state().executions.contains_key(&tried()) {
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(known(&world).known.unwrap().execution, seen.lock().unwrap()[2]);
    world.engine.stop().await;
}
