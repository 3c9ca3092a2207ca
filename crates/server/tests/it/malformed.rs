//! W9, W12: input of any shape is refused, never a failure inside.

use axum::body::Body;
use axum::http::Request;
use countersign_server::{ALL, Access, Content, Method};
use serde_json::{Value as Json, json};

use crate::shape::{DOCUMENT, operation};
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn w9_absent_and_mistyped_fields_of_every_form() {
    let world = World::enabled().await;
    let auth = world.bearer("ada");
    let odd =
        [json!(null), json!([]), json!(1), json!({}), json!(true), json!("\u{0}"), json!("x".repeat(9_000))];
    let mut tried = 0;
    for route in ALL.iter().filter(|route| route.body.is_some()) {
        let path =
            route.path.replace("{number}", "R-1").replace("{id}", "x-00000000000000000000000000000000");
        let Some(Content::Json(_)) = route.body else { continue };
        let content = &operation("POST", route.path)["requestBody"]["content"]["application/json"];
        let name = content["schema"]["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
        let schema = &DOCUMENT["components"]["schemas"][name];
        let fields: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
        let whole: serde_json::Map<String, Json> =
            fields.iter().map(|name| ((*name).clone(), json!("x"))).collect();
        let mut bodies = vec![json!({}), json!([]), json!(null), json!("x"), json!(1)];
        for name in &fields {
            let mut missing = whole.clone();
            missing.remove(*name);
            bodies.push(missing.into());
            for value in &odd {
                let mut wrong = whole.clone();
                wrong.insert((*name).clone(), value.clone());
                bodies.push(wrong.into());
            }
        }
        let mut more = whole.clone();
        more.insert("admin".to_owned(), json!(true));
        bodies.push(more.into());
        for body in bodies {
            let got = world.call("POST", &path, &[("authorization", &auth)], Some(body.clone())).await;
            assert!((400..500).contains(&got.status), "{path} {body}: {} {}", got.status, got.text);
            assert!(!got.code().is_empty(), "{path} {body}: {}", got.text);
            tried += 1;
        }
    }
    assert!(tried > 200, "{tried}");
}

#[tokio::test(flavor = "multi_thread")]
async fn w9_bodies_that_are_no_json_and_secrets_are_not_quoted_back() {
    let world = World::enabled().await;
    for body in [
        "{",
        "{\"upn\":\"a\",\"upn\":\"b\",\"password\":\"hunter2\"}",
        "\u{feff}{}",
        "[[[[",
        "nul",
        "{\"password\": hunter2",
    ] {
        let request = Request::post("/api/v1/sessions")
            .header("content-type", "application/json")
            .body(Body::from(body.to_owned()))
            .unwrap();
        let got = world.send(request).await;
        assert_eq!(got.status, 422, "{body}: {}", got.text);
        assert!(!got.text.contains("hunter2"), "{}", got.text);
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let request = Request::post("/api/v1/executions")
        .header("authorization", world.bearer("ada"))
        .header("content-type", "application/json")
        .body(Body::from(format!("{{\"task\":\"A\\\\B\",\"values\":{{\"x\":{deep}}}}}")))
        .unwrap();
    assert_eq!(world.send(request).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn w12_oversize_bodies_are_refused() {
    let world = World::enabled().await;
    let big = format!("{{\"upn\":\"{}\"}}", "x".repeat(2 << 20));
    let request = Request::post("/api/v1/sessions")
        .header("content-type", "application/json")
        .body(Body::from(big))
        .unwrap();
    let got = world.send(request).await;
    assert_eq!((got.status, got.code()), (413, "payload_too_large"));
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_and_ids_of_any_shape() {
    let world = World::enabled().await;
    for path in [
        "/api/v1/requests?limit=0",
        "/api/v1/requests?limit=501",
        "/api/v1/requests?limit=-1",
        "/api/v1/requests?limit=x",
        "/api/v1/requests?status=Nonsense",
        "/api/v1/requests?mine=maybe",
        "/api/v1/requests?unknown=1",
        "/api/v1/requests?cursor=%00%FF",
        "/api/v1/people?cursor=%5B%5D",
        "/api/v1/executions?status=gone",
        "/api/v1/audit/events?from=yesterday",
        "/api/v1/audit/events?person=p-1",
        "/api/v1/audit/events?request=x",
        "/api/v1/audit/export?format=xml",
        "/api/v1/audit/export?limit=1",
    ] {
        let got = world.get("ada", path).await;
        assert!((400..500).contains(&got.status), "{path}: {} {}", got.status, got.text);
    }
    for segment in ["%00", "%FF", "..", "R-99999999999999999999", "%2e%2e%2f", "p-1", "'", "*"] {
        for route in ALL.iter().filter(|route| route.method == Method::Get && route.path.contains('{')) {
            let path = route.path.split('/').map(|part| if part.starts_with('{') { segment } else { part });
            let path = path.collect::<Vec<_>>().join("/");
            let got = world.get("ada", &path).await;
            assert!((400..500).contains(&got.status), "{path}: {} {}", got.status, got.text);
        }
    }
    assert_eq!(world.call("PUT", "/api/v1/me", &[], None).await.status, 405);
    assert_eq!(world.call("GET", "/api/v1/nothing", &[], None).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn w9_credentials_of_any_shape() {
    let world = World::enabled().await;
    let session = world.people["rita"].session.clone();
    let api = session.replace("css_", "cst_");
    for wrong in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Basic cml0YTp4",
        session.as_str(),
        &format!("Bearer {session}x"),
        &format!("Bearer {api}"),
        &format!("Bearer {}", session.to_uppercase()),
    ] {
        assert_eq!(
            world.call("GET", "/api/v1/me", &[("authorization", wrong)], None).await.status,
            401,
            "{wrong}"
        );
    }
    let bearer = world.bearer("rita");
    let two = [("authorization", bearer.as_str()), ("authorization", bearer.as_str())];
    assert_eq!(world.call("GET", "/api/v1/me", &two, None).await.status, 401);
    assert_eq!(world.call("GET", "/api/v1/me", &[("authorization", &bearer)], None).await.status, 200);
}

#[test]
fn every_route_lets_somebody_in_for_a_reason() {
    let public: Vec<&str> =
        ALL.iter().filter(|route| route.access == Access::Public).map(|route| route.path).collect();
    let short_list = [
        "/healthz",
        "/readyz",
        "/metrics",
        "/api/v1/openapi.json",
        "/",
        "/{*page}",
        "/api/v1/sessions",
        "/api/v1/invitations/redeem",
    ];
    assert_eq!(public, short_list);
    for route in ALL {
        let kind = route.reason.split([':', ' ']).next().unwrap();
        let expected = match route.access {
            Access::Public => "public",
            Access::Begun | Access::Relation { .. } | Access::Asking => "relation",
            Access::Task { .. } => "task",
        };
        // Reading one's own output is a relation; everybody else's is a task.
        assert!(kind == expected || route.path.ends_with("/output"), "{}: {}", route.path, route.reason);
        if let Access::Task { task, .. } = route.access
            && !task.is_empty()
        {
            let name = format!("Countersign\\{task}").parse().unwrap();
            assert!(countersign_core::builtin::find(&name).is_some(), "{task}");
        }
    }
}
