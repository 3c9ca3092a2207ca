//! What entries look like, read by named fields. Written apart from the code that writes them, so that a fault there
//! is not repeated here.

mod body;
mod catalog;
pub(crate) mod covers;
mod ends;
mod envelope;
mod id;
mod name;
mod policy;
mod request;

pub(crate) use body::*;
pub(crate) use catalog::{Definition, SecondFactor, Settings, Unprotected};
pub(crate) use covers::{Covers, List};
pub(crate) use ends::Ends;
pub(crate) use envelope::{Actor, Cause, Envelope, Unreadable};
pub(crate) use id::{Execution, Group, Invitation, Member, Person, Policy, Token};
pub(crate) use name::Name;
pub(crate) use policy::{
    Approval, Approvers, Assurance, Limits, Rate, Requesters, Stage, Target, Terms, Window,
};
pub(crate) use request::Submitted;
