//! Showing what a requested run would do: an execution of its own, judged by the gate and recorded like any other.

use super::{Draft, Reply};
use crate::budget::{self, Budget};
use crate::command::Preview;
use crate::event::Body;
use crate::gate::preview::{self, Ask};
use crate::id::ExecutionId;
use crate::refusal::Refusal;

pub(super) fn preview(draft: &mut Draft<'_>, wanted: &Preview) -> Result<Reply, Refusal> {
    let person = super::rest::person(draft)?;
    super::vote::no_token(draft)?;
    super::files::own(draft, person, &super::files::in_values(&wanted.values))?;
    let ask = Ask {
        principal: draft.principal,
        person,
        number: wanted.number,
        statement: wanted.statement,
        values: &wanted.values,
        statements: &draft.facts.statements,
        now: draft.now,
    };
    let shown = preview::judge(&draft.state, &ask)?;
    budget::left(&draft.state, draft.now, person, Budget::Previews)?;
    let execution = ExecutionId::from_bytes(draft.random());
    let values = draft.seal(&shown.values.to_json())?;
    let deadline = shown.allowed.deadline();
    draft.push(
        Some(wanted.number),
        Body::ExecutionStarted {
            execution,
            person,
            task: shown.found.definition.name.clone(),
            version: shown.found.version,
            digest: shown.found.digest,
            basis: shown.allowed.basis().clone(),
            values,
            matched: shown.allowed.matched(),
            deadline,
            would_refuse: None,
        },
    );
    Ok(Reply::Started { execution, deadline })
}
