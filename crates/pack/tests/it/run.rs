//! The shipped pack by the real executor, on this machine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use countersign_core::parameter::{Given, Value, check};
use countersign_core::task::TaskDefinition;
use countersign_pack::Pack;
use countersign_runspace::outcome::{ExecutionResult, Outcome, StopReason};
use countersign_runspace::process::{InitCommand, ProcessHost, ProcessRunspace};
use countersign_runspace::{
    Event, ExecutionId, Limits, OnBehalfOf, ParameterValue, Running, Runspace, Sink, WorkOrder, clock,
};
use serde_json::{Value as Json, json};

const SECOND: u64 = 1_000_000_000;

struct Listener(Sender<Event>);

impl Sink for Listener {
    fn event(&self, _: &ExecutionId, event: Event) {
        let _ = self.0.send(event);
    }
}

fn pack() -> Pack {
    Pack::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/linux-host")).unwrap()
}

fn runspace(name: &str) -> ProcessRunspace {
    let init =
        InitCommand { program: env!("CARGO_BIN_EXE_countersign-pack-test").into(), arguments: Vec::new() };
    ProcessRunspace::new(ProcessHost {
        init,
        run_as: [user()].into(),
        program_directories: vec![PathBuf::from("/usr/bin")],
        environment: [].into(),
        limits: Limits::default(),
        name: format!("pack-{name}-{}", std::process::id()),
    })
    .unwrap()
}

/// The tester's own account, which the runner may always be.
fn user() -> String {
    use countersign_sandbox::user::{by_uid, own_uid};
    by_uid(own_uid()).unwrap().map_or_else(|| own_uid().to_string(), |account| account.name)
}

fn order(task: &TaskDefinition, given: Json) -> WorkOrder {
    let values = check(&task.parameters, serde_json::from_value::<Given>(given).unwrap()).unwrap();
    let parameters: BTreeMap<_, _> = values
        .iter()
        .map(|(name, value)| {
            let value = match value {
                Value::Integer(number) => ParameterValue::Integer(*number),
                Value::Boolean(flag) => ParameterValue::Boolean(*flag),
                other => ParameterValue::String(other.to_text().unwrap()),
            };
            (name.as_str().parse().unwrap(), value)
        })
        .collect();
    let now = clock::boot_now();
    WorkOrder {
        execution: format!("x-{:032x}", u128::from(now)).parse().unwrap(),
        workload: task.name.workload().to_string(),
        task: task.name.local().to_string(),
        on_behalf_of: OnBehalfOf { person: "p-1".to_owned(), display: "Anna".to_owned() },
        purpose: countersign_runspace::Purpose::Run,
        definition: serde_json::from_value(task.execution.definition.as_object().clone().into()).unwrap(),
        parameters,
        limits: Limits {
            run_time_ms: task.limits.max_run_time.as_micros() / 1_000,
            grace_ms: 300,
            ..Limits::default()
        },
        boot_id: clock::boot_id().unwrap(),
        start_by: now + 5 * SECOND,
        deadline: now + 60 * SECOND,
    }
}

fn start(name: &str, given: Json, host: &ProcessRunspace) -> (Box<dyn Running>, Receiver<Event>) {
    let pack = pack();
    let task = pack.definitions.tasks.get(&format!("Host\\{name}").parse().unwrap()).unwrap();
    let (sender, events) = channel();
    let running = host.start(order(task, given), Arc::new(Listener(sender)));
    (running.unwrap_or_else(|refusal| panic!("{name}: {refusal:?}")), events)
}

/// Standard output and the result.
fn wait(events: &Receiver<Event>) -> (String, ExecutionResult) {
    let mut output = Vec::new();
    loop {
        match events.recv_timeout(Duration::from_secs(30)).unwrap() {
            Event::Started { .. } => {}
            Event::Output(piece) => output.extend(piece.bytes.0),
            Event::Refused(refusal) => panic!("{refusal:?}"),
            Event::Finished(result) => return (String::from_utf8(output).unwrap(), *result),
        }
    }
}

fn run(name: &str, given: Json) -> String {
    let (_running, events) = start(name, given, &runspace(name));
    let (output, result) = wait(&events);
    assert!(matches!(result.outcome, Outcome::Succeeded { .. }), "{name}: {output} {:?}", result.outcome);
    output
}

#[test]
fn the_linux_host_pack_looks_at_this_machine() {
    assert!(run("Get-DiskUsage", json!({"Path": "/"})).contains("Mounted on"));
    assert!(run("Get-SystemLoad", json!({})).split(' ').count() >= 5);
    assert!(run("Get-SocketTable", json!({})).contains("local_address"));
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    // A random name may begin with a dot, which the pack does not take.
    let place = directory.path().parent().unwrap().join(format!("measured-{}", std::process::id()));
    std::fs::create_dir(&place).unwrap();
    let measured = run("Measure-Directory", json!({"Path": place, "Depth": 1}));
    std::fs::remove_dir(&place).unwrap();
    assert!(measured.ends_with(&format!("{}\n", place.display())), "{measured}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a process that no runner started is what is looked for")]
fn the_linux_host_pack_shows_sockets_and_services_where_their_programs_are_installed() {
    if Path::new("/usr/bin/ps").exists() {
        let heading = run("Get-ServiceState", json!({"Service": "no-such-one"}));
        assert_eq!(heading.lines().count(), 1, "{heading}");
        // One that the task did not start. Its name is there once it runs, a moment after it was spawned.
        let mut sleeper = std::process::Command::new("/usr/bin/sleep").arg("600").spawn().unwrap();
        let id = sleeper.id().to_string();
        let listed = |found: &String| found.lines().any(|line| line.split_whitespace().next() == Some(&id));
        let found = (0..100).map(|_| run("Get-ServiceState", json!({"Service": "sleep"}))).find(listed);
        sleeper.kill().unwrap();
        sleeper.wait().unwrap();
        assert!(found.is_some(), "the sleeper is not among them");
    }
    if Path::new("/usr/bin/ss").exists() {
        assert!(run("Get-ListeningSocket", json!({})).contains("Local Address"));
    }
}

#[test]
fn the_linux_host_pack_rotates_a_log() {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("logs-{}", std::process::id()));
    std::fs::create_dir_all(&place).unwrap();
    let (log, saved) = (place.join("app.log"), place.join("app.log.2026-11-22"));
    for text in ["one", "two"] {
        std::fs::write(&log, text).unwrap();
        run("Save-LogFile", json!({"Path": log, "Destination": saved}));
        run("Clear-LogFile", json!({"Path": log}));
        assert_eq!(std::fs::read_to_string(&log).unwrap(), "");
        assert_eq!(std::fs::read_to_string(&saved).unwrap(), text);
    }
    assert_eq!(std::fs::read_to_string(place.join("app.log.2026-11-22.~1~")).unwrap(), "one");
    run("Clear-LogFile", json!({"Path": place.join("none.log")}));
    assert!(!place.join("none.log").exists());
    std::fs::remove_dir_all(&place).unwrap();
}

#[test]
fn g15_the_long_check_is_stopped() {
    let host = runspace("long");
    let (running, events) = start("Start-LongCheck", json!({"Seconds": 600}), &host);
    assert!(matches!(events.recv_timeout(Duration::from_secs(30)).unwrap(), Event::Started { .. }));
    running.stop(StopReason::try_from("revoked".to_owned()).unwrap());
    let (_, result) = wait(&events);
    assert!(matches!(result.outcome, Outcome::Stopped { .. }), "{:?}", result.outcome);
}
