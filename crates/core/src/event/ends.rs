//! What a change ends in its own step (G14), in a form whose size is bounded (G22).
//!
//! In the ledger: by reason, the numbers in rising order as one text, `{"revoked":"SAC"}`. The text is a sequence of
//! whole numbers, each in base-64 digits (`A` to `Z`, `a` to `z`, `0` to `9`, `-`, `_`) of which each carries five bits,
//! the lowest first, and adds 32 if another follows, as in source maps (ECMA-426, without the sign). A number other than
//! 0 is the step from the request number before; the first is the step from 0. A 0 announces a run: the next number says
//! how many more follow, each one above the other. Runs stand for three or more, so each set has exactly one form.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::body::{AuthorizationEnd, RequestEnd};
use crate::id::RequestNumber;

/// The most bytes that endings take in an event, however scattered the numbers and mixed the reasons, while no more is
/// live than [`MOST_LIVE`](crate::request::MOST_LIVE) and [`MOST_SPREAD`](crate::request::MOST_SPREAD) allow.
pub const MOST_BYTES: usize = 41_500;

/// What a change of the rules or the directory ends, in the very step of the event that carries it (G14).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ends {
    /// Live authorizations, each with why.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default, with = "by_reason")]
    pub authorizations: BTreeMap<RequestNumber, AuthorizationEnd>,
    /// Pending requests, each with why.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default, with = "by_reason")]
    pub requests: BTreeMap<RequestNumber, RequestEnd>,
}

impl Ends {
    /// Whether nothing ends.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.authorizations.is_empty() && self.requests.is_empty()
    }
}

mod by_reason {
    use super::{BTreeMap, Deserialize, Deserializer, RequestNumber, Serialize, Serializer, read, write};

    pub(super) fn serialize<V: Copy + Ord + Serialize, S: Serializer>(
        map: &BTreeMap<RequestNumber, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut reasons: BTreeMap<V, Vec<u64>> = BTreeMap::new();
        for (number, why) in map {
            reasons.entry(*why).or_default().push(number.get());
        }
        serializer.collect_map(reasons.into_iter().map(|(why, numbers)| (why, write(&numbers))))
    }

    pub(super) fn deserialize<'de, V: Copy + Ord + Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<RequestNumber, V>, D::Error> {
        use serde::de::Error;
        let mut map = BTreeMap::new();
        for (why, text) in BTreeMap::<V, String>::deserialize(deserializer)? {
            let numbers = read(&text).ok_or_else(|| D::Error::custom("request numbers are malformed"))?;
            for number in numbers {
                if map.insert(RequestNumber::new(number), why).is_some() {
                    return Err(D::Error::custom("a number stands twice"));
                }
            }
        }
        Ok(map)
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// The shortest run that is written as one, beside the number it begins with.
const RUN: u64 = 3;
/// More numbers than an entry could carry: a short text must not become a long list.
const MOST_NUMBERS: u64 = 1 << 16;

/// Writes numbers in rising order.
fn write(numbers: &[u64]) -> String {
    let mut text = String::new();
    let mut before = 0;
    let mut rest = numbers.iter().copied().peekable();
    while let Some(number) = rest.next() {
        digits(&mut text, number.saturating_sub(before));
        before = number;
        let mut run = 0;
        while rest.next_if(|next| *next == before + 1).is_some() {
            before += 1;
            run += 1;
        }
        if run >= RUN {
            digits(&mut text, 0);
            digits(&mut text, run);
        } else {
            (0..run).for_each(|_| digits(&mut text, 1));
        }
    }
    text
}

fn digits(text: &mut String, mut value: u64) {
    loop {
        let low = usize::try_from(value & 31).unwrap_or(0);
        value >>= 5;
        let digit = if value == 0 { low } else { low | 32 };
        text.push(char::from(DIGITS.get(digit).copied().unwrap_or(b'A')));
        if value == 0 {
            return;
        }
    }
}

/// Reads what [`write`] writes, and nothing else.
fn read(text: &str) -> Option<Vec<u64>> {
    let mut numbers: Vec<u64> = Vec::new();
    let mut at = 0_u64;
    let mut values = text.bytes();
    while values.len() > 0 {
        let step = value(&mut values)?;
        let (count, step) = if step == 0 { (value(&mut values)?, 1) } else { (1, step) };
        if u64::try_from(numbers.len()).ok()?.checked_add(count)? > MOST_NUMBERS {
            return None;
        }
        for _ in 0..count {
            at = at.checked_add(step)?;
            numbers.push(at);
        }
    }
    (!numbers.is_empty() && write(&numbers) == text).then_some(numbers)
}

fn value(digits: &mut impl Iterator<Item = u8>) -> Option<u64> {
    let mut value = 0_u64;
    for place in 0..11 {
        let digit = digits.next()?;
        let digit = u64::try_from(DIGITS.iter().position(|known| *known == digit)?).ok()?;
        value |= (digit & 31) << (5 * place);
        if digit & 32 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{MOST_LIVE, MOST_SPREAD};

    #[test]
    fn g14_numbers_have_one_form_and_come_back_exactly() {
        for (numbers, text) in [
            (vec![1], "B"),
            (vec![31], "f"),
            (vec![32], "gB"),
            (vec![1042], "ygB"),
            (vec![1, 2], "BB"),
            (vec![1, 2, 3], "BBB"),
            (vec![1, 2, 3, 4], "BAD"),
            (vec![5, 6, 7, 8, 9, 12], "FAED"),
            (vec![1, 1_025], "BggB"),
        ] {
            assert_eq!(write(&numbers), text);
            assert_eq!(read(text), Some(numbers), "{text}");
        }
    }

    #[test]
    fn g14_what_has_another_form_is_not_read() {
        for text in ["", "A", "B*", "g", "gA", "BAC", "AD", "BABBB", "BBBB", "BADAD", "BADB", "BA_________B"]
        {
            assert_eq!(read(text), None, "{text}");
        }
        let long = format!("BA{}", "_".repeat(9));
        assert_eq!(read(&long), None);
        for data in [
            r#"{"authorizations":{"revoked":"B","expired":"B"}}"#,
            r#"{"authorizations":{"gone":"B"}}"#,
            r#"{"authorizations":{"revoked":""}}"#,
            r#"{"authorizations":[[1,"revoked"]]}"#,
        ] {
            assert!(serde_json::from_str::<Ends>(data).is_err(), "{data}");
        }
    }

    /// The most characters for `live` numbers in `lists` lists, each list within the spread: a step of `d` digits is at
    /// least `32^(d-1)`, and each further digit costs more of the spread than the one before, so the cheapest digits
    /// first give the most of them.
    fn most(live: u64, lists: u64) -> u64 {
        let mut spread = lists * MOST_SPREAD - live;
        let mut digits = live;
        for place in 1..11 {
            let dearer = 32_u64.pow(place) - 32_u64.pow(place - 1);
            let bought = (spread / dearer).min(live);
            digits += bought;
            spread -= bought * dearer;
        }
        // The first of each list stands as it is, of at most eleven digits.
        digits + lists * 11
    }

    #[test]
    fn g22_the_largest_possible_ending_is_within_its_bound() {
        let reasons: Vec<(AuthorizationEnd, &str)> =
            AuthorizationEnd::ALL.iter().map(|how| (*how, "authorization")).collect();
        let lists = u64::try_from(reasons.len() + RequestEnd::ALL.len()).unwrap();
        let live = u64::try_from(MOST_LIVE).unwrap();
        let around: usize = r#"{"authorizations":{},"requests":{}}"#.len()
            + AuthorizationEnd::ALL
                .iter()
                .map(|how| serde_json::to_string(how).unwrap().len() + 4)
                .chain(RequestEnd::ALL.iter().map(|how| serde_json::to_string(how).unwrap().len() + 4))
                .sum::<usize>();
        assert!(usize::try_from(most(live, lists)).unwrap() + around <= MOST_BYTES);

        // The worst that can be built: every reason, every step of the most digits, the numbers as far as they count.
        let farthest = (1_u64 << 53) - 1;
        let each = live / lists;
        let step = MOST_SPREAD / each - 1;
        let mut ends = Ends::default();
        for (list, how) in (0..).zip(AuthorizationEnd::ALL) {
            for index in 0..each {
                ends.authorizations.insert(RequestNumber::new(farthest - list - index * step), *how);
            }
        }
        for (list, how) in (100..).zip(RequestEnd::ALL) {
            for index in 0..each {
                ends.requests.insert(RequestNumber::new(farthest - list - index * step), *how);
            }
        }
        let text = serde_json::to_string(&ends).unwrap();
        assert!(u64::try_from(ends.authorizations.len() + ends.requests.len()).unwrap() > live - lists);
        assert!(text.len() <= MOST_BYTES && text.len() > MOST_BYTES - 1_500, "{}", text.len());
        assert_eq!(serde_json::from_str::<Ends>(&text).unwrap(), ends);
    }
}
