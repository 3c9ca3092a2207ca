use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::super::{Binding, ConstraintForms, Given, IdentityKind, ParameterKind, check};
use super::*;

fn spec(name: &str, kind: ParameterKind) -> ParameterSpec {
    ParameterSpec::new(name.parse().unwrap(), kind)
}

const INTEGER: ParameterKind = ParameterKind::Integer { min: None, max: None };

fn specs() -> Vec<ParameterSpec> {
    vec![
        spec("Path", ParameterKind::text(99)).required(),
        spec("Owner", ParameterKind::Address {}),
        spec("Depth", INTEGER),
        spec("Mode", ParameterKind::choice(["fast", "safe"])).or(Value::Choice("safe".to_owned())),
        spec("Force", ParameterKind::Switch {}),
        spec("Note", ParameterKind::text(99)).bound(Binding::Free),
        spec("Password", ParameterKind::Secret { max_length: 9, multiline: false }),
        spec("Limit", ParameterKind::Size { max: None, unlimited: true }),
    ]
}

fn names(names: &[&str]) -> BTreeSet<ParameterName> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

fn limits(forms: Json, bound: &[&str]) -> Result<Constraints, Vec<FaultCode>> {
    serde_json::from_value::<ConstraintForms>(forms)
        .unwrap()
        .read(&specs(), &names(bound))
        .map_err(|faults| faults.into_iter().map(|fault| fault.code).collect())
}

fn allows(limits: &Constraints, given: Json) -> Result<(), Vec<(String, MismatchReason)>> {
    let values = check(&specs(), serde_json::from_value::<Given>(given).unwrap()).unwrap();
    limits
        .allows(&specs(), &values)
        .map_err(|wrong| wrong.into_iter().map(|wrong| (wrong.parameter.to_string(), wrong.reason)).collect())
}

#[test]
fn parameters_a_request_binds_what_must_be_bound() {
    use FaultCode::*;
    for (forms, bound, expected) in [
        (json!({"Path": {"equals": "/x"}}), &[][..], None),
        (json!({"path": {"prefix": "/x/"}}), &[], None),
        (json!({"Path": {"one_of": ["/x", "/y"]}}), &[], None),
        (json!({}), &[], Some(MustBeBound)),
        (json!({"Path": "any"}), &[], Some(MustBeBound)),
        (json!({"Path": "absent"}), &[], Some(MustBeBound)),
        (json!({"Path": {"equals": "/x"}, "Owner": "any"}), &[], Some(MustBeBound)),
        (json!({"Path": {"equals": "/x"}, "Depth": "any"}), &[], None),
        (json!({"Path": {"equals": "/x"}, "Depth": "any"}), &["depth"], Some(MustBeBound)),
        (json!({"Path": {"equals": "/x"}, "Note": "any"}), &[], None),
        (json!({"Path": {"equals": "/x"}, "Note": "any"}), &["Note"], Some(MustBeBound)),
        (json!({"Path": {"equals": "/x"}, "Password": {"equals": "hunter2"}}), &[], Some(SecretHere)),
        (json!({"Path": {"equals": "/x"}, "Password": "any"}), &[], Some(SecretHere)),
        (json!({"Path": {"equals": "/x"}, "Pаth": "any"}), &[], None),
        (json!({"Path": {"equals": "/x"}, "Other": "any"}), &[], Some(Unknown)),
        (json!({"Path": {"equals": 5}}), &[], Some(Kind)),
        (json!({"Path": {"equals": "a\u{202e}b"}}), &[], Some(Hidden)),
        (json!({"Path": {"one_of": []}}), &[], Some(TooSmall)),
        (json!({"Path": {"prefix": ""}}), &[], Some(Limit)),
        (json!({"Path": {"prefix": "-"}}), &[], Some(Dash)),
        (json!({"Path": {"prefix": "/var/../etc"}}), &[], Some(Limit)),
        (json!({"Path": {"prefix": "/x\n"}}), &[], Some(Control)),
        (json!({"Path": {"range": {"min": "/a"}}}), &[], Some(Limit)),
        (json!({"Path": {"equals": "/x"}, "Depth": {"prefix": "1"}}), &[], Some(Limit)),
        (json!({"Path": {"equals": "/x"}, "Depth": {"range": {}}}), &[], Some(Limit)),
        (json!({"Path": {"equals": "/x"}, "Depth": {"range": {"min": 3, "max": 1}}}), &[], Some(Limit)),
        (
            json!({"Path": {"equals": "/x"}, "Depth": {"one_of": (0..101).collect::<Vec<_>>()}}),
            &[],
            Some(TooLarge),
        ),
    ] {
        let Ok(read) = serde_json::from_value::<ConstraintForms>(forms.clone()) else {
            assert!(forms.to_string().contains('а'), "{forms}");
            continue;
        };
        let faults = read.read(&specs(), &names(bound)).err();
        assert_eq!(faults.as_ref().map(|faults| faults[0].code), expected, "{forms} {faults:?}");
    }
}

#[test]
fn parameters_limits_refuse_unknown_and_duplicate_fields() {
    for bad in [
        r#"{"Path":{"equals":"/x"},"path":{"equals":"/y"}}"#,
        r#"{"Path":{"equals":"/x"},"Path":{"equals":"/y"}}"#,
        r#"{"Path":{"equal":"/x"}}"#,
        r#"{"Path":{"range":{"minimum":1}}}"#,
        r#"{"Path":{"equals":"/x","any":null}}"#,
        r#"{"Path":"/x"}"#,
    ] {
        assert!(serde_json::from_str::<ConstraintForms>(bad).is_err(), "{bad}");
    }
    for bad in [r#"{"Path":{"equals":"/x"}}"#, r#"{"Path":{"range":{"min":{"integer":1},"to":1}}}"#] {
        assert!(serde_json::from_str::<Constraints>(bad).is_err(), "{bad}");
    }
}

#[test]
fn parameters_what_is_run_is_what_was_approved() {
    use MismatchReason::*;
    let fixed = limits(json!({"Path": {"equals": "/x"}}), &["Depth", "Force", "Mode"]).unwrap();
    let ranged = limits(
        json!({"Path": {"prefix": "/var/log/"}, "Depth": {"range": {"max": 3}},
        "Limit": {"range": {"min": "1 MB", "max": "1 GB"}}, "Note": "absent"}),
        &[],
    )
    .unwrap();
    for (limits, given, expected) in [
        (&fixed, json!({"Path": "/x"}), vec![]),
        (&fixed, json!({"Path": "/x", "Password": "hunter2"}), vec![]),
        (&fixed, json!({"Path": "/x", "Note": "whatever", "Limit": 5}), vec![]),
        (&fixed, json!({"Path": "/X"}), vec![("Path", Differs)]),
        (&fixed, json!({"Path": "/x "}), vec![("Path", Differs)]),
        (&fixed, json!({"Path": "/х"}), vec![("Path", Differs)]),
        (&fixed, json!({"Path": "/x", "Owner": "a@b"}), vec![("Owner", NotRequested)]),
        (&fixed, json!({"Path": "/x", "Depth": 1}), vec![("Depth", NotRequested)]),
        (&fixed, json!({"Path": "/x", "Force": false, "Mode": "SAFE"}), vec![]),
        (
            &fixed,
            json!({"Path": "/x", "Force": true, "Mode": "fast"}),
            vec![("Force", NotRequested), ("Mode", NotRequested)],
        ),
        (&ranged, json!({"Path": "/var/log/a", "Depth": 3, "Limit": "5 MB"}), vec![]),
        (&ranged, json!({"Path": "/var/log/a..b/..c", "Depth": 3, "Limit": "5 MB"}), vec![]),
        (
            &ranged,
            json!({"Path": "/var/log/../../etc/shadow", "Depth": 3, "Limit": "5 MB"}),
            vec![("Path", Differs)],
        ),
        (&ranged, json!({"Path": "/var/log/a/..", "Depth": 3, "Limit": "5 MB"}), vec![("Path", Differs)]),
        (&ranged, json!({"Path": "/var/log/..\\x", "Depth": 3, "Limit": "5 MB"}), vec![("Path", Differs)]),
        (
            &ranged,
            json!({"Path": "/var/logs", "Depth": 4, "Limit": "Unlimited"}),
            vec![("Depth", Differs), ("Limit", Differs), ("Path", Differs)],
        ),
        (
            &ranged,
            json!({"Path": "/var/log/a", "Note": "n"}),
            vec![("Depth", NotGiven), ("Limit", NotGiven), ("Note", NotRequested)],
        ),
    ] {
        let found = allows(limits, given.clone()).err().unwrap_or_default();
        let expected: Vec<_> = expected.into_iter().map(|(name, reason)| (name.to_owned(), reason)).collect();
        assert_eq!(found, expected, "{given}");
    }
}

#[test]
fn parameters_freeing_one_later_does_not_widen_what_was_approved() {
    let approved = limits(json!({"Path": {"equals": "/x"}}), &[]).unwrap();
    let mut freed = specs();
    freed[1].binding = Binding::Free;
    let given = serde_json::from_value::<Given>(json!({"Path": "/x", "Owner": "a@b"})).unwrap();
    let values = check(&freed, given).unwrap();
    assert!(approved.allows(&freed, &values).is_err());
}

#[test]
fn parameters_names_of_objects_compare_without_case() {
    let task =
        |id: &str| Value::Identity(super::super::Identity { of: IdentityKind::Task, id: id.to_owned() });
    assert!(Constraint::Equals(task("A\\b")).admits(&task("a\\B")));
    assert!(!Constraint::Equals(task("A\\b")).admits(&task("a\\c")));
}

#[test]
fn parameters_less_is_judged_exactly() {
    let integer = Value::Integer;
    let range = |min: Option<i64>, max: Option<i64>| Constraint::Range {
        min: min.map(integer),
        max: max.map(integer),
    };
    let of = |values: &[i64]| Constraint::OneOf(values.iter().copied().map(integer).collect());
    let prefix = |text: &str| Constraint::Prefix(text.to_owned());
    let text = |text: &str| Constraint::Equals(Value::String(text.to_owned()));
    let decimal = |text: &str| Some(Value::Decimal(text.parse().unwrap()));
    for (narrow, wide, expected) in [
        (Constraint::Equals(integer(1)), Constraint::Any, true),
        (Constraint::Any, Constraint::Any, true),
        (Constraint::Any, range(None, Some(i64::MAX)), false),
        (Constraint::Equals(integer(1)), of(&[1, 2]), true),
        (Constraint::Equals(integer(3)), of(&[1, 2]), false),
        (of(&[1, 2]), of(&[1, 2, 3]), true),
        (of(&[1, 2]), Constraint::Equals(integer(1)), false),
        (of(&[1]), Constraint::Equals(integer(1)), true),
        (of(&[]), Constraint::Equals(integer(1)), true),
        (range(Some(2), Some(3)), range(Some(1), Some(3)), true),
        (range(Some(2), None), range(Some(1), None), true),
        (range(Some(2), None), range(Some(1), Some(9)), false),
        (range(None, Some(5)), range(Some(1), Some(9)), false),
        (range(Some(1), Some(3)), of(&[1, 2, 3, 7]), true),
        (range(Some(1), Some(3)), of(&[1, 3, 7]), false),
        (range(Some(4), Some(4)), Constraint::Equals(integer(4)), true),
        (range(Some(3), Some(1)), Constraint::Equals(integer(9)), true),
        (range(Some(1), None), prefix("1"), false),
        (of(&[1, 5]), range(Some(1), Some(4)), false),
        (prefix("/var/log/"), prefix("/var/"), true),
        (prefix("/var/"), prefix("/var/log/"), false),
        (prefix("/var/"), text("/var/"), false),
        (text("/var/log"), prefix("/var/"), true),
        (text("/var/../etc"), prefix("/var/"), false),
        (text("1"), Constraint::Equals(integer(1)), false),
        (
            Constraint::Range { min: decimal("1.5"), max: decimal("1.5") },
            Constraint::Equals(decimal("1.50").unwrap()),
            true,
        ),
        (
            Constraint::Range { min: decimal("1"), max: decimal("2") },
            Constraint::Range { min: decimal("1"), max: Some(integer(2)) },
            false,
        ),
        (Constraint::Range { min: decimal("1"), max: None }, range(Some(1), None), false),
    ] {
        assert_eq!(narrow.is_within(&wide), expected, "{narrow:?} within {wide:?}");
    }
}

#[test]
fn parameters_less_never_names_more() {
    let of = |forms: Json| limits(forms, &["Depth"]).unwrap();
    let wide = of(json!({"Path": {"prefix": "/var/"}, "Owner": {"equals": "a@b"}}));
    for (narrow, expected) in [
        (json!({"Path": {"prefix": "/var/log/"}, "Owner": {"equals": "a@b"}}), true),
        (json!({"Path": {"equals": "/var/x"}, "Owner": {"equals": "A@B"}, "Note": {"equals": "n"}}), true),
        (json!({"Path": {"prefix": "/var/"}, "Owner": {"equals": "a@b"}, "Note": "absent"}), true),
        (json!({"Path": {"prefix": "/var/"}}), false),
        (json!({"Path": {"prefix": "/var/"}, "Owner": {"equals": "c@b"}}), false),
        (json!({"Path": {"prefix": "/var/"}, "Owner": {"equals": "a@b"}, "Depth": {"equals": 1}}), false),
        (json!({"Path": {"prefix": "/"}, "Owner": {"equals": "a@b"}}), false),
    ] {
        assert_eq!(of(narrow.clone()).narrows(&wide), expected, "{narrow}");
    }
    assert!(wide.narrows(&wide));
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        (-3_i64..6).prop_map(Value::Integer),
        "[ab/]{0,3}".prop_map(Value::String),
        (0_i64..40).prop_map(|n| Value::Decimal(format!("{}.{}", n / 10, n % 10).parse().unwrap())),
        prop_oneof![(0_u64..5).prop_map(super::super::Size::Bytes), Just(super::super::Size::Unlimited)]
            .prop_map(Value::Size),
        Just(Value::String("a/..".to_owned())),
        any::<bool>().prop_map(Value::Boolean),
    ]
}

fn constraint() -> impl Strategy<Value = Constraint> {
    prop_oneof![
        value().prop_map(Constraint::Equals),
        proptest::collection::btree_set(value(), 0..5).prop_map(Constraint::OneOf),
        (-3_i64..6, 0_i64..4).prop_map(|(from, more)| Constraint::Range {
            min: Some(Value::Integer(from)),
            max: Some(Value::Integer(from + more)),
        }),
        (proptest::option::of(value()), proptest::option::of(value()))
            .prop_map(|(min, max)| Constraint::Range { min, max }),
        "[ab/]{0,2}".prop_map(Constraint::Prefix),
        Just(Constraint::Any),
    ]
}

fn map<T: std::fmt::Debug>(
    of: impl Strategy<Value = T>,
) -> impl Strategy<Value = BTreeMap<ParameterName, T>> {
    let name = prop_oneof![Just("A"), Just("B"), Just("C")].prop_map(|name| name.parse().unwrap());
    proptest::collection::btree_map(name, of, 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn g12_within_means_no_value_more(narrow in constraint(), wide in constraint(), values in proptest::collection::vec(value(), 20)) {
        if narrow.is_within(&wide) {
            for value in values {
                prop_assert!(!narrow.admits(&value) || wide.admits(&value), "{:?}", value);
            }
        }
    }

    #[test]
    fn g12_within_is_decided_exactly_for_integers(narrow in constraint(), wide in constraint()) {
        // Every integer that the generators can name, and one beyond either end.
        let all: Vec<Value> = (-4..12).map(Value::Integer).collect();
        let only = |limit: &Constraint| match limit {
            Constraint::Range { min: Some(Value::Integer(_)), max: Some(Value::Integer(_)) } => true,
            Constraint::Equals(Value::Integer(_)) => true,
            Constraint::OneOf(several) => several.iter().all(|value| matches!(value, Value::Integer(_))),
            _ => false,
        };
        if only(&narrow) && only(&wide) {
            let contained = all.iter().all(|value| !narrow.admits(value) || wide.admits(value));
            prop_assert_eq!(narrow.is_within(&wide), contained);
        }
    }

    #[test]
    fn g12_less_means_no_run_more(narrow in map(constraint()), wide in map(constraint()), values in map(value())) {
        let (narrow, wide) = (Constraints::new(narrow), Constraints::new(wide));
        let values = Values { values, ..Values::default() };
        if narrow.narrows(&wide) && narrow.allows(&[], &values).is_ok() {
            prop_assert!(wide.allows(&[], &values).is_ok());
        }
    }

    #[test]
    fn g12_less_than_less_is_less(a in map(constraint()), b in map(constraint()), c in map(constraint())) {
        let (a, b, c) = (Constraints::new(a), Constraints::new(b), Constraints::new(c));
        if a.narrows(&b) && b.narrows(&c) {
            prop_assert!(a.narrows(&c));
        }
        prop_assert!(a.narrows(&a) || a.iter().any(|(_, limit)| !limit.is_within(limit)));
    }

    #[test]
    fn g12_stored_limits_read_back(limits in map(constraint())) {
        let limits = Constraints::new(limits);
        let bytes = countersign_ledger::json::canonical(&limits).unwrap();
        prop_assert_eq!(countersign_ledger::json::from_canonical::<Constraints>(&bytes).unwrap(), limits);
    }
}
