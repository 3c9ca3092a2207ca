//! Orders, what came of them, and what every executor is tried with.

pub(crate) mod hostile;
pub(crate) mod proxy;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use countersign_remote::{CredentialReference, Targets, runspaces};
use countersign_runspace::{
    Event, ExecutionId, ExecutionResult, Limits, OnBehalfOf, Outcome, Refusal, Running, Runspace, Sink,
    Stream, TargetName, WorkOrder, clock,
};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) const SECOND: u64 = 1_000_000_000;
/// Nothing that ends takes longer, on any machine.
const LONG: Duration = Duration::from_secs(60);

/// A directory whose every parent only root or the tester can write to.
pub(crate) fn place() -> TempDir {
    use std::os::unix::fs::PermissionsExt as _;
    let place = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    std::fs::set_permissions(place.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    place
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/tls").join(name)
}

/// A file with a credential, as a host would keep it.
pub(crate) fn credential(place: &Path, name: &str, value: &str) -> (TargetName, CredentialReference) {
    use std::os::unix::fs::OpenOptionsExt as _;
    let path = place.join(name);
    let file = std::fs::OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&path);
    std::io::Write::write_all(&mut file.unwrap(), value.as_bytes()).unwrap();
    (name.parse().unwrap(), CredentialReference::File(path))
}

pub(crate) fn executor(name: &str, targets: Targets) -> Box<dyn Runspace> {
    runspaces(targets).unwrap().into_iter().find(|runspace| runspace.name() == name).unwrap()
}

pub(crate) fn fresh_id() -> ExecutionId {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&clock::boot_now().to_be_bytes());
    bytes[8..12].copy_from_slice(&std::process::id().to_be_bytes());
    bytes[12..].copy_from_slice(&(COUNTER.fetch_add(1, Ordering::Relaxed) as u32).to_be_bytes());
    ExecutionId::from_random(bytes)
}

pub(crate) fn order(definition: Value, parameters: Value) -> WorkOrder {
    let now = clock::boot_now();
    WorkOrder {
        execution: fresh_id(),
        workload: "Test".to_owned(),
        task: "Run".to_owned(),
        on_behalf_of: OnBehalfOf {
            person: "p-1".to_owned(),
            display: "Ada \u{7}Lovelace <ada@x>".to_owned(),
        },
        purpose: countersign_runspace::Purpose::Run,
        definition: serde_json::from_value(definition).unwrap(),
        parameters: serde_json::from_value(parameters).unwrap(),
        limits: Limits { grace_ms: 3_000, run_time_ms: 50_000, ..Limits::default() },
        boot_id: clock::boot_id().unwrap(),
        start_by: now + 20 * SECOND,
        deadline: now + 55 * SECOND,
    }
}

/// What came of an execution.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) started: bool,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    pub(crate) end: Result<ExecutionResult, Refusal>,
}

impl Told {
    pub(crate) fn out(&self) -> String {
        String::from_utf8(self.stdout.clone()).unwrap()
    }

    pub(crate) fn err(&self) -> String {
        String::from_utf8(self.stderr.clone()).unwrap()
    }

    #[track_caller]
    pub(crate) fn outcome(&self) -> Value {
        json!(self.end.as_ref().unwrap_or_else(|refusal| panic!("refused: {refusal:?}")).outcome)
    }

    #[track_caller]
    pub(crate) fn succeeds(self) -> Self {
        let outcome = &self.end.as_ref().unwrap_or_else(|refusal| panic!("refused: {refusal:?}")).outcome;
        assert!(matches!(outcome, Outcome::Succeeded { .. }), "{outcome:?}: {}", self.err());
        self
    }

    /// It failed, with the target's word.
    #[track_caller]
    pub(crate) fn fails(self, word: &str) -> Self {
        assert_eq!(
            self.outcome(),
            json!({"outcome": "failed", "failure": {"target": word}}),
            "{}",
            self.err()
        );
        self
    }

    #[track_caller]
    pub(crate) fn refusal(&self) -> &str {
        let refusal = self.end.as_ref().expect_err("not refused");
        assert!(!self.started && self.stdout.is_empty(), "a refused order began");
        &refusal.code
    }
}

pub(crate) struct Started {
    pub(crate) running: Box<dyn Running>,
    events: Receiver<Event>,
    told: Told,
}

struct Listener(Sender<Event>);

impl Sink for Listener {
    fn event(&self, _: &ExecutionId, event: Event) {
        let _ = self.0.send(event);
    }
}

/// Starts it as a runner does: judged first.
pub(crate) fn start(runspace: &dyn Runspace, order: WorkOrder) -> Result<Started, Refusal> {
    runspace.preflight(&order)?;
    let (sender, events) = channel();
    let running = runspace.start(order, Arc::new(Listener(sender)))?;
    let unheard = Err(Refusal::new("unheard", ""));
    let told = Told { started: false, stdout: Vec::new(), stderr: Vec::new(), end: unheard };
    Ok(Started { running, events, told })
}

impl Started {
    /// Takes one event in; `true` after the last.
    fn hear(&mut self) -> bool {
        match self.events.recv_timeout(LONG).expect("the execution does not end") {
            Event::Started { .. } => self.told.started = true,
            Event::Output(output) => {
                assert!(self.told.started, "output before the start");
                let stream = match output.stream {
                    Stream::Stdout => &mut self.told.stdout,
                    Stream::Stderr => &mut self.told.stderr,
                };
                assert_eq!(output.offset, stream.len() as u64);
                stream.extend(output.bytes.0);
            }
            Event::Refused(refusal) => {
                self.told.end = Err(refusal);
                return true;
            }
            Event::Finished(result) => {
                self.told.end = Ok(*result);
                return true;
            }
        }
        false
    }

    pub(crate) fn until_started(&mut self) {
        while !self.told.started {
            assert!(!self.hear(), "ended before it started: {:?}", self.told.end);
        }
    }

    pub(crate) fn end(mut self) -> Told {
        while !self.hear() {}
        assert!(self.events.recv_timeout(Duration::from_millis(1)).is_err(), "an event after the end");
        self.told
    }
}

pub(crate) fn run(runspace: &dyn Runspace, order: WorkOrder) -> Told {
    match start(runspace, order) {
        Ok(started) => started.end(),
        Err(refusal) => Told { started: false, stdout: Vec::new(), stderr: Vec::new(), end: Err(refusal) },
    }
}

pub(crate) fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < LONG, "{what}: not in time");
        std::thread::sleep(Duration::from_millis(10));
    }
}
