use std::collections::{BTreeSet, btree_map::BTreeMap};

use countersign_ledger::{Opening, Sealed, hash::sha256, sealed::SealError};
use serde::{Deserialize, Serialize};

/// Deliberately without `Clone`, `Debug`, `Ord` or `Hash`.
#[derive(Serialize, Deserialize)]
struct Name {
    given: String,
    family: String,
}

fn sealed() -> (Sealed<Name>, Opening) {
    let name = Name { given: "Ada".into(), family: "Lovelace".into() };
    Sealed::seal([7; 16], &name).unwrap()
}

#[test]
fn the_commitment_is_over_salt_and_canonical_value() {
    let (sealed, opening) = sealed();
    assert_eq!(opening.value(), br#"{"family":"Lovelace","given":"Ada"}"#);
    assert_eq!(sealed.commitment(), sha256(&[[7; 16].as_slice(), opening.value()].concat()));
    let name = sealed.open(&opening).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((name.given.as_str(), name.family.as_str()), ("Ada", "Lovelace"));
}

#[test]
fn only_the_digest_is_ever_written_or_shown() {
    let (sealed, opening) = sealed();
    let digest = sealed.commitment().to_string();
    assert_eq!(serde_json::to_string(&sealed).unwrap(), format!("\"{digest}\""));
    let shown = [
        format!("{sealed}"),
        format!("{sealed:?}"),
        format!("{:#?}", Some(sealed)),
        format!("{opening:?}"),
        format!("{:?}", SealError::Mismatch),
    ];
    for text in shown {
        assert!(!text.contains("Ada") && !text.contains("Lovelace") && !text.contains("07"), "{text}");
    }
    assert_eq!(sealed.to_string(), format!("sealed:{}…", digest.get(..8).unwrap()));
    assert_eq!(format!("{opening:?}"), "Opening(redacted)");
}

#[test]
fn any_other_opening_is_refused() {
    let (sealed, opening) = sealed();
    let wrong = [
        Opening::new([8; 16], opening.value().to_vec()),
        Opening::new([7; 16], br#"{"family":"Lovelace","given":"Eve"}"#.to_vec()),
        Opening::new([7; 16], Vec::new()),
        // The same bytes in another cut: the salt's length is fixed, so the value can't reach into it.
        Opening::new([7; 16], [[7; 16].as_slice(), opening.value()].concat()),
    ];
    for opening in wrong {
        assert_eq!(sealed.open(&opening).err(), Some(SealError::Mismatch));
        assert_eq!(sealed.check(&opening), Err(SealError::Mismatch));
    }
}

#[test]
fn a_matching_digest_does_not_excuse_a_malformed_value() {
    for value in
        [r#"{"given":"Ada","family":"L"}"#, r#"{"family": "L","given":"A"}"#, r#"{"family":"L"}"#, "{"]
    {
        let bytes = [[1; 16].as_slice(), value.as_bytes()].concat();
        let sealed = Sealed::<Name>::from_commitment(sha256(&bytes));
        let opening = Opening::new([1; 16], value.as_bytes().to_vec());
        assert_eq!(sealed.open(&opening).err(), Some(SealError::Malformed), "{value}");
        assert_eq!(sealed.check(&opening), Ok(()));
    }
    assert_eq!(Sealed::seal([0; 16], &1.5_f64).err(), Some(SealError::Unserializable));
}

#[test]
fn equal_values_under_different_salts_look_different() {
    let (one, _) = Sealed::seal([1; 16], &"yes".to_owned()).unwrap();
    let (two, _) = Sealed::seal([2; 16], &"yes".to_owned()).unwrap();
    assert_ne!(one, two);
}

#[test]
fn the_field_has_its_traits_whatever_the_value_is() {
    let (sealed, _) = sealed();
    let copy = sealed;
    assert!(sealed == copy && sealed <= copy);
    assert_eq!(BTreeSet::from([sealed, copy]).len(), 1);
    assert_eq!(BTreeMap::from([(sealed, 1)]).get(&copy), Some(&1));
    fn shareable<T: Send + Sync + std::hash::Hash>() {}
    shareable::<Sealed<std::cell::Cell<Name>>>();
}

#[test]
fn openings_survive_storage_and_refuse_other_forms() {
    let (sealed, opening) = sealed();
    let stored = serde_json::to_string(&opening).unwrap();
    assert_eq!(
        stored,
        r#"{"salt":"07070707070707070707070707070707","value":"{\"family\":\"Lovelace\",\"given\":\"Ada\"}"}"#
    );
    let back: Opening = serde_json::from_str(&stored).unwrap();
    assert!(back == opening && sealed.check(&back).is_ok());
    for bad in [r#"{"salt":"07","value":""}"#, r#"{"salt":"07070707070707070707070707070707"}"#] {
        assert!(serde_json::from_str::<Opening>(bad).is_err());
    }
    let extra = stored.replacen('{', r#"{"more":1,"#, 1);
    assert!(serde_json::from_str::<Opening>(&extra).is_err());
    assert!(serde_json::to_string(&Opening::new([0; 16], vec![0xff])).is_err());
}
