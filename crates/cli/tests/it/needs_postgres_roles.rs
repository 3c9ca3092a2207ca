//! A role for a while: granted by an authorization, and gone at its end, whatever happens in between.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::needs_postgres::{PASSWORD, Server};
use crate::targets::{allow, pack_of, people, shipped};
use crate::world::{As, World};

const TASK: &str = r"PostgreSQL\Add-TemporaryRoleMember";

/// The rights that the pack's README gives, in its own words.
fn server() -> Server {
    let server = Server::start();
    let readme = std::fs::read_to_string(shipped("postgresql").join("README.md")).unwrap();
    let blocks: Vec<&str> =
        readme.split("```sql\n").skip(1).map(|block| block.split("```").next().unwrap()).collect();
    server.sql(&blocks.concat().replace('…', PASSWORD));
    server.sql("CREATE ROLE support; CREATE ROLE anna LOGIN; CREATE ROLE otto LOGIN; GRANT support TO otto");
    server
}

fn opened(server: &Server) -> World {
    let (mut world, link) = World::open(As::Ordinary);
    let target = format!(
        "host = \"127.0.0.1\"\nport = {}\ndatabase = \"postgres\"\nuser = \"countersign\"\npassword = \"main\"\n\
         roles = [\"countersign_reader\", \"countersign_operator\", \"countersign_role_admin\"]\n",
        server.port
    );
    allow(&mut world, "main", PASSWORD, &format!("[postgresql.main]\n{target}"));
    people(&world, &link);
    pack_of(&world, &shipped("postgresql"), r"PostgreSQL\Database Access Management", &[(TASK, "Manual")]);
    world
}

impl Server {
    fn members(&self) -> String {
        self.sql(
            "SELECT string_agg(member.rolname, ' ' ORDER BY member.rolname) FROM pg_auth_members AS m \
             JOIN pg_roles AS held ON held.oid = m.roleid JOIN pg_roles AS member ON member.oid = m.member \
             WHERE held.rolname = 'support'",
        )
    }
}

/// Asked for and approved for so many seconds, and run.
fn granted(world: &World, member: &str, seconds: &str, code: i32) -> String {
    let member = format!("Member={member}");
    let values = ["-p", "Role=support", "-p", member.as_str()];
    let ask = [&["request", "new", TASK, "--reason", "an incident", "--duration", seconds][..], &values[..]];
    let number = world.line("rita", &ask.concat()).ends(0).out.trim().to_owned();
    world.line("bob", &["request", "preview", &number]).ends(0).prints("otto");
    world.line("bob", &["request", "approve", &number]).ends(0);
    world.line("rita", &[&["run", TASK][..], &values[..]].concat()).ends(code);
    number
}

fn open(world: &World) -> usize {
    let shown = world.line("ada", &["execution", "take-backs", "--output", "json"]).ends(0).json();
    shown.as_array().or_else(|| shown.get("items")?.as_array()).map_or(0, Vec::len)
}

/// Tries to take back lie ever farther apart: longer than the world's own patience.
fn until(world: &mut World, what: &str, mut done: impl FnMut(&World) -> bool) {
    let begun = Instant::now();
    while !done(world) {
        assert!(begun.elapsed() < Duration::from_secs(120), "{what}: not in time\n{}", world.log());
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn proved(mut world: World) {
    world.stop();
    world.host(&["ledger", "verify", "--data-dir", &world.file("data")]).ends(0).prints("Nothing is wrong");
}

#[test]
fn a_membership_is_gone_when_its_authorization_is() {
    let server = server();
    let mut world = opened(&server);
    let number = granted(&world, "anna", "1h", 0);
    assert_eq!((server.members().as_str(), open(&world)), ("anna otto", 1));
    world.line("rita", &["authorization", "give-back", &number]).ends(0);
    until(&mut world, "the end of the membership", |_| server.members() == "otto");
    until(&mut world, "that it is settled", |world| open(world) == 0);

    // By the end of its time, with nobody there to do anything.
    let number = granted(&world, "anna", "10s", 0);
    assert_eq!(server.members(), "anna otto");
    until(&mut world, "its time", |_| server.members() == "otto");
    world.line("rita", &["request", "show", &number]).ends(0);

    // Who was a member before is refused, and stays one.
    let number = granted(&world, "otto", "1h", 121);
    world.line("rita", &["authorization", "give-back", &number]).ends(0);
    until(&mut world, "that nothing is open", |world| open(world) == 0);
    assert_eq!(server.members(), "otto", "a membership of before was revoked");
    proved(world);
}

#[test]
fn a_membership_is_gone_after_kill_a_stopped_target_and_a_restart() {
    let server = server();
    let mut world = opened(&server);
    let number = granted(&world, "anna", "12s", 0);
    assert_eq!(server.members(), "anna otto");

    // Server and runner are killed, and the target loses power.
    world.kill();
    server.end();
    world.serve();
    until(&mut world, "a try that fails", |world| {
        let shown = world.line("ada", &["execution", "list", "--output", "json"]).out;
        shown.contains("take_back") && shown.contains("not_started")
    });
    world.line("rita", &["request", "show", &number]).ends(0).prints("Not taken back yet");
    assert_eq!(open(&world), 1, "what is not taken back is shown as open");
    // Nobody stops what takes power back, least of all who has it.
    let tries = world.line("rita", &["execution", "list", "--output", "json"]).ends(0).out;
    assert!(tries.contains("take_back"));

    // Again, in the middle of trying.
    world.kill();
    world.serve();
    server.begin();
    until(&mut world, "the end of the membership", |_| server.members() == "otto");
    until(&mut world, "that it is settled", |world| open(world) == 0);
    assert_eq!(server.sql("SELECT count(*) FROM countersign.held"), "0");
    proved(world);
}

#[test]
fn a_grant_of_which_nobody_knows_is_taken_back_as_far_as_it_was_made() {
    let server = server();
    let mut world = opened(&server);
    // The grant waits for a lock, and everything that knows of it is killed.
    let mut holder = server.psql("tests");
    holder.args(["-c", "BEGIN; LOCK TABLE countersign.held; SELECT pg_sleep(300)"]);
    let mut holder = holder.stdout(std::process::Stdio::null()).spawn().unwrap();
    world.wait("the lock", |_| {
        server.sql("SELECT count(*) FROM pg_locks WHERE relation = 'countersign.held'::regclass AND granted")
            != "0"
    });
    let values = ["-p", "Role=support", "-p", "Member=anna"];
    let ask = [&["request", "new", TASK, "--reason", "an incident", "--duration", "10s"][..], &values[..]];
    let number = world.line("rita", &ask.concat()).ends(0).out.trim().to_owned();
    world.line("bob", &["request", "approve", &number]).ends(0);
    world.line("rita", &[&["run", TASK, "--detach"][..], &values[..]].concat()).ends(0);
    world.wait("the grant at the lock", |_| {
        server.sql(
            "SELECT count(*) FROM pg_locks WHERE relation = 'countersign.held'::regclass AND NOT granted",
        ) != "0"
    });
    world.kill();
    let _ = holder.kill();
    let _ = holder.wait();
    server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(300)%' AND pid <> pg_backend_pid()");
    world.serve();
    until(&mut world, "that it is settled", |world| open(world) == 0);
    assert_eq!(server.members(), "otto");
    proved(world);
}

impl World {
    /// Kills the server, and with it its runner, without a word.
    fn kill(&mut self) {
        let pid = self.server_id().to_string();
        let children = Command::new("pgrep").args(["-P", &pid]).output().unwrap();
        let children = String::from_utf8(children.stdout).unwrap();
        for pid in children.split_whitespace().chain([pid.as_str()]) {
            let _ = Command::new("kill").args(["-KILL", pid]).status();
        }
        self.killed();
    }
}
