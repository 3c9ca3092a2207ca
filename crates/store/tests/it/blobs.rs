use countersign_core::id::PersonId;
use countersign_core::time::{Instant, Span};
use countersign_ledger::hash::sha256;
use countersign_store::conformance::Script;
use countersign_store::{BlobCitation, Blobs, Error, Upload, sqlite};

const T0: Instant = Instant::from_micros(1_800_000_000_000_000);

const fn upload(person: u8, now: Instant) -> Upload {
    Upload { person: PersonId::from_bytes([person; 16]), now, each: 10, all: 15 }
}

#[test]
fn uploads_are_bounded_and_kept_once() {
    let directory = tempfile::tempdir().unwrap();
    let opened = sqlite::open(directory.path()).unwrap();
    let blobs = Blobs::open(directory.path(), opened.ops.clone()).unwrap();
    let digest = blobs.upload(b"12345678", &upload(1, T0)).unwrap();
    assert_eq!(digest, sha256(b"12345678"));
    assert_eq!(blobs.upload(b"12345678", &upload(1, T0)).unwrap(), digest);
    assert!(matches!(blobs.upload(b"123", &upload(1, T0)), Err(Error::Quota)));
    blobs.upload(b"abcdefg", &upload(2, T0)).unwrap();
    assert!(matches!(blobs.upload(b"z", &upload(3, T0)), Err(Error::Quota)));
    assert_eq!(blobs.read(&digest).unwrap().unwrap(), b"12345678");
    assert!(blobs.read(&sha256(b"never")).unwrap().is_none());
    let person = |number: u8| PersonId::from_bytes([number; 16]);
    assert_eq!(blobs.uploaded_by(&digest, person(1)).unwrap(), Some(8));
    assert_eq!(
        blobs.uploaded_by(&digest, person(2)).unwrap(),
        None,
        "knowing a digest is not having the file"
    );
    assert!(blobs.upload(b"", &upload(4, T0)).is_err());
}

#[test]
fn g22_uploads_at_once_find_the_last_room_of_a_quota_once() {
    let directory = tempfile::tempdir().unwrap();
    let opened = sqlite::open(directory.path()).unwrap();
    let blobs = Blobs::open(directory.path(), opened.ops.clone()).unwrap();
    for round in 0..20_u8 {
        let start = std::sync::Barrier::new(8);
        let kept = std::thread::scope(|scope| {
            let sending = (0..8_u8).map(|at| {
                let (blobs, start) = (blobs.clone(), &start);
                scope.spawn(move || {
                    start.wait();
                    let all = Upload { all: u64::MAX, ..upload(round, T0) };
                    blobs.upload(&[round, at, 0, 0, 0, 0], &all).is_ok()
                })
            });
            let sending: Vec<_> = sending.collect();
            sending.into_iter().filter_map(|sent| sent.join().ok()).filter(|kept| *kept).count()
        });
        assert_eq!(kept, 1, "ten bytes hold one file of six");
    }
}

#[test]
fn uploads_that_no_event_cites_vanish_and_others_stay() {
    let directory = tempfile::tempdir().unwrap();
    let mut opened = sqlite::open(directory.path()).unwrap();
    let blobs = Blobs::open(directory.path(), opened.ops.clone()).unwrap();
    let cited = blobs.upload(b"cited", &upload(1, T0)).unwrap();
    let unused = blobs.upload(b"unused", &upload(2, T0)).unwrap();
    let fresh = blobs.upload(b"new", &upload(3, T0.plus(Span::from_hours(5)))).unwrap();
    let mut script = Script::default();
    let seq = script.set_password(1);
    let mut batch = script.batch();
    batch.blobs = vec![BlobCitation { digest: cited, seq }];
    opened.store.append(&batch).unwrap();
    let reader = opened.store.reader();
    assert_eq!(blobs.sweep(&*reader, T0.plus(Span::from_hours(1))).unwrap(), 1);
    assert!(blobs.read(&cited).unwrap().is_some());
    assert!(blobs.read(&unused).unwrap().is_none());
    assert!(blobs.read(&fresh).unwrap().is_some());
    // What is cited is no longer an upload: the quota is free again, and it is still known who had it.
    assert_eq!(blobs.uploaded_by(&cited, PersonId::from_bytes([1; 16])).unwrap(), Some(5));
    blobs.upload(b"ten bytes.", &upload(1, T0)).unwrap();
}

#[test]
fn what_two_uploaded_stays_until_neither_needs_it() {
    let directory = tempfile::tempdir().unwrap();
    let opened = sqlite::open(directory.path()).unwrap();
    let blobs = Blobs::open(directory.path(), opened.ops.clone()).unwrap();
    let reader = opened.store.reader();
    let later = T0.plus(Span::from_hours(5));
    let digest = blobs.upload(b"both", &upload(1, T0)).unwrap();
    blobs.upload(b"both", &upload(2, later)).unwrap();
    assert_eq!(blobs.sweep(&*reader, T0.plus(Span::from_hours(1))).unwrap(), 0);
    assert_eq!(blobs.uploaded_by(&digest, PersonId::from_bytes([1; 16])).unwrap(), None);
    assert_eq!(blobs.uploaded_by(&digest, PersonId::from_bytes([2; 16])).unwrap(), Some(4));
    assert_eq!(blobs.sweep(&*reader, later.plus(Span::from_hours(1))).unwrap(), 1);
    assert!(blobs.read(&digest).unwrap().is_none());
}

#[test]
fn a_changed_blob_is_found_out() {
    let directory = tempfile::tempdir().unwrap();
    let opened = sqlite::open(directory.path()).unwrap();
    let blobs = Blobs::open(directory.path(), opened.ops.clone()).unwrap();
    let digest = blobs.upload(b"truth", &upload(1, T0)).unwrap();
    std::fs::write(directory.path().join("blobs").join(digest.to_string()), b"lies!").unwrap();
    assert!(matches!(blobs.read(&digest), Err(Error::Content(_))));
}
