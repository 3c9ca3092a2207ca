use countersign_ledger::{
    Checkpoint, Digest, Frontier,
    hash::leaf_hash,
    note::VerifyingKey,
    proof::TlogProof,
    tile::{Tile, TileHashes, TilePath, TileReader, bundles, decode_bundle},
    tree::{Hashes, perfect_root, root, verify_consistency},
};

use super::export::Files;

struct Served<'a>(&'a Files);

#[derive(Debug, thiserror::Error)]
#[error("missing file")]
struct Missing;

impl TileReader for Served<'_> {
    type Error = Missing;

    fn tile(&self, tile: Tile) -> Result<Vec<u8>, Missing> {
        self.0.get(&TilePath::Hashes(tile).to_string()).cloned().ok_or(Missing)
    }
}

/// The same checks as the Go driver's, with our own code; the refusal begins with the check's name.
pub(super) fn judge(files: &Files) -> Result<(), String> {
    let vkey = str::from_utf8(file(files, "vkey")?).map_err(said)?;
    let key: VerifyingKey = vkey.parse().map_err(said)?;
    let head = Checkpoint::open(file(files, "checkpoint")?, &key).map_err(|e| format!("checkpoint: {e}"))?;
    entries(files, &head).map_err(|e| format!("entries: {e}"))?;
    inclusion(files, &key).map_err(|e| format!("inclusion: {e}"))?;
    growth(files, &head, &key).map_err(|e| format!("consistency: {e}"))
}

fn entries(files: &Files, head: &Checkpoint) -> Result<(), String> {
    let mut frontier = Frontier::new();
    let tiles = TileHashes::new(head.size, Served(files));
    for bundle in bundles(head.size) {
        let bytes = file(files, &TilePath::Entries(bundle).to_string())?;
        for entry in decode_bundle(bytes, bundle.width()).map_err(said)? {
            let leaf = leaf_hash(entry);
            if tiles.subtree(0, frontier.size()).map_err(said)? != leaf {
                return Err("tile and entry differ".into());
            }
            frontier.append(leaf);
        }
    }
    for level in (8..64).step_by(8).filter(|level| head.size >> level > 0) {
        for index in 0..head.size >> level {
            let below = (0..256).map(|at| tiles.subtree(level - 8, index * 256 + at).map_err(said));
            let below = below.collect::<Result<Vec<Digest>, _>>()?;
            if perfect_root(&below) != Some(tiles.subtree(level, index).map_err(said)?) {
                return Err("an upper tile does not follow from those below".into());
            }
        }
    }
    if frontier.root() != head.root || root(&tiles, head.size).map_err(said)? != head.root {
        return Err("entries do not give the root".into());
    }
    Ok(())
}

fn inclusion(files: &Files, key: &VerifyingKey) -> Result<(), String> {
    let proof = TlogProof::parse(file(files, "entry.tlog-proof")?).map_err(said)?;
    proof.verify(file(files, "entry")?, key).map(drop).map_err(said)
}

fn growth(files: &Files, head: &Checkpoint, key: &VerifyingKey) -> Result<(), String> {
    // Of an earlier epoch, which has a key of its own.
    let earlier = match files.get("old-vkey") {
        Some(vkey) => Some(str::from_utf8(vkey).map_err(said)?.parse::<VerifyingKey>().map_err(said)?),
        None => None,
    };
    let key = earlier.as_ref().unwrap_or(key);
    let old = Checkpoint::open(file(files, "old-checkpoint")?, key).map_err(said)?;
    let lines = str::from_utf8(file(files, "consistency")?).map_err(said)?.lines();
    let hashes = lines.map(digest).collect::<Result<Vec<_>, _>>()?;
    verify_consistency(old.size, &old.root, head.size, &head.root, &hashes).map_err(said)
}

fn file<'a>(files: &'a Files, path: &str) -> Result<&'a [u8], String> {
    files.get(path).map(Vec::as_slice).ok_or_else(|| format!("{path} is missing"))
}

fn digest(line: &str) -> Result<Digest, String> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    Digest::try_from(STANDARD.decode(line).map_err(said)?.as_slice()).map_err(said)
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}
