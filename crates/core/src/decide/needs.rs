//! Which facts a command needs.

use crate::actor::Principal;
use crate::command::Command;
use crate::covers::Covered;
use crate::facts::Needs;
use crate::obligation;
use crate::state::State;

/// What to fetch before deciding. A pure function of state and command.
#[must_use]
pub fn needs(state: &State, principal: &Principal, command: &Command) -> Needs {
    let mut needs = Needs::default();
    match command {
        Command::Execute(execute) => {
            if let Some(person) = principal.person() {
                let mine = state.authorizations.of(person).filter(|(number, authorization)| {
                    authorization.asked.holder() == person
                        && state.covered(&authorization.asked, &execute.task) != Covered::No
                        && execute.cite.is_none_or(|cite| cite == *number)
                });
                needs
                    .statements
                    .extend(mine.map(|(number, authorization)| (number, authorization.asked.statement)));
            }
            needs.upns.extend(crate::builtin::upns(execute));
            needs.files = super::files::needed(state, principal, &super::files::in_values(&execute.values));
            needs.over = crate::builtin::erasure::subject(execute);
            needs.execution = crate::builtin::executions::output_of(execute);
        }
        Command::Approve(approve) => {
            if approve.less.is_some()
                && let Some(request) = state.requests.get(&approve.number)
            {
                needs.statements.insert(approve.number, request.asked.statement);
            }
        }
        Command::Preview(preview) => {
            if let Some(asked) = state.asked(preview.number) {
                needs.statements.insert(preview.number, asked.statement);
            }
            needs.files = super::files::needed(state, principal, &super::files::in_values(&preview.values));
        }
        Command::Tick => {
            let due =
                state.obligations.iter().filter(|(of, owed)| obligation::due(state, **of, owed).is_some());
            let most = super::tick::TAKEN_BACK_AT_ONCE;
            needs.values.extend(due.take(most).map(|(of, owed)| (*of, owed.values.commitment())));
            for adoption in super::adopt::possible(state) {
                needs.statements.extend(adoption.statement);
                needs.values.extend(adoption.values);
            }
        }
        Command::Submit(submit) => {
            needs.files =
                super::files::needed(state, principal, &super::files::in_limits(&submit.constraints));
            needs.same = principal.person().and_then(|person| super::submit::same(person, submit));
        }
        _ => {}
    }
    needs
}
