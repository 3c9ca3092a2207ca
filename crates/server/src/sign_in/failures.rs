//! Failed sign-ins enter the ledger singly at first, then counted per minute (G20): guessing does not fill it.

use std::collections::BTreeMap;

use countersign_core::actor::Principal;
use countersign_core::command::Command;
use countersign_core::id::PersonId;
use countersign_core::time::{Instant, Span};

use crate::app::App;

/// Recorded one by one within a minute.
const SINGLY: u64 = 5;
const MINUTE: Span = Span::from_mins(1);

/// Who was tried, as far as it is one of ours.
type Tried = Option<PersonId>;

/// Failures of the running minute.
#[derive(Debug, Default)]
pub(crate) struct Failures {
    since: Option<Instant>,
    seen: BTreeMap<Tried, u64>,
    waiting: BTreeMap<Tried, u64>,
}

impl Failures {
    /// Counts one; true if it is to be recorded at once.
    pub(crate) fn count(&mut self, who: Tried, now: Instant) -> bool {
        if self.since.is_none_or(|since| now.since(since) >= MINUTE) {
            self.since = Some(now);
            self.seen.clear();
        }
        let seen = self.seen.entry(who).or_default();
        *seen += 1;
        if *seen <= SINGLY {
            return true;
        }
        *self.waiting.entry(who).or_default() += 1;
        false
    }

    /// What was counted and is not recorded yet.
    pub(crate) fn take(&mut self) -> BTreeMap<Tried, u64> {
        std::mem::take(&mut self.waiting)
    }
}

/// A sign-in failed. The caller does not wait for the record: that would tell known names from unknown ones.
pub(crate) fn record(app: &App, person: Tried) {
    let now = app.now();
    if app.failures().count(person, now) {
        let app = app.clone();
        tokio::spawn(async move { send(&app, person, 1).await });
    }
}

/// Records what was counted, once a minute and at the end.
pub(crate) async fn flush(app: &App) {
    let waiting = app.failures().take();
    for (person, count) in waiting {
        send(app, person, count).await;
    }
}

async fn send(app: &App, person: Tried, count: u64) {
    let command = Command::RecordFailedSignIns { person, count };
    if let Err(problem) = app.carry_out(Principal::system(), command).await {
        tracing::error!(code = problem.code(), count, "failed sign-ins could not be recorded");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g20_singly_at_first_then_counted() {
        let mut failures = Failures::default();
        let ana = Some(PersonId::from_bytes([1; 16]));
        let start = Instant::from_micros(0);
        let at_once = (0..100).filter(|_| failures.count(ana, start)).count();
        assert_eq!(at_once, 5);
        assert!(failures.count(None, start), "everyone has an own count");
        assert_eq!(failures.take(), BTreeMap::from([(ana, 95)]));
        assert!(failures.take().is_empty());
        assert!(failures.count(ana, start.plus(MINUTE)), "the next minute begins anew");
    }
}
