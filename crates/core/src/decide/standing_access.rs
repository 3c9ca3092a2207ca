//! What a list of standing access said.

use super::{Draft, Reply};
use crate::actor::Authentication;
use crate::command::Listed;
use crate::event::Body;
use crate::refusal::{Code, Refusal};

pub(super) fn record(draft: &mut Draft<'_>, listed: &Listed) -> Result<Reply, Refusal> {
    if !matches!(draft.principal.authentication(), Authentication::System) {
        return Err(Refusal::new(Code::Forbidden, "Only Countersign itself compares lists."));
    }
    let Listed { execution, before, holders, appeared, gone } = *listed;
    if draft.state.executions.contains_key(&execution) {
        return Err(Refusal::new(Code::AlreadyRunning, "It is still running."));
    }
    let tried = draft.state.standing.iter().find(|(_, listing)| listing.tried == execution);
    let Some((workload, listing)) = tried else { return Err(super::rest::not_found()) };
    if listing.known.is_some_and(|known| known.execution == execution) {
        return Err(Refusal::new(Code::AlreadyFinal, "It was compared already."));
    }
    let workload = workload.clone();
    draft.push(None, Body::StandingAccessListed { execution, workload, before, holders, appeared, gone });
    Ok(Reply::Done)
}
