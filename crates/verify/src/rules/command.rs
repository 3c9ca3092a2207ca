//! Events of one command: consecutive, at one time, with one cause. What Countersign's own tasks bring about stands
//! between their start and their outcome in one command (G3, G17).

use std::collections::BTreeSet;

use super::{At, Judge, own};
use crate::{
    Rule,
    form::{Actor, Body, Cause, Execution, Person},
};

/// The command that is being read.
#[derive(Debug, Default)]
pub(super) struct Commands {
    current: Option<Command>,
    /// Executions that must be asked to stop in the same command (G15).
    owed: BTreeSet<Execution>,
    /// Executions of which the same command must say that they are to be taken back.
    lasting: BTreeSet<Execution>,
}

#[derive(Debug)]
struct Command {
    time: i64,
    cause: Option<Cause>,
    /// The task of Countersign's own that is running.
    inside: Option<Inside>,
    /// What its values name, as far as they are known.
    named: Option<BTreeSet<String>>,
    /// Whether it is the one that made the organization.
    initializes: bool,
    /// Whom host recovery restores.
    recovers: Option<Person>,
    /// Whose valid invitation was used.
    invited: Option<Person>,
    /// What the event before did to which request.
    before: Option<(u64, Step)>,
    /// The same of this event.
    now: Option<(u64, Step)>,
    next_seq: u64,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Inside {
    pub(super) execution: Execution,
    pub(super) actor: Actor,
    pub(super) task: &'static own::OwnTask,
    /// Whether a link that it makes is shown, as far as its values are known.
    pub(super) prints: Option<bool>,
}

/// What an event did to a request, for the one that must follow it in the same command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Submitted,
    Narrowed(Person),
    Voted,
}

impl Commands {
    /// Takes note of the next event; says what its predecessors should have been followed by.
    pub(super) fn begin(&mut self, at: &At<'_>, body: &Body) -> Vec<(Rule, String)> {
        let mut faults = Vec::new();
        let first = matches!(body, Body::OrganizationCreated(_)) && at.seq == 0;
        let same = self.current.as_ref().is_some_and(|command| command.continues(at));
        if !same {
            faults = self.finish();
            self.current = Some(Command {
                time: at.time,
                cause: at.cause,
                inside: None,
                named: None,
                initializes: first && at.actor == Actor::Host {},
                recovers: None,
                invited: None,
                before: None,
                now: None,
                next_seq: 0,
            });
        }
        if let Some(command) = &mut self.current {
            command.next_seq = at.seq + 1;
            command.before = command.now.take();
            // Each of these speaks for what follows at once, and for nothing else at the same instant.
            if !matches!(
                body,
                Body::CredentialRemoved(_)
                    | Body::CredentialSet(_)
                    | Body::InvitationUsed(_)
                    | Body::TokenRevoked(_)
            ) {
                command.invited = None;
            }
            if !matches!(body, Body::InvitationIssued(_) | Body::InvitationUsed(_)) {
                command.recovers = None;
            }
            if let Some((number, Step::Narrowed(person))) = command.before {
                let voted =
                    matches!(body, Body::VoteCast(vote) if vote.number == number && vote.approver == person);
                if !voted {
                    faults.push((
                        Rule::G12,
                        format!(
                            "R-{number} was narrowed before it, and not approved at once by the same person"
                        ),
                    ));
                }
            }
        }
        faults
    }

    /// What the last command left undone.
    pub(super) fn finish(&mut self) -> Vec<(Rule, String)> {
        let mut faults = Vec::new();
        let last = self.current.take();
        if let Some((number, Step::Narrowed(_))) = last.as_ref().and_then(|command| command.now) {
            faults.push((
                Rule::G12,
                format!("R-{number} was narrowed before it, and not approved at once by the same person"),
            ));
        }
        if let Some(inside) = last.and_then(|command| command.inside) {
            faults.push((
                Rule::G3,
                format!(
                    "`Countersign\\{}` was started before it and has no outcome in the same command",
                    inside.task.name
                ),
            ));
        }
        for execution in std::mem::take(&mut self.lasting) {
            faults.push((
                Rule::G13,
                format!("{execution} began before it, and nothing says that it is to be taken back"),
            ));
        }
        for execution in std::mem::take(&mut self.owed) {
            faults.push((
                Rule::G15,
                format!("{execution} lost its ground before it and was not stopped in the same command"),
            ));
        }
        faults
    }

    pub(super) fn inside(&self) -> Option<Inside> {
        self.current.as_ref()?.inside
    }

    pub(super) fn enter(&mut self, inside: Inside, named: Option<BTreeSet<String>>) {
        if let Some(command) = &mut self.current {
            (command.inside, command.named) = (Some(inside), named);
        }
    }

    pub(super) fn leave(&mut self) {
        if let Some(command) = &mut self.current {
            (command.inside, command.named) = (None, None);
        }
    }

    /// Every text among the values of the task of Countersign's own that is running; none if they were erased.
    pub(super) fn named(&self) -> Option<&BTreeSet<String>> {
        self.current.as_ref()?.named.as_ref()
    }

    pub(super) fn initializes(&self) -> bool {
        self.current.as_ref().is_some_and(|command| command.initializes)
    }

    pub(super) fn recovers(&self) -> Option<Person> {
        self.current.as_ref()?.recovers
    }

    pub(super) fn recover(&mut self, person: Person) {
        if let Some(command) = &mut self.current {
            command.recovers = Some(person);
        }
    }

    pub(super) fn invited(&self) -> Option<Person> {
        self.current.as_ref()?.invited
    }

    pub(super) fn invite(&mut self, person: Person) {
        if let Some(command) = &mut self.current {
            command.invited = Some(person);
        }
    }

    /// What the event before did to this request, in the same command.
    pub(super) fn before(&self, number: u64) -> Option<Step> {
        let (before, step) = self.current.as_ref()?.before?;
        (before == number).then_some(step)
    }

    pub(super) fn step(&mut self, number: u64, step: Step) {
        if let Some(command) = &mut self.current {
            command.now = Some((number, step));
        }
    }

    pub(super) fn owe(&mut self, execution: Execution) {
        self.owed.insert(execution);
    }

    pub(super) fn owe_taking_back(&mut self, execution: Execution) {
        self.lasting.insert(execution);
    }

    pub(super) fn incurred(&mut self, execution: Execution) -> bool {
        self.lasting.remove(&execution)
    }

    pub(super) fn settle(&mut self, execution: Execution) {
        self.owed.remove(&execution);
    }
}

impl Command {
    fn continues(&self, at: &At<'_>) -> bool {
        let actor = self.inside.is_none_or(|inside| inside.actor == at.actor || at.actor == Actor::System {});
        self.time == at.time && self.cause == at.cause && self.next_seq == at.seq && actor
    }
}

impl Judge {
    /// An effect of one of Countersign's own tasks: it stands inside one that may bring it about, or in the command
    /// that made the organization.
    pub(super) fn effect(&mut self, at: &At<'_>, kind: &'static str) {
        let initial = [
            "PersonCreated",
            "RoleDefined",
            "RoleGroupDefined",
            "RoleGroupMembersChanged",
            "InvitationIssued",
        ];
        if self.commands.initializes() && at.actor == (Actor::Host {}) && initial.contains(&kind) {
            return;
        }
        self.inside_task(at, kind);
    }

    /// The same without the exception.
    pub(super) fn inside_task(&mut self, at: &At<'_>, kind: &'static str) {
        match self.commands.inside() {
            Some(inside) if inside.task.effects.contains(&kind) && inside.actor == at.actor => {}
            Some(inside) => {
                let sentence = format!("`Countersign\\{}` does not bring this about", inside.task.name);
                self.fault(rule_of(kind), sentence);
            }
            None => {
                self.fault(rule_of(kind), "it happened outside an execution of a task that brings it about")
            }
        }
    }
}

/// What an effect outside its task breaks: the control plane's rule, or the one for all tasks.
fn rule_of(kind: &str) -> Rule {
    let control = own::own_tasks().any(|task| task.control_plane && task.effects.contains(&kind));
    if control { Rule::G17 } else { Rule::G3 }
}
