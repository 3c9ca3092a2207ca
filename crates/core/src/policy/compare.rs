//! Which of two policies asks for more (G5, G14, G17).
//!
//! Each field is a partial order by what it lets through; a policy is at least as strong as another if it is so in
//! every field. Names of targets are not compared, nor is `approve_for_less`, which can only narrow a grant.

use std::cmp::Ordering;

use super::approval::{Approval, Approvers, Requesters};
use super::limits::{Limits, Rate};
use super::terms::PolicyTerms;
use super::window::{self, WeeklyWindow};
use crate::id::GroupId;

/// How the first of two policies stands to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Comparison {
    /// It asks for less somewhere and for more nowhere.
    Weaker,
    /// It asks for the same.
    Equal,
    /// It asks for more somewhere and for less nowhere.
    Stronger,
    /// It asks for more here and less there, or for different things.
    Incomparable,
}

/// How `a` stands to `b`. The default approver group counts as the group it is now.
pub fn compare(a: &PolicyTerms, b: &PolicyTerms, default_group: Option<GroupId>) -> Comparison {
    let fields = [
        approval(&a.approval, &b.approval, default_group),
        requesters(a.requesters, b.requesters),
        limits(&a.limits, &b.limits),
        both_ways(a.bind.is_superset(&b.bind), b.bind.is_superset(&a.bind)),
        demanded(a.ticket.as_ref(), b.ticket.as_ref(), |a, b| both_ways(a == b, a == b)),
        by_order(a.assurance.cmp(&b.assurance)),
        demanded(a.freshness, b.freshness, |a, b| by_order(b.cmp(&a))),
        windows(&a.windows, &b.windows),
    ];
    fields.into_iter().fold(Comparison::Equal, Comparison::and)
}

/// Whether `a` counts as weaker than `b` where that needs a second look (G5, G17): weaker or incomparable.
#[must_use]
pub fn is_weaker_or_incomparable(a: &PolicyTerms, b: &PolicyTerms, default_group: Option<GroupId>) -> bool {
    matches!(compare(a, b, default_group), Comparison::Weaker | Comparison::Incomparable)
}

/// Whether going from `old` to `new` ends what was granted under `old` (G14, G15): stronger or incomparable.
#[must_use]
pub fn is_tightened(new: &PolicyTerms, old: &PolicyTerms, default_group: Option<GroupId>) -> bool {
    matches!(compare(new, old, default_group), Comparison::Stronger | Comparison::Incomparable)
}

impl Comparison {
    /// Two fields taken together.
    const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Equal, it) | (it, Self::Equal) => it,
            (Self::Weaker, Self::Weaker) => Self::Weaker,
            (Self::Stronger, Self::Stronger) => Self::Stronger,
            _ => Self::Incomparable,
        }
    }

    /// The same judgement seen from the other policy.
    pub const fn reversed(self) -> Self {
        match self {
            Self::Weaker => Self::Stronger,
            Self::Stronger => Self::Weaker,
            Self::Equal => Self::Equal,
            Self::Incomparable => Self::Incomparable,
        }
    }
}

/// From "is `a` at least as strong" and "is `b` at least as strong".
const fn both_ways(a: bool, b: bool) -> Comparison {
    match (a, b) {
        (true, true) => Comparison::Equal,
        (true, false) => Comparison::Stronger,
        (false, true) => Comparison::Weaker,
        (false, false) => Comparison::Incomparable,
    }
}

const fn by_order(strength: Ordering) -> Comparison {
    match strength {
        Ordering::Less => Comparison::Weaker,
        Ordering::Equal => Comparison::Equal,
        Ordering::Greater => Comparison::Stronger,
    }
}

/// A demand that can be absent; asking for something is stronger than not asking.
fn demanded<T>(a: Option<T>, b: Option<T>, judge: impl FnOnce(T, T) -> Comparison) -> Comparison {
    match (a, b) {
        (None, None) => Comparison::Equal,
        (Some(_), None) => Comparison::Stronger,
        (None, Some(_)) => Comparison::Weaker,
        (Some(a), Some(b)) => judge(a, b),
    }
}

/// Seat by seat: `a` is at least as strong if it asks, in this order, for every seat that `b` asks for.
fn approval(a: &Approval, b: &Approval, default_group: Option<GroupId>) -> Comparison {
    match (a, b) {
        (Approval::Auto, Approval::Auto) => Comparison::Equal,
        (Approval::Auto, Approval::Manual { .. }) => Comparison::Weaker,
        (Approval::Manual { .. }, Approval::Auto) => Comparison::Stronger,
        (Approval::Manual { .. }, Approval::Manual { .. }) => {
            let (a, b) = (seats(a, default_group), seats(b, default_group));
            both_ways(asks_for_all_of(&a, &b), asks_for_all_of(&b, &a))
        }
    }
}

fn seats(approval: &Approval, default_group: Option<GroupId>) -> Vec<Approvers> {
    let named = |approvers: Approvers| approvers.group(default_group).map_or(approvers, Approvers::Group);
    let stages = approval.stages().iter();
    stages.flat_map(|stage| std::iter::repeat_n(named(stage.approvers), usize::from(stage.seats))).collect()
}

fn asks_for_all_of(more: &[Approvers], less: &[Approvers]) -> bool {
    let mut more = more.iter();
    less.iter().all(|seat| more.any(|other| other == seat))
}

const fn requesters(a: Requesters, b: Requesters) -> Comparison {
    match (a, b) {
        (Requesters::Everyone, Requesters::Everyone) | (Requesters::ByRole, Requesters::ByRole) => {
            Comparison::Equal
        }
        (Requesters::Everyone, _) => Comparison::Weaker,
        (_, Requesters::Everyone) => Comparison::Stronger,
        (Requesters::Group(a), Requesters::Group(b)) => same_group(a, b),
        (Requesters::ByRole, Requesters::Group(_)) | (Requesters::Group(_), Requesters::ByRole) => {
            Comparison::Incomparable
        }
    }
}

const fn same_group(a: GroupId, b: GroupId) -> Comparison {
    let same = u128::from_be_bytes(*a.as_bytes()) == u128::from_be_bytes(*b.as_bytes());
    if same { Comparison::Equal } else { Comparison::Incomparable }
}

fn limits(a: &Limits, b: &Limits) -> Comparison {
    demanded(a.max_duration, b.max_duration, |a, b| by_order(b.cmp(&a)))
        .and(demanded(a.max_uses, b.max_uses, |a, b| by_order(b.cmp(&a))))
        .and(by_order(b.parallel.cmp(&a.parallel)))
        .and(demanded(a.rate, b.rate, |a, b| both_ways(keeps(a, b), keeps(b, a))))
}

/// Whether all that `a` lets through, `b` lets through too. The most that `a` allows within `b.per` is one burst of
/// `a.count` at the start of each `a.per` that begins in it.
fn keeps(a: Rate, b: Rate) -> bool {
    let bursts = b.per.as_micros().div_ceil(a.per.as_micros().max(1)).max(1);
    u64::from(a.count).saturating_mul(bursts) <= u64::from(b.count)
}

/// Contained hours are stronger. Hours of different zones move against each other over the year, so they never
/// contain each other.
fn windows(a: &[WeeklyWindow], b: &[WeeklyWindow]) -> Comparison {
    let present = |windows: &[WeeklyWindow]| if windows.is_empty() { None } else { Some(()) };
    demanded(present(a), present(b), |(), ()| both_ways(lies_within(a, b), lies_within(b, a)))
}

fn lies_within(inner: &[WeeklyWindow], outer: &[WeeklyWindow]) -> bool {
    let outer = window::minutes(outer);
    window::minutes(inner).iter().all(|(zone, stretches)| {
        let around = outer.get(zone).map(Vec::as_slice).unwrap_or_default();
        stretches.iter().all(|(from, until)| around.iter().any(|(start, end)| start <= from && until <= end))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::arbitrary::{DEFAULT_GROUP, terms, window};
    use super::super::{Assurance, Stage, Target, open_at};
    use super::*;
    use crate::time::Span;

    fn base() -> PolicyTerms {
        manual(&[(2, 1)])
    }

    /// Stages as (group, seats); group 0 is the default group, which is group 1.
    fn manual(stages: &[(u8, u16)]) -> PolicyTerms {
        let stage = |&(group, seats): &(u8, u16)| {
            let id = GroupId::from_bytes([group; 16]);
            Stage {
                approvers: if group == 0 { Approvers::DefaultGroup } else { Approvers::Group(id) },
                seats,
            }
        };
        let target = Target::Task("Exchange\\New-MoveRequest".parse().unwrap());
        PolicyTerms::new(target, Approval::Manual { stages: stages.iter().map(stage).collect() })
    }

    fn with(change: impl FnOnce(&mut PolicyTerms)) -> PolicyTerms {
        let mut terms = base();
        change(&mut terms);
        terms
    }

    fn hours(texts: &[&str]) -> PolicyTerms {
        let window = |text: &&str| {
            let [zone, days, from, until] = text.split(' ').collect::<Vec<_>>().try_into().unwrap();
            let day = |day: &str| serde_json::from_str(&format!("\"{day}\"")).unwrap();
            let (from, until) = (from.parse().unwrap(), until.parse().unwrap());
            WeeklyWindow {
                zone: zone.parse().unwrap(),
                days: days.split(',').map(day).collect(),
                from,
                until,
            }
        };
        with(|terms| terms.windows = texts.iter().map(window).collect())
    }

    fn rate(count: u32, hours: u64) -> PolicyTerms {
        with(|terms| terms.limits.rate = Some(Rate { count, per: Span::from_hours(hours) }))
    }

    fn group(id: u8) -> Requesters {
        Requesters::Group(GroupId::from_bytes([id; 16]))
    }

    #[test]
    fn g5_field_by_field() {
        use Comparison::{Equal, Incomparable, Stronger, Weaker};
        let auto = || with(|it| it.approval = Approval::Auto);
        let cases: Vec<(&str, PolicyTerms, PolicyTerms, Comparison)> = vec![
            ("itself", base(), base(), Equal),
            ("Auto asks nobody", auto(), base(), Weaker),
            ("more seats", manual(&[(2, 2)]), base(), Stronger),
            ("another group", manual(&[(3, 1)]), base(), Incomparable),
            ("more seats of another group", manual(&[(3, 5)]), base(), Incomparable),
            ("a further stage", manual(&[(2, 1), (3, 1)]), base(), Stronger),
            ("a stage put before", manual(&[(3, 1), (2, 1)]), base(), Stronger),
            ("one more here, one less there", manual(&[(2, 2)]), manual(&[(2, 1), (3, 1)]), Incomparable),
            ("another order", manual(&[(2, 1), (3, 1)]), manual(&[(3, 1), (2, 1)]), Incomparable),
            ("one group, split in two stages", manual(&[(2, 1), (2, 1)]), manual(&[(2, 2)]), Equal),
            ("the default group by name", manual(&[(0, 1)]), manual(&[(1, 1)]), Equal),
            ("the default group and another", manual(&[(0, 1)]), manual(&[(2, 1)]), Incomparable),
            ("everyone asks", with(|it| it.requesters = Requesters::Everyone), base(), Weaker),
            ("a group asks", with(|it| it.requesters = group(2)), base(), Incomparable),
            (
                "a group, not everyone",
                with(|it| it.requesters = group(2)),
                with(|it| it.requesters = Requesters::Everyone),
                Stronger,
            ),
            (
                "two groups",
                with(|it| it.requesters = group(2)),
                with(|it| it.requesters = group(3)),
                Incomparable,
            ),
            ("a duration", with(|it| it.limits.max_duration = Some(Span::from_hours(8))), base(), Stronger),
            (
                "uses",
                with(|it| it.limits.max_uses = Some(1)),
                with(|it| it.limits.max_uses = Some(2)),
                Stronger,
            ),
            ("parallel", with(|it| it.limits.parallel = 2), base(), Weaker),
            ("a rate", rate(1, 1), base(), Stronger),
            ("a higher rate", rate(2, 1), rate(1, 1), Weaker),
            ("the same average in longer stretches", rate(2, 2), rate(1, 1), Weaker),
            ("3 in 2 h against 2 in 1 h", rate(3, 2), rate(2, 1), Incomparable),
            ("1 in 2 h against 2 in 3 h", rate(1, 2), rate(2, 3), Stronger),
            ("bound", with(|it| it.bind = ["A".parse().unwrap()].into()), base(), Stronger),
            (
                "bound otherwise",
                with(|it| it.bind = ["A".parse().unwrap()].into()),
                with(|it| it.bind = ["B".parse().unwrap()].into()),
                Incomparable,
            ),
            ("a ticket", with(|it| it.ticket = "A#".parse().ok()), base(), Stronger),
            (
                "another ticket",
                with(|it| it.ticket = "A#".parse().ok()),
                with(|it| it.ticket = "A".parse().ok()),
                Incomparable,
            ),
            (
                "assurance",
                with(|it| it.assurance = Assurance::Passkey),
                with(|it| it.assurance = Assurance::SecondFactor),
                Stronger,
            ),
            (
                "freshness",
                with(|it| it.freshness = Some(Span::from_mins(5))),
                with(|it| it.freshness = Some(Span::from_mins(6))),
                Stronger,
            ),
            ("no freshness", base(), with(|it| it.freshness = Some(Span::from_mins(6))), Weaker),
            ("approving for less can't widen", with(|it| it.approve_for_less = false), base(), Equal),
            (
                "a stronger and a weaker field",
                with(|it| {
                    it.limits.parallel = 2;
                    it.ticket = "A#".parse().ok();
                }),
                base(),
                Incomparable,
            ),
            ("hours", hours(&["UTC mon 08:00 12:00"]), base(), Stronger),
            (
                "hours all week are not always",
                hours(&["UTC mon,tue,wed,thu,fri,sat,sun 00:00 00:00"]),
                base(),
                Stronger,
            ),
            ("fewer hours", hours(&["UTC mon 09:00 10:00"]), hours(&["UTC mon,tue 08:00 12:00"]), Stronger),
            (
                "hours written in two",
                hours(&["UTC mon 08:00 10:00", "UTC mon 10:00 12:00"]),
                hours(&["UTC mon 08:00 12:00"]),
                Equal,
            ),
            (
                "hours over midnight",
                hours(&["UTC sun 22:00 02:00"]),
                hours(&["UTC sun 22:00 00:00", "UTC mon 00:00 02:00"]),
                Equal,
            ),
            (
                "hours that overlap",
                hours(&["UTC mon 08:00 12:00"]),
                hours(&["UTC mon 10:00 14:00"]),
                Incomparable,
            ),
            (
                "hours of another zone",
                hours(&["UTC mon 08:00 12:00"]),
                hours(&["Europe/London mon 08:00 12:00"]),
                Incomparable,
            ),
            (
                "hours of one more zone",
                hours(&["UTC mon 08:00 12:00"]),
                hours(&["UTC mon 08:00 12:00", "Europe/London mon 08:00 12:00"]),
                Stronger,
            ),
        ];
        for (name, a, b, expected) in cases {
            assert_eq!(compare(&a, &b, Some(DEFAULT_GROUP)), expected, "{name}");
            assert_eq!(compare(&b, &a, Some(DEFAULT_GROUP)), expected.reversed(), "{name}, reversed");
        }
    }

    #[test]
    fn g5_g14_incomparable_is_never_the_harmless_side() {
        let (a, b) = (manual(&[(2, 1)]), manual(&[(3, 1)]));
        assert!(is_weaker_or_incomparable(&a, &b, None) && is_weaker_or_incomparable(&b, &a, None));
        assert!(is_tightened(&a, &b, None) && is_tightened(&b, &a, None));
        let wider = with(|it| it.limits.parallel = 3);
        assert!(!is_tightened(&wider, &base(), None) && is_tightened(&base(), &wider, None));
        assert!(
            is_weaker_or_incomparable(&wider, &base(), None)
                && !is_weaker_or_incomparable(&base(), &wider, None)
        );
        let default = manual(&[(0, 1)]);
        assert_eq!(
            compare(&default, &manual(&[(1, 1)]), None),
            Comparison::Incomparable,
            "no default group is set"
        );
    }

    proptest! {
        #[test]
        fn g5_each_direction_says_the_same(a in terms(), b in terms()) {
            let default = Some(DEFAULT_GROUP);
            prop_assert_eq!(compare(&a, &b, default), compare(&b, &a, default).reversed());
            prop_assert_eq!(compare(&a, &a, default), Comparison::Equal);
        }

        #[test]
        fn g5_what_is_decided_carries_on(
            // Changing two fields of one base makes chains that random terms would hardly ever make.
            base in terms(), b in terms(), c in terms(), fields in prop::array::uniform2(0_usize..9)
        ) {
            let default = Some(DEFAULT_GROUP);
            let [first, second] = fields;
            let one = mix(&base, &b, first);
            let two = mix(&one, &c, second);
            for (x, y, z) in [(&base, &one, &two), (&one, &base, &two), (&base, &two, &one), (&base, &b, &c)] {
                let (xy, yz, xz) = (compare(x, y, default), compare(y, z, default), compare(x, z, default));
                if xy == Comparison::Equal {
                    prop_assert_eq!(xz, yz);
                }
                if yz == Comparison::Equal || xy == yz && xy != Comparison::Incomparable {
                    prop_assert_eq!(xz, xy);
                }
            }
        }
    }

    /// Whether every way to place requests on whole hours that `a` lets through, `b` lets through too.
    fn keeps_by_trying(a: Rate, b: Rate) -> bool {
        let allows = |rate: Rate, times: &[u64]| {
            times.iter().all(|from| {
                let until = from + rate.per.as_secs() / 3_600;
                times.iter().filter(|at| (*from..until).contains(at)).count() <= rate.count as usize
            })
        };
        // Up to 4 requests at each of 5 hours.
        (0..5_u32.pow(5)).all(|code| {
            let at = |hour: u32| std::iter::repeat_n(u64::from(hour), (code / 5_u32.pow(hour) % 5) as usize);
            let times: Vec<u64> = (0..5).flat_map(at).collect();
            !allows(a, &times) || allows(b, &times)
        })
    }

    #[test]
    fn g5_a_rate_is_stronger_if_it_lets_through_nothing_more() {
        let rates =
            || (1..4).flat_map(|count| (1..5).map(move |per| Rate { count, per: Span::from_hours(per) }));
        for (a, b) in rates().flat_map(|a| rates().map(move |b| (a, b))) {
            assert_eq!(keeps(a, b), keeps_by_trying(a, b), "{a:?} {b:?}");
        }
    }

    proptest! {
        #[test]
        fn g5_stronger_hours_are_open_at_no_other_time(
            a in prop::collection::vec(window(), 1..3),
            b in prop::collection::vec(window(), 1..3),
            minutes in prop::collection::vec(0_u64..366 * 24 * 60, 20),
        ) {
            let start = crate::time::Instant::from_micros(1_767_225_600_000_000);
            let all = [a.clone(), b.clone()].concat();
            prop_assert!(matches!(windows(&a, &all), Comparison::Stronger | Comparison::Equal));
            for (inner, outer) in [(&a, &b), (&b, &a), (&a, &all)] {
                if matches!(windows(inner, outer), Comparison::Stronger | Comparison::Equal) {
                    for now in minutes.iter().map(|minute| start.plus(Span::from_mins(*minute))) {
                        prop_assert!(!open_at(inner, now) || open_at(outer, now), "{}", now);
                    }
                }
            }
        }
    }

    fn mix(base: &PolicyTerms, other: &PolicyTerms, field: usize) -> PolicyTerms {
        let (mut out, other) = (base.clone(), other.clone());
        match field {
            0 => out.approval = other.approval,
            1 => out.requesters = other.requesters,
            2 => out.limits.rate = other.limits.rate,
            3 => out.limits = other.limits,
            4 => out.bind = other.bind,
            5 => out.ticket = other.ticket,
            6 => out.assurance = other.assurance,
            7 => out.freshness = other.freshness,
            _ => out.windows = other.windows,
        }
        out
    }
}
