//! Can the seats be filled, and are they (G9, G10, G11)?
//!
//! All counting is of humans, not accounts. Every function takes groups already resolved to eligible humans.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::matching::{Matching, Stuck};
use crate::id::PersonId;

/// One human: the smallest person id among their linked accounts. The caller maps accounts to humans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Human(pub PersonId);

/// A stage with the humans who may fill it.
#[derive(Debug, Clone, Copy)]
pub struct StageSeats<'a> {
    /// Enabled members at any depth; the requester may still be among them.
    pub eligible: &'a BTreeSet<Human>,
    /// How many distinct humans must approve.
    pub seats: u16,
}

/// A vote to approve, and the stage (from 0) it was cast in. It counts for that stage only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vote {
    /// Who approved.
    pub human: Human,
    /// The stage that was current then.
    pub stage: usize,
}

/// Why a policy cannot be filled: some stages together have fewer people than seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortage {
    /// Whose request could never be approved; `None` if nobody's could.
    pub requester: Option<Human>,
    /// The stages (from 0) that are short together.
    pub stages: Vec<usize>,
    /// The seats of these stages.
    pub seats: usize,
    /// The distinct people these stages have, the requester left out.
    pub people: usize,
}

/// Whether distinct eligible humans other than `excluded` can fill every seat of every stage.
///
/// No stages are always filled; only Auto has none.
#[must_use]
pub fn satisfiable(stages: &[StageSeats<'_>], excluded: Option<Human>) -> bool {
    let pools = stages.iter().map(|stage| others(stage.eligible, excluded));
    Matching::new(pools, total(stages)).fill(&seats(stages), None).is_ok()
}

/// Whether every possible requester could find approvers (G10), and the first one who could not.
///
/// Fast for large groups: after one matching only those who sit in it can make a difference.
///
/// # Errors
/// Which stages are short, and for whom.
pub fn possible(
    stages: &[StageSeats<'_>],
    requesters: impl IntoIterator<Item = Human>,
) -> Result<(), Shortage> {
    let pools = stages.iter().map(|stage| stage.eligible.iter().copied());
    let mut matching = Matching::new(pools, total(stages).saturating_add(1));
    matching.fill(&seats(stages), None).map_err(|stuck| shortage(stages, stuck, None))?;
    for requester in requesters {
        if !matching.holds(requester) {
            continue;
        }
        let mut without = matching.clone();
        if let Some(stage) = without.free(requester) {
            without.seat(stage, Some(requester)).map_err(|stuck| shortage(stages, stuck, Some(requester)))?;
        }
    }
    Ok(())
}

/// Whether the votes cast so far and votes still to come can together fill every seat. False means that a pending
/// request ends (G11).
///
/// A vote counts only while its human is eligible for its stage and is not the requester. Who has voted can fill no
/// other seat.
#[must_use]
pub fn fillable(stages: &[StageSeats<'_>], votes: &[Vote], requester: Human) -> bool {
    let voted: BTreeSet<Human> = votes.iter().map(|vote| vote.human).collect();
    let pools = stages.iter().enumerate().map(|(index, stage)| {
        let here = cast_in(votes, index);
        let voted = &voted;
        others(stage.eligible, Some(requester))
            .filter(move |human| here.contains(human) || !voted.contains(human))
    });
    Matching::new(pools, total(stages)).fill(&seats(stages), None).is_ok()
}

/// Whether this vote would leave seats that nobody could fill any more (`needed_later`). The caller has checked that
/// the voter is eligible, has not voted and that `stage` is the current one.
#[must_use]
pub fn needed_later(
    stages: &[StageSeats<'_>],
    votes: &[Vote],
    requester: Human,
    voter: Human,
    stage: usize,
) -> bool {
    let mut with = votes.to_vec();
    with.push(Vote { human: voter, stage });
    !fillable(stages, &with, requester)
}

/// Whether the votes cast still fill every seat (G11): each by a distinct human who is still eligible for the stage it
/// was cast in and is not the requester. Two voters found to be one human since count once.
#[must_use]
pub fn standing(stages: &[StageSeats<'_>], votes: &[Vote], requester: Human) -> bool {
    let pools = stages.iter().enumerate().map(|(index, stage)| {
        let cast = cast_in(votes, index).into_iter();
        cast.filter(move |human| *human != requester && stage.eligible.contains(human))
    });
    Matching::new(pools, total(stages)).fill(&seats(stages), None).is_ok()
}

fn others(eligible: &BTreeSet<Human>, excluded: Option<Human>) -> impl Iterator<Item = Human> + '_ {
    eligible.iter().copied().filter(move |human| Some(*human) != excluded)
}

fn cast_in(votes: &[Vote], stage: usize) -> BTreeSet<Human> {
    votes.iter().filter(|vote| vote.stage == stage).map(|vote| vote.human).collect()
}

fn seats(stages: &[StageSeats<'_>]) -> Vec<u16> {
    stages.iter().map(|stage| stage.seats).collect()
}

fn total(stages: &[StageSeats<'_>]) -> usize {
    stages.iter().map(|stage| usize::from(stage.seats)).sum()
}

fn shortage(stages: &[StageSeats<'_>], stuck: Stuck, requester: Option<Human>) -> Shortage {
    let short = stages.iter().enumerate().filter(|(index, _)| stuck.stages.contains(index));
    let seats = short.map(|(_, stage)| usize::from(stage.seats)).sum();
    Shortage { requester, stages: stuck.stages, seats, people: stuck.people }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn human(id: u32) -> Human {
        let mut bytes = [0; 16];
        bytes[12..].copy_from_slice(&id.to_be_bytes());
        Human(PersonId::from_bytes(bytes))
    }

    fn humans(ids: &[u32]) -> BTreeSet<Human> {
        ids.iter().copied().map(human).collect()
    }

    fn stages(sets: &[(BTreeSet<Human>, u16)]) -> Vec<StageSeats<'_>> {
        sets.iter().map(|(eligible, seats)| StageSeats { eligible, seats: *seats }).collect()
    }

    fn vote(id: u32, stage: usize) -> Vote {
        Vote { human: human(id), stage }
    }

    type Seats<'a> = (&'a [u32], u16);

    const NOBODY: Human = Human(PersonId::from_bytes([255; 16]));

    #[test]
    fn g10_overlapping_stages_need_distinct_people() {
        // (stages, excluded, satisfiable)
        let cases: &[(&[Seats<'_>], Option<u32>, bool)] = &[
            (&[(&[1], 1)], None, true),
            (&[(&[1], 1)], Some(1), false),
            (&[(&[1], 1), (&[1], 1)], None, false),
            (&[(&[1, 2], 1), (&[1, 2], 1)], None, true),
            (&[(&[1, 2], 1), (&[1, 2], 1)], Some(2), false),
            (&[(&[1, 2], 2), (&[2, 3], 1)], None, true),
            (&[(&[1, 2], 2), (&[2, 3], 1)], Some(3), false),
            // The first stage must leave 2 and 3 alone, though they come before 4.
            (&[(&[1, 2, 4], 1), (&[1], 1), (&[2], 1)], None, true),
            (&[(&[1, 2], 1), (&[1], 1), (&[2], 1)], None, false),
            (&[(&[], 1)], None, false),
            (&[(&[], 0)], None, true),
            (&[], None, true),
        ];
        for (sets, excluded, expected) in cases {
            let sets: Vec<_> = sets.iter().map(|(ids, seats)| (humans(ids), *seats)).collect();
            assert_eq!(satisfiable(&stages(&sets), excluded.map(human)), *expected, "{sets:?} {excluded:?}");
        }
    }

    #[test]
    fn g10_a_policy_names_the_requester_it_fails() {
        let sets = [(humans(&[1, 2, 3]), 1), (humans(&[2, 3]), 2)];
        assert_eq!(
            possible(&stages(&sets), [human(99), human(1)]),
            Err(Shortage { requester: Some(human(1)), stages: vec![0, 1], seats: 3, people: 2 })
        );
        assert_eq!(possible(&stages(&sets), [human(99)]), Ok(()));
        let sets = [(humans(&[1, 2, 3]), 1), (humans(&[3]), 2)];
        let nobody = Shortage { requester: None, stages: vec![1], seats: 2, people: 1 };
        assert_eq!(possible(&stages(&sets), []), Err(nobody));
    }

    #[test]
    fn g10_large_groups_are_as_fast_as_small_ones() {
        let everyone: BTreeSet<_> = (0..100_000).map(human).collect();
        let sets: Vec<_> = (0..8).map(|_| (everyone.clone(), 16)).collect();
        assert!(satisfiable(&stages(&sets), Some(human(5))));
        assert_eq!(possible(&stages(&sets), everyone.iter().copied()), Ok(()));
        let exactly: Vec<_> = (0..8).map(|_| (humans(&(0..128).collect::<Vec<_>>()), 16)).collect();
        assert_eq!(possible(&stages(&exactly), []), Ok(()));
        let failed = possible(&stages(&exactly), (100..200).map(human)).unwrap_err();
        assert_eq!((failed.requester, failed.seats, failed.people), (Some(human(100)), 128, 127));
    }

    #[test]
    fn g10_a_vote_that_is_needed_later_is_refused() {
        let sets = [(humans(&[1, 2]), 1), (humans(&[2]), 1)];
        let stages = stages(&sets);
        assert!(needed_later(&stages, &[], NOBODY, human(2), 0), "only 2 can fill the second stage");
        assert!(!needed_later(&stages, &[], NOBODY, human(1), 0));
        assert!(!needed_later(&stages, &[vote(1, 0)], NOBODY, human(2), 1));
        assert!(needed_later(&stages, &[], human(2), human(1), 0), "the requester fills no seat");
    }

    #[test]
    fn g9_the_requesters_own_vote_never_counts() {
        let sets = [(humans(&[1, 2]), 2)];
        assert!(!fillable(&stages(&sets), &[vote(1, 0), vote(2, 0)], human(1)));
        assert!(!standing(&stages(&sets), &[vote(1, 0), vote(2, 0)], human(1)));
        assert!(!satisfiable(&stages(&sets), Some(human(1))));
    }

    #[test]
    fn g11_votes_stand_only_while_their_humans_are_eligible_where_they_voted() {
        let votes = [vote(1, 0), vote(2, 1)];
        // (first stage, second stage, standing, still fillable)
        let cases: &[(&[u32], &[u32], bool, bool)] = &[
            (&[1], &[2], true, true),
            (&[1, 2], &[1, 2], true, true),
            (&[], &[2], false, false),
            (&[2], &[1], false, false),
            (&[3], &[2], false, true),
            // 2 has voted in the second stage and can't take the first stage's seat as well.
            (&[2], &[2], false, false),
        ];
        for (first, second, stands, open) in cases {
            let sets = [(humans(first), 1), (humans(second), 1)];
            assert_eq!(standing(&stages(&sets), &votes, NOBODY), *stands, "{first:?} {second:?}");
            assert_eq!(fillable(&stages(&sets), &votes, NOBODY), *open, "{first:?} {second:?}");
        }
    }

    #[test]
    fn g9_accounts_linked_after_voting_count_once() {
        let sets = [(humans(&[1, 2]), 1), (humans(&[1, 2]), 1)];
        assert!(standing(&stages(&sets), &[vote(1, 0), vote(2, 1)], NOBODY));
        assert!(!standing(&stages(&sets), &[vote(1, 0), vote(1, 1)], NOBODY), "1 and 2 turned out to be 1");
        let sets = [(humans(&[1, 2]), 2)];
        assert!(!standing(&stages(&sets), &[vote(1, 0), vote(1, 0)], NOBODY));
    }

    #[test]
    fn g10_a_vote_counts_for_its_own_stage_only() {
        let sets = [(humans(&[1, 2, 3]), 1), (humans(&[1, 2, 3]), 2)];
        assert!(!standing(&stages(&sets), &[vote(1, 0), vote(2, 0), vote(3, 0)], NOBODY));
        assert!(!standing(&stages(&sets), &[vote(1, 0), vote(2, 1), vote(3, 7)], NOBODY), "no such stage");
        assert!(standing(&stages(&sets), &[vote(1, 0), vote(2, 1), vote(3, 1)], NOBODY));
    }

    /// Tries every assignment.
    fn by_trying(stages: &[StageSeats<'_>], without: Option<Human>, used: &mut BTreeSet<Human>) -> bool {
        let Some((stage, rest)) = stages.split_first() else { return true };
        if stage.seats == 0 {
            return by_trying(rest, without, used);
        }
        let mut left = stages.to_vec();
        left[0].seats -= 1;
        for human in stage.eligible.iter().copied().filter(|human| Some(*human) != without) {
            if used.insert(human) {
                if by_trying(&left, without, used) {
                    return true;
                }
                used.remove(&human);
            }
        }
        false
    }

    fn small_sets() -> impl Strategy<Value = Vec<(BTreeSet<Human>, u16)>> {
        let set = prop::collection::btree_set((0_u32..7).prop_map(human), 0..6);
        prop::collection::vec((set, 0_u16..3), 0..4)
    }

    proptest! {
        #[test]
        fn g10_satisfiable_is_what_trying_all_finds(sets in small_sets(), excluded in prop::option::of(0_u32..7)) {
            let (stages, excluded) = (stages(&sets), excluded.map(human));
            prop_assert_eq!(satisfiable(&stages, excluded), by_trying(&stages, excluded, &mut BTreeSet::new()));
        }

        #[test]
        fn g10_possible_is_what_trying_each_requester_finds(sets in small_sets()) {
            let stages = stages(&sets);
            let everyone = || (0_u32..8).map(human);
            let failing = std::iter::once(None)
                .chain(everyone().map(Some))
                .find(|requester| !by_trying(&stages, *requester, &mut BTreeSet::new()));
            match possible(&stages, everyone()) {
                Ok(()) => prop_assert_eq!(failing, None),
                Err(shortage) => {
                    prop_assert_eq!(Some(shortage.requester), failing);
                    prop_assert!(shortage.people < shortage.seats);
                    let mut people: BTreeSet<_> =
                        shortage.stages.iter().flat_map(|stage| stages[*stage].eligible).copied().collect();
                    shortage.requester.map(|requester| people.remove(&requester));
                    prop_assert_eq!(people.len(), shortage.people);
                }
            }
        }

        #[test]
        fn g10_votes_allowed_one_by_one_always_lead_to_the_end(
            sets in small_sets(), order in Just((0_u32..7).collect::<Vec<_>>()).prop_shuffle()
        ) {
            let stages = stages(&sets);
            let requester = human(0);
            prop_assume!(satisfiable(&stages, Some(requester)));
            let mut votes = Vec::new();
            for (index, stage) in stages.iter().enumerate() {
                for _ in 0..stage.seats {
                    let next = order.iter().copied().map(human).find(|voter| {
                        stage.eligible.contains(voter)
                            && *voter != requester
                            && votes.iter().all(|vote: &Vote| vote.human != *voter)
                            && !needed_later(&stages, &votes, requester, *voter, index)
                    });
                    prop_assert!(next.is_some());
                    votes.push(Vote { human: next.unwrap(), stage: index });
                }
            }
            prop_assert!(standing(&stages, &votes, requester));
        }
    }
}
