//! The calls of each case, and what has to be there before them.

use countersign_core::actor::Principal;
use countersign_core::command::Command;
use countersign_core::execution::Outcome;
use countersign_core::time::Span;
use countersign_engine::Submission;
use countersign_identity::base32::{RFC4648, decode};
use countersign_identity::totp::Secret;
use serde_json::{Value as Json, json};

use super::table::Row;
use crate::world::{Got, World, password, upn};

/// One call.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// Whose session; nobody's if empty.
    pub(crate) who: &'static str,
    pub(crate) path: String,
    pub(crate) sent: Sent,
    /// Whether it comes from this machine.
    pub(crate) loopback: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum Sent {
    Nothing,
    Json(Json),
    Bytes(&'static str),
    /// Nothing; and what comes back has no end.
    Stream,
}

/// The calls of a case.
pub(crate) struct Case {
    pub(crate) right: Call,
    pub(crate) wrong: Option<Call>,
}

const API: &str = "/api/v1";
const WRONG: &str = "not this one at all";

fn call(who: &'static str, path: impl Into<String>, sent: Sent) -> Call {
    Call { who, path: path.into(), sent, loopback: false }
}

/// The same call by somebody else.
fn both(right: &'static str, wrong: &'static str, path: impl Into<String>, sent: Sent) -> Case {
    let right = call(right, path, sent);
    let wrong = Some(Call { who: wrong, ..right.clone() });
    Case { right, wrong }
}

fn alone(who: &'static str, path: impl Into<String>, sent: Sent) -> Case {
    Case { right: call(who, path, sent), wrong: None }
}

/// The same call with something else in it.
fn either(who: &'static str, path: impl Into<String>, right: Json, wrong: Json) -> Case {
    let right = call(who, path, Sent::Json(right));
    let wrong = Some(Call { sent: Sent::Json(wrong), ..right.clone() });
    Case { right, wrong }
}

fn text(got: &Got, name: &str) -> String {
    got.body[name].as_str().unwrap_or_else(|| panic!("{name}: {}", got.text)).to_owned()
}

/// Brings about what the case needs.
pub(crate) async fn prepare(world: &mut World, row: &Row) -> Case {
    let (method, path) = row.route.split_once(' ').unwrap();
    let nothing = || Sent::Nothing;
    if row.case.is_empty() {
        match (method, path) {
            ("GET", "/metrics") => {
                let far = call("", path, nothing());
                return Case { right: Call { loopback: true, ..far.clone() }, wrong: Some(far) };
            }
            ("GET", "/{*page}") => return alone("", "/requests", nothing()),
            ("GET", "/api/v1/ledger/checkpoint" | "/api/v1/ledger/vkey") => {
                return alone("sam", path, nothing());
            }
            ("GET", "/api/v1/events") => return alone("rita", path, Sent::Stream),
            ("GET", "/api/v1/overview" | "/api/v1/organization/system-accounts" | "/api/v1/runspaces") => {
                return both("ada", "sam", path, nothing());
            }
            ("GET", path) if !path.starts_with(API) || path.ends_with("/openapi.json") => {
                return alone("", path, nothing());
            }
            ("GET", path) if !path.contains('{') && !path.starts_with("/api/v1/audit") => {
                return alone("rita", path, nothing());
            }
            _ => {}
        }
    }
    let noun = path.strip_prefix("/api/v1/").unwrap().split('/').next().unwrap();
    match noun {
        "sessions" => sessions(world, method, path, row.case).await,
        "invitations" => redeem(world, row.case).await,
        "me" => me(world, path).await,
        "tokens" => tokens(world, method).await,
        "organization" => organization(world, path, row.case).await,
        "requests" => requests(world, path, row.case).await,
        "authorizations" => authorizations(world, method, path).await,
        "executions" => executions(world, method, path, row.case).await,
        "audit" | "ledger" => recorded(world, path, row.case).await,
        "blobs" => alone("rita", path, Sent::Bytes("select 1;")),
        "tasks" => {
            let who = if path.ends_with("{name}") { "rita" } else { "ada" };
            both(who, "sam", path.replace("{workload}/{name}", "Host/Sleep"), nothing())
        }
        "explain" => {
            both("rita", "sam", path, Sent::Json(json!({"task": "Host\\Sleep", "values": {"Note": "blue"}})))
        }
        "policies" if method == "POST" => {
            let values = json!({"Task": "Host\\Look"});
            let task = "Countersign\\New-ElevatedAccessApprovalPolicy";
            both("ada", "sam", path, Sent::Json(json!({"task": task, "values": values})))
        }
        "groups" | "people" | "policies" => {
            let list = world.get("ada", &format!("{API}/{noun}")).await.ok();
            let id = match noun {
                "people" => world.people["rita"].id.to_string(),
                _ => list.body["items"][0]["id"].as_str().unwrap().to_owned(),
            };
            both("ada", "sam", path.replace("{id}", &id), nothing())
        }
        _ => panic!("{} {}: nobody has thought about how to call it", row.route, row.case),
    }
}

async fn sessions(world: &mut World, method: &str, path: &str, case: &str) -> Case {
    let begin =
        |password: &str, code: Option<&str>| json!({"upn": upn("sam"), "password": password, "code": code});
    let right = password("sam");
    match (method, path, case) {
        ("POST", "/api/v1/sessions", "recovery code") => {
            let code = world.people.get_mut("sam").unwrap().recovery.remove(0);
            either("", path, begin(&right, Some(&code)), begin(&right, Some("AAAA-AAAA-AAAA")))
        }
        ("POST", "/api/v1/sessions", "password alone") => {
            either("", path, begin(&right, None), begin(WRONG, None))
        }
        ("POST", "/api/v1/sessions", _) => {
            either("", path, begin(&right, Some(&world.code("sam"))), begin(WRONG, None))
        }
        ("POST", ..) => either("sam", path, json!({"code": world.code("sam")}), json!({"code": "000000"})),
        ("DELETE", "/api/v1/sessions/current", _) => alone("rita", path, Sent::Nothing),
        _ => {
            world.again("rita").await;
            let list = world.get("rita", &format!("{API}/sessions")).await.ok();
            let mut all = list.body["items"].as_array().unwrap().iter();
            let other = all.find(|session| session["current"] != true).unwrap()["id"].clone();
            both("rita", "sam", path.replace("{id}", other.as_str().unwrap()), Sent::Nothing)
        }
    }
}

/// A new person's link, handed over by who made it.
async fn invited(world: &World, name: &str) -> String {
    let values = json!({
        "UserPrincipalName": upn(name), "DisplayName": name, "LinkDelivery": "PrintForRequester",
    });
    world.act("New-User", values).await["link"].as_str().unwrap().to_owned()
}

/// A new person with a second factor.
async fn newcomer(world: &mut World, name: &str) -> String {
    let link = invited(world, name).await;
    world.welcome(name, &link).await;
    link
}

async fn redeem(world: &mut World, case: &str) -> Case {
    let path = "/api/v1/invitations/redeem";
    let redeem = |link: &str| json!({"link": link, "password": password("new")});
    if case != "reset" {
        let link = invited(world, "dora").await;
        return either("", path, redeem(&link), redeem("no link"));
    }
    let used = newcomer(world, "drew").await;
    let token = json!({"label": "x", "scopes": ["read"], "days": 1});
    world.post("drew", "/api/v1/tokens", token).await.ok();
    let values = json!({"Identity": world.people["drew"].id, "LinkDelivery": "PrintForRequester"});
    let made = world.act("Reset-UserCredential", values).await;
    either("", path, redeem(made["link"].as_str().unwrap()), redeem(&used))
}

async fn me(world: &mut World, path: &str) -> Case {
    match path.rsplit('/').next().unwrap() {
        "password" => {
            newcomer(world, "erin").await;
            let change = |current: &str| json!({"current": current, "new": "orange ladder 4417 moss"});
            either("erin", path, change(&password("erin")), change(WRONG))
        }
        "enroll" => {
            // By then sam has been signed in for more than fifteen minutes, and nobody for half an hour.
            for name in ["ada", "bob", "sam"] {
                world.again(name).await;
            }
            world.clock.advance(Span::from_mins(16));
            newcomer(world, "finn").await;
            both("finn", "sam", path, Sent::Nothing)
        }
        "confirm" => {
            newcomer(world, "gail").await;
            let got = world.post("gail", "/api/v1/me/second-factor/enroll", json!({})).await.ok();
            let bytes = decode(&text(&got, "secret_base32"), RFC4648).unwrap();
            world.people.get_mut("gail").unwrap().secret = Secret::from_entropy(bytes.try_into().unwrap());
            either("gail", path, json!({"code": world.code("gail")}), json!({"code": "000000"}))
        }
        _ => {
            newcomer(world, "hugo").await;
            either("hugo", path, json!({"code": world.code("hugo")}), json!({"code": "000000"}))
        }
    }
}

async fn tokens(world: &World, method: &str) -> Case {
    let path = "/api/v1/tokens";
    let new =
        |account: Option<String>| json!({"label": "x", "scopes": ["read"], "days": 1, "account": account});
    if method == "POST" {
        return either("sam", path, new(None), new(Some(world.people["rita"].id.to_string())));
    }
    let made = world.post("sam", path, new(None)).await.ok();
    both("sam", "rita", format!("{path}/{}", text(&made, "id")), Sent::Nothing)
}

async fn organization(world: &World, path: &str, case: &str) -> Case {
    if path.ends_with("accept-clock") {
        let suspect = Command::SuspectClock { stated: world.engine.now() };
        submit(world, suspect).await;
        if case == "second word" {
            world.post("bob", path, json!({})).await.ok();
        }
    }
    both("ada", "sam", path, Sent::Nothing)
}

async fn requests(world: &World, path: &str, case: &str) -> Case {
    let new = json!({
        "target": {"type": "Task", "name": "Host\\Sleep"}, "constraints": {"Note": {"equals": "blue"}},
        "reason": "the disk is full",
    });
    if !path.contains('{') {
        return both("rita", "sam", path, Sent::Json(new));
    }
    if path.contains("/files/") {
        crate::blobs::add_a_file_task(world).await;
        let (number, _) = crate::files::asked(world).await;
        return both("bob", "sam", crate::files::path(&number, crate::files::HOSTILE), Sent::Nothing);
    }
    let number = world.ask("rita", "Host\\Sleep", json!({"Note": {"equals": "blue"}})).await;
    let shown = world.get("bob", &format!("{API}/requests/{number}")).await.ok();
    let statement = text(&shown, "statement");
    let path = path.replace("{number}", &number);
    let decision = json!({"statement": statement, "comment": "seen"});
    match path.rsplit('/').next().unwrap() {
        "preview" => both("rita", "sam", path, Sent::Json(json!({"statement": statement}))),
        "approve" if case == "for less" => {
            let less = json!({"statement": statement, "comment": "", "less": {"duration_secs": 600}});
            both("bob", "sam", path, Sent::Json(less))
        }
        "approve" if case == "one's own" => both("bob", "rita", path, Sent::Json(decision)),
        "approve" | "deny" => both("bob", "sam", path, Sent::Json(decision)),
        "cancel" => both("rita", "sam", path, Sent::Nothing),
        "question" => both("bob", "sam", path, Sent::Json(json!({"text": "which disk?"}))),
        "answer" => both("rita", "sam", path, Sent::Json(json!({"text": "the first"}))),
        _ => both("bob", "sam", path, Sent::Nothing),
    }
}

async fn authorizations(world: &World, method: &str, path: &str) -> Case {
    let number = world.authorized().await;
    let path = path.replace("{number}", &number);
    if path.ends_with("revoke") {
        return both("bob", "sam", path, Sent::Json(json!({"comment": "no longer"})));
    }
    assert!(method == "GET" || path.ends_with("give-back"));
    both("rita", "sam", path, Sent::Nothing)
}

async fn executions(world: &World, method: &str, path: &str, case: &str) -> Case {
    let look = json!({"task": "Host\\Look", "values": {"Note": "x"}});
    if method == "POST" && !path.contains('{') {
        let own = json!({"task": "Countersign\\Get-OrganizationConfig", "values": {}});
        return match case {
            "" => both("rita", "sam", path, Sent::Json(look)),
            _ => both("ada", "sam", path, Sent::Json(own)),
        };
    }
    if case == "none" {
        let zeros = format!("x-{}", "0".repeat(32));
        return both("cora", "sam", path.replace("{id}", &zeros), Sent::Nothing);
    }
    // No runner is there: the order waits for one, for as long as the clock stands still.
    let id = text(&world.post("rita", &format!("{API}/executions"), look).await.ok(), "execution");
    if path.ends_with("acknowledge") {
        let outcome = Outcome::Unknown { reason: "nobody knows".to_owned() };
        submit(world, Command::Finish { execution: id.parse().unwrap(), outcome, output: None }).await;
    }
    let who = if case == "another's" { "cora" } else { "rita" };
    both(who, "sam", path.replace("{id}", &id), Sent::Nothing)
}

async fn recorded(world: &World, path: &str, case: &str) -> Case {
    let path = match (path, case) {
        ("/api/v1/audit/events/{seq}", "") => path.replace("{seq}", "4"),
        ("/api/v1/audit/events/{seq}", _) => {
            world.authorized().await;
            let seq = world.kinds().iter().rposition(|kind| kind == "VoteCast").unwrap();
            path.replace("{seq}", &seq.to_string())
        }
        ("/api/v1/audit/events", _) => format!("{path}?text=disk"),
        ("/api/v1/audit/export", _) => format!("{path}?text=sleep"),
        ("/api/v1/audit/histogram", _) => format!("{path}?text=look"),
        ("/api/v1/ledger/tile/{*path}", "") => {
            return alone("sam", path.replace("{*path}", "0/000.p/1"), Sent::Nothing);
        }
        ("/api/v1/ledger/tile/{*path}", _) => path.replace("{*path}", "entries/000.p/1"),
        _ => path.replace("{seq}", "3"),
    };
    both("cora", "sam", path, Sent::Nothing)
}

async fn submit(world: &World, command: Command) {
    world.engine.submit(Submission::new(Principal::system(), command)).await.unwrap().reply.unwrap();
}
