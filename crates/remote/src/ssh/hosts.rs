//! One task on several hosts: so many at a time, each told apart, and none begun after too many failed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use countersign_runspace::outcome::{Confirmed, Failure};
use countersign_runspace::{Outcome, Refusal, Stopped, Stream, TargetName, Word};
use tokio::task::JoinSet;
use zeroize::Zeroizing;

use super::run::{self, Task, Tell};
use super::way::Way;
use crate::redact::Redactor;
use crate::work::Job;

/// A host that does not answer for so long is left out, while others work.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of the output that are kept for what is said of a host at the end.
const SUMMARY: u64 = 256;
/// A longer line is told in pieces.
const LINE: usize = 16 * 1024;

/// How many at a time, and how many failures are enough.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    pub(super) at_once: usize,
    pub(super) stop_after: usize,
}

/// What became of one host.
enum Fate {
    Ended(Outcome),
    /// Nothing was executed there.
    Refused(Refusal),
    /// It was not tried any more.
    Left,
}

/// Executes it on all, in their order.
pub(super) async fn run(ways: Vec<Way>, task: Task, bounds: Bounds, job: Job) -> Result<Outcome, Refusal> {
    let names: Vec<TargetName> = ways.iter().map(|way| way.host.name.clone()).collect();
    let share = (job.limits.output_bytes / (names.len().max(1) as u64)).saturating_sub(SUMMARY);
    job.out.hide(&job.secret_values());
    let (job, task) = (Arc::new(job), Arc::new(task));
    let begun = Arc::new(Mutex::new(Begun::No));
    let parts: Vec<Arc<Part>> = names
        .iter()
        .map(|name| Arc::new(Part::new(name.clone(), Arc::clone(&job), Arc::clone(&begun), share)))
        .collect();
    let mut fates: Vec<Fate> = names.iter().map(|_| Fate::Left).collect();
    let mut waiting = ways.into_iter().zip(&parts).enumerate();
    let mut working = JoinSet::new();
    let mut failures = 0;
    loop {
        while working.len() < bounds.at_once && failures < bounds.stop_after && job.stop.now().is_none() {
            let Some((at, (way, part))) = waiting.next() else { break };
            let (task, job, part) = (Arc::clone(&task), Arc::clone(&job), Arc::clone(part));
            working.spawn(async move {
                let fate = match run::run(&way, &task, &job, part.as_ref()).await {
                    Ok(outcome) => Fate::Ended(outcome),
                    Err(refusal) => Fate::Refused(refusal),
                };
                part.finish();
                (at, fate)
            });
        }
        let Some(ended) = working.join_next().await else { break };
        // One that has a fault of its own may have done anything.
        let Ok((at, fate)) = ended else {
            return Ok(Outcome::Unknown { reason: "executor_failed".to_owned() });
        };
        failures += usize::from(!matches!(fate, Fate::Ended(Outcome::Succeeded { .. })));
        if let Some(slot) = fates.get_mut(at) {
            *slot = fate;
        }
    }
    let told: Vec<(&TargetName, &Fate)> = names.iter().zip(&fates).collect();
    if matches!(*lock(&begun), Begun::No) {
        return Err(nowhere(&told, &job));
    }
    for (part, (name, fate)) in parts.iter().zip(&told) {
        job.out.note(&format!("{name}: {}{}", said(fate), part.cut()));
    }
    Ok(whole(&told))
}

/// What all of it comes to. What nobody knows of one host nobody knows of the whole.
fn whole(told: &[(&TargetName, &Fate)]) -> Outcome {
    let unknown: Vec<&str> = told
        .iter()
        .filter(|(_, fate)| matches!(fate, Fate::Ended(Outcome::Unknown { .. })))
        .map(|(name, _)| name.as_str())
        .collect();
    if !unknown.is_empty() {
        return Outcome::Unknown { reason: format!("connection_lost: {}", unknown.join(", ")) };
    }
    let stops: Vec<(&Stopped, Confirmed)> = told
        .iter()
        .filter_map(|(_, fate)| match fate {
            Fate::Ended(Outcome::Stopped { why, confirmed }) => Some((why, *confirmed)),
            _ => None,
        })
        .collect();
    if let Some((why, _)) = stops.first() {
        let all = stops.iter().all(|(_, confirmed)| *confirmed == Confirmed::Confirmed);
        let confirmed = if all { Confirmed::Confirmed } else { Confirmed::Unconfirmed };
        return Outcome::Stopped { why: (*why).clone(), confirmed };
    }
    let good = told.iter().filter(|(_, fate)| matches!(fate, Fate::Ended(Outcome::Succeeded { .. }))).count();
    if good == told.len() {
        return Outcome::Succeeded { exit: 0 };
    }
    let word = if good == 0 { "no_host_succeeded" } else { "some_hosts_failed" };
    Outcome::Failed { failure: Failure::Target(Word::of(word)) }
}

/// Nothing was executed on any host.
fn nowhere(told: &[(&TargetName, &Fate)], job: &Job) -> Refusal {
    let refusals = told.iter().filter_map(|(name, fate)| match fate {
        Fate::Refused(refusal) => Some((name, refusal)),
        _ => None,
    });
    let messages: Vec<String> =
        refusals.clone().map(|(name, refusal)| format!("{name}: {}", refusal.message)).collect();
    let code = refusals.map(|(_, refusal)| refusal.code.as_str()).next().unwrap_or("stopped_before_start");
    Refusal::new(code, job.out.redacted(&messages.join("; ")))
}

fn said(fate: &Fate) -> String {
    match fate {
        Fate::Ended(Outcome::Succeeded { exit: 0 }) => "succeeded".to_owned(),
        Fate::Ended(Outcome::Succeeded { exit }) => format!("succeeded, exit {exit}"),
        Fate::Ended(Outcome::Failed { failure }) => match failure {
            Failure::Exit(status) => format!("failed, exit {status}"),
            Failure::Signal(number) => format!("failed, signal {number}"),
            Failure::OutOfMemory => "failed, out of memory".to_owned(),
            Failure::Target(word) => format!("failed, {}", word.as_str()),
        },
        Fate::Ended(Outcome::Stopped { confirmed: Confirmed::Confirmed, .. }) => "stopped".to_owned(),
        Fate::Ended(Outcome::Stopped { .. }) => "stopped, its end was not seen".to_owned(),
        Fate::Ended(Outcome::Unknown { reason }) => format!("unknown, {reason}"),
        Fate::Refused(refusal) => format!("nothing ran, {}: {}", refusal.code, refusal.message),
        Fate::Left => "nothing ran, not tried".to_owned(),
    }
}

/// Whether the execution began on some host.
#[derive(Clone, Copy)]
enum Begun {
    No,
    Yes,
}

/// One host's part: its lines bear its name, up to its share of the output.
struct Part {
    name: TargetName,
    job: Arc<Job>,
    begun: Arc<Mutex<Begun>>,
    state: Mutex<State>,
}

struct State {
    left: u64,
    lost: u64,
    stdout: Lines,
    stderr: Lines,
}

#[derive(Default)]
struct Lines {
    redactor: Redactor,
    /// A line without its end yet.
    open: Vec<u8>,
}

impl Part {
    fn new(name: TargetName, job: Arc<Job>, begun: Arc<Mutex<Begun>>, share: u64) -> Self {
        let (stdout, stderr) = (Lines::default(), Lines::default());
        Self { name, job, begun, state: Mutex::new(State { left: share, lost: 0, stdout, stderr }) }
    }

    /// Tells the lines that are whole; at the end, or when one becomes too long, what there is.
    fn tell(&self, state: &mut State, stream: Stream, bytes: &[u8], last: bool) {
        let lines = state.lines(stream);
        let mut said = lines.redactor.push(bytes);
        if last {
            said.extend(lines.redactor.finish());
        }
        lines.open.extend(said);
        let mut all = std::mem::take(&mut lines.open);
        let whole = if last || all.len() > LINE {
            all.len()
        } else {
            all.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
        };
        state.lines(stream).open = all.split_off(whole);
        let mut told = Vec::with_capacity(all.len());
        for line in all.split_inclusive(|byte| *byte == b'\n') {
            told.extend_from_slice(self.name.as_str().as_bytes());
            told.extend_from_slice(b": ");
            told.extend_from_slice(line);
            if line.last() != Some(&b'\n') {
                told.push(b'\n');
            }
        }
        let kept = told.len().min(usize::try_from(state.left).unwrap_or(usize::MAX));
        // Only whole lines, so that the next host's begins at a beginning.
        let kept = if kept == told.len() {
            kept
        } else {
            state.left = 0;
            told.iter().take(kept).rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
        };
        state.left = state.left.saturating_sub(kept as u64);
        state.lost = state.lost.saturating_add((told.len() - kept) as u64);
        told.truncate(kept);
        if !told.is_empty() {
            self.job.out.write(stream, &told);
        }
    }

    fn finish(&self) {
        let mut state = lock(&self.state);
        for stream in [Stream::Stdout, Stream::Stderr] {
            self.tell(&mut state, stream, &[], true);
        }
    }

    /// What of its output was left out.
    fn cut(&self) -> String {
        match lock(&self.state).lost {
            0 => String::new(),
            lost => format!("; {lost} bytes of its output were left out"),
        }
    }
}

impl State {
    const fn lines(&mut self, stream: Stream) -> &mut Lines {
        match stream {
            Stream::Stdout => &mut self.stdout,
            Stream::Stderr => &mut self.stderr,
        }
    }
}

impl Tell for Part {
    fn hide(&self, secrets: &[Zeroizing<Vec<u8>>]) {
        let mut state = lock(&self.state);
        state.stdout.redactor = Redactor::new(secrets.iter().cloned());
        state.stderr.redactor = Redactor::new(secrets.iter().cloned());
    }

    fn patience(&self) -> Duration {
        match *lock(&self.begun) {
            Begun::No => self.job.until_start(),
            Begun::Yes => PATIENCE.min(self.job.left()),
        }
    }

    /// The first host begins the execution; the others only look whether it is to end.
    fn begin(&self) -> Result<(), Refusal> {
        let mut begun = lock(&self.begun);
        match *begun {
            Begun::No => {
                self.job.begin()?;
                *begun = Begun::Yes;
                Ok(())
            }
            Begun::Yes => self.job.go_on(),
        }
    }

    fn write(&self, stream: Stream, bytes: &[u8]) {
        self.tell(&mut lock(&self.state), stream, bytes, false);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(outcome: Outcome) -> Fate {
        Fate::Ended(outcome)
    }

    #[test]
    fn the_whole_is_never_better_known_than_its_parts() {
        let good = || ended(Outcome::Succeeded { exit: 0 });
        let bad = || ended(Outcome::Failed { failure: Failure::Exit(3) });
        let lost = || ended(Outcome::Unknown { reason: "connection_lost".to_owned() });
        let stopped = |confirmed| ended(Outcome::Stopped { why: Stopped::Deadline, confirmed });
        let refused = || Fate::Refused(Refusal::new("target_unreachable", "no"));
        let name: Vec<TargetName> = ["a", "b", "c"].map(|name| name.parse().expect("name")).into();
        for (fates, word) in [
            ([good(), good(), good()], "Succeeded"),
            ([good(), bad(), good()], "some_hosts_failed"),
            ([good(), refused(), Fate::Left], "some_hosts_failed"),
            ([bad(), refused(), Fate::Left], "no_host_succeeded"),
            ([good(), lost(), good()], "connection_lost: b"),
            ([bad(), lost(), stopped(Confirmed::Confirmed)], "connection_lost: b"),
            ([good(), stopped(Confirmed::Confirmed), Fate::Left], "Confirmed"),
            ([stopped(Confirmed::Confirmed), stopped(Confirmed::Unconfirmed), bad()], "Unconfirmed"),
        ] {
            let told: Vec<_> = name.iter().zip(&fates).collect();
            let outcome = format!("{:?}", whole(&told));
            assert!(outcome.contains(word), "{outcome}: {word}");
        }
    }
}
