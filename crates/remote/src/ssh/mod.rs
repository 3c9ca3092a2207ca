//! The `ssh` executor: a program on another host, by an argument vector, signed in with a key as an account that the host
//! file allows.
//!
//! The account's shell must follow POSIX where it reads words; see `quote`.

mod connect;
pub(crate) mod quote;
mod run;
mod target;

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign_runspace::definition::SshDefinition;
use countersign_runspace::lint::{self, Severity};
use countersign_runspace::{
    Definition, Health, Limits, Refusal, Running, Runspace, Sink, TargetName, WorkOrder, arguments,
};

use crate::Shared;
use crate::credential::{Credentials, Reference};
use crate::work;

pub use target::{HostKey, SshTarget};

/// The shell gets the command as one argument, which the kernel limits to this (execve(2), `MAX_ARG_STRLEN`).
const MAX_COMMAND: usize = 131_071;

/// The executor.
pub struct SshRunspace {
    runtime: Arc<Shared>,
    targets: BTreeMap<TargetName, Arc<connect::Host>>,
    credentials: Arc<Credentials>,
}

impl SshRunspace {
    pub(crate) fn new(
        (runtime, credentials): (Arc<Shared>, Arc<Credentials>),
        targets: BTreeMap<TargetName, SshTarget>,
    ) -> Self {
        let targets = targets.into_iter().map(|(name, target)| (name, Arc::new(connect::Host::new(target))));
        Self { runtime, targets: targets.collect(), credentials }
    }

    /// The definition, its host, and the command.
    fn judge<'a>(
        &self,
        order: &'a WorkOrder,
    ) -> Result<(&'a SshDefinition, &Arc<connect::Host>, String), Refusal> {
        let Definition::Ssh(definition) = &order.definition else {
            return Err(Refusal::new("executor_unknown", "the order is not for this executor"));
        };
        order.in_time()?;
        let mut faults = lint::lint(&order.definition, &std::collections::BTreeSet::new()).into_iter();
        if let Some(fault) = faults.find(|fault| fault.severity == Severity::Broken) {
            return Err(Refusal::new(fault.code, fault.message));
        }
        let host = self.targets.get(&definition.target).ok_or_else(|| {
            let message = format!("the host file has no host {}", definition.target);
            Refusal::new("target_unknown", message)
        })?;
        if !host.target.users.contains(&definition.user) {
            let message = format!("the host file does not allow the account {} there", definition.user);
            return Err(Refusal::new("user_not_allowed", message));
        }
        let vector = arguments::build(&definition.arguments, &order.parameters)?;
        let program = std::iter::once(definition.program.as_str());
        let command = quote::command(program.chain(vector.iter().map(String::as_str)));
        if command.len() > MAX_COMMAND {
            return Err(Refusal::new("argument_too_long", "the command is longer than 131,071 bytes"));
        }
        Ok((definition, host, command))
    }

    fn reference(&self, host: &connect::Host) -> Result<Reference, Refusal> {
        self.credentials.reference(&host.target.key)
    }
}

impl Runspace for SshRunspace {
    fn name(&self) -> &'static str {
        "ssh"
    }

    fn health(&self) -> Health {
        let mut notes = Vec::new();
        for (name, host) in &self.targets {
            if let Err(refusal) = self.reference(host) {
                notes.push(format!("host {name}: {}", refusal.message));
            }
            notes.extend(host.fault().map(|why| format!("host {name}: {why}")));
        }
        Health { executor: self.name().to_owned(), protections: None, notes }
    }

    fn preflight(&self, order: &WorkOrder) -> Result<(), Refusal> {
        let (definition, host, _) = self.judge(order)?;
        arguments::input(definition.stdin.as_ref(), &order.parameters)?;
        self.reference(host).map(|_| ())
    }

    fn start(&self, order: WorkOrder, sink: Arc<dyn Sink>) -> Result<Box<dyn Running>, Refusal> {
        let (definition, host, command) = self.judge(&order)?;
        let input = arguments::input(definition.stdin.as_ref(), &order.parameters)?;
        let task = run::Task {
            reference: self.reference(host)?,
            user: definition.user.clone(),
            success: definition.success.clone(),
            command,
            input,
        };
        let host = Arc::clone(host);
        let most = Limits { run_time_ms: host.target.max_run_time_ms, ..order.limits };
        let limits = order.limits.lowered_to(&most);
        let ended = || Refusal::new("executor_unknown", "the executors have ended");
        let runtime = self.runtime.handle().ok_or_else(ended)?;
        Ok(work::launch(runtime, order, limits, sink, move |job| run::run(host, task, job)))
    }
}
