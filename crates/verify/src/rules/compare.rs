//! Which of two policies asks for more (G5, G14, G17), field by field by what it lets through.

use super::windows;
use crate::form::{Approval, Approvers, Group, Limits, Rate, Requesters, Terms, Window};

/// Whether `a` asks for at least as much as `b` in every field. The default approver group counts as what it is now.
/// Neither the target nor whether less may be approved plays a part.
pub(super) fn at_least(a: &Terms, b: &Terms, default: Option<Group>) -> bool {
    approval(&a.approval, &b.approval, default)
        && requesters(a.requesters, b.requesters)
        && limits(&a.limits, &b.limits)
        && a.bind.is_superset(&b.bind)
        && (b.ticket.is_none() || a.ticket == b.ticket)
        && a.assurance >= b.assurance
        && at_most(a.freshness, b.freshness)
        && within(&a.windows, &b.windows)
}

/// Whether going from `old` to `new` asks for more somewhere: that ends what was granted under `old` (G14).
pub(super) fn tightened(new: &Terms, old: &Terms, default: Option<Group>) -> bool {
    !at_least(old, new, default)
}

/// A ceiling that `b` has must be in `a` too, and not higher.
fn at_most<T: PartialOrd>(a: Option<T>, b: Option<T>) -> bool {
    match (a, b) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(a), Some(b)) => a <= b,
    }
}

/// Seat by seat, in order.
fn approval(a: &Approval, b: &Approval, default: Option<Group>) -> bool {
    match (a, b) {
        (_, Approval::Auto) => true,
        (Approval::Auto, Approval::Manual { .. }) => false,
        (Approval::Manual { .. }, Approval::Manual { .. }) => {
            let mut more = seats(a, default).into_iter();
            seats(b, default).iter().all(|seat| more.any(|other| other == *seat))
        }
    }
}

fn seats(approval: &Approval, default: Option<Group>) -> Vec<Approvers> {
    let named = |approvers: Approvers| approvers.group(default).map_or(approvers, Approvers::Group);
    let stages = approval.stages().iter();
    stages.flat_map(|stage| std::iter::repeat_n(named(stage.approvers), usize::from(stage.seats))).collect()
}

fn requesters(a: Requesters, b: Requesters) -> bool {
    a == b || b == Requesters::Everyone
}

fn limits(a: &Limits, b: &Limits) -> bool {
    at_most(a.max_duration, b.max_duration)
        && at_most(a.max_uses, b.max_uses)
        && a.parallel <= b.parallel
        && match (a.rate, b.rate) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(a), Some(b)) => keeps(a, b),
        }
}

/// Whether all that `a` lets through, `b` lets through too: a burst of `a.count` at the start of each `a.per`.
fn keeps(a: Rate, b: Rate) -> bool {
    let bursts = b.per.div_ceil(a.per.max(1)).max(1);
    u64::from(a.count).saturating_mul(bursts) <= u64::from(b.count)
}

/// Hours of one zone contain hours of the same zone only.
fn within(a: &[Window], b: &[Window]) -> bool {
    if b.is_empty() {
        return true;
    }
    let outer = windows::minutes(b);
    !a.is_empty()
        && windows::minutes(a)
            .iter()
            .all(|(zone, inner)| outer.get(zone).is_some_and(|outer| inner.is_subset(outer)))
}
