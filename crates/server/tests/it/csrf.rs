//! W1, W2, W7: what other sites' pages can't do, and what cookies look like.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value as Json, json};

use crate::world::{Got, ORIGIN, World, password, upn};

/// Signs rita in with a cookie; gives cookie and CSRF token.
async fn browser(world: &World) -> (String, String) {
    let body = json!({"upn": upn("rita"), "password": password("rita"), "code": world.code("rita")});
    let got = world.call("POST", "/api/v1/sessions", &[("origin", ORIGIN)], Some(body)).await.ok();
    assert!(got.body.get("session").is_none(), "the secret is in the cookie alone");
    let cookie = got.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    (cookie, got.body["csrf"].as_str().unwrap().to_owned())
}

async fn token(world: &World, headers: &[(&str, &str)]) -> Got {
    let body = json!({"label": "x", "scopes": ["read"], "days": 1});
    world.call("POST", "/api/v1/tokens", headers, Some(body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn w1_a_cookie_alone_changes_nothing() {
    let world = World::enabled().await;
    let (cookie, csrf) = browser(&world).await;
    let cookie = ("cookie", cookie.as_str());
    assert_eq!(world.call("GET", "/api/v1/me", &[cookie], None).await.status, 200);
    assert_eq!(token(&world, &[cookie]).await.code(), "csrf_refused");
    assert_eq!(token(&world, &[cookie, ("x-csrf-token", "")]).await.code(), "csrf_refused");
    assert_eq!(token(&world, &[cookie, ("x-csrf-token", &csrf[1..])]).await.code(), "csrf_refused");
    let mine = [cookie, ("x-csrf-token", csrf.as_str())];
    token(&world, &mine).await.ok();
    token(&world, &[mine[0], mine[1], ("origin", ORIGIN)]).await.ok();
    for origin in
        ["https://evil.example", "null", "http://127.0.0.1:8471", "http://127.0.0.1:8470.evil.example"]
    {
        let got = token(&world, &[mine[0], mine[1], ("origin", origin)]).await;
        assert_eq!((got.status, got.code()), (403, "wrong_origin"), "{origin}");
    }
    for site in ["cross-site", "same-site"] {
        assert_eq!(token(&world, &[mine[0], mine[1], ("sec-fetch-site", site)]).await.code(), "wrong_origin");
    }
    let other = browser(&world).await.1;
    assert_eq!(token(&world, &[cookie, ("x-csrf-token", &other)]).await.code(), "csrf_refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn w1_forms_and_overridden_methods_are_refused() {
    let world = World::enabled().await;
    let (cookie, csrf) = browser(&world).await;
    let body = json!({"label": "x", "scopes": ["read"], "days": 1}).to_string();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""] {
        let request = Request::post("/api/v1/tokens")
            .header("cookie", &cookie)
            .header("x-csrf-token", &csrf)
            .header("content-type", kind)
            .body(Body::from(body.clone()))
            .unwrap();
        assert_eq!(world.send(request).await.status, 415, "{kind}");
    }
    let request = Request::get("/api/v1/sessions/current")
        .header("cookie", &cookie)
        .header("x-http-method-override", "DELETE")
        .body(Body::empty())
        .unwrap();
    assert_eq!(world.send(request).await.status, 200);
    assert_eq!(world.call("GET", "/api/v1/me", &[("cookie", &cookie)], None).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn w2_a_planted_or_doubled_session_is_nobodys() {
    let world = World::enabled().await;
    let (cookie, _) = browser(&world).await;
    let twice = format!("{cookie}; {cookie}");
    for wrong in [twice.as_str(), "countersign=planted", "countersign="] {
        assert_eq!(world.call("GET", "/api/v1/me", &[("cookie", wrong)], None).await.status, 401, "{wrong}");
    }
    let body = json!({"upn": upn("bob"), "password": password("bob"), "code": world.code("bob")});
    let got = world.call("POST", "/api/v1/sessions", &[("cookie", &cookie)], Some(body)).await.ok();
    let new = got.headers["set-cookie"].to_str().unwrap();
    assert!(!new.starts_with(&cookie), "signing in always gives a new secret");
}

#[tokio::test(flavor = "multi_thread")]
async fn w7_every_answer_forbids_framing_and_keeping() {
    let world = World::enabled().await;
    for path in ["/", "/requests/1042", "/api/v1/me", "/healthz", "/nothing", "/api/v1/openapi.json"] {
        let got = world.call("GET", path, &[], None).await;
        let header = |name: &str| got.headers[name].to_str().unwrap().to_owned();
        assert!(header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert!(header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(header("cache-control"), "no-store", "{path}");
        assert_eq!(got.headers["x-request-id"].len(), 16, "{path}");
    }
    let odd = world.call("GET", "/requests/%3Cscript%3E", &[], None).await;
    assert_eq!(odd.body["code"], Json::from("not_found"));
}
