//! Each kind carries its facts, in text and HTML alike.

use std::collections::BTreeMap;

use countersign_notify::Notice;
use countersign_notify::notice::{CredentialChange, Names};

use crate::fixture::{all, changed, mail, request, squeeze, words_of_html};

const PENDING: &[&str] = &[
    "Ana Ruiz <ana@contoso.example>",
    "Task",
    "Exchange",
    "New-MoveRequest",
    "Identity",
    "equals sales@contoso.example",
    "BadItemLimit",
    "ANY VALUE",
    "at most 3 times",
    "RemoteCredential",
    "given at execution",
    "Move the sales mailbox to the new database",
    "CHG-7781",
    "4 hours",
    "Mon 30 Nov 2026 14:05 UTC (15:05 in Europe/Berlin)",
    "Tue 1 Dec 2026 14:05 UTC (15:05 in Europe/Berlin)",
    "Tue 1 Dec 2026 18:05 UTC",
    "Mailbox moves, version 7",
    "Manual",
    "Exchange Approvers: 2 approvals needed; decides now; approved so far by Cara Lind <cara@contoso.example>",
    "Security: 1 approval needed; decides after that",
    "abababababababababababababababababababababababababababababababab",
    "sign in there",
    "https://pam.contoso.example/requests/1042",
];

/// What a kind must say beside the number.
fn facts(notice: &Notice) -> Vec<&'static str> {
    let brief =
        ["Ana Ruiz <ana@contoso.example>", "New-MoveRequest", "https://pam.contoso.example/requests/1042"];
    let own: &[&str] = match notice.kind() {
        "request-pending" | "request-reminder" => return PENDING.to_vec(),
        "no-longer-needed" => &["You needn't any more"],
        "approved" => {
            &["Until", "Mon 30 Nov 2026 18:05 UTC (19:05 in Europe/Berlin)", "Approved by", "4 hours"]
        }
        "narrowed" => &[
            "Cara Lind <cara@contoso.example>",
            "One hour is enough",
            "1 hour (you asked for: 4 hours)",
            "cdcdcdcdcdcdcdcd",
            "abababababababab",
        ],
        "denied" => &["Cara Lind <cara@contoso.example>", "Not in the change window", "A denial is final"],
        "expired" => &["Nobody decided in time", "Tue 1 Dec 2026 14:05 UTC"],
        "request-ended" => {
            &["the policy Mailbox moves was changed or removed by Dana Kim <dana@contoso.example>"]
        }
        "cancelled" => &["cancelled the request at Mon 30 Nov 2026 14:05 UTC"],
        "question-asked" => {
            &["Cara Lind <cara@contoso.example>", "Which database?", "Please answer on the page"]
        }
        "question-answered" => &["Which database?", "DB07", "abababababababab", "ANY VALUE"],
        "authorization-ending" => &["ends in 15 minutes", "Mon 30 Nov 2026 14:20 UTC"],
        "authorization-ended" => {
            &["Revoked by Cara Lind <cara@contoso.example>", "Wrong mailbox", "1 running execution"]
        }
        _ => &[],
    };
    if !own.is_empty() {
        return own.iter().copied().chain(brief).collect();
    }
    match notice.kind() {
        "execution-ended" => vec![
            r"Exchange\New-MoveRequest",
            "authorization of R-1042",
            "sales@contoso.example",
            "after 1 minute 30 seconds",
            "9f3c0a",
        ],
        "control-plane-act" => vec![
            "Dana Kim <dana@contoso.example>",
            r"Countersign\Set-ElevatedAccessApprovalPolicy",
            "policy Mailbox moves",
            "Quorum",
            "2 (before: 1)",
            "R-1041",
            "entry 512",
            "3 authorizations, 1 pending request",
            "https://pam.contoso.example/audit/512",
        ],
        "privileged-access" => vec![
            "Privileged access",
            "Dana Kim <dana@contoso.example>",
            "Migration night",
            "entry 77",
            "2 authorizations, 0 pending requests",
        ],
        "recovery-used" => {
            vec!["made Dana Kim an approver", "countersign on pam01", "Takes effect", "entry 99"]
        }
        "invitation" => vec![
            "Dana Kim <dana@contoso.example>",
            "ben@contoso.example",
            "https://pam.contoso.example/invitation#csi_0123456789abcdefghjkmnpqrstvwxyz012345",
            "works once",
            "Thu 3 Dec 2026 14:05 UTC",
        ],
        "reset" => vec![
            "your password",
            "https://pam.contoso.example/reset#csi_0123456789abcdefghjkmnpqrstvwxyz012345",
            "works once",
            "Mon 30 Nov 2026 15:05 UTC",
        ],
        "link-printed" => vec![
            "Dana Kim <dana@contoso.example>",
            "ben@contoso.example",
            "was not mailed",
            "can become you",
            "Thu 3 Dec 2026 14:05 UTC",
            "entry 41",
        ],
        "credential-changed" => vec![
            "An API token was made",
            "ben@contoso.example",
            "read, execute",
            "Mon 30 Nov 2026 14:05 UTC",
            "Tue 1 Dec 2026 14:05 UTC",
            "entry 41",
            "If this was not you",
        ],
        "test-mail" => {
            vec!["Mail works", "smtp.contoso.example:587, STARTTLS", "https://pam.contoso.example"]
        }
        "alarm" => vec![
            "A policy can't be filled",
            "Nobody can approve requests",
            "Add members to Exchange Approvers",
            "https://pam.contoso.example/policies/mailbox-moves",
        ],
        other => panic!("no facts are asserted for {other}"),
    }
}

#[test]
fn every_kind_carries_its_facts_in_text_and_html() {
    for notice in all(&request()) {
        let mail = mail(&notice);
        let (text, html) = (squeeze(&mail.text), words_of_html(&mail.html));
        let mut wanted = facts(&notice);
        if notice.request().is_some() {
            wanted.push("R-1042");
            assert!(mail.subject.contains("R-1042"), "{}", mail.subject);
        }
        for fact in wanted {
            assert!(in_rows(&text, fact), "{} text lacks {fact:?}:\n{}", mail.kind, mail.text);
            assert!(html.contains(fact), "{} html lacks {fact:?}:\n{html}", mail.kind);
        }
        assert!(!text.contains("None") && !text.contains("Some("), "{}", mail.text);
    }
}

/// A row reads `Label: value` in the text and `Label value` in the HTML.
fn in_rows(text: &str, fact: &str) -> bool {
    text.replace(": ", " ").contains(&fact.replace(": ", " "))
}

#[test]
fn kinds_are_told_apart_by_subject() {
    let subjects: BTreeMap<_, _> = all(&request()).iter().map(|n| (n.kind(), mail(n).subject)).collect();
    for subject in subjects.values() {
        assert_eq!(subjects.values().filter(|other| *other == subject).count(), 1, "{subject}");
    }
    assert_eq!(subjects.len(), 23);
}

#[test]
fn the_digest_comes_last() {
    let text = mail(&Notice::RequestPending(request())).text;
    let digest = text.find("abababab").unwrap();
    for earlier in ["Mailbox moves, version 7", "ANY VALUE", "Move the sales mailbox", "sign in there"] {
        assert!(text.find(earlier).unwrap() < digest, "{earlier}");
    }
}

#[test]
fn roles_name_what_they_open_and_what_not() {
    let mut request = request();
    request.target_type = countersign_notify::notice::TargetType::Role;
    request.access_to = "Move Mailboxes".into();
    request.opens = Names::some((0..10_000).map(|n| format!("Task-{n}")), 10_000);
    request.does_not_open = Names::some(["New-MailboxExportRequest".into()], 1);
    request.earlier_denial = Some(crate::fixture::denial());
    request.policy.exception = Some("This policy is weaker than the one of the role group.".into());
    let text = squeeze(&mail(&Notice::RequestPending(request)).text);
    for fact in [
        "10000 tasks: Task-0, Task-1,",
        "and 9980 more",
        "New-MailboxExportRequest (each has a policy of its own)",
        "Not in the change window",
        "This policy is weaker",
    ] {
        assert!(text.contains(fact), "{fact}: {text}");
    }
}

#[test]
fn approvers_read_that_there_is_a_preview_and_never_what_it_shows() {
    use countersign_notify::notice::PreviewOffer;
    let mut request = request();
    let shown = |request: &countersign_notify::notice::Request| {
        squeeze(&mail(&Notice::RequestPending(request.clone())).text)
    };
    assert!(!shown(&request).contains("request preview"));
    request.preview = PreviewOffer::Ready;
    assert!(shown(&request).contains(&format!("countersign request preview R-{}", request.number)));
    request.preview = PreviewOffer::Open(vec!["Days".into()]);
    let text = shown(&request);
    assert!(
        text.contains("Days may have more than one value") && !text.contains("request preview"),
        "{text}"
    );
}

#[test]
fn each_change_of_a_credential_says_which_and_what_to_do_and_fits_its_columns() {
    for (what, says) in [
        (CredentialChange::Password, "Your password was changed"),
        (CredentialChange::PasswordByLink, "Your password was set by a link"),
        (CredentialChange::SecondFactorSet, "A second factor was set up"),
        (CredentialChange::SecondFactorRemoved, "Your second factor was removed"),
        (CredentialChange::RecoveryCodeUsed, "A recovery code was used"),
        (CredentialChange::Token { scopes: vec!["read".into()], until: 0 }, "An API token was made"),
    ] {
        let mail = mail(&changed(what));
        assert!(mail.text.lines().all(|line| line.chars().count() <= 72), "{}", mail.text);
        for shown in [squeeze(&mail.text), words_of_html(&mail.html)] {
            for fact in [says, "ben@contoso.example", "entry 41", "If this was not you"] {
                assert!(shown.contains(fact), "{fact}: {shown}");
            }
        }
    }
}
