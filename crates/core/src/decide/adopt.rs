//! Taking over what runs under an authorization that ends, by the one that extends it (G13).

use countersign_ledger::hash::Digest;

use super::Draft;
use crate::event::Body;
use crate::gate::{self, Ask};
use crate::id::{ExecutionId, RequestNumber};
use crate::parameter::Values;
use crate::state::State;
use crate::tasks;
use crate::time::{Instant, Span};

/// How long before the old end it happens: the runner ends a run at its deadline by itself, and has to hear of the later
/// one in time.
const AHEAD: Span = Span::from_secs(15);

/// A run, and an extension of the authorization that it runs under.
pub(super) struct Possible {
    execution: ExecutionId,
    number: RequestNumber,
    /// When it is time.
    pub(super) due: Instant,
    /// What has to be looked up: the extension's statement, and the run's values.
    pub(super) statement: Option<(RequestNumber, Digest)>,
    pub(super) values: Option<(ExecutionId, Digest)>,
}

/// Every run whose authorization a live one extends. Whether it is covered by that one, the gate says.
pub(super) fn possible(state: &State) -> Vec<Possible> {
    let mut all = Vec::new();
    for (execution, running) in &state.executions {
        let old = running.authorization().filter(|_| running.stopping.is_none() && !running.unknown);
        let Some((old, ending)) = old.and_then(|old| Some((old, state.authorizations.get(&old)?))) else {
            continue;
        };
        let extensions = state.authorizations.of(ending.asked.requester);
        all.extend(extensions.filter(|(_, live)| live.asked.extends == Some(old)).map(|(number, live)| {
            Possible {
                execution: *execution,
                number,
                due: ending.until.minus(AHEAD),
                statement: Some((number, live.asked.statement)),
                values: Some((*execution, running.values.commitment())),
            }
        }));
    }
    all
}

/// Takes over what is due and covered. What is not runs to the end that it has.
pub(super) fn adopt(draft: &mut Draft<'_>) {
    for possible in possible(&draft.state) {
        if possible.due <= draft.now {
            take_over(draft, possible.execution, possible.number);
        }
    }
}

fn take_over(draft: &mut Draft<'_>, execution: ExecutionId, number: RequestNumber) {
    let Some(running) = draft.state.executions.get(&execution).cloned() else { return };
    // One of two extensions was first.
    let still =
        draft.state.authorizations.get(&number).filter(|live| live.asked.extends == running.authorization());
    let until = still.map(|live| live.until);
    let found = tasks::find(&draft.state, &running.task).filter(|found| found.digest == running.digest);
    let (Some(until), Some(found)) = (until, found) else { return };
    let recorded = draft.facts.values.get(&execution);
    let Some(values) = recorded.and_then(|json| Values::recorded(&found.definition.parameters, json)) else {
        return;
    };
    let ask = Ask {
        principal: draft.principal,
        task: &running.task,
        values: &values,
        cite: Some(number),
        statements: &draft.facts.statements,
        now: draft.now,
    };
    if gate::adopts(&draft.state, &found, &ask, number, running.person).is_err() {
        return;
    }
    let longest = running.started.plus(found.definition.limits.max_run_time);
    let deadline = if running.run_to_end { longest } else { longest.min(until) }.max(running.deadline);
    if deadline <= draft.now {
        return;
    }
    draft.push_system(Some(number), Body::ExecutionAdopted { execution, number, deadline });
}
