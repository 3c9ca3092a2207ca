//! Files for parameters: uploaded by whoever cites them.

use axum::body::Body;
use axum::http::Request;
use countersign_ledger::hash::sha256;
use serde_json::{Value as Json, json};

use crate::world::{Got, World};

async fn upload(world: &World, name: &str, kind: &str, bytes: &[u8]) -> Got {
    let request = Request::post("/api/v1/blobs")
        .header("authorization", world.bearer(name))
        .header("content-type", kind)
        .body(Body::from(bytes.to_vec()))
        .unwrap();
    world.send(request).await
}

/// Both rita and sam hold `Files\Load`, which no policy covers.
async fn with_a_file_task() -> World {
    let world = World::enabled().await;
    let definition = json!([{
        "name": "Files\\Load",
        "execution": {"runspace": "process", "definition": {"program": "/bin/cat", "arguments": []}},
        "parameters": [{"name": "File", "kind": {"type": "file", "max_size": 100, "text": true}, "required": true}],
    }]);
    let pack = json!({"Workload": "Files", "Definitions": definition.to_string()});
    world.act("Import-TaskPack", pack).await;
    world.act("New-ManagementRole", json!({"Name": "Files\\Loader", "Task": ["Files\\Load"]})).await;
    world.act("New-RoleGroup", json!({"Name": "Files\\Loaders", "Role": ["Files\\Loader"]})).await;
    let members = ["rita", "sam"].map(|name| world.people[name].id);
    world.act("Add-RoleGroupMember", json!({"Identity": "Files\\Loaders", "Member": members})).await;
    world
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
    assert_eq!(run(&world, "rita", &file).await.ok().status, 202);
    let ask = |file: &Json| {
        json!({
            "target": {"type": "Task", "name": "Files\\Load"}, "reason": "x", "constraints": {"File": {"equals": file}},
        })
    };
    let asked = world.post("sam", "/api/v1/requests", ask(&file)).await;
    assert_eq!(asked.code(), "parameter_invalid");
    let asked = world.post("rita", "/api/v1/requests", ask(&file)).await;
    assert_eq!(asked.code(), "not_protected", "her file is no obstacle: {}", asked.text);
    // Whoever has the file too may cite it.
    upload(&world, "sam", "text/plain", b"select 1;\n").await.ok();
    assert_eq!(run(&world, "sam", &file).await.ok().status, 202);
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
