//! The rules once more, without the code that decides by them: reads a copy of a ledger and judges it.
//!
//! An auditor, or an administrator after a break-in, has a copy of the database, or an export of it, and asks two
//! questions: is this the ledger, and is everything in it justified? [`verify()`] answers both in one walk.
//!
//! # What it proves
//!
//! * *The copy is whole*: every entry is hashed into the tree of RFC 6962 and compared with the batch rows, frontiers
//!   and tiles beside it. Something changed, removed, doubled or out of order is found, and named where tiles allow it.
//! * *The copy is the one that was*: it begins with every checkpoint that was kept elsewhere ([`KeptCheckpoint`]).
//!   This is the only proof against somebody who could rewrite everything, keys included.
//! * *Only the server appended*: each batch has a seal by a key outside the database ([`Seals`]).
//! * *Values belong to their entries*: what lies beside the ledger opens what the ledger committed to.
//! * *A restored copy was gone on with only where that was accepted*: each epoch cites the head that was served before,
//!   names who accepted it and the key that signs from there on; no kept checkpoint shows more to be lost than it cites.
//! * *Every grant and start is justified* by what came before it: votes by distinct eligible people on the statement
//!   that was granted, windows and uses, coverage by digest, policies in force, memberships without a break, the
//!   control plane behind its approvals, and what a change ended stays ended. Findings name the rule ([`Rule`]).
//! * *What ran is what was approved*: values and statements are compared, as long as neither is erased.
//!
//! # What it cannot prove
//!
//! [`Report::unproven`] says it for the copy at hand. In general:
//!
//! * Without a checkpoint kept elsewhere, that this is the only ledger.
//! * Without the seal key, that nobody appended who could write the database; after the newest kept checkpoint only
//!   seals speak.
//! * That a person was who the ledger says: sign-in, second factors and sessions are the server's word.
//! * That a target did what the runner reported, or that nothing was done there past Countersign.
//! * Erased values, and definitions of Countersign's own tasks, which are in the program and not in the ledger.
//! * Snapshots: their digests cover a form that only the server knows.
//! * Who was told what.
//!
//! The rules here are written apart from the code that decides, and share no types with it: a fault there does not
//! hide itself here.

mod export;
mod form;
mod options;
mod report;
mod rules;
mod source;
mod structure;
mod verify;

pub use export::{Export, ExportError};
pub use options::{KeptCheckpoint, Options, Progress, Seals};
pub use report::{Class, Counts, EpochOpening, Finding, Report, Rule};
pub use rules::{OwnTask, own_tasks};
pub use source::{Holds, Source, StoredBatch, StoredEntry, StoredValue};
pub use verify::verify;
