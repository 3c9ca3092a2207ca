//! People by their sign-in names: what a person types, turned into what the ledger knows.

use countersign_client::{Client, Query};
use countersign_core::id::PersonId;
use serde_json::Value as Json;

use crate::fault::{Fault, Outcome};

/// A person's id, from the id or the sign-in name.
pub(crate) fn person(client: &Client, text: &str) -> Outcome<String> {
    if text.parse::<PersonId>().is_ok() {
        return Ok(text.to_owned());
    }
    if !text.contains('@') {
        let fault = Fault::usage(format!("`{text}` is neither a sign-in name nor the id of a person."));
        return Err(fault.hint("countersign person list"));
    }
    let (rows, _) = client.list("people", &Query::all().with("text", text), 500)?;
    let found = rows
        .iter()
        .find(|row| row.get("upn").and_then(Json::as_str).is_some_and(|upn| upn.eq_ignore_ascii_case(text)));
    let id = found.and_then(|row| row.get("id")).and_then(Json::as_str);
    id.map(str::to_owned).ok_or_else(|| {
        Fault::failed(format!("There is no person `{text}`, or you may not know of them."))
            .hint("countersign person list")
    })
}

/// The same, where a group may stand as well, by id or name.
pub(crate) fn person_or_group(client: &Client, text: &str) -> Outcome<String> {
    if text.contains('@') { person(client, text) } else { Ok(text.to_owned()) }
}
