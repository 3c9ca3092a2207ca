use countersign_ledger::Entropy;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The documented construction, written apart.
fn block(seed: &[u8], label: &str, number: u64) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(seed).unwrap();
    for part in [b"countersign/entropy/v1".as_slice(), label.as_bytes(), &number.to_be_bytes()] {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[test]
fn the_stream_is_the_documented_one() {
    let mut entropy = Entropy::new([9; 32], "command");
    let first = block(&[9; 32], "command", 0);
    assert_eq!(entropy.bytes::<16>(), first[..16]);
    let long: [u8; 40] = entropy.bytes();
    assert_eq!(long[..32], block(&[9; 32], "command", 1));
    assert_eq!(long[32..], block(&[9; 32], "command", 2)[..8]);
    assert_eq!(entropy.bytes::<32>(), block(&[9; 32], "command", 3));
}

#[test]
fn seed_label_and_order_all_matter() {
    let draw = |seed: u8, label: &str| Entropy::new([seed; 32], label).bytes::<16>();
    assert_eq!(draw(1, "a"), draw(1, "a"));
    assert_ne!(draw(1, "a"), draw(2, "a"));
    assert_ne!(draw(1, "a"), draw(1, "b"));
    let mut parent = Entropy::new([1; 32], "a");
    let (mut one, mut two) = (parent.child("x"), parent.child("x"));
    assert_ne!(one.bytes::<16>(), two.bytes::<16>());
}

#[test]
fn the_seed_is_not_shown() {
    assert_eq!(format!("{:?}", Entropy::new([0xab; 32], "command")), "Entropy(command, secret)");
}
