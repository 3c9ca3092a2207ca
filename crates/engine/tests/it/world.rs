//! A small organization on a real data directory, and the commands in few words.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process, Stdio};
use std::sync::Arc;
use std::time::Duration;

use countersign_core::actor::Principal;
use countersign_core::command::{Approve, Command, Execute, Initialize, NewPerson, Submit};
use countersign_core::decide::Reply;
use countersign_core::event::body::Credential;
use countersign_core::event::{Event, wire};
use countersign_core::id::{ExecutionId, PersonId, RequestNumber};
use countersign_core::parameter::{ConstraintForm, ConstraintForms, Given};
use countersign_core::policy::{Assurance, Target};
use countersign_core::refusal::Refusal;
use countersign_core::task::{Definition, TaskDefinition};
use countersign_core::time::{Instant, Span};
use countersign_engine::{
    Clock, EngineConfig, EngineHandle, ManualClock, Receipt, StartError, Submission, SystemClock, start,
};
use countersign_ledger::hash::{Digest, sha256};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_countersign-engine-test");
pub(crate) const START: Instant = Instant::from_micros(1_790_000_000_000_000);

/// An engine and what it stands on.
pub(crate) struct World {
    pub(crate) engine: EngineHandle,
    pub(crate) config: EngineConfig,
    pub(crate) people: BTreeMap<String, PersonId>,
    _place: Arc<TempDir>,
}

/// A directory whose every parent only root or the tester can write to.
pub(crate) fn place() -> TempDir {
    use std::os::unix::fs::PermissionsExt as _;
    let place = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    std::fs::set_permissions(place.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    place
}

pub(crate) fn config(directory: &Path, clock: Arc<dyn Clock>) -> EngineConfig {
    let mut config = EngineConfig::new(directory, clock);
    config.keep_free = 0;
    config.reserve = 4_096;
    config
}

impl World {
    /// In set-up mode, `ada` administers.
    pub(crate) async fn new(change: impl FnOnce(&mut EngineConfig)) -> Self {
        let place = Arc::new(place());
        let mut config = config(&place.path().join("data"), Arc::new(ManualClock::at(START)));
        change(&mut config);
        let engine = start(config.clone()).unwrap();
        let mut world = Self { engine, config, people: BTreeMap::new(), _place: place };
        let receipt = world.submit(Principal::host(), initialize()).await;
        let Ok(Reply::Person { person }) = receipt.reply else { panic!("{receipt:?}") };
        world.people.insert("ada".to_owned(), person);
        world.credentials("ada").await;
        world
    }

    /// With the system's clocks.
    pub(crate) async fn real(change: impl FnOnce(&mut EngineConfig)) -> Self {
        Self::new(|config| {
            config.clock = Arc::new(SystemClock::new().unwrap());
            change(config);
        })
        .await
    }

    /// Enabled: approvers `ada`, `bob`, `cyd`; requester `rita` holds a role with the two tasks of [`tasks`]; a
    /// policy protects `Host\Sleep`.
    pub(crate) async fn enabled(mut self) -> Self {
        for name in ["bob", "cyd", "rita"] {
            self.person(name).await;
        }
        self.run("New-Group", json!({"Name": "Approvers", "Mail": "approvers@fabrikam.example"})).await;
        let members: Vec<String> = ["ada", "bob", "cyd"].map(|name| self.people[name].to_string()).to_vec();
        self.run("Add-GroupMember", json!({"Identity": "Approvers", "Member": members})).await;
        let text = serde_json::to_string(&tasks()).unwrap();
        self.run("Import-TaskPack", json!({"Workload": "Host", "Definitions": text})).await;
        let names: Vec<String> = tasks().iter().map(|task| task.name.to_string()).collect();
        self.run("New-ManagementRole", json!({"Name": "Host\\Operator", "Task": names})).await;
        self.run("New-RoleGroup", json!({"Name": "Host\\Operators", "Role": ["Host\\Operator"]})).await;
        let rita = self.people["rita"].to_string();
        self.run("Add-RoleGroupMember", json!({"Identity": "Host\\Operators", "Member": [rita]})).await;
        self.run("New-ElevatedAccessApprovalPolicy", json!({"Task": "Host\\Sleep"})).await;
        self.run("Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"})).await;
        self
    }

    pub(crate) async fn person(&mut self, name: &str) -> PersonId {
        let values = json!({"UserPrincipalName": format!("{name}@fabrikam.example"), "DisplayName": name});
        let made = self.run("New-User", values).await;
        let person: PersonId = made["person"].parse().unwrap();
        self.people.insert(name.to_owned(), person);
        self.credentials(name).await;
        person
    }

    async fn credentials(&self, name: &str) {
        let person = self.people[name];
        let state = self.engine.state();
        let link = state.invitations.values().find(|link| link.person == person).map(|link| link.secret);
        for (credential, link) in [(Credential::Password, link), (Credential::Totp, None)] {
            let command =
                Command::SetCredential { person, link, credential, digest: sha256(name.as_bytes()) };
            self.submit(self.session(name), command).await.reply.unwrap();
        }
    }

    pub(crate) fn session(&self, name: &str) -> Principal {
        Principal::session(self.people[name], Assurance::SecondFactor, self.engine.now())
    }

    pub(crate) async fn submit(&self, principal: Principal, command: Command) -> Receipt {
        self.engine.submit(Submission::new(principal, command)).await.unwrap()
    }

    /// Runs one of Countersign's own tasks as `ada` in set-up mode.
    pub(crate) async fn run(&self, task: &str, values: Json) -> BTreeMap<String, String> {
        match self.execute("ada", &format!("Countersign\\{task}"), values).await {
            Ok(Reply::Ran { made, .. }) => made,
            other => panic!("{task}: {other:?}"),
        }
    }

    pub(crate) async fn execute(&self, name: &str, task: &str, values: Json) -> Result<Reply, Refusal> {
        self.submit(self.session(name), execution(task, values)).await.reply
    }

    pub(crate) async fn started(&self, name: &str, task: &str, values: Json) -> ExecutionId {
        match self.execute(name, task, values).await {
            Ok(Reply::Started { execution, .. }) => execution,
            other => panic!("{task}: {other:?}"),
        }
    }

    pub(crate) async fn ask(&self, name: &str, task: &str, values: &Json) -> RequestNumber {
        self.ask_for(name, task, values, |_| {}).await
    }

    /// The same with more said.
    pub(crate) async fn ask_for(
        &self,
        name: &str,
        task: &str,
        values: &Json,
        change: impl FnOnce(&mut Submit),
    ) -> RequestNumber {
        let mut submit = asking(task, values);
        change(&mut submit);
        match self.submit(self.session(name), Command::Submit(submit)).await.reply {
            Ok(Reply::Request { number, .. }) => number,
            other => panic!("{other:?}"),
        }
    }

    /// Two events: a request and its withdrawal.
    pub(crate) async fn ask_or_cancel(&self, n: usize) {
        let number = self.ask("rita", "Host\\Sleep", &json!({"Seconds": n.to_string()})).await;
        self.submit(self.session("rita"), Command::Cancel { number }).await.reply.unwrap();
    }

    pub(crate) fn statement(&self, number: RequestNumber) -> Digest {
        self.engine.state().requests[&number].asked.statement
    }

    pub(crate) async fn approve(&self, name: &str, number: RequestNumber) -> Result<Reply, Refusal> {
        let statement = self.statement(number);
        let command = Command::Approve(Approve { number, statement, comment: "seen".to_owned(), less: None });
        self.submit(self.session(name), command).await.reply
    }

    pub(crate) async fn granted(&self, task: &str, values: &Json) -> RequestNumber {
        let number = self.ask("rita", task, values).await;
        self.approve("bob", number).await.unwrap();
        number
    }

    pub(crate) async fn revoke(&self, number: RequestNumber) {
        let command = Command::Revoke { number, comment: "enough".to_owned() };
        self.submit(self.session("cyd"), command).await.reply.unwrap();
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        let entries = self.engine.reader().entries(0, 1_000_000).unwrap();
        entries.iter().map(|entry| wire::from_bytes(&entry.bytes).unwrap()).collect()
    }

    pub(crate) fn kinds(&self) -> Vec<&'static str> {
        self.events().iter().map(|event| event.body.kind()).collect()
    }

    /// How many runs on targets were started.
    #[cfg(feature = "failpoints")]
    pub(crate) fn kinds_of_targets(&self) -> usize {
        use countersign_core::event::Body;
        let on_target = |event: &&Event| match &event.body {
            Body::ExecutionStarted { task, .. } => !countersign_core::tasks::is_countersign(task),
            _ => false,
        };
        self.events().iter().filter(on_target).count()
    }

    /// Waits for an event.
    pub(crate) async fn until(&self, what: &str, found: impl Fn(&Event) -> bool) -> Event {
        for _ in 0..600 {
            if let Some(event) = self.events().into_iter().find(|event| found(event)) {
                return event;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{what}: never happened; there is {:?}", self.kinds());
    }

    /// The state as it is, in a form that tells any difference.
    pub(crate) fn shape(&self) -> String {
        format!("{:?}", self.engine.state())
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.config.data_dir.clone()
    }

    /// Opens the directory again, after the engine has stopped or was killed.
    pub(crate) fn reopen(&mut self) -> Result<(), StartError> {
        self.engine = start(self.config.clone())?;
        Ok(())
    }
}

pub(crate) fn initialize() -> Command {
    Command::Initialize(Initialize {
        organization: "Fabrikam".to_owned(),
        ledger: "fabrikam".to_owned(),
        zone: "Europe/Berlin".to_owned(),
        administrator: NewPerson {
            upn: "ada@fabrikam.example".to_owned(),
            display_name: "Ada".to_owned(),
            mail: "ada@fabrikam.example".to_owned(),
        },
        secret: sha256(b""),
    })
}

/// `Host\Sleep -Seconds n` prints `begun` and sleeps; `Host\Say -Text t -Secret s` prints the text, then its standard
/// input; `Host\Mark -Path p` appends a line to a file.
pub(crate) fn tasks() -> Vec<TaskDefinition> {
    use countersign_core::parameter::{ParameterKind, ParameterSpec};
    let sleep = json!({
        "program": "/bin/sh",
        "arguments": [
            {"literal": "-c"},
            {"literal": "echo begun; sleep \"$0\"; echo ended"},
            {"parameter": {"name": "Seconds"}},
        ],
    });
    let say = json!({
        "program": "/bin/sh",
        "arguments": [
            {"literal": "-c"}, {"literal": "echo \"$0\"; cat; echo oops >&2; exit 3"}, {"parameter": {"name": "Text"}},
        ],
        "stdin": "Secret",
    });
    let spec = |name: &str, kind| ParameterSpec::new(name.parse().unwrap(), kind);
    let mut sleep = task("Host\\Sleep", sleep);
    sleep.parameters = vec![spec("Seconds", ParameterKind::text(20)).required()];
    sleep.limits.grace = Some(Span::from_micros(200_000));
    let mut say = task("Host\\Say", say);
    say.parameters = vec![
        spec("Text", ParameterKind::text(200)).required(),
        spec("Secret", ParameterKind::Secret { max_length: 64, multiline: false }).required(),
    ];
    let mark = json!({
        "program": "/bin/sh",
        "arguments": [
            {"literal": "-c"}, {"literal": "echo once >> \"$0\"; sleep 0.2"}, {"parameter": {"name": "Path"}},
        ],
    });
    let mut mark = task("Host\\Mark", mark);
    mark.parameters = vec![spec("Path", ParameterKind::text(500)).required()];
    vec![sleep, say, mark]
}

pub(crate) fn task(name: &str, definition: Json) -> TaskDefinition {
    let Json::Object(definition) = definition else { panic!("an object") };
    TaskDefinition::new(name.parse().unwrap(), "process", Definition::new(definition).unwrap())
}

pub(crate) fn execution(task: &str, values: Json) -> Command {
    let Json::Object(values) = values else { panic!("values are an object") };
    Command::Execute(Execute {
        task: task.parse().unwrap(),
        values: Given::read(values).unwrap(),
        cite: None,
        secret: None,
    })
}

pub(crate) fn asking(task: &str, values: &Json) -> Submit {
    let constraints: ConstraintForms = values
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.parse().unwrap(), ConstraintForm::Equals(value.clone())))
        .collect();
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

/// A runner in a directory of its own.
pub(crate) struct Runner {
    place: TempDir,
    child: Child,
}

impl Runner {
    pub(crate) fn start() -> Self {
        use std::os::unix::fs::PermissionsExt as _;
        let place = place();
        let host_file = "[process]\nrun_as = [\"root\", \"ME\"]\nprogram_directories = [\"/\"]\n";
        std::fs::write(place.path().join("runner.toml"), host_file.replace("ME", &own_name())).unwrap();
        for name in ["state", "run"] {
            let directory = place.path().join(name);
            std::fs::create_dir(&directory).unwrap();
            std::fs::set_permissions(&directory, std::fs::Permissions::from_mode(0o700)).unwrap();
        }
        let child = Self::spawn(place.path());
        let runner = Self { place, child };
        runner.wait();
        runner
    }

    fn spawn(place: &Path) -> Child {
        let uid = rustix::process::geteuid().as_raw().to_string();
        let mut command = Process::new(BINARY);
        command.arg("runner").arg(place.join("run/runner.sock")).arg(place.join("runner.toml"));
        command.arg(place.join("state")).arg(uid).stdin(Stdio::null()).spawn().unwrap()
    }

    fn wait(&self) {
        for _ in 0..1_000 {
            if self.socket().exists() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the runner does not listen");
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.place.path().join("run/runner.sock")
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn restart(&mut self) {
        self.kill();
        let _ = std::fs::remove_file(self.socket());
        self.child = Self::spawn(self.place.path());
        self.wait();
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn own_name() -> String {
    let uid = rustix::process::geteuid().as_raw();
    let users = std::fs::read_to_string("/etc/passwd").unwrap();
    let named = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == uid.to_string()).then(|| name.to_owned())
    });
    named.unwrap_or_else(|| uid.to_string())
}
