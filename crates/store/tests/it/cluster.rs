//! A private PostgreSQL server for the tests, run as an ordinary user from the distribution's programs.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// The user that runs the server when the tests run as root, which PostgreSQL refuses: `nobody`.
const NOBODY: u32 = 65_534;

/// A server that stops when this is dropped.
pub(crate) struct Cluster {
    directory: TempDir,
    programs: PathBuf,
}

impl Cluster {
    /// Starts a server, if this machine has the programs for one.
    pub(crate) fn start() -> Option<Self> {
        let programs = programs()?;
        let cluster = Self { directory: tempfile::tempdir().unwrap(), programs };
        // What root makes belongs to root.
        if owner(cluster.directory.path()) == 0 {
            std::os::unix::fs::chown(cluster.directory.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let data = cluster.data();
        cluster.run("initdb", &["-D", &data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]);
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c fsync=off -c max_connections=100",
            cluster.directory.path().display()
        );
        cluster.run("pg_ctl", &["-D", &data, "-w", "-l", &format!("{data}.log"), "-o", &options, "start"]);
        Some(cluster)
    }

    /// How to connect to one of its databases.
    pub(crate) fn parameters(&self, database: &str) -> String {
        format!("host={} user=tests dbname={database}", self.directory.path().display())
    }

    /// Makes a database.
    pub(crate) fn create(&self, database: &str) {
        let mut client = postgres::Client::connect(&self.parameters("postgres"), postgres::NoTls).unwrap();
        client.batch_execute(&format!("CREATE DATABASE {database}")).unwrap();
    }

    /// Ends every connection to a database, as an administrator of the server may.
    pub(crate) fn disconnect(&self, database: &str) {
        let mut client = postgres::Client::connect(&self.parameters("postgres"), postgres::NoTls).unwrap();
        let sql = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1";
        client.execute(sql, &[&database]).unwrap();
    }

    fn data(&self) -> String {
        self.directory.path().join("data").display().to_string()
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        #[expect(clippy::disallowed_methods, reason = "the tests start their own server")]
        let mut command = Command::new(self.programs.join(program));
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).current_dir("/");
        if owner(self.directory.path()) == NOBODY {
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

fn programs() -> Option<PathBuf> {
    let mut versions: Vec<_> =
        std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path()).collect();
    versions.sort();
    versions.into_iter().rev().map(|version| version.join("bin")).find(|bin| bin.join("initdb").exists())
}

fn owner(path: &Path) -> u32 {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).unwrap().uid()
}
