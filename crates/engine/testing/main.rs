//! Plays the part of the shipped binary in tests.
//!
//! `runner-init … STAGE` is a stage of the init; `runner SOCKET HOST_FILE STATE SERVER_UID` is a runner; `engine
//! DIRECTORY COUNT` makes people until there are so many or it is killed, and writes each acknowledged one to standard
//! output; `execute DIRECTORY SOCKET PERSON PATH` runs `Host\Mark` for a person and waits for its end; `executing
//! DIRECTORY SOCKET PERSON PATH COUNT` does so for PATH with each of so many numbers behind it, all at once, and writes
//! each acknowledged start to standard output.

use std::path::PathBuf;
use std::process::ExitCode;

use countersign_runner::{Listener, ServeOptions, serve};
use countersign_runspace::process::InitCommand;

mod engine;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["runner-init", ..] => countersign_runner::init_main(),
        ["runner", socket, host_file, state, server_uid] => {
            let options = ServeOptions {
                listener: Listener::Path(PathBuf::from(socket)),
                host_file: PathBuf::from(host_file),
                state_directory: PathBuf::from(state),
                server_uid: server_uid.parse().unwrap_or(u32::MAX),
                init: InitCommand {
                    program: PathBuf::from("/proc/self/exe"),
                    arguments: vec!["runner-init".to_owned()],
                },
                die_with: None,
            };
            match serve(&options) {
                Ok(never) => match never {},
                Err(error) => fail(&error),
            }
        }
        ["engine", directory, count] => match engine::run(directory, count.parse().unwrap_or(0)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&*error),
        },
        ["execute", directory, socket, person, path] => {
            match engine::execute(directory, socket, person, path) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => fail(&*error),
            }
        }
        ["executing", directory, socket, person, path, count] => {
            match engine::executing(directory, socket, person, path, count.parse().unwrap_or(0)) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => fail(&*error),
            }
        }
        _ => ExitCode::from(2),
    }
}

fn fail(error: &dyn std::fmt::Display) -> ExitCode {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{error}");
    ExitCode::FAILURE
}
