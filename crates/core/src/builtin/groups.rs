//! Groups, roles and role groups: who belongs where, and what a role contains.

use std::collections::BTreeSet;

use imbl::OrdSet;

use super::spec::{address, group, names, text};
use super::{Builtin, Call};
use crate::directory::Member;
use crate::event::Body;
use crate::event::body::Ends;
use crate::id::GroupId;
use crate::name::{COUNTERSIGN, GroupName, RoleGroupName, RoleName, TaskName};
use crate::refusal::{Code, Refusal};
use crate::tasks;

pub(super) static TASKS: &[Builtin] = &[
    Builtin {
        name: "New-Group",
        title: "Add a mail-enabled security group",
        description: "Adds an empty group. Alone it gives no power.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || vec![text("Name", "Name", 64), address("Mail", "Mail address")],
        effect: |call| {
            let name: GroupName = call.parse("Name")?;
            if call.draft.state.directory.group_named(&name).is_some() {
                return Err(Refusal::new(Code::AlreadyExists, format!("There is a group `{name}` already.")));
            }
            let mail = call.draft.seal(&call.need("Mail")?)?;
            let group = GroupId::from_bytes(call.draft.random());
            call.draft.push(None, Body::GroupCreated { group, name, mail });
            call.made.insert("group".to_owned(), group.to_string());
            Ok(())
        },
    },
    Builtin {
        name: "Remove-Group",
        title: "Remove a group",
        description: "Ends what rests on its members' votes or requests.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || vec![group("Identity", "Group")],
        effect: |call| {
            let group = call.group("Identity")?;
            in_use(call, group)?;
            call.change(Body::GroupRemoved { group, ends: Ends::default() })
        },
    },
    Builtin {
        name: "Add-GroupMember",
        title: "Add members to a group",
        description: "Members of approver groups decide; members of requester groups may ask.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || vec![group("Identity", "Group"), names("Member", "People (ids) and groups")],
        effect: |call| {
            let (group, present) = directory_group(call)?;
            let named = call.members("Member")?;
            nests(call, group, &named)?;
            let added = joining(&present, named)?;
            call.change(Body::GroupMembersChanged {
                group,
                added,
                removed: Vec::new(),
                ends: Ends::default(),
            })
        },
    },
    Builtin {
        name: "Remove-GroupMember",
        title: "Remove members from a group",
        description: "Ends what rests on their votes. Coming back revives nothing.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || vec![group("Identity", "Group"), names("Member", "People (ids) and groups")],
        effect: |call| {
            let (group, present) = directory_group(call)?;
            let removed = leaving(&present, call.members("Member")?)?;
            call.change(Body::GroupMembersChanged {
                group,
                added: Vec::new(),
                removed,
                ends: Ends::default(),
            })
        },
    },
    Builtin {
        name: "New-ManagementRole",
        title: "Define a role",
        description: "A role is a set of tasks; redefining it changes what its holders may ask for or run.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || vec![text("Name", "Workload\\Role", 129), names("Task", "Tasks")],
        effect: define_role,
    },
    Builtin {
        name: "Remove-ManagementRole",
        title: "Remove a role",
        description: "Ends authorizations for it.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || vec![text("Identity", "Workload\\Role", 129)],
        effect: |call| {
            let role: RoleName = call.parse("Identity")?;
            ours(role.workload().as_str())?;
            if !call.draft.state.catalog.roles.contains_key(&role) {
                return Err(Refusal::new(Code::NotFound, format!("There is no role `{role}`.")));
            }
            call.change(Body::RoleRemoved { role, ends: Ends::default() })
        },
    },
    Builtin {
        name: "New-RoleGroup",
        title: "Define a role group",
        description: "A role group is a set of roles with members, who hold them.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || vec![text("Name", "Workload\\Role group", 129), names("Role", "Roles")],
        effect: define_role_group,
    },
    Builtin {
        name: "Remove-RoleGroup",
        title: "Remove a role group",
        description: "Its members no longer hold its roles through it.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || vec![text("Identity", "Workload\\Role group", 129)],
        effect: |call| {
            let role_group: RoleGroupName = call.parse("Identity")?;
            ours(role_group.workload().as_str())?;
            if !call.draft.state.catalog.role_groups.contains_key(&role_group) {
                return Err(Refusal::new(Code::NotFound, format!("There is no role group `{role_group}`.")));
            }
            call.change(Body::RoleGroupRemoved { role_group, ends: Ends::default() })
        },
    },
    Builtin {
        name: "Add-RoleGroupMember",
        title: "Add members to a role group",
        description: "Members hold its roles: they run what no policy protects, and may ask for what one does.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || {
            vec![text("Identity", "Workload\\Role group", 129), names("Member", "People (ids) and groups")]
        },
        effect: |call| {
            let (role_group, present) = role_group(call)?;
            let added = joining(&present, call.members("Member")?)?;
            call.change(Body::RoleGroupMembersChanged {
                role_group,
                added,
                removed: Vec::new(),
                ends: Ends::default(),
            })
        },
    },
    Builtin {
        name: "Remove-RoleGroupMember",
        title: "Remove members from a role group",
        description: "They no longer hold its roles; what runs on that ground is stopped.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || {
            vec![text("Identity", "Workload\\Role group", 129), names("Member", "People (ids) and groups")]
        },
        effect: |call| {
            let (role_group, present) = role_group(call)?;
            let removed = leaving(&present, call.members("Member")?)?;
            for member in &removed {
                if let Member::Person(person) = member
                    && super::roles::organization_management().is_ok_and(|group| group == role_group)
                {
                    super::people::last_administrator(call, *person)?;
                }
            }
            call.change(Body::RoleGroupMembersChanged {
                role_group,
                added: Vec::new(),
                removed,
                ends: Ends::default(),
            })
        },
    },
];

fn directory_group(call: &Call<'_, '_>) -> Result<(GroupId, OrdSet<Member>), Refusal> {
    let group = call.group("Identity")?;
    let found = call.draft.state.directory.group(group);
    Ok((group, found.map(|group| group.members.clone()).unwrap_or_default()))
}

fn nests(call: &Call<'_, '_>, group: GroupId, named: &[Member]) -> Result<(), Refusal> {
    for member in named {
        if let Member::Group(inner) = member
            && let Some(fault) = call.draft.state.directory.nesting_fault(group, *inner)
        {
            return Err(Refusal::new(Code::NestingRefused, format!("{inner} cannot be added: {fault}.")));
        }
    }
    Ok(())
}

fn joining(present: &OrdSet<Member>, named: Vec<Member>) -> Result<Vec<Member>, Refusal> {
    let added: Vec<Member> = named.into_iter().filter(|member| !present.contains(member)).collect();
    if added.is_empty() {
        return Err(Refusal::new(Code::AlreadyInState, "They are members already."));
    }
    Ok(added)
}

fn leaving(present: &OrdSet<Member>, named: Vec<Member>) -> Result<Vec<Member>, Refusal> {
    let removed: Vec<Member> = named.into_iter().filter(|member| present.contains(member)).collect();
    if removed.is_empty() {
        return Err(Refusal::new(Code::AlreadyInState, "None of them is a direct member."));
    }
    Ok(removed)
}

/// A group that a policy, a role group or the default names cannot be removed.
fn in_use(call: &Call<'_, '_>, group: GroupId) -> Result<(), Refusal> {
    let state = &call.draft.state;
    let default = state.organization.default_approvers == Some(group);
    let policy = state.policies.values().any(|policy| {
        policy.terms.requesters == crate::policy::Requesters::Group(group)
            || policy
                .terms
                .approval
                .stages()
                .iter()
                .any(|stage| stage.approvers == crate::policy::Approvers::Group(group))
    });
    let role_group =
        state.catalog.role_groups.values().any(|held| held.members.contains(&Member::Group(group)));
    if default || policy || role_group {
        return Err(Refusal::new(
            Code::InUse,
            "A policy, a role group or the organization names this group.",
        )
        .hint("change them first"));
    }
    Ok(())
}

fn role_group(call: &Call<'_, '_>) -> Result<(RoleGroupName, OrdSet<Member>), Refusal> {
    let name: RoleGroupName = call.parse("Identity")?;
    match call.draft.state.catalog.role_groups.get(&name) {
        Some(group) => Ok((name, group.members.clone())),
        None => Err(Refusal::new(Code::NotFound, format!("There is no role group `{name}`."))
            .hint("countersign role-group list")),
    }
}

fn define_role(call: &mut Call<'_, '_>) -> Result<(), Refusal> {
    let role: RoleName = call.parse("Name")?;
    ours(role.workload().as_str())?;
    let mut named = BTreeSet::new();
    for task in call.list("Task") {
        let task: TaskName = task.parse().map_err(|error| super::call::invalid("Task", &error))?;
        if tasks::find(&call.draft.state, &task).is_none() {
            return Err(Refusal::new(Code::UnknownTask, format!("There is no task `{task}`.")));
        }
        // Countersign's own rights come from its own role groups alone.
        ours(task.workload().as_str())?;
        named.insert(task);
    }
    if named.is_empty() {
        return Err(super::call::missing("Task"));
    }
    let version = call.draft.state.catalog.roles.get(&role).map_or(0, |role| role.version) + 1;
    call.change(Body::RoleDefined { role, version, tasks: named, ends: Ends::default() })
}

fn define_role_group(call: &mut Call<'_, '_>) -> Result<(), Refusal> {
    let role_group: RoleGroupName = call.parse("Name")?;
    ours(role_group.workload().as_str())?;
    let mut roles = BTreeSet::new();
    for role in call.list("Role") {
        let role: RoleName = role.parse().map_err(|error| super::call::invalid("Role", &error))?;
        ours(role.workload().as_str())?;
        if !call.draft.state.catalog.roles.contains_key(&role) {
            return Err(Refusal::new(Code::NotFound, format!("There is no role `{role}`.")));
        }
        roles.insert(role);
    }
    if roles.is_empty() {
        return Err(super::call::missing("Role"));
    }
    call.change(Body::RoleGroupDefined { role_group, roles, ends: Ends::default() })
}

/// Countersign's own roles and role groups are not redefined, and nobody else's confer its rights.
fn ours(workload: &str) -> Result<(), Refusal> {
    if workload.eq_ignore_ascii_case(COUNTERSIGN) {
        return Err(Refusal::new(
            Code::Forbidden,
            "Countersign's own tasks, roles and role groups are built in.",
        )
        .hint("add people to one of its role groups: Countersign\\Add-RoleGroupMember"));
    }
    Ok(())
}
