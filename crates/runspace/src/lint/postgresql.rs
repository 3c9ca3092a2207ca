//! Statements that would take a value for SQL, or leave what they were given.

use std::collections::BTreeSet;

use super::sql::{Token, tokens};
use super::{LintFault, broken, code};
use crate::ParameterName;
use crate::definition::{Bound, Count, PostgresqlDefinition};

/// Statements that end the transaction, change who is asking, or need another protocol.
const FORBIDDEN: &[&str] = &[
    "abort",
    "begin",
    "commit",
    "copy",
    "deallocate",
    "discard",
    "end",
    "execute",
    "listen",
    "load",
    "prepare",
    "release",
    "reset",
    "rollback",
    "savepoint",
    "set",
    "start",
    "unlisten",
];

/// Functions that execute a text they are given, or read or write files by its name.
const EXECUTES_TEXT: &[&str] = &[
    "connectby",
    "crosstab",
    "crosstabn",
    "cursor_to_xml",
    "cursor_to_xmlschema",
    "dblink",
    "dblink_exec",
    "dblink_open",
    "dblink_send_query",
    "lo_export",
    "lo_import",
    "pg_file_write",
    "pg_ls_dir",
    "pg_read_binary_file",
    "pg_read_file",
    "pg_stat_file",
    "query_to_xml",
    "query_to_xml_and_xmlschema",
    "query_to_xmlschema",
    "schedule",
    "schedule_in_database",
    "ts_rewrite",
    "ts_stat",
    "xpath_table",
];

pub(super) fn lint(definition: &PostgresqlDefinition, free: &BTreeSet<ParameterName>) -> Vec<LintFault> {
    let mut faults = Vec::new();
    if definition.statements.is_empty() {
        faults.push(broken("no_statement", "there is no statement".to_owned(), None));
    }
    if definition.role.is_empty() || definition.role.contains('\0') {
        faults.push(broken("role_missing", "the database role has no name".to_owned(), None));
    }
    if definition.max_rows == 0 || definition.max_rows > 1_000_000 || definition.lock_timeout_ms == 0 {
        let message = "max_rows is 1 to 1000000, and lock_timeout_ms at least 1".to_owned();
        faults.push(broken("limit_invalid", message, None));
    }
    let free_text = free_parameter(definition, free);
    for (index, statement) in definition.statements.iter().enumerate() {
        let tokens = tokens(&statement.sql);
        let mut fault = |code, message: String| faults.push(broken(code, message, Some(index)));
        form(&statement.sql, &statement.parameters, &tokens, &mut fault);
        let bound = statement.parameters.iter().map(|bound| &bound.name).find(|name| free.contains(*name));
        if let (Some(name), Some(function)) = (bound, executing(&tokens)) {
            let message = format!("{name} is bound beside {function}, which executes a text or opens a file");
            faults.push(code("free_text_to_interpreter", message, Some(index)));
        }
        if let Some(name) = free_text
            && let Some(why) = composes(&tokens)
        {
            let message = format!("the task has the free text {name}, and a DO block {why}");
            faults.push(code("free_text_to_interpreter", message, Some(index)));
        }
        if let Some(count) = &statement.count {
            faults.extend(counting(count, free, index));
        }
    }
    faults
}

/// A count runs before anybody approved: it reads, and no text of the requester's is executed whatever the task is
/// marked as.
fn counting(count: &Count, free: &BTreeSet<ParameterName>, index: usize) -> Vec<LintFault> {
    let mut faults = Vec::new();
    let tokens = tokens(&count.sql);
    form(&count.sql, &count.parameters, &tokens, &mut |code, message| {
        faults.push(broken(code, format!("count: {message}"), Some(index)));
    });
    let reads = |word: &str| tokens.first().is_some_and(|token| is_word(token, word));
    if !["select", "with", "values", "table"].into_iter().any(reads) {
        faults.push(broken(
            "count_not_select",
            "count: it begins with SELECT or WITH".to_owned(),
            Some(index),
        ));
    }
    let bound = count.parameters.iter().map(|bound| &bound.name).find(|name| free.contains(*name));
    if let (Some(name), Some(function)) = (bound, executing(&tokens)) {
        let message =
            format!("count: {name} is bound beside {function}, which executes a text or opens a file");
        faults.push(broken("free_text_to_interpreter", message, Some(index)));
    }
    faults
}

fn free_parameter<'a>(
    definition: &'a PostgresqlDefinition,
    free: &BTreeSet<ParameterName>,
) -> Option<&'a ParameterName> {
    let bound = definition.statements.iter().flat_map(|statement| &statement.parameters);
    bound.map(|bound| &bound.name).find(|name| free.contains(*name))
}

/// What holds for any single statement.
fn form(sql: &str, bound: &[Bound], tokens: &[Token], fault: &mut impl FnMut(&'static str, String)) {
    if sql.contains('\0') {
        fault("nul_in_statement", "the statement holds a NUL character".to_owned());
    }
    match tokens.first() {
        None => fault("statement_empty", "the statement is empty".to_owned()),
        Some(Token::Word(word)) if FORBIDDEN.contains(&word.as_str()) => {
            fault("statement_not_allowed", format!("{} is not for tasks", word.to_uppercase()));
        }
        Some(_) => {}
    }
    if tokens.iter().position(|token| *token == Token::Semicolon).is_some_and(|at| at + 1 < tokens.len()) {
        fault("several_statements", "this is more than one statement: make each its own".to_owned());
    }
    if changes_identity(tokens) {
        let message = "set_config may not change the role or the session's user".to_owned();
        fault("statement_not_allowed", message);
    }
    let used: BTreeSet<usize> = tokens
        .iter()
        .filter_map(|token| if let Token::Parameter(number) = token { Some(*number) } else { None })
        .collect();
    let count = bound.len();
    if let Some(number) = used.iter().find(|number| **number == 0 || **number > count) {
        fault("parameter_unbound", format!("${number} has no parameter: {count} are bound"));
    }
    if let Some(number) = (1..=count).find(|number| !used.contains(number)) {
        fault(
            "parameter_unused",
            format!("nothing uses ${number} (quotes and DO blocks hold no parameters)"),
        );
    }
}

fn changes_identity(tokens: &[Token]) -> bool {
    let calls = tokens.iter().any(|token| is_word(token, "set_config"));
    let names = |token: &Token| {
        matches!(token, Token::Text(text)
        if ["role", "session_authorization"].contains(&text.to_lowercase().as_str()))
    };
    calls && tokens.iter().any(names)
}

fn is_word(token: &Token, name: &str) -> bool {
    matches!(token, Token::Word(word) | Token::Quoted(word) if word == name)
}

fn executing(tokens: &[Token]) -> Option<&str> {
    tokens.iter().find_map(|token| match token {
        Token::Word(word) | Token::Quoted(word) if EXECUTES_TEXT.contains(&word.as_str()) => {
            Some(word.as_str())
        }
        _ => None,
    })
}

/// How a `DO` block could make SQL of a text in a way that the target does not quote.
fn composes(statement: &[Token]) -> Option<&'static str> {
    if !statement.first().is_some_and(|token| is_word(token, "do")) {
        return None;
    }
    let bodies = statement.iter().filter_map(|token| match token {
        Token::Dollar(body) | Token::Text(body) => Some(body),
        _ => None,
    });
    for body in bodies {
        let tokens = tokens(body);
        if !tokens.iter().any(|token| is_word(token, "execute")) {
            continue;
        }
        if tokens.contains(&Token::Concatenation) || tokens.iter().any(|token| is_word(token, "concat")) {
            return Some("joins texts where it executes one: use format with %I and %L");
        }
        let plain =
            |token: &Token| matches!(token, Token::Text(text) if text.contains("%s") || text.contains("$s"));
        if tokens.iter().any(plain) {
            return Some("formats with %s, which does not quote: use %I and %L");
        }
        if !tokens.iter().any(|token| is_word(token, "format")) {
            return Some("executes a text that was not made by format with %I and %L");
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Definition;

    fn faults(statements: &[(&str, &[&str])], free: bool) -> Vec<&'static str> {
        let statements: Vec<_> = statements
            .iter()
            .map(|(sql, names)| {
                let bound: Vec<_> = names.iter().map(|name| serde_json::json!({"name": name})).collect();
                serde_json::json!({"sql": sql, "parameters": bound})
            })
            .collect();
        let definition: Definition = serde_json::from_value(serde_json::json!({
            "executor": "postgresql", "target": "db", "role": "r", "statements": statements
        }))
        .expect("definition");
        let free = if free { ["A".parse().expect("name")].into() } else { BTreeSet::new() };
        super::super::lint(&definition, &free).into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn i1_a_statement_is_one_and_binds_what_it_names() {
        for (sql, names, expected) in [
            ("SELECT $1", &["A"][..], &[][..]),
            ("SELECT 1;", &[], &[]),
            ("SELECT 1; SELECT 2", &[], &["several_statements"]),
            ("", &[], &["statement_empty"]),
            ("-- nothing", &[], &["statement_empty"]),
            ("SELECT $2", &["A"], &["parameter_unbound", "parameter_unused"]),
            ("SELECT '$1'", &["A"], &["parameter_unused"]),
            ("COMMIT", &[], &["statement_not_allowed"]),
            ("/* x */ set local role root", &[], &["statement_not_allowed"]),
            ("SELECT set_config('Role', 'root', true)", &[], &["statement_not_allowed"]),
            ("COPY t FROM PROGRAM 'id'", &[], &["statement_not_allowed"]),
        ] {
            assert_eq!(faults(&[(sql, names)], true), expected, "{sql}");
        }
        assert_eq!(faults(&[], false), ["no_statement"]);
    }

    #[test]
    fn i1_free_text_is_never_executed_unmarked() {
        let given = ("SELECT set_config('countersign.a', $1, true)", &["A"][..]);
        for (body, sound) in [
            ("EXECUTE format('GRANT %I TO x', current_setting('countersign.a'))", true),
            ("EXECUTE format('GRANT %s TO x', current_setting('countersign.a'))", false),
            ("EXECUTE format('GRANT %1$s TO x', current_setting('countersign.a'))", false),
            ("EXECUTE 'GRANT ' || quote_ident(current_setting('countersign.a'))", false),
            ("EXECUTE current_setting('countersign.a')", false),
            ("PERFORM 1", true),
        ] {
            let block = format!("DO $$ BEGIN {body}; END $$");
            let expected: &[&str] = if sound { &[] } else { &["free_text_to_interpreter"] };
            assert_eq!(faults(&[given, (&block, &[])], true), expected, "{body}");
            assert!(faults(&[given, (&block, &[])], false).is_empty(), "{body}");
        }
        assert_eq!(
            faults(&[("SELECT query_to_xml($1, true, true, '')", &["A"])], true),
            ["free_text_to_interpreter"]
        );
        assert_eq!(
            faults(&[("SELECT pg_catalog.pg_read_file($1)", &["A"])], true),
            ["free_text_to_interpreter"]
        );
        assert!(faults(&[("SELECT pg_read_file($1)", &["B"])], true).is_empty());
    }
}
