//! What several tests share: a plain recursive tree, keys, and flipped bits.

use countersign_ledger::{
    Digest,
    checkpoint::Origin,
    hash::{empty_root, leaf_hash, node_hash},
    note::{KeyName, SigningKey},
};

/// RFC 6962 section 2.1, word for word.
pub(crate) fn naive_root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let mut k = 1;
            while k * 2 < leaves.len() {
                k *= 2;
            }
            node_hash(&naive_root(&leaves[..k]), &naive_root(&leaves[k..]))
        }
    }
}

/// RFC 6962 section 2.1.1.
pub(crate) fn naive_path(m: usize, leaves: &[Digest]) -> Vec<Digest> {
    if leaves.len() <= 1 {
        return Vec::new();
    }
    let k = leaves.len().next_power_of_two() / 2;
    let (mut path, sibling) = if m < k {
        (naive_path(m, &leaves[..k]), naive_root(&leaves[k..]))
    } else {
        (naive_path(m - k, &leaves[k..]), naive_root(&leaves[..k]))
    };
    path.push(sibling);
    path
}

/// RFC 6962 section 2.1.2.
pub(crate) fn naive_subproof(m: usize, leaves: &[Digest], complete: bool) -> Vec<Digest> {
    if m == leaves.len() {
        return if complete { Vec::new() } else { vec![naive_root(leaves)] };
    }
    let k = leaves.len().next_power_of_two() / 2;
    let (mut proof, sibling) = if m <= k {
        (naive_subproof(m, &leaves[..k], complete), naive_root(&leaves[k..]))
    } else {
        (naive_subproof(m - k, &leaves[k..], false), naive_root(&leaves[..k]))
    };
    proof.push(sibling);
    proof
}

pub(crate) fn entry(number: usize) -> Vec<u8> {
    format!(r#"{{"seq":{number},"type":"Test"}}"#).into_bytes()
}

pub(crate) fn leaves(size: usize) -> Vec<Digest> {
    (0..size).map(|number| leaf_hash(&entry(number))).collect()
}

pub(crate) fn origin() -> Origin {
    Origin::new("ledger.example/0123abcd", 1).unwrap()
}

/// The key of another epoch.
pub(crate) fn key_of(epoch: u32, seed: u8) -> SigningKey {
    key_named(Origin::new("ledger.example/0123abcd", epoch).unwrap().key_name(), seed)
}

pub(crate) fn key_named(name: &KeyName, seed: u8) -> SigningKey {
    SigningKey::from_seed(name.clone(), &[seed; 32])
}

pub(crate) fn key() -> SigningKey {
    key_named(origin().key_name(), 7)
}

/// Every copy of `bytes` in which one bit differs.
pub(crate) fn bit_flips(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..bytes.len() * 8).map(move |bit| {
        let mut copy = bytes.to_vec();
        copy[bit / 8] ^= 1 << (bit % 8);
        copy
    })
}
