//! The test mail. It goes past the outbox: whoever tests wants the mail server's answer, not a place in the queue.

use countersign_core::id::PersonId;
use countersign_core::time::Span;
use countersign_notify::notice::TestMail;
use countersign_notify::{Fault, Notice, Receipt, Stamp, render};

use super::{blocking, resolve, send};
use crate::handle::EngineHandle;

/// How soon the next one may follow: enough to try again, too little to fill a mailbox.
const NEXT: Span = Span::from_secs(10);

/// What became of a test mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailTest {
    /// There is no way to send.
    NotSetUp,
    /// The last one was only just sent.
    TooSoon,
    /// The mail server took it, in its words.
    Accepted(String),
    /// It was written to a file; nobody was told.
    Spooled(String),
    /// It was not sent.
    Failed {
        /// Why.
        why: String,
        /// Whether trying again may help.
        again: bool,
    },
}

pub(crate) async fn mail(engine: &EngineHandle, to: PersonId) -> MailTest {
    let Some(mail) = engine.inner().mail.clone() else { return MailTest::NotSetUp };
    let now = engine.now();
    if !engine.may_test(now, NEXT) {
        return MailTest::TooSoon;
    }
    let failed = |why: String| MailTest::Failed { why, again: false };
    let (preparing, config) = (engine.clone(), mail.clone());
    let prepared = blocking(move || {
        let (state, reader) = (preparing.state(), preparing.reader());
        let Some(recipient) = resolve::recipient(&state, &*reader, to) else { return Ok(None) };
        let by = resolve::person(&state, &*reader, to);
        let server = "the server that the configuration names".to_owned();
        let notice = Notice::TestMail(TestMail { by, server, at: now.as_micros() });
        let stamp = Stamp { key: format!("test-{}-{to}", now.as_micros()), now: now.as_micros() };
        Ok(Some(render(&send::site(&state, &config), &notice, &recipient, &stamp)))
    });
    let message = match prepared.await {
        Ok(Some(Ok(message))) => message,
        Ok(Some(Err(error))) => return failed(error.to_string()),
        Ok(None) => return failed("your address was erased".to_owned()),
        Err(error) => return failed(error.to_string()),
    };
    match mail.mailer.send(&message).await {
        Ok(Receipt::Accepted(answer)) => MailTest::Accepted(answer),
        Ok(Receipt::Spooled(path)) => MailTest::Spooled(path.display().to_string()),
        Err(error) => MailTest::Failed { again: error.fault != Fault::Permanent, why: error.to_string() },
    }
}
