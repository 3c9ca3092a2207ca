//! `countersign policy apply`

use std::collections::BTreeMap;
use std::path::PathBuf;

use countersign_core::parameter::read_duration;
use countersign_core::policy::{Rate, WeeklyWindow};
use serde_json::{Value as Json, json};

use super::export::{Known, Policies, known};
use crate::act;
use crate::app::App;
use crate::fault::{Fault, Outcome};
use crate::raise::RaiseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Apply {
    /// The file
    file: PathBuf,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Also remove policies that the file does not have
    #[arg(long)]
    remove_others: bool,
    #[command(flatten)]
    raise: RaiseArgs,
}

const TARGETS: [&str; 3] = ["Task", "Role", "RoleGroup"];

enum Step {
    New(BTreeMap<String, Json>),
    Set(String, BTreeMap<String, Json>),
    Remove(String),
}

impl Apply {
    pub(super) fn run(self, app: &App) -> Outcome {
        let text = std::fs::read_to_string(&self.file)
            .map_err(|error| Fault::failed(format!("{}: {error}.", self.file.display())))?;
        let wanted: Policies = toml::from_str(&text)
            .map_err(|error| Fault::usage(format!("{}: {error}", self.file.display())))?;
        let known = known(&app.client()?)?;
        let steps = steps(app, &wanted, &known, self.remove_others)?;
        if steps.is_empty() {
            app.ui.note("Nothing changes.");
        }
        if self.dry_run {
            return Ok(());
        }
        for step in steps {
            let (task, values) = match step {
                Step::New(values) => ("New-ElevatedAccessApprovalPolicy", values),
                Step::Set(id, mut values) => {
                    TARGETS.iter().for_each(|name| drop(values.remove(*name)));
                    values.insert("Identity".to_owned(), id.into());
                    ("Set-ElevatedAccessApprovalPolicy", values)
                }
                Step::Remove(id) => (
                    "Remove-ElevatedAccessApprovalPolicy",
                    BTreeMap::from([("Identity".to_owned(), id.into())]),
                ),
            };
            act::own(app, task, &act::Parameters::of_json(values), &self.raise, "Done.")?;
        }
        Ok(())
    }
}

/// The same with exact lengths of time in one spelling, as the server's are written: what is meant alike is no change.
fn exact(written: &BTreeMap<String, Json>) -> Outcome<BTreeMap<String, Json>> {
    let mut values = written.clone();
    for (counted, exact, unit) in
        [("MaximumDurationHours", "MaximumDuration", 3_600), ("FreshnessMinutes", "Freshness", 60)]
    {
        if let Some(count) = values.get(counted).and_then(Json::as_u64)
            && !values.contains_key(exact)
        {
            values.remove(counted);
            values.insert(exact.to_owned(), format!("{}s", count.saturating_mul(unit)).into());
        }
        if let Some(text) = values.get(exact).and_then(Json::as_str) {
            let span = read_duration(text).ok_or_else(|| {
                Fault::usage(format!("{exact}: `{text}` is no length of time such as `90m`."))
            })?;
            values.insert(exact.to_owned(), format!("{}s", span.as_secs()).into());
        }
    }
    if let Some(text) = values.get("Rate").and_then(Json::as_str) {
        let rate: Rate = text.parse().map_err(|error| Fault::usage(format!("Rate: {error}.")))?;
        values.insert("Rate".to_owned(), rate.to_string().into());
    }
    if let Some(text) = values.get("Windows").and_then(Json::as_str) {
        let windows: Vec<WeeklyWindow> =
            serde_json::from_str(text).map_err(|error| Fault::usage(format!("Windows: {error}.")))?;
        values.insert("Windows".to_owned(), json!(windows).to_string().into());
    }
    Ok(values)
}

fn target(values: &BTreeMap<String, Json>) -> Option<(&'static str, String)> {
    TARGETS.iter().find_map(|kind| Some((*kind, values.get(*kind)?.as_str()?.to_lowercase())))
}

/// What there is to do, told as it is found.
fn steps(app: &App, wanted: &Policies, known: &[Known], remove_others: bool) -> Outcome<Vec<Step>> {
    let mut steps = Vec::new();
    let mut named = Vec::new();
    for written in &wanted.policies {
        let values = &exact(written)?;
        let target = target(values)
            .ok_or_else(|| Fault::usage("A policy of the file names no Task, Role or RoleGroup."))?;
        if named.contains(&target) {
            return Err(Fault::usage(format!(
                "The file has two policies for the {} `{}`.",
                target.0, target.1
            )));
        }
        let found = known.iter().find(|known| self::target(&known.parameters).as_ref() == Some(&target));
        match found {
            None => {
                app.ui.out(&format!("+ {} {}", target.0, target.1));
                steps.push(Step::New(values.clone()));
            }
            Some(found) => {
                let changed = changes(&found.parameters, values);
                if !changed.is_empty() {
                    app.ui.out(&format!("~ {} {}", target.0, target.1));
                    changed.iter().for_each(|line| app.ui.out(&format!("    {line}")));
                    steps.push(Step::Set(found.id.clone(), values.clone()));
                }
            }
        }
        named.push(target);
    }
    for other in known {
        let Some(target) = target(&other.parameters).filter(|target| !named.contains(target)) else {
            continue;
        };
        if remove_others {
            app.ui.out(&format!("- {} {}", target.0, target.1));
            steps.push(Step::Remove(other.id.clone()));
        }
    }
    Ok(steps)
}

fn changes(before: &BTreeMap<String, Json>, after: &BTreeMap<String, Json>) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let text = |value: Option<&Json>| value.map_or_else(|| "(none)".to_owned(), Json::to_string);
    names
        .into_iter()
        .filter(|name| !TARGETS.contains(&name.as_str()) && before.get(*name) != after.get(*name))
        .map(|name| format!("{name}: {} → {}", text(before.get(name)), text(after.get(name))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_meant_alike_is_no_change() {
        let values = |json: Json| serde_json::from_value::<BTreeMap<String, Json>>(json).unwrap();
        let windows = r#"[ {"days":["mon"],"zone":"UTC","from":"08:00","until":"18:00"} ]"#;
        let written = values(json!({
            "Task": "A\\B", "MaximumDurationHours": 4, "Freshness": "15m", "Rate": "10/1d", "Windows": windows,
        }));
        let server = values(json!({
            "Task": "A\\B", "MaximumDuration": "14400s", "Freshness": "900s", "Rate": "10/86400s",
            "Windows": r#"[{"days":["mon"],"from":"08:00","until":"18:00","zone":"UTC"}]"#,
        }));
        assert_eq!(changes(&server, &exact(&written).unwrap()), Vec::<String>::new());
        for (name, bad) in [("Rate", "10"), ("Freshness", "15"), ("Windows", "mon")] {
            assert!(exact(&values(json!({name: bad}))).is_err(), "{name}");
        }
    }
}
