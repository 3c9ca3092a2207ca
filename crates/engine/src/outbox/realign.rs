//! After a restored copy was accepted: what was to be told of lost events is not told, and rows of the outbox that have
//! the numbers of lost ones are.

use countersign_store::{Error, Reader};

use super::{AT_ONCE, blocking};
use crate::handle::EngineHandle;

/// The epoch that the place in the outbox belongs to.
const EPOCH: &str = "outbox-epoch";

/// Once for each epoch, and again if it was not finished.
pub(super) async fn realign(engine: &EngineHandle) -> Result<(), Error> {
    let engine = engine.clone();
    blocking(move || {
        let (state, ops) = (engine.state(), engine.ops());
        let Some(epoch) = state.organization.epochs.last() else { return Ok(()) };
        let number = epoch.number.to_string();
        if ops.get(EPOCH)?.as_deref() == Some(number.as_str()) {
            return Ok(());
        }
        let place = match first_since(&*engine.reader(), epoch.since)? {
            Some(first) => ops.outbox_place()?.unwrap_or(0).min(first.saturating_sub(1)),
            None => ops.outbox_place()?.unwrap_or(0),
        };
        ops.forget_deliveries_since(epoch.since, place)?;
        ops.set(EPOCH, &number)
    })
    .await
}

/// The first row of the outbox about this event or a later one.
fn first_since(reader: &dyn Reader, seq: u64) -> Result<Option<u64>, Error> {
    let mut after = 0;
    loop {
        let rows = reader.outbox(after, AT_ONCE)?;
        let Some(last) = rows.last() else { return Ok(None) };
        if let Some(row) = rows.iter().find(|row| row.seq >= seq) {
            return Ok(Some(row.id));
        }
        after = last.id;
    }
}
