//! What cmdlets do to the tenant.

use serde_json::{Value as Json, json};

use super::{Act, Cmdlet, Done};
use crate::tenant::{Error, Object, Tenant, key, set};

/// Parameters that are not the object's.
const OF_THE_CALL: [&str; 5] = ["Confirm", "WhatIf", "Force", "ResultSize", "IncludeHidden"];

pub(super) fn run(tenant: &mut Tenant, cmdlet: &Cmdlet, given: &Object) -> Result<Done, Error> {
    judge(cmdlet, given)?;
    let (_, noun) = cmdlet.name.split_once('-').unwrap_or_default();
    // The service gives mailboxes and their settings under one name.
    if given.get("WhatIf") == Some(&json!(true)) {
        let warnings = vec![format!("What if: {} would run.", cmdlet.name)];
        return Ok(Done { objects: Vec::new(), warnings });
    }
    match cmdlet.act {
        Act::List => list(tenant, noun, given),
        Act::Audit => Ok(Done::default()),
        Act::Settings => settings(tenant, cmdlet.name, noun, given),
        Act::New => new(tenant, noun, given),
        Act::Set | Act::Enable | Act::Disable => change(tenant, cmdlet.act, noun, given),
        Act::Remove => {
            let key = existing(tenant, noun, given)?;
            tenant.remove(noun, &key);
            Ok(Done::default())
        }
        Act::Grant => grant(tenant, noun, given),
        Act::Revoke => {
            let (_, _, key) = grant_key(tenant, noun, given)?;
            tenant.remove(noun, &key).ok_or_else(|| Error::not_found(&key))?;
            Ok(Done::default())
        }
    }
}

/// Known parameters of the right kinds, and all that are required.
fn judge(cmdlet: &Cmdlet, given: &Object) -> Result<(), Error> {
    let known: Vec<(&str, &str)> =
        cmdlet.parameters.split(' ').filter_map(|parameter| parameter.split_once(':')).collect();
    for (name, value) in given {
        let found = known.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        let (_, kind) = found.ok_or_else(|| {
            let text = format!("A parameter cannot be found that matches parameter name '{name}'.");
            Error::new("ParameterBindingException", text)
        })?;
        let is_text = value.is_string() || value.is_number();
        let fits = match kind.trim_end_matches('!') {
            "b" | "w" => value.is_boolean(),
            "n" => value.is_i64() || value.as_str().is_some_and(|text| text.parse::<i64>().is_ok()),
            "m" => is_text || value.is_array() || value.is_object(),
            _ => is_text,
        };
        if !fits {
            let text = format!("Cannot process argument transformation on parameter '{name}'.");
            return Err(Error::new("ParameterBindingArgumentTransformationException", text));
        }
    }
    let missing = known
        .iter()
        .filter(|(_, kind)| kind.ends_with('!'))
        .find(|(name, _)| !given.keys().any(|given| given.eq_ignore_ascii_case(name)));
    match missing {
        Some((name, _)) => {
            let text = format!("The mandatory parameter '{name}' is missing.");
            Err(Error::new("ParameterBindingException", text))
        }
        None => Ok(()),
    }
}

fn text<'a>(given: &'a Object, name: &str) -> &'a str {
    given.get(name).and_then(Json::as_str).unwrap_or_default()
}

/// Rights and members hang on another kind; so do the rules of a mailbox.
fn owner(noun: &str) -> Option<(&'static str, &'static str)> {
    match noun {
        "MailboxPermission" | "RecipientPermission" | "MailboxFolderPermission" => {
            Some(("Mailbox", "Identity"))
        }
        "InboxRule" => Some(("Mailbox", "Mailbox")),
        "DistributionGroupMember" => Some(("DistributionGroup", "Identity")),
        "RoleGroupMember" => Some(("RoleGroup", "Identity")),
        _ => None,
    }
}

/// The owner's key, with the folder where one is named.
fn owner_key(tenant: &Tenant, noun: &str, given: &Object) -> Result<Option<String>, Error> {
    let Some((kind, parameter)) = owner(noun) else { return Ok(None) };
    let named = text(given, parameter);
    let (name, folder) = match named.split_once(':') {
        Some((name, folder)) if noun == "MailboxFolderPermission" => (name, Some(folder)),
        _ => (named, None),
    };
    if name.is_empty() {
        return Ok(None);
    }
    let found = tenant.key_of(kind, name).ok_or_else(|| Error::not_found(name))?;
    Ok(Some(folder.map_or(found.clone(), |folder| key(&[&format!("{found}:{folder}")]))))
}

fn list(tenant: &Tenant, noun: &str, given: &Object) -> Result<Done, Error> {
    let identity = text(given, "Identity");
    let mut objects = if noun == "ManagementRoleEntry" {
        let (role, cmdlet) = identity.rsplit_once('\\').unwrap_or((identity, "*"));
        let is = |pattern: &str, object: &Object, name: &str| {
            pattern == "*" || text(object, name).eq_ignore_ascii_case(pattern)
        };
        let all = tenant.all(noun).into_iter();
        all.filter(|object| is(role, object, "Role") && is(cmdlet, object, "Name")).collect()
    } else if let Some(owner) = owner_key(tenant, noun, given)? {
        let all = tenant.every().get(noun).into_iter().flatten();
        let own = format!("{owner}\\");
        all.filter(|(key, _)| key.starts_with(&own)).map(|(_, object)| object.clone()).collect()
    } else if identity.is_empty() {
        tenant.all(noun)
    } else {
        let key = tenant.key_of(noun, identity).ok_or_else(|| Error::not_found(identity))?;
        tenant.get(noun, &key).cloned().into_iter().collect()
    };
    let role = text(given, "Role");
    if !role.is_empty() {
        objects.retain(|object| text(object, "Role").eq_ignore_ascii_case(role));
    }
    let most = given.get("ResultSize").and_then(Json::as_str).and_then(|size| size.parse().ok());
    let mut warnings = Vec::new();
    if let Some(most) = most.filter(|most| objects.len() > *most) {
        objects.truncate(most);
        warnings.push(format!("There are more results than {most}."));
    }
    Ok(Done { objects, warnings })
}

fn settings(tenant: &mut Tenant, name: &str, noun: &str, given: &Object) -> Result<Done, Error> {
    let object = tenant.get_mut(noun, "").ok_or_else(|| Error::not_found(noun))?;
    if name.starts_with("Get-") {
        return Ok(Done { objects: vec![object.clone()], warnings: Vec::new() });
    }
    assign(object, given);
    Ok(Done::default())
}

fn assign(object: &mut Object, given: &Object) {
    let own = given.iter().filter(|(name, _)| !OF_THE_CALL.contains(&name.as_str()) && *name != "Identity");
    for (name, value) in own {
        set(object, name, value);
    }
}

fn new(tenant: &mut Tenant, noun: &str, given: &Object) -> Result<Done, Error> {
    let name = ["Name", "ReportTitle", "DisplayName", "AppId", "Identity"].iter().find_map(|property| {
        given.get(*property).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    });
    let name = name.unwrap_or_else(|| format!("{noun} {}", tenant.all(noun).len() + 1));
    let at = match owner_key(tenant, noun, given)? {
        Some(owner) => key(&[&owner, &name]),
        None => key(&[&name]),
    };
    if noun == "MoveRequest" {
        tenant.key_of("Mailbox", &name).ok_or_else(|| Error::not_found(&name))?;
    }
    if tenant.get(noun, &at).is_some() {
        let text = format!("The object '{name}' already exists.");
        return Err(Error::new("ADObjectAlreadyExistsException", text));
    }
    let mut object = Object::new();
    object.insert("Identity".to_owned(), json!(name));
    object.insert("Name".to_owned(), json!(name));
    match noun {
        "TransportRule" => _ = object.insert("State".to_owned(), json!("Enabled")),
        "InboxRule" | "JournalRule" => _ = object.insert("Enabled".to_owned(), json!(true)),
        "MoveRequest" => _ = object.insert("Status".to_owned(), json!("Queued")),
        "RemoteDomain" => _ = object.insert("AutoForwardEnabled".to_owned(), json!(true)),
        _ => {}
    }
    assign(&mut object, given);
    tenant.put(noun, at, object.clone());
    Ok(Done { objects: vec![object], warnings: Vec::new() })
}

/// The key of an object that must be there.
fn existing(tenant: &Tenant, noun: &str, given: &Object) -> Result<String, Error> {
    let identity = text(given, "Identity");
    let found = match owner_key(tenant, noun, given)? {
        Some(owner) => {
            let at = key(&[&owner, identity]);
            tenant.get(noun, &at).is_some().then_some(at)
        }
        None => tenant.key_of(noun, identity),
    };
    found.ok_or_else(|| Error::not_found(identity))
}

fn change(tenant: &mut Tenant, act: Act, noun: &str, given: &Object) -> Result<Done, Error> {
    let key = existing(tenant, noun, given)?;
    let forward = text(given, "ForwardingAddress");
    if !forward.is_empty() && tenant.key_of("Mailbox", forward).is_none() {
        return Err(Error::not_found(forward));
    }
    let object = tenant.get_mut(noun, &key).ok_or_else(|| Error::not_found(&key))?;
    let mut warnings = Vec::new();
    let on = act == Act::Enable;
    match act {
        Act::Set => {
            let before = object.clone();
            assign(object, given);
            if *object == before {
                warnings.push(
                    "The command completed successfully but no settings have been modified.".to_owned(),
                );
            }
        }
        _ if noun == "TransportRule" => {
            object.insert("State".to_owned(), json!(if on { "Enabled" } else { "Disabled" }));
        }
        _ => _ = object.insert("Enabled".to_owned(), json!(on)),
    }
    Ok(Done { objects: Vec::new(), warnings })
}

fn grant_key(tenant: &Tenant, noun: &str, given: &Object) -> Result<(String, String, String), Error> {
    let who = ["User", "Trustee", "Member"].iter().map(|name| text(given, name)).find(|who| !who.is_empty());
    let who = who.unwrap_or_default().to_owned();
    let owner = owner_key(tenant, noun, given)?.unwrap_or_default();
    let named = tenant.key_of("Mailbox", &who).unwrap_or_else(|| who.to_lowercase());
    let at = key(&[&owner, &named]);
    Ok((who, owner, at))
}

fn grant(tenant: &mut Tenant, noun: &str, given: &Object) -> Result<Done, Error> {
    let (who, owner, at) = grant_key(tenant, noun, given)?;
    let is_known = tenant.key_of("Mailbox", &who).is_some()
        || tenant.key_of("DistributionGroup", &who).is_some()
        || ["Default", "Anonymous"].iter().any(|known| known.eq_ignore_ascii_case(&who));
    if !is_known {
        return Err(Error::not_found(&who));
    }
    let mut object = Object::new();
    object.insert("Identity".to_owned(), json!(owner));
    object.insert("Name".to_owned(), json!(who));
    for (name, value) in
        given.iter().filter(|(name, _)| !OF_THE_CALL.contains(&name.as_str()) && *name != "Identity")
    {
        object.insert(name.clone(), value.clone());
    }
    object.insert("IsInherited".to_owned(), json!(false));
    tenant.put(noun, at, object.clone());
    Ok(Done { objects: vec![object], warnings: Vec::new() })
}
