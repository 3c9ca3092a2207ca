//! Ends that the server has not acknowledged, kept in files: a runner that is stopped or killed tells them when it runs
//! again.
//!
//! One file each, written under another name and renamed, so that a file is whole or not there. It is not forced to the
//! disk: after a loss of power the machine has booted, and the server knows that nothing runs.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use countersign_runspace::{Event, ExecutionId};

/// The directory of these files.
pub(crate) struct Ends {
    directory: PathBuf,
}

impl Ends {
    /// Opens or makes `ends` in the state directory, and gives what is in it.
    pub(crate) fn open(state_directory: &Path) -> io::Result<(Self, BTreeMap<ExecutionId, Event>)> {
        let directory = state_directory.join("ends");
        if !directory.is_dir() {
            fs::DirBuilder::new().mode(0o700).create(&directory)?;
        }
        let mut ends = BTreeMap::new();
        for entry in fs::read_dir(&directory)? {
            let entry = entry?;
            let id = entry.file_name().to_str().and_then(|name| name.parse::<ExecutionId>().ok());
            let event = id.map(|id| (id, fs::read(entry.path()).map(|bytes| serde_json::from_slice(&bytes))));
            match event {
                Some((id, Ok(Ok(event)))) => _ = ends.insert(id, event),
                // Half-written, or of another version: the server calls such an execution unknown.
                _ => fs::remove_file(entry.path())?,
            }
        }
        Ok((Self { directory }, ends))
    }

    /// Keeps an end. One that can't be kept is still told to the server that is connected.
    pub(crate) fn keep(&self, execution: &ExecutionId, event: &Event) -> io::Result<()> {
        let coming = self.directory.join(format!("{execution}.new"));
        let mut file =
            fs::OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&coming)?;
        io::Write::write_all(&mut file, &serde_json::to_vec(event)?)?;
        fs::rename(coming, self.directory.join(execution.as_str()))
    }

    pub(crate) fn forget(&self, execution: &ExecutionId) {
        let _ = fs::remove_file(self.directory.join(execution.as_str()));
    }
}

#[cfg(test)]
mod tests {
    use countersign_runspace::Refusal;

    use super::*;

    #[test]
    fn an_end_is_there_until_it_is_acknowledged_and_never_half() {
        let place = tempfile::tempdir().expect("directory");
        let (ends, none) = Ends::open(place.path()).expect("open");
        assert!(none.is_empty());
        let (one, two) = (ExecutionId::from_random([1; 16]), ExecutionId::from_random([2; 16]));
        let event = Event::Refused(Refusal::new("x", "y"));
        ends.keep(&one, &event).expect("keep");
        ends.keep(&two, &event).expect("keep");
        ends.forget(&two);
        fs::write(place.path().join("ends").join(format!("{two}.new")), "{\"refu").expect("write");
        fs::write(place.path().join("ends").join(two.as_str()), "{\"refu").expect("write");
        let (_, kept) = Ends::open(place.path()).expect("open");
        assert_eq!(kept, BTreeMap::from([(one, event)]));
        assert_eq!(fs::read_dir(place.path().join("ends")).expect("list").count(), 1);
    }
}
