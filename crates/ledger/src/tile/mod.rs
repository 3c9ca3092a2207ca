//! C2SP tlog-tiles v0.1.0: the tree cut into files of up to 256 hashes, and entries in bundles of 256.
//!
//! The tile `(level, index)` holds the hashes of the perfect subtrees of `256^level` leaves each, numbers
//! `256 · index ..`. It is *full* with 256 hashes (8,192 bytes) and never changes; with fewer it is *partial*.
//! Only full tiles are hashed upward.

mod bundle;
mod computed;
mod coords;
mod grow;
mod hashes;
mod path;
mod reader;

pub use bundle::{BundleError, decode_bundle, encode_bundle};
pub use computed::{Computed, StoredTiles};
pub use coords::{Bundle, Tile, TileError, bundles, completed, partials};
pub use grow::TileBuilder;
pub use hashes::{TileBytesError, decode_tile, encode_tile, tile_root};
pub use path::{PathError, TilePath};
pub use reader::{ReadError, TileHashes, TileReader};

/// Hashes in a full tile, and entries in a full bundle.
pub const WIDTH: u16 = 256;
