//! The three stages between the runner and the program. Each is the same binary, started again.
//!
//! The runner starts `BINARY ARGUMENTS… outer-own` (or `outer-host`) with descriptor 0 a stream socket on which the
//! init is told what to run and reports, and descriptors 1 and 2 the program's own output. The last argument is always
//! the stage; those before it lead the binary to [`main`] and are passed on unchanged.

mod inner;
mod outer;
mod target;
pub mod wire;

use std::ffi::OsString;
use std::os::fd::OwnedFd;
use std::process::{Command, ExitCode};

use rustix::fs::{Mode, OFlags};

use crate::spec::ProcessView;

/// Runs the stage named by the last argument of this process's command line. To be called first thing in `main`,
/// before any thread exists; answers with the process's exit code, or not at all when it became the program.
#[must_use]
pub fn main() -> ExitCode {
    let mut arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let stage = arguments.pop().and_then(|stage| stage.into_string().ok());
    let again = Again { arguments };
    let done = match stage.as_deref() {
        Some("outer-own") => outer::run(&again, ProcessView::Own),
        Some("outer-host") => outer::run(&again, ProcessView::Host),
        Some("inner-none") => inner::run(&again, crate::applied::ProcessNamespace::None),
        Some("inner-privileged") => inner::run(&again, crate::applied::ProcessNamespace::Privileged),
        Some("inner-user") => inner::run(&again, crate::applied::ProcessNamespace::User),
        Some("target-none") => target::run(crate::applied::ProcessNamespace::None),
        Some("target-privileged") => target::run(crate::applied::ProcessNamespace::Privileged),
        Some("target-user") => target::run(crate::applied::ProcessNamespace::User),
        Some(PROBE) => probe(),
        _ => Err(Fault("this command is for the runner only".to_owned())),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(125),
    }
}

/// The first stage's name, for whoever starts it.
#[must_use]
pub fn first_stage(view: ProcessView) -> &'static str {
    match view {
        ProcessView::Own => "outer-own",
        ProcessView::Host => "outer-host",
    }
}

/// The stage that tries every protection on itself and writes what held, as JSON, to its standard output.
pub const PROBE: &str = "probe";

fn probe() -> Result<(), Fault> {
    let process_namespace = outer::enter_namespace()?;
    rustix::thread::set_no_new_privs(true)?;
    let confined = crate::files::confine(Some(&[]), ProcessView::Own).unwrap_or_default();
    let seccomp = crate::syscalls::restrict().unwrap_or(false);
    let applied = crate::applied::Applied {
        process_namespace,
        landlock_files: confined.files,
        landlock_signals: confined.signals,
        seccomp,
        no_new_privileges: true,
        ..Default::default()
    };
    wire::send(&mut std::io::stdout(), &applied)?;
    Ok(())
}

/// What went wrong in a stage. Nobody reads its text but a debugger: the runner hears of it by a refusal or by the
/// end of the socket.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Fault(String);

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<rustix::io::Errno> for Fault {
    fn from(error: rustix::io::Errno) -> Self {
        Self(error.to_string())
    }
}

/// How to start this binary again at another stage.
struct Again {
    arguments: Vec<OsString>,
}

impl Again {
    #[expect(
        clippy::disallowed_methods,
        reason = "the stages are processes; this is the one place that starts them"
    )]
    fn command(&self, stage: &str) -> Command {
        let mut command = Command::new("/proc/self/exe");
        command.args(&self.arguments).arg(stage).env_clear();
        command
    }
}

/// Moves descriptor 0 elsewhere, where no program inherits it, and leaves `/dev/null` in its place.
fn take_control() -> Result<OwnedFd, Fault> {
    let control = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 10)?;
    rustix::stdio::dup2_stdin(null()?)?;
    Ok(control)
}

/// Lets go of the program's output, so that its end is seen when the program's tree is gone.
fn release_output() -> Result<(), Fault> {
    let null = null()?;
    rustix::stdio::dup2_stdout(&null)?;
    rustix::stdio::dup2_stderr(&null)?;
    Ok(())
}

fn null() -> Result<OwnedFd, Fault> {
    Ok(rustix::fs::open("/dev/null", OFlags::RDWR | OFlags::CLOEXEC, Mode::empty())?)
}
