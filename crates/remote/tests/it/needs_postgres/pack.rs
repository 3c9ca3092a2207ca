//! The shipped pack, task by task, with the rights that its README gives and no others.

use std::collections::BTreeMap;
use std::path::Path;

use countersign_core::parameter::{Given, Value, check};
use countersign_pack::Pack;
use countersign_remote::PostgresqlTarget;
use countersign_runspace::{ParameterValue, Runspace, WorkOrder};
use postgres::Client;
use serde_json::{Value as Json, json};

use super::cluster::Cluster;
use crate::support::{order, run, start, wait_for};

const ROLES: [&str; 3] = ["countersign_reader", "countersign_operator", "countersign_role_admin"];

fn directory() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/postgresql")
}

fn task(pack: &Pack, name: &str, given: Json) -> WorkOrder {
    let task = &pack.definitions.tasks[&format!("PostgreSQL\\{name}").parse().unwrap()];
    let values = check(&task.parameters, serde_json::from_value::<Given>(given).unwrap()).unwrap();
    let parameters: BTreeMap<String, ParameterValue> = values
        .iter()
        .map(|(name, value)| {
            let value = match value {
                Value::Integer(number) => ParameterValue::Integer(*number),
                other => ParameterValue::String(other.to_text().unwrap()),
            };
            (name.to_string(), value)
        })
        .collect();
    order(Json::Object(task.execution.definition.as_object().clone()), json!(parameters))
}

/// Makes what the README says the server needs.
fn set_up(oracle: &mut Client) {
    let readme = std::fs::read_to_string(directory().join("README.md")).unwrap();
    let sql = readme.split("```sql\n").nth(1).unwrap().split("```").next().unwrap();
    // The login is there already, with another password.
    let sql: String =
        sql.lines().filter(|line| !line.contains("LOGIN")).map(|line| format!("{line}\n")).collect();
    oracle.batch_execute(&sql).unwrap();
    oracle
        .batch_execute("ALTER ROLE countersign NOINHERIT; CREATE ROLE support; CREATE ROLE anna LOGIN")
        .unwrap();
    oracle.batch_execute("CREATE ROLE boss SUPERUSER; CREATE TABLE \"Odd; name\" (a int)").unwrap();
    oracle.batch_execute("ALTER TABLE \"Odd; name\" OWNER TO countersign_operator").unwrap();
    oracle.batch_execute("ALTER TABLE canary OWNER TO countersign_operator").unwrap();
}

fn target(cluster: &Cluster) -> PostgresqlTarget {
    let mut target = cluster.target();
    target.roles = ROLES.map(str::to_owned).into();
    target
}

#[test]
fn the_postgresql_pack_does_what_it_says() {
    let pack = Pack::read(&directory()).unwrap_or_else(|faults| panic!("{faults:?}"));
    let cluster = Cluster::start();
    let mut oracle = cluster.client("work");
    set_up(&mut oracle);
    let host = cluster.runspace_named("main", target(&cluster));
    let host = host.as_ref();
    let ok = |name: &str, given: Json| run(host, task(&pack, name, given)).succeeds().out();

    assert!(ok("Get-Activity", json!({})).contains("tests"));
    assert!(ok("Get-Activity", json!({"User": "nobody"})).ends_with("(0 rows)\n"));
    assert!(ok("Get-Role", json!({})).contains("support"));
    assert!(ok("Get-Setting", json!({})).contains("log_statement"));
    assert!(ok("Get-TableSize", json!({"Count": 5})).contains("canary"));
    assert!(ok("Get-RoleMember", json!({"Role": "worker"})).contains("countersign"));

    assert!(ok("Get-DatabaseSize", json!({})).contains("work"));
    assert!(ok("Get-ReplicationState", json!({})).contains("(0 rows)"));
    oracle.batch_execute("CREATE INDEX lonely ON canary (a)").unwrap();
    assert!(ok("Get-UnusedIndex", json!({})).contains("lonely"));
    assert!(ok("Update-Configuration", json!({})).contains('t'));

    privileges(&pack, host, &mut oracle);
    roles(&pack, host, &mut oracle);
    sessions(&pack, host, &cluster);

    oracle.batch_execute("INSERT INTO \"Odd; name\" SELECT generate_series(1, 1000)").unwrap();
    ok("Update-Statistics", json!({"Table": "Odd; name"}));
    let rows: f32 =
        oracle.query_one("SELECT reltuples FROM pg_class WHERE relname = 'Odd; name'", &[]).unwrap().get(0);
    assert!(rows > 999.0, "{rows}");
    run(host, task(&pack, "Update-Statistics", json!({"Table": "none"}))).fails("sqlstate_42p01");
}

fn privileges(pack: &Pack, host: &dyn Runspace, oracle: &mut Client) {
    let given = |table: &str, role: &str| json!({"Table": table, "Privilege": "UPDATE", "Role": role});
    // Not ours to pass on: a warning of the server's is a failure of the task's.
    let told = run(host, task(pack, "Grant-TablePrivilege", given("canary", "anna")));
    assert!(told.fails("sqlstate_42501").err().contains("permission denied"));
    oracle.batch_execute("GRANT UPDATE ON canary TO countersign_role_admin WITH GRANT OPTION").unwrap();
    let told = run(host, task(pack, "Grant-TablePrivilege", given("canary", "anna"))).succeeds();
    assert!(told.out().contains("anna"), "{}", told.out());
    let mut may = |expected: bool| {
        let asked = "SELECT has_table_privilege('anna', 'canary', 'UPDATE')";
        assert_eq!(oracle.query_one(asked, &[]).unwrap().get::<_, bool>(0), expected);
    };
    may(true);
    let shown = run(host, task(pack, "Get-TablePrivilege", json!({"Table": "canary"}))).succeeds().out();
    assert!(shown.contains("countersign_role_admin") && shown.contains("UPDATE"), "{shown}");
    run(host, task(pack, "Revoke-TablePrivilege", given("canary", "anna"))).succeeds();
    may(false);
    oracle.batch_execute("GRANT UPDATE ON canary TO anna").unwrap();
    run(host, task(pack, "Revoke-TablePrivilege", given("canary", "anna"))).fails("sqlstate_p0001");
    run(host, task(pack, "Grant-TablePrivilege", given("none; --", "anna"))).fails("sqlstate_42p01");
}

fn roles(pack: &Pack, host: &dyn Runspace, oracle: &mut Client) {
    let mut is_member = || -> bool {
        oracle.query_one("SELECT pg_has_role('anna', 'support', 'MEMBER')", &[]).unwrap().get(0)
    };
    let both = json!({"Role": "support", "Member": "anna"});
    assert!(run(host, task(pack, "Add-RoleMember", both.clone())).succeeds().out().contains("anna"));
    assert!(is_member());
    run(host, task(pack, "Remove-RoleMember", both)).succeeds();
    assert!(!is_member());
    for role in ["boss", "pg_execute_server_program"] {
        let told = run(host, task(pack, "Add-RoleMember", json!({"Role": role, "Member": "anna"})));
        assert!(told.fails("sqlstate_p0001").err().contains("not given or taken"));
    }
    run(host, task(pack, "Add-RoleMember", json!({"Role": "nobody", "Member": "anna"})))
        .fails("sqlstate_42704");
    assert!(
        run(host, task(pack, "Disable-RoleLogin", json!({"Role": "anna"})))
            .succeeds()
            .out()
            .contains("anna  f")
    );
    assert!(
        run(host, task(pack, "Enable-RoleLogin", json!({"Role": "anna"})))
            .succeeds()
            .out()
            .contains("anna  t")
    );
    run(host, task(pack, "Disable-RoleLogin", json!({"Role": "boss"}))).fails("sqlstate_p0001");
}

fn sessions(pack: &Pack, host: &dyn Runspace, cluster: &Cluster) {
    let mut first = cluster.client("work");
    first.batch_execute("SET ROLE NONE; BEGIN; LOCK TABLE canary").unwrap();
    let holder: i32 = first.query_one("SELECT pg_backend_pid()", &[]).unwrap().get(0);
    // Another session waits for it: a task of ours.
    let waits = start(host, task(pack, "Update-Statistics", json!({"Table": "canary"}))).unwrap();
    wait_for("a blocked session", || {
        run(host, task(pack, "Get-Blocker", json!({}))).succeeds().out().contains(&holder.to_string())
    });
    wait_for("a long transaction", || {
        let long = task(pack, "Get-LongTransaction", json!({"LongerThan": "PT1S"}));
        run(host, long).succeeds().out().contains("tests")
    });
    waits.running.kill();
    waits.end();

    // Not the user that it was, then the user that it is; a superuser's session is not the operator's to end.
    let given = |user: &str, pid: i32| json!({"ProcessId": pid, "User": user});
    let out = run(host, task(pack, "Disconnect-Session", given("anna", holder))).succeeds().out();
    assert!(out.ends_with("(0 rows)\n"), "{out}");
    run(host, task(pack, "Disconnect-Session", given("tests", holder))).fails("sqlstate_42501");
    first.batch_execute("ROLLBACK").unwrap();
    cluster.client("work").batch_execute("ALTER ROLE anna PASSWORD 'anna-anna'").unwrap();
    let mut anna = cluster.client_of("anna", "anna-anna");
    let pid: i32 = anna.query_one("SELECT pg_backend_pid()", &[]).unwrap().get(0);
    let out = run(host, task(pack, "Disconnect-Session", given("anna", pid))).succeeds().out();
    assert!(out.contains("anna") && out.contains("(1 row)"), "{out}");
    wait_for("the end of her session", || anna.batch_execute("SELECT 1").is_err());

    let mut anna = cluster.client_of("anna", "anna-anna");
    let pid: i32 = anna.query_one("SELECT pg_backend_pid()", &[]).unwrap().get(0);
    let sleeping = std::thread::spawn(move || anna.batch_execute("SELECT pg_sleep(50)"));
    let mut oracle = cluster.client("work");
    wait_for("her statement", || {
        let active = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND state = 'active'";
        oracle.query_one(active, &[&pid]).unwrap().get::<_, i64>(0) == 1
    });
    run(host, task(pack, "Stop-Query", given("anna", pid))).succeeds();
    let error = sleeping.join().unwrap().unwrap_err();
    assert_eq!(error.code().unwrap().code(), "57014");
}
