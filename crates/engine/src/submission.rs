//! Commands as they come in, and what comes back.

use countersign_core::actor::{Actor, Authentication, Principal};
use countersign_core::command::Command;
use countersign_core::decide::Reply;
use countersign_core::event::Cause;
use countersign_core::refusal::Refusal;
use countersign_identity::token::Token;
use countersign_ledger::hash::{Digest, sha256_parts};
use countersign_store::SecretWrite;
use serde_json::json;

use crate::keys::Keys;

/// One command with what belongs to it.
#[derive(Debug, Clone)]
pub struct Submission {
    /// Who sends it.
    pub principal: Principal,
    /// What is asked for. `secret` fields of links are filled in by the engine, whatever stands there.
    pub command: Command,
    /// The same key with the same command is answered by what happened first; with another command it is refused.
    pub idempotency_key: Option<String>,
    /// Credentials to be kept if the command is carried out.
    pub secrets: Vec<SecretWrite>,
}

/// What came of a command.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The ledger's position behind everything the command caused: what is read at this size or later shows it.
    pub size: u64,
    /// What happened, or why nothing did.
    pub reply: Result<Reply, Refusal>,
    /// Set if the command had been carried out before, with this idempotency key.
    pub replayed: bool,
    /// The link, if one was made to be printed. Only who sent the command gets it, and only the first time.
    pub link: Option<Token>,
}

impl Submission {
    /// A command without idempotency key.
    #[must_use]
    pub const fn new(principal: Principal, command: Command) -> Self {
        Self { principal, command, idempotency_key: None, secrets: Vec::new() }
    }

    /// Adds an idempotency key.
    #[must_use]
    pub fn with_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// Adds a credential to be kept.
    #[must_use]
    pub fn with_secret(mut self, secret: SecretWrite) -> Self {
        self.secrets.push(secret);
        self
    }

    /// The command's place in the table of keys, if it has a key. Scope: principal and key.
    pub(crate) fn cause(&self, keys: &Keys) -> Option<Cause> {
        let key = self.idempotency_key.as_ref()?;
        let scope = match self.principal.actor() {
            Actor::Person { id, .. } => id.to_string(),
            Actor::Host => "host".to_owned(),
            Actor::System => "system".to_owned(),
        };
        let key = sha256_parts(&[b"countersign/idempotency/v1\n", scope.as_bytes(), b"\n", key.as_bytes()]);
        Some(Cause { key, command: Digest::from_bytes(keys.fingerprint(&described(&self.command))) })
    }

    /// Whether it may go on when space is short: what records, ends or only removes power.
    pub(crate) fn is_essential(&self) -> bool {
        match &self.command {
            Command::Execute(execute) => countersign_core::builtin::find(&execute.task)
                .is_some_and(|builtin| builtin.only_removes_power),
            Command::Deny { .. }
            | Command::Cancel { .. }
            | Command::GiveBack { .. }
            | Command::Revoke { .. }
            | Command::Stop { .. }
            | Command::Acknowledge { .. }
            | Command::RevokeToken { .. }
            | Command::RemoveCredential { .. }
            | Command::RecordRefusals { .. }
            | Command::Finish { .. }
            | Command::SuspectClock { .. }
            | Command::AcceptClock
            | Command::AcceptRestore(_)
            | Command::Tick => true,
            _ => matches!(self.principal.authentication(), Authentication::Host),
        }
    }
}

/// The command in full, but for secrets that a second sending could not repeat. Only its keyed digest is kept.
fn described(command: &Command) -> Vec<u8> {
    let text = match command {
        Command::Execute(execute) => {
            let values: serde_json::Map<_, _> = execute
                .values
                .iter()
                .map(|(name, value)| (name.to_string().to_lowercase(), value.clone()))
                .collect();
            let cite = execute.cite.map(countersign_core::id::RequestNumber::get);
            json!(["execute", execute.task.to_string().to_lowercase(), values, cite]).to_string()
        }
        Command::Submit(submit) => {
            let constraints = serde_json::to_value(&submit.constraints).unwrap_or_default();
            format!("{constraints} {submit:?}")
        }
        Command::Approve(approve) => {
            let less =
                approve.less.as_ref().map(|less| serde_json::to_value(&less.constraints).unwrap_or_default());
            format!("{} {less:?} {approve:?}", approve.statement)
        }
        Command::Deny { statement, .. } => format!("{statement} {command:?}"),
        Command::IssueToken { account, scopes, until, label, .. } => {
            format!("token {account:?} {scopes:?} {until:?} {label:?}")
        }
        Command::SetFactor { totp, recovery } => format!("{totp} {recovery} {command:?}"),
        Command::SetCredential { digest, .. } => format!("{digest} {command:?}"),
        other => format!("{other:?}"),
    };
    text.into_bytes()
}
