use jiff::{Timestamp, Zoned, tz::TimeZone};

/// An instant as people read it: `Mon 30 Nov 2026 14:05 UTC (15:05 in Europe/Berlin)`, the second
/// with its date where that differs. `micros` since 1970, UTC.
pub(crate) fn instant(micros: i64, zone: &str) -> String {
    let Ok(at) = Timestamp::from_microsecond(micros) else { return "beyond the calendar".to_owned() };
    let utc = at.to_zoned(TimeZone::UTC);
    let shown = format!("{} UTC", utc.strftime("%a %-d %b %Y %H:%M"));
    match TimeZone::get(zone) {
        Ok(found) if !matches!(zone, "UTC" | "Etc/UTC") => local(&shown, &utc, &at.to_zoned(found), zone),
        _ => shown,
    }
}

fn local(shown: &str, utc: &Zoned, there: &Zoned, zone: &str) -> String {
    if utc.date() == there.date() {
        format!("{shown} ({} in {zone})", there.strftime("%H:%M"))
    } else {
        format!("{shown} ({} in {zone})", there.strftime("%a %-d %b %H:%M"))
    }
}

/// A length of time in its two largest units: `4 hours`, `1 hour 30 minutes`, `3 days`.
pub(crate) fn length(micros: i64) -> String {
    let seconds = micros.max(0) / 1_000_000;
    // People ask in hours; days only where hours are hard to read.
    let (large, small) = match seconds {
        259_200.. => (unit(seconds / 86_400, "day"), unit(seconds % 86_400 / 3600, "hour")),
        3600.. => (unit(seconds / 3600, "hour"), unit(seconds % 3600 / 60, "minute")),
        60.. => (unit(seconds / 60, "minute"), unit(seconds % 60, "second")),
        _ => (unit(seconds, "second"), None),
    };
    match (large, small) {
        (Some(large), Some(small)) => format!("{large} {small}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "less than a second".to_owned(),
    }
}

fn unit(count: i64, name: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 {name}")),
        _ => Some(format!("{count} {name}s")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants() {
        let at = "2026-11-30T14:05:59Z".parse::<Timestamp>().unwrap().as_microsecond();
        for (zone, shown) in [
            ("UTC", "Mon 30 Nov 2026 14:05 UTC"),
            ("Europe/Berlin", "Mon 30 Nov 2026 14:05 UTC (15:05 in Europe/Berlin)"),
            ("Asia/Tokyo", "Mon 30 Nov 2026 14:05 UTC (23:05 in Asia/Tokyo)"),
            ("Pacific/Auckland", "Mon 30 Nov 2026 14:05 UTC (Tue 1 Dec 03:05 in Pacific/Auckland)"),
            ("No/Where", "Mon 30 Nov 2026 14:05 UTC"),
            ("", "Mon 30 Nov 2026 14:05 UTC"),
        ] {
            assert_eq!(instant(at, zone), shown);
        }
        assert_eq!(instant(i64::MAX, "UTC"), "beyond the calendar");
    }

    #[test]
    fn lengths() {
        for (seconds, shown) in [
            (0, "less than a second"),
            (-5, "less than a second"),
            (1, "1 second"),
            (90, "1 minute 30 seconds"),
            (3600, "1 hour"),
            (5400, "1 hour 30 minutes"),
            (14_400, "4 hours"),
            (86_400, "24 hours"),
            (259_200, "3 days"),
            (262_800, "3 days 1 hour"),
        ] {
            assert_eq!(length(seconds * 1_000_000), shown);
        }
    }
}
