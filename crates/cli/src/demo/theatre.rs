//! Where the demonstration plays: a directory, a server process, a mailbox, and lines that are really run.

use std::ffi::OsStr;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};

use super::mailbox::Mailbox;
use super::person::Person;
use crate::ui::Ui;

/// Who the server is when the demonstration runs as root.
pub(super) const SERVER: &str = "nobody";

/// How much of what a line printed is shown.
const MOST_LINES: usize = 40;

/// How a line is expected to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// It does what it says.
    Well,
    /// It is refused.
    Refused,
    /// The task it ran was stopped.
    Stopped,
    /// It finds fault with what it was given.
    Failed,
}

impl Ends {
    fn fits(self, code: Option<i32>) -> bool {
        match self {
            Self::Well => code == Some(0),
            Self::Refused => matches!(code, Some(3 | 4 | 123 | 124)),
            Self::Stopped => code.is_some_and(|code| code > 120),
            Self::Failed => code.is_some_and(|code| code != 0),
        }
    }
}

/// What a line printed.
#[derive(Debug, Clone, Default)]
pub(super) struct Printed {
    /// Data.
    pub(super) stdout: String,
    /// Messages.
    pub(super) stderr: String,
}

/// The stage.
#[derive(Debug)]
pub(super) struct Theatre {
    ui: Ui,
    program: PathBuf,
    directory: PathBuf,
    port: u16,
    /// What the mail server received.
    pub(super) mailbox: Mailbox,
    server: Option<Child>,
    /// What else runs as long as the demonstration does, in the order it was started.
    others: Vec<Child>,
    act: u32,
}

impl Theatre {
    /// A new directory, a free port, and a mail server.
    pub(super) fn open(directory: Option<&Path>, port: Option<u16>) -> anyhow::Result<Self> {
        let directory = match directory {
            Some(directory) => directory.to_owned(),
            None => super::files::home()?.join(format!("demo-{}", std::process::id())),
        };
        if directory.exists() {
            bail!("{} is there already; name another directory or remove it", directory.display());
        }
        super::files::directory(&directory)?;
        let listener =
            TcpListener::bind(("127.0.0.1", port.unwrap_or(0))).context("a port for the server")?;
        let port = listener.local_addr()?.port();
        drop(listener);
        Ok(Self {
            ui: Ui::default(),
            program: std::env::current_exe().context("the path of this program")?,
            directory,
            port,
            mailbox: Mailbox::open()?,
            server: None,
            others: Vec::new(),
            act: 0,
        })
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn config(&self) -> PathBuf {
        self.directory.join("countersign.toml")
    }

    pub(super) fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    /// Whether the demonstration runs as root, so that server and runner have different users.
    pub(super) fn as_root(&self) -> bool {
        rustix::process::getuid().is_root()
    }

    pub(super) fn say(&self, text: &str) {
        self.ui.out(text);
    }

    /// The heading of the next act.
    pub(super) fn act(&mut self, title: &str) {
        self.act += 1;
        self.say("");
        self.say(&format!("── {}. {title}", self.act));
    }

    /// Runs a line of this program on the host.
    pub(super) fn host(&self, arguments: &[&str], ends: Ends) -> anyhow::Result<Printed> {
        self.show("host", arguments);
        let command = self.command(None, arguments);
        self.finish(command, arguments, ends)
    }

    /// Runs a line as a person, with their own signed-in session.
    pub(super) fn line(&self, who: &Person, arguments: &[&str], ends: Ends) -> anyhow::Result<Printed> {
        self.show(&who.name, arguments);
        let command = self.command(Some(who), arguments);
        self.finish(command, arguments, ends)
    }

    /// The same without showing it: for what every person does once.
    pub(super) fn quietly(&self, who: &Person, arguments: &[&str], stdin: &str) -> anyhow::Result<Printed> {
        use std::io::Write as _;
        let mut command = self.command(Some(who), arguments);
        let mut child = command.stdin(Stdio::piped()).spawn().context("starting this program")?;
        if let Some(mut pipe) = child.stdin.take() {
            pipe.write_all(stdin.as_bytes())?;
        }
        let output = child.wait_with_output()?;
        let printed = printed(&output);
        if !output.status.success() {
            bail!("`{}` ended with {}: {}", arguments.join(" "), output.status, printed.stderr);
        }
        Ok(printed)
    }

    /// Starts a line that goes on while others run.
    pub(super) fn begin(&self, who: &Person, arguments: &[&str]) -> anyhow::Result<Child> {
        self.show(&who.name, arguments);
        let mut command = self.command(Some(who), arguments);
        command.stdin(Stdio::null()).spawn().context("starting this program")
    }

    /// Waits for such a line and shows what it printed.
    pub(super) fn end(&self, child: Child, arguments: &[&str], ends: Ends) -> anyhow::Result<Printed> {
        let output = child.wait_with_output()?;
        self.judge(&output, arguments, ends)
    }

    fn finish(&self, mut command: Command, arguments: &[&str], ends: Ends) -> anyhow::Result<Printed> {
        let output = command.stdin(Stdio::null()).output().context("starting this program")?;
        self.judge(&output, arguments, ends)
    }

    fn judge(
        &self,
        output: &std::process::Output,
        arguments: &[&str],
        ends: Ends,
    ) -> anyhow::Result<Printed> {
        let printed = printed(output);
        let lines: Vec<&str> = printed.stdout.lines().chain(printed.stderr.lines()).collect();
        for line in lines.iter().take(MOST_LINES) {
            self.say(&format!("    {line}"));
        }
        if lines.len() > MOST_LINES {
            self.say(&format!("    … and {} lines more", lines.len() - MOST_LINES));
        }
        if !ends.fits(output.status.code()) {
            bail!("`{}` ended with {}, which is not {ends:?}", arguments.join(" "), output.status);
        }
        Ok(printed)
    }

    fn show(&self, who: &str, arguments: &[&str]) {
        let words: Vec<String> = arguments.iter().map(|word| quoted(word)).collect();
        self.say(&format!("{who}$ countersign {}", words.join(" ")));
    }

    fn command(&self, who: Option<&Person>, arguments: &[&str]) -> Command {
        let mut command = self.process(arguments);
        command.env("COUNTERSIGN_URL", self.url()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(who) = who {
            command.env("XDG_STATE_HOME", self.directory.join("people").join(&who.name));
        }
        command
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the demonstration runs this very program, as a person would"
    )]
    fn process<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).env_remove("COUNTERSIGN_TOKEN");
        command
    }

    /// Starts the server and waits until it answers.
    pub(super) fn serve(&mut self) -> anyhow::Result<()> {
        let config = self.config();
        self.say(&format!("host$ countersign serve --config {} &", config.display()));
        let log = std::fs::File::create(self.directory.join("server.log"))?;
        // However this process ends, also by a signal to it alone, the server ends with it.
        let own = std::process::id().to_string();
        let mut words = vec![OsStr::new("serve"), OsStr::new("--config"), config.as_os_str()];
        words.extend([OsStr::new("--die-with"), OsStr::new(&own)]);
        if self.as_root() {
            words.extend([OsStr::new("--user"), OsStr::new(SERVER)]);
        }
        let mut command = self.process(&words);
        let child = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
        self.server = Some(child);
        for _ in 0..200 {
            if let Some(status) = self.server.as_mut().and_then(|child| child.try_wait().ok().flatten()) {
                bail!("the server ended with {status}:\n{}", self.log());
            }
            if std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return Ok(());
            }
            pause(Duration::from_millis(50));
        }
        bail!("the server does not answer:\n{}", self.log())
    }

    /// Takes charge of a process: it ends with the demonstration.
    pub(super) fn keep(&mut self, child: Child) {
        self.others.push(child);
    }

    /// Ends what else runs, the last first. An interrupt is what a PostgreSQL server ends at once on.
    fn end_others(&mut self) {
        for mut other in self.others.drain(..).rev() {
            if let Some(id) = i32::try_from(other.id()).ok().and_then(rustix::process::Pid::from_raw) {
                let _ = rustix::process::kill_process(id, rustix::process::Signal::INT);
            }
            let _ = other.wait();
        }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.directory.join("server.log")).unwrap_or_default()
    }

    /// Where everything is, and who may try it.
    pub(super) fn curtain(&self, cast: &super::set_up::Cast) {
        self.say("");
        self.say(&format!(
            "The server stays up at {} (a demonstration: loopback only, plain HTTP).",
            self.url()
        ));
        self.say("Sign in as one of these people; the authenticator code comes from their secret:");
        for person in cast.everybody() {
            self.say(&format!(
                "    {:<6} {:<28} password {}   TOTP secret {}",
                person.name, person.upn, person.password, person.secret
            ));
        }
        self.say(&format!("Try:  COUNTERSIGN_URL={} countersign login {}", self.url(), cast.rita.upn));
    }

    /// Waits until interrupted; the server and its runner end with this process.
    pub(super) fn stay_up(&mut self) {
        self.say("Press Ctrl-C to end it.");
        if let Some(server) = self.server.as_mut() {
            let _ = server.wait();
        }
    }

    /// Ends the server and takes everything away.
    pub(super) fn close(&mut self) -> anyhow::Result<()> {
        if let Some(mut server) = self.server.take() {
            if let Some(id) = i32::try_from(server.id()).ok().and_then(rustix::process::Pid::from_raw) {
                rustix::process::kill_process(id, rustix::process::Signal::TERM)?;
            }
            let status = server.wait()?;
            if !status.success() {
                bail!("the server ended with {status}:\n{}", self.log());
            }
        }
        self.end_others();
        std::fs::remove_dir_all(&self.directory).context("removing the demonstration's directory")
    }
}

impl Drop for Theatre {
    fn drop(&mut self) {
        if let Some(server) = self.server.as_mut() {
            let _ = server.kill();
            let _ = server.wait();
        }
        self.end_others();
    }
}

/// Waits: a demonstration shows time passing.
pub(super) fn pause(time: Duration) {
    std::thread::sleep(time);
}

fn printed(output: &std::process::Output) -> Printed {
    Printed {
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// As a person would type it in a shell.
fn quoted(word: &str) -> String {
    let plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | '=' | '@' | ',');
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_shown_as_they_could_be_typed() {
        assert_eq!(quoted("Path=/var"), "Path=/var");
        assert_eq!(quoted("Host\\Get-DiskUsage"), "'Host\\Get-DiskUsage'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn a_line_that_should_be_refused_may_not_succeed_or_break() {
        assert!(Ends::Refused.fits(Some(123)));
        for code in [Some(0), Some(1), Some(2), Some(126), None] {
            assert!(!Ends::Refused.fits(code), "{code:?}");
        }
    }
}
