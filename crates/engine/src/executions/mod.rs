//! Executions on targets: orders go to the runner once they are durable, and how they end comes back as a command.
//!
//! What nobody can know is called unknown and never run again by itself; "did not start" is said only where it is
//! certain that nothing ran.

mod follow;
mod order;
pub(crate) mod output;
mod runner;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use countersign_core::execution::{Outcome, StopReason};
use countersign_core::id::ExecutionId;
use countersign_core::time::Instant;
use countersign_runner::RunnerClient;
use countersign_runner::protocol::RunnerHealth;
use countersign_store::Blobs;
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;

use crate::clock::Clock;
use crate::handle::EngineHandle;
use crate::writer::Order;

/// What the executor is told.
pub(crate) enum ToExecutor {
    /// Start this.
    Start(Box<Order>),
    /// This was recorded as started and cannot be.
    Lost(ExecutionId),
    /// This may run until then.
    Extend(ExecutionId, Instant),
    /// Stop this.
    Stop(ExecutionId, StopReason),
    /// The connection has heard of these; all others that were handed over are lost.
    Connected(RunnerClient, BTreeSet<ExecutionId>),
    /// The connection is gone.
    Disconnected,
    /// Executions that no connection has accounted for by now.
    GiveUp(BTreeSet<ExecutionId>),
    /// An execution's end is durable.
    Ended(ExecutionId),
    /// Stop everything, and say when it has stopped.
    Shutdown(oneshot::Sender<()>),
}

/// How long a lost connection may take to come back before its executions are called unknown.
const RECONNECT_WITHIN: Duration = Duration::from_secs(10);
/// How long an order waits between two looks for a runner.
const TRY_AGAIN: Duration = Duration::from_millis(200);
/// How often a stop is repeated while it has no effect.
const STOP_AGAIN: Duration = Duration::from_secs(5);
/// How often it is repeated before its outcome is called unknown.
const MOST_STOPS: u32 = 24;

/// What the executor and its helpers share.
pub(crate) struct Shared {
    pub(crate) engine: EngineHandle,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) blobs: Blobs,
    pub(crate) outputs: output::Running,
    pub(crate) health: Mutex<RunnerLink>,
    pub(crate) me: mpsc::UnboundedSender<ToExecutor>,
    pub(crate) tasks: Mutex<Vec<AbortHandle>>,
}

/// What is known of the runner.
#[derive(Debug, Default)]
pub(crate) struct RunnerLink {
    pub(crate) client_connected: bool,
    pub(crate) since_error: Option<String>,
    pub(crate) health: Option<RunnerHealth>,
}

impl Shared {
    /// Runs something beside the executor, until it ends or the engine does.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.retain(|task| !task.is_finished());
        tasks.push(tokio::spawn(task).abort_handle());
    }

    /// Ends all of it: the connection to the runner closes.
    pub(crate) fn close(&self) {
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        tasks.iter().for_each(AbortHandle::abort);
    }

    pub(crate) fn link(&self) -> std::sync::MutexGuard<'_, RunnerLink> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Executor {
    shared: Arc<Shared>,
    socket: Option<PathBuf>,
    client: Option<RunnerClient>,
    /// Handed over, without an end yet.
    handed: BTreeSet<ExecutionId>,
    /// How often each was asked to stop.
    stops: BTreeMap<ExecutionId, u32>,
    shutdown: Option<oneshot::Sender<()>>,
}

/// Runs until it is told to shut down and everything has ended.
pub(crate) async fn run(
    shared: Arc<Shared>,
    socket: Option<PathBuf>,
    mut queue: mpsc::UnboundedReceiver<ToExecutor>,
) {
    // What runs by a copy of the ledger says nothing of what runs.
    tokio::select! {
        biased;
        () = shared.engine.settled() => {}
        () = shutdown(&mut queue) => return,
    }
    let left: BTreeSet<ExecutionId> = unfinished(&shared);
    let mut executor = Executor {
        handed: left.clone(),
        shared: Arc::clone(&shared),
        socket: socket.clone(),
        client: None,
        stops: BTreeMap::new(),
        shutdown: None,
    };
    match socket {
        Some(socket) => {
            shared.spawn(runner::keep_connected(Arc::clone(&shared), socket));
            executor.give_up_later(left);
        }
        None => executor.unknown(&left, words::NO_RUNNER),
    }
    while let Some(message) = queue.recv().await {
        executor.handle(message).await;
        if executor.handed.is_empty()
            && let Some(done) = executor.shutdown.take()
        {
            let _ = done.send(());
            return;
        }
    }
}

/// Waits to be told to shut down while nothing has begun; before that there is nothing to be told.
async fn shutdown(queue: &mut mpsc::UnboundedReceiver<ToExecutor>) {
    while let Some(message) = queue.recv().await {
        if let ToExecutor::Shutdown(done) = message {
            let _ = done.send(());
            return;
        }
    }
}

/// What the ledger says is running on targets.
fn unfinished(shared: &Shared) -> BTreeSet<ExecutionId> {
    let state = shared.engine.state();
    state.executions.iter().filter(|(_, execution)| !execution.unknown).map(|(id, _)| *id).collect()
}

impl Executor {
    async fn handle(&mut self, message: ToExecutor) {
        match message {
            ToExecutor::Start(order) => self.start(*order).await,
            ToExecutor::Lost(execution) => self.not_started(execution, "order_lost"),
            ToExecutor::Extend(execution, deadline) => self.extend(execution, deadline).await,
            ToExecutor::Stop(execution, why) => self.stop(execution, why).await,
            ToExecutor::Connected(client, known) => {
                self.client = Some(client);
                let lost: BTreeSet<_> = self.handed.difference(&known).copied().collect();
                self.unknown(&lost, words::NOT_AT_RUNNER);
                self.stop_again().await;
            }
            ToExecutor::Disconnected => {
                self.client = None;
                self.give_up_later(self.handed.clone());
            }
            ToExecutor::GiveUp(executions) => {
                if self.client.is_none() {
                    let still: BTreeSet<_> = executions.intersection(&self.handed).copied().collect();
                    self.unknown(&still, words::CONNECTION_LOST);
                }
            }
            ToExecutor::Ended(execution) => {
                self.handed.remove(&execution);
                self.stops.remove(&execution);
                if let Some(client) = &self.client
                    && let Ok(id) = execution.to_string().parse()
                {
                    let _ = client.acknowledge(id).await;
                }
            }
            ToExecutor::Shutdown(done) => {
                self.shutdown = Some(done);
                for execution in self.handed.clone() {
                    self.send_stop(execution, words::SERVER_STOPPED).await;
                }
            }
        }
    }

    /// The runner keeps its deadline by its own clock. One that does not hear of a later one stops at the earlier.
    async fn extend(&self, execution: ExecutionId, deadline: Instant) {
        if let Some(client) = self.client.as_ref().filter(|_| self.handed.contains(&execution))
            && let Ok(id) = execution.to_string().parse()
        {
            let left = deadline.since(self.shared.engine.now());
            let boot = self.shared.clock.boot();
            let _ =
                client.extend(id, boot.nanos.saturating_add(left.as_micros().saturating_mul(1_000))).await;
        }
    }

    async fn start(&mut self, mut order: Order) {
        let execution = order.execution;
        // What was stopped before it could be handed over is not handed over.
        match self.shared.engine.state().executions.get(&execution) {
            None => return,
            Some(live) if live.stopping.is_some() => return self.not_started(execution, "stopped_before"),
            // It may have been taken over while it waited.
            Some(live) => order.deadline = live.deadline,
        }
        if self.shutdown.is_some() {
            return self.not_started(execution, "server_stopping");
        }
        let Some(client) = self.client.clone() else {
            return self.wait_for_runner(order);
        };
        let limit = order.definition.limits.max_output;
        let shared = Arc::clone(&self.shared);
        let built = tokio::task::spawn_blocking(move || order::build(&shared, order)).await;
        let work = match built {
            Ok(Ok(work)) => work,
            Ok(Err(why)) => return self.not_started(execution, why),
            Err(_) => return self.not_started(execution, "order_lost"),
        };
        crate::failpoint::hit("before_hand_over");
        self.handed.insert(execution);
        match client.start(work).await {
            Ok(events) => {
                crate::failpoint::hit("after_hand_over");
                self.shared.outputs.begin(execution);
                self.shared.spawn(follow::follow(Arc::clone(&self.shared), execution, events, limit));
            }
            Err(error) => match runner::never_sent(&error) {
                true => {
                    self.handed.remove(&execution);
                    self.not_started(execution, "order_not_sent");
                }
                // The runner may have it: the next connection tells, or nobody does.
                false => self.give_up_later(BTreeSet::from([execution])),
            },
        }
    }

    /// A runner that is just coming back is waited for, as long as the order may still begin.
    fn wait_for_runner(&self, order: Order) {
        if self.socket.is_none() {
            return self.not_started(order.execution, "runner_absent");
        }
        if self.shared.clock.boot().nanos >= order.start_by {
            return self.not_started(order.execution, "runner_unreachable");
        }
        let me = self.shared.me.clone();
        self.shared.spawn(async move {
            tokio::time::sleep(TRY_AGAIN).await;
            let _ = me.send(ToExecutor::Start(Box::new(order)));
        });
    }

    async fn stop(&mut self, execution: ExecutionId, why: StopReason) {
        if self.handed.contains(&execution) {
            self.send_stop(execution, words::stop(why)).await;
        }
    }

    /// Asks, and asks again later. A runner that never answers leaves the outcome unknown.
    async fn send_stop(&mut self, execution: ExecutionId, word: &'static str) {
        let times = self.stops.entry(execution).or_insert(0);
        *times = times.saturating_add(1);
        if *times > MOST_STOPS {
            return self.unknown(&BTreeSet::from([execution]), words::STOP_UNCONFIRMED);
        }
        if let Some(client) = &self.client
            && let (Ok(id), Ok(word)) = (execution.to_string().parse(), word.to_owned().try_into())
        {
            let _ = client.stop(id, word).await;
        }
        let me = self.shared.me.clone();
        let why = words::reason(word).unwrap_or(StopReason::Asked);
        self.shared.spawn(async move {
            tokio::time::sleep(STOP_AGAIN).await;
            let _ = me.send(ToExecutor::Stop(execution, why));
        });
    }

    /// After a reconnection: what is being stopped is asked again.
    async fn stop_again(&mut self) {
        let state = self.shared.engine.state();
        for execution in self.handed.clone() {
            if let Some(why) = state.executions.get(&execution).and_then(|execution| execution.stopping) {
                self.send_stop(execution, words::stop(why)).await;
            }
        }
    }

    fn give_up_later(&self, executions: BTreeSet<ExecutionId>) {
        if executions.is_empty() {
            return;
        }
        let me = self.shared.me.clone();
        self.shared.spawn(async move {
            tokio::time::sleep(RECONNECT_WITHIN).await;
            let _ = me.send(ToExecutor::GiveUp(executions));
        });
    }

    fn not_started(&self, execution: ExecutionId, why: &str) {
        let outcome = Outcome::Failed { exit: None, reason: words::not_started(why) };
        self.end(execution, outcome);
    }

    fn unknown(&mut self, executions: &BTreeSet<ExecutionId>, why: &str) {
        for execution in executions {
            self.handed.remove(execution);
            self.end(*execution, Outcome::Unknown { reason: why.to_owned() });
        }
    }

    fn end(&self, execution: ExecutionId, outcome: Outcome) {
        self.shared.spawn(follow::record(Arc::clone(&self.shared), execution, outcome, None));
    }
}
