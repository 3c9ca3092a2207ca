//! What approvers are told.

use super::{Reader, by, number, open_request, people, person, request, target};
use crate::{
    notice::{PendingEnd, Released, Request},
    page::{Page, Row, Section, Tone},
    when,
};

const HOW: &str = "The link opens a page and changes nothing by itself. To approve or deny, sign in there; no reply to this mail and no \
                   click in it decides anything.";

pub(super) fn pending(request: &Request, reader: Reader<'_>) -> Page {
    let number = number(request.number);
    Page {
        subject: format!("{number}: {} asks for {}", request.requester.name, target(request)),
        heading: format!("{number} waits for your decision"),
        lead: vec![format!(
            "{} asks for privileged access to {}. Please approve or deny before {}; after that the request expires.",
            person(&request.requester),
            target(request),
            reader.instant(request.expires_at)
        )],
        ..decision(request, reader)
    }
}

pub(super) fn reminder(request: &Request, reader: Reader<'_>) -> Page {
    let number = number(request.number);
    let left = when::length(request.expires_at.saturating_sub(reader.now));
    Page {
        subject: format!("Reminder: {number} expires in {left}"),
        heading: format!("{number} still waits and expires in {left}"),
        lead: vec![format!(
            "{} asks for privileged access to {}. Nobody's decision has ended it yet; it expires at {}.",
            person(&request.requester),
            target(request),
            reader.instant(request.expires_at)
        )],
        ..decision(request, reader)
    }
}

pub(super) fn answered(request: &Request, question: &str, answer: &str, reader: Reader<'_>) -> Page {
    let number = number(request.number);
    let mut page = decision(request, reader);
    let rows = vec![Row::quote("Question", question), Row::quote("Answer", answer)];
    page.sections.insert(0, Section::new("Question and answer", rows));
    Page {
        subject: format!("{number}: {} answered the question", request.requester.name),
        heading: format!("{number}: the requester answered"),
        lead: vec![format!(
            "{} answered. The request is as it was and expires at {}.",
            person(&request.requester),
            reader.instant(request.expires_at)
        )],
        ..page
    }
}

pub(super) fn released(request: &Request, because: &Released, reader: Reader<'_>) -> Page {
    let number = number(request.number);
    let (what, mut rows) = match because {
        Released::StageFilled { by } => {
            ("your stage is complete", vec![Row::plain("Approved by", people(by))])
        }
        Released::Approved { by } => ("it is approved", vec![Row::plain("Approved by", people(by))]),
        Released::Denied(denial) => ("it was denied", request::denial(denial, reader)),
        Released::Expired => ("it expired undecided", vec![]),
        Released::Ended(why) => ("it ended without a decision", vec![Row::plain("Why", pending_end(why))]),
    };
    rows.insert(0, Row::plain("State", what));
    Page {
        subject: format!("{number}: nothing left to do for you, {what}"),
        heading: format!("{number}: {what}"),
        lead: vec![format!("You were asked to decide on {number}. You needn't any more: {what}.")],
        sections: vec![Section::new("What happened", rows), request::brief(request, reader)],
        action: Some(open_request(request, reader)),
        because: because_approver(request),
        ..Page::default()
    }
}

pub(super) fn cancelled(request: &Request, at: i64, reader: Reader<'_>) -> Page {
    let number = number(request.number);
    Page {
        subject: format!("{number}: nothing left to do for you, the requester cancelled it"),
        heading: format!("{number} was cancelled by the requester"),
        lead: vec![format!(
            "{} cancelled the request at {}. You needn't decide any more.",
            person(&request.requester),
            reader.instant(at)
        )],
        sections: vec![request::brief(request, reader)],
        action: Some(open_request(request, reader)),
        because: because_approver(request),
        ..Page::default()
    }
}

/// Why a pending request ended, as a sentence.
pub(super) fn pending_end(why: &PendingEnd) -> String {
    match why {
        PendingEnd::StageUnfillable { group } => {
            format!("too few eligible approvers are left in {group}")
        }
        PendingEnd::PolicyChanged { policy, by: who } => {
            format!("the policy {policy} was changed or removed{}", by(who.as_ref()))
        }
        PendingEnd::DefinitionChanged { task } => {
            format!("the definition of {task} changed after the request")
        }
        PendingEnd::PrivilegedAccessOff { by: who } => {
            format!("privileged access was turned off{}", by(who.as_ref()))
        }
        PendingEnd::Restored => {
            "the ledger was restored from an older copy, and what was pending ended".into()
        }
        PendingEnd::NotEntitled { why } => format!("the requester may no longer ask for it: {why}"),
    }
}

fn decision(request: &Request, reader: Reader<'_>) -> Page {
    Page {
        tone: Tone::Ask,
        sections: request::sections(request, reader),
        action: Some(open_request(request, reader)),
        notes: vec![HOW.to_owned()],
        digest: request::digest(request),
        because: because_approver(request),
        ..Page::default()
    }
}

fn because_approver(request: &Request) -> String {
    let at = usize::try_from(request.stage.saturating_sub(1)).unwrap_or(0);
    let group = request.stages.get(at).map_or("an approver group", |stage| stage.group.as_str());
    format!("You get this mail because you are an approver through {group}.")
}
