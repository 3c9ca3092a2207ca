//! Erasing what is no longer to be kept.

use super::spec::{person, text};
use super::{Builtin, Call};
use crate::command::Execute;
use crate::erasure::{self, Subject};
use crate::event::Body;
use crate::refusal::Refusal;
use crate::tasks;

pub(super) static TASKS: &[Builtin] = &[
    Builtin {
        name: "Clear-PersonalData",
        title: "Erase a person's personal data",
        description: "Erases the name, sign-in name and address of a disabled person, once the retention is over. What \
                      was erased can't be brought back. Backups, exports and mails that were sent keep theirs.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || vec![person("Identity", "Person")],
        effect: |call| {
            let person = call.person("Identity")?;
            erase(call, Subject::Person { person })
        },
    },
    Builtin {
        name: "Clear-RequestData",
        title: "Erase the values of a request that is over",
        description: "Erases statement, reason, comments, questions, and values and output of the runs of a request, once \
                      the retention is over. What was erased can't be compared any more. Backups, exports and mails \
                      that were sent keep theirs.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || vec![text("RequestId", "Request number", 20)],
        effect: |call| {
            let number = call.parse("RequestId")?;
            erase(call, Subject::Request { number })
        },
    },
];

fn erase(call: &mut Call<'_, '_>, subject: Subject) -> Result<(), Refusal> {
    let over = call.draft.facts.over.get(&subject).copied();
    erasure::may_go(&call.draft.state, subject, over, call.draft.now)?;
    call.draft.push(None, Body::Erased { subject });
    Ok(())
}

/// What a run would erase: since when that is over has to be looked up before it is decided.
pub(crate) fn subject(execute: &Execute) -> Option<Subject> {
    if !tasks::is_countersign(&execute.task) {
        return None;
    }
    let given = |name: &str| {
        let mut values = execute.values.iter();
        values
            .find(|(known, _)| known.as_str().eq_ignore_ascii_case(name))
            .and_then(|(_, value)| value.as_str())
    };
    match execute.task.local().as_str().to_lowercase().as_str() {
        "clear-personaldata" => Some(Subject::Person { person: given("Identity")?.parse().ok()? }),
        "clear-requestdata" => Some(Subject::Request { number: given("RequestId")?.parse().ok()? }),
        _ => None,
    }
}
