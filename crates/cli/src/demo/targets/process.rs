//! Programs of this machine that the demonstration starts.

use std::ffi::OsStr;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::demo::theatre::pause;

/// A program by its path, with nothing on its standard input.
#[expect(clippy::disallowed_methods, reason = "the demonstration starts real systems to run tasks on")]
pub(super) fn program(path: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(path);
    command.stdin(Stdio::null()).current_dir("/");
    command
}

/// Runs it to its end and gives what it printed.
pub(super) fn run(mut command: Command) -> anyhow::Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("starting {name}"))?;
    if !output.status.success() {
        bail!("{name} ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The first of these files that is there.
pub(super) fn first<'a>(paths: impl IntoIterator<Item = &'a str>) -> Option<PathBuf> {
    paths.into_iter().map(Path::new).find(|path| path.is_file()).map(Path::to_owned)
}

/// A port that nobody listens on.
pub(super) fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Waits until a server that was started listens.
pub(super) fn answers(child: &mut Child, port: u16) -> anyhow::Result<()> {
    for _ in 0..200 {
        if let Some(status) = child.try_wait()? {
            bail!("it ended with {status}");
        }
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Ok(());
        }
        pause(Duration::from_millis(50));
    }
    bail!("it does not answer on port {port}")
}
