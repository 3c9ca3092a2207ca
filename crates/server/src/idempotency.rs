//! The `Idempotency-Key` header: the same request sent twice is carried out once.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use countersign_core::actor::Principal;
use countersign_core::command::Command;
use countersign_engine::Submission;

use crate::problem::{Problem, Result};

/// The key, if one was sent: 1 to 200 visible ASCII characters.
#[derive(Debug)]
pub(crate) struct IdempotencyKey(Option<String>);

impl IdempotencyKey {
    /// A command with this key.
    pub(crate) fn submission(self, principal: Principal, command: Command) -> Submission {
        let submission = Submission::new(principal, command);
        match self.0 {
            Some(key) => submission.with_key(key),
            None => submission,
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let mut sent = parts.headers.get_all("idempotency-key").iter();
        let Some(key) = sent.next() else { return Ok(Self(None)) };
        let key = key.to_str().unwrap_or_default();
        let fine = (1..=200).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        if !fine || sent.next().is_some() {
            return Err(Problem::invalid("Idempotency-Key has 1 to 200 visible ASCII characters."));
        }
        Ok(Self(Some(key.to_owned())))
    }
}
