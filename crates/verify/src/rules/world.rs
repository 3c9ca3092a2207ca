//! What is live: enough to judge the next event by.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use countersign_ledger::Digest;
use serde_json::Value;

use super::{
    catalog::{Catalog, Choices, Governing, is_control_plane},
    directory::Directory,
    matching::{Stage, fills},
    statement::Statement,
};
use crate::form::{
    Basis, ControlPlane, Credential, Execution, Group, Invitation, List, Name, Person, Policy, Scope,
    SecondFactor, Settings, Settled, Subject, Submitted, Terms, Token, Unprotected,
};

#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) ledger: String,
    pub(super) access: Access,
    pub(super) first_administrator: Option<Person>,
    pub(super) approvers: Option<Group>,
    pub(super) control_plane: Option<ControlPlane>,
    pub(super) settings: Option<Settings>,
    /// What timers ran to list standing access: of which workload, and whether it succeeded.
    pub(super) standing_lists: BTreeMap<Execution, (Name, bool)>,
    /// The newest list of each workload.
    pub(super) listed: BTreeMap<Name, Execution>,
    pub(super) system_accounts: BTreeMap<Person, SystemAccount>,
    pub(super) clock_suspect: bool,
    /// Who has said since that it is right.
    pub(super) clock_vouched: BTreeSet<Person>,
    /// Since when people are disabled, and requests over: what is erased must have been so for a while.
    pub(super) over: BTreeMap<Subject, i64>,
    /// The ledger's epoch; 0 before its first event.
    pub(super) epoch: u32,
    /// Whom host recovery appointed a default approver, and from when.
    pub(super) appointed: BTreeMap<Person, i64>,
    pub(super) directory: Directory,
    pub(super) catalog: Catalog,
    pub(super) last_request: u64,
    pub(super) requests: BTreeMap<u64, Asked>,
    pub(super) authorizations: BTreeMap<u64, Authorization>,
    pub(super) executions: BTreeMap<Execution, Running>,
    /// Whose unknown outcome somebody accepted: the truth may still come, once.
    pub(super) acknowledged: BTreeSet<Execution>,
    /// What has to be taken back, by the execution that did it.
    pub(super) owed: BTreeMap<Execution, Owed>,
    /// What the event before proved to be settled, and how.
    pub(super) proved: Option<(Execution, Settled)>,
    /// The lists of tasks of what is live, each once.
    pub(super) lists: BTreeMap<Digest, Arc<List>>,
    pub(super) tokens: BTreeMap<Token, IssuedToken>,
    pub(super) invitations: BTreeMap<Invitation, Link>,
    /// Ended with another event, and still to be told.
    pub(super) untold: BTreeMap<u64, Untold>,
    /// When each account took from an hour's budget, by the budget's letter.
    pub(super) spent: BTreeMap<(Person, char), Vec<i64>>,
    /// When each policy last granted something to each person.
    pub(super) granted: BTreeMap<(Policy, Person), VecDeque<i64>>,
}

/// The role group whose members administer Countersign.
const ADMINISTRATORS: &str = "Countersign\\Organization Management";

/// Whom no change may leave too few of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keepers {
    pub(super) deciders: usize,
    pub(super) administrator: bool,
}

/// Whether privileged access is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Access {
    #[default]
    SetUp,
    On,
    Off,
    OffUntil(i64),
    Observe,
}

#[derive(Debug)]
pub(super) struct SystemAccount {
    pub(super) until: i64,
    pub(super) last_used: i64,
}

/// What a request and the authorization it becomes rest on.
#[derive(Debug)]
pub(super) struct Asked {
    /// The event that asked: membership counts from before it.
    pub(super) seq: u64,
    /// As submitted; statement, duration and uses as narrowed since.
    pub(super) form: Box<Submitted>,
    pub(super) votes: BTreeMap<Person, u16>,
    /// The current statement, if its bytes exist.
    pub(super) statement: Option<Box<Statement>>,
    /// The list of tasks that it cites, if it is known.
    pub(super) list: Option<Arc<List>>,
}

/// Whether a list has a task with a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Covered {
    Yes,
    No,
    /// It has it with another digest.
    Otherwise,
    /// The list is not known.
    Unknown,
}

impl Asked {
    pub(super) fn covered(&self, task: &Name, digest: Digest) -> Covered {
        match self.list.as_ref().map(|list| list.get(task)) {
            None => Covered::Unknown,
            Some(None) => Covered::No,
            Some(Some(of)) if *of == digest => Covered::Yes,
            Some(Some(_)) => Covered::Otherwise,
        }
    }
}

#[derive(Debug)]
pub(super) struct Authorization {
    pub(super) asked: Asked,
    pub(super) from: i64,
    pub(super) until: i64,
    pub(super) used: u32,
    pub(super) parallel: u32,
}

#[derive(Debug)]
pub(super) struct Running {
    pub(super) person: Person,
    pub(super) task: Name,
    pub(super) digest: Digest,
    /// The commitment to its values.
    pub(super) committed: Digest,
    /// With which values, as far as they are known.
    pub(super) values: Option<BTreeMap<Name, Value>>,
    pub(super) started: i64,
    pub(super) deadline: i64,
    pub(super) basis: Basis,
    pub(super) run_to_end: bool,
    pub(super) stopping: bool,
    pub(super) unknown: bool,
}

/// An execution that has to be taken back.
#[derive(Debug)]
pub(super) struct Owed {
    pub(super) number: u64,
    pub(super) person: Person,
    pub(super) task: Name,
    pub(super) digest: Digest,
    /// The commitment to its values.
    pub(super) values: Digest,
    pub(super) failed: bool,
}

#[derive(Debug)]
pub(super) struct IssuedToken {
    pub(super) person: Person,
    pub(super) scopes: BTreeSet<Scope>,
    pub(super) until: i64,
}

#[derive(Debug)]
pub(super) struct Link {
    pub(super) person: Person,
    pub(super) until: i64,
    /// Whether somebody else was shown it, past set-up.
    pub(super) shown: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Untold {
    Authorization,
    Request,
}

impl Running {
    pub(super) const fn number(&self) -> Option<u64> {
        match &self.basis {
            Basis::Authorization { number } => Some(*number),
            Basis::Role { .. }
            | Basis::Exemption { .. }
            | Basis::SetUp {}
            | Basis::Preview { .. }
            | Basis::TakeBack { .. } => None,
        }
    }
}

impl World {
    /// Whether policies are in force for tasks outside the control plane.
    pub(super) const fn enforced(&self, at: i64) -> bool {
        match self.access {
            Access::On => true,
            Access::OffUntil(until) => at >= until,
            Access::SetUp | Access::Off | Access::Observe => false,
        }
    }

    pub(super) fn choices(&self) -> Choices {
        let settings = self.settings.as_ref();
        Choices {
            control_plane: self.control_plane != Some(ControlPlane::Unprotected),
            default_approvers_decide: settings
                .is_some_and(|settings| settings.unprotected == Unprotected::DefaultApproversDecide),
        }
    }

    pub(super) fn second_factor(&self) -> bool {
        self.settings.as_ref().is_none_or(|settings| settings.second_factor == SecondFactor::Required)
    }

    /// Whether a person is an eligible approver of a stage (G9, G11).
    pub(super) fn eligible(&self, asked: &Asked, person: Person, stage: u16) -> bool {
        let Some(need) = asked.form.stages.get(usize::from(stage)) else { return false };
        self.directory.can_decide(person)
            && self.directory.human(person) != self.directory.human(asked.form.requester)
            && self.directory.member_since(need.group, person).is_some_and(|since| since < asked.seq)
    }

    /// The stage whose seats are the next to fill: stages go in order, and a vote that no longer counts opens its seat
    /// again.
    pub(super) fn open_stage(&self, asked: &Asked) -> Option<u16> {
        let mut counted = BTreeSet::new();
        let mut filled = BTreeMap::<u16, u16>::new();
        for (person, stage) in &asked.votes {
            if self.eligible(asked, *person, *stage) && counted.insert(self.directory.human(*person)) {
                *filled.entry(*stage).or_default() += 1;
            }
        }
        let mut stages = (0_u16..).zip(&asked.form.stages);
        stages
            .find(|(stage, need)| filled.get(stage).copied().unwrap_or(0) < need.seats)
            .map(|(stage, _)| stage)
    }

    /// Whether these votes fill every seat now, each human once (G10, G11).
    pub(super) fn quorum(&self, asked: &Asked) -> bool {
        let counting = |stage: u16| {
            let here = asked
                .votes
                .iter()
                .filter(move |(person, at)| **at == stage && self.eligible(asked, **person, stage));
            here.map(|(person, _)| self.directory.human(*person)).collect()
        };
        let stages: Vec<Stage> = (0_u16..)
            .zip(&asked.form.stages)
            .map(|(stage, need)| Stage { seats: need.seats, people: counting(stage) })
            .collect();
        fills(&stages)
    }

    /// Whether the votes cast and votes still to come can fill every seat.
    pub(super) fn fillable(&self, asked: &Asked) -> bool {
        let requester = self.directory.human(asked.form.requester);
        let voted: BTreeSet<Person> =
            asked.votes.keys().map(|person| self.directory.human(*person)).collect();
        let stages: Vec<Stage> = (0_u16..)
            .zip(&asked.form.stages)
            .map(|(stage, need)| {
                let here: BTreeSet<Person> = asked
                    .votes
                    .iter()
                    .filter(|(_, at)| **at == stage)
                    .map(|(person, _)| self.directory.human(*person))
                    .collect();
                let people = self
                    .directory
                    .members(need.group)
                    .filter(|(person, since)| *since < asked.seq && self.directory.can_decide(*person))
                    .map(|(person, _)| self.directory.human(person))
                    .filter(|human| *human != requester && (here.contains(human) || !voted.contains(human)))
                    .collect();
                Stage { seats: need.seats, people }
            })
            .collect();
        fills(&stages)
    }

    /// Whether for somebody who may ask under these terms, or for everybody, too few people could approve.
    pub(super) fn short(&self, terms: &Terms) -> bool {
        let mut stages = Vec::new();
        for stage in terms.approval.stages() {
            let group =
                stage.approvers.group(self.approvers).filter(|group| self.directory.has_group(*group));
            let Some(group) = group else { return true };
            let able = self.directory.members(group).map(|(person, _)| person);
            let people: BTreeSet<Person> = able
                .filter(|person| self.directory.can_decide(*person))
                .map(|person| self.directory.human(person))
                .collect();
            stages.push((stage.seats, people));
        }
        let without = |asking: Option<Person>| -> Vec<Stage> {
            let stages = stages.iter();
            stages
                .map(|(seats, people)| Stage {
                    seats: *seats,
                    people: people.iter().copied().filter(|person| Some(*person) != asking).collect(),
                })
                .collect()
        };
        let governing = Governing { policy: super::catalog::DEFAULT, version: 0, terms: terms.clone() };
        let asking = self.directory.everybody().filter(|person| {
            let human = self.directory.human(*person);
            stages.iter().any(|(_, people)| people.contains(&human))
                && super::stands::may_ask(self, *person, &terms.target, &governing)
        });
        !fills(&without(None))
            || asking.into_iter().any(|person| !fills(&without(Some(self.directory.human(person)))))
    }

    /// Whether a person belongs to a group that decides under some policy, or by default.
    pub(super) fn approves_something(&self, person: Person) -> bool {
        let written = self.catalog.policies.values().flat_map(|policy| policy.terms.approval.stages());
        let groups = written.filter_map(|stage| stage.approvers.group(self.approvers)).chain(self.approvers);
        let human = self.directory.human(person);
        let asked: BTreeSet<Group> = groups.collect();
        asked.into_iter().any(|group| {
            self.directory.members(group).any(|(member, _)| self.directory.human(member) == human)
        })
    }

    /// The distinct humans of a group who could decide today.
    pub(super) fn working(&self, group: Group) -> BTreeSet<Person> {
        let members = self.directory.members(group).map(|(person, _)| person);
        members
            .filter(|person| self.can_sign_in(*person))
            .map(|person| self.directory.human(person))
            .collect()
    }

    /// An enabled human being with the credentials that deciding asks for.
    pub(super) fn can_sign_in(&self, person: Person) -> bool {
        let directory = &self.directory;
        directory.can_decide(person)
            && directory.has_credential(person, Credential::Password)
            && (!self.second_factor() || directory.has_credential(person, Credential::Totp))
    }

    /// How many of the default approvers could decide if these people lost their second factor.
    pub(super) fn deciders_without(&self, lost: &BTreeSet<Person>) -> usize {
        let Some(group) = self.approvers else { return 0 };
        let members = self.directory.members(group).map(|(person, _)| person);
        let able = members
            .filter(|person| self.can_sign_in(*person) && !(self.second_factor() && lost.contains(person)));
        able.map(|person| self.directory.human(person)).collect::<BTreeSet<_>>().len()
    }

    /// How many of the default approvers could decide today, and whether an administrator could sign in.
    pub(super) fn keepers(&self) -> Keepers {
        let administrators = self.catalog.members_of(&self.directory, &Name::from(ADMINISTRATORS));
        Keepers {
            deciders: self.approvers.map_or(0, |group| self.working(group).len()),
            administrator: administrators.into_iter().any(|person| self.can_sign_in(person)),
        }
    }

    /// Whether an execution must stop as things are now, whatever became of its authorization (G3, G15).
    pub(super) fn groundless(&self, running: &Running, at: i64) -> bool {
        let holds = |role: &Name| {
            self.catalog.role_has(role, &running.task)
                && self.catalog.holds(&self.directory, role, running.person)
        };
        if matches!(running.basis, Basis::TakeBack { .. }) {
            return false;
        }
        if !self.directory.may_act(running.person) {
            return true;
        }
        match &running.basis {
            Basis::Authorization { .. } => !is_control_plane(&running.task) && !self.enforced(at),
            Basis::SetUp {} | Basis::TakeBack { .. } => false,
            Basis::Role { role } => !holds(role),
            Basis::Exemption { role } => !self.system_accounts.contains_key(&running.person) || !holds(role),
            Basis::Preview { number, statement, .. } => !self.shows(*number, *statement, running.person),
        }
    }
}
