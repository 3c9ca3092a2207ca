//! The `countersign` command: the server and runner on their host, and people's and programs' way in.

mod act;
mod app;
mod cli;
mod commands;
mod demo;
mod exit;
mod fault;
mod follow;
mod host;
mod import;
mod list;
mod microsoft;
mod profile;
mod raise;
mod resolve;
mod terminal;
mod ui;
mod upload;
mod values;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;

use crate::app::App;
use crate::cli::{Cli, Command};
use crate::exit::Exit;

/// The hidden command that leads an execution's init into its stages.
pub(crate) const RUNNER_INIT: &str = "runner-init";

/// Memory is overwritten before it is given back: what passed through (a secret parameter in a request, a frame, a body)
/// does not stay behind in any of the buffers that carried it.
#[global_allocator]
static MEMORY: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    // Before anything else: the init must have no second thread and no open file of ours.
    if arguments.get(1).is_some_and(|first| first == RUNNER_INIT) {
        return countersign_runner::init_main();
    }
    if let Some(line) = microsoft::line(&arguments) {
        return microsoft::run(line);
    }
    let parsed = match Cli::try_parse_from(&arguments) {
        Ok(parsed) => parsed,
        Err(error) => return usage(&error, &arguments),
    };
    let app = App::new(parsed.global);
    let run = matches!(parsed.command, Command::Run(_));
    finish(&app, run, commands::run(&app, parsed.command))
}

/// Says what went wrong and turns it into a code.
pub(crate) fn finish(app: &App, run: bool, outcome: fault::Outcome) -> ExitCode {
    let exit = match outcome {
        Ok(()) => Exit::Ok,
        Err(fault) => {
            fault.say(&app.ui);
            fault.exit()
        }
    };
    ExitCode::from(if run { exit.code_of_run() } else { exit.code() })
}

fn usage(error: &clap::Error, arguments: &[OsString]) -> ExitCode {
    let _ = error.print();
    let help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let run = arguments.iter().skip(1).find(|argument| !argument.to_string_lossy().starts_with('-'));
    let exit = if help { Exit::Ok } else { Exit::Usage };
    let code = if run.is_some_and(|noun| noun == "run") { exit.code_of_run() } else { exit.code() };
    ExitCode::from(code)
}
