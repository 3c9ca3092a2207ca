use countersign_ledger::{
    Digest,
    hash::{empty_root, leaf_hash, node_hash, sha256, sha256_parts},
};

const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

#[test]
fn sha256_of_abc_as_in_fips_180() {
    assert_eq!(sha256(b"abc").to_string(), ABC);
    assert_eq!(sha256_parts(&[b"a", b"", b"bc"]).to_string(), ABC);
    assert_eq!(empty_root().to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

#[test]
fn a_leaf_is_never_a_node() {
    let (left, right) = (leaf_hash(b"l"), leaf_hash(b"r"));
    let node = node_hash(&left, &right);
    let both = [left.as_bytes().as_slice(), right.as_bytes()].concat();
    assert_ne!(leaf_hash(&both), node, "an entry made of two hashes must not pass for their node");
    assert_ne!(sha256(&both), node);
    assert_eq!(sha256(&[[1].as_slice(), &both].concat()), node);
    assert_ne!(leaf_hash(b""), empty_root());
}

#[test]
fn digests_have_one_spelling() {
    let digest: Digest = ABC.parse().unwrap();
    assert_eq!(digest, sha256(b"abc"));
    assert_eq!(serde_json::to_string(&digest).unwrap(), format!("\"{ABC}\""));
    assert_eq!(serde_json::from_str::<Digest>(&format!("\"{ABC}\"")).unwrap(), digest);
    assert_eq!(format!("{digest:?}"), "ba7816bf…");
    let refused = [
        "",
        ABC.get(1..).unwrap(),
        &ABC.to_uppercase(),
        &format!("{ABC}00"),
        &format!(" {ABC}"),
        &ABC.replace('b', "g"),
    ];
    for text in refused {
        assert!(text.parse::<Digest>().is_err(), "{text}");
        assert!(serde_json::from_value::<Digest>(text.into()).is_err(), "{text}");
    }
    assert!(Digest::try_from([0_u8; 31].as_slice()).is_err());
}
