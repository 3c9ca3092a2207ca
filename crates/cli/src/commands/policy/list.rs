//! `countersign policy list`

use countersign_client::Query;

use crate::app::App;
use crate::fault::Outcome;
use crate::list::{self, ListArgs};

pub(crate) fn show(app: &App, args: &ListArgs) -> Outcome {
    let columns = [
        ("Id", "id"),
        ("Type", "target/type|target_kind"),
        ("Target", "target/name|target"),
        ("Version", "version"),
        ("Words", "words"),
    ];
    list::show(app, "policies", &Query::all(), args, &columns)
}
