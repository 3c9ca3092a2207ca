//! G20: what every route leaves in the ledger: each change, refusal, audit read and output download exactly the events
//! it should, and everything else nothing.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use countersign_core::actor::Principal;
use countersign_core::command::Command;
use countersign_core::execution::Outcome;
use countersign_core::time::Span;
use countersign_engine::Submission;
use countersign_server::ALL;
use serde_json::{Value as Json, json};

use crate::world::{Got, World, password, upn};

/// Routes that leave nothing and are walked elsewhere, with the reason.
const ELSEWHERE: [(&str, &str); 2] = [
    ("GET /api/v1/events", "a stream has no end: it shows what others recorded; `streams` reads it"),
    (
        "POST /api/v1/organization/accept-restore",
        "only a restored copy takes it, and records nothing else until then; the engine's tests of restoring do",
    ),
];

struct Walk {
    world: World,
    walked: BTreeSet<String>,
    at: usize,
    /// What was otherwise than it should be, all of it.
    faults: Vec<String>,
}

impl Walk {
    fn new(world: World) -> Self {
        let at = world.kinds().len();
        Self { world, walked: BTreeSet::new(), at, faults: Vec::new() }
    }

    /// Forgets what was done to set a case up.
    fn mark(&mut self) {
        self.at = self.world.kinds().len();
    }

    /// That the call of this route, which answered so, left these events since the last mark.
    fn left(&mut self, route: &str, got: &Got, status: u16, events: &[&str]) {
        let kinds = self.world.kinds();
        if got.status != status || kinds[self.at..] != *events {
            let (is, left) = (got.status, &kinds[self.at..]);
            self.faults
                .push(format!("{route}: {is}, not {status}; left {left:?}, not {events:?}: {}", got.text));
        }
        self.at = kinds.len();
        if status < 400 {
            self.walked.insert(route.to_owned());
        }
    }

    async fn get(&mut self, name: &str, route: &str, path: &str, events: &[&str]) -> Got {
        let got = self.world.get(name, path).await;
        self.left(&format!("GET {route}"), &got, 200, events);
        got
    }

    async fn post(
        &mut self,
        name: &str,
        route: &str,
        path: &str,
        body: Json,
        status: u16,
        events: &[&str],
    ) -> Got {
        let got = self.world.post(name, path, body).await;
        self.left(&format!("POST {route}"), &got, status, events);
        got
    }

    /// Refusals beyond twenty within a minute are counted instead.
    fn pause(&self) {
        self.world.clock.advance(Span::from_mins(2));
    }
}

fn text(got: &Got, name: &str) -> String {
    got.body[name].as_str().unwrap_or_else(|| panic!("{name}: {}", got.text)).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn g20_every_route_leaves_exactly_what_it_should() {
    let mut walk =
        Walk::new(World::enabled_with(|config| config.runner = Some("/nowhere/runner.sock".into())).await);
    reading(&mut walk).await;
    asking(&mut walk).await;
    running(&mut walk).await;
    audit(&mut walk).await;
    credentials(&mut walk).await;
    clock(&mut walk).await;
    for route in ALL {
        let name = format!("{} {}", route.method.as_str(), route.path);
        let elsewhere = ELSEWHERE.iter().any(|(known, _)| *known == name);
        assert!(elsewhere || walk.walked.contains(&name), "{name} is not walked");
        assert!(!route.reason.is_empty(), "{name} says no reason");
    }
    assert!(walk.faults.is_empty(), "{:#?}", walk.faults);
}

/// Lists, health and one's own: nothing.
async fn reading(walk: &mut Walk) {
    for path in ["/healthz", "/readyz", "/metrics", "/api/v1/openapi.json", "/"] {
        let got = walk.world.call("GET", path, &[], None).await;
        // Without a runner it is not ready, without a build there are no pages, and figures are for loopback.
        let status = got.status;
        assert!(matches!(status, 200 | 404 | 503), "{path}: {}", got.text);
        let name = format!("GET {path}");
        walk.left(&name, &got, status, &[]);
        walk.walked.insert(name);
    }
    let page = walk.world.call("GET", "/requests", &[], None).await;
    walk.left("GET /{*page}", &page, page.status, &[]);
    walk.walked.insert("GET /{*page}".to_owned());
    for path in ["/api/v1/ledger/vkey", "/api/v1/ledger/checkpoint"] {
        walk.get("cora", path, path, &[]).await;
    }
    for path in [
        "sessions",
        "sessions/current",
        "me",
        "tokens",
        "organization",
        "organization/system-accounts",
        "overview",
        "tasks",
        "roles",
        "role-groups",
        "runspaces",
        "groups",
        "people",
        "policies",
        "requests",
        "authorizations",
        "executions",
    ] {
        let path = format!("/api/v1/{path}");
        walk.get("ada", &path, &path, &[]).await;
    }
    walk.get("ada", "/api/v1/tasks/{workload}/{name}", "/api/v1/tasks/Host/Sleep", &[]).await;
    walk.get("ada", "/api/v1/tasks/{workload}/{name}/who-could", "/api/v1/tasks/Host/Sleep/who-could", &[])
        .await;
    for (noun, place) in [("groups", "id"), ("policies", "id"), ("people", "id")] {
        let list = walk.world.get("ada", &format!("/api/v1/{noun}")).await.ok();
        let id = list.body["items"][0][place].as_str().unwrap().to_owned();
        walk.get("ada", &format!("/api/v1/{noun}/{{id}}"), &format!("/api/v1/{noun}/{id}"), &[]).await;
    }
    walk.get("cora", "/api/v1/ledger/proof/{seq}", "/api/v1/ledger/proof/3", &[]).await;
    let size = walk.world.kinds().len();
    let tile = format!("/api/v1/ledger/tile/0/000.p/{}", size % 256);
    let got = walk.world.call("GET", &tile, &[("authorization", &walk.world.bearer("cora"))], None).await;
    let status = got.status;
    walk.left("GET /api/v1/ledger/tile/{*path}", &got, status, &[]);
    assert_eq!(status, 200, "{tile}: {}", got.text);
    walk.get("ada", "/api/v1/tasks/{workload}/{name}/versions", "/api/v1/tasks/Host/Sleep/versions", &[])
        .await;
    let test = "/api/v1/organization/test-mail";
    walk.post("ada", test, test, json!({}), 200, &[]).await;
    let tried =
        json!({"task": "Countersign\\New-ElevatedAccessApprovalPolicy", "values": {"Task": "Host\\Look"}});
    walk.post("ada", "/api/v1/policies/try", "/api/v1/policies/try", tried, 200, &[]).await;
    let supposed = json!({"task": "Host\\Sleep", "values": {"Note": "blue"}});
    walk.post("rita", "/api/v1/explain", "/api/v1/explain", supposed, 200, &[]).await;
}

/// Requests and what is decided on them.
async fn asking(walk: &mut Walk) {
    const NEW: &str = "/api/v1/requests";
    let of = |number: &str, what: &str| format!("/api/v1/requests/{number}/{what}");
    let route = |what: &str| format!("/api/v1/requests/{{number}}/{what}");
    let ask = |note: &str| {
        json!({
            "target": {"type": "Task", "name": "Host\\Sleep"}, "constraints": {"Note": {"equals": note}},
            "reason": "the disk is full",
        })
    };
    let got = walk.post("rita", NEW, NEW, ask("a"), 201, &["RequestSubmitted"]).await;
    let number = text(&got, "number");
    walk.post("sam", NEW, NEW, ask("a"), 403, &["Refused"]).await;
    walk.post("sam", NEW, NEW, json!({"reason": 5}), 422, &[]).await;
    let shown = walk.get("bob", "/api/v1/requests/{number}", &format!("{NEW}/{number}"), &[]).await;
    let statement = text(&shown, "statement");
    let say = json!({"text": "which disk?"});
    walk.post("bob", &route("question"), &of(&number, "question"), say.clone(), 200, &["QuestionAsked"])
        .await;
    walk.post("rita", &route("answer"), &of(&number, "answer"), say.clone(), 200, &["QuestionAnswered"])
        .await;
    let vote = json!({"statement": statement, "comment": "seen"});
    let approved = ["VoteCast", "AuthorizationGranted"];
    walk.post("bob", &route("approve"), &of(&number, "approve"), vote.clone(), 200, &approved).await;
    walk.get("rita", "/api/v1/authorizations/{number}", &format!("/api/v1/authorizations/{number}"), &[])
        .await;
    walk.pause();
    walk.mark();
    for (what, body) in [
        ("question", say.clone()),
        ("answer", say),
        ("approve", vote.clone()),
        ("deny", vote),
        ("cancel", json!({})),
    ] {
        let refused = walk.world.post("sam", &of(&number, what), body).await;
        assert!(refused.status >= 400, "{what}: {}", refused.text);
        walk.left(&format!("POST {}", route(what)), &refused, refused.status, &["Refused"]);
    }
    let back = "/api/v1/authorizations/{number}/give-back";
    walk.post(
        "sam",
        back,
        &format!("/api/v1/authorizations/{number}/give-back"),
        json!({}),
        404,
        &["Refused"],
    )
    .await;
    walk.post(
        "rita",
        back,
        &format!("/api/v1/authorizations/{number}/give-back"),
        json!({}),
        200,
        &["AuthorizationEnded"],
    )
    .await;

    let number = walk.world.ask("rita", "Host\\Sleep", json!({"Note": {"equals": "b"}})).await;
    let shown = walk.world.get("bob", &format!("{NEW}/{number}")).await.ok();
    walk.mark();
    let denial = json!({"statement": text(&shown, "statement"), "comment": "no"});
    walk.post("bob", &route("deny"), &of(&number, "deny"), denial, 200, &["RequestEnded"]).await;
    let number = walk.world.ask("rita", "Host\\Sleep", json!({"Note": {"equals": "c"}})).await;
    walk.mark();
    walk.post("rita", &route("cancel"), &of(&number, "cancel"), json!({}), 200, &["RequestEnded"]).await;
    let number = walk.world.authorized().await;
    walk.mark();
    let revoke = format!("/api/v1/authorizations/{number}/revoke");
    let comment = json!({"comment": "no longer"});
    let route = "/api/v1/authorizations/{number}/revoke";
    walk.post("sam", route, &revoke, comment.clone(), 404, &["Refused"]).await;
    walk.post("bob", route, &revoke, comment, 200, &["AuthorizationEnded"]).await;
}

/// Runs, files and output.
async fn running(walk: &mut Walk) {
    const NEW: &str = "/api/v1/executions";
    let request = Request::post("/api/v1/blobs")
        .header("authorization", walk.world.bearer("rita"))
        .header("content-type", "text/plain")
        .body(Body::from("select 1;"))
        .unwrap();
    walk.mark();
    let got = walk.world.send(request).await;
    walk.left("POST /api/v1/blobs", &got, 201, &[]);
    let own = json!({"task": "Countersign\\Get-OrganizationConfig", "values": {}});
    walk.post("ada", NEW, NEW, own, 200, &["ExecutionStarted", "ExecutionFinished"]).await;
    let look = json!({"task": "Host\\Look", "values": {"Note": "x"}});
    walk.post("sam", NEW, NEW, look.clone(), 403, &["Refused"]).await;
    // No runner is there: it waits for one, for as long as the clock stands still.
    let got = walk.post("rita", NEW, NEW, look.clone(), 202, &["ExecutionStarted"]).await;
    let id = text(&got, "execution");
    walk.get("rita", "/api/v1/executions/{id}", &format!("{NEW}/{id}"), &[]).await;
    let output = format!("{NEW}/{id}/output");
    let route = "/api/v1/executions/{id}/output";
    walk.get("rita", route, &output, &[]).await;
    walk.get("cora", route, &output, &["AuditWasRead"]).await;
    let refused = walk.world.get("sam", &output).await;
    walk.left(&format!("GET {route}"), &refused, 403, &["Refused"]);
    let again = walk.world.get("cora", &output).await;
    walk.left(&format!("GET {route}"), &again, 200, &["AuditWasRead"]);
    let of = |id: &str, what: &str| format!("{NEW}/{id}/{what}");
    let stop = "/api/v1/executions/{id}/stop";
    walk.post("sam", stop, &of(&id, "stop"), json!({}), 404, &["Refused"]).await;
    walk.post("rita", stop, &of(&id, "stop"), json!({}), 200, &["StopRequested"]).await;
    // That it never began is recorded when its order comes up again.
    for _ in 0..400 {
        if walk.world.kinds().len() > walk.at {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let got = walk.world.post("rita", NEW, look).await.ok();
    let id = text(&got, "execution");
    let outcome = Outcome::Unknown { reason: "nobody knows".to_owned() };
    let lost = Command::Finish { execution: id.parse().unwrap(), outcome, output: None };
    let lost = Submission::new(Principal::system(), lost);
    walk.world.engine.submit(lost).await.unwrap().reply.unwrap();
    walk.mark();
    let acknowledge = "/api/v1/executions/{id}/acknowledge";
    walk.post("sam", acknowledge, &of(&id, "acknowledge"), json!({}), 404, &["Refused"]).await;
    walk.post("rita", acknowledge, &of(&id, "acknowledge"), json!({}), 200, &["ExecutionAcknowledged"]).await;
}

/// Searches, exports and single entries.
async fn audit(walk: &mut Walk) {
    for (route, path) in [
        ("/api/v1/audit/events", "/api/v1/audit/events?text=disk"),
        ("/api/v1/audit/events/{seq}", "/api/v1/audit/events/4"),
        ("/api/v1/audit/export", "/api/v1/audit/export?text=sleep"),
        ("/api/v1/audit/histogram", "/api/v1/audit/histogram?text=look"),
    ] {
        walk.pause();
        walk.mark();
        let refused = walk.world.get("sam", path).await;
        walk.left(&format!("GET {route}"), &refused, 403, &["Refused"]);
        walk.get("cora", route, path, &["AuditWasRead"]).await;
    }
}

/// Sign-ins, credentials, tokens, links.
async fn credentials(walk: &mut Walk) {
    const SESSIONS: &str = "/api/v1/sessions";
    walk.pause();
    let code = walk.world.code("sam");
    walk.mark();
    let got = walk.world.sign_in("sam", Some(&code)).await;
    walk.left(&format!("POST {SESSIONS}"), &got, 200, &["SignedIn"]);
    walk.world.people.get_mut("sam").unwrap().session = text(&got, "session");
    let wrong = json!({"upn": upn("sam"), "password": "not this one at all"});
    let got = walk.world.call("POST", "/api/v1/sessions?bearer=true", &[], Some(wrong)).await;
    walk.left(&format!("POST {SESSIONS}"), &got, 401, &["SignInFailed"]);
    let nobody = json!({"upn": "nobody@fabrikam.example", "password": "not this one at all"});
    let got = walk.world.call("POST", "/api/v1/sessions?bearer=true", &[], Some(nobody)).await;
    walk.left(&format!("POST {SESSIONS}"), &got, 401, &["SignInFailed"]);

    let token = json!({"label": "x", "scopes": ["read"], "days": 1});
    let got = walk.post("sam", "/api/v1/tokens", "/api/v1/tokens", token, 201, &["TokenIssued"]).await;
    let path = format!("/api/v1/tokens/{}", text(&got, "id"));
    let refused = walk.world.delete("rita", &path).await;
    walk.left("DELETE /api/v1/tokens/{id}", &refused, 404, &["Refused"]);
    let got = walk.world.delete("sam", &path).await;
    walk.left("DELETE /api/v1/tokens/{id}", &got, 204, &["TokenRevoked"]);

    walk.pause();
    let code = json!({"code": walk.world.code("sam")});
    walk.mark();
    let route = "/api/v1/sessions/current/second-factor";
    let got = walk.post("sam", route, route, code, 200, &["SignedIn"]).await;
    walk.world.people.get_mut("sam").unwrap().session = text(&got, "session");

    let code = json!({"code": walk.world.code("sam")});
    walk.mark();
    let route = "/api/v1/me/second-factor/remove";
    let got = walk.post("sam", route, route, code, 200, &["CredentialRemoved", "CredentialRemoved"]).await;
    if let Some(session) = got.body["session"].as_str() {
        walk.world.people.get_mut("sam").unwrap().session = session.to_owned();
    }
    let route = "/api/v1/me/second-factor/enroll";
    let got = walk.post("sam", route, route, json!({}), 200, &[]).await;
    let bytes = countersign_identity::base32::decode(
        got.body["secret_base32"].as_str().unwrap(),
        countersign_identity::base32::RFC4648,
    );
    let secret = countersign_identity::totp::Secret::from_entropy(bytes.unwrap().try_into().unwrap());
    walk.world.people.get_mut("sam").unwrap().secret = secret;
    let code = json!({"code": walk.world.code("sam")});
    walk.mark();
    let route = "/api/v1/me/second-factor/confirm";
    let got = walk.post("sam", route, route, code, 200, &["CredentialSet", "CredentialSet"]).await;
    walk.world.people.get_mut("sam").unwrap().session = text(&got, "session");
    let new = json!({"current": password("sam"), "new": "orange ladder 4417 moss"});
    let route = "/api/v1/me/password";
    let got = walk.post("sam", route, route, new, 200, &["CredentialSet"]).await;
    walk.world.people.get_mut("sam").unwrap().session = text(&got, "session");

    let list = walk.world.get("sam", SESSIONS).await.ok();
    let id = list.body["items"][0]["id"].as_str().unwrap().to_owned();
    walk.mark();
    let got = walk.world.delete("rita", &format!("{SESSIONS}/{id}")).await;
    walk.left("DELETE /api/v1/sessions/{id}", &got, 404, &[]);
    walk.world.again("rita").await;
    let list = walk.world.get("rita", SESSIONS).await.ok();
    let other =
        list.body["items"].as_array().unwrap().iter().find(|session| session["current"] != true).unwrap();
    let path = format!("{SESSIONS}/{}", other["id"].as_str().unwrap());
    walk.mark();
    let got = walk.world.delete("rita", &path).await;
    walk.left("DELETE /api/v1/sessions/{id}", &got, 204, &[]);
    let got = walk.world.delete("rita", "/api/v1/sessions/current").await;
    walk.left("DELETE /api/v1/sessions/current", &got, 204, &[]);

    let values = json!({"Identity": walk.world.people["sam"].id, "LinkDelivery": "PrintForRequester"});
    let made = walk.world.act("Reset-UserCredential", values).await;
    let redeem = json!({"link": made["link"], "password": "violet tugboat 55 lamp"});
    walk.mark();
    let route = "POST /api/v1/invitations/redeem";
    let got = walk.world.call("POST", "/api/v1/invitations/redeem", &[], Some(redeem.clone())).await;
    let left = ["InvitationUsed", "CredentialRemoved", "CredentialRemoved", "CredentialSet"];
    walk.left(route, &got, 200, &left);
    let got = walk.world.call("POST", "/api/v1/invitations/redeem", &[], Some(redeem)).await;
    walk.left(route, &got, 404, &[]);
}

/// Accepting a clock.
async fn clock(walk: &mut Walk) {
    for name in ["ada", "bob"] {
        walk.world.again(name).await;
    }
    let route = "/api/v1/organization/accept-clock";
    walk.mark();
    walk.post("ada", route, route, json!({}), 409, &["Refused"]).await;
    let stated = walk.world.engine.now();
    let suspect = Submission::new(Principal::system(), Command::SuspectClock { stated });
    walk.world.engine.submit(suspect).await.unwrap().reply.unwrap();
    walk.mark();
    walk.post("sam", route, route, json!({}), 401, &[]).await;
    walk.post("ada", route, route, json!({}), 200, &["ClockVouched"]).await;
    walk.post("bob", route, route, json!({}), 200, &["ClockVouched", "ClockAccepted"]).await;
}
