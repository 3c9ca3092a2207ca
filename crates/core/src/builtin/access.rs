//! Privileged access itself: on, off, settings, system accounts.

use super::spec::{address_list, choice, group, hours, integer, optional, person, switch, text};
use super::{Builtin, Call};
use crate::directory::PersonKind;
use crate::event::Body;
use crate::event::body::{Disable, Ends};
use crate::organization::{Access, ControlPlane, SecondFactor, Settings, Unprotected};
use crate::refusal::{Code, Refusal};
use crate::standing;
use crate::time::Span;

pub(super) static TASKS: &[Builtin] = &[
    Builtin {
        name: "Enable-ElevatedAccessControl",
        title: "Enable privileged access",
        description: "Puts approval policies into force. From then on the control plane is protected.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || {
            vec![
                group("AdminGroup", "Default approver group"),
                optional(address_list("SystemAccounts", "Exempt service accounts (ids)")),
                optional(choice(
                    "UnprotectedTasks",
                    "Tasks without a policy",
                    &["RoleHoldersRun", "DefaultApproversDecide"],
                )),
                optional(choice("ControlPlane", "Control plane", &["Protected", "Unprotected"])),
                optional(choice("SecondFactor", "Second factor", &["Required", "NotRequired"])),
            ]
        },
        effect: enable,
    },
    Builtin {
        name: "Disable-ElevatedAccessControl",
        title: "Disable privileged access",
        description: "Takes approval policies out of force and ends every authorization but the control plane's. Policies stay.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || {
            vec![
                optional(hours("ForHours", "Come back after (hours)")),
                switch("Observe", "Record what would be refused"),
            ]
        },
        effect: disable,
    },
    Builtin {
        name: "Set-OrganizationConfig",
        title: "Change organization settings",
        description: "Changes ceilings and defaults.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || {
            vec![
                optional(group("AdminGroup", "Default approver group")),
                optional(choice(
                    "UnprotectedTasks",
                    "Tasks without a policy",
                    &["RoleHoldersRun", "DefaultApproversDecide"],
                )),
                optional(choice("SecondFactor", "Second factor", &["Required", "NotRequired"])),
                optional(hours("MaximumDurationHours", "Longest authorization (hours)")),
                optional(hours("PendingHours", "Requests live for (hours)")),
                optional(integer("OpenRequestsEach", "Open requests per person", 1, 1_000)),
                optional(integer("OutputRetentionDays", "Keep outputs for (days)", 1, 3_650)),
                optional(person("StandingAccessAccount", "Service account that lists standing access daily")),
                switch("NoStandingAccessAccount", "Standing access is not listed by itself"),
            ]
        },
        effect: configure,
    },
    Builtin {
        name: "Get-OrganizationConfig",
        title: "Read configuration",
        description: "Lets its holder read configuration: people, groups, roles, policies, settings.",
        control_plane: false,
        only_removes_power: false,
        only_reads: true,
        parameters: Vec::new,
        effect: |_| Ok(()),
    },
    Builtin {
        name: "Add-SystemAccount",
        title: "Exempt a service account",
        description: "Lets a service account run what its roles contain without an authorization. Every run is marked exempt.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || {
            vec![
                person("Identity", "Service account"),
                text("Reason", "Why", 500),
                integer("Days", "For how many days", 1, 366),
            ]
        },
        effect: exempt,
    },
    Builtin {
        name: "Remove-SystemAccount",
        title: "End an exemption",
        description: "A service account needs authorizations again.",
        control_plane: false,
        only_removes_power: true,
        only_reads: false,
        parameters: || vec![person("Identity", "Service account")],
        effect: |call| {
            let person = call.person("Identity")?;
            if !call.draft.state.organization.system_accounts.contains_key(&person) {
                return Err(Refusal::new(Code::AlreadyInState, "This account is not exempt."));
            }
            // What runs on the exemption alone is stopped (G3, G15).
            call.draft.change(Body::SystemAccountRemoved { person })
        },
    },
];

fn enable(call: &mut Call<'_, '_>) -> Result<(), Refusal> {
    let organization = call.draft.state.organization.clone();
    if organization.access == Access::On {
        return Err(Refusal::new(Code::AlreadyInState, "Privileged access is enabled already."));
    }
    let approvers = call.group("AdminGroup")?;
    let mut settings = organization.settings.clone();
    choices(call, &mut settings);
    let control_plane = match call.text("ControlPlane").as_deref() {
        Some("Unprotected") => ControlPlane::Unprotected,
        Some(_) => ControlPlane::Protected,
        None => organization.control_plane,
    };
    // Judged by the setting that will hold: without a second factor required, a password is enough.
    call.draft.state.organization.settings = settings.clone();
    let working = standing::working(&call.draft.state, approvers);
    call.draft.state.organization.settings = organization.settings;
    if working.len() < 2 {
        return Err(not_enough(call, approvers));
    }
    if control_plane == ControlPlane::Protected {
        let weak = super::policies::too_weak(&call.draft.state, approvers);
        if !weak.is_empty() {
            let weak: Vec<String> = weak.iter().map(ToString::to_string).collect();
            return Err(Refusal::new(
                Code::PolicyTooWeak,
                format!(
                    "The control plane cannot be protected while policies ask for less: {}.",
                    weak.join(", ")
                ),
            )
            .hint("remove them: Countersign\\Remove-ElevatedAccessApprovalPolicy"));
        }
    }
    let cites = call.draft.state.next_seq;
    call.draft.push(None, Body::AccessEnabled { approvers, control_plane, settings, cites });
    // Another default group, or a control plane no longer protected, leaves nothing asleep that could wake later.
    call.draft.end_fallen();
    for account in call.list("SystemAccounts") {
        let person = account.parse().map_err(|error| super::call::invalid("SystemAccounts", &error))?;
        let reason = "named when privileged access was enabled".to_owned();
        add_exemption(call, person, &reason, Span::from_hours(24 * 366))?;
    }
    Ok(())
}

/// Names who is missing: the refusal an administrator acts on.
fn not_enough(call: &Call<'_, '_>, approvers: crate::id::GroupId) -> Refusal {
    let directory = &call.draft.state.directory;
    let without: Vec<String> = directory
        .members(approvers)
        .filter(|(id, _)| {
            directory.can_decide(*id) && !standing::has_working_credentials(&call.draft.state, *id)
        })
        .map(|(id, _)| id.to_string())
        .collect();
    let message = if without.is_empty() {
        "The approver group needs at least two distinct people who can sign in.".to_owned()
    } else {
        format!(
            "The approver group needs at least two distinct people with working credentials; still to sign in and set theirs: {}.",
            without.join(", ")
        )
    };
    Refusal::new(Code::LastPeople, message)
        .hint("they set password and second factor by the link they were mailed; or add others to the group")
}

fn choices(call: &Call<'_, '_>, settings: &mut Settings) {
    match call.text("UnprotectedTasks").as_deref() {
        Some("DefaultApproversDecide") => settings.unprotected = Unprotected::DefaultApproversDecide,
        Some(_) => settings.unprotected = Unprotected::RoleHoldersRun,
        None => {}
    }
    match call.text("SecondFactor").as_deref() {
        Some("NotRequired") => settings.second_factor = SecondFactor::NotRequired,
        Some(_) => settings.second_factor = SecondFactor::Required,
        None => {}
    }
}

fn disable(call: &mut Call<'_, '_>) -> Result<(), Refusal> {
    if call.draft.state.organization.in_set_up() {
        return Err(Refusal::new(Code::SetUpMode, "Privileged access was never enabled."));
    }
    let how = match (call.integer("ForHours"), call.flag("Observe")) {
        (Some(_), true) => {
            return Err(Refusal::new(Code::ParameterInvalid, "`ForHours` and `Observe` exclude each other."));
        }
        (Some(hours), false) => {
            let span = Span::from_hours(u64::try_from(hours).unwrap_or(1)).min(crate::decide::LONGEST_PAUSE);
            Disable::OffUntil { until: call.draft.now.plus(span) }
        }
        (None, true) => Disable::Observe,
        (None, false) => Disable::Off,
    };
    call.draft.change(Body::AccessDisabled { how, ends: Ends::default() })
}

fn configure(call: &mut Call<'_, '_>) -> Result<(), Refusal> {
    let organization = &call.draft.state.organization;
    let mut settings = organization.settings.clone();
    let current = organization.default_approvers;
    choices(call, &mut settings);
    let hours =
        |name: &str| call.integer(name).and_then(|hours| u64::try_from(hours).ok()).map(Span::from_hours);
    if let Some(span) = hours("MaximumDurationHours") {
        settings.max_duration = span;
    }
    if let Some(span) = hours("PendingHours") {
        settings.pending_for = span;
    }
    if let Some(most) = call.integer("OpenRequestsEach") {
        settings.open_requests_each = u32::try_from(most).unwrap_or(u32::MAX);
    }
    if let Some(days) = call.integer("OutputRetentionDays") {
        settings.output_retention = Span::from_hours(24 * u64::try_from(days).unwrap_or(90));
    }
    if call.flag("NoStandingAccessAccount") {
        settings.standing_access = None;
    }
    if call.text("StandingAccessAccount").is_some() {
        let account = call.person("StandingAccessAccount")?;
        service(call, account, "Only a service account lists standing access by itself.")?;
        settings.standing_access = Some(account);
    }
    let approvers = match call.group_optional("AdminGroup")? {
        Some(group) if standing::working(&call.draft.state, group).len() < 2 => {
            return Err(not_enough(call, group));
        }
        Some(group) => group,
        None => current.ok_or_else(|| {
            Refusal::new(Code::SetUpMode, "Name the default approver group by enabling first.")
        })?,
    };
    call.change(Body::OrganizationChanged { settings, approvers, ends: Ends::default() })
}

fn exempt(call: &mut Call<'_, '_>) -> Result<(), Refusal> {
    let person = call.person("Identity")?;
    let reason = call.need("Reason")?;
    let days = call.integer("Days").and_then(|days| u64::try_from(days).ok()).unwrap_or(1);
    add_exemption(call, person, &reason, Span::from_hours(24 * days))
}

fn add_exemption(
    call: &mut Call<'_, '_>,
    person: crate::id::PersonId,
    reason: &str,
    span: Span,
) -> Result<(), Refusal> {
    service(call, person, "Only service accounts can be exempt; people never are.")?;
    let until = call.draft.now.plus(span);
    let reason = call.draft.seal(&reason.to_owned())?;
    call.draft.push(None, Body::SystemAccountAdded { person, reason, until });
    Ok(())
}

fn service(call: &Call<'_, '_>, person: crate::id::PersonId, message: &str) -> Result<(), Refusal> {
    let known = call.draft.state.directory.person(person);
    if known.is_some_and(|person| matches!(person.kind, PersonKind::Service { .. })) {
        return Ok(());
    }
    Err(Refusal::new(Code::Forbidden, message))
}
