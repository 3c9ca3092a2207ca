//! G17: what changes who may do what needs another person, whatever else is in force; and somebody always remains.

use countersign_core::actor::Scope;
use countersign_core::builtin;
use countersign_core::command::Command;
use countersign_core::event::body::Credential;
use countersign_core::policy::Target;
use countersign_core::refusal::Code;
use countersign_core::tasks;
use countersign_core::time::Span;
use serde_json::{Value as Json, json};

use crate::world::{DISK, World, asking, bind, execution};

const NEVER_CONTROL_PLANE: &[&str] = &[
    "Disable-User",
    "Remove-SystemAccount",
    "Stop-Execution",
    "Stop-AllExecutions",
    "Revoke-ElevatedAccessAuthorization",
    "Get-ExecutionOutput",
    "Get-OrganizationConfig",
    "Search-AuditLog",
    "Export-AuditLog",
];

/// Values that every one of Countersign's own tasks takes.
fn values(world: &World, task: &str) -> Json {
    let rita = world.id("rita").to_string();
    match task {
        "Enable-ElevatedAccessControl" => json!({"AdminGroup": "Approvers"}),
        "New-User" => json!({"UserPrincipalName": "n@fabrikam.example", "DisplayName": "N"}),
        "New-ServiceAccount" => {
            json!({"UserPrincipalName": "n@fabrikam.example", "DisplayName": "N", "Owner": rita})
        }
        "Set-User" => {
            json!({"Identity": rita, "UserPrincipalName": "r@fabrikam.example", "DisplayName": "R"})
        }
        "Add-UserLink" => json!({"Identity": rita, "Other": world.id("sam").to_string()}),
        "Add-SystemAccount" => json!({"Identity": rita, "Reason": "why", "Days": 1}),
        "New-Group" => json!({"Name": "X", "Mail": "x@fabrikam.example"}),
        "Add-GroupMember" | "Remove-GroupMember" => json!({"Identity": "Approvers", "Member": [rita]}),
        "Add-RoleGroupMember" | "Remove-RoleGroupMember" => {
            json!({"Identity": "Host\\Operators", "Member": [rita]})
        }
        "Remove-Group" => json!({"Identity": "Approvers"}),
        "New-ManagementRole" => json!({"Name": "Host\\New", "Task": [DISK]}),
        "New-RoleGroup" => json!({"Name": "Host\\New", "Role": ["Host\\Operator"]}),
        "Import-TaskPack" => json!({"Workload": "Host", "Definitions": "[]"}),
        "New-ElevatedAccessApprovalPolicy" => json!({"Task": DISK}),
        "Revoke-ElevatedAccessAuthorization" => json!({"RequestId": "R-1", "Comment": "why"}),
        "Get-ExecutionOutput" | "Stop-Execution" => json!({"Identity": "x-00000000000000000000000000000000"}),
        "Complete-TakeBack" => {
            json!({"Identity": "x-00000000000000000000000000000000", "Reason": "why"})
        }
        "Remove-Task" => json!({"Identity": DISK}),
        "Remove-ManagementRole" => json!({"Identity": "Host\\Operator"}),
        "Remove-RoleGroup" => json!({"Identity": "Host\\Operators"}),
        "Set-ElevatedAccessApprovalPolicy" | "Remove-ElevatedAccessApprovalPolicy" => {
            json!({"Identity": "pol-00000000000000000000000000000000"})
        }
        "Clear-RequestData" => json!({"RequestId": "R-1"}),
        "Disable-User"
        | "Enable-User"
        | "Remove-UserLink"
        | "Reset-UserCredential"
        | "Remove-SystemAccount"
        | "Clear-PersonalData" => {
            json!({"Identity": rita})
        }
        _ => json!({}),
    }
}

#[test]
fn g17_every_task_of_the_control_plane_is_refused_without_an_authorization_also_while_disabled() {
    for form in [None, Some(json!({})), Some(json!({"ForHours": 1})), Some(json!({"Observe": true}))] {
        let mut world = World::enabled();
        if let Some(form) = form.clone() {
            world.act("ada", "bob", "Disable-ElevatedAccessControl", form).unwrap();
            world.pass(Span::from_mins(1));
        }
        for builtin in builtin::all() {
            let given = values(&world, builtin.name);
            let name = format!("Countersign\\{}", builtin.name);
            assert_eq!(
                NEVER_CONTROL_PLANE.contains(&builtin.name),
                !builtin.control_plane,
                "{name}: NEVER_CONTROL_PLANE names those that are not"
            );
            let decision = world.try_out(&world.session("ada"), &execution(&name, given.clone()));
            let code = decision.reply.err().map(|refusal| refusal.code);
            // The one that disabled it was used up by that.
            let spent = form == Some(given.clone()) && builtin.name == "Disable-ElevatedAccessControl";
            if builtin.control_plane && !spent {
                let protected = [
                    Some(Code::AuthorizationRequired),
                    Some(Code::ParameterNotApproved),
                    Some(Code::UsesExhausted),
                ];
                assert!(protected.contains(&code), "{name}: {code:?}");
            } else if !builtin.control_plane {
                assert_ne!(code, Some(Code::AuthorizationRequired), "{name} is never control plane");
                assert_ne!(code, Some(Code::ParameterInvalid), "{name}: give it what it takes in `values`");
            }
            // Nor for who holds no role, nor with a token.
            let decision = world.try_out(&world.session("rita"), &execution(&name, given.clone()));
            assert!(decision.reply.is_err(), "{name} by somebody without a role");
        }
        let token = world.token("ada", &[Scope::Execute, Scope::Request, Scope::Raise, Scope::Read]);
        for builtin in builtin::all().filter(|builtin| builtin.control_plane) {
            let command = execution(&format!("Countersign\\{}", builtin.name), values(&world, builtin.name));
            assert_eq!(
                world.try_out(&token, &command).reply.unwrap_err().code,
                Code::TokenNotAllowed,
                "{builtin:?}"
            );
        }
    }
}

#[test]
fn g17_the_built_in_policy_asks_for_one_other_person_all_parameters_one_hour_one_use() {
    let world = World::enabled();
    for builtin in builtin::all().filter(|builtin| builtin.control_plane) {
        let name = format!("Countersign\\{}", builtin.name).parse().unwrap();
        let governing = tasks::governing(&world.state, &Target::Task(name));
        assert_eq!(governing.len(), 1);
        let terms = &governing[0].terms;
        assert_eq!(governing[0].policy, tasks::CONTROL_PLANE_POLICY, "{builtin:?}");
        assert_eq!(terms.bind, tasks::all_parameters(&builtin.definition()), "{builtin:?}");
        assert_eq!((terms.limits.max_uses, terms.limits.max_duration), (Some(1), Some(Span::from_hours(1))));
        assert_eq!(terms.approval.stages().len(), 1);
    }
    let mut world = World::enabled();
    let group = json!({"Name": "X", "Mail": "x@fabrikam.example"});
    let number = world.ask("ada", asking("Countersign\\New-Group", &bind(&group))).unwrap();
    assert_eq!(world.approve("ada", number).unwrap_err().code, Code::SelfApproval);
    world.approve("bob", number).unwrap();
    let other = json!({"Name": "Y", "Mail": "x@fabrikam.example"});
    assert_eq!(world.refused("ada", "Countersign\\New-Group", other), Code::ParameterNotApproved);
    world.pass(Span::from_hours(1));
    assert_eq!(world.refused("ada", "Countersign\\New-Group", group), Code::AuthorizationEnded);
}

#[test]
fn g17_no_policy_weakens_it_not_by_task_role_or_role_group() {
    let parameters = ["Name", "Mail"];
    let fitting = json!({
        "Task": "Countersign\\New-Group", "MaximumDurationHours": 1, "MaximumUses": 1, "MinimumAssurance": "SecondFactor",
        "BindParameters": parameters,
    });
    let changed = |name: &str, value: Json| {
        let mut terms = fitting.clone();
        terms[name] = value;
        terms
    };
    for (terms, expected) in [
        (fitting.clone(), None),
        (changed("Approvers", json!(2)), None),
        (changed("ApprovalType", json!("Auto")), Some(Code::DefinitionInvalid)),
        (json!({"Task": "Countersign\\New-Group", "ApprovalType": "Auto"}), Some(Code::PolicyTooWeak)),
        (json!({"Task": "countersign\\new-group", "ApprovalType": "Auto"}), Some(Code::PolicyTooWeak)),
        (changed("MaximumDurationHours", json!(2)), Some(Code::PolicyTooWeak)),
        (changed("MaximumUses", json!(2)), Some(Code::PolicyTooWeak)),
        (changed("Parallel", json!(2)), Some(Code::PolicyTooWeak)),
        (changed("BindParameters", json!(["Name"])), Some(Code::PolicyTooWeak)),
        (changed("MinimumAssurance", json!("Session")), Some(Code::PolicyTooWeak)),
        (changed("Everyone", json!(true)), Some(Code::PolicyTooWeak)),
        (changed("RequesterGroup", json!("Approvers")), Some(Code::PolicyTooWeak)),
        (changed("ApproverGroup", json!("Others")), Some(Code::PolicyTooWeak)),
        (json!({"Role": "Countersign\\Role Management", "ApprovalType": "Auto"}), Some(Code::PolicyTooWeak)),
        (
            json!({"RoleGroup": "Countersign\\Organization Management", "ApprovalType": "Auto"}),
            Some(Code::PolicyTooWeak),
        ),
        (json!({"Role": "Countersign\\Role Management", "Approvers": 2}), Some(Code::PolicyTooWeak)),
        (json!({"Role": "Countersign\\Audit Logs", "ApprovalType": "Auto"}), None),
    ] {
        for in_set_up in [true, false] {
            let mut world = World::prepared();
            world.run("ada", "New-Group", json!({"Name": "Others", "Mail": "o@fabrikam.example"}));
            world.join("Others", &["bob", "cyd"]);
            // In set-up mode there is no default group yet that a policy could be compared by.
            let made = if in_set_up {
                world.execute("ada", "Countersign\\New-ElevatedAccessApprovalPolicy", terms.clone())
            } else {
                world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
                world.act("ada", "bob", "New-ElevatedAccessApprovalPolicy", terms.clone())
            };
            assert_eq!(made.err().map(|refusal| refusal.code), expected, "{terms}, set-up {in_set_up}");
        }
    }
}

#[test]
fn g17_protection_does_not_come_back_over_policies_that_ask_for_less() {
    let mut world = World::prepared();
    let enable = |how: &str| json!({"AdminGroup": "Approvers", "ControlPlane": how});
    world.run("ada", "Enable-ElevatedAccessControl", enable("Unprotected"));
    // By role where nothing protects it, else as the policy for it says.
    let administer = |world: &mut World, task: &str, values: Json| match world.execute(
        "ada",
        &format!("Countersign\\{task}"),
        values.clone(),
    ) {
        Err(refusal) if refusal.code == Code::AuthorizationRequired => world.act("ada", "bob", task, values),
        reply => reply,
    };
    for (kind, name) in [("Task", "Countersign\\New-Group"), ("Role", "Countersign\\Role Management")] {
        let terms = json!({kind: name, "Approvers": 1});
        administer(&mut world, "New-ElevatedAccessApprovalPolicy", terms).unwrap();
        administer(&mut world, "Disable-ElevatedAccessControl", json!({})).unwrap();
        let refusal =
            administer(&mut world, "Enable-ElevatedAccessControl", enable("Protected")).unwrap_err();
        assert_eq!(refusal.code, Code::PolicyTooWeak, "{name}: {refusal}");
        assert!(refusal.message.contains(name), "{refusal}");
        let policy = json!({"Identity": world.policy(name)});
        administer(&mut world, "Remove-ElevatedAccessApprovalPolicy", policy).unwrap();
        administer(&mut world, "Enable-ElevatedAccessControl", enable("Unprotected")).unwrap();
    }
    world.run("ada", "Disable-ElevatedAccessControl", json!({}));
    world.run("ada", "Enable-ElevatedAccessControl", enable("Protected"));
    assert_eq!(
        world.refused("ada", "Countersign\\New-Group", json!({"Name": "X", "Mail": "x@fabrikam.example"})),
        Code::AuthorizationRequired
    );
}

#[test]
fn g17_countersigns_own_roles_are_not_redefined_and_no_other_role_confers_its_rights() {
    let mut world = World::set_up();
    for (act, values) in [
        ("New-ManagementRole", json!({"Name": "Host\\Sly", "Task": ["Countersign\\New-Group"]})),
        ("New-ManagementRole", json!({"Name": "countersign\\Sly", "Task": ["Countersign\\New-Group"]})),
        ("New-RoleGroup", json!({"Name": "Host\\Sly", "Role": ["Countersign\\Role Management"]})),
        ("Remove-ManagementRole", json!({"Identity": "Countersign\\Role Management"})),
        ("Remove-RoleGroup", json!({"Identity": "COUNTERSIGN\\Organization Management"})),
        ("Import-TaskPack", json!({"Workload": "countersign", "Definitions": "[]"})),
    ] {
        assert_eq!(world.refused("ada", &format!("Countersign\\{act}"), values), Code::Forbidden, "{act}");
    }
}

#[test]
fn g17_two_deciders_remain_whichever_way_somebody_goes() {
    type Go = fn(&mut World) -> Option<Code>;
    let steps: [(&str, Go); 5] = [
        ("leaves", |world| {
            let bob = world.id("bob").to_string();
            let values = json!({"Identity": "Approvers", "Member": [bob]});
            world.act("ada", "bob", "Remove-GroupMember", values).err().map(|refusal| refusal.code)
        }),
        ("is disabled", |world| {
            let bob = world.id("bob").to_string();
            let values = json!({"Identity": bob});
            world.execute("ada", "Countersign\\Disable-User", values).err().map(|refusal| refusal.code)
        }),
        ("turns out to be the other", |world| {
            let values =
                json!({"Identity": world.id("bob").to_string(), "Other": world.id("ada").to_string()});
            world.act("ada", "bob", "Add-UserLink", values).err().map(|refusal| refusal.code)
        }),
        ("gives up the second factor", |world| {
            let remove = Command::RemoveCredential { credential: Credential::Totp };
            world.send(&world.session("bob"), &remove).err().map(|refusal| refusal.code)
        }),
        ("is of another group than the default", |world| {
            world
                .act("ada", "bob", "New-Group", json!({"Name": "One", "Mail": "o@fabrikam.example"}))
                .unwrap();
            let bob = world.id("bob").to_string();
            world.act("ada", "bob", "Add-GroupMember", json!({"Identity": "One", "Member": [bob]})).unwrap();
            let values = json!({"AdminGroup": "One"});
            world.act("ada", "bob", "Set-OrganizationConfig", values).err().map(|refusal| refusal.code)
        }),
    ];
    for (way, go) in steps {
        let mut world = World::enabled();
        let cyd = world.id("cyd").to_string();
        world
            .act("ada", "bob", "Remove-GroupMember", json!({"Identity": "Approvers", "Member": [cyd]}))
            .unwrap();
        assert_eq!(go(&mut world), Some(Code::LastPeople), "bob {way}");
    }
}

#[test]
fn g17_the_last_administrator_who_can_sign_in_remains_whichever_way() {
    let management = "Countersign\\Organization Management";
    let mut world = World::prepared();
    let (ada, bob) = (world.id("ada").to_string(), world.id("bob").to_string());
    let members = |people: &[&String]| json!({"Identity": management, "Member": people});
    assert_eq!(
        world.refused("ada", "Countersign\\Remove-RoleGroupMember", members(&[&ada])),
        Code::LastPeople
    );
    assert_eq!(world.refused("ada", "Countersign\\Disable-User", json!({"Identity": ada})), Code::LastPeople);
    world.run("ada", "Add-RoleGroupMember", members(&[&bob]));
    assert_eq!(
        world.refused("ada", "Countersign\\Remove-RoleGroupMember", members(&[&ada, &bob])),
        Code::LastPeople,
        "both at once"
    );
    // Administrators by way of a group, which is left empty.
    world.run("ada", "New-Group", json!({"Name": "Admins", "Mail": "a@fabrikam.example"}));
    world.join("Admins", &["bob"]);
    world.run("ada", "Remove-RoleGroupMember", members(&[&bob]));
    world.run("ada", "Add-RoleGroupMember", json!({"Identity": management, "Member": ["Admins"]}));
    world.run("ada", "Remove-RoleGroupMember", members(&[&ada]));
    let last = json!({"Identity": "Admins", "Member": [bob]});
    assert_eq!(world.refused("ada", "Countersign\\Remove-GroupMember", last), Code::LastPeople);
    let group = json!({"Identity": management, "Member": ["Admins"]});
    assert_eq!(world.refused("ada", "Countersign\\Remove-RoleGroupMember", group), Code::LastPeople);
    let factor = Command::RemoveCredential { credential: Credential::Totp };
    assert_eq!(world.send(&world.session("bob"), &factor).unwrap_err().code, Code::LastPeople);
}
