//! The identity services of an Azure machine and of an App Service.

use std::collections::BTreeMap;

use hyper::{HeaderMap, StatusCode, Uri};
use serde_json::json;

use crate::Options;
use crate::body::{self, Answer};
use crate::state::State;
use crate::token;

/// Answers a request without TLS.
pub(crate) fn answer(options: &Options, state: &mut State, uri: &Uri, headers: &HeaderMap) -> Answer {
    let query = token::read_form(uri.query().unwrap_or_default().as_bytes());
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (version, allowed) = match uri.path() {
        "/metadata/identity/oauth2/token" => ("2018-02-01", header("metadata") == "true"),
        "/msi/token" => ("2019-08-01", header("x-identity-header") == options.identity_header),
        _ => return no(StatusCode::NOT_FOUND, "not found"),
    };
    if !allowed {
        return no(StatusCode::BAD_REQUEST, "the required header is missing");
    }
    match resource(&query, version) {
        Some(audience) => token::give(options, state, &audience, "text"),
        None => no(StatusCode::BAD_REQUEST, "api-version or resource is wrong"),
    }
}

fn resource(query: &BTreeMap<String, String>, version: &str) -> Option<String> {
    let right = query.get("api-version").is_some_and(|given| given == version);
    let audience = query.get("resource")?.strip_prefix("https://")?;
    right.then(|| audience.trim_end_matches('/').to_owned())
}

fn no(status: StatusCode, why: &str) -> Answer {
    body::json(status, &json!({"error": "invalid_request", "error_description": why}))
}
