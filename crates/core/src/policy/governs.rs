//! Which of several policies governs (G5), and where a less demanding one stands before a more demanding one.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{Comparison, compare};
use super::target::Target;
use super::terms::PolicyTerms;
use crate::id::GroupId;
use crate::name::{RoleGroupName, RoleName};

/// What a target is contained in. For a task: the roles that contain it, each with the role groups that contain the
/// role. For a role: itself, with its role groups. For a role group: nothing.
pub type Containers = BTreeMap<RoleName, BTreeSet<RoleGroupName>>;

/// Every policy that covers one target, by rank.
#[derive(Debug, Clone)]
pub struct Covering<'a> {
    ranks: [Vec<&'a PolicyTerms>; 3],
    containers: Containers,
}

/// Which policy decides on a request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Governing<'a> {
    /// No policy covers the target.
    Unprotected,
    /// This one.
    Policy(&'a PolicyTerms),
    /// Several of equal rank: the request must name one of these roles (or role groups).
    Choose(Vec<&'a Target>),
    /// The request names a role (or role group) through which no policy of the governing rank covers the target.
    NotAmong(Vec<&'a Target>),
}

/// A policy that asks for less than another that it stands before (G5). Listed for ever and named to approvers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exception {
    /// The target of the less demanding policy.
    pub policy: Target,
    /// The target of the more demanding one.
    pub than: Target,
    /// How the first stands before the second.
    pub conflict: Conflict,
}

/// How one policy stands before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Conflict {
    /// It is more specific, so the other does not govern.
    Shadows,
    /// Both have the same rank, so the requester chooses.
    EqualRank,
}

/// Finds the policies that cover `target`. `lookup` gives the policy of exactly one target; there is at most one.
#[must_use]
pub fn covering<'a>(
    target: &Target,
    containers: Containers,
    lookup: impl Fn(&Target) -> Option<&'a PolicyTerms>,
) -> Covering<'a> {
    let mut targets = BTreeSet::from([target.clone()]);
    if !matches!(target, Target::RoleGroup(_)) {
        targets.extend(containers.keys().cloned().map(Target::Role));
        targets.extend(containers.values().flatten().cloned().map(Target::RoleGroup));
    }
    let mut ranks = [Vec::new(), Vec::new(), Vec::new()];
    for target in targets {
        if let (Some(policy), Some(rank)) = (lookup(&target), ranks.get_mut(usize::from(target.rank()))) {
            rank.push(policy);
        }
    }
    Covering { ranks, containers }
}

impl<'a> Covering<'a> {
    /// Whether any policy covers the target (G1).
    #[must_use]
    pub fn is_protected(&self) -> bool {
        self.ranks.iter().any(|rank| !rank.is_empty())
    }

    /// Every covering policy, the most specific first, then by target.
    pub fn all(&self) -> impl Iterator<Item = &'a PolicyTerms> + '_ {
        self.ranks.iter().flatten().copied()
    }

    /// The most specific policies; more than one only where roles (or role groups) of equal rank cover the target.
    #[must_use]
    pub fn most_specific(&self) -> &[&'a PolicyTerms] {
        self.ranks.iter().find(|rank| !rank.is_empty()).map(Vec::as_slice).unwrap_or_default()
    }

    /// The policies that the governing rank keeps from governing.
    pub fn shadowed(&self) -> impl Iterator<Item = &'a PolicyTerms> + '_ {
        self.all().skip(self.most_specific().len())
    }

    /// Which policy governs a request for the target, given the role (or role group) it names. A name can only choose
    /// within the governing rank: it never reaches past a more specific policy.
    pub fn govern(&self, chosen: Option<&Target>) -> Governing<'a> {
        let among = self.most_specific();
        let offered = || among.iter().map(|policy| &policy.target).collect();
        match (among, chosen) {
            ([], _) => Governing::Unprotected,
            ([only], None) => Governing::Policy(only),
            (_, None) => Governing::Choose(offered()),
            (_, Some(chosen)) => {
                let reached: Vec<_> =
                    among.iter().filter(|policy| self.leads_to(chosen, &policy.target)).collect();
                match reached.as_slice() {
                    [] => Governing::NotAmong(offered()),
                    [one] => Governing::Policy(one),
                    several => Governing::Choose(several.iter().map(|policy| &policy.target).collect()),
                }
            }
        }
    }

    /// A named role leads to its own policy, or to those of the role groups that contain it. A policy of the task
    /// itself governs whatever role is named, as long as the role contains the task.
    fn leads_to(&self, chosen: &Target, policy: &Target) -> bool {
        match (chosen, policy) {
            (Target::Role(role), Target::Task(_)) => self.containers.contains_key(role),
            (Target::RoleGroup(group), Target::Task(_)) => {
                self.containers.values().any(|groups| groups.contains(group))
            }
            (Target::Role(role), Target::RoleGroup(group)) => {
                self.containers.get(role).is_some_and(|groups| groups.contains(group))
            }
            _ => chosen == policy,
        }
    }

    /// Whether an authorization under the policy of `governing` opens this target: only if no policy more specific
    /// than that one covers it.
    ///
    /// # Errors
    /// The targets of the policies that must be asked instead (`governed_by_other_policy`).
    pub fn opened_by(&self, governing: &Target) -> Result<(), Vec<&'a Target>> {
        let closer =
            self.all().map(|policy| &policy.target).filter(|target| target.rank() < governing.rank());
        let closer: Vec<_> = closer.collect();
        if closer.is_empty() { Ok(()) } else { Err(closer) }
    }

    /// Where a governing policy is weaker than one that it shadows, or than one of equal rank; incomparable counts as
    /// weaker. Two incomparable policies of equal rank are two exceptions.
    #[must_use]
    pub fn exceptions(&self, default_group: Option<GroupId>) -> BTreeSet<Exception> {
        let governing = self.most_specific();
        let mut found = BTreeSet::new();
        for policy in governing {
            let beside = governing.iter().copied().filter(|other| other.target != policy.target);
            let others = beside.map(|other| (other, Conflict::EqualRank));
            for (than, conflict) in others.chain(self.shadowed().map(|other| (other, Conflict::Shadows))) {
                if matches!(
                    compare(policy, than, default_group),
                    Comparison::Weaker | Comparison::Incomparable
                ) {
                    found.insert(Exception {
                        policy: policy.target.clone(),
                        than: than.target.clone(),
                        conflict,
                    });
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Approval, Approvers, Stage};
    use super::*;

    fn task(name: &str) -> Target {
        Target::Task(name.parse().unwrap())
    }
    fn role(name: &str) -> Target {
        Target::Role(name.parse().unwrap())
    }
    fn group(name: &str) -> Target {
        Target::RoleGroup(name.parse().unwrap())
    }
    fn manual(target: Target, seats: u16) -> PolicyTerms {
        let stages = vec![Stage { approvers: Approvers::DefaultGroup, seats }];
        PolicyTerms::new(target, Approval::Manual { stages })
    }

    /// `E\T` is in roles A and B; A is in groups G and H, B in H.
    fn containers() -> Containers {
        let groups = |names: &[&str]| names.iter().map(|name| name.parse().unwrap()).collect();
        BTreeMap::from([
            ("E\\A".parse().unwrap(), groups(&["E\\G", "E\\H"])),
            ("E\\B".parse().unwrap(), groups(&["E\\H"])),
        ])
    }

    fn cover<'a>(target: &Target, policies: &'a [PolicyTerms]) -> Covering<'a> {
        let containers = match target {
            Target::Task(_) => containers(),
            Target::Role(role) => containers().into_iter().filter(|(name, _)| name == role).collect(),
            Target::RoleGroup(_) => Containers::new(),
        };
        covering(target, containers, |target| policies.iter().find(|policy| policy.target == *target))
    }

    type Found<'a> = Result<Option<&'a Target>, Vec<&'a Target>>;

    #[test]
    fn g5_the_most_specific_policy_governs() {
        let (t, a, b, g, h) = (task("E\\T"), role("E\\A"), role("E\\B"), group("E\\G"), group("E\\H"));
        let only = |targets: &[&Target]| targets.iter().map(|t| manual((*t).clone(), 1)).collect::<Vec<_>>();
        // (what exists, what is asked for, the role named) -> governing target, or the choices
        let cases: Vec<(Vec<&Target>, &Target, Option<&Target>, Found<'_>)> = vec![
            (vec![], &t, None, Ok(None)),
            (vec![], &t, Some(&a), Ok(None)),
            (vec![&t, &a, &h], &t, None, Ok(Some(&t))),
            (vec![&t, &a, &h], &t, Some(&a), Ok(Some(&t))),
            (vec![&t, &a, &h], &t, Some(&b), Ok(Some(&t))),
            (vec![&a, &h], &t, None, Ok(Some(&a))),
            (vec![&a, &b], &t, None, Err(vec![&a, &b])),
            (vec![&a, &b], &t, Some(&b), Ok(Some(&b))),
            // B has no policy of its own: naming it does not reach past A's to the role group's.
            (vec![&a, &h], &t, Some(&b), Err(vec![&a])),
            (vec![&a, &b, &h], &t, Some(&h), Err(vec![&a, &b])),
            (vec![&g, &h], &t, None, Err(vec![&g, &h])),
            (vec![&g, &h], &t, Some(&b), Ok(Some(&h))),
            (vec![&g, &h], &t, Some(&a), Err(vec![&g, &h])),
            (vec![&g, &h], &t, Some(&g), Ok(Some(&g))),
            (vec![&t, &a, &h], &a, None, Ok(Some(&a))),
            (vec![&t, &h], &a, None, Ok(Some(&h))),
            (vec![&t, &b], &a, None, Ok(None)),
            (vec![&t, &a, &h], &h, None, Ok(Some(&h))),
            (vec![&t, &a], &h, None, Ok(None)),
        ];
        for (exist, asked, chosen, expected) in cases {
            let policies = only(&exist);
            let found = match cover(asked, &policies).govern(chosen) {
                Governing::Unprotected => Ok(None),
                Governing::Policy(policy) => Ok(Some(&policy.target)),
                Governing::Choose(among) | Governing::NotAmong(among) => Err(among),
            };
            assert_eq!(found, expected, "{exist:?} {asked} {chosen:?}");
        }
    }

    #[test]
    fn g5_a_role_authorization_does_not_open_what_has_its_own_policy() {
        let (t, a, b, h) = (task("E\\T"), role("E\\A"), role("E\\B"), group("E\\H"));
        let policies = [manual(t.clone(), 1), manual(a.clone(), 1), manual(h.clone(), 1)];
        assert_eq!(cover(&t, &policies).opened_by(&a), Err(vec![&t]));
        assert_eq!(cover(&t, &policies).opened_by(&h), Err(vec![&t, &a]));
        assert_eq!(cover(&t, &policies).opened_by(&t), Ok(()));
        assert_eq!(cover(&t, &policies[1..]).opened_by(&a), Ok(()));
        assert_eq!(cover(&t, &policies[1..]).opened_by(&h), Err(vec![&a]));
        assert_eq!(
            cover(&t, &policies[1..]).opened_by(&b),
            Ok(()),
            "equal rank: the named role's policy governs"
        );
    }

    #[test]
    fn g5_weaker_ones_are_exceptions() {
        let (t, a, b, h) = (task("E\\T"), role("E\\A"), role("E\\B"), group("E\\H"));
        let auto = PolicyTerms::new(t.clone(), Approval::Auto);
        let exception = |policy: &Target, than: &Target, conflict| Exception {
            policy: policy.clone(),
            than: than.clone(),
            conflict,
        };

        let policies = [auto, manual(a.clone(), 2), manual(h.clone(), 1)];
        let expected =
            BTreeSet::from([exception(&t, &a, Conflict::Shadows), exception(&t, &h, Conflict::Shadows)]);
        assert_eq!(cover(&t, &policies).exceptions(None), expected, "a more specific Auto policy");
        assert_eq!(cover(&a, &policies).exceptions(None), BTreeSet::new(), "two people before one");

        let policies = [manual(a.clone(), 1), manual(b.clone(), 2), manual(h.clone(), 2)];
        let expected =
            BTreeSet::from([exception(&a, &b, Conflict::EqualRank), exception(&a, &h, Conflict::Shadows)]);
        assert_eq!(cover(&t, &policies).exceptions(None), expected);
    }
}
