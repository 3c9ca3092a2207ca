//! Content kept by its digest: uploaded files.

use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use countersign_core::id::PersonId;
use countersign_core::time::Instant;
use countersign_ledger::hash::{Digest, sha256};

use super::private;
use crate::error::Error;
use crate::ops::{Ops, UploadRow};
use crate::store::Reader;

/// Whose blob it is, and when it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upload {
    /// Who uploaded it.
    pub person: PersonId,
    /// When.
    pub now: Instant,
    /// Bytes this person may have uploaded without an event that cites them.
    pub each: u64,
    /// Bytes all people together may.
    pub all: u64,
}

/// The blobs' directory. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Blobs {
    directory: PathBuf,
    ops: Ops,
    /// Held from counting to adding: two uploads at once must not both find the last room of a quota.
    admitting: Arc<Mutex<()>>,
}

impl Blobs {
    /// Opens the blobs of a data directory.
    ///
    /// # Errors
    /// When the directory cannot be made.
    pub fn open(data: &Path, ops: Ops) -> Result<Self, Error> {
        let directory = data.join("blobs");
        private::directory(&directory)?;
        Ok(Self { directory, ops, admitting: Arc::default() })
    }

    /// Keeps an upload until an event cites it, or [`sweep`](Self::sweep) removes it. The same content is kept once.
    ///
    /// # Errors
    /// [`Error::Quota`] if too much is uploaded already.
    pub fn upload(&self, bytes: &[u8], upload: &Upload) -> Result<Digest, Error> {
        let digest = sha256(bytes);
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if size == 0 {
            return Err(Error::Usage("an empty file"));
        }
        self.admit(digest, size, upload)?;
        if !self.path(&digest).exists() {
            self.write(&digest, bytes)?;
        }
        Ok(digest)
    }

    fn admit(&self, digest: Digest, size: u64, upload: &Upload) -> Result<(), Error> {
        let _one_at_a_time = self.admitting.lock().unwrap_or_else(PoisonError::into_inner);
        if self.ops.upload(&digest, upload.person)?.is_some() {
            return Ok(());
        }
        let over = |used: u64, quota: u64| used.saturating_add(size) > quota;
        if over(self.ops.uploaded(Some(upload.person))?, upload.each)
            || over(self.ops.uploaded(None)?, upload.all)
        {
            return Err(Error::Quota);
        }
        self.ops.put_upload(&UploadRow { digest, person: upload.person, size, created: upload.now })
    }

    /// The size of a blob that this person uploaded; none if they did not, or if it is gone.
    ///
    /// # Errors
    /// When the tables or the file cannot be read.
    pub fn uploaded_by(&self, digest: &Digest, person: PersonId) -> Result<Option<u64>, Error> {
        if self.ops.upload(digest, person)?.is_none() {
            return Ok(None);
        }
        let path = self.path(digest);
        match std::fs::metadata(&path) {
            Ok(found) => Ok(Some(found.len())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::file(&path)(error)),
        }
    }

    /// A blob, checked against its digest.
    ///
    /// # Errors
    /// [`Error::Content`] if it is not what it was.
    pub fn read(&self, digest: &Digest) -> Result<Option<Vec<u8>>, Error> {
        let path = self.path(digest);
        match std::fs::read(&path) {
            Ok(bytes) if sha256(&bytes) == *digest => Ok(Some(bytes)),
            Ok(_) => Err(Error::Content(path)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::file(&path)(error)),
        }
    }

    /// Removes uploads from before this instant that no event cites; those that one does count no longer as uploads.
    /// Returns how many were removed.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub fn sweep(&self, reader: &dyn Reader, before: Instant) -> Result<u64, Error> {
        let mut removed = 0;
        for upload in self.ops.uploads_before(before)? {
            if reader.cites(&upload.digest)? {
                self.ops.settle_upload(&upload)?;
                continue;
            }
            if self.ops.uploaders(&upload.digest)? == 1 {
                self.remove(&upload.digest)?;
                removed += 1;
            }
            self.ops.forget_upload(&upload)?;
        }
        Ok(removed)
    }

    /// Removes a blob: for erasure.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub fn remove(&self, digest: &Digest) -> Result<(), Error> {
        let path = self.path(digest);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::file(&path)(error)),
            _ => Ok(()),
        }
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        self.directory.join(digest.to_string())
    }

    /// Under another name first: a blob is there whole or not at all.
    fn write(&self, digest: &Digest, bytes: &[u8]) -> Result<(), Error> {
        let path = self.path(digest);
        // Each writer has a name of its own: the same content sent twice at once is written twice, and whole.
        static WRITERS: AtomicU64 = AtomicU64::new(0);
        let writer = WRITERS.fetch_add(1, Ordering::Relaxed);
        let part = self.directory.join(format!("{digest}.{}-{writer}.part", std::process::id()));
        let whole =
            whole(&part, bytes).and_then(|()| std::fs::rename(&part, &path).map_err(Error::file(&path)));
        if whole.is_err() {
            let _ = std::fs::remove_file(&part);
        }
        whole?;
        let directory = std::fs::File::open(&self.directory).map_err(Error::file(&self.directory))?;
        directory.sync_all().map_err(Error::file(&self.directory))
    }
}

/// Writes a file and waits until the disk has it.
fn whole(part: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut options = std::fs::OpenOptions::new();
    let options = options.create(true).write(true).truncate(true).mode(0o600);
    let mut file = options.open(part).map_err(Error::file(part))?;
    file.write_all(bytes).map_err(Error::file(part))?;
    file.sync_all().map_err(Error::file(part))
}
