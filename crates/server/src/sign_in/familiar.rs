//! Addresses that a person has signed in from lately.

use std::net::IpAddr;

use countersign_core::id::PersonId;
use countersign_core::time::Span;
use countersign_identity::throttle::Origin;

use crate::app::App;
use crate::problem::Result;

/// How long an address stays familiar.
const LATELY: Span = Span::from_hours(24 * 30);

/// Keyed, so that the table tells nobody where people are.
fn key(app: &App, person: PersonId, address: IpAddr) -> String {
    let digest = app
        .key()
        .digest("countersign familiar address v1", &[person.as_bytes(), address.to_string().as_bytes()]);
    format!("familiar:{}", hex::encode(digest))
}

/// Whether the person has signed in from there lately.
pub(crate) async fn origin(app: &App, person: Option<PersonId>, address: IpAddr) -> Result<Origin> {
    let Some(person) = person else { return Ok(Origin::New) };
    let (key, now) = (key(app, person, address), app.now());
    let seen = app.ops(move |ops| Ok(ops.throttle(&key)?)).await?;
    let lately = seen.is_some_and(|seen| now.since(seen.since) < LATELY);
    Ok(if lately { Origin::Familiar } else { Origin::New })
}

/// The person has signed in from there now.
pub(crate) async fn note(app: &App, person: PersonId, address: IpAddr) -> Result<()> {
    let (key, now) = (key(app, person, address), app.now());
    // The count begins anew each time, so that `since` is the last sign-in.
    app.ops(move |ops| Ok(ops.count_throttle(&key, now, now)?)).await.map(|_| ())
}
