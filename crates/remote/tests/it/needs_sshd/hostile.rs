//! The kit's values, with the shell of the account as the oracle.

use serde_json::json;

use super::program;
use super::sshd::Sshd;
use crate::support::{hostile, run};

#[test]
fn i1_what_was_typed_is_one_argument_and_nothing_else() {
    let server = Sshd::start();
    let host = server.runspace();
    let host = host.as_ref();
    let place = json!([
        {"literal": "%s\\0"},
        {"parameter": {"name": "V", "leading_dash": "allow"}},
        {"parameter": {"name": "P", "prefix": "--to="}}
    ]);
    for value in hostile::values() {
        if value.len() > 60_000 {
            continue;
        }
        let values = json!({"V": {"string": value}, "P": {"string": value}});
        let told = run(host, program(&server, "/usr/bin/printf", place.clone(), values)).succeeds();
        assert_eq!(told.out(), format!("{value}\0--to={value}\0"), "{value:?}");
    }
    // A list gives as many arguments as it has entries.
    let list: Vec<String> = hostile::values().into_iter().filter(|value| value.len() < 200).collect();
    let place = json!([{"literal": "%s\\0"}, {"parameter": {"name": "V", "leading_dash": "allow"}}]);
    let told = run(host, program(&server, "/usr/bin/printf", place, json!({"V": {"list": list}}))).succeeds();
    assert_eq!(told.out().split_terminator('\0').collect::<Vec<_>>(), list);

    let one = json!([{"parameter": {"name": "V"}}]);
    for (value, code) in [
        ("-oProxyCommand=id".to_owned(), "value_starts_with_dash"),
        ("a\u{0}b".to_owned(), "argument_has_nul"),
        (hostile::large(), "argument_too_long"),
    ] {
        let told = run(host, program(&server, "/bin/echo", one.clone(), json!({"V": {"string": value}})));
        assert_eq!(told.refusal(), code);
    }
}
