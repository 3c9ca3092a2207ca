//! The copy against itself, against its seals, and against what was kept elsewhere (L1 to L10).

use countersign_ledger::seal::SealKey;
use countersign_verify::{Class, Holds, Options};

use crate::copy::{
    Copy, assert_found, assert_holds, classes, dull, failed_sign_in, first_entry, options, seal_key,
    signing_key,
};

#[test]
fn an_untouched_copy_holds_and_what_is_unproven_is_said() {
    let copy = dull(10);
    let report = copy.check(&options(vec![copy.checkpoint()]));
    assert_holds(&report);
    assert_eq!(
        (report.size, report.counts.batches, report.counts.seals, report.counts.checkpoints),
        (10, 4, 4, 1)
    );
    assert_eq!(report.ledger.as_deref(), Some("ledger.example"));

    let report = copy.check(&Options::default());
    assert_holds(&report);
    let unproven = report.unproven.join("\n");
    assert!(
        unproven.contains("seals were not checked") && unproven.contains("keep a checkpoint elsewhere"),
        "{unproven}"
    );

    let mut bare = copy;
    bare.holds = Holds { batches: false, tiles: false, sealed: false };
    let report = bare.check(&Options::default());
    assert_holds(&report);
    assert!(report.unproven.iter().any(|line| line.starts_with("batches were not checked")));
    assert!(report.unproven.iter().any(|line| line.starts_with("tiles were not checked")));
}

#[test]
fn an_empty_copy_is_short_of_a_kept_checkpoint() {
    assert_holds(&Copy::new().check(&Options::default()));
    let kept = dull(10).checkpoint();
    assert_found(&Copy::new().check(&options(vec![kept])), Class::Truncated);
}

#[test]
fn l9_every_flipped_bit_of_every_byte_is_found() {
    let copy = dull(10);
    let kept = copy.checkpoint();
    for index in 0..copy.entries.len() {
        for byte in 0..copy.entries[index].bytes.len() {
            let mut changed = copy.clone();
            changed.entries[index].bytes[byte] ^= 1 << (byte % 8);
            // Against the copy's own batches.
            assert_found(&changed.check(&Options::default()), Class::Root);
            // Everything made anew around it, with the real key: only the kept checkpoint says so.
            let rewritten = changed.resealed(&seal_key());
            assert_found(&rewritten.check(&options(vec![kept.clone()])), Class::Checkpoint);
        }
    }
}

#[test]
fn l1_a_batch_row_cannot_be_changed() {
    let copy = dull(10);
    type Case = (Class, fn(&mut Copy));
    let changes: [Case; 12] = [
        (Class::Root, |copy| copy.batches[1].root = copy.batches[2].root),
        (Class::Frontier, |copy| copy.batches[1].frontier = copy.batches[2].frontier.clone()),
        (Class::Frontier, |copy| copy.batches[1].frontier.clear()),
        (Class::Batch, |copy| copy.batches[1].first_seq = 4),
        (Class::Batch, |copy| copy.batches[1].size = 5),
        (Class::Batch, |copy| drop(copy.batches.remove(1))),
        (Class::Batch, |copy| copy.batches[1] = copy.batches[0].clone()),
        (Class::Batch, |copy| copy.batches.swap(0, 1)),
        (Class::Seal, |copy| copy.batches[1].seal = copy.batches[2].seal),
        (Class::Seal, |copy| copy.batches[1].seal = None),
        (Class::Appended, |copy| copy.batches[3].seal = None),
        (Class::Appended, |copy| drop(copy.batches.pop())),
    ];
    for (index, (class, change)) in changes.iter().enumerate() {
        let mut changed = copy.clone();
        change(&mut changed);
        let report = changed.check(&options(Vec::new()));
        assert!(classes(&report).contains(class), "{index}: {class:?} is not among {:#?}", report.findings);
    }
}

#[test]
fn l1_a_removed_entry_is_found_and_named() {
    let copy = dull(10);
    let mut gone = copy.clone();
    gone.entries.remove(4);
    let report = gone.check(&options(vec![copy.checkpoint()]));
    assert_found(&report, Class::Gap);
    assert_eq!(report.findings[0].seq, Some(4));

    // Closed up, as in a list without positions.
    for (position, entry) in gone.entries.iter_mut().enumerate() {
        entry.position = u64::try_from(position).unwrap();
    }
    let rewritten = gone.resealed(&seal_key());
    let report = rewritten.check(&options(vec![copy.checkpoint()]));
    assert_found(&report, Class::Gap);
    assert_found(&report, Class::Truncated);
}

#[test]
fn l1_reordered_and_doubled_entries_are_found() {
    let copy = dull(10);
    let mut swapped = copy.clone();
    let other = swapped.entries[5].bytes.clone();
    swapped.entries[5].bytes = std::mem::replace(&mut swapped.entries[4].bytes, other);
    assert_found(&swapped.check(&Options::default()), Class::Gap);
    assert_found(&swapped.check(&Options::default()), Class::Root);

    let mut doubled = copy.clone();
    let again = doubled.entries[4].clone();
    doubled.entries.insert(5, again);
    assert_found(&doubled.check(&Options::default()), Class::Gap);
    for (position, entry) in doubled.entries.iter_mut().enumerate() {
        entry.position = u64::try_from(position).unwrap();
    }
    assert_found(&doubled.check(&Options::default()), Class::Gap);
    assert_found(&doubled.resealed(&seal_key()).check(&options(vec![copy.checkpoint()])), Class::Checkpoint);
}

#[test]
fn a_truncated_copy_is_found_by_its_batches_or_by_a_kept_checkpoint() {
    let copy = dull(10);
    let mut short = copy.clone();
    short.entries.truncate(7);
    assert_found(&short.check(&Options::default()), Class::Truncated);
    short.batches.truncate(2);
    short.entries.truncate(6);
    assert_holds(&short.check(&options(Vec::new())));
    assert_found(&short.check(&options(vec![copy.checkpoint()])), Class::Truncated);
}

#[test]
fn appended_entries_need_a_batch_and_a_seal() {
    let copy = dull(10);
    let mut more = copy.clone();
    more.commit(&[failed_sign_in(10, 1)], &SealKey::from_bytes([6; 32]));
    let report = more.check(&options(vec![copy.checkpoint()]));
    assert_found(&report, Class::Appended);
    assert_eq!(report.findings[0].seq, Some(10));
    // Without the key that cannot be seen, and is said.
    let blind = more.check(&Options { seals: None, ..options(vec![copy.checkpoint()]) });
    assert_holds(&blind);
    assert!(blind.unproven.iter().any(|line| line.contains("newer than every kept checkpoint")));

    more.batches.pop();
    assert_found(&more.check(&Options::default()), Class::Appended);
}

#[test]
fn l5_a_ledger_rewritten_with_the_real_keys_contradicts_what_was_kept() {
    let copy = dull(10);
    let mut other = Copy::new();
    other.commit(&[first_entry("ledger.example")], &seal_key());
    for seq in 1..14 {
        other.commit(&[failed_sign_in(seq, if seq == 5 { 2 } else { 1 })], &seal_key());
    }
    assert_holds(&other.check(&options(Vec::new())));
    let old = dull(3).checkpoint();
    let report = other.check(&options(vec![copy.checkpoint(), old]));
    assert_eq!(classes(&report), [Class::Checkpoint]);
    assert!(report.findings[0].sentence.contains("the first 3 agree"), "{}", report.findings[0]);
}

#[test]
fn l7_kept_tiles_name_the_entry() {
    let copy = dull(600);
    let other = {
        let mut other = copy.clone();
        other.entries[300].bytes = failed_sign_in(300, 9);
        other.entries[590].bytes = failed_sign_in(590, 9);
        other.resealed(&seal_key())
    };
    let kept = |index: u64| copy.tiles.get(&(0, index)).cloned();
    let report = other.check(&Options { kept_tiles: Some(&kept), ..options(vec![copy.checkpoint()]) });
    assert_eq!((report.findings[0].class, report.findings[0].seq), (Class::Checkpoint, Some(300)));
    assert_holds(&copy.check(&Options { kept_tiles: Some(&kept), ..options(vec![copy.checkpoint()]) }));
}

#[test]
fn tiles_are_compared_and_name_the_entry() {
    let copy = dull(600);
    let report = copy.check(&options(Vec::new()));
    assert_holds(&report);
    assert_eq!(report.counts.tiles, 2);

    let mut changed = copy.clone();
    changed.entries[300].bytes = failed_sign_in(300, 9);
    let report = changed.check(&Options::default());
    let tile = report.findings.iter().find(|finding| finding.class == Class::Tile).unwrap();
    assert_eq!(tile.seq, Some(300));

    let mut changed = copy.clone();
    changed.tiles.remove(&(0, 1));
    assert_found(&changed.check(&Options::default()), Class::Tile);
    changed.tiles.insert((0, 1), vec![0; 8_192]);
    assert_found(&changed.check(&Options::default()), Class::Tile);
}

#[test]
fn l10_exchanged_keys_are_found() {
    let copy = dull(10);
    // A checkpoint by another key under the same name.
    let mut kept = copy.checkpoint();
    kept.key = signing_key(8).verifying_key().clone();
    assert_found(&copy.check(&options(vec![kept])), Class::Checkpoint);
    // All seals by another key.
    let report = copy.resealed(&SealKey::from_bytes([6; 32])).check(&options(Vec::new()));
    assert_found(&report, Class::Seal);
    assert!(report.findings[0].sentence.contains("no seal holds"));
    // A checkpoint whose text was changed.
    let mut kept = copy.checkpoint();
    kept.note[0] ^= 1;
    assert_found(&copy.check(&options(vec![kept])), Class::Checkpoint);
}

#[test]
fn another_ledgers_checkpoint_is_found() {
    let mut other = Copy::new();
    other.commit(&[first_entry("another.example")], &seal_key());
    assert_found(
        &other.check(&Options { seals: None, ..options(vec![dull(10).checkpoint()]) }),
        Class::Checkpoint,
    );
}

#[test]
fn nothing_behind_an_unknown_kind_or_version_is_judged() {
    use crate::copy::entry;
    let data = serde_json::json!({});
    for (kind, edit) in [("Whispered", ""), ("SignInFailed", "v"), ("SignInFailed", "rules")] {
        let mut copy = dull(4);
        let mut bytes = if edit.is_empty() { entry(4, 2_000, kind, &data) } else { failed_sign_in(4, 1) };
        if !edit.is_empty() {
            let text = String::from_utf8(bytes).unwrap();
            bytes = text.replace(&format!("\"{edit}\":1"), &format!("\"{edit}\":2")).into_bytes();
        }
        copy.commit(&[bytes, b"not even JSON".to_vec()], &seal_key());
        let report = copy.check(&options(Vec::new()));
        assert_eq!(classes(&report), [Class::UnknownForm], "{kind} {edit}");
        assert_eq!(report.counts.judged, 4);
        assert!(report.unproven.iter().any(|line| line.contains("nothing from entry 4 on was judged")));
    }
}

#[test]
fn entries_that_are_no_events_are_found() {
    let good = String::from_utf8(failed_sign_in(4, 1)).unwrap();
    let bad = [
        String::new(),
        "{}".to_owned(),
        good.replace("\"count\":1", "\"count\":1.0"),
        good.replace("\"count\":1", "\"count\": 1"),
        good.replace("\"count\":1", "\"count\":1,\"extra\":1"),
        good.replace("\"count\":1,", ""),
        good.replace("\"rules\":1", "\"roles\":1,\"rules\":1"),
        good.replace("{\"kind\":\"system\"}", "{\"id\":\"p-00\",\"kind\":\"system\"}"),
        format!("{good}\n"),
        good.replace("\"person\":null", &format!("\"person\":\"{}\"", "p".repeat(70_000))),
    ];
    for bytes in bad {
        let mut copy = dull(4);
        copy.commit(&[bytes.clone().into_bytes()], &seal_key());
        let report = copy.check(&options(Vec::new()));
        assert!(
            classes(&report).contains(&Class::Malformed),
            "{}",
            bytes.chars().take(200).collect::<String>()
        );
    }
}

#[test]
fn the_number_of_findings_is_bounded_and_their_text_harmless() {
    let mut copy = dull(700);
    copy.tiles.clear();
    let report = copy.check(&Options { most_findings: 1, ..Options::default() });
    assert_eq!((report.findings.len(), report.more_findings), (1, 1));

    let mut copy = dull(1);
    let entry = crate::copy::entry(1, 2_000, "A\u{202e}\u{1b}[2J", &serde_json::json!({}));
    copy.commit(&[entry], &seal_key());
    let report = copy.check(&Options::default());
    let sentence = &report.findings[0].sentence;
    assert!(!sentence.contains('\u{202e}') && !sentence.contains('\u{1b}'), "{sentence:?}");
}
