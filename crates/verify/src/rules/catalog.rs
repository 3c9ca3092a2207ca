//! Tasks, roles, role groups and policies, and which policy governs (G1, G2, G5).

use std::collections::{BTreeMap, BTreeSet};

use countersign_ledger::Digest;

use super::{directory::Directory, own};
use crate::form::{
    Approval, Approvers, Assurance, Definition, Limits, Member, Name, Person, Policy, Requesters, Stage,
    Target, Terms,
};

/// The built-in policy of the control plane, and the one of tasks without their own.
pub(super) const CONTROL_PLANE: Policy = Policy::of([0; 16]);
pub(super) const DEFAULT: Policy = Policy::of([1; 16]);

const HOUR: u64 = 3_600_000_000;

#[derive(Debug, Default)]
pub(super) struct Catalog {
    pub(super) workloads: BTreeMap<Name, String>,
    pub(super) tasks: BTreeMap<Name, Task>,
    pub(super) roles: BTreeMap<Name, Role>,
    pub(super) role_groups: BTreeMap<Name, RoleGroup>,
    pub(super) policies: BTreeMap<Policy, Written>,
    pub(super) policy_for: BTreeMap<Target, Policy>,
}

#[derive(Debug)]
pub(super) struct Task {
    pub(super) version: u64,
    pub(super) digest: Digest,
    pub(super) definition: Definition,
    /// Since which entry it has had this digest without a break.
    pub(super) since: u64,
}

#[derive(Debug)]
pub(super) struct Role {
    pub(super) version: u64,
    pub(super) tasks: BTreeSet<Name>,
    /// Since which entry it has contained each without a break.
    pub(super) since: BTreeMap<Name, u64>,
}

#[derive(Debug, Default)]
pub(super) struct RoleGroup {
    pub(super) roles: BTreeSet<Name>,
    pub(super) members: BTreeSet<Member>,
    /// Since which entry some role of it has contained each task without a break.
    pub(super) since: BTreeMap<Name, u64>,
}

/// A policy that people wrote, at its newest version.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) version: u64,
    pub(super) terms: Terms,
}

/// The policy that governs a target.
pub(super) struct Governing {
    pub(super) policy: Policy,
    pub(super) version: u64,
    pub(super) terms: Terms,
}

/// What the built-in policies depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Choices {
    /// Whether the control plane is protected.
    pub(super) control_plane: bool,
    /// Whether default approvers decide on tasks that no policy covers.
    pub(super) default_approvers_decide: bool,
}

/// Whether the task changes who may do what (G17).
pub(super) fn is_control_plane(task: &Name) -> bool {
    task.own().and_then(own::find).is_some_and(|task| task.control_plane)
}

impl Catalog {
    fn roles_with(&self, task: &Name) -> impl Iterator<Item = &Name> {
        self.roles.iter().filter(move |(_, role)| role.tasks.contains(task)).map(|(name, _)| name)
    }

    fn groups_with(&self, role: &Name) -> impl Iterator<Item = &Name> {
        self.role_groups.iter().filter(move |(_, group)| group.roles.contains(role)).map(|(name, _)| name)
    }

    /// Whether the role contains the task now.
    pub(super) fn role_has(&self, role: &Name, task: &Name) -> bool {
        self.roles.get(role).is_some_and(|role| role.tasks.contains(task))
    }

    pub(super) fn in_role_group(&self, directory: &Directory, group: &Name, person: Person) -> bool {
        self.role_groups.get(group).is_some_and(|group| {
            group.members.iter().any(|member| match member {
                Member::Person(id) => *id == person,
                Member::Group(id) => directory.is_member(*id, person),
            })
        })
    }

    /// Everybody in a role group, directly or through a group.
    pub(super) fn members_of(&self, directory: &Directory, group: &Name) -> BTreeSet<Person> {
        let mut people = BTreeSet::new();
        for member in self.role_groups.get(group).into_iter().flat_map(|group| &group.members) {
            match member {
                Member::Person(person) => drop(people.insert(*person)),
                Member::Group(inner) => people.extend(directory.members(*inner).map(|(person, _)| person)),
            }
        }
        people
    }

    /// Whether a role or role group contains tasks of the control plane.
    pub(super) fn reaches_control_plane(&self, target: &Target) -> bool {
        let has =
            |role: &Name| self.roles.get(role).is_some_and(|role| role.tasks.iter().any(is_control_plane));
        match target {
            Target::Task(_) => false,
            Target::Role(role) => has(role),
            Target::RoleGroup(group) => {
                self.role_groups.get(group).is_some_and(|group| group.roles.iter().any(has))
            }
        }
    }

    /// Whether the person holds the role through some role group (G2).
    pub(super) fn holds(&self, directory: &Directory, role: &Name, person: Person) -> bool {
        self.groups_with(role).any(|group| self.in_role_group(directory, group, person))
    }

    /// Whether the person holds a role that contains the target (G4).
    pub(super) fn holds_target(&self, directory: &Directory, target: &Target, person: Person) -> bool {
        match target {
            Target::Task(task) => self.roles_with(task).any(|role| self.holds(directory, role, person)),
            Target::Role(role) => self.holds(directory, role, person),
            Target::RoleGroup(group) => self.in_role_group(directory, group, person),
        }
    }

    pub(super) fn exists(&self, target: &Target) -> bool {
        match target {
            Target::Task(task) => match task.own() {
                Some(own) => own::find(own).is_some(),
                None => self.tasks.contains_key(task),
            },
            Target::Role(role) => self.roles.contains_key(role),
            Target::RoleGroup(group) => self.role_groups.contains_key(group),
        }
    }

    /// Everything with a policy that people wrote and that covers the target; ordered by how specific it is.
    fn covering(&self, target: &Target) -> BTreeSet<Target> {
        let mut all = BTreeSet::from([target.clone()]);
        let roles: Vec<&Name> = match target {
            Target::Task(task) => self.roles_with(task).collect(),
            Target::Role(role) => vec![role],
            Target::RoleGroup(_) => Vec::new(),
        };
        for role in roles {
            all.insert(Target::Role(role.clone()));
            all.extend(self.groups_with(role).cloned().map(Target::RoleGroup));
        }
        all.retain(|target| self.policy_for.contains_key(target));
        all
    }

    /// The most specific of them.
    fn most_specific(&self, target: &Target) -> Vec<Target> {
        let all = self.covering(target);
        let Some(rank) = all.first().map(rank) else { return Vec::new() };
        all.into_iter().take_while(|target| self::rank(target) == rank).collect()
    }

    /// Whether any policy covers the task (G1).
    pub(super) fn protected(&self, task: &Name, choices: Choices) -> bool {
        let target = Target::Task(task.clone());
        !self.covering(&target).is_empty() || self.built_in(&target, choices).is_some()
    }

    /// The policy that governs a request for the target, which names a role where several are equal (G5).
    pub(super) fn governing(
        &self,
        target: &Target,
        role: Option<&Name>,
        choices: Choices,
    ) -> Option<Governing> {
        let among = self.most_specific(target);
        if among.is_empty() {
            return self.built_in(target, choices);
        }
        let reached: Vec<&Target> = match role {
            None => among.iter().collect(),
            Some(role) => among.iter().filter(|policy| self.leads_to(role, policy, target)).collect(),
        };
        let [one] = reached.as_slice() else { return None };
        let policy = *self.policy_for.get(*one)?;
        let Written { version, terms } = self.policies.get(&policy)?;
        Some(Governing { policy, version: *version, terms: terms.clone() })
    }

    /// A named role leads to its own policy and to those of the role groups that contain it; a task's own policy
    /// governs whatever role is named, as long as that contains the task.
    fn leads_to(&self, role: &Name, policy: &Target, asked: &Target) -> bool {
        match (policy, asked) {
            (Target::Role(name), _) => name == role,
            (Target::Task(_), Target::Task(task)) => self.role_has(role, task),
            (Target::RoleGroup(group), _) => {
                self.role_groups.get(group).is_some_and(|group| group.roles.contains(role))
            }
            (Target::Task(_), _) => false,
        }
    }

    fn built_in(&self, target: &Target, choices: Choices) -> Option<Governing> {
        let Target::Task(task) = target else { return None };
        if is_control_plane(task) {
            return choices.control_plane.then(|| Governing {
                policy: CONTROL_PLANE,
                version: 1,
                terms: control_plane(target),
            });
        }
        let found =
            self.tasks.get(task).filter(|_| task.own().is_none() && choices.default_approvers_decide)?;
        let mut terms = one_default_approver(target);
        if found.definition.arbitrary_code() {
            terms.approval =
                Approval::Manual { stages: vec![Stage { approvers: Approvers::DefaultGroup, seats: 2 }] };
            terms.limits.max_uses = Some(1);
            terms.bind = found.definition.parameters();
        }
        Some(Governing { policy: DEFAULT, version: 1, terms })
    }

    /// Whether terms are enough for a task: one that runs arbitrary code needs two approvers, one use and every parameter
    /// bound, wherever the policy came from and whenever the task was so marked.
    pub(super) fn enough(&self, task: &Name, terms: &Terms) -> bool {
        let arbitrary = self.tasks.get(task).filter(|task| task.definition.arbitrary_code());
        let seats: u32 = terms.approval.stages().iter().map(|stage| u32::from(stage.seats)).sum();
        arbitrary.is_none_or(|task| {
            seats >= 2 && terms.limits.max_uses == Some(1) && task.definition.is_bound(&terms.bind)
        })
    }

    /// The terms of the written policies that govern a task.
    pub(super) fn most_specific_terms(&self, task: &Name) -> Vec<&Terms> {
        let targets = self.most_specific(&Target::Task(task.clone())).into_iter();
        let policies = targets
            .filter_map(|target| self.policy_for.get(&target))
            .filter_map(|policy| self.policies.get(policy));
        policies.map(|policy| &policy.terms).collect()
    }

    /// Whether a task runs what its parameters say.
    pub(super) fn is_arbitrary(&self, task: &Name) -> bool {
        self.tasks.get(task).is_some_and(|task| task.definition.arbitrary_code())
    }

    /// Puts a role as it is now; what it contained before and still does keeps its date.
    pub(super) fn put_role(&mut self, role: &Name, version: u64, tasks: &BTreeSet<Name>, seq: u64) {
        let before = self.roles.get(role).map(|role| role.since.clone()).unwrap_or_default();
        let since = tasks.iter().map(|task| (task.clone(), *before.get(task).unwrap_or(&seq))).collect();
        self.roles.insert(role.clone(), Role { version, tasks: tasks.clone(), since });
    }

    /// Dates what every role group contains now: what was in it before, by whichever role, keeps its date.
    pub(super) fn date_role_groups(&mut self, seq: u64) {
        let roles = &self.roles;
        for group in self.role_groups.values_mut() {
            let tasks = group.roles.iter().filter_map(|role| roles.get(role)).flat_map(|role| &role.tasks);
            let before = std::mem::take(&mut group.since);
            group.since = tasks.map(|task| (task.clone(), *before.get(task).unwrap_or(&seq))).collect();
        }
    }

    /// Whether an authorization for `target` under `policy`, asked for at the entry `before`, opens the task now (G5,
    /// G7): it has been in the target since, without a break and as it was.
    pub(super) fn opens(&self, target: &Target, policy: Policy, task: &Name, before: u64) -> bool {
        let since = match target {
            Target::Task(asked) => return asked == task,
            Target::Role(role) => self.roles.get(role).and_then(|role| role.since.get(task)),
            Target::RoleGroup(group) => self.role_groups.get(group).and_then(|group| group.since.get(task)),
        };
        let as_it_was = self.tasks.get(task).is_none_or(|task| task.since < before);
        let contains = since.is_some_and(|since| *since < before) && as_it_was;
        let arbitrary = self.is_arbitrary(task);
        let Some(governor) = self.policies.get(&policy).map(|policy| rank(&policy.terms.target)) else {
            return false;
        };
        let closer = self.covering(&Target::Task(task.clone())).iter().any(|policy| rank(policy) < governor);
        contains && !is_control_plane(task) && !arbitrary && !closer
    }

    /// The tasks that a request for the target opens now.
    pub(super) fn opened(&self, target: &Target, policy: Policy) -> BTreeSet<Name> {
        let tasks: BTreeSet<Name> = match target {
            Target::Task(task) => BTreeSet::from([task.clone()]),
            Target::Role(role) => self.roles.get(role).map(|role| role.tasks.clone()).unwrap_or_default(),
            Target::RoleGroup(group) => {
                let roles = self.role_groups.get(group).map(|group| &group.roles);
                roles
                    .into_iter()
                    .flatten()
                    .filter_map(|role| self.roles.get(role))
                    .flat_map(|role| role.tasks.clone())
                    .collect()
            }
        };
        let exists = |task: &Name| self.exists(&Target::Task(task.clone()));
        tasks.into_iter().filter(|task| exists(task) && self.opens(target, policy, task, u64::MAX)).collect()
    }
}

const fn rank(target: &Target) -> u8 {
    match target {
        Target::Task(_) => 0,
        Target::Role(_) => 1,
        Target::RoleGroup(_) => 2,
    }
}

/// One other person of the default approver group, with a second factor; one hour, one use (G17). Which parameters are
/// bound is in the program: all of them.
pub(super) fn control_plane(target: &Target) -> Terms {
    let limits = Limits { max_duration: Some(HOUR), max_uses: Some(1), parallel: 1, rate: None };
    Terms { limits, assurance: Assurance::SecondFactor, ..one_default_approver(target) }
}

fn one_default_approver(target: &Target) -> Terms {
    Terms {
        target: target.clone(),
        approval: Approval::Manual { stages: vec![Stage { approvers: Approvers::DefaultGroup, seats: 1 }] },
        requesters: Requesters::ByRole,
        limits: Limits { max_duration: None, max_uses: None, parallel: 1, rate: None },
        bind: BTreeSet::new(),
        ticket: None,
        assurance: Assurance::Session,
        freshness: None,
        windows: Vec::new(),
        approve_for_less: true,
    }
}
