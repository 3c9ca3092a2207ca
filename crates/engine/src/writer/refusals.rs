//! Refusals in a flood are counted instead of recorded one by one, as failed sign-ins are (G20, G22): whoever is refused
//! in a loop fills neither the ledger nor the disk.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use countersign_core::actor::Principal;
use countersign_core::command::Command;
use countersign_core::id::PersonId;
use countersign_core::refusal::Code;
use countersign_core::time::{Instant, Span};

/// How many refusals of one account within a window are recorded singly, each with what it was about.
pub(crate) const SINGLY: u32 = 20;
/// How long a window is open. What was counted in it is recorded when it closes.
pub(crate) const WINDOW: Span = Span::from_mins(1);

/// The windows that are open, by account. People only: the host's and the system's own refusals are few.
#[derive(Debug, Default)]
pub(crate) struct Refusals {
    open: Mutex<BTreeMap<PersonId, Window>>,
}

#[derive(Debug)]
struct Window {
    closes: Instant,
    singly: u32,
    counted: BTreeMap<(String, Code), u64>,
}

/// What becomes of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Record {
    /// It is an event of its own.
    Singly,
    /// It was counted.
    Counted,
}

impl Refusals {
    /// Takes note of a refusal.
    pub(crate) fn note(&self, principal: &Principal, command: &Command, code: Code, now: Instant) -> Record {
        let Some(person) = principal.person() else { return Record::Singly };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let window = open.entry(person).or_insert_with(|| Window {
            closes: now.plus(WINDOW),
            singly: 0,
            counted: BTreeMap::new(),
        });
        if window.singly < SINGLY {
            window.singly += 1;
            return Record::Singly;
        }
        *window.counted.entry((command.word().to_owned(), code)).or_default() += 1;
        Record::Counted
    }

    /// Whether a window with something counted has closed: it waits to be recorded.
    pub(crate) fn is_due(&self, now: Instant) -> bool {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.values().any(|window| window.closes <= now && !window.counted.is_empty())
    }

    /// Closes the windows that are over; what was counted in them is to be recorded.
    pub(crate) fn close(&self, now: Instant) -> Vec<Command> {
        self.take(|window| window.closes <= now)
    }

    /// Closes all windows: nothing more comes.
    pub(crate) fn close_all(&self) -> Vec<Command> {
        self.take(|_| true)
    }

    fn take(&self, over: impl Fn(&Window) -> bool) -> Vec<Command> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let closed = open.extract_if(.., |_, window| over(window));
        closed
            .flat_map(|(person, window)| {
                window.counted.into_iter().map(move |((attempt, code), count)| Command::RecordRefusals {
                    person: Some(person),
                    attempt,
                    code,
                    count,
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use countersign_core::policy::Assurance;

    use super::*;

    #[test]
    fn g22_a_flood_is_counted_by_kind_and_recorded_when_the_window_closes() {
        let refusals = Refusals::default();
        let start = Instant::from_micros(1_790_000_000_000_000);
        let rita = PersonId::from_bytes([1; 16]);
        let sam = Principal::session(PersonId::from_bytes([2; 16]), Assurance::Session, start);
        let principal = Principal::session(rita, Assurance::Session, start);
        let host = Principal::host();
        let note = |principal, command: &Command, code| refusals.note(principal, command, code, start);
        for index in 0..SINGLY + 3 {
            let expected = if index < SINGLY { Record::Singly } else { Record::Counted };
            assert_eq!(note(&principal, &Command::Tick, Code::NotFound), expected, "{index}");
        }
        assert_eq!(note(&principal, &Command::AcceptClock, Code::Forbidden), Record::Counted);
        assert_eq!(
            note(&sam, &Command::Tick, Code::NotFound),
            Record::Singly,
            "others have a window of their own"
        );
        assert_eq!(note(&host, &Command::Tick, Code::NotFound), Record::Singly);
        let end = start.plus(WINDOW);
        assert!(!refusals.is_due(end.minus(Span::from_micros(1))) && refusals.is_due(end));
        assert!(refusals.close(end.minus(Span::from_micros(1))).is_empty());
        let mut counted: Vec<(String, Code, u64)> = refusals
            .close(end)
            .into_iter()
            .map(|command| match command {
                Command::RecordRefusals { person, attempt, code, count } => {
                    assert_eq!(person, Some(rita));
                    (attempt, code, count)
                }
                other => panic!("{other:?}"),
            })
            .collect();
        counted.sort();
        let expected =
            [("accept_clock".to_owned(), Code::Forbidden, 1), ("tick".to_owned(), Code::NotFound, 3)];
        assert_eq!(counted, expected);
        assert!(refusals.close_all().is_empty());
        assert_eq!(note(&principal, &Command::Tick, Code::NotFound), Record::Singly, "a new window");
    }
}
