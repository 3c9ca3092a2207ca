use countersign_ledger::{
    hash::sha256,
    seal::{BatchHead, Seal, SealKey},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::support::{bit_flips, origin};

#[test]
fn a_seal_is_the_documented_mac() {
    let origin = origin();
    let head =
        BatchHead { origin: &origin, first_seq: 3, size: 9, root: sha256(b"r"), frontier: sha256(b"f") };
    let mut mac = Hmac::<Sha256>::new_from_slice(&[5; 32]).unwrap();
    let parts = [
        b"countersign/batch-seal/v1".as_slice(),
        b"ledger.example/0123abcd/1",
        &3_u64.to_be_bytes(),
        &9_u64.to_be_bytes(),
        head.root.as_bytes(),
        head.frontier.as_bytes(),
    ];
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    let seal = SealKey::from_bytes([5; 32]).seal(&head);
    assert_eq!(seal.as_bytes(), mac.finalize().into_bytes().as_slice());
}

#[test]
fn a_seal_holds_for_one_head_and_one_key() {
    let (origin, other) = (origin(), countersign_ledger::Origin::new("ledger.example/0123abcd", 2).unwrap());
    let key = SealKey::from_bytes([5; 32]);
    let head =
        BatchHead { origin: &origin, first_seq: 3, size: 9, root: sha256(b"r"), frontier: sha256(b"f") };
    let seal = key.seal(&head);
    assert!(key.verify(&head, &seal).is_ok());
    let others = [
        BatchHead { origin: &other, ..head },
        BatchHead { first_seq: 4, ..head },
        BatchHead { size: 10, ..head },
        BatchHead { first_seq: 9, size: 3, ..head },
        BatchHead { root: sha256(b"x"), ..head },
        BatchHead { frontier: sha256(b"x"), ..head },
        BatchHead { root: head.frontier, frontier: head.root, ..head },
    ];
    for changed in others {
        assert!(key.verify(&changed, &seal).is_err(), "{changed:?}");
    }
    assert!(SealKey::from_bytes([6; 32]).verify(&head, &seal).is_err());
    for flipped in bit_flips(seal.as_bytes()) {
        assert!(key.verify(&head, &Seal::from_bytes(flipped.try_into().unwrap())).is_err());
    }
}

#[test]
fn seals_are_hex_and_keys_are_not_shown() {
    let seal = Seal::from_bytes([0xab; 32]);
    let text = serde_json::to_string(&seal).unwrap();
    assert_eq!(text, format!("\"{}\"", "ab".repeat(32)));
    assert_eq!(serde_json::from_str::<Seal>(&text).unwrap().as_bytes(), seal.as_bytes());
    assert!("AB".repeat(32).parse::<Seal>().is_err());
    assert_eq!(format!("{:?}", SealKey::from_bytes([1; 32])), "SealKey(secret)");
}
