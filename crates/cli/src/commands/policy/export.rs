//! `countersign policy export`, and the form of its file.

use std::collections::BTreeMap;

use countersign_client::{Client, Query};
use countersign_core::builtin::policy_parameters;
use countersign_core::policy::PolicyTerms;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::app::App;
use crate::fault::{Fault, Outcome};

/// The parameters of `New-ElevatedAccessApprovalPolicy` for each policy.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Policies {
    pub(super) policies: Vec<BTreeMap<String, Json>>,
}

/// A policy as the server has it.
pub(super) struct Known {
    pub(super) id: String,
    pub(super) parameters: BTreeMap<String, Json>,
}

pub(super) fn run(app: &App) -> Outcome {
    let policies = known(&app.client()?)?.into_iter().map(|known| known.parameters).collect();
    let text =
        toml::to_string_pretty(&Policies { policies }).map_err(|error| Fault::failed(format!("{error}.")))?;
    app.ui.data(text.as_bytes());
    Ok(())
}

/// All policies, in the words of the task that makes them.
pub(super) fn known(client: &Client) -> Outcome<Vec<Known>> {
    let (groups, _) = client.list("groups", &Query::all(), 100_000)?;
    let text = |row: &Json, name: &str| row.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    let groups: BTreeMap<String, String> =
        groups.iter().map(|row| (text(row, "id"), text(row, "name"))).collect();
    let (rows, _) = client.list("policies", &Query::all(), 100_000)?;
    rows.iter()
        .map(|row| {
            let terms = row.get("terms").cloned().unwrap_or_default();
            let terms: PolicyTerms = serde_json::from_value(terms).map_err(|error| {
                Fault::failed(format!("The policy {} cannot be read: {error}.", text(row, "id")))
            })?;
            let named = |id: countersign_core::id::GroupId| {
                groups.get(&id.to_string()).cloned().unwrap_or_else(|| id.to_string())
            };
            let parameters = policy_parameters(&terms, &named);
            let parameters = parameters.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            Ok(Known { id: text(row, "id"), parameters })
        })
        .collect()
}
