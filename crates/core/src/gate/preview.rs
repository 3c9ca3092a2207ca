//! The gate's answer to a preview: may this person see, now, what this request would do?
//!
//! It is never a way to run the task: what is executed is the read-only definition that the task has for it, or the
//! target's own plan; running and rolling back needs everything that a run needs.

use std::collections::BTreeMap;

use countersign_ledger::hash::Digest;

use super::{Allowed, covers as allows};
use crate::actor::Principal;
use crate::covers::{self, Covered};
use crate::execution::{Basis, PreviewHow};
use crate::id::{PersonId, RequestNumber};
use crate::parameter::{self, Given, Values};
use crate::policy::Target;
use crate::refusal::{Code, Refusal};
use crate::request::{Asked, Authorization};
use crate::standing;
use crate::state::State;
use crate::statement::Statement;
use crate::task::{Preview, TaskDefinition};
use crate::tasks::{self, Found};
use crate::time::{Instant, Span};

/// The longest that a preview may take, whatever its task may.
pub const LONGEST: Span = Span::from_secs(60);
/// How many may run at once, of all requests together: they share the runner with what was approved.
const MOST_AT_ONCE: usize = 16;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// Who, and how they were authenticated.
    pub principal: &'a Principal,
    /// The person behind it.
    pub person: PersonId,
    /// Which request.
    pub number: RequestNumber,
    /// The statement to be shown.
    pub statement: Digest,
    /// Values, for who executes under a live authorization; empty for what the statement says.
    pub values: &'a Given,
    /// Statements checked against their digests.
    pub statements: &'a BTreeMap<RequestNumber, Statement>,
    /// The moment of the decision.
    pub now: Instant,
}

/// A preview that may be made.
#[derive(Debug, Clone)]
#[must_use]
pub struct Shown {
    /// The gate's word.
    pub allowed: Allowed,
    /// What is shown.
    pub found: Found,
    /// With which values.
    pub values: Values,
}

/// Judges one preview.
///
/// # Errors
/// A refusal that says what is missing. Who has nothing to do with the request learns nothing of it.
pub fn judge(state: &State, ask: &Ask<'_>) -> Result<Shown, Refusal> {
    let number = ask.number;
    let (asked, live) = concerned(state, ask)?;
    if asked.statement != ask.statement {
        return Err(Refusal::new(
            Code::StatementChanged,
            format!("{number} says something else by now: look at it again."),
        )
        .hint(format!("countersign request show {number}")));
    }
    let ends = stands(state, ask, live)?;
    if state.organization.clock_suspect {
        return Err(Refusal::new(
            Code::ClockSuspect,
            "The server's clock is suspect; nothing starts on a target until it is accepted.",
        ));
    }
    let found = task(state, asked)?;
    room(state, number)?;
    let statement = ask.statements.get(&number).filter(|statement| statement.number == number);
    let statement = statement.ok_or_else(|| {
        Refusal::new(Code::EvidenceMissing, format!("The statement of {number} is missing or was altered."))
    })?;
    let executes = live.filter(|_| ask.person == asked.holder());
    let values = values(ask, &found.definition, statement, executes)?;
    let how = how(state, ask, &found, executes, &values)?;
    let longest = found.definition.limits.max_run_time.min(LONGEST);
    let allowed = Allowed {
        basis: Basis::Preview { number, statement: asked.statement, how },
        deadline: ask.now.plus(longest).min(ends),
        matched: Some(asked.statement),
        would_refuse: None,
    };
    Ok(Shown { allowed, found, values })
}

/// The request, for its requester and its approvers alone (G19).
fn concerned<'a>(state: &'a State, ask: &Ask<'_>) -> Result<(&'a Asked, Option<&'a Authorization>), Refusal> {
    let live = state.authorizations.get(&ask.number);
    let asked = state.asked(ask.number).filter(|asked| standing::may_preview(state, asked, ask.person));
    asked
        .map(|asked| (asked, live))
        .ok_or_else(|| Refusal::new(Code::NotFound, "There is no such object, or you may not know of it."))
}

/// Until when the request or the authorization lasts, if it still stands at all.
fn stands(state: &State, ask: &Ask<'_>, live: Option<&Authorization>) -> Result<Instant, Refusal> {
    let number = ask.number;
    let over = |how: String| Refusal::new(Code::AlreadyFinal, format!("{number} is over ({how})."));
    let ends = match (live, state.requests.get(&number)) {
        (Some(live), _) => {
            standing::authorization(state, live).map_err(|how| over(format!("{how:?}")))?;
            live.until
        }
        (None, Some(pending)) => {
            standing::request(state, pending).map_err(|how| over(format!("{how:?}")))?;
            pending.expires
        }
        (None, None) => return Err(over("unknown".to_owned())),
    };
    if ask.now >= ends { Err(over(format!("since {ends}"))) } else { Ok(ends) }
}

/// The task as it was asked for, if there is a way to show it.
fn task(state: &State, asked: &Asked) -> Result<Found, Refusal> {
    let none = |message: String| Err(Refusal::new(Code::PreviewNotPossible, message));
    let Target::Task(name) = &asked.target else {
        return none(format!("{} is a set of tasks; a preview shows a single one.", asked.target));
    };
    let Some(found) = tasks::find(state, name) else {
        return Err(Refusal::new(Code::DefinitionChanged, format!("`{name}` is gone.")));
    };
    match state.covered(asked, name) {
        Covered::As(digest) if digest == found.digest => {}
        Covered::Unknown => return Err(covers::unreadable(asked)),
        Covered::As(_) | Covered::No => {
            return Err(Refusal::new(
                Code::DefinitionChanged,
                format!("`{name}` was redefined since it was asked for."),
            ));
        }
    }
    if found.builtin.is_some() || found.definition.preview.is_none() || found.definition.arbitrary_code {
        return none(format!("`{name}` has no preview."));
    }
    Ok(found)
}

/// One at a time of a request, and few in all.
fn room(state: &State, number: RequestNumber) -> Result<(), Refusal> {
    let (mut all, mut same) = (0_usize, 0_usize);
    for execution in state.executions.values().filter(|execution| !execution.unknown) {
        if let Basis::Preview { number: other, .. } = execution.basis {
            all += 1;
            same += usize::from(other == number);
        }
    }
    if same > 0 {
        return Err(Refusal::new(Code::AlreadyRunning, format!("A preview of {number} is being made."))
            .hint(format!("countersign request show {number}")));
    }
    if all >= MOST_AT_ONCE {
        return Err(Refusal::new(Code::RateLimited, "As many previews as may be at once are being made.")
            .governed_by(format!("at most {MOST_AT_ONCE} previews at once"))
            .hint("wait, and ask for it again"));
    }
    Ok(())
}

/// What the statement leaves no choice about; or what the person who may run it gives.
fn values(
    ask: &Ask<'_>,
    task: &TaskDefinition,
    statement: &Statement,
    executes: Option<&Authorization>,
) -> Result<Values, Refusal> {
    if ask.values.iter().next().is_none() {
        let definite = statement.constraints.definite(&task.parameters);
        let unknown: Vec<String> = definite
            .open
            .iter()
            .filter(|name| task.preview_uses(name))
            .map(|name| format!("`{name}`"))
            .collect();
        if unknown.is_empty() {
            return Ok(definite.values);
        }
        let refusal = Refusal::new(
            Code::PreviewNotPossible,
            format!(
                "{} may have more than one value within {}: there is nothing definite to show.",
                unknown.join(", "),
                ask.number
            ),
        );
        return Err(match executes {
            Some(_) => refusal.hint("give the values that you would run it with"),
            None => refusal,
        });
    }
    if executes.is_none() {
        return Err(Refusal::new(
            Code::ParameterNotApproved,
            "Before it is approved a preview shows what the request says; no values are given.",
        ));
    }
    let values = parameter::check(&task.parameters, ask.values.clone())
        .map_err(|faults| crate::decide::invalid_parameters(&faults))?;
    if values.secret_names().next().is_some() {
        return Err(Refusal::new(Code::PreviewNotPossible, "A preview takes no secrets."));
    }
    statement.constraints.allows(&task.parameters, &values).map_err(|mismatches| {
        let names: Vec<String> = mismatches.iter().map(ToString::to_string).collect();
        Refusal::new(Code::ParameterNotApproved, format!("Not what was approved: {}.", names.join("; ")))
            .governed_by(ask.number.to_string())
    })?;
    Ok(values)
}

/// Running and rolling back is for who may run it now; everybody else sees the plan.
fn how(
    state: &State,
    ask: &Ask<'_>,
    found: &Found,
    executes: Option<&Authorization>,
    values: &Values,
) -> Result<PreviewHow, Refusal> {
    match (&found.definition.preview, executes) {
        (Some(Preview::Definition(_)), _) => Ok(PreviewHow::Declared),
        (Some(Preview::Rollback), Some(live)) => {
            let run = super::Ask {
                principal: ask.principal,
                task: &found.definition.name,
                values,
                cite: Some(ask.number),
                statements: ask.statements,
                now: ask.now,
            };
            allows(state, found, &run, ask.number, live)?;
            Ok(PreviewHow::Rollback)
        }
        (Some(Preview::Plan | Preview::Rollback), _) => Ok(PreviewHow::Plan),
        (None, _) => Err(Refusal::new(Code::PreviewNotPossible, "The task has no preview.")),
    }
}
