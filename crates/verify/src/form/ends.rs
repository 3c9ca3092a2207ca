//! What a change ends in its own step: by reason, numbers in rising order as one text.
//!
//! Digits are base-64 (`A`–`Z`, `a`–`z`, `0`–`9`, `-`, `_`), five bits each, the lowest first; 32 more says that another
//! follows. Each number is the step from the one before, from 0 for the first; 0 and a count stand for that many more, one
//! above the other.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de::Error};

use super::{AuthorizationEnd, RequestEnd};

/// More than a sound entry could name: a short text must not become a long list.
const MOST: u64 = 1 << 16;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ends {
    #[serde(default, deserialize_with = "by_reason")]
    pub(crate) authorizations: BTreeMap<u64, AuthorizationEnd>,
    #[serde(default, deserialize_with = "by_reason")]
    pub(crate) requests: BTreeMap<u64, RequestEnd>,
}

/// No number stands twice, under one reason or two.
fn by_reason<'de, D, R>(deserializer: D) -> Result<BTreeMap<u64, R>, D::Error>
where
    D: Deserializer<'de>,
    R: Deserialize<'de> + Copy + Ord,
{
    let mut all = BTreeMap::new();
    for (reason, text) in BTreeMap::<R, String>::deserialize(deserializer)? {
        for number in numbers(&text).map_err(D::Error::custom)? {
            if all.insert(number, reason).is_some() {
                return Err(D::Error::custom("a request number stands twice"));
            }
        }
    }
    Ok(all)
}

fn numbers(text: &str) -> Result<Vec<u64>, &'static str> {
    let mut steps = steps(text)?.into_iter();
    let mut numbers = Vec::new();
    let mut number = 0_u64;
    while let Some(step) = steps.next() {
        let (step, times) = match step {
            0 => (1, steps.next().ok_or("a run of request numbers has no length")?),
            step => (step, 1),
        };
        if times == 0 || times > MOST {
            return Err("a run of request numbers has no length, or a senseless one");
        }
        for _ in 0..times {
            number = number.checked_add(step).ok_or("a request number is too large")?;
            numbers.push(number);
        }
    }
    if numbers.is_empty() { Err("a reason without request numbers") } else { Ok(numbers) }
}

fn steps(text: &str) -> Result<Vec<u64>, &'static str> {
    let mut steps = Vec::new();
    let (mut step, mut bits) = (0_u64, 0_u32);
    for letter in text.bytes() {
        let digit = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return Err("request numbers have a digit that is none"),
        };
        if bits > 50 {
            return Err("a request number is too large");
        }
        step |= u64::from(digit & 31) << bits;
        bits += 5;
        if digit < 32 {
            steps.push(step);
            (step, bits) = (0, 0);
        }
    }
    if bits == 0 { Ok(steps) } else { Err("request numbers break off") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g14_endings_are_read_number_by_number() {
        for (text, expected) in [
            ("B", Some(vec![1])),
            ("ygB", Some(vec![1042])),
            ("FAED", Some(vec![5, 6, 7, 8, 9, 12])),
            ("BggB", Some(vec![1, 1_025])),
            ("", None),
            ("A", None),
            ("AA", None),
            ("g", None),
            ("B!", None),
            ("BA________B", None),
            ("____________", None),
        ] {
            assert_eq!(numbers(text).ok(), expected, "{text}");
        }
    }
}
