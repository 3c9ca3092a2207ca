//! `countersign execution list`

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
        let columns = [
            ("Id", "id"),
            ("Task", "task"),
            ("Person", "person/upn"),
            ("Status", "status"),
            ("Exit", "exit"),
            ("Under", "basis/number|basis/role|basis/kind"),
            ("Started", "started"),
        ];
        let query = Query::all().with_some("mine", self.mine.then_some("true"));
        list::show(app, "executions", &query, &self.list, &columns)
    }
}
