//! G3, G13, G19: previews, and what is taken back.

use super::*;

const MINUTE: i64 = 60_000_000;

/// A preview of R-5 by somebody, right after what this label names.
fn shown(story: &mut Story, after: &str, name: &str, change: impl FnOnce(&mut Value)) {
    let statement = story.data("R5")["statement"].clone();
    let mut run = story.entry("restart").clone();
    let time = story.entry(after)["time"].clone();
    run["actor"] = session(name);
    run["request"] = 5.into();
    run["data"]["execution"] = id("x", 99).into();
    run["data"]["person"] = person(name).into();
    run["data"]["basis"] = json!({"basis": "preview", "number": 5, "statement": statement, "how": "plan"});
    run["data"]["matched"] = statement;
    run["data"]["deadline"] = (time.as_i64().unwrap() + MINUTE).into();
    run["time"] = time;
    change(&mut run);
    story.insert_after(after, run);
}

#[test]
fn g3_a_preview_is_of_a_task_that_has_one() {
    each(&[
        ("the task has none", Rule::G3, |story| shown(story, "R5", "rita", |_| ())),
        ("other values", Rule::Parameters, |story| {
            let values = story.copy.seal_value(&json!({"Unit": "cron"}));
            shown(story, "R5", "rita", |run| run["data"]["values"] = values.to_string().into());
        }),
    ]);
}

#[test]
fn g19_a_preview_is_for_the_requester_and_the_approvers_of_an_open_request() {
    each(&[
        ("an account that has nothing to do with it", Rule::G19, |story| {
            shown(story, "R5", "svc", |_| ());
        }),
        ("another statement", Rule::G19, |story| {
            shown(story, "R5", "rita", |run| {
                run["data"]["basis"]["statement"] = digest("another").to_string().into();
            });
        }),
        ("after its denial", Rule::G19, |story| shown(story, "R5/denied", "rita", |_| ())),
        ("by a token", Rule::Tokens, |story| {
            shown(story, "R5", "rita", |run| run["actor"]["token"] = id("t", 1).into());
        }),
        ("not stopped when the request ended", Rule::G15, |story| shown(story, "R5", "rita", |_| ())),
    ]);
}

#[test]
fn g13_only_what_is_owed_is_taken_back_or_settled() {
    each(&[
        ("nothing is owed", Rule::G3, |story| {
            shown(story, "R5", "rita", |run| {
                run["actor"] = system();
                run["data"]["basis"] = json!({"basis": "take_back", "of": id("x", 1)});
            });
        }),
        ("settled, and nothing was owed", Rule::G13, |story| {
            let data = json!({"execution": id("x", 1), "how": "taken_back"});
            let settled = event("R5", story, system(), "ObligationSettled", data);
            story.insert_after("R5", settled);
        }),
        ("owed by a run that leaves nothing", Rule::G13, |story| {
            let execution = story.data("restart")["execution"].clone();
            let data = json!({"execution": execution, "number": 1});
            let mut incurred = event("restart", story, session("rita"), "ObligationIncurred", data);
            incurred["request"] = 1.into();
            story.insert_after("restart", incurred);
        }),
    ]);
}
