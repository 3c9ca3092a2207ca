//! `countersign request preview`

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::app::App;
use crate::fault::Outcome;
use crate::follow;
use crate::ui::instant;
use crate::values::{self, Definition};

#[derive(Debug, clap::Args)]
pub(crate) struct Preview {
    /// The request, such as R-1042
    number: String,
    /// A value, for who may run it now: Name=value
    #[arg(short, long = "parameter", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// Show the newest one that was made, and make none
    #[arg(long, conflicts_with = "parameters")]
    last: bool,
}

impl Preview {
    pub(super) fn run(self, app: &App) -> Outcome {
        let client = app.client()?;
        let (request, statement) = super::statement(&client, &self.number, None)?;
        let text = |place: &str| request.pointer(place).and_then(Json::as_str);
        if self.last {
            let Some(execution) = text("/preview/latest/execution") else {
                app.ui.note("No preview of it was made yet.");
                return Ok(());
            };
            app.ui.note(&made(&request));
            return follow::follow(app, &client, execution);
        }
        let values = match text("/target/name").filter(|_| !self.parameters.is_empty()) {
            Some(task) => {
                Definition::fetch(&client, task)?.values(&client, &values::given(&self.parameters)?)?
            }
            None => BTreeMap::new(),
        };
        let started = client.preview(&self.number, &statement, &values)?;
        follow::follow(app, &client, &started.execution)
    }
}

/// How old a preview is, and whether it still shows what is asked.
pub(super) fn made(request: &Json) -> String {
    let at = |name: &str| request.pointer(&format!("/preview/latest/{name}"));
    let text = |name: &str| at(name).and_then(Json::as_str).unwrap_or_default();
    let by = request.pointer("/preview/latest/by/upn").and_then(Json::as_str).unwrap_or_default();
    let now = if at("current").and_then(Json::as_bool) == Some(true) {
        ""
    } else {
        "; the request says something else since"
    };
    format!("{} ({}, by {by}){now}", instant(text("started")).unwrap_or_default(), text("status"))
}
