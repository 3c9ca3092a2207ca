//! Executing what is prepared, to the end of the transaction.

use countersign_runspace::Stream;
use countersign_runspace::definition::{PostgresqlDefinition, TransactionMode};
use fallible_iterator::FallibleIterator as _;
use postgres_protocol::message::backend::{DataRowBody, Message};
use postgres_protocol::message::frontend;

use super::prepare::{Ready, put_bind};
use super::preview::{End, Work};
use super::render::{Cells, Rows};
use super::wire::{Wire, WireError};
use crate::work::{Job, Stage};

/// Why the statements did not all succeed. Before COMMIT was sent, all of these mean that nothing remains.
pub(super) enum Unfinished {
    Wire(WireError),
    /// More rows than the definition allows.
    TooManyAffected(u64),
    /// A stop was asked for between two statements.
    Asked,
    /// COMMIT was sent; the answer says or shows no end.
    CommitUnanswered,
}

impl From<WireError> for Unfinished {
    fn from(error: WireError) -> Self {
        Self::Wire(error)
    }
}

impl From<std::io::Error> for Unfinished {
    fn from(error: std::io::Error) -> Self {
        Self::Wire(error.into())
    }
}

/// Executes all statements and ends their transaction.
pub(super) async fn execute(
    wire: &mut Wire,
    work: &Work,
    ready: Vec<Ready>,
    job: &Job,
) -> Result<(), Unfinished> {
    let definition = &work.definition;
    if definition.transaction == TransactionMode::None {
        job.reach(Stage::Irrevocable);
    }
    for statement in ready {
        if job.stop.now().is_some() {
            return Err(Unfinished::Asked);
        }
        one(wire, definition, statement, job).await?;
    }
    if definition.transaction == TransactionMode::One {
        if job.stop.now().is_some() {
            return Err(Unfinished::Asked);
        }
        match work.end {
            End::Commit => commit(wire, job).await?,
            End::Rollback => roll_back(wire).await?,
        }
    }
    work.notes.iter().for_each(|note| job.out.note(note));
    Ok(())
}

async fn one(
    wire: &mut Wire,
    definition: &PostgresqlDefinition,
    statement: Ready,
    job: &Job,
) -> Result<(), Unfinished> {
    put_bind(&statement.name, statement.values, &mut wire.output)?;
    // One more than is shown, to know whether there are more.
    let limit = i32::try_from(definition.max_rows).unwrap_or(i32::MAX).saturating_add(1);
    frontend::execute("", limit, &mut wire.output)?;
    frontend::sync(&mut wire.output);
    wire.flush().await?;
    let gives_rows = !statement.columns.is_empty();
    let (mut rows, heading) = Rows::begin(definition.output, statement.columns, job.out.left());
    let mut count = 0_u64;
    if gives_rows {
        job.out.write(Stream::Stdout, heading.as_bytes());
    }
    loop {
        match wire.next().await? {
            Message::DataRow(row) => {
                count += 1;
                if count <= u64::from(definition.max_rows) {
                    job.out.write(Stream::Stdout, rows.row(cells(&row)?).as_bytes());
                }
            }
            Message::CommandComplete(body) => {
                let tag = body.tag()?.to_owned();
                let affected = tag.rsplit(' ').next().and_then(|number| number.parse().ok());
                let affected = affected.unwrap_or(0).max(count);
                finish(wire, job, rows, gives_rows, &tag).await?;
                return within(affected, statement.max_affected);
            }
            Message::PortalSuspended => {
                let tag = format!("SELECT {}", definition.max_rows);
                finish(wire, job, rows, gives_rows, &tag).await?;
                job.out.note(&format!("note: more than {} rows; the rest is left out", definition.max_rows));
                return within(count, statement.max_affected);
            }
            Message::EmptyQueryResponse => {
                finish(wire, job, rows, gives_rows, "").await?;
                return Ok(());
            }
            Message::BindComplete => {}
            _ => return Err(WireError::Unexpected("something else than rows").into()),
        }
    }
}

async fn finish(
    wire: &mut Wire,
    job: &Job,
    rows: Rows,
    gives_rows: bool,
    tag: &str,
) -> Result<(), Unfinished> {
    let text = if gives_rows { rows.end() } else { format!("{tag}\n") };
    // A tag is no row: programs that read rows find it beside them.
    let stream = if gives_rows { Stream::Stdout } else { Stream::Stderr };
    job.out.write(stream, text.as_bytes());
    for notice in std::mem::take(&mut wire.notices) {
        job.out.note(&format!("{}: {}", notice.severity.to_lowercase(), notice.message));
    }
    wire.until_ready().await?;
    Ok(())
}

fn within(affected: u64, most: Option<u64>) -> Result<(), Unfinished> {
    match most {
        Some(most) if affected > most => Err(Unfinished::TooManyAffected(affected)),
        _ => Ok(()),
    }
}

/// COMMIT is never sent, so whatever is lost on the way, nothing remains.
async fn roll_back(wire: &mut Wire) -> Result<(), Unfinished> {
    frontend::query("SET CONSTRAINTS ALL IMMEDIATE", &mut wire.output)?;
    frontend::query("ROLLBACK", &mut wire.output)?;
    wire.flush().await?;
    let constraints = wire.until_ready().await;
    let rolled_back = wire.until_ready().await;
    Ok(constraints.and(rolled_back)?)
}

async fn commit(wire: &mut Wire, job: &Job) -> Result<(), Unfinished> {
    frontend::query("COMMIT", &mut wire.output)?;
    job.reach(Stage::Irrevocable);
    if wire.flush().await.is_err() {
        return Err(Unfinished::CommitUnanswered);
    }
    loop {
        match wire.next().await {
            Ok(Message::CommandComplete(body)) => {
                // A transaction that had failed answers COMMIT with ROLLBACK.
                let committed = body.tag().is_ok_and(|tag| tag == "COMMIT");
                if !committed {
                    return Err(WireError::Unexpected("ROLLBACK to COMMIT").into());
                }
                // It is done; whether the connection outlives it matters to nobody but the pool.
                let _ = wire.until_ready().await;
                return Ok(());
            }
            Ok(_) => {}
            Err(WireError::Server(said)) if !said.is_fatal() => {
                // A deferred constraint, a serialization failure: the server says that nothing remains.
                job.reach(Stage::Working);
                return Err(WireError::Server(said).into());
            }
            Err(_) => return Err(Unfinished::CommitUnanswered),
        }
    }
}

fn cells(row: &DataRowBody) -> Result<Cells, std::io::Error> {
    let buffer = row.buffer();
    let text = |range: Option<std::ops::Range<usize>>| {
        Ok(range.map(|range| String::from_utf8_lossy(buffer.get(range).unwrap_or_default()).into_owned()))
    };
    row.ranges().map(text).collect()
}
