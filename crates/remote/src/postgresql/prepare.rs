//! A transaction with its settings, and the statements parsed in it by the target. Nothing of the task ran yet.

use countersign_runspace::definition::{Access, PostgresqlDefinition, TransactionMode};
use countersign_runspace::{Purpose, Refusal, WorkOrder};
use fallible_iterator::FallibleIterator as _;
use postgres_protocol::IsNull;
use postgres_protocol::message::backend::Message;
use postgres_protocol::message::frontend;

use super::bind::{Sent, bind};
use super::render::Column;
use super::wire::{Wire, WireError};
use crate::work::Job;

/// The server ends a transaction in which nothing happens for so long: the runner is gone then.
const IDLE: &str = "30000";

/// A statement that only waits to be executed.
pub(super) struct Ready {
    pub(super) name: String,
    pub(super) values: Vec<Sent>,
    /// Empty for a statement that gives no rows.
    pub(super) columns: Vec<Column>,
    pub(super) max_affected: Option<u64>,
}

/// Why nothing was prepared.
pub(super) enum Unready {
    /// The connection: another one may do.
    Wire(WireError),
    Refused(Refusal),
}

impl From<WireError> for Unready {
    fn from(error: WireError) -> Self {
        Self::Wire(error)
    }
}

impl From<std::io::Error> for Unready {
    fn from(error: std::io::Error) -> Self {
        Self::Wire(error.into())
    }
}

/// Begins, sets and parses in one exchange.
pub(super) async fn prepare(
    wire: &mut Wire,
    definition: &PostgresqlDefinition,
    job: &Job,
) -> Result<Vec<Ready>, Unready> {
    let begins = definition.transaction == TransactionMode::One;
    if begins {
        let begin = match definition.access {
            Access::ReadOnly => "BEGIN READ ONLY",
            Access::ReadWrite => "BEGIN READ WRITE",
        };
        frontend::query(begin, &mut wire.output)?;
    }
    settings(wire, definition, job)?;
    for (index, statement) in definition.statements.iter().enumerate() {
        let name = name(index);
        let sql = format!("{}{}", comment(&job.order), statement.sql);
        frontend::parse(&name, &sql, [], &mut wire.output)?;
        frontend::describe(b'S', &name, &mut wire.output)?;
    }
    frontend::sync(&mut wire.output);
    wire.flush().await?;
    if begins {
        wire.until_ready().await?;
    }
    wire.until_ready().await?;
    let mut described = Vec::new();
    for index in 0..definition.statements.len() {
        described.push(description(wire, index).await?);
    }
    wire.until_ready().await?;
    let mut ready = Vec::new();
    for (index, (statement, (types, columns))) in definition.statements.iter().zip(described).enumerate() {
        if types.len() != statement.parameters.len() {
            let message = format!(
                "statement {}: {} values for {} places",
                index + 1,
                statement.parameters.len(),
                types.len()
            );
            return Err(Unready::Refused(Refusal::new("parameter_unbound", message)));
        }
        let values = statement
            .parameters
            .iter()
            .zip(types)
            .map(|(bound, type_oid)| bind(bound, job.order.parameters.get(&bound.name), type_oid));
        let values = values.collect::<Result<Vec<_>, _>>().map_err(Unready::Refused)?;
        ready.push(Ready { name: name(index), values, columns, max_affected: statement.max_affected });
    }
    Ok(ready)
}

fn name(index: usize) -> String {
    format!("s{index}")
}

/// One message with what holds for the whole execution. Values are bound, the role's name too.
fn settings(wire: &mut Wire, definition: &PostgresqlDefinition, job: &Job) -> Result<(), std::io::Error> {
    let order = &job.order;
    let milliseconds = job.left().as_millis().max(1).to_string();
    let display: String = order.on_behalf_of.display.chars().filter(|c| !c.is_control()).take(200).collect();
    let takes_back = match &order.purpose {
        Purpose::TakeBack { of } => of.to_string(),
        Purpose::Run | Purpose::Preview(_) => String::new(),
    };
    let read_only = if definition.access == Access::ReadOnly { "on" } else { "off" };
    let mut settings = vec![
        ("role", definition.role.clone()),
        ("standard_conforming_strings", "on".to_owned()),
        ("search_path", definition.search_path.clone().unwrap_or_else(|| "pg_catalog".to_owned())),
        ("default_transaction_read_only", read_only.to_owned()),
        ("statement_timeout", milliseconds.clone()),
        ("lock_timeout", definition.lock_timeout_ms.to_string()),
        ("idle_in_transaction_session_timeout", IDLE.to_owned()),
        ("application_name", format!("countersign {}", order.execution)),
        ("countersign.execution", order.execution.to_string()),
        ("countersign.on_behalf_of", format!("{} {display}", order.on_behalf_of.person)),
        ("countersign.takes_back", takes_back),
    ];
    if wire.major >= 14 {
        // The server notices a runner that died, and ends its statement.
        settings.push(("client_connection_check_interval", "2000".to_owned()));
    }
    if wire.major >= 17 {
        settings.push(("transaction_timeout", milliseconds));
    }
    let local = definition.transaction == TransactionMode::One;
    let calls: Vec<String> = settings
        .iter()
        .enumerate()
        .map(|(at, (setting, _))| format!("pg_catalog.set_config('{setting}', ${}, {local})", at + 1))
        .collect();
    frontend::parse("", &format!("SELECT {}", calls.join(", ")), [], &mut wire.output)?;
    let values = settings.into_iter().map(|(_, value)| Sent::Text(value.into_bytes()));
    put_bind("", values, &mut wire.output)?;
    frontend::execute("", 0, &mut wire.output)?;
    frontend::sync(&mut wire.output);
    Ok(())
}

/// A Bind message that asks for rows in text form.
pub(super) fn put_bind(
    statement: &str,
    values: impl IntoIterator<Item = Sent>,
    output: &mut bytes::BytesMut,
) -> Result<(), std::io::Error> {
    let values: Vec<Sent> = values.into_iter().collect();
    let formats: Vec<i16> = values.iter().map(|value| i16::from(matches!(value, Sent::Binary(_)))).collect();
    let write = |value: Sent, buffer: &mut bytes::BytesMut| match value {
        Sent::Null => Ok(IsNull::Yes),
        Sent::Text(bytes) | Sent::Binary(bytes) => {
            buffer.extend_from_slice(&bytes);
            Ok(IsNull::No)
        }
    };
    frontend::bind("", statement, formats, values, write, [0_i16], output).map_err(|error| match error {
        frontend::BindError::Conversion(error) => std::io::Error::other(error),
        frontend::BindError::Serialization(error) => error,
    })
}

/// Names execution and person to whoever reads the target's log. Both are of a form that can't end a comment.
fn comment(order: &WorkOrder) -> String {
    let person: String = order
        .on_behalf_of
        .person
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .take(64)
        .collect();
    format!("/* countersign {} {person} */ ", order.execution)
}

async fn description(wire: &mut Wire, index: usize) -> Result<(Vec<u32>, Vec<Column>), Unready> {
    let mut types = Vec::new();
    loop {
        match wire.next().await {
            Ok(Message::ParseComplete) => {}
            Ok(Message::ParameterDescription(body)) => types = body.parameters().collect()?,
            Ok(Message::NoData) => return Ok((types, Vec::new())),
            Ok(Message::RowDescription(body)) => {
                let column = |field: postgres_protocol::message::backend::Field<'_>| {
                    Ok(Column { name: field.name().to_owned(), type_oid: field.type_oid() })
                };
                return Ok((types, body.fields().map(column).collect()?));
            }
            Ok(_) => return Err(WireError::Unexpected("something else than a description").into()),
            Err(WireError::Server(said)) if !said.is_fatal() => {
                let message = format!("statement {}: {} {}", index + 1, said.sqlstate, said.message);
                return Err(Unready::Refused(Refusal::new("statement_refused", message)));
            }
            Err(error) => return Err(error.into()),
        }
    }
}
