//! Opening: lock, WAL, keys, replay, high-water mark; only then does anything serve.

use std::sync::{Arc, Mutex};

use countersign_core::epoch::Restored;
use countersign_core::state::SCHEMA;
use countersign_store::{Blobs, Outputs, Reader, sqlite};
use tokio::sync::mpsc;

use crate::clock::Judge;
use crate::config::EngineConfig;
use crate::error::{StartError, SubmitError};
use crate::executions::output::Running;
use crate::executions::{self, RunnerLink, Shared};
use crate::handle::{Background, EngineHandle, Inner};
use crate::health::Probe;
use crate::high_water::{HighWater, Mark};
use crate::keys::{Keys, Ledger, LogKey};
use crate::published::Published;
use crate::replay::{Replayed, replay};
use crate::restored::{self, Expected, Found};
use crate::sample::Kept;
use crate::writer::{QUEUE, Refusals, Space, Writer};
use crate::{erasure, maintenance, outbox, standing_access, timers};

/// Starts an engine on a data directory. Must be called within a Tokio runtime; blocks while it replays.
///
/// # Errors
/// See [`StartError`]: an engine that cannot vouch for its ledger does not start.
pub fn start(config: EngineConfig) -> Result<EngineHandle, StartError> {
    let mut opened = sqlite::open(&config.data_dir)?;
    let ledger = if opened.store.head()?.is_some() { Ledger::Exists } else { Ledger::Empty };
    let (keys, log_key) = Keys::open(&config.data_dir, ledger, &*config.randomness)?;
    let keys = Arc::new(keys);
    let (high_water, mark) = HighWater::open(&config.data_dir)?;
    let reader = opened.store.reader();
    let snapshot = opened.store.latest_snapshot(SCHEMA)?;
    let mut expected: Vec<Expected> =
        mark.iter().map(Expected::of_mark).chain(config.kept.iter().map(Expected::of_checkpoint)).collect();
    let replayed = replay(&*reader, &keys, &mut expected, snapshot.as_ref())?;
    let restored = restored(&*reader, &config, &replayed, &keys, mark.as_ref(), &expected, log_key)?;
    if let Some(restored) = &restored {
        tracing::error!(
            entries = replayed.state.next_seq, served = restored.cites.size, doubts = ?restored.doubts,
            "the ledger is not the one that was served: it is only read until somebody accepts it"
        );
    }
    let (kept, sample) = Kept::open(&config.data_dir)?;
    let judge = Judge::new(Arc::clone(&config.clock), replayed.state.last).keeping(kept, sample);
    let judge = Arc::new(Mutex::new(judge));
    let published = Arc::new(Published::new(replayed.state.clone(), restored.clone()));
    let space = Space::new(&config.data_dir, config.keep_free, config.reserve);
    let probe = Probe {
        data_dir: config.data_dir.clone(),
        space: space.shared(),
        has_runner: config.runner.is_some(),
        mails: config.mail.is_some(),
    };
    let outputs = Running::new(Outputs::open(&config.data_dir, config.output_quota)?);
    let blobs = Blobs::open(&config.data_dir, opened.ops.clone())?;
    let refusals = Arc::new(Refusals::default());
    let (to_writer, queue) = mpsc::channel(QUEUE);
    let (to_executor, orders) = mpsc::unbounded_channel();
    let writer = Writer {
        store: opened.store,
        blobs: blobs.clone(),
        state: replayed.state,
        edge: replayed.edge,
        keys: Arc::clone(&keys),
        randomness: Arc::clone(&config.randomness),
        judge: Arc::clone(&judge),
        high_water,
        space,
        published: Arc::clone(&published),
        refusals: Arc::clone(&refusals),
        executor: to_executor.clone(),
        on_fatal: Arc::clone(&config.on_fatal),
        fatal: None,
        restored,
        snapshot_every: config.snapshot_every,
        snapshot_at: snapshot.map_or(0, |snapshot| snapshot.size),
        _lock: opened.lock,
    };
    let thread = std::thread::Builder::new().name("writer".to_owned());
    let on_fatal = Arc::clone(&config.on_fatal);
    let run = move || {
        // A fault in the program is as final as a store that fails: what was half done is not gone on with.
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| writer.run(queue))).is_err() {
            tracing::error!("the writer panicked");
            on_fatal(&SubmitError::Unknown("the writer panicked".to_owned()));
        }
    };
    let thread = thread.spawn(run).map_err(StartError::Thread)?;
    let engine = EngineHandle::new(Inner {
        writer: to_writer,
        published,
        reader,
        ops: opened.ops,
        blobs: blobs.clone(),
        outputs: outputs.clone(),
        judge,
        refusals,
        keys,
        binary: config.binary.clone(),
        probe,
        background: Mutex::new(Background::default()),
        checkpoint: Mutex::new(None),
        mail: config.mail.clone(),
        tested: Mutex::new(None),
    });
    let shared = Arc::new(Shared {
        engine: engine.clone(),
        clock: Arc::clone(&config.clock),
        blobs,
        outputs,
        health: Mutex::new(RunnerLink::default()),
        me: to_executor.clone(),
        tasks: Mutex::default(),
    });
    let tasks = vec![
        tokio::spawn(executions::run(Arc::clone(&shared), config.runner.clone(), orders)).abort_handle(),
        tokio::spawn(timers::run(engine.clone())).abort_handle(),
        tokio::spawn(outbox::run(engine.clone(), config.mail.clone())).abort_handle(),
        tokio::spawn(maintenance::run(engine.clone())).abort_handle(),
        tokio::spawn(erasure::run(engine.clone())).abort_handle(),
        tokio::spawn(standing_access::run(engine.clone())).abort_handle(),
    ];
    *engine.background() =
        Background { writer: Some(thread), tasks, executor: Some(to_executor), shared: Some(shared) };
    Ok(engine)
}

/// What there is to accept before anything may be appended.
fn restored(
    reader: &dyn Reader,
    config: &EngineConfig,
    replayed: &Replayed,
    keys: &Keys,
    mark: Option<&Mark>,
    expected: &[Expected],
    log_key: LogKey,
) -> Result<Option<Restored>, StartError> {
    if replayed.state.is_empty() {
        let served = expected.iter().map(|head| head.size).max().unwrap_or(0);
        return if served == 0 { Ok(None) } else { Err(StartError::Gone { served }) };
    }
    let ledger = &replayed.state.organization.ledger;
    if let Some(other) = config.kept.iter().find(|kept| kept.origin.ledger() != ledger) {
        return Err(StartError::OtherLedger(other.origin.clone()));
    }
    let found = Found {
        state: &replayed.state,
        root: replayed.edge.root(),
        // Between the first commit and the first mark nothing was acknowledged.
        served: reader.batches(0, 2)?.len() > 1,
    };
    restored::judge(&found, mark, expected, keys, log_key)
}
