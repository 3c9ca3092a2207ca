//! Lists: the same for every noun.

use countersign_client::{Client, More, Query};
use serde_json::Value as Json;

use crate::app::App;
use crate::fault::{Fault, Outcome};
use crate::ui::Column;

/// Lists that come a page at a time.
const PAGED: [&str; 6] = ["requests", "authorizations", "executions", "people", "tokens", "audit/events"];

/// Options of every list.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ListArgs {
    /// The most rows to show
    #[arg(long, default_value_t = 200, value_name = "N")]
    pub(crate) limit: usize,
}

/// Shows a list. Says so when there is more.
pub(crate) fn show(app: &App, noun: &str, query: &Query, args: &ListArgs, columns: &[Column]) -> Outcome {
    let most = args.limit.max(1);
    // Lists that come from memory are whole and take no limit.
    let query = match PAGED.contains(&noun) {
        true => query.clone().with("limit", most.min(500).to_string()),
        false => query.clone(),
    };
    let (rows, more) = app.client()?.list(noun, &query, most)?;
    tell(app, columns, &rows, more);
    Ok(())
}

/// Shows a list that belongs to one object. Says so when there is more.
pub(crate) fn within(app: &App, place: [&str; 3], args: &ListArgs, columns: &[Column]) -> Outcome {
    let most = args.limit.max(1);
    let query = Query::all().with("limit", most.min(500).to_string());
    let (rows, more) = app.client()?.list_of(place, &query, most)?;
    tell(app, columns, &rows, more);
    Ok(())
}

fn tell(app: &App, columns: &[Column], rows: &[Json], more: More) {
    app.ui.rows(columns, rows);
    if more == More::Yes {
        app.ui.note(&format!("There are more than these {}.", rows.len()));
        app.ui.hint(Some("--limit shows more"));
    }
}

/// The one row of a list with this name.
pub(crate) fn named(client: &Client, noun: &str, name: &str) -> Outcome<Json> {
    let (rows, _) = client.list(noun, &Query::all(), 10_000)?;
    let found = rows.into_iter().find(|row| {
        row.get("name").and_then(Json::as_str).is_some_and(|known| known.eq_ignore_ascii_case(name))
    });
    found.ok_or_else(|| {
        let noun = noun.trim_end_matches('s');
        Fault::failed(format!("There is no {} `{name}`, or you may not know of it.", noun.replace('-', " ")))
            .hint(format!("countersign {noun} list"))
    })
}
