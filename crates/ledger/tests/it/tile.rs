use std::{cell::Cell, collections::BTreeMap, convert::Infallible};

use countersign_ledger::{
    Digest, MAX_ENTRY,
    hash::leaf_hash,
    tile::{
        Bundle, BundleError, Computed, StoredTiles, Tile, TileBuilder, TileBytesError, TileHashes, TilePath,
        TileReader, bundles, completed, decode_bundle, decode_tile, encode_bundle, encode_tile, partials,
        tile_root,
    },
    tree::{LeafHashes, consistency_proof, inclusion_proof, root, verify_inclusion},
};
use proptest::prelude::*;

use crate::support::{bit_flips, leaves, naive_root};

/// A store as the database is: leaves and full tiles.
#[derive(Default)]
struct Store {
    leaves: Vec<Digest>,
    full: BTreeMap<(u8, u64), Vec<u8>>,
    reads: Cell<usize>,
}

#[derive(Debug, thiserror::Error)]
#[error("missing or malformed tile")]
struct Bad;

impl From<TileBytesError> for Bad {
    fn from(_: TileBytesError) -> Self {
        Self
    }
}

impl Store {
    fn grown(size: usize) -> (Self, TileBuilder) {
        let (mut store, mut builder) = (Self::default(), TileBuilder::new());
        for leaf in leaves(size) {
            store.append(&mut builder, leaf);
        }
        (store, builder)
    }

    fn append(&mut self, builder: &mut TileBuilder, leaf: Digest) {
        let before = builder.size();
        let done = builder.append(leaf);
        let expected: Vec<_> = completed(before, before + 1).collect();
        assert_eq!(done.iter().map(|(tile, _)| *tile).collect::<Vec<_>>(), expected);
        self.leaves.push(leaf);
        self.full.extend(done.into_iter().map(|(tile, bytes)| ((tile.level(), tile.index()), bytes)));
    }
}

impl StoredTiles for Store {
    type Error = Bad;

    fn full(&self, level: u8, index: u64) -> Result<Vec<u8>, Bad> {
        self.reads.set(self.reads.get() + 1);
        self.full.get(&(level, index)).cloned().ok_or(Bad)
    }

    fn leaves(&self, first: u64, count: u16) -> Result<Vec<Digest>, Bad> {
        let first = first as usize;
        self.leaves.get(first..first + usize::from(count)).map(<[Digest]>::to_vec).ok_or(Bad)
    }
}

impl StoredTiles for &Store {
    type Error = Bad;

    fn full(&self, level: u8, index: u64) -> Result<Vec<u8>, Bad> {
        (**self).full(level, index)
    }

    fn leaves(&self, first: u64, count: u16) -> Result<Vec<Digest>, Bad> {
        (**self).leaves(first, count)
    }
}

#[test]
fn paths_are_those_of_the_specification() {
    let tile = |level, index, width| TilePath::Hashes(Tile::new(level, index, width).unwrap());
    let entries = |index, width| TilePath::Entries(Bundle::new(index, width).unwrap());
    let known = [
        (tile(0, 1_234_067, 256), "tile/0/x001/x234/067"),
        (tile(0, 0, 256), "tile/0/000"),
        (tile(1, 999, 1), "tile/1/999.p/1"),
        (tile(1, 1000, 255), "tile/1/x001/000.p/255"),
        (tile(63, 5, 17), "tile/63/005.p/17"),
        (entries(1_234_067, 256), "tile/entries/x001/x234/067"),
        (entries(273, 112), "tile/entries/273.p/112"),
    ];
    for (parsed, path) in known {
        assert_eq!(parsed.to_string(), path);
        assert_eq!(path.parse::<TilePath>(), Ok(parsed));
    }
    let refused = [
        "tile/0/0",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/00/001",
        "tile/64/001",
        "tile/0/001.p/0",
        "tile/0/001.p/256",
        "tile/0/001.p/01",
        "tile/0/001.p/",
        "/tile/0/001",
        "tile/0/001/",
        "tile/0/+01",
        "tile/0/x001/../001",
        "tile/x/001",
        "tile/entries/",
        "tile/entries/1",
        "tile/8/0/001x",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        "tile/0/00١",
        "",
    ];
    for path in refused {
        assert!(path.parse::<TilePath>().is_err(), "{path}");
    }
    for (level, index, width) in [(64, 0, 1), (0, 0, 0), (0, 0, 257), (0, u64::MAX, 1)] {
        assert!(Tile::new(level, index, width).is_err());
    }
}

#[test]
fn the_specifications_example_of_70_000_entries() {
    let count = |level| completed(0, 70_000).filter(|tile| tile.level() == level).count();
    assert_eq!([count(0), count(1), count(2)], [273, 1, 0]);
    let partial: Vec<_> = partials(70_000).map(|tile| TilePath::Hashes(tile).to_string()).collect();
    assert_eq!(partial, ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]);
    assert_eq!(bundles(70_000).count(), 274);
    assert_eq!(bundles(70_000).last().unwrap().width(), 112);
    assert_eq!(partials(0).count() + completed(0, 0).count() + bundles(0).count(), 0);
    assert_eq!(partials(256).map(|tile| (tile.level(), tile.width())).collect::<Vec<_>>(), [(1, 1)]);
    assert!(Tile::within(70_000, 2, 1).is_none() && Tile::within(70_000, 8, 0).is_none());
    assert!(Tile::within(u64::MAX, 0, u64::MAX).is_none());
}

#[test]
fn a_grown_tree_is_read_back_from_tiles() {
    let (store, builder) = Store::grown(70_000);
    let size = store.leaves.len() as u64;
    let hashes = TileHashes::new(size, Computed(&store));
    let top = naive_root(&store.leaves);
    assert_eq!(root(&hashes, size).unwrap(), top);
    assert_eq!(TileBuilder::resume(size, &Computed(&store)).unwrap(), builder);
    store.reads.set(0);
    for index in [0, 1, 255, 256, 65_535, 65_536, 69_887, 69_888, 69_999] {
        let proof = inclusion_proof(&hashes, index, size).unwrap();
        verify_inclusion(&store.leaves[index as usize], index, size, &proof, &top).unwrap();
    }
    assert!(store.reads.get() < 600, "{} tiles read", store.reads.get());
    for old in [1, 256, 65_536, 65_537, 69_999] {
        let from_tiles = consistency_proof(&hashes, old, size).unwrap();
        assert_eq!(from_tiles, consistency_proof(&LeafHashes(&store.leaves), old, size).unwrap());
    }
    // The tree as it was is read from tiles that have since become full.
    let before = TileHashes::new(65_000, Computed(&store));
    assert_eq!(root(&before, 65_000).unwrap(), naive_root(&store.leaves[..65_000]));
}

struct Fixed(Vec<u8>);

impl TileReader for Fixed {
    type Error = Infallible;

    fn tile(&self, _: Tile) -> Result<Vec<u8>, Infallible> {
        Ok(self.0.clone())
    }
}

#[test]
fn every_flipped_bit_of_a_tile_shows() {
    let leaves = leaves(5);
    let bytes = encode_tile(&leaves);
    let top = naive_root(&leaves);
    assert_eq!(root(&TileHashes::new(5, Fixed(bytes.clone())), 5).unwrap(), top);
    for flipped in bit_flips(&bytes) {
        assert_ne!(root(&TileHashes::new(5, Fixed(flipped)), 5).unwrap(), top);
    }
    for length in (0..=bytes.len() + 32).filter(|length| *length != bytes.len()) {
        let mut other = bytes.clone();
        other.resize(length, 0);
        assert!(root(&TileHashes::new(5, Fixed(other)), 5).is_err(), "{length}");
    }
    let mut full = bytes;
    full.resize(8192, 9);
    assert_eq!(
        root(&TileHashes::new(5, Fixed(full)), 5).unwrap(),
        top,
        "a full tile stands for a partial one"
    );
}

#[test]
fn only_full_tiles_have_a_root() {
    let leaves = leaves(256);
    assert_eq!(tile_root(&encode_tile(&leaves)).unwrap(), naive_root(&leaves));
    assert!(tile_root(&encode_tile(&leaves[..128])).is_err());
    assert!(decode_tile(&[0; 64], 1).is_err() && decode_tile(&[0; 33], 1).is_err());
}

#[test]
fn bundles_hold_exactly_their_entries() {
    let entries: Vec<Vec<u8>> = vec![b"a".to_vec(), Vec::new(), vec![7; MAX_ENTRY]];
    let bytes = encode_bundle(&entries).unwrap();
    assert_eq!(bytes[..5], [0, 1, b'a', 0, 0]);
    assert_eq!(decode_bundle(&bytes, 3).unwrap(), entries);
    assert_eq!(decode_bundle(&bytes, 2), Err(BundleError::Trailing(MAX_ENTRY + 2)));
    assert_eq!(decode_bundle(&bytes, 4), Err(BundleError::Short(3)));
    assert_eq!(decode_bundle(&bytes[..bytes.len() - 1], 3), Err(BundleError::Short(2)));
    assert_eq!(encode_bundle(&[vec![0; MAX_ENTRY + 1]]), Err(BundleError::Entry(0)));
    assert_eq!(decode_bundle(&[vec![0xff, 0xff], vec![0; 65_535]].concat(), 1), Err(BundleError::Entry(0)));
    assert_eq!(encode_bundle::<Vec<u8>>(&[]), Err(BundleError::Width(0)));
    assert_eq!(encode_bundle(&vec![b""; 257]), Err(BundleError::Width(257)));
    assert_eq!(decode_bundle(&[], 0), Err(BundleError::Width(0)));
    assert_eq!(decode_bundle(&[], 257), Err(BundleError::Width(257)));
}

/// No flipped bit gives the same leaf hashes: framing and content are both bound.
#[test]
fn every_flipped_bit_of_a_bundle_shows() {
    let entries = [b"one".as_slice(), b"two", b"three"];
    let bytes = encode_bundle(&entries).unwrap();
    let expected: Vec<_> = entries.iter().map(|entry| leaf_hash(entry)).collect();
    for flipped in bit_flips(&bytes) {
        if let Ok(read) = decode_bundle(&flipped, 3) {
            assert_ne!(read.into_iter().map(leaf_hash).collect::<Vec<_>>(), expected);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn growth_in_steps_is_growth_at_once(a in 0_u64..200_000, b in 0_u64..200_000, c in 0_u64..200_000) {
        let mut at = [a, b, c];
        at.sort();
        let mut steps: Vec<_> = completed(at[0], at[1]).chain(completed(at[1], at[2])).collect();
        steps.sort();
        let mut once: Vec<_> = completed(at[0], at[2]).collect();
        once.sort();
        prop_assert_eq!(steps, once);
    }

    #[test]
    fn a_builder_can_resume_anywhere(cut in 0_usize..1500, more in 1_usize..600) {
        let (mut store, _) = Store::grown(cut);
        let mut resumed = TileBuilder::resume(cut as u64, &Computed(&store)).unwrap();
        for leaf in leaves(cut + more).into_iter().skip(cut) {
            store.append(&mut resumed, leaf);
        }
        let (whole, builder) = Store::grown(cut + more);
        prop_assert_eq!(&store.full, &whole.full);
        prop_assert_eq!(resumed.size(), builder.size());
        let size = (cut + more) as u64;
        prop_assert_eq!(root(&TileHashes::new(size, Computed(&store)), size).unwrap(), naive_root(&whole.leaves));
    }

    #[test]
    fn any_tile_path_reads_back(level in 0_u8..64, index in 0_u64..1 << 53, width in 1_u16..=256) {
        let path = TilePath::Hashes(Tile::new(level, index, width).unwrap());
        prop_assert_eq!(path.to_string().parse(), Ok(path));
    }
}
