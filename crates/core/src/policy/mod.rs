//! Approval policies: typed terms, what they mean, how two of them compare (G1, G4 to G6, G9 to G11, G13, G17).
//!
//! Nothing here knows the directory or the catalog: callers hand in groups, roles and people already resolved.

mod approval;
mod assurance;
mod builtin;
mod compare;
mod governs;
mod limits;
mod matching;
mod quorum;
mod target;
mod terms;
mod ticket;
mod window;
mod words;
mod zone;

#[cfg(test)]
mod arbitrary;

pub use approval::{Approval, Approvers, Requesters, Stage};
pub use assurance::Assurance;
pub use builtin::{
    control_plane_terms, default_approvers_decide_arbitrary_code_terms, default_approvers_decide_terms,
    enough_for_arbitrary_code,
};
pub use compare::{Comparison, compare, is_tightened, is_weaker_or_incomparable};
pub use governs::{Conflict, Containers, Covering, Exception, Governing, covering};
pub use limits::{Limits, Rate, RateError};
pub use quorum::{
    Human, Shortage, StageSeats, Vote, fillable, needed_later, possible, satisfiable, standing,
};
pub use target::Target;
pub use terms::{Fault, PolicyTerms};
pub use ticket::{TicketPattern, TicketPatternError};
pub use window::{TimeOfDay, TimeOfDayError, Weekday, WeeklyWindow, next_opening, open_at};
pub use words::{Names, clauses, effect};
pub use zone::{Zone, ZoneError};
