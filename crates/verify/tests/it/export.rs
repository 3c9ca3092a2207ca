//! A copy as a directory of plain files.

use std::{fs, path::Path};

use countersign_verify::{Class, Export, Options, Report, verify};
use serde_json::json;

use crate::copy::{Copy, assert_found, assert_holds, dull, entry, options, seal_key};

fn write(copy: &Copy, directory: &Path) {
    let lines = |name: &str, lines: Vec<Vec<u8>>| {
        fs::write(
            directory.join(name),
            lines.iter().flat_map(|line| [line.as_slice(), b"\n"].concat()).collect::<Vec<u8>>(),
        )
        .unwrap();
    };
    lines("entries.jsonl", copy.entries.iter().map(|entry| entry.bytes.clone()).collect());
    let batches = copy.batches.iter().map(|batch| {
        let frontier: String = batch.frontier.iter().map(|byte| format!("{byte:02x}")).collect();
        let row = json!({"first_seq": batch.first_seq, "size": batch.size, "root": batch.root, "frontier": frontier, "seal": batch.seal});
        serde_json::to_vec(&row).unwrap()
    });
    lines("batches.jsonl", batches.collect());
    let values = copy.sealed.values().map(|value| {
        let salt: String = value.salt.iter().map(|byte| format!("{byte:02x}")).collect();
        let text = std::str::from_utf8(&value.value).unwrap();
        serde_json::to_vec(&json!({"commitment": value.commitment, "salt": salt, "value": text})).unwrap()
    });
    lines("sealed.jsonl", values.collect());
    for ((level, index), bytes) in &copy.tiles {
        let path = directory.join(format!("tile/{level}/{index:03}"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

fn check(directory: &Path, options: &Options<'_>) -> Report {
    verify(&mut Export::open(directory).unwrap(), options, |_| ()).unwrap()
}

#[test]
fn an_export_is_verified_like_the_database() {
    let mut copy = dull(600);
    let group = format!("g-{}", "01".repeat(16));
    let mail = copy.seal_value(&json!("approvers@contoso.example\n\u{1f980}"));
    copy.commit(&[entry(600, 9_000, "SignInFailed", &json!({"person": null, "count": 1}))], &seal_key());
    let read =
        entry(601, 9_000, "AuditWasRead", &json!({"what": "search", "filter": mail, "execution": null}));
    copy.commit(&[read], &seal_key());
    let _ = group;
    let directory = tempfile::tempdir().unwrap();
    write(&copy, directory.path());
    let report = check(directory.path(), &options(vec![copy.checkpoint()]));
    assert_eq!(
        (report.counts.entries, report.counts.tiles, report.counts.seals, report.counts.values),
        (602, 2, 202, 1)
    );
    let direct = copy.check(&options(vec![copy.checkpoint()]));
    assert_eq!(report, direct);

    fs::write(directory.path().join("tile/0/001"), [1; 8_192]).unwrap();
    assert_found(&check(directory.path(), &options(Vec::new())), Class::Tile);
    for optional in ["batches.jsonl", "sealed.jsonl"] {
        fs::remove_file(directory.path().join(optional)).unwrap();
    }
    fs::remove_dir_all(directory.path().join("tile")).unwrap();
    let report = check(directory.path(), &Options { seals: None, ..options(vec![copy.checkpoint()]) });
    assert!(report.unproven.iter().any(|line| line.starts_with("1 values are absent")));
}

#[test]
fn lines_that_are_not_what_the_file_holds_are_errors() {
    let directory = tempfile::tempdir().unwrap();
    assert!(Export::open(directory.path()).is_err());
    write(&dull(4), directory.path());
    assert_holds(&check(directory.path(), &options(Vec::new())));
    for bad in ["{}", "", "{\"first_seq\":0,\"size\":3,\"root\":\"00\",\"frontier\":\"\"}"] {
        fs::write(directory.path().join("batches.jsonl"), format!("{bad}\n")).unwrap();
        let mut export = Export::open(directory.path()).unwrap();
        assert!(verify(&mut export, &Options::default(), |_| ()).is_err(), "{bad}");
    }
    fs::write(directory.path().join("sealed.jsonl"), "{\"commitment\":1}\n").unwrap();
    assert!(Export::open(directory.path()).is_err());
}
