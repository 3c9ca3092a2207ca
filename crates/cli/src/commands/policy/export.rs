//! `countersign policy export`, and the form of its file.

use std::collections::BTreeMap;

use countersign_client::{Client, Query};
use countersign_core::policy::{Approval, Approvers, Assurance, PolicyTerms, Requesters, Target};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

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
            Ok(Known { id: text(row, "id"), parameters: parameters(&terms, &groups)? })
        })
        .collect()
}

fn parameters(terms: &PolicyTerms, groups: &BTreeMap<String, String>) -> Outcome<BTreeMap<String, Json>> {
    let group =
        |id: &dyn std::fmt::Display| groups.get(&id.to_string()).cloned().unwrap_or_else(|| id.to_string());
    let mut all = BTreeMap::new();
    let mut put = |name: &str, value: Json| {
        all.insert(name.to_owned(), value);
    };
    match &terms.target {
        Target::Task(name) => put("Task", json!(name)),
        Target::Role(name) => put("Role", json!(name)),
        Target::RoleGroup(name) => put("RoleGroup", json!(name)),
    }
    match &terms.approval {
        Approval::Auto => put("ApprovalType", json!("Auto")),
        Approval::Manual { stages } => {
            put("ApprovalType", json!("Manual"));
            match stages.as_slice() {
                [stage] => {
                    if let Approvers::Group(id) = &stage.approvers {
                        put("ApproverGroup", json!(group(id)));
                    }
                    put("Approvers", json!(stage.seats));
                }
                stages => {
                    let stages: Option<Vec<String>> = stages
                        .iter()
                        .map(|stage| match &stage.approvers {
                            Approvers::Group(id) => Some(format!("{}:{}", group(id), stage.seats)),
                            Approvers::DefaultGroup => None,
                        })
                        .collect();
                    let stages = stages.ok_or_else(|| {
                        Fault::failed(format!("The policy for {} has several stages with the default group; it cannot be written.", terms.target))
                    })?;
                    put("Stages", json!(stages));
                }
            }
        }
    }
    match &terms.requesters {
        Requesters::ByRole => {}
        Requesters::Everyone => put("Everyone", json!(true)),
        Requesters::Group(id) => put("RequesterGroup", json!(group(id))),
    }
    if let Some(longest) = terms.limits.max_duration {
        put("MaximumDurationHours", json!(longest.as_secs() / 3600));
    }
    if let Some(uses) = terms.limits.max_uses {
        put("MaximumUses", json!(uses));
    }
    if terms.limits.parallel != 1 {
        put("Parallel", json!(terms.limits.parallel));
    }
    if !terms.bind.is_empty() {
        put("BindParameters", json!(terms.bind));
    }
    if let Some(ticket) = &terms.ticket {
        put("TicketPattern", json!(ticket));
    }
    if terms.assurance == Assurance::SecondFactor {
        put("MinimumAssurance", json!("SecondFactor"));
    }
    if let Some(fresh) = terms.freshness {
        put("FreshnessMinutes", json!(fresh.as_secs() / 60));
    }
    if !terms.windows.is_empty() {
        put("Windows", json!(json!(terms.windows).to_string()));
    }
    Ok(all)
}
