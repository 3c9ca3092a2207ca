//! `countersign explain`

use serde_json::json;

use crate::app::App;
use crate::fault::Outcome;
use crate::values::{self, Definition};

#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// The task: `Workload\Task`
    task: String,
    /// A parameter; the same name again adds to a list
    #[arg(short, long = "parameter", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
}

impl Explain {
    pub(crate) fn run(self, app: &App) -> Outcome {
        let client = app.client()?;
        let definition = Definition::fetch(&client, &self.task)?;
        let values = definition.values(&client, &values::given(&self.parameters)?)?;
        app.ui.object(&client.explain(&definition.name, &json!(values))?);
        Ok(())
    }
}
