use serde_json::{Value as Json, json};

use super::super::{Binding, Effect, FaultCode, IdentityKind, ParameterKind, Value};
use super::*;

fn spec(name: &str, kind: ParameterKind) -> ParameterSpec {
    ParameterSpec::new(name.parse().unwrap(), kind)
}

fn run(specs: &[ParameterSpec], given: Json) -> Result<Json, Vec<(FaultCode, String)>> {
    let given: Given = serde_json::from_value(given).unwrap();
    check(specs, given)
        .map(|values| Json::Object(values.to_json()))
        .map_err(|faults| faults.into_iter().map(|fault| (fault.code, fault.place)).collect())
}

fn one(kind: &ParameterKind, json: Json) -> Result<Json, FaultCode> {
    let specs = [spec("X", kind.clone())];
    run(&specs, json!({"X": json})).map(|values| values["X"].clone()).map_err(|faults| faults[0].0)
}

#[test]
fn parameters_strings_hold_what_approvers_can_see() {
    use FaultCode::*;
    let short = ParameterKind::text(10);
    let long = ParameterKind::text(65_536);
    let lines = ParameterKind::String { min_length: 0, max_length: 99, pattern: None, multiline: true };
    let lower = ParameterKind::String {
        min_length: 1,
        max_length: 99,
        pattern: Some("[a-z]+".parse().unwrap()),
        multiline: false,
    };
    for (kind, value, expected) in [
        (&short, "plain", None),
        (&short, "grün 漢字", None),
        (&short, "';$(d)`\"&|", None),
        (&short, "", Some(TooSmall)),
        (&lines, "", None),
        (&short, "12345678901", Some(TooLarge)),
        (&short, "a\0b", Some(Control)),
        (&lines, "a\0b", Some(Control)),
        (&short, "a\nb", Some(Control)),
        (&lines, "a\nb\tc", None),
        (&lines, "a\r\nb", Some(Control)),
        (&lines, "a\u{1b}[2Kb", Some(Control)),
        (&short, "a\u{85}b", Some(Control)),
        (&short, "a\u{7f}", Some(Control)),
        (&short, "a\u{202e}b", Some(Hidden)),
        (&short, "a\u{2066}b", Some(Hidden)),
        (&short, "a\u{200b}b", Some(Hidden)),
        (&short, "a\u{feff}", Some(Hidden)),
        (&short, "a\u{ad}b", Some(Hidden)),
        (&short, "a\u{e0041}", Some(Hidden)),
        (&lines, "a\u{2028}b", Some(Hidden)),
        (&short, "a\u{fffe}", Some(Hidden)),
        (&short, "a\u{1ffff}", Some(Hidden)),
        (&short, "a\u{fdd0}", Some(Hidden)),
        (&short, "e\u{301}", Some(NotNormalized)),
        (&short, "\u{212b}", Some(NotNormalized)),
        (&short, "é", None),
        (&short, "-rf", Some(Dash)),
        (&short, "--", Some(Dash)),
        (&short, "a-b", None),
        (&short, "\u{2212}1", None),
        (&lower, "abc", None),
        (&lower, "abC", Some(Pattern)),
        (&lower, "аbc", Some(Pattern)),
        (&long, &"x".repeat(65_536), None),
        (&long, &"ü".repeat(40_000), Some(TooLarge)),
        (&long, &"x".repeat(1 << 20), Some(TooLarge)),
    ] {
        let shown: String = value.chars().take(20).collect();
        assert_eq!(one(kind, value.into()).err(), expected, "{shown:?}");
    }
}

#[test]
fn parameters_a_leading_dash_needs_leave() {
    let mut dash = spec("X", ParameterKind::list(ParameterKind::text(9), 3));
    let refused = run(std::slice::from_ref(&dash), json!({"X": ["a", "-b"]}));
    assert_eq!(refused, Err(vec![(FaultCode::Dash, "/X/1".to_owned())]));
    dash.may_start_with_dash = true;
    assert!(run(&[dash], json!({"X": ["a", "-b"]})).is_ok());
    let number = ParameterKind::Integer { min: None, max: None };
    assert_eq!(one(&number, json!(-9)), Err(FaultCode::Dash));
    assert_eq!(one(&ParameterKind::Address {}, json!("-o@x")), Err(FaultCode::Dash));
}

#[test]
fn parameters_each_kind_takes_its_values_only() {
    use FaultCode::*;
    let integer = ParameterKind::Integer { min: Some(1), max: Some(5) };
    let decimal = ParameterKind::Decimal { min: None, max: "9.5".parse().ok(), scale: 2 };
    let choice = ParameterKind::choice(["Manual", "Auto"]);
    let list = ParameterKind::list(ParameterKind::Integer { min: None, max: None }, 3);
    let many = ParameterKind::list(ParameterKind::text(9), 1_000);
    let table = ParameterKind::Table {
        of: Box::new(ParameterKind::Address {}),
        keys: vec!["add".to_owned(), "remove".to_owned()],
        max_items: 3,
    };
    let size = ParameterKind::Size { max: "10 MB".parse().ok(), unlimited: false };
    let unlimited = ParameterKind::Size { max: "10 MB".parse().ok(), unlimited: true };
    let hour = crate::time::Span::from_hours(1);
    let duration = ParameterKind::Duration { min: crate::time::Span::from_secs(1), max: hour };
    let person = ParameterKind::Identity { of: IdentityKind::Person };
    let task = ParameterKind::Identity { of: IdentityKind::Task };
    let file = ParameterKind::File { max_size: 100, text: true };
    let sha = "ab".repeat(32);
    let id = format!("p-{}", "0f".repeat(16));
    for (kind, value, expected) in [
        (&integer, json!(5), Ok(json!(5))),
        (&integer, json!(0), Err(TooSmall)),
        (&integer, json!(6), Err(TooLarge)),
        (&integer, json!("5"), Err(Kind)),
        (&integer, json!(u64::MAX), Err(Kind)),
        (&integer, json!(true), Err(Kind)),
        (&integer, json!(null), Err(Kind)),
        (&decimal, json!("1.50"), Ok(json!("1.5"))),
        (&decimal, json!("1.505"), Err(Malformed)),
        (&decimal, json!("9.51"), Err(TooLarge)),
        (&decimal, json!("1e1"), Err(Malformed)),
        (&decimal, json!(1), Err(Kind)),
        (&ParameterKind::Boolean {}, json!(true), Ok(json!(true))),
        (&ParameterKind::Boolean {}, json!("true"), Err(Kind)),
        (&ParameterKind::Switch {}, json!(1), Err(Kind)),
        (&choice, json!("auto"), Ok(json!("Auto"))),
        (&choice, json!("Аuto"), Err(Choice)),
        (&choice, json!("Auto "), Err(Choice)),
        (&list, json!([1, 2]), Ok(json!([1, 2]))),
        (&list, json!([]), Err(TooSmall)),
        (&list, json!([1, 2, 3, 4]), Err(TooLarge)),
        (&list, json!(1), Err(Kind)),
        (&list, json!([[1]]), Err(Kind)),
        (&many, json!(vec!["x"; 1_001]), Err(TooLarge)),
        (&table, json!({"Add": ["A@b"], "remove": []}), Ok(json!({"add": ["a@b"]}))),
        (&table, json!({"add": ["a@b"], "remove": ["A@B"]}), Err(Duplicate)),
        (&table, json!({"add": ["a@b"], "ADD": ["c@b"]}), Err(Duplicate)),
        (&table, json!({"replace": ["a@b"]}), Err(Unknown)),
        (&table, json!({}), Err(TooSmall)),
        (&table, json!({"add": ["a@b", "b@b"], "remove": ["c@b", "d@b"]}), Err(TooLarge)),
        (&table, json!(["a@b"]), Err(Kind)),
        (&size, json!("1 KB"), Ok(json!(1024))),
        (&size, json!(11 << 20), Err(TooLarge)),
        (&size, json!("unlimited"), Err(TooLarge)),
        (&unlimited, json!("unlimited"), Ok(json!("Unlimited"))),
        (&size, json!(-1), Err(Malformed)),
        (&size, json!("10"), Ok(json!(10))),
        (&duration, json!("1h"), Ok(json!("PT3600S"))),
        (&duration, json!("0s"), Err(TooSmall)),
        (&duration, json!("61m"), Err(TooLarge)),
        (&duration, json!(60), Err(Kind)),
        (&ParameterKind::Instant {}, json!("2026-11-22T09:00:00Z"), Ok(json!("2026-11-22T09:00:00Z"))),
        (&ParameterKind::Instant {}, json!("2026-11-22T09:00:00+01:00"), Err(Malformed)),
        (&ParameterKind::Address {}, json!("Anna@Contoso.Example"), Ok(json!("anna@contoso.example"))),
        (&ParameterKind::Address {}, json!("аnna@contoso.example"), Err(Malformed)),
        (
            &ParameterKind::Guid {},
            json!("6F9619FF-8B86-D011-B42D-00C04FC964FF"),
            Ok(json!("6f9619ff-8b86-d011-b42d-00c04fc964ff")),
        ),
        (&ParameterKind::Guid {}, json!("6F9619FF"), Err(Malformed)),
        (&person, json!(id), Ok(json!(id))),
        (&person, json!("anna@contoso.example"), Err(Malformed)),
        (&person, json!(id.replace("p-", "g-")), Err(Malformed)),
        (&task, json!("Exchange\\New-MoveRequest"), Ok(json!("Exchange\\New-MoveRequest"))),
        (&task, json!("New-MoveRequest"), Err(Malformed)),
        (
            &file,
            json!({"sha256": sha, "size": 100, "media_type": "text/csv"}),
            Ok(json!({"sha256": sha, "size": 100, "media_type": "text/csv"})),
        ),
        (&file, json!({"sha256": sha, "size": 101, "media_type": "text/csv"}), Err(TooLarge)),
        (&file, json!({"sha256": sha, "size": 1, "media_type": "image/png"}), Err(Kind)),
        (&file, json!({"sha256": sha, "size": 1, "media_type": "text/\n"}), Err(Malformed)),
        (&file, json!({"sha256": sha.to_uppercase(), "size": 1, "media_type": "text/csv"}), Err(Malformed)),
        (&file, json!({"sha256": sha, "size": 1, "media_type": "text/csv", "path": "/etc"}), Err(Malformed)),
        (&file, json!("/etc/passwd"), Err(Kind)),
    ] {
        assert_eq!(one(kind, value.clone()), expected, "{kind:?} {value}");
    }
}

#[test]
fn parameters_unknown_and_missing_names_are_told_all_at_once() {
    let specs = [spec("Path", ParameterKind::text(9)).required(), spec("Depth", ParameterKind::text(9))];
    assert_eq!(run(&specs, json!({"pAtH": "/x"})), Ok(json!({"Path": "/x"})));
    assert_eq!(run(&specs, json!({})), Err(vec![(FaultCode::Missing, "/Path".to_owned())]));
    let faults = run(&specs, json!({"Path": 1, "Depht": "1", "depth": "\u{0}"})).unwrap_err();
    let expected =
        [(FaultCode::Unknown, "/Depht"), (FaultCode::Control, "/Depth"), (FaultCode::Kind, "/Path")];
    assert_eq!(faults, expected.map(|(code, place)| (code, place.to_owned())));
}

#[test]
fn parameters_defaults_are_filled_in_and_switches_are_off() {
    let specs = [
        spec("Mode", ParameterKind::choice(["a", "b"])).or(Value::Choice("a".to_owned())),
        spec("Force", ParameterKind::Switch {}),
        spec("Deep", ParameterKind::Boolean {}),
    ];
    assert_eq!(run(&specs, json!({})), Ok(json!({"Mode": "a", "Force": false})));
    let given = json!({"Mode": "b", "Force": true, "Deep": false});
    assert_eq!(run(&specs, given.clone()), Ok(given));
}

#[test]
fn parameters_of_different_sets_exclude_each_other() {
    let text = || ParameterKind::text(9);
    let specs = [
        spec("Identity", text()).required().in_set("Identity"),
        spec("Filter", text()).required().in_set("Filter"),
        spec("Scope", text()).in_set("Filter").or(Value::String("all".to_owned())),
        spec("Server", text()).in_set("Filter").in_set("Identity"),
        spec("Note", text()),
    ];
    assert_eq!(run(&specs, json!({"Identity": "a"})), Ok(json!({"Identity": "a"})));
    assert_eq!(run(&specs, json!({"Filter": "a"})), Ok(json!({"Filter": "a", "Scope": "all"})));
    assert!(run(&specs, json!({"Filter": "a", "Server": "s", "Note": "n"})).is_ok());
    for (given, code) in [
        (json!({"Identity": "a", "Filter": "b"}), FaultCode::Sets),
        (json!({"Identity": "a", "Scope": "b"}), FaultCode::Sets),
        (json!({"Scope": "b"}), FaultCode::Missing),
        (json!({"Server": "b"}), FaultCode::Missing),
        (json!({}), FaultCode::Missing),
    ] {
        let faults = run(&specs, given.clone()).unwrap_err();
        assert_eq!((faults.len(), faults[0].0), (1, code), "{given}");
    }
}

#[test]
fn parameters_conditions_require_and_allow() {
    let when = |name: &str| name.parse().unwrap();
    let specs = [
        spec("Type", ParameterKind::choice(["Task", "Role"])).required(),
        spec("Role", ParameterKind::text(9)).when(Effect::Required, when("Type"), json!("role")).when(
            Effect::Allowed,
            when("Type"),
            json!("Role"),
        ),
        spec("Force", ParameterKind::Switch {}),
        spec("Why", ParameterKind::text(9)).when(Effect::Required, when("Force"), json!(true)),
        spec("Soft", ParameterKind::choice(["x"])).or(Value::Choice("x".to_owned())).when(
            Effect::Allowed,
            when("Force"),
            json!(false),
        ),
    ];
    for (given, expected) in [
        (json!({"Type": "Task"}), None),
        (json!({"Type": "Role", "Role": "r"}), None),
        (json!({"Type": "Role"}), Some((FaultCode::Missing, "/Role"))),
        (json!({"Type": "Task", "Role": "r"}), Some((FaultCode::NotAllowed, "/Role"))),
        (json!({"Type": "Task", "Force": true}), Some((FaultCode::Missing, "/Why"))),
        (json!({"Type": "Task", "Force": false}), None),
        (json!({"Type": "Task", "Force": true, "Why": "w"}), None),
        (
            json!({"Type": "Task", "Force": true, "Why": "w", "Soft": "x"}),
            Some((FaultCode::NotAllowed, "/Soft")),
        ),
    ] {
        let found = run(&specs, given.clone()).err().map(|faults| faults[0].clone());
        assert_eq!(found, expected.map(|(code, place)| (code, place.to_owned())), "{given}");
    }
    assert_eq!(run(&specs, json!({"Type": "Task"})).unwrap()["Soft"], json!("x"));
    assert_eq!(run(&specs, json!({"Type": "Task", "Force": true, "Why": "w"})).unwrap().get("Soft"), None);
}

#[test]
fn parameters_secrets_are_recorded_as_present_only() {
    let specs = [spec("Password", ParameterKind::Secret { max_length: 12, multiline: false }).required()];
    let given = Given::from_pairs([("password".to_owned(), json!("hunter2"))]).unwrap();
    let values = check(&specs, given).unwrap();
    let name = "Password".parse().unwrap();
    assert_eq!(values.secret(&name).unwrap().reveal(), "hunter2");
    assert_eq!(serde_json::to_string(&values).unwrap(), r#"{"Password":{"secret":"present"}}"#);
    assert!(!format!("{values:?}").contains("hunter2"));
    assert_eq!(values.to_json_with_secrets()["Password"], json!("hunter2"));
    for (bad, code) in [
        (json!("a\0b"), FaultCode::Control),
        (json!("a\nb"), FaultCode::Control),
        (json!("-x"), FaultCode::Dash),
        (json!(""), FaultCode::TooSmall),
        (json!("1234567890123"), FaultCode::TooLarge),
        (json!(7), FaultCode::Kind),
    ] {
        let faults = check(&specs, Given::from_pairs([("Password".to_owned(), bad)]).unwrap()).unwrap_err();
        assert_eq!(faults[0].code, code);
    }
}

#[test]
fn parameters_faults_never_repeat_a_value() {
    let specs = [
        spec(
            "A",
            ParameterKind::String {
                min_length: 1,
                max_length: 3,
                pattern: "[a-z]".parse().ok(),
                multiline: false,
            },
        ),
        spec("B", ParameterKind::Address {}),
        spec("C", ParameterKind::Guid {}),
        spec("D", ParameterKind::choice(["a"])),
        spec("E", ParameterKind::Secret { max_length: 3, multiline: false }),
        spec("F", ParameterKind::Size { max: None, unlimited: false }),
    ];
    let given: serde_json::Map<String, Json> = ["A", "B", "C", "D", "E", "F", "G"]
        .map(|name| (name.to_owned(), json!("canary!")))
        .into_iter()
        .collect();
    let faults = check(&specs, Given::read(given).unwrap()).unwrap_err();
    assert!(faults.len() >= 7, "{faults:?}");
    assert!(faults.iter().all(|fault| !fault.to_string().contains("canary")), "{faults:?}");
}

#[test]
fn g22_all_values_together_are_bounded() {
    let specs: Vec<_> = (0..5).map(|n| spec(&format!("P{n}"), ParameterKind::text(65_536))).collect();
    let given = |count: usize| (0..count).map(|n| (format!("P{n}"), json!("x".repeat(65_000))));
    assert!(check(&specs, Given::from_pairs(given(4)).unwrap()).is_ok());
    let faults = check(&specs, Given::from_pairs(given(5)).unwrap()).unwrap_err();
    assert_eq!(faults[0].code, FaultCode::TooLarge);
    let list = [spec("L", ParameterKind::list(ParameterKind::text(9), 1_000))];
    let bad = Given::from_pairs([("L".to_owned(), json!(vec!["\u{0}"; 1_000]))]).unwrap();
    assert!(check(&list, bad).unwrap_err().len() <= 64);
}

#[test]
fn parameters_binding_has_no_part_in_checking() {
    let free = spec("X", ParameterKind::text(9)).bound(Binding::Free);
    assert!(run(&[free], json!({"X": "any"})).is_ok());
}

proptest::proptest! {
    #[test]
    fn parameters_reading_a_canonical_value_again_changes_nothing(text in "\\PC{0,30}", number: i64, bytes: u64) {
        let kinds = [
            (ParameterKind::text(99), json!(text)),
            (ParameterKind::Decimal { min: None, max: None, scale: 18 }, json!(format!("{}.{}", number.unsigned_abs(), bytes))),
            (ParameterKind::Size { max: None, unlimited: true }, json!(format!("{} KB", bytes >> 20))),
            (ParameterKind::Duration { min: crate::time::Span::ZERO, max: crate::time::Span::from_hours(1) },
                json!(format!("{}s", bytes % 4_000))),
        ];
        for (kind, json) in kinds {
            let mut spec = spec("X", kind);
            spec.may_start_with_dash = true;
            if let Ok(value) = spec.read(&json) {
                proptest::prop_assert_eq!(spec.read(&value.to_json()), Ok(value.clone()));
                let stored = serde_json::to_string(&value).unwrap();
                proptest::prop_assert_eq!(serde_json::from_str::<Value>(&stored).unwrap(), value);
            }
        }
    }

    #[test]
    fn parameters_no_accepted_string_hides_anything(text in proptest::collection::vec(proptest::char::any(), 0..8)) {
        let text: String = text.into_iter().collect();
        let spec = spec("X", ParameterKind::text(99));
        if spec.read(&json!(text)).is_ok() {
            proptest::prop_assert!(!text.chars().any(countersign_text::is_hidden), "{:?}", text);
            proptest::prop_assert!(!text.starts_with('-'));
        }
    }
}
