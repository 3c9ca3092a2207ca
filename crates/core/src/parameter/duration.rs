//! Lengths of time as text, in whole seconds.

use crate::time::Span;

/// The longest duration that a parameter takes: 10,000 days.
pub(super) const MAX: Span = Span::from_hours(240_000);

/// Reads `90s`, `1h 30m`, `2d`, and the day-time part of ISO 8601, `PT1H30M`, `P2D`. Units from large to small, each
/// once; whole numbers only. `m` is minutes: months and years have no fixed length.
#[must_use]
pub fn read(text: &str) -> Option<Span> {
    let span = match text.strip_prefix('P') {
        Some(iso) => match iso.split_once('T') {
            Some((_, "")) => None,
            Some(("", time)) => units(time, &[('H', 3_600), ('M', 60), ('S', 1)]),
            Some((days, time)) => {
                let (days, time) =
                    (units(days, &[('D', 86_400)])?, units(time, &[('H', 3_600), ('M', 60), ('S', 1)])?);
                days.checked_add(time)
            }
            None => units(iso, &[('D', 86_400)]),
        },
        None => {
            // One space may stand between units, or between a number and its unit.
            let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            let splits =
                |(before, after): (&str, &str)| digit(before.chars().last()) && digit(after.chars().next());
            let inside =
                text.match_indices(' ').filter_map(|(at, _)| Some((text.get(..at)?, text.get(at + 1..)?)));
            if text.starts_with(' ')
                || text.ends_with(' ')
                || text.contains("  ")
                || inside.into_iter().any(splits)
            {
                return None;
            }
            units(&text.replace(' ', ""), &[('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)])
        }
    }?;
    let span = Span::from_secs(span);
    (span <= MAX).then_some(span)
}

/// The canonical form: ISO 8601 in seconds, `PT5400S`.
pub(super) fn write(span: Span) -> String {
    format!("PT{}S", span.as_secs())
}

fn units(text: &str, known: &[(char, u64)]) -> Option<u64> {
    let (mut rest, mut known, mut total) = (text, known, 0_u64);
    if text.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, tail) = rest.split_at_checked(end)?;
        let unit = tail.chars().next()?;
        let place = known.iter().position(|(name, _)| *name == unit)?;
        let (_, factor) = known.get(place)?;
        if number.len() > 10 {
            return None;
        }
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(*factor)?)?;
        known = known.get(place + 1..)?;
        rest = tail.strip_prefix(unit)?;
    }
    Some(total)
}

/// Serde in the canonical form.
pub(super) mod wire {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::time::Span;

    pub(in crate::parameter) fn serialize<S: Serializer>(
        span: &Span,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::write(*span))
    }

    pub(in crate::parameter) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Span, D::Error> {
        super::read(&String::deserialize(d)?)
            .ok_or_else(|| serde::de::Error::custom("expected a duration such as `PT90S` or `1h 30m`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_durations_have_one_form() {
        for (text, seconds) in [
            ("90s", 90),
            ("1h30m", 5_400),
            ("1h 30m", 5_400),
            ("2 d", 172_800),
            ("1 h 5 s", 3_605),
            ("PT90S", 90),
            ("PT1H30M", 5_400),
            ("P1DT1S", 86_401),
            ("P2D", 172_800),
            ("0s", 0),
        ] {
            let span = read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(span, Span::from_secs(seconds), "{text}");
            assert_eq!(read(&write(span)), Some(span));
        }
        for bad in [
            "",
            "5",
            "h",
            "1m1h",
            "1h1h",
            "-1h",
            "1.5h",
            "PT",
            "P",
            "P1DT",
            "P1M",
            "P1Y",
            "PT1D",
            "pt1s",
            "1H",
            " 1h",
            "1h ",
            "1h  1m",
            "1 2h",
            "99999999999s",
            "999999999d",
            "٣s",
        ] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
    }
}
