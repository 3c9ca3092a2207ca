//! Requests of the past under the policies of now: what a change would have meant for what people did ask.
//!
//! Judged by the rules of a request, as far as they hang on the policy and the directory. Left out is what hangs on the
//! moment (how many requests were open, how many were granted lately, how far ahead the start lay) and the number of
//! uses, which a request that names none takes from its policy.

use crate::decide::{duration, fillable, opens_at, stages, ticket};
use crate::id::PolicyId;
use crate::policy::{Approval, Target};
use crate::refusal::{Code, Refusal};
use crate::standing;
use crate::state::State;
use crate::statement::Statement;
use crate::tasks::{self, Governing};

/// What would become of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// No policy covers what it asks for: there would be nothing to ask.
    NotNeeded,
    /// It would be approved without a person.
    AtOnce,
    /// So many people would decide.
    Decided {
        /// How many must approve.
        people: usize,
    },
    /// It would be refused.
    Refused {
        /// Why.
        code: Code,
    },
}

/// The policy that would govern a request, if there is exactly one.
#[must_use]
pub fn governing(state: &State, statement: &Statement) -> Option<PolicyId> {
    tasks::chosen(state, &statement.target, statement.role.as_ref()).map(|governing| governing.policy)
}

/// What would become of a request if it were sent as things are in `state`.
#[must_use]
pub fn judge(state: &State, statement: &Statement) -> Verdict {
    match tasks::chosen(state, &statement.target, statement.role.as_ref()) {
        Some(governing) => match refused(state, statement, &governing) {
            Err(refusal) => Verdict::Refused { code: refusal.code },
            Ok(()) if governing.terms.approval == Approval::Auto => Verdict::AtOnce,
            Ok(()) => {
                let seats = governing.terms.approval.stages().iter().map(|stage| usize::from(stage.seats));
                Verdict::Decided { people: seats.sum() }
            }
        },
        None if tasks::governing(state, &statement.target).is_empty() => Verdict::NotNeeded,
        None => Verdict::Refused { code: Code::InvalidInput },
    }
}

fn refused(state: &State, statement: &Statement, governing: &Governing) -> Result<(), Refusal> {
    if !standing::may_ask(state, statement.requester, &statement.target, governing) {
        return Err(Refusal::new(Code::NotEligibleToRequest, "The requester may not ask."));
    }
    if let Target::Task(name) = &statement.target {
        let found = tasks::find(state, name)
            .ok_or_else(|| Refusal::new(Code::UnknownTask, format!("There is no task `{name}`.")))?;
        if !tasks::is_strong_enough(&found, &governing.terms) {
            return Err(Refusal::new(Code::PolicyTooWeak, "The task asks for a stronger policy."));
        }
        statement.constraints.check(&found.definition.parameters, &governing.terms.bind).map_err(|_| {
            Refusal::new(Code::ParameterInvalid, "The request leaves open what the policy binds.")
        })?;
    }
    duration(state, Some(statement.duration), governing)?;
    if let Some(start) = statement.start {
        opens_at(start, governing)?;
    }
    ticket(statement.ticket.as_deref(), governing)?;
    fillable(state, statement.requester, &stages(state, governing)?)
}
