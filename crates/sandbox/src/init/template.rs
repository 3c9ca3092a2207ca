//! The process that every init is a fork of.

use std::io::Write as _;
use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;
use std::process::ExitCode;

use rustix::process::{Pid, PidfdFlags, Signal, WaitOptions};

use super::ask::{self, Asked};
use super::wire::{self, Readable};
use super::{Fault, Stage, outer, probe, take_control};
use crate::sys::{self, Forked};

/// How often ended forks are reaped while there are any, in milliseconds.
const TICK: u32 = 500;

/// Serves as the template on descriptor 0, a stream socket, until that ends. To be called first thing in `main`,
/// before any thread exists. Answers with the process's exit code; not at all in a fork that became the program.
#[must_use]
pub fn main() -> ExitCode {
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(125),
    }
}

fn serve() -> Result<(), Fault> {
    // The runner's end is this process's end, and by the same word of each stage to the kernel that of all below it.
    // A runner that was gone before is seen at the socket.
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    let mut runner = UnixStream::from(take_control()?);
    let own = rustix::process::getpid();
    let mut living = Living::None;
    loop {
        if living == Living::Some {
            living = reap();
            if wire::readable(&runner, TICK)? == Readable::NotYet {
                continue;
            }
        }
        let Some(asked) = ask::receive(&runner)? else { return Ok(()) };
        match sys::fork() {
            Ok(Forked::Child) => {
                drop(runner);
                let code = if begin(asked, own).is_ok() { 0 } else { 125 };
                std::process::exit(code);
            }
            Ok(Forked::Parent(child)) => {
                drop(asked);
                living = Living::Some;
                // Not reaped yet: the number is still the fork's.
                match rustix::process::pidfd_open(child, PidfdFlags::empty()) {
                    Ok(handle) => ask::answer(&runner, child, handle.as_fd())?,
                    Err(error) => {
                        let _ = rustix::process::kill_process(child, Signal::KILL);
                        runner.write_all(&ask::none(&error.into()))?;
                    }
                }
            }
            // No process is to be had. The runner takes the answer for a refusal.
            Err(error) => runner.write_all(&ask::none(&error))?,
        }
    }
}

fn begin(asked: Asked, template: Pid) -> Result<(), Fault> {
    let Asked { stage, control, stdout, stderr } = asked;
    rustix::stdio::dup2_stdout(&stdout)?;
    rustix::stdio::dup2_stderr(&stderr)?;
    drop((stdout, stderr));
    match stage {
        Stage::Outer(view) => outer::run(control, view, template),
        Stage::Probe => probe(),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Living {
    None,
    Some,
}

fn reap() -> Living {
    loop {
        match rustix::process::wait(WaitOptions::NOHANG) {
            Ok(Some(_)) | Err(rustix::io::Errno::INTR) => {}
            Ok(None) => return Living::Some,
            Err(_) => return Living::None,
        }
    }
}
