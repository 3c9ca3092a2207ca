//! G20: reading what was recorded is a task, and recorded.

use countersign_core::id::ExecutionId;
use countersign_core::time::Span;
use countersign_store::Stream;
use serde_json::json;

use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn g20_a_search_is_recorded_once_per_filter() {
    let world = World::enabled().await;
    world.authorized().await;
    let first = world.get("cora", "/api/v1/audit/events?text=sleep&limit=2").await.ok().body;
    assert_eq!(world.count("AuditWasRead"), 1);
    let cursor = first["next"].as_str().unwrap();
    let next = format!("/api/v1/audit/events?text=sleep&limit=2&cursor={cursor}");
    let second = world.get("cora", &next).await.ok().body;
    assert_ne!(first["items"], second["items"]);
    world.get("cora", "/api/v1/audit/events?text=sleep&kind=RequestSubmitted").await.ok();
    assert_eq!(world.count("AuditWasRead"), 1, "paging and narrowing add none");
    world.get("cora", "/api/v1/audit/events?text=look").await.ok();
    assert_eq!(world.count("AuditWasRead"), 2);
    world.get("cora", "/api/v1/audit/events").await.ok();
    assert_eq!(world.count("AuditWasRead"), 3, "widening is another search");
    world.clock.advance(Span::from_mins(11));
    world.get("cora", "/api/v1/audit/events?text=sleep").await.ok();
    assert_eq!(world.count("AuditWasRead"), 4, "ten minutes later it is another search");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_search_is_refused_and_that_is_recorded() {
    let world = World::enabled().await;
    let before = world.count("Refused");
    let got = world.get("sam", "/api/v1/audit/events").await;
    assert_eq!((got.status, got.code()), (403, "role_required"));
    assert_eq!(world.get("rita", "/api/v1/audit/export").await.status, 403);
    assert_eq!(world.count("Refused"), before + 2);
    assert_eq!(world.count("AuditWasRead"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_search_closes_with_its_ground() {
    let world = World::enabled().await;
    world.get("cora", "/api/v1/audit/events").await.ok();
    let member = [world.people["cora"].id];
    let values = json!({"Identity": "Countersign\\Compliance Management", "Member": member});
    world.act("Remove-RoleGroupMember", values).await;
    assert_eq!(world.get("cora", "/api/v1/audit/events").await.status, 403);
}

/// What a person opened in a session is not open to a token of theirs that may read and not execute.
#[tokio::test(flavor = "multi_thread")]
async fn an_open_search_is_nothing_to_a_token_of_the_same_person() {
    let world = World::enabled().await;
    let token = async |scope: &str| {
        let form = json!({"label": scope, "scopes": [scope], "days": 1});
        let made = world.post("cora", "/api/v1/tokens", form).await.ok().body;
        format!("Bearer {}", made["token"].as_str().unwrap())
    };
    let search = async |bearer: &str| {
        let headers = [("authorization", bearer)];
        let got = world.call("GET", "/api/v1/audit/events", &headers, None).await;
        (got.status, got.code().to_owned())
    };
    let (reads, runs) = (token("read").await, token("execute").await);
    world.get("cora", "/api/v1/audit/events").await.ok();
    assert_eq!(world.count("AuditWasRead"), 1);
    assert_eq!(search(&runs).await, (403, "token_not_allowed".to_owned()));
    assert_eq!(search(&reads).await, (200, String::new()));
    assert_eq!(world.count("AuditWasRead"), 2, "what the token reads is a reading of its own");
    assert_eq!(search(&reads).await, (200, String::new()));
    assert_eq!(world.count("AuditWasRead"), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_hold_no_sensitive_values_and_exports_are_whole() {
    let world = World::enabled().await;
    let number = world.authorized().await;
    let lines = world.get("cora", "/api/v1/audit/export").await.ok();
    assert!(!lines.text.contains("the disk is full") && !lines.text.contains("blue"));
    let last: serde_json::Value = serde_json::from_str(lines.text.lines().last().unwrap()).unwrap();
    assert_eq!(lines.text.lines().count(), usize::try_from(last["seq"].as_u64().unwrap()).unwrap() + 1);
    let csv = world.get("cora", "/api/v1/audit/export?format=csv&request=R-1").await.ok();
    assert!(csv.headers["content-disposition"].to_str().unwrap().contains("audit-log.csv"));
    assert!(csv.text.starts_with("seq,time,kind,") && csv.text.contains("rita@fabrikam.example"));
    assert!(csv.text.contains(&number));
    let purview = world.get("cora", "/api/v1/audit/export?format=purview").await.ok();
    assert!(purview.text.starts_with("CreationDate,UserIds,Operations,AuditData\r\n"));
    let filtered = world.get("cora", "/api/v1/audit/events?kind=VoteCast").await.ok().body;
    assert_eq!(filtered["items"][0]["person"]["upn"], "bob@fabrikam.example");
    assert_eq!(filtered["items"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn g19_output_is_for_who_ran_it_and_for_readers_on_record() {
    let world = World::enabled().await;
    world.authorized().await;
    let run = json!({"task": "Host\\Sleep", "values": {"Note": "blue"}});
    let got = world.post("rita", "/api/v1/executions", run).await.ok().body;
    let id = got["execution"].as_str().unwrap();
    let execution: ExecutionId = id.parse().unwrap();
    let outputs = world.engine.outputs();
    assert_eq!(
        outputs.append(execution, Stream::Stdout, b"hello \xff", 100).unwrap(),
        countersign_store::Kept::All
    );
    let path = format!("/api/v1/executions/{id}/output");
    let own = world.get("rita", &path).await.ok();
    assert_eq!(own.headers["content-type"], "application/x-ndjson");
    let lines: Vec<serde_json::Value> =
        own.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0], json!({"stream": "stdout", "offset": 0, "data": "aGVsbG8g/w=="}));
    assert!(lines[1].get("outcome").is_some());
    assert_eq!(world.count("AuditWasRead"), 0, "one's own leaves nothing");
    for name in ["bob", "sam", "ada"] {
        assert_eq!(world.get(name, &path).await.status, 403, "{name}");
    }
    assert_eq!(world.get("cora", &path).await.ok().text.lines().count(), 2);
    assert_eq!(world.count("AuditWasRead"), 1);
    let missing = format!("/api/v1/executions/x-{}/output", "0".repeat(32));
    assert_eq!(world.get("cora", &missing).await.status, 404);
    assert_eq!(world.count("AuditWasRead"), 1, "nothing was read");
}
