//! Who is told, and what happens when they cannot be.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use countersign_core::command::Command;
use countersign_core::policy::Target;
use countersign_core::refusal::Code;
use countersign_core::time::Span;
use countersign_engine::{MailConfig, ManualClock, Submission};
use countersign_identity::token::{Kind, Token};
use countersign_notify::sink::Sink;
use countersign_notify::smtp::{Security, SmtpConfig, SmtpMailer};
use countersign_notify::{Fault, Mailer, OutgoingMail, PublicUrl, Receipt, SendError, Sending};
use serde_json::json;

use crate::world::*;

/// Keeps what it is given; refuses the first so many.
#[derive(Default)]
pub(crate) struct Desk {
    mails: Mutex<Vec<OutgoingMail>>,
    refuse: Mutex<u32>,
}

impl Mailer for Desk {
    fn send<'a>(&'a self, mail: &'a OutgoingMail) -> Sending<'a> {
        Box::pin(async move {
            let mut refuse = self.refuse.lock().unwrap();
            if *refuse > 0 {
                *refuse -= 1;
                return Err(SendError {
                    fault: Fault::Transient,
                    code: Some(451),
                    detail: "later".to_owned(),
                });
            }
            self.mails.lock().unwrap().push(mail.clone());
            Ok(Receipt::Accepted("ok".to_owned()))
        })
    }
}

impl Desk {
    fn about(&self, kind: &str) -> Vec<OutgoingMail> {
        self.mails.lock().unwrap().iter().filter(|mail| mail.kind == kind).cloned().collect()
    }

    pub(crate) async fn wait(&self, kind: &str, count: usize) -> Vec<OutgoingMail> {
        for _ in 0..400 {
            let found = self.about(kind);
            if found.len() >= count {
                // Whoever is told too much shows up too.
                tokio::time::sleep(Duration::from_millis(300)).await;
                return self.about(kind);
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        let kinds: Vec<_> =
            self.mails.lock().unwrap().iter().map(|mail| (mail.kind, mail.to.clone())).collect();
        panic!("{count} of {kind} never came; there are {kinds:?}");
    }
}

fn to(mails: &[OutgoingMail]) -> Vec<&str> {
    let mut all: Vec<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
    all.sort_unstable();
    all
}

async fn world(desk: &Arc<Desk>) -> (ManualClock, World) {
    let clock = ManualClock::at(START);
    let (shared, mails) = (clock.clone(), mails(desk));
    let world = World::new(move |config| {
        config.clock = Arc::new(shared);
        config.mail = Some(mails);
    })
    .await;
    (clock, world.enabled().await)
}

/// Everything is given to the desk.
pub(crate) fn mails(desk: &Arc<Desk>) -> MailConfig {
    MailConfig {
        mailer: Arc::<Desk>::clone(desk),
        public_url: PublicUrl::parse("https://pam.fabrikam.example").unwrap(),
        sender_name: "Countersign".to_owned(),
        sender_address: "pam@fabrikam.example".to_owned(),
        demo: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_from_asking_to_its_end_is_told_to_those_it_concerns() {
    let desk = Arc::new(Desk::default());
    let (_, world) = world(&desk).await;
    let number = world.ask("rita", "Host\\Sleep", &json!({"Seconds": "1"})).await;
    let pending = desk.wait("request-pending", 3).await;
    let approvers = ["ada@fabrikam.example", "bob@fabrikam.example", "cyd@fabrikam.example"];
    assert_eq!(to(&pending), approvers);
    for fact in ["Seconds", "the disk is full", "rita@fabrikam.example", &number.to_string()] {
        assert!(pending[0].text.contains(fact), "{fact} is missing in:\n{}", pending[0].text);
    }
    let statement = world.statement(number).to_string();
    assert!(pending[0].text.replace(['\n', ' '], "").contains(&statement));
    let question = Command::Question { number, text: "Why today?".to_owned() };
    world.submit(world.session("bob"), question).await.reply.unwrap();
    assert!(desk.wait("question-asked", 1).await[0].text.contains("Why today?"));
    let answer = Command::Answer { number, text: "It is full today.".to_owned() };
    world.submit(world.session("rita"), answer).await.reply.unwrap();
    let answered = desk.wait("question-answered", 1).await;
    assert_eq!(to(&answered), ["bob@fabrikam.example"]);
    assert!(answered[0].text.contains("Why today?") && answered[0].text.contains("It is full today."));
    world.approve("bob", number).await.unwrap();
    assert_eq!(to(&desk.wait("approved", 1).await), ["rita@fabrikam.example"]);
    let released = desk.wait("no-longer-needed", 2).await;
    assert_eq!(to(&released), ["ada@fabrikam.example", "cyd@fabrikam.example"]);
    world.revoke(number).await;
    let ended = desk.wait("authorization-ended", 2).await;
    assert_eq!(to(&ended), ["bob@fabrikam.example", "rita@fabrikam.example"]);
    assert!(ended[0].text.contains("enough"), "{}", ended[0].text);
}

/// A role that contains a confidential task is as silent as the task.
#[tokio::test(flavor = "multi_thread")]
async fn g19_a_role_with_a_confidential_task_is_mailed_by_its_number_alone() {
    let desk = Arc::new(Desk::default());
    let (_, world) = world(&desk).await;
    let mut quiet = tasks().into_iter().find(|task| task.name.to_string() == "Host\\Say").unwrap();
    quiet.confidential = true;
    let definitions = serde_json::to_string(&[quiet]).unwrap();
    for (task, values) in [
        ("Countersign\\Import-TaskPack", json!({"Workload": "Host", "Definitions": definitions})),
        ("Countersign\\New-ElevatedAccessApprovalPolicy", json!({"Role": "Host\\Operator"})),
    ] {
        let number = world.ask("ada", task, &values).await;
        world.approve("bob", number).await.unwrap();
        world.execute("ada", task, values).await.unwrap();
    }
    let role = Target::Role("Host\\Operator".parse().unwrap());
    world.ask_for("rita", "Host\\Say", &json!({}), |submit| submit.target = role).await;
    desk.wait("request-pending", 3).await;
    let of_rita = || desk.about("request-pending").into_iter().filter(|mail| mail.text.contains("R-3"));
    for _ in 0..200 {
        if of_rita().count() == 3 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let ritas: Vec<_> = of_rita().collect();
    assert_eq!(ritas.len(), 3);
    for mail in ritas {
        for word in ["Host", "Say", "the disk is full"] {
            let silent = !mail.text.contains(word) && !mail.html.contains(word);
            assert!(silent, "{word} in:\n{}", mail.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denial_is_told_with_its_comment_and_a_reminder_before_the_end() {
    let desk = Arc::new(Desk::default());
    let (clock, world) = world(&desk).await;
    let number = world.ask("rita", "Host\\Sleep", &json!({"Seconds": "1"})).await;
    desk.wait("request-pending", 3).await;
    clock.advance(Span::from_hours(21));
    assert_eq!(desk.wait("request-reminder", 3).await.len(), 3);
    let statement = world.statement(number);
    let deny = Command::Deny { number, statement, comment: "Not in the audit week.".to_owned() };
    world.submit(world.session("cyd"), deny).await.reply.unwrap();
    let denied = desk.wait("denied", 1).await;
    assert_eq!(to(&denied), ["rita@fabrikam.example"]);
    assert!(denied[0].text.contains("Not in the audit week."));
    let released = desk.wait("no-longer-needed", 2).await;
    assert_eq!(to(&released), ["ada@fabrikam.example", "bob@fabrikam.example"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_control_plane_is_told_to_administrators_and_audit_readers_and_a_switch_to_everyone() {
    let desk = Arc::new(Desk::default());
    let (_, world) = world(&desk).await;
    let everyone = ["ada", "bob", "cyd", "rita"].map(|name| format!("{name}@fabrikam.example"));
    assert_eq!(to(&desk.wait("privileged-access", 4).await), everyone);
    assert!(desk.about("control-plane-act").is_empty(), "set-up has nobody to tell");
    let values = json!({"Name": "Readers", "Mail": "readers@fabrikam.example"});
    let number = world.ask("ada", "Countersign\\New-Group", &values).await;
    world.approve("bob", number).await.unwrap();
    world.execute("ada", "Countersign\\New-Group", values).await.unwrap();
    let told = desk.wait("control-plane-act", 1).await;
    assert_eq!(to(&told), ["ada@fabrikam.example"], "ada administers; nobody else reads the audit log");
    assert!(told[0].text.contains("New-Group") && told[0].text.contains("Readers"));
}

#[tokio::test(flavor = "multi_thread")]
async fn f9_what_cannot_be_sent_is_tried_again_with_back_off_and_not_lost() {
    let desk = Arc::new(Desk::default());
    let (clock, world) = world(&desk).await;
    desk.wait("privileged-access", 4).await;
    *desk.refuse.lock().unwrap() = 4;
    world.ask("rita", "Host\\Sleep", &json!({"Seconds": "1"})).await;
    for _ in 0..200 {
        if *desk.refuse.lock().unwrap() <= 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert!(desk.about("request-pending").is_empty(), "not tried again before its time");
    assert_eq!(world.engine.health().outbox.waiting, 3);
    for _ in 0..3 {
        clock.advance(Span::from_secs(5));
        tokio::time::sleep(Duration::from_millis(1_200)).await;
    }
    assert_eq!(desk.wait("request-pending", 3).await.len(), 3);
    assert_eq!(world.engine.health().outbox.waiting, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn f9_what_waited_is_sent_after_a_restart_and_only_once() {
    let desk = Arc::new(Desk::default());
    let (clock, mut world) = world(&desk).await;
    desk.wait("privileged-access", 4).await;
    *desk.refuse.lock().unwrap() = 3;
    world.ask("rita", "Host\\Sleep", &json!({"Seconds": "1"})).await;
    for _ in 0..200 {
        if *desk.refuse.lock().unwrap() == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    world.engine.stop().await;
    clock.advance(Span::from_secs(5));
    world.reopen().unwrap();
    assert_eq!(desk.wait("request-pending", 3).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_mailed_or_printed_and_its_secret_is_nowhere_else() {
    let desk = Arc::new(Desk::default());
    let clock = ManualClock::at(START);
    let (shared, mailer) = (clock.clone(), Arc::clone(&desk));
    let world = World::new(move |config| {
        config.clock = Arc::new(shared);
        config.mail = Some(MailConfig {
            mailer,
            public_url: PublicUrl::parse("https://pam.fabrikam.example").unwrap(),
            sender_name: "Countersign".to_owned(),
            sender_address: "pam@fabrikam.example".to_owned(),
            demo: None,
        });
    })
    .await;
    let values =
        |name: &str| json!({"UserPrincipalName": format!("{name}@fabrikam.example"), "DisplayName": name});
    world.execute("ada", "Countersign\\New-User", values("bob")).await.unwrap();
    // Ada's own link was used at once, perhaps before its mail went out: then there is nothing left to send.
    let mut mails = desk.wait("invitation", 1).await;
    if !to(&mails).contains(&"bob@fabrikam.example") {
        mails = desk.wait("invitation", 2).await;
    }
    let mail = mails.iter().find(|mail| mail.to.starts_with("bob")).unwrap();
    let (_, link) = mail.text.split_once("csi_").expect("the link is in the mail");
    let text: String = "csi_".chars().chain(link.chars().take(32 + 6)).collect();
    let token = Token::parse(Kind::Link, &text).unwrap();
    let state = world.engine.state();
    let secret = countersign_ledger::hash::Digest::from_bytes(token.hash().0);
    assert!(state.invitations.values().any(|link| link.secret == secret), "the link opens the invitation");
    let mut printing = values("cyd");
    printing["LinkDelivery"] = json!("PrintForRequester");
    let run = || Submission::new(world.session("ada"), execution("Countersign\\New-User", printing.clone()));
    let printed = world.engine.submit(run().with_key("once")).await.unwrap().link.expect("it is printed");
    let again = world.engine.submit(run().with_key("once")).await.unwrap();
    assert!(again.replayed && again.link.is_none(), "it is shown once, also to who sent the command");
    let secret = countersign_ledger::hash::Digest::from_bytes(printed.hash().0);
    assert!(world.engine.state().invitations.values().any(|link| link.secret == secret));
    let told = desk.wait("link-printed", 1).await;
    assert_eq!(to(&told), ["cyd@fabrikam.example"], "whose account it is hears who holds the link");
    assert!(!told.iter().any(|mail| mail.text.contains("csi_")), "a printed link is not mailed");
    assert!(!to(&desk.about("invitation")).iter().any(|to| to.starts_with("cyd")));
    world.engine.stop().await;
    for file in ["ledger.db", "ops.db"] {
        let bytes = std::fs::read(world.data().join(file)).unwrap();
        assert!(!bytes.windows(8).any(|window| window == &text.as_bytes()[..8]), "s1: a link is in {file}");
    }
}

/// Past set-up: what approvers agreed to is what happens, and who approves is never given away.
#[tokio::test(flavor = "multi_thread")]
async fn g9_past_set_up_a_link_is_delivered_as_approvers_saw_it() {
    const RESET: &str = "Countersign\\Reset-UserCredential";
    let desk = Arc::new(Desk::default());
    let (_, world) = world(&desk).await;
    let values = |name: &str, delivery: &str| {
        let id = world.session(name).person().unwrap().to_string();
        match delivery {
            "" => json!({"Identity": id}),
            delivery => json!({"Identity": id, "LinkDelivery": delivery}),
        }
    };
    let run = async |values: serde_json::Value| {
        world.engine.submit(Submission::new(world.session("ada"), execution(RESET, values))).await.unwrap()
    };

    let number = world.ask("ada", RESET, &values("rita", "")).await;
    world.approve("cyd", number).await.unwrap();
    let other = run(values("rita", "PrintForRequester")).await;
    assert_eq!(other.reply.unwrap_err().code, Code::ParameterNotApproved);
    assert!(other.link.is_none() && world.engine.state().invitations.is_empty(), "no link was made");
    let mailed = run(values("rita", "Mail")).await;
    mailed.reply.unwrap();
    assert!(mailed.link.is_none(), "the default is what was approved");

    let number = world.ask("ada", RESET, &values("rita", "PrintForRequester")).await;
    world.approve("cyd", number).await.unwrap();
    assert!(run(values("rita", "")).await.reply.is_err(), "what was approved is what happens, or nothing");
    let printed = run(values("rita", "PrintForRequester")).await;
    printed.reply.unwrap();
    assert!(printed.link.is_some());
    assert_eq!(to(&desk.wait("link-printed", 1).await), ["rita@fabrikam.example"]);

    let number = world.ask("ada", RESET, &values("bob", "PrintForRequester")).await;
    world.approve("cyd", number).await.unwrap();
    let refused = run(values("bob", "PrintForRequester")).await;
    assert_eq!(refused.reply.unwrap_err().code, Code::Forbidden, "bob approves");
    assert!(refused.link.is_none());
    assert_eq!(world.kinds().last(), Some(&"Refused"));
    world.engine.stop().await;
}

/// Past set-up a reset's link comes by mail alone, and works once.
async fn redeem_by_mail(world: &World, sink: &Sink, person: &str) {
    const RESET: &str = "Countersign\\Reset-UserCredential";
    let values = json!({"Identity": person});
    let number = world.ask("ada", RESET, &values).await;
    world.approve("cyd", number).await.unwrap();
    world.execute("ada", RESET, values).await.unwrap();
    let mut found = None;
    for _ in 0..400 {
        let mails = sink.messages();
        let links = mails.iter().filter(|mail| mail.to == ["rita@fabrikam.example"]);
        found = links.rev().find_map(|mail| Some(mail.text()?.split_once("reset#csi_")?.1.to_owned()));
        if found.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let link: String = "csi_".chars().chain(found.expect("the link is mailed").chars().take(38)).collect();
    let secret = Token::parse(Kind::Link, &link).unwrap().hash().0;
    let redeem = || Command::SetCredential {
        person: person.parse().unwrap(),
        link: Some(countersign_ledger::hash::Digest::from_bytes(secret)),
        credential: countersign_core::event::body::Credential::Password,
        digest: countersign_ledger::hash::sha256(b"a new one"),
    };
    world.submit(world.session("rita"), redeem()).await.reply.unwrap();
    assert_eq!(world.submit(world.session("rita"), redeem()).await.reply.unwrap_err().code, Code::NotFound);
}

/// The reset before this, a second factor with its codes, their removal, a token: each is one mail to the person alone.
async fn credentials_are_told_once(world: &World, sink: &Sink) {
    use countersign_core::actor::Scope;
    use countersign_core::event::body::Credential;
    use countersign_ledger::hash::sha256;
    let secret = sha256(b"a secret that nobody is told");
    let until = world.engine.now().plus(Span::from_hours(24));
    let scopes = [Scope::Read].into();
    let issue = Command::IssueToken { account: None, secret, scopes, until, label: "x".to_owned() };
    for command in [
        Command::SetFactor { totp: sha256(b"totp"), recovery: sha256(b"codes") },
        Command::RemoveCredential { credential: Credential::Totp },
        issue,
    ] {
        world.submit(world.session("rita"), command).await.reply.unwrap();
    }
    let told = || {
        let mails = sink.messages().into_iter().filter(|mail| {
            mail.text().is_some_and(|text| text.replace('\n', " ").contains("If this was not you"))
        });
        mails.collect::<Vec<_>>()
    };
    for _ in 0..400 {
        if told().len() >= 4 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut subjects: Vec<String> = told().iter().map(|mail| mail.subject().unwrap().to_owned()).collect();
    subjects.sort();
    let starts = [
        "A second factor was set up at",
        "An API token was made at",
        "Your password was set by a link at",
        "Your second factor was removed at",
    ];
    assert_eq!(subjects.len(), starts.len(), "{subjects:?}");
    for (subject, start) in subjects.iter().zip(starts) {
        assert!(subject.contains(start), "{subjects:?}");
    }
    for mail in told() {
        assert_eq!(mail.to, ["rita@fabrikam.example"]);
        assert!(!mail.text().unwrap().contains(&secret.to_string()));
    }
}

/// A real receiver gets one mail for each person, however many ways lead to them.
#[tokio::test(flavor = "multi_thread")]
async fn a_real_receiver_gets_each_mail_once_over_nested_groups() {
    let sink = Sink::start().await.unwrap();
    let smtp = SmtpConfig {
        host: "127.0.0.1".into(),
        port: Some(sink.address().port()),
        security: Security::None,
        login: None,
        ca_pem: None,
        timeout: Duration::from_secs(20),
        hello_name: None,
    };
    let mailer = Arc::new(SmtpMailer::new(&smtp).unwrap());
    let clock = ManualClock::at(START);
    let shared = clock.clone();
    let world = World::new(move |config| {
        config.clock = Arc::new(shared);
        config.mail = Some(MailConfig {
            mailer,
            public_url: PublicUrl::parse("https://pam.fabrikam.example").unwrap(),
            sender_name: "Countersign".to_owned(),
            sender_address: "pam@fabrikam.example".to_owned(),
            demo: None,
        });
    })
    .await
    .enabled()
    .await;
    let act = async |task: &str, values: serde_json::Value| {
        let task = format!("Countersign\\{task}");
        let number = world.ask("ada", &task, &values).await;
        world.approve("cyd", number).await.unwrap();
        world.execute("ada", &task, values).await.unwrap();
    };
    let id = |name: &str| world.session(name).person().unwrap().to_string();
    for name in ["Inner", "Outer"] {
        act("New-Group", json!({"Name": name, "Mail": format!("{name}@fabrikam.example")})).await;
    }
    act("Add-GroupMember", json!({"Identity": "Inner", "Member": [id("bob"), id("cyd")]})).await;
    act("Add-GroupMember", json!({"Identity": "Outer", "Member": ["Inner", id("bob")]})).await;
    let policy = world.engine.state().policy_for.iter().next().map(|(_, policy)| policy.to_string()).unwrap();
    act("Set-ElevatedAccessApprovalPolicy", json!({"Identity": policy, "Stages": ["Inner:1", "Outer:1"]}))
        .await;
    let number = world.ask("rita", "Host\\Sleep", &json!({"Seconds": "1"})).await;
    let statement = world.statement(number).to_string();
    let about = |person: &str| {
        let person = format!("{person}@fabrikam.example");
        let mails = sink.messages().into_iter();
        let own = mails.filter(|mail| mail.to == [person.clone()]);
        own.filter(|mail| mail.subject().is_some_and(|subject| subject.contains(&format!("{number}:"))))
            .collect::<Vec<_>>()
    };
    for _ in 0..400 {
        if !about("bob").is_empty() && !about("cyd").is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!((about("bob").len(), about("cyd").len(), about("ada").len()), (1, 1, 0));
    world.approve("bob", number).await.unwrap();
    for _ in 0..400 {
        if about("cyd").len() > 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    // The second stage is put to its own approvers, who are the same people by another way; who voted is left alone.
    let mails = about("cyd");
    assert!(about("bob").len() == 1 && (2..=3).contains(&mails.len()), "{}", mails.len());
    for mail in &mails[..1] {
        let (text, html) = (mail.text().unwrap(), mail.html().unwrap());
        for fact in ["rita@fabrikam.example", "Sleep", "the disk is full", &number.to_string()] {
            assert!(text.contains(fact) && html.contains(fact), "{fact} is missing in:\n{text}");
        }
        assert!(text.replace(['\n', ' '], "").contains(&statement));
    }
    redeem_by_mail(&world, &sink, &id("rita")).await;
    credentials_are_told_once(&world, &sink).await;
    for mail in sink.messages() {
        let text = mail.text().unwrap();
        let wide = text.lines().find(|line| line.chars().count() > 72 && !line.contains("https://"));
        assert_eq!(wide, None, "{:?}", mail.subject());
    }
    world.engine.stop().await;
}
