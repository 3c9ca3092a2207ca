//! What the simulator remembers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Instant;

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::fault::Fault;
use crate::tenant::Tenant;

#[derive(Default)]
pub(crate) struct State {
    pub(crate) tenant: Tenant,
    /// Token: its audience and its end.
    pub(crate) tokens: BTreeMap<String, (String, Instant)>,
    /// Ids of assertions that were shown.
    pub(crate) assertions: BTreeSet<String>,
    pub(crate) faults: VecDeque<Fault>,
    pub(crate) audit: Vec<AuditRecord>,
    /// Later pages by their token.
    pub(crate) pages: BTreeMap<String, Rest>,
    /// Requests that reached the cmdlet endpoint, whatever became of them.
    pub(crate) asked: u64,
}

/// What is left of an answer, and the document that it belongs to.
pub(crate) struct Rest {
    pub(crate) objects: Vec<Map<String, Json>>,
    pub(crate) body: Vec<u8>,
}

/// A cmdlet that ran, as the tenant's own audit log has it: the application is the actor.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuditRecord {
    pub actor: String,
    pub cmdlet: String,
    pub parameters: Json,
    pub succeeded: bool,
    pub client_request_id: String,
    pub connection_id: String,
    /// Host that it ran on.
    pub host: String,
}

impl State {
    /// Takes the next fault of this kind.
    pub(crate) fn take(&mut self, of_tokens: bool) -> Option<Fault> {
        let at = self.faults.iter().position(|fault| fault.is_of_tokens() == of_tokens)?;
        self.faults.remove(at)
    }
}
