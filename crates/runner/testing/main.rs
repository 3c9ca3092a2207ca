//! Plays the part of the shipped binary in tests.
//!
//! `runner-init … STAGE` is a stage of the init; `serve SOCKET HOST_FILE STATE SERVER_UID [USER] [die-with-parent]` is a
//! runner, as `USER` if one is named (`-` is none).

use std::path::PathBuf;
use std::process::ExitCode;

use countersign_runner::{Listener, ServeOptions, drop_privileges, serve};
use countersign_runspace::process::InitCommand;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["runner-init", ..] => countersign_runner::init_main(),
        ["serve", socket, host_file, state, server_uid, rest @ ..] => {
            if let Some(user) = rest.first().filter(|user| **user != "-")
                && let Err(error) = drop_privileges(user)
            {
                return fail(&error);
            }
            let listener = match *socket {
                "inherited" => Listener::Inherited,
                path => Listener::Path(PathBuf::from(path)),
            };
            let options = ServeOptions {
                listener,
                host_file: PathBuf::from(host_file),
                state_directory: PathBuf::from(state),
                server_uid: server_uid.parse().unwrap_or(u32::MAX),
                init: InitCommand {
                    program: PathBuf::from("/proc/self/exe"),
                    arguments: vec!["runner-init".to_owned()],
                },
                die_with: rest.contains(&"die-with-parent").then(std::os::unix::process::parent_id),
            };
            match serve(&options) {
                Ok(never) => match never {},
                Err(error) => fail(&error),
            }
        }
        ["hand-over", socket, rest @ ..] => hand_over(socket, rest),
        _ => ExitCode::from(2),
    }
}

/// Plays a service manager: opens the socket and becomes the runner.
#[expect(clippy::disallowed_methods, reason = "a test's stand-in for a service manager starts the runner")]
fn hand_over(socket: &str, rest: &[&str]) -> ExitCode {
    use std::os::fd::AsRawFd as _;
    use std::os::unix::process::CommandExt as _;
    let Ok(listener) = std::os::unix::net::UnixListener::bind(socket) else { return ExitCode::from(3) };
    if listener.as_raw_fd() != 3 || rustix::io::fcntl_setfd(&listener, rustix::io::FdFlags::empty()).is_err()
    {
        return ExitCode::from(4);
    }
    let mut command = std::process::Command::new("/proc/self/exe");
    command.args(["serve", "inherited"]).args(rest);
    command.env("LISTEN_FDS", "1").env("LISTEN_PID", std::process::id().to_string());
    fail(&command.exec())
}

fn fail(error: &dyn std::error::Error) -> ExitCode {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{error}");
    ExitCode::FAILURE
}
