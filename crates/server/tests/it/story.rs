//! The whole way, by HTTP.

use serde_json::json;

use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn from_refusal_to_revocation() {
    let world = World::enabled().await;
    let run = json!({"task": "Host\\Sleep", "values": {"Note": "blue"}});
    let refused = world.post("rita", "/api/v1/executions", run.clone()).await;
    assert_eq!((refused.status, refused.code()), (403, "authorization_required"));
    let detail = refused.body["detail"].as_str().unwrap();
    assert!(
        detail
            .starts_with("Insufficient permissions. Please raise an elevated access request for this task.")
    );
    assert!(refused.body["hint"].as_str().unwrap().contains("New-ElevatedAccessRequest"));
    assert_eq!(refused.headers["content-type"], "application/problem+json");
    assert_eq!(
        refused.body["request_id"].as_str().unwrap(),
        refused.headers["x-request-id"].to_str().unwrap()
    );

    let number = world.ask("rita", "Host\\Sleep", json!({"Note": {"equals": "blue"}})).await;
    let waiting = world.post("rita", "/api/v1/executions", run.clone()).await;
    assert_eq!(waiting.code(), "waiting_for_approval");
    let seen = world.get("bob", &format!("/api/v1/requests/{number}")).await.ok().body;
    assert_eq!(seen["requester"]["upn"], "rita@fabrikam.example");
    assert_eq!(seen["parameters"][0]["text"], "\"blue\"");
    assert_eq!(seen["can"], json!(["approve", "deny", "question", "preview"]));
    assert_eq!(seen["stage_groups"][0]["name"], "Approvers");
    let text = seen["statement_text"].as_str().unwrap();
    let digest = countersign_ledger::hash::sha256(text.as_bytes()).to_string();
    assert_eq!(seen["statement"], digest, "what is approved is the text that is shown");
    let to_decide = world.get("bob", "/api/v1/requests?to_decide=true").await.ok().body;
    assert_eq!(to_decide["items"][0]["number"], number.as_str());

    let path = format!("/api/v1/requests/{number}");
    world.post("bob", &format!("{path}/question"), json!({"text": "Which disk?"})).await.ok();
    world.post("rita", &format!("{path}/answer"), json!({"text": "The first."})).await.ok();
    let own = world.approve("rita", &number).await;
    assert_eq!(own.status, 403);
    assert_eq!(world.approve("bob", &number).await.ok().body["status"], "approved");
    let messages = world.get("rita", &path).await.ok().body["messages"].clone();
    assert_eq!((&messages[0]["text"], &messages[1]["text"]), (&json!("Which disk?"), &json!("The first.")));

    let started = world.post("rita", "/api/v1/executions", run.clone()).await.ok();
    assert_eq!(started.status, 202);
    let id = started.body["execution"].as_str().unwrap();
    let execution = world.get("rita", &format!("/api/v1/executions/{id}")).await.ok().body;
    assert_eq!(
        execution["basis"],
        json!({"kind": "authorization", "number": number, "preview": null, "role": null})
    );
    assert_eq!(execution["values"], json!({"Note": "blue"}));
    let other = json!({"task": "Host\\Sleep", "values": {"Note": "red"}});
    assert_eq!(world.post("rita", "/api/v1/executions", other).await.status, 403);

    let authorization = format!("/api/v1/authorizations/{number}");
    assert_eq!(world.get("rita", &authorization).await.ok().body["status"], "active");
    world.post("cyd", &format!("{authorization}/revoke"), json!({"comment": "no longer"})).await.ok();
    let ended = world.get("rita", &authorization).await.ok().body;
    assert_eq!((&ended["status"], &ended["end_comment"]), (&json!("revoked"), &json!("no longer")));
    assert_eq!(world.post("rita", "/api/v1/executions", run).await.status, 403);
    let mine = world.get("rita", "/api/v1/authorizations?mine=true&status=active").await.ok().body;
    assert_eq!(mine["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn denied_cancelled_given_back_and_approved_for_less() {
    let world = World::enabled().await;
    let constraints = json!({"Note": {"equals": "blue"}});
    let number = world.ask("rita", "Host\\Sleep", constraints.clone()).await;
    let path = format!("/api/v1/requests/{number}");
    let statement = world.get("bob", &path).await.ok().body["statement"].clone();
    let wordless = json!({"statement": statement, "comment": " "});
    assert_eq!(world.post("bob", &format!("{path}/deny"), wordless).await.status, 422);
    world.post("bob", &format!("{path}/deny"), json!({"statement": statement, "comment": "no"})).await.ok();
    let denied = world.get("rita", &path).await.ok().body;
    assert_eq!((&denied["status"], &denied["comment"]), (&json!("denied"), &json!("no")));

    let number = world.ask("rita", "Host\\Sleep", constraints.clone()).await;
    let again = world.get("bob", &format!("/api/v1/requests/{number}")).await.ok().body;
    assert_eq!(again["denied_before"], denied["number"], "the same request sent again shows its denial");
    assert_eq!(again["history"][0]["number"], denied["number"]);
    world.post("rita", &format!("/api/v1/requests/{number}/cancel"), json!({})).await.ok();

    let number = world.ask("rita", "Host\\Sleep", constraints).await;
    let path = format!("/api/v1/requests/{number}");
    let statement = world.get("bob", &path).await.ok().body["statement"].clone();
    let less = json!({"statement": statement, "less": {"duration_secs": 600, "uses": 1}});
    world.post("bob", &format!("{path}/approve"), less).await.ok();
    let narrowed = world.get("rita", &path).await.ok().body;
    assert_eq!((&narrowed["duration_secs"], &narrowed["uses"]), (&json!(600), &json!(1)));
    assert_ne!(narrowed["statement"], statement);
    world.post("rita", &format!("/api/v1/authorizations/{number}/give-back"), json!({})).await.ok();
    let listed = world.get("rita", "/api/v1/requests?mine=true").await.ok().body;
    assert_eq!(listed["items"].as_array().unwrap().len(), 3);
    assert_eq!(listed["items"][0]["authorization"]["status"], "given_back");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_carries_out_once() {
    let world = World::enabled().await;
    let body = json!({
        "target": {"type": "Task", "name": "Host\\Sleep"}, "constraints": {"Note": {"equals": "blue"}}, "reason": "twice",
    });
    let auth = world.bearer("rita");
    let headers = [("authorization", auth.as_str()), ("idempotency-key", "k-1")];
    let first = world.call("POST", "/api/v1/requests", &headers, Some(body.clone())).await.ok();
    let second = world.call("POST", "/api/v1/requests", &headers, Some(body.clone())).await.ok();
    assert_eq!(first.body, second.body);
    assert_eq!(world.count("RequestSubmitted"), 1);
    let mut other = body.clone();
    other["reason"] = json!("something else");
    let mismatch = world.call("POST", "/api/v1/requests", &headers, Some(other)).await;
    assert_eq!((mismatch.status, mismatch.code()), (422, "idempotency_mismatch"));
    for bad in ["", "a b", &"x".repeat(201)] {
        let headers = [("authorization", auth.as_str()), ("idempotency-key", bad)];
        let got = world.call("POST", "/api/v1/requests", &headers, Some(body.clone())).await;
        assert_eq!(got.status, 422, "{bad}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_happen_is_explained_and_nothing_is_recorded() {
    let world = World::enabled().await;
    let before = world.kinds().len();
    let ask = json!({"task": "Host\\Sleep", "values": {"Note": "blue"}});
    let told = world.post("rita", "/api/v1/explain", ask.clone()).await.ok().body;
    assert_eq!(
        (&told["allowed"], &told["refusal"]["code"]),
        (&json!(false), &json!("authorization_required"))
    );
    let look = json!({"task": "Host\\Look", "values": {}});
    let told = world.post("rita", "/api/v1/explain", look).await.ok().body;
    assert_eq!((&told["allowed"], &told["basis"]["basis"]), (&json!(true), &json!("role")));
    let who = world.get("ada", "/api/v1/tasks/Host/Sleep/who-could").await.ok().body;
    assert_eq!((&who["fewest_people"], who["people"].as_array().unwrap().len()), (&json!(2), 1));
    assert_eq!(who["approvers"].as_array().unwrap().len(), 3);
    assert_eq!(world.kinds().len(), before);

    world.authorized().await;
    let told = world.post("rita", "/api/v1/explain", ask).await.ok().body;
    assert_eq!((&told["allowed"], &told["basis"]["basis"]), (&json!(true), &json!("authorization")));
    let stop = json!({"task": "Countersign\\Stop-AllExecutions", "values": {}});
    let told = world.post("ada", "/api/v1/explain", stop).await.ok().body;
    assert_eq!(told["ends"], json!({"authorizations": 1, "requests": 0, "numbers": ["R-1"]}));
    assert_eq!(world.engine.state().authorizations.len(), 1, "nothing ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn configuration_is_shown_to_those_who_may_read_it() {
    let world = World::enabled().await;
    let organization = world.get("sam", "/api/v1/organization").await.ok().body;
    assert_eq!((&organization["name"], &organization["access"]["state"]), (&json!("Fabrikam"), &json!("on")));
    let codes: Vec<&str> =
        organization["banners"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"mail_not_set_up"), "{codes:?}");
    for (path, all, own) in [
        ("/api/v1/people", 6, 1),
        ("/api/v1/groups", 1, 0),
        ("/api/v1/policies", 1, 0),
        ("/api/v1/tasks?workload=host", 2, 0),
    ] {
        let count = |body: &serde_json::Value| body["items"].as_array().unwrap().len();
        assert_eq!(count(&world.get("ada", path).await.ok().body), all, "{path}");
        assert_eq!(count(&world.get("sam", path).await.ok().body), own, "{path}");
    }
    let found = world.get("ada", "/api/v1/people?text=rit").await.ok().body;
    assert_eq!(found["items"][0]["upn"], "rita@fabrikam.example");
    let me = world.get("rita", "/api/v1/me").await.ok().body;
    assert_eq!((&me["roles"], &me["administrator"]), (&json!(["Host\\Operator"]), &json!(false)));
    let task = world.get("rita", "/api/v1/tasks/host/sleep").await.ok().body;
    assert_eq!((&task["protected"], &task["held"]), (&json!(true), &json!(true)));
    assert_eq!(task["policies"][0]["may_ask"], true);
    assert!(task["policies"][0]["words"][0].as_str().unwrap().contains("Approvers"));
    let policy = world.get("ada", "/api/v1/policies").await.ok().body["items"][0]["id"].clone();
    let policy = world.get("bob", &format!("/api/v1/policies/{}", policy.as_str().unwrap())).await.ok().body;
    assert_eq!(policy["versions"].as_array().unwrap().len(), 1);
    let roles = world.get("rita", "/api/v1/roles").await.ok().body;
    assert_eq!(roles["items"][0]["name"], "Host\\Operator");
    assert_eq!(world.get("rita", "/api/v1/role-groups").await.ok().body["items"][0]["members"], json!(null));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_is_proved_to_outsiders() {
    let world = World::enabled().await;
    let note = world.get("sam", "/api/v1/ledger/checkpoint").await.ok().text;
    let vkey = world.get("sam", "/api/v1/ledger/vkey").await.ok().text;
    let key: countersign_ledger::note::VerifyingKey = vkey.trim().parse().unwrap();
    let head = countersign_ledger::checkpoint::Checkpoint::open(note.as_bytes(), &key).unwrap();
    let submitted = world.authorized().await;
    let kinds = world.kinds();
    let seq = kinds.iter().position(|kind| kind == "RequestSubmitted").unwrap();
    assert!(head.size <= u64::try_from(seq).unwrap());
    world.clock.advance(countersign_core::time::Span::from_secs(2));
    let proof = world.get("rita", &format!("/api/v1/ledger/proof/{seq}")).await.ok().text;
    let proof = countersign_ledger::proof::TlogProof::parse(proof.as_bytes()).unwrap();
    let entry = world.engine.reader().entries(u64::try_from(seq).unwrap(), 1).unwrap().remove(0);
    proof.verify(&entry.bytes, &key).unwrap();
    assert_eq!(world.get("sam", &format!("/api/v1/ledger/proof/{seq}")).await.status, 404, "{submitted}");
    assert_eq!(world.get("sam", "/api/v1/ledger/proof/999999").await.status, 404);
    assert_eq!(world.get("sam", "/api/v1/ledger/tile/0/000.p/5").await.status, 200);
    assert_eq!(world.get("sam", "/api/v1/ledger/tile/entries/000.p/5").await.status, 403);
    assert_eq!(world.get("sam", "/api/v1/ledger/tile/0/../keys").await.status, 404);
    assert_eq!(world.get("cora", "/api/v1/ledger/tile/entries/000.p/5").await.status, 200);
}
