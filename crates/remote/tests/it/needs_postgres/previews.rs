//! What a preview shows, and that it leaves nothing.

use countersign_runspace::{PreviewForm, Purpose, WorkOrder};
use serde_json::{Value, json};

use super::cluster::Cluster;
use super::{definition, sql};
use crate::support::{fresh_id, order, run, wait_for};

fn preview(mut order: WorkOrder, form: PreviewForm) -> WorkOrder {
    order.purpose = Purpose::Preview(form);
    order
}

fn deleting() -> Value {
    let mut delete = definition(&[("DELETE FROM canary WHERE a = $1", &["A"])]);
    delete["statements"][0]["count"] =
        json!({"sql": "SELECT count(*) AS rows FROM canary WHERE a = $1", "parameters": [{"name": "A"}]});
    delete
}

#[test]
fn a_plan_runs_nothing_and_counts_what_would_be_changed() {
    let cluster = Cluster::start();
    let host = cluster.runspace();
    let host = host.as_ref();
    let put = ("INSERT INTO canary VALUES ('x')", &[][..]);
    run(host, sql(&[put, put], json!({}))).succeeds();
    let values = json!({"A": {"string": "x"}});

    let told = run(host, preview(order(deleting(), values.clone()), PreviewForm::Plan)).succeeds();
    assert!(
        told.out().contains("Delete on canary") && told.out().contains("rows\n----\n2\n"),
        "{}",
        told.out()
    );
    assert_eq!(cluster.canaries(), 2, "a plan changed something");
    // The values reach it bound, as they would reach the run.
    let told =
        run(host, preview(order(deleting(), json!({"A": {"string": "x' OR '1'='1"}})), PreviewForm::Plan));
    assert!(told.succeeds().out().contains("rows\n----\n0\n"));

    // Whatever stands in the definition: no ANALYZE gets in, no count writes, and what has no plan is not run.
    let analyze = definition(&[("ANALYZE DELETE FROM canary", &[])]);
    assert_eq!(
        run(host, preview(order(analyze, json!({})), PreviewForm::Plan)).refusal(),
        "preview_not_possible"
    );
    let parenthesis = definition(&[("(ANALYZE) DELETE FROM canary", &[])]);
    let told = run(host, preview(order(parenthesis, json!({})), PreviewForm::Plan));
    assert_eq!(told.refusal(), "preview_not_possible");
    let mut writing = definition(&[("SELECT 1", &[])]);
    let writes = "WITH gone AS (DELETE FROM canary RETURNING a) SELECT count(*) FROM gone";
    writing["statements"][0]["count"] = json!({"sql": writes});
    run(host, preview(order(writing, json!({})), PreviewForm::Plan)).fails("sqlstate_25006");
    let mut turns = definition(&[("SELECT 1", &[])]);
    turns["statements"][0]["count"] =
        json!({"sql": "SELECT set_config('transaction_read_only', 'off', true)"});
    run(host, preview(order(turns, json!({})), PreviewForm::Plan)).fails("sqlstate_25001");
    let block = definition(&[("DO $$ BEGIN DELETE FROM canary; END $$", &[])]);
    assert_eq!(
        run(host, preview(order(block, json!({})), PreviewForm::Plan)).refusal(),
        "preview_not_possible"
    );
    assert_eq!(cluster.canaries(), 2);

    // A definition of its own is held to reading, whatever it says of itself.
    let told = run(host, preview(sql(&[("DELETE FROM canary", &[])], json!({})), PreviewForm::Declared));
    told.fails("sqlstate_25006");
    let told =
        run(host, preview(sql(&[("SELECT count(*) FROM canary", &[])], json!({})), PreviewForm::Declared));
    assert_eq!(told.succeeds().out(), "{\"count\":2}\n");
    rolls_back(&cluster, host);
}

fn rolls_back(cluster: &Cluster, host: &dyn countersign_runspace::Runspace) {
    let values = json!({"A": {"string": "x"}});
    let told = run(host, preview(order(deleting(), values), PreviewForm::Rollback)).succeeds();
    assert!(told.err().contains("DELETE 2") && told.err().contains("rolled back"), "{}", told.err());
    assert_eq!(cluster.canaries(), 2, "a rolled-back run changed something");
    // What COMMIT would refuse, the preview refuses.
    let deferred = "CREATE TABLE twice (a int UNIQUE DEFERRABLE INITIALLY DEFERRED)";
    run(host, sql(&[(deferred, &[])], json!({}))).succeeds();
    let one = ("INSERT INTO twice VALUES (1)", &[][..]);
    run(host, preview(sql(&[one, one], json!({})), PreviewForm::Rollback)).fails("sqlstate_23505");
    // Without a transaction there is nothing to roll back.
    let mut bare = deleting();
    bare["transaction"] = json!("none");
    let bare = preview(order(bare, json!({"A": {"string": "x"}})), PreviewForm::Rollback);
    assert_eq!(bare.judge_purpose().unwrap_err().code, "preview_not_possible");
}

#[test]
fn what_takes_back_knows_what_it_takes_back() {
    let cluster = Cluster::start();
    let host = cluster.runspace();
    let asks = "SELECT current_setting('countersign.takes_back') AS of";
    let mut back = sql(&[(asks, &[])], json!({}));
    let of = fresh_id();
    back.purpose = Purpose::TakeBack { of: of.clone() };
    assert_eq!(run(host.as_ref(), back).succeeds().out(), format!("{{\"of\":\"{of}\"}}\n"));
    wait_for("nothing left for the next", || {
        run(host.as_ref(), sql(&[(asks, &[])], json!({}))).succeeds().out() == "{\"of\":\"\"}\n"
    });
}
