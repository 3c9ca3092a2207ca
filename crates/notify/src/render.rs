mod envelope;
mod text;

use countersign_text::{truncate, visible};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};

use crate::{
    compose::{Reader, compose},
    mail::OutgoingMail,
    notice::Notice,
    page::Page,
    site::{Recipient, Site},
};

/// What makes a mail this one: given by the caller, so that rendering is a pure function.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// The outbox entry, `seq-kind` or the like: the same for every attempt.
    pub key: String,
    /// Now, microseconds since 1970: the `Date` header and "expires in".
    pub now: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    #[error("the address of the {0} can't be used in a mail")]
    Address(&'static str),
    #[error("a template failed")]
    Template(#[from] minijinja::Error),
    #[error("the mail could not be built")]
    Build(#[from] lettre::error::Error),
}

/// Makes the mail of a notice to one person: text of at most 72 columns (but for a link that is
/// longer, which stays whole) and HTML, from the same data.
///
/// # Errors
/// [`RenderError`]: a bad address; the others are faults of this crate.
pub fn render(
    site: &Site,
    notice: &Notice,
    recipient: &Recipient,
    stamp: &Stamp,
) -> Result<OutgoingMail, RenderError> {
    let page = compose(notice, Reader { site, recipient, now: stamp.now });
    let (text, html) = bodies(&page, site)?;
    envelope::wrap_up(site, notice, recipient, stamp, envelope::Content { page, text, html })
}

fn bodies(page: &Page, site: &Site) -> Result<(String, String), minijinja::Error> {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates.set_auto_escape_callback(|name| match name {
        "mail.txt" => AutoEscape::None,
        _ => AutoEscape::Html,
    });
    text::add_filters(&mut templates);
    templates.add_template("mail.txt", include_str!("../templates/mail.txt"))?;
    templates.add_template("mail.html", include_str!("../templates/mail.html"))?;
    let shown = context! {
        page => minijinja::value::Serde(page),
        organization => short(&site.organization),
        host => site.public_url.to_string(),
        demo => site.demo.as_deref().map(short),
    };
    let text = templates.get_template("mail.txt")?.render(&shown)?;
    let html = templates.get_template("mail.html")?.render(&shown)?;
    Ok((text, html))
}

/// The installation's own words, bounded like everything else.
fn short(text: &str) -> String {
    truncate(&visible(text), 200)
}
