//! The good story: every kind of ground and of end, once.

use countersign_ledger::Digest;
use serde_json::{Value, json};

use crate::story::{
    Ask, HOUR, Story, about, approvers, by, by_role, control_terms, digest, disk_terms, id, person, restart,
    session, system,
};

const SECOND: i64 = 1_000_000;

/// From the beginning to a quorum that is lost.
pub(crate) fn good() -> Story {
    let mut story = Story::new();
    story.begin();
    let ping = story.run("ping", "rita", "Host\\Ping", &by_role(), &json!({}));
    story.finish("ping/end", &ping);

    // Asked for two hours, approved for one.
    story.ask("R1", &restart(1));
    story.wait(SECOND);
    let wider = story.statement_of(1);
    let narrower = narrowed(&story, &wider);
    let to = story.copy.keep_statement(&narrower);
    story.push_about(
        "R1/narrowed",
        session("bob"),
        Some(1),
        "RequestNarrowed",
        json!({"number": 1, "from": wider, "to": to, "duration": HOUR, "uses": 2}),
    );
    story.vote("R1/vote", 1, "bob");
    story.grant("R1/grant", 1, Some("bob"), 1, Some(2));
    let values = json!({"Unit": "nginx", "Force": false, "Level": 3});
    let first = story.run("restart", "rita", "Host\\Restart", &by(1), &values);
    story.finish("restart/end", &first);
    let second = story.run("again", "rita", "Host\\Restart", &by(1), &values);
    story.wait(SECOND);
    let comment = story.sealed("enough");
    story.push_about(
        "R1/revoked",
        session("cyd"),
        Some(1),
        "AuthorizationEnded",
        json!({"number": 1, "how": "revoked", "comment": comment}),
    );
    story.push_about(
        "again/stop",
        system(),
        Some(1),
        "StopRequested",
        json!({"execution": second, "why": "revoked"}),
    );
    story.wait(SECOND);
    story.push("again/end", system(), "ExecutionFinished", json!({"execution": second, "outcome": {"outcome": "stopped", "why": "revoked", "confirmed": true}, "output": null}));

    // Approved by itself.
    let disk = Ask {
        number: 2,
        task: "Host\\Disk",
        policy: id("pol", 3),
        terms: disk_terms(),
        constraints: json!({"Unit": "any"}),
        uses: None,
        ..restart(2)
    };
    story.ask("R2", &disk);
    story.grant("R2/grant", 2, None, 2, None);
    let run = story.run("disk", "rita", "Host\\Disk", &by(2), &json!({"Unit": "sda", "Level": 3}));
    story.finish("disk/end", &run);

    // Exempt.
    let exempt = story.run(
        "exempt",
        "svc",
        "Host\\Restart",
        &json!({"basis": "exemption", "role": "Host\\Operator"}),
        &json!({"Unit": "sshd"}),
    );
    story.finish("exempt/end", &exempt);

    // By a token, for what needs none.
    story.wait(SECOND);
    let label = story.sealed("a script");
    story.push("token", session("rita"), "TokenIssued", json!({"token": id("t", 1), "person": person("rita"), "secret": digest("token"), "scopes": ["execute"], "until": story.now + 500 * HOUR, "label": label}));
    let ping = story.run("scripted", "rita", "Host\\Ping", &by_role(), &json!({}));
    story.entry("scripted")["actor"]["token"] = id("t", 1).into();
    story.finish("scripted/end", &ping);

    // A live authorization that rests on cyd's vote, and a control-plane act that takes cyd out of the group.
    story.ask("R3", &restart(3));
    story.wait(SECOND);
    story.vote("R3/vote", 3, "cyd");
    story.grant("R3/grant", 3, Some("cyd"), 2, Some(2));
    let name = "Countersign\\Remove-GroupMember";
    let removed = json!({"group": approvers(), "added": [], "removed": [person("cyd")], "ends": {"authorizations": {"quorum_lost": "D"}}});
    let effects = [("GroupMembersChanged", removed)];
    let about: Vec<Value> = about(&effects).into_iter().map(|text| json!({"string": text})).collect();
    let constraints =
        json!({"Label": {"equals": {"string": "remove"}}, "About": {"equals": {"list": about}}});
    story.ask(
        "R4",
        &Ask {
            number: 4,
            person: "ada",
            task: name,
            policy: id("pol", 0),
            terms: control_terms(name),
            constraints,
            hours: 1,
            uses: Some(1),
        },
    );
    story.wait(SECOND);
    story.vote("R4/vote", 4, "bob");
    story.grant("R4/grant", 4, Some("bob"), 1, Some(1));
    story.own("remove", "ada", "Remove-GroupMember", &by(4), &effects);
    let told = json!({"number": 3, "how": "quorum_lost", "comment": null});
    story.push_about("R3/told", system(), Some(3), "AuthorizationEnded", told);

    // Denied, and expired.
    story.ask("R5", &restart(5));
    story.wait(SECOND);
    let comment = story.sealed("no");
    story.push_about(
        "R5/denied",
        session("bob"),
        Some(5),
        "RequestEnded",
        json!({"number": 5, "how": "denied", "comment": comment}),
    );
    story.ask("R6", &restart(6));
    story.wait(25 * HOUR);
    story.push_about(
        "R4/expired",
        system(),
        Some(4),
        "AuthorizationEnded",
        json!({"number": 4, "how": "expired", "comment": null}),
    );
    story.push_about(
        "R6/expired",
        system(),
        Some(6),
        "RequestEnded",
        json!({"number": 6, "how": "expired", "comment": null}),
    );
    story
}

/// The statement of R-1 for one hour instead of two.
pub(crate) fn narrowed(story: &Story, wider: &Value) -> Value {
    let bytes = &story.copy.sealed[&serde_json::from_value::<Digest>(wider.clone()).unwrap()].value;
    let mut statement: Value = serde_json::from_slice(bytes).unwrap();
    statement["duration"] = HOUR.into();
    statement["latest_end"] = (statement["latest_end"].as_i64().unwrap() - HOUR).into();
    statement["salt"] = "0123456789abcdef0123456789abcdef".into();
    statement["narrows"] = wider.clone();
    statement
}
