//! The last stage: takes on limits, user and restrictions, looks at the clock and becomes the program.

use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::os::fd::{AsFd as _, AsRawFd as _, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use rustix::fs::{MemfdFlags, Mode};
use rustix::process::{Gid, Uid};
use serde::{Deserialize, Serialize};

use super::{Fault, wire};
use crate::applied::{Applied, ProcessNamespace};
use crate::clock;
use crate::files;
use crate::program::Form;
use crate::rlimits;
use crate::spec::{HeldByCgroup, Identity, Spec, SystemCalls};
use crate::syscalls;

/// What this stage tells the one above.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Notice {
    /// Nothing ran and nothing will.
    Refused { code: String, message: String },
    /// The very next thing is `exec`; the end of the socket after this means that it happened.
    Ready(Applied),
}

pub(super) fn run(
    spec: &Spec,
    program: (&File, Form),
    input: &[u8],
    namespace: ProcessNamespace,
    mut control: UnixStream,
) -> Result<(), Fault> {
    let Err(refusal) = become_program(spec, program, input, namespace, &mut control);
    wire::send(&mut control, &Notice::Refused { code: refusal.code.to_owned(), message: refusal.message })?;
    Ok(())
}

struct Refusal {
    code: &'static str,
    message: String,
}

fn refuse<E: std::fmt::Display>(code: &'static str, doing: &'static str) -> impl FnOnce(E) -> Refusal {
    move |error| Refusal { code, message: format!("{doing}: {error}") }
}

fn become_program(
    spec: &Spec,
    (program, form): (&File, Form),
    input: &[u8],
    namespace: ProcessNamespace,
    control: &mut UnixStream,
) -> Result<std::convert::Infallible, Refusal> {
    const SANDBOX: &str = "sandbox_failed";
    for file in &spec.cgroup_files {
        std::fs::write(file, "0").map_err(refuse(SANDBOX, "joining the control group"))?;
    }
    rustix::process::setsid().map_err(refuse(SANDBOX, "starting a session"))?;
    give_input(input).map_err(refuse(SANDBOX, "passing standard input"))?;

    let uid = spec.identity.as_ref().map_or_else(|| rustix::process::getuid().as_raw(), |user| user.uid);
    let rlimits = rlimits::apply(&spec.limits, uid, namespace).map_err(refuse(SANDBOX, "setting limits"))?;
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    if let Some(user) = &spec.identity {
        become_user(user).map_err(refuse("run_as_failed", "becoming the run-as user"))?;
    }
    std::env::set_current_dir(&spec.directory)
        .map_err(refuse("directory_missing", "entering the working directory"))?;
    rustix::thread::set_no_new_privs(true).map_err(refuse(SANDBOX, "giving up new privileges"))?;
    let confined =
        files::confine(spec.writable.as_deref(), spec.processes).map_err(refuse(SANDBOX, "Landlock"))?;

    let program = place(program, form).map_err(refuse(SANDBOX, "keeping the program open"))?;
    let mut command = command(spec, &program);
    let seccomp = match spec.system_calls {
        SystemCalls::Ordinary => syscalls::restrict().map_err(refuse(SANDBOX, "filtering system calls"))?,
        SystemCalls::Unfiltered => false,
    };
    let applied = Applied {
        // The group's version is the runner's knowledge; it fills this in.
        cgroup: None,
        process_namespace: namespace,
        rlimits,
        landlock_files: confined.files,
        landlock_signals: confined.signals,
        seccomp,
        no_new_privileges: true,
    };
    debug_assert!(spec.limits.held_by_cgroup == HeldByCgroup::Nothing || !spec.cgroup_files.is_empty());

    let too_late = |now: u64| Refusal {
        code: "start_too_late",
        message: format!(
            "the order had to start by {} and it is {now} on the boot clock",
            spec.start_by.min(spec.deadline)
        ),
    };
    let last_instant = spec.start_by.min(spec.deadline);
    let now = clock::boot_now();
    if now > last_instant {
        return Err(too_late(now));
    }
    wire::send(control, &Notice::Ready(applied)).map_err(refuse(SANDBOX, "reporting"))?;
    let now = clock::boot_now();
    if now > last_instant {
        return Err(too_late(now));
    }
    let error = command.exec();
    Err(Refusal { code: "program_not_executable", message: format!("{}: {error}", spec.program.display()) })
}

/// Standard input is an anonymous file: unlike an argument or a variable, no other process can look at it.
fn give_input(input: &[u8]) -> std::io::Result<()> {
    if input.is_empty() {
        return Ok(());
    }
    let mut file = File::from(rustix::fs::memfd_create("input", MemfdFlags::CLOEXEC)?);
    file.write_all(input)?;
    file.rewind()?;
    Ok(rustix::stdio::dup2_stdin(file.as_fd())?)
}

fn become_user(user: &Identity) -> rustix::io::Result<()> {
    let (uid, gid) = (Uid::from_raw(user.uid), Gid::from_raw(user.gid));
    let groups: Vec<Gid> = user.groups.iter().copied().map(Gid::from_raw).collect();
    rustix::thread::clear_ambient_capability_set()?;
    // Only this thread's identity changes, and this process has no other.
    rustix::thread::set_thread_groups(&groups)?;
    rustix::thread::set_thread_res_gid(gid, gid, gid)?;
    rustix::thread::set_thread_res_uid(uid, uid, uid)
}

/// Leaves the program open at a descriptor that only a script keeps, and lets every other one close at `exec`.
fn place(file: &File, form: Form) -> std::io::Result<OwnedFd> {
    crate::sys::close_on_exec_from(3)?;
    let kept = rustix::io::fcntl_dupfd_cloexec(file, 3)?;
    if form == Form::Script {
        rustix::io::fcntl_setfd(&kept, rustix::io::FdFlags::empty())?;
    }
    Ok(kept)
}

#[expect(clippy::disallowed_methods, reason = "this is where the program starts")]
fn command(spec: &Spec, program: &OwnedFd) -> Command {
    let mut command = Command::new(format!("/proc/self/fd/{}", program.as_raw_fd()));
    command.arg0(&spec.program).args(&spec.arguments).env_clear().envs(&spec.environment);
    command
}
