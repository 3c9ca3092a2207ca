//! What each one may have at once, so that no single one takes all connections, threads or memory (G22).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// A share for everybody, of the same size: for a person, or for an address.
#[derive(Debug)]
pub(crate) struct Shares<K> {
    most: usize,
    /// Of who uses theirs.
    of: Mutex<BTreeMap<K, Weak<Semaphore>>>,
}

impl<K: Ord> Shares<K> {
    pub(crate) const fn new(most: usize) -> Self {
        Self { most, of: Mutex::new(BTreeMap::new()) }
    }

    pub(crate) const fn most(&self) -> usize {
        self.most
    }

    /// One more, to be held while it is used; none while they hold all of theirs.
    pub(crate) fn take(&self, who: K) -> Option<OwnedSemaphorePermit> {
        self.of(who).try_acquire_owned().ok()
    }

    /// The same, waited for.
    pub(crate) async fn wait(&self, who: K) -> Result<OwnedSemaphorePermit, AcquireError> {
        self.of(who).acquire_owned().await
    }

    fn of(&self, who: K) -> Arc<Semaphore> {
        let mut all = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, share| share.strong_count() > 0);
        if let Some(share) = all.get(&who).and_then(Weak::upgrade) {
            return share;
        }
        let share = Arc::new(Semaphore::new(self.most));
        all.insert(who, Arc::downgrade(&share));
        share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g22_each_has_a_share_of_their_own_and_nothing_is_kept_of_who_uses_none() {
        let shares = Shares::new(2);
        let held = [shares.take("rita").unwrap(), shares.take("rita").unwrap()];
        assert!(shares.take("rita").is_none());
        drop(shares.take("sam").unwrap());
        drop(held);
        drop(shares.take("rita").unwrap());
        drop(shares.take("sam").unwrap());
        assert_eq!(shares.of.lock().unwrap().len(), 1);
    }
}
