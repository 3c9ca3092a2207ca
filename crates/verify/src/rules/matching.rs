//! Whether distinct people fill seats (G10).

use std::collections::{BTreeMap, BTreeSet};

use crate::form::Person;

/// The seats of one stage, and the humans who may take them.
pub(super) struct Stage {
    pub(super) seats: u16,
    pub(super) people: BTreeSet<Person>,
}

/// Whether every seat can be given to a human of its stage, no human taking two.
pub(super) fn fills(stages: &[Stage]) -> bool {
    let mut taken = BTreeMap::new();
    stages
        .iter()
        .enumerate()
        .all(|(index, stage)| (0..stage.seats).all(|_| seat(stages, index, &mut taken, &mut BTreeSet::new())))
}

/// Gives a seat of this stage to somebody, moving others to other seats if that frees one.
fn seat(
    stages: &[Stage],
    index: usize,
    taken: &mut BTreeMap<Person, usize>,
    tried: &mut BTreeSet<Person>,
) -> bool {
    let Some(stage) = stages.get(index) else { return false };
    for person in &stage.people {
        if !tried.insert(*person) {
            continue;
        }
        let free = match taken.get(person).copied() {
            None => true,
            Some(elsewhere) => elsewhere != index && seat(stages, elsewhere, taken, tried),
        };
        if free {
            taken.insert(*person, index);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g10_people_move_to_free_a_seat() {
        let stage = |seats, people: &[u8]| Stage {
            seats,
            people: people.iter().map(|n| Person::of([*n; 16])).collect(),
        };
        assert!(fills(&[]));
        assert!(fills(&[stage(1, &[1, 2]), stage(1, &[1])]));
        assert!(fills(&[stage(2, &[1, 2, 3]), stage(1, &[1]), stage(0, &[])]));
        assert!(!fills(&[stage(2, &[1, 2]), stage(1, &[1])]));
        assert!(!fills(&[stage(1, &[1]), stage(1, &[1])]));
        assert!(!fills(&[stage(2, &[1])]));
    }
}
