use std::time::{Duration, SystemTime};

use countersign_text::{truncate, visible};
use lettre::{
    Address, Message,
    address::Envelope,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
};
use sha2::{Digest as _, Sha256};

use super::{RenderError, Stamp};
use crate::{
    mail::OutgoingMail,
    notice::{Disclosure, Notice},
    page::Page,
    site::{Recipient, Site},
};

/// The longest subject, in columns.
const SUBJECT: usize = 180;

pub(super) struct Content {
    pub(super) page: Page,
    pub(super) text: String,
    pub(super) html: String,
}

pub(super) fn wrap_up(
    site: &Site,
    notice: &Notice,
    recipient: &Recipient,
    stamp: &Stamp,
    content: Content,
) -> Result<OutgoingMail, RenderError> {
    let from = mailbox(&site.sender_name, &site.sender_address).ok_or(RenderError::Address("sender"))?;
    let to = mailbox(&recipient.name, &recipient.address).ok_or(RenderError::Address("recipient"))?;
    let envelope = Envelope::new(Some(from.email.clone()), vec![to.email.clone()])?;
    let host = site.public_url.host();
    let id = digest(&["mail", &site.ledger, &stamp.key, notice.kind(), &recipient.address]);
    let message_id = format!("<{id}@{host}>");
    let prefix = if site.demo.is_some() { "[Countersign demo]" } else { "[Countersign]" };
    let subject = truncate(&format!("{prefix} {}", content.page.subject), SUBJECT);

    let mut message = Message::builder()
        .from(from)
        .to(to)
        .subject(subject.clone())
        .date(date(stamp.now))
        .message_id(Some(message_id.clone()))
        .envelope(envelope.clone())
        // RFC 3834: nobody's auto-responder answers.
        .raw_header(raw("Auto-Submitted", "auto-generated".to_owned()))
        .raw_header(raw("X-Auto-Response-Suppress", "All".to_owned()))
        .raw_header(raw("List-Id", format!("<countersign.{host}>")));
    if let Some(request) = notice.request() {
        // One thread per request, under a root that no mail has: every reader's first mail differs.
        let root = format!("<{}@{host}>", digest(&["thread", &site.ledger, &request.number.to_string()]));
        message = message.references(root.clone()).in_reply_to(root);
        message = message.raw_header(raw("X-Countersign-Request", format!("R-{}", request.number)));
    }
    if notice.request().is_none_or(|request| request.disclosure == Disclosure::Full) {
        message = message.raw_header(raw("X-Countersign-Notice", notice.kind().to_owned()));
    }
    // A boundary that no text holds by chance, and the same for every attempt.
    let parts = MultiPart::alternative()
        .boundary(digest(&["boundary", &message_id]))
        .singlepart(SinglePart::builder().content_type(ContentType::TEXT_PLAIN).body(content.text.clone()))
        .singlepart(SinglePart::builder().content_type(ContentType::TEXT_HTML).body(content.html.clone()));
    Ok(OutgoingMail {
        message_id,
        kind: notice.kind(),
        to: recipient.address.clone(),
        subject,
        text: content.text,
        html: content.html,
        raw: message.multipart(parts)?.formatted(),
        envelope,
    })
}

fn mailbox(name: &str, address: &str) -> Option<Mailbox> {
    // Longer than any address (RFC 5321): what is refused here never reaches a parser.
    if address.len() > 320 || address.chars().any(|c| countersign_text::is_hidden(c) || c.is_whitespace()) {
        return None;
    }
    let name = truncate(&visible(name), 100);
    Some(Mailbox::new((!name.is_empty()).then_some(name), address.parse::<Address>().ok()?))
}

fn raw(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

fn date(micros: i64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(u64::try_from(micros).unwrap_or(0))
}

/// 128 bits in hexadecimal over parts that can't run into one another.
fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex::encode(hash.finalize()).chars().take(32).collect()
}
