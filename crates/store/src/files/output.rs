//! What executions wrote: a file per execution and stream, growing while it runs, kept until its time is over.
//!
//! The digest of all output stands in the ledger, so a file that was changed is found out when it is read.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use countersign_core::id::ExecutionId;
use countersign_ledger::hash::{Digest, sha256};

use super::private;
use crate::error::Error;

/// One of the two streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stream {
    /// Standard output, or a task's result.
    Stdout,
    /// Standard error, or a task's messages.
    Stderr,
}

/// How much of what was handed over was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Kept {
    /// All of it.
    All,
    /// So many bytes: the execution's limit or the quota was reached.
    Part(usize),
}

/// The outputs' directory. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Outputs {
    directory: PathBuf,
    quota: u64,
    used: Arc<AtomicU64>,
}

impl Outputs {
    /// Opens the outputs of a data directory; all of them together may take `quota` bytes.
    ///
    /// # Errors
    /// When the directory cannot be made or read.
    pub fn open(data: &Path, quota: u64) -> Result<Self, Error> {
        let directory = data.join("output");
        private::directory(&directory)?;
        let outputs = Self { directory, quota, used: Arc::new(AtomicU64::new(0)) };
        let mut used = 0;
        outputs.each(&mut |_, path| {
            used += size(path)?;
            Ok(())
        })?;
        outputs.used.store(used, Ordering::Relaxed);
        Ok(outputs)
    }

    /// Bytes that all outputs take together.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    /// Appends to a running execution's stream, which may hold `limit` bytes. Not synced: an output is not the ledger.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn append(
        &self,
        execution: ExecutionId,
        stream: Stream,
        bytes: &[u8],
        limit: u64,
    ) -> Result<Kept, Error> {
        let path = self.path(execution, stream);
        let mut options = OpenOptions::new();
        let mut file =
            options.create(true).append(true).mode(0o600).open(&path).map_err(Error::file(&path))?;
        let there = file.metadata().map_err(Error::file(&path))?.len();
        let room = limit.saturating_sub(there).min(self.quota.saturating_sub(self.used()));
        let keep = usize::try_from(room).unwrap_or(usize::MAX).min(bytes.len());
        if let Some(kept) = bytes.get(..keep) {
            file.write_all(kept).map_err(Error::file(&path))?;
        }
        self.used.fetch_add(u64::try_from(keep).unwrap_or(0), Ordering::Relaxed);
        Ok(if keep == bytes.len() { Kept::All } else { Kept::Part(keep) })
    }

    /// The execution is over: what was kept goes to the disk. Returns the digest and size of what is kept.
    ///
    /// # Errors
    /// When the file cannot be read or synced.
    pub fn finish(&self, execution: ExecutionId, stream: Stream) -> Result<(Digest, u64), Error> {
        let path = self.path(execution, stream);
        let mut file = match std::fs::File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok((sha256(&[]), 0)),
            Err(error) => return Err(Error::file(&path)(error)),
        };
        file.sync_all().map_err(Error::file(&path))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(Error::file(&path))?;
        Ok((sha256(&bytes), u64::try_from(bytes.len()).unwrap_or(u64::MAX)))
    }

    /// A part of a stream, at most `length` bytes; empty behind its end, none if nothing is kept.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(
        &self,
        execution: ExecutionId,
        stream: Stream,
        offset: u64,
        length: usize,
    ) -> Result<Option<Vec<u8>>, Error> {
        let path = self.path(execution, stream);
        let mut file = match std::fs::File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::file(&path)(error)),
        };
        file.seek(SeekFrom::Start(offset)).map_err(Error::file(&path))?;
        let mut bytes = Vec::new();
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        file.take(length).read_to_end(&mut bytes).map_err(Error::file(&path))?;
        Ok(Some(bytes))
    }

    /// A whole stream that was kept whole, checked against the digest in the ledger.
    ///
    /// # Errors
    /// [`Error::Content`] if it is not what it was.
    pub fn read_checked(
        &self,
        execution: ExecutionId,
        stream: Stream,
        digest: &Digest,
    ) -> Result<Option<Vec<u8>>, Error> {
        match self.read(execution, stream, 0, usize::MAX)? {
            Some(bytes) if sha256(&bytes) == *digest => Ok(Some(bytes)),
            Some(_) => Err(Error::Content(self.path(execution, stream))),
            None => Ok(None),
        }
    }

    /// Removes an execution's output.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub fn remove(&self, execution: ExecutionId) -> Result<(), Error> {
        for stream in [Stream::Stdout, Stream::Stderr] {
            let path = self.path(execution, stream);
            let size = size(&path)?;
            match std::fs::remove_file(&path) {
                Ok(()) => {
                    self.used.fetch_sub(size.min(self.used()), Ordering::Relaxed);
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(Error::file(&path)(error)),
            }
        }
        Ok(())
    }

    /// Removes the output of every execution that `keep` says no to; returns how many files that were.
    ///
    /// # Errors
    /// When a file cannot be removed, or `keep` fails.
    pub fn sweep(&self, keep: &mut dyn FnMut(ExecutionId) -> Result<bool, Error>) -> Result<u64, Error> {
        let mut gone = Vec::new();
        self.each(&mut |execution, _| {
            if !keep(execution)? {
                gone.push(execution);
            }
            Ok(())
        })?;
        gone.iter().try_for_each(|execution| self.remove(*execution))?;
        Ok(u64::try_from(gone.len()).unwrap_or(u64::MAX))
    }

    fn path(&self, execution: ExecutionId, stream: Stream) -> PathBuf {
        let name = match stream {
            Stream::Stdout => "out",
            Stream::Stderr => "err",
        };
        self.directory.join(format!("{execution}.{name}"))
    }

    fn each(&self, visit: &mut dyn FnMut(ExecutionId, &Path) -> Result<(), Error>) -> Result<(), Error> {
        for entry in std::fs::read_dir(&self.directory).map_err(Error::file(&self.directory))? {
            let path = entry.map_err(Error::file(&self.directory))?.path();
            let execution =
                path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok());
            if let Some(execution) = execution {
                visit(execution, &path)?;
            }
        }
        Ok(())
    }
}

fn size(path: &Path) -> Result<u64, Error> {
    match std::fs::metadata(path) {
        Ok(metadata) => Ok(metadata.len()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
        Err(error) => Err(Error::file(path)(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const X: ExecutionId = ExecutionId::from_bytes([7; 16]);
    const Y: ExecutionId = ExecutionId::from_bytes([8; 16]);

    #[test]
    fn output_grows_up_to_its_limit_and_is_read_while_it_grows() {
        let data = tempfile::tempdir().unwrap();
        let outputs = Outputs::open(data.path(), 1_000).unwrap();
        assert_eq!(outputs.read(X, Stream::Stdout, 0, 9).unwrap(), None);
        assert_eq!(outputs.append(X, Stream::Stdout, b"hello ", 10).unwrap(), Kept::All);
        assert_eq!(outputs.read(X, Stream::Stdout, 3, 9).unwrap().unwrap(), b"lo ");
        assert_eq!(outputs.append(X, Stream::Stdout, b"world", 10).unwrap(), Kept::Part(4));
        assert_eq!(outputs.finish(X, Stream::Stdout).unwrap(), (sha256(b"hello worl"), 10));
        assert_eq!(outputs.finish(X, Stream::Stderr).unwrap(), (sha256(b""), 0));
    }

    #[test]
    fn the_quota_holds_over_all_and_comes_back_with_removal() {
        let data = tempfile::tempdir().unwrap();
        let outputs = Outputs::open(data.path(), 8).unwrap();
        assert_eq!(outputs.append(X, Stream::Stdout, b"12345", 100).unwrap(), Kept::All);
        assert_eq!(outputs.append(Y, Stream::Stderr, b"12345", 100).unwrap(), Kept::Part(3));
        assert_eq!(Outputs::open(data.path(), 8).unwrap().used(), 8);
        assert_eq!(outputs.sweep(&mut |execution| Ok(execution == Y)).unwrap(), 1);
        assert_eq!(outputs.used(), 3);
        assert_eq!(outputs.read(X, Stream::Stdout, 0, 9).unwrap(), None);
    }

    #[test]
    fn a_changed_output_is_found_out() {
        let data = tempfile::tempdir().unwrap();
        let outputs = Outputs::open(data.path(), 100).unwrap();
        assert_eq!(outputs.append(X, Stream::Stdout, b"truth", 100).unwrap(), Kept::All);
        let (digest, _) = outputs.finish(X, Stream::Stdout).unwrap();
        assert!(outputs.read_checked(X, Stream::Stdout, &digest).unwrap().is_some());
        std::fs::write(data.path().join("output").join(format!("{X}.out")), b"lies!").unwrap();
        assert!(matches!(outputs.read_checked(X, Stream::Stdout, &digest), Err(Error::Content(_))));
    }
}
