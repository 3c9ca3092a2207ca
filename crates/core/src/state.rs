//! The state: what the events add up to. It holds what is live; everything over is in tables.
//!
//! Cloning is O(1): a batch is decided on a clone and published by a swap, and "what if" is a clone thrown away.

use std::collections::BTreeSet;
use std::sync::Arc;

use countersign_ledger::hash::Digest;
use imbl::{OrdMap, OrdSet, Vector};
use serde::{Deserialize, Serialize};

use crate::actor::Scope;
use crate::budget::Spent;
use crate::catalog::Catalog;
use crate::covers::{Covered, Lists};
use crate::directory::Directory;
use crate::event::body::{AuthorizationEnd, InvitationPurpose, RequestEnd};
use crate::execution::Execution;
use crate::id::{ExecutionId, InvitationId, PersonId, PolicyId, RequestNumber, TokenId};
use crate::live::Live;
use crate::name::{TaskName, WorkloadName};
use crate::obligation::Obligation;
use crate::organization::{Access, ControlPlane, Organization, Settings};
use crate::policy::{PolicyTerms, Target};
use crate::request::{Asked, Authorization, Request};
use crate::standing_access::Listing;
use crate::time::Instant;

/// The version of the state's shape; a snapshot of another shape is thrown away.
pub const SCHEMA: u32 = 5;

/// A policy at its newest version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Counts from 1.
    pub version: u64,
    /// What it says.
    pub terms: Arc<PolicyTerms>,
}

/// A token that is valid until revoked or over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Whose.
    pub person: PersonId,
    /// SHA-256 of the secret.
    pub secret: Digest,
    /// What it may do.
    pub scopes: BTreeSet<Scope>,
    /// When it ends.
    pub until: Instant,
}

/// A single-use link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// For whom.
    pub person: PersonId,
    /// What for.
    pub purpose: InvitationPurpose,
    /// SHA-256 of the secret.
    pub secret: Digest,
    /// When it ends.
    pub until: Instant,
    /// Who was given it.
    pub holder: Holder,
}

/// Who was given a single-use link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// The person it is for: mailed, handed over in set-up mode, or made on the host.
    Person,
    /// Who ran the task, past set-up.
    Requester,
}

/// Something that ended with another event and is still to be told, object by object (G14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Untold {
    /// An authorization.
    Authorization(AuthorizationEnd),
    /// A pending request.
    Request(RequestEnd),
}

/// Everything that is live.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct State {
    /// The position the next event gets.
    pub next_seq: u64,
    /// The time of the last event.
    pub last: Instant,
    /// The number the next request gets.
    pub next_request: u64,
    /// The one tenant.
    pub organization: Organization,
    /// People and groups.
    pub directory: Directory,
    /// Workloads, tasks, roles, role groups.
    pub catalog: Catalog,
    /// Policies at their newest version.
    pub policies: OrdMap<PolicyId, Policy>,
    /// One policy per exact target (G5).
    #[serde(with = "pairs")]
    pub policy_for: OrdMap<Target, PolicyId>,
    /// Policies that membership broke, as long as it does (G10).
    pub short: OrdSet<PolicyId>,
    /// Requests that wait.
    pub requests: Live<Request>,
    /// Authorizations that live.
    pub authorizations: Live<Authorization>,
    /// The lists of tasks that these cite, each once. They lie beside the ledger and are no part of a snapshot.
    #[serde(skip)]
    pub lists: Lists,
    /// Executions that run or whose outcome is unknown.
    pub executions: OrdMap<ExecutionId, Execution>,
    /// Executions whose outcome somebody accepted as unknown, with their authorization: the truth may still come.
    pub acknowledged: OrdMap<ExecutionId, Option<RequestNumber>>,
    /// What has to be taken back, by the execution that did it.
    pub obligations: OrdMap<ExecutionId, Obligation>,
    /// What is known of who holds the same power natively.
    pub standing: OrdMap<WorkloadName, Listing>,
    /// Valid tokens.
    pub tokens: OrdMap<TokenId, Token>,
    /// Unused invitations.
    pub invitations: OrdMap<InvitationId, Invitation>,
    /// What ended and is still to be told.
    pub untold: OrdMap<RequestNumber, Untold>,
    /// What each account put into the ledger within the hour (G22).
    pub spent: OrdMap<PersonId, Spent>,
    /// When each person was given access by each policy that has a rate.
    pub granted: OrdMap<PolicyId, OrdMap<PersonId, Vector<Instant>>>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            next_seq: 0,
            last: Instant::from_micros(0),
            next_request: 1,
            organization: Organization {
                name: String::new(),
                ledger: String::new(),
                zone: "UTC".to_owned(),
                access: Access::SetUp,
                first_administrator: None,
                default_approvers: None,
                control_plane: ControlPlane::Protected,
                system_accounts: OrdMap::new(),
                settings: Settings::default(),
                clock_suspect: false,
                clock_vouched: imbl::OrdSet::new(),
                appointed: OrdMap::new(),
                epochs: Vector::new(),
            },
            directory: Directory::default(),
            catalog: Catalog::default(),
            policies: OrdMap::new(),
            policy_for: OrdMap::new(),
            short: OrdSet::new(),
            requests: Live::default(),
            authorizations: Live::default(),
            lists: Lists::default(),
            executions: OrdMap::new(),
            acknowledged: OrdMap::new(),
            obligations: OrdMap::new(),
            standing: OrdMap::new(),
            tokens: OrdMap::new(),
            invitations: OrdMap::new(),
            untold: OrdMap::new(),
            spent: OrdMap::new(),
            granted: OrdMap::new(),
        }
    }
}

impl State {
    /// Whether there is an organization yet.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.next_seq == 0
    }

    /// A policy by its exact target.
    #[must_use]
    pub fn policy_of(&self, target: &Target) -> Option<(PolicyId, &Policy)> {
        let id = *self.policy_for.get(target)?;
        self.policies.get(&id).map(|policy| (id, policy))
    }

    /// What a request rests on, whether it waits or was approved and lives.
    #[must_use]
    pub fn asked(&self, number: RequestNumber) -> Option<&Asked> {
        let pending = self.requests.get(&number).map(|request| &request.asked);
        pending.or_else(|| self.authorizations.get(&number).map(|authorization| &authorization.asked))
    }

    /// Whether a task is in what was asked for, and as what (G7).
    pub fn covered(&self, asked: &Asked, task: &TaskName) -> Covered {
        self.lists.covered(&asked.covers, task)
    }

    /// The lists that live objects cite and that are not in memory.
    #[must_use]
    pub fn lists_to_read(&self) -> BTreeSet<Digest> {
        let cited = self.requests.lists().chain(self.authorizations.lists());
        cited.filter(|list| self.lists.get(list).is_none()).copied().collect()
    }

    /// How many executions of an authorization hold a slot: running ones and unknown ones (G6).
    #[must_use]
    pub fn slots_taken(&self, number: RequestNumber) -> usize {
        self.executions.values().filter(|execution| execution.authorization() == Some(number)).count()
    }
}

/// A map whose keys are not texts, written as a list of pairs.
mod pairs {
    use imbl::OrdMap;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<K: Ord + Serialize, V: Serialize, S: Serializer>(
        map: &OrdMap<K, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map.iter())
    }

    pub(super) fn deserialize<'de, K, V, D>(deserializer: D) -> Result<OrdMap<K, V>, D::Error>
    where
        K: Ord + Clone + Deserialize<'de>,
        V: Clone + Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, V)>::deserialize(deserializer)?.into_iter().collect())
    }
}
