use countersign_notify::{Notice, Stamp, render};
use mail_parser::{MessageParser, MimeHeaders};

use crate::fixture::{all, mail, reader, request, site, stamp};

const EVERY: [&str; 10] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "List-Id",
    "MIME-Version",
    "Content-Type",
];
const OF_REQUESTS: [&str; 3] = ["References", "In-Reply-To", "X-Countersign-Request"];

/// The top headers of a raw message, names as written.
pub(crate) fn names(raw: &[u8]) -> Vec<String> {
    let text = String::from_utf8(raw.to_vec()).unwrap();
    let head = text.split_once("\r\n\r\n").unwrap().0;
    head.split("\r\n")
        .filter(|line| !line.starts_with([' ', '\t']))
        .map(|line| line.split_once(':').unwrap().0.to_owned())
        .collect()
}

/// Exactly these, each once.
pub(crate) fn assert_expected(notice: &Notice, raw: &[u8]) {
    let mut wanted: Vec<_> = EVERY.into_iter().chain(["X-Countersign-Notice"]).collect();
    if notice.request().is_some() {
        wanted.extend(OF_REQUESTS);
    }
    let mut found = names(raw);
    found.sort();
    wanted.sort_unstable();
    assert_eq!(found, wanted);
}

#[test]
fn exactly_the_expected_headers() {
    for notice in all(&request()) {
        assert_expected(&notice, &mail(&notice).raw);
    }
}

#[test]
fn two_parts_text_first() {
    for notice in all(&request()) {
        let mail = mail(&notice);
        let message = MessageParser::default().parse(&mail.raw).unwrap();
        assert_eq!(message.content_type().unwrap().c_subtype.as_deref(), Some("alternative"));
        let kinds: Vec<_> = message
            .parts
            .iter()
            .skip(1)
            .map(|p| p.content_type().unwrap().c_subtype.clone().unwrap())
            .collect();
        assert_eq!(kinds, ["plain", "html"]);
        assert_eq!(message.body_text(0).unwrap().replace("\r\n", "\n"), mail.text);
        assert_eq!(message.body_html(0).unwrap().replace("\r\n", "\n"), mail.html);
        assert_eq!(message.subject(), Some(mail.subject.as_str()));
        assert_eq!(message.date().unwrap().to_rfc3339(), "2026-11-30T14:05:00Z");
        assert_eq!(message.attachment_count(), 0);
    }
}

#[test]
fn lines_are_short_enough_for_smtp() {
    for notice in all(&request()) {
        for line in mail(&notice).raw.split(|b| *b == b'\n') {
            assert!(line.len() <= 998, "{}", line.len());
            assert!(line.is_empty() || line.ends_with(b"\r"));
        }
    }
}

#[test]
fn one_thread_per_request_and_one_id_per_attempt() {
    let pending = mail(&Notice::RequestPending(request()));
    let again = mail(&Notice::RequestPending(request()));
    assert_eq!(pending.raw, again.raw, "an attempt is repeated byte by byte");
    let expired = mail(&Notice::Expired(request()));
    let thread =
        |raw: &[u8]| MessageParser::default().parse(raw).unwrap().references().as_text().unwrap().to_owned();
    assert_eq!(thread(&pending.raw), thread(&expired.raw));
    assert_ne!(pending.message_id, expired.message_id);
    assert!(pending.message_id.ends_with("@pam.contoso.example>"));

    let mut other = request();
    other.number = 1043;
    assert_ne!(thread(&mail(&Notice::RequestPending(other)).raw), thread(&pending.raw));
    let mut elsewhere = site();
    elsewhere.ledger = "ledger-2".into();
    let there = render(&elsewhere, &Notice::RequestPending(request()), &reader(), &stamp()).unwrap();
    assert_ne!(thread(&there.raw), thread(&pending.raw));
    let later = Stamp { key: "43".into(), ..stamp() };
    let next = render(&site(), &Notice::RequestPending(request()), &reader(), &later).unwrap();
    assert_ne!(next.message_id, pending.message_id);
}

#[test]
fn a_demonstration_says_so() {
    let mut site = site();
    site.demo = Some("nothing here is real".into());
    let mail = render(&site, &Notice::Expired(request()), &reader(), &stamp()).unwrap();
    assert!(mail.subject.starts_with("[Countersign demo]"));
    assert!(
        mail.text.contains("DEMONSTRATION: nothing here is real")
            && mail.html.contains("nothing here is real")
    );
}
