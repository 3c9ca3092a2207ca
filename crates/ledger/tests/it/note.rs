use countersign_ledger::note::{
    KeyError, KeyName, MAX_NOTE, MAX_SIGNATURES, Note, NoteError, SigningKey, VerifyingKey,
};
use proptest::prelude::*;

use crate::support::{bit_flips, key_named};

const VKEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const NOTE: &str = "This is an example message.\n\n— example.com/foo \
    Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

fn name(text: &str) -> KeyName {
    text.parse().unwrap()
}

fn verify(note: &str, keys: &[VerifyingKey]) -> Result<usize, NoteError> {
    Note::parse(note.as_bytes())?.verify(keys).map(|signers| signers.len())
}

#[test]
fn the_specifications_vector_verifies() {
    let key: VerifyingKey = VKEY.parse().unwrap();
    assert_eq!(key.to_string(), VKEY);
    let note = Note::parse(NOTE.as_bytes()).unwrap();
    assert_eq!(note.text(), "This is an example message.\n");
    assert_eq!(note.to_string(), NOTE);
    assert_eq!(note.verify(std::slice::from_ref(&key)).unwrap(), [&key]);
}

#[test]
fn every_flipped_bit_of_a_note_is_refused() {
    let key: VerifyingKey = VKEY.parse().unwrap();
    for flipped in bit_flips(NOTE.as_bytes()) {
        let opened = Note::parse(&flipped)
            .and_then(|note| note.verify(std::slice::from_ref(&key)).map(|signers| signers.len()));
        assert!(opened.is_err(), "{}", String::from_utf8_lossy(&flipped));
    }
    for length in 0..NOTE.len() {
        assert!(Note::parse(&NOTE.as_bytes()[..length]).is_err(), "{length}");
    }
}

#[test]
fn every_flipped_bit_of_a_verifier_key_is_refused() {
    for flipped in bit_flips(VKEY.as_bytes()) {
        let Ok(text) = String::from_utf8(flipped) else { continue };
        assert!(text.parse::<VerifyingKey>().is_err(), "{text}");
    }
}

#[test]
fn verifier_keys_have_one_form() {
    let key = SigningKey::from_seed(name("k"), &[1; 32]);
    let vkey = key.verifying_key().to_string();
    assert_eq!(vkey.parse::<VerifyingKey>().as_ref(), Ok(key.verifying_key()));
    assert_eq!("k+00000000".parse::<VerifyingKey>(), Err(KeyError::Form));
    assert_eq!(vkey.replacen('k', "l", 1).parse::<VerifyingKey>(), Err(KeyError::Id));
    assert_eq!(format!("{vkey} ").parse::<VerifyingKey>(), Err(KeyError::Form));
    assert_eq!("k+00000000+BGFi".parse::<VerifyingKey>(), Err(KeyError::Type(4)));
    assert_eq!("k+00000000+AWFi".parse::<VerifyingKey>(), Err(KeyError::Key));
    // The neutral element as a key would accept forged signatures.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    assert_eq!(VerifyingKey::new(name("k"), &neutral), Err(KeyError::Key));
}

#[test]
fn key_names_have_no_space_plus_or_control() {
    for bad in ["", "a b", "a+b", "a\u{a0}b", "a\nb", "a\u{2003}b", "a\u{7f}", &"a".repeat(256)] {
        assert!(bad.parse::<KeyName>().is_err(), "{bad:?}");
    }
    assert!("schlüssel.example/α".parse::<KeyName>().is_ok());
}

#[test]
fn unknown_signatures_are_ignored_and_bad_known_ones_are_fatal() {
    let (a, b, stranger) = (key_named(&name("a"), 1), key_named(&name("b"), 2), key_named(&name("s"), 3));
    let known = [a.verifying_key().clone(), b.verifying_key().clone()];
    let mut note = Note::new("text\n").unwrap();
    note.sign(&stranger);
    assert_eq!(verify(&note.to_string(), &known), Err(NoteError::Unverified));
    note.sign(&a);
    assert_eq!(verify(&note.to_string(), &known), Ok(1));
    note.sign(&b);
    let good = note.to_string();
    assert_eq!(verify(&good, &known), Ok(2));

    let mut other = Note::new("other\n").unwrap();
    other.sign(&b);
    let line = other.signatures()[0].to_string();
    let (body, _) = good.trim_end().rsplit_once('\n').unwrap();
    let bad = format!("{body}\n{line}\n");
    assert_eq!(verify(&bad, &known), Err(NoteError::Invalid(name("b"))));
    assert_eq!(verify(&bad, &known[..1]), Ok(1), "b's signature is nothing to who does not know b");
    assert_eq!(
        verify(&format!("{good}{line}\n"), &known),
        Err(NoteError::Invalid(name("b"))),
        "also as a second one"
    );
    assert_eq!(verify(&good, &[]), Err(NoteError::Unverified));
}

#[test]
fn name_and_id_both_decide() {
    let (a, same_name) = (key_named(&name("a"), 1), key_named(&name("a"), 2));
    let mut note = Note::new("text\n").unwrap();
    note.sign(&a);
    assert_eq!(verify(&note.to_string(), &[same_name.verifying_key().clone()]), Err(NoteError::Unverified));
    let renamed = note.to_string().replace("— a ", "— b ");
    assert_eq!(verify(&renamed, &[a.verifying_key().clone()]), Err(NoteError::Unverified));
    let twice = [a.verifying_key().clone(), a.verifying_key().clone()];
    assert_eq!(verify(&note.to_string(), &twice), Ok(1), "one key is one signer");
}

#[test]
fn the_last_empty_line_divides() {
    let key = key_named(&name("a"), 1);
    let known = [key.verifying_key().clone()];
    let mut note = Note::new("one\n\n— a fake\n\n").unwrap();
    note.sign(&key);
    let parsed = Note::parse(note.to_string().as_bytes()).unwrap();
    assert_eq!((parsed.text(), parsed.verify(&known).map(|s| s.len())), ("one\n\n— a fake\n\n", Ok(1)));
}

#[test]
fn malformed_notes_are_refused() {
    for text in ["", "no end", "a\rb\n", "a\tb\n", "a\0\n"] {
        assert_eq!(Note::new(text), Err(NoteError::Text), "{text:?}");
    }
    let line = NOTE.lines().last().unwrap();
    let refused = [
        (format!("text\n{line}\n"), NoteError::Unsigned),
        ("text\n\n".into(), NoteError::Unsigned),
        (format!("text\n\n{line}"), NoteError::Text),
        (format!("text\n\n{line}\n{}\n", line.replace('—', "-")), NoteError::SignatureLine(2)),
        (format!("text\n\n{line} \n"), NoteError::SignatureLine(1)),
        (format!("text\n\n{line}\r\n"), NoteError::Text),
        ("text\n\n— a \n".into(), NoteError::SignatureLine(1)),
        ("text\n\n— a AAAAAA==\n".into(), NoteError::SignatureLine(1)),
        ("text\n\n— a+b AAAAAAA=\n".into(), NoteError::SignatureLine(1)),
        (format!("text\n\n{}", format!("{line}\n").repeat(MAX_SIGNATURES + 1)), NoteError::TooManySignatures),
        (format!("{}\n\n{line}\n", "x".repeat(MAX_NOTE)), NoteError::TooLarge),
    ];
    for (note, error) in refused {
        assert_eq!(Note::parse(note.as_bytes()), Err(error), "{note:?}");
    }
    assert_eq!(Note::parse(b"a\xff\n\n"), Err(NoteError::Text));
    assert!(Note::parse(format!("text\n\n{}", format!("{line}\n").repeat(16)).as_bytes()).is_ok());
}

#[test]
fn private_keys_are_not_shown() {
    let key = key_named(&name("a"), 0x5a);
    let shown = format!("{key:?}");
    assert!(shown.contains("secret") && !shown.contains("5a5a") && !shown.contains("90, 90"), "{shown}");
}

proptest! {
    #[test]
    fn whatever_parses_is_written_back_the_same(text in "([a-z —\n]{0,20}\n)", tail in "(— [a-z]{1,3} [A-Za-z0-9+/]{8}\n){0,3}") {
        let note = format!("{text}\n{tail}");
        if let Ok(parsed) = Note::parse(note.as_bytes()) {
            prop_assert_eq!(parsed.to_string(), note);
        }
    }
}
