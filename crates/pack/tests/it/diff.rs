use countersign_pack::{Brief, Change, Definitions, Diff, TaskChange};

use super::{ROLES, TASK, pack};

#[test]
fn g7_a_diff_says_what_ends_authorizations() {
    let before = pack(&[]).unwrap().definitions;
    for (text, how) in [
        (format!("risk = \"None.\"\n{TASK}"), TaskChange::Text),
        (format!("{TASK}help = \"Where.\""), TaskChange::Text),
        (format!("confidential = true\n{TASK}"), TaskChange::Text),
        (TASK.replace("200", "100"), TaskChange::Execution),
        (TASK.replace("/usr/bin/df", "/usr/bin/du"), TaskChange::Execution),
        (format!("{TASK}binding = \"free\""), TaskChange::Execution),
    ] {
        let changes = pack(&[("tasks/usage.toml", &text)]).unwrap().diff(&before).changes;
        assert_eq!(changes.len(), 1, "{text}");
        assert!(
            matches!(&changes[0], Change::Task { how: found, fields, .. } if *found == how && fields.len() == 1),
            "{changes:?}"
        );
    }
}

#[test]
fn spelling_out_what_holds_anyway_is_no_change() {
    let before = pack(&[]).unwrap().definitions;
    let spelt = format!("read_only = false\n{TASK}binding = \"always\"\nmin_length = 1\nrequired = false\n");
    assert!(pack(&[("tasks/usage.toml", &spelt)]).unwrap().diff(&before).is_empty());
    assert_eq!(pack(&[]).unwrap().diff(&before).to_string(), "Nothing changes.\n");
}

#[test]
fn a_diff_is_read_by_approvers() {
    let before = pack(&[]).unwrap();
    let gone = TASK.replace("Get-Usage", "Get-Old");
    let old = pack(&[("tasks/old.toml", &gone)]).unwrap().definitions;
    let changed =
        TASK.replace("200", "100").replace("[execution]", "[limits]\nmax_run_time = \"5m\"\n[execution]");
    let roles = format!("{ROLES}[[role_groups]]\nname = \"All\"\nroles = [\"Readers\"]\n");
    let after = pack(&[("tasks/usage.toml", &changed), ("roles.toml", &roles)]).unwrap();
    assert_eq!(
        after.diff(&old).to_string(),
        "~ task Demo\\Get-Usage (execution changes: what was approved before no longer covers it)\n    \
         limits/max_run_time: \"1 h\" → \"5 min\"\n    \
         parameters/Path/kind/max_length: 200 → 100\n\
         - task Demo\\Get-Old\n\
         + role group Demo\\All\n    \
         Demo\\Readers\n"
    );
    let added = before.diff(&Definitions::default()).to_string();
    assert!(
        added.starts_with("+ task Demo\\Get-Usage\n") && added.contains("program: \"/usr/bin/df\""),
        "{added}"
    );
    assert!(added.contains("+ role Demo\\Readers\n    Demo\\Get-Usage\n"), "{added}");
}

#[test]
fn a_new_task_is_one_line_where_briefness_is_asked_for_and_a_changed_one_is_not() {
    let writes = pack(&[]).unwrap();
    let added = Brief(&writes.diff(&Definitions::default())).to_string();
    assert_eq!(
        added,
        "+ task Demo\\Get-Usage (changes its target)\n+ role Demo\\Readers\n    Demo\\Get-Usage\n"
    );
    let reads = format!("title = \"Disk use\"\nread_only = true\n{TASK}");
    let reads = pack(&[("tasks/usage.toml", &reads)]).unwrap();
    let added = Brief(&reads.diff(&Definitions::default())).to_string();
    assert!(added.starts_with("+ task Demo\\Get-Usage (only reads): Disk use\n"), "{added}");
    let changed = reads.diff(&writes.definitions);
    assert_eq!(Brief(&changed).to_string(), changed.to_string(), "what it was stands beside what it will be");
    assert_eq!(Brief(&Diff::default()).to_string(), "Nothing changes.\n");
}

#[test]
fn role_changes_name_what_comes_and_goes() {
    let one = pack(&[]).unwrap();
    let other = TASK.replace("Get-Usage", "Get-Other");
    let roles = ROLES.replace("Get-Usage", "Get-Other");
    let two = pack(&[("tasks/other.toml", &other), ("roles.toml", &roles)]).unwrap();
    let text = two.diff(&one.definitions).to_string();
    assert!(text.ends_with("~ role Demo\\Readers\n    + Demo\\Get-Other\n    - Demo\\Get-Usage\n"), "{text}");
}
