//! The middle stage: first process of the tree. Watches time and the runner, stops and reaps all below it.

use std::os::fd::{AsFd as _, BorrowedFd};
use std::os::unix::net::UnixStream;

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::process::{Pid, PidfdFlags, Signal, WaitOptions, WaitStatus};

use super::target::{self, Notice};
use super::{Fault, release_output, wire};
use crate::applied::{Applied, Ended, Exit, ProcessNamespace, Report, Stop, Strays, Tree};
use crate::clock;
use crate::spec::Spec;
use crate::sys::{self, Forked};
use crate::tree::{self, Found};

/// How long the loop sleeps at most: orphans are reaped and instants compared this often.
const TICK_NANOS: u64 = 100_000_000;
/// How long the init tries to see the last process gone before it says that it could not.
const CONFIRM_NANOS: u64 = 5_000_000_000;

pub(super) fn run(mut control: UnixStream, namespace: ProcessNamespace) -> Result<(), Fault> {
    let below = Below { namespace };
    if namespace == ProcessNamespace::None {
        rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?;
    } else {
        rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    }
    let parent = rustix::process::getppid();
    let (program, form) = wire::receive_program(&control)?;
    let spec: Spec = wire::receive(&mut control)?.ok_or_else(|| Fault("no specification".to_owned()))?;
    let input = wire::read(&mut control)?.ok_or_else(|| Fault("no standard input".to_owned()))?;

    let (notices, theirs) = UnixStream::pair()?;
    // Before the fork: whoever hears nothing of it may say that nothing ran.
    wire::send(&mut control, &Report::Preparing)?;
    let child = match sys::fork() {
        Ok(Forked::Parent(child)) => child,
        Ok(Forked::Child) => {
            drop((control, notices));
            return target::run(&spec, (&program, form), &input, namespace, theirs);
        }
        Err(error) => {
            let message = format!("starting the program's process: {error}");
            wire::send(&mut control, &Report::Refused { code: "sandbox_failed".to_owned(), message })?;
            return Ok(());
        }
    };
    drop((theirs, program, input));
    release_output()?;
    let pidfd = rustix::process::pidfd_open(child, PidfdFlags::empty())?;
    let phase = Phase::Preparing(None);
    let deadline = spec.deadline;
    let mut watch =
        Watch { spec: &spec, deadline, control, notices, below, child, parent, phase, stop: None };
    let Some(status) = watch.until_exit(pidfd.as_fd())? else {
        return Ok(());
    };
    watch.finish(status)
}

/// Where the program is on its way.
enum Phase {
    /// The target stage works; it may have said that `exec` comes next.
    Preparing(Option<Applied>),
    /// The program runs since this instant.
    Running(u64),
    Refused,
}

struct Watch<'a> {
    spec: &'a Spec,
    /// Moved by the runner, only ever later.
    deadline: u64,
    control: UnixStream,
    notices: UnixStream,
    below: Below,
    child: Pid,
    /// The outer stage. In a namespace it is not to be seen, and its end is this process's end anyway.
    parent: Option<Pid>,
    phase: Phase,
    /// Set when the tree was told to end: why, and when it is killed if it does not.
    stop: Option<(Stop, u64)>,
}

impl Watch<'_> {
    /// Sleeps, looks, stops and reaps until the program itself has ended. `None` if it never began.
    fn until_exit(&mut self, pidfd: BorrowedFd<'_>) -> Result<Option<WaitStatus>, Fault> {
        loop {
            let (control, notices) = self.sleep(pidfd)?;
            if notices {
                self.hear_target()?;
            }
            if let Some(status) = self.reap() {
                // Its last words may still be unread.
                while matches!(self.phase, Phase::Preparing(_)) {
                    self.hear_target()?;
                }
                return Ok((!matches!(self.phase, Phase::Refused)).then_some(status));
            }
            if control {
                self.hear_runner();
            }
            self.look_around();
            if let Some((_, kill_at)) = self.stop
                && clock::boot_now() >= kill_at
            {
                self.below.signal(Signal::KILL);
            }
        }
    }

    /// Waits for anything to happen; says whether the runner and whether the target stage has spoken.
    fn sleep(&self, pidfd: BorrowedFd<'_>) -> Result<(bool, bool), Fault> {
        let flags = PollFlags::IN;
        let mut fds = vec![PollFd::from_borrowed_fd(pidfd, flags)];
        let mut index = (None, None);
        if !matches!(self.stop, Some((Stop::RunnerGone, _))) {
            index.0 = Some(fds.len());
            fds.push(PollFd::new(&self.control, flags));
        }
        if matches!(self.phase, Phase::Preparing(_)) {
            index.1 = Some(fds.len());
            fds.push(PollFd::new(&self.notices, flags));
        }
        let nanos = self.next_instant().saturating_sub(clock::boot_now()).min(TICK_NANOS);
        let timeout = Timespec { tv_sec: 0, tv_nsec: i64::try_from(nanos).unwrap_or(0).min(999_999_999) };
        match rustix::event::poll(&mut fds, Some(&timeout)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(other) => return Err(other.into()),
        }
        let spoke = |index: Option<usize>| {
            index.and_then(|index| fds.get(index)).is_some_and(|fd| !fd.revents().is_empty())
        };
        Ok((spoke(index.0), spoke(index.1)))
    }

    fn next_instant(&self) -> u64 {
        match (self.stop, &self.phase) {
            (Some((_, kill_at)), _) => kill_at.max(clock::boot_now().saturating_add(5_000_000)),
            (None, Phase::Running(since)) => self.deadline.min(since.saturating_add(self.spec.run_time)),
            (None, _) => self.deadline,
        }
    }

    fn hear_target(&mut self) -> Result<(), Fault> {
        let notice = wire::receive::<Notice>(&mut self.notices).unwrap_or(None);
        let Phase::Preparing(ready) = &mut self.phase else { return Ok(()) };
        let (phase, report) = match (notice, ready.take()) {
            (Some(Notice::Ready(applied)), _) => (Phase::Preparing(Some(applied)), None),
            (Some(Notice::Refused { code, message }), _) => {
                (Phase::Refused, Some(Report::Refused { code, message }))
            }
            (None, Some(applied)) => {
                let at = clock::boot_now();
                (Phase::Running(at), Some(Report::Started { at, applied }))
            }
            (None, None) => {
                let (code, message) = if self.stop.is_some() {
                    ("stopped_before_start", "stopped before the program began")
                } else {
                    ("sandbox_failed", "the stage before the program ended without a word")
                };
                (Phase::Refused, Some(Report::Refused { code: code.to_owned(), message: message.to_owned() }))
            }
        };
        self.phase = phase;
        if let Some(report) = report {
            self.report(&report);
        }
        Ok(())
    }

    fn hear_runner(&mut self) {
        let frame = wire::read(&mut self.control);
        let later = frame.as_ref().ok().and_then(Option::as_deref).and_then(wire::read_until);
        if let Some(later) = later {
            self.deadline = self.deadline.max(later);
            return;
        }
        let why = match frame {
            Ok(Some(frame)) if frame == wire::STOP => Stop::Requested,
            _ => Stop::RunnerGone,
        };
        self.begin_stop(why);
    }

    fn look_around(&mut self) {
        if rustix::process::getppid() != self.parent && self.stop.is_none() {
            self.stop = Some((Stop::InitLost, clock::boot_now()));
        }
        self.look_at_clock();
    }

    fn look_at_clock(&mut self) {
        if self.stop.is_some() {
            return;
        }
        let now = clock::boot_now();
        if now >= self.deadline {
            self.begin_stop(Stop::Deadline);
        } else if let Phase::Running(since) = self.phase
            && now >= since.saturating_add(self.spec.run_time)
        {
            self.begin_stop(Stop::RunTime);
        }
    }

    fn begin_stop(&mut self, why: Stop) {
        let now = clock::boot_now();
        match self.stop {
            // Nobody is left to be patient for.
            None | Some(_) if why == Stop::RunnerGone => {
                self.stop = Some((why, now));
                self.below.signal(Signal::KILL);
            }
            None => {
                self.stop = Some((why, now.saturating_add(self.spec.grace)));
                self.below.signal(Signal::TERM);
            }
            Some(_) => {}
        }
    }

    /// Waits for all that has ended; gives the program's own end.
    fn reap(&self) -> Option<WaitStatus> {
        let mut end = None;
        while let Ok(Some((pid, status))) = rustix::process::wait(WaitOptions::NOHANG) {
            if pid == self.child {
                end = Some(status);
            }
        }
        end
    }

    /// The program has ended: so does everything it started.
    fn finish(&mut self, status: WaitStatus) -> Result<(), Fault> {
        let give_up = clock::boot_now().saturating_add(CONFIRM_NANOS);
        let mut strays = Strays::None;
        let tree = loop {
            let found = self.below.signal(Signal::KILL);
            if found == Found::Processes && self.stop.is_none() {
                strays = Strays::Killed;
            }
            match rustix::process::wait(WaitOptions::NOHANG) {
                Err(rustix::io::Errno::CHILD) => break Tree::Gone,
                _ if clock::boot_now() >= give_up => break Tree::Unconfirmed,
                Ok(Some(_)) => {}
                Ok(None) | Err(_) => std::thread::sleep(std::time::Duration::from_millis(2)),
            }
        };
        let exit = status
            .exit_status()
            .map(Exit::Status)
            .unwrap_or_else(|| Exit::Signal(status.terminating_signal().unwrap_or(0)));
        self.report(&Report::Ended(Ended {
            at: clock::boot_now(),
            exit,
            stopped: self.stop.map(|(why, _)| why),
            strays,
            tree,
            usage: sys::usage_of_children(),
        }));
        Ok(())
    }

    /// A runner that is gone can't be told; that is seen at the socket's other half.
    fn report(&mut self, report: &Report) {
        let _ = wire::send(&mut self.control, report);
    }
}

/// Everything below this process.
struct Below {
    namespace: ProcessNamespace,
}

impl Below {
    fn signal(&self, signal: Signal) -> Found {
        match self.namespace {
            ProcessNamespace::None => tree::signal_descendants(std::process::id(), signal),
            ProcessNamespace::Privileged | ProcessNamespace::User => {
                // No process but this one: the kernel answers ESRCH.
                if sys::signal_namespace(signal).is_ok() { Found::Processes } else { Found::Nothing }
            }
        }
    }
}
