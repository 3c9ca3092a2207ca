//! The ledger's tree as its tiles give it.

use countersign_ledger::hash::{Digest, leaf_hash};
use countersign_ledger::tile::{Computed, StoredTiles, TileBytesError};
use countersign_store::Reader;

use crate::problem::Result;

/// What can go wrong with a tile.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TileFault {
    #[error(transparent)]
    Store(#[from] countersign_store::Error),
    #[error("tile {0}/{1} is missing")]
    Missing(u8, u64),
    #[error(transparent)]
    Bytes(#[from] TileBytesError),
}

/// Full tiles from their table, leaves from the entries.
pub(crate) struct Stored<'a>(&'a dyn Reader);

/// Every tile, partial ones computed.
pub(crate) fn computed(reader: &dyn Reader) -> Computed<Stored<'_>> {
    Computed(Stored(reader))
}

/// Number of entries.
pub(crate) fn sized(reader: &dyn Reader) -> Result<u64> {
    Ok(reader.head()?.map_or(0, |head| head.size))
}

impl StoredTiles for Stored<'_> {
    type Error = TileFault;

    fn full(&self, level: u8, index: u64) -> std::result::Result<Vec<u8>, TileFault> {
        self.0.tile(level, index)?.ok_or(TileFault::Missing(level, index))
    }

    fn leaves(&self, first: u64, count: u16) -> std::result::Result<Vec<Digest>, TileFault> {
        let entries = self.0.entries(first, count.into())?;
        Ok(entries.iter().map(|entry| leaf_hash(&entry.bytes)).collect())
    }
}
