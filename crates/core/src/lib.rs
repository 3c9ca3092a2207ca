//! The pure core: vocabulary, gate, decide, apply, view.
//!
//! No I/O, no clock, no randomness, no async; iteration in a fixed order. The same input gives the same bytes on
//! every machine.

pub mod actor;
pub mod apply;
pub mod audience;
pub mod budget;
pub mod builtin;
pub mod catalog;
pub mod command;
pub mod covers;
pub mod decide;
pub mod directory;
pub mod epoch;
pub mod erasure;
pub mod event;
pub mod execution;
pub mod explain;
pub mod facts;
pub mod gate;
pub mod hindsight;
pub mod id;
pub mod live;
pub mod name;
pub mod obligation;
pub mod organization;
pub mod parameter;
pub mod policy;
pub mod refusal;
pub mod request;
pub mod sealing;
pub mod shortage;
pub mod standing;
pub mod standing_access;
pub mod state;
pub mod statement;
pub mod task;
pub mod tasks;
pub mod time;
mod touched;
pub mod trial;
pub mod view;
pub mod warnings;

/// The examples of the contributors' guide, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../../CONTRIBUTING.md")]
pub struct Contributing;
