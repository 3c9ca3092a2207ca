//! A library that we did not write reads what we write, and refuses what was changed.
//!
//! Needs Debian's `golang-go` and `golang-golang-x-mod-dev`. Where they are missing the tests fail.

mod export;
mod judge;

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use countersign_ledger::note::SigningKey;
use export::{Files, export, two_epochs};
use judge::judge;

use crate::support::origin;

/// Runs the Go driver over all directories at once; what it said of each, by directory name.
#[expect(clippy::disallowed_methods, reason = "the neutral verifier is another program")]
fn neutral(root: &Path, names: &[&str]) -> BTreeMap<String, String> {
    let gopath = Path::new("/usr/share/gocode");
    let library = gopath.join("src/golang.org/x/mod/sumdb/tlog");
    assert!(
        library.is_dir(),
        "install the Debian package golang-golang-x-mod-dev ({} is missing)",
        library.display()
    );
    let output = Command::new("go")
        .args(["run", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interop/check.go")])
        .args(names)
        .current_dir(root)
        .env("GOPATH", gopath)
        .env("GO111MODULE", "off")
        .env("GOFLAGS", "")
        .env("GOTOOLCHAIN", "local")
        .env("GOCACHE", concat!(env!("CARGO_TARGET_TMPDIR"), "/go-cache"))
        .output()
        .unwrap_or_else(|error| panic!("cannot run go ({error}): install the Debian package golang-go"));
    let said = String::from_utf8(output.stdout).unwrap();
    let verdicts: BTreeMap<_, _> = said
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(name, verdict)| (name.to_owned(), verdict.to_owned()))
        .collect();
    assert_eq!(verdicts.len(), names.len(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    verdicts
}

fn write(root: &Path, files: &Files) {
    for (path, bytes) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// One change of an exported ledger, how it is called, and the check that must notice.
type Mutant = (&'static str, &'static str, fn(&mut Files));

fn flip(files: &mut Files, path: &str, at: usize) {
    files.get_mut(path).unwrap_or_else(|| panic!("no {path}"))[at] ^= 1;
}

fn replace(files: &mut Files, path: &str, from: &str, to: &str) {
    let text = String::from_utf8(files[path].clone()).unwrap();
    assert!(text.contains(from), "{path} has no {from:?}");
    files.insert(path.into(), text.replacen(from, to, 1).into_bytes());
}

fn swap(files: &mut Files, a: &str, b: &str) {
    let before = files.insert(a.into(), files[b].clone()).unwrap();
    files.insert(b.into(), before);
}

/// The other ledger's file: well made, rightly signed, but not of this history.
fn borrow(files: &mut Files, path: &str) {
    let other = export(600, 300, 17, "another past");
    files.insert(path.into(), other[path].clone());
}

const MUTANTS: [Mutant; 20] = [
    ("entry-changed", "entries", |files| flip(files, "tile/entries/000", 9)),
    ("last-entry-changed", "entries", |files| flip(files, "tile/entries/002.p/88", 3)),
    ("entry-length-changed", "entries", |files| flip(files, "tile/entries/001", 1)),
    ("entries-swapped", "entries", |files| swap(files, "tile/entries/000", "tile/entries/001")),
    ("bundle-cut", "entries", |files| {
        files.get_mut("tile/entries/001").unwrap().pop();
    }),
    ("bundle-longer", "entries", |files| files.get_mut("tile/entries/001").unwrap().push(0)),
    ("bundle-missing", "entries", |files| drop(files.remove("tile/entries/001"))),
    ("leaf-tile-changed", "entries", |files| flip(files, "tile/0/001", 40)),
    ("leaf-tiles-swapped", "entries", |files| swap(files, "tile/0/000", "tile/0/001")),
    ("partial-tile-changed", "entries", |files| flip(files, "tile/0/002.p/88", 40)),
    ("upper-tile-changed", "entries", |files| flip(files, "tile/1/000.p/2", 0)),
    ("size-changed", "checkpoint", |files| replace(files, "checkpoint", "\n600\n", "\n599\n")),
    ("head-of-another-past", "entries", |files| borrow(files, "checkpoint")),
    ("signature-changed", "checkpoint", |files| {
        let end = files["checkpoint"].len();
        flip(files, "checkpoint", end - 20);
    }),
    ("other-key", "checkpoint", |files| {
        let other = SigningKey::from_seed(origin().key_name().clone(), &[99; 32]);
        files.insert("vkey".into(), other.verifying_key().to_string().into_bytes());
    }),
    ("proof-hashes-swapped", "inclusion", |files| {
        let text = String::from_utf8(files["entry.tlog-proof"].clone()).unwrap();
        let lines: Vec<_> = text.split('\n').collect();
        let swapped = [&lines[..2], &[lines[3], lines[2]], &lines[4..]].concat().join("\n");
        files.insert("entry.tlog-proof".into(), swapped.into_bytes());
    }),
    ("proof-index-changed", "inclusion", |files| {
        replace(files, "entry.tlog-proof", "index 17\n", "index 16\n");
    }),
    ("proven-entry-changed", "inclusion", |files| flip(files, "entry", 5)),
    ("consistency-changed", "consistency", |files| flip(files, "consistency", 3)),
    ("old-head-of-another-past", "consistency", |files| borrow(files, "old-checkpoint")),
];

#[test]
fn go_accepts_ours_and_refuses_what_we_refuse() {
    let root = tempfile::tempdir().unwrap();
    let good = export(600, 300, 17, "past");
    assert_eq!(judge(&good), Ok(()));
    write(&root.path().join("good"), &good);
    let mut ours = BTreeMap::new();
    for (name, _, change) in MUTANTS {
        let mut files = good.clone();
        change(&mut files);
        assert_ne!(files, good, "{name} changes nothing");
        ours.insert(name, judge(&files));
        write(&root.path().join(name), &files);
    }
    let mut names: Vec<_> = MUTANTS.iter().map(|(name, ..)| *name).collect();
    names.push("good");
    let theirs = neutral(root.path(), &names);
    assert_eq!(theirs["good"], "ok");
    for (name, check, _) in MUTANTS {
        for verdict in [ours[name].clone().unwrap_err(), theirs[name].replacen("refused: ", "", 1)] {
            assert!(verdict.starts_with(&format!("{check}: ")), "{name}: {verdict}");
        }
    }
}

/// Sizes at which a level begins or ends, and one with three levels.
#[test]
fn go_accepts_ledgers_of_every_shape() {
    let root = tempfile::tempdir().unwrap();
    let shapes: [(usize, usize, usize); 8] = [
        (1, 1, 0),
        (2, 1, 1),
        (255, 128, 254),
        (256, 255, 0),
        (257, 256, 256),
        (512, 300, 300),
        (65_536, 65_535, 256),
        (66_000, 65_536, 65_999),
    ];
    let names: Vec<_> = shapes.iter().map(|(size, ..)| format!("size-{size}")).collect();
    for ((size, old, index), name) in shapes.into_iter().zip(&names) {
        let files = export(size, old, index, "past");
        assert_eq!(judge(&files), Ok(()), "{name}");
        write(&root.path().join(name), &files);
    }
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    for (name, verdict) in neutral(root.path(), &names) {
        assert_eq!(verdict, "ok", "{name}");
    }
}

/// The checkpoint of an epoch that is over is consistent with the tree that was gone on with, each by its own key.
#[test]
fn go_accepts_a_ledger_of_two_epochs() {
    let root = tempfile::tempdir().unwrap();
    let good = two_epochs(600, 300, 17);
    let mutants: [(&str, fn(&mut Files)); 3] = [
        ("without-the-old-key", |files| drop(files.remove("old-vkey"))),
        ("old-head-by-the-new-key", |files| {
            files.insert("old-checkpoint".into(), files["checkpoint"].clone());
        }),
        ("keys-swapped", |files| swap(files, "vkey", "old-vkey")),
    ];
    assert_eq!(judge(&good), Ok(()));
    write(&root.path().join("good"), &good);
    let mut names = vec!["good"];
    for (name, change) in mutants {
        let mut files = good.clone();
        change(&mut files);
        assert!(judge(&files).is_err(), "{name}");
        write(&root.path().join(name), &files);
        names.push(name);
    }
    for (name, verdict) in neutral(root.path(), &names) {
        assert_eq!(verdict == "ok", name == "good", "{name}: {verdict}");
    }
}
