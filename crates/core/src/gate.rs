//! The one gate: may this person run this task with these parameters now? Every way in ends here.

pub mod preview;
pub mod take_back;

use crate::actor::{Authentication, Principal, Scope};
use crate::builtin::Builtin;
use crate::covers::{self, Covered};
use crate::execution::Basis;
use crate::id::{PersonId, RequestNumber};
use crate::name::TaskName;
use crate::organization::{Access, SecondFactor};
use crate::parameter::Values;
use crate::policy::{Assurance, Target, open_at};
use crate::refusal::{Code, RAISE_A_REQUEST, Refusal};
use crate::request::Authorization;
use crate::standing;
use crate::standing_access;
use crate::state::State;
use crate::statement::Statement;
use crate::tasks::{self, Found};
use crate::time::{Instant, Span};

/// What is asked of the gate.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// Who, and how they were authenticated.
    pub principal: &'a Principal,
    /// What.
    pub task: &'a TaskName,
    /// With which parameters, already checked against the task's own rules.
    pub values: &'a Values,
    /// Under which authorization, if the person says so.
    pub cite: Option<RequestNumber>,
    /// The statements of authorizations that may cover it, checked against their digests.
    pub statements: &'a std::collections::BTreeMap<RequestNumber, Statement>,
    /// The moment of the decision.
    pub now: Instant,
}

/// Permission to start one execution. Only the gate makes one.
#[derive(Debug, Clone)]
#[must_use]
pub struct Allowed {
    basis: Basis,
    deadline: Instant,
    matched: Option<countersign_ledger::hash::Digest>,
    would_refuse: Option<Code>,
}

impl Allowed {
    /// The one ground on which it runs.
    #[must_use]
    pub const fn basis(&self) -> &Basis {
        &self.basis
    }

    /// When it must be over.
    #[must_use]
    pub const fn deadline(&self) -> Instant {
        self.deadline
    }

    /// The statement its values were compared with.
    #[must_use]
    pub const fn matched(&self) -> Option<countersign_ledger::hash::Digest> {
        self.matched
    }

    /// What it would have been refused for, while privileged access only observes.
    #[must_use]
    pub const fn would_refuse(&self) -> Option<Code> {
        self.would_refuse
    }
}

/// Judges one start.
///
/// # Errors
/// A refusal that says what is missing and what to do about it.
pub fn judge(state: &State, found: &Found, ask: &Ask<'_>) -> Result<Allowed, Refusal> {
    let Some(person) = ask.principal.person() else {
        return Err(Refusal::new(Code::Forbidden, "Only people run tasks."));
    };
    if !state.directory.may_act(person) {
        return Err(Refusal::new(Code::PersonDisabled, "This account is disabled, or its owner's is."));
    }
    may_start_at_all(state, found, ask)?;
    // What only removes power goes on, and what only reads gives none.
    if state.organization.clock_suspect && found.builtin.is_none_or(|builtin| builtin.control_plane) {
        return Err(Refusal::new(
            Code::ClockSuspect,
            "The server's clock is suspect; nothing starts until it is accepted.",
        )
        .hint("two default approvers accept it (countersign clock vouch), or the host's administrator"));
    }
    if state.organization.in_set_up() {
        return set_up(state, found, ask, person);
    }
    let protected = !tasks::governing(state, &Target::Task(ask.task.clone())).is_empty();
    let enforced = found.is_control_plane() || state.organization.enforced(ask.now);
    if protected && enforced {
        if let Some(exempt) = exemption(state, found, ask, person) {
            return Ok(exempt);
        }
        return authorized(state, found, ask, person);
    }
    let mut allowed = by_role(state, found, ask, person)?;
    if protected && state.organization.access == Access::Observe {
        let refused = || authorized(state, found, ask, person).err().map(|refusal| refusal.code);
        allowed.would_refuse = if exemption(state, found, ask, person).is_some() { None } else { refused() };
    }
    Ok(allowed)
}

/// Tokens never start the control plane, and need a scope; the control plane needs a second factor.
fn may_start_at_all(state: &State, found: &Found, ask: &Ask<'_>) -> Result<(), Refusal> {
    match ask.principal.authentication() {
        Authentication::Token { token } => {
            let scopes = state.tokens.get(token).map(|token| &token.scopes);
            let needed = found.builtin.map_or(Scope::Execute, Builtin::scope);
            if found.is_control_plane() || !scopes.is_some_and(|scopes| scopes.contains(&needed)) {
                return Err(Refusal::new(Code::TokenNotAllowed, "This token may not start this task.")
                    .hint("sign in and run it in a session: countersign login"));
            }
            Ok(())
        }
        Authentication::Session { assurance, .. }
            if found.is_control_plane()
                && !state.organization.in_set_up()
                && state.organization.settings.second_factor == SecondFactor::Required
                && *assurance < Assurance::SecondFactor =>
        {
            Err(Refusal::new(
                Code::SecondFactorRequired,
                "The control plane needs a session with a second factor.",
            )
            .hint("sign in with your second factor, or set one up: countersign second-factor enroll"))
        }
        // Timers run nothing for anybody but the daily list of standing access.
        Authentication::System
            if !ask
                .principal
                .person()
                .is_some_and(|account| standing_access::may_run(state, &found.definition, account)) =>
        {
            Err(Refusal::new(Code::Forbidden, "Timers do not run this task."))
        }
        Authentication::Session { .. } | Authentication::Host | Authentication::System => Ok(()),
    }
}

fn set_up(state: &State, found: &Found, ask: &Ask<'_>, person: PersonId) -> Result<Allowed, Refusal> {
    if found.builtin.is_some() && state.organization.first_administrator == Some(person) {
        return Ok(allowed(Basis::SetUp, found, ask.now, None));
    }
    Err(Refusal::new(
        Code::SetUpMode,
        "The organization is being set up: only its first administrator may act, and only on Countersign itself.",
    )
    .hint("the first administrator ends set-up: countersign Enable-ElevatedAccessControl -AdminGroup <group>"))
}

/// G2: a role held through a role group.
fn by_role(state: &State, found: &Found, ask: &Ask<'_>, person: PersonId) -> Result<Allowed, Refusal> {
    match state.catalog.role_for(&state.directory, ask.task, person) {
        Some(_) if found.definition.take_back.is_some() => Err(Refusal::new(
            Code::AuthorizationRequired,
            format!("What `{}` does ends with an authorization: a role is not enough to run it.", ask.task),
        )
        .hint("an administrator may protect it: New-ElevatedAccessApprovalPolicy")),
        Some(_) if found.definition.arbitrary_code => Err(Refusal::new(
            Code::AuthorizationRequired,
            format!("`{}` runs arbitrary code: a role is not enough to run it.", ask.task),
        )
        .hint(
            "an administrator may protect it: New-ElevatedAccessApprovalPolicy -Approvers 2 -MaximumUses 1",
        )),
        Some(role) => Ok(allowed(Basis::Role { role }, found, ask.now, None)),
        None => Err(Refusal::new(Code::RoleRequired, format!("No role of yours contains `{}`.", ask.task))
            .hint("an administrator may add you to a role group that contains it")),
    }
}

/// G8: exempt from G3, not from G2; never control plane.
fn exemption(state: &State, found: &Found, ask: &Ask<'_>, person: PersonId) -> Option<Allowed> {
    let account = state.organization.system_accounts.get(&person)?;
    let unused = ask.now.since(account.last_used) >= Span::from_hours(24 * 90);
    let lasting = found.definition.take_back.is_some();
    if found.is_control_plane()
        || found.definition.arbitrary_code
        || lasting
        || ask.now >= account.until
        || unused
    {
        return None;
    }
    let role = state.catalog.role_for(&state.directory, ask.task, person)?;
    let mut exempt = allowed(Basis::Exemption { role }, found, ask.now, None);
    // When the basis goes, so does what runs on it (G3).
    exempt.deadline = exempt.deadline.min(account.until);
    Some(exempt)
}

fn authorized(state: &State, found: &Found, ask: &Ask<'_>, person: PersonId) -> Result<Allowed, Refusal> {
    let mine =
        state.authorizations.of(person).filter(|(_, authorization)| authorization.asked.holder() == person);
    let mut best: Option<Refusal> = None;
    for (number, authorization) in mine {
        if ask.cite.is_some_and(|cite| cite != number) {
            continue;
        }
        match covers(state, found, ask, number, authorization) {
            Ok(()) => {
                let mut allowed = allowed(
                    Basis::Authorization { number },
                    found,
                    ask.now,
                    Some(authorization.asked.statement),
                );
                if !found.definition.run_to_end {
                    allowed.deadline = allowed.deadline.min(authorization.until);
                }
                return Ok(allowed);
            }
            // The nearest miss says more than the farthest: one that names this task's parameters, say.
            Err(refusal) if best.as_ref().is_none_or(|best| nearness(&refusal) > nearness(best)) => {
                best = Some(refusal)
            }
            Err(_) => {}
        }
    }
    let near = best.filter(|refusal| nearness(refusal) > 0).map(|refusal| nearest(ask, refusal));
    Err(near.unwrap_or_else(|| missing(state, ask, person)))
}

/// G18: a refusal for a protected task begins alike, whatever is wrong with the authorization that comes nearest.
fn nearest(ask: &Ask<'_>, refusal: Refusal) -> Refusal {
    let message = format!("{RAISE_A_REQUEST} {}", refusal.message);
    let hint = refusal.hint.clone().unwrap_or_else(|| raise(ask.task));
    Refusal { message, ..refusal }.hint(hint)
}

/// The command that would raise the request.
fn raise(task: &TaskName) -> String {
    format!("countersign New-ElevatedAccessRequest -Task '{task}' -Reason '<why>' -DurationHours 4")
}

const fn nearness(refusal: &Refusal) -> u8 {
    match refusal.code {
        Code::NotCovered => 0,
        Code::GovernedByOtherPolicy | Code::DefinitionChanged => 1,
        Code::ParameterNotApproved => 2,
        _ => 3,
    }
}

/// Whether an authorization may take over a run that is under way: what it asks of a start, it asks of this.
///
/// # Errors
/// The refusal that a start under it would get.
pub(crate) fn adopts(
    state: &State,
    found: &Found,
    ask: &Ask<'_>,
    number: RequestNumber,
    person: PersonId,
) -> Result<(), Refusal> {
    let live = state.authorizations.get(&number).filter(|live| live.asked.holder() == person);
    match live {
        Some(_) if state.organization.clock_suspect => Err(Refusal::new(
            Code::ClockSuspect,
            "The server's clock is suspect; nothing goes on past its end until it is accepted.",
        )),
        Some(live) => covers(state, found, ask, number, live),
        None => Err(Refusal::new(Code::NotCovered, format!("{number} is no authorization of this person."))),
    }
}

/// Whether one authorization covers this run now.
fn covers(
    state: &State,
    found: &Found,
    ask: &Ask<'_>,
    number: RequestNumber,
    authorization: &Authorization,
) -> Result<(), Refusal> {
    let asked = &authorization.asked;
    let refuse = |code, message: String| Err(Refusal::new(code, message).governed_by(number.to_string()));
    match state.covered(asked, ask.task) {
        Covered::As(digest) if digest == found.digest => {}
        Covered::As(_) => {
            return refuse(
                Code::DefinitionChanged,
                format!("`{}` was redefined since {number} was asked for; ask again.", ask.task),
            );
        }
        Covered::No => {
            return refuse(Code::NotCovered, format!("{number} does not cover `{}`.", ask.task));
        }
        Covered::Unknown => return Err(covers::unreadable(asked).governed_by(number.to_string())),
    }
    if !tasks::still_in(state, &asked.target, ask.task, found, asked.seq) {
        return refuse(
            Code::DefinitionChanged,
            format!(
                "`{}` has left {} since {number} was asked for, or was redefined; ask again.",
                ask.task, asked.target
            ),
        );
    }
    if !tasks::opens(state, &asked.target, asked.policy, ask.task, found, asked.seq) {
        return refuse(
            Code::GovernedByOtherPolicy,
            format!("`{}` is governed by a policy of its own; {number} does not open it.", ask.task),
        );
    }
    if !tasks::is_strong_enough(found, &asked.terms) {
        return refuse(
            Code::PolicyTooWeak,
            format!("`{}` runs arbitrary code; the policy behind {number} asks for too little.", ask.task),
        );
    }
    if ask.now < authorization.from {
        return refuse(Code::NotYetStarted, format!("{number} starts at {}.", authorization.from));
    }
    if ask.now >= authorization.until {
        return refuse(Code::AuthorizationEnded, format!("{number} ended at {}.", authorization.until));
    }
    if let Err(how) = standing::authorization(state, authorization) {
        return refuse(Code::AuthorizationEnded, format!("{number} no longer stands ({how:?})."));
    }
    if !open_at(&asked.terms.windows, ask.now) {
        return refuse(
            Code::OutsideWindow,
            format!("{number} may be used only within its policy's weekly windows."),
        );
    }
    if let Some(uses) = asked.uses
        && authorization.used >= uses
    {
        return refuse(Code::UsesExhausted, format!("All {uses} uses of {number} are taken."));
    }
    if state.slots_taken(number) >= authorization.parallel as usize {
        return refuse(
            Code::AlreadyRunning,
            format!(
                "An execution under {number} is running, or its outcome is unknown and not yet acknowledged."
            ),
        );
    }
    let Some(statement) = ask.statements.get(&number) else {
        return refuse(
            Code::EvidenceMissing,
            format!("The statement of {number} is missing or was altered."),
        );
    };
    parameters(found, ask, number, asked, statement)
}

fn parameters(
    found: &Found,
    ask: &Ask<'_>,
    number: RequestNumber,
    asked: &crate::request::Asked,
    statement: &Statement,
) -> Result<(), Refusal> {
    if !matches!(asked.target, Target::Task(_)) {
        // A role is approved as a set of tasks; its request binds no parameters.
        return Ok(());
    }
    statement.constraints.allows(&found.definition.parameters, ask.values).map_err(|mismatches| {
        let names: Vec<String> = mismatches.iter().map(mismatch).collect();
        Refusal::new(Code::ParameterNotApproved, format!("Not what was approved: {}.", names.join("; ")))
            .governed_by(number.to_string())
            .hint("ask for these parameters, or run it with those that were approved")
    })
}

fn mismatch(mismatch: &crate::parameter::Mismatch) -> String {
    use crate::parameter::MismatchReason;
    let name = &mismatch.parameter;
    match mismatch.reason {
        MismatchReason::Differs => format!("`{name}` was approved as {}", mismatch.approved),
        MismatchReason::NotGiven => format!("`{name}` is missing and was approved as {}", mismatch.approved),
        MismatchReason::NotRequested => format!("`{name}` was not asked for"),
    }
}

fn allowed(
    basis: Basis,
    found: &Found,
    now: Instant,
    matched: Option<countersign_ledger::hash::Digest>,
) -> Allowed {
    let deadline = now.plus(found.definition.limits.max_run_time);
    Allowed { basis, deadline, matched, would_refuse: None }
}

/// G18: the refusal names what governs and gives the command that would raise the request.
fn missing(state: &State, ask: &Ask<'_>, person: PersonId) -> Refusal {
    let waiting = state.requests.of(person).find(|(_, request)| {
        request.asked.holder() == person && matches!(state.covered(&request.asked, ask.task), Covered::As(_))
    });
    let governs = tasks::governing(state, &Target::Task(ask.task.clone()));
    let refusal = match waiting {
        Some((number, _)) => Refusal::new(
            Code::WaitingForApproval,
            format!("{RAISE_A_REQUEST} {number} is still waiting for approval."),
        )
        .hint(format!("countersign request show {number}")),
        None => Refusal::new(Code::AuthorizationRequired, RAISE_A_REQUEST).hint(raise(ask.task)),
    };
    match governs.first() {
        Some(policy) => refusal.governed_by(match &policy.terms.target {
            _ if policy.policy == tasks::CONTROL_PLANE_POLICY => {
                "the control plane's built-in policy".to_owned()
            }
            _ if policy.policy == tasks::DEFAULT_POLICY => {
                "the built-in policy for tasks without their own".to_owned()
            }
            target => format!("the approval policy for {target}"),
        }),
        None => refusal,
    }
}

/// Whether a policy protects the task at this instant (G1); for lists and for explaining.
#[must_use]
pub fn is_protected(state: &State, task: &TaskName, now: Instant) -> bool {
    tasks::find(state, task).is_some_and(|found| {
        (found.is_control_plane() || state.organization.enforced(now))
            && !tasks::governing(state, &Target::Task(task.clone())).is_empty()
    })
}
