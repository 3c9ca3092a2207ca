use std::collections::BTreeSet;

use countersign_store::conformance::{Backend, CASES, Opened, Script};
use countersign_store::schema::tables;
use countersign_store::{AppendError, Error, postgres as store};
use postgres::{Client, NoTls};

use crate::cluster::Cluster;

struct Database<'a> {
    cluster: &'a Cluster,
    name: String,
}

impl<'a> Database<'a> {
    fn new(cluster: &'a Cluster, name: &str) -> Self {
        // A name of PostgreSQL has at most 63 bytes.
        let name: String = name.chars().take(60).collect();
        cluster.create(&name);
        Self { cluster, name }
    }

    fn client(&self) -> Client {
        Client::connect(&self.cluster.parameters(&self.name), NoTls).unwrap()
    }
}

impl Backend for Database<'_> {
    fn open(&self) -> Result<Opened, Error> {
        // The server notices a little later that the connection before is gone.
        for _ in 0..100 {
            match store::open(&self.cluster.parameters(&self.name)) {
                Err(Error::Locked(_)) => std::thread::sleep(std::time::Duration::from_millis(20)),
                other => {
                    return other.map(|opened| Opened {
                        store: opened.store,
                        ops: opened.ops,
                        hold: Box::new(()),
                    });
                }
            }
        }
        Err(Error::Locked("this database".into()))
    }

    fn tamper(&self, sql: &str) {
        self.client().batch_execute(sql).unwrap();
    }
}

/// One server for all of it: to start one takes longer than most cases.
#[test]
fn the_suite_and_what_is_particular_to_a_server() {
    let Some(cluster) = Cluster::start() else {
        assert!(std::env::var_os("CI").is_none(), "PostgreSQL's server programs are not installed");
        println!("skipped: PostgreSQL's server programs are not installed");
        return;
    };
    for (name, case) in CASES {
        println!("{name}");
        case(&Database::new(&cluster, name));
    }
    a_second_server_is_refused(&Database::new(&cluster, "second"));
    every_table_is_declared(&Database::new(&cluster, "declared"));
    a_lost_connection_is_not_a_commit(&Database::new(&cluster, "lost"));
}

fn a_second_server_is_refused(database: &Database<'_>) {
    let _first = database.open().unwrap();
    assert!(matches!(store::open(&database.cluster.parameters(&database.name)), Err(Error::Locked(_))));
}

fn every_table_is_declared(database: &Database<'_>) {
    let _opened = database.open().unwrap();
    let sql =
        "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
    let found: BTreeSet<String> =
        database.client().query(sql, &[]).unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(found, tables().into_iter().map(|table| table.name.to_owned()).collect());
}

fn a_lost_connection_is_not_a_commit(database: &Database<'_>) {
    let mut opened = database.open().unwrap();
    let mut script = Script::default();
    script.set_password(1);
    opened.store.append(&script.batch()).unwrap();
    database.cluster.disconnect(&database.name);
    script.set_password(1);
    match opened.store.append(&script.batch()) {
        Err(AppendError::Definite(error)) => assert!(error.is_fatal(), "{error}"),
        other => panic!("{other:?}"),
    }
    assert!(opened.store.reader().head().is_ok(), "readers connect again");
    drop(opened);
    assert_eq!(database.open().unwrap().store.head().unwrap().unwrap().size, 1);
}
