//! The audit log.

mod export;
pub(crate) mod search;

use countersign_client::Query;

use crate::app::App;
use crate::fault::Outcome;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Search; the search itself is recorded
    Search(search::Search),
    /// Write all matching events to standard output, without a cap
    Export(export::Export),
}

impl Command {
    pub(crate) fn run(self, app: &App) -> Outcome {
        match self {
            Self::Search(search) => search.run(app),
            Self::Export(export) => export.run(app),
        }
    }
}

/// Which events; all that is given must hold.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Filter {
    /// Words, `prefix*`, `name=value`, R-1042; all must be found
    pub(crate) text: Vec<String>,
    /// Of this task
    #[arg(long, value_name = "TASK")]
    pub(crate) task: Option<String>,
    /// By this person: sign-in name or id
    #[arg(long, value_name = "PERSON")]
    pub(crate) person: Option<String>,
    /// Of this kind; again for several
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Vec<String>,
    /// With this outcome
    #[arg(long, value_name = "OUTCOME")]
    pub(crate) outcome: Option<String>,
    /// Of this request
    #[arg(long, value_name = "R-NUMBER")]
    pub(crate) request: Option<String>,
    /// Not before this instant (RFC 3339)
    #[arg(long, value_name = "INSTANT")]
    pub(crate) from: Option<String>,
    /// Before this instant (RFC 3339)
    #[arg(long, value_name = "INSTANT")]
    pub(crate) to: Option<String>,
}

impl Filter {
    fn query(&self, app: &App) -> Outcome<Query> {
        let person = match &self.person {
            Some(person) => Some(crate::resolve::person(&app.client()?, person)?),
            None => None,
        };
        let kinds = (!self.kind.is_empty()).then(|| self.kind.join(","));
        let text = (!self.text.is_empty()).then(|| self.text.join(" "));
        Ok(Query::all()
            .with_some("text", text)
            .with_some("task", self.task.as_deref())
            .with_some("person", person)
            .with_some("kind", kinds)
            .with_some("outcome", self.outcome.as_deref())
            .with_some("request", self.request.as_deref())
            .with_some("from", self.from.as_deref())
            .with_some("to", self.to.as_deref()))
    }
}
