//! Typed parameters: what a task takes ([`ParameterSpec`]), what a run gives ([`Given`] becomes [`Values`]) and
//! what a request limits it to ([`Constraints`]).
//!
//! Every value has one canonical form, made when it is read: what approvers were shown, what is compared and what
//! is executed are the same bytes. A secret is not a [`Value`]: no constraint, statement or digest can hold one.

mod address;
mod check;
mod constraint;
mod decimal;
mod define;
mod definite;
mod duration;
mod fault;
mod files;
mod form;
mod given;
mod kind;
mod pattern;
mod present;
mod read;
mod secret;
mod sets;
mod size;
mod spec;
mod text;
mod value;
mod values;

pub use address::Address;
pub use check::check;
pub use constraint::{Constraint, Constraints, Mismatch, MismatchReason};
pub use decimal::Decimal;
pub(crate) use define::for_people;
pub use define::validate;
pub use definite::{Definite, recorded};
pub use duration::read as read_duration;
pub use fault::{Fault, FaultCode};
pub use files::cited;
pub use form::{ConstraintForm, ConstraintForms};
pub use given::Given;
pub use kind::{IdentityKind, ParameterKind};
pub use pattern::{Pattern, PatternError};
pub use present::{Presented, present};
pub use secret::Secret;
pub use size::Size;
pub use spec::{Binding, Condition, Effect, ParameterSpec};
pub use value::{FileValue, Guid, Identity, Value};
pub use values::Values;

/// The longest string, in bytes of UTF-8: 64 KiB.
pub const MAX_STRING: usize = 64 * 1024;
/// The most items in a list, or in all lists of a table together.
pub const MAX_ITEMS: usize = 1_000;
/// The most that all values of one run may be together, in bytes of canonical JSON: 256 KiB.
pub const MAX_TOTAL: usize = 256 * 1024;
/// The most parameters of one task.
pub const MAX_PARAMETERS: usize = 128;
/// The largest integer either way: what every JSON reader keeps exactly, 2^53 − 1 (RFC 8785 section 3.2.2.3).
pub const MAX_INTEGER: i64 = (1 << 53) - 1;
