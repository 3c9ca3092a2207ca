use super::{
    WIDTH,
    coords::{Tile, partials},
    hashes::{decode_tile, encode_tile},
    reader::{ReadError, TileReader},
};
use crate::{hash::Digest, tree::perfect_root};

/// The right edge of a tree as partial tiles: takes leaf hashes, gives full tiles. At most 255 hashes per level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TileBuilder {
    size: u64,
    /// The partial tile of each level, the leaves' first.
    edge: Vec<Vec<Digest>>,
}

impl TileBuilder {
    /// Starts at the empty tree.
    pub const fn new() -> Self {
        Self { size: 0, edge: Vec::new() }
    }

    /// Goes on from a tree of `size` entries, reading its partial tiles.
    pub fn resume<R: TileReader>(size: u64, reader: &R) -> Result<Self, ReadError<R::Error>> {
        let mut edge = Vec::new();
        for tile in partials(size) {
            let bytes = reader.tile(tile).map_err(ReadError::Reader)?;
            let hashes =
                decode_tile(&bytes, tile.width()).map_err(|source| ReadError::Bytes { tile, source })?;
            edge.resize_with(tile.level().into(), Vec::new);
            edge.push(hashes);
        }
        Ok(Self { size, edge })
    }

    /// Number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf hash; returns the full tiles that this completed, lower levels first, with their bytes.
    pub fn append(&mut self, leaf: Digest) -> Vec<(Tile, Vec<u8>)> {
        let index = self.size >> 8;
        self.size += 1;
        let mut done = Vec::new();
        let mut carry = Some(leaf);
        let mut level = 0_u8;
        while let Some(hash) = carry.take() {
            if self.edge.len() <= level.into() {
                self.edge.push(Vec::new());
            }
            let Some(row) = self.edge.get_mut(usize::from(level)) else { break };
            row.push(hash);
            if row.len() == usize::from(WIDTH) {
                if let Ok(tile) = Tile::new(level, index >> (8 * level), WIDTH) {
                    done.push((tile, encode_tile(row)));
                }
                carry = perfect_root(row);
                row.clear();
                level += 1;
            }
        }
        done
    }
}
