//! The statement: the canonical bytes of what is asked. Approvers approve its digest; nothing outside it counts.

use countersign_ledger::hash::{Digest, sha256};
use countersign_ledger::json;
use serde::{Deserialize, Serialize};

use crate::covers::Covers;
use crate::id::{PersonId, PolicyId, RequestNumber};
use crate::name::RoleName;
use crate::parameter::Constraints;
use crate::policy::Target;
use crate::time::{Instant, Span};

/// The type that stands in every statement of this form.
pub const TYPE: &str = "countersign.statement/v1";

/// What is asked, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// [`TYPE`].
    #[serde(rename = "type")]
    pub kind: String,
    /// 16 random bytes in hexadecimal: two like requests differ, and the digest tells nothing.
    pub salt: String,
    /// The ledger it belongs to.
    pub ledger: String,
    /// The request's number.
    pub number: RequestNumber,
    /// Who asks.
    pub requester: PersonId,
    /// The service account of the requester's that it is for, if not for themselves (G4).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub account: Option<PersonId>,
    /// What for.
    pub target: Target,
    /// The role whose policy governs, where roles of equal rank leave a choice (G5).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub role: Option<RoleName>,
    /// The tasks it opens, with their digests of now (G7), by the digest of their list.
    pub covers: Covers,
    /// What the parameters are bound to.
    pub constraints: Constraints,
    /// Why.
    pub reason: String,
    /// The ticket, where there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ticket: Option<String>,
    /// For how long.
    pub duration: Span,
    /// From when, if later than the approval.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub start: Option<Instant>,
    /// It cannot end later than this.
    pub latest_end: Instant,
    /// How often, if bounded.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub uses: Option<u32>,
    /// The policy that governs.
    pub policy: PolicyId,
    /// Its version.
    pub policy_version: u64,
    /// The request this one extends.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub extends: Option<RequestNumber>,
    /// The wider statement this one narrows.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub narrows: Option<Digest>,
}

/// Bytes that are not the statement they claim to be.
#[derive(Debug, thiserror::Error)]
pub enum StatementError {
    /// The digest is not the one in the ledger.
    #[error("the statement's bytes do not match their digest in the ledger")]
    Digest,
    /// Not canonical JSON.
    #[error("the statement is not canonical JSON")]
    Json(#[from] json::JsonError),
    /// Canonical JSON of another form.
    #[error("the statement cannot be read: {0}")]
    Form(#[from] serde_json::Error),
}

impl Statement {
    /// The bytes that are hashed, stored and shown.
    ///
    /// # Errors
    /// When a value cannot be written as canonical JSON.
    pub fn to_bytes(&self) -> Result<Vec<u8>, StatementError> {
        Ok(json::canonical(self)?)
    }

    /// Reads the bytes of a statement after checking them against the digest that stands in the ledger.
    ///
    /// # Errors
    /// When the bytes are others, or not a statement.
    pub fn from_bytes(bytes: &[u8], digest: Digest) -> Result<Self, StatementError> {
        if sha256(bytes) != digest {
            return Err(StatementError::Digest);
        }
        Ok(serde_json::from_slice(bytes)?)
    }

    /// Whether this statement is contained in `wider` field by field: it may only lower duration or uses, or add
    /// constraints.
    #[must_use]
    pub fn narrows(&self, wider: &Self, wider_digest: Digest) -> bool {
        let uses = match (self.uses, wider.uses) {
            (Some(ours), Some(theirs)) => ours <= theirs && ours > 0,
            (Some(ours), None) => ours > 0,
            (None, None) => true,
            (None, Some(_)) => false,
        };
        uses && self.narrows == Some(wider_digest)
            && self.duration <= wider.duration
            && self.duration > Span::ZERO
            && self.latest_end <= wider.latest_end
            && self.constraints.narrows(&wider.constraints)
            && *self
                == Self {
                    salt: self.salt.clone(),
                    duration: self.duration,
                    latest_end: self.latest_end,
                    uses: self.uses,
                    constraints: self.constraints.clone(),
                    narrows: self.narrows,
                    ..wider.clone()
                }
    }
}
