//! What an answer means.

use std::time::Duration;

use countersign_runspace::Word;
use hyper::StatusCode;
use serde_json::{Map, Value as Json};

use crate::https::Answer;

/// What is waited for at most when the service says how long.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
/// Failures that pass by themselves; they come with any status.
const TRANSIENT: &[&str] = &[
    "BackendCommunicationException",
    "CmdletProxyNotAvailableFailure",
    "ServerBusyException",
    "TransientException",
];

/// An answer, understood.
#[derive(Debug, PartialEq)]
pub(super) enum Meaning {
    /// The cmdlet ran.
    Ran(Page),
    /// It runs elsewhere.
    Elsewhere(Option<String>),
    /// The token is not taken.
    SignIn,
    /// Too much was asked; when to ask again, if that was said. Nothing ran.
    Throttled(Option<Duration>),
    /// It may pass; whether the cmdlet ran is not known.
    Transient(Failed),
    /// It failed, and nobody can tell how far it came.
    Broken(Failed),
    /// It did not run, or ran and failed.
    Failed(Failed),
}

/// Objects that a cmdlet gave, and where more are.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Page {
    pub(super) objects: Vec<Map<String, Json>>,
    pub(super) warnings: Vec<String>,
    pub(super) next: Option<String>,
}

/// A stable word and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failed {
    pub(super) word: Word,
    pub(super) message: String,
}

impl Failed {
    pub(super) fn new(word: &str, message: impl Into<String>) -> Self {
        Self { word: Word::of(word), message: message.into() }
    }
}

pub(super) fn understand(answer: &Answer) -> Meaning {
    let status = answer.status;
    match status {
        StatusCode::UNAUTHORIZED => return Meaning::SignIn,
        StatusCode::TOO_MANY_REQUESTS => return Meaning::Throttled(wait(answer)),
        StatusCode::FOUND | StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => {
            return Meaning::Elsewhere(answer.header("location").map(str::to_owned));
        }
        StatusCode::METHOD_NOT_ALLOWED => {
            return Meaning::Failed(Failed::new("endpoint_not_there", "the service has no such endpoint"));
        }
        _ => {}
    }
    let json = serde_json::from_slice::<Json>(&answer.body).ok();
    if let Some(said) = json.as_ref().and_then(|json| json.get("error")) {
        return failed(status, said);
    }
    if status.is_success() {
        return match json {
            Some(Json::Object(object)) => Meaning::Ran(page(object, answer)),
            None if answer.body.is_empty() => Meaning::Ran(Page::default()),
            _ => {
                let message = "the service's answer can't be understood";
                Meaning::Broken(Failed::new("answer_not_understood", message))
            }
        };
    }
    if status == StatusCode::FORBIDDEN {
        let message = "the application may not run this cmdlet, or there is none of this name";
        return Meaning::Failed(Failed::new("not_permitted_or_unknown", message));
    }
    let number = status.as_u16();
    let failed = Failed::new(&format!("status_{number}"), format!("the service answered {status}"));
    if status.is_server_error() { Meaning::Transient(failed) } else { Meaning::Failed(failed) }
}

/// `Retry-After`: seconds, also with a fraction.
fn wait(answer: &Answer) -> Option<Duration> {
    let seconds: f64 = answer.header("retry-after")?.trim().parse().ok()?;
    let seconds = seconds.is_finite().then_some(seconds).filter(|seconds| *seconds >= 0.0)?;
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT))
}

fn page(mut object: Map<String, Json>, answer: &Answer) -> Page {
    let warnings = match object.remove("@adminapi.warnings") {
        Some(Json::Array(texts)) => {
            texts.iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
        }
        _ => answer.header("x-warnings").map(str::to_owned).into_iter().collect(),
    };
    let next = object.get("@odata.nextLink").and_then(Json::as_str).map(str::to_owned);
    let objects = match object.remove("value") {
        Some(Json::Array(values)) => values.into_iter().map(plain).collect(),
        Some(Json::Null) => Vec::new(),
        Some(value) => vec![plain(value)],
        // One object that is the answer itself.
        None => {
            let own = strip(object);
            if own.is_empty() { Vec::new() } else { vec![own] }
        }
    };
    Page { objects, warnings, next }
}

/// An object without what only says how to read it. What is no object has one property.
fn plain(value: Json) -> Map<String, Json> {
    match value {
        Json::Object(object) => strip(object),
        other => Map::from_iter([("Value".to_owned(), other)]),
    }
}

fn strip(object: Map<String, Json>) -> Map<String, Json> {
    object
        .into_iter()
        .filter(|(key, _)| !key.contains('@'))
        .map(|(key, value)| match value {
            Json::Object(inner) => (key, Json::Object(strip(inner))),
            Json::Array(items) => {
                let strip_item = |item| match item {
                    Json::Object(inner) => Json::Object(strip(inner)),
                    other => other,
                };
                (key, Json::Array(items.into_iter().map(strip_item).collect()))
            }
            other => (key, other),
        })
        .collect()
}

/// The first text that is for people; never a stack trace.
fn failed(status: StatusCode, error: &Json) -> Meaning {
    let text =
        |pointer: &str| error.pointer(pointer).and_then(Json::as_str).filter(|text| !text.trim().is_empty());
    let details = error.get("details").and_then(Json::as_array);
    let detail = details.and_then(|all| {
        all.iter().find_map(|one| one.get("message")?.as_str().filter(|text| !text.trim().is_empty()))
    });
    // `Ex6F9304|Microsoft.Exchange…NotFoundException|The operation couldn't be performed …`
    let mut parts = detail.unwrap_or_default().splitn(3, '|');
    let (kind, message) = match (parts.next(), parts.next(), parts.next()) {
        (Some(_), Some(kind), Some(message)) => (Some(kind), message),
        _ => {
            let inner = text("/innererror/internalexception/message");
            let kind = text("/innererror/internalexception/type").or_else(|| text("/innererror/type"));
            let message = detail.or(inner).or_else(|| text("/message"));
            (kind, message.unwrap_or("the service said no more"))
        }
    };
    let code = text("/code").unwrap_or_default();
    let number = status.as_u16();
    let word = kind.map(word).unwrap_or_else(|| format!("status_{number}"));
    let failed = Failed::new(&word, message.trim());
    let named = [
        kind.unwrap_or_default(),
        code,
        detail.unwrap_or_default(),
        text("/innererror/type").unwrap_or_default(),
    ];
    let passes = TRANSIENT.iter().any(|name| named.iter().any(|text| text.contains(name)));
    if status == StatusCode::FORBIDDEN {
        return Meaning::Failed(Failed::new("not_permitted_or_unknown", failed.message));
    }
    if passes || status.is_server_error() { Meaning::Transient(failed) } else { Meaning::Failed(failed) }
}

/// `Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException`: `management_object_not_found`.
fn word(kind: &str) -> String {
    let name = kind.rsplit(['.', '+']).next().unwrap_or_default();
    let name = name.strip_suffix("Exception").filter(|rest| !rest.is_empty()).unwrap_or(name);
    let mut word = String::new();
    let mut small = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && small {
            word.push('_');
        }
        small = c.is_ascii_lowercase() || c.is_ascii_digit();
        word.push(c.to_ascii_lowercase());
    }
    word
}

#[cfg(test)]
mod tests {
    use hyper::HeaderMap;
    use serde_json::json;

    use super::*;

    fn meaning(status: u16, headers: &[(&'static str, &str)], body: &[u8]) -> Meaning {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().expect("header"));
        }
        understand(&Answer {
            status: StatusCode::from_u16(status).expect("status"),
            headers: map,
            body: body.to_vec(),
        })
    }

    #[test]
    fn objects_lose_what_only_says_how_to_read_them() {
        let body = json!({"@odata.context": "x", "@adminapi.warnings": ["careful"], "value": [
            {"Name": "a", "Id@odata.type": "#Guid", "Id@data.type": "System.Guid", "Id": "1",
             "Table": {"@odata.type": "#x", "Add": ["b"]}, "Rows": [{"@odata.type": "#y", "A": 1}]}],
            "@odata.nextLink": "https://x/adminapi/y"});
        let Meaning::Ran(page) = meaning(200, &[], body.to_string().as_bytes()) else { panic!("ran") };
        assert_eq!(
            json!(page.objects),
            json!([{"Name": "a", "Id": "1", "Table": {"Add": ["b"]}, "Rows": [{"A": 1}]}])
        );
        assert_eq!(
            (page.warnings, page.next),
            (vec!["careful".to_owned()], Some("https://x/adminapi/y".to_owned()))
        );
        assert_eq!(meaning(200, &[], b"{\"value\": []}"), Meaning::Ran(Page::default()));
        assert_eq!(meaning(204, &[], b""), Meaning::Ran(Page::default()));
        assert!(matches!(meaning(200, &[], b"<html>"), Meaning::Broken(_)));
    }

    #[test]
    fn an_error_is_said_by_the_first_text_for_people() {
        let detail =
            "Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|no | such";
        let inner = json!({"type": "A.B+ThingException", "message": "inner", "stacktrace": "at A.B()"});
        for (error, word, message) in [
            (
                json!({"message": "Error executing cmdlet", "details": [{"message": detail}]}),
                "management_object_not_found",
                "no | such",
            ),
            (json!({"message": "outer", "innererror": {"internalexception": inner}}), "thing", "inner"),
            (json!({"message": "outer", "details": []}), "status_400", "outer"),
            (json!({"message": "outer", "details": [{"message": "plain"}]}), "status_400", "plain"),
            (json!({}), "status_400", "the service said no more"),
        ] {
            let told = meaning(400, &[], json!({"error": error}).to_string().as_bytes());
            assert_eq!(told, Meaning::Failed(Failed::new(word, message)));
        }
    }

    #[test]
    fn what_may_pass_is_told_from_what_will_not() {
        let busy =
            json!({"error": {"details": [{"message": "x|Microsoft.Exchange.ServerBusyException|busy"}]}});
        assert!(matches!(meaning(400, &[], busy.to_string().as_bytes()), Meaning::Transient(_)));
        assert!(matches!(meaning(503, &[], b""), Meaning::Transient(_)));
        assert!(matches!(meaning(404, &[], b""), Meaning::Failed(_)));
        let nul = meaning(403, &[("content-encoding", "gzip")], &[0; 64]);
        assert!(matches!(nul, Meaning::Failed(failed) if failed.word.as_str() == "not_permitted_or_unknown"));
        for (header, wait) in [
            (Some("7"), Some(7_000)),
            (Some("0.25"), Some(250)),
            (Some("1e30"), Some(900_000)),
            (Some("-1"), None),
            (Some("NaN"), None),
            (Some("soon"), None),
            (None, None),
        ] {
            let headers: Vec<_> = header.map(|value| ("retry-after", value)).into_iter().collect();
            assert_eq!(
                meaning(429, &headers, b""),
                Meaning::Throttled(wait.map(Duration::from_millis)),
                "{header:?}"
            );
        }
    }
}
