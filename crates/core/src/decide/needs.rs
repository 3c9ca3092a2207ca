//! Which facts a command needs.

use crate::actor::Principal;
use crate::command::Command;
use crate::facts::Needs;
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
                        && authorization.asked.covers.contains_key(&execute.task)
                        && execute.cite.is_none_or(|cite| cite == *number)
                });
                needs
                    .statements
                    .extend(mine.map(|(number, authorization)| (number, authorization.asked.statement)));
            }
            needs.upns.extend(crate::builtin::upns(execute));
            needs.files = super::files::needed(state, principal, &super::files::in_values(&execute.values));
            needs.over = crate::builtin::erasure::subject(execute);
        }
        Command::Approve(approve) => {
            if approve.less.is_some()
                && let Some(request) = state.requests.get(&approve.number)
            {
                needs.statements.insert(approve.number, request.asked.statement);
            }
        }
        Command::Submit(submit) => {
            needs.files =
                super::files::needed(state, principal, &super::files::in_limits(&submit.constraints));
            needs.same = principal.person().and_then(|person| super::submit::same(person, submit));
        }
        Command::Tick => {
            for adoption in super::adopt::possible(state) {
                needs.statements.extend(adoption.statement);
                needs.values.extend(adoption.values);
            }
        }
        _ => {}
    }
    needs
}
