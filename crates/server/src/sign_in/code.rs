//! Second factors: a code of the authenticator, or one of the recovery codes.

use countersign_core::actor::Principal;
use countersign_core::event::body::Credential;
use countersign_core::id::PersonId;
use countersign_core::policy::Assurance;
use countersign_identity::{recovery, totp};
use countersign_store::Step;

use super::credential;
use crate::app::App;
use crate::problem::Result;

/// Whether a code was right.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    Right,
    Wrong,
}

/// Takes a code: each counts once.
pub(crate) async fn take(app: &App, person: PersonId, code: &str) -> Result<Shown> {
    if let Some(stored) = credential::read(app, person, Credential::Totp).await?
        && let Some(secret) = credential::authenticator(&stored)
        && let Ok(step) = totp::verify(&secret, code, app.now().as_micros(), None)
    {
        let taken = app.ops(move |ops| Ok(ops.take_totp_step(person, step.0)?)).await?;
        return Ok(if taken == Step::Taken { Shown::Right } else { Shown::Wrong });
    }
    take_recovery(app, person, code).await
}

async fn take_recovery(app: &App, person: PersonId, code: &str) -> Result<Shown> {
    // One at a time: a code that two sign-ins show at once counts for one of them.
    let _turn = app.recovery().lock().await;
    let Some(stored) = credential::read(app, person, Credential::Recovery).await? else {
        return Ok(Shown::Wrong);
    };
    let mut hashes = credential::read_codes(&stored);
    let Some(at) = recovery::find(app.key(), &person.to_string(), code, &hashes) else {
        return Ok(Shown::Wrong);
    };
    hashes.remove(at);
    let left = credential::write_codes(&hashes);
    // The code is the second factor, and it was right.
    let principal = Principal::session(person, Assurance::SecondFactor, app.now());
    credential::set(app, principal, person, None, Credential::Recovery, left).await?;
    Ok(Shown::Right)
}
