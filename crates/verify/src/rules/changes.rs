//! People, groups, tasks, roles and policies: each change stands inside a task that brings it about, and ends at once
//! what no longer stands.

use std::collections::BTreeSet;

use super::{
    At, Judge,
    catalog::{self, Task, Written},
    compare, stands,
    world::Untold,
};
use crate::{
    Rule,
    form::{
        Approval, AuthorizationEnd, Basis, Body, Ends, GroupCreated, GroupMembersChanged, GroupRemoved,
        Member, Name, PeopleLinked, Person, PersonChanged, PersonCreated, PersonDisabled, PersonEnabled,
        PersonKind, PersonUnlinked, Policy, PolicyChanged, PolicyCreated, PolicyRemoved, RoleDefined,
        RoleGroupDefined, RoleGroupMembersChanged, RoleGroupRemoved, RoleRemoved, Subject, Target,
        TaskDefined, TaskRemoved, Terms, WorkloadRegistered,
    },
};

/// Said wherever such a task meets less.
pub(super) const ARBITRARY: &str =
    "a task that runs arbitrary code needs two approvers, one use and bound parameters";

impl Judge {
    pub(super) fn person_created(&mut self, at: &At<'_>, body: &PersonCreated) {
        self.effect(at, "PersonCreated");
        self.new_id('p', body.person.bytes());
        if let PersonKind::Service { owner } = body.kind {
            let owned = self.world.directory.can_decide(owner);
            self.check(owned, Rule::G8, "the owner of a service account is an enabled human being");
        }
        self.world.directory.create(body.person, body.kind);
    }

    pub(super) fn person_changed(&mut self, at: &At<'_>, body: &PersonChanged) {
        self.effect(at, "PersonChanged");
        self.about_named(&body.person.to_string());
        self.known(body.person);
    }

    pub(super) fn person_disabled(&mut self, at: &At<'_>, body: &PersonDisabled) {
        self.effect(at, "PersonDisabled");
        self.about_named(&body.person.to_string());
        self.known(body.person);
        let before = self.world.keepers();
        self.world.directory.disable(body.person);
        self.world.appointed.remove(&body.person);
        self.over(Subject::Person { person: body.person }, at.time);
        self.world.tokens.retain(|_, token| token.person != body.person);
        self.world.invitations.retain(|_, link| link.person != body.person);
        self.keeps(before);
    }

    pub(super) fn person_enabled(&mut self, at: &At<'_>, body: &PersonEnabled) {
        self.effect(at, "PersonEnabled");
        self.about_named(&body.person.to_string());
        self.known(body.person);
        self.world.directory.enable(body.person, at.seq);
        self.world.over.remove(&Subject::Person { person: body.person });
    }

    pub(super) fn people_linked(&mut self, at: &At<'_>, body: &PeopleLinked) {
        self.effect(at, "PeopleLinked");
        self.about_members(&[body.person, body.other].map(Member::Person));
        self.known(body.person);
        self.known(body.other);
        let service = [body.person, body.other].iter().any(|person| self.world.directory.is_service(*person));
        self.check(!service, Rule::G9, "a service account counts as its owner, and is linked with nobody");
        let before = self.world.keepers();
        self.world.directory.link(body.person, body.other);
        self.keeps(before);
    }

    pub(super) fn person_unlinked(&mut self, at: &At<'_>, body: &PersonUnlinked) {
        self.effect(at, "PersonUnlinked");
        self.about_named(&body.person.to_string());
        self.known(body.person);
        self.world.directory.unlink(body.person, at.seq);
    }

    pub(super) fn group_created(&mut self, at: &At<'_>, body: &GroupCreated) {
        self.effect(at, "GroupCreated");
        self.new_id('g', body.group.bytes());
        let named = self.world.directory.group_named(&body.name);
        self.check(!named, Rule::Identity, "there is a group of this name already");
        self.world.directory.create_group(body.group, body.name.clone());
    }

    pub(super) fn group_members_changed(&mut self, at: &At<'_>, body: &GroupMembersChanged) {
        if !self.appoints(at, body) {
            self.effect(at, "GroupMembersChanged");
            self.about_group(body.group);
            self.about_members(&body.added);
            self.about_members(&body.removed);
        }
        self.only_as_named(&body.added, &body.removed, "Add-GroupMember", "Remove-GroupMember");
        self.check(self.world.directory.has_group(body.group), Rule::Identity, "there is no such group");
        self.members_exist(&body.added);
        let circular = body.added.iter().any(|member| {
            matches!(member, Member::Group(inner) if self.world.directory.contains(*inner, body.group))
        });
        self.check(!circular, Rule::G22, "the group contains itself");
        let before = self.world.keepers();
        self.world.directory.change(body.group, &body.added, &body.removed, at.seq);
        self.settled(body.group, &body.added);
        self.keeps(before);
    }

    pub(super) fn group_removed(&mut self, at: &At<'_>, body: &GroupRemoved) {
        self.effect(at, "GroupRemoved");
        self.about_group(body.group);
        let before = self.world.keepers();
        let named = self.world.approvers == Some(body.group);
        self.check(!named, Rule::G17, "it is the default approver group");
        self.world.directory.remove_group(body.group, at.seq);
        self.keeps(before);
    }

    pub(super) fn workload_registered(&mut self, at: &At<'_>, body: &WorkloadRegistered) {
        self.effect(at, "WorkloadRegistered");
        self.about_named(&body.workload.to_string());
        let own = body.workload.is("Countersign");
        let known = self.world.catalog.workloads.contains_key(&body.workload);
        self.check(!own && !known, Rule::Identity, "the workload is known, or Countersign's own");
        self.world.catalog.workloads.insert(body.workload.clone(), body.runspace.clone());
    }

    pub(super) fn task_defined(&mut self, at: &At<'_>, body: &TaskDefined) {
        self.effect(at, "TaskDefined");
        let definition = &body.definition;
        let name = definition.name();
        let version = self.world.catalog.tasks.get(name).map_or(0, |task| task.version);
        self.check(body.version == version + 1, Rule::G7, "its version is not the next one");
        self.check(body.digest == definition.digest, Rule::G7, "its digest is not that of its definition");
        self.check(name.own().is_none(), Rule::G17, "Countersign's own tasks are not defined in the ledger");
        let runspace = self.world.catalog.workloads.get(&Name::from(name.workload()));
        let executed = runspace.map(String::as_str) == Some(definition.runspace());
        self.check(executed, Rule::G7, "its workload is executed by another runspace");
        let same = self.world.catalog.tasks.get(name).filter(|task| task.digest == body.digest);
        let since = same.map_or(at.seq, |task| task.since);
        let task = Task { version: body.version, digest: body.digest, definition: definition.clone(), since };
        self.world.catalog.tasks.insert(name.clone(), task);
        let catalog = &self.world.catalog;
        let enough = catalog.most_specific_terms(name).into_iter().all(|terms| catalog.enough(name, terms));
        self.check(enough, Rule::G10, ARBITRARY);
    }

    pub(super) fn task_removed(&mut self, at: &At<'_>, body: &TaskRemoved) {
        self.effect(at, "TaskRemoved");
        self.about_named(&body.task.to_string());
        self.world.catalog.tasks.remove(&body.task);
    }

    pub(super) fn role_defined(&mut self, at: &At<'_>, body: &RoleDefined) {
        self.effect(at, "RoleDefined");
        self.about_named(&body.role.to_string());
        let version = self.world.catalog.roles.get(&body.role).map_or(0, |role| role.version);
        self.check(body.version == version + 1, Rule::G7, "its version is not the next one");
        self.not_own(&body.role);
        let confers = body.role.own().is_none() && body.tasks.iter().any(|task| task.own().is_some());
        self.check(!confers, Rule::G17, "only Countersign's own roles contain its own tasks");
        self.world.catalog.put_role(&body.role, body.version, &body.tasks, at.seq);
        self.world.catalog.date_role_groups(at.seq);
    }

    pub(super) fn role_removed(&mut self, at: &At<'_>, body: &RoleRemoved) {
        self.effect(at, "RoleRemoved");
        self.about_named(&body.role.to_string());
        self.not_own(&body.role);
        self.world.catalog.roles.remove(&body.role);
        self.world.catalog.date_role_groups(at.seq);
    }

    pub(super) fn role_group_defined(&mut self, at: &At<'_>, body: &RoleGroupDefined) {
        self.effect(at, "RoleGroupDefined");
        self.about_named(&body.role_group.to_string());
        self.not_own(&body.role_group);
        let confers = body.role_group.own().is_none() && body.roles.iter().any(|role| role.own().is_some());
        self.check(!confers, Rule::G17, "only Countersign's own role groups contain its own roles");
        let group = self.world.catalog.role_groups.entry(body.role_group.clone()).or_default();
        group.roles.clone_from(&body.roles);
        self.world.catalog.date_role_groups(at.seq);
    }

    pub(super) fn role_group_members_changed(&mut self, at: &At<'_>, body: &RoleGroupMembersChanged) {
        self.effect(at, "RoleGroupMembersChanged");
        self.about_named(&body.role_group.to_string());
        self.about_members(&body.added);
        self.about_members(&body.removed);
        self.only_as_named(&body.added, &body.removed, "Add-RoleGroupMember", "Remove-RoleGroupMember");
        self.members_exist(&body.added);
        let before = self.world.keepers();
        match self.world.catalog.role_groups.get_mut(&body.role_group) {
            Some(group) => {
                group.members.retain(|member| !body.removed.contains(member));
                group.members.extend(&body.added);
            }
            None => self.fault(Rule::Identity, "there is no such role group"),
        }
        self.keeps(before);
    }

    pub(super) fn role_group_removed(&mut self, at: &At<'_>, body: &RoleGroupRemoved) {
        self.effect(at, "RoleGroupRemoved");
        self.about_named(&body.role_group.to_string());
        self.not_own(&body.role_group);
        self.world.catalog.role_groups.remove(&body.role_group);
    }

    pub(super) fn policy_created(&mut self, at: &At<'_>, body: &PolicyCreated) {
        self.effect(at, "PolicyCreated");
        let (Target::Task(target) | Target::Role(target) | Target::RoleGroup(target)) = &body.terms.target;
        self.about_named(&target.to_string());
        self.new_id('o', body.policy.bytes());
        let built_in = [catalog::CONTROL_PLANE, catalog::DEFAULT].contains(&body.policy);
        self.check(!built_in, Rule::G17, "a built-in policy cannot be made");
        let taken = self.world.catalog.policy_for.contains_key(&body.terms.target);
        self.check(!taken, Rule::G5, "there is a policy for this target already");
        self.strong_enough(&body.terms);
        self.world.catalog.policy_for.insert(body.terms.target.clone(), body.policy);
        self.world.catalog.policies.insert(body.policy, Written { version: 1, terms: body.terms.clone() });
    }

    pub(super) fn policy_changed(&mut self, at: &At<'_>, body: &PolicyChanged) {
        self.effect(at, "PolicyChanged");
        self.about_named(&body.policy.to_string());
        match self.world.catalog.policies.get(&body.policy) {
            None => self.fault(Rule::Identity, "there is no such policy"),
            Some(old) => {
                let (next, target) = (old.version + 1 == body.version, old.terms.target == body.terms.target);
                self.check(next, Rule::G5, "its version is not the next one");
                self.check(target, Rule::G5, "a policy keeps its target");
            }
        }
        self.strong_enough(&body.terms);
        self.world
            .catalog
            .policies
            .insert(body.policy, Written { version: body.version, terms: body.terms.clone() });
    }

    pub(super) fn policy_removed(&mut self, at: &At<'_>, body: &PolicyRemoved) {
        self.effect(at, "PolicyRemoved");
        self.about_named(&body.policy.to_string());
        match self.world.catalog.policies.remove(&body.policy) {
            Some(removed) => drop(self.world.catalog.policy_for.remove(&removed.terms.target)),
            None => self.fault(Rule::Identity, "there is no such policy"),
        }
    }

    /// What a change ends is live before it; what no longer stands after it is ended by it (G14).
    pub(super) fn ends(&mut self, at: &At<'_>, ends: &Ends, cause: &Body) {
        for (number, how) in &ends.authorizations {
            match self.world.authorizations.remove(number) {
                Some(_) => {
                    self.world.untold.insert(*number, Untold::Authorization);
                    self.over(Subject::Request { number: *number }, at.time);
                    self.owe_stops(*number, *how);
                }
                None => self.fault(Rule::G14, format!("it ends R-{number}, which is no live authorization")),
            }
        }
        for number in ends.requests.keys() {
            match self.world.requests.remove(number) {
                Some(_) => {
                    self.world.untold.insert(*number, Untold::Request);
                    self.over(Subject::Request { number: *number }, at.time);
                }
                None => self.fault(Rule::G14, format!("it ends R-{number}, which is no pending request")),
            }
        }
        self.owe_groundless(at.time);
        if matches!(cause, Body::AllStopped(_) | Body::ClockAccepted(_) | Body::EpochOpened(_)) {
            let none = self.world.authorizations.is_empty();
            self.check(none, Rule::G14, "it does not end every authorization");
        }
        if matches!(cause, Body::EpochOpened(_)) {
            let none = self.world.requests.is_empty();
            self.check(none, Rule::G14, "it does not end every pending request");
        }
        for (number, why) in self.fallen(at.time) {
            self.fault(Rule::G14, format!("it does not end R-{number}, although {why}"));
        }
    }

    /// Everything live that no longer stands.
    pub(super) fn fallen(&self, time: i64) -> Vec<(u64, String)> {
        let live = self
            .world
            .authorizations
            .iter()
            .map(|(number, live)| (number, stands::authorization(&self.world, &live.asked, time)));
        let pending = self
            .world
            .requests
            .iter()
            .map(|(number, asked)| (number, stands::request(&self.world, asked, time)));
        live.chain(pending)
            .filter_map(|(number, stands)| stands.err().map(|(_, why)| (*number, why)))
            .collect()
    }

    /// What runs on a ground that is gone must be stopped in the same command (G3, G15).
    pub(super) fn owe_groundless(&mut self, time: i64) {
        for (execution, running) in &self.world.executions {
            if !running.stopping
                && !running.unknown
                && running.task.own().is_none()
                && self.world.groundless(running, time)
            {
                self.commands.owe(*execution);
            }
        }
    }

    /// A preview of a request that is over, or says something else now, must be stopped in the same command (G3, G15).
    pub(super) fn owe_previews(&mut self, number: u64, time: i64) {
        for (execution, running) in &self.world.executions {
            let shows = matches!(running.basis, Basis::Preview { number: of, .. } if of == number);
            if shows && !running.stopping && !running.unknown && self.world.groundless(running, time) {
                self.commands.owe(*execution);
            }
        }
    }

    /// What runs under an authorization that ended must be stopped in the same command (G15).
    pub(super) fn owe_stops(&mut self, number: u64, how: AuthorizationEnd) {
        use AuthorizationEnd::{DefinitionChanged, Expired, PolicyChanged, QuorumLost};
        let gentle = matches!(how, Expired | QuorumLost | PolicyChanged);
        if how == DefinitionChanged {
            return;
        }
        for (execution, running) in &self.world.executions {
            let own = running.task.own().is_some();
            let spared = own || running.stopping || running.unknown || (gentle && running.run_to_end);
            if running.number() == Some(number) && !spared {
                self.commands.owe(*execution);
            }
        }
    }

    /// An alarm is about policies under which somebody could ask and too few could approve; its end about the others
    /// (G10).
    pub(super) fn quorum(&mut self, at: &At<'_>, policies: &BTreeSet<Policy>, short: bool) {
        self.by_system(at);
        let said = policies.iter().all(|policy| {
            let written = self.world.catalog.policies.get(policy);
            written.is_some_and(|written| self.world.short(&written.terms) == short)
        });
        self.check(said && !policies.is_empty(), Rule::G10, "it says of a policy what is not so");
    }

    /// What no policy may lack.
    fn strong_enough(&mut self, terms: &Terms) {
        if self.world.choices().control_plane {
            self.strong_for_control_plane(terms);
        }
        let stages = terms.approval.stages();
        let empty = terms.approval != Approval::Auto
            && (stages.is_empty() || stages.iter().any(|stage| stage.seats == 0));
        self.check(!empty, Rule::G10, "a manual approval has stages, and each has seats");
        let Target::Task(task) = &terms.target else { return };
        let enough = self.world.catalog.enough(task, terms);
        self.check(enough, Rule::G10, ARBITRARY);
    }

    /// The control plane is opened by its built-in policy, or by one of the task's own that asks for no less.
    pub(super) fn strong_for_control_plane(&mut self, terms: &Terms) {
        let reaches = self.world.catalog.reaches_control_plane(&terms.target);
        self.check(!reaches, Rule::G17, "a policy for a role opens the control plane");
        if Self::control_plane(&terms.target) {
            let mut least = catalog::control_plane(&terms.target);
            // Which parameters there are is in the program.
            least.bind.clone_from(&terms.bind);
            let enough = compare::at_least(terms, &least, self.world.approvers);
            self.check(enough, Rule::G17, "a policy is weaker than the built-in one of the control plane");
        }
    }

    fn known(&mut self, person: Person) {
        self.check(self.world.directory.has(person), Rule::Identity, "there is no such person");
    }

    fn members_exist(&mut self, members: &[Member]) {
        let exist = members.iter().all(|member| match member {
            Member::Person(person) => self.world.directory.has(*person),
            Member::Group(group) => self.world.directory.has_group(*group),
        });
        self.check(exist, Rule::Identity, "a member does not exist");
    }

    /// Countersign's own roles and role groups come from `init` alone.
    fn not_own(&mut self, name: &Name) {
        let own = name.own().is_some() && !self.commands.initializes();
        self.check(!own, Rule::G17, "Countersign's own roles and role groups are built in");
    }

    /// A task that adds does not remove, and the other way round.
    fn only_as_named(&mut self, added: &[Member], removed: &[Member], adding: &str, removing: &str) {
        let Some(inside) = self.commands.inside() else { return };
        let other = (inside.task.name == adding && !removed.is_empty())
            || (inside.task.name == removing && !added.is_empty());
        self.check(!other, Rule::G17, "it does what its task does not say");
    }
}
