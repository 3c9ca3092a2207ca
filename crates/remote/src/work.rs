//! One execution on a target: its start, its stop, its end.

use std::future::Future;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use countersign_runspace::outcome::Confirmed;
use countersign_runspace::{
    Applied, Event, ExecutionResult, Limits, Outcome, ParameterValue, Refusal, Running, Sink, StopReason,
    Stopped, Strays, Usage, WorkOrder, clock,
};
use tokio::runtime::Handle;
use tokio::sync::watch;
use zeroize::Zeroizing;

use crate::output::Output;

/// How often the boot clock is looked at: timers stand still while a machine sleeps.
const LOOK: Duration = Duration::from_millis(100);
/// What an executor may take beyond its grace before it is left alone.
const PATIENCE_NANOS: u64 = 2_000_000_000;

/// How far an execution has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Stage {
    /// Nothing that could change the target was sent.
    Preparing = 0,
    /// The target works, and what it did can still be told from what it did not.
    Working = 1,
    /// Whether it did cannot be known until it answers.
    Irrevocable = 2,
}

/// What an executor is given.
pub(crate) struct Job {
    pub(crate) order: WorkOrder,
    pub(crate) limits: Limits,
    pub(crate) out: Arc<Output>,
    pub(crate) stop: Stop,
    stage: Arc<AtomicU8>,
    started: Arc<Mutex<Option<u64>>>,
}

/// Hears whether and why the execution is to end.
#[derive(Clone)]
pub(crate) struct Stop(watch::Receiver<Option<Stopped>>);

impl Stop {
    /// Returns when it is to end, with the reason.
    pub(crate) async fn asked(&mut self) -> Stopped {
        match self.0.wait_for(Option::is_some).await {
            Ok(why) => why.clone().unwrap_or(Stopped::ServerLost),
            Err(_) => Stopped::ServerLost,
        }
    }

    pub(crate) fn now(&self) -> Option<Stopped> {
        self.0.borrow().clone()
    }
}

impl Job {
    /// The last moment before what can't be undone: looks at the clock and at a stop, and tells that it began.
    ///
    /// # Errors
    /// `start_too_late`, `stopped_before_start`: nothing may be done then.
    pub(crate) fn begin(&self) -> Result<(), Refusal> {
        if self.stop.now().is_some() {
            return Err(stopped_before_start());
        }
        self.order.in_time()?;
        let at = clock::boot_now();
        self.reach(Stage::Working);
        *self.started.lock().unwrap_or_else(PoisonError::into_inner) = Some(at);
        self.out.started(at);
        Ok(())
    }

    /// As [`Self::begin`], for a further part of an execution that began: only a stop is looked for.
    ///
    /// # Errors
    /// `stopped_before_start`: nothing more may be done.
    pub(crate) fn go_on(&self) -> Result<(), Refusal> {
        if self.stop.now().is_some() { Err(stopped_before_start()) } else { Ok(()) }
    }

    pub(crate) fn reach(&self, stage: Stage) {
        self.stage.store(stage as u8, Ordering::SeqCst);
    }

    pub(crate) fn is_irrevocable(&self) -> bool {
        self.stage.load(Ordering::SeqCst) == Stage::Irrevocable as u8
    }

    /// What is left of the run time, at most until the deadline.
    pub(crate) fn left(&self) -> Duration {
        let now = clock::boot_now();
        let left = self.limits.run_time_ms.saturating_mul(1_000_000);
        Duration::from_nanos(left.min(self.order.deadline.saturating_sub(now)))
    }

    /// What is left until nothing may begin any more.
    pub(crate) fn until_start(&self) -> Duration {
        Duration::from_nanos(self.order.start_by.saturating_sub(clock::boot_now()))
    }

    pub(crate) fn grace(&self) -> Duration {
        Duration::from_millis(self.limits.grace_ms)
    }

    /// Takes out texts that were given as parameters. A message may quote them; an output that many may read may not.
    pub(crate) fn without_values(&self, message: &str) -> String {
        let mut message = message.to_owned();
        for (name, value) in &self.order.parameters {
            let texts: Vec<&str> = match value {
                ParameterValue::String(text) | ParameterValue::Decimal(text) => vec![text],
                ParameterValue::Secret(secret) => vec![secret.expose()],
                ParameterValue::List(items) => items.iter().map(String::as_str).collect(),
                ParameterValue::Table(rows) => {
                    rows.iter().flat_map(|row| row.0.values()).map(String::as_str).collect()
                }
                _ => Vec::new(),
            };
            for text in texts.into_iter().filter(|text| text.chars().count() >= 3) {
                message = message.replace(text, &format!("(the value of {name})"));
            }
        }
        message
    }

    /// Values of secret parameters, which no output may show.
    pub(crate) fn secret_values(&self) -> Vec<Zeroizing<Vec<u8>>> {
        let values = self.order.parameters.values();
        values
            .filter_map(|value| match value {
                ParameterValue::Secret(secret) => Some(Zeroizing::new(secret.expose().as_bytes().to_vec())),
                _ => None,
            })
            .collect()
    }
}

fn stopped_before_start() -> Refusal {
    Refusal::new("stopped_before_start", "stopped before anything was done on the target")
}

struct Handles {
    stop: Arc<watch::Sender<Option<Stopped>>>,
    deadline: Arc<AtomicU64>,
}

impl Handles {
    fn end(&self, why: Stopped) {
        self.stop.send_if_modified(|now| {
            let first = now.is_none();
            if first {
                *now = Some(why);
            }
            first
        });
    }
}

impl Running for Handles {
    fn stop(&self, reason: StopReason) {
        self.end(Stopped::Requested(reason));
    }

    /// What the target itself was told of the time that is left stays as it was.
    fn extend(&self, deadline: u64) {
        self.deadline.fetch_max(deadline, Ordering::SeqCst);
    }

    fn kill(&self) {
        self.end(Stopped::ServerLost);
    }
}

/// Begins an execution on the runtime. `work` gives a refusal only as long as it has not begun.
pub(crate) fn launch<F, Fut>(
    runtime: &Handle,
    order: WorkOrder,
    limits: Limits,
    sink: Arc<dyn Sink>,
    work: F,
) -> Box<dyn Running>
where
    F: FnOnce(Job) -> Fut,
    Fut: Future<Output = Result<Outcome, Refusal>> + Send + 'static,
{
    let (sender, receiver) = watch::channel(None);
    let sender = Arc::new(sender);
    let execution = order.execution.clone();
    let out = Arc::new(Output::new(execution.clone(), Arc::clone(&sink), limits.output_bytes));
    let (stage, started) = (Arc::new(AtomicU8::new(Stage::Preparing as u8)), Arc::new(Mutex::new(None)));
    let deadline = Arc::new(AtomicU64::new(order.deadline));
    let mut stop = Stop(receiver);
    let job = Job {
        order,
        limits,
        out: Arc::clone(&out),
        stop: stop.clone(),
        stage: Arc::clone(&stage),
        started: Arc::clone(&started),
    };
    let task = runtime.spawn(work(job));
    let handles = Handles { stop: Arc::clone(&sender), deadline: Arc::clone(&deadline) };
    runtime.spawn(async move {
        let begun = clock::boot_now();
        let mut task = task;
        let watched = Handles { stop: sender, deadline };
        let ended = tokio::select! {
            ended = &mut task => ended.ok(),
            () = overdue(&watched, &mut stop, begun, &limits) => {
                task.abort();
                // An executor that ended in this very moment has its word.
                task.await.ok()
            }
        };
        let started = *started.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = ended.unwrap_or_else(|| abandoned(&stop, stage.load(Ordering::SeqCst)));
        let event = match ended {
            Err(refusal) if started.is_none() => {
                let message = out.redacted(&refusal.message);
                Event::Refused(Refusal { message, ..refusal })
            }
            // An executor that refuses after it began has a fault; what it did is not known then.
            Err(refusal) => {
                finished(&out, &execution, limits, started, Outcome::Unknown { reason: refusal.code })
            }
            Ok(outcome) => finished(&out, &execution, limits, started, outcome),
        };
        tokio::task::block_in_place(|| sink.event(&execution, event));
    });
    Box::new(handles)
}

fn finished(
    out: &Output,
    execution: &countersign_runspace::ExecutionId,
    limits: Limits,
    started: Option<u64>,
    outcome: Outcome,
) -> Event {
    let (stdout, stderr) = out.finish();
    let ended = clock::boot_now();
    Event::Finished(Box::new(ExecutionResult {
        execution: execution.clone(),
        outcome,
        stdout,
        stderr,
        started: started.unwrap_or(ended),
        ended,
        limits,
        applied: Applied::default(),
        usage: Usage::default(),
        strays: Strays::None,
    }))
}

/// Ends it when its time is over, and returns when it did not end though it had to.
async fn overdue(handles: &Handles, stop: &mut Stop, begun: u64, limits: &Limits) {
    let last = begun.saturating_add(limits.run_time_ms.saturating_mul(1_000_000));
    let mut asked = None;
    loop {
        // Woken at once by a stop, so that its grace is counted from then.
        let stopped = stop.now().is_some();
        if stopped {
            tokio::time::sleep(LOOK).await;
        } else {
            let _ = tokio::time::timeout(LOOK, stop.asked()).await;
        }
        let now = clock::boot_now();
        if now >= handles.deadline.load(Ordering::SeqCst) {
            handles.end(Stopped::Deadline);
        } else if now >= last {
            handles.end(Stopped::RunTime);
        }
        if stop.now().is_some() {
            let asked = *asked.get_or_insert(now);
            let grace = limits.grace_ms.saturating_mul(1_000_000).saturating_add(PATIENCE_NANOS);
            if now > asked.saturating_add(grace) {
                return;
            }
        }
    }
}

/// What is known of an execution whose executor did not end.
fn abandoned(stop: &Stop, stage: u8) -> Result<Outcome, Refusal> {
    match (stage, stop.now()) {
        (0, Some(_)) => Err(stopped_before_start()),
        (0, None) => Err(Refusal::new("executor_failed", "the executor ended before it did anything")),
        (1, Some(why)) => Ok(Outcome::Stopped { why, confirmed: Confirmed::Unconfirmed }),
        _ => Ok(Outcome::Unknown { reason: "the target did not answer".to_owned() }),
    }
}
