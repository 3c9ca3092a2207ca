//! The trait of a store: what the single writer and the readers need.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use countersign_core::event::body::Credential;
use countersign_core::id::{PersonId, RequestNumber};
use countersign_core::sealing::SealedValue;
use countersign_core::time::Instant;
use countersign_core::view::rows::person;
use countersign_core::view::{Cell, Column, EventRow, Noun, Typed};
use countersign_ledger::hash::Digest;
use countersign_ledger::seal::Seal;

use crate::batch::Batch;
use crate::error::{AppendError, Error};
use crate::query::{Condition, Cursor, Direction, EventFilter, ListQuery, Page, Visibility};

/// What the last batch says about the ledger. Its seal is for the caller to check.
#[derive(Debug, Clone)]
pub struct Head {
    /// The position of the last batch's first entry.
    pub first_seq: u64,
    /// Number of entries.
    pub size: u64,
    /// The root over them.
    pub root: Digest,
    /// The frontier's bytes.
    pub frontier: Vec<u8>,
    /// The seal.
    pub seal: Seal,
}

/// A stored entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// Its position.
    pub seq: u64,
    /// The leaf.
    pub bytes: Vec<u8>,
}

/// What became of a command with an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The command's digest: another command with the same key is refused.
    pub command: Digest,
    /// The first event it caused.
    pub first_seq: u64,
    /// What was answered, if that is still kept.
    pub reply: Option<String>,
}

/// An earlier denial of the same request (G12).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// The request that was denied.
    pub number: RequestNumber,
    /// When.
    pub decided: Instant,
}

/// A stored state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The size of the ledger it stands for.
    pub size: u64,
    /// The version of the state's shape.
    pub schema: u32,
    /// SHA-256 of the bytes. Compare it with the `SnapshotTaken` event, and with the bytes.
    pub digest: Digest,
    /// The state.
    pub bytes: Vec<u8>,
}

/// What a rebuild found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// Entries read.
    pub entries: u64,
    /// Tables that were not what the ledger gives. They are now.
    pub differed: Vec<&'static str>,
}

/// A row of the outbox: an event and an audience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Its place in the outbox; later rows have higher ones.
    pub id: u64,
    /// The event.
    pub seq: u64,
    /// Who is to be told what, as JSON.
    pub audience: String,
}

/// The facts that both the writer and readers look up.
///
/// Everything here is checked by the caller before it decides anything: a table can mislead a list, never authorize.
pub trait Lookup {
    /// The last batch; none in an empty ledger.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn head(&mut self) -> Result<Option<Head>, Error>;

    /// The sealed values that still exist, in no particular order. Call `holds` on each.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn sealed(&mut self, commitments: &[Digest]) -> Result<Vec<SealedValue>, Error>;

    /// The person with this sign-in name, whatever its case. Compare with the state.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn person_by_upn(&mut self, upn: &str) -> Result<Option<PersonId>, Error>;

    /// What became of the command with this key.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn idempotent(&mut self, key: &Digest) -> Result<Option<Done>, Error>;

    /// The latest denial of the same request.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn denied_before(&mut self, same: &Digest) -> Result<Option<Denial>, Error>;

    /// A person's credential. It counts only if its keyed digest is the one in the ledger.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn secret(&mut self, person: PersonId, credential: Credential) -> Result<Option<String>, Error>;
}

/// The store as its single writer sees it.
pub trait Store: Lookup + Send {
    /// Commits a batch: all of it or nothing.
    ///
    /// # Errors
    /// See [`AppendError`]: the caller must tell definite failures from unknown ones.
    fn append(&mut self, batch: &Batch) -> Result<(), AppendError>;

    /// Readers with connections of their own.
    fn reader(&self) -> Arc<dyn Reader>;

    /// Keeps a snapshot; older ones but one are dropped.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn put_snapshot(&mut self, snapshot: &Snapshot) -> Result<(), Error>;

    /// The newest snapshot of this shape.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn latest_snapshot(&mut self, schema: u32) -> Result<Option<Snapshot>, Error>;

    /// Throws the derived tables away, builds them from the ledger, and says which were different.
    ///
    /// # Errors
    /// When the store cannot be read or written; then nothing changed.
    fn rebuild(&mut self, progress: &mut dyn FnMut(u64)) -> Result<Rebuilt, Error>;

    /// Forgets replies to commands before this event, and outbox rows up to this one.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn trim(&mut self, replies_before: u64, outbox_through: u64) -> Result<(), Error>;
}

/// What [`Reader::export`] calls for each line: the row and the leaf.
pub type ExportLine<'a> = dyn FnMut(&EventRow, &[u8]) -> ControlFlow<()> + 'a;

/// The store as everybody else sees it. Cheap to share; every call reads one consistent state.
pub trait Reader: Send + Sync {
    /// The last batch.
    ///
    /// # Errors
    /// When the store cannot be read; so for all methods here.
    fn head(&self) -> Result<Option<Head>, Error>;
    /// Entries from a position on, as they were stored.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn entries(&self, from: u64, limit: usize) -> Result<Vec<StoredEntry>, Error>;
    /// Batches from the one that begins at `from` or later, without entries.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn batches(&self, from: u64, limit: usize) -> Result<Vec<Head>, Error>;
    /// A full tile.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn tile(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>, Error>;
    /// The sealed values that still exist.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn sealed(&self, commitments: &[Digest]) -> Result<Vec<SealedValue>, Error>;
    /// The person with this sign-in name, whatever its case.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn person_by_upn(&self, upn: &str) -> Result<Option<PersonId>, Error>;
    /// What became of a command with an idempotency key.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn idempotent(&self, key: &Digest) -> Result<Option<Done>, Error>;
    /// A person's credential.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn secret(&self, person: PersonId, credential: Credential) -> Result<Option<String>, Error>;
    /// Lines of the audit log.
    ///
    /// # Errors
    /// When the store cannot be read, or the cursor is not one.
    fn events(
        &self,
        filter: &EventFilter,
        visibility: &Visibility,
        direction: Direction,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<EventRow>, Error>;
    /// How many lines of the audit log match in each of so many equal parts of the time between two instants; the
    /// first counts, the second doesn't. A part is as many microseconds long as make `parts` of them hold it all.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn histogram(
        &self,
        filter: &EventFilter,
        visibility: &Visibility,
        between: (Instant, Instant),
        parts: usize,
    ) -> Result<Vec<u64>, Error>;
    /// All lines of the audit log that match, oldest first, up to the ledger's size at the beginning; in pages, so
    /// that memory stays flat and no long transaction holds anything up. Returns how many lines were handed over.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn export(
        &self,
        filter: &EventFilter,
        visibility: &Visibility,
        line: &mut ExportLine<'_>,
    ) -> Result<u64, Error>;
    /// A page of a list, untyped; see [`list`].
    ///
    /// # Errors
    /// When the store cannot be read, or the query names a column that is not there.
    fn page(&self, noun: &'static Noun, query: &ListQuery) -> Result<Page<Vec<Cell>>, Error>;
    /// One row by its key, untyped; see [`get`].
    ///
    /// # Errors
    /// When the store cannot be read.
    fn row(&self, noun: &'static Noun, key: &[Cell]) -> Result<Option<Vec<Cell>>, Error>;
    /// Outbox rows behind this place.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn outbox(&self, after: u64, limit: usize) -> Result<Vec<Pending>, Error>;
    /// Whether some event cites this blob.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn cites(&self, blob: &Digest) -> Result<bool, Error>;
}

/// A page of a typed list.
///
/// # Errors
/// When the store cannot be read, or the query names a column that is not there.
pub fn list<T: Typed>(reader: &dyn Reader, query: &ListQuery) -> Result<Page<T>, Error> {
    let page = reader.page(T::NOUN, query)?;
    let rows = page.rows.into_iter().map(T::from_cells).collect::<Result<_, _>>()?;
    Ok(Page { rows, next: page.next, size: page.size })
}

/// A typed row by its key, in the order of the noun's key columns.
///
/// # Errors
/// When the store cannot be read.
pub fn get<T: Typed>(reader: &dyn Reader, key: &[Cell]) -> Result<Option<T>, Error> {
    reader.row(T::NOUN, key)?.map(T::from_cells).transpose().map_err(Error::from)
}

/// People by their ids, for showing names; ids that are not there are left out.
///
/// # Errors
/// When the store cannot be read.
pub fn people(reader: &dyn Reader, ids: &[PersonId]) -> Result<BTreeMap<PersonId, person::Row>, Error> {
    let mut found = BTreeMap::new();
    for ids in ids.chunks(500) {
        let ids = Condition::OneOf("id", ids.iter().map(Column::to_cell).collect());
        let query = ListQuery { limit: 500, ..ListQuery::all() }.with(ids);
        found.extend(list::<person::Row>(reader, &query)?.rows.into_iter().map(|row| (row.id, row)));
    }
    Ok(found)
}
