//! An administrative act tried before it is done (G14): what it would end, and what would hold after it. Nothing is
//! recorded, and no gate is asked: who may see a trial is the caller's matter.

use std::collections::BTreeMap;

use crate::actor::Principal;
use crate::command::Execute;
use crate::decide::{Draft, invalid_parameters};
use crate::event::body::Ends;
use crate::event::{Body, Event};
use crate::facts::Facts;
use crate::organization::Access;
use crate::parameter;
use crate::refusal::{Code, Refusal};
use crate::state::State;
use crate::tasks;
use crate::time::Instant;

/// What an act would bring about.
#[derive(Debug)]
pub struct Trial {
    /// The state after it.
    pub after: State,
    /// Everything live that it would end.
    pub ends: Ends,
}

/// Tries one of Countersign's own tasks with these values, as if the gate had let it through.
///
/// # Errors
/// The refusal that the act would meet behind the gate.
pub fn act(
    state: &State,
    facts: &Facts,
    now: Instant,
    entropy: [u8; 32],
    principal: &Principal,
    execute: &Execute,
) -> Result<Trial, Refusal> {
    let found = tasks::find(state, &execute.task);
    let Some((found, builtin)) = found.and_then(|found| found.builtin.map(|builtin| (found, builtin))) else {
        return Err(Refusal::new(Code::UnknownTask, "Only Countersign's own tasks can be tried."));
    };
    let values = parameter::check(&found.definition.parameters, execute.values.clone())
        .map_err(|faults| invalid_parameters(&faults))?;
    let mut draft = Draft::new(state, facts, now, entropy, principal, None);
    builtin.run(&mut draft, &values, execute.secret, &mut BTreeMap::new())?;
    let drafted = draft.finish();
    Ok(Trial { ends: ended(&drafted.events), after: drafted.state })
}

/// Everything that these events end: what one names at once, and what is ended by an event of its own.
#[must_use]
pub fn ended(events: &[Event]) -> Ends {
    let mut all = Ends::default();
    for event in events {
        if let Some(ends) = event.body.ends() {
            all.authorizations.extend(ends.authorizations.iter().map(|(number, how)| (*number, *how)));
            all.requests.extend(ends.requests.iter().map(|(number, how)| (*number, *how)));
        }
        match &event.body {
            Body::AuthorizationEnded { number, how, .. } => {
                all.authorizations.insert(*number, *how);
            }
            Body::RequestEnded { number, how, .. } => {
                all.requests.insert(*number, *how);
            }
            _ => {}
        }
    }
    all
}

/// The same organization with its policies in force: what a policy will do is asked while it is being set up as well.
#[must_use]
pub fn in_force(state: &State) -> State {
    let mut state = state.clone();
    state.organization.access = Access::On;
    state
}
