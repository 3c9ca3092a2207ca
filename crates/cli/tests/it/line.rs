//! Lines that need no server: codes for programs, messages for people.

use crate::world::{Ran, countersign};

fn run(arguments: &[&str]) -> Ran {
    let home = tempfile::tempdir().unwrap();
    let mut command = countersign(home.path());
    command.env("COUNTERSIGN_URL", "http://127.0.0.1:1");
    Ran::of(&command.args(arguments).output().unwrap())
}

#[test]
fn codes_tell_usage_from_sign_in_from_unreachable() {
    let cases: &[(&[&str], i32, &str)] = &[
        (&["task", "list"], 5, "hint: countersign login"),
        (&["run", r"Host\Get-DiskUsage"], 125, "hint: countersign login"),
        (&["run"], 122, "Usage"),
        (&["request", "nothing"], 2, "Usage"),
        (&["healthcheck"], 6, "COUNTERSIGN_URL"),
        (&["--url", "http://pam.example.com", "healthcheck"], 2, "not encrypted"),
        (&["--profile", "../x", "task", "list"], 2, "cannot name a profile"),
        (&["Get-ElevatedAccessRequest"], 5, "Nobody is signed in"),
        (&["new-elevatedaccessrequest", "-Reason", "x"], 2, "Name one of -Task"),
        (&["New-ElevatedAccessRequest", "-Task", r"A\B", "-Bogus", "x", "-Reason", "y"], 2, "-Bogus"),
        (
            &["New-ElevatedAccessRequest", "-Task", r"A\B", "-DurationHours", "four"],
            2,
            "not a number of hours",
        ),
        (&["Deny-ElevatedAccessRequest", "-RequestId", "R-1"], 2, "-Comment is missing"),
        (&["Approve-ElevatedAccessRequest", "-Comment", "x"], 2, "-RequestId is missing"),
        (&["Remove-ElevatedAccessApprovalPolicy", "pol-1"], 2, "Is a quote missing?"),
        (&["config", "check", "--config", "/nonexistent"], 1, "/nonexistent"),
        (&["invitation", "redeem", "nonsense", "--password-stdin"], 2, "csi_"),
    ];
    for (arguments, code, message) in cases {
        let ran = run(arguments);
        assert_eq!(ran.code, *code, "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(message), "{arguments:?}: {}", ran.err);
        assert_eq!(ran.out, "", "{arguments:?}: messages are not data");
    }
}

#[test]
fn help_completions_and_the_keys_of_the_configuration_are_data() {
    run(&["--help"]).ends(0).prints("Exit codes").prints("ledger");
    run(&["completions", "bash"]).ends(0).prints("_countersign");
    run(&["config", "show"]).ends(0).prints("COUNTERSIGN_DATA_DIR");
    run(&["--version"]).ends(0).prints(env!("CARGO_PKG_VERSION"));
}

#[test]
fn every_noun_and_verb_has_a_manual_page() {
    let place = tempfile::tempdir().unwrap();
    run(&["man", &place.path().display().to_string()]).ends(0);
    for page in ["countersign", "countersign-run", "countersign-request-approve", "countersign-person-import"]
    {
        let text = std::fs::read_to_string(place.path().join(format!("{page}.1"))).unwrap();
        assert!(text.contains(".SH SYNOPSIS"), "{page}: {text}");
    }
    run(&["man", "/nonexistent/man1"]).ends(1).says("must exist");
}

#[test]
fn a_file_to_import_is_refused_with_every_fault_and_its_line_before_anybody_is_asked() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("people.csv");
    let text = "UserPrincipalName,DisplayName\nada@contoso.example,Ada\nADA@contoso.example,Ada\nbob,Bob\nc@d.example,\n";
    std::fs::write(&file, text).unwrap();
    let file = file.display().to_string();
    let ran = run(&["person", "import", &file]).ends(2).says("Nothing was done");
    for fault in [
        "people.csv:3: `ada@contoso.example` stands twice",
        "people.csv:4: UserPrincipalName",
        "people.csv:5: DisplayName is empty",
    ] {
        assert!(ran.err.contains(fault), "{fault}: {}", ran.err);
    }
    run(&["group", "import", &file])
        .ends(2)
        .says("is not a column here; the columns are Group, Mail, Member");
}

#[test]
fn a_session_file_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join("state/countersign/sessions");
    std::fs::create_dir_all(&directory).unwrap();
    let file = directory.join("default.json");
    std::fs::write(&file, r#"{"url":"http://127.0.0.1:1","session":"css_x","upn":"a@b.example"}"#).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let ran = Ran::of(&countersign(home.path()).args(["whoami"]).output().unwrap());
    ran.ends(1).says("can be read by others");
}

#[test]
fn a_session_is_shown_to_no_other_server() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().unwrap();
    let directory = home.path().join("state/countersign/sessions");
    std::fs::create_dir_all(&directory).unwrap();
    let file = directory.join("default.json");
    std::fs::write(&file, r#"{"url":"https://pam.example.com","session":"css_x","upn":"a@b.example"}"#)
        .unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let ran =
        Ran::of(&countersign(home.path()).args(["--url", "http://127.0.0.1:1", "whoami"]).output().unwrap());
    ran.ends(1).says("is for https://pam.example.com");
}

#[test]
fn a_packs_examples_are_made_and_compared() {
    let shipped = crate::targets::shipped("github").display().to_string();
    run(&["catalog", "test", &shipped]).ends(0).prints("nothing was sent");
    let place = tempfile::tempdir().unwrap();
    let copy = place.path().join("github").display().to_string();
    run(&["catalog", "export", "github", &copy]).ends(0);
    let path = place.path().join("github/examples/remove.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("DELETE", "GET")).unwrap();
    let ran = run(&["catalog", "test", &copy]).ends(1).says("examples/remove.toml:3:1").says("would send");
    assert_eq!(ran.out, "");
}
