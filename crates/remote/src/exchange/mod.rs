//! The `exchange` executor: one cmdlet of Exchange Online, sent as a document of typed values, signed in as an application or
//! as the machine's own identity.
//!
//! The endpoint (`InvokeCommand`) is not documented by its maker; it is spoken to as other implementations report it, and was
//! tried against a simulator of ours only. Nothing ran against a tenant yet.

mod admin_api;
mod answer;
mod assertion;
mod cloud;
mod encode;
mod link;
mod random;
mod run;
mod session;
mod target;
mod token;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use countersign_runspace::definition::ExchangeDefinition;
use countersign_runspace::lint::{self, Severity};
use countersign_runspace::{
    Definition, Health, Limits, Refusal, Running, Runspace, Sink, TargetName, WorkOrder,
};

use crate::Shared;
use crate::credential::{Credentials, Reference};
use crate::work;

pub use cloud::{Cloud, HostSuffix};
pub use target::{
    AdminApi, Allowed, AssertionAlgorithm, CertificateSignIn, ExchangeTarget, Guid, ManagedIdentity, SignIn,
    Simulator,
};

/// The executor.
pub struct ExchangeRunspace {
    runtime: Arc<Shared>,
    targets: BTreeMap<TargetName, Arc<session::Tenant>>,
    credentials: Arc<Credentials>,
}

impl ExchangeRunspace {
    pub(crate) fn new(
        (runtime, credentials): (Arc<Shared>, Arc<Credentials>),
        targets: BTreeMap<TargetName, ExchangeTarget>,
    ) -> Self {
        let targets =
            targets.into_iter().map(|(name, target)| (name, Arc::new(session::Tenant::new(target))));
        Self { runtime, targets: targets.collect(), credentials }
    }

    /// The definition, its tenant, and what is to be sent.
    fn judge<'a>(
        &self,
        order: &'a WorkOrder,
    ) -> Result<(&'a ExchangeDefinition, &Arc<session::Tenant>, encode::Call), Refusal> {
        let Definition::Exchange(definition) = &order.definition else {
            return Err(Refusal::new("executor_unknown", "the order is not for this executor"));
        };
        order.in_time()?;
        let mut faults = lint::lint(&order.definition, &BTreeSet::new()).into_iter();
        if let Some(fault) = faults.find(|fault| fault.severity == Severity::Broken) {
            return Err(Refusal::new(fault.code, fault.message));
        }
        let tenant = self.targets.get(&definition.target).ok_or_else(|| {
            let message = format!("the host file has no tenant {}", definition.target);
            Refusal::new("target_unknown", message)
        })?;
        if !tenant.target.allows_cmdlet(&definition.cmdlet) {
            let message = format!("the host file does not allow {} there", definition.cmdlet);
            return Err(Refusal::new("cmdlet_not_allowed", message));
        }
        let call = encode::Call::new(definition, &order.parameters)?;
        Ok((definition, tenant, call))
    }

    fn reference(&self, tenant: &session::Tenant) -> Result<Option<Reference>, Refusal> {
        tenant.target.credential().map(|name| self.credentials.reference(name)).transpose()
    }
}

impl Runspace for ExchangeRunspace {
    fn name(&self) -> &'static str {
        "exchange"
    }

    fn health(&self) -> Health {
        let mut notes = Vec::new();
        for (name, tenant) in &self.targets {
            if tenant.target.simulator.is_some() {
                notes.push(format!("tenant {name}: a simulator on this machine, no tenant"));
            }
            if let Err(refusal) = self.reference(tenant) {
                notes.push(format!("tenant {name}: {}", refusal.message));
            }
            notes.extend(tenant.fault().map(|why| format!("tenant {name}: {why}")));
        }
        Health { executor: self.name().to_owned(), protections: None, notes }
    }

    fn preflight(&self, order: &WorkOrder) -> Result<(), Refusal> {
        let (_, tenant, _) = self.judge(order)?;
        self.reference(tenant).map(|_| ())
    }

    fn start(&self, order: WorkOrder, sink: Arc<dyn Sink>) -> Result<Box<dyn Running>, Refusal> {
        let (definition, tenant, call) = self.judge(&order)?;
        let task = run::Task { definition: definition.clone(), call, reference: self.reference(tenant)? };
        let tenant = Arc::clone(tenant);
        let most = Limits { run_time_ms: tenant.target.max_run_time_ms, ..order.limits };
        let limits = order.limits.lowered_to(&most);
        let ended = || Refusal::new("executor_unknown", "the executors have ended");
        let runtime = self.runtime.handle().ok_or_else(ended)?;
        Ok(work::launch(runtime, order, limits, sink, move |job| run::run(tenant, task, job)))
    }
}
