//! Reading what was recorded is itself a task, and recorded: once per submitted filter. Paging or narrowing by the
//! same person within ten minutes adds nothing (G20), as long as the ground of the first reading still stands.

use std::collections::BTreeMap;

use countersign_core::command::{Command, Execute};
use countersign_core::decide::Reply;
use countersign_core::gate;
use countersign_core::id::{ExecutionId, PersonId, RequestNumber, TokenId};
use countersign_core::name::TaskName;
use countersign_core::parameter::Given;
use countersign_core::state::State;
use countersign_core::time::{Instant, Span};
use countersign_core::view::Column as _;
use countersign_core::view::rows::execution;
use countersign_store::{EventFilter, get};
use serde_json::Value as Json;

use crate::app::App;
use crate::problem::{Problem, Result};
use crate::viewer::{Means, Viewer};

/// How long a reading stays open.
const OPEN: Span = Span::from_mins(10);
/// Readings remembered of one person and task.
const REMEMBERED: usize = 20;
/// Longest filter in the ledger, as the tasks' own parameter says.
const MAX_FILTER: usize = 2_000;

/// Readings that are open, by who opened them: a token has less than its owner, so what the owner opened is not its own.
#[derive(Debug, Default)]
pub(crate) struct Grants(BTreeMap<(Reader, &'static str), Vec<Open>>);

/// A person, in sessions or with one of their tokens.
type Reader = (PersonId, Option<TokenId>);

#[derive(Debug)]
struct Open {
    filter: EventFilter,
    at: Instant,
    ground: Ground,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ground {
    Role,
    Authorization(RequestNumber),
    /// One that is judged anew each time.
    Other,
}

impl Grants {
    fn covers(
        &mut self,
        state: &State,
        reader: Reader,
        task: &'static str,
        asked: &EventFilter,
        now: Instant,
    ) -> bool {
        let Some(open) = self.0.get_mut(&(reader, task)) else { return false };
        open.retain(|open| now.since(open.at) < OPEN && stands(state, reader.0, task, open.ground, now));
        open.iter().any(|open| narrows(asked, &open.filter))
    }

    fn open(&mut self, reader: Reader, task: &'static str, open: Open) {
        let all = self.0.entry((reader, task)).or_default();
        if all.len() >= REMEMBERED {
            all.remove(0);
        }
        all.push(open);
    }
}

fn stands(state: &State, person: PersonId, task: &str, ground: Ground, now: Instant) -> bool {
    let Ok(name) = full(task) else { return false };
    match ground {
        Ground::Role => {
            state.catalog.role_for(&state.directory, &name, person).is_some()
                && !gate::is_protected(state, &name, now)
        }
        Ground::Authorization(number) => {
            state.authorizations.get(&number).is_some_and(|live| now < live.until)
        }
        Ground::Other => false,
    }
}

fn reader(viewer: &Viewer) -> Reader {
    let token = match &viewer.means {
        Means::Session(_) => None,
        Means::Token(token) => Some(*token),
    };
    (viewer.person, token)
}

/// Whether everything that `asked` finds is found by `open`.
fn narrows(asked: &EventFilter, open: &EventFilter) -> bool {
    let words = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    let (more, fewer) = (words(&asked.text), words(&open.text));
    fn same<T: PartialEq>(asked: &Option<T>, open: &Option<T>) -> bool {
        open.is_none() || asked == open
    }
    fewer.iter().all(|word| more.contains(word))
        && same(&asked.person, &open.person)
        && same(&asked.subject, &open.subject)
        && same(&asked.task, &open.task)
        && same(&asked.workload, &open.workload)
        && same(&asked.outcome, &open.outcome)
        && same(&asked.code, &open.code)
        && (open.kinds.is_empty()
            || (!asked.kinds.is_empty() && asked.kinds.iter().all(|kind| open.kinds.contains(kind))))
        && same(&asked.policy, &open.policy)
        && same(&asked.execution, &open.execution)
        && same(&asked.request, &open.request)
        && open.from.is_none_or(|open| asked.from.is_some_and(|asked| asked >= open))
        && open.until.is_none_or(|open| asked.until.is_some_and(|asked| asked <= open))
}

fn full(task: &str) -> Result<TaskName> {
    format!("Countersign\\{task}").parse().map_err(Problem::internal)
}

/// Opens the audit log for a filter: runs the reading task through the gate, which is the record of it, unless an open
/// reading covers it.
pub(crate) async fn audit(
    app: &App,
    viewer: &Viewer,
    task: &'static str,
    filter: &EventFilter,
) -> Result<()> {
    let (now, reader) = (app.now(), reader(viewer));
    if app.grants().covers(&app.state(), reader, task, filter, now) {
        return Ok(());
    }
    let text = serde_json::to_string(filter).map_err(Problem::internal)?;
    if text.len() > MAX_FILTER {
        return Err(Problem::invalid("The filter is too long."));
    }
    let mut values = serde_json::Map::new();
    if *filter != EventFilter::default() {
        values.insert("Filter".to_owned(), Json::from(text.as_str()));
    }
    let execution = run(app, viewer, task, values).await?;
    let row = app.read(move |reader| Ok(get::<execution::Row>(reader, &[execution.to_cell()])?)).await?;
    let ground = match row.map(|row| (row.basis, row.number)) {
        Some((_, Some(number))) => Ground::Authorization(number),
        Some((basis, None)) if basis == "role" => Ground::Role,
        _ => Ground::Other,
    };
    app.grants().open(reader, task, Open { filter: filter.clone(), at: now, ground });
    Ok(())
}

/// Opens the output of somebody's execution: each time anew.
pub(crate) async fn output(app: &App, viewer: &Viewer, execution: ExecutionId) -> Result<()> {
    let values = serde_json::Map::from_iter([("Identity".to_owned(), Json::from(execution.to_string()))]);
    run(app, viewer, "Get-ExecutionOutput", values).await?;
    Ok(())
}

async fn run(
    app: &App,
    viewer: &Viewer,
    task: &str,
    values: serde_json::Map<String, Json>,
) -> Result<ExecutionId> {
    let values = Given::read(values).map_err(|_| Problem::invalid("The filter is malformed."))?;
    let command = Command::Execute(Execute { task: full(task)?, values, cite: None, secret: None });
    match app.carry_out(viewer.principal(), command).await? {
        Reply::Ran { execution, .. } => Ok(execution),
        other => Err(Problem::internal(format!("a reading task answered {other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(text: &str) -> EventFilter {
        EventFilter { text: text.to_owned(), ..EventFilter::default() }
    }

    #[test]
    fn g20_narrowing_is_covered_and_widening_is_not() {
        let all = EventFilter::default();
        let disk = filter("disk");
        let by_day = EventFilter { from: Some(Instant::from_micros(5)), ..disk.clone() };
        assert!(narrows(&disk, &all) && narrows(&by_day, &disk) && narrows(&disk, &disk));
        assert!(!narrows(&all, &disk) && !narrows(&disk, &by_day) && !narrows(&filter("tape"), &disk));
        assert!(narrows(&filter("Full DISK"), &disk));
        let kinds = |kinds: &[&str]| EventFilter {
            kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            ..EventFilter::default()
        };
        assert!(narrows(&kinds(&["A"]), &kinds(&["A", "B"])));
        assert!(!narrows(&kinds(&["A", "B"]), &kinds(&["A"])) && !narrows(&all, &kinds(&["A"])));
        let earlier = EventFilter { from: Some(Instant::from_micros(4)), ..disk };
        assert!(!narrows(&earlier, &by_day));
    }
}
