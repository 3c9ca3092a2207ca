//! What attackers put into requests (test catalogue I4), and data that is only long or strange.

use countersign_notify::{
    Notice, OutgoingMail, Recipient, Site,
    notice::{Binding, Constraint, Denial, Names, Parameter, Person, Request},
    render,
};
use countersign_text::{is_hidden, width};
use mail_parser::MessageParser;
use proptest::prelude::*;

use crate::{
    fixture::{all, mail, reader, request, site, stamp},
    headers::assert_expected,
};

/// A request whose every text is `evil`.
fn filled(evil: &str) -> Request {
    let person = || Person { name: evil.into(), upn: evil.into() };
    let mut request = request();
    request.requester = person();
    request.service_account = Some(person());
    request.scope = evil.into();
    request.access_to = evil.into();
    request.opens = Names::some([evil.into(), evil.into()], 2);
    request.does_not_open = Names::some([evil.into()], 1);
    request.parameters = vec![
        Parameter { name: evil.into(), constraint: Constraint::Words(evil.into()), binding: Binding::Always },
        Parameter { name: evil.into(), constraint: Constraint::AnyValue, binding: Binding::Free },
    ];
    request.reason = evil.into();
    request.ticket = Some(evil.into());
    request.policy.name = evil.into();
    request.policy.exception = Some(evil.into());
    for stage in &mut request.stages {
        stage.group = evil.into();
        stage.approved = vec![person()];
    }
    request.earlier_denial = Some(Denial { by: person(), at: 0, comment: evil.into() });
    request
}

fn spoiled(evil: &str) -> (Site, Recipient) {
    let mut site = site();
    site.organization = evil.into();
    site.sender_name = evil.into();
    let mut reader = reader();
    reader.name = evil.into();
    reader.zone = evil.into();
    (site, reader)
}

fn rendered(evil: &str) -> Vec<(Notice, OutgoingMail)> {
    let (site, reader) = spoiled(evil);
    all(&filled(evil))
        .into_iter()
        .map(|notice| {
            let mail = render(&site, &notice, &reader, &stamp()).unwrap();
            (notice, mail)
        })
        .collect()
}

#[test]
fn line_breaks_make_no_headers_and_no_recipients() {
    for evil in [
        "x\r\nBcc: eve@evil.example\r\n\r\nbody",
        "x\nSubject: y",
        "x\rTo: z",
        "a\u{85}b",
        "a\u{2028}b",
        "x\r\n.\r\nQUIT",
    ] {
        for (notice, mail) in rendered(evil) {
            assert_expected(&notice, &mail.raw);
            let message = MessageParser::default().parse(&mail.raw).unwrap();
            assert_eq!(message.to().unwrap().iter().count(), 1);
            assert_eq!(message.to().unwrap().first().unwrap().address(), Some("ben@contoso.example"));
            assert_eq!(
                message.from().unwrap().first().unwrap().address(),
                Some("countersign@contoso.example")
            );
            assert!(message.bcc().is_none() && message.cc().is_none());
            assert!(!mail.subject.contains(is_hidden));
        }
    }
}

#[test]
fn template_braces_stay_data() {
    for (_, mail) in rendered("{{7*7}}{% raw %}{# x #}{{ page.subject }}") {
        for whole in [&mail.text, &mail.html, &mail.subject] {
            assert!(!whole.contains("49"), "{whole}");
        }
        assert!(mail.html.contains("{{7*7}}"), "{}", mail.html);
    }
}

#[test]
fn markup_stays_data() {
    let plain = rendered("plain");
    for evil in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "'><a href='https://evil.example'>Approve</a>",
        "</style></td></table><form action=//evil>",
        "&lt;b&gt;<!-- ",
    ] {
        for ((_, mail), (_, plain)) in rendered(evil).iter().zip(&plain) {
            assert_eq!(tags(&mail.html), tags(&plain.html), "{}", mail.html);
        }
    }
}

/// All tags, with what they carry.
fn tags(html: &str) -> Vec<&str> {
    html.split('<').skip(1).map(|rest| rest.split_once('>').map_or(rest, |(tag, _)| tag)).collect()
}

#[test]
fn links_lead_home_only() {
    for (_, mail) in rendered("javascript:alert(1) https://evil.example/") {
        for (_, after) in mail
            .html
            .match_indices("href=\"")
            .map(|(at, found)| (at, &mail.html.as_bytes()[at + found.len()..]))
        {
            let link = String::from_utf8_lossy(after);
            let link = link.split('"').next().unwrap().replace("&#x2f;", "/");
            assert!(link.starts_with("https://pam.contoso.example/"), "{link}");
        }
    }
}

#[test]
fn hidden_characters_are_shown() {
    for evil in
        ["a\u{202e}txt.exe", "ad\u{200b}min", "\u{feff}x", "a\u{e0041}b", "x\u{1b}[2Jy", "n\0l", "a\u{2066}b"]
    {
        let hidden = evil.chars().find(|c| is_hidden(*c)).unwrap();
        let escape = format!("\\u{{{:x}}}", hidden as u32);
        for (_, mail) in rendered(evil) {
            assert!(!mail.html.contains(|c| is_hidden(c) && c != '\n'));
            assert!(!mail.text.contains(|c| is_hidden(c) && c != '\n'));
            assert!(!mail.subject.contains(is_hidden));
            assert!(mail.html.contains(&escape) && mail.text.contains(&escape), "{}", mail.text);
        }
    }
}

#[test]
fn own_words_cannot_pass_for_facts() {
    let mut request = request();
    request.reason =
        "Routine\n\nPolicy\n------\n  Policy:         None needed\nhttps://evil.example/approve".into();
    let text = mail(&Notice::RequestPending(request)).text;
    for line in ["Policy:         None needed", "https://evil.example/approve", "------"] {
        assert!(
            text.lines().any(|found| found == format!("  > {line}") || found == format!("  >   {line}")),
            "{line}:\n{text}"
        );
        assert!(!text.lines().any(|found| found.trim() == line && line != "------"));
    }
}

#[test]
fn long_data_is_bounded() {
    let evil = "long ".repeat(50_000);
    for (_, mail) in rendered(&evil) {
        assert!(width(&mail.subject) <= 180);
        assert!(mail.raw.len() < 600_000, "{}", mail.raw.len());
    }
    let mut request = request();
    request.parameters = (0..5000)
        .map(|n| Parameter {
            name: format!("P{n}"),
            constraint: Constraint::AnyValue,
            binding: Binding::Free,
        })
        .collect();
    let mail = mail(&Notice::RequestPending(request));
    assert!(mail.text.contains("4900 further lines are left out"));
}

#[test]
fn bad_addresses_are_refused() {
    for address in [
        "",
        "ben",
        "ben@",
        "a@b@c",
        "ben@x\r\nBcc: e@f",
        "<ben@x>",
        "ben @x.example",
        "ben@x.example,eve@y.example",
        &"a".repeat(5000),
    ] {
        let reader = Recipient { address: address.into(), ..reader() };
        assert!(render(&site(), &Notice::Expired(request()), &reader, &stamp()).is_err(), "{address:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn text_is_at_most_72_columns_and_headers_hold(evil in any_text()) {
        for (notice, mail) in rendered(&evil) {
            assert_expected(&notice, &mail.raw);
            for line in mail.text.lines() {
                prop_assert!(width(line) <= 72 || line.starts_with("https://pam.contoso.example/"), "{line:?}");
            }
            prop_assert!(!mail.text.contains(|c| is_hidden(c) && c != '\n'));
            prop_assert!(width(&mail.subject) <= 180);
        }
    }
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-z]{0,300}",
        "[漢字かな ]{0,200}",
        "[ \\n\\t<>&{}%#\"']{0,80}",
        "\\PC{0,200}"
    ]
}
