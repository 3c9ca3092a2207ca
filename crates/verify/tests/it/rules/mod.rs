//! One thing changed in a good story, one rule broken.

mod beside;
mod control;
mod grants;

use countersign_verify::{Class, Rule};
use serde_json::{Value, json};

use crate::copy::assert_holds;
use crate::story::{
    HOUR, Story, approvers, by, by_role, digest, disk_terms, good, id, manual, narrowed, person, session,
    system, task,
};

#[test]
fn the_good_story_holds() {
    let report = good().check();
    assert_holds(&report);
    let counts = &report.counts;
    assert_eq!((counts.requests, counts.votes, counts.authorizations, counts.executions), (6, 3, 4, 20));
    assert_eq!((counts.values_compared, counts.values_not_comparable, counts.values_absent), (4, 0, 0));
}

type Case = (&'static str, Rule, fn(&mut Story));

/// Each case is found under its rule, and the finding names an entry.
#[track_caller]
fn each(cases: &[Case]) {
    for (name, rule, change) in cases {
        let mut story = good();
        change(&mut story);
        let report = story.check();
        let found: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
        let wanted = report.findings.iter().find(|finding| finding.class == Class::Rule(*rule));
        assert!(wanted.is_some(), "{name}: {rule} is not among {found:#?}");
        assert!(
            report.findings.iter().all(|finding| matches!(
                finding.class,
                Class::Rule(_) | Class::TimeBack | Class::MissingValue
            )),
            "{name}: the copy itself is whole: {found:#?}"
        );
    }
}

fn set(story: &mut Story, label: &str, field: &str, value: impl Into<Value>) {
    let value = value.into();
    assert!(
        story.data(label).get(field).is_some_and(|old| *old != value),
        "`{label}` has `{field}`, and another one"
    );
    story.data(label)[field] = value;
}

fn shift(story: &mut Story, label: &str, field: &str, by: i64) {
    let value = story.data(label)[field].as_i64().unwrap() + by;
    set(story, label, field, value);
}

/// An entry like this one, said by somebody else.
fn event(like: &str, story: &mut Story, actor: Value, kind: &str, data: Value) -> Value {
    let time = story.entry(like)["time"].clone();
    json!({"type": kind, "v": 1, "rules": 1, "time": time, "actor": actor, "data": data})
}
