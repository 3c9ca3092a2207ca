use super::{TASK, pack, places};

const EXAMPLES: &str = r#"task = "Get-Usage"
[[examples]]
title = "One path"
parameters = { Path = "/var" }
argv = ["/usr/bin/df", "--", "/var"]
[[examples]]
title = "None"
refused = "missing"
"#;

fn tested(task: &str, text: &str) -> Vec<String> {
    let pack = pack(&[("tasks/usage.toml", task), ("examples/usage.toml", text)]);
    places(&pack.unwrap_or_else(|faults| panic!("{text}\n{faults:?}")).test())
}

#[test]
fn an_example_is_what_would_be_sent() {
    let task = format!("{TASK}required = true\n");
    assert_eq!(tested(&task, EXAMPLES), [""; 0]);
    for (from, to, at) in [
        ("\"/var\"]", "\"/vax\"]", 2),
        ("\"--\", ", "", 2),
        ("\"/var\" }", "\"/vax\" }", 2),
        ("argv = [\"/usr/bin/df\", \"--\", \"/var\"]", "refused = \"pattern\"", 2),
        ("refused = \"missing\"", "argv = [\"/usr/bin/df\"]", 6),
        ("refused = \"missing\"", "refused = \"pattern\"", 6),
        ("argv =", "stdin = \"x\"\nargv =", 2),
    ] {
        let changed = EXAMPLES.replace(from, to);
        assert_ne!(changed, EXAMPLES);
        let found = tested(&task, &changed);
        assert_eq!(found.len(), 1, "{changed}");
        assert!(found[0].starts_with(&format!("examples/usage.toml:{at}:")), "{found:?}");
        assert!(found[0].ends_with(" example"), "{found:?}");
    }
}

#[test]
fn what_an_example_cannot_be_is_told_with_its_place() {
    for (from, to, expected) in [
        ("\"Get-Usage\"", "\"Get-Usag\"", "examples/usage.toml:1:1 reference"),
        ("title = \"One path\"\n", "", "examples/usage.toml:2:1 missing_field"),
        ("refused = \"missing\"\n", "", "examples/usage.toml:6:1 missing_field"),
        (
            "refused = \"missing\"\n",
            "refused = \"missing\"\nargv = []\n",
            "examples/usage.toml:6:1 missing_field",
        ),
        ("argv", "agrv", "examples/usage.toml:5:1 unknown_field"),
    ] {
        let text = EXAMPLES.replace(from, to);
        let faults = pack(&[("examples/usage.toml", &text)]).unwrap_err();
        assert!(places(&faults).contains(&expected.to_owned()), "{text}\n{faults:?}");
    }
}

#[test]
fn each_executor_says_what_it_would_send() {
    let statements = r#"name = "Get-Usage"
[execution]
executor = "postgresql"
target = "main"
role = "reader"
[[execution.statements]]
sql = "SELECT $1, $2"
parameters = [{ name = "Path" }, { name = "Count", when_absent = "null" }]
[[execution.statements]]
sql = "SELECT 1"
[[parameters]]
name = "Path"
type = "string"
max_length = 200
[[parameters]]
name = "Count"
type = "integer"
"#;
    let example = |sent: &str| {
        format!(
            "task = \"Get-Usage\"\n[[examples]]\ntitle = \"x\"\nparameters = {{ Path = \"/var\" }}\n{sent}\n"
        )
    };
    assert_eq!(tested(statements, &example("bound = [[\"/var\", { \"$null\" = true }], []]")), [""; 0]);
    assert_eq!(tested(statements, &example("bound = [[\"/var\"], []]")).len(), 1);
    let request = r#"name = "Get-Usage"
[execution]
executor = "http"
target = "api"
method = "POST"
path = "/usage/{Path}"
slashes = ["Path"]
body = { json = { path = { "$parameter" = "Path" } } }
[[parameters]]
name = "Path"
type = "string"
max_length = 200
"#;
    let sent = "request = \"POST /usage/v%2Far\"\nheaders = { content-type = \"application/json\" }\nbody = { path = \"v/ar\" }";
    let parameters = |text: String| text.replace("/var", "v/ar");
    assert_eq!(tested(request, &parameters(example(sent))), [""; 0]);
    assert_eq!(tested(request, &parameters(example("request = \"POST /usage/v%2Far\""))).len(), 1);
    assert_eq!(tested(request, &example("refused = \"value_not_a_segment\"")), [""; 0]);
}
