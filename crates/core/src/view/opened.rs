//! Which sealed values an event refers to, and their opened forms.

use countersign_ledger::hash::Digest;
use countersign_ledger::json;
use countersign_ledger::sealed::Sealed;

use crate::event::{Body, Event};
use crate::sealing::SealedValue;

/// The sealed values behind an event: what to have at hand for [`view`](super::view), and what an erasure removes.
#[must_use]
pub fn commitments(event: &Event) -> Vec<Digest> {
    let mut found = Vec::new();
    match &event.body {
        Body::SystemAccountAdded { reason, .. } => found.push(reason.commitment()),
        Body::PersonCreated { upn, display_name, mail, .. }
        | Body::PersonChanged { upn, display_name, mail, .. } => {
            found.extend([upn, display_name, mail].map(Sealed::commitment));
        }
        Body::GroupCreated { mail, .. } => found.push(mail.commitment()),
        Body::TokenIssued { label, .. } => found.push(label.commitment()),
        Body::RequestSubmitted { statement, reason, ticket, .. } => {
            found.extend([*statement, reason.commitment()]);
            found.extend(ticket.map(|ticket| ticket.commitment()));
        }
        Body::VoteCast { comment, .. } => found.push(comment.commitment()),
        Body::RequestNarrowed { to, .. } => found.push(*to),
        Body::RequestEnded { comment, .. } | Body::AuthorizationEnded { comment, .. } => {
            found.extend(comment.map(|comment| comment.commitment()));
        }
        Body::QuestionAsked { text, .. } | Body::QuestionAnswered { text, .. } => {
            found.push(text.commitment())
        }
        Body::ExecutionStarted { values, .. } => found.push(values.commitment()),
        Body::AuditWasRead { filter, .. } => found.extend(filter.map(|filter| filter.commitment())),
        _ => {}
    }
    found
}

/// Opened values by their commitments.
pub(super) struct Opened<'a> {
    values: Vec<&'a SealedValue>,
}

impl<'a> Opened<'a> {
    pub(super) fn new(sealed: &'a [SealedValue]) -> Self {
        Self { values: sealed.iter().filter(|value| value.holds()).collect() }
    }

    pub(super) fn bytes(&self, commitment: Digest) -> Option<&'a [u8]> {
        self.values.iter().find(|value| value.commitment == commitment).map(|value| value.value.as_slice())
    }

    pub(super) fn text(&self, sealed: &Sealed<String>) -> Option<String> {
        json::from_canonical(self.bytes(sealed.commitment())?).ok()
    }

    pub(super) fn json(&self, commitment: Digest) -> Option<serde_json::Value> {
        serde_json::from_slice(self.bytes(commitment)?).ok()
    }
}
