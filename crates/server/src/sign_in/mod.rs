//! Signing in: a name and a password, then a second factor. Answers don't tell which of them was wrong.

pub(crate) mod check;
pub(crate) mod code;
pub(crate) mod credential;
pub(crate) mod failures;
pub(crate) mod familiar;
pub(crate) mod session;

use axum::http::StatusCode;

use crate::problem::Problem;

/// The one answer to everything that does not fit.
pub(crate) fn failed() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "sign_in_failed",
        "The name and password, or the code, are not right.",
    )
}
