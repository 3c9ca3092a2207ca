//! What a task costs with everything before and after it: the API, the gate, two durable records, the runner, the target; and
//! what a thousand of them weigh that run at one time.
//!
//! `cargo xtask bench`, or `cargo bench -p countersign-cli`. Needs PostgreSQL's and OpenSSH's servers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a benchmark may fail loudly")]
#![allow(clippy::indexing_slicing, reason = "a benchmark may fail loudly")]
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "it starts servers, measures time and prints it"
)]
#![allow(
    clippy::print_stderr,
    dead_code,
    unused_imports,
    reason = "the tests use more of what they have in common"
)]

#[path = "../tests/it/needs_postgres.rs"]
mod needs_postgres;
#[path = "../tests/it/needs_sshd.rs"]
mod needs_sshd;
#[path = "../tests/it/targets.rs"]
mod targets;
#[path = "../tests/it/world.rs"]
mod world;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use countersign_client::executions::NewExecution;
use countersign_client::{Client, Options, OutputLine, Secret};
use serde_json::{Value as Json, json};

use needs_postgres::{PASSWORD, Server};
use needs_sshd::Sshd;
use targets::{allow, pack_of, people, shipped};
use world::{As, World, is_root};

/// Sleepers at one time.
const MANY: usize = 1_000;
const MEBIBYTE: f64 = 1024.0;

fn main() {
    if std::env::args().any(|argument| argument == "--list") {
        return;
    }
    let (server, sshd) = (Server::start(), Sshd::start());
    server.sql(&format!(
        "CREATE ROLE countersign LOGIN NOINHERIT PASSWORD '{PASSWORD}';
         CREATE ROLE countersign_reader IN ROLE pg_read_all_stats ROLE countersign"
    ));
    let (mut world, link) = World::open(if is_root() { As::Root } else { As::Ordinary });
    let database = format!(
        "[postgresql.main]\nhost = \"127.0.0.1\"\nport = {}\ndatabase = \"postgres\"\nuser = \"countersign\"\n\
         password = \"db\"\nroles = [\"countersign_reader\"]\n",
        server.port
    );
    allow(&mut world, "db", PASSWORD, &database);
    let host = format!(
        "[ssh.main]\nhost = \"127.0.0.1\"\nport = {}\nusers = [\"{}\"]\nkey = \"ssh\"\nhost_keys = [\"{}\"]\n",
        sshd.port,
        sshd.user,
        sshd.file("host.pub").trim()
    );
    allow(&mut world, "ssh", &sshd.file("key"), &host);
    people(&world, &link);
    for (name, group) in [
        ("linux-ssh", r"Linux\View-Only Linux Operations"),
        ("postgresql", r"PostgreSQL\View-Only Database Operations"),
    ] {
        let pack = adapted(&world, name, &sshd.user).display().to_string();
        world.line("ada", &["catalog", "apply", &pack]).ends(0);
        world.line("ada", &["role-group", "add-member", group, "rita@contoso.example"]).ends(0);
    }
    pack_of(&world, &shipped("linux-host"), r"Host\Host Operations", &[]);
    let client = rita(&world);
    speed(&client, &server, &sshd);
    weight(&client);
    world.stop();
}

/// A shipped pack for accounts that this machine has.
fn adapted(world: &World, name: &str, account: &str) -> std::path::PathBuf {
    let pack = world.path(name);
    std::fs::create_dir_all(pack.join("tasks")).unwrap();
    for part in ["", "tasks"] {
        for entry in std::fs::read_dir(shipped(name).join(part)).unwrap().flatten() {
            if entry.file_type().unwrap().is_file() {
                let text = std::fs::read_to_string(entry.path()).unwrap();
                let text = text.replace("user = \"countersign-reader\"", &format!("user = \"{account}\""));
                std::fs::write(pack.join(part).join(entry.file_name()), text).unwrap();
            }
        }
    }
    pack
}

/// Rita's session, over one connection that stays.
fn rita(world: &World) -> Client {
    let sessions = world.path("people-rita").join("countersign/sessions");
    let file = std::fs::read_dir(sessions).unwrap().flatten().next().unwrap().path();
    let profile: Json = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let credential = Some(Secret::new(profile["session"].as_str().unwrap()));
    Client::new(world.url().parse().unwrap(), Options { credential, ..Options::default() }).unwrap()
}

fn new(task: &str, values: Json) -> NewExecution {
    let values: BTreeMap<String, Json> = serde_json::from_value(values).unwrap();
    NewExecution { task: task.to_owned(), values, authorization: None }
}

/// From the request to the outcome, which was recorded before it is told.
fn run(client: &Client, execution: &NewExecution) {
    let started = client.execute(execution).unwrap();
    for line in client.output(&started.execution).unwrap() {
        if let OutputLine::Outcome(outcome) = line.unwrap() {
            assert!(outcome.to_string().contains("succeeded"), "{outcome}");
        }
    }
}

fn quiet(command: &mut Command) {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.unwrap().success(), "{command:?}");
}

/// One durable write, as the engine makes two of for each task.
fn synced(place: &Path) {
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(place.join("synced")).unwrap();
    std::io::Write::write_all(&mut file, &[b'x'; 512]).unwrap();
    file.sync_data().unwrap();
}

fn speed(client: &Client, server: &Server, sshd: &Sshd) {
    let place = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let activity = new(r"PostgreSQL\Get-Activity", json!({}));
    let psql = || {
        let port = server.port.to_string();
        let line =
            "SELECT pid, usename, datname, state FROM pg_stat_activity WHERE backend_type = 'client backend'";
        quiet(
            Command::new("psql")
                .args([
                    "-X",
                    "-h",
                    "127.0.0.1",
                    "-p",
                    &port,
                    "-U",
                    "countersign",
                    "-d",
                    "postgres",
                    "-c",
                    line,
                ])
                .env("PGPASSWORD", PASSWORD),
        );
    };
    compare(
        "PostgreSQL\\Get-Activity, through the API",
        60,
        &mut [
            ("psql -c", &mut || psql()),
            ("the task, with its two durable records", &mut || run(client, &activity)),
            ("a plain write of 512 bytes and fdatasync", &mut || synced(place.path())),
        ],
    );
    let load = new(r"Linux\Get-SystemLoad", json!({"Hosts": ["main"]}));
    let known = sshd.place.path().join("known_hosts");
    std::fs::write(&known, format!("[127.0.0.1]:{} {}", sshd.port, sshd.file("host.pub"))).unwrap();
    let path = place.path().join("c").display().to_string();
    let ssh = || {
        let mut command = Command::new("ssh");
        command.args(["-F", "none", "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-p"]);
        command.arg(sshd.port.to_string()).arg("-i").arg(sshd.place.path().join("key"));
        command.arg("-o").arg(format!("UserKnownHostsFile={}", known.display()));
        command.args(["-o", "ControlMaster=auto", "-o", "ControlPersist=120", "-S", &path]);
        quiet(command.arg(format!("{}@127.0.0.1", sshd.user)).args(["/usr/bin/cat", "/proc/loadavg"]));
    };
    compare(
        "Linux\\Get-SystemLoad, through the API",
        60,
        &mut [
            ("ssh with ControlMaster", &mut || ssh()),
            ("the task, with its two durable records", &mut || run(client, &load)),
        ],
    );
    let _ = Command::new("ssh")
        .args(["-F", "none", "-S", &path, "-O", "exit", "x"])
        .stderr(Stdio::null())
        .status();
}

/// Sleepers, and what they do to the next person's start.
fn weight(client: &Client) {
    let quick = || gate(client);
    let (alone, before) = (memory(), measured(40, quick));
    let sleeper = new(r"Host\Start-LongCheck", json!({"Seconds": 3000}));
    let begun = Instant::now();
    let ids: Vec<String> = (0..MANY).map(|_| client.execute(&sleeper).unwrap().execution).collect();
    let deadline = Instant::now() + Duration::from_secs(120);
    while sleepers() < MANY && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(200));
    }
    let took = begun.elapsed().as_secs_f64();
    let (with, during) = (memory(), measured(40, quick));
    println!("\n{} sleeping tasks at one time ({MANY} asked for), all running after {took:.1} s", sleepers());
    println!("{:<46} {:>10} {:>10}", "proportional set size, MiB", "alone", "with them");
    for (name, (before, after)) in ["server", "runner", "one init for each", "the sleeping programs"]
        .into_iter()
        .zip(alone.into_iter().zip(with))
    {
        println!("{name:<46} {before:>10.1} {after:>10.1}");
    }
    println!("{:<46} {:>10.1} {:>10.1}", "in all", alone.iter().sum::<f64>(), with.iter().sum::<f64>());
    println!("{:<46} {:>10.2} {:>10.2}", "a start is judged and recorded, p50, ms", before.0, during.0);
    println!("{:<46} {:>10.2} {:>10.2}", "the same, p95, ms", before.1, during.1);
    let begun = Instant::now();
    for id in &ids {
        client.stop(id).unwrap();
    }
    while sleepers() > 0 && begun.elapsed() < Duration::from_secs(120) {
        std::thread::sleep(Duration::from_millis(200));
    }
    println!("all stopped after {:.1} s; left: {}", begun.elapsed().as_secs_f64(), sleepers());
}

/// The gate's answer: somebody's start was judged and is recorded.
fn gate(client: &Client) {
    client.execute(&new(r"Host\Get-SystemLoad", json!({}))).unwrap();
}

fn sleepers() -> usize {
    world::processes_with("3000").len()
}

/// Proportional set sizes: server, runner, inits, sleeping programs.
fn memory() -> [f64; 4] {
    let mut sums = [0.0; 4];
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let words: Vec<String> = String::from_utf8_lossy(&line).split('\0').map(str::to_owned).collect();
        let has = |word: &str| words.iter().any(|other| other == word);
        let at = if words[0].ends_with("sleep") && has("3000") {
            3
        } else if std::fs::read_link(entry.path().join("exe"))
            .is_ok_and(|exe| exe == Path::new(world::BINARY))
        {
            match (has("serve"), has("runner")) {
                (true, _) => 0,
                (_, true) => 1,
                _ => 2,
            }
        } else {
            continue;
        };
        let rollup = std::fs::read_to_string(entry.path().join("smaps_rollup")).unwrap_or_default();
        let pss = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
        let kib: f64 = pss.map_or(0.0, |pss| pss.trim_end_matches("kB").trim().parse().unwrap());
        sums[at] += kib / MEBIBYTE;
    }
    sums
}

/// p50 and p95, in milliseconds.
fn measured(rounds: usize, work: impl Fn()) -> (f64, f64) {
    let mut times: Vec<f64> = (0..rounds)
        .map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[rounds / 2], times[rounds * 95 / 100])
}

/// Takes turns, so that noise meets all alike.
fn compare(title: &str, rounds: usize, ways: &mut [(&str, &mut dyn FnMut())]) {
    let mut times: Vec<Vec<f64>> = ways.iter().map(|_| Vec::new()).collect();
    for round in 0..rounds + 3 {
        for (at, (_, way)) in ways.iter_mut().enumerate() {
            let begun = Instant::now();
            way();
            if round >= 3 {
                times[at].push(begun.elapsed().as_secs_f64() * 1000.0);
            }
        }
    }
    println!("\n{title} ({rounds} rounds, ms)");
    println!("{:<46} {:>8} {:>8}", "", "p50", "p95");
    for (at, (name, _)) in ways.iter().enumerate() {
        times[at].sort_by(f64::total_cmp);
        let part = |part: f64| times[at][((times[at].len() - 1) as f64 * part) as usize];
        println!("{name:<46} {:>8.2} {:>8.2}", part(0.5), part(0.95));
    }
}
