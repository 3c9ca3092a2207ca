//! Weekly windows: hours of the week, by a zone's wall clock, in which requests may be approved and tasks may start.
//!
//! A window is a set of wall-clock minutes. An hour that daylight saving skips is therefore closed, because no instant
//! shows it; an hour that is repeated is open at its first occurrence only.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use jiff::civil::{self, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::zone::Zone;
use crate::time::{Instant, Span};

const DAY: u16 = 24 * 60;
const WEEK: u16 = 7 * DAY;

/// Hours on some days of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeeklyWindow {
    /// Whose wall clock is meant.
    pub zone: Zone,
    /// The days on which it opens.
    pub days: BTreeSet<Weekday>,
    /// When it opens.
    pub from: TimeOfDay,
    /// When it closes, exclusive. At or before `from` it is a time of the next day; equal means 24 hours.
    pub until: TimeOfDay,
}

/// A day of the week, stored as `mon` to `sun`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// Minutes since midnight by the wall clock, written `HH:MM`, `00:00` to `23:59`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(u16);

/// A time of day that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a time of day is written `HH:MM`, from `00:00` to `23:59`")]
pub struct TimeOfDayError;

/// Whether any window is open at this instant. No windows at all means always.
#[must_use]
pub fn open_at(windows: &[WeeklyWindow], at: Instant) -> bool {
    windows.is_empty() || at.timestamp().is_some_and(|at| windows.iter().any(|window| window.open_at(at)))
}

/// The first instant at or after `from` at which a window is open; `None` if none opens within five weeks, which is
/// more than any gap that a calendar change can make.
#[must_use]
pub fn next_opening(windows: &[WeeklyWindow], from: Instant) -> Option<Instant> {
    if open_at(windows, from) {
        return Some(from);
    }
    let start = from.timestamp()?;
    let last = from.plus(Span::from_hours(5 * 7 * 24)).timestamp()?;
    let candidates = windows.iter().filter_map(|window| window.next_opening(start, last));
    candidates.min().map(|at| Instant::from_micros(at.as_microsecond()))
}

impl WeeklyWindow {
    fn open_at(&self, at: Timestamp) -> bool {
        let Some(rules) = self.zone.rules() else { return false };
        let offset = rules.to_offset(at);
        let wall = offset.to_datetime(at);
        let second_time = match rules.to_ambiguous_timestamp(wall).offset() {
            AmbiguousOffset::Fold { before, .. } => offset != before,
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Gap { .. } => false,
        };
        !second_time && self.holds(minute_of_week(wall))
    }

    fn holds(&self, minute: u16) -> bool {
        self.stretches().any(|(from, until)| {
            (from..until).contains(&minute) || (from..until).contains(&minute.saturating_add(WEEK))
        })
    }

    /// Minutes of the week, from inclusive, until exclusive; a Sunday night may run past the week's end.
    fn stretches(&self) -> impl Iterator<Item = (u16, u16)> + '_ {
        let length = match self.until.0.checked_sub(self.from.0) {
            Some(length) if length > 0 => length,
            _ => DAY - self.from.0 + self.until.0,
        };
        self.days.iter().map(move |day| {
            let from = day.index() * DAY + self.from.0;
            (from, from + length)
        })
    }

    /// A window can only open when its wall-clock time comes, when the clock is turned forward into it, or when an hour
    /// that was repeated inside it is over.
    fn next_opening(&self, start: Timestamp, last: Timestamp) -> Option<Timestamp> {
        let rules = self.zone.rules()?;
        let openings = self.openings(&rules, start, last);
        let candidates = openings.into_iter().chain(turns(&rules, start, last));
        candidates.filter(|at| (start..=last).contains(at) && self.open_at(*at)).min()
    }

    fn openings(&self, rules: &TimeZone, start: Timestamp, last: Timestamp) -> Vec<Timestamp> {
        let time = civil::time(hour(self.from), minute(self.from), 0, 0);
        let first = rules.to_datetime(start).date();
        let end = rules.to_datetime(last).date();
        first
            .series(jiff::Span::new().days(1))
            .take_while(|date| *date <= end)
            .filter(|date| self.days.contains(&Weekday::of(date.weekday())))
            .filter_map(|date| rules.to_ambiguous_timestamp(date.to_datetime(time)).earlier().ok())
            .collect()
    }
}

/// When the zone's clock is turned, and when what it repeats is over. The last turn at or before `start` may still be
/// repeating.
fn turns(rules: &TimeZone, start: Timestamp, last: Timestamp) -> Vec<Timestamp> {
    let second = SignedDuration::from_secs(1);
    let at_start = start.checked_add(second).unwrap_or(start);
    let before = rules.preceding(at_start).map(|turn| turn.timestamp()).take(1);
    let after = rules.following(start).map(|turn| turn.timestamp()).take_while(|at| *at <= last);
    let over = |at: Timestamp| {
        let earlier = at.checked_sub(second).ok()?;
        let back = i64::from(rules.to_offset(earlier).seconds()) - i64::from(rules.to_offset(at).seconds());
        at.checked_add(SignedDuration::from_secs(back.max(0))).ok()
    };
    before.chain(after).flat_map(|at| [Some(at), over(at)]).flatten().collect()
}

/// Each zone's open minutes of the week as sorted stretches that do not touch: equal sets give equal values.
pub(super) fn minutes(windows: &[WeeklyWindow]) -> BTreeMap<&Zone, Vec<(u16, u16)>> {
    let mut zones: BTreeMap<&Zone, Vec<(u16, u16)>> = BTreeMap::new();
    for window in windows {
        let stretches = zones.entry(&window.zone).or_default();
        for (from, until) in window.stretches() {
            stretches.push((from, until.min(WEEK)));
            if until > WEEK {
                stretches.push((0, until - WEEK));
            }
        }
    }
    for stretches in zones.values_mut() {
        stretches.sort_unstable();
        let mut merged: Vec<(u16, u16)> = Vec::new();
        for (from, until) in stretches.drain(..) {
            match merged.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(until),
                _ => merged.push((from, until)),
            }
        }
        *stretches = merged;
    }
    zones
}

fn minute_of_week(wall: DateTime) -> u16 {
    let of_day = u16::from(wall.hour().unsigned_abs()) * 60 + u16::from(wall.minute().unsigned_abs());
    Weekday::of(wall.weekday()).index() * DAY + of_day
}

const fn hour(time: TimeOfDay) -> i8 {
    (time.0 / 60) as i8
}

const fn minute(time: TimeOfDay) -> i8 {
    (time.0 % 60) as i8
}

impl Weekday {
    /// Monday to Sunday.
    pub const ALL: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    const fn index(self) -> u16 {
        self as u16
    }

    const fn of(day: civil::Weekday) -> Self {
        match day {
            civil::Weekday::Monday => Self::Mon,
            civil::Weekday::Tuesday => Self::Tue,
            civil::Weekday::Wednesday => Self::Wed,
            civil::Weekday::Thursday => Self::Thu,
            civil::Weekday::Friday => Self::Fri,
            civil::Weekday::Saturday => Self::Sat,
            civil::Weekday::Sunday => Self::Sun,
        }
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl fmt::Display for WeeklyWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut runs: Vec<(Weekday, Weekday)> = Vec::new();
        for day in &self.days {
            match runs.last_mut() {
                Some(run) if run.1.index() + 1 == day.index() => run.1 = *day,
                _ => runs.push((*day, *day)),
            }
        }
        for (index, (first, last)) in runs.iter().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            match last.index() - first.index() {
                0 => write!(f, "{comma}{first}")?,
                1 => write!(f, "{comma}{first}, {last}")?,
                _ => write!(f, "{comma}{first} to {last}")?,
            }
        }
        write!(f, " {}–{} {}", self.from, self.until, self.zone)
    }
}

impl TimeOfDay {
    /// This hour and minute; `None` past `23:59`.
    #[must_use]
    pub const fn new(hour: u8, minute: u8) -> Option<Self> {
        if hour < 24 && minute < 60 { Some(Self(hour as u16 * 60 + minute as u16)) } else { None }
    }
}

impl FromStr for TimeOfDay {
    type Err = TimeOfDayError;
    fn from_str(text: &str) -> Result<Self, TimeOfDayError> {
        let two = |digits: &str| {
            let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
            if plain { digits.parse::<u8>().ok() } else { None }
        };
        let (hour, minute) = text.split_once(':').ok_or(TimeOfDayError)?;
        two(hour).zip(two(minute)).and_then(|(hour, minute)| Self::new(hour, minute)).ok_or(TimeOfDayError)
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl fmt::Debug for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(zone: &str, days: &[Weekday], from: &str, until: &str) -> WeeklyWindow {
        WeeklyWindow {
            zone: zone.parse().unwrap(),
            days: days.iter().copied().collect(),
            from: from.parse().unwrap(),
            until: until.parse().unwrap(),
        }
    }

    fn at(text: &str) -> Instant {
        Instant::from_micros(text.parse::<Timestamp>().unwrap().as_microsecond())
    }

    /// Goes through the stretch minute by minute and gives the instants at which it opens and closes.
    fn changes(windows: &[WeeklyWindow], from: &str, until: &str) -> Vec<String> {
        let (mut now, end) = (at(from), at(until));
        let mut was = open_at(windows, now);
        let mut out = Vec::new();
        while now < end {
            now = now.plus(Span::from_mins(1));
            let is = open_at(windows, now);
            if is != was {
                let text = now.to_string();
                out.push(format!("{} {}", if is { "open" } else { "shut" }, text.get(5..16).unwrap()));
                was = is;
            }
        }
        out
    }

    #[test]
    fn no_windows_means_always_and_no_days_means_never() {
        assert!(open_at(&[], at("2026-01-01T00:00:00Z")));
        assert!(!open_at(&[window("UTC", &[], "00:00", "00:00")], at("2026-01-01T00:00:00Z")));
        assert_eq!(next_opening(&[window("UTC", &[], "00:00", "00:00")], at("2026-01-01T00:00:00Z")), None);
        assert!(open_at(&[window("UTC", &Weekday::ALL, "00:00", "00:00")], Instant::from_micros(i64::MAX)));
    }

    #[test]
    fn a_window_opens_at_its_first_microsecond_and_is_shut_at_its_end() {
        let windows = [window("UTC", &[Weekday::Thu], "08:00", "09:30")];
        let cases = [
            ("2026-01-01T07:59:59.999999Z", false),
            ("2026-01-01T08:00:00Z", true),
            ("2026-01-01T09:29:59.999999Z", true),
            ("2026-01-01T09:30:00Z", false),
            ("2026-01-02T08:30:00Z", false),
        ];
        for (text, expected) in cases {
            assert_eq!(open_at(&windows, at(text)), expected, "{text}");
        }
    }

    #[test]
    fn daylight_saving_tables() {
        use Weekday::{Fri, Sat, Sun, Thu, Tue};
        // (what, windows, stretch, when it opens and closes in UTC)
        let cases: &[(&str, WeeklyWindow, [&str; 2], &[&str])] = &[
            (
                "Berlin skips 02:00 to 03:00: what lies in it never comes",
                window("Europe/Berlin", &[Sun], "02:15", "02:45"),
                ["2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"],
                &[],
            ),
            (
                "Berlin skips 02:00 to 03:00: the rest of a window stays",
                window("Europe/Berlin", &[Sun], "02:30", "03:30"),
                ["2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"],
                &["open 03-29T01:00", "shut 03-29T01:30"],
            ),
            (
                "Berlin repeats 02:00 to 03:00: open at the first only",
                window("Europe/Berlin", &[Sun], "02:15", "02:45"),
                ["2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z"],
                &["open 10-25T00:15", "shut 10-25T00:45"],
            ),
            (
                "Berlin repeats 02:00 to 03:00: a long window has a hole",
                window("Europe/Berlin", &[Sun], "01:00", "05:00"),
                ["2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z"],
                &["open 10-24T23:00", "shut 10-25T01:00", "open 10-25T02:00", "shut 10-25T04:00"],
            ),
            (
                "New York, spring, over midnight",
                window("America/New_York", &[Sat], "22:00", "04:00"),
                ["2026-03-07T12:00:00Z", "2026-03-08T20:00:00Z"],
                &["open 03-08T03:00", "shut 03-08T08:00"],
            ),
            (
                "New York repeats 01:00 to 02:00",
                window("America/New_York", &[Sun], "00:30", "01:30"),
                ["2026-10-31T12:00:00Z", "2026-11-01T20:00:00Z"],
                &["open 11-01T04:30", "shut 11-01T05:30"],
            ),
            (
                "Lord Howe skips half an hour",
                window("Australia/Lord_Howe", &[Sun], "01:45", "02:45"),
                ["2026-10-03T00:00:00Z", "2026-10-04T00:00:00Z"],
                &["open 10-03T15:15", "shut 10-03T15:45"],
            ),
            (
                "Lord Howe repeats half an hour, 01:30 to 02:00",
                window("Australia/Lord_Howe", &[Sun], "01:15", "02:15"),
                ["2026-04-04T00:00:00Z", "2026-04-05T00:00:00Z"],
                &["open 04-04T14:15", "shut 04-04T15:00", "open 04-04T15:30", "shut 04-04T15:45"],
            ),
            (
                "Samoa had no Friday 2011-12-30",
                window("Pacific/Apia", &[Fri], "08:00", "20:00"),
                ["2011-12-29T10:00:00Z", "2012-01-01T09:00:00Z"],
                &[],
            ),
            (
                "Samoa, a night into the Friday that never came",
                window("Pacific/Apia", &[Thu], "22:00", "06:00"),
                ["2011-12-29T10:00:00Z", "2012-01-01T09:00:00Z"],
                &["open 12-30T08:00", "shut 12-30T10:00"],
            ),
            (
                "29 February is a day like others",
                window("UTC", &[Tue], "23:00", "01:00"),
                ["2028-02-28T00:00:00Z", "2028-03-02T00:00:00Z"],
                &["open 02-29T23:00", "shut 03-01T01:00"],
            ),
            (
                "a Sunday night runs into the new week",
                window("UTC", &[Sun], "23:00", "01:00"),
                ["2026-01-04T00:00:00Z", "2026-01-06T00:00:00Z"],
                &["open 01-04T23:00", "shut 01-05T01:00"],
            ),
            (
                "equal times are 24 hours",
                window("UTC", &[Sun], "06:00", "06:00"),
                ["2026-01-04T00:00:00Z", "2026-01-06T00:00:00Z"],
                &["open 01-04T06:00", "shut 01-05T06:00"],
            ),
        ];
        for (name, window, [from, until], expected) in cases {
            assert_eq!(changes(std::slice::from_ref(window), from, until), *expected, "{name}");
        }
    }

    #[test]
    fn the_next_opening_is_the_first_open_instant() {
        use Weekday::{Fri, Mon, Sun};
        let office =
            [window("Europe/Berlin", &[Mon], "08:00", "18:00"), window("UTC", &[Fri], "06:00", "07:00")];
        let skipped = [window("Europe/Berlin", &[Sun], "02:15", "02:45")];
        let hole = [window("Europe/Berlin", &[Sun], "01:00", "05:00")];
        let friday = [window("Pacific/Apia", &[Fri], "08:00", "20:00")];
        let cases: &[(&[WeeklyWindow], &str, &str)] = &[
            (&[], "2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z"),
            (&office, "2026-01-05T09:00:00.5Z", "2026-01-05T09:00:00.5Z"),
            (&office, "2026-01-05T17:00:00Z", "2026-01-09T06:00:00Z"),
            (&office, "2026-01-09T07:00:00Z", "2026-01-12T07:00:00Z"),
            (&office, "2026-01-09T06:59:59.9Z", "2026-01-09T06:59:59.9Z"),
            (&skipped, "2026-03-28T12:00:00Z", "2026-04-05T00:15:00Z"),
            (&hole, "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"),
            (&friday, "2011-12-29T20:00:00Z", "2012-01-05T18:00:00Z"),
        ];
        for (windows, from, expected) in cases {
            assert_eq!(next_opening(windows, at(from)), Some(at(expected)), "{windows:?} {from}");
        }
    }

    #[test]
    fn the_next_opening_agrees_with_looking_at_every_minute() {
        let windows = [
            window("Europe/Berlin", &[Weekday::Sun, Weekday::Wed], "23:30", "02:30"),
            window("Australia/Lord_Howe", &[Weekday::Sun], "01:50", "02:10"),
        ];
        for start in
            ["2026-03-28T00:00:00Z", "2026-04-04T00:00:00Z", "2026-10-03T00:00:00Z", "2026-10-24T00:00:00Z"]
        {
            let mut expected = None;
            for minute in (0..2 * 24 * 60).rev() {
                let now = at(start).plus(Span::from_mins(minute));
                if open_at(&windows, now) {
                    expected = Some(now);
                }
                if expected.is_some() {
                    assert_eq!(next_opening(&windows, now), expected, "{now}");
                }
            }
        }
    }

    #[test]
    fn stored_strictly() {
        let text = r#"{"zone":"Europe/Berlin","days":["mon","fri"],"from":"08:00","until":"18:00"}"#;
        let window: WeeklyWindow = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&window).unwrap(), text);
        for bad in ["8:00", "24:00", "08:60", "+8:00", "08:00:00", "0800", "08:0٣"] {
            assert!(bad.parse::<TimeOfDay>().is_err(), "{bad}");
        }
        assert!(serde_json::from_str::<WeeklyWindow>(&text.replace("mon", "Monday")).is_err());
        assert!(serde_json::from_str::<WeeklyWindow>(&text.replace("{", "{\"x\":1,")).is_err());
    }
}
