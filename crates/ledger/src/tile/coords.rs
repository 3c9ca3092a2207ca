use super::WIDTH;
use crate::MAX_SIZE;

/// Which hashes a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    level: u8,
    index: u64,
    width: u16,
}

/// Which entries a bundle holds: numbers `256 · index ..`, `width` of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bundle {
    index: u64,
    width: u16,
}

/// Coordinates outside every tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such tile: level 0 to 63, index below 2^53, width 1 to 256")]
pub struct TileError;

impl Tile {
    pub fn new(level: u8, index: u64, width: u16) -> Result<Self, TileError> {
        let fits = level <= 63 && index <= MAX_SIZE && (1..=WIDTH).contains(&width);
        if fits { Ok(Self { level, index, width }) } else { Err(TileError) }
    }

    /// The tile at `(level, index)` as a tree of `size` entries has it; `None` if it is empty.
    pub fn within(size: u64, level: u8, index: u64) -> Option<Self> {
        let hashes = size.checked_shr(8 * u32::from(level)).unwrap_or(0);
        let width = hashes.saturating_sub(index.checked_mul(WIDTH.into())?).min(WIDTH.into());
        Self::new(level, index, width as u16).ok()
    }

    pub const fn level(self) -> u8 {
        self.level
    }

    pub const fn index(self) -> u64 {
        self.index
    }

    /// Number of hashes, 1 to 256.
    pub const fn width(self) -> u16 {
        self.width
    }

    pub const fn is_full(self) -> bool {
        self.width == WIDTH
    }

    /// The same tile when full.
    pub const fn full(self) -> Self {
        Self { width: WIDTH, ..self }
    }
}

impl Bundle {
    pub fn new(index: u64, width: u16) -> Result<Self, TileError> {
        let fits = index <= MAX_SIZE && (1..=WIDTH).contains(&width);
        if fits { Ok(Self { index, width }) } else { Err(TileError) }
    }

    pub const fn index(self) -> u64 {
        self.index
    }

    /// Number of entries, 1 to 256.
    pub const fn width(self) -> u16 {
        self.width
    }

    /// Number of the first entry.
    pub const fn first(self) -> u64 {
        self.index * WIDTH as u64
    }
}

/// The full tiles that exist at size `to` and did not at size `from`, lower levels first: what a store writes when
/// the ledger grows.
pub fn completed(from: u64, to: u64) -> impl Iterator<Item = Tile> {
    levels(to).flat_map(move |level| {
        let shift = 8 * (u32::from(level) + 1);
        let full = |size: u64| size.checked_shr(shift).unwrap_or(0);
        (full(from)..full(to)).map(move |index| Tile { level, index, width: WIDTH })
    })
}

/// The partial tiles of a tree of `size` entries, lower levels first.
pub fn partials(size: u64) -> impl Iterator<Item = Tile> {
    levels(size).filter_map(move |level| {
        let hashes = size.checked_shr(8 * u32::from(level))?;
        Tile::within(size, level, hashes / u64::from(WIDTH))
    })
}

/// The entry bundles of a tree of `size` entries, the last one perhaps partial.
pub fn bundles(size: u64) -> impl Iterator<Item = Bundle> {
    let width = u64::from(WIDTH);
    (0..size.div_ceil(width))
        .map(move |index| Bundle { index, width: (size - index * width).min(width) as u16 })
}

/// The levels of a tree of `size` entries that have any hashes.
fn levels(size: u64) -> impl Iterator<Item = u8> {
    (0..8_u8).take_while(move |level| size >> (8 * level) > 0)
}
