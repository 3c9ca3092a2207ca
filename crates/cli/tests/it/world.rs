//! An organization in a directory of its own, a server on a free port of loopback, and people with sessions.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use countersign_identity::base32;
use countersign_identity::totp::{Secret, Step};
use serde_json::Value as Json;
use tempfile::TempDir;

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_countersign");
pub(crate) const PASSWORD: &str = "violet-tram-window-91x";
const NOBODY: u32 = 65_534;

/// Whom everything on the host runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum As {
    /// Root, who starts a runner as root and a server as somebody else.
    Root,
    /// An ordinary user, who has only themselves.
    Ordinary,
}

pub(crate) fn is_root() -> bool {
    std::fs::metadata("/proc/self").map(|own| std::os::unix::fs::MetadataExt::uid(&own)).unwrap() == 0
}

pub(crate) struct World {
    pub(crate) place: TempDir,
    who: As,
    port: u16,
    server: Option<Child>,
}

/// What a line printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let code = output.status.code().unwrap_or(-1);
        Self { code, out: text(&output.stdout), err: text(&output.stderr) }
    }

    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\nstdout: {}\nstderr: {}", self.out, self.err);
        self
    }

    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.err.contains(text), "{text:?} is missing in: {}", self.err);
        self
    }

    #[track_caller]
    pub(crate) fn prints(self, text: &str) -> Self {
        assert!(self.out.contains(text), "{text:?} is missing in: {}", self.out);
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }

    #[track_caller]
    pub(crate) fn text(&self, pointer: &str) -> String {
        let json = self.json();
        json.pointer(pointer)
            .and_then(Json::as_str)
            .unwrap_or_else(|| panic!("no {pointer} in {json}"))
            .to_owned()
    }
}

/// A command that is this program, with nothing of the tester's own sign-ins.
pub(crate) fn countersign(home: &Path) -> Command {
    let mut command = Command::new(BINARY);
    command.env_clear().env("HOME", home).env("XDG_STATE_HOME", home.join("state")).env("TZ", "UTC");
    command.env("PATH", "/usr/bin:/bin").stdin(Stdio::null());
    command
}

fn piped(command: &mut Command, stdin: &str) -> Ran {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    Ran::of(&child.wait_with_output().unwrap())
}

impl World {
    /// An initialized organization that is being served; gives the first administrator's link as well.
    pub(crate) fn open(who: As) -> (Self, String) {
        let place = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        std::fs::set_permissions(place.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        if who == As::Ordinary && is_root() {
            std::os::unix::fs::chown(place.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut world = Self { place, who, port, server: None };
        let me = match who {
            As::Root => "root".to_owned(),
            As::Ordinary if is_root() => "nobody".to_owned(),
            As::Ordinary => String::from_utf8(Command::new("id").arg("-un").output().unwrap().stdout)
                .unwrap()
                .trim()
                .to_owned(),
        };
        let (config, data, url) = (world.file("countersign.toml"), world.file("data"), world.url());
        let listen = format!("127.0.0.1:{port}");
        let init = world.host(&[
            "init",
            "--output",
            "json",
            "--organization",
            "Contoso Ltd.",
            "--zone",
            "Europe/Vienna",
            "--public-url",
            &url,
            "--administrator",
            "ada@contoso.example",
            "--administrator-name",
            "Ada Lovelace",
            "--second",
            "bob@contoso.example",
            "--config",
            &config,
            "--data-dir",
            &data,
            "--listen",
            &listen,
            "--user",
            "nobody",
            "--allow-run-as",
            &me,
            "--allow-programs",
            "/usr/bin",
            "--allow-programs",
            "/bin",
        ]);
        let link = init.ends(0).text("/link");
        world.serve();
        (world, link)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A number of seconds to sleep that no other process of the host sleeps.
    pub(crate) fn seconds(&self, digit: u8) -> String {
        format!("{digit}{}", self.port)
    }

    pub(crate) fn file(&self, name: &str) -> String {
        self.place.path().join(name).display().to_string()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    pub(crate) fn as_host(&self, command: &mut Command) {
        if self.who == As::Ordinary && is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
    }

    /// A line on the host, as whoever administers it.
    pub(crate) fn host(&self, arguments: &[&str]) -> Ran {
        let mut command = countersign(self.place.path());
        self.as_host(&mut command);
        Ran::of(&command.args(arguments).output().unwrap())
    }

    /// The same, with something to read.
    pub(crate) fn host_with(&self, arguments: &[&str], stdin: &str) -> Ran {
        let mut command = countersign(self.place.path());
        self.as_host(&mut command);
        piped(command.args(arguments), stdin)
    }

    /// The server's process.
    pub(crate) fn pid(&self) -> u32 {
        self.server.as_ref().unwrap().id()
    }

    pub(crate) fn serve(&mut self) {
        let mut command = countersign(self.place.path());
        self.as_host(&mut command);
        let log =
            std::fs::OpenOptions::new().create(true).append(true).open(self.path("server.log")).unwrap();
        let config = self.file("countersign.toml");
        command
            .args(["serve", "--config", &config, "--user", "nobody"])
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        self.server = Some(command.spawn().unwrap());
        self.wait("the server", |world| {
            if let Some(status) = world.server.as_mut().and_then(|child| child.try_wait().unwrap()) {
                panic!("the server ended with {status}: {}", world.log());
            }
            TcpStream::connect(("127.0.0.1", world.port)).is_ok()
        });
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.path("server.log")).unwrap_or_default()
    }

    /// Asks the server to end, and waits until it did, well.
    pub(crate) fn stop(&mut self) {
        let mut server = self.server.take().unwrap();
        let pid = server.id().to_string();
        assert!(Command::new("kill").arg(&pid).status().unwrap().success());
        let status = server.wait().unwrap();
        assert!(status.success(), "the server ended with {status}: {}", self.log());
    }

    pub(crate) fn wait(&mut self, what: &str, mut done: impl FnMut(&mut Self) -> bool) {
        let begun = Instant::now();
        while !done(self) {
            assert!(begun.elapsed() < Duration::from_secs(20), "{what}: not in time\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// A line as a person, with their own session.
    pub(crate) fn person(&self, name: &str) -> Command {
        let mut command = countersign(self.place.path());
        command
            .env("XDG_STATE_HOME", self.path(&format!("people-{name}")))
            .env("COUNTERSIGN_URL", self.url());
        command
    }

    pub(crate) fn line(&self, name: &str, arguments: &[&str]) -> Ran {
        Ran::of(&self.person(name).args(arguments).output().unwrap())
    }

    pub(crate) fn line_with(&self, name: &str, arguments: &[&str], stdin: &str) -> Ran {
        piped(self.person(name).args(arguments), stdin)
    }

    /// From a link to a session with a second factor.
    pub(crate) fn join(&self, name: &str, link: &str) {
        let password = format!("{PASSWORD}\n");
        self.line_with(name, &["invitation", "redeem", link, "--password-stdin"], &password).ends(0);
        let upn = format!("{name}@contoso.example");
        self.line_with(name, &["login", &upn, "--password-stdin"], &password)
            .ends(0)
            .says("second-factor enroll");
        let secret =
            self.line(name, &["second-factor", "enroll", "--output", "json"]).ends(0).text("/secret_base32");
        let bytes: [u8; 20] = base32::decode(&secret, base32::RFC4648).unwrap().try_into().unwrap();
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let code = Secret::from_entropy(bytes).code(Step(seconds / 30));
        let code = String::from_utf8(code.to_vec()).unwrap();
        self.line(name, &["second-factor", "confirm", "--code", &code]).ends(0).says("recovery codes");
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            let _ = server.kill();
            let _ = server.wait();
        }
        if std::thread::panicking() {
            eprintln!("the server's log:\n{}", self.log());
        }
    }
}

/// Processes with this word among their arguments.
pub(crate) fn processes_with(word: &str) -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid: &u32| {
            let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            let program = line.split(|byte| *byte == 0).next().unwrap_or_default();
            program.ends_with(b"sleep")
                && line.split(|byte| *byte == 0).any(|argument| argument == word.as_bytes())
        })
        .collect()
}
