//! The template and what it forks. One thread has it, because the kernel takes the end of the thread that started a
//! process for the end of its parent.

use std::collections::BTreeSet;
use std::io;
use std::os::fd::{AsFd as _, OwnedFd};
use std::process::Command;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countersign_sandbox::init::{Init, Stage, Template};
use countersign_sandbox::orphans;

use super::InitCommand;

/// Every init of this runspace comes from here. As long as this is held, they may live.
pub(super) struct Inits {
    ask: Sender<Ask>,
    known: Arc<Mutex<Known>>,
}

/// The descriptors of an init to be: the socket it takes its order from, and its output.
pub(super) struct Ends {
    pub(super) control: OwnedFd,
    pub(super) stdout: OwnedFd,
    pub(super) stderr: OwnedFd,
}

struct Ask {
    stage: Stage,
    ends: Ends,
    answer: SyncSender<io::Result<Init>>,
}

/// What may be among this process's children without being an orphan. Held while one is started, so that no look at the
/// children can take a new one for an orphan.
#[derive(Default)]
struct Known {
    template: Option<u32>,
    /// The template's children. Should it be killed, they fall to this process.
    inits: BTreeSet<u32>,
    adoption: Adoption,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Adoption {
    /// Orphans are another's business.
    #[default]
    No,
    Yes,
}

impl Inits {
    pub(super) fn new(command: InitCommand) -> io::Result<Self> {
        let (ask, asked) = channel();
        let known = Arc::<Mutex<Known>>::default();
        let keeper = Keeper { command, template: None, known: Arc::clone(&known) };
        std::thread::Builder::new().name("inits".to_owned()).spawn(move || keeper.keep(&asked))?;
        Ok(Self { ask, known })
    }

    pub(super) fn start(&self, stage: Stage, ends: Ends) -> io::Result<Init> {
        let (answer, answered) = sync_channel(1);
        self.ask.send(Ask { stage, ends, answer }).map_err(|_| io::ErrorKind::BrokenPipe)?;
        answered.recv().map_err(|_| io::ErrorKind::BrokenPipe)?
    }

    /// From now on children of this process that are not known are taken for orphans.
    pub(super) fn adopt_orphans(&self) -> io::Result<()> {
        orphans::adopt()?;
        self.known().adoption = Adoption::Yes;
        Ok(())
    }

    /// An init is gone; whatever fell to this process from below it goes now.
    pub(super) fn bury(&self, init: u32) {
        let mut known = self.known();
        known.inits.remove(&init);
        if known.adoption == Adoption::Yes {
            orphans::kill_all_but(&known.inits.iter().copied().chain(known.template).collect());
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        lock(&self.known)
    }
}

struct Keeper {
    command: InitCommand,
    template: Option<Template>,
    known: Arc<Mutex<Known>>,
}

impl Keeper {
    fn keep(mut self, asked: &Receiver<Ask>) {
        while let Ok(Ask { stage, ends, answer }) = asked.recv() {
            let init = match self.fork(stage, &ends) {
                // Somebody killed it: another follows. Nothing has run, for no order was sent.
                Err(error) if gone(&error) => {
                    self.end();
                    self.fork(stage, &ends)
                }
                init => init,
            };
            let _ = answer.send(init);
        }
        self.end();
    }

    fn fork(&mut self, stage: Stage, ends: &Ends) -> io::Result<Init> {
        let mut known = lock(&self.known);
        let template = match &self.template {
            Some(template) => template,
            None => {
                let template = Template::start(self.command.command())?;
                known.template = Some(template.id());
                self.template.insert(template)
            }
        };
        let init = template.fork(stage, ends.control.as_fd(), ends.stdout.as_fd(), ends.stderr.as_fd())?;
        known.inits.insert(init.id());
        Ok(init)
    }

    fn end(&mut self) {
        let mut known = lock(&self.known);
        if let Some(template) = self.template.take() {
            template.end();
        }
        known.template = None;
    }
}

fn gone(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionReset | UnexpectedEof)
}

fn lock(known: &Mutex<Known>) -> MutexGuard<'_, Known> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

impl InitCommand {
    #[expect(clippy::disallowed_methods, reason = "the runner is the process that may start others")]
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).env_clear().current_dir("/");
        command
    }
}
