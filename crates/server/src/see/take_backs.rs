//! What is to be taken back: whom it is for, and how it is shown.

use countersign_core::id::{ExecutionId, PersonId, RequestNumber};
use countersign_core::name::TaskName;
use countersign_core::obligation::{self, Obligation};
use countersign_core::state::State;
use countersign_core::time::Instant;
use countersign_store::Reader;
use schemars::JsonSchema;
use serde::Serialize;

use super::people::{Names, Person};
use super::{executions, requests};
use crate::problem::Result;
use crate::schema::text::{self, At, Number};

/// Something that an execution did and that is not taken back yet.
#[derive(Serialize, JsonSchema)]
pub(crate) struct TakeBack {
    /// The execution that did it.
    #[schemars(with = "text::ExecutionId")]
    execution: ExecutionId,
    /// The authorization that it lasts as long as.
    number: Number,
    #[schemars(with = "text::TaskName")]
    task: TaskName,
    person: Person,
    since: At,
    /// Whether the authorization is over, so that it should be gone.
    overdue: bool,
    /// How many tries did not succeed.
    tries: u32,
    tried: Option<At>,
    /// When it is tried next; null while it is being tried, or still authorized.
    next: Option<At>,
}

impl TakeBack {
    pub(crate) fn of(state: &State, of: ExecutionId, owed: &Obligation, names: &Names) -> Self {
        Self {
            execution: of,
            number: owed.number.into(),
            task: owed.task.clone(),
            person: names.show(owed.person),
            since: owed.since.into(),
            overdue: !state.authorizations.contains_key(&owed.number),
            tries: owed.tries,
            tried: owed.tried.map(At),
            next: obligation::due(state, of, owed).map(At),
        }
    }
}

/// What is open of one authorization.
pub(crate) fn under(state: &State, number: RequestNumber) -> Vec<(ExecutionId, &Obligation)> {
    let open = state.obligations.iter().filter(|(_, owed)| owed.number == number);
    open.map(|(of, owed)| (*of, owed)).collect()
}

/// What is open that a person may know of.
pub(crate) fn seen_by<'a>(
    state: &'a State,
    reader: &dyn Reader,
    person: PersonId,
    now: Instant,
) -> Result<Vec<(ExecutionId, &'a Obligation)>> {
    let all = executions::oversees(state, person, now);
    let mut open = Vec::new();
    for (of, owed) in &state.obligations {
        let own = owed.person == person || state.directory.owns(person, owed.person);
        if all || own || requests::find(state, reader, person, owed.number).is_ok() {
            open.push((*of, owed));
        }
    }
    Ok(open)
}
