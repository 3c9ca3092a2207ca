//! `countersign role list`

use countersign_client::Query;

use crate::app::App;
use crate::fault::Outcome;
use crate::list::{self, ListArgs};

pub(super) fn run(app: &App, args: &ListArgs) -> Outcome {
    list::show(
        app,
        "roles",
        &Query::all(),
        args,
        &[("Role", "name"), ("Version", "version"), ("Tasks", "tasks")],
    )
}
