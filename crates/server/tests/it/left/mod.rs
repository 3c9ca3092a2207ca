//! G20: what every route leaves in the ledger: each change, refusal, audit read and output download exactly the events
//! it should, and everything else nothing.

mod calls;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use countersign_core::actor::Principal;
use countersign_core::command::Command;
use countersign_core::time::{Instant, Span};
use countersign_engine::Submission;
use countersign_server::{ALL, Access, Content, Peer, Route};
use serde_json::{Value as Json, json};

use self::calls::{Call, Case, Sent};
use self::table::{Left, Row, TABLE, Wrong};
use crate::world::World;

/// All scopes of tokens.
const SCOPES: [&str; 4] = ["read", "request", "execute", "raise"];

struct Walk {
    world: World,
    /// Tokens by their owner and scopes.
    tokens: BTreeMap<(String, Vec<&'static str>), String>,
    /// When everybody signed in, unless that has to be done anew.
    signed_in: Option<Instant>,
    /// How many events there were before the call that is looked at.
    at: u64,
    /// What was otherwise than it should be, all of it.
    faults: Vec<String>,
}

#[test]
fn g20_every_route_has_a_row_and_every_row_a_route() {
    let routes: BTreeSet<String> = ALL.iter().map(|route| named(route)).collect();
    let rows: BTreeSet<String> = TABLE.iter().map(|row| row.route.to_owned()).collect();
    assert_eq!(routes.difference(&rows).collect::<Vec<_>>(), Vec::<&String>::new(), "no row");
    assert_eq!(rows.difference(&routes).collect::<Vec<_>>(), Vec::<&String>::new(), "no route");
    let cases: BTreeSet<_> = TABLE.iter().map(|row| (row.route, row.case)).collect();
    assert_eq!(cases.len(), TABLE.len(), "each case once");
    for route in ALL {
        assert!(!route.reason.is_empty(), "{} says no reason", named(route));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn g20_every_route_leaves_exactly_what_it_should() {
    let world = World::enabled_with(|config| config.runner = Some("/nowhere/runner.sock".into())).await;
    let mut walk = Walk { world, tokens: BTreeMap::new(), signed_in: None, at: 0, faults: Vec::new() };
    for row in TABLE {
        let route = ALL.iter().find(|route| named(route) == row.route).unwrap();
        walk.row(route, row).await;
    }
    assert!(walk.faults.is_empty(), "{:#?}", walk.faults);
}

#[tokio::test(flavor = "multi_thread")]
async fn g20_paging_and_narrowing_leave_nothing_for_ten_minutes() {
    let world = World::enabled().await;
    world.authorized().await;
    let read = async |path: &str| {
        let before = world.kinds().len();
        let got = world.get("cora", path).await.ok();
        (world.kinds()[before..].join(" "), got)
    };
    const READING: &str = "ExecutionStarted AuditWasRead ExecutionFinished";
    let search = "/api/v1/audit/events?text=sleep&limit=2";
    let (left, first) = read(search).await;
    assert_eq!(left, READING);
    let next = format!("{search}&cursor={}", first.body["next"].as_str().unwrap());
    let narrower = format!("{search}&kind=RequestSubmitted");
    for path in [search, &next, &narrower, "/api/v1/audit/histogram?text=sleep"] {
        assert_eq!(read(path).await.0, "", "{path}");
    }
    // To take all of it away is another act than to look at it.
    assert_eq!(read("/api/v1/audit/export?text=sleep").await.0, READING);
    assert_eq!(read("/api/v1/audit/events").await.0, READING, "wider");
    world.clock.advance(Span::from_mins(10));
    assert_eq!(read(&next).await.0, READING, "ten minutes later");
}

fn named(route: &Route) -> String {
    format!("{} {}", route.method.as_str(), route.path)
}

impl Walk {
    async fn row(&mut self, route: &Route, row: &Row) {
        self.quiet().await;
        self.sign_in().await;
        let case = calls::prepare(&mut self.world, row).await;
        let token = match too_little(route.access) {
            Some(scopes) => Some(self.token(case.right.who, scopes).await),
            None => None,
        };
        self.pass(Span::ZERO).await;
        self.mark();
        if route.access != Access::Public {
            self.held(row, "not signed in", Left(401, &[]), &case.right, None).await;
        }
        if let Some(token) = token {
            let bearer = format!("Bearer {token}");
            self.held(row, "a token of too little", Left(403, &["Refused"]), &case.right, Some(bearer)).await;
        }
        if matches!(route.body, Some(Content::Json(_))) {
            let sent = Sent::Json(json!({"nonsense": true}));
            let call = Call { sent, ..case.right.clone() };
            self.held(row, "malformed", Left(422, &[]), &call, self.bearer(&call)).await;
        }
        match (row.wrong, &case.wrong) {
            (Wrong::Is(left), Some(call)) => self.held(row, "wrong", left, call, self.bearer(call)).await,
            (Wrong::Nobody(reason), None) => assert!(!reason.is_empty()),
            (wrong, call) => panic!("{}: {wrong:?} and {call:?}", row.route),
        }
        let Case { right, .. } = case;
        self.held(row, "right", row.right, &right, self.bearer(&right)).await;
        if route.path.starts_with("/api/v1/sessions") {
            self.signed_in = None;
        }
    }

    /// Sessions that are not used end after half an hour.
    async fn sign_in(&mut self) {
        let now = self.world.engine.now();
        if self.signed_in.is_none_or(|at| now.since(at) > Span::from_mins(12)) {
            for name in ["ada", "bob", "rita", "cora", "sam"] {
                self.world.again(name).await;
            }
            self.signed_in = Some(self.world.engine.now());
        }
    }

    fn bearer(&self, call: &Call) -> Option<String> {
        (!call.who.is_empty()).then(|| self.world.bearer(call.who))
    }

    /// Makes the call, and looks at what it left.
    async fn held(&mut self, row: &Row, what: &str, expected: Left, call: &Call, bearer: Option<String>) {
        let (status, text) = self.send(row, call, bearer).await;
        let Left(expected, kinds) = expected;
        // Some of it is recorded behind the answer.
        for _ in 0..400 {
            if self.world.engine.state().next_seq >= self.at + kinds.len() as u64 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
        let left = self.world.kinds_since(self.at);
        if status != expected || left != kinds {
            let name = format!("{} {} ({what})", row.route, row.case);
            self.faults
                .push(format!("{name}: {status}, not {expected}; left {left:?}, not {kinds:?}: {text}"));
        }
        self.mark();
    }

    async fn send(&self, row: &Row, call: &Call, bearer: Option<String>) -> (u16, String) {
        let method = row.route.split(' ').next().unwrap();
        let mut request = Request::builder().method(method).uri(&call.path);
        if let Some(bearer) = bearer {
            request = request.header("authorization", bearer);
        }
        if call.loopback {
            request = request.extension(Peer("127.0.0.1:4711".parse().unwrap()));
        }
        let request = match &call.sent {
            Sent::Nothing | Sent::Stream => request.body(Body::empty()),
            Sent::Json(body) => {
                request.header("content-type", "application/json").body(Body::from(body.to_string()))
            }
            Sent::Bytes(bytes) => request.header("content-type", "text/plain").body(Body::from(*bytes)),
        };
        let request = request.unwrap();
        if matches!(call.sent, Sent::Stream) {
            return (self.world.open(request).await.status().as_u16(), String::new());
        }
        let got = self.world.send(request).await;
        (got.status, got.text)
    }

    /// A token of this person, made when it is first asked for.
    async fn token(&mut self, name: &str, scopes: Vec<&'static str>) -> String {
        let key = (name.to_owned(), scopes.clone());
        if let Some(token) = self.tokens.get(&key) {
            return token.clone();
        }
        let new = json!({"label": "walk", "scopes": scopes, "days": 30});
        let made = self.world.post(name, "/api/v1/tokens", new).await.ok().body;
        let token = made["token"].as_str().unwrap().to_owned();
        self.tokens.insert(key, token.clone());
        token
    }

    /// Nothing runs, the clock is right, and whatever is due is recorded.
    async fn quiet(&mut self) {
        self.pass(Span::from_mins(5)).await;
        for _ in 0..500 {
            if self.world.engine.state().executions.values().all(|running| running.unknown) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        if self.world.engine.state().organization.clock_suspect {
            self.submit(Principal::host(), Command::AcceptClock).await;
        }
    }

    async fn pass(&self, span: Span) {
        self.world.clock.advance(span);
        self.submit(Principal::system(), Command::Tick).await;
    }

    async fn submit(&self, principal: Principal, command: Command) {
        self.world.engine.submit(Submission::new(principal, command)).await.unwrap().reply.unwrap();
    }

    fn mark(&mut self) {
        self.at = self.world.engine.state().next_seq;
    }
}

/// Scopes that do not let a token in there; none where everybody is let in.
fn too_little(access: Access) -> Option<Vec<&'static str>> {
    let but = |scope: &Json| SCOPES.into_iter().filter(|known| *scope != json!(known)).collect();
    match access {
        Access::Public => None,
        Access::Relation { token: Some(scope) } | Access::Task { token: Some(scope), .. } => {
            Some(but(&serde_json::to_value(scope).unwrap()))
        }
        Access::Asking => Some(vec!["execute", "read"]),
        Access::Begun | Access::Relation { token: None } | Access::Task { token: None, .. } => {
            Some(SCOPES.to_vec())
        }
    }
}
