//! `countersign task show`

use std::fmt::Write as _;

use countersign_core::parameter::{Binding, ParameterSpec};
use serde_json::Value as Json;

use crate::app::App;
use crate::fault::Outcome;
use crate::ui::{Format, Table};
use crate::values::split;

#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// The task: `Workload\Task`
    task: String,
}

impl Show {
    pub(super) fn run(self, app: &App) -> Outcome {
        let (workload, name) = split(&self.task)?;
        let task = app.client()?.task(workload, name)?;
        if app.ui.format == Format::Json {
            app.ui.json(&task);
            return Ok(());
        }
        let text = |place: &str| task.pointer(place).and_then(Json::as_str).unwrap_or_default();
        let yes = |place: &str| task.pointer(place).and_then(Json::as_bool).unwrap_or_default();
        app.ui.out(&format!("{}\n{}", text("/name"), text("/title")));
        if !text("/description").is_empty() {
            app.ui.out(text("/description"));
        }
        app.ui.out(&format!(
            "\nversion {}, digest {}",
            task.get("version").unwrap_or(&Json::Null),
            text("/digest")
        ));
        let governed = match (yes("/protected"), yes("/control_plane")) {
            (true, true) => "protected (control plane)",
            (true, false) => "protected: it needs an authorization",
            (false, _) => "not protected: holders of a role run it",
        };
        app.ui.out(governed);
        for policy in task.get("policies").and_then(Json::as_array).into_iter().flatten() {
            let title = policy.get("title").and_then(Json::as_str).unwrap_or_default();
            app.ui.out(&format!("\n{title}:"));
            for clause in
                policy.get("words").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str)
            {
                app.ui.out(&format!("  {clause}"));
            }
        }
        let parameters = task.get("parameters").cloned().unwrap_or_default();
        let parameters: Vec<ParameterSpec> = serde_json::from_value(parameters).unwrap_or_default();
        if parameters.is_empty() {
            app.ui.out("\nIt takes no parameters.");
            return Ok(());
        }
        app.ui.out("");
        app.ui.data(
            Table::of(&COLUMNS, &parameters.iter().map(row).collect::<Vec<_>>()).to_string().as_bytes(),
        );
        Ok(())
    }
}

const COLUMNS: [(&str, &str); 5] = [
    ("Parameter", "name"),
    ("Kind", "kind"),
    ("Needed", "needed"),
    ("In a request", "binding"),
    ("What", "title"),
];

fn row(spec: &ParameterSpec) -> Json {
    let kind = serde_json::to_value(&spec.kind).unwrap_or_default();
    let mut words = kind.get("type").and_then(Json::as_str).unwrap_or_default().replace('_', " ");
    if let Some(options) = kind.get("options").and_then(Json::as_array) {
        let options: Vec<&str> = options.iter().filter_map(Json::as_str).collect();
        let _ = write!(words, ": {}", options.join(" | "));
    }
    let binding = match spec.binding {
        Binding::Always => "bound always",
        Binding::Policy => "bound if the policy says so",
        Binding::Free => "free: ANY VALUE",
    };
    let needed = match (&spec.required, &spec.default) {
        (true, None) => "yes".to_owned(),
        (_, Some(default)) => format!("default {}", default.to_json()),
        (false, None) => "no".to_owned(),
    };
    serde_json::json!({ "name": spec.name, "kind": words, "needed": needed, "binding": binding, "title": spec.title })
}
