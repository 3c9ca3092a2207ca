//! `countersign request again`

use std::collections::BTreeMap;

use countersign_client::requests::{NewRequest, Target, TargetKind};
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::fault::{Fault, Outcome};
use crate::ui::seconds;

#[derive(Debug, clap::Args)]
pub(crate) struct Again {
    /// The request to send again, such as R-1042
    number: String,
    /// Another reason
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Another length of time
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    duration: Option<u64>,
    /// Wait for the decision
    #[arg(long)]
    wait: bool,
}

impl Again {
    pub(super) fn run(self, app: &App) -> Outcome {
        let old = app.client()?.request(&self.number)?;
        let mut request = like(&old)?;
        request.reason = self.reason.unwrap_or(request.reason);
        request.duration_secs = self.duration.or(request.duration_secs);
        super::new::send(app, &request, self.wait)
    }
}

/// A request as an earlier one was. Its start is left out: it lies in the past.
pub(super) fn like(old: &Json) -> Outcome<NewRequest> {
    let text = |place: &str| old.pointer(place).and_then(Json::as_str).map(str::to_owned);
    let missing = || Fault::failed("What was asked is no longer known.");
    let kind = match text("/target/type").ok_or_else(missing)?.to_lowercase().replace([' ', '_'], "").as_str()
    {
        "task" => TargetKind::Task,
        "role" => TargetKind::Role,
        "rolegroup" => TargetKind::RoleGroup,
        other => return Err(Fault::failed(format!("`{other}` cannot be asked for by this program."))),
    };
    Ok(NewRequest {
        account: text("/account/id"),
        target: Target { kind, name: text("/target/name").ok_or_else(missing)? },
        role: text("/role"),
        constraints: constraints(old),
        reason: text("/reason").unwrap_or_default(),
        ticket: text("/ticket"),
        duration_secs: old.get("duration_secs").and_then(Json::as_u64),
        start: None,
        uses: old.get("uses").and_then(Json::as_u64).and_then(|uses| u32::try_from(uses).ok()),
        extends: None,
    })
}

/// Its limits in the form that requests are written in. They stand in the statement.
fn constraints(old: &Json) -> BTreeMap<String, Json> {
    let statement = old.get("statement_text").and_then(Json::as_str);
    let statement: Json = statement.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let given = statement.get("constraints").and_then(Json::as_object).cloned().unwrap_or_default();
    given.into_iter().map(|(name, form)| (name, bare(form))).collect()
}

/// Canonical values name their kind, `{"integer":5}`; requests write them bare.
fn bare(form: Json) -> Json {
    let Some((word, value)) = form.as_object().and_then(|form| form.iter().next()) else { return form };
    let value = match (word.as_str(), value) {
        ("equals", value) => plain(value),
        ("one_of", Json::Array(values)) => values.iter().map(plain).collect(),
        ("range", Json::Object(ends)) => {
            ends.iter().map(|(end, value)| (end.clone(), plain(value))).collect()
        }
        (_, value) => value.clone(),
    };
    json!({ word.as_str(): value })
}

fn plain(value: &Json) -> Json {
    const KINDS: [&str; 13] = [
        "string", "integer", "decimal", "boolean", "choice", "list", "table", "guid", "size", "duration",
        "instant", "address", "file",
    ];
    let Some(object) = value.as_object().filter(|object| object.len() == 1) else { return value.clone() };
    match object.iter().next() {
        Some((kind, Json::Array(items))) if kind == "list" => items.iter().map(plain).collect(),
        Some((kind, inner)) if kind == "identity" => inner.get("id").cloned().unwrap_or_default(),
        Some((kind, inner)) if KINDS.contains(&kind.as_str()) => inner.clone(),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_sent_again_as_it_was() {
        let old = json!({
            "target": {"type": "Task", "name": "Host\\Get-DiskUsage"}, "reason": "full", "duration_secs": 60,
            "statement_text": r#"{"constraints":{"Path":{"equals":{"string":"/var"}},"N":{"range":{"min":{"integer":1}}},"Any":"any"}}"#,
        });
        let new = like(&old).unwrap();
        assert_eq!(new.target.name, "Host\\Get-DiskUsage");
        assert_eq!(new.constraints["Path"], json!({"equals": "/var"}));
        assert_eq!(new.constraints["N"], json!({"range": {"min": 1}}));
        assert_eq!(new.constraints["Any"], json!("any"));
        assert_eq!(new.duration_secs, Some(60));
        assert!(like(&json!({})).is_err());
    }
}
