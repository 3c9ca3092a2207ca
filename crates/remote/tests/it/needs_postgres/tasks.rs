//! What a task can do, and what it can't.

use serde_json::{Value, json};

use super::cluster::Cluster;
use super::{definition, sql};
use crate::support::{order, run, wait_for};

#[test]
fn statements_do_what_they_say_within_what_they_may() {
    let cluster = Cluster::start();
    let host = cluster.runspace();
    let host = host.as_ref();

    let told = run(
        host,
        sql(&[("SELECT $1 + 1 AS n, current_user, NULL AS none", &["N"])], json!({"N": {"integer": 6}})),
    );
    assert_eq!(told.succeeds().out(), "{\"n\":7,\"current_user\":\"worker\",\"none\":null}\n");

    // Every kind of value.
    let statement = "SELECT $1::text, $2::numeric, $3::bool, $4::text[], $5::jsonb, encode($6::bytea, 'hex'), $7::interval, $8::uuid";
    let names = ["T", "D", "B", "L", "J", "F", "I", "U"];
    let values = json!({
        "T": {"string": "a'b"}, "D": {"decimal": "1.50"}, "B": {"boolean": true}, "L": {"list": ["x,y", "\"", "{}"]},
        "J": {"table": [{"add": "z"}]},
        "F": {"file": {"name": "f", "sha256": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", "content": "YQ=="}},
        "I": {"string": "PT90M"}, "U": {"string": "6f9619ff-8b86-d011-b42d-00c04fc964ff"}
    });
    let mut csv = definition(&[(statement, &names)]);
    csv["output"] = json!("csv");
    let told = run(host, order(csv, values)).succeeds();
    let row = "a'b,1.50,t,\"{\"\"x,y\"\",\"\"\\\"\"\"\",\"\"{}\"\"}\",\"[{\"\"add\"\": \"\"z\"\"}]\",61,01:30:00,6f9619ff-8b86-d011-b42d-00c04fc964ff";
    assert_eq!(told.out().lines().nth(1).unwrap().trim_end(), row);

    // Rows for people.
    let mut table =
        definition(&[("SELECT * FROM (VALUES ('one', 1), ('zwölf', 12)) AS t(name, number)", &[])]);
    table["output"] = json!("table");
    let told = run(host, order(table, json!({}))).succeeds();
    assert_eq!(told.out(), "name   number\n-----  ------\none    1\nzwölf  12\n(2 rows)\n");

    read_only_is_the_servers_word(&cluster, host);
    all_or_nothing(&cluster, host);
    roles_and_names(&cluster, host);
    limits(&cluster, host);
}

fn read_only_is_the_servers_word(cluster: &Cluster, host: &dyn countersign_runspace::Runspace) {
    let mut insert = definition(&[("INSERT INTO canary VALUES ('x')", &[])]);
    insert.as_object_mut().unwrap().remove("access");
    run(host, order(insert, json!({}))).fails("sqlstate_25006");
    assert_eq!(cluster.canaries(), 0);
}

fn all_or_nothing(cluster: &Cluster, host: &dyn countersign_runspace::Runspace) {
    let insert = ("INSERT INTO canary VALUES ('x')", &[][..]);
    let told = run(host, sql(&[insert, insert, ("SELECT 1/0", &[])], json!({}))).fails("sqlstate_22012");
    assert!(told.err().contains("division by zero") && told.err().contains("rolled back"), "{}", told.err());
    assert_eq!(cluster.canaries(), 0);
    run(host, sql(&[insert, insert], json!({}))).succeeds();
    assert_eq!(cluster.canaries(), 2);

    let mut careful = definition(&[("DELETE FROM canary", &[])]);
    careful["statements"][0]["max_affected"] = json!(1);
    run(host, order(careful.clone(), json!({}))).fails("too_many_affected");
    assert_eq!(cluster.canaries(), 2);
    careful["statements"][0]["max_affected"] = json!(2);
    let told = run(host, order(careful, json!({}))).succeeds();
    assert_eq!((told.out().as_str(), told.err().as_str()), ("", "DELETE 2\n"));
    assert_eq!(cluster.canaries(), 0);

    // A constraint that is looked at by COMMIT.
    let deferred = "CREATE TABLE once (a int UNIQUE DEFERRABLE INITIALLY DEFERRED)";
    run(host, sql(&[(deferred, &[])], json!({}))).succeeds();
    let twice = [("INSERT INTO once VALUES (1)", &[][..]), ("INSERT INTO once VALUES (1)", &[][..])];
    run(host, sql(&twice, json!({}))).fails("sqlstate_23505");

    // What PostgreSQL refuses inside a transaction.
    run(host, sql(&[("VACUUM canary", &[])], json!({}))).fails("sqlstate_25001");
    let mut vacuum = definition(&[("VACUUM once", &[])]);
    vacuum["transaction"] = json!("none");
    run(host, order(vacuum, json!({}))).succeeds();
}

fn roles_and_names(cluster: &Cluster, host: &dyn countersign_runspace::Runspace) {
    run(host, sql(&[("SELECT * FROM hidden", &[])], json!({}))).fails("sqlstate_42501");
    let told = run(host, sql(&[("SELECT * FROM nowhere", &[])], json!({})));
    assert_eq!(told.refusal(), "statement_refused", "{:?}", told.end);
    let mut other = definition(&[("SELECT 1", &[])]);
    other["role"] = json!("idle");
    assert_eq!(run(host, order(other.clone(), json!({}))).refusal(), "role_not_allowed");
    other["role"] = json!("worker");
    other["target"] = json!("elsewhere");
    assert_eq!(run(host, order(other, json!({}))).refusal(), "target_unknown");

    // The target knows who asked, in its settings, its activity and its log.
    let who = "SELECT current_setting('countersign.on_behalf_of') AS who, current_setting('countersign.execution') AS x, \
               (SELECT application_name FROM pg_stat_activity WHERE pid = pg_backend_pid()) AS app";
    let asked = sql(&[(who, &[])], json!({}));
    let id = asked.execution.to_string();
    let told: Value = serde_json::from_str(&run(host, asked).succeeds().out()).unwrap();
    assert_eq!(told, json!({"who": "p-1 Ada Lovelace <ada@x>", "x": id, "app": format!("countersign {id}")}));
    wait_for("the log", || cluster.log().contains(&format!("/* countersign {id} p-1 */ SELECT")));

    // Nothing of one execution is left for the next, which takes the same connection.
    let pid = |host| run(host, sql(&[("SELECT pg_backend_pid() AS pid", &[])], json!({}))).succeeds().out();
    let first = pid(host);
    wait_for("the same connection", || pid(host) == first);
    run(
        host,
        sql(&[("SELECT pg_advisory_lock(7)", &[]), ("CREATE TEMP TABLE mine (a int)", &[])], json!({})),
    )
    .succeeds();
    wait_for("a clean connection", || {
        let left = "SELECT (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory') + \
                    (SELECT count(*) FROM pg_class WHERE relname = 'mine') AS n, current_setting('countersign.execution', true) AS x";
        let told = run(host, sql(&[(left, &[])], json!({}))).succeeds().out();
        !told.contains(&id) && told.contains("\"n\":0")
    });

    // A connection that the server ended meanwhile is replaced.
    let kill = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'countersign'";
    cluster.client("work").execute(kill, &[]).unwrap();
    run(host, sql(&[("SELECT 1", &[])], json!({}))).succeeds();
}

fn limits(cluster: &Cluster, host: &dyn countersign_runspace::Runspace) {
    let mut rows = definition(&[("SELECT n FROM generate_series(1, 100000) AS n", &[])]);
    rows["max_rows"] = json!(3);
    let told = run(host, order(rows, json!({}))).succeeds();
    assert_eq!(told.out(), "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
    assert!(told.err().contains("more than 3 rows"), "{}", told.err());

    let mut short = sql(&[("SELECT pg_sleep(50)", &[])], json!({}));
    short.limits.run_time_ms = 1_000;
    let told = run(host, short);
    let outcome = told.outcome();
    // Whoever looks at its clock first: the server or the runner.
    assert!(
        outcome["failure"]["target"] == "sqlstate_57014"
            || outcome == json!({"outcome": "stopped", "why": "run_time", "confirmed": "confirmed"}),
        "{outcome}"
    );

    let mut other = cluster.client("work");
    other.batch_execute("INSERT INTO canary VALUES ('held')").unwrap();
    let mut held = other.transaction().unwrap();
    held.batch_execute("SELECT * FROM canary FOR UPDATE").unwrap();
    let mut waits = definition(&[("DELETE FROM canary", &[])]);
    waits["lock_timeout_ms"] = json!(200);
    run(host, order(waits, json!({}))).fails("sqlstate_55p03");
}
