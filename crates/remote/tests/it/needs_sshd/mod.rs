//! The `ssh` executor against OpenSSH's own server.

mod certificates;
mod faults;
mod hostile;
mod jumps;
mod pack;
mod several;
mod sshd;
mod stopping;
mod tasks;

use countersign_runspace::WorkOrder;
use serde_json::{Value, json};

use crate::support::order;

/// An order for a program with arguments as they stand in a definition.
pub(crate) fn program(host: &sshd::Sshd, program: &str, arguments: Value, parameters: Value) -> WorkOrder {
    order(
        json!({"executor": "ssh", "target": "web", "user": host.user, "program": program, "arguments": arguments}),
        parameters,
    )
}

/// An order for a shell's script that stands in the definition.
pub(crate) fn script(host: &sshd::Sshd, script: &str) -> WorkOrder {
    program(host, "/bin/sh", json!([{"literal": "-c"}, {"literal": script}]), json!({}))
}
