//! What there is to see of a request's effect before it happens.

use countersign_core::id::ExecutionId;
use countersign_core::statement::Statement;
use countersign_core::task::{Preview, TaskDefinition};
use countersign_core::view::ExecutionStatus;
use countersign_core::view::rows::{execution, request};
use countersign_store::{Condition, ListQuery, Reader, list};
use schemars::JsonSchema;
use serde::Serialize;

use super::executions::PREVIEW;
use super::people::{Names, Person};
use crate::problem::Result;
use crate::schema::text::{self, At};
use crate::schema::word;

/// The preview of a request's task.
#[derive(Serialize, JsonSchema)]
pub(crate) struct RequestPreview {
    #[schemars(with = "word::PreviewKind")]
    kind: &'static str,
    /// Parameters that may have more than one value: as long as there are any, there is nothing definite to show.
    open: Vec<String>,
    /// The newest one, if it was ever made.
    latest: Option<PreviewMade>,
}

/// A preview that was made. Its age is the time since `started`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PreviewMade {
    #[schemars(with = "text::ExecutionId")]
    execution: ExecutionId,
    #[schemars(with = "word::PreviewKind")]
    kind: Option<String>,
    by: Person,
    #[schemars(with = "word::ExecutionStatus")]
    status: ExecutionStatus,
    started: At,
    finished: Option<At>,
    /// Whether it shows the statement as it is now.
    current: bool,
}

/// The newest preview's row.
pub(crate) fn latest(reader: &dyn Reader, found: &request::Row) -> Result<Option<execution::Row>> {
    const MOST: usize = 500;
    let query = ListQuery { limit: MOST, ..ListQuery::all() };
    let query = query.with(Condition::Is(execution::number(&Some(found.number))));
    Ok(list::<execution::Row>(reader, &query)?.rows.into_iter().find(|row| row.basis == PREVIEW))
}

impl RequestPreview {
    /// None for a task without one.
    pub(crate) fn of(
        found: &request::Row,
        task: Option<&TaskDefinition>,
        statement: Option<&Statement>,
        latest: Option<&execution::Row>,
        names: &Names,
    ) -> Option<Self> {
        let task = task?;
        let kind = match task.preview.as_ref()? {
            Preview::Definition(_) => "declared",
            Preview::Plan => "plan",
            Preview::Rollback => "rollback",
        };
        let open = statement.map(|statement| statement.constraints.definite(&task.parameters).open);
        let open = open.unwrap_or_default().into_iter().filter(|name| task.preview_uses(name));
        let latest = latest.map(|row| PreviewMade {
            execution: row.id,
            kind: row.preview.clone(),
            by: names.show(row.person),
            status: row.status,
            started: row.started.into(),
            finished: row.finished.map(At),
            current: row.statement == Some(found.statement),
        });
        Some(Self { kind, open: open.map(|name| name.to_string()).collect(), latest })
    }
}
