//! Stopping, revoking, and reading what was recorded.

use super::spec::{optional, text};
use super::{Builtin, Call};
use crate::command::Execute;
use crate::decide::request_stop;
use crate::event::Body;
use crate::event::body::{AuditRead, AuthorizationEnd, Ends};
use crate::execution::{Basis, StopReason};
use crate::id::{ExecutionId, RequestNumber};
use crate::obligation::Settled;
use crate::refusal::{Code, Refusal};
use crate::tasks;

pub(super) static TASKS: &[Builtin] = &[
    Builtin {
        name: "Stop-Execution",
        title: "Stop an execution",
        description: "Stops one run of anybody's.",
        control_plane: false,
        only_removes_power: true,
        only_reads: false,
        parameters: || vec![text("Identity", "Execution (id)", 64)],
        effect: |call| {
            let execution: ExecutionId = call.parse("Identity")?;
            if !call.draft.state.executions.contains_key(&execution) {
                return Err(Refusal::new(Code::NotFound, "There is no such running execution."));
            }
            let takes_back = call.draft.state.executions.get(&execution);
            if takes_back.is_some_and(|running| matches!(running.basis, Basis::TakeBack { .. })) {
                return Err(Refusal::new(Code::Forbidden, "What takes power back is stopped by nobody."));
            }
            request_stop(call.draft, execution, StopReason::Asked);
            Ok(())
        },
    },
    Builtin {
        name: "Complete-TakeBack",
        title: "Say that something was taken back",
        description: "Ends the tries to take back what an execution did: its target is gone for good, or somebody took it back by hand. Whatever is left of it stays.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || vec![text("Identity", "Execution (id)", 64), text("Reason", "Why", 1_000)],
        effect: |call| {
            let execution: ExecutionId = call.parse("Identity")?;
            call.need("Reason")?;
            let number = call.draft.state.obligations.get(&execution).map(|owed| owed.number);
            let number =
                number.ok_or_else(|| Refusal::new(Code::NotFound, "Nothing of it is to be taken back."))?;
            call.draft.push(Some(number), Body::ObligationSettled { execution, how: Settled::ByHand });
            Ok(())
        },
    },
    Builtin {
        name: "Stop-AllExecutions",
        title: "Emergency stop",
        description: "Stops everything that runs on targets and ends every authorization. Requests that wait go on waiting.",
        control_plane: false,
        only_removes_power: true,
        only_reads: false,
        parameters: Vec::new,
        effect: stop_all,
    },
    Builtin {
        name: "Revoke-ElevatedAccessAuthorization",
        title: "Revoke an authorization",
        description: "Ends an authorization of anybody's and stops what runs under it.",
        control_plane: false,
        only_removes_power: true,
        only_reads: false,
        parameters: || vec![text("RequestId", "Request number", 20), text("Comment", "Why", 1_000)],
        effect: |call| {
            let number: RequestNumber = call.parse("RequestId")?;
            if !call.draft.state.authorizations.contains_key(&number) {
                return Err(Refusal::new(Code::NotFound, format!("{number} is not a live authorization.")));
            }
            let comment = call.need("Comment")?;
            let comment = call.draft.seal(&comment)?;
            call.draft.end_authorization(number, AuthorizationEnd::Revoked, Some(comment));
            Ok(())
        },
    },
    Builtin {
        name: "Get-ExecutionOutput",
        title: "Read an execution's output",
        description: "Reads what somebody's run printed. Each reading is recorded.",
        control_plane: false,
        only_removes_power: false,
        only_reads: true,
        parameters: || vec![text("Identity", "Execution (id)", 64)],
        effect: |call| {
            let execution: ExecutionId = call.parse("Identity")?;
            if !call.draft.facts.executions.contains(&execution) {
                return Err(Refusal::new(Code::NotFound, "There is no such execution."));
            }
            call.draft.push(
                None,
                Body::AuditWasRead { what: AuditRead::Output, filter: None, execution: Some(execution) },
            );
            Ok(())
        },
    },
    Builtin {
        name: "Search-AuditLog",
        title: "Search the audit log",
        description: "Reads audit events without sensitive values. Each search is recorded.",
        control_plane: false,
        only_removes_power: false,
        only_reads: true,
        parameters: || vec![optional(text("Filter", "Filter", 2_000))],
        effect: |call| read(call, AuditRead::Search),
    },
    Builtin {
        name: "Export-AuditLog",
        title: "Export the audit log",
        description: "Streams audit events without a cap. Each export is recorded.",
        control_plane: false,
        only_removes_power: false,
        only_reads: true,
        parameters: || vec![optional(text("Filter", "Filter", 2_000))],
        effect: |call| read(call, AuditRead::Export),
    },
];

/// That it was read, and by which filter: none is everything.
fn read(call: &mut Call<'_, '_>, what: AuditRead) -> Result<(), Refusal> {
    let filter = call.text("Filter").map(|filter| call.draft.seal(&filter)).transpose()?;
    call.draft.push(None, Body::AuditWasRead { what, filter, execution: None });
    Ok(())
}

/// The execution whose output is to be read: that there was one has to be looked up before it is decided.
pub(crate) fn output_of(execute: &Execute) -> Option<ExecutionId> {
    let reads = tasks::is_countersign(&execute.task)
        && execute.task.local().as_str().eq_ignore_ascii_case("Get-ExecutionOutput");
    let mut values = execute.values.iter().filter(|_| reads);
    let named = values.find(|(name, _)| name.as_str().eq_ignore_ascii_case("Identity"));
    named.and_then(|(_, value)| value.as_str()?.parse().ok())
}

fn stop_all(call: &mut Call<'_, '_>) -> Result<(), Refusal> {
    let state = &call.draft.state;
    let authorizations =
        state.authorizations.keys().map(|number| (*number, AuthorizationEnd::EmergencyStop)).collect();
    let running: Vec<ExecutionId> = state
        .executions
        .iter()
        .filter(|(_, execution)| !crate::tasks::is_countersign(&execution.task))
        .filter(|(_, execution)| !matches!(execution.basis, Basis::TakeBack { .. }))
        .map(|(id, _)| *id)
        .collect();
    call.draft.change(Body::AllStopped { ends: Ends { authorizations, ..Ends::default() } })?;
    for execution in running {
        request_stop(call.draft, execution, StopReason::EmergencyStop);
    }
    Ok(())
}
