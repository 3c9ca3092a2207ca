//! Random terms for property tests: few values per field, so that equal and comparable ones are common.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::id::GroupId;
use crate::time::Span;

pub(super) const DEFAULT_GROUP: GroupId = GroupId::from_bytes([1; 16]);

fn approvers() -> impl Strategy<Value = Approvers> {
    prop_oneof![
        Just(Approvers::DefaultGroup),
        (1_u8..4).prop_map(|id| Approvers::Group(GroupId::from_bytes([id; 16]))),
    ]
}

fn approval() -> impl Strategy<Value = Approval> {
    let stage = (approvers(), 1_u16..3).prop_map(|(approvers, seats)| Stage { approvers, seats });
    prop_oneof![
        1 => Just(Approval::Auto),
        4 => prop::collection::vec(stage, 1..3).prop_map(|stages| Approval::Manual { stages }),
    ]
}

fn limits() -> impl Strategy<Value = Limits> {
    let rate = (1_u32..6, 1_u64..6).prop_map(|(count, hours)| Rate { count, per: Span::from_hours(hours) });
    (prop::option::of(1_u64..3), prop::option::of(1_u32..3), 1_u32..3, prop::option::of(rate)).prop_map(
        |(hours, max_uses, parallel, rate)| Limits {
            max_duration: hours.map(Span::from_hours),
            max_uses,
            parallel,
            rate,
        },
    )
}

pub(super) fn window() -> impl Strategy<Value = WeeklyWindow> {
    let zone = prop::sample::select(vec!["UTC", "Europe/Berlin"]).prop_map(|name| name.parse().unwrap());
    let days = prop::collection::btree_set(prop::sample::select(Weekday::ALL.to_vec()), 1..4);
    let time = (prop::sample::select(vec![0_u8, 6, 8, 22]), prop::sample::select(vec![0_u8, 30]))
        .prop_map(|(hour, minute)| TimeOfDay::new(hour, minute).unwrap());
    (zone, days, time.clone(), time).prop_map(|(zone, days, from, until)| WeeklyWindow {
        zone,
        days,
        from,
        until,
    })
}

/// Any terms, valid or not in their combination.
pub(super) fn terms() -> impl Strategy<Value = PolicyTerms> {
    let requesters = prop_oneof![
        Just(Requesters::ByRole),
        Just(Requesters::Everyone),
        (1_u8..3).prop_map(|id| Requesters::Group(GroupId::from_bytes([id; 16]))),
    ];
    let bind = prop::collection::btree_set(prop::sample::select(vec!["A", "B"]), 0..3);
    let ticket = prop::option::of(prop::sample::select(vec!["A#", "B#"]));
    let assurance =
        prop::sample::select(vec![Assurance::Session, Assurance::SecondFactor, Assurance::Passkey]);
    (
        approval(),
        requesters,
        limits(),
        bind,
        ticket,
        assurance,
        prop::option::of(1_u64..3),
        prop::collection::vec(window(), 0..3),
        any::<bool>(),
    )
        .prop_map(
            |(
                approval,
                requesters,
                limits,
                bind,
                ticket,
                assurance,
                freshness,
                windows,
                approve_for_less,
            )| PolicyTerms {
                target: Target::Task("Exchange\\New-MoveRequest".parse().unwrap()),
                approval,
                requesters,
                limits,
                bind: bind.iter().map(|name| name.parse().unwrap()).collect::<BTreeSet<_>>(),
                ticket: ticket.map(|pattern| pattern.parse().unwrap()),
                assurance,
                freshness: freshness.map(Span::from_mins),
                windows,
                approve_for_less,
            },
        )
}
