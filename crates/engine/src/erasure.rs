//! What an erasure takes away beside the ledger's own database: kept outputs, and what is known of mails to a person.
//! Done again after a crash until it is done.

use countersign_core::erasure::Subject;
use countersign_core::event::Body;
use countersign_core::view::rows::execution;
use countersign_store::{Condition, Direction, Error, EventFilter, ListQuery, Visibility, list};
use tokio::sync::broadcast::error::RecvError;

use crate::handle::EngineHandle;
use crate::outbox::event;

/// The entry up to which everything was done.
const PLACE: &str = "erased";
/// Erasures, or runs of a request, looked at at once.
const AT_ONCE: usize = 500;

pub(crate) async fn run(engine: EngineHandle) {
    let mut changes = engine.subscribe();
    engine.settled().await;
    loop {
        let doing = engine.clone();
        match tokio::task::spawn_blocking(move || catch_up(&doing)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "what was erased is not gone everywhere"),
            Err(error) => tracing::error!(%error, "an erasure failed"),
        }
        loop {
            match changes.recv().await {
                Ok(change) if change.kind == "Erased" => break,
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => break,
                Err(RecvError::Closed) => return,
            }
        }
    }
}

fn catch_up(engine: &EngineHandle) -> Result<(), Error> {
    let (reader, ops) = (engine.reader(), engine.ops());
    let done: u64 = ops.get(PLACE)?.and_then(|place| place.parse().ok()).unwrap_or(0);
    let filter = EventFilter { kinds: vec!["Erased".to_owned()], ..EventFilter::default() };
    let (mut cursor, mut newest) = (None, done);
    loop {
        let page =
            reader.events(&filter, &Visibility::All, Direction::NewestFirst, cursor.as_ref(), AT_ONCE)?;
        for row in page.rows.iter().filter(|row| row.seq >= done) {
            if let Some(Body::Erased { subject }) = event(&*reader, row.seq)?.map(|event| event.body) {
                remove(engine, subject)?;
            }
            newest = newest.max(row.seq.saturating_add(1));
        }
        let over = page.rows.iter().any(|row| row.seq < done);
        match page.next {
            Some(next) if !over => cursor = Some(next),
            _ => break,
        }
    }
    if newest > done { ops.set(PLACE, &newest.to_string()) } else { Ok(()) }
}

fn remove(engine: &EngineHandle, subject: Subject) -> Result<(), Error> {
    match subject {
        Subject::Person { person } => engine.ops().forget_recipient(&person.to_string()),
        Subject::Request { number } => {
            let mut cursor = None;
            loop {
                let query = ListQuery { limit: AT_ONCE, cursor, ..ListQuery::all() }
                    .with(Condition::Is(execution::number(&Some(number))));
                let page = list::<execution::Row>(&*engine.reader(), &query)?;
                for run in page.rows {
                    engine.outputs().remove(run.id)?;
                }
                match page.next {
                    Some(next) => cursor = Some(next),
                    None => return Ok(()),
                }
            }
        }
    }
}
