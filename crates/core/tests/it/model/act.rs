//! What administrative acts change, and what falls with the change.

use super::judge::Fallen;
use super::{Access, Act, Basis, Exempt, HOUR, Model, Name, No, Policy, Terms, What, Who};

impl Model {
    pub(crate) fn act(&mut self, act: &Act) -> Result<(), No> {
        let deciders = self.deciders();
        self.change(act)?;
        let changes = !matches!(
            act,
            Act::EnablePerson(_) | Act::Exempt(..) | Act::RevokeLive(_) | Act::StopAll | Act::Enable
        );
        if changes {
            self.sweep();
        }
        if self.deciders() < 2 && self.deciders() < deciders {
            return Err(No::LastPeople);
        }
        Ok(())
    }

    fn change(&mut self, act: &Act) -> Result<(), No> {
        match act {
            Act::Join(group, member) => self.join(group, *member),
            Act::Leave(group, member) => {
                let left = self.groups.get_mut(group).is_some_and(|members| members.remove(member));
                self.date();
                if left { Ok(()) } else { Err(No::State) }
            }
            Act::JoinRoleGroup(group, member) => {
                let new = self.role_groups.get_mut(group).is_some_and(|(_, members)| members.insert(*member));
                if new { Ok(()) } else { Err(No::State) }
            }
            Act::LeaveRoleGroup(group, member) => {
                let left = self.role_groups.get_mut(group).is_some_and(|(_, members)| members.remove(member));
                if left { Ok(()) } else { Err(No::State) }
            }
            Act::NewPolicy(what, terms) => {
                if self.policies.contains_key(what) {
                    return Err(No::Exists);
                }
                self.approvable(*what, terms)?;
                let id = self.next_policy;
                self.next_policy += 1;
                self.policies.insert(*what, Policy { id, terms: terms.clone() });
                Ok(())
            }
            Act::SetPolicy(what, terms) => {
                self.approvable(*what, terms)?;
                match self.policies.get_mut(what) {
                    Some(policy) => policy.terms = terms.clone(),
                    None => return Err(No::NotTheirs),
                }
                Ok(())
            }
            Act::RemovePolicy(what) => self.policies.remove(what).map(|_| ()).ok_or(No::NotTheirs),
            Act::Link(one, other) => {
                if [one, other].iter().any(|who| self.people[*who].owner.is_some()) {
                    return Err(No::State);
                }
                let (a, b) = (self.human(one), self.human(other));
                for person in self.people.values_mut().filter(|person| person.human == a) {
                    person.human = b;
                }
                Ok(())
            }
            Act::Unlink(who) => {
                let fresh = 1 + self.people.values().map(|person| person.human).max().unwrap_or_default();
                let human = self.people[who].human;
                let parted: std::collections::BTreeSet<Name> = self
                    .people
                    .iter()
                    .filter(|(_, person)| person.human == human)
                    .map(|(name, _)| *name)
                    .collect();
                if let Some(person) = self.people.get_mut(who) {
                    person.human = fresh;
                }
                // Nobody who was one human with the other decides on what was asked before.
                if parted.len() > 1 {
                    for ((_, member), since) in &mut self.since {
                        if parted.contains(member) {
                            *since = self.step;
                        }
                    }
                }
                Ok(())
            }
            Act::EnablePerson(who) => {
                let person = self.people.get_mut(who).filter(|person| !person.enabled).ok_or(No::State)?;
                person.enabled = true;
                for ((_, member), since) in &mut self.since {
                    if member == who {
                        *since = self.step;
                    }
                }
                Ok(())
            }
            Act::DisablePerson(who) => {
                let person = self.people.get_mut(who).filter(|person| person.enabled).ok_or(No::State)?;
                person.enabled = false;
                // `ada` is the only administrator.
                if *who == "ada" { Err(No::LastPeople) } else { Ok(()) }
            }
            Act::DefineRole(role, tasks) => {
                self.roles.insert(role, tasks.clone());
                self.date_roles();
                Ok(())
            }
            Act::Redefine(task, run_to_end) => {
                if let Some(task) = self.tasks.get_mut(task) {
                    // The same definition again has the same digest.
                    if task.version != u64::from(*run_to_end) {
                        task.since = self.step;
                    }
                    task.version = u64::from(*run_to_end);
                    task.run_to_end = *run_to_end;
                }
                Ok(())
            }
            Act::Disable(access) => {
                self.access = *access;
                Ok(())
            }
            Act::Enable => {
                if self.access == Access::On {
                    return Err(No::State);
                }
                self.access = Access::On;
                Ok(())
            }
            Act::DefaultDecides(yes) => {
                self.default_decides = *yes;
                Ok(())
            }
            Act::Exempt(who, days) => {
                let exempt = Exempt { until: self.now + days * 24 * HOUR, last_used: self.now };
                self.exempt.insert(who, exempt);
                Ok(())
            }
            Act::Unexempt(who) => self.exempt.remove(who).map(|_| ()).ok_or(No::State),
            Act::RevokeLive(number) => {
                if !self.lives.contains_key(number) {
                    return Err(No::NotTheirs);
                }
                self.end(*number, false);
                Ok(())
            }
            Act::StopAll => {
                for number in self.lives.keys().copied().collect::<Vec<_>>() {
                    self.end(number, false);
                }
                for run in self.runs.values_mut().filter(|run| !self.tasks[run.task].ours) {
                    run.stopping |= !run.unknown;
                }
                Ok(())
            }
        }
    }

    fn join(&mut self, group: Name, member: Who) -> Result<(), No> {
        if let Who::G(inner) = member
            && (inner == group || self.reaches(inner, group))
        {
            return Err(No::Nesting);
        }
        let new = self.groups.get_mut(group).is_some_and(|members| members.insert(member));
        self.date();
        if new { Ok(()) } else { Err(No::State) }
    }

    fn reaches(&self, from: Name, to: Name) -> bool {
        self.groups[from]
            .iter()
            .any(|member| matches!(member, Who::G(inner) if *inner == to || self.reaches(inner, to)))
    }

    /// G10: for nobody who could ask may the seats stay empty.
    fn approvable(&self, what: What, terms: &Terms) -> Result<(), No> {
        let stages = self.resolved(terms);
        let asking = self.people.keys().filter(|who| self.may_ask(who, what, terms.ask));
        let mut cases = std::iter::once(None).chain(asking.map(|who| Some(self.human(who))));
        if cases.all(|without| self.possible(&stages, without)) { Ok(()) } else { Err(No::Quorum) }
    }

    /// Ends what no longer stands, and stops what rests on it.
    fn sweep(&mut self) {
        let pending: Vec<u64> = self
            .requests
            .iter()
            .filter(|(_, request)| self.pending_stands(request).is_err())
            .map(|(number, _)| *number)
            .collect();
        for number in pending {
            self.requests.remove(&number);
        }
        let fallen: Vec<(u64, Fallen)> = self
            .lives
            .iter()
            .filter_map(|(number, live)| self.live_stands(&live.request).err().map(|how| (*number, how)))
            .collect();
        for (number, how) in fallen {
            match how {
                Fallen::Definition => {
                    self.lives.remove(&number);
                }
                Fallen::Policy | Fallen::Quorum => self.end(number, true),
                Fallen::Person | Fallen::Access | Fallen::Ground => self.end(number, false),
            }
        }
        let groundless: Vec<usize> = self
            .runs
            .iter()
            .filter(|(_, run)| !self.grounded(&run.basis, run.who, run.task))
            .map(|(id, _)| *id)
            .collect();
        for id in groundless {
            if let Some(run) = self.runs.get_mut(&id) {
                run.stopping |= !run.unknown;
            }
        }
    }

    fn grounded(&self, basis: &Basis, who: Name, task: Name) -> bool {
        match basis {
            // Its authorization may be over: its person and privileged access still hold it.
            Basis::Authorization(_) => {
                self.enabled(who) && (self.tasks[task].control_plane || self.enforced())
            }
            Basis::Role(role) => {
                self.enabled(who) && self.roles[role].contains(task) && self.holds(who, role)
            }
            Basis::Exemption(role) => {
                self.exempt.contains_key(who)
                    && self.enabled(who)
                    && self.roles[role].contains(task)
                    && self.holds(who, role)
            }
        }
    }
}
