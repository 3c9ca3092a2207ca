//! A PostgreSQL server of the test's own, run as an ordinary user from the distribution's programs.

use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use countersign_remote::{PostgresqlTarget, Targets};
use countersign_runspace::Runspace;
use postgres::{Client, NoTls};
use serde_json::json;
use tempfile::TempDir;

use crate::support::{executor, fixture};

/// The user that runs the server when the tests run as root, which PostgreSQL refuses: `nobody`.
const NOBODY: u32 = 65_534;
pub(crate) const PASSWORD: &str = "correct-horse-battery";

/// A server that stops when this is dropped.
pub(crate) struct Cluster {
    directory: TempDir,
    pub(crate) port: u16,
}

impl Cluster {
    /// With the database `work`, the login `countersign` (password, SCRAM), the role `worker`, and the table `canary`.
    pub(crate) fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        // What root makes belongs to root.
        if std::fs::metadata(directory.path()).unwrap().uid() == 0 {
            chown(directory.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let cluster = Self { directory, port };
        let data = cluster.data();
        cluster.run("initdb", &["-D", &data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]);
        for name in ["server.pem", "server.key"] {
            cluster.put(name, &std::fs::read(fixture(name)).unwrap());
        }
        let rules = "local all tests trust\nlocal all all scram-sha-256\n\
                     hostssl all all 127.0.0.1/32 scram-sha-256\nhostnossl all telling 127.0.0.1/32 password\n\
                     hostnossl all all 127.0.0.1/32 scram-sha-256\n";
        cluster.put("pg_hba.conf", rules.as_bytes());
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{}' -c fsync=off -c ssl=on \
             -c ssl_cert_file=server.pem -c ssl_key_file=server.key -c log_statement=all",
            cluster.directory.path().display()
        );
        cluster.run("pg_ctl", &["-D", &data, "-w", "-l", &format!("{data}.log"), "-o", &options, "start"]);
        cluster.client("postgres").batch_execute("CREATE DATABASE work").unwrap();
        cluster
            .client("work")
            .batch_execute(&format!(
                "CREATE ROLE worker; CREATE ROLE countersign LOGIN PASSWORD '{PASSWORD}' IN ROLE worker;
                 CREATE ROLE telling LOGIN PASSWORD '{PASSWORD}' IN ROLE worker; CREATE ROLE idle; GRANT idle TO countersign;
                 GRANT pg_read_all_stats TO worker;
                 GRANT CREATE, USAGE ON SCHEMA public TO worker; CREATE TABLE hidden (a text);
                 CREATE TABLE canary (a text); GRANT ALL ON canary TO worker"
            ))
            .unwrap();
        cluster
    }

    /// A connection of the server's own administrator: the oracle.
    pub(crate) fn client(&self, database: &str) -> Client {
        let host = self.directory.path().display();
        let parameters = format!("host={host} port={} user=tests dbname={database}", self.port);
        Client::connect(&parameters, NoTls).unwrap()
    }

    /// A connection of an account with a password.
    pub(crate) fn client_of(&self, user: &str, password: &str) -> Client {
        let port = self.port;
        let parameters = format!("host=127.0.0.1 port={port} user={user} password={password} dbname=work");
        Client::connect(&parameters, NoTls).unwrap()
    }

    /// Rows of `canary`.
    pub(crate) fn canaries(&self) -> i64 {
        self.client("work").query_one("SELECT count(*) FROM canary", &[]).unwrap().get(0)
    }

    pub(crate) fn socket_directory(&self) -> String {
        self.directory.path().display().to_string()
    }

    /// The server's log.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(format!("{}.log", self.data())).unwrap()
    }

    /// Another server's port, which leads to this one somehow.
    pub(crate) fn target_at(&self, port: u16) -> PostgresqlTarget {
        let target = json!({"host": "127.0.0.1", "port": port, "database": "work", "user": "countersign",
            "password": "db", "roles": ["worker"], "tls": "required"});
        serde_json::from_value(target).unwrap()
    }

    pub(crate) fn target(&self) -> PostgresqlTarget {
        self.target_at(self.port)
    }

    pub(crate) fn runspace(&self) -> Box<dyn Runspace> {
        self.runspace_of(self.target())
    }

    pub(crate) fn runspace_of(&self, target: PostgresqlTarget) -> Box<dyn Runspace> {
        self.runspace_with(target, PASSWORD)
    }

    /// A runspace whose target has another name.
    pub(crate) fn runspace_named(&self, name: &str, target: PostgresqlTarget) -> Box<dyn Runspace> {
        self.make(name, target, PASSWORD)
    }

    pub(crate) fn runspace_with(&self, target: PostgresqlTarget, password: &str) -> Box<dyn Runspace> {
        self.make("db", target, password)
    }

    fn make(&self, name: &str, target: PostgresqlTarget, password: &str) -> Box<dyn Runspace> {
        let place = crate::support::place().keep();
        let credentials = [crate::support::credential(&place, "db", password)].into();
        let targets = Targets {
            credentials,
            postgresql: [(name.parse().unwrap(), target)].into(),
            ..Targets::default()
        };
        executor("postgresql", targets)
    }

    fn data(&self) -> String {
        self.directory.path().join("data").display().to_string()
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        let path = Path::new(&self.data()).join(name);
        std::fs::write(&path, bytes).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        let owner = std::fs::metadata(self.directory.path()).unwrap();
        chown(&path, Some(owner.uid()), Some(owner.gid())).unwrap();
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let mut command = Command::new(programs().join(program));
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).current_dir("/");
        if std::fs::metadata(self.directory.path()).unwrap().uid() == NOBODY {
            command.uid(NOBODY).gid(NOBODY);
        }
        assert!(command.status().unwrap().success(), "{program}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "-w", "stop"]);
    }
}

fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL's programs");
    let mut versions: Vec<_> = versions.flatten().map(|entry| entry.path().join("bin")).collect();
    versions.sort();
    versions.into_iter().rev().find(|bin| bin.join("initdb").exists()).expect("PostgreSQL's initdb")
}
