//! Reading bodies, queries and paths: what is malformed is a problem with a code, never a panic or a surprise.

use axum::RequestPartsExt as _;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// A JSON body. `Content-Type: application/json` is demanded: no page of another site can send that unasked.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

/// A JSON answer.
#[derive(Debug)]
pub(crate) struct Answer<T>(pub(crate) T);

/// A query string.
#[derive(Debug)]
pub(crate) struct Asked<T>(pub(crate) T);

/// The one segment of a path that names an object. A malformed id answers as an unknown one.
#[derive(Debug)]
pub(crate) struct Id<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or("").trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "The body must be JSON, sent as application/json.",
            ));
        }
        let bytes =
            axum::body::Bytes::from_request(request, state).await.map_err(|rejection| {
                match rejection.status() {
                    StatusCode::PAYLOAD_TOO_LARGE => too_large(),
                    _ => Problem::invalid("The body could not be read."),
                }
            })?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            // The message may quote what was sent, a password among it.
            Problem::invalid(format!(
                "The body is not what is expected here, at line {} column {}: {}.",
                error.line(),
                error.column(),
                kind_of(&error)
            ))
        })
    }
}

pub(crate) fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", "A body has at most 1 MiB.")
}

/// What is wrong without what was sent: serde's messages name fields in backticks, values in quotes or as numbers.
fn kind_of(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let known = ["unknown field", "missing field", "duplicate field", "duplicate key"];
    match known.iter().find(|known| text.starts_with(**known)) {
        Some(_) => text.split(" at line ").next().unwrap_or_default().chars().take(200).collect(),
        None if error.is_syntax() || error.is_eof() => "it is not well-formed JSON".to_owned(),
        None => "a value is of another type or form".to_owned(),
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send + 'static> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = Query::<T>::try_from_uri(&parts.uri);
        query.map(|Query(query)| Self(query)).map_err(|rejection| {
            Problem::invalid(rejection.body_text().chars().take(200).collect::<String>())
        })
    }
}

impl<S: Send + Sync, T: std::str::FromStr + Send> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Path(text) = parts.extract::<Path<String>>().await.map_err(|_| Problem::not_found())?;
        text.parse().map(Self).map_err(|_| Problem::not_found())
    }
}

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => ([(header::CONTENT_TYPE, "application/json")], bytes).into_response(),
            Err(error) => Problem::internal(error).into_response(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Form {
        #[expect(dead_code, reason = "only its reading is of interest")]
        password: String,
    }

    #[test]
    fn what_was_sent_is_not_quoted_back() {
        for sent in [r#"{"password":["hunter2"]}"#, r#"{"password":4711}"#, r#"{"password":"hunter2}"#] {
            let error = serde_json::from_str::<Form>(sent).unwrap_err();
            let text = kind_of(&error);
            assert!(!text.contains("hunter2") && !text.contains("4711"), "{text}");
        }
        let error = serde_json::from_str::<Form>(r#"{"pasword":"x"}"#).unwrap_err();
        assert_eq!(kind_of(&error), "unknown field `pasword`, expected `password`");
    }
}
