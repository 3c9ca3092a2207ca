//! What stands between the runner and the program.
//!
//! The runner starts its own binary once, as the *template*: a process with one thread that holds nothing, knows
//! nothing and forks when it is asked to. A fork shares the template's memory page by page until it writes, so an
//! execution takes no second image of the binary and no time to load one, and what one execution was told is in no
//! other's memory. `docs/adr/0015-inits-are-forks.md` has the reasons.
//!
//! [`Template`] is the runner's side, [`main`] the other.

mod ask;
mod inner;
mod outer;
mod target;
mod template;
pub mod wire;

pub use ask::{Init, Standing, Template};
pub use template::main;

use std::os::fd::OwnedFd;

use rustix::fs::{Mode, OFlags};

use crate::spec::ProcessView;

/// What the template is asked to fork.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The first stage of an execution, with this view of processes.
    Outer(ProcessView),
    /// Tries every protection on itself and writes what held, as JSON, to its standard output.
    Probe,
}

impl Stage {
    const ALL: [Self; 3] = [Self::Outer(ProcessView::Own), Self::Outer(ProcessView::Host), Self::Probe];

    const fn byte(self) -> u8 {
        match self {
            Self::Outer(ProcessView::Own) => b'o',
            Self::Outer(ProcessView::Host) => b'h',
            Self::Probe => b'p',
        }
    }

    fn of(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.byte() == byte)
    }
}

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
