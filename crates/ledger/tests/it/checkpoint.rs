use countersign_ledger::{
    checkpoint::{Checkpoint, CheckpointError, Origin},
    hash::{empty_root, sha256},
    note::Note,
};

use crate::support::{bit_flips, key, key_named, origin};

fn checkpoint() -> Checkpoint {
    Checkpoint { origin: origin(), size: 20_852_163, root: sha256(b"root") }
}

#[test]
fn the_text_is_three_lines() {
    let text = checkpoint().to_text();
    assert_eq!(text, "ledger.example/0123abcd/1\n20852163\nSBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I=\n");
    assert_eq!(Checkpoint::from_text(&text), Ok(checkpoint()));
}

#[test]
fn signed_and_opened() {
    let (key, signed) = (key(), checkpoint().sign(&key()).unwrap().to_string());
    assert_eq!(Checkpoint::open(signed.as_bytes(), key.verifying_key()), Ok(checkpoint()));
    for flipped in bit_flips(signed.as_bytes()) {
        let opened = Checkpoint::open(&flipped, key.verifying_key());
        assert!(opened.is_err(), "{}", String::from_utf8_lossy(&flipped));
    }
    let other = key_named(origin().key_name(), 8);
    assert!(Checkpoint::open(signed.as_bytes(), other.verifying_key()).is_err());
    // A witness adds its line; the ledger's own signature still decides.
    let mut witnessed = Note::parse(signed.as_bytes()).unwrap();
    witnessed.sign(&other);
    assert_eq!(Checkpoint::open(witnessed.to_string().as_bytes(), key.verifying_key()), Ok(checkpoint()));
}

#[test]
fn a_key_speaks_only_for_its_own_origin() {
    let later = Origin::new("ledger.example/0123abcd", 2).unwrap();
    let stranger = key_named(later.key_name(), 7);
    assert!(matches!(checkpoint().sign(&stranger), Err(CheckpointError::Name { .. })));
    let mut note = Note::new(checkpoint().to_text()).unwrap();
    note.sign(&stranger);
    let opened = Checkpoint::open(note.to_string().as_bytes(), stranger.verifying_key());
    assert!(matches!(opened, Err(CheckpointError::Name { .. })));
}

#[test]
fn other_spellings_are_refused() {
    let text = checkpoint().to_text();
    let size = |size: &str| text.replace("20852163", size);
    for bad in ["020852163", "+20852163", "-1", "", "1e3", "9007199254740992", "18446744073709551616", "٣"] {
        assert!(matches!(Checkpoint::from_text(&size(bad)), Err(CheckpointError::Size)), "{bad}");
    }
    assert!(Checkpoint::from_text(&size("9007199254740991")).is_ok());
    assert_eq!(Checkpoint::from_text(&size("0")), Err(CheckpointError::Root), "size 0 has one root");
    let empty = Checkpoint { origin: origin(), size: 0, root: empty_root() };
    assert_eq!(Checkpoint::from_text(&empty.to_text()), Ok(empty));
    let lines: Vec<_> = text.lines().collect();
    let (name, number, root) = (lines[0], lines[1], lines[2]);
    let refused = [
        String::new(),
        format!("{name}\n{number}\n{root}"),
        format!("{name}\n{number}\n{root}\nextension\n"),
        format!("{name}\n{number}\n{root}\n\n"),
        format!("{name}\n{number}\n"),
        format!("\n{number}\n{root}\n"),
        format!("{name} \n{number}\n{root}\n"),
        format!("{name}\n{number}\n{}\n", root.trim_end_matches('=')),
        format!("{name}\n{number}\n{}\n", root.get(4..).unwrap()),
        format!("{name}\n{number}\n{root}{root}\n"),
    ];
    for text in refused {
        assert!(Checkpoint::from_text(&text).is_err(), "{text:?}");
    }
}

#[test]
fn origins_are_ledger_and_epoch() {
    let origin = origin();
    assert_eq!((origin.ledger(), origin.epoch()), ("ledger.example/0123abcd", 1));
    assert_eq!(origin.as_str().parse(), Ok(origin.clone()));
    assert_eq!(origin.key_name().as_str(), origin.as_str());
    let json = serde_json::to_string(&origin).unwrap();
    assert_eq!(json, "\"ledger.example/0123abcd/1\"");
    assert_eq!(serde_json::from_str::<Origin>(&json).unwrap(), origin);
    let refused =
        ["", "/1", "a", "a/", "a/01", "a/-1", "a/x", "a/4294967296", "a b/1", "a+b/1", "a/1\n", "a/1 "];
    for text in refused {
        assert!(text.parse::<Origin>().is_err(), "{text:?}");
    }
    assert!(Origin::new(&"a".repeat(254), 1).is_err());
}
