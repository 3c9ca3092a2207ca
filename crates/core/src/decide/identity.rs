//! Credentials, invitations, tokens, sign-ins.

use std::collections::BTreeSet;

use countersign_ledger::hash::Digest;

use super::rest::{not_found, person};
use super::{Draft, Reply};
use crate::actor::{Authentication, Scope};
use crate::budget::{self, Budget};
use crate::event::Body;
use crate::event::body::{Credential, InvitationPurpose, LinkDelivery, Recovery};
use crate::id::{InvitationId, PersonId, TokenId};
use crate::policy::Assurance;
use crate::refusal::{Code, Refusal};
use crate::standing;
use crate::state::Holder;
use crate::time::{Instant, Span};

/// How long an invitation or a reset stays open.
pub(crate) const INVITATION_OPEN: Span = Span::from_hours(72);
/// How long host recovery stays open.
const RECOVERY_OPEN: Span = Span::from_hours(1);
/// The longest life of a token.
const MOST_TOKEN: Span = Span::from_hours(24 * 366);
/// The most tokens one person may have.
const MOST_TOKENS: usize = 50;

pub(super) fn set_credential(
    draft: &mut Draft<'_>,
    whose: PersonId,
    link: Option<Digest>,
    credential: Credential,
    digest: Digest,
) -> Result<Reply, Refusal> {
    if !draft.state.directory.enabled(whose) {
        return Err(Refusal::new(Code::PersonDisabled, "This account is disabled."));
    }
    match link {
        Some(secret) => {
            // By its secret, which only who followed the link has: its id is no proof of that.
            let now = draft.now;
            let opened = draft
                .state
                .invitations
                .iter()
                .find(|(_, link)| link.secret == secret && link.person == whose && now < link.until);
            if opened.is_some_and(|(_, link)| link.holder == Holder::Requester)
                && standing::approves_something(&draft.state, whose)
            {
                return Err(Refusal::new(
                    Code::Forbidden,
                    "This link was shown to somebody else, and its person approves requests by now.",
                )
                .governed_by("the rule that nobody gets hold of another's vote")
                .hint("ask an administrator for one that is mailed"));
            }
            let Some(invitation) = opened.map(|(id, _)| *id).filter(|_| credential == Credential::Password)
            else {
                return Err(Refusal::new(Code::NotFound, "The link was used already, or its time is over.")
                    .hint("ask an administrator for a new one"));
            };
            draft.push(None, Body::InvitationUsed { invitation });
            // A reset means the second factor may be lost or stolen too: it has to be set up anew.
            reset_factors(draft, whose);
            // And whoever stole the sign-in may have made tokens in it, the person's own and their service accounts'.
            revoke_tokens(draft, whose);
        }
        None => {
            own_session(draft, whose)?;
        }
    }
    if let Some(person) = draft.principal.person() {
        budget::left(&draft.state, draft.now, person, Budget::Credentials)?;
    }
    draft.push(None, Body::CredentialSet { person: whose, credential, digest });
    Ok(Reply::Person { person: whose })
}

pub(super) fn set_factor(draft: &mut Draft<'_>, totp: Digest, recovery: Digest) -> Result<Reply, Refusal> {
    let whose = person(draft)?;
    own_session(draft, whose)?;
    for (credential, digest) in [(Credential::Recovery, recovery), (Credential::Totp, totp)] {
        budget::left(&draft.state, draft.now, whose, Budget::Credentials)?;
        draft.push(None, Body::CredentialSet { person: whose, credential, digest });
    }
    Ok(Reply::Person { person: whose })
}

fn revoke_tokens(draft: &mut Draft<'_>, whose: PersonId) {
    let state = &draft.state;
    let made = |of: PersonId| of == whose || state.directory.owns(whose, of);
    let tokens: Vec<TokenId> =
        state.tokens.iter().filter(|(_, token)| made(token.person)).map(|(id, _)| *id).collect();
    for token in tokens {
        draft.push(None, Body::TokenRevoked { token });
    }
}

fn reset_factors(draft: &mut Draft<'_>, whose: PersonId) {
    let credentials =
        draft.state.directory.person(whose).map(|person| person.credentials.clone()).unwrap_or_default();
    if credentials.totp.is_some() {
        draft.push(None, Body::CredentialRemoved { person: whose, credential: Credential::Totp });
    }
    if credentials.recovery.is_some() {
        draft.push(None, Body::CredentialRemoved { person: whose, credential: Credential::Recovery });
    }
}

pub(super) fn remove_credential(draft: &mut Draft<'_>, credential: Credential) -> Result<Reply, Refusal> {
    let whose = person(draft)?;
    own_session(draft, whose)?;
    if credential == Credential::Password {
        return Err(Refusal::new(Code::Forbidden, "A password is replaced, not removed."));
    }
    let before = draft.state.clone();
    let codes = draft.state.directory.person(whose).is_some_and(|known| known.credentials.recovery.is_some());
    draft.push(None, Body::CredentialRemoved { person: whose, credential });
    if credential == Credential::Totp && codes {
        draft.push(None, Body::CredentialRemoved { person: whose, credential: Credential::Recovery });
    }
    standing::keep_an_administrator(&before, &draft.state)?;
    standing::keep_two_deciders(&before, &draft.state)?;
    Ok(Reply::Done)
}

/// Credentials are made in a session of one's own, never with a token, and by who has a second factor only after
/// showing it: a stolen password alone must not replace the rest.
fn own_session(draft: &Draft<'_>, whose: PersonId) -> Result<(), Refusal> {
    match draft.principal.authentication() {
        Authentication::Session { assurance, .. } if draft.principal.person() == Some(whose) => {
            let second =
                draft.state.directory.person(whose).is_some_and(|person| person.credentials.totp.is_some());
            if second && *assurance < Assurance::SecondFactor {
                return Err(Refusal::new(
                    Code::SecondFactorRequired,
                    "Credentials are changed in a session with your second factor.",
                )
                .hint("sign in with your second factor: countersign login"));
            }
            Ok(())
        }
        Authentication::Token { .. } => {
            Err(Refusal::new(Code::TokenNotAllowed, "A token makes no credentials."))
        }
        _ => Err(not_found()),
    }
}

pub(super) fn issue_token(
    draft: &mut Draft<'_>,
    account: Option<PersonId>,
    secret: Digest,
    scopes: &BTreeSet<Scope>,
    until: Instant,
    label: &str,
) -> Result<Reply, Refusal> {
    let owner = person(draft)?;
    own_session(draft, owner)?;
    budget::left(&draft.state, draft.now, owner, Budget::Credentials)?;
    // A service account has no sign-in: its owner makes its tokens, which do nothing that the account may not.
    let whose = account.unwrap_or(owner);
    if whose != owner && (!draft.state.directory.owns(owner, whose) || !draft.state.directory.enabled(whose))
    {
        return Err(not_found());
    }
    if scopes.is_empty() || until <= draft.now || until > draft.now.plus(MOST_TOKEN) {
        return Err(Refusal::new(
            Code::InvalidInput,
            "A token has at least one scope and ends within a year.",
        ));
    }
    if draft.state.tokens.values().filter(|token| token.person == whose).count() >= MOST_TOKENS {
        return Err(Refusal::new(
            Code::LimitReached,
            format!("One account has at most {MOST_TOKENS} tokens; revoke one first."),
        ));
    }
    let label = super::submit::text(label, Code::InvalidInput, "Say what the token is for.")?;
    let label = draft.seal(&label)?;
    let token = TokenId::from_bytes(draft.random());
    draft
        .push(None, Body::TokenIssued { token, person: whose, secret, scopes: scopes.clone(), until, label });
    Ok(Reply::Token { token })
}

pub(super) fn revoke_token(draft: &mut Draft<'_>, token: TokenId) -> Result<Reply, Refusal> {
    let whose = person(draft)?;
    match draft.state.tokens.get(&token) {
        Some(found) if found.person == whose || draft.state.directory.owns(whose, found.person) => {
            draft.push(None, Body::TokenRevoked { token });
            Ok(Reply::Done)
        }
        _ => Err(not_found()),
    }
}

pub(super) fn signed_in(
    draft: &mut Draft<'_>,
    person: PersonId,
    assurance: Assurance,
) -> Result<Reply, Refusal> {
    engine_only(draft)?;
    if !draft.state.directory.enabled(person) {
        return Err(Refusal::new(Code::SignInFailed, "The name and password are not right."));
    }
    draft.push(None, Body::SignedIn { person, assurance });
    Ok(Reply::Person { person })
}

pub(super) fn refused(
    draft: &mut Draft<'_>,
    person: Option<PersonId>,
    attempt: &str,
    code: Code,
    count: u64,
) -> Result<Reply, Refusal> {
    engine_only(draft)?;
    draft.push(None, Body::RefusalsCounted { person, attempt: attempt.to_owned(), code, count });
    Ok(Reply::Done)
}

pub(super) fn failed(draft: &mut Draft<'_>, person: Option<PersonId>, count: u64) -> Result<Reply, Refusal> {
    engine_only(draft)?;
    draft.push(None, Body::SignInFailed { person, count });
    Ok(Reply::Done)
}

fn engine_only(draft: &Draft<'_>) -> Result<(), Refusal> {
    match draft.principal.authentication() {
        Authentication::System => Ok(()),
        _ => Err(Refusal::new(Code::Forbidden, "Only Countersign itself records this.")),
    }
}

/// Host recovery: an administrator sets a new password within the hour. Mailed to everyone, shown for 30 days.
pub(super) fn recover(draft: &mut Draft<'_>, person: PersonId, secret: Digest) -> Result<Reply, Refusal> {
    if !matches!(draft.principal.authentication(), Authentication::Host) {
        return Err(Refusal::new(Code::Forbidden, "Recovery is a command on the host."));
    }
    let administrator = crate::builtin::roles::is_administrator(&draft.state, person);
    if !administrator || !draft.state.directory.can_decide(person) {
        return Err(Refusal::new(
            Code::Forbidden,
            "Recovery restores an enabled administrator's sign-in, nobody else's.",
        )
        .hint("name an administrator: countersign recover --administrator <sign-in name>"));
    }
    draft.push(None, Body::RecoveryUsed { person, how: Recovery::SignIn });
    let purpose = InvitationPurpose::Recovery;
    invite(draft, person, NewLink { purpose, delivery: LinkDelivery::Printed, secret, open: RECOVERY_OPEN });
    Ok(Reply::Person { person })
}

/// A single-use link to be issued.
pub(crate) struct NewLink {
    pub(crate) purpose: InvitationPurpose,
    pub(crate) delivery: LinkDelivery,
    /// SHA-256 of its secret.
    pub(crate) secret: Digest,
    /// For how long it works.
    pub(crate) open: Span,
}

/// Issues a link; an older one of the same person is no longer valid.
pub(crate) fn invite(draft: &mut Draft<'_>, person: PersonId, link: NewLink) -> InvitationId {
    let older: Vec<InvitationId> =
        draft.state.invitations.iter().filter(|(_, link)| link.person == person).map(|(id, _)| *id).collect();
    for invitation in older {
        draft.push(None, Body::InvitationUsed { invitation });
    }
    let invitation = InvitationId::from_bytes(draft.random());
    let NewLink { purpose, delivery, secret, open } = link;
    let until = draft.now.plus(open);
    draft.push(None, Body::InvitationIssued { invitation, person, purpose, delivery, secret, until });
    invitation
}
