use std::{cell::RefCell, collections::BTreeMap};

use super::{
    coords::Tile,
    hashes::{TileBytesError, decode_tile},
};
use crate::{
    hash::Digest,
    tree::{Hashes, MissingSubtree, perfect_root},
};

/// Where tiles come from: a directory, a table, a web server.
pub trait TileReader {
    type Error: std::error::Error + 'static;

    /// The tile's bytes: `32 · width` of them, or those of the full tile.
    fn tile(&self, tile: Tile) -> Result<Vec<u8>, Self::Error>;
}

impl<R: TileReader> TileReader for &R {
    type Error = R::Error;

    fn tile(&self, tile: Tile) -> Result<Vec<u8>, R::Error> {
        (**self).tile(tile)
    }
}

/// Tiles kept in memory before the cache starts anew: 64 full ones are 512 KiB.
const CACHED: usize = 64;

/// The hashes of a tree of a given size, read from its tiles.
///
/// Nothing is authenticated here: a proof made from bad tiles is a bad proof, and verifying it says so.
#[derive(Debug)]
pub struct TileHashes<R> {
    size: u64,
    reader: R,
    cache: RefCell<BTreeMap<(u8, u64), Vec<Digest>>>,
}

/// Why a hash could not be had from tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadError<E: std::error::Error + 'static> {
    #[error(transparent)]
    Missing(#[from] MissingSubtree),
    #[error("tile {tile:?}: {source}")]
    Bytes { tile: Tile, source: TileBytesError },
    #[error("cannot read a tile")]
    Reader(#[source] E),
}

impl<R: TileReader> TileHashes<R> {
    /// `size` may be smaller than the tree that the tiles belong to now.
    pub const fn new(size: u64, reader: R) -> Self {
        Self { size, reader, cache: RefCell::new(BTreeMap::new()) }
    }

    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Sees to it that the tile is in the cache.
    fn load(&self, tile: Tile) -> Result<(), ReadError<R::Error>> {
        let key = (tile.level(), tile.index());
        if self.cache.borrow().contains_key(&key) {
            return Ok(());
        }
        let bytes = self.reader.tile(tile).map_err(ReadError::Reader)?;
        let hashes = decode_tile(&bytes, tile.width()).map_err(|source| ReadError::Bytes { tile, source })?;
        let mut cache = self.cache.borrow_mut();
        if cache.len() >= CACHED {
            cache.clear();
        }
        cache.insert(key, hashes);
        Ok(())
    }
}

impl<R: TileReader> Hashes for TileHashes<R> {
    type Error = ReadError<R::Error>;

    fn subtree(&self, level: u8, index: u64) -> Result<Digest, Self::Error> {
        let missing = MissingSubtree { level, index };
        if index >= self.size.checked_shr(level.into()).unwrap_or(0) {
            return Err(missing.into());
        }
        // 2^rows hashes of one tile lie under the subtree.
        let (tile_level, rows) = (level / 8, level % 8);
        let first = index << rows;
        let tile = Tile::within(self.size, tile_level, first >> 8).ok_or(missing)?;
        let start = (first & 0xff) as usize;
        self.load(tile)?;
        let cache = self.cache.borrow();
        let row =
            cache.get(&(tile.level(), tile.index())).and_then(|row| row.get(start..start + (1 << rows)));
        row.and_then(perfect_root).ok_or_else(|| missing.into())
    }
}
