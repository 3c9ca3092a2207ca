//! From places and values to a request. A value is one segment, one query value, one header, one piece of JSON: it can't
//! become anything else, because nothing is joined before it is encoded.

mod body;
mod encode;

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use crate::definition::{Field, HttpDefinition, Method, Segment, WhenAbsent};
use crate::{ParameterName, ParameterValue, Refusal};

pub use body::{Absent, Hole, hole, is_null};
pub(crate) use encode::header as check_header;
pub use encode::percent;

/// All of a request but what the target adds: origin, credentials, who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub method: Method,
    /// Path and query, encoded: begins with `/`, goes behind the target's own path.
    pub path: String,
    /// Lower-case names. A secret's value is wiped when dropped.
    pub headers: Vec<(String, Zeroizing<String>)>,
    /// With `content-type` among the headers.
    pub body: Option<Zeroizing<Vec<u8>>>,
}

/// Longer request lines are refused by many servers.
const MAX_PATH: usize = 16 * 1024;
/// All values of headers together.
const MAX_HEADERS: usize = 16 * 1024;

/// Headers that say where a message ends, where it goes, or who sends it: the executor's alone.
const RESERVED: &[&str] = &[
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "date",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "keep-alive",
    "max-forwards",
    "proxy-authorization",
    "proxy-connection",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-original-url",
    "x-rewrite-url",
];

/// Whether a header's name is one, and a task's to set.
#[must_use]
pub fn may_set(name: &str) -> bool {
    let tchar = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let lower = name.to_ascii_lowercase();
    !name.is_empty() && name.len() <= 64 && name.bytes().all(tchar) && !RESERVED.contains(&lower.as_str())
}

/// The request of a definition with these values.
///
/// # Errors
/// `parameter_missing`, `parameter_type`, `value_not_a_segment`, `value_not_for_header`, `decimal_not_exact`,
/// `file_digest_mismatch`, `argument_too_long`.
pub fn build(
    definition: &HttpDefinition,
    values: &BTreeMap<ParameterName, ParameterValue>,
) -> Result<Request, Refusal> {
    let mut path = String::new();
    for segment in definition.path.segments() {
        path.push('/');
        match segment {
            Segment::Literal(text) => path.push_str(text),
            Segment::Parameter(name) => {
                let value = values.get(name).ok_or_else(|| missing(name))?;
                path.push_str(&encode::segment(
                    name,
                    &text(name, value)?,
                    definition.slashes.contains(name),
                )?);
            }
        }
    }
    let mut mark = '?';
    for (name, value) in fields(&definition.query, values)? {
        path.push(mark);
        path.push_str(&percent(&name));
        path.push('=');
        path.push_str(&percent(&value));
        mark = '&';
    }
    if path.len() > MAX_PATH {
        return Err(too_long("path and query are longer than 16 KiB"));
    }
    let mut headers = Vec::new();
    for (name, value) in fields_or_secrets(&definition.headers, values)? {
        encode::header(&name, &value)?;
        headers.push((name.to_ascii_lowercase(), value));
    }
    if headers.iter().map(|(_, value)| value.len()).sum::<usize>() > MAX_HEADERS {
        return Err(too_long("the headers together are longer than 16 KiB"));
    }
    let body = definition.body.as_ref().map(|body| body::build(&body.json, values)).transpose()?;
    if let Some(body) = &definition.body {
        let kind = body.content_type.as_deref().unwrap_or("application/json");
        headers.push(("content-type".to_owned(), Zeroizing::new(kind.to_owned())));
    }
    Ok(Request { method: definition.method, path, headers, body })
}

type Named = Vec<(String, Zeroizing<String>)>;

/// A URL stands in logs on both sides: a secret has no place there.
fn fields(fields: &[Field], values: &BTreeMap<ParameterName, ParameterValue>) -> Result<Named, Refusal> {
    let secret = |field: &&Field| {
        let name = field.parameter.as_ref();
        name.is_some_and(|name| matches!(values.get(name), Some(ParameterValue::Secret(_))))
    };
    match fields.iter().find(secret).and_then(|field| field.parameter.as_ref()) {
        Some(name) => Err(kind(name, "is secret, and a URL is no place for one")),
        None => fields_or_secrets(fields, values),
    }
}

fn fields_or_secrets(
    fields: &[Field],
    values: &BTreeMap<ParameterName, ParameterValue>,
) -> Result<Named, Refusal> {
    let mut all = Named::new();
    for field in fields {
        let mut put = |text: String| all.push((field.name.clone(), Zeroizing::new(text)));
        let Some(name) = &field.parameter else {
            put(field.literal.clone().unwrap_or_default());
            continue;
        };
        match (values.get(name), field.when_absent) {
            (None, WhenAbsent::Omit) => {}
            (None, WhenAbsent::Refuse) => return Err(missing(name)),
            (Some(ParameterValue::List(items)), _) => items.iter().cloned().for_each(put),
            (Some(ParameterValue::Secret(secret)), _) => put(secret.expose().to_owned()),
            (Some(value), _) => put(text(name, value)?),
        }
    }
    Ok(all)
}

/// The text of a value that has one.
fn text(name: &ParameterName, value: &ParameterValue) -> Result<String, Refusal> {
    match value {
        ParameterValue::String(text) | ParameterValue::Decimal(text) => Ok(text.clone()),
        ParameterValue::Integer(number) => Ok(number.to_string()),
        ParameterValue::Boolean(flag) => Ok(flag.to_string()),
        ParameterValue::Secret(_) => Err(kind(name, "is secret, and a URL is no place for one")),
        ParameterValue::List(_) => Err(kind(name, "is a list, and a segment is one value")),
        ParameterValue::Table(_) => Err(kind(name, "is a table, which goes into the body only")),
        ParameterValue::File(_) => Err(kind(name, "is a file, which goes into the body only")),
    }
}

fn missing(name: &ParameterName) -> Refusal {
    Refusal::new("parameter_missing", format!("{name} has no value"))
}

fn kind(name: &ParameterName, what: &str) -> Refusal {
    Refusal::new("parameter_type", format!("{name} {what}"))
}

fn too_long(what: &str) -> Refusal {
    Refusal::new("argument_too_long", what)
}

#[cfg(test)]
mod tests;
