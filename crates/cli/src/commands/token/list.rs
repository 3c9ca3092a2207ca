//! `countersign token list`

use countersign_client::Query;

use crate::app::App;
use crate::fault::Outcome;
use crate::list::{self, ListArgs};

pub(super) fn run(app: &App, args: &ListArgs) -> Outcome {
    let columns = [
        ("Id", "id"),
        ("Label", "label"),
        ("Scopes", "scopes"),
        ("Until", "until|expires"),
        ("Revoked", "revoked"),
    ];
    list::show(app, "tokens", &Query::all(), args, &columns)
}
