//! How far this node has served its ledger, kept outside the database: a copy that is shorter or different is found
//! out at the start.
//!
//! Two slots of 4 KiB are written in turn, so that a torn write leaves the one before.

use std::fs::{File, OpenOptions};
use std::io::Read as _;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use countersign_ledger::hash::{Digest, sha256};
use serde::{Deserialize, Serialize};

use crate::error::StartError;
use crate::keys::file;

const SLOT: usize = 4096;

/// What was served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mark {
    /// Entries.
    pub(crate) size: u64,
    /// The root over them.
    pub(crate) root: Digest,
    /// The ledger's epoch.
    pub(crate) epoch: u32,
    /// The public form of the key that signs checkpoints.
    pub(crate) key: String,
}

/// The file.
#[derive(Debug)]
pub(crate) struct HighWater {
    file: File,
    path: PathBuf,
    next: u8,
}

impl HighWater {
    /// Opens or makes the file; gives the mark it holds.
    pub(crate) fn open(data_dir: &Path) -> Result<(Self, Option<Mark>), StartError> {
        let path = data_dir.join("high-water");
        let mut options = OpenOptions::new();
        let mut opened = options
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(file(&path))?;
        let mut bytes = Vec::new();
        opened.read_to_end(&mut bytes).map_err(file(&path))?;
        let marks: Vec<Option<Mark>> = bytes.chunks(SLOT).map(parse).collect();
        let newest = marks.iter().enumerate().filter_map(|(slot, mark)| Some((slot, mark.clone()?)));
        let newest = newest.max_by_key(|(_, mark)| (mark.epoch, mark.size));
        if newest.is_none() && !bytes.is_empty() {
            return Err(StartError::HighWater(path));
        }
        let next = u8::from(newest.as_ref().is_some_and(|(slot, _)| *slot == 0));
        if bytes.is_empty() {
            File::open(data_dir).and_then(|directory| directory.sync_all()).map_err(file(data_dir))?;
        }
        Ok((Self { file: opened, path, next }, newest.map(|(_, mark)| mark)))
    }

    /// Puts a mark on the disk.
    pub(crate) fn set(&mut self, mark: &Mark) -> std::io::Result<()> {
        let json = serde_json::to_string(mark)?;
        let mut text = format!("{}\n{json}\n", sha256(json.as_bytes()));
        while text.len() < SLOT {
            text.push(' ');
        }
        self.file.write_all_at(text.as_bytes(), u64::from(self.next) * SLOT as u64)?;
        self.file.sync_data()?;
        self.next ^= 1;
        Ok(())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

fn parse(slot: &[u8]) -> Option<Mark> {
    let mut lines = str::from_utf8(slot).ok()?.lines();
    let (digest, json) = (lines.next()?, lines.next()?);
    if sha256(json.as_bytes()).to_string() != digest {
        return None;
    }
    serde_json::from_str(json).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(size: u64) -> Mark {
        Mark { size, root: sha256(&size.to_be_bytes()), epoch: 1, key: "k".to_owned() }
    }

    #[test]
    fn f6_a_torn_write_leaves_the_mark_before() {
        let data = tempfile::tempdir().unwrap();
        let (mut file, none) = HighWater::open(data.path()).unwrap();
        assert_eq!(none, None);
        for size in 1..=5 {
            file.set(&mark(size)).unwrap();
            let (_, found) = HighWater::open(data.path()).unwrap();
            assert_eq!(found, Some(mark(size)));
        }
        let path = file.path().to_owned();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[100] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        let (mut file, found) = HighWater::open(data.path()).unwrap();
        assert_eq!(found, Some(mark(4)), "5 stood in the first slot");
        file.set(&mark(6)).unwrap();
        assert_eq!(HighWater::open(data.path()).unwrap().1, Some(mark(6)));
    }

    #[test]
    fn a_shorter_ledger_of_a_later_epoch_is_the_newer_mark() {
        let data = tempfile::tempdir().unwrap();
        let (mut file, _) = HighWater::open(data.path()).unwrap();
        file.set(&mark(9)).unwrap();
        let shorter = Mark { epoch: 2, ..mark(4) };
        file.set(&shorter).unwrap();
        assert_eq!(HighWater::open(data.path()).unwrap().1, Some(shorter));
    }

    #[test]
    fn a_file_without_any_mark_is_refused() {
        let data = tempfile::tempdir().unwrap();
        std::fs::write(data.path().join("high-water"), b"nonsense").unwrap();
        assert!(matches!(HighWater::open(data.path()), Err(StartError::HighWater(_))));
    }
}
