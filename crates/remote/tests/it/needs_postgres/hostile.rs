//! The kit's values, with the server's own parser as the oracle.

use serde_json::{Value, json};

use super::cluster::Cluster;
use super::{definition, sql};
use crate::support::{hostile, order, run};

#[test]
fn i1_what_was_typed_is_never_read_as_sql() {
    let cluster = Cluster::start();
    let host = cluster.runspace();
    let host = host.as_ref();
    let mut oracle = cluster.client("work");

    // As a bound value, in a row, in a condition.
    let mut values = hostile::values();
    values.push(hostile::large());
    for value in &values {
        let insert = ("INSERT INTO canary VALUES ($1)", &["V"][..]);
        let echo = ("SELECT a FROM canary WHERE a = $1", &["V"][..]);
        let told = run(host, sql(&[insert, echo], json!({"V": {"string": value}})));
        let mut wide = told.succeeds();
        // Rows beyond the output's limit are cut, which the megabyte is.
        if value.len() < 500_000 {
            let row: Value = serde_json::from_str(&wide.out()).unwrap();
            assert_eq!(row["a"], value.as_str());
        }
        wide.stdout.clear();
        let kept: String = oracle.query_one("DELETE FROM canary RETURNING a", &[]).unwrap().get(0);
        assert!(kept == *value, "{value:.60?} became {kept:.60?}");
    }

    // In a list.
    let list: Vec<&String> = values.iter().filter(|value| value.len() < 1000).collect();
    let unnest = "INSERT INTO canary SELECT unnest($1::text[])";
    run(host, sql(&[(unnest, &["V"])], json!({"V": {"list": list}}))).succeeds();
    let kept: Vec<String> =
        oracle.query("SELECT a FROM canary", &[]).unwrap().iter().map(|row| row.get(0)).collect();
    assert!(list.iter().all(|value| kept.contains(value)) && kept.len() == list.len());

    // A NUL is in no text of this server's.
    let nul = sql(&[("SELECT $1::text", &["V"])], json!({"V": {"string": "a\u{0}b"}}));
    assert_eq!(run(host, nul).refusal(), "value_has_nul");

    // As the name of a role, by the server's own quoting.
    oracle.batch_execute("ALTER ROLE worker CREATEROLE").unwrap();
    for value in values.iter().filter(|value| !value.is_empty() && value.len() < 60) {
        let make =
            "DO $$ BEGIN EXECUTE format('CREATE ROLE %I', current_setting('countersign.name')); END $$";
        let grant =
            "DO $$ BEGIN EXECUTE format('GRANT idle TO %I', current_setting('countersign.name')); END $$";
        let given = ("SELECT set_config('countersign.name', $1, true)", &["V"][..]);
        run(host, sql(&[given, (make, &[]), (grant, &[])], json!({"V": {"string": value}}))).succeeds();
        let members =
            "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON m.member = r.oid WHERE r.rolname = $1";
        let found: i64 = oracle.query_one(members, &[value]).unwrap().get(0);
        assert_eq!(found, 1, "{value:?}");
    }
}

#[test]
fn i1_a_statement_cannot_leave_what_it_was_given() {
    let cluster = Cluster::start();
    let host = cluster.runspace();
    let host = host.as_ref();
    for statement in [
        "SELECT 1; DROP TABLE canary",
        "COMMIT",
        "RESET ROLE",
        "SET ROLE tests",
        "SET SESSION AUTHORIZATION tests",
        "SELECT set_config('role', 'tests', false)",
        "COPY canary FROM PROGRAM 'id'",
        "LOAD 'x'",
        "SELECT $1",
    ] {
        let told = run(host, sql(&[(statement, &[])], json!({})));
        assert!(told.end.is_err(), "{statement}: {:?}", told.end);
    }
    // Hidden from our own reader, not from the server's.
    for statement in
        ["SELECT 1 /* ; */; DROP TABLE canary", "SELECT E'\\'; DROP TABLE canary; --'; DROP TABLE canary"]
    {
        let told = run(host, sql(&[(statement, &[])], json!({})));
        assert!(told.end.is_err(), "{statement}: {:?}", told.end);
    }
    // A value of another kind is refused before anything runs.
    for (value, place) in [
        (json!({"string": "1"}), "$1::int"),
        (json!({"string": "true"}), "$1::bool"),
        (json!({"integer": 1}), "$1::text"),
        (json!({"secret": "hush-hush"}), "$1::text"),
    ] {
        let statement = format!("SELECT {place}");
        let told = run(host, sql(&[("DELETE FROM canary", &[]), (&statement, &["V"])], json!({"V": value})));
        assert_eq!(told.refusal(), "parameter_type", "{place}");
        assert!(!told.end.unwrap_err().message.contains("hush"), "a secret in a message");
    }
    // A message about a value does not quote it.
    let cast = sql(&[("SELECT $1::text::int", &["V"])], json!({"V": {"string": "not-a-number"}}));
    let told = run(host, cast).fails("sqlstate_22p02");
    assert!(
        told.err().contains("(the value of V)") && !told.err().contains("not-a-number"),
        "{}",
        told.err()
    );
    // No value, no run; unless that is written.
    let mut absent = definition(&[("SELECT $1::text AS v", &["V"])]);
    assert_eq!(run(host, order(absent.clone(), json!({}))).refusal(), "parameter_missing");
    absent["statements"][0]["parameters"][0]["when_absent"] = json!("null");
    assert_eq!(run(host, order(absent, json!({}))).succeeds().out(), "{\"v\":null}\n");
    assert_eq!(cluster.canaries(), 0);
}
