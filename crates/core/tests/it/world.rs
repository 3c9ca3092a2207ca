//! A small world: an organization to play in, and the commands in few words.

use std::collections::{BTreeMap, BTreeSet};

use countersign_core::actor::{Principal, Scope};
use countersign_core::command::{Approve, Command, Execute, Initialize, Less, NewPerson, Submit};
use countersign_core::decide::{Decision, Reply, decide, needs};
use countersign_core::erasure::Subject;
use countersign_core::event::body::Credential;
use countersign_core::event::{Body, Event, wire};
use countersign_core::execution::Outcome;
use countersign_core::facts::Facts;
use countersign_core::id::{ExecutionId, PersonId, RequestNumber};
use countersign_core::parameter::{ConstraintForm, ConstraintForms, Given};
use countersign_core::policy::{Assurance, Target};
use countersign_core::refusal::{Code, Refusal};
use countersign_core::sealing::SealedValue;
use countersign_core::state::State;
use countersign_core::statement::Statement;
use countersign_core::task::{Definition, TaskDefinition};
use countersign_core::time::{Instant, Span};
use countersign_core::view::commitments;
use countersign_ledger::hash::{Digest, sha256};
use serde_json::{Value as Json, json};

/// An organization, its time, and everything that happened in it.
pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) events: Vec<Event>,
    pub(crate) sealed: BTreeMap<Digest, SealedValue>,
    pub(crate) now: Instant,
    pub(crate) people: BTreeMap<String, PersonId>,
    /// Who uploaded which file, of how many bytes.
    pub(crate) files: BTreeMap<(Digest, PersonId), u64>,
    upns: BTreeMap<String, PersonId>,
    seed: u64,
}

/// Every ledger that a test wrote is judged by the verifier, which knows nothing of `core`.
impl Drop for World {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            crate::cross_check::holds(&self.events, &self.sealed);
        }
    }
}

impl World {
    /// Nothing has happened yet.
    pub(crate) fn empty() -> Self {
        Self {
            state: State::default(),
            events: Vec::new(),
            sealed: BTreeMap::new(),
            now: Instant::from_micros(1_790_000_000_000_000),
            people: BTreeMap::new(),
            files: BTreeMap::new(),
            upns: BTreeMap::new(),
            seed: 0,
        }
    }

    /// In set-up mode: `ada` administers.
    pub(crate) fn set_up() -> Self {
        let mut world = Self::empty();
        let command = Command::Initialize(Initialize {
            organization: "Fabrikam".to_owned(),
            ledger: "fabrikam".to_owned(),
            zone: "Europe/Berlin".to_owned(),
            administrator: NewPerson {
                upn: "ada@fabrikam.example".to_owned(),
                display_name: "Ada".to_owned(),
                mail: "ada@fabrikam.example".to_owned(),
            },
            secret: sha256(b"ada's link"),
        });
        let reply = world.host(&command).expect("an empty data directory takes an organization");
        let Reply::Person { person } = reply else { panic!("{reply:?}") };
        world.people.insert("ada".to_owned(), person);
        world.credentials("ada");
        world
    }

    /// Enabled: approvers `bob` and `cyd` (and `ada`), requester `rita` holding `Host\Operator` with two tasks.
    pub(crate) fn enabled() -> Self {
        let mut world = Self::prepared();
        world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
        world
    }

    /// Everything made, nothing enabled.
    pub(crate) fn prepared() -> Self {
        let mut world = Self::set_up();
        for name in ["bob", "cyd", "rita", "sam"] {
            world.person(name);
        }
        world.run("ada", "New-Group", json!({"Name": "Approvers", "Mail": "approvers@fabrikam.example"}));
        world.join("Approvers", &["ada", "bob", "cyd"]);
        world.import(&[task("Host\\Get-DiskUsage", &["Path"]), task("Host\\Restart", &["Unit"])]);
        world.run(
            "ada",
            "New-ManagementRole",
            json!({"Name": "Host\\Operator", "Task": ["Host\\Get-DiskUsage", "Host\\Restart"]}),
        );
        world.run("ada", "New-RoleGroup", json!({"Name": "Host\\Operators", "Role": ["Host\\Operator"]}));
        let rita = world.id("rita").to_string();
        world.run("ada", "Add-RoleGroupMember", json!({"Identity": "Host\\Operators", "Member": [rita]}));
        world
    }

    /// Enabled, with a policy of these terms for `Host\\Get-DiskUsage`; group `Deciders` is bob and cyd.
    pub(crate) fn guarded(mut terms: Json) -> Self {
        let mut world = Self::prepared();
        world.run("ada", "New-Group", json!({"Name": "Deciders", "Mail": "deciders@fabrikam.example"}));
        world.join("Deciders", &["bob", "cyd"]);
        terms["Task"] = json!(DISK);
        world.run("ada", "New-ElevatedAccessApprovalPolicy", terms);
        world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
        world
    }

    /// A request of rita's for the disk task with these changes, approved by bob where somebody must.
    pub(crate) fn granted(&mut self, change: impl FnOnce(&mut Submit)) -> RequestNumber {
        let values = disk();
        let mut submit = asking(DISK, &bind(&values));
        change(&mut submit);
        let number = self.ask("rita", submit).unwrap();
        if self.state.requests.contains_key(&number) {
            self.approve("bob", number).unwrap();
        }
        number
    }

    /// Nobody knows how it ended.
    pub(crate) fn lost(&mut self, execution: ExecutionId) {
        let outcome = Outcome::Unknown { reason: "the runner is gone".to_owned() };
        self.send(&Principal::system(), &Command::Finish { execution, outcome, output: None }).unwrap();
    }

    /// A token of somebody's for a day.
    pub(crate) fn token(&mut self, name: &str, scopes: &[Scope]) -> Principal {
        let command = Command::IssueToken {
            account: None,
            secret: sha256(name.as_bytes()),
            scopes: scopes.iter().copied().collect(),
            until: self.now.plus(Span::from_hours(24)),
            label: "for a test".to_owned(),
        };
        match self.send(&self.session(name), &command).unwrap() {
            Reply::Token { token } => Principal::token(self.id(name), token),
            other => panic!("{other:?}"),
        }
    }

    /// The id of the policy for exactly this task, role or role group.
    pub(crate) fn policy(&self, name: &str) -> String {
        let known = self.state.policy_for.iter().find(|(target, _)| target.to_string() == name);
        known.map(|(_, policy)| policy.to_string()).expect("a policy for it")
    }

    pub(crate) fn person(&mut self, name: &str) -> PersonId {
        let upn = format!("{name}@fabrikam.example");
        let made = self.run("ada", "New-User", json!({"UserPrincipalName": upn, "DisplayName": name}));
        let person: PersonId = made["person"].parse().unwrap();
        self.people.insert(name.to_owned(), person);
        self.upns.insert(upn, person);
        self.credentials(name);
        person
    }

    /// Password by the invitation, second factor in a session.
    pub(crate) fn credentials(&mut self, name: &str) {
        let person = self.id(name);
        let link = self.state.invitations.values().find(|link| link.person == person).map(|link| link.secret);
        for (credential, link) in [(Credential::Password, link), (Credential::Totp, None)] {
            let command =
                Command::SetCredential { person, link, credential, digest: sha256(name.as_bytes()) };
            self.send(&self.session(name), &command).unwrap();
        }
    }

    pub(crate) fn import(&mut self, tasks: &[TaskDefinition]) {
        let text = serde_json::to_string(tasks).unwrap();
        self.run("ada", "Import-TaskPack", json!({"Workload": "Host", "Definitions": text}));
    }

    /// One more task, once privileged access is on.
    pub(crate) fn import_more(&mut self, name: &str) {
        let text = serde_json::to_string(&[task(name, &["Path"])]).unwrap();
        self.act("ada", "bob", "Import-TaskPack", json!({"Workload": "Host", "Definitions": text})).unwrap();
    }

    pub(crate) fn join(&mut self, group: &str, names: &[&str]) {
        let members: Vec<String> = names.iter().map(|name| self.id(name).to_string()).collect();
        self.run("ada", "Add-GroupMember", json!({"Identity": group, "Member": members}));
    }

    pub(crate) fn id(&self, name: &str) -> PersonId {
        self.people[name]
    }

    pub(crate) fn session(&self, name: &str) -> Principal {
        Principal::session(self.id(name), Assurance::SecondFactor, self.now)
    }

    pub(crate) fn pass(&mut self, span: Span) {
        self.now = self.now.plus(span);
    }

    pub(crate) fn tick(&mut self) {
        self.send(&Principal::system(), &Command::Tick).unwrap();
    }

    pub(crate) fn host(&mut self, command: &Command) -> Result<Reply, Refusal> {
        self.send(&Principal::host(), command)
    }

    /// Decides, checks what every decision must keep, and takes it.
    pub(crate) fn send(&mut self, principal: &Principal, command: &Command) -> Result<Reply, Refusal> {
        let decision = self.try_out(principal, command);
        for event in &decision.events {
            let bytes = wire::to_bytes(event).unwrap();
            assert_eq!(&wire::from_bytes(&bytes).unwrap(), event, "an event is read back as it was written");
            self.events.push(event.clone());
        }
        for value in decision.sealed {
            assert!(value.holds());
            self.sealed.insert(value.commitment, value);
        }
        self.state = decision.state;
        decision.reply
    }

    /// Decides without taking it.
    pub(crate) fn try_out(&mut self, principal: &Principal, command: &Command) -> Decision {
        self.seed += 1;
        let mut entropy = [0; 32];
        entropy[..8].copy_from_slice(&self.seed.to_be_bytes());
        let wanted = needs(&self.state, principal, command);
        let mut facts = Facts::default();
        for (number, digest) in wanted.statements {
            if let Some(value) = self.sealed.get(&digest) {
                facts.statements.insert(number, Statement::from_bytes(&value.value, digest).unwrap());
            }
        }
        for upn in wanted.upns {
            if let Some(person) = self.upns.get(&upn) {
                facts.upns.insert(upn, *person);
            }
        }
        for (execution, commitment) in wanted.values {
            if let Some(value) = self.sealed.get(&commitment) {
                facts.values.insert(execution, serde_json::from_slice(&value.value).unwrap());
            }
        }
        for key in wanted.files {
            facts.files.extend(self.files.get(&key).map(|size| (key, *size)));
        }
        if let Some(asked) = wanted.execution {
            let known = |event: &Event| matches!(&event.body, Body::ExecutionStarted { execution, .. } if *execution == asked);
            facts.executions.extend(Some(asked).filter(|_| self.events.iter().any(known)));
        }
        if let Some(subject) = wanted.over {
            facts.over.extend(self.over(subject).map(|over| (subject, over)));
        }
        let decision = decide(&self.state, &facts, self.now, entropy, principal, None, command);
        let mut named: BTreeSet<Digest> = decision.events.iter().flat_map(commitments).collect();
        // A list of tasks lies beside the ledger in the same way, is nobody's, and stays.
        named.extend(decision.events.iter().filter_map(|event| match &event.body {
            Body::RequestSubmitted { covers, .. } => Some(covers.list),
            _ => None,
        }));
        for value in &decision.sealed {
            let kinds: Vec<_> = decision.events.iter().map(|event| event.body.kind()).collect();
            assert!(
                named.contains(&value.commitment),
                "{kinds:?} seal a value that crates/core/src/view/opened.rs does not name: it can't be read or erased"
            );
        }
        decision
    }

    /// Since when somebody is disabled, or a request over.
    fn over(&self, subject: Subject) -> Option<Instant> {
        let ends = |event: &&Event| match (&event.body, subject) {
            (Body::PersonDisabled { person, .. }, Subject::Person { person: whose }) => *person == whose,
            (
                Body::RequestEnded { number, .. } | Body::AuthorizationEnded { number, .. },
                Subject::Request { number: which },
            ) => *number == which,
            _ => false,
        };
        self.events.iter().rev().find(ends).map(|event| event.time)
    }

    /// Runs one of Countersign's own tasks and gives what it made.
    pub(crate) fn run(&mut self, name: &str, task: &str, values: Json) -> BTreeMap<String, String> {
        match self.execute(name, &format!("Countersign\\{task}"), values) {
            Ok(Reply::Ran { made, .. }) => made,
            other => panic!("{task}: {other:?}"),
        }
    }

    pub(crate) fn execute(&mut self, name: &str, task: &str, values: Json) -> Result<Reply, Refusal> {
        self.send(&self.session(name), &execution(task, values))
    }

    pub(crate) fn started(&mut self, name: &str, task: &str, values: Json) -> ExecutionId {
        match self.execute(name, task, values) {
            Ok(Reply::Started { execution, .. }) => execution,
            other => panic!("{task}: {other:?}"),
        }
    }

    pub(crate) fn finish(&mut self, execution: ExecutionId) {
        let command = Command::Finish { execution, outcome: Outcome::Succeeded, output: None };
        self.send(&Principal::system(), &command).unwrap();
    }

    pub(crate) fn refused(&mut self, name: &str, task: &str, values: Json) -> Code {
        self.execute(name, task, values).expect_err("it is refused").code
    }

    pub(crate) fn ask(&mut self, name: &str, submit: Submit) -> Result<RequestNumber, Refusal> {
        match self.send(&self.session(name), &Command::Submit(submit))? {
            Reply::Request { number, .. } => Ok(number),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn statement(&self, number: RequestNumber) -> Digest {
        self.state
            .requests
            .get(&number)
            .map(|request| request.asked.statement)
            .or_else(|| self.state.authorizations.get(&number).map(|live| live.asked.statement))
            .unwrap_or_else(|| sha256(b"over"))
    }

    pub(crate) fn approve(&mut self, name: &str, number: RequestNumber) -> Result<Reply, Refusal> {
        self.approve_less(name, number, None)
    }

    pub(crate) fn approve_less(
        &mut self,
        name: &str,
        number: RequestNumber,
        less: Option<Less>,
    ) -> Result<Reply, Refusal> {
        let statement = self.statement(number);
        let command = Command::Approve(Approve { number, statement, comment: "seen".to_owned(), less });
        self.send(&self.session(name), &command)
    }

    pub(crate) fn deny(&mut self, name: &str, number: RequestNumber) -> Result<Reply, Refusal> {
        let statement = self.statement(number);
        self.send(&self.session(name), &Command::Deny { number, statement, comment: "no".to_owned() })
    }

    /// An administrative act after set-up: asked for by `name`, approved by `by`, run by `name`.
    pub(crate) fn act(&mut self, name: &str, by: &str, task: &str, values: Json) -> Result<Reply, Refusal> {
        let task = format!("Countersign\\{task}");
        let number = self.ask(name, asking(&task, &bind(&values)))?;
        self.approve(by, number)?;
        self.execute(name, &task, values)
    }

    pub(crate) fn kinds_since(&self, seq: u64) -> Vec<&'static str> {
        self.events.iter().filter(|event| event.seq >= seq).map(|event| event.body.kind()).collect()
    }

    pub(crate) fn last(&self) -> &Body {
        &self.events.last().expect("something happened").body
    }
}

/// The task that most tables are about.
pub(crate) const DISK: &str = "Host\\Get-DiskUsage";

/// Its usual parameters.
pub(crate) fn disk() -> Json {
    json!({"Path": "/var"})
}

/// A task run by the process executor, with text parameters bound always.
pub(crate) fn task(name: &str, parameters: &[&str]) -> TaskDefinition {
    use countersign_core::parameter::{ParameterKind, ParameterSpec};
    let definition = json!({"program": "/usr/bin/du", "arguments": []});
    let Json::Object(definition) = definition else { unreachable!() };
    let mut task =
        TaskDefinition::new(name.parse().unwrap(), "process", Definition::new(definition).unwrap());
    task.parameters = parameters
        .iter()
        .map(|name| ParameterSpec::new(name.parse().unwrap(), ParameterKind::text(200)).required())
        .collect();
    task
}

pub(crate) fn execution(task: &str, values: Json) -> Command {
    let Json::Object(values) = values else { panic!("values are an object") };
    Command::Execute(Execute {
        task: task.parse().unwrap(),
        values: Given::read(values).unwrap(),
        cite: None,
        secret: Some(sha256(b"a link's secret")),
    })
}

/// A request for a task, for four hours.
pub(crate) fn asking(task: &str, constraints: &[(&str, ConstraintForm)]) -> Submit {
    let constraints: ConstraintForms =
        constraints.iter().map(|(name, form)| (name.parse().unwrap(), form.clone())).collect();
    Submit {
        account: None,
        target: Target::Task(task.parse().unwrap()),
        role: None,
        constraints,
        reason: "the disk is full".to_owned(),
        ticket: None,
        duration: None,
        start: None,
        uses: None,
        extends: None,
    }
}

/// Binds every value that will be given.
pub(crate) fn bind(values: &Json) -> Vec<(&str, ConstraintForm)> {
    values
        .as_object()
        .expect("values are an object")
        .iter()
        .map(|(name, value)| (name.as_str(), ConstraintForm::Equals(value.clone())))
        .collect()
}
