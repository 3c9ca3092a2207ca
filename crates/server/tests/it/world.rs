//! A small organization, made and asked by HTTP alone.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::MatchedPath;
use axum::http::{HeaderMap, Method, Request, Uri};
use countersign_core::actor::Principal;
use countersign_core::command::{Command, Initialize, NewPerson};
use countersign_core::id::PersonId;
use countersign_core::parameter::{ParameterKind, ParameterSpec};
use countersign_core::task::{Definition, Preview, TaskDefinition};
use countersign_core::time::{Instant, Span};
use countersign_engine::{EngineConfig, EngineHandle, ManualClock, Submission, start};
use countersign_identity::base32::{RFC4648, decode};
use countersign_identity::password::Cost;
use countersign_identity::totp::{Secret, Step};
use countersign_ledger::hash::sha256;
use countersign_server::{App, Options, Peer, Web, router};
use http_body_util::BodyExt as _;
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::shape;

pub(crate) const START: Instant = Instant::from_micros(1_790_000_000_000_000);
pub(crate) const LISTEN: &str = "127.0.0.1:8470";
pub(crate) const ORIGIN: &str = "http://127.0.0.1:8470";

pub(crate) struct World {
    pub(crate) engine: EngineHandle,
    pub(crate) clock: ManualClock,
    pub(crate) people: BTreeMap<String, Person>,
    router: Router,
    place: TempDir,
}

pub(crate) struct Person {
    pub(crate) id: PersonId,
    pub(crate) session: String,
    pub(crate) secret: Secret,
    pub(crate) recovery: Vec<String>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) body: Json,
}

pub(crate) fn upn(name: &str) -> String {
    format!("{name}@fabrikam.example")
}

pub(crate) fn password(name: &str) -> String {
    format!("violet tugboat {} 91", name.bytes().rev().map(char::from).collect::<String>())
}

pub(crate) fn options() -> Options {
    Options {
        cost: Cost { memory_kib: 64, passes: 1, lanes: 1 },
        web: Web::none(),
        ..Options::new(LISTEN.parse().unwrap())
    }
}

impl World {
    /// Before anything was recorded, with these options.
    pub(crate) fn empty(options: Options) -> Self {
        Self::empty_with(options, |_| {})
    }

    fn empty_with(options: Options, change: impl FnOnce(&mut EngineConfig)) -> Self {
        let place = tempfile::tempdir().unwrap();
        let clock = ManualClock::at(START);
        let mut config = EngineConfig::new(place.path().join("data"), Arc::new(clock.clone()));
        config.keep_free = 0;
        config.reserve = 4_096;
        change(&mut config);
        let engine = start(config).unwrap();
        let router = router(App::new(engine.clone(), options).unwrap());
        Self { engine, clock, people: BTreeMap::new(), router, place }
    }

    /// Where the engine keeps everything.
    pub(crate) fn data(&self) -> std::path::PathBuf {
        self.place.path().join("data")
    }

    /// In set-up mode: `ada` administers and is signed in with a second factor.
    pub(crate) async fn set_up() -> Self {
        Self::set_up_with(|_| {}).await
    }

    async fn set_up_with(change: impl FnOnce(&mut EngineConfig)) -> Self {
        let mut world = Self::empty_with(options(), change);
        let submission = Submission::new(Principal::host(), initialize());
        let receipt = world.engine.submit(submission).await.unwrap();
        receipt.reply.unwrap();
        world.welcome("ada", receipt.link.unwrap().reveal()).await;
        world
    }

    /// Enabled: approvers `ada`, `bob`, `cyd`; `rita` holds a role with `Host\Sleep` (protected) and `Host\Look` (not);
    /// `cora` reads the audit log and outputs; `sam` holds nothing.
    pub(crate) async fn enabled() -> Self {
        Self::enabled_with(|_| {}).await
    }

    /// The same on an engine of another configuration.
    pub(crate) async fn enabled_with(change: impl FnOnce(&mut EngineConfig)) -> Self {
        let mut world = Self::set_up_with(change).await;
        for name in ["bob", "cyd", "rita", "cora", "sam"] {
            world.person(name).await;
        }
        world.run("New-Group", json!({"Name": "Approvers", "Mail": "approvers@fabrikam.example"})).await;
        let approvers = ["ada", "bob", "cyd"].map(|name| world.people[name].id);
        world.run("Add-GroupMember", json!({"Identity": "Approvers", "Member": approvers})).await;
        let definitions = serde_json::to_string(&[task("Host\\Sleep"), task("Host\\Look")]).unwrap();
        world.run("Import-TaskPack", json!({"Workload": "Host", "Definitions": definitions})).await;
        let tasks = ["Host\\Sleep", "Host\\Look"];
        world.run("New-ManagementRole", json!({"Name": "Host\\Operator", "Task": tasks})).await;
        world.run("New-RoleGroup", json!({"Name": "Host\\Operators", "Role": ["Host\\Operator"]})).await;
        for (group, member) in [("Host\\Operators", "rita"), ("Countersign\\Compliance Management", "cora")] {
            let member = [world.people[member].id];
            world.run("Add-RoleGroupMember", json!({"Identity": group, "Member": member})).await;
        }
        world.run("New-ElevatedAccessApprovalPolicy", json!({"Task": "Host\\Sleep"})).await;
        world.run("Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"})).await;
        world
    }

    /// Adds a person as `ada`, who hands the link over.
    pub(crate) async fn person(&mut self, name: &str) {
        let values = json!({
            "UserPrincipalName": upn(name), "DisplayName": name, "LinkDelivery": "PrintForRequester",
        });
        let body = json!({"task": "Countersign\\New-User", "values": values});
        let got = self.post("ada", "/api/v1/executions", body).await.ok();
        let link = got.body["link"].as_str().unwrap().to_owned();
        self.welcome(name, &link).await;
    }

    /// Somebody uses their link, signs in and sets up a second factor.
    pub(crate) async fn welcome(&mut self, name: &str, link: &str) {
        let redeem = json!({"link": link, "password": password(name)});
        let got = self.call("POST", "/api/v1/invitations/redeem", &[], Some(redeem)).await.ok();
        let id: PersonId = got.body["person"].as_str().unwrap().parse().unwrap();
        let session = self.sign_in(name, None).await.ok().body["session"].as_str().unwrap().to_owned();
        let placeholder = Secret::from_entropy([0; 20]);
        self.people
            .insert(name.to_owned(), Person { id, session, secret: placeholder, recovery: Vec::new() });
        let got = self.post(name, "/api/v1/me/second-factor/enroll", json!({})).await.ok();
        let bytes = decode(got.body["secret_base32"].as_str().unwrap(), RFC4648).unwrap();
        self.people.get_mut(name).unwrap().secret = Secret::from_entropy(bytes.try_into().unwrap());
        let code = self.code(name);
        let got = self.post(name, "/api/v1/me/second-factor/confirm", json!({"code": code})).await.ok();
        let person = self.people.get_mut(name).unwrap();
        person.session = got.body["session"].as_str().unwrap().to_owned();
        let codes = got.body["recovery_codes"].as_array().unwrap();
        person.recovery = codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
        assert_eq!(person.recovery.len(), 10);
    }

    /// A code that was not used before: time goes on to the next step.
    pub(crate) fn code(&self, name: &str) -> String {
        self.clock.advance(Span::from_secs(31));
        self.same_code(name)
    }

    /// The code of now.
    pub(crate) fn same_code(&self, name: &str) -> String {
        let step = u64::try_from(self.engine.now().as_micros() / 30_000_000).unwrap();
        String::from_utf8(self.people[name].secret.code(Step(step)).to_vec()).unwrap()
    }

    pub(crate) async fn sign_in(&self, name: &str, code: Option<&str>) -> Got {
        let body = json!({"upn": upn(name), "password": password(name), "code": code});
        self.call("POST", "/api/v1/sessions?bearer=true", &[], Some(body)).await
    }

    /// Signs somebody in anew, whose sessions may have run out.
    pub(crate) async fn again(&mut self, name: &str) {
        let code = self.code(name);
        let got = self.sign_in(name, Some(&code)).await.ok();
        self.people.get_mut(name).unwrap().session = got.body["session"].as_str().unwrap().to_owned();
    }

    /// Runs one of Countersign's own tasks as `ada` in set-up mode.
    pub(crate) async fn run(&self, task: &str, values: Json) -> Json {
        let body = json!({"task": format!("Countersign\\{task}"), "values": values});
        self.post("ada", "/api/v1/executions", body).await.ok().body
    }

    /// An administrative act after set-up: asked by `ada`, approved by `bob`, run by `ada`.
    pub(crate) async fn act(&self, task: &str, values: Json) -> Json {
        let task = format!("Countersign\\{task}");
        let constraints: serde_json::Map<String, Json> = values
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.clone(), json!({"equals": value})))
            .collect();
        let number = self.ask("ada", &task, json!(constraints)).await;
        self.approve("bob", &number).await.ok();
        let body = json!({"task": task, "values": values});
        self.post("ada", "/api/v1/executions", body).await.ok().body
    }

    /// Asks for a task, and gives the request's number.
    pub(crate) async fn ask(&self, name: &str, task: &str, constraints: Json) -> String {
        let body = json!({
            "target": {"type": "Task", "name": task}, "constraints": constraints, "reason": "the disk is full",
        });
        let got = self.post(name, "/api/v1/requests", body).await.ok();
        assert_eq!(got.status, 201);
        got.body["number"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn approve(&self, name: &str, number: &str) -> Got {
        let shown = self.get(name, &format!("/api/v1/requests/{number}")).await;
        let statement = shown.body["statement"].clone();
        let path = format!("/api/v1/requests/{number}/approve");
        self.post(name, &path, json!({"statement": statement, "comment": "seen"})).await
    }

    /// An authorization of `rita` for `Host\Sleep`.
    pub(crate) async fn authorized(&self) -> String {
        let number = self.ask("rita", "Host\\Sleep", json!({"Note": {"equals": "blue"}})).await;
        self.approve("bob", &number).await.ok();
        number
    }

    pub(crate) async fn get(&self, name: &str, path: &str) -> Got {
        self.call("GET", path, &[("authorization", &self.bearer(name))], None).await
    }

    pub(crate) async fn post(&self, name: &str, path: &str, body: Json) -> Got {
        self.call("POST", path, &[("authorization", &self.bearer(name))], Some(body)).await
    }

    pub(crate) async fn delete(&self, name: &str, path: &str) -> Got {
        self.call("DELETE", path, &[("authorization", &self.bearer(name))], None).await
    }

    pub(crate) fn bearer(&self, name: &str) -> String {
        format!("Bearer {}", self.people[name].session)
    }

    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Json>,
    ) -> Got {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap()).await
    }

    /// Sends it; what comes back, and what was taken, must be as the API's description says.
    pub(crate) async fn send(&self, request: Request<Body>) -> Got {
        let (head, body) = request.into_parts();
        let sent = body.collect().await.unwrap().to_bytes();
        let (method, uri) = (head.method.clone(), head.uri.clone());
        let response = self.open(Request::from_parts(head, Body::from(sent.clone()))).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or_default();
        let got = Got { status: parts.status.as_u16(), headers: parts.headers, text, body };
        if let Some(path) = parts.extensions.get::<MatchedPath>() {
            got.must_be_described(&method, &uri, path.as_str(), &sent);
        }
        got
    }

    /// An answer whose body is still to come.
    pub(crate) async fn open(&self, mut request: Request<Body>) -> axum::response::Response {
        if request.extensions().get::<Peer>().is_none() {
            let peer: SocketAddr = "192.0.2.7:4711".parse().unwrap();
            request.extensions_mut().insert(Peer(peer));
        }
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// How many events of a kind there are.
    pub(crate) fn count(&self, kind: &str) -> usize {
        self.kinds().iter().filter(|found| *found == kind).count()
    }

    pub(crate) fn kinds(&self) -> Vec<String> {
        self.kinds_since(0)
    }

    pub(crate) fn kinds_since(&self, seq: u64) -> Vec<String> {
        let size = usize::try_from(self.engine.state().next_seq - seq).unwrap();
        let entries = self.engine.reader().entries(seq, size).unwrap();
        let events =
            entries.iter().map(|entry| countersign_core::event::wire::from_bytes(&entry.bytes).unwrap());
        events.map(|event| event.body.kind().to_owned()).collect()
    }
}

impl Got {
    fn must_be_described(&self, method: &Method, uri: &Uri, path: &str, sent: &[u8]) {
        let what = format!("{method} {uri}");
        let kind = self.headers.get("content-type").map_or("", |kind| kind.to_str().unwrap());
        if kind == "application/problem+json" {
            let problem = json!({ "$ref": "#/components/schemas/Problem" });
            return shape::must(&problem, &self.body, &what);
        }
        let operation = shape::operation(method.as_str(), path);
        let answer = &operation["responses"][self.status.to_string()];
        if *method == Method::HEAD || self.status == 304 {
            return;
        }
        assert!(answer.is_object(), "{what}: {} is not described", self.status);
        if kind == "application/json" {
            shape::must(&answer["content"][kind]["schema"], &self.body, &what);
        }
        for line in self.text.lines().filter(|_| path.ends_with("/output")) {
            let item = &answer["content"]["application/x-ndjson"]["x-item-schema"];
            shape::must(item, &serde_json::from_str(line).unwrap(), &what);
        }
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        if body.is_object() {
            shape::must(body, &serde_json::from_slice(sent).unwrap(), &format!("the body of {what}"));
        }
        let known: Vec<&str> = operation["parameters"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["name"].as_str().unwrap())
            .collect();
        for name in
            uri.query().into_iter().flat_map(|query| query.split('&')).filter(|_| path.starts_with("/api"))
        {
            assert!(known.contains(&name.split('=').next().unwrap()), "{what}: {name} is not described");
        }
    }

    /// It went well.
    pub(crate) fn ok(self) -> Self {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text);
        self
    }

    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// What two answers must share to tell nothing apart.
    pub(crate) fn told(&self) -> (u16, String, String) {
        let text = |name: &str| self.body[name].as_str().unwrap_or_default().to_owned();
        (self.status, text("code"), text("detail"))
    }
}

pub(crate) fn initialize() -> Command {
    Command::Initialize(Initialize {
        organization: "Fabrikam".to_owned(),
        ledger: "fabrikam".to_owned(),
        zone: "Europe/Berlin".to_owned(),
        administrator: NewPerson {
            upn: upn("ada"),
            display_name: "ada".to_owned(),
            mail: "ada@fabrikam.example".to_owned(),
        },
        secret: sha256(b"replaced"),
    })
}

pub(crate) fn task(name: &str) -> TaskDefinition {
    let Json::Object(definition) = json!({"program": "/bin/sleep", "arguments": ["0"]}) else {
        unreachable!()
    };
    let definition = Definition::new(definition).unwrap();
    let mut task = TaskDefinition::new(name.parse().unwrap(), "process", definition);
    task.parameters = vec![ParameterSpec::new("Note".parse().unwrap(), ParameterKind::text(200))];
    let Json::Object(preview) = json!({"program": "/bin/sleep", "arguments": ["0"]}) else { unreachable!() };
    task.preview = Some(Preview::Definition(Definition::new(preview).unwrap()));
    task
}
