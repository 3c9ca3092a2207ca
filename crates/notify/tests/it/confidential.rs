use countersign_notify::notice::Disclosure;

use crate::fixture::{all, mail, request};

/// A confidential task's mails carry the number and nothing of the request, not even in headers.
#[test]
fn only_the_number() {
    let mut request = request();
    request.disclosure = Disclosure::NumberOnly;
    for notice in all(&request).iter().filter(|notice| notice.request().is_some()) {
        let mail = mail(notice);
        let raw = String::from_utf8(mail.raw.clone()).unwrap();
        assert!(mail.subject.contains("R-1042"));
        for whole in [&raw, &mail.text, &mail.html] {
            assert!(whole.contains("requests/1042") || whole.contains("requests&#x2f;1042"), "{whole}");
            for secret in [
                "Ana",
                "ana@",
                "Exchange",
                "MoveRequest",
                "sales",
                "Cara",
                "Dana",
                "CHG",
                "Mailbox moves",
                "hours",
                "ABAB",
                "abab",
                "pproved",
                "enied",
                "evoked",
                "xpired",
                "database",
                "Nov 2026 ",
                "9f3c0a",
                notice.kind(),
            ] {
                let shown = whole.replace("Mon, 30 Nov 2026 ", "");
                assert!(!shown.contains(secret), "{} tells {secret:?}:\n{shown}", notice.kind());
            }
        }
    }
}
