//! G19: nobody sees what is not theirs, and forbidden ids answer as unknown ones.

use countersign_server::{ALL, Access, Method};
use serde_json::{Value as Json, json};

use crate::world::World;

/// An id of each kind that exists and is none of sam's business, and one that does not exist.
async fn ids(world: &World) -> Vec<(&'static str, String, String)> {
    let number = world.authorized().await;
    let run = json!({"task": "Host\\Sleep", "values": {"Note": "blue"}});
    let execution = world.post("rita", "/api/v1/executions", run).await.ok().body["execution"].clone();
    let token = json!({"label": "x", "scopes": ["read"], "days": 1});
    let token = world.post("rita", "/api/v1/tokens", token).await.ok().body["id"].clone();
    let group = world.get("ada", "/api/v1/groups").await.ok().body["items"][0]["id"].clone();
    let policy = world.get("ada", "/api/v1/policies").await.ok().body["items"][0]["id"].clone();
    let session = world.get("rita", "/api/v1/sessions").await.ok().body["items"][0]["id"].clone();
    let text = |value: Json| value.as_str().unwrap().to_owned();
    let zeros = "0123456789abcdef".repeat(2);
    vec![
        ("/api/v1/requests/", number.clone(), "R-4711".to_owned()),
        ("/api/v1/authorizations/", number, "R-4711".to_owned()),
        ("/api/v1/executions/", text(execution), format!("x-{zeros}")),
        ("/api/v1/tokens/", text(token), format!("t-{zeros}")),
        ("/api/v1/groups/", text(group), format!("g-{zeros}")),
        ("/api/v1/policies/", text(policy), format!("pol-{zeros}")),
        ("/api/v1/people/", world.people["rita"].id.to_string(), format!("p-{zeros}")),
        ("/api/v1/sessions/", text(session), "ab".repeat(32)),
        ("/api/v1/ledger/proof/", "3".to_owned(), "999999".to_owned()),
    ]
}

fn body(route: &countersign_server::Route) -> Option<Json> {
    let digest = "ab".repeat(32);
    (route.method == Method::Post).then(|| match route.body {
        None => json!({}),
        Some(_) if route.path.ends_with("approve") => json!({"statement": digest, "comment": "x"}),
        Some(_) if route.path.ends_with("deny") => json!({"statement": digest, "comment": "x"}),
        Some(_) if route.path.ends_with("revoke") => json!({"comment": "x"}),
        Some(_) => json!({"text": "x"}),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn g19_forbidden_and_unknown_ids_answer_alike_on_every_route() {
    let world = World::enabled().await;
    let ids = ids(&world).await;
    let mut walked = 0;
    for route in ALL.iter().filter(|route| route.path.contains('{') && route.access != Access::Public) {
        let Some((_, known, unknown)) = ids.iter().find(|(prefix, ..)| route.path.starts_with(prefix)) else {
            let others = ["/api/v1/tasks/", "/api/v1/ledger/tile/", "/api/v1/audit/events/"];
            assert!(others.iter().any(|other| route.path.starts_with(other)), "{} is not walked", route.path);
            continue;
        };
        let fill = |id: &str| {
            let parts = route.path.split('/').map(|part| if part.starts_with('{') { id } else { part });
            parts.collect::<Vec<_>>().join("/")
        };
        let auth = world.bearer("sam");
        let headers = [("authorization", auth.as_str())];
        let forbidden = world.call(route.method.as_str(), &fill(known), &headers, body(route)).await;
        let missing = world.call(route.method.as_str(), &fill(unknown), &headers, body(route)).await;
        // An answer may repeat the id that was asked for.
        let (mut one, mut other) = (forbidden.told(), missing.told());
        one.2 = one.2.replace(known.as_str(), "it");
        other.2 = other.2.replace(unknown.as_str(), "it");
        assert_eq!(one, other, "{} {}", route.method.as_str(), route.path);
        assert!((400..500).contains(&forbidden.status), "{} {}", route.path, forbidden.text);
        walked += 1;
    }
    assert!(walked >= 18, "{walked}");
    let task = world.get("sam", "/api/v1/tasks/Host/Sleep").await.told();
    assert_eq!(task, world.get("sam", "/api/v1/tasks/Host/Nothing").await.told());
    assert_eq!(world.get("sam", "/api/v1/tasks/Host/Sleep/who-could").await.told(), task);
}

#[tokio::test(flavor = "multi_thread")]
async fn deny_is_the_default_on_every_route() {
    let world = World::enabled().await;
    let fill = |path: &str| path.replace("{number}", "R-1").replace("{*path}", "0/000.p/1");
    for route in ALL.iter().filter(|route| route.access != Access::Public) {
        let got = world.call(route.method.as_str(), &fill(route.path), &[], None).await;
        assert_eq!((got.status, got.code()), (401, "sign_in_required"), "{}", route.path);
    }
    // A token without any scope that fits is let in nowhere.
    let raise = json!({"label": "x", "scopes": ["raise"], "days": 1});
    let made = world.post("ada", "/api/v1/tokens", raise).await.ok().body;
    let auth = format!("Bearer {}", made["token"].as_str().unwrap());
    for route in ALL.iter().filter(|route| !matches!(route.access, Access::Public | Access::Asking)) {
        let got =
            world.call(route.method.as_str(), &fill(route.path), &[("authorization", &auth)], None).await;
        assert_eq!((got.status, got.code()), (403, "token_not_allowed"), "{}", route.path);
    }
    let ask = |task: &str| json!({"target": {"type": "Task", "name": task}, "reason": "x"});
    let headers = [("authorization", auth.as_str())];
    let raised =
        world.call("POST", "/api/v1/requests", &headers, Some(ask("Countersign\\Enable-User"))).await;
    assert_ne!(raised.code(), "token_not_allowed", "it may raise a request for the control plane");
    let asked = world.call("POST", "/api/v1/requests", &headers, Some(ask("Host\\Sleep"))).await;
    assert_eq!(asked.status, 403, "and no other");
}

#[tokio::test(flavor = "multi_thread")]
async fn g19_lists_hold_nothing_of_others() {
    let world = World::enabled().await;
    ids(&world).await;
    for path in ["requests", "authorizations", "executions", "tokens", "groups", "policies", "roles"] {
        let got = world.get("sam", &format!("/api/v1/{path}")).await.ok();
        assert_eq!(got.body["items"], json!([]), "{path}");
        assert!(!got.text.contains("rita"), "{path}");
    }
    // An administrator reads configuration, not what others ask and run beyond what is addressed to them.
    let executions = world.get("cora", "/api/v1/executions").await.ok().body;
    let sleep =
        executions["items"].as_array().unwrap().iter().find(|item| item["task"] == "Host\\Sleep").unwrap();
    assert_eq!(sleep["values"], json!(null), "an audit reader sees that it ran, not with what");
    let bob = world.get("bob", "/api/v1/executions").await.ok().body;
    let sleep = bob["items"].as_array().unwrap().iter().find(|item| item["task"] == "Host\\Sleep").unwrap();
    assert_eq!(sleep["values"], json!({"Note": "blue"}), "an approver sees how it was used");
    assert_eq!(world.get("cora", "/api/v1/requests").await.ok().body["items"], json!([]));
}

/// Who approves by a later form of the policy was never asked about what was decided under an earlier one.
#[tokio::test(flavor = "multi_thread")]
async fn g19_a_request_that_is_over_is_shown_to_whom_it_was_put_to_and_to_nobody_who_came_by_the_policy_later()
 {
    let world = World::enabled().await;
    world.act("New-Group", json!({"Name": "Others", "Mail": "others@fabrikam.example"})).await;
    let others = ["sam", "cora"].map(|name| world.people[name].id);
    world.act("Add-GroupMember", json!({"Identity": "Others", "Member": others})).await;
    let number = world.ask("rita", "Host\\Sleep", json!({"Note": {"equals": "blue"}})).await;
    let path = format!("/api/v1/requests/{number}");
    let statement = world.get("bob", &path).await.ok().body["statement"].clone();
    let denial = json!({"statement": statement, "comment": "not today"});
    world.post("bob", &format!("{path}/deny"), denial).await.ok();
    let policy = world.get("ada", "/api/v1/policies").await.ok().body["items"][0]["id"].clone();
    let change = json!({"Identity": policy, "ApproverGroup": "Others"});
    world.act("Set-ElevatedAccessApprovalPolicy", change).await;
    assert_eq!(world.get("sam", &path).await.status, 404);
    assert_eq!(world.get("cyd", &path).await.status, 200, "it was put to cyd");
}
