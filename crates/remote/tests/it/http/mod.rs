//! The `http` executor against an HTTPS server of Node's, with a private authority.

mod faults;
mod hostile;
mod packs;

mod redirects;
mod secrets;
mod server;
mod signed_in;
mod stopping;
mod tasks;

use countersign_runspace::WorkOrder;
use serde_json::{Value, json};

use crate::support::order;

/// An order for a request, with more of a definition's fields.
pub(crate) fn request(method: &str, path: &str, more: Value, parameters: Value) -> WorkOrder {
    let mut definition = json!({"executor": "http", "target": "api", "method": method, "path": path});
    definition.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    order(definition, parameters)
}

pub(crate) fn plain(method: &str, path: &str) -> WorkOrder {
    request(method, path, json!({}), json!({}))
}
