//! What is dropped when its time is over: uploads nobody cites, outputs, finished deliveries.

use std::time::Duration;

use countersign_core::time::{Instant, Span};
use countersign_core::view::Column as _;
use countersign_core::view::rows::{execution, task};
use countersign_store::{Error, Reader, get};

use crate::handle::EngineHandle;
use crate::outbox::event;
use crate::writer::ToWriter;

const EVERY: Duration = Duration::from_secs(3_600);
const UPLOADS: Span = Span::from_hours(24);
/// How long the answer to a command with a key is kept; that it was carried out stays known for ever.
const REPLIES: Span = Span::from_hours(24 * 7);
const DELIVERIES: Span = Span::from_hours(24 * 30);

pub(crate) async fn run(engine: EngineHandle) {
    engine.settled().await;
    loop {
        tokio::time::sleep(EVERY).await;
        let sweeping = engine.clone();
        match tokio::task::spawn_blocking(move || sweep(&sweeping, sweeping.now())).await {
            Ok(Ok(trim)) => {
                if engine.inner().writer.send(trim).await.is_err() {
                    return;
                }
            }
            Ok(Err(error)) => tracing::warn!(%error, "what is over could not all be dropped"),
            Err(error) => tracing::error!(%error, "maintenance failed"),
        }
    }
}

/// Drops what is over at this moment; what lies in the ledger's own database is left to the writer.
pub(crate) fn sweep(engine: &EngineHandle, now: Instant) -> Result<ToWriter, Error> {
    let reader = engine.reader();
    engine.blobs().sweep(&*reader, now.minus(UPLOADS))?;
    engine.ops().sweep_deliveries(now.minus(DELIVERIES))?;
    let state = engine.state();
    let usual = state.organization.settings.output_retention;
    engine.outputs().sweep(&mut |id| {
        if state.executions.contains_key(&id) {
            return Ok(true);
        }
        let Some(run) = get::<execution::Row>(&*reader, &[id.to_cell()])? else { return Ok(false) };
        let Some(finished) = run.finished else { return Ok(true) };
        let keep = retention(&*reader, &run)?.unwrap_or(usual);
        Ok(now < finished.plus(keep))
    })?;
    Ok(ToWriter::Trim {
        replies_before: first_since(&*reader, state.next_seq, now.minus(REPLIES))?,
        outbox_through: engine.ops().outbox_place()?.unwrap_or(0),
    })
}

/// The first event that did not happen before this moment: times in the ledger never decrease.
fn first_since(reader: &dyn Reader, size: u64, moment: Instant) -> Result<u64, Error> {
    let (mut low, mut high) = (0, size);
    while low < high {
        let middle = low + (high - low) / 2;
        match event(reader, middle)? {
            Some(event) if event.time < moment => low = middle.saturating_add(1),
            _ => high = middle,
        }
    }
    Ok(low)
}

/// What the task says of its output, if it says anything.
fn retention(reader: &dyn Reader, run: &execution::Row) -> Result<Option<Span>, Error> {
    let Some(task) = get::<task::Row>(reader, &[run.task_key.to_cell()])? else { return Ok(None) };
    let definition: Option<countersign_core::task::TaskDefinition> =
        serde_json::from_str(&task.definition).ok();
    Ok(definition.and_then(|definition| definition.output_retention))
}
