//! Files for parameters: uploaded by whoever cites them.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::Request;
use countersign_ledger::hash::sha256;
use serde_json::{Value as Json, json};

use crate::world::{Got, World};

pub(crate) async fn upload(world: &World, name: &str, kind: &str, bytes: &[u8]) -> Got {
    let request = Request::post("/api/v1/blobs")
        .header("authorization", world.bearer(name))
        .header("content-type", kind)
        .body(Body::from(bytes.to_vec()))
        .unwrap();
    world.send(request).await
}

/// Both rita and sam hold `Files\Load`, which no policy covers.
pub(crate) async fn with_a_file_task() -> World {
    let world = World::enabled().await;
    add_a_file_task(&world).await;
    world
}

pub(crate) async fn add_a_file_task(world: &World) {
    let definition = json!([{
        "name": "Files\\Load",
        "execution": {"runspace": "process", "definition": {"program": "/bin/cat", "arguments": []}},
        "parameters": [
            {"name": "File", "kind": {"type": "file", "max_size": 100, "text": true}, "required": true},
            {"name": "Data", "kind": {"type": "file", "max_size": 1_000_000}},
        ],
    }]);
    let pack = json!({"Workload": "Files", "Definitions": definition.to_string()});
    world.act("Import-TaskPack", pack).await;
    world.act("New-ManagementRole", json!({"Name": "Files\\Loader", "Task": ["Files\\Load"]})).await;
    world.act("New-RoleGroup", json!({"Name": "Files\\Loaders", "Role": ["Files\\Loader"]})).await;
    let members = ["rita", "sam"].map(|name| world.people[name].id);
    world.act("Add-RoleGroupMember", json!({"Identity": "Files\\Loaders", "Member": members})).await;
}

async fn run(world: &World, name: &str, file: &Json) -> Got {
    world.post(name, "/api/v1/executions", json!({"task": "Files\\Load", "values": {"File": file}})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_cited_by_who_uploaded_it_and_by_nobody_else() {
    let world = with_a_file_task().await;
    let got = upload(&world, "rita", "text/plain", b"select 1;\n").await;
    assert_eq!(got.status, 201, "{}", got.text);
    let file =
        json!({"sha256": got.body["sha256"], "size": got.body["size"], "media_type": got.body["media_type"]});
    assert_eq!(file, json!({"sha256": sha256(b"select 1;\n"), "size": 10, "media_type": "text/plain"}));
    let sams = run(&world, "sam", &file).await;
    assert_eq!((sams.status, sams.code()), (422, "parameter_invalid"), "{}", sams.text);
    let unknown = json!({"sha256": sha256(b"nobody's"), "size": 8, "media_type": "text/plain"});
    let unknown_told = run(&world, "sam", &unknown).await;
    let plain = |got: &Got, digest: &Json| {
        got.body["detail"].as_str().unwrap().replace(digest.as_str().unwrap(), "it")
    };
    assert_eq!(
        plain(&sams, &file["sha256"]),
        plain(&unknown_told, &unknown["sha256"]),
        "forbidden as unknown"
    );
    let mut other_size = file.clone();
    other_size["size"] = json!(11);
    assert_eq!(run(&world, "rita", &other_size).await.status, 422);
    for (name, allowed) in [("rita", true), ("sam", false)] {
        let supposed = json!({"task": "Files\\Load", "values": {"File": file}});
        let explained = world.post(name, "/api/v1/explain", supposed).await.ok().body;
        assert_eq!(explained["allowed"], allowed, "{name}: {explained}");
    }
    assert_eq!(run(&world, "rita", &file).await.ok().status, 202);
    let ask = |file: &Json| {
        json!({
            "target": {"type": "Task", "name": "Files\\Load"}, "reason": "x", "constraints": {"File": {"equals": file}},
        })
    };
    world.act("New-ElevatedAccessApprovalPolicy", json!({"Task": "Files\\Load"})).await;
    let refused = world.count("Refused");
    let asked = world.post("sam", "/api/v1/requests", ask(&file)).await;
    assert_eq!(asked.code(), "parameter_invalid");
    assert_eq!(world.count("Refused"), refused + 1, "who tries another's file is on record");
    let asked = world.post("rita", "/api/v1/requests", ask(&file)).await;
    assert_eq!(asked.status, 201, "{}", asked.text);
    // Whoever has the file too may cite it.
    upload(&world, "sam", "text/plain", b"select 1;\n").await.ok();
    let asked = world.post("sam", "/api/v1/requests", ask(&file)).await;
    assert_eq!(asked.status, 201, "{}", asked.text);
}

/// The same content from many at once: each gets the same digest, one file lies there, whole, and nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_sent_many_times_at_once_is_kept_once_and_whole() {
    let world = std::sync::Arc::new(World::enabled().await);
    let bytes: Vec<u8> = (0..3_u32 << 20).map(|at| (at % 251) as u8).collect();
    let sending = (0..12).map(|at| {
        let (world, bytes) = (std::sync::Arc::clone(&world), bytes.clone());
        let name = ["rita", "sam", "bob"][at % 3];
        tokio::spawn(async move { upload(&world, name, "application/octet-stream", &bytes).await })
    });
    for sent in sending.collect::<Vec<_>>() {
        let got = sent.await.unwrap();
        assert_eq!((got.status, &got.body["sha256"]), (201, &json!(sha256(&bytes))), "{}", got.text);
    }
    assert_eq!(world.engine.blobs().read(&sha256(&bytes)).unwrap().unwrap(), bytes);
    let files = std::fs::read_dir(world.data().join("blobs")).unwrap();
    let names: Vec<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(names, [sha256(&bytes).to_string()], "no half of one is left");
}

/// A body in pieces, the last first.
struct Pieces(Vec<std::io::Result<Bytes>>);

impl futures_core::Stream for Pieces {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.pop())
    }
}

/// A body that ends too early is nobody's upload.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_cut_in_the_middle_is_not_there() {
    let world = World::enabled().await;
    let pieces = vec![Err(std::io::Error::other("cut")), Ok(Bytes::from_static(b"half of "))];
    let request = Request::post("/api/v1/blobs")
        .header("authorization", world.bearer("rita"))
        .header("content-type", "text/plain")
        .body(Body::from_stream(Pieces(pieces)))
        .unwrap();
    let answer = world.open(request).await;
    assert_eq!(answer.status(), 422);
    let half = sha256(b"half of ");
    assert_eq!(world.engine.blobs().read(&half).unwrap(), None);
    assert_eq!(world.engine.blobs().uploaded_by(&half, world.people["rita"].id).unwrap(), None);
    assert_eq!(std::fs::read_dir(world.data().join("blobs")).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_upload_may_be() {
    let world = World::enabled().await;
    assert_eq!(upload(&world, "rita", "text/plain", b"").await.status, 422);
    let large = vec![0_u8; (64 << 20) + 1];
    let got = upload(&world, "rita", "application/octet-stream", &large).await;
    assert_eq!((got.status, got.code()), (413, "payload_too_large"));
    let more_than_json_may_be = vec![b'x'; 2 << 20];
    let got = upload(&world, "rita", "application/octet-stream", &more_than_json_may_be).await.ok();
    assert_eq!(got.body["size"], 2 << 20);
    let request = Request::post("/api/v1/blobs").body(Body::from("x")).unwrap();
    assert_eq!(world.send(request).await.status, 401);
}

/// A body of which nothing ever comes, and that says when it is looked at.
struct Silent(std::sync::Arc<std::sync::atomic::AtomicBool>);

impl futures_core::Stream for Silent {
    type Item = std::io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.store(true, std::sync::atomic::Ordering::SeqCst);
        Poll::Pending
    }
}

/// A body takes up to 64 MiB while it comes: only so many are read at a time, and one person leaves room for others.
#[tokio::test(flavor = "multi_thread")]
async fn g22_only_so_many_files_are_taken_in_at_once() {
    let world = std::sync::Arc::new(World::enabled().await);
    let mut sent = Vec::new();
    for _ in 0..6 {
        let (world, read) = (std::sync::Arc::clone(&world), std::sync::Arc::default());
        let body = Body::from_stream(Silent(std::sync::Arc::clone(&read)));
        let sending = tokio::spawn(async move {
            let request = Request::post("/api/v1/blobs").header("authorization", world.bearer("rita"));
            world.open(request.body(body).unwrap()).await
        });
        sent.push((read, sending));
    }
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let being_read =
        || sent.iter().filter(|(read, _)| read.load(std::sync::atomic::Ordering::SeqCst)).count();
    assert_eq!(being_read(), 2, "the others wait unread");
    upload(&world, "sam", "text/plain", b"there is room for another").await.ok();
    sent.iter().for_each(|(_, sending)| sending.abort());
    upload(&world, "rita", "text/plain", b"and for her again").await.ok();
}
