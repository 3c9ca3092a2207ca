//! What one account may put into the ledger within an hour (G22): what costs nothing to send must not fill the ledger or
//! other people's mailboxes. Refusals are bounded in front of the writer; open requests, tokens and rates elsewhere.

use imbl::Vector;
use serde::{Deserialize, Serialize};

use crate::event::Body;
use crate::execution::Basis;
use crate::id::PersonId;
use crate::refusal::{Code, Refusal};
use crate::state::State;
use crate::time::{Instant, Span};

const HOUR: Span = Span::from_hours(1);

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Budget {
    /// Requests sent, whatever became of them.
    Requests,
    /// Questions and answers about requests.
    Messages,
    /// Passwords and second factors set, and tokens made.
    Credentials,
    /// Previews of requests.
    Previews,
}

impl Budget {
    /// How many in an hour.
    #[must_use]
    pub const fn most(self) -> usize {
        match self {
            Self::Requests => 120,
            Self::Messages | Self::Credentials | Self::Previews => 60,
        }
    }

    /// What an event takes from, if anything.
    #[must_use]
    pub const fn of(body: &Body) -> Option<Self> {
        match body {
            Body::RequestSubmitted { .. } => Some(Self::Requests),
            Body::QuestionAsked { .. } | Body::QuestionAnswered { .. } => Some(Self::Messages),
            Body::ExecutionStarted { basis: Basis::Preview { .. }, .. } => Some(Self::Previews),
            Body::CredentialSet { .. } | Body::TokenIssued { .. } => Some(Self::Credentials),
            _ => None,
        }
    }
}

/// When an account took from each budget, as far back as it matters.
pub type Spent = imbl::OrdMap<Budget, Vector<Instant>>;

/// Whether an account may take one more.
///
/// # Errors
/// The refusal, if the hour's budget is spent.
pub(crate) fn left(state: &State, now: Instant, person: PersonId, budget: Budget) -> Result<(), Refusal> {
    let since = now.minus(HOUR);
    let times = state.spent.get(&person).and_then(|spent| spent.get(&budget));
    let recent = times.into_iter().flatten().filter(|time| **time > since).count();
    if recent < budget.most() {
        return Ok(());
    }
    let what = match budget {
        Budget::Requests => "requests",
        Budget::Messages => "questions and answers",
        Budget::Credentials => "new credentials",
        Budget::Previews => "previews",
    };
    Err(Refusal::new(Code::RateLimited, format!("That is too many {what} within an hour."))
        .governed_by(format!("at most {} {what} an hour for one account", budget.most()))
        .hint("wait, and send it again"))
}

/// Takes note of one; forgets what no longer counts.
pub(crate) fn spend(state: &mut State, person: PersonId, budget: Budget, at: Instant) {
    let since = at.minus(HOUR);
    let times = state.spent.entry(person).or_default().entry(budget).or_default();
    while times.front().is_some_and(|time| *time <= since) || times.len() >= budget.most() {
        times.pop_front();
    }
    times.push_back(at);
}
