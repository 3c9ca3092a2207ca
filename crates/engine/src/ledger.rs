//! The right edge of the ledger: what appending needs to know.

use countersign_core::state::State;
use countersign_ledger::checkpoint::Origin;
use countersign_ledger::hash::{Digest, leaf_hash};
use countersign_ledger::seal::{BatchHead, Seal, SealKey};
use countersign_ledger::tile::{Computed, StoredTiles, TileBuilder, TileBytesError, TileHashes};
use countersign_ledger::tree::{Frontier, Hashes as _};
use countersign_store::{Head, Reader, TileRow};

use crate::error::StartError;

/// Frontier and partial tiles. A batch is appended to a clone, which takes its place once it is committed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Edge {
    frontier: Frontier,
    tiles: TileBuilder,
}

impl Edge {
    /// What a stored head says, without partial tiles: to check its seal, not to append to.
    pub(crate) fn of_head(head: &Head) -> Option<Self> {
        let frontier =
            Frontier::from_bytes(&head.frontier).ok().filter(|frontier| frontier.size() == head.size)?;
        Some(Self { frontier, tiles: TileBuilder::new() })
    }

    /// The edge of a ledger cut off at `size`, from its stored tiles and entries. Whether they are right shows in the
    /// root of the next batch.
    pub(crate) fn resume(size: u64, reader: &dyn Reader) -> Option<Self> {
        let stored = Computed(Stored(reader));
        let hashes = TileHashes::new(size, stored);
        let mut begin = 0;
        let mut subtrees = Vec::new();
        for level in (0..53_u8).rev().filter(|level| size >> level & 1 == 1) {
            subtrees.push(hashes.subtree(level, begin >> level).ok()?);
            begin += 1 << level;
        }
        let frontier = Frontier::from_parts(size, subtrees).ok()?;
        Some(Self { frontier, tiles: TileBuilder::resume(size, &stored).ok()? })
    }

    /// Appends an entry; gives the tiles that it completes.
    pub(crate) fn append(&mut self, entry: &[u8]) -> Vec<TileRow> {
        let leaf = leaf_hash(entry);
        self.frontier.append(leaf);
        let done = self.tiles.append(leaf).into_iter();
        done.map(|(tile, bytes)| TileRow { level: tile.level(), index: tile.index(), bytes }).collect()
    }

    pub(crate) const fn size(&self) -> u64 {
        self.frontier.size()
    }

    pub(crate) fn root(&self) -> Digest {
        self.frontier.root()
    }

    pub(crate) fn frontier(&self) -> Vec<u8> {
        self.frontier.to_bytes()
    }

    pub(crate) fn seal(&self, key: &SealKey, origin: &Origin, first_seq: u64) -> Seal {
        key.seal(&self.head(origin, first_seq))
    }

    pub(crate) fn is_sealed(&self, key: &SealKey, origin: &Origin, first_seq: u64, seal: &Seal) -> bool {
        key.verify(&self.head(origin, first_seq), seal).is_ok()
    }

    fn head<'a>(&self, origin: &'a Origin, first_seq: u64) -> BatchHead<'a> {
        BatchHead {
            origin,
            first_seq,
            size: self.size(),
            root: self.root(),
            frontier: self.frontier.digest(),
        }
    }
}

/// The store's full tiles and entries, as the tree reads them.
#[derive(Clone, Copy)]
struct Stored<'a>(&'a dyn Reader);

/// A tile that is not to be had; what comes of it is only that more is replayed.
#[derive(Debug, thiserror::Error)]
enum NoTile {
    #[error(transparent)]
    Store(#[from] countersign_store::Error),
    #[error(transparent)]
    Bytes(#[from] TileBytesError),
    #[error("a full tile is missing")]
    Missing,
}

impl StoredTiles for Stored<'_> {
    type Error = NoTile;

    fn full(&self, level: u8, index: u64) -> Result<Vec<u8>, NoTile> {
        self.0.tile(level, index)?.ok_or(NoTile::Missing)
    }

    fn leaves(&self, first: u64, count: u16) -> Result<Vec<Digest>, NoTile> {
        let entries = self.0.entries(first, count.into())?;
        if entries.len() != usize::from(count) {
            return Err(NoTile::Missing);
        }
        Ok(entries.iter().map(|entry| leaf_hash(&entry.bytes)).collect())
    }
}

/// The origin of a state's ledger, in its epoch.
pub(crate) fn origin(state: &State) -> Result<Origin, StartError> {
    let ledger = &state.organization.ledger;
    Origin::new(ledger, state.organization.epoch()).map_err(|_| StartError::LedgerName(ledger.clone()))
}
