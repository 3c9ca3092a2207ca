use std::collections::BTreeMap;

use countersign_ledger::json::{
    JsonError, MAX_DEPTH, MAX_INTEGER, canonical, from_canonical, parse_strict, require_canonical,
};
use proptest::prelude::*;
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::{Value, json};

fn text<T: Serialize + ?Sized>(value: &T) -> String {
    String::from_utf8(canonical(value).unwrap()).unwrap()
}

#[test]
fn keys_are_sorted_by_utf16_code_units() {
    // RFC 8785 section 3.2.3: the emoji's surrogates sort before U+FB33.
    let value = json!({
        "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
        "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "o diaeresis",
    });
    let order: Vec<_> = ["Carriage", "One", "Control", "o dia", "Euro", "Emoji", "Hebrew"].into();
    let written = text(&value);
    let places: Vec<_> = order.iter().map(|word| written.find(word).unwrap()).collect();
    assert!(places.is_sorted(), "{written}");
    assert_eq!(text(&json!({"b": 1, "a": {"d": [], "c": {}}})), r#"{"a":{"c":{},"d":[]},"b":1}"#);
}

#[test]
fn strings_escape_only_what_they_must() {
    let all: String = (0..=0x20).map(|byte| char::from(byte as u8)).collect();
    assert_eq!(
        text(&all),
        concat!(
            r#""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"#,
            r#"\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f ""#
        )
    );
    assert_eq!(
        text("€$\u{f}\nA'B\"\\\\\"/\u{7f}\u{2028}"),
        "\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\u{7f}\u{2028}\""
    );
}

#[test]
fn integers_end_at_two_to_the_53() {
    assert_eq!(text(&MAX_INTEGER), "9007199254740991");
    assert_eq!(text(&-(MAX_INTEGER as i64)), "-9007199254740991");
    assert_eq!(text(&0_i128), "0");
    for refused in [canonical(&(MAX_INTEGER + 1)), canonical(&i64::MIN), canonical(&u128::MAX)] {
        assert_eq!(refused, Err(JsonError::IntegerRange));
    }
    assert!(parse_strict(b"9007199254740991").is_ok());
    for refused in ["9007199254740992", "-9007199254740992", "18446744073709551615"] {
        assert_eq!(parse_strict(refused.as_bytes()), Err(JsonError::IntegerRange), "{refused}");
    }
}

#[test]
fn floats_are_refused_even_when_whole_or_nan() {
    assert_eq!(canonical(&1.0_f64), Err(JsonError::Float));
    assert_eq!(canonical(&[f64::NAN]), Err(JsonError::Float));
    assert_eq!(canonical(&json!({"a": 0.5})), Err(JsonError::Float));
    for refused in ["1.0", "1e3", "-0", "[0.5]", "1E400", "123456789012345678901234567890"] {
        assert!(parse_strict(refused.as_bytes()).is_err(), "{refused}");
    }
    assert_eq!(parse_strict(b"1.0"), Err(JsonError::Float));
}

struct Twice;

impl Serialize for Twice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("a", &1)?;
        map.serialize_entry("b", &1)?;
        map.serialize_entry("a", &2)?;
        map.end()
    }
}

#[test]
fn duplicate_keys_are_refused_both_ways() {
    let duplicate = JsonError::DuplicateKey("a".into());
    assert_eq!(canonical(&Twice), Err(duplicate.clone()));
    assert_eq!(parse_strict(br#"{"a":1,"b":2,"a":1}"#), Err(duplicate.clone()));
    assert_eq!(parse_strict(br#"{"a":1,"\u0061":1}"#), Err(duplicate), "escapes don't hide it");
    assert!(parse_strict(br#"{"a":{"a":1}}"#).is_ok());
}

#[test]
fn nesting_ends_at_64_both_ways() {
    let nested = |depth: u32| (0..depth).fold(json!(1), |inner, _| json!([inner]));
    let deepest = canonical(&nested(MAX_DEPTH)).unwrap();
    assert!(require_canonical(&deepest).is_ok());
    assert_eq!(canonical(&nested(MAX_DEPTH + 1)), Err(JsonError::Depth));
    assert_eq!(parse_strict(&[b"[".as_slice(), &deepest, b"]"].concat()), Err(JsonError::Depth));
    assert!(parse_strict("[".repeat(1_000_000).as_bytes()).is_err());
    assert_eq!(parse_strict(r#"{"a":"#.repeat(100_000).as_bytes()), Err(JsonError::Depth));
}

#[test]
fn what_is_not_one_json_value_is_refused() {
    let refused: [&[u8]; 12] = [
        b"",
        b" ",
        b"{}{}",
        b"{} x",
        b"[1,]",
        b"nul",
        b"'a'",
        b"\xef\xbb\xbf{}",
        b"\"\xff\"",
        b"\"\\ud800\"",
        b"\"\n\"",
        b"01",
    ];
    for bytes in refused {
        assert!(matches!(parse_strict(bytes), Err(JsonError::Malformed(_))), "{bytes:?}");
    }
    let Err(JsonError::Malformed(place)) = parse_strict(b"{\n \"a\": ?}") else { panic!("accepted") };
    assert!(place.contains("line 2"), "{place}");
}

#[test]
fn other_spellings_of_a_value_are_not_canonical() {
    let canonical = r#"{"a":"é/","b":[1,true,null]}"#;
    assert!(require_canonical(canonical.as_bytes()).is_ok());
    let others = [
        r#"{"a":"é/","b":[1,true, null]}"#,
        r#"{"b":[1,true,null],"a":"é/"}"#,
        r#"{"a":"\u00e9/","b":[1,true,null]}"#,
        r#"{"a":"é\/","b":[1,true,null]}"#,
        " {\"a\":\"é/\",\"b\":[1,true,null]}",
        "{\"a\":\"é/\",\"b\":[1,true,null]}\n",
    ];
    for other in others {
        assert!(parse_strict(other.as_bytes()).is_ok(), "{other}");
        assert!(matches!(require_canonical(other.as_bytes()), Err(JsonError::NotCanonical(_))), "{other}");
    }
    assert_eq!(require_canonical(b"[1, 2]"), Err(JsonError::NotCanonical(3)));
    assert_eq!(require_canonical(br#""\u001F""#), Err(JsonError::NotCanonical(6)));
}

#[derive(Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
enum Shape {
    Unit,
    One(u8),
    Pair(u8, String),
    Named { z: Option<bool>, a: () },
}

#[test]
fn types_take_the_form_that_serde_json_gives_them() {
    let shapes =
        vec![Shape::Unit, Shape::One(1), Shape::Pair(2, "x".into()), Shape::Named { z: Some(true), a: () }];
    let bytes = canonical(&shapes).unwrap();
    assert_eq!(bytes, br#"["Unit",{"One":1},{"Pair":[2,"x"]},{"Named":{"a":null,"z":true}}]"#);
    assert_eq!(from_canonical::<Vec<Shape>>(&bytes).unwrap(), shapes);
    assert!(matches!(from_canonical::<u8>(b"256"), Err(JsonError::Value(_))));
    assert_eq!(text(&BTreeMap::from([(10, 'x'), (9, 'y')])), r#"{"10":"x","9":"y"}"#);
    assert_eq!(canonical(&BTreeMap::from([((1, 2), 3)])), Err(JsonError::Key));
    assert_eq!(canonical(&BTreeMap::from([("$serde_json::private::RawValue", "1.5")])), Err(JsonError::Key));
}

fn values() -> impl Strategy<Value = Value> {
    let limit = MAX_INTEGER as i64;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-limit..=limit).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[\u{0}-\u{30}\u{d000}-\u{10ffff}]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 6, |inner| {
        let key = prop_oneof![any::<String>(), "[a-c\u{e000}-\u{ffff}\u{10000}-\u{10010}]{0,2}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..6).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn agrees_with_another_implementation(value in values()) {
        let ours = canonical(&value).unwrap();
        prop_assert_eq!(&ours, &serde_json_canonicalizer::to_vec(&value).unwrap());
        prop_assert_eq!(require_canonical(&ours).unwrap(), value);
    }

    #[test]
    fn no_bytes_upset_the_parser(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = require_canonical(&bytes);
    }

    #[test]
    fn changed_bytes_never_pass_for_the_same_value(value in values(), at: prop::sample::Index, bit in 0..8) {
        let bytes = canonical(&value).unwrap();
        let mut changed = bytes.clone();
        changed[at.index(bytes.len())] ^= 1_u8 << bit;
        prop_assert_ne!(require_canonical(&changed).ok(), Some(value));
    }
}
