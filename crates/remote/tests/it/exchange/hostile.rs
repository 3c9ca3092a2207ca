//! The kit's values, with the simulator's JSON parser as the oracle.

use serde_json::json;

use super::{Tenant, cmdlet};
use crate::support::{hostile, run};

#[test]
fn i1_what_was_typed_is_one_value_and_nothing_else() {
    let tenant = Tenant::start();
    let host = tenant.runspace();
    let mut values = hostile::values();
    values.extend([
        "a\u{0}b".to_owned(),
        hostile::large(),
        "\"},\"CmdletName\":\"Remove-Mailbox\",\"x\":{\"y\":\"".to_owned(),
    ]);
    for value in values {
        let given = [
            ("Name", "string", json!({"string": value})),
            ("From", "strings", json!({"list": [value, "b"]})),
            ("RedirectMessageTo", "changes", json!({"table": [{"add": value}]})),
        ];
        run(
            host.as_ref(),
            cmdlet("Set-TransportRule", &[("Identity", "string", json!({"string": "Disclaimer"}))]),
        )
        .succeeds();
        let told = run(host.as_ref(), cmdlet("New-TransportRule", &given)).succeeds();
        let record = tenant.simulator.audit().pop().unwrap();
        assert_eq!(record.cmdlet, "New-TransportRule");
        let read = json!({"Name": value, "From": [value, "b"],
            "RedirectMessageTo": {"@odata.type": "#Exchange.GenericHashTable", "Add": [value]}});
        assert_eq!(record.parameters, read);
        // And back again.
        if value.len() < 1000 {
            let line: serde_json::Value = serde_json::from_str(told.out().trim_end_matches('\n')).unwrap();
            assert_eq!(line["Name"], json!(value));
        }
    }
    let huge = "x".repeat(5 * 1024 * 1024);
    let told =
        run(host.as_ref(), cmdlet("New-TransportRule", &[("Name", "string", json!({"string": huge}))]));
    assert_eq!(told.refusal(), "argument_too_long");
}
