//! The check of a name and a password, and of codes: throttled, and alike for known and unknown names.

use std::net::IpAddr;

use countersign_core::event::body::Credential;
use countersign_core::id::PersonId;
use countersign_identity::password::{Password, Phc, Verdict};
use countersign_identity::throttle::{Account, Admission, Attempt, Origin};
use countersign_identity::upn::Upn;

use super::code::{self, Shown};
use super::{credential, failed, failures, familiar};
use crate::app::App;
use crate::problem::{Problem, Result};

/// The person with this name and password.
pub(crate) async fn password(app: &App, address: IpAddr, upn: &str, typed: &str) -> Result<PersonId> {
    let name = Upn::parse(upn).map(|upn| upn.as_str().to_owned());
    let person = match &name {
        Ok(name) => crate::see::people::by_upn(app, name).await?,
        Err(_) => None,
    };
    let name: String = name.unwrap_or_else(|_| upn.chars().take(254).collect());
    let attempt = admit(app, &name, address, familiar::origin(app, person, address).await?)?;
    if !matches(app, person, typed).await? {
        failures::record(app, person);
        return Err(failed());
    }
    let person = person.ok_or_else(failed)?;
    app.throttle().succeeded(attempt);
    Ok(person)
}

/// Whether this is the person's password now; for somebody signed in who is about to change it.
pub(crate) async fn own_password(app: &App, address: IpAddr, person: PersonId, typed: &str) -> Result<()> {
    let attempt = admit(app, &format!("own {person}"), address, Origin::New)?;
    if !matches(app, Some(person), typed).await? {
        failures::record(app, Some(person));
        return Err(failed());
    }
    app.throttle().succeeded(attempt);
    Ok(())
}

/// Takes a second factor of a person whose password was right.
pub(crate) async fn second_factor(app: &App, address: IpAddr, person: PersonId, typed: &str) -> Result<()> {
    let attempt = admit(app, &format!("code {person}"), address, Origin::New)?;
    if code::take(app, person, typed).await? == Shown::Wrong {
        failures::record(app, Some(person));
        return Err(failed());
    }
    app.throttle().succeeded(attempt);
    Ok(())
}

/// Counts an attempt, or says how long to wait.
pub(crate) fn admit(app: &App, name: &str, address: IpAddr, origin: Origin) -> Result<Attempt> {
    let attempt = Attempt { account: Account::new(app.key(), name), source: address.into(), origin };
    let now = app.now().as_micros();
    let admission = app.throttle().admit(attempt, now);
    match admission {
        Admission::Go => Ok(attempt),
        Admission::Wait { until } => {
            let micros = u64::try_from(until.saturating_sub(now)).unwrap_or(0);
            Err(Problem::wait(micros.div_ceil(1_000_000).max(1)))
        }
    }
}

/// The same work is done whoever it is, few at a time.
async fn matches(app: &App, person: Option<PersonId>, typed: &str) -> Result<bool> {
    let enabled = person.filter(|person| app.state().directory.enabled(*person));
    let stored = match enabled {
        Some(person) => credential::read(app, person, Credential::Password).await?,
        None => None,
    };
    let stored = stored.and_then(|stored| Phc::parse(&stored).ok());
    let Ok(password) = Password::parse(typed) else { return Ok(false) };
    let _turn = app.checks().acquire().await.map_err(Problem::internal)?;
    let hasher = app.hasher().clone();
    let verdict = tokio::task::spawn_blocking(move || hasher.verify(&password, stored.as_ref()));
    Ok(verdict.await.map_err(Problem::internal)? == Verdict::Right)
}
