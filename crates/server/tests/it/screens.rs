//! What screens need beside the main job: one's own sessions, figures, runspaces, what one may ask for.

use serde_json::{Value as Json, json};

use crate::world::World;

fn items(body: &Json) -> Vec<Json> {
    body["items"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_sessions_are_listed_and_ended_one_by_one() {
    let mut world = World::enabled().await;
    let first = world.bearer("rita");
    world.again("rita").await;
    let mine = items(&world.get("rita", "/api/v1/sessions").await.ok().body);
    assert_eq!(mine.len(), 2);
    let current: Vec<bool> = mine.iter().map(|session| session["current"].as_bool().unwrap()).collect();
    assert_eq!(current.iter().filter(|current| **current).count(), 1);
    let other = mine.iter().find(|session| session["current"] == false).unwrap();
    assert_eq!(other["second_factor"], true);
    let path = format!("/api/v1/sessions/{}", other["id"].as_str().unwrap());
    assert_eq!(world.delete("sam", &path).await.status, 404, "another's session is nobody's business");
    assert_eq!(world.call("GET", "/api/v1/me", &[("authorization", &first)], None).await.status, 200);
    world.delete("rita", &path).await.ok();
    assert_eq!(world.call("GET", "/api/v1/me", &[("authorization", &first)], None).await.status, 401);
    assert_eq!(world.delete("rita", &path).await.status, 404);
    assert_eq!(items(&world.get("rita", "/api/v1/sessions").await.ok().body).len(), 1);
    assert_eq!(items(&world.get("sam", "/api/v1/sessions").await.ok().body).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_removed_by_showing_it_unless_others_rely_on_it() {
    let mut world = World::enabled().await;
    let path = "/api/v1/me/second-factor/remove";
    let wrong = world.post("rita", path, json!({"code": "000000"})).await;
    assert_eq!(wrong.status, 401, "{}", wrong.text);
    let before = world.bearer("rita");
    let code = world.code("rita");
    let removed = world.post("rita", path, json!({"code": code})).await.ok().body;
    assert_eq!(
        (&removed["second_factor"], &removed["second_factor_enrolled"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(world.call("GET", "/api/v1/me", &[("authorization", &before)], None).await.status, 401);
    world.people.get_mut("rita").unwrap().session = removed["session"].as_str().unwrap().to_owned();
    assert_eq!(world.get("rita", "/api/v1/me").await.ok().body["second_factor_enrolled"], false);
    assert_eq!(world.count("CredentialRemoved"), 2, "the authenticator and its recovery codes");
    let again = world.post("rita", path, json!({"code": "000000"})).await;
    assert_eq!((again.status, again.code()), (409, "not_enrolled"));
    let code = world.code("cyd");
    world.post("cyd", path, json!({"code": code})).await.ok();
    let code = world.code("bob");
    let refused = world.post("bob", path, json!({"code": code})).await;
    assert_eq!((refused.status, refused.code()), (409, "last_people"), "two who can decide must stay");
    assert_eq!(world.get("bob", "/api/v1/me").await.ok().body["second_factor_enrolled"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_are_found_by_what_they_do_and_whether_one_may_ask() {
    let world = World::enabled().await;
    let names = |body: &Json| -> Vec<String> {
        items(body).iter().map(|task| task["name"].as_str().unwrap().to_owned()).collect()
    };
    let asked = world.get("rita", "/api/v1/tasks?may_ask=true&workload=Host").await.ok().body;
    assert_eq!(names(&asked), ["Host\\Sleep"], "Host\\Look has no policy to ask under");
    let found = world.get("rita", "/api/v1/tasks?text=LOOK&workload=Host").await.ok().body;
    assert_eq!(names(&found), ["Host\\Look"]);
    let disabling = world.get("sam", "/api/v1/tasks?text=disable%20person").await.ok().body;
    assert!(names(&disabling).contains(&"Countersign\\Disable-User".to_owned()), "{disabling}");
    assert!(
        names(&world.get("sam", "/api/v1/tasks?text=sleep").await.ok().body).is_empty(),
        "not sam's to know"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn g5_a_role_says_what_is_demanded_and_what_it_leaves_shut() {
    let world = World::enabled().await;
    let role = json!({"Role": "Host\\Operator"});
    world.act("New-ElevatedAccessApprovalPolicy", role).await;
    let role = items(&world.get("rita", "/api/v1/roles").await.ok().body)[0].clone();
    assert_eq!((&role["may_ask"], &role["shut"]), (&json!(true), &json!(["Host\\Sleep"])));
    assert!(role["policies"][0]["words"][0].as_str().unwrap().contains("Approvers"), "{role}");
    assert_eq!(role["policies"][0]["may_ask"], true);
    let group = items(&world.get("rita", "/api/v1/role-groups").await.ok().body)[0].clone();
    assert_eq!((&group["policies"], &group["shut"]), (&json!([]), &json!([])));
}

#[tokio::test(flavor = "multi_thread")]
async fn g20_a_histogram_is_the_same_reading_as_its_search() {
    let world = World::enabled().await;
    world.authorized().await;
    let found = items(&world.get("cora", "/api/v1/audit/events?request=R-1&limit=500").await.ok().body);
    let read = world.count("AuditWasRead");
    let counted = world.get("cora", "/api/v1/audit/histogram?request=R-1&parts=24").await.ok().body;
    assert_eq!(world.count("AuditWasRead"), read, "the same filter adds no reading");
    let events: u64 = items(&counted).iter().map(|part| part["events"].as_u64().unwrap()).sum();
    assert_eq!((events, items(&counted).len()), (found.len() as u64, 24));
    let value = world.get("cora", "/api/v1/audit/histogram?text=note%3Dblue").await.ok().body;
    let events: u64 = items(&value).iter().map(|part| part["events"].as_u64().unwrap()).sum();
    assert!(events > 0, "a parameter's value is found, and not shown: {value}");
    let policy = items(&world.get("ada", "/api/v1/policies").await.ok().body)[0]["id"].clone();
    let by_policy = format!("/api/v1/audit/events?policy={}", policy.as_str().unwrap());
    assert!(!items(&world.get("cora", &by_policy).await.ok().body).is_empty());
    for (query, status) in [
        ("parts=0", 422),
        ("parts=401", 422),
        ("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", 422),
        ("limit=5", 422),
        ("policy=x", 422),
    ] {
        assert_eq!(
            world.get("cora", &format!("/api/v1/audit/histogram?{query}")).await.status,
            status,
            "{query}"
        );
    }
    assert_eq!(world.get("sam", "/api/v1/audit/histogram").await.code(), "role_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_overview_counts_what_happened_for_who_reads_configuration() {
    let world = World::enabled().await;
    let before = world.get("ada", "/api/v1/overview").await.ok().body;
    assert_eq!(before["never_used"], json!(["Host\\Look", "Host\\Sleep"]));
    let holders = before["standing"]["holders"].as_array().unwrap();
    let rita = holders.iter().find(|holder| holder["person"]["upn"] == "rita@fabrikam.example").unwrap();
    assert_eq!(rita["tasks"], 1, "Host\\Look is unprotected, Host\\Sleep is not");
    assert_eq!(
        before["standing"]["grants"].as_u64().unwrap(),
        holders.iter().map(|it| it["tasks"].as_u64().unwrap()).sum::<u64>()
    );
    world.authorized().await;
    let run = json!({"task": "Host\\Sleep", "values": {"Note": "blue"}});
    world.post("rita", "/api/v1/executions", run).await.ok();
    let number = world.ask("rita", "Host\\Sleep", json!({"Note": {"equals": "red"}})).await;
    let statement =
        world.get("cyd", &format!("/api/v1/requests/{number}")).await.ok().body["statement"].clone();
    world.clock.advance(countersign_core::time::Span::from_secs(90));
    let deny = json!({"statement": statement, "comment": "no"});
    world.post("cyd", &format!("/api/v1/requests/{number}/deny"), deny).await.ok();
    world.ask("rita", "Host\\Sleep", json!({"Note": {"equals": "green"}})).await;
    let after = world.get("ada", "/api/v1/overview").await.ok().body;
    assert_eq!(after["never_used"], json!(["Host\\Look"]));
    assert_eq!((&after["live"]["requests"], &after["live"]["authorizations"]), (&json!(1), &json!(1)));
    let days = after["activity"]["days"].as_array().unwrap();
    let today = days.last().unwrap();
    assert_eq!(days.len(), 30);
    for (what, count) in [("requests", 3), ("approved", 1), ("denied", 1), ("pending", 1), ("ended", 0)] {
        assert_eq!(today[what], count, "{what}");
    }
    assert_eq!(after["activity"]["time_to_decision"]["decisions"], 2);
    assert!(after["activity"]["time_to_decision"]["slow_secs"].as_u64().unwrap() <= 90);
    let approvers = after["activity"]["approvers"].as_array().unwrap();
    let of = |name: &str| approvers.iter().find(|it| it["person"]["display_name"] == name).unwrap().clone();
    assert_eq!(
        (&of("bob")["approved"], &of("bob")["always_yes"]),
        (&json!(1), &json!(false)),
        "one yes is no habit"
    );
    assert_eq!((&of("cyd")["approved"], &of("cyd")["denied"]), (&json!(0), &json!(1)));
    assert_eq!(after["mail"]["set_up"], false);
    let text = after.to_string();
    assert!(!text.contains("the disk is full") && !text.contains("blue"), "no reasons, no parameters");
    for name in ["rita", "sam"] {
        assert_eq!(world.get(name, "/api/v1/overview").await.status, 404, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn runspaces_are_shown_with_their_workloads_to_who_reads_configuration() {
    let world = World::enabled().await;
    let shown = world.get("ada", "/api/v1/runspaces").await.ok().body;
    assert_eq!(shown["runner"]["state"], "absent");
    let process = items(&shown).into_iter().find(|item| item["name"] == "process").unwrap();
    assert_eq!(process["workloads"], json!([{"name": "Host", "tasks": 2}]));
    assert_eq!(process["available"], false);
    assert_eq!(world.get("rita", "/api/v1/runspaces").await.status, 404);
}
