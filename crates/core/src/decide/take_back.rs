//! Taking back what ends with its authorization: Countersign's own executions, begun by timers until one succeeds.

use super::Draft;
use crate::event::Body;
use crate::execution::{Basis, Outcome};
use crate::gate::take_back;
use crate::id::{ExecutionId, RequestNumber};
use crate::obligation::{self, ALARM_AFTER, Settled};
use crate::refusal::Refusal;

/// Says that a run is to be taken back, in the command that starts it: durable before the runner hears of it.
pub(super) fn incur(draft: &mut Draft<'_>, execution: ExecutionId, number: Option<RequestNumber>) {
    let lasting = draft.state.executions.get(&execution).is_some_and(|run| {
        let task = draft.state.catalog.tasks.get(&run.task);
        task.is_some_and(|task| task.definition.take_back.is_some())
    });
    if let Some(number) = number.filter(|_| lasting) {
        draft.push(Some(number), Body::ObligationIncurred { execution, number });
    }
}

/// Begins what is due, where its values are at hand.
pub(super) fn due(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let wanted: Vec<ExecutionId> = draft.facts.values.keys().copied().collect();
    for of in wanted {
        let Some(allowed) = take_back::judge(&draft.state, of, draft.now) else { continue };
        let Some(owed) = draft.state.obligations.get(&of).cloned() else { continue };
        let Some(values) = draft.facts.values.get(&of) else { continue };
        let values = draft.seal(values)?;
        let execution = ExecutionId::from_bytes(draft.random());
        draft.push_system(
            Some(owed.number),
            Body::ExecutionStarted {
                execution,
                person: owed.person,
                task: owed.task,
                version: owed.version,
                digest: owed.digest,
                basis: allowed.basis().clone(),
                values,
                matched: None,
                deadline: allowed.deadline(),
                would_refuse: None,
            },
        );
    }
    Ok(())
}

/// After an outcome: what succeeded in taking back, and what never began, is settled.
pub(super) fn settle(
    draft: &mut Draft<'_>,
    execution: ExecutionId,
    basis: Option<&Basis>,
    outcome: &Outcome,
) {
    if let Some(Basis::TakeBack { of }) = basis
        && let Some(owed) = draft.state.obligations.get(of)
        && *outcome != Outcome::Succeeded
        && (owed.tries == ALARM_AFTER || owed.tries.is_multiple_of(ALARM_AFTER * 24))
    {
        let (number, tries) = (owed.number, owed.tries);
        draft.push(Some(number), Body::TakeBackOverdue { execution: *of, tries });
    }
    let (of, how) = match basis {
        Some(Basis::TakeBack { of }) if *outcome == Outcome::Succeeded => (*of, Settled::TakenBack),
        _ if obligation::never_began(outcome) => (execution, Settled::NothingDone),
        _ => return,
    };
    if let Some(number) = draft.state.obligations.get(&of).map(|owed| owed.number) {
        draft.push(Some(number), Body::ObligationSettled { execution: of, how });
    }
}
