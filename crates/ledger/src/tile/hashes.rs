use super::WIDTH;
use crate::{hash::Digest, tree::perfect_root};

/// Bytes that are not a tile of the width asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a tile of {width} hashes has {} bytes, not {found}", usize::from(*width) * Digest::LEN)]
pub struct TileBytesError {
    pub width: u16,
    pub found: usize,
}

/// The bytes of a tile: its hashes one after the other.
pub fn encode_tile(hashes: &[Digest]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

/// The hashes of a tile of `width`. A full tile may stand for a partial one, as the format allows: what is beyond
/// `width` is dropped.
pub fn decode_tile(bytes: &[u8], width: u16) -> Result<Vec<Digest>, TileBytesError> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    let fits = hashes.len() == usize::from(width) || hashes.len() == usize::from(WIDTH);
    if !fits || !rest.is_empty() {
        return Err(TileBytesError { width, found: bytes.len() });
    }
    Ok(hashes.iter().take(width.into()).copied().map(Digest::from_bytes).collect())
}

/// The hash that a full tile stands for in the tile above it.
pub fn tile_root(bytes: &[u8]) -> Result<Digest, TileBytesError> {
    let wrong = TileBytesError { width: WIDTH, found: bytes.len() };
    perfect_root(&decode_tile(bytes, WIDTH)?).ok_or(wrong)
}
