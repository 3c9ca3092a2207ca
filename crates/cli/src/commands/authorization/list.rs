//! `countersign authorization list`

use countersign_client::Query;

use crate::app::App;
use crate::fault::Outcome;
use crate::list::{self, ListArgs};

#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Only one's own
    #[arg(long)]
    mine: bool,
    #[command(flatten)]
    list: ListArgs,
}

impl List {
    pub(super) fn run(self, app: &App) -> Outcome {
        show(app, self.mine, &self.list)
    }
}

pub(crate) fn show(app: &App, mine: bool, args: &ListArgs) -> Outcome {
    let columns = [
        ("Number", "number"),
        ("Status", "status"),
        ("Requester", "requester/upn"),
        ("Type", "target/type"),
        ("Access to", "target/name"),
        ("Until", "until"),
        ("Used", "used"),
    ];
    list::show(app, "authorizations", &Query::all().with_some("mine", mine.then_some("true")), args, &columns)
}
