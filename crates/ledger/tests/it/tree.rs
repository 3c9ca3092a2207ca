use countersign_ledger::{
    Digest, Frontier, MAX_SIZE,
    hash::{empty_root, leaf_hash, node_hash},
    tree::{
        LeafHashes, ProofError, ProveError, consistency_proof, inclusion_proof, perfect_root, root,
        verify_consistency, verify_inclusion,
    },
};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2::Sha256;

use crate::support::{bit_flips, entry, leaves, naive_path, naive_root, naive_subproof};

/// The entries and roots of the Certificate Transparency project's reference tests.
const ENTRIES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn digests(hex: &[&str]) -> Vec<Digest> {
    hex.iter().map(|hex| hex.parse().unwrap()).collect()
}

#[test]
fn roots_and_proofs_of_the_reference_tests() {
    let leaves: Vec<_> = ENTRIES.iter().map(|hex| leaf_hash(&hex::decode(hex).unwrap())).collect();
    let mut frontier = Frontier::new();
    assert_eq!(frontier.root(), empty_root());
    for (leaf, root) in leaves.iter().zip(ROOTS) {
        frontier.append(*leaf);
        assert_eq!(frontier.root().to_string(), root);
    }
    let hashes = LeafHashes(&leaves);
    let path = [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ];
    assert_eq!(inclusion_proof(&hashes, 0, 8).unwrap(), digests(&path));
    let grown = [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        ROOTS[3],
    ];
    assert_eq!(consistency_proof(&hashes, 6, 8).unwrap(), digests(&grown));
}

/// Every size, index and old size of small trees against the RFC's own recursion.
#[test]
fn small_trees_agree_with_the_rfc_in_full() {
    let all = leaves(40);
    let mut frontier = Frontier::new();
    for size in 0..=all.len() {
        let leaves = &all[..size];
        let (n, hashes, expected) = (size as u64, LeafHashes(leaves), naive_root(leaves));
        assert_eq!(frontier.root(), expected);
        assert_eq!(root(&hashes, n).unwrap(), expected);
        for (index, leaf) in leaves.iter().enumerate() {
            let proof = inclusion_proof(&hashes, index as u64, n).unwrap();
            assert_eq!(proof, naive_path(index, leaves), "{index} of {size}");
            verify_inclusion(leaf, index as u64, n, &proof, &expected).unwrap();
        }
        for old in 0..=size {
            let proof = consistency_proof(&hashes, old as u64, n).unwrap();
            let naive = if old == 0 { Vec::new() } else { naive_subproof(old, leaves, true) };
            assert_eq!(proof, naive, "{old} to {size}");
            verify_consistency(old as u64, &naive_root(&leaves[..old]), n, &expected, &proof).unwrap();
        }
        if let Some(next) = all.get(size) {
            frontier.append(*next);
        }
    }
}

#[test]
fn inclusion_proofs_hold_for_nothing_else() {
    let all = leaves(11);
    for size in 1..=all.len() {
        let (n, leaves) = (size as u64, &all[..size]);
        let top = naive_root(leaves);
        for index in 0..size {
            let proof = inclusion_proof(&LeafHashes(leaves), index as u64, n).unwrap();
            let check = |leaf: &Digest, at, of, proof: &[Digest]| verify_inclusion(leaf, at, of, proof, &top);
            for (at, leaf) in leaves.iter().enumerate() {
                let right = at == index;
                assert_eq!(check(leaf, index as u64, n, &proof).is_ok(), right);
                assert_eq!(check(&leaves[index], at as u64, n, &proof).is_ok(), right);
            }
            for at in 0..proof.len() {
                for flipped in bit_flips(proof[at].as_bytes()) {
                    let mut proof = proof.clone();
                    proof[at] = Digest::try_from(flipped.as_slice()).unwrap();
                    assert_eq!(check(&leaves[index], index as u64, n, &proof), Err(ProofError::Root));
                }
            }
            let longer = [proof.as_slice(), &[top]].concat();
            assert_eq!(check(&leaves[index], index as u64, n, &longer), Err(ProofError::Length));
            if let Some((_, shorter)) = proof.split_last() {
                assert_eq!(check(&leaves[index], index as u64, n, shorter), Err(ProofError::Length));
            }
            assert_eq!(check(&leaves[index], n, n, &proof), Err(ProofError::Index));
        }
    }
    assert_eq!(verify_inclusion(&all[0], 0, 0, &[], &empty_root()), Err(ProofError::Index));
}

#[test]
fn consistency_proofs_hold_for_nothing_else() {
    let all = leaves(11);
    let roots: Vec<_> = (0..=all.len()).map(|size| naive_root(&all[..size])).collect();
    for new in 0..=all.len() {
        for old in 0..=new {
            let proof = consistency_proof(&LeafHashes(&all[..new]), old as u64, new as u64).unwrap();
            let check = |old_root: &Digest, new_root: &Digest, proof: &[Digest]| {
                verify_consistency(old as u64, old_root, new as u64, new_root, proof)
            };
            for (size, other) in roots.iter().enumerate() {
                assert_eq!(check(other, &roots[new], &proof).is_ok(), size == old, "{size} for {old}");
                // From nothing, every head is as good as another; between equal sizes both must be the root.
                let anything = old == 0 && new > 0;
                assert_eq!(check(&roots[old], other, &proof).is_ok(), size == new || anything);
            }
            for at in 0..proof.len() {
                for flipped in bit_flips(proof[at].as_bytes()) {
                    let mut proof = proof.clone();
                    proof[at] = Digest::try_from(flipped.as_slice()).unwrap();
                    assert!(check(&roots[old], &roots[new], &proof).is_err());
                }
            }
            let longer = [proof.as_slice(), &[roots[new]]].concat();
            assert_eq!(check(&roots[old], &roots[new], &longer), Err(ProofError::Length));
            if let Some((_, shorter)) = proof.split_last() {
                assert_eq!(check(&roots[old], &roots[new], shorter), Err(ProofError::Length));
            }
        }
    }
    assert_eq!(verify_consistency(2, &roots[2], 1, &roots[1], &[]), Err(ProofError::Shrunk));
}

/// An inner node offered as if it were an entry of a smaller tree: its hash is a node's, never a leaf's.
#[test]
fn a_node_cannot_be_proven_as_an_entry() {
    let leaves = leaves(4);
    let (left, right) = (node_hash(&leaves[0], &leaves[1]), node_hash(&leaves[2], &leaves[3]));
    let top = naive_root(&leaves);
    let forged = [leaves[0].as_bytes().as_slice(), leaves[1].as_bytes()].concat();
    assert!(verify_inclusion(&leaf_hash(&forged), 0, 2, &[right], &top).is_err());
    assert!(verify_inclusion(&left, 0, 2, &[right], &top).is_ok(), "which is why sizes come only signed");
    assert!(verify_inclusion(&left, 0, 4, &[right], &top).is_err());
}

#[test]
fn proofs_beyond_the_tree_are_not_made() {
    let leaves = leaves(5);
    let hashes = LeafHashes(&leaves);
    assert_eq!(inclusion_proof(&hashes, 5, 5), Err(ProveError::NoEntry { index: 5, size: 5 }));
    assert_eq!(consistency_proof(&hashes, 5, 4), Err(ProveError::NotGrown { old: 5, new: 4 }));
    assert!(matches!(inclusion_proof(&hashes, 0, 6), Err(ProveError::Hashes(_))));
    assert!(matches!(consistency_proof(&hashes, 3, u64::MAX), Err(ProveError::NotGrown { .. })));
    assert!(matches!(inclusion_proof(&hashes, 3, MAX_SIZE), Err(ProveError::Hashes(_))));
    assert_eq!(perfect_root(&leaves[..3]), None);
    assert_eq!(perfect_root(&[]), None);
    for (index, size) in [(u64::MAX - 1, u64::MAX), (0, u64::MAX), (1 << 63, u64::MAX)] {
        assert!(verify_inclusion(&leaves[0], index, size, &leaves, &leaves[0]).is_err());
        assert!(verify_consistency(index.max(1), &leaves[0], size, &leaves[1], &leaves).is_err());
    }
}

#[test]
fn frontiers_are_stored_and_checked() {
    let mut frontier = Frontier::new();
    assert_eq!(Frontier::from_bytes(&frontier.to_bytes()).unwrap(), frontier);
    for leaf in leaves(11) {
        frontier.append(leaf);
    }
    assert_eq!((frontier.size(), frontier.hashes().len()), (11, 3));
    let bytes = frontier.to_bytes();
    assert_eq!(Frontier::from_bytes(&bytes).unwrap(), frontier);
    let json = serde_json::to_string(&frontier).unwrap();
    assert_eq!(serde_json::from_str::<Frontier>(&json).unwrap(), frontier);
    for bad in [&bytes[..bytes.len() - 1], &bytes[..7], &bytes[..bytes.len() - 32], &[]] {
        assert!(Frontier::from_bytes(bad).is_err());
    }
    assert!(Frontier::from_bytes(&[bytes.as_slice(), &[0; 32]].concat()).is_err());
    assert!(serde_json::from_str::<Frontier>(&json.replace(":11", ":12")).is_err());
    assert!(Frontier::from_parts(1 << 60, vec![frontier.root()]).is_err());
    let mut digests = vec![frontier.digest()];
    for flipped in bit_flips(&bytes) {
        digests.extend(Frontier::from_bytes(&flipped).ok().map(|other| other.digest()));
    }
    let found = digests.len();
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), found, "every frontier has a digest of its own");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    /// Against a crate that we did not write: roots, proofs, and its verifier on our proofs.
    #[test]
    fn agrees_with_another_implementation(size in 1_usize..700, a: prop::sample::Index, b: prop::sample::Index) {
        let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        let mut ours = Frontier::new();
        let (index, old) = (a.index(size), b.index(size) + 1);
        let mut old_theirs = None;
        for number in 0..size {
            theirs.push(entry(number));
            ours.append(leaf_hash(&entry(number)));
            if number + 1 == old {
                old_theirs = Some((theirs.root(), ours.root()));
            }
        }
        let leaves = leaves(size);
        let hashes = LeafHashes(&leaves);
        let (their_root, our_root) = (theirs.root(), ours.root());
        prop_assert_eq!(their_root.as_bytes().as_slice(), our_root.as_bytes());

        let proof = inclusion_proof(&hashes, index as u64, size as u64).unwrap();
        let bytes: Vec<u8> = proof.iter().flat_map(|hash| *hash.as_bytes()).collect();
        let their_proof = theirs.prove_inclusion(index);
        prop_assert_eq!(their_proof.as_bytes(), &bytes);
        prop_assert!(verify_inclusion(&leaves[index], index as u64, size as u64, &proof, &ours.root()).is_ok());

        let (their_old, our_old) = old_theirs.unwrap();
        let proof = consistency_proof(&hashes, old as u64, size as u64).unwrap();
        let bytes: Vec<u8> = proof.iter().flat_map(|hash| *hash.as_bytes()).collect();
        let their_proof = theirs.prove_consistency(size - old);
        prop_assert_eq!(their_proof.as_bytes(), &bytes);
        let parsed = ct_merkle::ConsistencyProof::try_from_bytes(bytes).unwrap();
        prop_assert!(theirs.root().verify_consistency(&their_old, &parsed).is_ok());
        prop_assert!(verify_consistency(old as u64, &our_old, size as u64, &ours.root(), &proof).is_ok());
    }

    #[test]
    fn verification_survives_any_numbers(index: u64, size: u64, length in 0_usize..70) {
        let proof = vec![empty_root(); length];
        prop_assert!(verify_inclusion(&empty_root(), index, size, &proof, &empty_root()).is_err());
        let _ = verify_consistency(index, &empty_root(), size, &empty_root(), &proof);
    }
}
