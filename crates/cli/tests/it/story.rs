//! From an empty directory to a verified ledger, by the lines that people type.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::world::{As, Ran, World, is_root, processes_with};

#[test]
fn the_main_job_as_an_ordinary_user() {
    walk(As::Ordinary);
}

#[test]
fn the_main_job_as_root_with_server_and_runner_apart() {
    if is_root() {
        walk(As::Root);
    }
}

fn walk(who: As) {
    let (mut world, link) = World::open(who);
    set_up(&world, &link);
    refusal_approval_run(&world);
    approvers_and_denials(&world);
    exit_codes(&world);
    a_file(&world);
    a_window_of_two_seconds(&mut world);
    revocation_stops_what_runs(&mut world);
    the_control_plane(&world);
    microsofts_lines(&world);
    audit_and_proofs(&mut world, who);
}

const TASKS: [(&str, &str); 4] = [
    (
        "Write-Text",
        "program = \"/usr/bin/echo\"\narguments = [{ parameter = { name = \"Text\" } }]\n\n[[parameters]]\nname = \"Text\"\n\
         type = \"string\"\nmax_length = 100\nrequired = true\nbinding = \"always\"\n",
    ),
    (
        "Get-Item",
        "program = \"/usr/bin/ls\"\narguments = [{ literal = \"--\" }, { parameter = { name = \"Path\" } }]\n\n[[parameters]]\n\
         name = \"Path\"\ntype = \"string\"\nmax_length = 100\nrequired = true\nbinding = \"always\"\n",
    ),
    (
        "Start-Wait",
        "program = \"/usr/bin/sleep\"\narguments = [{ literal = \"--\" }, { parameter = { name = \"Seconds\" } }]\n\n\
         [[parameters]]\nname = \"Seconds\"\ntype = \"integer\"\nmin = 1\nmax = 999999\nrequired = true\nbinding = \"free\"\n",
    ),
    (
        "Read-File",
        "program = \"/usr/bin/cat\"\narguments = []\nstdin = \"File\"\n\n[[parameters]]\nname = \"File\"\ntype = \"file\"\n\
         max_size = 1000\ntext = true\nrequired = true\nbinding = \"always\"\n",
    ),
];

fn pack(directory: &Path) {
    std::fs::create_dir_all(directory.join("tasks")).unwrap();
    let manifest = "name = \"trial\"\nversion = \"1\"\ntitle = \"Trial\"\ndescription = \"For tests.\"\nworkload = \"Trial\"\n\
                    runspace = \"process\"\n";
    std::fs::write(directory.join("pack.toml"), manifest).unwrap();
    for (name, rest) in TASKS {
        let head = format!(
            "name = \"{name}\"\ntitle = \"{name}\"\ndescription = \"For tests.\"\n\n[execution]\nexecutor = \"process\"\n"
        );
        std::fs::write(directory.join(format!("tasks/{name}.toml")), head + rest).unwrap();
    }
    let roles = "[[roles]]\nname = \"Trial Users\"\ntasks = [\"Write-Text\", \"Get-Item\", \"Start-Wait\", \"Read-File\"]\n\n[[role_groups]]\n\
                 name = \"Trial Group\"\nroles = [\"Trial Users\"]\n";
    std::fs::write(directory.join("roles.toml"), roles).unwrap();
}

fn set_up(world: &World, link: &str) {
    world.join("ada", link);
    for name in ["bob", "rita"] {
        let upn = format!("{name}@contoso.example");
        let made = world.line(
            "ada",
            &["person", "new", &upn, "--display-name", name, "--print-link", "--output", "json"],
        );
        world.join(name, &made.ends(0).text("/link"));
    }
    world
        .line("ada", &["group", "new", "Approvers", "--mail", "approvers@contoso.example"])
        .ends(0)
        .prints("group: g-");
    world.line("ada", &["group", "add-member", "Approvers", "ada@contoso.example"]).ends(0);
    import(world);
    world.line("ada", &["group", "show", "approvers"]).ends(0).prints("bob@contoso.example");
    let directory = world.path("pack");
    pack(&directory);
    let directory = directory.display().to_string();
    world.line("ada", &["catalog", "lint", &directory]).ends(0).prints("4 tasks");
    world.line("ada", &["catalog", "diff", &directory]).ends(0).prints(r"+ task Trial\Write-Text");
    world.line("ada", &["catalog", "apply", &directory]).ends(0);
    world.line("ada", &["catalog", "diff", &directory]).ends(0).prints("Nothing changes");
    world.line("ada", &["role-group", "add-member", r"Trial\Trial Group", "rita@contoso.example"]).ends(0);
    for (task, _) in TASKS {
        let task = format!(r"Trial\{task}");
        let policy = [
            "New-ElevatedAccessApprovalPolicy",
            "-Task",
            &task,
            "-ApprovalType",
            "Manual",
            "-ApproverGroup",
            "Approvers",
        ];
        world.line("ada", &policy).ends(0).prints("policy: pol-");
    }
    world.line("rita", &["run", r"Trial\Write-Text", "-p", "Text=x"]).ends(123).says("set_up");
    world.line("ada", &["Enable-ElevatedAccessControl", "-AdminGroup", "Approvers"]).ends(0);
    world.line("ada", &["access", "status"]).ends(0).prints("Contoso Ltd.");
}

/// Files of which a part is there already: the rest is added, and once more adds nothing.
fn import(world: &World) {
    let file = |name: &str, text: &str| {
        let path = world.path(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let people = "userprincipalname,DisplayName,Mail\nrita@contoso.example,rita,\ncarl@contoso.example,\"Carl \"\"X\"\" O'Neil\",c@contoso.example\n";
    let people = file("people.csv", people);
    let planned = world.line("ada", &["person", "import", &people, "--dry-run"]).ends(0);
    planned.prints("New-User").prints("is there already");
    assert!(!world.line("ada", &["person", "list"]).ends(0).out.contains("carl@"), "a dry run adds nobody");
    world.line("ada", &["person", "import", &people]).ends(0).says("1 act carried out");
    world.line("ada", &["person", "list"]).ends(0).prints("Carl \"X\" O'Neil").prints("c@contoso.example");
    let groups = "Group,Member,Mail\nApprovers,bob@contoso.example,\nApprovers,ada@contoso.example,\n\
                  Night Watch,Approvers,watch@contoso.example\nNight Watch,carl@contoso.example,\n";
    let groups = file("groups.csv", groups);
    world.line("ada", &["group", "import", &groups]).ends(0).says("3 acts carried out");
    world.line("ada", &["group", "import", &groups]).ends(0).says("0 acts carried out");
    world
        .line("ada", &["group", "show", "night watch"])
        .ends(0)
        .prints("carl@contoso.example")
        .prints("Approvers");
    world
        .line("rita", &["person", "import", &people])
        .ends(3)
        .says("Stopped at line 3: 0 of 1 acts are done");
    let stranger = file("stranger.csv", "Group,Member\nApprovers,nobody@contoso.example\n");
    world.line("ada", &["group", "import", &stranger]).ends(1).says("There is no person");
}

/// Sends a request as Rita; gives its number.
fn ask(world: &World, task: &str, rest: &[&str]) -> String {
    let task = format!(r"Trial\{task}");
    let mut line = vec!["request", "new", &task, "--reason", "because I must"];
    line.extend(rest);
    let sent = world.line("rita", &line).ends(0).says("pending");
    sent.out.trim().to_owned()
}

fn approve(world: &World, number: &str) {
    let line = ["Approve-ElevatedAccessRequest", "-RequestId", number, "-Comment", "fine"];
    world.line("bob", &line).ends(0).prints("approved").says("rita@contoso.example asks for");
}

fn write(world: &World, text: &str) -> Ran {
    world.line("rita", &["run", r"Trial\Write-Text", "-p", &format!("Text={text}")])
}

fn refusal_approval_run(world: &World) {
    let refused = write(world, "hello").ends(123);
    assert!(
        refused.err.starts_with(
            "refused: Insufficient permissions. Please raise an elevated access request for this task."
        ),
        "{}",
        refused.err
    );
    let refused = refused.says("code: authorization_required").says("governed by:");
    assert!(refused.err.contains(
        r"hint: countersign run 'Trial\Write-Text' -p Text=hello --request --reason '<why>' --wait"
    ));
    assert_eq!(refused.out, "", "nothing but data is data");
    let line = [
        "new-ELEVATEDaccessrequest",
        "-Task",
        r"Trial\Write-Text",
        "-Reason",
        "because I must",
        "-DurationHours",
        "4",
        "-Parameter",
        "Text=hello",
    ];
    let number = world.line("rita", &line).ends(0).says("pending").out.trim().to_owned();
    assert!(number.starts_with("R-"), "{number}");
    write(world, "hello").ends(124).says("waiting:");
    world.line("rita", &["request", "approve", &number]).ends(3).says("self_approval");
    approve(world, &number);
    let ran = write(world, "hello").ends(0);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("hello\n", ""));
    write(world, "other").ends(123).says("parameter_not_approved");
    assert_eq!(write(world, "hello").ends(0).out, "hello\n", "as often as needed");
    world.line("rita", &["execution", "list", "--mine"]).ends(0).prints("succeeded");
}

fn approvers_and_denials(world: &World) {
    let number = ask(world, "Get-Item", &["-p", "Path=/nonexistent"]);
    world.line("bob", &["request", "list", "--to-decide"]).ends(0).prints(&number);
    world.line("bob", &["request", "question", &number, "Which one?"]).ends(0);
    world.line("rita", &["request", "answer", &number, "The one that is not there."]).ends(0);
    world.line("bob", &["request", "show", &number]).ends(0).prints("Which one?").prints("/nonexistent");
    let wrong = "0".repeat(64);
    world
        .line("bob", &["request", "approve", &number, "--statement", &wrong])
        .ends(3)
        .says("statement_changed");
    world.line("bob", &["request", "deny", &number, "--comment", "no need"]).ends(0).prints("denied");
    world.line("bob", &["request", "approve", &number]).ends(3).says("already_final");
    world.line("rita", &["request", "again", &number]).ends(0).says(&format!("denied before: {number}"));
    world.line("rita", &["request", "show", "R-999999"]).ends(3).says("not_found");
    let again =
        world.line("rita", &["request", "list", "--mine", "--status", "pending", "--output", "json"]).ends(0);
    approve(world, &again.text("/0/number"));
}

fn exit_codes(world: &World) {
    let ran = world.line("rita", &["run", r"Trial\Get-Item", "-p", "Path=/nonexistent"]);
    assert_eq!(ran.code, 2, "ls says 2: {}", ran.err);
    ran.says("/nonexistent");
    world.line("rita", &["run", r"Trial\Get-Item", "-p", "Bogus=1"]).ends(122).says("It has: Path");
    world.line("rita", &["run", r"Trial\Nothing"]).ends(123);
    world.line("rita", &["person", "list"]).ends(0);
    world.line("rita", &["New-Group", "-Name", "X", "-Mail", "x@contoso.example"]).ends(3);
}

/// A file is read here, uploaded, approved by its digest, and what runs gets exactly that.
fn a_file(world: &World) {
    let file = |name: &str, text: &str| {
        let path = world.path(name);
        std::fs::write(&path, text).unwrap();
        format!("File=@{}", path.display())
    };
    let (file, other) = (file("one.sql", "select 1;\n"), file("two.sql", "select 2;\n"));
    let number = ask(world, "Read-File", &["-p", &file]);
    let read = format!("countersign request file {number}");
    world.line("bob", &["request", "show", &number]).ends(0).prints("text/plain").prints(&read);
    // What is approved by its digest was read before.
    for name in ["bob", "rita"] {
        assert_eq!(world.line(name, &["request", "file", &number]).ends(0).out, "select 1;\n");
    }
    let to = world.path("read.sql");
    let write = ["request", "file", &number, "file", "--to", to.to_str().unwrap()];
    world.line("bob", &write).ends(0);
    assert_eq!(std::fs::read(&to).unwrap(), b"select 1;\n");
    world.line("bob", &write).ends(1);
    world.line("bob", &["request", "file", &number, "Other"]).ends(1).says("cites no such file");
    approve(world, &number);
    let run = |file: &str| world.line("rita", &["run", r"Trial\Read-File", "-p", file]);
    assert_eq!(run(&file).ends(0).out, "select 1;\n");
    run(&other).ends(123).says("parameter_not_approved");
    run("File=@/nonexistent").ends(121).says("/nonexistent");
    let long = world.path("long.sql");
    std::fs::write(&long, "x".repeat(1001)).unwrap();
    run(&format!("File=@{}", long.display())).ends(122).says("at most 1000 bytes");
}

fn begin(world: &World, seconds: &str) -> Child {
    let mut command = world.person("rita");
    command.args(["run", r"Trial\Start-Wait", "-p", &format!("Seconds={seconds}")]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn a_window_of_two_seconds(world: &mut World) {
    let number = ask(world, "Start-Wait", &["--duration", "2s"]);
    approve(world, &number);
    let (begun, seconds) = (Instant::now(), world.seconds(8));
    let ran = Ran::of(&begin(world, &seconds).wait_with_output().unwrap());
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    ran.ends(121).says("stopped: its time was over");
    world.wait("the sleeper to be gone", |_| processes_with(&seconds).is_empty());
    world.line("rita", &["run", r"Trial\Start-Wait", "-p", "Seconds=1"]).ends(123);
}

fn revocation_stops_what_runs(world: &mut World) {
    let number = ask(world, "Start-Wait", &[]);
    approve(world, &number);
    let seconds = world.seconds(9);
    let running = begin(world, &seconds);
    world.wait("the sleeper", |_| !processes_with(&seconds).is_empty());
    let line = ["Revoke-ElevatedAccessAuthorization", "-RequestId", &number, "-Comment", "enough"];
    world.line("bob", &line).ends(0).prints("revoked");
    Ran::of(&running.wait_with_output().unwrap()).ends(121).says("stopped: its authorization was revoked");
    world.wait("the sleeper to be gone", |_| processes_with(&seconds).is_empty());
    world.line("rita", &["authorization", "show", &number]).ends(0).prints("revoked");
}

fn the_control_plane(world: &World) {
    let line = ["group", "new", "Auditors", "--mail", "auditors@contoso.example"];
    world.line("ada", &line).ends(3).says("--request --reason '<why>' --wait");
    let mut asking = world.person("ada");
    asking.args(line).args(["--request", "--reason", "the auditors come", "--wait"]);
    let asking = asking.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    let number = loop {
        let open = world.line("bob", &["request", "list", "--to-decide", "--output", "json"]).ends(0).json();
        if let Some(number) = open.pointer("/0/number") {
            break number.as_str().unwrap().to_owned();
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "no request came");
    };
    world.line("bob", &["request", "approve", &number, "--comment", "fine"]).ends(0);
    Ran::of(&asking.wait_with_output().unwrap()).ends(0).prints("group: g-");
    world.line("ada", &["group", "list"]).ends(0).prints("Auditors");
    let exported = world.line("ada", &["policy", "export"]).ends(0).prints("ApproverGroup = \"Approvers\"");
    let file = world.path("policies.toml");
    std::fs::write(&file, exported.out).unwrap();
    world
        .line("ada", &["policy", "apply", "--dry-run", &file.display().to_string()])
        .ends(0)
        .says("Nothing changes");
}

fn microsofts_lines(world: &World) {
    world.line("rita", &["Get-ElevatedAccessRequest"]).ends(0).prints("R-").prints("denied");
    world.line("bob", &["Get-ElevatedAccessAuthorization"]).ends(0).prints("rita@contoso.example");
    world.line("ada", &["Get-ElevatedAccessApprovalPolicy"]).ends(0).prints(r"Trial\Write-Text");
    world.line("ada", &["Get-ElevatedAccessControl"]).ends(0);
    world.line("rita", &["Frobnicate-Everything"]).ends(3);
    world
        .line("ada", &["Disable-User", "-Identity", "nobody@contoso.example"])
        .ends(1)
        .says("There is no person");
    let list = [
        "Enable-ElevatedAccessControl",
        "-AdminGroup",
        "Approvers",
        "-SystemAccounts",
        "@('a@contoso.example','b')",
    ];
    world.line("ada", &list).ends(1).says("a@contoso.example");
}

fn audit_and_proofs(world: &mut World, who: As) {
    world.line("ada", &["audit", "search", r"task=Trial\Write-Text"]).ends(0);
    world.line("rita", &["audit", "search"]).ends(3);
    let checkpoint = world.line("ada", &["ledger", "checkpoint"]).ends(0);
    let (note, key, data) = (world.file("checkpoint"), world.file("vkey"), world.file("data"));
    std::fs::write(&note, &checkpoint.out).unwrap();
    std::fs::write(&key, world.line("ada", &["ledger", "vkey"]).ends(0).out).unwrap();
    world.line("ada", &["ledger", "prove", "3"]).ends(0).prints("c2sp.org/tlog-proof@v1");
    let verify = |directory: &str| {
        world.host(&["ledger", "verify", "--data-dir", directory, "--checkpoint", &note, "--vkey", &key])
    };
    verify(&data).ends(0).prints("Nothing is wrong").prints("Contoso".to_lowercase().as_str());
    world.stop();
    let verify = |directory: &str| {
        world.host(&["ledger", "verify", "--data-dir", directory, "--checkpoint", &note, "--vkey", &key])
    };
    verify(&data).ends(0);
    for (name, tamper) in TAMPERINGS {
        let copy = world.file(name);
        copy_of(&data, &copy, who);
        Connection::open(Path::new(&copy).join("ledger.db")).unwrap().execute_batch(tamper).unwrap();
        verify(&copy).ends(1).prints("This copy is NOT as it should be.");
    }
    let rebuilt = world.host(&["store", "rebuild", "--config", &world.file("countersign.toml")]);
    if who == As::Ordinary {
        rebuilt.ends(0).prints("every table was as the ledger says");
    }
    world.serve();
    assert_eq!(write(world, "hello").ends(0).out, "hello\n", "what was granted survives a restart");
    world.stop();
}

const TAMPERINGS: [(&str, &str); 4] = [
    (
        "changed",
        "UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'approve', 'approvx') AS BLOB) WHERE seq > 40;",
    ),
    ("removed", "DELETE FROM entry WHERE seq = 40;"),
    (
        "truncated",
        "DELETE FROM batch WHERE first_seq > 40; DELETE FROM entry WHERE seq >= (SELECT max(size) FROM batch);",
    ),
    ("appended", "INSERT INTO entry SELECT max(seq) + 1, bytes FROM entry;"),
];

fn copy_of(data: &str, copy: &str, who: As) {
    let copied = std::process::Command::new("cp").args(["-r", data, copy]).status().unwrap();
    assert!(copied.success());
    if who == As::Ordinary && is_root() {
        let given = std::process::Command::new("chown").args(["-R", "nobody", copy]).status().unwrap();
        assert!(given.success());
    }
}
