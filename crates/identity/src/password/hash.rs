use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::phc::PasswordHash,
};

use super::Password;
use crate::keyed::Key;

/// What one hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

/// A stored password: a string in the PHC format, `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.
#[derive(Clone, PartialEq, Eq)]
pub struct Phc(String);

/// The outcome of a check.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Right,
    Wrong,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashFault {
    #[error("these Argon2 parameters are out of bounds")]
    Cost,
    #[error("the stored password is not an Argon2id hash within bounds")]
    Stored,
    #[error("hashing failed")]
    Hashing,
}

/// Hashes and checks passwords at one cost. Each call takes tens of milliseconds and `memory_kib`
/// of memory: run it on a blocking thread, few at a time.
#[derive(Clone)]
pub struct Hasher {
    cost: Cost,
    argon: Argon2<'static>,
    dummy: Phc,
}

impl Default for Cost {
    /// OWASP's smallest recommendation: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 }
    }
}

impl Cost {
    /// The highest cost that is accepted, also in a stored hash: no row may stall the server.
    const CEILING: Self = Self { memory_kib: 1024 * 1024, passes: 16, lanes: 16 };

    const fn within(self, ceiling: Self) -> bool {
        self.memory_kib <= ceiling.memory_kib && self.passes <= ceiling.passes && self.lanes <= ceiling.lanes
    }
}

impl Hasher {
    /// # Errors
    /// [`HashFault::Cost`].
    pub fn new(cost: Cost) -> Result<Self, HashFault> {
        if !cost.within(Cost::CEILING) {
            return Err(HashFault::Cost);
        }
        let params =
            Params::new(cost.memory_kib, cost.passes, cost.lanes, None).map_err(|_| HashFault::Cost)?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        // Nobody's password: whatever is typed for an unknown person is compared with it.
        let dummy = hash(&argon, b"nobody", &[0; 16])?;
        Ok(Self { cost, argon, dummy })
    }

    /// Hashes a new password with 16 bytes of entropy as salt.
    ///
    /// # Errors
    /// [`HashFault::Hashing`].
    pub fn hash(&self, password: &Password, salt: &[u8; 16]) -> Result<Phc, HashFault> {
        hash(&self.argon, password.reveal().as_bytes(), salt)
    }

    /// Checks a typed password in constant time. For an unknown person, or one without a password,
    /// give `None`: the same work is done and the answer is `Wrong`.
    pub fn verify(&self, password: &Password, stored: Option<&Phc>) -> Verdict {
        let right = PasswordHash::new(&stored.unwrap_or(&self.dummy).0)
            .is_ok_and(|parsed| self.argon.verify_password(password.reveal().as_bytes(), &parsed).is_ok());
        if right && stored.is_some() { Verdict::Right } else { Verdict::Wrong }
    }

    /// Whether a stored hash was made at another cost; after a successful sign-in it is made anew.
    #[must_use]
    pub fn needs_rehash(&self, stored: &Phc) -> bool {
        cost_of(&stored.0) != Ok(self.cost)
    }
}

impl Phc {
    /// Takes a stored string.
    ///
    /// # Errors
    /// [`HashFault::Stored`] if it is not Argon2id, lacks salt or hash, or costs more than the ceiling.
    pub fn parse(text: &str) -> Result<Self, HashFault> {
        if !cost_of(text)?.within(Cost::CEILING) {
            return Err(HashFault::Stored);
        }
        Ok(Self(text.to_owned()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Phc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Phc(…)")
    }
}

/// What a `CredentialSet` event says of a password row: the row counts only while this is equal,
/// so a hash planted in the database opens nothing.
#[must_use]
pub fn keyed_digest(key: &Key, phc: &Phc) -> [u8; 32] {
    key.digest("countersign password row v1", &[phc.0.as_bytes()])
}

fn hash(argon: &Argon2<'_>, password: &[u8], salt: &[u8; 16]) -> Result<Phc, HashFault> {
    let made: PasswordHash = argon.hash_password_with_salt(password, salt).map_err(|_| HashFault::Hashing)?;
    Ok(Phc(made.to_string()))
}

fn cost_of(text: &str) -> Result<Cost, HashFault> {
    let parsed = PasswordHash::new(text).map_err(|_| HashFault::Stored)?;
    if parsed.algorithm != Algorithm::Argon2id.ident() || parsed.salt.is_none() || parsed.hash.is_none() {
        return Err(HashFault::Stored);
    }
    let params = Params::try_from(&parsed).map_err(|_| HashFault::Stored)?;
    Ok(Cost { memory_kib: params.m_cost(), passes: params.t_cost(), lanes: params.p_cost() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };

    fn password(text: &str) -> Password {
        Password::parse(text).unwrap()
    }

    #[test]
    fn there_and_back() {
        let hasher = Hasher::new(CHEAP).unwrap();
        let stored = hasher.hash(&password("correct horse"), &[1; 16]).unwrap();
        assert!(stored.as_str().starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{}", stored.as_str());
        let stored = Phc::parse(stored.as_str()).unwrap();
        assert_eq!(hasher.verify(&password("correct horse"), Some(&stored)), Verdict::Right);
        assert_eq!(hasher.verify(&password("correct horsf"), Some(&stored)), Verdict::Wrong);
        assert_ne!(hasher.hash(&password("correct horse"), &[2; 16]).unwrap(), stored);
    }

    #[test]
    fn unknown_people_are_never_right() {
        let hasher = Hasher::new(CHEAP).unwrap();
        // Not even with the text behind the dummy hash.
        assert_eq!(hasher.verify(&password("nobody"), None), Verdict::Wrong);
    }

    #[test]
    fn rehash_when_the_cost_changed() {
        let cheap = Hasher::new(CHEAP).unwrap();
        let dearer = Hasher::new(Cost { memory_kib: 128, ..CHEAP }).unwrap();
        let stored = cheap.hash(&password("correct horse"), &[1; 16]).unwrap();
        assert!(!cheap.needs_rehash(&stored) && dearer.needs_rehash(&stored));
        assert_eq!(dearer.verify(&password("correct horse"), Some(&stored)), Verdict::Right);
        let default = Hasher::new(Cost::default()).unwrap();
        assert!(default.dummy.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    }

    #[test]
    fn stored_hashes_are_bounded() {
        let good = Hasher::new(CHEAP).unwrap().hash(&password("correct horse"), &[1; 16]).unwrap();
        let good = good.as_str();
        for bad in [
            String::new(),
            "correct horse".into(),
            good.replace("argon2id", "argon2i"),
            good.replace("m=64", "m=4194304"),
            good.replace("t=1", "t=4000000"),
            good.rsplit_once('$').unwrap().0.into(),
        ] {
            assert_eq!(Phc::parse(&bad), Err(HashFault::Stored), "{bad}");
        }
        assert!(Hasher::new(Cost { memory_kib: 1, ..CHEAP }).is_err());
        assert!(Hasher::new(Cost { passes: 99, ..CHEAP }).is_err());
    }

    #[test]
    fn a_planted_row_has_another_digest() {
        let hasher = Hasher::new(CHEAP).unwrap();
        let one = hasher.hash(&password("correct horse"), &[1; 16]).unwrap();
        let planted = hasher.hash(&password("correct horse"), &[2; 16]).unwrap();
        let key = Key::new([5; 32]);
        assert_eq!(keyed_digest(&key, &one), keyed_digest(&key, &one));
        assert_ne!(keyed_digest(&key, &one), keyed_digest(&key, &planted));
        assert_ne!(keyed_digest(&key, &one), keyed_digest(&Key::new([6; 32]), &one));
    }
}
