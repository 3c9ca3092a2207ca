//! The `exchange` executor against our simulator. Nothing here ran against a tenant.

mod faults;
mod hostile;
mod pack;
mod signing_in;
mod stopping;
mod tasks;

use std::collections::BTreeMap;

use countersign_exchange_simulator::{APPLICATION, Options, Simulator};
use countersign_remote::{ExchangeTarget, Targets};
use countersign_runspace::{Runspace, WorkOrder};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{credential, executor, order, place};

/// A simulator with what the runner's host knows of it.
pub(crate) struct Tenant {
    pub(crate) simulator: Simulator,
    pub(crate) place: TempDir,
    pub(crate) options: Options,
}

impl Tenant {
    pub(crate) fn start() -> Self {
        Self::with(Options::new().unwrap())
    }

    pub(crate) fn with(options: Options) -> Self {
        let simulator = Simulator::start(options.clone()).unwrap();
        let place = place();
        std::fs::write(place.path().join("ca.pem"), &simulator.authority).unwrap();
        Self { simulator, place, options }
    }

    /// The target as the host file would say it, at this port.
    pub(crate) fn target_at(&self, port: u16) -> Value {
        json!({
            "tenant": self.options.tenant,
            "cmdlets": ["Get-*", "Search-*", "Set-*", "New-*", "Add-*", "Remove-*", "Enable-*", "Disable-*", "Start-*"],
            "sign_in": {"certificate": {"application": self.options.application, "certificate": "app"}},
            "simulator": {"port": port, "identity_port": self.simulator.identity_port,
                "ca": self.place.path().join("ca.pem")},
        })
    }

    pub(crate) fn target(&self) -> Value {
        self.target_at(self.simulator.port)
    }

    pub(crate) fn runspace(&self) -> Box<dyn Runspace> {
        self.runspace_of(self.target())
    }

    pub(crate) fn runspace_of(&self, target: Value) -> Box<dyn Runspace> {
        self.runspace_with(target, APPLICATION)
    }

    pub(crate) fn runspace_with(&self, target: Value, secret: &str) -> Box<dyn Runspace> {
        let target: ExchangeTarget = serde_json::from_value(target).unwrap();
        let (name, reference) = credential(self.place.path(), "app", secret);
        executor(
            "exchange",
            Targets {
                credentials: BTreeMap::from([(name, reference)]),
                exchange: BTreeMap::from([("main".parse().unwrap(), target)]),
                ..Targets::default()
            },
        )
    }
}

/// An order for a cmdlet, each of whose parameters is given as `[name, type, value]`.
pub(crate) fn cmdlet(name: &str, given: &[(&str, &str, Value)]) -> WorkOrder {
    let parameters: Vec<Value> =
        given.iter().map(|(name, kind, _)| json!({"name": name, "type": kind})).collect();
    let values: serde_json::Map<String, Value> =
        given.iter().map(|(name, _, value)| ((*name).to_owned(), value.clone())).collect();
    order(
        json!({"executor": "exchange", "target": "main", "cmdlet": name, "parameters": parameters,
            "output": "json_lines"}),
        Value::Object(values),
    )
}

/// A cmdlet that changes something, and would be seen if it ran twice.
pub(crate) fn change(name: &str) -> WorkOrder {
    let text = |text: &str| json!({"string": text});
    cmdlet(
        "New-JournalRule",
        &[("Name", "string", text(name)), ("JournalEmailAddress", "string", text("x@evil.example"))],
    )
}

/// A cmdlet that only reads.
pub(crate) fn look() -> WorkOrder {
    cmdlet("Get-JournalRule", &[])
}

/// Names of the journal rules that the tenant has.
pub(crate) fn rules(tenant: &Tenant) -> Vec<String> {
    let objects = tenant.simulator.objects("JournalRule");
    objects.iter().map(|object| object["Name"].as_str().unwrap().to_owned()).collect()
}
