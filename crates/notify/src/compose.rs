//! Notice → page: what each kind of mail says.

mod account;
mod approver;
mod change;
mod execution;
mod request;
mod requester;

use crate::{
    notice::{Disclosure, Notice, Person, Request},
    page::{Action, Page},
    site::{Recipient, Site},
    when,
};

/// What every composer knows beside its notice.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) site: &'a Site,
    pub(crate) recipient: &'a Recipient,
    pub(crate) now: i64,
}

/// Makes the page of a notice, fit to be shown.
pub(crate) fn compose(notice: &Notice, reader: Reader<'_>) -> Page {
    let page = match notice.request() {
        Some(request) if request.disclosure == Disclosure::NumberOnly => number_only(notice, request, reader),
        _ => full(notice, reader),
    };
    page.made_visible()
}

fn full(notice: &Notice, reader: Reader<'_>) -> Page {
    match notice {
        Notice::RequestPending(request) => approver::pending(request, reader),
        Notice::RequestReminder(request) => approver::reminder(request, reader),
        Notice::NoLongerNeeded { request, because } => approver::released(request, because, reader),
        Notice::Cancelled { request, at } => approver::cancelled(request, *at, reader),
        Notice::QuestionAnswered { request, question, answer } => {
            approver::answered(request, question, answer, reader)
        }
        Notice::Approved { request, approvals, from, until } => {
            requester::approved(request, approvals, (*from, *until), reader)
        }
        Notice::Narrowed { request, narrowing } => requester::narrowed(request, narrowing, reader),
        Notice::Denied { request, denial } => requester::denied(request, denial, reader),
        Notice::Expired(request) => requester::expired(request, reader),
        Notice::RequestEnded { request, because, at } => requester::ended(request, because, *at, reader),
        Notice::QuestionAsked { request, by, question } => requester::asked(request, by, question, reader),
        Notice::AuthorizationEnding { request, until } => requester::ending(request, *until, reader),
        Notice::AuthorizationEnded { request, ended } => {
            requester::authorization_ended(request, ended, reader)
        }
        Notice::ExecutionEnded { request, execution } => {
            execution::ended(request.as_ref(), execution, reader)
        }
        Notice::ControlPlaneAct(act) => change::act(act, reader),
        Notice::PrivilegedAccess(switched) => change::switched(switched, reader),
        Notice::RecoveryUsed(used) => change::recovery(used, reader),
        Notice::Alarm(alarm) => change::alarm(alarm, reader),
        Notice::Invitation(invitation) => account::invitation(invitation, reader),
        Notice::Reset(reset) => account::reset(reset, reader),
        Notice::CredentialChanged(changed) => account::credential_changed(changed, reader),
        Notice::LinkPrinted(printed) => account::link_printed(printed, reader),
        Notice::TestMail(test) => account::test_mail(test, reader),
    }
}

/// A confidential task's mail: the number and whether something is asked of the reader. Not even
/// the outcome is told, as it would tell that somebody acts.
fn number_only(notice: &Notice, request: &Request, reader: Reader<'_>) -> Page {
    let number = number(request.number);
    let waits = matches!(
        notice,
        Notice::RequestPending(_)
            | Notice::RequestReminder(_)
            | Notice::QuestionAsked { .. }
            | Notice::QuestionAnswered { .. }
    );
    let what = if waits { "needs your attention" } else { "has news" };
    Page {
        subject: format!("{number} {what}"),
        heading: format!("{number} {what}"),
        lead: vec![
            "It concerns a confidential task: what it is about is shown only after you have signed in."
                .into(),
        ],
        action: Some(open_request(request, reader)),
        because: "You get this mail because you take part in this request.".into(),
        ..Page::default()
    }
}

impl Reader<'_> {
    pub(crate) fn instant(&self, micros: i64) -> String {
        when::instant(micros, &self.recipient.zone)
    }
}

/// `R-1042`.
pub(crate) fn number(number: u64) -> String {
    format!("R-{number}")
}

fn person(person: &Person) -> String {
    format!("{} <{}>", person.name, person.upn)
}

fn people(people: &[Person]) -> String {
    people.iter().map(person).collect::<Vec<_>>().join(", ")
}

/// A name for the middle of a sentence.
fn by(person: Option<&Person>) -> String {
    person.map_or_else(String::new, |person| format!(" by {}", self::person(person)))
}

/// `Exchange\New-MoveRequest`.
fn target(request: &Request) -> String {
    format!("{}\\{}", request.scope, request.access_to)
}

fn open_request(request: &Request, reader: Reader<'_>) -> Action {
    let number = number(request.number);
    Action {
        label: format!("Open {number}"),
        url: reader.site.public_url.page(&format!("requests/{}", request.number)),
    }
}
