//! What one account may put into the ledger within an hour (G22).

use super::{At, Judge};
use crate::{
    Rule,
    form::{Basis, Body},
};

const HOUR: u64 = 3_600_000_000;

impl Judge {
    /// Counts what the hour has a budget for.
    pub(super) fn budget(&mut self, at: &At<'_>, body: &Body) {
        let (kind, most) = match body {
            Body::ExecutionStarted(body) if matches!(body.basis, Basis::Preview { .. }) => ('p', 60),
            Body::RequestSubmitted(_) => ('r', 120),
            Body::QuestionAsked(_) | Body::QuestionAnswered(_) => ('m', 60),
            Body::CredentialSet(_) | Body::TokenIssued(_) => ('c', 60),
            _ => return,
        };
        let Some(person) = at.actor.person() else { return };
        let since = at.time.saturating_sub_unsigned(HOUR);
        let times = self.world.spent.entry((person, kind)).or_default();
        times.retain(|time| *time > since);
        times.push(at.time);
        let within = times.len() <= most;
        self.check(within, Rule::G22, "it is more than one account may do within an hour");
    }
}
