//! What is the same in every SQL database: the statements, and the order in which they run.

pub(crate) mod append;
pub(crate) mod db;
pub(crate) mod erase;
pub(crate) mod events;
pub(crate) mod facts;
pub(crate) mod index;
pub(crate) mod ledger;
pub(crate) mod list;
pub(crate) mod migrate;
pub(crate) mod pending;
pub(crate) mod reader;
pub(crate) mod rebuild;
pub(crate) mod search;
pub(crate) mod symbols;
pub(crate) mod writer;
