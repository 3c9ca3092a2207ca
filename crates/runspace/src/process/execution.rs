//! One execution from the runner's side: its init, its output and its end.

use std::io::PipeReader;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use countersign_sandbox::applied::{Applied, Ended, Exit, Report, Stop, Strays, Tree, Usage};
use countersign_sandbox::cgroup::{Cgroups, Group};
use countersign_sandbox::clock;
use countersign_sandbox::init::wire::{self, Readable};
use countersign_sandbox::init::{Init, Stage, Standing};
use countersign_sandbox::spec::HeldByCgroup;

use super::Shared;
use super::inits::Ends;
use super::output::{Budget, Gate, Pump};
use super::prepare::Prepared;
use crate::outcome::{Confirmed, Failure};
use crate::{
    Event, ExecutionId, ExecutionResult, Outcome, Refusal, Running, Sink, StopReason, Stopped, Stream,
    StreamSummary,
};

/// What an init may take beyond every instant it was given before it is killed itself.
const PATIENCE_NANOS: u64 = 8_000_000_000;

pub(super) fn start(
    shared: Arc<Shared>,
    execution: ExecutionId,
    prepared: Prepared,
    sink: Arc<dyn Sink>,
) -> Result<Box<dyn Running>, Refusal> {
    let (ours, theirs) = UnixStream::pair().map_err(|e| failed("making a socket", &e))?;
    let to_init = ours.try_clone().map_err(|e| failed("making a socket", &e))?;
    let control = Arc::new(Control { to_init, state: Mutex::default() });
    let supervisor =
        Supervisor { shared, execution, prepared, sink, control: Arc::clone(&control), from_init: ours };
    std::thread::Builder::new()
        .name("execution".to_owned())
        .spawn(move || supervisor.run(theirs))
        .map_err(|e| failed("starting a thread", &e))?;
    Ok(Box::new(Handle(control)))
}

struct Handle(Arc<Control>);

impl Running for Handle {
    fn stop(&self, reason: StopReason) {
        self.0.end(Stopped::Requested(reason));
    }

    fn extend(&self, deadline: u64) {
        self.0.extend(deadline);
    }

    fn kill(&self) {
        // The init takes the end of the socket for the end of the runner; its report still comes back.
        self.0.end(Stopped::ServerLost);
        let _ = self.0.to_init.shutdown(std::net::Shutdown::Write);
    }
}

/// What the handle and the supervising thread share.
struct Control {
    to_init: UnixStream,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Why it was told to end, and when.
    ending: Option<(Stopped, u64)>,
    /// The init has its order, so that a stop can follow on the socket.
    ordered: bool,
    /// The latest deadline that it was given since; 0 if none.
    deadline: u64,
}

impl Control {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self, why: Stopped) {
        let mut state = self.state();
        if state.ending.is_some() {
            return;
        }
        state.ending = Some((why, clock::boot_now()));
        if state.ordered {
            // An init that is gone is noticed where its reports are read.
            let _ = wire::write(&mut &self.to_init, wire::STOP);
        }
    }

    /// Only ever later, and never for what is told to end.
    fn extend(&self, deadline: u64) {
        let mut state = self.state();
        if state.ending.is_some() || deadline <= state.deadline {
            return;
        }
        state.deadline = deadline;
        if state.ordered {
            let _ = wire::write(&mut &self.to_init, &wire::until(deadline));
        }
    }

    fn deadline(&self) -> u64 {
        self.state().deadline
    }

    /// Hands the init its order, unless the execution was stopped before.
    fn order(&self, prepared: &Prepared) -> Result<(), Refusal> {
        let mut state = self.state();
        if state.ending.is_some() {
            return Err(Refusal::new("stopped_before_start", "stopped before the program began"));
        }
        state.ordered = true;
        wire::send_program(&self.to_init, &prepared.program, prepared.form)
            .and_then(|()| wire::send(&mut &self.to_init, &prepared.spec))
            .and_then(|()| wire::write(&mut &self.to_init, &prepared.input))
            .and_then(|()| match state.deadline {
                0 => Ok(()),
                later => wire::write(&mut &self.to_init, &wire::until(later)),
            })
            .map_err(|e| failed("telling the init", &e))
    }

    fn ending(&self) -> Option<(Stopped, u64)> {
        self.state().ending.clone()
    }
}

struct Supervisor {
    shared: Arc<Shared>,
    execution: ExecutionId,
    prepared: Prepared,
    sink: Arc<dyn Sink>,
    control: Arc<Control>,
    from_init: UnixStream,
}

/// What was heard from the init.
#[derive(Default)]
struct Heard {
    preparing: bool,
    refused: Option<Refusal>,
    started: Option<(u64, Applied)>,
    ended: Option<Ended>,
}

impl Supervisor {
    fn run(mut self, theirs: UnixStream) {
        let event = match self.carry_out(theirs) {
            Ok(result) => Event::Finished(Box::new(result)),
            Err(refusal) => Event::Refused(refusal),
        };
        self.sink.event(&self.execution, event);
    }

    fn carry_out(&mut self, theirs: UnixStream) -> Result<ExecutionResult, Refusal> {
        let group = self.group();
        let spawned = self.spawn(theirs);
        let (init, stdout, stderr) = match spawned {
            Ok(spawned) => spawned,
            Err(error) => {
                if let Some(group) = &group {
                    group.remove();
                }
                return Err(failed("starting the init", &error));
            }
        };
        let budget = Arc::new(Budget::new(self.prepared.limits.output_bytes));
        let pumps = [self.pump(Stream::Stdout, stdout, &budget), self.pump(Stream::Stderr, stderr, &budget)];
        let heard = self.listen(&init, &budget);
        self.bury(&init, group.as_ref());
        budget.set(Gate::Ending);
        let [stdout, stderr] = pumps.map(summary);
        let out_of_memory = group.as_ref().is_some_and(Group::ran_out_of_memory);
        let peak = group.as_ref().and_then(Group::peak_memory);
        if let Some(group) = &group {
            group.remove();
        }
        if let Some(refusal) = heard.refused {
            return Err(refusal);
        }
        if !heard.preparing {
            return Err(Refusal::new("sandbox_failed", "the init ended before it prepared anything"));
        }
        let (started, mut applied) = heard.started.unwrap_or_else(|| (clock::boot_now(), Applied::default()));
        applied.cgroup =
            group.is_some().then(|| self.shared.cgroups.as_ref().map(Cgroups::version)).flatten();
        let mut usage = heard.ended.as_ref().map_or_else(Usage::default, |ended| ended.usage);
        usage.peak_memory_bytes = peak.unwrap_or(usage.peak_memory_bytes);
        Ok(ExecutionResult {
            execution: self.execution.clone(),
            outcome: self.outcome(heard.ended.as_ref(), out_of_memory),
            stdout,
            stderr,
            started,
            ended: heard.ended.as_ref().map_or_else(clock::boot_now, |ended| ended.at),
            limits: self.prepared.limits,
            applied,
            usage,
            strays: heard.ended.as_ref().map_or(Strays::None, |ended| ended.strays),
        })
    }

    /// A control group where there is one to be had; else rlimits hold, and the result says so.
    fn group(&mut self) -> Option<Group> {
        let limits = &self.prepared.limits;
        let cgroups = self.shared.cgroups.as_ref()?;
        let group = cgroups.create(self.execution.as_str(), limits.memory_bytes, limits.processes).ok()?;
        self.prepared.spec.cgroup_files = group.join_files();
        self.prepared.spec.limits.held_by_cgroup = HeldByCgroup::MemoryAndProcesses;
        Some(group)
    }

    fn spawn(&self, theirs: UnixStream) -> std::io::Result<(Init, PipeReader, PipeReader)> {
        let (stdout, stdout_end) = std::io::pipe()?;
        let (stderr, stderr_end) = std::io::pipe()?;
        let stage = Stage::Outer(self.prepared.spec.processes);
        let ends = Ends { control: theirs.into(), stdout: stdout_end.into(), stderr: stderr_end.into() };
        let init = self.shared.inits.start(stage, ends)?;
        Ok((init, stdout, stderr))
    }

    fn pump(
        &self,
        stream: Stream,
        pipe: PipeReader,
        budget: &Arc<Budget>,
    ) -> std::io::Result<JoinHandle<StreamSummary>> {
        let pump = Pump {
            execution: self.execution.clone(),
            stream,
            pipe,
            budget: Arc::clone(budget),
            sink: Arc::clone(&self.sink),
        };
        std::thread::Builder::new().name("output".to_owned()).spawn(move || pump.run())
    }

    /// Tells the init what to run and hears it out.
    fn listen(&mut self, init: &Init, budget: &Budget) -> Heard {
        let mut heard = Heard::default();
        if let Err(refusal) = self.control.order(&self.prepared) {
            heard.refused = Some(refusal);
            let _ = self.from_init.shutdown(std::net::Shutdown::Both);
            return heard;
        }
        loop {
            match wire::readable(&self.from_init, 500) {
                Ok(Readable::Now) => {}
                Ok(Readable::NotYet) => {
                    if self.overdue(&heard) {
                        init.kill();
                        return heard;
                    }
                    continue;
                }
                Err(_) => return heard,
            }
            match wire::receive::<Report>(&mut &self.from_init) {
                Ok(Some(Report::Preparing)) => heard.preparing = true,
                Ok(Some(Report::Started { at, applied })) => {
                    self.sink.event(&self.execution, Event::Started { at });
                    budget.set(Gate::Open);
                    heard.started = Some((at, applied));
                }
                Ok(Some(Report::Refused { code, message })) => {
                    heard.refused = Some(Refusal { code, message });
                    return heard;
                }
                Ok(Some(Report::Ended(ended))) => {
                    heard.ended = Some(ended);
                    return heard;
                }
                Ok(None) | Err(_) => return heard,
            }
        }
    }

    /// Whether the init should long have ended the program, and has not.
    fn overdue(&self, heard: &Heard) -> bool {
        let spec = &self.prepared.spec;
        let mut last = spec.deadline.max(self.control.deadline());
        if let Some((started, _)) = &heard.started {
            last = last.min(started.saturating_add(spec.run_time));
        }
        if let Some((_, asked)) = self.control.ending() {
            last = last.min(asked);
        }
        clock::boot_now() > last.saturating_add(spec.grace).saturating_add(PATIENCE_NANOS)
    }

    /// Sees the init gone, and all that could have been left without it.
    fn bury(&self, init: &Init, group: Option<&Group>) {
        if init.wait(2_000) == Standing::There {
            init.kill();
            init.wait(2_000);
        }
        if let Some(group) = group {
            group.kill();
        }
        self.shared.inits.bury(init.id());
    }

    fn outcome(&self, ended: Option<&Ended>, out_of_memory: bool) -> Outcome {
        let Some(ended) = ended else {
            return Outcome::Unknown { reason: "the init that watched the program was killed".to_owned() };
        };
        let confirmed = match ended.tree {
            Tree::Gone => Confirmed::Confirmed,
            Tree::Unconfirmed => Confirmed::Unconfirmed,
        };
        let asked = || self.control.ending().map_or(Stopped::ServerLost, |(why, _)| why);
        let why = match ended.stopped {
            Some(Stop::Deadline) => Some(Stopped::Deadline),
            Some(Stop::RunTime) => Some(Stopped::RunTime),
            Some(Stop::InitLost) => Some(Stopped::InitLost),
            Some(Stop::Requested | Stop::RunnerGone) => Some(asked()),
            None => None,
        };
        match (why, ended.exit) {
            (Some(why), _) => Outcome::Stopped { why, confirmed },
            (None, Exit::Status(exit))
                if self.prepared.success.iter().any(|good| i32::from(*good) == exit) =>
            {
                Outcome::Succeeded { exit }
            }
            (None, _) if out_of_memory => Outcome::Failed { failure: Failure::OutOfMemory },
            (None, Exit::Status(exit)) => Outcome::Failed { failure: Failure::Exit(exit) },
            (None, Exit::Signal(signal)) => Outcome::Failed { failure: Failure::Signal(signal) },
        }
    }
}

fn summary(pump: std::io::Result<JoinHandle<StreamSummary>>) -> StreamSummary {
    let joined = pump.ok().and_then(|thread| thread.join().ok());
    // A reader that could not be started has read nothing, and the digest that is no digest says so.
    joined.unwrap_or_else(|| StreamSummary { bytes: 0, kept: 0, sha256: String::new() })
}

fn failed(doing: &str, error: &std::io::Error) -> Refusal {
    Refusal::new("sandbox_failed", format!("{doing}: {error}"))
}
