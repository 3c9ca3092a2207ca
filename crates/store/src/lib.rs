//! Where the ledger and its tables live.
//!
//! [`Store`] is what the single writer needs, [`Reader`] what everybody else does; [`sqlite::open`] gives both for a
//! data directory. Tables are of four classes ([`schema::Class`]); those that are derived are made by
//! `countersign_core::view` alone and can be thrown away. A store decides nothing.

mod batch;
#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
mod error;
mod files;
mod ops;
#[cfg(feature = "postgres")]
pub mod postgres;
mod query;
pub mod schema;
mod sql;
pub mod sqlite;
mod store;

pub use batch::{Batch, BlobCitation, Entry, OutboxRow, Reply, SecretWrite, TileRow};
pub use error::{AppendError, Error};
pub use files::{Blobs, Kept, Outputs, Reserve, Stream, Upload};
pub use ops::{Delivery, DeliveryState, Failure, Ops, Recipient, Session, Step, Throttle};
pub use query::{Condition, Cursor, Direction, EventFilter, ListQuery, Page, Visibility};
pub use store::{
    Denial, Done, ExportLine, Head, Lookup, Pending, Reader, Rebuilt, Snapshot, Store, StoredEntry, get,
    list, people,
};
