//! What is executed, and how it ends: a preview is another transaction than the task's own.

use countersign_runspace::definition::{Access, PostgresqlDefinition, RowFormat, Statement, TransactionMode};
use countersign_runspace::lint::sql::{Token, tokens};
use countersign_runspace::{PreviewForm, Refusal};

/// The statements of one transaction.
pub(super) struct Work {
    pub(super) definition: PostgresqlDefinition,
    pub(super) end: End,
    /// Told beside the output.
    pub(super) notes: Vec<String>,
}

/// How a transaction ends when all went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Commit,
    /// Constraints that wait for COMMIT are looked at first.
    Rollback,
}

/// Statements that have a plan. Anything else would be run by being prepared for it, or has none.
const PLANNED: &[&str] = &["select", "insert", "update", "delete", "merge", "with", "values", "table"];

pub(super) fn of(definition: &PostgresqlDefinition, preview: Option<PreviewForm>) -> Result<Work, Refusal> {
    let definition = definition.clone();
    let work = |definition, end| Work { definition, end, notes: Vec::new() };
    match preview {
        None => Ok(work(definition, End::Commit)),
        Some(PreviewForm::Declared) => Ok(work(read_only(definition), End::Rollback)),
        Some(PreviewForm::Plan) => plan(definition),
        Some(PreviewForm::Rollback) => {
            let notes = vec!["this was a preview: everything was rolled back".to_owned()];
            Ok(Work { definition, end: End::Rollback, notes })
        }
    }
}

/// The server itself keeps it from changing anything.
fn read_only(definition: PostgresqlDefinition) -> PostgresqlDefinition {
    PostgresqlDefinition { access: Access::ReadOnly, transaction: TransactionMode::One, ..definition }
}

/// The plan of each statement and what is counted beside it. Without ANALYZE, EXPLAIN runs nothing; the list of options
/// in parentheses leaves the statement no place to ask for it.
fn plan(definition: PostgresqlDefinition) -> Result<Work, Refusal> {
    let (mut shown, mut notes) = (Vec::new(), Vec::new());
    for (index, statement) in definition.statements.iter().enumerate() {
        let planned = matches!(tokens(&statement.sql).first(),
            Some(Token::Word(word)) if PLANNED.contains(&word.as_str()));
        if planned {
            let sql = format!("EXPLAIN (ANALYZE FALSE, VERBOSE FALSE) {}", statement.sql);
            let parameters = statement.parameters.clone();
            shown.push(Statement { sql, parameters, max_affected: None, count: None });
        } else if statement.count.is_none() {
            notes.push(format!("statement {} has no plan and no count", index + 1));
        }
        if let Some(count) = &statement.count {
            let (sql, parameters) = (count.sql.clone(), count.parameters.clone());
            shown.push(Statement { sql, parameters, max_affected: None, count: None });
        }
    }
    if shown.is_empty() {
        return Err(Refusal::new("preview_not_possible", "no statement of this task has a plan or a count"));
    }
    let definition =
        PostgresqlDefinition { statements: shown, output: RowFormat::Table, ..read_only(definition) };
    Ok(Work { definition, end: End::Rollback, notes })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(statements: serde_json::Value) -> PostgresqlDefinition {
        let definition = serde_json::json!({
            "target": "db", "role": "r", "access": "read_write", "statements": statements});
        serde_json::from_value(definition).expect("definition")
    }

    #[test]
    fn only_what_has_a_plan_is_planned_and_nothing_is_written() {
        let task = definition(serde_json::json!([
            {"sql": "/* x */ delete from t where a = $1", "parameters": [{"name": "A"}],
             "count": {"sql": "SELECT count(*) FROM t WHERE a = $1", "parameters": [{"name": "A"}]}},
            {"sql": "DO $$ BEGIN PERFORM 1; END $$"},
            {"sql": "GRANT a TO b"},
        ]));
        let Ok(work) = of(&task, Some(PreviewForm::Plan)) else { panic!("refused") };
        let sql: Vec<&str> =
            work.definition.statements.iter().map(|statement| statement.sql.as_str()).collect();
        assert_eq!(
            sql,
            [
                "EXPLAIN (ANALYZE FALSE, VERBOSE FALSE) /* x */ delete from t where a = $1",
                "SELECT count(*) FROM t WHERE a = $1"
            ]
        );
        assert_eq!((work.definition.access, work.end), (Access::ReadOnly, End::Rollback));
        assert_eq!(work.notes.len(), 2);
        let nothing = definition(serde_json::json!([{"sql": "GRANT a TO b"}]));
        assert!(of(&nothing, Some(PreviewForm::Plan)).is_err());
        let Ok(run) = of(&task, None) else { panic!("refused") };
        assert_eq!((run.definition.access, run.end), (Access::ReadWrite, End::Commit));
    }
}
