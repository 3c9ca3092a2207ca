//! What stands beside the rules: restored copies, appointed approvers, erasures.

use countersign_ledger::Digest;

use super::*;

#[test]
fn a_restored_copy_is_gone_on_with_only_where_that_was_accepted() {
    fn opened(story: &mut Story, actor: Value, change: fn(&mut Value)) {
        let mut data = json!({
            "epoch": 2, "cites": {"origin": "ledger.example/1", "size": 900, "root": digest("lost")}, "key": "k",
            "doubts": ["shorter"], "accepted": [], "ends": {},
        });
        change(&mut data);
        let entry = event("R1", story, actor, "EpochOpened", data);
        story.insert_after("R1", entry);
    }
    each(&[
        ("by nobody", Rule::Epochs, |story| opened(story, system(), |_| ())),
        ("by a person alone", Rule::Epochs, |story| opened(story, session("ada"), |_| ())),
        ("by one approver", Rule::Epochs, |story| {
            opened(story, session("ada"), |data| data["accepted"] = json!([person("ada")]));
        }),
        ("by an approver and somebody else", Rule::Epochs, |story| {
            opened(story, session("ada"), |data| data["accepted"] = json!([person("ada"), person("rita")]));
        }),
        ("by two, neither of whom it is", Rule::Epochs, |story| {
            opened(story, session("rita"), |data| data["accepted"] = json!([person("ada"), person("bob")]));
        }),
        ("with the number of the last", Rule::Epochs, |story| {
            opened(story, json!({"kind": "host"}), |data| data["epoch"] = json!(1));
        }),
        ("that cites a later epoch", Rule::Epochs, |story| {
            opened(story, json!({"kind": "host"}), |data| {
                data["cites"]["origin"] = json!("ledger.example/2")
            });
        }),
        ("that cites another ledger", Rule::Epochs, |story| {
            opened(story, json!({"kind": "host"}), |data| data["cites"]["origin"] = json!("other.example/1"));
        }),
        ("without a doubt", Rule::Epochs, |story| {
            opened(story, json!({"kind": "host"}), |data| data["doubts"] = json!([]));
        }),
        ("that leaves a request pending", Rule::G14, |story| opened(story, json!({"kind": "host"}), |_| ())),
    ]);
}

#[test]
fn the_host_appoints_an_approver_at_once_or_after_a_day() {
    fn appointed(story: &mut Story, from: i64, actor: Value, when: i64) {
        let time = story.entry("R6")["time"].as_i64().unwrap();
        let how = json!({"form": "approver", "from": time + from});
        let data = json!({"person": person("rita"), "how": how});
        let used = event("R6", story, json!({"kind": "host"}), "RecoveryUsed", data);
        let added = json!({"group": approvers(), "added": [person("rita")], "removed": [], "ends": {}});
        let mut joined = event("R6", story, actor, "GroupMembersChanged", added);
        joined["time"] = json!(time + when);
        story.insert_after("R6", joined);
        story.insert_after("R6", used);
    }
    const DAY: i64 = 24 * HOUR;
    each(&[
        ("before its time", Rule::G17, |story| appointed(story, DAY, system(), DAY - 1)),
        ("after another time", Rule::SetUp, |story| appointed(story, HOUR, system(), DAY)),
        ("by a person", Rule::G17, |story| appointed(story, 0, session("ada"), 0)),
    ]);
    let mut story = good();
    appointed(&mut story, 0, json!({"kind": "host"}), 0);
    let report = story.check();
    let wrong =
        report.findings.iter().any(|finding| matches!(finding.class, Class::Rule(Rule::G17 | Rule::SetUp)));
    assert!(!wrong, "{:#?}", report.findings);
}

/// R-6 erased when `wait` is over, by the control plane, at the end of the story.
fn erased(story: &mut Story, subject: Value, wait: i64) {
    let end = story.entries.last().unwrap().1["time"].as_i64().unwrap();
    story.now = story.now.max(end);
    story.wait(wait);
    let effects = [("Erased", json!({ "subject": subject }))];
    story.own("erase", "ada", "Clear-RequestData", &json!({"basis": "set_up"}), &effects);
}

fn broken(story: &mut Story, rule: Rule) -> bool {
    story.check().findings.iter().any(|finding| finding.class == Class::Rule(rule))
}

#[test]
fn what_is_erased_was_over_for_as_long_as_it_is_kept() {
    const KEPT: i64 = 90 * 24 * HOUR;
    let request = |number: u64| json!({"kind": "request", "number": number});
    for (name, subject, wait, wrong) in [
        ("a request that is over", request(6), KEPT, false),
        ("too early", request(6), KEPT / 2, true),
        ("one that never was", request(99), KEPT, true),
        ("an enabled person", json!({"kind": "person", "person": person("ada")}), KEPT, true),
    ] {
        let mut story = good();
        erased(&mut story, subject, wait);
        assert_eq!(broken(&mut story, Rule::Erasure), wrong, "{name}");
    }
    let mut story = good();
    let entry = event("R6", &mut story, session("ada"), "Erased", json!({"subject": request(6)}));
    story.insert_after("R6", entry);
    assert!(
        broken(&mut story, Rule::G17) && broken(&mut story, Rule::Erasure),
        "outside its task, and pending"
    );
}

#[test]
fn erased_values_are_called_erased_and_those_that_are_left_are_named() {
    let mut story = good();
    erased(&mut story, json!({"kind": "request", "number": 6}), 90 * 24 * HOUR);
    let left = story.check().counts.values_left;
    assert!(left > 0, "they are still there");
    let mine: Vec<Digest> = ["statement", "reason"]
        .iter()
        .map(|field| serde_json::from_value(story.data("R6")[*field].clone()).unwrap())
        .collect();
    mine.iter().for_each(|digest| drop(story.copy.sealed.remove(digest)));
    let report = story.check();
    assert!(
        !report.findings.iter().any(|finding| finding.class == Class::MissingValue),
        "{:?}",
        report.findings
    );
    let counts = &report.counts;
    assert_eq!((counts.values_erased, counts.values_absent), (2, 0));
    assert_eq!(counts.values_left, left - 2);
    assert!(
        report.unproven.iter().any(|line| line.contains("erased, not checkable")),
        "{:?}",
        report.unproven
    );
    // Another value that is gone is still missing.
    let other = serde_json::from_value(story.data("R1")["reason"].clone()).unwrap();
    story.copy.sealed.remove(&other);
    assert!(story.check().findings.iter().any(|finding| finding.class == Class::MissingValue));
}

#[test]
fn a_reading_is_recorded_by_the_task_that_reads_and_by_no_other() {
    let read = || json!({"what": "search", "filter": null, "execution": null});
    for (task, wrong) in [("Search-AuditLog", false), ("New-Group", true)] {
        let mut story = good();
        story.own("read", "ada", task, &json!({"basis": "set_up"}), &[("AuditWasRead", read())]);
        assert_eq!(broken(&mut story, Rule::G3), wrong, "{task}");
    }
    let mut story = good();
    let entry = event("R6", &mut story, session("ada"), "AuditWasRead", read());
    story.insert_after("R6", entry);
    assert!(broken(&mut story, Rule::G3), "outside of any");
}

/// The list that R-1 covers, as an entry cites it.
fn list_of(story: &mut Story) -> Digest {
    serde_json::from_value(story.data("R1")["covers"]["list"].clone()).unwrap()
}

#[test]
fn g7_a_list_of_tasks_that_is_gone_or_altered_is_named() {
    let mut gone = good();
    let list = list_of(&mut gone);
    gone.copy.sealed.remove(&list);
    let mut altered = good();
    altered.copy.sealed.get_mut(&list).unwrap().value[12] ^= 1;
    let mut cut = good();
    cut.copy.sealed.get_mut(&list).unwrap().value.pop();
    let mut salted = good();
    salted.copy.sealed.get_mut(&list).unwrap().salt = vec![0; 16];
    for (name, mut story) in [("gone", gone), ("altered", altered), ("cut", cut), ("salted", salted)] {
        let report = story.check();
        let named = report.findings.iter().any(|finding| {
            let class = if name == "gone" { Class::MissingValue } else { Class::SealedValue };
            finding.class == class && finding.sentence.contains(&list.to_string())
        });
        assert!(named, "{name}: {:#?}", report.findings);
        assert_eq!(report.counts.lists_unknown, 0, "{name}: it is made again from what came before");
    }
}

#[test]
fn g7_without_values_a_list_is_made_again_and_still_judges() {
    let mut story = good();
    story.copy.holds.sealed = false;
    let report = story.check();
    assert!(report.holds(), "{:#?}", report.findings);
    // The digests of Countersign's own tasks are in the program, not in the ledger.
    let own = story.entries.iter().filter(|(_, entry)| {
        entry["type"] == "RequestSubmitted"
            && entry["data"]["target"]["name"].as_str().is_some_and(|name| name.starts_with("Countersign"))
    });
    assert_eq!(report.counts.lists_unknown, u64::try_from(own.count()).unwrap());
    let restart = json!(digest("another"));
    story.data("restart")["digest"] = restart;
    let report = story.check();
    assert!(report.findings.iter().any(|finding| finding.class == Class::Rule(Rule::G7)));
}
