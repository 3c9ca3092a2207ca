//! Credentials as they are stored, and the keyed digests that make a row count.

use countersign_core::actor::Principal;
use countersign_core::command::Command;
use countersign_core::event::body::Credential;
use countersign_core::id::PersonId;
use countersign_engine::Submission;
use countersign_identity::base32::{self, RFC4648};
use countersign_identity::keyed::{Key, same};
use countersign_identity::password::{self, Password, Phc};
use countersign_identity::recovery::CodeHash;
use countersign_identity::totp::Secret;
use countersign_ledger::hash::Digest;
use countersign_store::SecretWrite;

use crate::app::App;
use crate::problem::{Problem, Result};

/// The keyed digest of a credential's row.
pub(crate) fn digest(key: &Key, credential: Credential, stored: &str) -> Option<Digest> {
    Some(Digest::from_bytes(match credential {
        Credential::Password => password::keyed_digest(key, &Phc::parse(stored).ok()?),
        Credential::Totp => key.digest("countersign authenticator row v1", &[stored.as_bytes()]),
        Credential::Recovery => key.digest("countersign recovery row v1", &[stored.as_bytes()]),
    }))
}

/// A person's credential, if the row is the one that the ledger vouches for.
pub(crate) async fn read(app: &App, person: PersonId, credential: Credential) -> Result<Option<String>> {
    let state = app.state();
    let Some(in_force) = state.directory.person(person).and_then(|person| match credential {
        Credential::Password => person.credentials.password,
        Credential::Totp => person.credentials.totp,
        Credential::Recovery => person.credentials.recovery,
    }) else {
        return Ok(None);
    };
    let stored = app.read(move |reader| Ok(reader.secret(person, credential)?)).await?;
    let counts = |stored: &String| {
        digest(app.key(), credential, stored).is_some_and(|found| same(found.as_bytes(), in_force.as_bytes()))
    };
    let counted = stored.filter(counts);
    if counted.is_none() {
        tracing::error!(person = %person, ?credential, "a stored credential is not the one in the ledger");
    }
    Ok(counted)
}

/// Puts a credential into force; the row and the event that vouches for it are one transaction.
pub(crate) async fn set(
    app: &App,
    principal: Principal,
    person: PersonId,
    link: Option<Digest>,
    credential: Credential,
    stored: String,
) -> Result<()> {
    let digest = digest(app.key(), credential, &stored)
        .ok_or_else(|| Problem::internal("a credential has no stored form"))?;
    let command = Command::SetCredential { person, link, credential, digest };
    let secret = SecretWrite { person, credential, secret: Some(stored) };
    app.submit(Submission::new(principal, command).with_secret(secret)).await?.reply?;
    Ok(())
}

/// Puts a second factor into force with its recovery codes: one act, and one transaction.
pub(crate) async fn set_factor(
    app: &App,
    principal: Principal,
    person: PersonId,
    totp: String,
    recovery: String,
) -> Result<()> {
    let of = |credential, stored: &str| {
        digest(app.key(), credential, stored)
            .ok_or_else(|| Problem::internal("a credential has no stored form"))
    };
    let command = Command::SetFactor {
        totp: of(Credential::Totp, &totp)?,
        recovery: of(Credential::Recovery, &recovery)?,
    };
    let write = |credential, secret| SecretWrite { person, credential, secret: Some(secret) };
    let submission = Submission::new(principal, command)
        .with_secret(write(Credential::Recovery, recovery))
        .with_secret(write(Credential::Totp, totp));
    app.submit(submission).await?.reply?;
    Ok(())
}

/// Takes a second factor out of force with its recovery codes, and their rows away.
pub(crate) async fn remove_factor(app: &App, principal: Principal, person: PersonId) -> Result<()> {
    let command = Command::RemoveCredential { credential: Credential::Totp };
    let write = |credential| SecretWrite { person, credential, secret: None };
    let submission = Submission::new(principal, command)
        .with_secret(write(Credential::Totp))
        .with_secret(write(Credential::Recovery));
    app.submit(submission).await?.reply?;
    Ok(())
}

/// Hashes a new password, which must not be a weak one for this person.
pub(crate) async fn new_password(app: &App, person: PersonId, typed: &str) -> Result<String> {
    let password = Password::parse(typed).map_err(|fault| Problem::invalid(sentence(&fault)))?;
    let about = crate::see::people::about(app, person).await?;
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    password::check(&password, &about).map_err(|weak| Problem::invalid(sentence(&weak)))?;
    let seed = app.seed()?;
    let salt: [u8; 16] = *seed.first_chunk().unwrap_or(&[0; 16]);
    let _turn = app.checks().acquire().await.map_err(Problem::internal)?;
    let hasher = app.hasher().clone();
    let hashed = tokio::task::spawn_blocking(move || hasher.hash(&password, &salt));
    let phc = hashed.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    Ok(phc.as_str().to_owned())
}

fn sentence(fault: &impl std::fmt::Display) -> String {
    let text = fault.to_string();
    let mut letters = text.chars();
    let first: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// An authenticator's secret as stored.
pub(crate) fn authenticator(stored: &str) -> Option<Secret> {
    let bytes: [u8; 20] = base32::decode(stored, RFC4648)?.try_into().ok()?;
    Some(Secret::from_entropy(bytes))
}

/// Recovery codes as stored: their hashes in hexadecimal, one after the other.
pub(crate) fn write_codes(hashes: &[CodeHash]) -> String {
    hashes.iter().map(hex::encode).collect::<Vec<_>>().join(" ")
}

/// Reads what [`write_codes`] wrote.
pub(crate) fn read_codes(stored: &str) -> Vec<CodeHash> {
    stored.split(' ').filter_map(|code| hex::decode(code).ok()?.try_into().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_forms_are_read_back() {
        let secret = Secret::from_entropy([7; 20]);
        assert_eq!(authenticator(&secret.to_base32()).unwrap().as_bytes(), secret.as_bytes());
        let hashes = [[1; 32], [2; 32]];
        assert_eq!(read_codes(&write_codes(&hashes)), hashes);
        assert!(read_codes("").is_empty());
    }

    #[test]
    fn a_row_of_one_kind_vouches_for_no_other() {
        let key = Key::new([3; 32]);
        let one = digest(&key, Credential::Totp, "x");
        assert_ne!(one, digest(&key, Credential::Recovery, "x"));
        assert_eq!(digest(&key, Credential::Password, "not a hash"), None);
    }
}
