//! Distinct people to seats: bipartite matching by augmenting paths.

use std::collections::{BTreeMap, VecDeque};

use super::quorum::Human;

/// People placed on seats so far. Seats of one stage are alike, so paths run over stages, of which there are few.
#[derive(Clone)]
pub(super) struct Matching {
    pools: Vec<Vec<Human>>,
    held: BTreeMap<Human, usize>,
}

/// The stages that together have too few people for their seats (Hall's violators), and how many people they have.
pub(super) struct Stuck {
    pub(super) stages: Vec<usize>,
    pub(super) people: usize,
}

impl Matching {
    /// `pools` gives each stage's people. Only the first `keep` of each are looked at.
    ///
    /// With `n` seats in all, `keep = n` never changes whether all seats can be filled. By Hall's theorem they can be
    /// unless some stages together have fewer people than seats. If one of these stages was cut it still has `n`
    /// people, as many as there are seats at all; if none was, nothing about them changed. `keep = n + 1` says the same
    /// when any one person is left out afterwards.
    pub(super) fn new(pools: impl Iterator<Item: Iterator<Item = Human>>, keep: usize) -> Self {
        Self { pools: pools.map(|pool| pool.take(keep).collect()).collect(), held: BTreeMap::new() }
    }

    /// Fills `seats` seats of every stage in turn, leaving `without` out.
    pub(super) fn fill(&mut self, seats: &[u16], without: Option<Human>) -> Result<(), Stuck> {
        for (stage, seats) in seats.iter().enumerate() {
            for _ in 0..*seats {
                self.seat(stage, without)?;
            }
        }
        Ok(())
    }

    /// Takes a person off their seat and says whose stage it was.
    pub(super) fn free(&mut self, person: Human) -> Option<usize> {
        self.held.remove(&person)
    }

    /// Whether this person holds a seat.
    pub(super) fn holds(&self, person: Human) -> bool {
        self.held.contains_key(&person)
    }

    /// Fills one more seat of `stage`, moving others between stages where that helps. Breadth first over stages, each
    /// reached once, each person looked at once, in the order of ids: the same people always get the same seats.
    pub(super) fn seat(&mut self, stage: usize, without: Option<Human>) -> Result<(), Stuck> {
        let mut moved_up: BTreeMap<usize, Human> = BTreeMap::new();
        let mut seen_from: BTreeMap<Human, usize> = BTreeMap::new();
        let mut reached = vec![stage];
        let mut queue = VecDeque::from([stage]);
        while let Some(at) = queue.pop_front() {
            for person in self.pools.get(at).into_iter().flatten().copied() {
                if Some(person) == without || seen_from.contains_key(&person) {
                    continue;
                }
                seen_from.insert(person, at);
                match self.held.get(&person) {
                    None => {
                        self.shift(person, &moved_up, &seen_from);
                        return Ok(());
                    }
                    Some(&other) if !reached.contains(&other) => {
                        moved_up.insert(other, person);
                        reached.push(other);
                        queue.push_back(other);
                    }
                    Some(_) => {}
                }
            }
        }
        reached.sort_unstable();
        Err(Stuck { stages: reached, people: seen_from.len() })
    }

    /// Walks the path back: each person takes the seat of the one who moves on, the last one the vacant seat.
    fn shift(&mut self, free: Human, moved_up: &BTreeMap<usize, Human>, seen_from: &BTreeMap<Human, usize>) {
        let mut person = free;
        while let Some(&at) = seen_from.get(&person) {
            self.held.insert(person, at);
            match moved_up.get(&at) {
                Some(&next) => person = next,
                None => break,
            }
        }
    }
}
