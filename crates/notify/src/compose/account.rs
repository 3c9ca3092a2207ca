//! What people are told about their own account, and the test mail.

use super::{Reader, person};
use crate::{
    notice::{CredentialChange, CredentialChanged, Invitation, LinkPrinted, Reset, TestMail},
    page::{Action, Page, Row, Section, Tone},
};

const ONCE: &str = "The link works once. Never pass it on: whoever opens it first has the account. Countersign never asks for a password by mail.";

pub(super) fn invitation(invitation: &Invitation, reader: Reader<'_>) -> Page {
    let organization = &reader.site.organization;
    Page {
        subject: format!("Your account for privileged access at {organization}"),
        heading: format!("Welcome to privileged access at {organization}"),
        tone: Tone::Ask,
        lead: vec![format!(
            "{} made an account for you. Open the page to choose a password and set up a second factor.",
            person(&invitation.invited_by)
        )],
        sections: vec![Section::new(
            "Your account",
            vec![
                Row::plain("Sign-in name", &invitation.upn),
                Row::plain("Link valid until", reader.instant(invitation.expires_at)),
            ],
        )],
        action: Some(link("Set up your account", "invitation", &invitation.token, reader)),
        notes: vec![ONCE.into()],
        because: "If you don't know what this is about, do nothing: the account can't be used before.".into(),
        ..Page::default()
    }
}

pub(super) fn reset(reset: &Reset, reader: Reader<'_>) -> Page {
    Page {
        subject: format!("Reset {} at {}", reset.what, reader.site.organization),
        heading: format!("Reset {}", reset.what),
        tone: Tone::Ask,
        lead: vec![format!("{} asked for this link. Open the page to go on.", person(&reset.requested_by))],
        sections: vec![Section::new("Your account", vec![
            Row::plain("Sign-in name", &reset.upn),
            Row::plain("Link valid until", reader.instant(reset.expires_at)),
        ])],
        action: Some(link("Go on", "reset", &reset.token, reader)),
        notes: vec![ONCE.into()],
        because: "If neither you nor your administrator asked for it, tell your administrator; nothing has changed so far."
            .into(),
        ..Page::default()
    }
}

pub(super) fn link_printed(printed: &LinkPrinted, reader: Reader<'_>) -> Page {
    let by = person(&printed.shown_to);
    Page {
        subject: format!("{} holds a link to your account", printed.shown_to.name),
        heading: "Somebody else holds a link to your account".into(),
        tone: Tone::Warn,
        lead: vec![
            format!("A link that sets the password of your account was shown to {by}. It was not mailed."),
            "Until you use it, whoever has it can become you. If you agreed to this, ask for it and use it now.".into(),
        ],
        sections: vec![Section::new("The link", vec![
            Row::plain("Account", &printed.upn),
            Row::plain("Shown to", by),
            Row::plain("At", reader.instant(printed.at)),
            Row::plain("Valid until", reader.instant(printed.expires_at)),
            Row::plain("Audit log", format!("entry {}", printed.seq)),
        ])],
        notes: vec!["The link works once: one that no longer works when you try it was used by somebody else.".into()],
        because: "If you didn't agree to this, tell your administrators and the approvers at once.".into(),
        ..Page::default()
    }
}

pub(super) fn credential_changed(changed: &CredentialChanged, reader: Reader<'_>) -> Page {
    let (heading, lead) = match &changed.what {
        CredentialChange::Password => {
            ("Your password was changed", "All sessions of before have ended; the second factor is the same.")
        }
        CredentialChange::PasswordByLink => (
            "Your password was set by a link",
            "All sessions and API tokens of before have ended. A second factor of before is gone: set it up anew.",
        ),
        CredentialChange::SecondFactorSet => (
            "A second factor was set up",
            "Signing in now asks for its code. Authenticator and recovery codes of before no longer count.",
        ),
        CredentialChange::SecondFactorRemoved => (
            "Your second factor was removed",
            "Signing in asks for the password alone. The recovery codes are gone as well.",
        ),
        CredentialChange::RecoveryCodeUsed => (
            "A recovery code was used",
            "It replaced the second factor once and no longer counts. Set up a second factor anew if you lost it.",
        ),
        CredentialChange::Token { .. } => (
            "An API token was made",
            "Programs that have it act in the name of this account, within its scopes, until it ends or is revoked.",
        ),
    };
    let mut rows = vec![Row::plain("Account", &changed.upn), Row::plain("At", reader.instant(changed.at))];
    if let CredentialChange::Token { scopes, until } = &changed.what {
        rows.push(Row::plain("Scopes", scopes.join(", ")));
        rows.push(Row::plain("Valid until", reader.instant(*until)));
    }
    rows.push(Row::plain("Audit log", format!("entry {}", changed.seq)));
    Page {
        subject: format!("{heading} at {}", reader.site.organization),
        heading: heading.into(),
        tone: Tone::Warn,
        lead: vec![lead.into()],
        sections: vec![Section::new("What changed", rows)],
        because: "If this was not you, tell your administrators at once: they can disable the account and reset how it is \
                  signed in to."
            .into(),
        ..Page::default()
    }
}

pub(super) fn test_mail(test: &TestMail, reader: Reader<'_>) -> Page {
    let mut rows: Vec<_> = test.by.iter().map(|by| Row::plain("Sent by", person(by))).collect();
    rows.push(Row::plain("Through", &test.server));
    rows.push(Row::plain("At", reader.instant(test.at)));
    rows.push(Row::plain("Pages at", reader.site.public_url.to_string()));
    Page {
        subject: format!("Test mail from Countersign at {}", reader.site.organization),
        heading: "Mail works".into(),
        tone: Tone::Good,
        lead: vec!["Approvers will be told of requests in mails like this one. The link below must open the sign-in page.".into()],
        sections: vec![Section::new("This mail", rows)],
        action: Some(Action { label: "Open the sign-in page".into(), url: reader.site.public_url.page("") }),
        because: "You get this mail because mail was set up or tested.".into(),
        ..Page::default()
    }
}

/// The secret stands behind `#`: browsers keep it from servers' logs, proxies and other sites, and
/// a scanner that fetches the page doesn't use it up.
fn link(label: &str, page: &str, token: &str, reader: Reader<'_>) -> Action {
    let token: String = token.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    Action { label: label.into(), url: reader.site.public_url.page(&format!("{page}#{token}")) }
}
