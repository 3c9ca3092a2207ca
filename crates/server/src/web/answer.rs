//! The admin center's files as answers (RFC 9110 sections 8.8, 12.5.3 and 13.1.2; RFC 8246).

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::{File, NONCE};
use crate::problem::{Problem, Result};

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_ANEW: &str = "no-cache";

/// A file: its smallest form that the client takes, or that the client has it already.
pub(crate) fn file(file: &File, headers: &HeaderMap) -> Result<Response> {
    let (body, coding, tag) = file.form(takes_gzip(headers));
    let has_it = headers.get_all(header::IF_NONE_MATCH).iter().any(|known| names(known, &tag));
    let mut response = if has_it {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(body.clone()).into_response()
    };
    let keep = if file.lasts() { FOR_EVER } else { ASK_ANEW };
    let answer = response.headers_mut();
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    answer.insert(header::ETAG, HeaderValue::from_str(&tag).map_err(Problem::internal)?);
    if file.is_compressible() {
        answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    if !has_it {
        answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.media_type()));
        if let Some(coding) = coding {
            answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
    }
    Ok(response)
}

/// The page, with a nonce of its own: nobody who can slip a style into it knows which one counts. It has no entity
/// tag, because a page that was kept and a policy that is new would name two nonces.
pub(crate) fn index(text: &str, seed: [u8; 32]) -> Result<Response> {
    let nonce = STANDARD_NO_PAD.encode(seed.first_chunk::<16>().unwrap_or(&[0; 16]));
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; \
         form-action 'self'"
    );
    let mut response = text.replace(NONCE, &nonce).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(ASK_ANEW));
    headers.insert(
        HeaderName::from_static("content-security-policy"),
        HeaderValue::from_str(&policy).map_err(Problem::internal)?,
    );
    Ok(response)
}

/// Whether gzip is among the content codings that a client names, with a weight other than nought.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let coding = parts.next().unwrap_or_default();
        let never = parts.filter_map(|part| part.strip_prefix("q=")).any(|weight| weight.parse() == Ok(0.0));
        (coding.eq_ignore_ascii_case("gzip") || coding == "*") && !never
    })
}

/// Whether a list of entity tags names this one; weakly compared, as for conditional reading.
fn names(list: &HeaderValue, tag: &str) -> bool {
    let Ok(list) = list.to_str() else { return false };
    list.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_who_takes_it() {
        let takes = |text: &str| {
            takes_gzip(&HeaderMap::from_iter([(
                header::ACCEPT_ENCODING,
                HeaderValue::from_str(text).unwrap(),
            )]))
        };
        for yes in ["gzip", "br, gzip, deflate", "GZIP;q=0.5", "*", "deflate, *;q=0.1"] {
            assert!(takes(yes), "{yes}");
        }
        for no in ["", "br", "gzip;q=0", "gzip; q=0.000", "gzipped", "identity"] {
            assert!(!takes(no), "{no}");
        }
    }

    #[test]
    fn entity_tags_are_compared_weakly() {
        let names = |text: &str| names(&HeaderValue::from_str(text).unwrap(), "\"abc\"");
        assert!(names("\"abc\"") && names("W/\"abc\"") && names("\"x\", \"abc\"") && names("*"));
        assert!(!names("\"ab\"") && !names("abc") && !names("\"abc-gzip\""));
    }
}
