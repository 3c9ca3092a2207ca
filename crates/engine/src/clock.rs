//! Time, judged (G16): wall time is believed as far as the boot clock agrees with it.

use std::sync::{Arc, Mutex, PoisonError};

use countersign_core::time::{Instant, Span};
use serde::{Deserialize, Serialize};

use crate::sample::{Kept, Sample};

/// A step back that is smoothed rather than suspected.
const SMALL_STEP: Span = Span::from_secs(1);
/// How far wall time may run ahead of the boot clock.
const MOST_AHEAD: Span = Span::from_secs(30);
/// How old a sample gets before a newer one takes its place.
const SAMPLE_AGE: Span = Span::from_secs(30);

/// The machine's clocks.
pub trait Clock: Send + Sync {
    /// Wall time, which anybody with rights on the host can set.
    fn wall(&self) -> Instant;
    /// Time since the machine started, which nobody can set.
    fn boot(&self) -> Boot;
}

/// A reading of the boot clock (`CLOCK_BOOTTIME`, clock_gettime(2)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Boot {
    /// Nanoseconds since the machine started, suspended time included.
    pub nanos: u64,
    /// The kernel's name of this boot.
    pub id: String,
}

impl Boot {
    fn since(&self, earlier: &Self) -> Span {
        Span::from_micros(self.nanos.saturating_sub(earlier.nanos) / 1_000)
    }
}

/// Clocks that a test moves by hand. Clones share them.
#[derive(Debug, Clone)]
pub struct ManualClock {
    hands: Arc<Mutex<(Instant, Boot)>>,
}

impl ManualClock {
    /// Starts at this wall time, one hour after boot.
    #[must_use]
    pub fn at(wall: Instant) -> Self {
        let boot = Boot { nanos: 3_600_000_000_000, id: "manual".to_owned() };
        Self { hands: Arc::new(Mutex::new((wall, boot))) }
    }

    /// Time passes: both clocks move.
    pub fn advance(&self, by: Span) {
        self.change(|wall, boot| {
            *wall = wall.plus(by);
            boot.nanos = boot.nanos.saturating_add(by.as_micros().saturating_mul(1_000));
        });
    }

    /// Somebody sets the wall clock: only it moves.
    pub fn set_wall(&self, to: Instant) {
        self.change(|wall, _| *wall = to);
    }

    /// The machine was started anew.
    pub fn reboot(&self) {
        self.change(|_, boot| {
            boot.nanos = 0;
            boot.id.push('+');
        });
    }

    fn change(&self, change: impl FnOnce(&mut Instant, &mut Boot)) {
        let mut hands = self.hands.lock().unwrap_or_else(PoisonError::into_inner);
        let (wall, boot) = &mut *hands;
        change(wall, boot);
    }
}

impl Clock for ManualClock {
    fn wall(&self) -> Instant {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    fn boot(&self) -> Boot {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }
}

/// The moment a decision is made at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Ledger time: never before any event.
    pub(crate) now: Instant,
    /// What the wall clock says, if that cannot be believed.
    pub(crate) suspect: Option<Instant>,
}

/// Judges readings against the last one that was believed.
pub(crate) struct Judge {
    clock: Arc<dyn Clock>,
    sample: Option<Sample>,
    last: Instant,
    /// Where the sample outlives this process.
    kept: Option<Kept>,
}

impl Judge {
    /// `last` is the time of the ledger's last event.
    pub(crate) fn new(clock: Arc<dyn Clock>, last: Instant) -> Self {
        Self { clock, sample: None, last, kept: None }
    }

    /// Goes on from the sample that an earlier process kept, if it was of this boot, and keeps its own.
    pub(crate) fn keeping(self, kept: Kept, sample: Option<Sample>) -> Self {
        Self { kept: Some(kept), sample, ..self }
    }

    fn take(&mut self, sample: Sample) {
        if let Some(kept) = &self.kept {
            kept.put(&sample);
        }
        self.sample = Some(sample);
    }

    /// The present moment. Never goes back.
    pub(crate) fn judge(&mut self) -> Moment {
        let (wall, boot) = (self.clock.wall(), self.clock.boot());
        let same_boot = self.sample.as_ref().filter(|sample| sample.boot.id == boot.id);
        let moment = match same_boot {
            Some(sample) => against(sample, wall, &boot, self.last),
            // After a start only going back past the last event is suspect.
            None if wall.plus(SMALL_STEP) < self.last => Moment { now: self.last, suspect: Some(wall) },
            None => Moment { now: wall.max(self.last), suspect: None },
        };
        let old =
            same_boot.is_none_or(|sample| moment.suspect.is_none() && boot.since(&sample.boot) > SAMPLE_AGE);
        if old {
            self.take(Sample { at: moment.now, wall, boot });
        }
        self.last = moment.now;
        moment
    }

    /// The clock was accepted as it is now; ledger time goes on from where it was.
    pub(crate) fn accept(&mut self) {
        let at = self.judge().now;
        self.take(Sample { at, wall: self.clock.wall(), boot: self.clock.boot() });
    }

    /// Nanoseconds on the boot clock.
    pub(crate) fn boot(&self) -> Boot {
        self.clock.boot()
    }
}

fn against(sample: &Sample, wall: Instant, boot: &Boot, last: Instant) -> Moment {
    let elapsed = boot.since(&sample.boot);
    let steady = sample.at.plus(elapsed).max(last);
    let expected = sample.wall.plus(elapsed);
    if expected.since(wall) > SMALL_STEP || wall.since(expected) > MOST_AHEAD {
        return Moment { now: steady, suspect: Some(wall) };
    }
    // A wall clock far behind the ledger was accepted so: the boot clock carries on, or nothing would ever end.
    let now = if last.since(wall) > SMALL_STEP { steady } else { wall.max(last) };
    Moment { now, suspect: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Instant = Instant::from_micros(1_000_000_000_000_000);
    const DAYS: Span = Span::from_hours(48);

    fn judge() -> (ManualClock, Judge) {
        let clock = ManualClock::at(START);
        let judge = Judge::new(Arc::new(clock.clone()), START);
        (clock, judge)
    }

    #[test]
    fn g16_small_steps_back_are_smoothed_and_time_never_decreases() {
        let (clock, mut judge) = judge();
        assert_eq!(judge.judge(), Moment { now: START, suspect: None });
        clock.set_wall(START.minus(Span::from_micros(900_000)));
        assert_eq!(judge.judge(), Moment { now: START, suspect: None });
        clock.set_wall(START.minus(Span::from_micros(1_100_000)));
        assert!(judge.judge().suspect.is_some());
    }

    #[test]
    fn g16_two_days_ahead_and_back_are_suspect_and_time_goes_on_by_the_boot_clock() {
        let (clock, mut judge) = judge();
        judge.judge();
        clock.set_wall(START.plus(DAYS));
        assert_eq!(judge.judge(), Moment { now: START, suspect: Some(START.plus(DAYS)) });
        clock.advance(Span::from_secs(10));
        assert_eq!(judge.judge().now, START.plus(Span::from_secs(10)));
        clock.set_wall(START.plus(Span::from_secs(10)));
        assert_eq!(judge.judge().suspect, None, "the clock is right again");
        clock.set_wall(START.minus(DAYS));
        assert!(judge.judge().suspect.is_some());
    }

    #[test]
    fn g16_steps_ahead_of_up_to_30_seconds_are_believed_but_not_twice_at_once() {
        let (clock, mut judge) = judge();
        judge.judge();
        clock.set_wall(START.plus(Span::from_secs(29)));
        assert_eq!(judge.judge().suspect, None);
        clock.set_wall(START.plus(Span::from_secs(58)));
        assert!(judge.judge().suspect.is_some(), "the sample is still the first one");
    }

    #[test]
    fn g16_an_accepted_clock_behind_the_ledger_does_not_stop_time() {
        let (clock, mut judge) = judge();
        judge.judge();
        clock.set_wall(START.minus(DAYS));
        assert!(judge.judge().suspect.is_some());
        judge.accept();
        clock.advance(Span::from_hours(5));
        assert_eq!(judge.judge(), Moment { now: START.plus(Span::from_hours(5)), suspect: None });
    }

    #[test]
    fn g16_after_a_reboot_only_going_back_past_the_last_event_is_suspect() {
        let (clock, mut judge) = judge();
        judge.judge();
        clock.reboot();
        clock.set_wall(START.plus(DAYS));
        assert_eq!(judge.judge(), Moment { now: START.plus(DAYS), suspect: None });
        clock.reboot();
        clock.set_wall(START);
        assert_eq!(judge.judge(), Moment { now: START.plus(DAYS), suspect: Some(START) });
    }

    #[test]
    fn g16_what_was_done_to_the_clock_while_nothing_served_is_found_out_within_one_boot() {
        type Meanwhile = fn(&ManualClock);
        let cases: [(&str, Meanwhile, bool); 5] = [
            ("time passed", |clock| clock.advance(DAYS), false),
            ("two days ahead", |clock| clock.set_wall(START.plus(DAYS)), true),
            ("two days back", |clock| clock.set_wall(START.minus(DAYS)), true),
            (
                "a reboot, and two days ahead",
                |clock| {
                    clock.reboot();
                    clock.set_wall(START.plus(DAYS));
                },
                false,
            ),
            (
                "a reboot, and two days back",
                |clock| {
                    clock.reboot();
                    clock.set_wall(START.minus(DAYS));
                },
                true,
            ),
        ];
        for (name, meanwhile, suspect) in cases {
            let data = tempfile::tempdir().unwrap();
            let clock = ManualClock::at(START);
            let judge = |last| {
                let (kept, sample) = Kept::open(data.path()).unwrap();
                Judge::new(Arc::new(clock.clone()), last).keeping(kept, sample)
            };
            let last = judge(START).judge().now;
            meanwhile(&clock);
            let mut again = judge(last);
            assert_eq!(again.judge().suspect.is_some(), suspect, "{name}");
            // Accepted, it stays accepted for the next process.
            again.accept();
            assert_eq!(judge(again.judge().now).judge().suspect, None, "{name}");
        }
    }

    #[test]
    fn g16_a_kept_sample_that_cannot_be_read_is_no_sample_to_go_on_from() {
        let data = tempfile::tempdir().unwrap();
        std::fs::write(data.path().join("clock"), b"{}").unwrap();
        assert!(matches!(Kept::open(data.path()), Err(crate::StartError::ClockSample(_))));
    }

    #[test]
    fn f13_suspended_time_counts_on_both_clocks() {
        let (clock, mut judge) = judge();
        judge.judge();
        clock.advance(DAYS);
        assert_eq!(judge.judge(), Moment { now: START.plus(DAYS), suspect: None });
    }
}
