//! People and service accounts.

use super::spec::{address, choice, optional, person, text};
use super::{Builtin, Call};
use crate::decide::{INVITATION_OPEN, NewLink, invite};
use crate::directory::PersonKind;
use crate::event::Body;
use crate::event::body::{Ends, InvitationPurpose, LinkDelivery};
use crate::id::PersonId;
use crate::parameter::{ParameterSpec, Value};
use crate::refusal::{Code, Refusal};

pub(super) static TASKS: &[Builtin] = &[
    Builtin {
        name: "New-User",
        title: "Add a person",
        description: "Adds a person, who gets a link to set a password. Alone it gives no power; whoever holds the \
                      link can become the person.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || {
            vec![
                address("UserPrincipalName", "Sign-in name"),
                text("DisplayName", "Name", 120),
                optional(address("Mail", "Mail address, if it differs")),
                delivery(),
            ]
        },
        effect: |call| create(call, PersonKind::Member),
    },
    Builtin {
        name: "New-ServiceAccount",
        title: "Add a service account",
        description: "Adds an account for a program. Its owner asks for its access.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || {
            vec![
                address("UserPrincipalName", "Name"),
                text("DisplayName", "Name people read", 120),
                person("Owner", "Owner"),
            ]
        },
        effect: |call| {
            let owner = call.person("Owner")?;
            if !call.draft.state.directory.can_decide(owner) {
                return Err(Refusal::new(Code::Forbidden, "The owner must be an enabled person."));
            }
            create(call, PersonKind::Service { owner })
        },
    },
    Builtin {
        name: "Set-User",
        title: "Change a person's name or address",
        description: "Changes what a person is called, signs in with, or is mailed at.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || {
            vec![
                person("Identity", "Person"),
                address("UserPrincipalName", "Sign-in name"),
                text("DisplayName", "Name", 120),
                optional(address("Mail", "Mail address, if it differs")),
            ]
        },
        effect: change,
    },
    Builtin {
        name: "Disable-User",
        title: "Disable a person",
        description: "The person can do nothing any more; what runs for them is stopped.",
        control_plane: false,
        only_removes_power: true,
        only_reads: false,
        parameters: || vec![person("Identity", "Person")],
        effect: |call| {
            let person = call.person("Identity")?;
            if !call.draft.state.directory.enabled(person) {
                return Err(Refusal::new(Code::AlreadyInState, "This person is disabled already."));
            }
            last_administrator(call, person)?;
            call.change(Body::PersonDisabled { person, ends: Ends::default() })
        },
    },
    Builtin {
        name: "Enable-User",
        title: "Enable a person",
        description: "The person can act again. Nothing that ended comes back.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || vec![person("Identity", "Person")],
        effect: |call| {
            let person = call.person("Identity")?;
            if call.draft.state.directory.enabled(person) {
                return Err(Refusal::new(Code::AlreadyInState, "This person is enabled already."));
            }
            call.draft.push(None, Body::PersonEnabled { person });
            Ok(())
        },
    },
    Builtin {
        name: "Reset-UserCredential",
        title: "Send a person a reset link",
        description: "Lets a person set a new password and second factor. Whoever reads their mail could use it.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || {
            vec![
                person("Identity", "Person"),
                optional(choice("Purpose", "Purpose", &["Reset", "Invite"])),
                delivery(),
            ]
        },
        effect: |call| {
            let person = call.person("Identity")?;
            let purpose = match call.text("Purpose").as_deref() {
                Some("Invite") => InvitationPurpose::Invite,
                _ => InvitationPurpose::Reset,
            };
            keep_deciders_through_reset(call, person)?;
            link(call, person, purpose)
        },
    },
    Builtin {
        name: "Add-UserLink",
        title: "Say that two accounts are one person",
        description: "Linked accounts never approve each other's requests and count once.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || vec![person("Identity", "Account"), person("Other", "Other account")],
        effect: |call| {
            let (person, other) = (call.person("Identity")?, call.person("Other")?);
            if person == other {
                return Err(Refusal::new(
                    Code::ParameterInvalid,
                    "An account is linked with itself already.",
                ));
            }
            let directory = &call.draft.state.directory;
            let service = |id| directory.person(id).is_some_and(|found| found.kind != PersonKind::Member);
            if service(person) || service(other) {
                return Err(Refusal::new(
                    Code::ParameterInvalid,
                    "A service account counts as its owner; it is linked with nobody.",
                )
                .hint("link the owner's accounts"));
            }
            call.change(Body::PeopleLinked { person, other, ends: Ends::default() })
        },
    },
    Builtin {
        name: "Remove-UserLink",
        title: "Take an account out of its link",
        description: "The account counts as another person from now on.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || vec![person("Identity", "Account")],
        effect: |call| {
            let person = call.person("Identity")?;
            call.change(Body::PersonUnlinked { person, ends: Ends::default() })
        },
    },
];

fn create(call: &mut Call<'_, '_>, kind: PersonKind) -> Result<(), Refusal> {
    let upn = call.need("UserPrincipalName")?;
    let display_name = call.need("DisplayName")?;
    let mail = call.text("Mail").unwrap_or_else(|| upn.clone());
    free(call, &upn, None)?;
    let person = PersonId::from_bytes(call.draft.random());
    let (upn, display_name, mail) =
        (call.draft.seal(&upn)?, call.draft.seal(&display_name)?, call.draft.seal(&mail)?);
    call.draft.push(None, Body::PersonCreated { person, kind, upn, display_name, mail });
    call.made.insert("person".to_owned(), person.to_string());
    if kind == PersonKind::Member {
        link(call, person, InvitationPurpose::Invite)?;
    }
    Ok(())
}

const DELIVERY: &str = "LinkDelivery";
const MAIL: &str = "Mail";
const PRINT: &str = "PrintForRequester";

/// Approvers see it like every parameter, also where the default stands.
fn delivery() -> ParameterSpec {
    let mut spec = optional(choice(DELIVERY, "How the link is delivered", &[MAIL, PRINT]));
    "Mail: to the person alone. PrintForRequester: shown once to who runs the task, who could then act in the person's \
     place; the person is told."
        .clone_into(&mut spec.help);
    spec.or(Value::Choice(MAIL.to_owned()))
}

/// Issues a link. Whoever holds it can become the person, so what decides over others is never handed to a third:
/// past set-up, a link of somebody who approves is mailed to them, whoever agreed to the act (G9).
fn link(call: &mut Call<'_, '_>, person: PersonId, purpose: InvitationPurpose) -> Result<(), Refusal> {
    let kind = call.draft.state.directory.person(person).map(|found| found.kind);
    if kind != Some(PersonKind::Member) {
        return Err(Refusal::new(Code::ParameterInvalid, "A service account has no sign-in.")
            .hint("its owner makes tokens for it: countersign token new --account <id>"));
    }
    let delivery = match call.text(DELIVERY).as_deref() {
        Some(PRINT) => LinkDelivery::Printed,
        _ => LinkDelivery::Mailed,
    };
    let state = &call.draft.state;
    if delivery == LinkDelivery::Printed
        && !state.organization.in_set_up()
        && crate::standing::approves_something(state, person)
    {
        return Err(Refusal::new(
            Code::Forbidden,
            "This person approves requests: their link is mailed to them and printed for nobody.",
        )
        .governed_by("the rule that nobody gets hold of another's vote")
        .hint(format!("-{DELIVERY} {MAIL}")));
    }
    let secret = call.secret.ok_or_else(no_secret)?;
    let link = NewLink { purpose, delivery, secret, open: INVITATION_OPEN };
    let invitation = invite(call.draft, person, link);
    call.made.insert("invitation".to_owned(), invitation.to_string());
    Ok(())
}

fn change(call: &mut Call<'_, '_>) -> Result<(), Refusal> {
    let person = call.person("Identity")?;
    let upn = call.need("UserPrincipalName")?;
    let display_name = call.need("DisplayName")?;
    let mail = call.text("Mail").unwrap_or_else(|| upn.clone());
    free(call, &upn, Some(person))?;
    let (upn, display_name, mail) =
        (call.draft.seal(&upn)?, call.draft.seal(&display_name)?, call.draft.seal(&mail)?);
    call.draft.push(None, Body::PersonChanged { person, upn, display_name, mail });
    Ok(())
}

fn free(call: &Call<'_, '_>, upn: &str, own: Option<PersonId>) -> Result<(), Refusal> {
    match call.draft.facts.upns.get(&upn.to_lowercase()) {
        Some(owner) if Some(*owner) != own => {
            Err(Refusal::new(Code::AlreadyExists, "Somebody has this sign-in name already."))
        }
        _ => Ok(()),
    }
}

/// The last enabled administrator with a working credential can't be removed.
pub(super) fn last_administrator(call: &Call<'_, '_>, leaving: PersonId) -> Result<(), Refusal> {
    let state = &call.draft.state;
    let others = state.directory.people().any(|(id, person)| {
        id != leaving
            && person.enabled
            && crate::standing::has_working_credentials(state, id)
            && super::roles::is_administrator(state, id)
    });
    if super::roles::is_administrator(state, leaving) && !others {
        return Err(Refusal::new(Code::LastPeople, "This is the last administrator who can sign in.")
            .hint("make somebody else an administrator first"));
    }
    Ok(())
}

/// A reset, once used, leaves its person without a second factor until they set up another: links that are open now
/// count as used, so that no number of resets together leaves fewer than two deciders (G17).
fn keep_deciders_through_reset(call: &Call<'_, '_>, person: PersonId) -> Result<(), Refusal> {
    let mut after = call.draft.state.clone();
    let open: Vec<PersonId> = after.invitations.values().map(|link| link.person).collect();
    for reset in open.into_iter().chain([person]) {
        after.directory.change_person(reset, |person| person.credentials.totp = None);
    }
    crate::standing::keep_two_deciders(&call.draft.state, &after)
}

fn no_secret() -> Refusal {
    Refusal::new(
        Code::InvalidInput,
        "The link's secret is missing; run this task through Countersign's own interfaces.",
    )
}
