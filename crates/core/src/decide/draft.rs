//! What a decision is written on: a clone of the state that every drafted event is applied to at once.

use std::collections::BTreeSet;

use countersign_ledger::entropy::Entropy;
use countersign_ledger::hash::Digest;
use countersign_ledger::sealed::Sealed;
use serde::Serialize;

use crate::actor::{Actor, Principal};
use crate::apply::{apply, stops};
use crate::covers::TaskList;
use crate::event::body::Ends;
use crate::event::{Body, Cause, Event, RULES};
use crate::execution::{Basis, StopReason};
use crate::facts::Facts;
use crate::id::{ExecutionId, PolicyId, RequestNumber};
use crate::refusal::{Code, Refusal};
use crate::sealing::SealedValue;
use crate::shortage;
use crate::standing;
use crate::state::{State, Untold};
use crate::time::Instant;
use crate::touched::Touched;

/// How many endings a command tells in its own step; timers tell the rest.
const TOLD_AT_ONCE: usize = 32;

/// How many policies one alarm names.
const POLICIES_IN_ONE: usize = 1_000;

/// What an event has around its body at most: position, time, actor, cause.
const AROUND: usize = 1_000;

/// A decision in the making.
pub(crate) struct Draft<'a> {
    /// The state with everything drafted so far.
    pub(crate) state: State,
    /// The moment of the decision.
    pub(crate) now: Instant,
    /// Who decides.
    pub(crate) principal: &'a Principal,
    /// What was fetched.
    pub(crate) facts: &'a Facts,
    entropy: Entropy,
    cause: Option<Cause>,
    events: Vec<Event>,
    sealed: Vec<SealedValue>,
}

/// What has been drafted, once it is whole.
pub(crate) struct Drafted {
    pub(crate) state: State,
    pub(crate) events: Vec<Event>,
    pub(crate) sealed: Vec<SealedValue>,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(
        state: &State,
        facts: &'a Facts,
        now: Instant,
        entropy: [u8; 32],
        principal: &'a Principal,
        cause: Option<Cause>,
    ) -> Self {
        Self {
            state: state.clone(),
            now,
            principal,
            facts,
            entropy: Entropy::new(entropy, "countersign/command"),
            cause,
            events: Vec::new(),
            sealed: Vec::new(),
        }
    }

    pub(crate) fn finish(self) -> Drafted {
        Drafted { state: self.state, events: self.events, sealed: self.sealed }
    }

    /// Sixteen random bytes, for an id or a salt.
    pub(crate) fn random(&mut self) -> [u8; 16] {
        self.entropy.bytes::<16>()
    }

    /// Commits to a value and keeps it beside the ledger.
    pub(crate) fn seal<T: Serialize>(&mut self, value: &T) -> Result<Sealed<T>, Refusal> {
        let salt = self.random();
        let (sealed, opening) = Sealed::seal(salt, value).map_err(|error| {
            Refusal::new(Code::InvalidInput, format!("A value cannot be recorded: {error}."))
        })?;
        self.sealed.push(SealedValue::new(sealed, &opening));
        Ok(sealed)
    }

    /// Keeps a statement beside the ledger.
    pub(crate) fn keep_statement(&mut self, digest: Digest, bytes: Vec<u8>) {
        self.sealed.push(SealedValue::statement(digest, bytes));
    }

    /// Keeps a list of tasks beside the ledger, and in memory for what will cite it.
    pub(crate) fn keep_list(&mut self, list: TaskList, bytes: Vec<u8>) {
        self.sealed.push(SealedValue::list(list.digest(), bytes));
        self.state.lists.keep(list);
    }

    /// Drafts one event and applies it.
    pub(crate) fn push(&mut self, request: Option<RequestNumber>, body: Body) {
        let actor = self.principal.actor();
        self.push_as(actor, request, body);
    }

    /// Drafts one event that Countersign itself causes.
    pub(crate) fn push_system(&mut self, request: Option<RequestNumber>, body: Body) {
        self.push_as(Actor::System, request, body);
    }

    fn push_as(&mut self, actor: Actor, request: Option<RequestNumber>, body: Body) {
        let set_up = self.state.organization.in_set_up() && !matches!(body, Body::AccessEnabled { .. });
        let over = if let Body::RequestEnded { number, .. } = &body { Some(*number) } else { None };
        let concerns = shortage::concerns(&body) && !set_up;
        let event = Event {
            seq: self.state.next_seq,
            time: self.now,
            rules: RULES,
            actor,
            request,
            cause: self.cause,
            body,
        };
        apply(&mut self.state, &event);
        self.events.push(event);
        if concerns {
            self.quorums();
        }
        if let Some(number) = over {
            self.stop_previews(number);
        }
    }

    /// A preview is of one statement of a request that is open: of another, or of none, nothing is shown (G3).
    pub(crate) fn stop_previews(&mut self, number: RequestNumber) {
        let stop: Vec<(ExecutionId, StopReason)> = self
            .state
            .executions
            .iter()
            .filter(|(_, execution)| {
                matches!(execution.basis, Basis::Preview { number: of, .. } if of == number)
                    && execution.stopping.is_none()
                    && !execution.unknown
            })
            .filter_map(|(id, execution)| Some((*id, standing::execution(&self.state, execution)?)))
            .collect();
        for (execution, why) in stop {
            self.push_system(Some(number), Body::StopRequested { execution, why });
        }
    }

    /// Says which policies membership broke, and which are whole again (G10).
    fn quorums(&mut self) {
        let now = shortage::all(&self.state);
        let before: BTreeSet<PolicyId> = self.state.short.iter().copied().collect();
        let broken: BTreeSet<PolicyId> = now.difference(&before).copied().collect();
        let whole: BTreeSet<PolicyId> = before.difference(&now).copied().collect();
        for policies in in_parts(broken) {
            self.push_system(None, Body::QuorumAlarm { policies });
        }
        for policies in in_parts(whole) {
            self.push_system(None, Body::QuorumRestored { policies });
        }
    }

    /// Drafts an event that may end what is live: finds out what, by trying it on a clone (G14).
    pub(crate) fn change(&mut self, mut body: Body) -> Result<(), Refusal> {
        self.leaves_room(&body)?;
        let ends = self.would_end(body.clone())?;
        if let Some(place) = body.ends_mut() {
            place.authorizations.extend(ends.authorizations);
            place.requests.extend(ends.requests);
        }
        let ended = body.ends().cloned().unwrap_or_default();
        self.push(None, body);
        self.stop_what_ended(&ended);
        self.tell(TOLD_AT_ONCE);
        Ok(())
    }

    /// An event that can end something is small enough for everything that lives to end with it: whether a change is
    /// possible must not depend on how much is live (G22).
    fn leaves_room(&self, body: &Body) -> Result<(), Refusal> {
        let most = countersign_ledger::MAX_ENTRY - crate::event::ends::MOST_BYTES - AROUND;
        let size = serde_json::to_vec(body).map_or(usize::MAX, |bytes| bytes.len());
        if body.ends().is_some_and(Ends::is_empty) && size > most {
            return Err(Refusal::new(
                Code::LimitReached,
                format!("This change takes {size} bytes; one change has {most}."),
            )
            .hint("make it in smaller parts"));
        }
        Ok(())
    }

    /// Ends what no longer stands after an event that names no endings itself.
    pub(crate) fn end_fallen(&mut self) {
        let fallen = standing::fallen(&self.state);
        for (number, how) in fallen.requests {
            self.push_system(Some(number), Body::RequestEnded { number, how, comment: None });
        }
        for (number, how) in fallen.authorizations {
            self.end_authorization(number, how, None);
        }
    }

    /// What would end if this event happened now.
    pub(crate) fn would_end(&self, body: Body) -> Result<Ends, Refusal> {
        let mut trial = self.state.clone();
        let event = Event {
            seq: trial.next_seq,
            time: self.now,
            rules: RULES,
            actor: self.principal.actor(),
            request: None,
            cause: None,
            body,
        };
        apply(&mut trial, &event);
        let touched = Touched::of(&self.state, &trial, &event.body);
        Ok(standing::fallen_among(&trial, &touched))
    }

    /// Ends one authorization and stops what runs under it (G15).
    pub(crate) fn end_authorization(
        &mut self,
        number: RequestNumber,
        how: crate::event::body::AuthorizationEnd,
        comment: Option<Sealed<String>>,
    ) {
        self.push(Some(number), Body::AuthorizationEnded { number, how, comment });
        let mut ended = Ends::default();
        ended.authorizations.insert(number, how);
        self.stop_what_ended(&ended);
    }

    /// G15: what runs under something that ended, or on a ground that went.
    fn stop_what_ended(&mut self, ended: &Ends) {
        let stop: Vec<(ExecutionId, Option<RequestNumber>, StopReason)> = self
            .state
            .executions
            .iter()
            .filter(|(_, execution)| execution.stopping.is_none() && !execution.unknown)
            .filter_map(|(id, execution)| {
                let number = execution.request();
                let ending = number.filter(|_| execution.authorization().is_some());
                let ending = ending.and_then(|number| ended.authorizations.get(&number).copied());
                let by_ending = ending.and_then(stops).filter(|why| {
                    let gentle = matches!(
                        why,
                        StopReason::Expired | StopReason::QuorumLost | StopReason::PolicyChanged
                    );
                    !(gentle && execution.run_to_end)
                });
                // What runs on after its authorization's end is still judged: nothing else would stop it.
                let why = by_ending.or_else(|| standing::execution(&self.state, execution))?;
                Some((*id, number, why))
            })
            .collect();
        for (execution, number, why) in stop {
            self.push_system(number, Body::StopRequested { execution, why });
        }
    }

    /// Tells, object by object, what other events ended (G14).
    pub(crate) fn tell(&mut self, most: usize) {
        let untold: Vec<(RequestNumber, Untold)> =
            self.state.untold.iter().take(most).map(|(number, untold)| (*number, *untold)).collect();
        for (number, untold) in untold {
            let body = match untold {
                Untold::Authorization(how) => Body::AuthorizationEnded { number, how, comment: None },
                Untold::Request(how) => Body::RequestEnded { number, how, comment: None },
            };
            self.push_system(Some(number), body);
        }
    }
}

/// So few in each that one event can name them: whether somebody can be disabled must not depend on how many policies
/// that breaks (G22).
fn in_parts(policies: BTreeSet<PolicyId>) -> Vec<BTreeSet<PolicyId>> {
    let all: Vec<PolicyId> = policies.into_iter().collect();
    all.chunks(POLICIES_IN_ONE).map(|part| part.iter().copied().collect()).collect()
}
