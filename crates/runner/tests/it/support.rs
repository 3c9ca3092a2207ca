//! A runner in a directory of its own, and orders for it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use countersign_runner::RunnerClient;
use countersign_runner::client::{Connected, Events};
use countersign_runspace::{
    Definition, Event, ExecutionId, ExecutionResult, Limits, OnBehalfOf, Refusal, Stream, WorkOrder, clock,
};
use countersign_sandbox::tree;
use rustix::process::{Pid, Signal};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_countersign-runner-test");
pub(crate) const EVERYTHING: &str = "[process]\nrun_as = [\"root\", \"nobody\", \"ME\"]\n\
    program_directories = [\"/\"]\nenvironment = [\"TZ\"]\n";

/// A host file that allows the tester whatever a test needs.
pub(crate) fn everything() -> String {
    EVERYTHING.replace("ME", &own_name())
}

/// Whom the runner runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum As {
    /// Whoever runs the tests.
    Tester,
    /// An ordinary user that root became.
    Nobody,
}

/// Both where it is possible: an ordinary tester has only one.
pub(crate) fn everyone() -> Vec<As> {
    if is_root() { vec![As::Tester, As::Nobody] } else { vec![As::Tester] }
}

pub(crate) fn is_root() -> bool {
    own_uid() == 0
}

pub(crate) fn own_uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// A directory whose every parent only root or the tester can write to.
pub(crate) fn place() -> TempDir {
    use std::os::unix::fs::PermissionsExt as _;
    let place = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    std::fs::set_permissions(place.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    place
}

pub(crate) struct Runner {
    pub(crate) place: TempDir,
    child: Child,
    who: As,
    server_uid: u32,
}

impl Runner {
    pub(crate) fn start(who: As) -> Self {
        Self::with_host_file(who, EVERYTHING)
    }

    pub(crate) fn with_host_file(who: As, host_file: &str) -> Self {
        Self::with(who, host_file, own_uid(), |_| {})
    }

    pub(crate) fn with(who: As, host_file: &str, server_uid: u32, more: impl Fn(&mut Command)) -> Self {
        let place = place();
        std::fs::write(place.path().join("runner.toml"), host_file.replace("ME", &own_name())).unwrap();
        for name in ["state", "run"] {
            let directory = place.path().join(name);
            std::fs::create_dir(&directory).unwrap();
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&directory, std::fs::Permissions::from_mode(0o700)).unwrap();
            if who == As::Nobody {
                std::os::unix::fs::chown(&directory, Some(65534), Some(65534)).unwrap();
            }
        }
        let child = spawn(place.path(), who, server_uid, &more);
        let runner = Self { place, child, who, server_uid };
        runner.wait_until_listening();
        runner
    }

    fn wait_until_listening(&self) {
        wait_for("the socket", || self.socket().exists());
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.place.path().join("run/runner.sock")
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The process that every init is a fork of.
    pub(crate) fn template(&self) -> u32 {
        let children = tree::children(self.id());
        assert_eq!(children.len(), 1, "{children:?}");
        children[0]
    }

    /// The first processes of what runs.
    pub(crate) fn inits(&self) -> Vec<u32> {
        tree::children(self.template())
    }

    pub(crate) async fn connect(&self) -> Connected {
        RunnerClient::connect(&self.socket(), "test").await.unwrap()
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn restart(&mut self) {
        self.kill();
        std::fs::remove_file(self.socket()).unwrap();
        self.child = spawn(self.place.path(), self.who, self.server_uid, &|_| {});
        self.wait_until_listening();
    }

    pub(crate) fn lives(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(place: &Path, who: As, server_uid: u32, more: &dyn Fn(&mut Command)) -> Child {
    let mut command = Command::new(BINARY);
    command
        .arg("serve")
        .arg(place.join("run/runner.sock"))
        .arg(place.join("runner.toml"))
        .arg(place.join("state"));
    command.arg(server_uid.to_string()).arg(if who == As::Nobody { "nobody" } else { "-" });
    command.stdin(Stdio::null());
    more(&mut command);
    command.spawn().unwrap()
}

pub(crate) fn own_name() -> String {
    countersign_sandbox::user::by_uid(own_uid())
        .unwrap()
        .map_or_else(|| own_uid().to_string(), |user| user.name)
}

/// A fresh id; the counter keeps ids of one process apart, its number those of several.
pub(crate) fn fresh_id() -> ExecutionId {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&clock::boot_now().to_be_bytes());
    bytes[8..12].copy_from_slice(&std::process::id().to_be_bytes());
    bytes[12..]
        .copy_from_slice(&u32::try_from(COUNTER.fetch_add(1, Ordering::Relaxed)).unwrap().to_be_bytes());
    ExecutionId::from_random(bytes)
}

pub(crate) const SECOND: u64 = 1_000_000_000;

/// An order for a definition given as JSON without its executor.
pub(crate) fn order(mut definition: Value, parameters: Value) -> WorkOrder {
    definition["executor"] = json!("process");
    let definition: Definition = serde_json::from_value(definition).unwrap();
    let now = clock::boot_now();
    WorkOrder {
        execution: fresh_id(),
        workload: "Test".to_owned(),
        task: "Run".to_owned(),
        on_behalf_of: OnBehalfOf { person: "p-1".to_owned(), display: "Ada \u{7}Lovelace".to_owned() },
        purpose: countersign_runspace::Purpose::Run,
        definition,
        parameters: serde_json::from_value(parameters).unwrap(),
        limits: Limits { grace_ms: 300, run_time_ms: 20_000, ..Limits::default() },
        boot_id: clock::boot_id().unwrap(),
        start_by: now + 5 * SECOND,
        deadline: now + 60 * SECOND,
    }
}

/// An order for a shell script that stands in the definition.
pub(crate) fn shell(script: &str) -> WorkOrder {
    order(json!({"program": "/bin/sh", "arguments": [{"literal": "-c"}, {"literal": script}]}), json!({}))
}

/// What came of an execution.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) started: Option<u64>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
    pub(crate) end: Option<Result<ExecutionResult, Refusal>>,
}

impl Told {
    pub(crate) fn result(&self) -> &ExecutionResult {
        match &self.end {
            Some(Ok(result)) => result,
            other => panic!("no result: {other:?}"),
        }
    }

    pub(crate) fn refusal(&self) -> &str {
        match &self.end {
            Some(Err(refusal)) => {
                assert_eq!((self.started, self.stdout.len()), (None, 0), "a refused program ran");
                &refusal.code
            }
            other => panic!("not refused: {other:?}"),
        }
    }

    pub(crate) fn text(&self) -> String {
        assert!(matches!(self.end, Some(Ok(_))), "{:?}", self.end);
        String::from_utf8(self.stdout.clone()).unwrap()
    }
}

pub(crate) async fn run(client: &RunnerClient, order: WorkOrder) -> Told {
    let mut events = client.start(order).await.unwrap();
    hear_out(&mut events).await
}

pub(crate) async fn hear_out(events: &mut Events) -> Told {
    let mut told = Told { started: None, stdout: Vec::new(), stderr: Vec::new(), end: None };
    let all = async {
        while let Some(event) = events.next().await {
            assert!(told.end.is_none(), "an event after the end: {event:?}");
            match event {
                Event::Started { at } => told.started = Some(at),
                Event::Output(output) => {
                    assert!(told.started.is_some(), "output before the start");
                    let stream = match output.stream {
                        Stream::Stdout => &mut told.stdout,
                        Stream::Stderr => &mut told.stderr,
                    };
                    assert_eq!(output.offset, stream.len() as u64);
                    stream.extend(output.bytes.0);
                }
                Event::Finished(result) => told.end = Some(Ok(*result)),
                Event::Refused(refusal) => told.end = Some(Err(refusal)),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), all).await.expect("the execution does not end");
    told
}

/// Reads until the program has written `text`.
pub(crate) async fn until_output(events: &mut Events, text: &str) {
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains(text) {
        match tokio::time::timeout(Duration::from_secs(10), events.next()).await.expect("no output") {
            Some(Event::Output(output)) => seen.extend(output.bytes.0),
            Some(Event::Started { .. }) => {}
            other => panic!("before {text:?} came {other:?}"),
        }
    }
}

/// A number of seconds to sleep that no other process of the host sleeps.
pub(crate) fn odd_seconds() -> String {
    let id = fresh_id().as_str().to_owned();
    format!(
        "9{}.{}",
        std::process::id(),
        id.bytes().fold(0_u32, |sum, b| sum.wrapping_mul(31) + u32::from(b))
    )
}

/// Processes with this word among their arguments.
pub(crate) fn processes_with(word: &str) -> Vec<u32> {
    std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid| {
            let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            line.split(|b| *b == 0).any(|argument| argument == word.as_bytes())
        })
        .collect()
}

pub(crate) fn wait_for(what: &str, mut done: impl FnMut() -> bool) {
    wait_at_most(Duration::from_secs(10), what, &mut done);
}

pub(crate) fn wait_at_most(time: Duration, what: &str, done: &mut dyn FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < time, "{what}: not within {time:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub(crate) fn terminate(pid: u32) {
    rustix::process::kill_process(Pid::from_raw(i32::try_from(pid).unwrap()).unwrap(), Signal::TERM).unwrap();
}

pub(crate) fn kill_hard(pid: u32) {
    rustix::process::kill_process(Pid::from_raw(i32::try_from(pid).unwrap()).unwrap(), Signal::KILL).unwrap();
}

pub(crate) fn code_of(error: &dyn std::fmt::Display) -> String {
    error.to_string().rsplit('(').next().unwrap_or_default().trim_end_matches(')').to_owned()
}
