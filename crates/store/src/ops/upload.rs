//! Uploaded blobs that no event cites yet: whose they are, and since when.

use countersign_core::id::PersonId;
use countersign_core::time::Instant;
use countersign_core::view::Column;
use countersign_ledger::hash::Digest;

use super::Ops;
use crate::error::Error;
use crate::sql::db::{Take, Values, first, int, rows, value};

/// An upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UploadRow {
    /// The blob.
    pub(crate) digest: Digest,
    /// Who uploaded it.
    pub(crate) person: PersonId,
    /// Its size in bytes.
    pub(crate) size: u64,
    /// When it came.
    pub(crate) created: Instant,
}

const ALL: &str = "SELECT digest, person, size, created FROM upload";

impl Ops {
    pub(crate) fn put_upload(&self, upload: &UploadRow) -> Result<(), Error> {
        let sql = "INSERT INTO upload (digest, person, size, created) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
        let cells =
            [upload.digest.to_cell(), upload.person.to_cell(), int(upload.size), upload.created.to_cell()];
        self.write(|db| db.execute(sql, &cells).map(|_| ()))
    }

    pub(crate) fn upload(&self, digest: &Digest) -> Result<Option<UploadRow>, Error> {
        let sql = format!("{ALL} WHERE digest = ?1");
        self.read(|db| first(db, &sql, &[digest.to_cell()])?.map(upload).transpose())
    }

    /// Bytes that a person, or everybody, has uploaded and nobody cites yet.
    pub(crate) fn uploaded(&self, person: Option<PersonId>) -> Result<u64, Error> {
        let sum = "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM upload";
        self.read(|db| {
            Ok(match person {
                Some(person) => value(db, &format!("{sum} WHERE person = ?1"), &[person.to_cell()])?,
                None => value(db, sum, &[])?,
            }
            .unwrap_or(0))
        })
    }

    pub(crate) fn uploads_before(&self, before: Instant) -> Result<Vec<UploadRow>, Error> {
        let sql = format!("{ALL} WHERE created < ?1 ORDER BY created LIMIT 1000");
        self.read(|db| rows(db, &sql, &[before.to_cell()])?.into_iter().map(upload).collect())
    }

    pub(crate) fn forget_upload(&self, digest: &Digest) -> Result<(), Error> {
        self.write(|db| db.execute("DELETE FROM upload WHERE digest = ?1", &[digest.to_cell()]).map(|_| ()))
    }
}

fn upload(row: Values) -> Result<UploadRow, Error> {
    let mut row = Take::new(row);
    Ok(UploadRow { digest: row.take()?, person: row.take()?, size: row.take()?, created: row.take()? })
}
