//! The clock, the control plane, bounds, and what stands beside the rules.

use super::*;

#[test]
fn g16_a_suspect_clock_halts_what_gives_power() {
    fn suspect(story: &mut Story, before: &str) {
        let at = story.place(before);
        let time = story.entries[at].1["time"].clone();
        let entry = json!({"type": "ClockSuspected", "v": 1, "rules": 1, "time": time, "actor": system(), "data": {"stated": 1}});
        story.entries.insert(at, ("suspected".to_owned(), entry));
    }
    each(&[
        ("a start", Rule::G16, |story| suspect(story, "exempt")),
        ("a vote", Rule::G16, |story| suspect(story, "R3/vote")),
        ("a request", Rule::G16, |story| suspect(story, "R6")),
        ("accepting what is not suspect", Rule::G16, |story| {
            let entry = event("R6", story, json!({"kind": "host"}), "ClockAccepted", json!({"ends": {}}));
            story.insert_after("R6", entry);
        }),
        ("accepted by a person", Rule::G16, |story| {
            suspect(story, "R6");
            let entry = event("suspected", story, session("ada"), "ClockAccepted", json!({"ends": {}}));
            story.insert_after("suspected", entry);
        }),
        ("accepted on one approver's word", Rule::G16, |story| {
            suspect(story, "R6");
            let entry = event("suspected", story, session("ada"), "ClockAccepted", json!({"ends": {}}));
            story.insert_after("suspected", entry);
            let vouched = json!({"person": person("ada")});
            let entry = event("suspected", story, session("ada"), "ClockVouched", vouched);
            story.insert_after("suspected", entry);
        }),
        ("vouched for by somebody else", Rule::G16, |story| {
            suspect(story, "R6");
            let vouched = json!({"person": person("rita")});
            let entry = event("suspected", story, session("rita"), "ClockVouched", vouched);
            story.insert_after("suspected", entry);
        }),
    ]);
}

#[test]
fn g17_the_control_plane_is_behind_its_approvals() {
    each(&[
        ("a membership changed outside any task", Rule::G17, |story| {
            let entry = event(
                "R6",
                story,
                session("ada"),
                "GroupMembersChanged",
                json!({"group": approvers(), "added": [person("rita")], "removed": [], "ends": {}}),
            );
            story.insert_after("R6", entry);
        }),
        ("a policy made by another task", Rule::G17, |story| {
            set(story, "disk-policy/start", "task", "Countersign\\New-Group")
        }),
        ("an effect by somebody else", Rule::G17, |story| {
            story.entry("join/GroupMembersChanged")["actor"] = session("bob")
        }),
        ("removing does not add", Rule::G17, |story| {
            set(story, "remove/GroupMembersChanged", "added", json!([person("rita")]))
        }),
        ("a role instead of an approval", Rule::G17, |story| {
            set(
                story,
                "remove/start",
                "basis",
                json!({"basis": "role", "role": "Countersign\\Role Management"}),
            );
        }),
        ("too few deciders are left", Rule::G17, |story| {
            set(story, "remove/GroupMembersChanged", "removed", json!([person("cyd"), person("bob")]));
        }),
        ("a weaker policy for the control plane", Rule::G17, |story| {
            let mut auto = disk_terms();
            auto["target"] = task("Countersign\\New-Group");
            set(story, "disk-policy/PolicyCreated", "terms", auto);
        }),
        ("a policy for a role that opens the control plane", Rule::G17, |story| {
            set(
                story,
                "disk-policy/PolicyCreated",
                "terms",
                manual(json!({"type": "Role", "name": "Countersign\\Role Management"}), 1),
            );
        }),
        ("a role of others confers Countersign's rights", Rule::G17, |story| {
            set(story, "role/RoleDefined", "tasks", json!(["Host\\Ping", "Countersign\\New-Group"]));
        }),
        ("one of Countersign's own roles is redefined", Rule::G17, |story| {
            set(story, "role/RoleDefined", "role", "Countersign\\Mine")
        }),
        ("a built-in policy is made", Rule::G17, |story| {
            set(story, "disk-policy/PolicyCreated", "policy", id("pol", 0))
        }),
    ]);
}

#[test]
fn g21_disabling_is_by_its_task_and_ends_requests() {
    each(&[
        ("a request in set-up mode", Rule::G21, |story| {
            let first = story.remove("R6");
            let at = story.place("enable/start");
            story.entries.insert(at, ("early".to_owned(), first));
        }),
        ("it comes back without having been away", Rule::G21, |story| {
            let entry = event("R6", story, system(), "AccessResumed", json!({}));
            story.insert_after("R6", entry);
        }),
    ]);
}

#[test]
fn g22_rates_and_numbers_are_bounded() {
    each(&[
        ("more than the rate", Rule::G22, |story| {
            for label in ["disk-policy/PolicyCreated", "R2"] {
                story.data(label)["terms"]["limits"]["rate"]["count"] = 1.into();
            }
            let (mut ask, mut grant) = (story.entry("R2").clone(), story.entry("R2/grant").clone());
            for entry in [&mut ask, &mut grant] {
                entry["data"]["number"] = 7.into();
                entry["request"] = 7.into();
                entry["time"] = story.entry("R6/expired")["time"].clone();
                entry["time"] = (entry["time"].as_i64().unwrap() - 2 * HOUR).into();
            }
            let at = story.place("R4/expired");
            story.entries.insert(at, ("again".to_owned(), ask));
        }),
        ("too many open", Rule::G22, |story| {
            story.data("enable/AccessEnabled")["settings"]["open_requests_each"] = 0.into()
        }),
        ("a group in itself", Rule::G22, |story| {
            story.data("join/GroupMembersChanged")["added"].as_array_mut().unwrap().push(approvers().into());
        }),
    ]);
}

#[test]
fn set_up_is_the_first_administrators_alone() {
    each(&[
        ("by somebody else", Rule::SetUp, |story| {
            for label in ["group/start", "group/GroupCreated", "group/end"] {
                story.entry(label)["actor"] = session("bob");
            }
            set(story, "group/start", "person", person("bob"));
        }),
        ("by nobody named", Rule::SetUp, |story| drop(story.remove("first"))),
        ("on a target", Rule::SetUp, |story| {
            let mut run = story.remove("ping");
            story.remove("ping/end");
            run["data"]["basis"] = json!({"basis": "set_up"});
            let at = story.place("enable/start");
            run["time"] = story.entry("enable/start")["time"].clone();
            story.entries.insert(at, ("early".to_owned(), run));
        }),
        ("after it ended", Rule::SetUp, |story| {
            set(story, "remove/start", "basis", json!({"basis": "set_up"}))
        }),
        ("ended with too few approvers", Rule::SetUp, |story| {
            story.remove("bob/totp");
            story.remove("cyd/totp");
        }),
        ("ended without citing what came before", Rule::SetUp, |story| {
            set(story, "enable/AccessEnabled", "cites", 3)
        }),
        ("a second beginning", Rule::SetUp, |story| {
            let first = story.entry("organization").clone();
            story.insert_after("enable/end", first);
        }),
        ("another first administrator", Rule::SetUp, |story| {
            let mut again = story.entry("first").clone();
            again["data"]["person"] = person("rita").into();
            story.insert_after("rita/totp", again);
        }),
    ]);
}

#[test]
fn tokens_are_less_than_their_owner() {
    each(&[
        ("a token votes", Rule::Tokens, |story| story.entry("R3/vote")["actor"]["token"] = id("t", 1).into()),
        ("a token without the scope", Rule::Tokens, |story| set(story, "token", "scopes", json!(["read"]))),
        ("somebody else's token", Rule::Tokens, |story| {
            set(story, "token", "person", person("bob"));
            story.entry("token")["actor"] = session("bob");
        }),
        ("a token that is over", Rule::Tokens, |story| {
            let time = story.entry("scripted")["time"].clone();
            set(story, "token", "until", time);
        }),
        ("a token that was revoked", Rule::Tokens, |story| {
            let revoked =
                event("token", story, session("rita"), "TokenRevoked", json!({"token": id("t", 1)}));
            story.insert_after("token", revoked);
        }),
        ("a token starts the control plane", Rule::Tokens, |story| {
            story.data("token")["person"] = person("ada").into();
            story.entry("token")["actor"] = session("ada");
            for label in ["remove/start", "remove/GroupMembersChanged", "remove/end"] {
                story.entry(label)["actor"]["token"] = id("t", 1).into();
            }
        }),
        ("made for somebody else", Rule::Tokens, |story| set(story, "token", "person", person("bob"))),
    ]);
}

#[test]
fn parameters_are_those_that_were_approved() {
    fn run_with(story: &mut Story, values: &Value) {
        let sealed = story.copy.seal_value(values);
        story.data("restart")["values"] = json!(sealed);
    }
    each(&[
        ("another value", Rule::Parameters, |story| {
            run_with(story, &json!({"Unit": "getty", "Force": false, "Level": 3}))
        }),
        ("none", Rule::Parameters, |story| run_with(story, &json!({"Force": false, "Level": 3}))),
        ("one more", Rule::Parameters, |story| {
            run_with(story, &json!({"Unit": "nginx", "Force": true, "Level": 3}))
        }),
        ("another than the default", Rule::Parameters, |story| {
            run_with(story, &json!({"Unit": "nginx", "Level": 4}))
        }),
        ("compared with the wider statement", Rule::Parameters, |story| {
            let wider = story.data("R1")["statement"].clone();
            set(story, "restart", "matched", wider);
        }),
        ("compared with nothing", Rule::Parameters, |story| set(story, "restart", "matched", Value::Null)),
        ("the control plane on somebody whom its values do not name", Rule::Parameters, |story| {
            let other = json!([person("ada")]);
            story.data("remove/GroupMembersChanged")["removed"] = other;
        }),
        ("the control plane with other values", Rule::Parameters, |story| {
            let sealed = story.copy.seal_value(&json!({"Label": "another"}));
            story.data("remove/start")["values"] = json!(sealed);
        }),
    ]);
}

#[test]
fn statements_say_what_their_requests_say() {
    let changes: [fn(&mut Value); 10] = [
        |statement| statement["requester"] = person("bob").into(),
        |statement| statement["number"] = 9.into(),
        |statement| statement["policy"] = id("pol", 3).into(),
        |statement| statement["policy_version"] = 2.into(),
        |statement| statement["covers"]["list"] = json!(digest("another")),
        |statement| statement["duration"] = (3 * HOUR).into(),
        |statement| statement["uses"] = 1.into(),
        |statement| statement["reason"] = "another".into(),
        |statement| statement["ledger"] = "another.example".into(),
        |statement| statement["more"] = true.into(),
    ];
    for change in changes {
        let mut story = good();
        let old = story.data("R5")["statement"].clone();
        let bytes = story.copy.sealed[&serde_json::from_value(old).unwrap()].value.clone();
        let mut statement: Value = serde_json::from_slice(&bytes).unwrap();
        change(&mut statement);
        let made = story.copy.keep_statement(&statement);
        story.data("R5")["statement"] = json!(made);
        let report = story.check();
        let classes: Vec<Class> = report.findings.iter().map(|finding| finding.class).collect();
        assert_eq!(classes, [Class::Rule(Rule::Parameters)], "{statement}");
    }
}

#[test]
fn values_beside_the_ledger_are_those_that_it_committed_to() {
    let good = good();
    for commitment in good.copy.sealed.keys() {
        let mut story = crate::story::good();
        story.copy.sealed.get_mut(commitment).unwrap().value.push(b' ');
        assert!(story.check().findings.iter().any(|finding| finding.class == Class::SealedValue));
        // Cut between salt and value elsewhere: the same bytes, another value.
        let mut story = crate::story::good();
        let value = story.copy.sealed.get_mut(commitment).unwrap();
        let first = value.value.remove(0);
        value.salt.push(first);
        assert!(story.check().findings.iter().any(|finding| finding.class == Class::SealedValue));
    }
}

#[test]
fn values_that_are_gone_without_an_erasure_are_not_checkable_and_found() {
    let mut story = good();
    story.copy.sealed.clear();
    let report = story.check();
    assert!(
        report.findings.iter().all(|finding| finding.class == Class::MissingValue),
        "{:?}",
        report.findings
    );
    let lists = report.findings.iter().filter(|finding| finding.sentence.contains("list of tasks")).count();
    assert!(lists > 0, "each list is named");
    assert_eq!((report.findings.len(), report.counts.values_absent > 0), (1 + lists, true));
    assert_eq!((report.counts.values, report.counts.values_compared), (0, 0));
    assert_eq!(report.counts.values_not_comparable, 4);
    assert!(report.unproven.iter().any(|line| line.contains("not checkable")), "{:?}", report.unproven);
}

#[test]
fn ids_and_numbers_are_given_once() {
    each(&[
        ("a request number left out", Rule::Identity, |story| {
            for label in ["R6", "R6/expired"] {
                story.data(label)["number"] = 8.into();
                story.entry(label)["request"] = 8.into();
            }
        }),
        ("a request number again", Rule::Identity, |story| {
            story.data("R6")["number"] = 5.into();
            story.entry("R6")["request"] = 5.into();
        }),
        ("an execution id again", Rule::Identity, |story| {
            let used = story.data("restart")["execution"].clone();
            set(story, "again", "execution", used);
        }),
        ("a person's id again", Rule::Identity, |story| {
            set(story, "rita/PersonCreated", "person", person("bob"))
        }),
        ("somebody unknown acts", Rule::Identity, |story| story.entry("R5/denied")["actor"] = session("eve")),
        ("filed under another request", Rule::Identity, |story| {
            story.entry("R5/denied")["request"] = 4.into()
        }),
        ("credentials set by somebody else", Rule::Identity, |story| {
            story.entry("bob/totp")["actor"] = session("ada")
        }),
        ("an invitation used twice", Rule::Identity, |story| {
            let again = story.entry("bob/invited").clone();
            story.insert_after("bob/totp", again);
        }),
        ("a password set without the invitation", Rule::Identity, |story| drop(story.remove("bob/invited"))),
        ("an unknown person joins", Rule::Identity, |story| {
            story.data("join/GroupMembersChanged")["added"]
                .as_array_mut()
                .unwrap()
                .push(person("eve").into());
        }),
    ]);
}

#[test]
fn time_does_not_go_back() {
    let mut story = good();
    let time = story.entry("R5")["time"].as_i64().unwrap();
    story.entry("R5")["time"] = (time - HOUR).into();
    let report = story.check();
    assert!(report.findings.iter().any(|finding| finding.class == Class::TimeBack), "{:#?}", report.findings);
}

#[test]
fn a_default_choice_protects_what_no_policy_covers() {
    // Default approvers decide: running Host\Ping on a role is no longer enough (G1).
    let mut story = good();
    story.data("enable/AccessEnabled")["settings"]["unprotected"] = "default_approvers_decide".into();
    let report = story.check();
    let pings = [story.place("ping"), story.place("scripted")].map(|at| Some(at as u64));
    let found: Vec<Option<u64>> = report.findings.iter().map(|finding| finding.seq).collect();
    assert_eq!(found, pings);
    // Running the control plane unprotected is a choice made at enabling.
    let mut story = good();
    set(&mut story, "enable/AccessEnabled", "control_plane", "unprotected");
    set(
        &mut story,
        "remove/start",
        "basis",
        json!({"basis": "role", "role": "Countersign\\Role Management"}),
    );
    let classes: Vec<Class> = story.check().findings.iter().map(|finding| finding.class).collect();
    assert!(!classes.contains(&Class::Rule(Rule::G17)), "{classes:?}");
}

#[test]
fn no_entry_can_be_left_out() {
    // Removed, with everything around it made anew by somebody with all keys. What no later act rests on can go without
    // a rule noticing: then only a kept checkpoint tells. It is listed, so that nothing joins it unseen.
    let silent: Vec<String> = (0..good().entries.len())
        .filter_map(|at| {
            let mut story = good();
            let (label, _) = story.entries.remove(at);
            story.check().holds().then_some(label)
        })
        .collect();
    let expected = [
        "cyd/password",
        "cyd/totp",
        "rita/password",
        "rita/totp",
        "ping/end",
        "again/end",
        "disk/end",
        "exempt/end",
        "scripted/end",
        "R3/told",
        "R5/denied",
        "R4/expired",
        "R6/expired",
    ];
    assert_eq!(silent, expected);
}

/// Marks a task of the story as running what its parameters say, with a digest to match.
fn arbitrary(story: &mut Story, label: &str) {
    let mut definition = story.data(label)["definition"].clone();
    definition["arbitrary_code"] = true.into();
    let old = story.data(label)["digest"].clone();
    let new = json!(crate::story::digest_of(&definition));
    let name = definition["name"].as_str().unwrap().to_owned();
    let [listed, list] = [&old, &new].map(|digest| story.list(json!({ &name: digest })));
    story.data(label)["definition"] = definition;
    for (_, entry) in &mut story.entries {
        if entry["data"].get("digest") == Some(&old) {
            entry["data"]["digest"] = new.clone();
        }
        if entry["data"].get("covers") == Some(&listed) {
            entry["data"]["covers"] = list.clone();
        }
    }
}

#[test]
fn arbitrary_code_needs_two_approvers_and_one_use() {
    each(&[
        // The first task defined is Host\\Restart: its policy has one seat and three uses.
        ("a policy that asks for less", Rule::G10, |story| arbitrary(story, "import/TaskDefined")),
        ("an exemption", Rule::G8, |story| arbitrary(story, "import/TaskDefined")),
        ("a role", Rule::G3, |story| {
            let at = story.place("import/TaskDefined") + 2;
            story.entries[at].0 = "import/ping".to_owned();
            arbitrary(story, "import/ping");
        }),
    ]);
}

#[test]
fn g9_g11_accounts_that_are_parted_begin_anew() {
    // Linking cyd and ada and parting them again before R-3 is asked changes nothing; between request and vote it does.
    for (before, broken) in [("R3", false), ("R3/vote", true)] {
        let mut story = good();
        let mut linking = Story::new();
        linking.now = story.entry("R3")["time"].as_i64().unwrap() - i64::from(!broken);
        let role = json!({"basis": "set_up"});
        for (label, task, kind, data) in [
            (
                "link",
                "Add-UserLink",
                "PeopleLinked",
                json!({"person": person("cyd"), "other": person("ada"), "ends": {}}),
            ),
            ("part", "Remove-UserLink", "PersonUnlinked", json!({"person": person("cyd"), "ends": {}})),
        ] {
            linking.own(label, "ada", task, &role, &[(kind, data)]);
        }
        let at = story.place(before);
        let time = story.entries[at].1["time"].clone();
        for (count, (label, mut entry)) in linking.entries.into_iter().enumerate().rev() {
            entry["time"] = time.clone();
            if entry["data"]["execution"].is_string() {
                entry["data"]["execution"] = id("x", if count < 3 { 94 } else { 95 }).into();
            }
            story.entries.insert(at, (label, entry));
        }
        let report = story.check();
        let found = report.findings.iter().any(|finding| finding.class == Class::Rule(Rule::G11));
        assert_eq!(found, broken, "{before}: {:#?}", report.findings);
    }
}

#[test]
fn g16_time_may_go_back_once_that_was_noticed() {
    let mut story = good();
    let at = story.place("R6/expired");
    let time = story.entries[at].1["time"].as_i64().unwrap() - HOUR;
    let suspected = json!({"type": "ClockSuspected", "v": 1, "rules": 1, "time": time, "actor": system(), "data": {"stated": time}});
    story.entries.insert(at, ("suspected".to_owned(), suspected));
    assert_holds(&story.check());
}
