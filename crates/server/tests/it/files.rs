//! Files of a request: who decides on it reads them, whoever may not know of it does not.

use axum::body::Body;
use axum::http::Request;
use countersign_ledger::hash::sha256;
use http_body_util::BodyExt as _;
use serde_json::{Value as Json, json};

use crate::blobs::{upload, with_a_file_task};
use crate::world::{Got, World};

/// What steers a terminal, turns text around, is a page, and looks like nothing.
pub(crate) const HOSTILE: &[u8] = "\u{1b}[2J\u{202e}<script>alert(1)</script>\u{200b}\r\n".as_bytes();

/// A value of a file that this person uploads.
async fn sent(world: &World, name: &str, kind: &str, bytes: &[u8]) -> Json {
    let got = upload(world, name, kind, bytes).await.ok();
    json!({"sha256": got.body["sha256"], "size": got.body["size"], "media_type": got.body["media_type"]})
}

pub(crate) fn path(number: &str, bytes: &[u8]) -> String {
    format!("/api/v1/requests/{number}/files/{}", sha256(bytes))
}

/// The bytes as they are.
async fn bytes(world: &World, name: &str, path: &str) -> Vec<u8> {
    let request = Request::get(path).header("authorization", world.bearer(name)).body(Body::empty()).unwrap();
    world.open(request).await.into_body().collect().await.unwrap().to_bytes().to_vec()
}

/// `rita` asks to load the hostile text, which she calls a page, and with it some bytes that are none.
pub(crate) async fn asked(world: &World) -> (String, Vec<u8>) {
    world.act("New-ElevatedAccessApprovalPolicy", json!({"Task": "Files\\Load"})).await;
    let other: Vec<u8> = (0..200_000_u32).map(|at| (at % 251) as u8).collect();
    let text = sent(world, "rita", "text/html", HOSTILE).await;
    let data = sent(world, "rita", "text/plain", &other).await;
    let limits = json!({"File": {"equals": text}, "Data": {"one_of": [data]}});
    (world.ask("rita", "Files\\Load", limits).await, other)
}

fn header<'a>(got: &'a Got, name: &str) -> &'a str {
    got.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn g19_a_requests_files_are_read_by_its_requester_and_its_approvers_and_leave_nothing() {
    let world = with_a_file_task().await;
    let (number, other) = asked(&world).await;
    let before = world.engine.state().next_seq;
    for name in ["rita", "bob", "cyd"] {
        let shown = world.get(name, &format!("/api/v1/requests/{number}")).await.ok().body;
        let files = json!([
            {"parameter": "Data", "sha256": sha256(&other), "size": 200_000},
            {"parameter": "File", "sha256": sha256(HOSTILE), "size": HOSTILE.len()},
        ]);
        assert_eq!(shown["files"], files, "{name}");
        let got = world.get(name, &path(&number, HOSTILE)).await.ok();
        assert_eq!(got.text.as_bytes(), HOSTILE, "{name}: to the byte");
        assert_eq!(header(&got, "content-type"), "text/plain; charset=utf-8", "not what she called it");
        let got = world.get(name, &path(&number, &other)).await.ok();
        assert_eq!(header(&got, "content-type"), "application/octet-stream", "whatever she called it");
        assert_eq!(header(&got, "content-length"), "200000");
        assert_eq!(bytes(&world, name, &path(&number, &other)).await, other, "{name}");
        assert_eq!(header(&got, "x-content-type-options"), "nosniff");
        assert_eq!(header(&got, "cache-control"), "no-store");
        assert!(header(&got, "content-disposition").starts_with("attachment; filename=\"R-"));
        assert!(header(&got, "content-security-policy").starts_with("sandbox; default-src 'none'"));
    }
    assert_eq!(world.engine.state().next_seq, before, "reading what one decides on leaves nothing (G20)");
    world.post("rita", &format!("/api/v1/requests/{number}/cancel"), json!({})).await.ok();
    assert_eq!(bytes(&world, "bob", &path(&number, HOSTILE)).await, HOSTILE, "also when it is over");
}

#[tokio::test(flavor = "multi_thread")]
async fn g19_a_requests_files_are_not_there_for_anybody_else() {
    let world = with_a_file_task().await;
    let (number, _) = asked(&world).await;
    let second = sent(&world, "rita", "text/plain", b"select 1;\n").await;
    let another = world.ask("rita", "Files\\Load", json!({"File": {"equals": second}})).await;
    let unknown = world.get("sam", &path("R-4711", HOSTILE)).await.told();
    assert_eq!(unknown.0, 404);
    // Having uploaded the same is not having to do with the request.
    upload(&world, "sam", "text/plain", HOSTILE).await.ok();
    for (name, path) in [
        ("sam", path(&number, HOSTILE)),
        ("sam", path(&number, b"nothing")),
        ("cora", path(&number, HOSTILE)),
        ("bob", path(&another, HOSTILE)),
        ("rita", path(&number, b"select 1;\n")),
        ("rita", path(&number, b"nothing")),
        ("bob", format!("/api/v1/requests/{number}/files/..%2f..%2fledger.db")),
    ] {
        assert_eq!(world.get(name, &path).await.told(), unknown, "{name} {path}");
    }
    for (scope, status) in [("read", 200), ("request", 403), ("execute", 403)] {
        let made = json!({"label": "x", "scopes": [scope], "days": 1});
        let token = world.post("rita", "/api/v1/tokens", made).await.ok().body["token"].clone();
        let auth = format!("Bearer {}", token.as_str().unwrap());
        let got = world.call("GET", &path(&number, HOSTILE), &[("authorization", &auth)], None).await;
        assert_eq!(got.status, status, "{scope}: {}", got.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_gone_says_so_and_one_that_was_changed_is_not_shown() {
    let world = with_a_file_task().await;
    let (number, other) = asked(&world).await;
    world.engine.blobs().remove(&sha256(HOSTILE)).unwrap();
    let got = world.get("bob", &path(&number, HOSTILE)).await;
    assert_eq!((got.status, got.code()), (410, "file_gone"), "{}", got.text);
    assert_eq!(world.get("sam", &path(&number, HOSTILE)).await.status, 404, "a stranger does not learn that");
    let place = world.data().join("blobs").join(sha256(&other).to_string());
    std::fs::write(place, b"harmless").unwrap();
    let got = world.get("bob", &path(&number, &other)).await;
    assert_eq!((got.status, got.code()), (500, "internal"));
    assert!(!got.text.contains("harmless"), "{}", got.text);
}
