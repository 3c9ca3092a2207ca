//! G20: each command leaves exactly the events it should, and a refusal exactly one.

use countersign_core::actor::{Principal, Scope};
use countersign_core::command::{Closed, Command, Initialize, Less, NewPerson};
use countersign_core::event::Body;
use countersign_core::event::body::Credential;
use countersign_core::id::TokenId;
use countersign_core::policy::Assurance;
use countersign_core::time::Span;
use countersign_ledger::hash::sha256;
use serde_json::{Value as Json, json};

use crate::world::{DISK, World, asking, bind, disk, execution, task};

/// What a task of Countersign's own leaves between its start and its outcome.
#[test]
fn g20_every_task_of_countersigns_own_leaves_start_effect_and_outcome() {
    let text = serde_json::to_string(&[task("Mail\\Send", &["To"])]).unwrap();
    let again = serde_json::to_string(&[task(DISK, &["Path"])]).unwrap();
    let cases: Vec<(&str, Json, &[&str])> = vec![
        (
            "New-User",
            json!({"UserPrincipalName": "n@fabrikam.example", "DisplayName": "N"}),
            &["PersonCreated", "InvitationIssued"],
        ),
        (
            "New-ServiceAccount",
            json!({"UserPrincipalName": "n@fabrikam.example", "DisplayName": "N", "Owner": "@sam"}),
            &["PersonCreated"],
        ),
        (
            "Set-User",
            json!({"Identity": "@sam", "UserPrincipalName": "s@fabrikam.example", "DisplayName": "S"}),
            &["PersonChanged"],
        ),
        ("Disable-User", json!({"Identity": "@sam"}), &["PersonDisabled"]),
        ("Enable-User", json!({"Identity": "@off"}), &["PersonEnabled"]),
        ("Reset-UserCredential", json!({"Identity": "@sam"}), &["InvitationIssued"]),
        ("Add-UserLink", json!({"Identity": "@sam", "Other": "@off"}), &["PeopleLinked"]),
        ("Remove-UserLink", json!({"Identity": "@sam"}), &["PersonUnlinked"]),
        ("New-Group", json!({"Name": "New", "Mail": "n@fabrikam.example"}), &["GroupCreated"]),
        ("Remove-Group", json!({"Identity": "Idle"}), &["GroupRemoved"]),
        ("Add-GroupMember", json!({"Identity": "Idle", "Member": ["@sam"]}), &["GroupMembersChanged"]),
        ("Remove-GroupMember", json!({"Identity": "Idle", "Member": ["@off"]}), &["GroupMembersChanged"]),
        ("New-ManagementRole", json!({"Name": "Host\\New", "Task": [DISK]}), &["RoleDefined"]),
        ("Remove-ManagementRole", json!({"Identity": "Host\\Operator"}), &["RoleRemoved"]),
        ("New-RoleGroup", json!({"Name": "Host\\New", "Role": ["Host\\Operator"]}), &["RoleGroupDefined"]),
        ("Remove-RoleGroup", json!({"Identity": "Host\\Operators"}), &["RoleGroupRemoved"]),
        (
            "Add-RoleGroupMember",
            json!({"Identity": "Host\\Operators", "Member": ["@sam"]}),
            &["RoleGroupMembersChanged"],
        ),
        (
            "Remove-RoleGroupMember",
            json!({"Identity": "Host\\Operators", "Member": ["@rita"]}),
            &["RoleGroupMembersChanged"],
        ),
        (
            "Import-TaskPack",
            json!({"Workload": "Mail", "Definitions": text}),
            &["WorkloadRegistered", "TaskDefined"],
        ),
        ("Import-TaskPack", json!({"Workload": "Host", "Definitions": again}), &[]),
        ("Remove-Task", json!({"Identity": DISK}), &["TaskRemoved"]),
        ("New-ElevatedAccessApprovalPolicy", json!({"Task": DISK}), &["PolicyCreated"]),
        ("Set-OrganizationConfig", json!({"OpenRequestsEach": 7}), &["OrganizationChanged"]),
        ("Disable-ElevatedAccessControl", json!({}), &["AccessDisabled"]),
        (
            "Add-SystemAccount",
            json!({"Identity": "@svc", "Reason": "why", "Days": 1}),
            &["SystemAccountAdded"],
        ),
        ("Remove-SystemAccount", json!({"Identity": "@exempt"}), &["SystemAccountRemoved"]),
        ("Stop-AllExecutions", json!({}), &["AllStopped"]),
        ("Get-OrganizationConfig", json!({}), &[]),
        ("Search-AuditLog", json!({"Filter": "who:rita"}), &["AuditWasRead"]),
        ("Export-AuditLog", json!({}), &["AuditWasRead"]),
        ("Get-ExecutionOutput", json!({"Identity": "@@run"}), &["AuditWasRead"]),
    ];
    let named: std::collections::BTreeSet<&str> = cases.iter().map(|(name, ..)| *name).collect();
    let elsewhere = [
        "Enable-ElevatedAccessControl",
        "Set-ElevatedAccessApprovalPolicy",
        "Remove-ElevatedAccessApprovalPolicy",
        "Stop-Execution",
        // g13_take_back.rs
        "Complete-TakeBack",
        "Revoke-ElevatedAccessAuthorization",
        "Clear-PersonalData",
        "Clear-RequestData",
    ];
    for builtin in countersign_core::builtin::all() {
        assert!(
            named.contains(builtin.name) || elsewhere.contains(&builtin.name),
            "{builtin:?} has no case: add a line to `cases` above"
        );
    }
    let mut prepared = small();
    let run = prepared.events.iter().find_map(|event| match &event.body {
        Body::ExecutionStarted { execution, .. } => Some(execution.to_string()),
        _ => None,
    });
    let run = run.unwrap();
    for (name, values, effects) in cases {
        let world = &mut prepared;
        let values: Json = {
            let mut text = values.to_string().replace("@@run", &run);
            for (who, id) in world.people.clone() {
                text = text.replace(&format!("\"@{who}\""), &format!("\"{id}\""));
            }
            serde_json::from_str(&text).unwrap()
        };
        let by = if name.ends_with("-AuditLog") || name == "Get-ExecutionOutput" { "cyd" } else { "ada" };
        let decision = world.try_out(&world.session(by), &execution(&format!("Countersign\\{name}"), values));
        let kinds: Vec<&str> = decision.events.iter().map(|event| event.body.kind()).collect();
        let mut expected = vec!["ExecutionStarted"];
        expected.extend(effects);
        expected.push("ExecutionFinished");
        assert_eq!(kinds, expected, "{name}: {:?}", decision.reply);
    }
}

/// Enabled with an unprotected control plane, so that each act stands alone.
fn small() -> World {
    let mut world = World::prepared();
    world.person("off");
    for (name, exempt) in [("svc", false), ("exempt", true)] {
        let owner = world.id("sam").to_string();
        let upn = format!("{name}@fabrikam.example");
        let made = world.run(
            "ada",
            "New-ServiceAccount",
            json!({"UserPrincipalName": upn, "DisplayName": name, "Owner": owner}),
        );
        world.people.insert(name.to_owned(), made["person"].parse().unwrap());
        if exempt {
            world.run(
                "ada",
                "Add-SystemAccount",
                json!({"Identity": made["person"], "Reason": "why", "Days": 1}),
            );
        }
    }
    world.run("ada", "New-Group", json!({"Name": "Idle", "Mail": "i@fabrikam.example"}));
    world.join("Idle", &["off"]);
    let (off, cyd) = (world.id("off").to_string(), world.id("cyd").to_string());
    world.run("ada", "Disable-User", json!({"Identity": off}));
    world.run(
        "ada",
        "Add-RoleGroupMember",
        json!({"Identity": "Countersign\\Compliance Management", "Member": [cyd]}),
    );
    world.run(
        "ada",
        "Enable-ElevatedAccessControl",
        json!({"AdminGroup": "Approvers", "ControlPlane": "Unprotected"}),
    );
    world
}

#[test]
fn g20_every_relation_leaves_what_happened_and_nothing_else() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders", "Approvers": 2}));
    let submit = Command::Submit(asking(DISK, &bind(&disk())));
    let kinds = |world: &mut World, name: &str, command: &Command| {
        let seq = world.state.next_seq;
        world.send(&world.session(name), command).unwrap();
        world.kinds_since(seq)
    };
    assert_eq!(kinds(&mut world, "rita", &submit), ["RequestSubmitted"]);
    let number = *world.state.requests.keys().next().unwrap();
    assert_eq!(
        kinds(&mut world, "bob", &Command::Question { number, text: "why?".to_owned() }),
        ["QuestionAsked"]
    );
    assert_eq!(
        kinds(&mut world, "rita", &Command::Answer { number, text: "so".to_owned() }),
        ["QuestionAnswered"]
    );
    let seq = world.state.next_seq;
    let less = Less { duration: Some(Span::from_hours(2)), ..Less::default() };
    world.approve_less("bob", number, Some(less)).unwrap();
    assert_eq!(world.kinds_since(seq), ["RequestNarrowed", "VoteCast"]);
    let seq = world.state.next_seq;
    world.approve("cyd", number).unwrap();
    assert_eq!(world.kinds_since(seq), ["VoteCast", "AuthorizationGranted"]);
    assert_eq!(kinds(&mut world, "rita", &execution(DISK, disk())), ["ExecutionStarted"]);
    let run = *world.state.executions.keys().next().unwrap();
    assert_eq!(kinds(&mut world, "rita", &Command::Stop { execution: run }), ["StopRequested"]);
    let seq = world.state.next_seq;
    world.lost(run);
    assert_eq!(world.kinds_since(seq), ["ExecutionFinished"]);
    assert_eq!(
        kinds(&mut world, "rita", &Command::Acknowledge { execution: run }),
        ["ExecutionAcknowledged"]
    );
    let run = world.started("rita", DISK, disk());
    let revoke = Command::Revoke { number, comment: "no".to_owned() };
    assert_eq!(kinds(&mut world, "cyd", &revoke), ["AuthorizationEnded", "StopRequested"]);
    world.finish(run);
    for (name, ends) in [("rita", "cancel"), ("bob", "deny")] {
        let number = world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
        let statement = world.statement(number);
        let command = match ends {
            "cancel" => Command::Cancel { number },
            _ => Command::Deny { number, statement, comment: "no".to_owned() },
        };
        assert_eq!(kinds(&mut world, name, &command), ["RequestEnded"]);
    }
}

#[test]
fn g20_credentials_tokens_sign_ins_and_the_host_leave_theirs() {
    let mut world = World::enabled();
    let sam = world.id("sam");
    let kinds = |world: &mut World, principal: &Principal, command: &Command| {
        let seq = world.state.next_seq;
        world.send(principal, command).unwrap();
        world.kinds_since(seq)
    };
    let session = world.session("sam");
    let digest = sha256(b"new");
    let set = |credential| Command::SetCredential { person: sam, link: None, credential, digest };
    assert_eq!(kinds(&mut world, &session, &set(Credential::Recovery)), ["CredentialSet"]);
    let factor = Command::SetFactor { totp: digest, recovery: digest };
    assert_eq!(kinds(&mut world, &session, &factor), ["CredentialSet", "CredentialSet"]);
    let remove = Command::RemoveCredential { credential: Credential::Totp };
    assert_eq!(kinds(&mut world, &session, &remove), ["CredentialRemoved", "CredentialRemoved"]);
    assert_eq!(kinds(&mut world, &session, &set(Credential::Recovery)), ["CredentialSet"]);
    let remove = Command::RemoveCredential { credential: Credential::Recovery };
    assert_eq!(kinds(&mut world, &session, &remove), ["CredentialRemoved"]);
    let issue = Command::IssueToken {
        account: None,
        secret: digest,
        scopes: [Scope::Read].into(),
        until: world.now.plus(Span::from_hours(1)),
        label: "x".to_owned(),
    };
    assert_eq!(kinds(&mut world, &session, &issue), ["TokenIssued"]);
    let token = *world.state.tokens.keys().next().unwrap();
    assert_eq!(kinds(&mut world, &session, &Command::RevokeToken { token }), ["TokenRevoked"]);
    let (system, host) = (Principal::system(), Principal::host());
    let signed_in = Command::RecordSignIn { person: sam, assurance: Assurance::Session };
    assert_eq!(kinds(&mut world, &system, &signed_in), ["SignedIn"]);
    let failed = Command::RecordFailedSignIns { person: None, count: 7 };
    assert_eq!(kinds(&mut world, &system, &failed), ["SignInFailed"]);
    let suspect = Command::SuspectClock { stated: world.now };
    assert_eq!(kinds(&mut world, &system, &suspect), ["ClockSuspected"]);
    assert!(kinds(&mut world, &system, &suspect).is_empty(), "suspect already");
    assert_eq!(kinds(&mut world, &host, &Command::AcceptClock), ["ClockAccepted"]);
    let start = Command::StartNode {
        version: "1".to_owned(),
        binary: digest,
        configuration: digest,
        separated: true,
    };
    assert_eq!(kinds(&mut world, &host, &start), ["NodeStarted"]);
    let recover = Command::Recover { person: world.id("ada"), secret: digest };
    assert_eq!(kinds(&mut world, &host, &recover), ["RecoveryUsed", "InvitationIssued"]);
    assert!(kinds(&mut world, &system, &Command::Tick).is_empty(), "nothing is due");
    // Nobody else says such things.
    let people = world.session("ada");
    for command in [signed_in, failed, suspect, start, recover] {
        let seq = world.state.next_seq;
        assert!(world.send(&people, &command).is_err(), "{command:?}");
        assert_eq!(world.kinds_since(seq), ["Refused"]);
    }
}

#[test]
fn g20_a_refusal_of_any_command_leaves_one_event_and_changes_nothing_else() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    let number = world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
    let commands = vec![
        Command::Initialize(Initialize {
            organization: "X".to_owned(),
            ledger: "x".to_owned(),
            zone: "UTC".to_owned(),
            administrator: NewPerson {
                upn: "x".to_owned(),
                display_name: "x".to_owned(),
                mail: "x".to_owned(),
            },
            secret: sha256(b"x"),
        }),
        execution(DISK, disk()),
        execution("Countersign\\New-Group", json!({"Name": "X", "Mail": "x@fabrikam.example"})),
        execution(DISK, json!({"Wrong": 1})),
        Command::Submit(asking(DISK, &bind(&disk()))),
        Command::Deny { number, statement: sha256(b"x"), comment: "x".to_owned() },
        Command::Cancel { number },
        Command::GiveBack { number },
        Command::Revoke { number, comment: "x".to_owned() },
        Command::Question { number, text: "x".to_owned() },
        Command::Answer { number, text: "x".to_owned() },
        Command::RevokeToken { token: TokenId::from_bytes([1; 16]) },
        Command::AcceptClock,
        Command::TurnAway { route: "GET /api/v1/people".to_owned(), why: Closed::Scope },
    ];
    for command in commands {
        let before = world.state.clone();
        assert!(world.send(&world.session("sam"), &command).is_err(), "{command:?}");
        assert_eq!(world.kinds_since(before.next_seq), ["Refused"], "{command:?}");
        let Body::Refused { attempt, .. } = world.last() else { panic!("{command:?}") };
        assert_eq!(attempt, command.word());
        let strip = |state: &countersign_core::state::State| {
            let mut state = state.clone();
            state.next_seq = 0;
            serde_json::to_string(&state).unwrap()
        };
        assert_eq!(strip(&before), strip(&world.state), "{command:?}");
    }
}

#[test]
fn g20_what_is_due_is_recorded_once() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    let number = world.granted(|_| {});
    world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
    let kinds = |world: &mut World| {
        let seq = world.state.next_seq;
        world.tick();
        world.kinds_since(seq)
    };
    world.now = world.state.authorizations[&number].until.minus(Span::from_mins(15));
    assert_eq!(kinds(&mut world), ["ReminderDue"]);
    assert!(kinds(&mut world).is_empty());
    world.pass(Span::from_mins(15));
    assert_eq!(kinds(&mut world), ["AuthorizationEnded"]);
    world.pass(Span::from_hours(16));
    assert_eq!(kinds(&mut world), ["ReminderDue"]);
    world.pass(Span::from_hours(4));
    assert_eq!(kinds(&mut world), ["RequestEnded"]);
    assert!(kinds(&mut world).is_empty());
}

/// The admin center names what happened, and offers each kind to the search, by these words.
#[test]
fn g20_every_kind_of_event_has_a_word_in_the_admin_center() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/src/words/en/audit.ts");
    let words = std::fs::read_to_string(path).unwrap();
    let missing: Vec<_> =
        Body::KINDS.iter().filter(|kind| !words.contains(&format!("\"event.{kind}\""))).collect();
    assert!(missing.is_empty(), "web/src/words: module `audit` has no key `event.NAME` for {missing:?}");
}
