//! The `process` executor: a program on this host, by argument vector, in a sandbox, as a user that the host allows.

mod execution;
mod inits;
mod output;
mod prepare;

use std::collections::BTreeSet;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::Arc;

use countersign_sandbox::applied::{Applied, ProcessNamespace};
use countersign_sandbox::cgroup::Cgroups;
use countersign_sandbox::init::{Stage, wire};
use countersign_sandbox::tree;

use self::inits::{Ends, Inits};
use crate::{ExecutionId, Health, Limits, Protections, Refusal, Running, Runspace, Sink, WorkOrder};

/// What this host allows. Everything that is not listed is refused.
#[derive(Debug, Clone)]
pub struct ProcessHost {
    pub init: InitCommand,
    /// Accounts that programs may run as, by name; the runner's own must be listed too.
    pub run_as: BTreeSet<String>,
    /// Directories below which programs may lie, by their real paths.
    pub program_directories: Vec<PathBuf>,
    /// Variables that a definition may set.
    pub environment: BTreeSet<String>,
    /// Ceilings that no order exceeds.
    pub limits: Limits,
    /// Tells this runner's control groups from those of another on the same host.
    pub name: String,
}

/// The command line that leads this binary to `init::main`.
#[derive(Debug, Clone)]
pub struct InitCommand {
    pub program: PathBuf,
    pub arguments: Vec<String>,
}

/// The executor.
pub struct ProcessRunspace {
    shared: Arc<Shared>,
}

struct Shared {
    host: ProcessHost,
    trusted_owners: Vec<u32>,
    cgroups: Option<Cgroups>,
    probed: Applied,
    inits: Inits,
}

impl ProcessRunspace {
    /// Looks at what the kernel offers: an init tries it.
    ///
    /// # Errors
    /// If no init can be started.
    pub fn new(host: ProcessHost) -> std::io::Result<Self> {
        let inits = Inits::new(host.init.clone())?;
        let probed = probe(&inits)?;
        let cgroups = Cgroups::detect(&host.name);
        let trusted_owners = trusted_owners();
        Ok(Self { shared: Arc::new(Shared { host, trusted_owners, cgroups, probed, inits }) })
    }

    /// Kills what an earlier runner left: its control groups, and processes marked with one of its executions.
    /// Gives the number of both.
    pub fn sweep(&self, earlier: &BTreeSet<ExecutionId>) -> usize {
        let groups = self.shared.cgroups.as_ref().map_or(0, Cgroups::sweep);
        let marked = tree::kill_marked(prepare::EXECUTION_VARIABLE, |value| {
            let ours = value.parse().is_ok_and(|id: ExecutionId| earlier.contains(&id));
            if ours { tree::Mark::Ours } else { tree::Mark::Other }
        });
        groups + marked
    }

    /// From now on children of this process that are no inits are taken for orphans and killed. For a process that
    /// does nothing but run executions.
    ///
    /// # Errors
    /// Of prctl(2).
    pub fn adopt_orphans(&self) -> std::io::Result<()> {
        self.shared.inits.adopt_orphans()
    }
}

impl Runspace for ProcessRunspace {
    fn name(&self) -> &'static str {
        "process"
    }

    fn health(&self) -> Health {
        let probed = &self.shared.probed;
        let cgroup = self.shared.cgroups.as_ref().map(Cgroups::version);
        let mut notes = Vec::new();
        if cgroup.is_none() {
            notes.push(
                "no control group is writable: memory is limited per process and processes per user"
                    .to_owned(),
            );
        }
        if probed.process_namespace == ProcessNamespace::None {
            notes.push(
                "no process namespace is allowed: a program that hides its children and kills its init may leave some"
                    .to_owned(),
            );
        }
        if !probed.landlock_files {
            notes.push("the kernel has no Landlock: lists of writable paths are not enforced".to_owned());
        }
        if !probed.seccomp {
            notes.push("the kernel has no seccomp filters: system calls are not restricted".to_owned());
        }
        Health {
            executor: self.name().to_owned(),
            protections: Some(Protections {
                cgroup,
                process_namespace: probed.process_namespace,
                landlock_files: probed.landlock_files,
                landlock_signals: probed.landlock_signals,
                seccomp: probed.seccomp,
            }),
            notes,
        }
    }

    fn preflight(&self, order: &WorkOrder) -> Result<(), Refusal> {
        prepare::prepare(order, &self.shared.host, &self.shared.trusted_owners).map(|_| ())
    }

    fn start(&self, order: WorkOrder, sink: Arc<dyn Sink>) -> Result<Box<dyn Running>, Refusal> {
        let prepared = prepare::prepare(&order, &self.shared.host, &self.shared.trusted_owners)?;
        execution::start(Arc::clone(&self.shared), order.execution, prepared, sink)
    }
}

fn probe(inits: &Inits) -> std::io::Result<Applied> {
    let (mut told, stdout) = std::io::pipe()?;
    let null = || std::fs::File::options().read(true).write(true).open("/dev/null").map(OwnedFd::from);
    let probe =
        inits.start(Stage::Probe, Ends { control: null()?, stdout: stdout.into(), stderr: null()? })?;
    let applied = wire::receive::<Applied>(&mut told);
    inits.bury(probe.id());
    applied?.ok_or_else(|| std::io::ErrorKind::UnexpectedEof.into())
}

/// Root, and the runner's own user where that is another: it could exchange its own files anyway.
fn trusted_owners() -> Vec<u32> {
    let mut owners = vec![0, countersign_sandbox::user::own_uid()];
    owners.dedup();
    owners
}
