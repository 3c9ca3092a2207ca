//! `countersign role-group list`

use countersign_client::Query;

use crate::app::App;
use crate::fault::Outcome;
use crate::list::{self, ListArgs};

pub(super) fn run(app: &App, args: &ListArgs) -> Outcome {
    list::show(
        app,
        "role-groups",
        &Query::all(),
        args,
        &[("Role group", "name"), ("Roles", "roles"), ("Members", "members")],
    )
}
