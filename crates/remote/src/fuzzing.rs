//! What fuzzers and the replay of their corpora ask: does a value stay one value? Not for executors.
//!
//! Each takes any bytes and says what went wrong. The oracles are written here once more, from the rules of the parser on the
//! other side; real parsers stand behind the conformance kit's tests.

use countersign_runspace::definition::{Bound, HttpDefinition, WhenUnset};
use countersign_runspace::{ParameterValue, request};
use serde_json::json;
use url::Url;

use crate::postgresql::bind::{Sent, bind};
use crate::ssh::quote;

/// Arguments, separated by NUL: a POSIX shell must read exactly these.
///
/// # Errors
/// What it would read instead.
pub fn quoting(input: &[u8]) -> Result<(), String> {
    let Ok(text) = std::str::from_utf8(input) else { return Ok(()) };
    let arguments: Vec<&str> = text.split('\0').collect();
    let line = quote::command(arguments.iter().copied());
    let read = words(&line).ok_or_else(|| format!("a shell would see more than words in {line:?}"))?;
    if read == arguments { Ok(()) } else { Err(format!("{arguments:?} became {read:?}")) }
}

/// Words by the rules of the Shell Command Language, 2.2. `None` where anything but quotes would have a meaning.
fn words(line: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut begun) = (Vec::new(), String::new(), false);
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' if begun => {
                words.push(std::mem::take(&mut word));
                begun = false;
            }
            '\'' => {
                begun = true;
                loop {
                    match chars.next()? {
                        '\'' => break,
                        inner => word.push(inner),
                    }
                }
            }
            '\\' => {
                begun = true;
                match chars.next()? {
                    '\n' => return None,
                    next => word.push(next),
                }
            }
            c if c.is_ascii_alphanumeric() || "/._-,:@%+".contains(c) => {
                begun = true;
                word.push(c);
            }
            _ => return None,
        }
    }
    words.push(word);
    Some(words)
}

/// A byte that chooses the place's type, then a text, or items separated by NUL: the server must read exactly these.
///
/// # Errors
/// What it would read instead.
pub fn binding(input: &[u8]) -> Result<(), String> {
    /// text, uuid, jsonb, text[], varchar[], int4.
    const TYPES: [u32; 6] = [25, 2950, 3802, 1009, 1015, 23];
    let Some((choice, rest)) = input.split_first() else { return Ok(()) };
    let Ok(text) = std::str::from_utf8(rest) else { return Ok(()) };
    let Ok(name) = "A".parse() else { return Ok(()) };
    let place = Bound { name, when_absent: WhenUnset::Refuse };
    let oid = TYPES.get(usize::from(*choice) % TYPES.len()).copied().unwrap_or(25);
    let items: Vec<String> = text.split('\0').map(str::to_owned).collect();
    let is_list = [1009, 1015].contains(&oid);
    let value =
        if is_list { ParameterValue::List(items.clone()) } else { ParameterValue::String(text.to_owned()) };
    match bind(&place, Some(&value), oid) {
        Err(_) => Ok(()),
        Ok(Sent::Text(sent)) if sent == text.as_bytes() && !sent.contains(&0) => Ok(()),
        Ok(Sent::Binary(sent)) if is_list && elements(&sent).as_ref() == Some(&items) => Ok(()),
        Ok(other) => Err(format!("{value:?} became {other:?}")),
    }
}

/// What array_recv reads: one dimension of elements, none of them null.
fn elements(bytes: &[u8]) -> Option<Vec<String>> {
    let mut rest = bytes;
    let mut number = || {
        let (four, after) = rest.split_first_chunk::<4>()?;
        rest = after;
        Some(i32::from_be_bytes(*four))
    };
    let (dimensions, _, _) = (number()?, number()?, number()?);
    let count = if dimensions == 1 { number()? } else { return None };
    number()?;
    let mut items = Vec::new();
    for _ in 0..count {
        let (four, after) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(i32::from_be_bytes(*four)).ok()?;
        let (item, after) = after.split_at_checked(length)?;
        items.push(String::from_utf8(item.to_vec()).ok()?);
        rest = after;
    }
    rest.is_empty().then_some(items)
}

/// A segment, a segment that may hold slashes, and a query's value, separated by NUL: the URL standard's parser must find
/// exactly these in a URL of the same origin.
///
/// # Errors
/// What it would find instead.
pub fn template(input: &[u8]) -> Result<(), String> {
    let Ok(text) = std::str::from_utf8(input) else { return Ok(()) };
    let mut parts = text.splitn(3, '\0');
    let mut part = || parts.next().unwrap_or_default().to_owned();
    let (one, several, value) = (part(), part(), part());
    let definition = json!({"target": "a", "method": "GET", "path": "/a/{A}/b/{B}/c", "slashes": ["B"],
        "query": [{"name": "q", "parameter": "Q"}, {"name": "last", "literal": "1"}]});
    let values = json!({"A": {"string": one}, "B": {"string": several}, "Q": {"string": value}});
    let definition: HttpDefinition = serde_json::from_value(definition).map_err(|error| error.to_string())?;
    let values = serde_json::from_value(values).map_err(|error| error.to_string())?;
    let Ok(request) = request::build(&definition, &values) else { return Ok(()) };
    let whole = format!("https://api.example:8443/base{}", request.path);
    let url = Url::parse(&whole).map_err(|error| format!("{whole}: {error}"))?;
    let origin = url.origin().ascii_serialization() == "https://api.example:8443";
    let bare = url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    let decode = |segment: &str| {
        // A form's decoder, with its one exception taken out, is a percent-decoder.
        url::form_urlencoded::parse(segment.replace('+', "%2B").as_bytes())
            .next()
            .map(|(key, _)| key.into_owned())
    };
    let segments: Option<Vec<String>> = url.path_segments().and_then(|all| all.map(decode).collect());
    let expected = ["base", "a", &one, "b", &several, "c"].map(str::to_owned);
    let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let pairs = [("q".to_owned(), value), ("last".to_owned(), "1".to_owned())];
    let kept = url.as_str() == whole;
    if origin && bare && kept && segments.as_deref() == Some(&expected) && query == pairs {
        return Ok(());
    }
    Err(format!("{whole} was read as {url}: {segments:?} {query:?}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_oracles_find_what_is_wrong() {
        assert_eq!(words("a 'b c' \\'d"), Some(vec!["a".to_owned(), "b c".to_owned(), "'d".to_owned()]));
        for bad in ["a;b", "$x", "a\nb", "*", "'a", "a\\\nb", "a  b", "~", "#", "a=b"] {
            assert_eq!(words(bad), None, "{bad}");
        }
        assert_eq!(elements(&[0; 4]), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn i1_no_value_becomes_anything_else(
            input in "[\0-\u{10ffff}]{0,40}|[\0a./\\\\%?#@:;&=+ \n'\"$`{}]{0,30}", choice in 0_u8..6
        ) {
            prop_assert_eq!(quoting(input.as_bytes()), Ok(()));
            prop_assert_eq!(template(input.as_bytes()), Ok(()));
            let mut bound = vec![choice];
            bound.extend(input.as_bytes());
            prop_assert_eq!(binding(&bound), Ok(()));
        }
    }
}
