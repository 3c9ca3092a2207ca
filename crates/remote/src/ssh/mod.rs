//! The `ssh` executor: a program on other hosts, by an argument vector, signed in with a key or a certificate of its own as an
//! account that the host file allows.
//!
//! The account's shell must follow POSIX where it reads words; see `quote`.

mod certificate;
mod connect;
mod end;
mod host_key;
mod hosts;
pub(crate) mod quote;
mod run;
mod target;
mod way;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use countersign_runspace::definition::{Hosts, SshDefinition};
use countersign_runspace::lint::{self, Severity};
use countersign_runspace::{
    Definition, Health, Limits, Outcome, ParameterName, ParameterValue, Refusal, Running, Runspace, Sink,
    Stream, TargetName, WorkOrder, arguments,
};
use zeroize::Zeroizing;

use crate::Shared;
use crate::credential::Credentials;
use crate::work::{self, Job};

pub use host_key::HostKey;
pub use target::{CertificateRules, CommandRule, SignIn, SshTarget};

/// The shell gets the command as one argument, which the kernel limits to 131,071 bytes (execve(2), `MAX_ARG_STRLEN`); the
/// rest is for what stands before it, see `end`.
const MAX_COMMAND: usize = 131_000;
/// Hosts of one execution.
const MAX_HOSTS: usize = 100;

/// The executor.
pub struct SshRunspace {
    runtime: Arc<Shared>,
    hosts: BTreeMap<TargetName, Arc<connect::Host>>,
    credentials: Arc<Credentials>,
}

/// An order that was found to be sound.
struct Judged {
    ways: Vec<way::Way>,
    task: run::Task,
    /// Absent where the definition names one host.
    bounds: Option<hosts::Bounds>,
    /// Milliseconds.
    max_run_time: u64,
}

impl SshRunspace {
    pub(crate) fn new(
        (runtime, credentials): (Arc<Shared>, Arc<Credentials>),
        targets: BTreeMap<TargetName, SshTarget>,
    ) -> Self {
        let host =
            |(name, target): (TargetName, _)| (name.clone(), Arc::new(connect::Host::new(name, target)));
        Self { runtime, hosts: targets.into_iter().map(host).collect(), credentials }
    }

    fn judge(&self, order: &WorkOrder) -> Result<Judged, Refusal> {
        let Definition::Ssh(definition) = &order.definition else {
            return Err(Refusal::new("executor_unknown", "the order is not for this executor"));
        };
        order.in_time()?;
        let mut faults = lint::lint(&order.definition, &BTreeSet::new()).into_iter();
        if let Some(fault) = faults.find(|fault| fault.severity == Severity::Broken) {
            return Err(Refusal::new(fault.code, fault.message));
        }
        let (names, bounds) = match &definition.target {
            Hosts::One(name) => (vec![name.clone()], None),
            Hosts::Named(named) => {
                let at_once = usize::from(named.at_once.get());
                let stop_after = usize::from(named.stop_after.get());
                let names = named_hosts(&named.parameter, &order.parameters)?;
                (names, Some(hosts::Bounds { at_once, stop_after }))
            }
        };
        let task = task(definition, &order.parameters)?;
        let ways: Vec<_> = names.iter().map(|name| self.way(name)).collect::<Result<_, _>>()?;
        if let Some(way) = ways.iter().find(|way| !way.host.target.users.contains(&task.user)) {
            let message =
                format!("the host file does not allow the account {} on {}", task.user, way.host.name);
            return Err(Refusal::new("user_not_allowed", message));
        }
        let longest = ways.iter().map(|way| way.host.target.max_run_time_ms).min();
        Ok(Judged { ways, task, bounds, max_run_time: longest.unwrap_or_default() })
    }

    /// How a host is reached. The host file was read with [`SshTarget::fault_of_way`], so that ways end.
    fn way(&self, name: &TargetName) -> Result<way::Way, Refusal> {
        let host = self.hosts.get(name).ok_or_else(|| {
            let message = format!("the host file has no host {name}");
            Refusal::new("target_unknown", message)
        })?;
        let before = host.target.via.as_ref().map(|via| self.way(via)).transpose()?;
        let reference = self.credentials.reference(host.target.credential())?;
        Ok(way::Way { host: Arc::clone(host), reference, before: before.map(Box::new) })
    }
}

/// The hosts that a parameter names: in its order, each once.
fn named_hosts(
    parameter: &ParameterName,
    values: &BTreeMap<ParameterName, ParameterValue>,
) -> Result<Vec<TargetName>, Refusal> {
    let texts = match values.get(parameter) {
        Some(ParameterValue::String(name)) => std::slice::from_ref(name),
        Some(ParameterValue::List(names)) => names,
        Some(_) => {
            return Err(Refusal::new("parameter_type", format!("{parameter} can't name hosts")));
        }
        None => &[],
    };
    if texts.is_empty() {
        return Err(Refusal::new("parameter_missing", format!("{parameter} names no host")));
    }
    if texts.len() > MAX_HOSTS {
        let message = format!("{parameter} names more than {MAX_HOSTS} hosts");
        return Err(Refusal::new("too_many_targets", message));
    }
    let mut names = Vec::new();
    for text in texts {
        let unknown = || Refusal::new("target_unknown", format!("the host file has no host {text:?}"));
        let name = text.parse().map_err(|_| unknown())?;
        if names.contains(&name) {
            return Err(Refusal::new("target_repeated", format!("{parameter} names {name} twice")));
        }
        names.push(name);
    }
    Ok(names)
}

fn task(
    definition: &SshDefinition,
    values: &BTreeMap<ParameterName, ParameterValue>,
) -> Result<run::Task, Refusal> {
    let vector = arguments::build(&definition.arguments, values)?;
    let program = std::iter::once(definition.program.as_str());
    let command = quote::command(program.chain(vector.iter().map(String::as_str)));
    if command.len() > MAX_COMMAND {
        return Err(Refusal::new("argument_too_long", "the command is longer than 131,000 bytes"));
    }
    let input = arguments::input(definition.stdin.as_ref(), values)?;
    Ok(run::Task { user: definition.user.clone(), command, input, success: definition.success.clone() })
}

impl Runspace for SshRunspace {
    fn name(&self) -> &'static str {
        "ssh"
    }

    fn health(&self) -> Health {
        let mut notes = Vec::new();
        for (name, host) in &self.hosts {
            if let Err(refusal) = self.way(name) {
                notes.push(format!("host {name}: {}", refusal.message));
            }
            notes.extend(host.fault().map(|why| format!("host {name}: {why}")));
        }
        Health { executor: self.name().to_owned(), protections: None, notes }
    }

    fn preflight(&self, order: &WorkOrder) -> Result<(), Refusal> {
        self.judge(order).map(|_| ())
    }

    fn start(&self, order: WorkOrder, sink: Arc<dyn Sink>) -> Result<Box<dyn Running>, Refusal> {
        let judged = self.judge(&order)?;
        let most = Limits { run_time_ms: judged.max_run_time, ..order.limits };
        let limits = order.limits.lowered_to(&most);
        let ended = || Refusal::new("executor_unknown", "the executors have ended");
        let runtime = self.runtime.handle().ok_or_else(ended)?;
        Ok(work::launch(runtime, order, limits, sink, move |job| execute(judged, job)))
    }
}

async fn execute(judged: Judged, job: Job) -> Result<Outcome, Refusal> {
    let Judged { ways, task, bounds, .. } = judged;
    match (bounds, ways.as_slice()) {
        (None, [way]) => run::run(way, &task, &job, &Alone(&job)).await,
        (Some(bounds), _) => hosts::run(ways, task, bounds, job).await,
        (None, _) => Err(Refusal::new("target_unknown", "the order names no host")),
    }
}

/// One host whose output is the execution's.
struct Alone<'a>(&'a Job);

impl run::Tell for Alone<'_> {
    fn hide(&self, secrets: &[Zeroizing<Vec<u8>>]) {
        self.0.out.hide(secrets);
    }

    fn patience(&self) -> Duration {
        self.0.until_start()
    }

    fn begin(&self) -> Result<(), Refusal> {
        self.0.begin()
    }

    fn write(&self, stream: Stream, bytes: &[u8]) {
        self.0.out.write(stream, bytes);
    }
}
