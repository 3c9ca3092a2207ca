//! Sends each command to `core` and to the model, and compares what they say and what they hold afterwards.

use std::collections::{BTreeMap, BTreeSet};

use countersign_core::actor::Principal;
use countersign_core::command::{Approve, Command, Execute, Less, Submit};
use countersign_core::decide::Reply;
use countersign_core::event::Body;
use countersign_core::execution::{self, Outcome};
use countersign_core::id::{ExecutionId, RequestNumber};
use countersign_core::organization;
use countersign_core::parameter::{ConstraintForm, ConstraintForms, Given};
use countersign_core::policy::Target;
use countersign_core::refusal::Code;
use countersign_core::time::{Instant, Span};
use countersign_ledger::hash::{Digest, sha256};
use serde_json::{Value as Json, json};

use super::step::Done;
use super::{Access, Act, Ask, Basis, Model, Name, No, Person, Step, Task, Terms, What, Who};
use crate::world::{World, task};

pub(crate) const PEOPLE: [Name; 8] = ["ada", "bob", "cyd", "dan", "eve", "rita", "sam", "svc"];
pub(crate) const GROUPS: [Name; 4] = [super::APPROVERS, "Askers", "One", "Two"];
pub(crate) const TASKS: [Name; 3] = ["Host\\Get-DiskUsage", "Host\\Restart", "Host\\Rotate"];
pub(crate) const ROLES: [Name; 2] = ["Host\\Helper", "Host\\Operator"];
pub(crate) const ROLE_GROUPS: [Name; 2] = ["Host\\Helpers", "Host\\Operators"];
const MANAGEMENT: Name = "Countersign\\Role Management";
const EMERGENCY: Name = "Countersign\\Emergency Stop";

/// Both, side by side.
pub(crate) struct Drive {
    pub(crate) world: World,
    pub(crate) model: Model,
    pub(crate) runs: Vec<ExecutionId>,
    /// The statements of each request, oldest first.
    statements: BTreeMap<u64, Vec<Digest>>,
    /// Everything that was live once and is no more.
    dead: BTreeSet<u64>,
    /// Every step so far, shown when one goes wrong.
    trail: Vec<String>,
}

impl Drop for Drive {
    fn drop(&mut self) {
        if std::thread::panicking() {
            #[expect(clippy::print_stderr, reason = "a case that fails shows the way to it")]
            for line in &self.trail {
                eprintln!("{line}");
            }
        }
    }
}

impl Drive {
    pub(crate) fn new() -> Self {
        let world = world();
        let model = model(&world);
        Self {
            world,
            model,
            runs: Vec::new(),
            statements: BTreeMap::new(),
            dead: BTreeSet::new(),
            trail: Vec::new(),
        }
    }

    /// One command to both.
    pub(crate) fn step(&mut self, step: &Step) -> bool {
        let before = self.model.clone();
        let core = self.world.state.clone();
        let expected = self.model.step(step);
        self.world.now = Instant::from_micros(self.model.now);
        let Some((principal, command)) = self.command(step) else { return true };
        let seq = self.world.state.next_seq;
        let reply = self.world.send(&principal, &command);
        let told = reply.as_ref().map(|_| ()).map_err(|refusal| refusal.code);
        self.trail.push(format!("{step:?}: {expected:?}; core {told:?} {:?}", self.world.kinds_since(seq)));
        match (&expected, &reply) {
            (Ok(done), Ok(reply)) => {
                self.accepted(step, done, reply, seq, &before);
            }
            (Err(no), Err(refusal)) => {
                assert!(
                    meanings(refusal.code).contains(no),
                    "{step:?}: the model says {no:?}, core {refusal}"
                );
                assert_eq!(self.world.kinds_since(seq), ["Refused"], "{step:?}");
            }
            _ => panic!("{step:?}: the model says {expected:?}, core {reply:?}"),
        }
        self.same(step);
        self.invariants(&core, seq);
        expected.is_ok()
    }

    /// Asked for, approved and run, where the task is of the control plane; else just run.
    pub(crate) fn administer(&mut self, who: Name, by: Name, act: Act) -> bool {
        let Some((task, values)) = self.form(&act) else { return false };
        let value = values.to_string();
        if self.model.tasks[task].control_plane {
            let ask = Step::Ask {
                who,
                account: None,
                what: What::Task(task),
                role: None,
                values: BTreeSet::from([value.clone()]),
                duration: None,
                start: None,
                uses: None,
            };
            let number = self.model.next_request;
            if !self.step(&ask) || !self.step(&Step::Approve { who: by, number, statement: 0, less: None }) {
                return false;
            }
        }
        self.step(&Step::Administer { who, task, value, act })
    }

    fn command(&self, step: &Step) -> Option<(Principal, Command)> {
        let session = |who: &Name| self.world.session(who);
        let number = |number: &u64| RequestNumber::new(*number);
        let run = |run: &usize| self.runs.get(*run).copied().unwrap_or(ExecutionId::from_bytes([9; 16]));
        Some(match step {
            Step::Ask { who, account, what, role, values, duration, start, uses } => {
                let submit = Submit {
                    account: account.map(|account| self.world.id(account)),
                    target: target(*what),
                    role: role.map(|role| role.parse().unwrap()),
                    constraints: constraints(*what, values),
                    reason: "because".to_owned(),
                    ticket: None,
                    duration: duration.map(|micros| Span::from_micros(micros.unsigned_abs())),
                    start: start.map(Instant::from_micros),
                    uses: *uses,
                    extends: None,
                };
                (session(who), Command::Submit(submit))
            }
            Step::Approve { who, number: n, statement, less } => {
                let less = less.map(|(duration, uses)| Less {
                    duration: Some(Span::from_micros(duration.unsigned_abs())),
                    uses: Some(uses),
                    ..Less::default()
                });
                let approve = Approve {
                    number: number(n),
                    statement: self.statement(*n, *statement),
                    comment: String::new(),
                    less,
                };
                (session(who), Command::Approve(approve))
            }
            Step::Deny { who, number: n, statement } => {
                let statement = self.statement(*n, *statement);
                (session(who), Command::Deny { number: number(n), statement, comment: "no".to_owned() })
            }
            Step::Cancel { who, number: n } => (session(who), Command::Cancel { number: number(n) }),
            Step::GiveBack { who, number: n } => (session(who), Command::GiveBack { number: number(n) }),
            Step::Revoke { who, number: n } => {
                (session(who), Command::Revoke { number: number(n), comment: "no more".to_owned() })
            }
            Step::Run { who, task, value, cite } => {
                (session(who), execute(task, json!({"Path": value}), cite.as_ref().map(number)))
            }
            Step::Administer { who, task, value, .. } => {
                (session(who), execute(task, serde_json::from_str(value).unwrap(), None))
            }
            Step::Stop { who, run: r } => (session(who), Command::Stop { execution: run(r) }),
            Step::Acknowledge { who, run: r } => (session(who), Command::Acknowledge { execution: run(r) }),
            Step::Finish { run: r, unknown } => {
                let outcome = match unknown {
                    true => Outcome::Unknown { reason: "nobody knows".to_owned() },
                    false => Outcome::Succeeded,
                };
                (Principal::system(), Command::Finish { execution: run(r), outcome, output: None })
            }
            Step::Pass(_) => return None,
            Step::Tick => (Principal::system(), Command::Tick),
            Step::Suspect => (Principal::system(), Command::SuspectClock { stated: self.world.now }),
            Step::Accept => (Principal::host(), Command::AcceptClock),
        })
    }

    fn statement(&self, number: u64, count: u64) -> Digest {
        let known = self.statements.get(&number).and_then(|all| all.get(usize::try_from(count).unwrap()));
        known.copied().unwrap_or_else(|| sha256(b"never made"))
    }

    fn accepted(&mut self, step: &Step, done: &Done, reply: &Reply, seq: u64, before: &Model) {
        if let Reply::Request { number, statement, .. } = reply {
            if let Some(made) = done.request {
                assert_eq!(number.get(), made);
            }
            let all = self.statements.entry(number.get()).or_default();
            if matches!(step, Step::Ask { .. } | Step::Approve { .. }) && all.last() != Some(statement) {
                all.push(*statement);
            }
        }
        let known: BTreeSet<ExecutionId> = self.runs.iter().copied().collect();
        match (step, reply) {
            (Step::Run { .. }, Reply::Started { execution, .. })
            | (Step::Administer { .. }, Reply::Ran { execution, .. }) => {
                self.runs.push(*execution);
                assert_eq!(self.runs.len(), self.model.next_run);
            }
            _ => {}
        }
        let events: Vec<&Body> =
            self.world.events.iter().filter(|event| event.seq >= seq).map(|event| &event.body).collect();
        let kinds: Vec<&str> = events.iter().map(|body| body.kind()).collect();
        let count = |kind: &str| kinds.iter().filter(|other| **other == kind).count();
        assert_eq!(count("Refused"), 0, "{step:?}: {kinds:?}");
        assert_eq!(count("AuthorizationGranted"), usize::from(done.granted), "{step:?}: {kinds:?}");
        let starts = matches!(step, Step::Run { .. } | Step::Administer { .. });
        assert_eq!(count("ExecutionStarted"), usize::from(starts), "{step:?}: {kinds:?}");
        for body in &events {
            if let Body::ExecutionStarted { basis, would_refuse, .. } = body {
                assert_eq!(Some(ours(basis)), done.basis, "{step:?}");
                assert_eq!(would_refuse.is_some(), done.would_refuse, "{step:?}");
            }
        }
        let stopping = |model: &Model| model.runs.values().filter(|run| run.stopping).count();
        let gone =
            before.runs.iter().filter(|(id, run)| run.stopping && !self.model.runs.contains_key(id)).count();
        // A task of Countersign's own that takes its own ground away is over in the same command.
        let stops = |body: &&&Body| matches!(body, Body::StopRequested { execution, .. } if known.contains(execution));
        assert_eq!(
            events.iter().filter(stops).count(),
            stopping(&self.model) + gone - stopping(before),
            "{step:?}: {kinds:?}"
        );
        let open = |model: &Model| model.requests.len() + model.lives.len();
        let made = usize::from(done.request.is_some());
        assert_eq!(
            count("RequestEnded") + count("AuthorizationEnded"),
            open(before) + made - open(&self.model),
            "{step:?}: {kinds:?}"
        );
    }

    /// Both hold the same.
    fn same(&self, step: &Step) {
        let (state, model) = (&self.world.state, &self.model);
        let requests: Vec<(u64, usize, usize)> = state
            .requests
            .iter()
            .map(|(number, request)| (number.get(), usize::from(request.stage), request.asked.votes.len()))
            .collect();
        let expected: Vec<(u64, usize, usize)> = model
            .requests
            .iter()
            .map(|(number, request)| (*number, request.stage, request.votes.len()))
            .collect();
        assert_eq!(requests, expected, "requests after {step:?}");
        let lives: Vec<(u64, i64, i64, u32, Option<u32>)> = state
            .authorizations
            .iter()
            .map(|(number, live)| {
                (number.get(), live.from.as_micros(), live.until.as_micros(), live.used, live.asked.uses)
            })
            .collect();
        let expected: Vec<(u64, i64, i64, u32, Option<u32>)> = model
            .lives
            .iter()
            .map(|(number, live)| (*number, live.from, live.until, live.used, live.request.uses))
            .collect();
        assert_eq!(lives, expected, "authorizations after {step:?}");
        let runs: BTreeMap<ExecutionId, (i64, bool, bool)> = state
            .executions
            .iter()
            .map(|(id, run)| (*id, (run.deadline.as_micros(), run.stopping.is_some(), run.unknown)))
            .collect();
        let expected: BTreeMap<ExecutionId, (i64, bool, bool)> = model
            .runs
            .iter()
            .map(|(id, run)| (self.runs[*id], (run.deadline, run.stopping, run.unknown)))
            .collect();
        assert_eq!(runs, expected, "executions after {step:?}");
        assert_eq!(state.organization.clock_suspect, model.suspect);
        let access = match state.organization.access {
            organization::Access::OffUntil { until } => Access::Until(until.as_micros()),
            organization::Access::Off => Access::Off,
            organization::Access::Observe => Access::Observe,
            organization::Access::On | organization::Access::SetUp => Access::On,
        };
        assert_eq!(access, model.access, "after {step:?}");
    }

    /// What must hold whatever the model thinks.
    fn invariants(&mut self, before: &countersign_core::state::State, seq: u64) {
        for event in self.world.events.iter().filter(|event| event.seq >= seq) {
            if let Body::ExecutionStarted { basis, person, .. } = &event.body {
                assert!(before.directory.enabled(*person));
                if let execution::Basis::Authorization { number } = basis {
                    let live = before.authorizations.get(number).expect("an authorization that lives");
                    assert!(live.from <= event.time && event.time < live.until);
                    assert!(live.asked.holder() == *person);
                    assert!(live.asked.uses.is_none_or(|uses| live.used < uses));
                }
            }
        }
        let state = &self.world.state;
        let fallen = countersign_core::standing::fallen(state);
        assert!(fallen.is_empty(), "a change left alive what no longer stands: {fallen:?}");
        for live in state.authorizations.values() {
            assert!(live.asked.uses.is_none_or(|uses| live.used <= uses));
            let requester = state.directory.human(live.asked.requester);
            let seats: usize = live.asked.stages.iter().map(|stage| usize::from(stage.seats)).sum();
            let mut humans: Vec<_> =
                live.asked.votes.keys().map(|voter| state.directory.human(*voter)).collect();
            assert!(!humans.contains(&requester), "a requester among the votes");
            humans.sort();
            humans.dedup();
            assert!(humans.len() >= seats, "distinct humans fill every seat");
        }
        let alive = |number: u64| {
            let number = RequestNumber::new(number);
            state.requests.contains_key(&number) || state.authorizations.contains_key(&number)
        };
        assert!(!self.dead.iter().any(|number| alive(*number)), "the dead do not come back");
        let dead: Vec<u64> = (1..state.next_request).filter(|number| !alive(*number)).collect();
        self.dead.extend(dead);
    }

    /// The task and parameters of an act; none where there is nothing to name.
    fn form(&self, act: &Act) -> Option<(Name, Json)> {
        let id = |name: &Name| self.world.id(name).to_string();
        let member = |who: &Who| match who {
            Who::P(person) => id(person),
            Who::G(group) => (*group).to_owned(),
        };
        let policy = |what: &What| {
            self.model.policy_for(*what)?;
            self.world.state.policy_of(&target(*what)).map(|(policy, _)| policy.to_string())
        };
        Some(match act {
            Act::Join(group, who) => {
                ("Countersign\\Add-GroupMember", json!({"Identity": group, "Member": [member(who)]}))
            }
            Act::Leave(group, who) => {
                ("Countersign\\Remove-GroupMember", json!({"Identity": group, "Member": [member(who)]}))
            }
            Act::JoinRoleGroup(group, who) => {
                ("Countersign\\Add-RoleGroupMember", json!({"Identity": group, "Member": [member(who)]}))
            }
            Act::LeaveRoleGroup(group, who) => {
                ("Countersign\\Remove-RoleGroupMember", json!({"Identity": group, "Member": [member(who)]}))
            }
            Act::NewPolicy(what, terms) => {
                let mut form = form_of(terms);
                let (key, name) = match what {
                    What::Task(name) => ("Task", name),
                    What::Role(name) => ("Role", name),
                    What::RoleGroup(name) => ("RoleGroup", name),
                };
                form[key] = json!(name);
                ("Countersign\\New-ElevatedAccessApprovalPolicy", form)
            }
            Act::SetPolicy(what, terms) => {
                let mut form = form_of(terms);
                form["Identity"] = json!(policy(what)?);
                ("Countersign\\Set-ElevatedAccessApprovalPolicy", form)
            }
            Act::RemovePolicy(what) => {
                ("Countersign\\Remove-ElevatedAccessApprovalPolicy", json!({"Identity": policy(what)?}))
            }
            Act::Link(one, other) => {
                ("Countersign\\Add-UserLink", json!({"Identity": id(one), "Other": id(other)}))
            }
            Act::Unlink(who) => ("Countersign\\Remove-UserLink", json!({"Identity": id(who)})),
            Act::EnablePerson(who) => ("Countersign\\Enable-User", json!({"Identity": id(who)})),
            Act::DisablePerson(who) => ("Countersign\\Disable-User", json!({"Identity": id(who)})),
            Act::DefineRole(role, tasks) => {
                ("Countersign\\New-ManagementRole", json!({"Name": role, "Task": tasks}))
            }
            Act::Redefine(name, run_to_end) => {
                let mut changed = task(name, &["Path"]);
                changed.run_to_end = *run_to_end;
                let text = serde_json::to_string(&[changed]).unwrap();
                ("Countersign\\Import-TaskPack", json!({"Workload": "Host", "Definitions": text}))
            }
            Act::Disable(access) => {
                let form = match access {
                    Access::Until(until) => {
                        let hours = (until - self.model.now) / super::HOUR;
                        json!({"ForHours": hours})
                    }
                    Access::Observe => json!({"Observe": true}),
                    Access::Off | Access::On => json!({}),
                };
                ("Countersign\\Disable-ElevatedAccessControl", form)
            }
            Act::Enable => {
                ("Countersign\\Enable-ElevatedAccessControl", json!({"AdminGroup": super::APPROVERS}))
            }
            Act::DefaultDecides(yes) => {
                let choice = if *yes { "DefaultApproversDecide" } else { "RoleHoldersRun" };
                ("Countersign\\Set-OrganizationConfig", json!({"UnprotectedTasks": choice}))
            }
            Act::Exempt(who, days) => (
                "Countersign\\Add-SystemAccount",
                json!({"Identity": id(who), "Reason": "nightly", "Days": days}),
            ),
            Act::Unexempt(who) => ("Countersign\\Remove-SystemAccount", json!({"Identity": id(who)})),
            Act::RevokeLive(number) => (
                "Countersign\\Revoke-ElevatedAccessAuthorization",
                json!({"RequestId": format!("R-{number}"), "Comment": "found out"}),
            ),
            Act::StopAll => ("Countersign\\Stop-AllExecutions", json!({})),
        })
    }
}

fn ours(basis: &execution::Basis) -> Basis {
    let known = |role: &countersign_core::name::RoleName| {
        let all = ROLES.into_iter().chain([MANAGEMENT, EMERGENCY]);
        all.into_iter().find(|name| *name == role.to_string()).unwrap()
    };
    match basis {
        execution::Basis::Authorization { number } => Basis::Authorization(number.get()),
        execution::Basis::Role { role } => Basis::Role(known(role)),
        execution::Basis::Exemption { role } => Basis::Exemption(known(role)),
        execution::Basis::SetUp => panic!("set-up is over"),
        execution::Basis::Preview { .. } | execution::Basis::TakeBack { .. } => {
            panic!("the model asks for none")
        }
    }
}

fn target(what: What) -> Target {
    match what {
        What::Task(name) => Target::Task(name.parse().unwrap()),
        What::Role(name) => Target::Role(name.parse().unwrap()),
        What::RoleGroup(name) => Target::RoleGroup(name.parse().unwrap()),
    }
}

fn constraints(what: What, values: &BTreeSet<String>) -> ConstraintForms {
    let What::Task(name) = what else { return ConstraintForms::default() };
    if name.starts_with("Countersign") {
        let first: Json = serde_json::from_str(values.first().unwrap()).unwrap();
        let Json::Object(values) = first else { panic!("values are an object") };
        return values
            .into_iter()
            .map(|(name, value)| (name.parse().unwrap(), ConstraintForm::Equals(value)))
            .collect();
    }
    let values = values.iter().map(|value| json!(value)).collect();
    ConstraintForms::from_iter([("Path".parse().unwrap(), ConstraintForm::OneOf(values))])
}

fn execute(task: Name, values: Json, cite: Option<RequestNumber>) -> Command {
    let Json::Object(values) = values else { panic!("values are an object") };
    Command::Execute(Execute {
        task: task.parse().unwrap(),
        values: Given::read(values).unwrap(),
        cite,
        secret: Some(sha256(b"a link's secret")),
    })
}

fn form_of(terms: &Terms) -> Json {
    let mut form = match terms.stages.as_slice() {
        [] => json!({"ApprovalType": "Auto"}),
        [(None, seats)] => json!({"Approvers": seats}),
        stages => {
            let stages: Vec<String> = stages
                .iter()
                .map(|(group, seats)| format!("{}:{seats}", group.unwrap_or(super::APPROVERS)))
                .collect();
            json!({"Stages": stages})
        }
    };
    match terms.ask {
        Ask::ByRole => {}
        Ask::Group(group) => form["RequesterGroup"] = json!(group),
        Ask::Everyone => form["Everyone"] = json!(true),
    }
    if let Some(hours) = terms.hours {
        form["MaximumDurationHours"] = json!(hours);
    }
    if let Some(uses) = terms.uses {
        form["MaximumUses"] = json!(uses);
    }
    form["Parallel"] = json!(terms.parallel);
    form
}

/// Which refusals of the model a code may stand for.
fn meanings(code: Code) -> &'static [No] {
    match code {
        Code::AuthorizationRequired
        | Code::WaitingForApproval
        | Code::AuthorizationEnded
        | Code::UsesExhausted
        | Code::ParameterNotApproved
        | Code::GovernedByOtherPolicy
        | Code::DefinitionChanged
        | Code::NotYetStarted => &[No::Protected],
        Code::AlreadyRunning => &[No::Protected, No::State],
        Code::RoleRequired => &[No::Role],
        Code::PersonDisabled => &[No::Disabled],
        Code::ClockSuspect => &[No::Clock],
        Code::NotEligibleToRequest => &[No::MayNotAsk],
        Code::NotProtected => &[No::NotProtected],
        Code::AlreadyInState => &[No::AccessOff, No::State],
        Code::InvalidInput => &[No::Choose, No::Wider],
        Code::DurationOutOfRange => &[No::Duration],
        Code::StartOutOfRange => &[No::Start],
        Code::LimitReached => &[No::Limit],
        Code::QuorumImpossible => &[No::Quorum],
        Code::RateLimited => &[No::Rate],
        Code::NotCovered => &[No::NothingOpened],
        Code::Forbidden => &[No::Wider],
        Code::NotFound | Code::AlreadyFinal | Code::NotAnApprover => &[No::NotTheirs],
        Code::SelfApproval => &[No::Own],
        Code::AlreadyVoted => &[No::Again],
        Code::NeededLater => &[No::NeededLater],
        Code::StatementChanged => &[No::Changed],
        Code::LastPeople => &[No::LastPeople],
        Code::PolicyExists => &[No::Exists],
        Code::NestingRefused => &[No::Nesting],
        _ => &[],
    }
}

/// The world both begin in.
fn world() -> World {
    let mut world = World::prepared();
    for name in ["dan", "eve"] {
        world.person(name);
    }
    let owner = world.id("eve").to_string();
    let made = world.run(
        "ada",
        "New-ServiceAccount",
        json!({"UserPrincipalName": "svc@fabrikam.example", "DisplayName": "svc", "Owner": owner}),
    );
    world.people.insert("svc".to_owned(), made["person"].parse().unwrap());
    for (group, members) in
        [("Askers", ["eve"].as_slice()), ("One", &["cyd", "dan"]), ("Two", &["dan", "sam"])]
    {
        world.run("ada", "New-Group", json!({"Name": group, "Mail": "g@fabrikam.example"}));
        world.join(group, members);
    }
    world.import(&TASKS.map(|name| task(name, &["Path"])));
    world.run("ada", "New-ManagementRole", json!({"Name": ROLES[0], "Task": [TASKS[1], TASKS[2]]}));
    world.run("ada", "New-RoleGroup", json!({"Name": ROLE_GROUPS[0], "Role": [ROLES[0]]}));
    for (group, name) in [(0, "sam"), (0, "dan"), (1, "svc")] {
        let id = world.id(name).to_string();
        world.run("ada", "Add-RoleGroupMember", json!({"Identity": ROLE_GROUPS[group], "Member": [id]}));
    }
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": super::APPROVERS}));
    world
}

/// The same, written down again.
fn model(world: &World) -> Model {
    let p = Who::P;
    let person = |(index, name): (usize, &Name)| {
        (*name, Person { enabled: true, owner: (*name == "svc").then_some("eve"), human: index as u64 })
    };
    let set = |all: &[Name]| -> BTreeSet<Name> { all.iter().copied().collect() };
    let managed = [
        "Countersign\\Add-GroupMember",
        "Countersign\\Remove-GroupMember",
        "Countersign\\Add-RoleGroupMember",
        "Countersign\\Remove-RoleGroupMember",
        "Countersign\\New-ElevatedAccessApprovalPolicy",
        "Countersign\\Set-ElevatedAccessApprovalPolicy",
        "Countersign\\Remove-ElevatedAccessApprovalPolicy",
        "Countersign\\Add-UserLink",
        "Countersign\\Remove-UserLink",
        "Countersign\\Enable-User",
        "Countersign\\New-ManagementRole",
        "Countersign\\Import-TaskPack",
        "Countersign\\Disable-ElevatedAccessControl",
        "Countersign\\Enable-ElevatedAccessControl",
        "Countersign\\Set-OrganizationConfig",
        "Countersign\\Add-SystemAccount",
    ];
    let removing = [
        "Countersign\\Disable-User",
        "Countersign\\Stop-AllExecutions",
        "Countersign\\Revoke-ElevatedAccessAuthorization",
    ];
    let unexempt = "Countersign\\Remove-SystemAccount";
    let own = |name: &Name, control_plane| {
        (*name, Task { version: 0, since: 0, run_to_end: false, control_plane, ours: true })
    };
    let theirs = |name: &Name| {
        (*name, Task { version: 0, since: 0, run_to_end: false, control_plane: false, ours: false })
    };
    let mut management = set(&managed);
    management.insert(unexempt);
    let mut model = Model {
        now: world.now.as_micros(),
        step: 1,
        people: PEOPLE.iter().enumerate().map(person).collect(),
        groups: BTreeMap::from([
            (GROUPS[0], BTreeSet::from([p("ada"), p("bob"), p("cyd")])),
            (GROUPS[1], BTreeSet::from([p("eve")])),
            (GROUPS[2], BTreeSet::from([p("cyd"), p("dan")])),
            (GROUPS[3], BTreeSet::from([p("dan"), p("sam")])),
        ]),
        since: BTreeMap::new(),
        tasks: managed
            .iter()
            .map(|name| own(name, true))
            .chain(removing.iter().chain([&unexempt]).map(|name| own(name, false)))
            .chain(TASKS.iter().map(theirs))
            .collect(),
        contains: BTreeMap::new(),
        roles: BTreeMap::from([
            (MANAGEMENT, management),
            (EMERGENCY, set(&removing)),
            (ROLES[0], set(&[TASKS[1], TASKS[2]])),
            (ROLES[1], set(&[TASKS[0], TASKS[1]])),
        ]),
        role_groups: BTreeMap::from([
            (
                "Countersign\\Organization Management",
                (set(&[MANAGEMENT, EMERGENCY]), BTreeSet::from([p("ada")])),
            ),
            (ROLE_GROUPS[0], (set(&[ROLES[0]]), BTreeSet::from([p("sam"), p("dan")]))),
            (ROLE_GROUPS[1], (set(&[ROLES[1]]), BTreeSet::from([p("rita"), p("svc")]))),
        ]),
        policies: BTreeMap::new(),
        next_policy: 2,
        access: Access::On,
        default_decides: false,
        suspect: false,
        exempt: BTreeMap::new(),
        requests: BTreeMap::new(),
        lives: BTreeMap::new(),
        next_request: world.state.next_request,
        runs: BTreeMap::new(),
        next_run: 0,
        accepted: BTreeSet::new(),
        sent: Vec::new(),
        granted: Vec::new(),
    };
    model.date();
    model.date_roles();
    model
}
