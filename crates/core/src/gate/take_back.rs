//! The gate's answer to Countersign itself: may this be taken back now? Nobody else asks, and nothing but what is owed is
//! allowed.

use super::Allowed;
use crate::execution::Basis;
use crate::id::ExecutionId;
use crate::obligation::{self, LONGEST_TRY};
use crate::state::State;
use crate::time::Instant;

/// Permission for one try, if one is due.
#[must_use]
pub fn judge(state: &State, of: ExecutionId, now: Instant) -> Option<Allowed> {
    let owed = state.obligations.get(&of)?;
    if obligation::due(state, of, owed)? > now {
        return None;
    }
    let longest = owed.definition.limits.max_run_time.min(LONGEST_TRY);
    Some(Allowed {
        basis: Basis::TakeBack { of },
        deadline: now.plus(longest),
        matched: None,
        would_refuse: None,
    })
}
