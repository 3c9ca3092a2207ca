//! The organization: set-up, privileged access on and off, exempt accounts, the clock.

use std::collections::BTreeSet;

use super::{
    At, Judge,
    catalog::is_control_plane,
    world::{Access, Keepers, SystemAccount},
};
use crate::{
    Rule,
    form::{
        AccessDisabled, AccessEnabled, Actor, ClockVouched, Disable, FirstAdministratorNamed,
        OrganizationChanged, OrganizationCreated, Person, SnapshotTaken, SystemAccountAdded,
        SystemAccountRemoved, Target,
    },
};

impl Judge {
    pub(super) fn organization_created(&mut self, at: &At<'_>, body: &OrganizationCreated) {
        self.by_host(at);
        self.world.ledger.clone_from(&body.ledger);
        self.world.epoch = 1;
        self.world.settings = Some(body.settings.clone());
    }

    pub(super) fn first_administrator_named(&mut self, at: &At<'_>, body: &FirstAdministratorNamed) {
        self.by_host(at);
        let once = self.world.first_administrator.is_none() && self.commands.initializes();
        self.check(once, Rule::SetUp, "the first administrator is named once, when the organization is made");
        self.check(self.world.directory.has(body.person), Rule::Identity, "there is no such person");
        self.world.first_administrator = Some(body.person);
    }

    pub(super) fn access_enabled(&mut self, at: &At<'_>, body: &AccessEnabled) {
        self.effect(at, "AccessEnabled");
        self.about_group(body.approvers);
        self.check(body.cites == at.seq, Rule::SetUp, "it does not stand behind everything before it");
        self.world.approvers = Some(body.approvers);
        self.world.control_plane = Some(body.control_plane);
        self.world.settings = Some(body.settings.clone());
        self.world.access = Access::On;
        let deciders = self.world.keepers().deciders;
        self.check(
            deciders >= 2,
            Rule::SetUp,
            "the approver group has fewer than two distinct people with working credentials",
        );
        if self.world.choices().control_plane {
            let written: Vec<_> =
                self.world.catalog.policies.values().map(|policy| policy.terms.clone()).collect();
            for terms in written {
                self.strong_for_control_plane(&terms);
            }
        }
    }

    pub(super) fn access_disabled(&mut self, at: &At<'_>, body: &AccessDisabled) {
        self.effect(at, "AccessDisabled");
        self.check(self.world.access != Access::SetUp, Rule::G21, "privileged access was never enabled");
        self.world.access = match body.how {
            Disable::Off {} => Access::Off,
            Disable::OffUntil { until } => {
                self.check(until > at.time, Rule::G21, "it comes back before it is gone");
                Access::OffUntil(until)
            }
            Disable::Observe {} => Access::Observe,
        };
    }

    pub(super) fn access_resumed(&mut self, at: &At<'_>) {
        self.by_system(at);
        let due = matches!(self.world.access, Access::OffUntil(until) if at.time >= until);
        self.check(due, Rule::G21, "privileged access was not to come back now");
        self.world.access = Access::On;
    }

    pub(super) fn organization_changed(&mut self, at: &At<'_>, body: &OrganizationChanged) {
        self.effect(at, "OrganizationChanged");
        if self.world.approvers != Some(body.approvers) {
            self.about_group(body.approvers);
        }
        let before = self.world.keepers();
        self.world.settings = Some(body.settings.clone());
        self.world.approvers = Some(body.approvers);
        self.check(self.world.directory.has_group(body.approvers), Rule::Identity, "there is no such group");
        self.keeps(before);
    }

    pub(super) fn system_account_added(&mut self, at: &At<'_>, body: &SystemAccountAdded) {
        self.effect(at, "SystemAccountAdded");
        self.about_named(&body.person.to_string());
        let service = self.world.directory.is_service(body.person);
        self.check(service, Rule::G8, "only service accounts can be exempt");
        self.world
            .system_accounts
            .insert(body.person, SystemAccount { until: body.until, last_used: at.time });
    }

    pub(super) fn system_account_removed(&mut self, at: &At<'_>, body: &SystemAccountRemoved) {
        self.effect(at, "SystemAccountRemoved");
        self.about_named(&body.person.to_string());
        self.world.system_accounts.remove(&body.person);
        self.owe_groundless(at.time);
    }

    pub(super) fn clock_suspected(&mut self, at: &At<'_>) {
        self.by_system(at);
        self.world.clock_suspect = true;
        self.world.clock_vouched.clear();
    }

    pub(super) fn clock_vouched(&mut self, at: &At<'_>, body: &ClockVouched) {
        let own = at.actor.person() == Some(body.person) && at.actor.token().is_none();
        self.check(own, Rule::G16, "people vouch for a clock themselves, in a session");
        let approver = self.default_approver(body.person);
        self.check(approver, Rule::G16, "who vouched for the clock is no default approver");
        self.check(self.world.clock_suspect, Rule::G16, "the clock was not suspect");
        self.world.clock_vouched.insert(body.person);
    }

    /// By the host's own account, or on the word of two distinct default approvers, the second of whom it is.
    pub(super) fn clock_accepted(&mut self, at: &At<'_>) {
        let vouched = self.world.clock_vouched.iter().copied();
        let humans: BTreeSet<Person> = vouched
            .filter(|person| self.default_approver(*person))
            .map(|person| self.world.directory.human(person))
            .collect();
        let one = at.actor.person().is_some_and(|person| self.world.clock_vouched.contains(&person));
        self.check(
            at.actor == Actor::Host {} || (one && humans.len() >= 2),
            Rule::G16,
            "neither the host's own account nor two default approvers accepted the clock",
        );
        self.check(self.world.clock_suspect, Rule::G16, "the clock was not suspect");
        self.world.clock_suspect = false;
        self.world.clock_vouched.clear();
    }

    pub(super) fn default_approver(&self, person: Person) -> bool {
        self.world.directory.can_decide(person)
            && self.world.approvers.is_some_and(|group| self.world.directory.is_member(group, person))
    }

    pub(super) fn snapshot_taken(&mut self, at: &At<'_>, body: &SnapshotTaken) {
        self.by_no_person(at);
        self.check(body.size <= at.seq, Rule::Identity, "a snapshot cannot know what comes after it");
    }

    /// Nothing may leave the default approvers with fewer than two who could decide (G17), or Countersign without an
    /// administrator who could sign in.
    pub(super) fn keeps(&mut self, before: Keepers) {
        let after = self.world.keepers();
        let two =
            self.world.access == Access::SetUp || after.deciders >= 2 || after.deciders >= before.deciders;
        self.check(
            two,
            Rule::G17,
            "it leaves fewer than two distinct default approvers with working credentials",
        );
        let administered = after.administrator || !before.administrator;
        self.check(administered, Rule::SetUp, "it leaves no administrator who could sign in");
    }

    /// Whether the target is a task of the control plane.
    pub(super) fn control_plane(target: &Target) -> bool {
        matches!(target, Target::Task(task) if is_control_plane(task))
    }
}
