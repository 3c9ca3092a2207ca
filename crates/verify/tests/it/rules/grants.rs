//! G2 to G15: who runs what on which ground, who decides, and when it ends.

use super::*;

#[test]
fn g2_a_role_must_be_held_and_contain_the_task() {
    each(&[
        ("the person does not hold it", Rule::G2, |story| {
            set(story, "ping", "basis", json!({"basis": "role", "role": "Countersign\\Role Management"}))
        }),
        ("it was taken away", Rule::G2, |story| {
            story.data("operators/RoleGroupMembersChanged")["added"] = json!([person("svc")]);
        }),
        ("it does not contain the task", Rule::G2, |story| {
            story.data("role/RoleDefined")["tasks"] = json!(["Host\\Disk", "Host\\Restart"]);
        }),
    ]);
}

#[test]
fn g3_what_is_protected_needs_an_authorization_that_lives() {
    each(&[
        ("a role instead of an authorization", Rule::G3, |story| {
            set(story, "restart", "basis", by_role());
        }),
        ("an authorization that was never granted", Rule::G3, |story| drop(story.remove("R1/grant"))),
        ("an authorization of another number", Rule::G3, |story| {
            set(story, "restart", "basis", by(9));
            story.entry("restart")["request"] = 9.into();
        }),
        ("somebody else's authorization", Rule::G3, |story| {
            set(story, "restart", "person", person("ada"));
            story.entry("restart")["actor"] = session("ada");
        }),
        ("for somebody else", Rule::G3, |story| story.entry("restart")["actor"] = session("ada")),
        ("after its revocation", Rule::G3, |story| {
            let started = story.remove("again");
            story.remove("again/stop");
            story.insert_after("R1/revoked", started);
            let time = story.entry("R1/revoked")["time"].clone();
            story.entry("inserted")["time"] = time;
        }),
        ("after it ended with another event", Rule::G3, |story| {
            let mut run = story.entry("again").clone();
            run["time"] = story.entry("R3/told")["time"].clone();
            run["data"]["execution"] = id("x", 99).into();
            run["data"]["basis"] = by(3);
            run["request"] = 3.into();
            story.insert_after("R3/told", run);
        }),
        ("granted without a vote before it in the same command", Rule::G3, |story| {
            story.delay("R1/grant", 1);
        }),
        ("an effect outside its task", Rule::G3, |story| {
            let disabled =
                event("R2", story, session("ada"), "SystemAccountRemoved", json!({"person": person("svc")}));
            story.insert_after("exempt/end", disabled);
            let time = story.entry("exempt/end")["time"].clone();
            story.entry("inserted")["time"] = time;
        }),
        ("one of Countersign's own tasks without an outcome", Rule::G3, |story| {
            drop(story.remove("remove/end"))
        }),
        ("a task of Countersign's own that does not exist", Rule::G3, |story| {
            set(story, "group/start", "task", "Countersign\\Get-Everything")
        }),
    ]);
}

#[test]
fn g4_only_who_may_ask_asks() {
    each(&[
        ("for somebody else", Rule::G4, |story| story.entry("R5")["actor"] = session("ada")),
        ("no role contains it", Rule::G4, |story| {
            story.data("operators/RoleGroupMembersChanged")["added"] = json!([person("svc")]);
        }),
        ("the policy names another group", Rule::G4, |story| {
            for label in ["restart-policy/PolicyCreated", "R1", "R3", "R5", "R6"] {
                story.data(label)["terms"]["requesters"] = json!({"Group": approvers()});
            }
        }),
    ]);
}

#[test]
fn g5_the_governing_policy_is_the_one_there_is() {
    each(&[
        ("another policy", Rule::G5, |story| set(story, "R5", "policy", id("pol", 3))),
        ("another version", Rule::G5, |story| set(story, "R5", "policy_version", 2)),
        ("other terms", Rule::G5, |story| story.data("R5")["terms"]["limits"]["max_uses"] = 5.into()),
        ("no policy at all", Rule::G5, |story| drop(story.remove("restart-policy/PolicyCreated"))),
        ("two policies for one target", Rule::G5, |story| {
            let mut second = story.entry("disk-policy/PolicyCreated").clone();
            second["data"]["policy"] = id("pol", 4).into();
            story.insert_after("disk-policy/PolicyCreated", second);
        }),
    ]);
}

#[test]
fn g6_uses_and_slots_are_counted() {
    each(&[
        ("more uses than granted", Rule::G6, |story| {
            set(story, "R1/narrowed", "uses", 1);
            set(story, "R1/grant", "uses", 1);
        }),
        ("more uses than asked for", Rule::G6, |story| set(story, "R1/grant", "uses", 3)),
        ("no bound where there was one", Rule::G6, |story| set(story, "R1/grant", "uses", Value::Null)),
        ("more uses than the policy allows", Rule::G6, |story| set(story, "R5", "uses", 4)),
        ("two at once", Rule::G6, |story| drop(story.remove("restart/end"))),
        ("more at once than the policy allows", Rule::G6, |story| set(story, "R1/grant", "parallel", 2)),
        ("an unknown outcome holds its slot", Rule::G6, |story| {
            set(story, "restart/end", "outcome", json!({"outcome": "unknown", "reason": "lost"}));
        }),
        ("a known outcome is acknowledged", Rule::G6, |story| {
            let running = story.data("again")["execution"].clone();
            let entry = event(
                "again",
                story,
                session("rita"),
                "ExecutionAcknowledged",
                json!({"execution": running}),
            );
            story.insert_after("again", entry);
        }),
    ]);
}

#[test]
fn g7_coverage_is_by_digest() {
    each(&[
        ("a digest that the task does not have", Rule::G7, |story| {
            let list = story.list(json!({"Host\\Restart": digest("another")}));
            set(story, "R5", "covers", list);
        }),
        ("another task", Rule::G7, |story| {
            let list = story.list(json!({"Host\\Disk": digest("Host\\Disk")}));
            set(story, "R5", "covers", list);
        }),
        ("one task more", Rule::G7, |story| {
            let both = ["Host\\Restart", "Host\\Disk"].map(|task| (task.to_owned(), json!(digest(task))));
            let list = story.list(Value::Object(both.into_iter().collect()));
            set(story, "R5", "covers", list);
        }),
        ("another number of tasks", Rule::G7, |story| story.data("R5")["covers"]["tasks"] = 2.into()),
        ("a version of a role where there is none", Rule::G7, |story| {
            story.data("R5")["covers"]["role_version"] = 1.into()
        }),
        ("something else than a list", Rule::G7, |story| {
            story.data("R5")["covers"]["list"] = story.statement_of(1)
        }),
        ("a list of another kind", Rule::G7, |story| {
            let tasks = json!({"Host\\Restart": digest("Host\\Restart")});
            let list = story.copy.keep_statement(&json!({"type": "countersign.tasks/v2", "tasks": tasks}));
            story.data("R5")["covers"]["list"] = json!(list);
        }),
        ("another digest than was covered", Rule::G7, |story| {
            set(story, "restart", "digest", json!(digest("another")))
        }),
        ("another version", Rule::G7, |story| set(story, "ping", "version", 2)),
        ("a task that is not covered", Rule::G7, |story| {
            set(story, "restart", "task", "Host\\Ping");
            set(story, "restart", "digest", json!(digest("Host\\Ping")));
        }),
        ("a definition that is not the digest's", Rule::G7, |story| {
            story.data("import/TaskDefined")["definition"]["execution"]["definition"] =
                json!({"program": "/bin/sh"});
        }),
        ("a version left out", Rule::G7, |story| set(story, "import/TaskDefined", "version", 2)),
    ]);
}

#[test]
fn g7_texts_for_people_are_outside_the_digest() {
    let mut story = good();
    story.data("import/TaskDefined")["definition"]["title"] = "Another".into();
    story.data("import/TaskDefined")["definition"]["parameters"][0]["help"] = "Another".into();
    assert_holds(&story.check());
}

#[test]
fn g8_exemptions_are_few_and_end() {
    each(&[
        ("nobody is exempt", Rule::G8, |story| drop(story.remove("enable/SystemAccountAdded"))),
        ("it ended", Rule::G8, |story| {
            let time = story.entry("exempt")["time"].clone();
            set(story, "enable/SystemAccountAdded", "until", time);
        }),
        ("it was not used for 90 days", Rule::G8, |story| {
            set(story, "enable/SystemAccountAdded", "until", i64::MAX >> 11);
            story.delay("exempt", 90 * 24 * HOUR);
            shift(story, "exempt", "deadline", 90 * 24 * HOUR);
        }),
        ("a human being is exempt", Rule::G8, |story| {
            set(story, "enable/SystemAccountAdded", "person", person("bob"))
        }),
        ("the control plane", Rule::G8, |story| {
            set(
                story,
                "remove/start",
                "basis",
                json!({"basis": "exemption", "role": "Countersign\\Role Management"}),
            );
        }),
        ("it runs on when the exemption is over", Rule::G8, |story| {
            let time = story.entry("exempt")["time"].as_i64().unwrap();
            set(story, "enable/SystemAccountAdded", "until", time + 1);
        }),
    ]);
}

#[test]
fn g9_nobody_approves_their_own_request() {
    let by = |story: &mut Story, name: &str| {
        set(story, "R3/vote", "approver", person(name));
        story.entry("R3/vote")["actor"] = session(name);
        story.entry("R3/grant")["actor"] = session(name);
        story.data("R3/grant")["counted"] = json!({person(name): 0});
    };
    let mut story = good();
    story.data("join/GroupMembersChanged")["added"].as_array_mut().unwrap().push(person("rita").into());
    by(&mut story, "rita");
    let own = story.check();
    assert!(own.findings.iter().any(|finding| finding.class == Class::Rule(Rule::G9)), "{:#?}", own.findings);

    // A linked account is the same human being.
    let mut story = good();
    let mut linked = Story::new();
    linked.now = story.entry("operators/end")["time"].as_i64().unwrap();
    linked.set_up(
        "link",
        "Add-UserLink",
        &[("PeopleLinked", json!({"person": person("cyd"), "other": person("rita"), "ends": {}}))],
    );
    let at = story.place("operators/end") + 1;
    for (label, entry) in linked.entries.into_iter().rev() {
        let mut entry = entry;
        if entry["data"]["execution"].is_string() {
            entry["data"]["execution"] = id("x", 98).into();
        }
        entry["time"] = linked.now.into();
        story.entries.insert(at, (label, entry));
    }
    let report = story.check();
    assert!(
        report.findings.iter().any(|finding| finding.class == Class::Rule(Rule::G9)),
        "{:#?}",
        report.findings
    );
}

#[test]
fn g10_votes_fill_seats_by_distinct_people() {
    fn two_seats(story: &mut Story) {
        story.data("restart-policy/PolicyCreated")["terms"]["approval"]["Manual"]["stages"][0]["seats"] =
            2.into();
        for label in ["R1", "R3", "R5", "R6"] {
            story.data(label)["terms"]["approval"]["Manual"]["stages"][0]["seats"] = 2.into();
            story.data(label)["stages"][0]["seats"] = 2.into();
        }
    }
    each(&[
        ("one vote for two seats", Rule::G10, |story| {
            two_seats(story);
        }),
        ("the same person twice", Rule::G10, |story| {
            two_seats(story);
            set(story, "R3/vote", "completes_stage", false);
            let mut again = story.entry("R3/vote").clone();
            again["data"]["completes_stage"] = true.into();
            story.insert_after("R3/vote", again);
        }),
        ("fewer seats than the policy has", Rule::G10, |story| {
            two_seats(story);
            story.data("R3")["stages"][0]["seats"] = 1.into();
        }),
        ("no stages where the policy has some", Rule::G10, |story| set(story, "R3", "stages", json!([]))),
        ("another group", Rule::G10, |story| story.data("R3")["stages"][0]["group"] = id("g", 7).into()),
        ("another stage", Rule::G10, |story| set(story, "R3/vote", "stage", 1)),
        ("somebody is counted who did not vote", Rule::G10, |story| {
            story.data("R3/grant")["counted"][person("bob")] = 0.into()
        }),
        ("nobody voted", Rule::G10, |story| drop(story.remove("R3/vote"))),
        ("seats that nobody fills", Rule::G10, |story| {
            story.data("restart-policy/PolicyCreated")["terms"]["approval"]["Manual"]["stages"] = json!([]);
        }),
    ]);
}

#[test]
fn g11_eligible_is_an_enabled_member_since_before_the_request() {
    each(&[
        ("never a member", Rule::G11, |story| {
            story.data("join/GroupMembersChanged")["added"] = json!([person("ada"), person("bob")]);
        }),
        ("a member since after the request", Rule::G11, |story| {
            story.data("join/GroupMembersChanged")["added"] = json!([person("ada"), person("bob")]);
            let mut late = Story::new();
            late.now = story.entry("R3")["time"].as_i64().unwrap() - 1_000_000;
            late.set_up(
                "late",
                "Add-GroupMember",
                &[(
                    "GroupMembersChanged",
                    json!({"group": approvers(), "added": [person("cyd")], "removed": [], "ends": {}}),
                )],
            );
            let at = story.place("R3") + 1;
            for (label, mut entry) in late.entries.into_iter().rev() {
                if entry["data"]["execution"].is_string() {
                    entry["data"]["execution"] = id("x", 97).into();
                }
                story.entries.insert(at, (label, entry));
            }
        }),
        ("a service account", Rule::G11, |story| {
            story.data("join/GroupMembersChanged")["added"]
                .as_array_mut()
                .unwrap()
                .push(person("svc").into());
            set(story, "R3/vote", "approver", person("svc"));
            story.entry("R3/vote")["actor"] = session("svc");
            story.data("svc/PersonCreated")["kind"] = json!({"kind": "service", "owner": person("ada")});
        }),
        ("less assurance than the organization asks for", Rule::G11, |story| {
            set(story, "R3/vote", "assurance", "Session")
        }),
        ("less assurance than the policy asks for", Rule::G11, |story| {
            for label in ["restart-policy/PolicyCreated", "R1", "R3", "R5", "R6"] {
                story.data(label)["terms"]["assurance"] = "Passkey".into();
            }
        }),
    ]);
}

#[test]
fn g12_final_is_final() {
    each(&[
        ("a vote on another statement", Rule::G12, |story| {
            set(story, "R3/vote", "statement", json!(digest("another")))
        }),
        ("a vote on the wider statement", Rule::G12, |story| {
            let wider = story.data("R1")["statement"].clone();
            set(story, "R1/vote", "statement", wider);
        }),
        ("a vote after the denial", Rule::G12, |story| {
            let mut vote = story.entry("R3/vote").clone();
            vote["data"]["number"] = 5.into();
            vote["request"] = 5.into();
            vote["time"] = story.entry("R5/denied")["time"].clone();
            story.insert_after("R5/denied", vote);
        }),
        ("denied twice", Rule::G12, |story| {
            let again = story.entry("R5/denied").clone();
            story.insert_after("R5/denied", again);
        }),
        ("denied by the requester", Rule::G12, |story| story.entry("R5/denied")["actor"] = session("rita")),
        ("denied without a comment", Rule::G12, |story| set(story, "R5/denied", "comment", Value::Null)),
        ("revoked by who is no approver", Rule::G12, |story| {
            story.entry("R1/revoked")["actor"] = session("rita")
        }),
        ("revoked without a comment", Rule::G12, |story| set(story, "R1/revoked", "comment", Value::Null)),
        ("ended twice", Rule::G12, |story| {
            let again = story.entry("R1/revoked").clone();
            story.insert_after("again/stop", again);
        }),
        ("cancelled by somebody else", Rule::G12, |story| set(story, "R5/denied", "how", "cancelled")),
        ("narrowed where the policy forbids it", Rule::G12, |story| {
            for label in ["restart-policy/PolicyCreated", "R1", "R3", "R5", "R6"] {
                story.data(label)["terms"]["approve_for_less"] = false.into();
            }
        }),
        ("narrowed to more", Rule::G12, |story| set(story, "R1/narrowed", "duration", 3 * HOUR)),
        ("narrowed from another statement", Rule::G12, |story| {
            set(story, "R1/narrowed", "from", json!(digest("another")))
        }),
        ("narrowed and not approved", Rule::G12, |story| {
            story.remove("R1/vote");
        }),
    ]);
}

#[test]
fn g12_a_narrower_statement_is_contained_in_the_former() {
    let changes: [fn(&mut Value); 8] = [
        |statement| {
            statement["constraints"] = json!({"Unit": {"one_of": [{"string": "nginx"}, {"string": "getty"}]}})
        },
        |statement| statement["constraints"] = json!({"Unit": "any"}),
        |statement| statement["constraints"] = json!({}),
        |statement| statement["constraints"]["Force"] = "any".into(),
        |statement| statement["reason"] = "another".into(),
        |statement| statement["narrows"] = json!(digest("another")),
        |statement| statement["covers"]["list"] = json!(digest("another")),
        |statement| statement["latest_end"] = (statement["latest_end"].as_i64().unwrap() + 3 * HOUR).into(),
    ];
    for change in changes {
        let mut story = good();
        let wider = story.data("R1")["statement"].clone();
        let mut statement = narrowed(&story, &wider);
        change(&mut statement);
        let to = json!(story.copy.keep_statement(&statement));
        let old = story.data("R1/narrowed")["to"].clone();
        for (_, entry) in &mut story.entries {
            for field in ["to", "statement", "matched"] {
                if entry["data"].get(field) == Some(&old) {
                    entry["data"][field] = to.clone();
                }
            }
        }
        let report = story.check();
        assert!(
            report.findings.iter().any(|finding| finding.class == Class::Rule(Rule::G12)),
            "{statement} {:#?}",
            report.findings
        );
    }
}

#[test]
fn g13_windows_are_what_was_approved() {
    each(&[
        ("it ends later", Rule::G13, |story| shift(story, "R1/grant", "until", 1)),
        ("it ends as asked, not as narrowed", Rule::G13, |story| shift(story, "R1/grant", "until", HOUR)),
        ("it begins earlier", Rule::G13, |story| shift(story, "R1/grant", "from", -1)),
        ("it starts after its end", Rule::G13, |story| {
            story.delay("again", HOUR);
            shift(story, "again", "deadline", HOUR);
        }),
        ("it may run past the end", Rule::G13, |story| {
            story.delay("again", HOUR / 2 + 60_000_000);
            shift(story, "again", "deadline", HOUR / 2 + 60_000_000);
        }),
        ("it starts before its beginning", Rule::G13, |story| {
            let start = story.entry("R1")["time"].as_i64().unwrap() + HOUR / 2;
            set(story, "R1", "start", start);
            shift(story, "R1/grant", "until", HOUR / 2 - 1_000_000);
            set(story, "R1/grant", "from", start);
        }),
        ("longer than the policy allows", Rule::G13, |story| set(story, "R5", "duration", 5 * HOUR)),
        ("longer than the organization allows", Rule::G13, |story| set(story, "R2", "duration", 9 * HOUR)),
        ("for no time", Rule::G13, |story| set(story, "R5", "duration", 0)),
        ("pending for longer", Rule::G13, |story| shift(story, "R6", "expires", HOUR)),
        ("a start more than 30 days ahead", Rule::G13, |story| {
            let start = story.entry("R5")["time"].as_i64().unwrap() + 31 * 24 * HOUR;
            set(story, "R5", "start", start);
        }),
        ("expired before its time", Rule::G13, |story| {
            let at = story.place("R6/expired");
            let (_, mut early) = story.entries.remove(at);
            early["time"] = story.entry("R6")["time"].clone();
            story.insert_after("R6", early);
        }),
        ("voted on after it expired", Rule::G13, |story| {
            let mut vote = story.entry("R3/vote").clone();
            vote["data"]["number"] = 6.into();
            vote["data"]["statement"] = story.statement_of(6);
            vote["request"] = 6.into();
            vote["time"] = story.entry("R6/expired")["time"].clone();
            story.insert_after("R4/expired", vote);
        }),
        ("outside the policy's hours", Rule::G13, |story| {
            for label in ["restart-policy/PolicyCreated", "R1", "R3", "R5", "R6"] {
                story.data(label)["terms"]["windows"] =
                    json!([{"zone": "UTC", "days": ["sun"], "from": "03:00", "until": "03:01"}]);
            }
        }),
        ("it extends nothing of its own", Rule::G13, |story| set(story, "R5", "extends", 2)),
    ]);
}

#[test]
fn g14_what_a_change_ends_is_ended() {
    each(&[
        ("a lost quorum is not named", Rule::G14, |story| {
            set(story, "remove/GroupMembersChanged", "ends", json!({}))
        }),
        ("it ends what does not live", Rule::G14, |story| {
            set(
                story,
                "remove/GroupMembersChanged",
                "ends",
                json!({"authorizations": {"quorum_lost": "BC"}}),
            );
        }),
        ("it ends what is not pending", Rule::G14, |story| {
            set(
                story,
                "remove/GroupMembersChanged",
                "ends",
                json!({"authorizations": {"quorum_lost": "D"}, "requests": {"unfillable": "F"}}),
            );
        }),
        ("nothing ended it", Rule::G14, |story| set(story, "R1/revoked", "how", "policy_changed")),
        ("a request that still stood", Rule::G14, |story| {
            set(story, "R5/denied", "how", "unfillable");
            story.entry("R5/denied")["actor"] = system();
        }),
        ("not everything is ended by an emergency stop", Rule::G14, |story| {
            let time = story.entry("R3/grant")["time"].as_i64().unwrap();
            let mut stop = Story::new();
            stop.now = time;
            stop.own(
                "stop",
                "ada",
                "Stop-AllExecutions",
                &json!({"basis": "role", "role": "Countersign\\Role Management"}),
                &[("AllStopped", json!({"ends": {}}))],
            );
            let at = story.place("R3/grant") + 1;
            for (label, mut entry) in stop.entries.into_iter().rev() {
                entry["time"] = time.into();
                if entry["data"]["execution"].is_string() {
                    entry["data"]["execution"] = id("x", 96).into();
                }
                story.entries.insert(at, (label, entry));
            }
        }),
    ]);
}

#[test]
fn g15_what_lost_its_ground_is_stopped_and_outcomes_come_once() {
    each(&[
        ("not stopped", Rule::G15, |story| drop(story.remove("again/stop"))),
        ("stopped too late", Rule::G15, |story| story.delay("again/stop", 1)),
        ("an outcome of nothing", Rule::G15, |story| drop(story.remove("ping"))),
        ("two outcomes", Rule::G15, |story| {
            let again = story.entry("restart/end").clone();
            story.insert_after("restart/end", again);
        }),
        ("longer than its task may", Rule::G15, |story| shift(story, "ping", "deadline", HOUR)),
        ("a late report of what was known", Rule::G15, |story| {
            story.entry("restart/end")["type"] = "ExecutionReported".into();
        }),
    ]);
}
