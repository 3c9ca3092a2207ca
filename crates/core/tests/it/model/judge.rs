//! What holds now: who belongs where, which policy governs, what still stands.

use std::collections::{BTreeMap, BTreeSet};

use super::{APPROVERS, Access, Ask, Model, Name, Policy, Request, Terms, What, Who};

/// Why something no longer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fallen {
    Person,
    Access,
    Policy,
    Definition,
    Ground,
    Quorum,
}

impl Model {
    /// Enabled, and a service account with its owner.
    pub(crate) fn enabled(&self, who: Name) -> bool {
        let person = &self.people[who];
        person.enabled && person.owner.is_none_or(|owner| self.people[owner].enabled)
    }

    pub(crate) fn human(&self, who: Name) -> u64 {
        let person = &self.people[who];
        person.owner.map_or(person.human, |owner| self.people[owner].human)
    }

    /// Everybody in a group at any depth, searched afresh.
    pub(crate) fn members(&self, group: Name) -> BTreeSet<Name> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open = vec![group];
        while let Some(group) = open.pop() {
            if !seen.insert(group) {
                continue;
            }
            for member in self.groups.get(group).into_iter().flatten() {
                match member {
                    Who::P(person) => {
                        found.insert(*person);
                    }
                    Who::G(inner) => open.push(inner),
                }
            }
        }
        found
    }

    /// Dates memberships: who was in before and is in now keeps the date.
    pub(crate) fn date(&mut self) {
        let mut since = BTreeMap::new();
        for group in self.groups.keys() {
            for person in self.members(group) {
                let kept = self.since.get(&(*group, person)).copied();
                since.insert((*group, person), kept.unwrap_or(self.step));
            }
        }
        self.since = since;
    }

    fn is_in(&self, members: &BTreeSet<Who>, who: Name) -> bool {
        members.iter().any(|member| match member {
            Who::P(person) => *person == who,
            Who::G(group) => self.members(group).contains(who),
        })
    }

    pub(crate) fn holds(&self, who: Name, role: Name) -> bool {
        self.role_groups.values().any(|(roles, members)| roles.contains(role) && self.is_in(members, who))
    }

    /// The first role, by name, that gives somebody a task.
    pub(crate) fn role_for(&self, who: Name, task: Name) -> Option<Name> {
        self.roles
            .iter()
            .find(|(role, tasks)| tasks.contains(task) && self.holds(who, role))
            .map(|(role, _)| *role)
    }

    fn roles_of(&self, task: Name) -> Vec<Name> {
        self.roles.iter().filter(|(_, tasks)| tasks.contains(task)).map(|(role, _)| *role).collect()
    }

    fn groups_of(&self, role: Name) -> Vec<Name> {
        self.role_groups
            .iter()
            .filter(|(_, (roles, _))| roles.contains(role))
            .map(|(group, _)| *group)
            .collect()
    }

    /// Targets whose policy would cover this one, by rank.
    fn ranks(&self, what: What) -> [Vec<What>; 3] {
        let roles = match what {
            What::Task(task) => self.roles_of(task),
            What::Role(role) => vec![role],
            What::RoleGroup(_) => Vec::new(),
        };
        let mut groups: BTreeSet<Name> = roles.iter().flat_map(|role| self.groups_of(role)).collect();
        if let What::RoleGroup(group) = what {
            groups.insert(group);
        }
        let written =
            |all: Vec<What>| all.into_iter().filter(|target| self.policies.contains_key(target)).collect();
        [
            written(if matches!(what, What::Task(_)) { vec![what] } else { Vec::new() }),
            written(roles.into_iter().map(What::Role).collect()),
            written(groups.into_iter().map(What::RoleGroup).collect()),
        ]
    }

    fn candidates(&self, what: What) -> Vec<What> {
        self.ranks(what).into_iter().find(|rank| !rank.is_empty()).unwrap_or_default()
    }

    fn built_in(&self, what: What) -> Option<Policy> {
        let What::Task(name) = what else { return None };
        let task = &self.tasks[name];
        let one = Terms { stages: vec![(None, 1)], ask: Ask::ByRole, hours: None, uses: None, parallel: 1 };
        if task.control_plane {
            return Some(Policy { id: 0, terms: Terms { hours: Some(1), uses: Some(1), ..one } });
        }
        (self.default_decides && !task.ours).then_some(Policy { id: 1, terms: one })
    }

    /// Whether any policy covers it.
    pub(crate) fn protected(&self, what: What) -> bool {
        !self.candidates(what).is_empty() || self.built_in(what).is_some()
    }

    /// The policy that governs a request; nothing where a role has to be named and is not, or leads nowhere.
    pub(crate) fn governing(&self, what: What, role: Option<Name>) -> Option<Policy> {
        let among = self.candidates(what);
        if among.is_empty() {
            return self.built_in(what);
        }
        let chosen: Vec<&What> = match role {
            None => among.iter().collect(),
            Some(role) => among.iter().filter(|policy| self.leads(what, role, **policy)).collect(),
        };
        match chosen.as_slice() {
            [one] => self.policies.get(one).cloned(),
            _ => None,
        }
    }

    fn leads(&self, what: What, role: Name, policy: What) -> bool {
        let contains = match what {
            What::Task(task) => self.roles.get(role).is_some_and(|tasks| tasks.contains(task)),
            What::Role(own) => own == role,
            What::RoleGroup(_) => false,
        };
        match policy {
            What::Task(_) => contains,
            What::Role(governed) => governed == role,
            What::RoleGroup(group) => contains && self.groups_of(role).contains(&group),
        }
    }

    /// Whether an authorization for `what` under the policy of `governor` opens a task now.
    fn opens(&self, what: What, policy: u64, task: Name, before: u64) -> bool {
        if let What::Task(asked) = what {
            return asked == task;
        }
        let since = self.contains.get(&(what, task)).copied();
        let contains = since.is_some_and(|since| since < before) && self.tasks[task].since < before;
        let Some(governor) =
            self.policies.iter().find(|(_, known)| known.id == policy).map(|(what, _)| *what)
        else {
            return false;
        };
        let closer = match governor {
            What::Task(_) => 0,
            What::Role(_) => 1,
            What::RoleGroup(_) => 2,
        };
        contains && self.ranks(What::Task(task)).iter().take(closer).all(Vec::is_empty)
    }

    /// Dates what roles and role groups contain: what was in before and is in now keeps the date.
    pub(crate) fn date_roles(&mut self) {
        let roles = self.roles.iter().map(|(role, tasks)| (What::Role(role), tasks.clone()));
        let groups = self.role_groups.keys().map(|group| (What::RoleGroup(group), self.tasks_in(group)));
        let now: BTreeSet<(What, Name)> = roles
            .chain(groups)
            .flat_map(|(what, tasks)| tasks.into_iter().map(move |task| (what, task)))
            .collect();
        self.contains =
            now.into_iter().map(|key| (key, self.contains.get(&key).copied().unwrap_or(self.step))).collect();
    }

    fn tasks_in(&self, role_group: Name) -> BTreeSet<Name> {
        self.role_groups[role_group].0.iter().flat_map(|role| self.roles[role].iter().copied()).collect()
    }

    /// What a request would open, with the versions of now.
    pub(crate) fn opened(&self, what: What, policy: u64) -> BTreeMap<Name, u64> {
        let all: BTreeSet<Name> = match what {
            What::Task(task) => BTreeSet::from([task]),
            What::Role(role) => self.roles[role].clone(),
            What::RoleGroup(group) => self.tasks_in(group),
        };
        all.into_iter()
            .filter(|task| self.opens(what, policy, task, u64::MAX))
            .map(|task| (task, self.tasks[task].version))
            .collect()
    }

    pub(crate) fn still_opens(&self, request: &Request, task: Name) -> bool {
        self.opens(request.what, request.policy.id, task, request.asked)
    }

    pub(crate) fn may_ask(&self, who: Name, what: What, ask: Ask) -> bool {
        self.enabled(who)
            && self.people[who].owner.is_none()
            && match ask {
                Ask::Everyone => true,
                Ask::Group(group) => self.members(group).contains(who),
                Ask::ByRole => match what {
                    What::Task(task) => self.role_for(who, task).is_some(),
                    What::Role(role) => self.holds(who, role),
                    What::RoleGroup(group) => self.is_in(&self.role_groups[group].1, who),
                },
            }
    }

    pub(crate) fn is_control_plane(&self, what: What) -> bool {
        matches!(what, What::Task(task) if self.tasks[task].control_plane)
    }

    pub(crate) fn enforced(&self) -> bool {
        match self.access {
            Access::On => true,
            Access::Until(until) => self.now >= until,
            Access::Off | Access::Observe => false,
        }
    }

    /// Enabled human members since before a step.
    pub(crate) fn eligible(&self, group: Name, before: u64) -> BTreeSet<Name> {
        self.members(group)
            .into_iter()
            .filter(|who| self.enabled(who) && self.people[who].owner.is_none())
            .filter(|who| self.since[&(group, *who)] < before)
            .collect()
    }

    pub(crate) fn humans(&self, people: impl IntoIterator<Item = Name>) -> BTreeSet<u64> {
        people.into_iter().map(|who| self.human(who)).collect()
    }

    pub(crate) fn is_eligible(&self, request: &Request, who: Name, stage: usize) -> bool {
        self.human(who) != self.human(request.who)
            && request
                .stages
                .get(stage)
                .is_some_and(|(group, _)| self.eligible(group, request.asked).contains(who))
    }

    /// The humans whose votes count, by stage: each once.
    pub(crate) fn counted(&self, request: &Request) -> Vec<BTreeSet<u64>> {
        let mut seen = BTreeSet::new();
        let mut stages = vec![BTreeSet::new(); request.stages.len()];
        for (who, stage) in &request.votes {
            if self.is_eligible(request, who, *stage) && seen.insert(self.human(who)) {
                stages[*stage].insert(self.human(who));
            }
        }
        stages
    }

    pub(crate) fn quorum(&self, request: &Request) -> bool {
        self.counted(request).iter().zip(&request.stages).all(|(votes, (_, seats))| votes.len() >= *seats)
    }

    /// The stage that takes votes now: the first whose seats are not all filled by votes that count.
    pub(crate) fn open(&self, request: &Request) -> usize {
        let counted = self.counted(request);
        let open =
            request.stages.iter().enumerate().find(|(index, (_, seats))| counted[*index].len() < *seats);
        open.map_or(request.stage, |(index, _)| index)
    }

    /// Whether votes still to come could fill every seat that is open.
    pub(crate) fn fillable(&self, request: &Request) -> bool {
        let counted = self.counted(request);
        let voted = self.humans(request.votes.keys().copied());
        let own = self.human(request.who);
        let mut seats = Vec::new();
        for (index, (group, needed)) in request.stages.iter().enumerate() {
            let pool: BTreeSet<u64> = self
                .humans(self.eligible(group, request.asked))
                .into_iter()
                .filter(|human| *human != own && !voted.contains(human))
                .collect();
            for _ in counted[index].len()..*needed {
                seats.push(pool.clone());
            }
        }
        place(&seats, &BTreeSet::new())
    }

    /// Whether distinct people can fill every seat of a policy, `without` left out.
    pub(crate) fn possible(&self, stages: &[(Name, usize)], without: Option<u64>) -> bool {
        let mut seats = Vec::new();
        for (group, needed) in stages {
            let mut pool = self.humans(self.eligible(group, u64::MAX));
            if let Some(without) = without {
                pool.remove(&without);
            }
            seats.extend(std::iter::repeat_n(pool, *needed));
        }
        place(&seats, &BTreeSet::new())
    }

    pub(crate) fn resolved(&self, terms: &Terms) -> Vec<(Name, usize)> {
        terms.stages.iter().map(|(group, seats)| (group.unwrap_or(APPROVERS), *seats)).collect()
    }

    /// What every request and authorization needs, whoever voted.
    fn stands(&self, request: &Request) -> Result<(), Fallen> {
        if !self.enabled(request.who) || !request.account.is_none_or(|account| self.enabled(account)) {
            return Err(Fallen::Person);
        }
        if !self.is_control_plane(request.what) && !self.enforced() {
            return Err(Fallen::Access);
        }
        let governing = self.governing(request.what, request.role).ok_or(Fallen::Policy)?;
        if governing.id != request.policy.id || !lets_through(&governing.terms, &request.policy.terms) {
            return Err(Fallen::Policy);
        }
        if let What::Task(task) = request.what
            && request.covers.get(task) != Some(&self.tasks[task].version)
        {
            return Err(Fallen::Definition);
        }
        if self.may_ask(request.who, request.what, governing.terms.ask) {
            Ok(())
        } else {
            Err(Fallen::Ground)
        }
    }

    pub(crate) fn live_stands(&self, request: &Request) -> Result<(), Fallen> {
        self.stands(request)?;
        if self.quorum(request) { Ok(()) } else { Err(Fallen::Quorum) }
    }

    pub(crate) fn pending_stands(&self, request: &Request) -> Result<(), Fallen> {
        self.stands(request)?;
        if self.fillable(request) { Ok(()) } else { Err(Fallen::Quorum) }
    }

    /// The distinct people of the default approver group; all have working credentials here.
    pub(crate) fn deciders(&self) -> usize {
        self.humans(self.eligible(APPROVERS, u64::MAX)).len()
    }
}

/// Tries every way to give each seat another person.
fn place(seats: &[BTreeSet<u64>], taken: &BTreeSet<u64>) -> bool {
    let Some((first, rest)) = seats.split_first() else { return true };
    first.difference(taken).any(|human| {
        let mut taken = taken.clone();
        taken.insert(*human);
        place(rest, &taken)
    })
}

/// Whether all that `old` lets through, `new` lets through too: then what was granted lives on.
pub(crate) fn lets_through(new: &Terms, old: &Terms) -> bool {
    let flat = |terms: &Terms| -> Vec<Option<Name>> {
        let named = |group: Option<Name>| Some(group.unwrap_or(APPROVERS));
        terms.stages.iter().flat_map(|(group, seats)| std::iter::repeat_n(named(*group), *seats)).collect()
    };
    let (fewer, more) = (flat(new), flat(old));
    let mut more = more.iter();
    let seats = fewer.iter().all(|seat| more.any(|other| other == seat));
    // An Auto policy always has a rate, a manual one here never: going to Auto adds that demand.
    let rate = old.stages.is_empty() || !new.stages.is_empty();
    let ask = new.ask == old.ask || new.ask == Ask::Everyone;
    let most = |new: Option<i64>, old: Option<i64>| match (new, old) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(new), Some(old)) => new >= old,
    };
    seats
        && rate
        && ask
        && most(new.hours, old.hours)
        && most(new.uses.map(i64::from), old.uses.map(i64::from))
        && new.parallel >= old.parallel
}
