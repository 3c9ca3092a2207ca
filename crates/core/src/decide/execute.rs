//! Starting, stopping and ending executions.

use std::collections::BTreeMap;

use super::{Draft, Reply};
use crate::actor::{Authentication, Scope};
use crate::command::Execute;
use crate::event::Body;
use crate::event::body::OutputDigest;
use crate::execution::{Basis, Outcome, StopReason};
use crate::gate::{self, Ask};
use crate::id::ExecutionId;
use crate::name::COUNTERSIGN;
use crate::parameter;
use crate::refusal::{Code, Refusal};
use crate::tasks;

pub(super) fn execute(draft: &mut Draft<'_>, execute: &Execute) -> Result<Reply, Refusal> {
    let person = super::rest::person(draft)?;
    let found = tasks::find(&draft.state, &execute.task).ok_or_else(|| {
        Refusal::new(Code::UnknownTask, format!("There is no task `{}`.", execute.task))
            .hint("countersign task list")
    })?;
    let values =
        parameter::check(&found.definition.parameters, execute.values.clone()).map_err(|faults| {
            super::submit::invalid_parameters(&faults)
                .hint(format!("countersign task show '{}'", execute.task))
        })?;
    let ask = Ask {
        principal: draft.principal,
        task: &execute.task,
        values: &values,
        cite: execute.cite,
        statements: &draft.facts.statements,
        now: draft.now,
    };
    let allowed = gate::judge(&draft.state, &found, &ask)?;
    super::files::own(draft, person, &super::files::in_values(&execute.values))?;
    let execution = ExecutionId::from_bytes(draft.random());
    let number = match allowed.basis() {
        crate::execution::Basis::Authorization { number } => Some(*number),
        _ => None,
    };
    let sealed = draft.seal(&values.to_json())?;
    draft.push(
        number,
        Body::ExecutionStarted {
            execution,
            person,
            task: found.definition.name.clone(),
            version: found.version,
            digest: found.digest,
            basis: allowed.basis().clone(),
            values: sealed,
            matched: allowed.matched(),
            deadline: allowed.deadline(),
            would_refuse: allowed.would_refuse(),
        },
    );
    super::take_back::incur(draft, execution, number);
    let Some(builtin) = found.builtin else {
        return Ok(Reply::Started { execution, deadline: allowed.deadline() });
    };
    let mut made = BTreeMap::new();
    builtin.run(draft, &values, execute.secret, &mut made)?;
    draft.push(number, Body::ExecutionFinished { execution, outcome: Outcome::Succeeded, output: None });
    Ok(Reply::Ran { execution, made })
}

/// Stops a run of one's own. Others' runs are stopped by tasks.
pub(super) fn stop(draft: &mut Draft<'_>, execution: ExecutionId) -> Result<Reply, Refusal> {
    let person = super::rest::person(draft)?;
    super::rest::scope(draft, Scope::Execute)?;
    let Some(running) = draft.state.executions.get(&execution) else { return Err(super::rest::not_found()) };
    if running.person != person && !draft.state.directory.owns(person, running.person) {
        return Err(super::rest::not_found());
    }
    if matches!(running.basis, Basis::TakeBack { .. }) {
        return Err(Refusal::new(Code::Forbidden, "What takes power back is stopped by nobody."));
    }
    request_stop(draft, execution, StopReason::Asked);
    Ok(Reply::Done)
}

/// Asks for the end of a run, once.
pub(crate) fn request_stop(draft: &mut Draft<'_>, execution: ExecutionId, why: StopReason) {
    let running = draft.state.executions.get(&execution);
    // What takes power back ends by itself or by its time.
    let running = running
        .filter(|running| why == StopReason::Deadline || !matches!(running.basis, Basis::TakeBack { .. }));
    if let Some(running) = running.filter(|running| running.stopping.is_none() && !running.unknown) {
        let number = running.request();
        draft.push(number, Body::StopRequested { execution, why });
    }
}

/// Accepts that an outcome stays unknown: by who ran it, or an approver of its authorization (G6).
pub(super) fn acknowledge(draft: &mut Draft<'_>, execution: ExecutionId) -> Result<Reply, Refusal> {
    let person = super::rest::person(draft)?;
    if matches!(draft.principal.authentication(), Authentication::Token { .. }) {
        return Err(Refusal::new(Code::TokenNotAllowed, "Only people acknowledge an unknown outcome."));
    }
    let Some(running) = draft.state.executions.get(&execution) else { return Err(super::rest::not_found()) };
    let number = running.authorization();
    let approver = number
        .and_then(|number| draft.state.authorizations.get(&number))
        .is_some_and(|authorization| authorization.asked.votes.contains_key(&person));
    let owner = draft.state.directory.owns(person, running.person);
    if running.person != person && !owner && !approver {
        return Err(super::rest::not_found());
    }
    if !running.unknown {
        return Err(Refusal::new(Code::AlreadyRunning, "It is still running; stop it instead.")
            .hint(format!("countersign execution stop {execution}")));
    }
    draft.push(number, Body::ExecutionAcknowledged { execution });
    Ok(Reply::Done)
}

/// The runner's word. A late truth about an unknown outcome is a report of its own.
pub(super) fn finish(
    draft: &mut Draft<'_>,
    execution: ExecutionId,
    outcome: &Outcome,
    output: Option<OutputDigest>,
) -> Result<Reply, Refusal> {
    if !matches!(draft.principal.authentication(), Authentication::System) {
        return Err(Refusal::new(Code::Forbidden, "Only the runner reports outcomes."));
    }
    // That somebody accepted not to know does not make the truth unwelcome.
    let basis = draft.state.executions.get(&execution).map(|running| running.basis.clone());
    let known = draft.state.executions.get(&execution).map(|running| (running.request(), running.unknown));
    let accepted = || draft.state.acknowledged.get(&execution).map(|number| (*number, true));
    let Some((number, unknown)) = known.or_else(accepted) else { return Err(super::rest::not_found()) };
    let told = outcome;
    let outcome = outcome.clone();
    let body = match (unknown, outcome.is_unknown()) {
        (true, true) => return Err(Refusal::new(Code::AlreadyFinal, "Its outcome is unknown already.")),
        (true, false) => Body::ExecutionReported { execution, outcome, output },
        (false, _) => Body::ExecutionFinished { execution, outcome, output },
    };
    draft.push(number, body);
    super::take_back::settle(draft, execution, basis.as_ref(), told);
    Ok(Reply::Done)
}

/// Whether a workload is Countersign's own, whose tasks the runner never hears of.
#[must_use]
pub fn runs_in_engine(workload: &str) -> bool {
    workload.eq_ignore_ascii_case(COUNTERSIGN)
}
