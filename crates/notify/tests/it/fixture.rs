//! One organization, one request, one notice of each kind.

use countersign_notify::{
    Notice, OutgoingMail, PublicUrl, Recipient, Site, Stamp,
    notice::{
        Alarm, Approval, ApprovalType, Binding, Change, Constraint, ControlPlaneAct, CredentialChange,
        CredentialChanged, Denial, Disclosure, EndCause, Ended, Ends, Execution, ExecutionOutcome,
        Invitation, LinkPrinted, Names, Narrowing, Parameter, PendingEnd, Person, Policy, PrivilegedAccess,
        RecoveryUsed, Released, Request, Reset, Stage, Switch, TargetType, TestMail, Uses,
    },
    render,
};

pub(crate) const HOUR: i64 = 3_600_000_000;
/// 2026-11-30T14:05:00Z.
pub(crate) const NOW: i64 = 1_796_047_500_000_000;

pub(crate) fn site() -> Site {
    Site {
        organization: "Contoso".into(),
        public_url: PublicUrl::parse("https://pam.contoso.example").unwrap(),
        ledger: "ledger-1".into(),
        sender_name: "Countersign".into(),
        sender_address: "countersign@contoso.example".into(),
        demo: None,
    }
}

pub(crate) fn reader() -> Recipient {
    Recipient { name: "Ben Ode".into(), address: "ben@contoso.example".into(), zone: "Europe/Berlin".into() }
}

pub(crate) fn stamp() -> Stamp {
    Stamp { key: "42".into(), now: NOW }
}

pub(crate) fn person(name: &str) -> Person {
    Person {
        name: name.into(),
        upn: format!("{}@contoso.example", name.split(' ').next().unwrap().to_lowercase()),
    }
}

pub(crate) fn request() -> Request {
    Request {
        number: 1042,
        disclosure: Disclosure::Full,
        requester: person("Ana Ruiz"),
        service_account: None,
        target_type: TargetType::Task,
        scope: "Exchange".into(),
        access_to: "New-MoveRequest".into(),
        opens: Names::default(),
        does_not_open: Names::default(),
        parameters: vec![
            parameter("Identity", Constraint::Words("equals sales@contoso.example".into()), Binding::Always),
            parameter("BadItemLimit", Constraint::AnyValue, Binding::Free),
            parameter("RemoteCredential", Constraint::AtExecution, Binding::Policy),
        ],
        reason: "Move the sales mailbox\nto the new database".into(),
        ticket: Some("CHG-7781".into()),
        duration: 4 * HOUR,
        start: None,
        latest_end: Some(NOW + 28 * HOUR),
        uses: Uses::AtMost(3),
        requested_at: NOW,
        expires_at: NOW + 24 * HOUR,
        policy: Policy {
            name: "Mailbox moves".into(),
            version: 7,
            approval: ApprovalType::Manual,
            exception: None,
        },
        stages: vec![
            Stage { group: "Exchange Approvers".into(), needed: 2, approved: vec![person("Cara Lind")] },
            Stage { group: "Security".into(), needed: 1, approved: vec![] },
        ],
        stage: 1,
        earlier_denial: None,
        preview: countersign_notify::notice::PreviewOffer::None,
        digest: [0xAB; 32],
    }
}

fn parameter(name: &str, constraint: Constraint, binding: Binding) -> Parameter {
    Parameter { name: name.into(), constraint, binding }
}

pub(crate) fn denial() -> Denial {
    Denial { by: person("Cara Lind"), at: NOW + HOUR, comment: "Not in the change window".into() }
}

/// At least one notice of each kind.
pub(crate) fn all(request: &Request) -> Vec<Notice> {
    let r = || request.clone();
    vec![
        Notice::RequestPending(r()),
        Notice::RequestReminder(r()),
        Notice::NoLongerNeeded {
            request: r(),
            because: Released::StageFilled { by: vec![person("Cara Lind")] },
        },
        Notice::NoLongerNeeded {
            request: r(),
            because: Released::Approved { by: vec![person("Cara Lind")] },
        },
        Notice::NoLongerNeeded { request: r(), because: Released::Denied(denial()) },
        Notice::NoLongerNeeded { request: r(), because: Released::Expired },
        Notice::NoLongerNeeded {
            request: r(),
            because: Released::Ended(PendingEnd::StageUnfillable { group: "Security".into() }),
        },
        Notice::Approved {
            request: r(),
            approvals: vec![Approval { by: person("Cara Lind"), at: NOW, comment: "Go ahead".into() }],
            from: NOW,
            until: NOW + 4 * HOUR,
        },
        Notice::Approved { request: r(), approvals: vec![], from: NOW, until: NOW + 4 * HOUR },
        Notice::Narrowed { request: r(), narrowing: narrowing() },
        Notice::Denied { request: r(), denial: denial() },
        Notice::Expired(r()),
        Notice::RequestEnded {
            request: r(),
            because: PendingEnd::PolicyChanged {
                policy: "Mailbox moves".into(),
                by: Some(person("Dana Kim")),
            },
            at: NOW,
        },
        Notice::Cancelled { request: r(), at: NOW },
        Notice::QuestionAsked { request: r(), by: person("Cara Lind"), question: "Which database?".into() },
        Notice::QuestionAnswered { request: r(), question: "Which database?".into(), answer: "DB07".into() },
        Notice::AuthorizationEnding { request: r(), until: NOW + HOUR / 4 },
        Notice::AuthorizationEnded { request: r(), ended: revoked() },
        Notice::ExecutionEnded { request: Some(r()), execution: execution(ExecutionOutcome::Succeeded) },
        Notice::ExecutionEnded {
            request: Some(r()),
            execution: execution(ExecutionOutcome::Failed("exit status 3".into())),
        },
        Notice::ExecutionEnded {
            request: Some(r()),
            execution: execution(ExecutionOutcome::Stopped("revoked".into())),
        },
        Notice::ExecutionEnded { request: None, execution: execution(ExecutionOutcome::Unknown) },
        Notice::ControlPlaneAct(act()),
        switched(Switch::Enabled),
        switched(Switch::Off),
        switched(Switch::OffUntil(NOW + 2 * HOUR)),
        switched(Switch::Observe),
        switched(Switch::BackOn),
        Notice::RecoveryUsed(RecoveryUsed {
            what: "made Dana Kim an approver".into(),
            host_user: "countersign".into(),
            host: "pam01".into(),
            at: NOW,
            effective_at: Some(NOW + 24 * HOUR),
            seq: 99,
        }),
        Notice::Invitation(Invitation {
            invited_by: person("Dana Kim"),
            upn: "ben@contoso.example".into(),
            token: "csi_0123456789abcdefghjkmnpqrstvwxyz012345".into(),
            expires_at: NOW + 72 * HOUR,
        }),
        Notice::Reset(Reset {
            requested_by: person("Dana Kim"),
            upn: "ben@contoso.example".into(),
            token: "csi_0123456789abcdefghjkmnpqrstvwxyz012345".into(),
            expires_at: NOW + HOUR,
            what: "your password".into(),
        }),
        Notice::LinkPrinted(LinkPrinted {
            shown_to: person("Dana Kim"),
            upn: "ben@contoso.example".into(),
            at: NOW,
            expires_at: NOW + 72 * HOUR,
            seq: 41,
        }),
        changed(CredentialChange::Token {
            scopes: vec!["read".into(), "execute".into()],
            until: NOW + 24 * HOUR,
        }),
        Notice::TestMail(TestMail {
            by: Some(person("Dana Kim")),
            server: "smtp.contoso.example:587, STARTTLS".into(),
            at: NOW,
        }),
        Notice::Alarm(Alarm {
            title: "A policy can't be filled".into(),
            text: vec!["Nobody can approve requests under Mailbox moves.".into()],
            facts: vec![("Policy".into(), "Mailbox moves".into())],
            advice: "Add members to Exchange Approvers".into(),
            at: NOW,
            page: Some("policies/mailbox-moves".into()),
        }),
    ]
}

pub(crate) fn changed(what: CredentialChange) -> Notice {
    Notice::CredentialChanged(CredentialChanged { what, upn: "ben@contoso.example".into(), at: NOW, seq: 41 })
}

pub(crate) fn narrowing() -> Narrowing {
    Narrowing {
        by: person("Cara Lind"),
        at: NOW,
        comment: "One hour is enough".into(),
        changes: vec![("Duration".into(), "4 hours".into(), "1 hour".into())],
        former_digest: [0xCD; 32],
    }
}

pub(crate) fn revoked() -> Ended {
    Ended {
        because: EndCause::Revoked { by: person("Cara Lind"), comment: "Wrong mailbox".into() },
        at: NOW + HOUR,
        stopped: 1,
        running: 0,
    }
}

pub(crate) fn execution(outcome: ExecutionOutcome) -> Execution {
    Execution {
        id: "9f3c0a".into(),
        task: r"Exchange\New-MoveRequest".into(),
        parameters: vec![("Identity".into(), "sales@contoso.example".into())],
        basis: "authorization of R-1042".into(),
        started_at: NOW,
        ended_at: Some(NOW + 90_000_000),
        outcome,
    }
}

pub(crate) fn act() -> ControlPlaneAct {
    ControlPlaneAct {
        by: person("Dana Kim"),
        task: r"Countersign\Set-ElevatedAccessApprovalPolicy".into(),
        target: "policy Mailbox moves".into(),
        changes: vec![Change { field: "Quorum".into(), before: "1".into(), after: "2".into() }],
        basis: "authorization of R-1041".into(),
        request: Some(1041),
        at: NOW,
        seq: 512,
        ends: Ends { authorizations: 3, pending: 1 },
    }
}

fn switched(switch: Switch) -> Notice {
    Notice::PrivilegedAccess(PrivilegedAccess {
        switch,
        by: person("Dana Kim"),
        reason: "Migration night".into(),
        at: NOW,
        seq: 77,
        ends: Ends { authorizations: 2, pending: 0 },
    })
}

pub(crate) fn mail(notice: &Notice) -> OutgoingMail {
    render(&site(), notice, &reader(), &stamp()).unwrap()
}

/// The words of an HTML mail: tags dropped, the five entities read, white space as one space.
pub(crate) fn words_of_html(html: &str) -> String {
    let body = html.split_once("<body").unwrap().1;
    let mut out = String::new();
    let mut tag = true;
    for c in body.chars() {
        match c {
            '<' => {
                tag = true;
                out.push(' ');
            }
            '>' if tag => tag = false,
            c if !tag => out.push(c),
            _ => {}
        }
    }
    for (entity, letter) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#x2f;", "/"), ("&nbsp;", " ")]
    {
        out = out.replace(entity, letter);
    }
    squeeze(&out.replace("&amp;", "&"))
}

/// White space, wrapping and quote signs aside.
pub(crate) fn squeeze(text: &str) -> String {
    text.split_whitespace().filter(|word| *word != ">").collect::<Vec<_>>().join(" ")
}
