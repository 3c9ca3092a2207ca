//! A task on a real database, by the lines that people type: catalog, policy, request, approval, run.

use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::targets::{allow, pack_of, people, shipped};
use crate::world::{As, World, is_root};

/// The user that runs the database server when the tests run as root, which PostgreSQL refuses: `nobody`.
const NOBODY: u32 = 65_534;
pub(crate) const PASSWORD: &str = "correct-horse-battery";

#[test]
fn a_session_is_ended_by_who_was_approved_to() {
    walk(As::Ordinary);
    if is_root() {
        walk(As::Root);
    }
}

fn walk(who: As) {
    let server = Server::start();
    server.sql(&format!(
        "CREATE ROLE countersign LOGIN NOINHERIT PASSWORD '{PASSWORD}';
         CREATE ROLE countersign_reader IN ROLE pg_read_all_stats, pg_read_all_settings ROLE countersign;
         CREATE ROLE countersign_operator IN ROLE pg_signal_backend, pg_read_all_stats ROLE countersign;
         CREATE ROLE anna LOGIN"
    ));
    let (mut world, link) = World::open(who);
    let target = format!(
        "host = \"127.0.0.1\"\nport = {}\ndatabase = \"postgres\"\nuser = \"countersign\"\npassword = \"main\"\n\
         roles = [\"countersign_reader\", \"countersign_operator\"]\n",
        server.port
    );
    allow(&mut world, "main", PASSWORD, &format!("[postgresql.main]\n{target}"));
    people(&world, &link);
    let policies = [(r"PostgreSQL\Disconnect-Session", "Manual"), (r"PostgreSQL\Get-Activity", "Manual")];
    pack_of(&world, &shipped("postgresql"), r"PostgreSQL\Database Operations", &policies);

    // Somebody is connected.
    let mut anna = server.session("anna");
    let mut pid = String::new();
    world.wait("her session", |_| {
        pid = server.sql("SELECT pid FROM pg_stat_activity WHERE usename = 'anna'");
        !pid.is_empty()
    });
    let task = r"PostgreSQL\Get-Activity";
    let ask = ["request", "new", task, "--reason", "who is there?"];
    let number = world.line("rita", &ask).ends(0).out.trim().to_owned();
    world.line("bob", &["request", "approve", &number]).ends(0);
    world.line("rita", &["run", task]).ends(0).prints("anna").prints(&pid);

    let task = r"PostgreSQL\Disconnect-Session";
    let (process, user) = (format!("ProcessId={pid}"), "User=anna");
    let line = ["run", task, "-p", process.as_str(), "-p", user];
    world.line("rita", &line).ends(123).says("authorization_required");
    let ask = ["request", "new", task, "-p", &process, "-p", user, "--reason", "she holds a lock"];
    let number = world.line("rita", &ask).ends(0).out.trim().to_owned();
    world.line("bob", &["request", "show", &number]).ends(0).prints(&pid).prints("anna");
    // What it would do is seen by who asks and who decides, and by nobody else; it does nothing.
    world.line("rita", &["request", "preview", &number]).ends(0).prints("anna").prints(&pid);
    world.line("bob", &["request", "preview", &number]).ends(0).prints("pg_sleep");
    world.line("bob", &["request", "preview", &number, "--last"]).ends(0).prints("anna").says("bob@");
    world.line("bob", &["request", "show", &number]).ends(0).prints("made");
    assert!(anna.try_wait().unwrap().is_none(), "a preview ended the session");
    world.line("bob", &["request", "approve", &number]).ends(0);
    world
        .line("rita", &["run", task, "-p", "ProcessId=1", "-p", user])
        .ends(123)
        .says("parameter_not_approved");
    world.line("rita", &line).ends(0).prints("(1 row)");
    world.wait("the end of her session", |_| anna.try_wait().unwrap().is_some());
    world.line("rita", &["execution", "list", "--mine"]).ends(0).prints("succeeded");
    let log = server.log();
    assert!(log.contains("/* countersign x-"), "the database's own log names the execution");
    assert!(!world.log().contains(PASSWORD), "our log holds the password");
    assert_eq!(log.matches(PASSWORD).count(), 1, "once, where this test made the account");
    world.stop();
    world.host(&["ledger", "verify", "--data-dir", &world.file("data")]).ends(0).prints("Nothing is wrong");
}

/// The first list: by a timer, for an exempt service account, of what the database itself says.
#[test]
fn standing_access_is_listed_by_itself() {
    let server = Server::start();
    server.sql(&format!(
        "CREATE ROLE countersign LOGIN NOINHERIT PASSWORD '{PASSWORD}';
         CREATE ROLE countersign_reader ROLE countersign;
         CREATE ROLE anna LOGIN SUPERUSER"
    ));
    let (mut world, link) = World::open(As::Ordinary);
    let target = format!(
        "host = \"127.0.0.1\"\nport = {}\ndatabase = \"postgres\"\nuser = \"countersign\"\npassword = \"main\"\n\
         roles = [\"countersign_reader\"]\n",
        server.port
    );
    allow(&mut world, "main", PASSWORD, &format!("[postgresql.main]\n{target}"));
    people(&world, &link);
    let (group, account) = (r"PostgreSQL\View-Only Database Operations", "lists@contoso.example");
    world.line("ada", &["catalog", "apply", &shipped("postgresql").display().to_string()]).ends(0);
    let new =
        ["person", "new-service", account, "--display-name", "Lists", "--owner", "rita@contoso.example"];
    world.line("ada", &new).ends(0);
    world.line("ada", &["role-group", "add-member", group, account]).ends(0);
    let because = ["system-account", "add", account, "--because", "daily lists", "--days", "90"];
    world.line("ada", &because).ends(0);
    let policy = ["New-ElevatedAccessApprovalPolicy", "-Task", r"PostgreSQL\Get-StandingAccess"];
    let terms = ["-ApprovalType", "Manual", "-ApproverGroup", "Approvers"];
    world.line("ada", &[policy.as_slice(), &terms].concat()).ends(0);
    let named = ["access", "set", "--admin-group", "Approvers", "--standing-access-account", account];
    world.line("ada", &named).ends(0);
    world.line("ada", &["Enable-ElevatedAccessControl", "-AdminGroup", "Approvers"]).ends(0);

    let search = ["audit", "search", "--output", "json"];
    world.wait("the list", |world| world.line("ada", &search).out.contains("StandingAccessListed"));
    world.stop();
    let verified = world.host(&["ledger", "verify", "--data-dir", &world.file("data")]);
    verified.ends(0).prints("Nothing is wrong");
    let ledger = rusqlite::Connection::open(world.path("data").join("ledger.db")).unwrap();
    let sql = "SELECT bytes FROM entry WHERE instr(bytes, 'StandingAccessListed') > 0";
    let listed: Vec<u8> = ledger.query_row(sql, [], |row| row.get(0)).unwrap();
    let listed = String::from_utf8(listed).unwrap();
    assert!(listed.contains(r#""data":{"appeared":0,"before":null,"#), "{listed}");
    // Anna, who made the cluster, and Countersign's own account by its role.
    assert!(listed.contains(r#""gone":0,"holders":3,"workload":"PostgreSQL""#), "{listed}");
    assert!(server.log().contains("/* countersign x-"), "the database was asked");
}

pub(crate) struct Server {
    directory: TempDir,
    pub(crate) port: u16,
}

impl Server {
    pub(crate) fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        if std::fs::metadata(directory.path()).unwrap().uid() == 0 {
            chown(directory.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Self { directory, port };
        let data = server.data();
        server.run("initdb", &["-D", &data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]);
        let rules = Path::new(&data).join("pg_hba.conf");
        std::fs::write(&rules, "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n").unwrap();
        std::fs::set_permissions(&rules, std::fs::Permissions::from_mode(0o644)).unwrap();
        server.begin();
        server
    }

    #[allow(dead_code, reason = "the benchmarks never end it")]
    pub(crate) fn begin(&self) {
        let data = self.data();
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{}' -c fsync=off -c log_statement=all",
            self.port,
            self.directory.path().display()
        );
        self.run("pg_ctl", &["-D", &data, "-w", "-l", &format!("{data}.log"), "-o", &options, "start"]);
    }

    /// Ends at once, as when its host loses power.
    #[allow(dead_code, reason = "the benchmarks never end it")]
    pub(crate) fn end(&self) {
        self.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "-w", "stop"]);
    }

    fn data(&self) -> String {
        self.directory.path().join("data").display().to_string()
    }

    fn log(&self) -> String {
        std::fs::read_to_string(format!("{}.log", self.data())).unwrap()
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(programs().join(program));
        command.stdin(Stdio::null()).current_dir("/");
        if std::fs::metadata(self.directory.path()).unwrap().uid() == NOBODY {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let status = self.command(program).args(arguments).stdout(Stdio::null()).status();
        assert!(status.unwrap().success(), "{program}");
    }

    pub(crate) fn psql(&self, user: &str) -> Command {
        let mut command = self.command("psql");
        let (directory, port) = (self.directory.path(), self.port.to_string());
        command.arg("-h").arg(directory).args(["-p", &port, "-U", user, "-qAtX", "postgres"]);
        command
    }

    /// As the server's administrator; gives what it prints.
    pub(crate) fn sql(&self, sql: &str) -> String {
        let output = self.psql("tests").args(["-c", sql]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Somebody who stays connected.
    fn session(&self, user: &str) -> std::process::Child {
        let sleeping = ["-c", "SELECT pg_sleep(300)"];
        self.psql(user).args(sleeping).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "-w", "stop"]);
    }
}

fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").unwrap();
    let mut versions: Vec<_> = versions.flatten().map(|entry| entry.path().join("bin")).collect();
    versions.sort();
    versions.into_iter().rev().find(|bin| bin.join("initdb").exists()).unwrap()
}
