//! Deliveries whose time has come.

use std::sync::Arc;

use countersign_core::state::State;
use countersign_core::time::Instant;
use countersign_notify::{Fault, OutgoingMail, Receipt, Site, Stamp, render};
use countersign_store::{Delivery, Error, Failure};

use super::{AT_ONCE, GIVE_UP_AFTER, NOT_NEEDED, blocking, compose, expand, resolve, wait};
use crate::config::MailConfig;
use crate::handle::EngineHandle;
use crate::writer::OutboxEntry;

/// What to do about one delivery.
enum Prepared {
    Mail(Box<OutgoingMail>),
    /// Its point is gone.
    NotNeeded,
    /// It can never be sent, for this reason.
    Impossible(String),
}

/// Sends what is due; says how many were tried.
pub(super) async fn due(engine: &EngineHandle, mail: &MailConfig) -> Result<usize, Error> {
    let (ops, now) = (engine.ops(), engine.now());
    let due = blocking(move || ops.due(now, AT_ONCE)).await?;
    let count = due.len();
    for delivery in due {
        one(engine, mail, delivery).await?;
    }
    Ok(count)
}

async fn one(engine: &EngineHandle, mail: &MailConfig, delivery: Delivery) -> Result<(), Error> {
    let (preparing, config, wanted) = (engine.clone(), mail.clone(), delivery.clone());
    let prepared = blocking(move || prepare(&preparing, &config, &wanted)).await?;
    let outcome = match prepared {
        Prepared::Mail(message) => match Arc::clone(&mail.mailer).send(&message).await {
            Ok(Receipt::Accepted(_) | Receipt::Spooled(_)) => Ok(()),
            Err(error) => Err((error.to_string(), error.fault)),
        },
        Prepared::NotNeeded => Err((NOT_NEEDED.to_owned(), Fault::Permanent)),
        Prepared::Impossible(why) => Err((why, Fault::Permanent)),
    };
    let (ops, now, id) = (engine.ops(), engine.now(), delivery.id);
    match outcome {
        Ok(()) => blocking(move || ops.delivered(id, now)).await,
        Err((why, fault)) => {
            let failure = again(&delivery, fault, now, first(engine, delivery.seq).await);
            if failure == Failure::Permanent && why != NOT_NEEDED {
                tracing::error!(id, seq = delivery.seq, why, "a message was given up");
            }
            blocking(move || ops.failed(id, &why, failure, now)).await
        }
    }
}

/// When the event happened: since then the message waits.
async fn first(engine: &EngineHandle, seq: u64) -> Option<Instant> {
    let reader = engine.reader();
    blocking(move || expand::event(&*reader, seq)).await.ok().flatten().map(|event| event.time)
}

fn again(delivery: &Delivery, fault: Fault, now: Instant, since: Option<Instant>) -> Failure {
    let too_old = since.is_some_and(|since| now.since(since) > GIVE_UP_AFTER);
    match fault {
        Fault::Permanent => Failure::Permanent,
        Fault::Transient | Fault::Relay if too_old => Failure::Permanent,
        Fault::Transient | Fault::Relay => Failure::Transient(now.plus(wait(delivery.tries))),
    }
}

fn prepare(engine: &EngineHandle, mail: &MailConfig, delivery: &Delivery) -> Result<Prepared, Error> {
    let impossible = |why: &str| Ok(Prepared::Impossible(why.to_owned()));
    let (state, reader, now) = (engine.state(), engine.reader(), engine.now());
    let Ok(entry) = serde_json::from_str::<OutboxEntry>(&delivery.audience) else {
        return impossible("the audience cannot be read");
    };
    let Ok(person) = delivery.recipient.parse() else { return impossible("the recipient is no person") };
    let Some(recipient) = resolve::recipient(&state, &*reader, person) else {
        return impossible("the recipient's address was erased");
    };
    let Some(event) = expand::event(&*reader, delivery.seq)? else { return impossible("the event is gone") };
    let sources = compose::Sources { engine, state: &state, reader: &*reader, event: &event, now };
    let notice = match compose::compose(&sources, &entry)? {
        compose::Composed::Notice(notice) => notice,
        compose::Composed::NotNeeded => return Ok(Prepared::NotNeeded),
        compose::Composed::Missing(what) => return impossible(what),
    };
    let site = site(&state, mail);
    let key = format!("{}-{}-{}", delivery.seq, notice.kind(), delivery.recipient);
    match render(&site, &notice, &recipient, &Stamp { key, now: now.as_micros() }) {
        Ok(message) => Ok(Prepared::Mail(Box::new(message))),
        Err(error) => Ok(Prepared::Impossible(error.to_string())),
    }
}

/// The installation as mails show it.
pub(super) fn site(state: &State, mail: &MailConfig) -> Site {
    Site {
        organization: state.organization.name.clone(),
        public_url: mail.public_url.clone(),
        ledger: state.organization.ledger.clone(),
        sender_name: mail.sender_name.clone(),
        sender_address: mail.sender_address.clone(),
        demo: mail.demo.clone(),
    }
}
