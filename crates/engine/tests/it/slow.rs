//! F1: server and runner killed at random moments, again and again: nothing acknowledged is lost, nothing runs twice, what
//! nobody knows is called unknown, and no process is left.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use countersign_core::event::Body;
use countersign_core::execution::Outcome;
use countersign_core::id::ExecutionId;
use countersign_engine::RunnerState;

use crate::world::*;

const ROUNDS: u64 = 12;
const RUNS: u32 = 6;

/// A sequence that a failure can be repeated with.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

#[derive(Debug, Clone, Copy)]
enum Victim {
    Server,
    Runner,
    Both,
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_killed_at_random_nothing_is_lost_run_twice_or_left() {
    let seed = std::env::var("COUNTERSIGN_SEED").ok().and_then(|seed| seed.parse().ok());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros();
    let seed = seed.unwrap_or(u64::try_from(now).unwrap_or(1) | 1);
    eprintln!("COUNTERSIGN_SEED={seed} repeats this");
    let mut dice = Dice(seed);
    let mut runner = Runner::start();
    let mut world = World::real(|_| {}).await.enabled().await;
    world.config.runner = Some(runner.socket());
    world.engine.stop().await;
    let mut started: BTreeMap<ExecutionId, String> = BTreeMap::new();
    for round in 0..ROUNDS {
        let victim = [Victim::Server, Victim::Runner, Victim::Both][usize::try_from(dice.below(3)).unwrap()];
        let after = Duration::from_millis(dice.below(900));
        let prefix = world.data().join(format!("mark-{round}-")).display().to_string();
        for (n, execution) in killed(&world, &mut runner, &prefix, victim, after) {
            started.insert(execution, format!("{prefix}{n}"));
        }
        world.reopen().unwrap();
        settled(&world).await;
        world.engine.stop().await;
        assert_eq!(
            processes_with(&prefix),
            Vec::<String>::new(),
            "round {round}, {victim:?} after {after:?}"
        );
    }
    let mut ends: BTreeMap<ExecutionId, Vec<Outcome>> = BTreeMap::new();
    for event in world.events() {
        match event.body {
            Body::ExecutionStarted { execution, .. } => drop(ends.entry(execution).or_default()),
            Body::ExecutionFinished { execution, outcome, .. }
            | Body::ExecutionReported { execution, outcome, .. } => {
                ends.get_mut(&execution).expect("a start comes before an end").push(outcome);
            }
            _ => {}
        }
    }
    assert!(!started.is_empty(), "something was acknowledged");
    for (execution, path) in &started {
        let told = ends.get(execution).unwrap_or_else(|| panic!("{execution} was acknowledged and is lost"));
        let ran = lines(Path::new(path));
        let known = told.iter().find(|outcome| !outcome.is_unknown());
        assert!(ran <= 1, "{path} was run {ran} times: {told:?}");
        assert!(!told.is_empty(), "{path} has no outcome");
        assert!(told.iter().filter(|outcome| !outcome.is_unknown()).count() <= 1, "{path}: {told:?}");
        assert!(known != Some(&Outcome::Succeeded) || ran == 1, "{path} is said to have run: {told:?}");
    }
    // What was not acknowledged may have been run, but not twice either.
    for entry in std::fs::read_dir(world.data()).unwrap().flatten() {
        if entry.file_name().to_string_lossy().starts_with("mark-") {
            assert!(lines(&entry.path()) <= 1, "{:?}", entry.path());
        }
    }
}

/// Starts runs and kills somebody meanwhile; gives what was acknowledged.
fn killed(
    world: &World,
    runner: &mut Runner,
    prefix: &str,
    victim: Victim,
    after: Duration,
) -> BTreeMap<u32, ExecutionId> {
    let mut command = Command::new(BINARY);
    command.arg("executing").arg(world.data()).arg(runner.socket()).arg(world.people["rita"].to_string());
    command.arg(prefix).arg(RUNS.to_string()).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let reading = std::thread::spawn(move || {
        let mut acknowledged = BTreeMap::new();
        for line in out.lines().map_while(Result::ok) {
            if let Some((n, execution)) = line.split_once(' ')
                && let (Ok(n), Ok(execution)) = (n.parse(), execution.parse())
            {
                acknowledged.insert(n, execution);
            }
        }
        acknowledged
    });
    // From the moment that it can start something; a little later each time.
    let begun = SystemTime::now();
    while !Path::new(&format!("{prefix}0")).exists()
        && begun.elapsed().unwrap_or_default() < Duration::from_secs(10)
        && child.try_wait().unwrap().is_none()
    {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(after);
    match victim {
        Victim::Server => {}
        Victim::Runner => runner.restart(),
        Victim::Both => runner.kill(),
    }
    if !matches!(victim, Victim::Runner) {
        let _ = child.kill();
    }
    let _ = child.wait();
    if matches!(victim, Victim::Both) {
        runner.restart();
    }
    reading.join().unwrap()
}

/// Until nothing runs by the ledger.
async fn settled(world: &World) {
    for _ in 0..1_200 {
        let state = world.engine.state();
        let connected = matches!(world.engine.health().runner, RunnerState::Connected { .. });
        if connected && state.executions.values().all(|execution| execution.unknown) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("these never ended: {:?}", world.engine.state().executions);
}

fn lines(path: &Path) -> usize {
    std::fs::read_to_string(path).unwrap_or_default().lines().count()
}

/// Command lines that hold this word, the tests' own excepted.
fn processes_with(word: &str) -> Vec<String> {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let lines = processes.filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok());
    let lines = lines.map(|line| String::from_utf8_lossy(&line).replace('\0', " "));
    lines.filter(|line| line.contains(word) && line.contains("echo once")).collect()
}
