//! Developer commands: `cargo xtask COMMAND`. `cargo xtask help` lists them.
//!
//! One command per file. Everything that starts a process goes through [`cmd`]; everything that knows how the
//! workspace is built up comes from [`meta`].
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a developer's command talks on the terminal")]

mod bench;
mod clock;
mod cmd;
mod demo;
mod end_to_end;
mod flags;
mod meta;
mod nextest;
mod setup;
mod soak;
mod steps;
mod test;
mod tidy;
mod web;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  setup [--dry-run]    Show what this machine lacks for the tests, and install it
  test [--quick]       Everything that must hold before a change lands; --quick: under three minutes, warm
  demo [ARGS]          Build countersign and run its demo; ARGS go to `countersign demo`
  tidy                 The repository's own rules: sizes, words, documents, which crate may use which
  soak [--minutes N] [--cases N] [--record]
                       The tests again and again, with many more random cases; --record keeps the result in docs/
  bench                The crates' benchmarks
  help                 This text
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.split_first().map(|(command, rest)| (command.as_str(), rest)) {
        Some(("setup", rest)) => setup::run(rest),
        Some(("test", rest)) => test::run(rest),
        Some(("demo", rest)) => demo::run(rest),
        Some(("tidy", rest)) => tidy::run(rest),
        Some(("soak", rest)) => soak::run(rest),
        Some(("bench", rest)) => bench::run(rest),
        Some(("help" | "--help" | "-h", _)) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Some((other, _)) => {
            eprintln!("xtask: there is no command `{other}`\n\n{HELP}");
            return ExitCode::from(2);
        }
        None => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
