//! A batch in the making.

use std::collections::BTreeMap;

use countersign_core::apply::apply;
use countersign_core::audience::{self, Notice};
use countersign_core::event::body::LinkDelivery;
use countersign_core::event::{Body, Cause, Event, wire};
use countersign_core::id::PersonId;
use countersign_core::parameter::cited;
use countersign_core::sealing::SealedValue;
use countersign_core::state::State;
use countersign_core::view;
use countersign_ledger::hash::Digest;
use countersign_ledger::json;
use countersign_store::{Batch, BlobCitation, Entry, OutboxRow, SecretWrite, TileRow};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::keys::Keys;
use crate::ledger::{Edge, origin};
use crate::link::Nonce;

/// Somebody to be told, as it lies in the outbox.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OutboxEntry {
    pub(crate) notice: Notice,
    /// What the link of an invitation is made from.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) link: Option<Nonce>,
}

/// What has been decided and not yet committed.
pub(super) struct Work {
    pub(super) state: State,
    pub(super) edge: Edge,
    pub(super) entries: Vec<Entry>,
    sealed: Vec<SealedValue>,
    pub(super) replies: Vec<countersign_store::Reply>,
    /// Commands of this batch by key, with their place among the jobs.
    pub(super) keyed: BTreeMap<Digest, (Digest, usize)>,
    tiles: Vec<TileRow>,
    outbox: Vec<OutboxRow>,
    secrets: Vec<SecretWrite>,
    blobs: Vec<BlobCitation>,
    owners: BTreeMap<String, PersonId>,
}

/// What one command adds.
pub(super) struct Addition<'a> {
    pub(super) state: State,
    pub(super) events: Vec<Event>,
    pub(super) sealed: Vec<SealedValue>,
    pub(super) secrets: &'a [SecretWrite],
    /// What a link of the command is made from.
    pub(super) link: Option<&'a Nonce>,
}

impl Work {
    pub(super) fn new(state: &State, edge: &Edge) -> Self {
        Self {
            state: state.clone(),
            edge: edge.clone(),
            entries: Vec::new(),
            sealed: Vec::new(),
            replies: Vec::new(),
            keyed: BTreeMap::new(),
            tiles: Vec::new(),
            outbox: Vec::new(),
            secrets: Vec::new(),
            blobs: Vec::new(),
            owners: BTreeMap::new(),
        }
    }

    /// A value sealed in this batch.
    pub(super) fn sealed(&self, digest: &Digest) -> Option<&SealedValue> {
        self.sealed.iter().find(|value| value.commitment == *digest)
    }

    /// Who got this sign-in name in this batch.
    pub(super) fn owner(&self, upn: &str) -> Option<PersonId> {
        self.owners.get(&upn.to_lowercase()).copied()
    }

    /// Takes a decision over: all of it, or nothing if an event is too large.
    pub(super) fn add(&mut self, addition: Addition<'_>, keys: &Keys) -> Result<(), wire::WireError> {
        let bytes: Vec<Vec<u8>> = addition.events.iter().map(wire::to_bytes).collect::<Result<_, _>>()?;
        self.sealed.extend(addition.sealed);
        let mut state = self.state.clone();
        for (at, event) in addition.events.iter().enumerate() {
            apply(&mut state, event);
            let rest = addition.events.get(at.saturating_add(1)..).unwrap_or_default();
            self.tell(event, rest, &state, addition.link, keys);
        }
        for (event, bytes) in addition.events.into_iter().zip(bytes) {
            self.note(&event);
            self.tiles.extend(self.edge.append(&bytes));
            self.entries.push(Entry { bytes, event });
        }
        self.secrets.extend_from_slice(addition.secrets);
        self.state = addition.state;
        Ok(())
    }

    /// Keeps the answer to a command with a key.
    pub(super) fn answer(&mut self, cause: Cause, job: usize, json: String) {
        self.keyed.insert(cause.key, (cause.command, job));
        self.replies.push(countersign_store::Reply { key: cause.key, json });
    }

    fn tell(&mut self, event: &Event, rest: &[Event], after: &State, link: Option<&Nonce>, keys: &Keys) {
        // Only a link that is mailed is made again, for its mail.
        let mailed = match &event.body {
            Body::InvitationIssued { secret, delivery: LinkDelivery::Mailed, .. } => {
                link.filter(|nonce| nonce.digest(keys) == *secret)
            }
            _ => None,
        };
        for notice in audience::notices(event, rest, after) {
            let entry = OutboxEntry { notice, link: mailed.cloned() };
            match serde_json::to_string(&entry) {
                Ok(audience) => self.outbox.push(OutboxRow { seq: event.seq, audience }),
                Err(error) => tracing::error!(%error, seq = event.seq, "an audience cannot be written"),
            }
        }
    }

    /// What later commands of this batch, and the blobs' keeper, must know.
    fn note(&mut self, event: &Event) {
        match &event.body {
            Body::PersonCreated { person, upn, .. } | Body::PersonChanged { person, upn, .. } => {
                let value = self.sealed(&upn.commitment());
                let name = value.and_then(|value| json::from_canonical::<String>(&value.value).ok());
                self.owners.extend(name.map(|name| (name.to_lowercase(), *person)));
            }
            Body::RequestSubmitted { .. } | Body::RequestNarrowed { .. } | Body::ExecutionStarted { .. } => {
                let mut found = Vec::new();
                for commitment in view::commitments(event) {
                    let value = self.sealed(&commitment);
                    let value = value.and_then(|value| serde_json::from_slice::<Value>(&value.value).ok());
                    found.extend(value.iter().flat_map(cited));
                }
                let citation = |(digest, _)| BlobCitation { digest, seq: event.seq };
                self.blobs.extend(found.into_iter().map(citation));
            }
            _ => {}
        }
    }

    /// The batch to be committed, and the ledger's edge after it.
    pub(super) fn into_batch(
        self,
        first_seq: u64,
        keys: &Keys,
    ) -> Result<(Batch, State, Edge), crate::StartError> {
        let seal = self.edge.seal(&keys.seal(), &origin(&self.state)?, first_seq);
        let batch = Batch {
            first_seq,
            entries: self.entries,
            sealed: self.sealed,
            size: self.edge.size(),
            root: self.edge.root(),
            frontier: self.edge.frontier(),
            seal,
            tiles: self.tiles,
            outbox: self.outbox,
            secrets: self.secrets,
            replies: self.replies,
            blobs: self.blobs,
        };
        Ok((batch, self.state, self.edge))
    }
}
