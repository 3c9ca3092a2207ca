//! Judging an order against the host and turning it into what the init is told.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use countersign_sandbox::program;
use countersign_sandbox::program::Form;
use countersign_sandbox::spec::{HeldByCgroup, Identity, Limits as SandboxLimits, Spec};
use countersign_sandbox::user::{self, Account};
use zeroize::Zeroizing;

use super::ProcessHost;
use crate::definition::ProcessDefinition;
use crate::lint::forbidden_variable;
use crate::{Definition, Limits, Purpose, Refusal, WorkOrder, arguments};

/// Names the execution to the program, and to the sweep that looks for what an earlier runner left.
pub(super) const EXECUTION_VARIABLE: &str = "COUNTERSIGN_EXECUTION";
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// An order that may run.
pub(super) struct Prepared {
    /// Checked and open: this very file runs, whatever becomes of its path.
    pub(super) program: File,
    pub(super) form: Form,
    pub(super) spec: Spec,
    pub(super) input: Zeroizing<Vec<u8>>,
    pub(super) limits: Limits,
    pub(super) success: Vec<u8>,
}

pub(super) fn prepare(order: &WorkOrder, host: &ProcessHost, owners: &[u32]) -> Result<Prepared, Refusal> {
    let Definition::Process(definition) = &order.definition else {
        return Err(Refusal::new("executor_unknown", "the order is not for this executor"));
    };
    order.in_time()?;
    let limits = order.limits.lowered_to(&host.limits);
    check_limits(&limits)?;
    let account = account(definition, host)?;
    let arguments = arguments::build(&definition.arguments, &order.parameters)?;
    let environment = environment(order, definition, host, &account)?;
    let directory = definition.working_directory.clone().unwrap_or_else(|| PathBuf::from("/"));
    for path in definition.writable.iter().flatten().chain([&directory]) {
        absolute(path)?;
    }
    let sha256 = definition.sha256.as_deref();
    let (opened, form) =
        program::open_program(&definition.program, owners, &host.program_directories, sha256)
            .map_err(|untrusted| Refusal::new(untrusted.code(), untrusted.to_string()))?;
    let input = arguments::input(definition.stdin.as_ref(), &order.parameters)?;
    let spec = Spec {
        program: definition.program.clone(),
        arguments,
        environment,
        identity: (account.identity.uid != user::own_uid()).then_some(account.identity),
        directory,
        limits: SandboxLimits {
            memory_bytes: limits.memory_bytes,
            processes: limits.processes,
            open_files: limits.open_files,
            cpu_seconds: limits.cpu_seconds,
            file_bytes: limits.file_bytes,
            held_by_cgroup: HeldByCgroup::Nothing,
        },
        // A preview writes nowhere, where the kernel can hold it to that.
        writable: if order.preview().is_some() { Some(Vec::new()) } else { definition.writable.clone() },
        processes: definition.processes,
        system_calls: definition.system_calls,
        cgroup_files: Vec::new(),
        start_by: order.start_by,
        deadline: order.deadline,
        run_time: limits.run_time_ms.saturating_mul(1_000_000),
        grace: limits.grace_ms.saturating_mul(1_000_000),
    };
    Ok(Prepared { program: opened.file, form, spec, input, limits, success: definition.success.clone() })
}

fn check_limits(limits: &Limits) -> Result<(), Refusal> {
    let all =
        [limits.run_time_ms, limits.memory_bytes, limits.processes, limits.open_files, limits.cpu_seconds];
    // Below eight descriptors no dynamically linked program starts, and the fault would look like the program's.
    if all.contains(&0) || limits.open_files < 8 {
        return Err(Refusal::new("limit_invalid", "a limit is zero, or fewer than 8 open files are allowed"));
    }
    Ok(())
}

fn account(definition: &ProcessDefinition, host: &ProcessHost) -> Result<Account, Refusal> {
    let unreadable = |e: std::io::Error| Refusal::new("run_as_failed", format!("reading the accounts: {e}"));
    let own = user::own_uid();
    let account = match &definition.run_as {
        Some(name) => user::by_name(name).map_err(unreadable)?,
        None => user::by_uid(own).map_err(unreadable)?.or_else(|| Some(nameless(own))),
    };
    let name = definition.run_as.clone().unwrap_or_else(|| own.to_string());
    let account =
        account.ok_or_else(|| Refusal::new("run_as_missing", format!("there is no account {name}")))?;
    if !host.run_as.contains(&account.name) {
        let message = format!("the host file does not allow running as {}", account.name);
        return Err(Refusal::new("run_as_not_allowed", message));
    }
    if account.identity.uid != own && own != 0 {
        let message = format!("the runner is not root and can't become {}", account.name);
        return Err(Refusal::new("run_as_not_possible", message));
    }
    Ok(account)
}

/// A user without a line in `/etc/passwd`, as in some containers: called by its number.
fn nameless(uid: u32) -> Account {
    Account {
        name: uid.to_string(),
        identity: Identity { uid, gid: uid, groups: Vec::new() },
        home: "/".into(),
    }
}

fn environment(
    order: &WorkOrder,
    definition: &ProcessDefinition,
    host: &ProcessHost,
    account: &Account,
) -> Result<BTreeMap<String, String>, Refusal> {
    let person = &order.on_behalf_of;
    let display: String = person.display.chars().filter(|c| !c.is_control()).take(200).collect();
    let mut environment: BTreeMap<String, String> = [
        ("PATH", PATH.to_owned()),
        ("LANG", "C.UTF-8".to_owned()),
        ("HOME", account.home.to_string_lossy().into_owned()),
        ("USER", account.name.clone()),
        ("LOGNAME", account.name.clone()),
        (EXECUTION_VARIABLE, order.execution.to_string()),
        ("COUNTERSIGN_TASK", format!("{}\\{}", order.workload, order.task)),
        ("COUNTERSIGN_ON_BEHALF_OF", format!("{} {display}", person.person)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    if let Purpose::TakeBack { of } = &order.purpose {
        environment.insert("COUNTERSIGN_TAKES_BACK".to_owned(), of.to_string());
    }
    for (name, value) in &definition.environment {
        if forbidden_variable(name) || !host.environment.contains(name) {
            let message = format!("the host file does not allow the variable {name}");
            return Err(Refusal::new("environment_not_allowed", message));
        }
        environment.insert(name.clone(), value.clone());
    }
    if environment.values().any(|value| value.contains('\0')) {
        return Err(Refusal::new("environment_not_allowed", "a variable's value holds a NUL character"));
    }
    Ok(environment)
}

fn absolute(path: &Path) -> Result<(), Refusal> {
    if path.is_absolute() {
        return Ok(());
    }
    Err(Refusal::new("path_not_absolute", format!("{} must be an absolute path", path.display())))
}
