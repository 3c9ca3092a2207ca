//! Ledgers to test with: events of every noun, sealed and chained as an engine does it.

use std::collections::{BTreeMap, BTreeSet};

use countersign_core::actor::Actor;
use countersign_core::covers::{Covers, TaskList};
use countersign_core::directory::PersonKind;
use countersign_core::event::body::{Credential, Ends};
use countersign_core::event::{Body, Cause, Event, RULES, wire};
use countersign_core::execution::{Basis, Outcome};
use countersign_core::id::{ExecutionId, GroupId, PersonId, PolicyId, RequestNumber};
use countersign_core::policy::{Approval, Assurance, PolicyTerms, Target};
use countersign_core::sealing::SealedValue;
use countersign_core::time::{Instant, Span};
use countersign_ledger::checkpoint::Origin;
use countersign_ledger::hash::{Digest, leaf_hash, sha256};
use countersign_ledger::seal::{BatchHead, SealKey};
use countersign_ledger::sealed::Sealed;
use countersign_ledger::tile::TileBuilder;
use countersign_ledger::tree::Frontier;
use serde::Serialize;

use crate::batch::{Batch, Entry, TileRow};

/// A ledger in the making.
pub struct Script {
    pub time: Instant,
    frontier: Frontier,
    tiles: TileBuilder,
    first: u64,
    entries: Vec<Entry>,
    sealed: Vec<SealedValue>,
    full: Vec<TileRow>,
    salts: u64,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            time: Instant::from_micros(1_800_000_000_000_000),
            frontier: Frontier::new(),
            tiles: TileBuilder::new(),
            first: 0,
            entries: Vec::new(),
            sealed: Vec::new(),
            full: Vec::new(),
            salts: 0,
        }
    }
}

impl Script {
    pub const fn person(n: u8) -> PersonId {
        PersonId::from_bytes([n; 16])
    }

    pub const fn execution(n: u8) -> ExecutionId {
        ExecutionId::from_bytes([n; 16])
    }

    /// The position of the next event.
    pub const fn size(&self) -> u64 {
        self.frontier.size()
    }

    pub fn root(&self) -> Digest {
        self.frontier.root()
    }

    pub fn seal<V: Serialize, T>(&mut self, value: &V) -> Sealed<T> {
        self.salts += 1;
        let mut salt = [0; 16];
        salt[..8].copy_from_slice(&self.salts.to_be_bytes());
        let (sealed, opening) = Sealed::<V>::seal(salt, value).unwrap();
        self.sealed.push(SealedValue::new(sealed, &opening));
        Sealed::from_commitment(sealed.commitment())
    }

    /// A list of these tasks, each with the digest of its name.
    pub fn list(&mut self, tasks: &[&str]) -> Covers {
        let digests = tasks.iter().map(|task| (task.parse().unwrap(), sha256(task.as_bytes())));
        let (list, bytes) = TaskList::new(digests.collect()).unwrap();
        self.sealed.push(SealedValue::list(list.digest(), bytes));
        let tasks = u32::try_from(tasks.len()).unwrap();
        Covers { list: list.digest(), tasks, role_version: None }
    }

    /// Adds an event, a second after the last one.
    pub fn add(&mut self, actor: Actor, request: Option<u64>, cause: Option<Cause>, body: Body) -> u64 {
        self.time = self.time.plus(Span::from_secs(1));
        let request = request.map(RequestNumber::new);
        let event = Event { seq: self.size(), time: self.time, rules: RULES, actor, request, cause, body };
        let bytes = wire::to_bytes(&event).unwrap();
        let leaf = leaf_hash(&bytes);
        self.frontier.append(leaf);
        let full = self.tiles.append(leaf);
        self.full.extend(full.into_iter().map(|(tile, bytes)| TileRow {
            level: tile.level(),
            index: tile.index(),
            bytes,
        }));
        let seq = event.seq;
        self.entries.push(Entry { bytes, event });
        seq
    }

    pub fn by(&mut self, person: u8, body: Body) -> u64 {
        self.add(Actor::Person { id: Self::person(person), token: None }, None, None, body)
    }

    pub fn host(&mut self, body: Body) -> u64 {
        self.add(Actor::Host, None, None, body)
    }

    pub fn system(&mut self, body: Body) -> u64 {
        self.add(Actor::System, None, None, body)
    }

    /// What was added since the last batch.
    pub fn batch(&mut self) -> Batch {
        let origin: Origin = "countersign.example/1".parse().unwrap();
        let (first_seq, size, root) = (self.first, self.size(), self.root());
        let head = BatchHead { origin: &origin, first_seq, size, root, frontier: self.frontier.digest() };
        let seal = SealKey::from_bytes([9; 32]).seal(&head);
        self.first = size;
        Batch {
            first_seq,
            entries: std::mem::take(&mut self.entries),
            sealed: std::mem::take(&mut self.sealed),
            size,
            root,
            frontier: self.frontier.to_bytes(),
            seal,
            tiles: std::mem::take(&mut self.full),
            outbox: Vec::new(),
            secrets: Vec::new(),
            replies: Vec::new(),
            blobs: Vec::new(),
        }
    }

    pub fn create(&mut self, n: u8, upn: &str, name: &str) -> u64 {
        let (upn, display_name, mail) = (self.seal(&upn), self.seal(&name), self.seal(&upn));
        let person = Self::person(n);
        self.host(Body::PersonCreated { person, kind: PersonKind::Member, upn, display_name, mail })
    }

    /// Person `n` asks for a task, with one parameter bound.
    pub fn ask(&mut self, n: u8, number: u64, task: &str, reason: &str, identity: &str) -> u64 {
        let text = format!(
            r#"{{"constraints":{{"Identity":{{"equals":{{"string":{}}}}}}},"number":{number}}}"#,
            serde_json::to_string(identity).unwrap()
        );
        let statement = sha256(text.as_bytes());
        self.sealed.push(SealedValue::statement(statement, text.into_bytes()));
        let reason = self.seal(&reason);
        let target = Target::Task(task.parse().unwrap());
        let covers = self.list(&[task]);
        let body = Body::RequestSubmitted {
            number: RequestNumber::new(number),
            requester: Self::person(n),
            account: None,
            target: target.clone(),
            role: None,
            statement,
            policy: PolicyId::from_bytes([5; 16]),
            policy_version: 1,
            terms: PolicyTerms::new(target, Approval::one_default_approver()),
            covers,
            stages: Vec::new(),
            duration: Span::from_hours(4),
            start: None,
            uses: None,
            expires: self.time.plus(Span::from_hours(24)),
            reason,
            ticket: None,
            extends: None,
            denied_before: None,
            same: sha256(task.as_bytes()),
        };
        self.by(n, body)
    }

    pub fn vote(&mut self, approver: u8, number: u64, comment: &str) -> u64 {
        let comment = self.seal(&comment);
        self.by(
            approver,
            Body::VoteCast {
                number: RequestNumber::new(number),
                statement: sha256(b"statement"),
                approver: Self::person(approver),
                stage: 0,
                assurance: Assurance::SecondFactor,
                comment,
                completes_stage: true,
            },
        )
    }

    pub fn grant(&mut self, approver: u8, number: u64) -> u64 {
        let (from, until) = (self.time, self.time.plus(Span::from_hours(4)));
        let counted = BTreeMap::from([(Self::person(approver), 0)]);
        let number = RequestNumber::new(number);
        self.by(
            approver,
            Body::AuthorizationGranted { number, from, until, uses: Some(3), parallel: 1, counted },
        )
    }

    pub fn start(&mut self, n: u8, x: u8, number: u64, task: &str, identity: &str) -> u64 {
        let values = self.seal(&BTreeMap::from([("Identity", identity)]));
        let body = Body::ExecutionStarted {
            execution: Self::execution(x),
            person: Self::person(n),
            task: task.parse().unwrap(),
            version: 1,
            digest: sha256(task.as_bytes()),
            basis: Basis::Authorization { number: RequestNumber::new(number) },
            values,
            matched: None,
            deadline: self.time.plus(Span::from_hours(1)),
            would_refuse: None,
        };
        self.add(Actor::Person { id: Self::person(n), token: None }, Some(number), None, body)
    }

    pub fn finish(&mut self, x: u8, outcome: Outcome) -> u64 {
        self.system(Body::ExecutionFinished { execution: Self::execution(x), outcome, output: None })
    }

    pub fn set_password(&mut self, n: u8) -> u64 {
        let (person, digest) = (Self::person(n), sha256(b"keyed"));
        self.by(n, Body::CredentialSet { person, credential: Credential::Password, digest })
    }
}

/// A small organization in which something of everything has happened.
pub struct Story;

impl Story {
    pub const TASK: &'static str = "Exchange\\New-MoveRequest";
    pub const OTHER: &'static str = "PostgreSQL\\Get-Activity";

    /// Ada (1) and Bob (2) work, Eve (3) approves. R-1 is granted, run and fails; R-2 is denied; R-3 waits.
    pub fn tell(script: &mut Script) {
        let group = GroupId::from_bytes([4; 16]);
        script.create(1, "Ada@Example.com", "Ada Lovelace");
        script.create(2, "bob@example.com", "Bob Stone");
        script.create(3, "eve@example.com", "Eve Mason");
        let mail = script.seal(&"approvers@example.com");
        script.host(Body::GroupCreated { group, name: "Exchange Approvers".parse().unwrap(), mail });
        let added = vec![countersign_core::directory::Member::Person(Script::person(3))];
        script.host(Body::GroupMembersChanged { group, added, removed: Vec::new(), ends: Ends::default() });
        script.host(Body::RoleDefined {
            role: "Exchange\\Mail Recipients".parse().unwrap(),
            version: 1,
            tasks: BTreeSet::from([Self::TASK.parse().unwrap()]),
            ends: Ends::default(),
        });
        let target = Target::Task(Self::TASK.parse().unwrap());
        script.host(Body::PolicyCreated {
            policy: PolicyId::from_bytes([5; 16]),
            terms: PolicyTerms::new(target, Approval::one_default_approver()),
            ends: Ends::default(),
        });
        script.ask(1, 1, Self::TASK, "Move the mailbox, INC-4711", "Jane Doe");
        script.vote(3, 1, "go ahead");
        script.grant(3, 1);
        script.start(1, 1, 1, Self::TASK, "Jane Doe");
        script.finish(1, Outcome::Failed { exit: Some(3), reason: "exit_status".to_owned() });
        script.ask(2, 2, Self::OTHER, "Look at slow queries", "db7");
        let comment = Some(script.seal(&"not during the day"));
        let number = RequestNumber::new(2);
        let how = countersign_core::event::body::RequestEnd::Denied;
        script.by(3, Body::RequestEnded { number, how, comment });
        script.ask(2, 3, Self::TASK, "Move another mailbox", "john");
        script.set_password(1);
    }
}
