//! Telling people: outbox rows become deliveries to people, deliveries become mails, and failures are tried again.
//!
//! At least once: a mail whose acknowledgement was lost is sent again, under the same message id.

mod compose;
mod expand;
mod realign;
mod request;
pub(crate) mod resolve;
mod send;
pub(crate) mod test;

use std::time::Duration;

use countersign_core::time::Span;

use crate::config::MailConfig;
use crate::handle::EngineHandle;
pub(crate) use expand::event;

/// Said of messages that lost their point before they could be sent.
pub(crate) const NOT_NEEDED: &str = "not sent: it was no longer needed";

const FIRST_TRY_AGAIN: Span = Span::from_secs(1);
const LAST_TRY_AGAIN: Span = Span::from_hours(1);
const GIVE_UP_AFTER: Span = Span::from_hours(72);
/// How often the tables are looked at when nothing wakes the loop.
const LOOK: Duration = Duration::from_secs(1);
/// Rows handled at once.
const AT_ONCE: usize = 64;

/// Runs for ever. Without a way to send, people are still looked up, so that what waits is counted and shown.
pub(crate) async fn run(engine: EngineHandle, mail: Option<MailConfig>) {
    engine.settled().await;
    if let Err(error) = realign::realign(&engine).await {
        tracing::error!(%error, "the outbox cannot be worked on");
        return;
    }
    let mut size = engine.size();
    loop {
        size.mark_unchanged();
        let expanded = expand::take_over(&engine).await;
        let sent = match &mail {
            Some(mail) => send::due(&engine, mail).await,
            None => Ok(0),
        };
        match (expanded, sent) {
            (Ok(0), Ok(0)) => {}
            (Err(error), _) | (_, Err(error)) => {
                tracing::error!(%error, "the outbox cannot be worked on");
                tokio::time::sleep(LOOK).await;
            }
            _ => continue,
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            changed = size.changed() => if changed.is_err() { return },
        }
    }
}

/// Runs work on the tables where blocking is allowed.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, countersign_store::Error> + Send + 'static,
) -> Result<T, countersign_store::Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(countersign_store::Error::Io(error.to_string())),
    }
}

/// How long to wait before the next try: twice as long each time, up to an hour.
fn wait(tries: u32) -> Span {
    let doubled = FIRST_TRY_AGAIN.as_micros().checked_shl(tries.min(20)).unwrap_or(u64::MAX);
    Span::from_micros(doubled).min(LAST_TRY_AGAIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f9_tries_come_at_1_2_4_seconds_and_at_most_an_hour_apart() {
        let waits: Vec<u64> = [0, 1, 2, 11, 12, 40].map(|tries| wait(tries).as_secs()).to_vec();
        assert_eq!(waits, [1, 2, 4, 2048, 3600, 3600]);
    }
}
