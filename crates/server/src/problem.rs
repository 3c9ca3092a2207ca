//! Errors as answers: RFC 9457 problem details with a stable `code`.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use countersign_core::command::Closed;
use countersign_core::refusal::{Code, Refusal};
use countersign_engine::SubmitError;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

/// The result of a handler.
pub(crate) type Result<T> = std::result::Result<T, Problem>;

/// RFC 9457 problem details.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub(crate) struct Details<'a> {
    /// `urn:countersign:problem:` and the code.
    r#type: String,
    title: String,
    status: u16,
    /// Stable: programs may depend on it.
    code: &'a str,
    detail: &'a str,
    /// What the server's log knows the request by.
    request_id: &'a str,
    /// What governs: a policy, a limit, a rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    governs: Option<&'a str>,
    /// The next step.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
}

/// What went wrong, as the caller hears it. Nothing in it comes from inside: what is internal goes to the log.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    governs: Option<String>,
    hint: Option<String>,
    retry_after: Option<u64>,
}

impl Problem {
    /// A problem with a stable code.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), governs: None, hint: None, retry_after: None }
    }

    /// Unknown and forbidden objects answer alike (G19).
    #[must_use]
    pub fn not_found() -> Self {
        Closed::Unknown.refusal().into()
    }

    /// Something inside failed; the log knows what, under the request's id.
    pub fn internal(error: impl std::fmt::Display) -> Self {
        tracing::error!(error = %error, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something failed inside the server.")
    }

    /// The input is malformed.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Refusal::new(Code::InvalidInput, detail).into()
    }

    /// Too many in too short a time; the caller may come back after so many seconds.
    #[must_use]
    pub fn wait(seconds: u64) -> Self {
        let mut problem: Self =
            Refusal::new(Code::RateLimited, format!("Too many attempts; try again in {seconds} s.")).into();
        problem.retry_after = Some(seconds);
        problem
    }

    /// Adds the next step.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// The body, with the id that the log knows the request by.
    #[must_use]
    pub fn body(&self, request_id: &str) -> Json {
        let details = Details {
            r#type: format!("urn:countersign:problem:{}", self.code),
            title: self.code.replace('_', " "),
            status: self.status.as_u16(),
            code: self.code,
            detail: &self.detail,
            request_id,
            governs: self.governs.as_deref(),
            hint: self.hint.as_deref(),
        };
        serde_json::to_value(details).unwrap_or_default()
    }

    /// The whole answer.
    pub(crate) fn answer(&self, request_id: &str) -> Response {
        let mut response = (self.status, self.body(request_id).to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// The outermost layer writes the body, because it knows the request's id.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self {
            status: status(refusal.code),
            code: refusal.code.as_str(),
            detail: refusal.message,
            governs: refusal.governs,
            hint: refusal.hint,
            retry_after: None,
        }
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        tracing::error!(error = %error, "a command was not carried out");
        let unavailable = |code, detail| Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail);
        match error {
            SubmitError::Unknown(_) => unavailable(
                "outcome_unknown",
                "It is not known whether this was recorded. Send it again with the same Idempotency-Key.",
            ),
            SubmitError::Restored => unavailable(
                Code::RestoredCopy.as_str(),
                "The ledger is a restored copy: nothing is signed in its name until it is accepted.",
            ),
            SubmitError::Stopped => unavailable("stopping", "The server is stopping."),
            _ => unavailable("not_recorded", "Nothing was recorded. Send it again."),
        }
    }
}

impl From<countersign_store::Error> for Problem {
    fn from(error: countersign_store::Error) -> Self {
        match error {
            countersign_store::Error::Usage(what) => Self::invalid(what),
            countersign_store::Error::Full => {
                Refusal::new(Code::NoSpace, "The server's disk is full.").into()
            }
            countersign_store::Error::Quota => {
                Refusal::new(Code::LimitReached, "The space set aside for this is used up.").into()
            }
            other => Self::internal(other),
        }
    }
}

/// The status of a refusal's code.
const fn status(code: Code) -> StatusCode {
    match code {
        Code::NotFound | Code::UnknownTask => StatusCode::NOT_FOUND,
        Code::SignInFailed => StatusCode::UNAUTHORIZED,
        Code::AlreadyVoted
        | Code::NeededLater
        | Code::StatementChanged
        | Code::AlreadyFinal
        | Code::AlreadyRunning
        | Code::QuorumImpossible
        | Code::PolicyExists
        | Code::AlreadyExists
        | Code::InUse
        | Code::NestingRefused
        | Code::LastPeople
        | Code::NotProtected
        | Code::AlreadyInState => StatusCode::CONFLICT,
        Code::ReasonRequired
        | Code::CommentRequired
        | Code::TicketRequired
        | Code::DurationOutOfRange
        | Code::StartOutOfRange
        | Code::ParameterInvalid
        | Code::PolicyTooWeak
        | Code::DefinitionInvalid
        | Code::InvalidInput
        | Code::IdempotencyMismatch => StatusCode::UNPROCESSABLE_ENTITY,
        Code::RateLimited | Code::LimitReached => StatusCode::TOO_MANY_REQUESTS,
        Code::ClockSuspect | Code::RestoredCopy | Code::RunspaceUnavailable | Code::NoSpace => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        _ => StatusCode::FORBIDDEN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_is_the_callers_affair_or_passes_by_itself() {
        for code in Code::ALL {
            let status = status(*code);
            assert!(status.is_client_error() || status == StatusCode::SERVICE_UNAVAILABLE, "{code}");
        }
    }

    #[test]
    fn what_governs_and_the_next_step_reach_the_caller() {
        let refusal = Refusal::new(Code::AuthorizationRequired, "No.").governed_by("the policy").hint("ask");
        let body = Problem::from(refusal).body("abc");
        assert_eq!(body["status"], 403);
        assert_eq!(body["code"], "authorization_required");
        assert_eq!((&body["governs"], &body["hint"]), (&Json::from("the policy"), &Json::from("ask")));
        assert_eq!(body["request_id"], "abc");
    }
}
