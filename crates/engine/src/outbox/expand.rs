//! From an outbox row to the people it is for, as things are now.

use std::collections::BTreeSet;

use countersign_core::audience::{self, About};
use countersign_core::event::{Event, wire};
use countersign_core::id::PersonId;
use countersign_core::state::State;
use countersign_core::view::Column as _;
use countersign_core::view::rows::execution;
use countersign_store::{Error, Reader, Recipient, get};

use super::{AT_ONCE, blocking, request};
use crate::handle::EngineHandle;
use crate::writer::OutboxEntry;

/// Takes waiting outbox rows over; says how many.
pub(super) async fn take_over(engine: &EngineHandle) -> Result<usize, Error> {
    let engine = engine.clone();
    blocking(move || {
        let (ops, reader) = (engine.ops(), engine.reader());
        let after = ops.outbox_place()?.unwrap_or(0);
        let rows = reader.outbox(after, AT_ONCE)?;
        let state = engine.state();
        for row in &rows {
            let recipients = match serde_json::from_str::<OutboxEntry>(&row.audience) {
                Ok(entry) => recipients(&*reader, &state, row.seq, &entry)?
                    .into_iter()
                    .map(|person| Recipient { recipient: person.to_string(), audience: row.audience.clone() })
                    .collect(),
                Err(error) => {
                    tracing::error!(%error, outbox = row.id, "an audience cannot be read");
                    Vec::new()
                }
            };
            let told: BTreeSet<String> =
                ops.deliveries_of(row.seq)?.into_iter().map(|delivery| delivery.recipient).collect();
            // One person is told of one event once, whatever the grounds.
            let new: Vec<Recipient> = recipients
                .into_iter()
                .filter(|recipient: &Recipient| !told.contains(&recipient.recipient))
                .collect();
            ops.enqueue(row.id, row.seq, &new, engine.now())?;
        }
        Ok(rows.len())
    })
    .await
}

fn recipients(
    reader: &dyn Reader,
    state: &State,
    seq: u64,
    entry: &OutboxEntry,
) -> Result<BTreeSet<PersonId>, Error> {
    let to = &entry.notice.to;
    let mut about =
        About { actor: event(reader, seq)?.and_then(|event| event.actor.person()), ..About::default() };
    if let Some(number) = to.request() {
        about.request = request::about(reader, number)?;
    }
    if let Some(id) = to.execution() {
        about.executor = get::<execution::Row>(reader, &[id.to_cell()])?.map(|run| run.person);
    }
    Ok(audience::people(to, state, &about))
}

/// An event, from the ledger itself.
pub(crate) fn event(reader: &dyn Reader, seq: u64) -> Result<Option<Event>, Error> {
    let entries = reader.entries(seq, 1)?;
    let Some(entry) = entries.into_iter().find(|entry| entry.seq == seq) else { return Ok(None) };
    wire::from_bytes(&entry.bytes).map(Some).map_err(|source| Error::Entry { seq, source })
}
