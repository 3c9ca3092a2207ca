//! `countersign group list`

use countersign_client::Query;

use crate::app::App;
use crate::fault::Outcome;
use crate::list::{self, ListArgs};

pub(super) fn run(app: &App, args: &ListArgs) -> Outcome {
    let columns =
        [("Id", "id"), ("Name", "name"), ("Mail", "mail"), ("People", "people"), ("Members", "members")];
    list::show(app, "groups", &Query::all(), args, &columns)
}
