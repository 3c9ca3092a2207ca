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
async fn g20_one_event_is_read_through_the_same_gate() {
    let world = World::enabled().await;
    world.authorized().await;
    let seq = world.kinds().iter().position(|kind| kind == "VoteCast").unwrap();
    let path = format!("/api/v1/audit/events/{seq}");
    let event = world.get("cora", &path).await.ok().body;
    assert_eq!((&event["kind"], &event["entry"]["seq"]), (&json!("VoteCast"), &json!(seq)));
    assert_eq!(event["person"]["upn"], "bob@fabrikam.example");
    let stored = world.engine.reader().entries(seq as u64, 1).unwrap().remove(0);
    assert_eq!(event["leaf_hash"], json!(countersign_ledger::hash::leaf_hash(&stored.bytes)));
    assert!(!event.to_string().contains("seen"), "a comment stays sealed");
    let related: Vec<&str> =
        event["related"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert_eq!(related, ["RequestSubmitted", "VoteCast", "AuthorizationGranted"], "what hangs together");
    assert_eq!(event["policy_version"]["kind"], "PolicyCreated");
    assert_eq!(world.count("AuditWasRead"), 1, "the event among those of its request");
    world.get("cora", &path).await.ok();
    assert_eq!(world.count("AuditWasRead"), 1, "the same reading");
    assert_eq!(world.get("cora", "/api/v1/audit/events/999999").await.status, 404);
    let refused = world.get("sam", &path).await;
    let unknown = world.get("sam", "/api/v1/audit/events/999999").await;
    assert_eq!((refused.status, refused.told()), (403, unknown.told()), "who may not read learns nothing");
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

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_policies_is_tried_before_it_is_made() {
    let world = World::enabled().await;
    let number = world.authorized().await;
    world.ask("rita", "Host\\Sleep", json!({"Note": {"equals": "green"}})).await;
    let policy = items(&world.get("ada", "/api/v1/policies").await.ok().body)[0].clone();
    assert_eq!(policy["warnings"], json!({"short": false, "hangs_on_one": false, "weaker_than": []}));
    let set = "Countersign\\Set-ElevatedAccessApprovalPolicy";
    let values = json!({"Identity": policy["id"], "Approvers": 2, "MaximumDurationHours": 1});
    let events = world.kinds().len();
    let tried =
        world.post("ada", "/api/v1/policies/try", json!({"task": set, "values": values})).await.ok().body;
    assert_eq!(world.kinds().len(), events, "nothing is recorded");
    assert_eq!((&tried["ends"]["authorizations"], &tried["ends"]["requests"]), (&json!(1), &json!(1)));
    assert_eq!(tried["ends"]["numbers"][0], json!(number));
    let one = &tried["policies"][0];
    assert_eq!((&one["compared"], &one["warnings"]["hangs_on_one"]), (&json!("stronger"), &json!(false)));
    assert_ne!(one["words"], one["before"]);
    assert_eq!((&one["could"]["people"], &one["could"]["fewest"]), (&json!(1), &json!(3)), "{one}");
    assert_eq!(one["could"]["fewest_now"], 2);
    let past = &tried["past"];
    assert_eq!((&past["concerned"], &past["same"], &past["complete"]), (&json!(2), &json!(0), &json!(true)));
    let refused = json!({"verdict": "refused", "code": "duration_out_of_range"});
    let decided = json!({"verdict": "decided", "people": 1});
    assert_eq!(past["outcomes"], json!([{"now": decided, "then": refused, "requests": 2}]));
    assert_eq!(past["changed"][1]["number"], json!(number));
    let text = tried.to_string();
    assert!(!text.contains("the disk is full") && !text.contains("blue"), "no reasons, no parameters");
    let many = json!({"task": set, "values": {"Identity": policy["id"], "Approvers": 9}});
    let refused = world.post("ada", "/api/v1/policies/try", many).await.ok().body;
    assert_eq!(
        (&refused["refusal"]["code"], &refused["policies"]),
        (&json!("quorum_impossible"), &json!([]))
    );
    let other = json!({"task": "Countersign\\New-Group", "values": {}});
    assert_eq!(world.post("ada", "/api/v1/policies/try", other).await.status, 422);
    let asked = json!({"task": set, "values": {"Identity": policy["id"]}});
    for name in ["rita", "bob"] {
        let status = world.post(name, "/api/v1/policies/try", asked.clone()).await.status;
        assert_eq!(status, 404, "{name} does not read configuration");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn g14_explaining_says_what_a_protected_act_would_end() {
    let world = World::enabled().await;
    world.authorized().await;
    let disable = json!({"task": "Countersign\\Disable-ElevatedAccessControl", "values": {}});
    let shown = world.post("ada", "/api/v1/explain", disable.clone()).await.ok().body;
    assert_eq!((&shown["allowed"], &shown["ends"]["authorizations"]), (&json!(false), &json!(1)));
    assert_eq!(shown["refusal"]["code"], "authorization_required");
    let shown = world.post("sam", "/api/v1/explain", disable).await.ok().body;
    assert_eq!(shown["ends"]["authorizations"], 0, "what lives is configuration");
    let enable =
        json!({"task": "Countersign\\Enable-ElevatedAccessControl", "values": {"AdminGroup": "Approvers"}});
    let shown = world.post("ada", "/api/v1/explain", enable).await.ok().body;
    assert_eq!(shown["then_refused"]["code"], "already_in_state");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_shows_its_versions_and_every_way_to_it() {
    let world = World::enabled().await;
    let path = "/api/v1/tasks/Host/Sleep/versions";
    let versions = items(&world.get("ada", path).await.ok().body);
    assert_eq!((versions.len(), &versions[0]["version"]), (1, &json!(1)));
    assert_eq!(versions[0]["by"]["upn"], "ada@fabrikam.example");
    assert_eq!(versions[0]["definition"]["name"], "Host\\Sleep");
    assert_eq!(world.get("rita", path).await.status, 404);
    let who = world.get("ada", "/api/v1/tasks/Host/Sleep/who-could").await.ok().body;
    assert_eq!(who["people"][0]["ways"][0]["target"], json!({"type": "Task", "name": "Host\\Sleep"}));
    assert_eq!(who["groups"][0]["name"], "Approvers");
    assert_eq!(who["groups"][0]["people"].as_array().unwrap().len(), 3);
    let who = world.get("ada", "/api/v1/tasks/Host/Look/who-could").await.ok().body;
    let way = &who["people"][0]["ways"][0];
    assert_eq!((&way["role"], &way["role_groups"]), (&json!("Host\\Operator"), &json!(["Host\\Operators"])));
    assert_eq!(who["groups"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn g8_system_accounts_are_listed_for_who_reads_configuration() {
    let world = World::enabled().await;
    let made = json!({"UserPrincipalName": "svc@fabrikam.example", "DisplayName": "svc", "Owner": world.people["sam"].id});
    let svc = world.act("New-ServiceAccount", made).await["made"]["person"].clone();
    world.act("Add-SystemAccount", json!({"Identity": svc, "Reason": "nightly", "Days": 9})).await;
    let path = "/api/v1/organization/system-accounts";
    let accounts = items(&world.get("ada", path).await.ok().body);
    assert_eq!((accounts.len(), &accounts[0]["account"]["id"]), (1, &svc));
    assert_eq!((&accounts[0]["reason"], &accounts[0]["last_used"]), (&json!("nightly"), &Json::Null));
    assert_eq!(accounts[0]["owner"]["upn"], "sam@fabrikam.example");
    assert_eq!(world.get("sam", path).await.status, 404, "not even the owner's: it is configuration");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_mail_says_that_there_is_no_way_to_send() {
    let world = World::enabled().await;
    let path = "/api/v1/organization/test-mail";
    assert_eq!(world.post("ada", path, json!({})).await.ok().body["outcome"], "not_set_up");
    assert_eq!(world.post("rita", path, json!({})).await.status, 404);
}
