//! A restored copy is accepted: a new epoch.

use super::vouch::{self, Matter};
use super::{Draft, Reply};
use crate::epoch::Restored;
use crate::event::Body;
use crate::event::body::{AuthorizationEnd, Ends, RequestEnd};
use crate::refusal::{Code, Refusal};

const MATTER: Matter = Matter { what: "a restored copy", on_host: "countersign ledger accept-restore" };

/// Opens an epoch, which ends everything live and pending: what became of it in the lost part nobody can say. The host's
/// own account does it, or two default approvers. The first one's word leaves no event, for nothing is appended to a
/// copy that is not accepted: the engine keeps it until the second's, whose event names both.
pub(super) fn accept(draft: &mut Draft<'_>, restored: Option<&Restored>) -> Result<Reply, Refusal> {
    let by = vouch::who(draft, &MATTER)?;
    let Some(restored) = restored else {
        return Err(Refusal::new(
            Code::AlreadyInState,
            "This ledger is the one that was served; there is nothing to accept.",
        ));
    };
    let mut accepted = Default::default();
    if let Some(by) = by {
        vouch::may_add(&draft.state, restored.vouched.iter().copied(), by, &MATTER)?;
        accepted = restored.vouched.clone();
        accepted.insert(by.0);
        accepted.retain(|person| crate::standing::is_default_approver(&draft.state, *person));
        if vouch::humans(&draft.state, accepted.iter().copied()).len() < 2 {
            return Ok(Reply::Done);
        }
    }
    let authorizations =
        draft.state.authorizations.keys().map(|number| (*number, AuthorizationEnd::Restored)).collect();
    let requests = draft.state.requests.keys().map(|number| (*number, RequestEnd::Restored)).collect();
    let Restored { epoch, cites, key, doubts, .. } = restored.clone();
    let ends = Ends { authorizations, requests };
    draft.change(Body::EpochOpened { epoch, cites, key, doubts, accepted, ends })?;
    Ok(Reply::Done)
}
