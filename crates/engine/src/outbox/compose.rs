//! From an event and a kind of notice to what is said.

mod about_request;
mod others;

use countersign_core::audience::Kind;
use countersign_core::event::Event;
use countersign_core::state::State;
use countersign_core::time::Instant;
use countersign_notify::Notice;
use countersign_store::{Error, Reader};

use crate::handle::EngineHandle;
use crate::writer::OutboxEntry;

/// Where the facts come from.
pub(super) struct Sources<'a> {
    pub(super) engine: &'a EngineHandle,
    pub(super) state: &'a State,
    pub(super) reader: &'a dyn Reader,
    /// The event that is told.
    pub(super) event: &'a Event,
    pub(super) now: Instant,
}

/// What came of it.
pub(super) enum Composed {
    Notice(Box<Notice>),
    /// Nothing is to be said any more.
    NotNeeded,
    /// It cannot be said, for want of this.
    Missing(&'static str),
}

impl Composed {
    fn of(notice: Notice) -> Self {
        Self::Notice(Box::new(notice))
    }
}

/// Makes a notice.
pub(super) fn compose(sources: &Sources<'_>, entry: &OutboxEntry) -> Result<Composed, Error> {
    match entry.notice.kind {
        Kind::RequestPending
        | Kind::RequestReminder
        | Kind::NoLongerNeeded
        | Kind::Cancelled
        | Kind::Approved
        | Kind::Narrowed
        | Kind::Denied
        | Kind::Expired
        | Kind::RequestEnded
        | Kind::QuestionAsked
        | Kind::QuestionAnswered
        | Kind::AuthorizationEnding
        | Kind::AuthorizationEnded => about_request::compose(sources, &entry.notice),
        Kind::ExecutionEnded => others::execution(sources),
        Kind::ControlPlaneAct => others::act(sources),
        Kind::PrivilegedAccess => Ok(others::switched(sources)),
        Kind::RecoveryUsed => Ok(others::recovery(sources)),
        Kind::Invitation => Ok(others::invitation(sources, entry.link.as_ref())),
        Kind::LinkPrinted => Ok(others::link_printed(sources)),
        Kind::CredentialChanged => others::credential(sources),
        Kind::Alarm => Ok(others::alarm(sources)),
    }
}
