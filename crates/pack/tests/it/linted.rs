use super::{TASK, pack, places};

#[track_caller]
fn linted(text: &str) -> Vec<String> {
    let pack = pack(&[("tasks/usage.toml", text)]).unwrap_or_else(|faults| panic!("{text}\n{faults:?}"));
    places(&pack.lint())
}

#[test]
fn definitions_that_cannot_work_are_found() {
    let parameter = |lines: &str| format!("{TASK}[[parameters]]\n{lines}\n");
    for (text, expected) in [
        (
            TASK.replace("\"Path\" } }", "\"path\" } }"),
            vec!["tasks/usage.toml:5:1 reference", "tasks/usage.toml:6:1 reference"],
        ),
        (parameter("name = \"Other\"\ntype = \"guid\""), vec!["tasks/usage.toml:10:1 reference"]),
        (
            TASK.replace("\"string\"\nmax_length", "\"secret\"\nmax_length"),
            vec!["tasks/usage.toml:5:1 execution"],
        ),
        (
            TASK.replace("{ parameter", "{ switch").replace("\"Path\" }", "\"Path\", literal = \"-f\" }"),
            vec!["tasks/usage.toml:5:1 execution"],
        ),
        (TASK.replace("= 200", "= 65537"), vec!["tasks/usage.toml:6:1 definition"]),
        (
            TASK.replace("[execution]", "[limits]\nmax_run_time = \"25h\"\n[execution]"),
            vec!["tasks/usage.toml:3:1 definition"],
        ),
        (TASK.replace("/usr/bin/df", "df"), vec!["tasks/usage.toml:2:2 execution"]),
        (format!("{TASK}picker = \"Get-Other\""), vec!["tasks/usage.toml:10:1 reference"]),
        (format!("{TASK}picker = \"Get-Usage\""), vec!["tasks/usage.toml:10:1 reference"]),
        (
            TASK.replace("[execution]", "[execution]\nenvironment = { LD_PRELOAD = \"x\" }"),
            vec!["tasks/usage.toml:2:2 execution"],
        ),
    ] {
        assert_eq!(linted(&text), expected, "{text}");
    }
}

#[test]
fn free_text_reaches_no_interpreter_unless_marked() {
    let shell = TASK.replace("/usr/bin/df", "/bin/sh").replace("\"--\"", "\"-c\"");
    assert_eq!(linted(&shell), ["tasks/usage.toml:5:1 execution"]);
    assert!(linted(&format!("arbitrary_code = true\n{shell}")).is_empty());
    assert_eq!(
        linted(&format!("arbitrary_code = true\n{shell}binding = \"free\"")),
        ["tasks/usage.toml:11:1 definition"]
    );
    let number = shell.replace("\"string\"\nmax_length = 200", "\"integer\"");
    assert!(linted(&number).is_empty());
}

const DATABASE: &str = r#"name = "Get-Usage"
[execution]
executor = "postgresql"
target = "main"
role = "reader"
[[execution.statements]]
sql = "SELECT $1"
parameters = [{ name = "Path" }]
[[parameters]]
name = "Path"
type = "string"
max_length = 200
"#;

#[test]
fn statements_that_cannot_work_are_found_where_they_stand() {
    assert!(linted(DATABASE).is_empty());
    for (text, expected) in [
        (DATABASE.replace("SELECT $1", "SELECT '$1'"), vec!["tasks/usage.toml:6:13 execution"]),
        (DATABASE.replace("SELECT $1", "SELECT $1; DROP TABLE t"), vec!["tasks/usage.toml:6:13 execution"]),
        (DATABASE.replace("SELECT $1", "RESET ROLE"), vec!["tasks/usage.toml:6:13 execution"; 2]),
        (DATABASE.replace("SELECT $1", "SELECT query_to_xml($1)"), vec!["tasks/usage.toml:6:13 execution"]),
        (
            DATABASE.replace("{ name = \"Path\" }", "{ name = \"Paht\" }"),
            vec!["tasks/usage.toml:6:13 reference", "tasks/usage.toml:9:1 reference"],
        ),
        (DATABASE.replace("\"string\"", "\"secret\""), vec!["tasks/usage.toml:6:13 execution"]),
        (
            format!("read_only = true\n{}", DATABASE.replace("role =", "access = \"read_write\"\nrole =")),
            vec!["tasks/usage.toml:6:1 execution"],
        ),
    ] {
        assert_eq!(linted(&text), expected, "{text}");
    }
    let misspelt = DATABASE.replace("target", "traget");
    let faults = pack(&[("tasks/usage.toml", &misspelt)]).unwrap_err();
    assert_eq!(places(&faults), ["tasks/usage.toml:4:1 unknown_field"]);
    assert_eq!(faults[0].hint.as_deref(), Some("did you mean `target`?"));
}

#[test]
fn a_program_elsewhere_is_judged_as_one_here() {
    let elsewhere = TASK.replace("\"process\"", "\"ssh\"\ntarget = \"web\"\nuser = \"reader\"");
    assert!(linted(&elsewhere).is_empty());
    for (text, expected) in [
        (elsewhere.replace("/usr/bin/df", "df"), "tasks/usage.toml:2:2 execution"),
        (elsewhere.replace("/usr/bin/df", "/usr/bin/sudo"), "tasks/usage.toml:7:1 execution"),
        (
            elsewhere.replace("\"string\"\nmax_length", "\"secret\"\nmax_length"),
            "tasks/usage.toml:7:1 execution",
        ),
        (elsewhere.replace("\"reader\"", "\"\""), "tasks/usage.toml:2:2 execution"),
    ] {
        assert_eq!(linted(&text), [expected], "{text}");
    }
}

#[test]
fn hosts_that_a_request_names_are_bound() {
    let named = TASK.replace("\"process\"", "\"ssh\"\ntarget = { parameter = \"Hosts\" }\nuser = \"reader\"")
        + "[[parameters]]\nname = \"Hosts\"\ntype = \"list\"\nof = { type = \"string\", max_length = 64 }\nmax_items = 9\n";
    let sound = format!("{named}required = true\nbinding = \"always\"\n");
    assert!(linted(&sound).is_empty(), "{:?}", linted(&sound));
    for (text, expected) in [
        (named.clone(), "tasks/usage.toml:4:1 execution"),
        (format!("{named}required = true\nbinding = \"free\"\n"), "tasks/usage.toml:4:1 execution"),
        (
            sound.replace(
                "type = \"list\"\nof = { type = \"string\", max_length = 64 }\nmax_items = 9",
                "type = \"integer\"",
            ),
            "tasks/usage.toml:4:1 execution",
        ),
    ] {
        assert_eq!(linted(&text), [expected], "{text}");
    }
    let misspelt = sound.replace("{ parameter = \"Hosts\"", "{ at_onec = 2, parameter = \"Hosts\"");
    let faults = pack(&[("tasks/usage.toml", &misspelt)]).unwrap_err();
    assert!(faults[0].message.contains("at_onec"), "{faults:?}");
}

const SERVICE: &str = r#"name = "Get-Usage"
[execution]
executor = "http"
target = "api"
method = "POST"
path = "/usage/{Path}"
[[parameters]]
name = "Path"
type = "string"
max_length = 200
"#;

#[test]
fn requests_that_cannot_work_are_found_where_they_stand() {
    assert!(linted(SERVICE).is_empty());
    for (text, expected) in [
        (
            SERVICE.replace("{Path}", "{Paht}"),
            vec!["tasks/usage.toml:6:1 reference", "tasks/usage.toml:7:1 reference"],
        ),
        (SERVICE.replace("\"string\"", "\"secret\""), vec!["tasks/usage.toml:6:1 execution"]),
        (SERVICE.replace("path =", "slashes = [\"Other\"]\npath ="), vec!["tasks/usage.toml:2:2 execution"]),
        (
            SERVICE.replace("path =", "headers = [{ name = \"Host\", literal = \"x\" }]\npath ="),
            vec!["tasks/usage.toml:2:2 execution"],
        ),
        (
            SERVICE.replace("path =", "body = { json = { query = { \"$parameter\" = \"Path\" } } }\npath ="),
            vec!["tasks/usage.toml:2:2 execution"],
        ),
        (format!("read_only = true\n{SERVICE}"), vec!["tasks/usage.toml:6:1 execution"]),
    ] {
        assert_eq!(linted(&text), expected, "{text}");
    }
    for (from, to) in
        [("/usage/{Path}", "/usage/a{Path}"), ("/usage/{Path}", "usage"), ("\"POST\"", "\"post\"")]
    {
        let faults = pack(&[("tasks/usage.toml", &SERVICE.replace(from, to))]).unwrap_err();
        assert!(places(&faults)[0].starts_with("tasks/usage.toml:"), "{faults:?}");
    }
}
