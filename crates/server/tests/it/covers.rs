//! What a request for a role opens: the first tasks with the request, all of them a page at a time.

use serde_json::{Value as Json, json};

use crate::world::{World, task};

#[tokio::test(flavor = "multi_thread")]
async fn g7_what_a_request_opens_is_shown_in_part_and_listed_whole() {
    let world = World::enabled().await;
    let names: Vec<String> = (0..120).map(|index| format!("Host\\Many-{index:03}")).collect();
    for some in names.chunks(60) {
        let definitions: Vec<_> = some.iter().map(|name| task(name)).collect();
        let definitions = serde_json::to_string(&definitions).unwrap();
        world.act("Import-TaskPack", json!({"Workload": "Host", "Definitions": definitions})).await;
    }
    world.act("New-ManagementRole", json!({"Name": "Host\\Many", "Task": names})).await;
    world.act("New-ElevatedAccessApprovalPolicy", json!({"Role": "Host\\Many", "Everyone": true})).await;
    let body = json!({"target": {"type": "Role", "name": "Host\\Many"}, "reason": "all of it"});
    let asked = world.post("rita", "/api/v1/requests", body).await.ok().body;
    let number = asked["number"].as_str().unwrap();
    let shown = world.get("bob", &format!("/api/v1/requests/{number}")).await.ok().body;
    let covers = &shown["covers"];
    assert_eq!((&covers["count"], &covers["role_version"]), (&json!(120), &json!(1)));
    let first: Vec<Json> = names[..100].iter().map(|name| json!(name)).collect();
    assert_eq!(covers["first"], json!(first));
    let statement: Json = serde_json::from_str(shown["statement_text"].as_str().unwrap()).unwrap();
    assert_eq!(statement["covers"]["list"], covers["list"], "what is approved names the list");
    let mut listed = Vec::new();
    let mut next = String::new();
    loop {
        let path = format!("/api/v1/requests/{number}/tasks?limit=50{next}");
        let page = world.get("rita", &path).await.ok().body;
        listed.extend(page["items"].as_array().unwrap().iter().map(|item| item["name"].clone()));
        match page["next"].as_str() {
            Some(cursor) => next = format!("&cursor={}", cursor.replace('\\', "%5C")),
            None => break,
        }
    }
    assert_eq!(json!(listed), json!(names));
    let path = format!("/api/v1/requests/{number}/tasks");
    assert_eq!(world.get("sam", &path).await.status, 404, "it is nobody else's business");
    let odd = world.get("rita", &format!("{path}?cursor=x")).await;
    assert_eq!((odd.status, odd.code()), (422, "invalid_input"));
    // Over, it is read from beside the ledger.
    world.post("rita", &format!("/api/v1/requests/{number}/cancel"), json!({})).await.ok();
    let page = world.get("rita", &format!("{path}?limit=500")).await.ok().body;
    assert_eq!(page["items"].as_array().unwrap().len(), 120);
}
