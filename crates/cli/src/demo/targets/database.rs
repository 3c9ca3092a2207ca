//! A PostgreSQL server with somebody in it who holds up others.

use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};

use super::process;
use crate::demo::theatre::{Theatre, pause};

/// The task that the act is about.
pub(super) const TASK: &str = "PostgreSQL\\Disconnect-Session";
/// Whose session it ends.
pub(in crate::demo) const SOMEBODY: &str = "anna";
/// A path of a Unix socket has at most 107 bytes (`unix(7)`), its name among them.
const LONGEST: usize = 80;

/// A running server.
#[derive(Debug)]
pub(in crate::demo) struct Database {
    programs: PathBuf,
    directory: PathBuf,
    port: u16,
    /// Who runs it when the demonstration runs as root, which PostgreSQL refuses.
    user: Option<(u32, u32)>,
}

impl Database {
    /// Starts one, if its programs are here.
    pub(super) fn start(theatre: &mut Theatre) -> anyhow::Result<Option<Self>> {
        let directory = theatre.directory().join("postgresql");
        let Some(programs) = programs().filter(|_| directory.as_os_str().len() < LONGEST) else {
            theatre.say("    PostgreSQL's server is not installed here: its act is left out");
            return Ok(None);
        };
        let user = if theatre.as_root() {
            let account = ["postgres", "nobody"].into_iter().find_map(|name| {
                countersign_sandbox::user::by_name(name).ok().flatten().map(|account| account.identity)
            });
            let identity = account.context("there is no account that a database server could run as")?;
            Some((identity.uid, identity.gid))
        } else {
            None
        };
        std::fs::create_dir(&directory)?;
        std::fs::set_permissions(&directory, std::fs::Permissions::from_mode(0o700))?;
        if let Some((uid, gid)) = user {
            chown(&directory, Some(uid), Some(gid))?;
        }
        let server = Self { programs, directory, port: process::free_port()?, user };
        server.initialize(theatre)?;
        Ok(Some(server))
    }

    fn initialize(&self, theatre: &mut Theatre) -> anyhow::Result<()> {
        let data = self.directory.join("data");
        let mut initdb = self.command("initdb");
        initdb.arg("-D").arg(&data).args(["-U", "demo", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]);
        process::run(initdb)?;
        let rules = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n";
        // Written in place: the file stays its owner's.
        std::fs::write(data.join("pg_hba.conf"), rules)?;
        let log = std::fs::File::create(theatre.directory().join("postgresql.log"))?;
        let mut postgres = self.command("postgres");
        postgres.arg("-D").arg(&data).args([
            "-p",
            &self.port.to_string(),
            "-c",
            "listen_addresses=127.0.0.1",
        ]);
        postgres.args(["-c", "fsync=off", "-c", "log_statement=all", "-c"]);
        postgres.arg(format!("unix_socket_directories={}", self.directory.display()));
        let mut child = postgres.stdout(log.try_clone()?).stderr(log).spawn()?;
        let answers = process::answers(&mut child, self.port);
        theatre.keep(child);
        answers?;
        self.takes_statements()?;
        let password = crate::demo::files::random_password()?;
        self.sql(&format!(
            "CREATE ROLE countersign LOGIN NOINHERIT PASSWORD '{password}';
             CREATE ROLE countersign_reader IN ROLE pg_read_all_stats, pg_read_all_settings ROLE countersign;
             CREATE ROLE countersign_operator IN ROLE pg_signal_backend, pg_read_all_stats ROLE countersign;
             CREATE ROLE countersign_role_admin CREATEROLE ROLE countersign;
             CREATE ROLE {SOMEBODY} LOGIN"
        ))?;
        let table = format!(
            "[postgresql.main]\nhost = \"127.0.0.1\"\nport = {}\ndatabase = \"postgres\"\nuser = \"countersign\"\n\
             password = \"database\"\n\
             roles = [\"countersign_reader\", \"countersign_operator\", \"countersign_role_admin\"]\n",
            self.port
        );
        super::allow(theatre, "database", &password, &table)
    }

    /// A server that listens may still be starting up.
    fn takes_statements(&self) -> anyhow::Result<()> {
        for _ in 0..200 {
            if self.sql("SELECT 1").is_ok() {
                return Ok(());
            }
            pause(Duration::from_millis(50));
        }
        bail!("the server takes no statements")
    }

    /// Somebody connects and stays. Gives the session's process id.
    pub(in crate::demo) fn somebody_stays(&self, theatre: &mut Theatre) -> anyhow::Result<String> {
        let mut session = self.psql(SOMEBODY);
        session.args(["-c", "SELECT pg_sleep(3600)"]).stdout(Stdio::null()).stderr(Stdio::null());
        theatre.keep(session.spawn()?);
        let find = format!("SELECT pid FROM pg_stat_activity WHERE usename = '{SOMEBODY}'");
        for _ in 0..100 {
            let pid = self.sql(&find)?;
            if !pid.is_empty() {
                return Ok(pid);
            }
            pause(Duration::from_millis(50));
        }
        bail!("{SOMEBODY}'s session did not begin")
    }

    /// What the server's administrator would see.
    fn sql(&self, sql: &str) -> anyhow::Result<String> {
        let mut psql = self.psql("demo");
        psql.args(["-c", sql]);
        process::run(psql)
    }

    fn psql(&self, user: &str) -> Command {
        let mut psql = self.command("psql");
        psql.arg("-h").arg(&self.directory).args([
            "-p",
            &self.port.to_string(),
            "-U",
            user,
            "-qAtX",
            "postgres",
        ]);
        psql
    }

    fn command(&self, program: &str) -> Command {
        let mut command = process::program(self.programs.join(program));
        if let Some((uid, gid)) = self.user {
            command.uid(uid).gid(gid);
        }
        command
    }
}

/// Where the server's programs are: Debian keeps each version's apart.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions.map(|entry| entry.path().join("bin")).collect();
    found.sort();
    found.push(PathBuf::from("/usr/bin"));
    let whole = |bin: &Path| ["initdb", "postgres", "psql"].iter().all(|name| bin.join(name).is_file());
    found.into_iter().rev().find(|bin| whole(bin))
}
