use std::{future::Future, path::PathBuf, pin::Pin};

use countersign_text::{truncate, visible};
use lettre::address::Envelope;

/// A finished mail to one person.
#[derive(Clone)]
pub struct OutgoingMail {
    /// With angle brackets; the same for every attempt at the same mail, so that a mail sent twice
    /// is one to the reader's program.
    pub message_id: String,
    /// The kind of the notice.
    pub kind: &'static str,
    pub to: String,
    pub subject: String,
    /// The plain text, lines ending in `\n`.
    pub text: String,
    pub html: String,
    /// The whole message, RFC 5322.
    pub raw: Vec<u8>,
    pub(crate) envelope: Envelope,
}

/// What became of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// The server took it over, with this answer.
    Accepted(String),
    /// Nobody was told: it lies in this file.
    Spooled(PathBuf),
}

/// Why a mail was not sent, and what that means for the next attempt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault}{}: {detail}", code.map(|code| format!(" ({code})")).unwrap_or_default())]
pub struct SendError {
    pub fault: Fault,
    /// The server's three-digit answer, if there was one.
    pub code: Option<u16>,
    /// For people: one line, nothing hidden, at most 200 columns, no secrets.
    pub detail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// This may pass: try again later. It may also have arrived, if the connection was lost late.
    #[error("temporary failure")]
    Transient,
    /// This mail to this address will never be taken.
    #[error("refused for good")]
    Permanent,
    /// The way is broken for every mail (sign-in, TLS, set-up): tell an administrator, keep the mail.
    #[error("the mail server can't be used")]
    Relay,
}

/// What a [`Mailer`] returns: a boxed future, so that mailers can be chosen at run time.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Receipt, SendError>> + Send + 'a>>;

/// A way to hand over mails.
pub trait Mailer: Send + Sync {
    /// Tries once. Safe to repeat: see [`OutgoingMail::message_id`].
    fn send<'a>(&'a self, mail: &'a OutgoingMail) -> Sending<'a>;
}

impl SendError {
    pub(crate) fn new(fault: Fault, code: Option<u16>, detail: &str) -> Self {
        Self { fault, code, detail: truncate(&visible(detail), 200) }
    }
}

impl std::fmt::Debug for OutgoingMail {
    /// Without the content, which may hold a link that works once.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutgoingMail")
            .field("message_id", &self.message_id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
