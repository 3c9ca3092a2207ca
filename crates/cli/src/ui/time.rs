//! Times in UTC, and in the reader's zone beside it.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// An instant as people read it; nothing for a text that is none.
pub(crate) fn instant(text: &str) -> Option<String> {
    if text.len() < 20 || !text.ends_with('Z') {
        return None;
    }
    let at: Timestamp = text.parse().ok()?;
    Some(show(at, &TimeZone::system()))
}

fn show(at: Timestamp, zone: &TimeZone) -> String {
    let utc = at.to_zoned(TimeZone::UTC);
    let own = at.to_zoned(zone.clone());
    let utc_text = utc.strftime("%Y-%m-%d %H:%M:%S UTC").to_string();
    if own.offset() == utc.offset() {
        return utc_text;
    }
    let form = if own.date() == utc.date() { "%H:%M %Z" } else { "%Y-%m-%d %H:%M %Z" };
    format!("{utc_text} ({})", own.strftime(form))
}

/// Reads a length of time such as `2s`, `90m`, `4h`, `1h 30m`; a bare number is hours.
pub(crate) fn seconds(text: &str) -> Result<u64, String> {
    let fault = || format!("`{text}` is not a length of time such as `4h`, `90m` or `1h 30m`");
    if let Ok(hours) = text.parse::<u64>() {
        return hours.checked_mul(3600).filter(|seconds| *seconds > 0).ok_or_else(fault);
    }
    let mut total: u64 = 0;
    let mut digits = String::new();
    for c in text.chars() {
        match c {
            '0'..='9' => digits.push(c),
            ' ' if digits.is_empty() => {}
            'd' | 'h' | 'm' | 's' => {
                let number: u64 = digits.parse().map_err(|_| fault())?;
                let unit = match c {
                    'd' => 86_400,
                    'h' => 3_600,
                    'm' => 60,
                    _ => 1,
                };
                total =
                    number.checked_mul(unit).and_then(|part| total.checked_add(part)).ok_or_else(fault)?;
                digits.clear();
            }
            _ => return Err(fault()),
        }
    }
    if digits.is_empty() && total > 0 { Ok(total) } else { Err(fault()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utc_first_and_the_readers_zone_beside_it() {
        let at: Timestamp = "2026-11-22T23:30:00.5Z".parse().unwrap();
        let vienna = TimeZone::get("Europe/Vienna").unwrap();
        assert_eq!(show(at, &vienna), "2026-11-22 23:30:00 UTC (2026-11-23 00:30 CET)");
        assert_eq!(show(at, &TimeZone::UTC), "2026-11-22 23:30:00 UTC");
        assert_eq!(instant("R-1042"), None);
        assert_eq!(instant("not a time at all at Z"), None);
    }

    #[test]
    fn lengths_of_time() {
        for (text, wanted) in [("4", 14_400), ("2s", 2), ("90m", 5_400), ("1h 30m", 5_400), ("1d", 86_400)] {
            assert_eq!(seconds(text), Ok(wanted), "{text}");
        }
        for bad in ["", "0", "0s", "4x", "h", "1h30", "-1h", "99999999999999999999h"] {
            assert!(seconds(bad).is_err(), "{bad}");
        }
    }
}
