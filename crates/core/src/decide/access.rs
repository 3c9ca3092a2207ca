//! The beginning of an organization, of a process, and the clock.

use countersign_ledger::hash::Digest;

use super::vouch::{self, Matter};
use super::{Draft, Reply};
use crate::actor::Authentication;
use crate::builtin::roles;
use crate::command::Initialize;
use crate::directory::{Member, PersonKind};
use crate::event::Body;
use crate::event::body::{AuthorizationEnd, Ends, InvitationPurpose, LinkDelivery};
use crate::id::PersonId;
use crate::organization::Settings;
use crate::refusal::{Code, Refusal};
use crate::time::{Instant, Span};

pub(super) fn initialize(draft: &mut Draft<'_>, initialize: &Initialize) -> Result<Reply, Refusal> {
    host_only(draft)?;
    if !draft.state.is_empty() {
        return Err(Refusal::new(
            Code::AlreadyInState,
            "There is an organization in this data directory already.",
        ));
    }
    draft.push(
        None,
        Body::OrganizationCreated {
            name: initialize.organization.clone(),
            ledger: initialize.ledger.clone(),
            zone: initialize.zone.clone(),
            settings: Settings::default(),
        },
    );
    for (role, tasks) in roles::all()? {
        draft.push(None, Body::RoleDefined { role, version: 1, tasks, ends: Ends::default() });
    }
    for (role_group, roles) in roles::groups()? {
        draft.push(None, Body::RoleGroupDefined { role_group, roles, ends: Ends::default() });
    }
    let person = PersonId::from_bytes(draft.random());
    let upn = draft.seal(&initialize.administrator.upn)?;
    let display_name = draft.seal(&initialize.administrator.display_name)?;
    let mail = draft.seal(&initialize.administrator.mail)?;
    draft.push(None, Body::PersonCreated { person, kind: PersonKind::Member, upn, display_name, mail });
    draft.push(
        None,
        Body::RoleGroupMembersChanged {
            role_group: roles::organization_management()?,
            added: vec![Member::Person(person)],
            removed: Vec::new(),
            ends: Ends::default(),
        },
    );
    draft.push(None, Body::FirstAdministratorNamed { person });
    let link = super::identity::NewLink {
        purpose: InvitationPurpose::Invite,
        delivery: LinkDelivery::Printed,
        secret: initialize.secret,
        open: super::identity::INVITATION_OPEN,
    };
    super::identity::invite(draft, person, link);
    Ok(Reply::Person { person })
}

pub(super) fn start_node(
    draft: &mut Draft<'_>,
    version: &str,
    binary: Digest,
    configuration: Digest,
    separated: bool,
) -> Result<Reply, Refusal> {
    host_only(draft)?;
    draft.push(None, Body::NodeStarted { version: version.to_owned(), binary, configuration, separated });
    Ok(Reply::Done)
}

pub(super) fn suspect_clock(draft: &mut Draft<'_>, stated: Instant) -> Result<Reply, Refusal> {
    if !matches!(draft.principal.authentication(), Authentication::System) {
        return Err(Refusal::new(Code::Forbidden, "Only the engine judges its clock."));
    }
    if !draft.state.organization.clock_suspect {
        draft.push(None, Body::ClockSuspected { stated });
    }
    Ok(Reply::Done)
}

const CLOCK: Matter = Matter { what: "a clock", on_host: "countersign clock accept" };

/// Accepting a clock fault ends every live authorization (G16). The host's own account does it, or two default approvers
/// who are signed in: the first vouches, the second's word accepts.
pub(super) fn accept_clock(draft: &mut Draft<'_>) -> Result<Reply, Refusal> {
    let by = vouch::who(draft, &CLOCK)?;
    if !draft.state.organization.clock_suspect {
        return Err(Refusal::new(Code::AlreadyInState, "The clock is not suspect."));
    }
    if let Some(by) = by {
        let said = draft.state.organization.clock_vouched.clone();
        vouch::may_add(&draft.state, said, by, &CLOCK)?;
        draft.push(None, Body::ClockVouched { person: by.0 });
        let said = draft.state.organization.clock_vouched.clone();
        if vouch::humans(&draft.state, said).len() < 2 {
            return Ok(Reply::Done);
        }
    }
    let authorizations =
        draft.state.authorizations.keys().map(|number| (*number, AuthorizationEnd::ClockFault)).collect();
    let ends = Ends { authorizations, ..Ends::default() };
    draft.change(Body::ClockAccepted { ends })?;
    Ok(Reply::Done)
}

fn host_only(draft: &Draft<'_>) -> Result<(), Refusal> {
    match draft.principal.authentication() {
        Authentication::Host => Ok(()),
        _ => Err(Refusal::new(Code::Forbidden, "This is a command on the host.")),
    }
}

/// How long privileged access may be disabled for a while.
pub(crate) const LONGEST_PAUSE: Span = Span::from_hours(24 * 7);
