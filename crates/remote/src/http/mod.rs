//! The `http` executor: one request to a service that the host file names, with values that stay what they are.
//!
//! A connection serves one execution. Were it used again, a service could close it in the very moment in which a request is
//! sent, and nobody would know whether that request was read.

mod address;
mod authorize;
mod client;
mod redirect;
mod run;
mod target;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use countersign_runspace::definition::HttpDefinition;
use countersign_runspace::lint::{self, Severity};
use countersign_runspace::request::{self, Request};
use countersign_runspace::{
    Definition, Health, Limits, Refusal, Running, Runspace, Sink, TargetName, WorkOrder,
};

use crate::Shared;
use crate::credential::{Credentials, Reference};
use crate::work;

pub use address::Network;
pub(crate) use client::{Dial, Origin, body, open};
pub use target::{Auth, BaseUrl, HeaderName, HttpTarget, Oauth, SecretIn};

/// The executor.
pub struct HttpRunspace {
    runtime: Arc<Shared>,
    targets: BTreeMap<TargetName, Arc<Service>>,
    credentials: Arc<Credentials>,
}

/// A service, and what is remembered of it.
struct Service {
    target: HttpTarget,
    tokens: authorize::Tokens,
    fault: Mutex<Option<String>>,
}

/// The credentials that a service is shown.
struct References {
    auth: Option<Reference>,
    certificate: Option<Reference>,
}

impl HttpRunspace {
    pub(crate) fn new(
        (runtime, credentials): (Arc<Shared>, Arc<Credentials>),
        targets: BTreeMap<TargetName, HttpTarget>,
    ) -> Self {
        let service = |target| {
            Arc::new(Service { target, tokens: authorize::Tokens::default(), fault: Mutex::default() })
        };
        let targets = targets.into_iter().map(|(name, target)| (name, service(target)));
        Self { runtime, targets: targets.collect(), credentials }
    }

    /// The definition, its service, and the request.
    fn judge<'a>(
        &self,
        order: &'a WorkOrder,
    ) -> Result<(&'a HttpDefinition, &Arc<Service>, Request), Refusal> {
        let Definition::Http(definition) = &order.definition else {
            return Err(Refusal::new("executor_unknown", "the order is not for this executor"));
        };
        order.in_time()?;
        let mut faults = lint::lint(&order.definition, &std::collections::BTreeSet::new()).into_iter();
        if let Some(fault) = faults.find(|fault| fault.severity == Severity::Broken) {
            return Err(Refusal::new(fault.code, fault.message));
        }
        let service = self.targets.get(&definition.target).ok_or_else(|| {
            let message = format!("the host file has no service {}", definition.target);
            Refusal::new("target_unknown", message)
        })?;
        let target = &service.target;
        if !target.methods.contains(&definition.method) {
            let message = format!("the host file does not allow {} there", definition.method.as_str());
            return Err(Refusal::new("method_not_allowed", message));
        }
        let request = request::build(definition, &order.parameters)?;
        if !target.allows(&request.path) {
            return Err(Refusal::new("path_not_allowed", "the host file does not allow this path there"));
        }
        if let Some((name, _)) = request.headers.iter().find(|(name, _)| target.keeps(name)) {
            let message = format!("the header {name} is not a task's to set there");
            return Err(Refusal::new("header_not_allowed", message));
        }
        Ok((definition, service, request))
    }

    fn references(&self, target: &HttpTarget) -> Result<References, Refusal> {
        let named = |name: Option<&TargetName>| name.map(|name| self.credentials.reference(name)).transpose();
        let auth = target.auth.as_ref().map(Auth::credential);
        Ok(References { auth: named(auth)?, certificate: named(target.client_certificate.as_ref())? })
    }
}

impl Service {
    fn fault(&self) -> Option<String> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note<T>(&self, tried: &Result<T, Refusal>) {
        let fault = tried.as_ref().err().map(|refusal| refusal.message.clone());
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }
}

impl Runspace for HttpRunspace {
    fn name(&self) -> &'static str {
        "http"
    }

    fn health(&self) -> Health {
        let mut notes = Vec::new();
        for (name, service) in &self.targets {
            if let Err(refusal) = self.references(&service.target) {
                notes.push(format!("service {name}: {}", refusal.message));
            }
            notes.extend(service.fault().map(|why| format!("service {name}: {why}")));
        }
        Health { executor: self.name().to_owned(), protections: None, notes }
    }

    fn preflight(&self, order: &WorkOrder) -> Result<(), Refusal> {
        let (_, service, _) = self.judge(order)?;
        self.references(&service.target).map(|_| ())
    }

    fn start(&self, order: WorkOrder, sink: Arc<dyn Sink>) -> Result<Box<dyn Running>, Refusal> {
        let (definition, service, request) = self.judge(&order)?;
        let task = run::Task {
            references: self.references(&service.target)?,
            success: definition.success.clone(),
            most: definition.max_response_bytes,
            within: std::time::Duration::from_millis(definition.answer_within_ms),
            request,
        };
        let service = Arc::clone(service);
        let most = Limits { run_time_ms: service.target.max_run_time_ms, ..order.limits };
        let limits = order.limits.lowered_to(&most);
        let ended = || Refusal::new("executor_unknown", "the executors have ended");
        let runtime = self.runtime.handle().ok_or_else(ended)?;
        Ok(work::launch(runtime, order, limits, sink, move |job| run::run(service, task, job)))
    }
}
