//! Sets a first or new password by a single-use link.

use axum::Extension;
use axum::extract::State;
use axum::routing::post;
use countersign_core::actor::Principal;
use countersign_core::event::body::Credential;
use countersign_core::id::PersonId;
use countersign_core::policy::Assurance;
use countersign_identity::throttle::Origin;
use countersign_identity::token::{Kind, Token};
use countersign_ledger::hash::Digest;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::client_address::ClientAddress;
use crate::json::{Answer, Body};
use crate::problem::{Problem, Result};
use crate::routes::{Access, Route, json};
use crate::schema::text;
use crate::see::people::Names;
use crate::sign_in::{check, credential, failures, session};

pub(crate) static ROUTE: Route = Route {
    access: Access::Public,
    reason: "public: the link's secret is the credential; throttled by address",
    summary: "Sets a password by the link of an invitation or a reset. The link works once.",
    body: Some(json::<Redemption>()),
    answer: json::<Redeemed>(),
    ..Route::post("/api/v1/invitations/redeem", || post(redeem))
};

/// A single-use link and the password to be set.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Redemption {
    link: String,
    password: String,
}

/// A link that was redeemed.
#[derive(Serialize, JsonSchema)]
struct Redeemed {
    #[schemars(with = "text::PersonId")]
    person: PersonId,
    /// Their sign-in name.
    upn: String,
}

fn used_or_over() -> Problem {
    Problem::new(
        axum::http::StatusCode::NOT_FOUND,
        "not_found",
        "The link was used already, or its time is over.",
    )
    .hint("ask an administrator for a new one")
}

async fn redeem(
    State(app): State<App>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    Body(form): Body<Redemption>,
) -> Result<Answer<Redeemed>> {
    // An address that tries links counts as one that guesses passwords.
    let attempt = check::admit(&app, &format!("link {address}"), address, Origin::New)?;
    // A link is pasted with what surrounds it: an address ends with it.
    let secret = form.link.trim().rsplit('#').next().unwrap_or_default();
    let Ok(token) = Token::parse(Kind::Link, secret) else {
        failures::record(&app, None);
        return Err(used_or_over());
    };
    let (state, now, secret) = (app.state(), app.now(), Digest::from_bytes(token.hash().0));
    let mut links = state.invitations.values();
    let found = links.find(|link| link.secret == secret && now < link.until);
    let Some(person) = found.map(|link| link.person) else {
        failures::record(&app, None);
        return Err(used_or_over());
    };
    app.throttle().succeeded(attempt);
    let stored = credential::new_password(&app, person, &form.password).await?;
    let principal = Principal::session(person, Assurance::Session, now);
    credential::set(&app, principal, person, Some(secret), Credential::Password, stored).await?;
    session::end_all(&app, person).await?;
    let upn = app.read(move |reader| Ok(Names::load(reader, [person])?.upn(person))).await?;
    Ok(Answer(Redeemed { person, upn }))
}
