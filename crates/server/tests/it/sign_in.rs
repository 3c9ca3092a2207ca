//! Signing in, staying signed in, and what ends it.

use countersign_core::time::Span;
use serde_json::json;

use crate::world::{World, password, upn};

#[tokio::test(flavor = "multi_thread")]
async fn w4_wrong_answers_cannot_be_told_apart() {
    let world = World::enabled().await;
    let attempts = [
        json!({"upn": upn("rita"), "password": "wrong wrong wrong"}),
        json!({"upn": upn("nobody"), "password": "wrong wrong wrong"}),
        json!({"upn": "not an address", "password": "x"}),
        json!({"upn": upn("rita"), "password": ""}),
        json!({"upn": upn("rita"), "password": password("rita"), "code": "000000"}),
    ];
    let mut told = Vec::new();
    for attempt in attempts {
        told.push(world.call("POST", "/api/v1/sessions", &[], Some(attempt)).await.told());
    }
    assert_eq!(told[0].0, 401);
    assert_eq!(told[0].1, "sign_in_failed");
    assert!(told.iter().all(|answer| answer == &told[0]), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn w4_guessing_is_slowed_down_and_counted() {
    let world = World::enabled().await;
    let guess = json!({"upn": upn("sam"), "password": "wrong wrong wrong"});
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(world.call("POST", "/api/v1/sessions", &[], Some(guess.clone())).await.status);
    }
    // From an address that sam has signed in from lately, the pair alone waits.
    assert_eq!(statuses[..5], [401; 5]);
    assert_eq!(statuses[5..], [429; 3]);
    let waited = world.call("POST", "/api/v1/sessions", &[], Some(guess)).await;
    assert!(waited.headers.contains_key("retry-after"));
    for _ in 0..50 {
        if world.count("SignInFailed") == 5 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(world.count("SignInFailed"), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_alone_opens_nothing_where_there_is_a_second_factor() {
    let mut world = World::enabled().await;
    let begun = world.sign_in("rita", None).await.ok().body;
    assert_eq!((&begun["second_factor"], &begun["second_factor_enrolled"]), (&json!(false), &json!(true)));
    world.people.get_mut("rita").unwrap().session = begun["session"].as_str().unwrap().to_owned();
    let blocked = world.get("rita", "/api/v1/me").await;
    assert_eq!((blocked.status, blocked.code()), (403, "second_factor_required"));
    assert_eq!(world.post("rita", "/api/v1/me/second-factor/enroll", json!({})).await.status, 403);
    assert_eq!(world.get("rita", "/api/v1/sessions/current").await.status, 200);
    let code = world.code("rita");
    let path = "/api/v1/sessions/current/second-factor";
    let whole = world.post("rita", path, json!({"code": code})).await.ok().body;
    assert_eq!(world.get("rita", "/api/v1/me").await.status, 401, "the session got a new secret");
    world.people.get_mut("rita").unwrap().session = whole["session"].as_str().unwrap().to_owned();
    assert_eq!(world.get("rita", "/api/v1/me").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn w4_a_code_counts_once() {
    let world = World::enabled().await;
    let code = world.code("rita");
    assert_eq!(world.sign_in("rita", Some(&code)).await.status, 201);
    assert_eq!(world.sign_in("rita", Some(&code)).await.status, 401);
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    assert_eq!(world.sign_in("rita", Some(&spaced)).await.status, 401);
    let recovery = world.people["rita"].recovery[0].clone();
    assert_eq!(world.sign_in("rita", Some(&recovery)).await.status, 201);
    assert_eq!(world.sign_in("rita", Some(&recovery)).await.status, 401);
    let two = world.people["rita"].recovery[1].clone();
    let (one, other) = tokio::join!(world.sign_in("rita", Some(&two)), world.sign_in("rita", Some(&two)));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 401], "shown twice at once it counts once");
}

#[tokio::test(flavor = "multi_thread")]
async fn w2_sessions_end_with_the_password() {
    let mut world = World::enabled().await;
    let first = world.people["rita"].session.clone();
    world.again("rita").await;
    let wrong = json!({"current": "wrong wrong wrong", "new": "orange ladder 4417 moss"});
    assert_eq!(world.post("rita", "/api/v1/me/password", wrong).await.status, 401);
    for weak in ["short", "rita@fabrikam.example", "aaaaaaaaaaaaaaaa"] {
        let body = json!({"current": password("rita"), "new": weak});
        assert_eq!(world.post("rita", "/api/v1/me/password", body).await.status, 422, "{weak}");
    }
    let change = json!({"current": password("rita"), "new": "orange ladder 4417 moss"});
    let new = world.post("rita", "/api/v1/me/password", change).await.ok().body;
    assert_eq!(world.get("rita", "/api/v1/me").await.status, 401);
    world.people.get_mut("rita").unwrap().session = first;
    assert_eq!(world.get("rita", "/api/v1/me").await.status, 401);
    world.people.get_mut("rita").unwrap().session = new["session"].as_str().unwrap().to_owned();
    assert_eq!(world.get("rita", "/api/v1/me").await.ok().body["second_factor"], true);
    assert_eq!(world.sign_in("rita", None).await.status, 401, "the old password is no longer one");
}

#[tokio::test(flavor = "multi_thread")]
async fn w2_sessions_end_with_their_person_and_do_not_come_back() {
    let world = World::enabled().await;
    let id = world.people["rita"].id;
    world.run("Disable-User", json!({"Identity": id})).await;
    assert_eq!(world.get("rita", "/api/v1/me").await.status, 401);
    let code = world.code("rita");
    assert_eq!(world.sign_in("rita", Some(&code)).await.status, 401);
    world.act("Enable-User", json!({"Identity": id})).await;
    assert_eq!(world.get("rita", "/api/v1/me").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn w2_idle_and_absolute_ends() {
    let mut world = World::enabled().await;
    world.again("rita").await;
    world.clock.advance(Span::from_mins(29));
    assert_eq!(world.get("rita", "/api/v1/me").await.status, 200);
    world.clock.advance(Span::from_mins(29));
    assert_eq!(world.get("rita", "/api/v1/me").await.status, 200);
    world.clock.advance(Span::from_mins(30));
    assert_eq!(world.get("rita", "/api/v1/me").await.status, 401);
    world.again("rita").await;
    for _ in 0..29 {
        world.clock.advance(Span::from_mins(25));
        assert_eq!(world.get("rita", "/api/v1/me").await.status, if world.age() { 200 } else { 401 });
    }
    assert_eq!(world.get("rita", "/api/v1/me").await.status, 401);
}

impl World {
    /// Whether rita's session is younger than twelve hours.
    fn age(&self) -> bool {
        let sessions = self.engine.ops().sessions_of(self.people["rita"].id).unwrap();
        let newest = sessions.iter().map(|session| session.created).max();
        newest.is_some_and(|created| self.engine.now().since(created) < Span::from_hours(12))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_here_and_everywhere() {
    let mut world = World::enabled().await;
    assert_eq!(world.delete("rita", "/api/v1/sessions/current").await.status, 204);
    assert_eq!(world.get("rita", "/api/v1/me").await.status, 401);
    world.again("rita").await;
    let first = world.people["rita"].session.clone();
    world.again("rita").await;
    assert_eq!(world.delete("rita", "/api/v1/sessions/current?everywhere=true").await.status, 204);
    world.people.get_mut("rita").unwrap().session = first;
    assert_eq!(world.get("rita", "/api/v1/me").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_works_once_and_no_other_secret_is_one() {
    let mut world = World::set_up().await;
    world.person("sam").await;
    let id = world.people["sam"].id;
    let run = json!({
        "task": "Countersign\\Reset-UserCredential",
        "values": {"Identity": id, "LinkDelivery": "PrintForRequester"},
    });
    let made = world.post("ada", "/api/v1/executions", run).await.ok().body;
    let link = made["link"].as_str().unwrap().to_owned();
    let redeem = |link: &str| json!({"link": link, "password": "orange ladder 4417 moss"});
    let session = world.people["sam"].session.clone();
    for wrong in ["", "csi_", session.as_str(), &link.replace("csi_", "cst_")] {
        let got = world.call("POST", "/api/v1/invitations/redeem", &[], Some(redeem(wrong))).await;
        assert_eq!(got.status, 404, "{wrong}");
    }
    let pasted = format!(" https://pam.example/invitation#{link} ");
    world.call("POST", "/api/v1/invitations/redeem", &[], Some(redeem(&pasted))).await.ok();
    let twice = world.call("POST", "/api/v1/invitations/redeem", &[], Some(redeem(&link))).await;
    assert_eq!(twice.status, 404);
    assert_eq!(world.get("sam", "/api/v1/me").await.status, 401, "a reset ends sessions");
    let body = json!({"upn": upn("sam"), "password": "orange ladder 4417 moss"});
    let got = world.call("POST", "/api/v1/sessions?bearer=true", &[], Some(body)).await.ok().body;
    assert_eq!(got["second_factor_enrolled"], false, "a reset takes the second factor too");
    world.people.get_mut("sam").unwrap().session = got["session"].as_str().unwrap().to_owned();
    assert_eq!(world.get("sam", "/api/v1/me").await.status, 200);
}

/// A session that somebody took over sets up no authenticator of theirs, neither the first nor another.
#[tokio::test(flavor = "multi_thread")]
async fn w2_a_second_factor_is_set_up_soon_after_signing_in_and_not_later() {
    let mut world = World::set_up().await;
    for name in ["sam", "tess"] {
        world.person(name).await;
    }
    let code = json!({"code": world.code("sam")});
    let removed = world.post("sam", "/api/v1/me/second-factor/remove", code).await.ok().body;
    world.people.get_mut("sam").unwrap().session = removed["session"].as_str().unwrap().to_owned();
    let enroll = "/api/v1/me/second-factor/enroll";
    for name in ["sam", "tess"] {
        world.post(name, enroll, json!({})).await.ok();
    }
    world.clock.advance(Span::from_secs(15 * 60 + 1));
    for name in ["sam", "tess"] {
        let got = world.post(name, enroll, json!({})).await;
        assert_eq!((got.status, got.code()), (403, "sign_in_again"), "{name}");
    }
    let code = world.code("tess");
    let shown =
        world.post("tess", "/api/v1/sessions/current/second-factor", json!({"code": code})).await.ok().body;
    world.people.get_mut("tess").unwrap().session = shown["session"].as_str().unwrap().to_owned();
    world.post("tess", enroll, json!({})).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_their_owner_with_less() {
    let world = World::enabled().await;
    let all = json!({"label": "ci", "scopes": ["read", "request", "execute", "raise"], "days": 30});
    let made = world.post("bob", "/api/v1/tokens", all).await.ok().body;
    let auth = format!("Bearer {}", made["token"].as_str().unwrap());
    let call = |method: &'static str, path: String, body| {
        let (world, auth) = (&world, auth.clone());
        async move { world.call(method, &path, &[("authorization", &auth)], body).await }
    };
    let number = world.ask("rita", "Host\\Sleep", json!({"Note": {"equals": "blue"}})).await;
    let seen = call("GET", format!("/api/v1/requests/{number}"), None).await.ok().body;
    let vote = json!({"statement": seen["statement"], "comment": "by token"});
    for verb in ["approve", "deny"] {
        let got = call("POST", format!("/api/v1/requests/{number}/{verb}"), Some(vote.clone())).await;
        assert_eq!((got.status, got.code()), (403, "token_not_allowed"), "{verb}");
    }
    for (path, body) in [
        ("/api/v1/tokens", json!({"label": "more", "scopes": ["read"], "days": 1})),
        ("/api/v1/me/password", json!({"current": password("bob"), "new": "orange ladder 4417 moss"})),
        ("/api/v1/me/second-factor/enroll", json!({})),
    ] {
        assert_eq!(call("POST", path.to_owned(), Some(body)).await.status, 403, "{path}");
    }
    let stop =
        json!({"task": "Countersign\\New-Group", "values": {"Name": "x", "Mail": "x@fabrikam.example"}});
    assert_eq!(call("POST", "/api/v1/executions".to_owned(), Some(stop)).await.code(), "token_not_allowed");
    let reader = json!({"label": "reader", "scopes": ["read"], "days": 1});
    let made_reader = world.post("rita", "/api/v1/tokens", reader).await.ok().body;
    let reader = format!("Bearer {}", made_reader["token"].as_str().unwrap());
    let ask = json!({"target": {"type": "Task", "name": "Host\\Sleep"}, "reason": "x"});
    let got = world.call("POST", "/api/v1/requests", &[("authorization", &reader)], Some(ask)).await;
    assert_eq!(got.code(), "token_not_allowed");
    let id = made["id"].as_str().unwrap();
    let listed = world.get("bob", "/api/v1/tokens").await.ok();
    assert!(!listed.text.contains("cst_"), "a token's secret is shown once");
    assert_eq!(world.delete("rita", &format!("/api/v1/tokens/{id}")).await.status, 404);
    assert_eq!(world.delete("bob", &format!("/api/v1/tokens/{id}")).await.status, 204);
    assert_eq!(call("GET", "/api/v1/me".to_owned(), None).await.status, 401);
    world.clock.advance(Span::from_hours(25));
    let over = world.call("GET", "/api/v1/me", &[("authorization", &reader)], None).await;
    assert_eq!(over.status, 401, "a token ends with its day");
}
