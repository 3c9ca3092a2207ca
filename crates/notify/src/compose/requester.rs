//! What requesters are told.

use super::{Reader, approver::pending_end, by, number, open_request, person, request, target};
use crate::{
    notice::{Approval, Denial, EndCause, Ended, Narrowing, PendingEnd, Person, Request},
    page::{Page, Row, Section, Tone},
    when,
};

const BECAUSE: &str = "You get this mail because you asked for this access.";

pub(super) fn approved(
    request: &Request,
    approvals: &[Approval],
    window: (i64, i64),
    reader: Reader<'_>,
) -> Page {
    let number = number(request.number);
    let (from, until) = window;
    let mut rows = vec![
        Row::plain("From", reader.instant(from)),
        Row::loud("Until", reader.instant(until)),
        Row::plain("Uses", request::uses(request.uses)),
    ];
    for approval in approvals {
        rows.push(Row::plain(
            "Approved by",
            format!("{} at {}", person(&approval.by), reader.instant(approval.at)),
        ));
        if !approval.comment.is_empty() {
            rows.push(Row::quote("Comment", &approval.comment));
        }
    }
    if approvals.is_empty() {
        rows.push(Row::plain("Approved by", "nobody: the policy approves by itself"));
    }
    let mut sections = vec![Section::new("Your authorization", rows)];
    sections.extend(request::sections(request, reader));
    Page {
        subject: format!("{number} approved: {} until {}", target(request), reader.instant(until)),
        heading: format!("{number} is approved"),
        tone: Tone::Good,
        lead: vec![format!("You may now run {}, within the window and exactly as asked.", target(request))],
        sections,
        notes: vec![
            "If you need it no longer, give it back on the page: what nobody holds, nobody can misuse."
                .into(),
        ],
        digest: request::digest(request),
        ..base(request, reader)
    }
}

pub(super) fn narrowed(request: &Request, narrowing: &Narrowing, reader: Reader<'_>) -> Page {
    let number = number(request.number);
    let mut rows = vec![
        Row::plain("Narrowed by", person(&narrowing.by)),
        Row::plain("At", reader.instant(narrowing.at)),
        Row::quote("Comment", &narrowing.comment),
    ];
    for (field, asked, granted) in &narrowing.changes {
        rows.push(Row::loud(field, format!("{granted} (you asked for: {asked})")));
    }
    rows.push(Row::plain("Former digest", hex::encode(narrowing.former_digest)));
    let mut sections = vec![Section::new("What is different", rows)];
    sections.extend(request::sections(request, reader));
    Page {
        subject: format!("{number}: approved for less by {}", narrowing.by.name),
        heading: format!("{number} goes on for less than you asked"),
        tone: Tone::Warn,
        lead: vec!["An approver approves a narrower form of your request. If that is not enough, cancel it and ask again.".into()],
        sections,
        digest: request::digest(request),
        ..base(request, reader)
    }
}

pub(super) fn denied(request: &Request, denial: &Denial, reader: Reader<'_>) -> Page {
    let number = number(request.number);
    Page {
        subject: format!("{number} denied: {}", target(request)),
        heading: format!("{number} was denied"),
        tone: Tone::Warn,
        lead: vec![
            "A denial is final for this request. You may ask again; the approvers then see this denial."
                .into(),
        ],
        sections: vec![
            Section::new("The decision", request::denial(denial, reader)),
            request::brief(request, reader),
        ],
        ..base(request, reader)
    }
}

pub(super) fn expired(request: &Request, reader: Reader<'_>) -> Page {
    let number = number(request.number);
    Page {
        subject: format!("{number} expired: {}", target(request)),
        heading: format!("{number} expired"),
        tone: Tone::Warn,
        lead: vec![format!(
            "Nobody decided in time: the request ended at {}. You can send it again from its page.",
            reader.instant(request.expires_at)
        )],
        sections: vec![request::brief(request, reader)],
        ..base(request, reader)
    }
}

pub(super) fn ended(request: &Request, because: &PendingEnd, at: i64, reader: Reader<'_>) -> Page {
    let number = number(request.number);
    let rows = vec![Row::plain("Why", pending_end(because)), Row::plain("At", reader.instant(at))];
    Page {
        subject: format!("{number} ended without a decision: {}", target(request)),
        heading: format!("{number} ended without a decision"),
        tone: Tone::Warn,
        lead: vec!["Your request can't be decided any more. If you still need the access, send it again from its page.".into()],
        sections: vec![Section::new("What happened", rows), request::brief(request, reader)],
        ..base(request, reader)
    }
}

pub(super) fn asked(request: &Request, by: &Person, question: &str, reader: Reader<'_>) -> Page {
    let number = number(request.number);
    Page {
        subject: format!("{number}: {} has a question", by.name),
        heading: format!("{number}: an approver asks you something"),
        tone: Tone::Ask,
        lead: vec![format!(
            "Please answer on the page; a reply to this mail is not read. The request waits until {}.",
            reader.instant(request.expires_at)
        )],
        sections: vec![
            Section::new(
                "The question",
                vec![Row::plain("Asked by", person(by)), Row::quote("Question", question)],
            ),
            request::brief(request, reader),
        ],
        ..base(request, reader)
    }
}

pub(super) fn ending(request: &Request, until: i64, reader: Reader<'_>) -> Page {
    let number = number(request.number);
    let left = when::length(until.saturating_sub(reader.now));
    Page {
        subject: format!("{number} ends in {left}: {}", target(request)),
        heading: format!("Your authorization ends in {left}"),
        tone: Tone::Warn,
        lead: vec![format!(
            "{} is open to you until {}. Runs that are still going then are stopped unless the task says otherwise. To go on, ask for an extension on the page before the end.",
            target(request),
            reader.instant(until)
        )],
        sections: vec![request::brief(request, reader)],
        ..base(request, reader)
    }
}

pub(super) fn authorization_ended(request: &Request, ended: &Ended, reader: Reader<'_>) -> Page {
    let number = number(request.number);
    let mut rows = cause(&ended.because);
    rows.push(Row::plain("At", reader.instant(ended.at)));
    if ended.stopped > 0 {
        rows.push(Row::loud("Stopped", request::count(ended.stopped as usize, "running execution")));
    }
    if ended.running > 0 {
        let running = request::count(ended.running as usize, "execution");
        rows.push(Row::plain("Still running", format!("{running}, which the task lets run to the end")));
    }
    let word = match ended.because {
        EndCause::Revoked { .. } => "was revoked",
        EndCause::EmergencyStop { .. } => "was stopped",
        EndCause::GivenBack => "was given back",
        _ => "has ended",
    };
    Page {
        subject: format!("{number}: access to {} {word}", target(request)),
        heading: format!("The authorization of {number} {word}"),
        tone: Tone::Warn,
        lead: vec![format!("{} can't be started under {number} any more.", target(request))],
        sections: vec![Section::new("What happened", rows), request::brief(request, reader)],
        because: "You get this mail because you hold, asked for or approved this access.".to_owned(),
        ..base(request, reader)
    }
}

fn cause(cause: &EndCause) -> Vec<Row> {
    let why = |text: String| vec![Row::plain("Why", text)];
    match cause {
        EndCause::TimeOver => why("its time is over".into()),
        EndCause::GivenBack => why("the requester gave it back".into()),
        EndCause::UsedUp => why("all its uses are taken".into()),
        EndCause::Revoked { by, comment } => {
            vec![Row::plain("Revoked by", person(by)), Row::quote("Comment", comment)]
        }
        EndCause::PolicyChanged { policy, by: who } => {
            why(format!("the policy {policy} was tightened, removed or replaced{}", by(who.as_ref())))
        }
        EndCause::NotEntitled { why: text } => why(format!("the requester may no longer hold it: {text}")),
        EndCause::LostQuorum { group } => why(format!(
            "approvals that it needs don't count any more: too few of those who approved are still in {group}"
        )),
        EndCause::PrivilegedAccessOff { by: who } => {
            why(format!("privileged access was turned off{}", by(who.as_ref())))
        }
        EndCause::EmergencyStop { by, comment } => {
            vec![Row::plain("Stopped by", person(by)), Row::quote("Comment", comment)]
        }
        EndCause::Restored => {
            why("the ledger was restored from an older copy, and what lived by it was ended".into())
        }
        EndCause::ClockFault => why("the server's clock was wrong, and its authorizations were ended".into()),
        EndCause::LinkedAccounts => {
            why("accounts were found to be one person's, and nobody approves their own request".into())
        }
    }
}

fn base(request: &Request, reader: Reader<'_>) -> Page {
    Page { action: Some(open_request(request, reader)), because: BECAUSE.to_owned(), ..Page::default() }
}
