//! Weekly windows: wall-clock minutes of the week in a zone. An hour that the clock skips is closed; one that it repeats
//! is open at its first occurrence only.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{
    Timestamp,
    tz::{AmbiguousOffset, TimeZoneDatabase},
};

use crate::form::Window;

const DAY: u32 = 24 * 60;
const WEEK: u32 = 7 * DAY;

/// Whether any window is open at this instant, in microseconds since 1970. No windows at all means always.
pub(super) fn open_at(windows: &[Window], at: i64) -> bool {
    windows.is_empty() || windows.iter().any(|window| open(window, at) == Some(true))
}

/// The open minutes of the week in each zone.
pub(super) fn minutes(windows: &[Window]) -> BTreeMap<&str, BTreeSet<u32>> {
    let mut zones: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for window in windows {
        zones.entry(&window.zone).or_default().extend(of_week(window).into_iter().flatten());
    }
    zones
}

fn open(window: &Window, at: i64) -> Option<bool> {
    let zone = TimeZoneDatabase::bundled().get(&window.zone).ok()?;
    let at = Timestamp::from_microsecond(at).ok()?;
    let offset = zone.to_offset(at);
    let wall = offset.to_datetime(at);
    if let AmbiguousOffset::Fold { before, .. } = zone.to_ambiguous_timestamp(wall).offset()
        && offset != before
    {
        return Some(false);
    }
    let day = u32::from(wall.weekday().to_monday_zero_offset().unsigned_abs());
    let minute =
        day * DAY + u32::from(wall.hour().unsigned_abs()) * 60 + u32::from(wall.minute().unsigned_abs());
    Some(of_week(window)?.contains(&minute))
}

fn of_week(window: &Window) -> Option<BTreeSet<u32>> {
    let (from, until) = (time(&window.from)?, time(&window.until)?);
    let length = if until > from { until - from } else { DAY - from + until };
    let mut minutes = BTreeSet::new();
    for day in &window.days {
        let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let start = u32::try_from(names.iter().position(|name| name == day)?).ok()? * DAY + from;
        minutes.extend((start..start + length).map(|minute| minute % WEEK));
    }
    Some(minutes)
}

fn time(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute) = (hour.parse::<u32>().ok()?, minute.parse::<u32>().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(zone: &str, days: &[&str], from: &str, until: &str, at: &str) -> bool {
        let window = Window {
            zone: zone.to_owned(),
            days: days.iter().map(|day| (*day).to_owned()).collect(),
            from: from.to_owned(),
            until: until.to_owned(),
        };
        open_at(&[window], at.parse::<Timestamp>().unwrap().as_microsecond())
    }

    #[test]
    fn windows_are_wall_clock_minutes() {
        // 2026-11-22 is a Sunday.
        assert!(open("UTC", &["sun"], "09:00", "10:00", "2026-11-22T09:59:59Z"));
        assert!(!open("UTC", &["sun"], "09:00", "10:00", "2026-11-22T10:00:00Z"));
        assert!(
            open("UTC", &["sun"], "22:00", "02:00", "2026-11-23T01:59:00Z"),
            "past midnight, and the week's end"
        );
        assert!(open("UTC", &["sun"], "00:00", "00:00", "2026-11-22T23:59:00Z"), "a whole day");
        assert!(!open("Mars/Olympus", &["sun"], "00:00", "00:00", "2026-11-22T12:00:00Z"));
        // Berlin turns its clock back on 2026-10-25 at 03:00 to 02:00: 00:30Z is the first 02:30, 01:30Z the second.
        assert!(open("Europe/Berlin", &["sun"], "02:00", "03:00", "2026-10-25T00:30:00Z"));
        assert!(!open("Europe/Berlin", &["sun"], "02:00", "03:00", "2026-10-25T01:30:00Z"));
        assert!(open_at(&[], 0));
    }
}
