//! The `postgresql` executor: statements with bound parameters, all or none of them, as a role that the host allows.
//!
//! The target's own log knows who asked: `application_name` names the execution, a comment before each statement and the
//! settings `countersign.execution` and `countersign.on_behalf_of` name the person.

pub(crate) mod bind;
mod connect;
mod pool;
mod prepare;
mod preview;
mod render;
mod run;
mod statement;
mod target;
mod wire;

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign_runspace::definition::PostgresqlDefinition;
use countersign_runspace::lint::{self, Severity};
use countersign_runspace::{
    Definition, Health, Limits, Refusal, Running, Runspace, Sink, TargetName, WorkOrder,
};

use crate::Shared;
use crate::credential::{Credentials, Reference};
use crate::work;

pub use target::{PostgresqlTarget, Tls};

/// The executor.
pub struct PostgresqlRunspace {
    runtime: Arc<Shared>,
    targets: BTreeMap<TargetName, Arc<pool::Pool>>,
    credentials: Arc<Credentials>,
}

impl PostgresqlRunspace {
    pub(crate) fn new(
        (runtime, credentials): (Arc<Shared>, Arc<Credentials>),
        targets: BTreeMap<TargetName, PostgresqlTarget>,
    ) -> Self {
        let targets = targets.into_iter().map(|(name, target)| (name, Arc::new(pool::Pool::new(target))));
        Self { runtime, targets: targets.collect(), credentials }
    }

    fn judge<'a>(
        &self,
        order: &'a WorkOrder,
    ) -> Result<(&'a PostgresqlDefinition, &Arc<pool::Pool>), Refusal> {
        let Definition::Postgresql(definition) = &order.definition else {
            return Err(Refusal::new("executor_unknown", "the order is not for this executor"));
        };
        order.in_time()?;
        let fault = lint::lint(&order.definition, &std::collections::BTreeSet::new()).into_iter();
        if let Some(fault) = fault.into_iter().find(|fault| fault.severity == Severity::Broken) {
            return Err(Refusal::new(fault.code, fault.message));
        }
        let pool = self.targets.get(&definition.target).ok_or_else(|| {
            let message = format!("the host file has no database {}", definition.target);
            Refusal::new("target_unknown", message)
        })?;
        if !pool.target.roles.contains(&definition.role) {
            let message = format!("the host file does not allow the role {} there", definition.role);
            return Err(Refusal::new("role_not_allowed", message));
        }
        Ok((definition, pool))
    }

    fn reference(&self, pool: &pool::Pool) -> Result<Option<Reference>, Refusal> {
        pool.target.password.as_ref().map(|name| self.credentials.reference(name)).transpose()
    }
}

impl Runspace for PostgresqlRunspace {
    fn name(&self) -> &'static str {
        "postgresql"
    }

    fn health(&self) -> Health {
        let mut notes = Vec::new();
        for (name, pool) in &self.targets {
            if let Err(refusal) = self.reference(pool) {
                notes.push(format!("database {name}: {}", refusal.message));
            }
            notes.extend(pool.fault().map(|why| format!("database {name}: {why}")));
        }
        Health { executor: self.name().to_owned(), protections: None, notes }
    }

    fn preflight(&self, order: &WorkOrder) -> Result<(), Refusal> {
        let (definition, pool) = self.judge(order)?;
        preview::of(definition, order.preview())?;
        self.reference(pool).map(|_| ())
    }

    fn start(&self, order: WorkOrder, sink: Arc<dyn Sink>) -> Result<Box<dyn Running>, Refusal> {
        let (definition, pool) = self.judge(&order)?;
        let work = preview::of(definition, order.preview())?;
        let pool = Arc::clone(pool);
        let reference = self.reference(&pool)?;
        let most = Limits { run_time_ms: pool.target.max_run_time_ms, ..order.limits };
        let limits = order.limits.lowered_to(&most);
        let ended = || Refusal::new("executor_unknown", "the executors have ended");
        let runtime = self.runtime.handle().ok_or_else(ended)?;
        Ok(work::launch(runtime, order, limits, sink, move |job| run::run(pool, reference, work, job)))
    }
}
