//! The real transport against a real receiver.

use std::time::Duration;

use countersign_notify::{
    Fault, Mailer as _, Notice, Receipt, SendError,
    sink::{At, Behavior, Sink},
    smtp::{Login, Security, SmtpConfig, SmtpConfigFault, SmtpMailer},
};

use crate::fixture::{all, mail, request};

fn config(sink: &Sink) -> SmtpConfig {
    SmtpConfig {
        host: "127.0.0.1".into(),
        port: Some(sink.address().port()),
        security: Security::None,
        login: None,
        ca_pem: None,
        timeout: Duration::from_millis(800),
        hello_name: Some("pam.contoso.example".into()),
    }
}

async fn sent_to(behavior: Behavior) -> (Result<Receipt, SendError>, usize) {
    let sink = Sink::start().await.unwrap();
    sink.behave(behavior);
    let mailer = SmtpMailer::new(&config(&sink)).unwrap();
    let result = mailer.send(&mail(&Notice::RequestPending(request()))).await;
    (result, sink.messages().len())
}

#[tokio::test]
async fn every_kind_arrives_whole() {
    let sink = Sink::start().await.unwrap();
    let mailer = SmtpMailer::new(&config(&sink)).unwrap();
    let mails: Vec<_> = all(&request()).iter().map(mail).collect();
    for mail in &mails {
        assert!(matches!(mailer.send(mail).await, Ok(Receipt::Accepted(_))));
    }
    let received = sink.wait_for(mails.len(), Duration::from_secs(5)).await.unwrap();
    for (got, sent) in received.iter().zip(&mails) {
        assert!(got.raw.trim_ascii_end() == sent.raw.trim_ascii_end(), "{}", sent.kind);
        assert_eq!(
            (got.from.as_str(), got.to.as_slice()),
            ("countersign@contoso.example", ["ben@contoso.example".to_owned()].as_slice())
        );
        assert_eq!(got.subject().as_ref(), Some(&sent.subject));
        assert_eq!(got.text().as_ref(), Some(&sent.text));
        assert_eq!(got.html().as_ref(), Some(&sent.html));
        assert_eq!(got.header("Auto-Submitted").as_deref(), Some("auto-generated"));
    }
}

#[tokio::test]
async fn dots_and_end_marks_in_data_stay_data() {
    let sink = Sink::start().await.unwrap();
    let mailer = SmtpMailer::new(&config(&sink)).unwrap();
    let mut request = request();
    request.reason = ".\n..\n.\r\nMAIL FROM:<eve@evil.example>\n.".into();
    let mail = mail(&Notice::RequestPending(request));
    mailer.send(&mail).await.unwrap();
    assert_eq!(sink.messages().len(), 1);
    assert!(sink.messages()[0].raw.trim_ascii_end() == mail.raw.trim_ascii_end());
}

#[tokio::test]
async fn answers_are_classified() {
    for (at, line, fault, code) in [
        (At::Greeting, "421 4.3.2 closing", Fault::Transient, Some(421)),
        (At::Greeting, "554 5.3.2 no service", Fault::Permanent, Some(554)),
        (At::MailFrom, "451 4.3.0 later", Fault::Transient, Some(451)),
        (At::MailFrom, "530 5.7.0 authenticate first", Fault::Relay, Some(530)),
        (At::RcptTo, "450 4.2.0 greylisted", Fault::Transient, Some(450)),
        (At::RcptTo, "550 5.1.1 no such user", Fault::Permanent, Some(550)),
        (At::Data, "452 4.2.2 full", Fault::Transient, Some(452)),
        (At::EndOfData, "554 5.6.0 looks like spam", Fault::Permanent, Some(554)),
        (At::EndOfData, "421 4.3.0 closing", Fault::Transient, Some(421)),
    ] {
        let (result, kept) = sent_to(Behavior::Reply(at, line.into())).await;
        let error = result.unwrap_err();
        assert_eq!((error.fault, error.code, kept), (fault, code, 0), "{line}: {error}");
        let words = line.split_once(' ').unwrap().1;
        assert!(error.detail.contains(words), "{error}");
    }
}

#[tokio::test]
async fn silence_and_lost_connections_are_transient() {
    for at in [At::Greeting, At::Hello, At::MailFrom, At::RcptTo, At::Data, At::EndOfData] {
        for behavior in [Behavior::Hang(at), Behavior::Drop(at)] {
            let (result, _) = sent_to(behavior.clone()).await;
            let error = result.unwrap_err();
            assert_eq!((error.fault, error.code), (Fault::Transient, None), "{behavior:?}: {error}");
        }
    }
    // Kept, but not acknowledged: the second attempt has the same id.
    let (result, kept) = sent_to(Behavior::KeepThenDrop).await;
    assert_eq!((result.unwrap_err().fault, kept), (Fault::Transient, 1));
}

#[tokio::test]
async fn a_mailer_outlives_a_bad_moment() {
    let sink = Sink::start().await.unwrap();
    let mailer = SmtpMailer::new(&config(&sink)).unwrap();
    let mail = mail(&Notice::Expired(request()));
    for behavior in [
        Behavior::Hang(At::Data),
        Behavior::Drop(At::RcptTo),
        Behavior::Reply(At::MailFrom, "451 later".into()),
    ] {
        sink.behave(behavior);
        assert!(mailer.send(&mail).await.is_err());
        sink.behave(Behavior::Accept);
        assert!(mailer.send(&mail).await.is_ok());
    }
    assert_eq!(sink.messages().len(), 3);
    drop(sink);
    assert_eq!(mailer.send(&mail).await.unwrap_err().fault, Fault::Transient);
}

#[tokio::test]
async fn no_tls_no_mail() {
    let sink = Sink::start().await.unwrap();
    let plain = config(&sink);
    let mailer = SmtpMailer::new(&SmtpConfig { security: Security::StartTls, ..plain.clone() }).unwrap();
    let error = mailer.send(&mail(&Notice::Expired(request()))).await.unwrap_err();
    assert_eq!(error.fault, Fault::Relay, "{error}");
    let login = Login { user: "u".into(), password: String::from("canary-secret").into() };
    let mailer = SmtpMailer::new(&SmtpConfig { login: Some(login), ..plain.clone() }).unwrap();
    let error = mailer.send(&mail(&Notice::Expired(request()))).await.unwrap_err();
    assert_eq!(error.fault, Fault::Relay, "no way to sign in is offered: {error}");
    assert!(!format!("{error:?} {mailer:?}").contains("canary"));
    assert!(sink.messages().is_empty());

    for host in ["smtp.contoso.example", "192.0.2.1", "0.0.0.0"] {
        let config = SmtpConfig { host: host.into(), ..plain.clone() };
        assert_eq!(SmtpMailer::new(&config).unwrap_err(), SmtpConfigFault::PlainBeyondLoopback);
    }
    for host in ["", " ", "a b", "a\r\nb", "http://x"] {
        let config = SmtpConfig { host: host.into(), ..plain.clone() };
        assert_eq!(SmtpMailer::new(&config).unwrap_err(), SmtpConfigFault::Host);
    }
}

#[tokio::test]
async fn what_a_server_says_is_shown_with_care() {
    let evil = format!("550 5.1.1 \u{1b}[31m\u{202e}{}", "x".repeat(5000));
    let error = sent_to(Behavior::Reply(At::RcptTo, evil)).await.0.unwrap_err();
    assert!(
        !error.detail.contains(countersign_text::is_hidden) && countersign_text::width(&error.detail) <= 200
    );
}
