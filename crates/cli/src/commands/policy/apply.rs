//! `countersign policy apply`

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value as Json;

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

fn target(values: &BTreeMap<String, Json>) -> Option<(&'static str, String)> {
    TARGETS.iter().find_map(|kind| Some((*kind, values.get(*kind)?.as_str()?.to_lowercase())))
}

/// What there is to do, told as it is found.
fn steps(app: &App, wanted: &Policies, known: &[Known], remove_others: bool) -> Outcome<Vec<Step>> {
    let mut steps = Vec::new();
    let mut named = Vec::new();
    for values in &wanted.policies {
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
