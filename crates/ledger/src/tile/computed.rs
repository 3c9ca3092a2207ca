use super::{
    coords::Tile,
    hashes::{TileBytesError, encode_tile, tile_root},
    reader::TileReader,
};
use crate::hash::Digest;

/// A store that keeps full tiles only.
pub trait StoredTiles {
    type Error: std::error::Error + From<TileBytesError> + 'static;

    /// The bytes of a full tile, all of whose entries exist.
    fn full(&self, level: u8, index: u64) -> Result<Vec<u8>, Self::Error>;

    /// The leaf hashes of `count` (below 256) entries from number `first` on.
    fn leaves(&self, first: u64, count: u16) -> Result<Vec<Digest>, Self::Error>;
}

/// Reads every tile of such a store: partial ones are computed from the entries or from the full tiles below,
/// at most 255 of them.
#[derive(Debug, Clone, Copy)]
pub struct Computed<S>(pub S);

impl<S: StoredTiles> TileReader for Computed<S> {
    type Error = S::Error;

    fn tile(&self, tile: Tile) -> Result<Vec<u8>, S::Error> {
        let first = tile.index() << 8;
        if tile.is_full() {
            return self.0.full(tile.level(), tile.index());
        }
        let Some(below) = tile.level().checked_sub(1) else {
            return Ok(encode_tile(&self.0.leaves(first, tile.width())?));
        };
        let below = (first..first + u64::from(tile.width()))
            .map(|index| -> Result<Digest, S::Error> { Ok(tile_root(&self.0.full(below, index)?)?) });
        Ok(encode_tile(&below.collect::<Result<Vec<_>, _>>()?))
    }
}
