use std::{fmt, str::FromStr};

use super::{
    WIDTH,
    coords::{Bundle, Tile},
};
use crate::text;

/// The path of a file below a ledger's prefix: `tile/0/x001/x234/067`, `tile/entries/000.p/17`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TilePath {
    Hashes(Tile),
    Entries(Bundle),
}

/// A path that no tile has. Every tile has exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the path of a tile")]
pub struct PathError;

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (index, width) = match self {
            Self::Hashes(tile) => (tile.index(), tile.width()),
            Self::Entries(bundle) => (bundle.index(), bundle.width()),
        };
        match self {
            Self::Hashes(tile) => write!(f, "tile/{}/", tile.level())?,
            Self::Entries(_) => f.write_str("tile/entries/")?,
        }
        let mut groups = vec![index % 1000];
        let mut rest = index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        for (above, group) in groups.iter().enumerate().rev() {
            if above > 0 { write!(f, "x{group:03}/")? } else { write!(f, "{group:03}")? }
        }
        if width < WIDTH { write!(f, ".p/{width}") } else { Ok(()) }
    }
}

impl FromStr for TilePath {
    type Err = PathError;

    fn from_str(path: &str) -> Result<Self, PathError> {
        parse(path).filter(|parsed| parsed.to_string() == path).ok_or(PathError)
    }
}

/// Reads loosely: the caller compares with the one right spelling.
fn parse(path: &str) -> Option<TilePath> {
    let (kind, rest) = path.strip_prefix("tile/")?.split_once('/')?;
    let (number, width) = match rest.split_once(".p/") {
        Some((number, width)) => (number, u16::try_from(text::decimal(width)?).ok()?),
        None => (rest, WIDTH),
    };
    let mut index = 0_u64;
    for group in number.split('/') {
        let digits = group.strip_prefix('x').unwrap_or(group);
        if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        index = index.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
    }
    if kind == "entries" {
        return Bundle::new(index, width).ok().map(TilePath::Entries);
    }
    let level = u8::try_from(text::decimal(kind)?).ok()?;
    Tile::new(level, index, width).ok().map(TilePath::Hashes)
}
