//! A runner as the server's own child, where no service manager starts it.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A runner that ends with this value, and with this process at the latest.
#[derive(Debug)]
pub struct RunnerChild {
    child: Child,
    socket: PathBuf,
}

/// Starts `program` with `arguments`, which must make it [`serve`](crate::serve()) on `socket` with `die_with` set to
/// this process, and waits until it listens, for at most ten seconds.
///
/// Call it from the main thread, before privileges are dropped: a child that dies with its parent dies with the thread
/// that started it. Its standard error stays this process's.
///
/// # Errors
/// If it can't be started, or ends or stays silent.
pub fn spawn_child(program: &Path, arguments: &[OsString], socket: &Path) -> io::Result<RunnerChild> {
    match std::fs::remove_file(socket) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut child = command(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
    for _ in 0..1000 {
        if let Some(status) = child.try_wait()? {
            return Err(io::Error::other(format!("the runner ended at once ({status})")));
        }
        // The runner puts the socket in its place when it is ready.
        if socket.exists() {
            return Ok(RunnerChild { child, socket: socket.to_owned() });
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let _ = child.kill();
    let _ = child.wait();
    Err(io::Error::new(io::ErrorKind::TimedOut, "the runner does not listen"))
}

impl RunnerChild {
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it still runs.
    ///
    /// # Errors
    /// Of waitpid(2).
    pub fn ended(&mut self) -> io::Result<Option<std::process::ExitStatus>> {
        self.child.try_wait()
    }
}

impl Drop for RunnerChild {
    fn drop(&mut self) {
        // Killing it is its ordinary end: its inits see it and take everything below them along.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[expect(clippy::disallowed_methods, reason = "starts the runner itself, which is this binary again")]
fn command(program: &Path) -> Command {
    Command::new(program)
}
