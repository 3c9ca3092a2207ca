//! Who uploaded which blob. Until an event cites it it counts against quotas and vanishes; afterwards it is only known
//! that this person had it.

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
    /// Its size in bytes; 0 once an event cites it.
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

    pub(crate) fn upload(&self, digest: &Digest, person: PersonId) -> Result<Option<UploadRow>, Error> {
        let sql = format!("{ALL} WHERE digest = ?1 AND person = ?2");
        self.read(|db| first(db, &sql, &[digest.to_cell(), person.to_cell()])?.map(upload).transpose())
    }

    /// How many people have uploaded it.
    pub(crate) fn uploaders(&self, digest: &Digest) -> Result<u64, Error> {
        let sql = "SELECT count(*) FROM upload WHERE digest = ?1";
        self.read(|db| Ok(value(db, sql, &[digest.to_cell()])?.unwrap_or(0)))
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

    /// Uploads that no event was known to cite.
    pub(crate) fn uploads_before(&self, before: Instant) -> Result<Vec<UploadRow>, Error> {
        let sql = format!("{ALL} WHERE created < ?1 AND size > 0 ORDER BY created LIMIT 1000");
        self.read(|db| rows(db, &sql, &[before.to_cell()])?.into_iter().map(upload).collect())
    }

    /// An event cites it: it counts against no quota any more.
    pub(crate) fn settle_upload(&self, upload: &UploadRow) -> Result<(), Error> {
        let sql = "UPDATE upload SET size = 0 WHERE digest = ?1 AND person = ?2";
        self.write(|db| db.execute(sql, &[upload.digest.to_cell(), upload.person.to_cell()]).map(|_| ()))
    }

    pub(crate) fn forget_upload(&self, upload: &UploadRow) -> Result<(), Error> {
        let sql = "DELETE FROM upload WHERE digest = ?1 AND person = ?2";
        self.write(|db| db.execute(sql, &[upload.digest.to_cell(), upload.person.to_cell()]).map(|_| ()))
    }
}

fn upload(row: Values) -> Result<UploadRow, Error> {
    let mut row = Take::new(row);
    Ok(UploadRow { digest: row.take()?, person: row.take()?, size: row.take()?, created: row.take()? })
}
