//! Throttling of sign-in: a pure state machine over bounded tables.
//!
//! Every attempt counts before it is judged, so that parallel guesses can't slip through; success
//! takes the count back. After a few free attempts each further one must wait twice as long as
//! the one before, up to a ceiling of minutes: nobody can lock an account for ever, as waiting
//! refusals don't prolong the wait. Who signs in from an address that this account has signed in
//! from lately (*familiar*) waits on that pair alone, so an attacker elsewhere doesn't keep the
//! owner out at all. Addresses count over all accounts: against one guess at each of many.

mod table;

use std::net::IpAddr;

use crate::{HOUR, MINUTE, SECOND, UnixMicros, keyed::Key};

use table::{Rule, Table};

/// An account as the tables know it: a keyed digest of the normalized name, so that unknown names
/// behave like known ones and are recorded nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account([u8; 16]);

/// An address as the tables know it: IPv4 whole, IPv6 by its /64, which is one customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source([u8; 8]);

/// One attempt to sign in.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    pub account: Account,
    pub source: Source,
    pub origin: Origin,
}

/// Whether the account has signed in from this source within the last weeks, as the caller knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Familiar,
    New,
}

/// The answer to an attempt.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Judge it.
    Go,
    /// Refuse it unjudged; it may be sent again at this instant. It did not count.
    Wait { until: UnixMicros },
}

/// The state of one node.
#[derive(Clone, Debug)]
pub struct Throttle {
    accounts: Table<Account>,
    pairs: Table<(Account, Source)>,
    sources: Table<Source>,
}

const ACCOUNT: Rule = Rule { free: 5, first: SECOND, ceiling: 5 * MINUTE, forget: HOUR };
const PAIR: Rule = Rule { free: 5, first: SECOND, ceiling: 5 * MINUTE, forget: HOUR };
/// Many people may share an address, so it gets more free attempts.
const SOURCE: Rule = Rule { free: 30, first: SECOND, ceiling: 15 * MINUTE, forget: HOUR };

impl Throttle {
    /// `capacity` bounds each of three tables; about 100 bytes an entry.
    #[must_use]
    pub const fn new(capacity: usize) -> Self {
        Self {
            accounts: Table::new(ACCOUNT, capacity),
            pairs: Table::new(PAIR, capacity),
            sources: Table::new(SOURCE, capacity),
        }
    }

    /// Admits or refuses an attempt; an admitted one counts as a failure until [`Self::succeeded`].
    pub fn admit(&mut self, attempt: Attempt, now: UnixMicros) -> Admission {
        let pair = (attempt.account, attempt.source);
        let own = match attempt.origin {
            Origin::Familiar => self.pairs.until(&pair, now),
            Origin::New => self.accounts.until(&attempt.account, now),
        };
        let until = own.max(self.sources.until(&attempt.source, now));
        if until > now {
            return Admission::Wait { until };
        }
        match attempt.origin {
            Origin::Familiar => self.pairs.count(pair, now),
            Origin::New => self.accounts.count(attempt.account, now),
        }
        self.sources.count(attempt.source, now);
        Admission::Go
    }

    /// The admitted attempt was right: its account starts anew. The source only gets this attempt
    /// back, or one known password would pay for guessing others'.
    pub fn succeeded(&mut self, attempt: Attempt) {
        match attempt.origin {
            Origin::Familiar => self.pairs.clear(&(attempt.account, attempt.source)),
            Origin::New => self.accounts.clear(&attempt.account),
        }
        self.sources.give_back(&attempt.source);
    }

    /// Entries held in all tables.
    #[must_use]
    pub fn len(&self) -> usize {
        self.accounts.len() + self.pairs.len() + self.sources.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Account {
    /// From what was typed as a name, normalized where it could be.
    #[must_use]
    pub fn new(key: &Key, typed: &str) -> Self {
        let digest = key.digest("countersign throttle v1", &[typed.as_bytes()]);
        Self(*digest.first_chunk().unwrap_or(&[0; 16]))
    }
}

impl From<IpAddr> for Source {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => {
                let [a, b, c, d] = v4.octets();
                // Marked as in ::ffff:0:0/96; no global /64 starts with zeros.
                Self([0, 0, 0xFF, 0xFF, a, b, c, d])
            }
            IpAddr::V6(v6) => Self(*v6.octets().first_chunk().unwrap_or(&[0; 8])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(account: u8, host: u8, origin: Origin) -> Attempt {
        let source = Source::from(IpAddr::from([192, 0, 2, host]));
        Attempt { account: Account([account; 16]), source, origin }
    }

    /// Guesses as fast as admitted until `end`; returns how often.
    fn guess(throttle: &mut Throttle, attempt: Attempt, from: UnixMicros, end: UnixMicros) -> usize {
        let (mut now, mut admitted) = (from, 0);
        while now < end {
            match throttle.admit(attempt, now) {
                Admission::Go => admitted += 1,
                Admission::Wait { until } => now = until,
            }
        }
        admitted
    }

    #[test]
    fn waits_double_up_to_the_ceiling() {
        let mut throttle = Throttle::new(100);
        let one = attempt(1, 1, Origin::New);
        let mut now = 0;
        for _ in 0..5 {
            assert_eq!(throttle.admit(one, now), Admission::Go);
        }
        for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            let until = now + seconds * SECOND;
            assert_eq!(throttle.admit(one, now), Admission::Wait { until });
            assert_eq!(throttle.admit(one, until - 1), Admission::Wait { until }, "asking doesn't prolong");
            now = until;
            assert_eq!(throttle.admit(one, now), Admission::Go);
        }
    }

    #[test]
    fn a_day_of_guessing_is_a_hundred_guesses_or_two() {
        let one = attempt(1, 1, Origin::New);
        let admitted = guess(&mut Throttle::new(100), one, 0, 24 * HOUR);
        assert!((100..200).contains(&admitted), "{admitted}");
    }

    #[test]
    fn one_guess_at_each_of_many_accounts() {
        let mut throttle = Throttle::new(1000);
        let admitted =
            (0..200).filter(|n| throttle.admit(attempt(*n, 1, Origin::New), 0) == Admission::Go).count();
        assert_eq!(admitted, 30);
    }

    #[test]
    fn many_addresses_at_one_account() {
        let mut throttle = Throttle::new(1000);
        let admitted =
            (0..200).filter(|n| throttle.admit(attempt(1, *n, Origin::New), 0) == Admission::Go).count();
        assert_eq!(admitted, 5);
    }

    #[test]
    fn the_owner_at_a_familiar_address_is_not_kept_out() {
        let mut throttle = Throttle::new(100);
        guess(&mut throttle, attempt(1, 66, Origin::New), 0, HOUR);
        assert_eq!(throttle.admit(attempt(1, 1, Origin::Familiar), HOUR), Admission::Go);
        // But that address has limits of its own.
        let admitted = guess(&mut throttle, attempt(1, 1, Origin::Familiar), HOUR, HOUR + SECOND);
        assert_eq!(admitted, 4);
    }

    #[test]
    fn success_starts_anew_and_pays_for_nobody_else() {
        let mut throttle = Throttle::new(100);
        let own = attempt(1, 1, Origin::New);
        for round in 0..40 {
            // Between guesses at others, the attacker signs in to an own account.
            let _ = throttle.admit(attempt(100 + round, 1, Origin::New), 0);
            if throttle.admit(own, 0) == Admission::Go {
                throttle.succeeded(own);
            }
        }
        assert!(matches!(throttle.admit(own, 0), Admission::Wait { .. }));
    }

    #[test]
    fn forgotten_after_an_hour_and_bounded() {
        let mut throttle = Throttle::new(64);
        for n in 0..=255 {
            for host in 0..=255 {
                let _ = throttle.admit(attempt(n, host, Origin::New), 0);
            }
        }
        assert!(throttle.len() <= 128, "{}", throttle.len());
        let one = attempt(1, 1, Origin::New);
        guess(&mut throttle, one, 0, HOUR);
        assert_eq!((0..5).filter(|_| throttle.admit(one, 3 * HOUR) == Admission::Go).count(), 5);
    }

    #[test]
    fn flooding_the_table_does_not_free_a_guessed_account() {
        let mut throttle = Throttle::new(64);
        let victim = attempt(1, 1, Origin::New);
        for _ in 0..5 {
            let _ = throttle.admit(victim, 0);
        }
        for n in 2..=255 {
            let _ = throttle.admit(attempt(n, n, Origin::New), 1);
        }
        assert!(matches!(throttle.admit(victim, 2), Admission::Wait { .. }));
    }

    #[test]
    fn a_clock_set_back_does_not_lock() {
        let mut throttle = Throttle::new(64);
        let one = attempt(1, 1, Origin::New);
        guess(&mut throttle, one, 1000 * HOUR, 1001 * HOUR);
        let Admission::Wait { until } = throttle.admit(one, 0) else { panic!("still throttled") };
        assert!(until <= 5 * MINUTE);
    }

    #[test]
    fn sources() {
        let source = |text: &str| Source::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(source("2001:db8::1"), source("2001:db8::ffff:1"));
        assert_ne!(source("2001:db8::1"), source("2001:db8:0:1::1"));
        assert_eq!(source("::ffff:192.0.2.1"), source("192.0.2.1"));
        assert_ne!(source("192.0.2.2"), source("192.0.2.1"));
        let (one, two) = (Key::new([1; 32]), Key::new([2; 32]));
        assert_ne!(Account::new(&one, "ana"), Account::new(&two, "ana"));
    }
}
