use std::collections::BTreeMap;

use crate::UnixMicros;

/// How one table throttles.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    /// Attempts without a wait.
    pub(super) free: u32,
    /// The first wait; each further one is twice as long.
    pub(super) first: UnixMicros,
    pub(super) ceiling: UnixMicros,
    /// An entry without attempts for so long is as if it had never been.
    pub(super) forget: UnixMicros,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    attempts: u32,
    last: UnixMicros,
}

#[derive(Clone, Debug)]
pub(super) struct Table<K> {
    rule: Rule,
    capacity: usize,
    entries: BTreeMap<K, Entry>,
}

impl<K: Ord + Copy> Table<K> {
    pub(super) const fn new(rule: Rule, capacity: usize) -> Self {
        Self { rule, capacity, entries: BTreeMap::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// From when on the next attempt is admitted. Never further away than the ceiling, even if
    /// the clock was set back since the last attempt.
    pub(super) fn until(&self, key: &K, now: UnixMicros) -> UnixMicros {
        let Some(entry) = self.entries.get(key).filter(|entry| !self.forgotten(entry, now)) else {
            return now;
        };
        let Some(over) = entry.attempts.checked_sub(self.rule.free) else { return now };
        let factor = 1_i64.checked_shl(over.min(40)).unwrap_or(i64::MAX);
        let wait = self.rule.first.saturating_mul(factor).min(self.rule.ceiling);
        entry.last.min(now).saturating_add(wait)
    }

    pub(super) fn count(&mut self, key: K, now: UnixMicros) {
        let attempts = match self.entries.get(&key) {
            Some(entry) if !self.forgotten(entry, now) => entry.attempts.saturating_add(1),
            Some(_) => 1,
            None => {
                self.make_room(now);
                1
            }
        };
        self.entries.insert(key, Entry { attempts, last: now });
    }

    pub(super) fn clear(&mut self, key: &K) {
        self.entries.remove(key);
    }

    pub(super) fn give_back(&mut self, key: &K) {
        if let Some(entry) = self.entries.get_mut(key) {
            entry.attempts = entry.attempts.saturating_sub(1);
        }
    }

    fn forgotten(&self, entry: &Entry, now: UnixMicros) -> bool {
        now.saturating_sub(entry.last) >= self.rule.forget
    }

    /// Drops what is forgotten; if that is not enough, the eighth with the fewest attempts, oldest
    /// first, so that a flood of names pushes out itself and not the account under attack.
    fn make_room(&mut self, now: UnixMicros) {
        if self.entries.len() < self.capacity {
            return;
        }
        let forget = self.rule.forget;
        self.entries.retain(|_, entry| now.saturating_sub(entry.last) < forget);
        let excess = (self.entries.len() + 1).saturating_sub(self.capacity);
        if excess == 0 {
            return;
        }
        let mut order: Vec<_> = self.entries.iter().map(|(key, e)| (e.attempts, e.last, *key)).collect();
        order.sort_unstable();
        for (_, _, key) in order.into_iter().take(excess.max(self.capacity / 8)) {
            self.entries.remove(&key);
        }
    }
}
