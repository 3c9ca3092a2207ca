use super::{TASK, pack, places};

#[track_caller]
fn refused(path: &str, text: &str, expected: &[&str]) {
    let faults = pack(&[(path, text)]).expect_err(text);
    assert_eq!(places(&faults), expected, "{text}\n{faults:?}");
}

#[test]
fn a_sound_pack_is_read() {
    let pack = pack(&[]).unwrap();
    assert_eq!(pack.definitions.tasks.len(), 1);
    assert_eq!(pack.definitions.roles.len(), 1);
    assert!(pack.lint().is_empty());
}

#[test]
fn each_fault_has_its_place() {
    let task = "tasks/usage.toml";
    let with = |line: &str| format!("{line}\n{TASK}");
    refused(task, "name = ", &["tasks/usage.toml:1:8 syntax"]);
    refused(task, &with("name = \"Other\""), &["tasks/usage.toml:2:1 syntax"]);
    refused(task, &with("run_as = \"root\""), &["tasks/usage.toml:1:1 unknown_field"]);
    refused(task, &with("read_only = \"yes\""), &["tasks/usage.toml:1:13 value"]);
    refused(
        task,
        &with("risk = 5\nshell = true"),
        &["tasks/usage.toml:1:8 value", "tasks/usage.toml:2:1 unknown_field"],
    );
    refused(task, &format!("{TASK}max = 3"), &["tasks/usage.toml:10:1 unknown_field"]);
    refused(task, &format!("{TASK}pattern = \"(\""), &["tasks/usage.toml:10:1 value"]);
    refused(task, &format!("{TASK}default = 5"), &["tasks/usage.toml:10:1 definition"]);
    refused(task, &format!("{TASK}binding = \"allways\""), &["tasks/usage.toml:10:1 value"]);
    refused(task, &TASK.replace("max_length = 200", ""), &["tasks/usage.toml:6:1 missing_field"]);
    refused(
        task,
        &TASK.replace("\"string\"", "\"strnig\""),
        &["tasks/usage.toml:8:1 value", "tasks/usage.toml:9:1 unknown_field"],
    );
    refused(task, &TASK.replace("program", "progam"), &["tasks/usage.toml:4:1 unknown_field"]);
    refused(
        task,
        &TASK.replace("{ literal = \"--\" }", "{ litral = \"--\" }"),
        &["tasks/usage.toml:5:16 unknown_field"],
    );
    refused(task, &TASK.replace("executor = \"process\"\n", ""), &["tasks/usage.toml:2:2 missing_field"]);
    refused(task, &TASK.replace("\"process\"", "\"shell\""), &["tasks/usage.toml:3:12 value"]);
    refused(task, &TASK.replace("Get-Usage", "Get/Usage"), &["tasks/usage.toml:1:1 value"]);
    refused(task, &TASK.replace("Get-Usage", "Gеt-Usage"), &["tasks/usage.toml:1:1 value"]);
    refused(
        task,
        &format!("{TASK}[[parameters]]\nname = \"path\"\ntype = \"guid\""),
        &["tasks/usage.toml:11:1 duplicate"],
    );
    refused("tasks/again.toml", &TASK.replace("Get-Usage", "get-usage"), &["tasks/usage.toml:1:1 duplicate"]);
    refused("roles.toml", "[[roles]]\nname = \"R\"\ntasks = [\"Get-Usgae\"]", &["roles.toml:3:10 reference"]);
    refused(
        "roles.toml",
        "[[roles]]\nname = \"R\"\ntasks = [\"Get-Usage\", \"get-usage\"]",
        &["roles.toml:3:23 duplicate"],
    );
    refused(
        "roles.toml",
        "[[roles]]\nname = \"R\"\ntasks = [\"Other\\\\Get\"]",
        &["roles.toml:3:10 reference"],
    );
    refused("roles.toml", "[[roles]]\nname = \"R\"", &["roles.toml:1:1 missing_field"]);
    refused(
        "roles.toml",
        "[[roles]]\nname = \"R\"\ntasks = []\nmembers = [\"anna\"]",
        &["roles.toml:4:1 unknown_field"],
    );
    refused("roles.toml", "[[role_groups]]\nname = \"G\"\nroles = [\"R\"]", &["roles.toml:3:10 reference"]);
    refused("tasks/usage.tml", TASK, &["tasks/usage.tml:0:0 unknown_field"]);
    refused("tasks/deep/usage.toml", TASK, &["tasks/deep/usage.toml:0:0 unknown_field"]);
}

#[test]
fn the_manifest_is_judged_first() {
    let line = |line: &str| format!("{}\n{line}", super::MANIFEST.trim_end());
    refused("pack.toml", "", &["pack.toml:1:1 missing_field"; 4]);
    refused("pack.toml", &line("runspce = \"x\""), &["pack.toml:5:1 unknown_field"]);
    refused("pack.toml", &super::MANIFEST.replace("Demo", "countersign"), &["pack.toml:3:1 definition"]);
    refused("pack.toml", &super::MANIFEST.replace("process", "Process"), &["pack.toml:4:1 value"]);
    refused("pack.toml", &super::MANIFEST.replace("demo", "../demo"), &["pack.toml:1:1 value"]);
    let nothing = countersign_pack::Pack::from_files(&std::collections::BTreeMap::new()).unwrap_err();
    assert_eq!(places(&nothing), ["pack.toml:0:0 unreadable"]);
}

#[test]
fn faults_suggest_what_was_meant() {
    for (text, hint) in [
        (TASK.replace("max_length", "maxlength"), "did you mean `max_length`?"),
        (TASK.replace("\"string\"", "\"strnig\""), "did you mean `string`?"),
        (TASK.replace("program", "progam"), "did you mean `program`?"),
        (format!("readonly = true\n{TASK}"), "did you mean `read_only`?"),
    ] {
        let faults = pack(&[("tasks/usage.toml", &text)]).unwrap_err();
        assert!(faults.iter().any(|fault| fault.hint.as_deref() == Some(hint)), "{hint}: {faults:?}");
    }
    let faults = pack(&[("roles.toml", "[[roles]]\nname = \"R\"\ntasks = [\"Get-Usgae\"]")]).unwrap_err();
    assert_eq!(
        faults[0].to_string(),
        "roles.toml:3:10: the pack has no Demo\\Get-Usgae (reference)\n  hint: did you mean `Demo\\Get-Usage`?"
    );
}

#[test]
fn what_hides_is_made_visible_in_faults() {
    let faults = pack(&[("tasks/usage.toml", &format!("\"a\\u202eb\" = 1\n{TASK}"))]).unwrap_err();
    assert!(faults[0].message.contains("\\u{202e}"), "{faults:?}");
    let faults = pack(&[("tasks/\u{1b}[2K.toml.x", "")]).unwrap_err();
    assert!(!faults[0].to_string().contains('\u{1b}'), "{faults:?}");
}

#[test]
fn there_is_no_floating_point() {
    for text in [
        format!("{TASK}default = 1.5"),
        TASK.replace("[execution]", "[execution]\nsuccess = [0.0]"),
        TASK.replace("[execution]", "[execution]\nsuccess = [9007199254740993]"),
    ] {
        assert!(pack(&[("tasks/usage.toml", &text)]).is_err(), "{text}");
    }
}

#[test]
fn a_directory_is_read_within_bounds() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    std::fs::create_dir(root.join("tasks")).unwrap();
    for (path, text) in super::files(&[]) {
        std::fs::write(root.join(path), text).unwrap();
    }
    std::fs::write(root.join(".swp"), [0xff]).unwrap();
    assert!(countersign_pack::Pack::read(root).unwrap().lint().is_empty());

    std::fs::write(root.join("tasks/big.toml"), "#".repeat(256 * 1024 + 1)).unwrap();
    std::fs::write(root.join("tasks/bytes.toml"), [0xff, 0xfe]).unwrap();
    std::fs::create_dir(root.join("tasks/more")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", root.join("tasks/zero.toml")).unwrap();
    std::os::unix::fs::symlink("nowhere", root.join("tasks/nowhere.toml")).unwrap();
    let mut faults = places(&countersign_pack::Pack::read(root).unwrap_err());
    faults.sort();
    let expected = ["big.toml", "bytes.toml", "more", "nowhere.toml", "zero.toml"];
    assert_eq!(faults, expected.map(|name| format!("tasks/{name}:0:0 unreadable")));
    assert!(countersign_pack::Pack::read(&root.join("none")).is_err());
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_fall_over(noise in "\\PC{0,60}", at in 0_usize..220) {
        let mut text = TASK.to_owned();
        let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.insert_str(at, &noise);
        if let Ok(pack) = pack(&[("tasks/usage.toml", &text)]) {
            let _ = pack.lint();
        }
    }
}
