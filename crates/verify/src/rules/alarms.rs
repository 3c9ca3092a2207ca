//! That no alarm is missing: whenever membership breaks a policy, or makes it whole again, the next entry says so (G10).

use std::collections::BTreeSet;

use super::{Judge, world::Access};
use crate::{
    Rule,
    form::{Body, Policy},
};

/// What is wrong when it does not.
pub(super) const MISSING: &str = "what came before it left a policy with too few approvers, or with enough again, and \
                                  no alarm says so";

/// The policies that alarms were raised about, and what the next entries owe.
#[derive(Debug, Default)]
pub(super) struct Alarms {
    raised: BTreeSet<Policy>,
    broken: BTreeSet<Policy>,
    whole: BTreeSet<Policy>,
}

impl Alarms {
    pub(super) fn is_owed(&self) -> bool {
        !self.broken.is_empty() || !self.whole.is_empty()
    }
}

impl Judge {
    /// Whether this entry is the alarm that its predecessor owes, or a part of it: what broke first, then what is whole
    /// again.
    pub(super) fn alarm_due(&mut self, body: &Body) {
        let alarms = &mut self.alarms;
        if !alarms.is_owed() {
            return;
        }
        let part =
            |said: &BTreeSet<Policy>, owed: &BTreeSet<Policy>| !said.is_empty() && said.is_subset(owed);
        let said = match body {
            Body::QuorumAlarm(alarm) if !alarms.broken.is_empty() => part(&alarm.policies, &alarms.broken),
            Body::QuorumRestored(alarm) if alarms.broken.is_empty() => part(&alarm.policies, &alarms.whole),
            _ => false,
        };
        if !said {
            (alarms.broken, alarms.whole) = Default::default();
            self.fault(Rule::G10, MISSING);
        }
    }

    /// Takes note of what was said, and of what has to be said after this entry.
    pub(super) fn alarms_after(&mut self, body: &Body) {
        match body {
            Body::QuorumAlarm(alarm) => {
                self.alarms.raised.extend(&alarm.policies);
                self.alarms.broken.retain(|policy| !alarm.policies.contains(policy));
            }
            Body::QuorumRestored(alarm) => {
                self.alarms.raised.retain(|policy| !alarm.policies.contains(policy));
                self.alarms.whole.retain(|policy| !alarm.policies.contains(policy));
            }
            // New terms were judged when they were written; what is gone has nobody to lack.
            Body::PolicyChanged(changed) => drop(self.alarms.raised.remove(&changed.policy)),
            Body::PolicyRemoved(removed) => drop(self.alarms.raised.remove(&removed.policy)),
            _ => {}
        }
        if self.world.access == Access::SetUp || !concerns(body) {
            return;
        }
        let policies = self.world.catalog.policies.iter();
        let short: BTreeSet<Policy> =
            policies.filter(|(_, written)| self.world.short(&written.terms)).map(|(id, _)| *id).collect();
        self.alarms.broken = short.difference(&self.alarms.raised).copied().collect();
        self.alarms.whole = self.alarms.raised.difference(&short).copied().collect();
    }
}

/// Whether an entry can change who may ask, or who could approve.
const fn concerns(body: &Body) -> bool {
    matches!(
        body,
        Body::PersonDisabled(_)
            | Body::PersonEnabled(_)
            | Body::PeopleLinked(_)
            | Body::PersonUnlinked(_)
            | Body::GroupMembersChanged(_)
            | Body::GroupRemoved(_)
            | Body::RoleDefined(_)
            | Body::RoleRemoved(_)
            | Body::RoleGroupDefined(_)
            | Body::RoleGroupMembersChanged(_)
            | Body::RoleGroupRemoved(_)
            | Body::OrganizationChanged(_)
            | Body::AccessEnabled(_)
    )
}
