//! Ledgers of several epochs, against what was kept of each.

use countersign_ledger::{Digest, json};
use countersign_verify::{Class, KeptCheckpoint};
use serde_json::json;

use crate::copy::{Copy, assert_found, assert_holds, dull, failed_sign_in, key_of, options, seal_key};

/// What was served, 12 entries of it; and an older copy of it, 7 entries, that was gone on with as epoch 2.
struct Lost {
    served: Copy,
    went_on: Copy,
}

fn lost() -> Lost {
    let served = dull(12);
    let mut went_on = dull(7);
    went_on.epoch = 2;
    let opened = opened(&went_on, &served, 2, &key_of(2, 8).verifying_key().to_string());
    went_on.commit(&[opened, failed_sign_in(8, 5)], &seal_key());
    went_on.commit(&[failed_sign_in(9, 6), failed_sign_in(10, 6), failed_sign_in(11, 6)], &seal_key());
    Lost { served, went_on }
}

fn root(copy: &Copy) -> Digest {
    copy.batches.last().unwrap().root
}

fn opened(copy: &Copy, served: &Copy, epoch: u32, key: &str) -> Vec<u8> {
    let seq = copy.entries.len();
    let cites = json!({"origin": "ledger.example/1", "size": served.entries.len(), "root": root(served)});
    let data = json!({
        "epoch": epoch, "cites": cites, "key": key, "doubts": ["shorter"], "accepted": [], "ends": {},
    });
    let time = 1_000 + i64::try_from(seq).unwrap();
    json::canonical(&json!({
        "seq": seq, "type": "EpochOpened", "v": 1, "rules": 1, "time": time, "actor": {"kind": "host"}, "data": data,
    }))
    .unwrap()
}

fn newest(copy: &Copy) -> KeptCheckpoint {
    copy.checkpoint_by(&key_of(2, 8))
}

#[test]
fn checkpoints_of_both_epochs_are_compared_each_with_its_own() {
    let Lost { served, went_on } = lost();
    let report = went_on.check(&options(vec![dull(6).checkpoint(), newest(&went_on)]));
    assert_holds(&report);
    assert_eq!((report.counts.checkpoints, report.counts.seals), (2, 5));
    let [epoch] = report.epochs.as_slice() else { panic!("{:?}", report.epochs) };
    assert_eq!((epoch.epoch, epoch.seq, epoch.cited_size), (2, 7, 12));
    assert_eq!(epoch.lost, "entries 7 to 11 of ledger.example/1 are gone");
    // What was kept of the lost end is what was accepted to be lost.
    let report = went_on.check(&options(vec![served.checkpoint(), dull(9).checkpoint(), newest(&went_on)]));
    assert_holds(&report);
    let said = report.checked.join("\n");
    assert!(
        said.contains("is the head that epoch 2 cites") && said.contains("entries that were lost"),
        "{said}"
    );
}

#[test]
fn more_is_lost_than_was_accepted() {
    let Lost { went_on, .. } = lost();
    assert_found(&went_on.check(&options(vec![dull(15).checkpoint()])), Class::Truncated);
}

#[test]
fn what_came_before_an_epoch_is_compared_as_ever() {
    let Lost { went_on, .. } = lost();
    let other = {
        let mut other = dull(3);
        other.commit(&[failed_sign_in(3, 9), failed_sign_in(4, 9)], &seal_key());
        other
    };
    assert_found(&went_on.check(&options(vec![other.checkpoint()])), Class::Checkpoint);
}

#[test]
fn the_lost_ledger_is_not_the_one_that_was_gone_on_with() {
    let Lost { served, went_on } = lost();
    assert_found(&served.check(&options(vec![newest(&went_on)])), Class::Truncated);
    assert_holds(&served.check(&options(vec![served.checkpoint()])));
}

#[test]
fn a_key_changes_by_the_event_that_opens_an_epoch_and_not_otherwise() {
    let Lost { went_on, .. } = lost();
    let other = went_on.checkpoint_by(&key_of(2, 9));
    assert_found(&went_on.check(&options(vec![other])), Class::Checkpoint);
    let copy = dull(9);
    let two = vec![copy.checkpoint(), copy.checkpoint_by(&key_of(1, 9))];
    assert_found(&copy.check(&options(two)), Class::Checkpoint);
}

#[test]
fn a_batch_of_an_epoch_that_no_event_opened_is_not_sealed() {
    let mut copy = dull(6);
    copy.epoch = 2;
    copy.commit(&[failed_sign_in(6, 1)], &seal_key());
    assert_found(&copy.check(&options(Vec::new())), Class::Appended);
    // And the seals of an epoch that is over seal nothing any more.
    let Lost { mut went_on, .. } = lost();
    went_on.epoch = 1;
    went_on.commit(&[failed_sign_in(12, 1)], &seal_key());
    assert_found(&went_on.check(&options(Vec::new())), Class::Appended);
}

#[test]
fn an_epoch_that_only_replaced_the_key_lost_nothing() {
    let mut copy = dull(6);
    copy.epoch = 2;
    let before = copy.clone();
    let opened = opened(&copy, &before, 2, "k");
    copy.commit(&[opened], &seal_key());
    let report = copy.check(&options(vec![before.checkpoint_by(&key_of(1, 7))]));
    assert_holds(&report);
    assert!(report.epochs[0].lost.starts_with("nothing"), "{}", report.epochs[0].lost);
}

#[test]
fn entries_that_were_replaced_are_named_by_the_head_that_is_cited() {
    let served = dull(12);
    let mut copy = dull(9);
    copy.commit(
        &[failed_sign_in(9, 7), failed_sign_in(10, 7), failed_sign_in(11, 7), failed_sign_in(12, 7)],
        &seal_key(),
    );
    copy.epoch = 2;
    let opened = opened(&copy, &served, 2, "k");
    copy.commit(&[opened], &seal_key());
    let report = copy.check(&options(vec![served.checkpoint()]));
    assert_holds(&report);
    assert!(report.epochs[0].lost.contains("others stand in their place"), "{}", report.epochs[0].lost);
    // A head of the replaced history that is not the one cited proves nothing of what replaced it.
    let between = {
        let mut between = dull(9);
        between.commit(&[failed_sign_in(9, 1)], &seal_key());
        between
    };
    assert_found(&copy.check(&options(vec![between.checkpoint()])), Class::Checkpoint);
}
