use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use countersign_store::conformance::{Backend, Opened, Script, Story};
use countersign_store::schema::{Place, tables};
use countersign_store::{Error, conformance_suite, sqlite};
use rusqlite::Connection;
use tempfile::TempDir;

struct Directory(TempDir);

impl Directory {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Backend for Directory {
    fn open(&self) -> Result<Opened, Error> {
        let opened = sqlite::open(self.path())?;
        Ok(Opened { store: opened.store, ops: opened.ops, hold: Box::new(opened.lock) })
    }

    fn tamper(&self, sql: &str) {
        Connection::open(self.path().join("ledger.db")).unwrap().execute_batch(sql).unwrap();
    }
}

conformance_suite!(Directory::new());

#[test]
fn a_second_server_is_refused_until_the_first_is_gone() {
    let directory = Directory::new();
    let first = directory.open().unwrap();
    assert!(matches!(directory.open(), Err(Error::Locked(_))));
    drop(first);
    directory.open().unwrap();
}

#[test]
fn only_the_server_may_read_its_files() {
    let directory = Directory::new();
    std::fs::set_permissions(directory.path(), PermissionsExt::from_mode(0o755)).unwrap();
    std::fs::write(directory.path().join("lock"), b"").unwrap();
    let mut opened = directory.open().unwrap();
    let mut script = Script::default();
    Story::tell(&mut script);
    opened.store.append(&script.batch()).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(directory.path()), 0o700);
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(directory.path()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        names.insert(path.file_name().unwrap().to_str().unwrap().to_owned());
    }
    assert!(names.contains("ledger.db-wal") && names.contains("ops.db"), "{names:?}");
}

#[test]
fn every_table_is_declared_with_its_class() {
    let directory = Directory::new();
    drop(directory.open().unwrap());
    for (file, place) in [("ledger.db", Place::Ledger), ("ops.db", Place::Ops)] {
        let connection = Connection::open(directory.path().join(file)).unwrap();
        let mut statement =
            connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").unwrap();
        let found: BTreeSet<String> =
            statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let declared =
            tables().into_iter().filter(|table| table.place == place).map(|table| table.name.to_owned());
        assert_eq!(found, declared.collect());
    }
}

#[test]
fn a_database_of_a_newer_program_is_refused() {
    let directory = Directory::new();
    drop(directory.open().unwrap());
    directory.tamper("UPDATE meta SET value = 99 WHERE name = 'schema'");
    assert!(matches!(directory.open(), Err(Error::Newer { found: 99, .. })));
}

#[test]
fn an_index_of_another_version_is_built_anew() {
    let directory = Directory::new();
    let mut script = Script::default();
    Story::tell(&mut script);
    directory.open().unwrap().store.append(&script.batch()).unwrap();
    directory.tamper(
        "UPDATE meta SET value = 0 WHERE name = 'index'; DROP TABLE request; ALTER TABLE person ADD x TEXT",
    );
    let mut opened = directory.open().unwrap();
    assert!(opened.store.rebuild(&mut |_| {}).unwrap().differed.is_empty());
    assert!(opened.store.person_by_upn("bob@example.com").unwrap().is_some());
}

#[test]
fn what_is_no_database_is_refused() {
    let directory = Directory::new();
    std::fs::write(directory.path().join("ledger.db"), b"not a database at all, but long enough to be one")
        .unwrap();
    let error = directory.open().err().unwrap();
    assert!(error.is_fatal(), "{error}");
}

/// The files as a killed process leaves them: what was committed is in the WAL, what was not is not.
#[test]
fn a_killed_server_loses_nothing_it_acknowledged() {
    let directory = Directory::new();
    let mut opened = directory.open().unwrap();
    let mut script = Script::default();
    Story::tell(&mut script);
    opened.store.append(&script.batch()).unwrap();
    let size = script.size();
    let copy = Directory::new();
    for entry in std::fs::read_dir(directory.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "db-shm") {
            std::fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
        }
    }
    let wal = copy.path().join("ledger.db-wal");
    let length = std::fs::metadata(&wal).unwrap().len();
    let mut revived = copy.open().unwrap();
    assert_eq!(revived.store.head().unwrap().unwrap().size, size);
    assert!(revived.store.rebuild(&mut |_| {}).unwrap().differed.is_empty());
    drop(revived);

    // Killed while the next batch was being written: its last page is missing.
    script.set_password(1);
    opened.store.append(&script.batch()).unwrap();
    let torn = Directory::new();
    for name in ["ledger.db", "ledger.db-wal"] {
        std::fs::copy(directory.path().join(name), torn.path().join(name)).unwrap();
    }
    let wal = std::fs::OpenOptions::new().write(true).open(torn.path().join("ledger.db-wal")).unwrap();
    let longer = wal.metadata().unwrap().len();
    assert!(longer > length);
    wal.set_len(longer - 10).unwrap();
    let mut revived = torn.open().unwrap();
    assert_eq!(revived.store.head().unwrap().unwrap().size, size);
    assert!(revived.store.rebuild(&mut |_| {}).unwrap().differed.is_empty());
}

#[test]
fn readers_see_a_commit_at_once_and_do_not_hold_it_up() {
    let directory = Directory::new();
    let mut opened = directory.open().unwrap();
    let mut script = Script::default();
    script.set_password(1);
    opened.store.append(&script.batch()).unwrap();
    let reader = opened.store.reader();
    let all = countersign_store::EventFilter::default();
    let mut seen = 0;
    reader
        .export(&all, &countersign_store::Visibility::All, &mut |_, _| {
            script.set_password(2);
            opened.store.append(&script.batch()).unwrap();
            assert_eq!(reader.head().unwrap().unwrap().size, script.size());
            seen += 1;
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(seen, 1, "an export ends where the ledger ended when it began");
}
