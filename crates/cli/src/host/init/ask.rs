//! What `init` was told, and what it has to ask.

use countersign_core::command::NewPerson;
use countersign_identity::upn::Upn;
use countersign_notify::PublicUrl;
use jiff::tz::TimeZone;

use super::{Init, Plan};
use crate::fault::{Fault, Outcome};
use crate::terminal;

pub(super) fn plan(init: &Init) -> Outcome<Plan> {
    let organization = given(init.organization.as_ref(), "Organization", None)?;
    if organization.trim().is_empty() {
        return Err(Fault::usage("The organization needs a name."));
    }
    let here = TimeZone::system().iana_name().unwrap_or("UTC").to_owned();
    let zone = given(init.zone.as_ref(), "Time zone", Some(&here))?;
    TimeZone::get(&zone).map_err(|error| Fault::usage(format!("`{zone}` is no time zone: {error}.")))?;
    let public_url =
        given(init.public_url.as_ref(), "Public address", Some(&format!("http://{}", init.listen)))?;
    PublicUrl::parse(&public_url).map_err(|error| Fault::usage(format!("{error}.")))?;
    let upn = person(&given(init.administrator.as_ref(), "First administrator's sign-in name", None)?)?;
    let display_name = match &init.administrator_name {
        Some(name) => name.clone(),
        None if init.administrator.is_some() => upn.split('@').next().unwrap_or(&upn).to_owned(),
        None => terminal::ask("Their name")?,
    };
    let mail = init.administrator_mail.clone().unwrap_or_else(|| upn.clone());
    let second = person(&given(init.second.as_ref(), "Second person's sign-in name", None)?)?;
    if second.eq_ignore_ascii_case(&upn) {
        return Err(Fault::usage("The second person must be another: nobody decides alone."));
    }
    Ok(Plan { organization, zone, public_url, administrator: NewPerson { upn, display_name, mail }, second })
}

fn given(option: Option<&String>, question: &str, default: Option<&str>) -> Outcome<String> {
    match (option, default) {
        (Some(given), _) => Ok(given.clone()),
        (None, Some(default)) if std::io::IsTerminal::is_terminal(&std::io::stdin()) => {
            terminal::ask_or(question, default)
        }
        (None, Some(default)) => Ok(default.to_owned()),
        (None, None) => terminal::ask(question),
    }
}

fn person(text: &str) -> Outcome<String> {
    Upn::parse(text)
        .map(|upn| upn.as_str().to_owned())
        .map_err(|fault| Fault::usage(format!("`{text}` cannot be a sign-in name: {fault}.")))
}
