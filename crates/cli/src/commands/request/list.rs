//! `countersign request list`

use countersign_client::Query;

use crate::app::App;
use crate::fault::Outcome;
use crate::list::{self, ListArgs};

#[derive(Debug, clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Debug, Default, clap::Args)]
pub(crate) struct Filter {
    /// Only one's own
    #[arg(long)]
    pub(crate) mine: bool,
    /// Only those that wait for one's decision
    #[arg(long, conflicts_with = "mine")]
    pub(crate) to_decide: bool,
    /// Only those that stand so: pending, approved, denied, expired, cancelled
    #[arg(long, value_name = "STATUS")]
    pub(crate) status: Option<String>,
}

impl List {
    pub(super) fn run(self, app: &App) -> Outcome {
        show(app, &self.filter, &self.list)
    }
}

pub(crate) fn show(app: &App, filter: &Filter, args: &ListArgs) -> Outcome {
    let query = Query::all()
        .with_some("mine", filter.mine.then_some("true"))
        .with_some("to_decide", filter.to_decide.then_some("true"))
        .with_some("status", filter.status.as_deref().map(str::to_lowercase));
    let columns = [
        ("Number", "number"),
        ("Status", "status"),
        ("Requester", "requester/upn"),
        ("For account", "account/upn"),
        ("Type", "target/type"),
        ("Access to", "target/name"),
        ("Reason", "reason"),
        ("Created", "created"),
    ];
    list::show(app, "requests", &query, args, &columns)
}
