use std::{collections::BTreeMap, convert::Infallible};

use countersign_ledger::{
    Checkpoint, Digest, Frontier,
    hash::leaf_hash,
    note::SigningKey,
    proof::TlogProof,
    tile::{
        Tile, TileBuilder, TileHashes, TilePath, TileReader, bundles, encode_bundle, encode_tile, partials,
    },
    tree::{LeafHashes, consistency_proof, inclusion_proof, root},
};

use crate::support::{key, key_of};

/// A ledger as static files, by path.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

impl TileReader for Frozen<'_> {
    type Error = Infallible;

    fn tile(&self, tile: Tile) -> Result<Vec<u8>, Infallible> {
        Ok(self.0[&TilePath::Hashes(tile).to_string()].clone())
    }
}

struct Frozen<'a>(&'a Files);

/// A ledger of `size` entries with proofs for the entry at `index` and growth from `old`.
pub(super) fn export(size: usize, old: usize, index: usize, past: &str) -> Files {
    exported(size, old, index, past, &key(), &key())
}

/// The same after a restored copy was accepted: the old head is of epoch 1, the new one of epoch 2 and another key.
pub(super) fn two_epochs(size: usize, old: usize, index: usize) -> Files {
    let mut files = exported(size, old, index, "past", &key(), &key_of(2, 8));
    files.insert("old-vkey".into(), key().verifying_key().to_string().into_bytes());
    files
}

fn exported(
    size: usize,
    old: usize,
    index: usize,
    past: &str,
    old_key: &SigningKey,
    new_key: &SigningKey,
) -> Files {
    let entries: Vec<_> =
        (0..size).map(|seq| format!(r#"{{"past":"{past}","seq":{seq}}}"#).into_bytes()).collect();
    let leaves: Vec<_> = entries.iter().map(|entry| leaf_hash(entry)).collect();
    let mut files = tiles(&leaves);
    for bundle in bundles(size as u64) {
        let first = bundle.first() as usize;
        let bytes = encode_bundle(&entries[first..first + usize::from(bundle.width())]).unwrap();
        files.insert(TilePath::Entries(bundle).to_string(), bytes);
    }
    let hashes = TileHashes::new(size as u64, Frozen(&files));
    let path = inclusion_proof(&hashes, index as u64, size as u64).unwrap();
    let grown = consistency_proof(&hashes, old as u64, size as u64).unwrap();
    assert_eq!(head(&leaves, new_key).root, root(&hashes, size as u64).unwrap());
    let checkpoint = signed(&leaves, new_key);
    let proof = TlogProof { extra: None, index: index as u64, path, checkpoint: checkpoint.clone() };
    let consistency: String = grown.iter().map(|hash| format!("{}\n", base64(hash))).collect();
    files.extend([
        ("vkey".into(), new_key.verifying_key().to_string().into_bytes()),
        ("checkpoint".into(), checkpoint.into_bytes()),
        ("old-checkpoint".into(), signed(&leaves[..old], old_key).into_bytes()),
        ("consistency".into(), consistency.into_bytes()),
        ("entry".into(), entries[index].clone()),
        ("entry.tlog-proof".into(), proof.to_string().into_bytes()),
    ]);
    files
}

fn tiles(leaves: &[Digest]) -> Files {
    let mut files = Files::new();
    let mut builder = TileBuilder::new();
    for leaf in leaves {
        for (tile, bytes) in builder.append(*leaf) {
            files.insert(TilePath::Hashes(tile).to_string(), bytes);
        }
    }
    let hashes = LeafHashes(leaves);
    for tile in partials(leaves.len() as u64) {
        let first = tile.index() * 256;
        let row: Vec<_> = (first..first + u64::from(tile.width()))
            .map(|index| countersign_ledger::tree::Hashes::subtree(&hashes, 8 * tile.level(), index).unwrap())
            .collect();
        files.insert(TilePath::Hashes(tile).to_string(), encode_tile(&row));
    }
    files
}

fn head(leaves: &[Digest], key: &SigningKey) -> Checkpoint {
    let mut frontier = Frontier::new();
    leaves.iter().for_each(|leaf| frontier.append(*leaf));
    let origin = key.verifying_key().name().as_str().parse().unwrap();
    Checkpoint { origin, size: frontier.size(), root: frontier.root() }
}

fn signed(leaves: &[Digest], key: &SigningKey) -> String {
    head(leaves, key).sign(key).unwrap().to_string()
}

fn base64(hash: &Digest) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(hash.as_bytes())
}
