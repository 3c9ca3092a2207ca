//! Where an answer may send us: to origins that the host file lists, by a method that changes nothing.

use countersign_runspace::Refusal;
use countersign_runspace::definition::Method;
use hyper::Response;
use hyper::header::LOCATION;
use url::Url;

use super::client::Origin;
use super::target::HttpTarget;

/// An answer may send us on this often.
pub(super) const MOST: usize = 5;

/// Where a followed redirect leads. Credentials go to the service itself only.
#[derive(Debug)]
pub(super) struct Next {
    pub(super) url: Url,
    pub(super) origin: Origin,
    pub(super) is_ours: bool,
}

/// `None`: the answer is an ordinary one, to be judged by its status.
pub(super) fn next<B>(
    target: &HttpTarget,
    method: Method,
    from: &Url,
    answer: &Response<B>,
) -> Option<Result<Next, Refusal>> {
    let sends_on = matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    if !sends_on || !method.is_safe() || target.redirects.is_empty() {
        return None;
    }
    let place = answer.headers().get(LOCATION)?;
    Some(judge(target, from, place.to_str().unwrap_or_default()))
}

fn judge(target: &HttpTarget, from: &Url, place: &str) -> Result<Next, Refusal> {
    let refused = |message: String| Refusal::new("redirect_not_allowed", message);
    let mut url =
        from.join(place).map_err(|_| refused("the answer leads to something that is no URL".to_owned()))?;
    url.set_fragment(None);
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("the answer leads to a URL with an account in it".to_owned()));
    }
    let origin = Origin::of(&url).ok_or_else(|| refused(format!("the answer leads to {}:", url.scheme())))?;
    let listed =
        target.redirects.iter().filter_map(|listed| Origin::of(&listed.0)).any(|listed| listed == origin);
    if !listed {
        return Err(refused(format!(
            "the answer leads to {}, which the host file does not list",
            origin.authority()
        )));
    }
    let is_ours = Origin::of(&target.url.0).as_ref() == Some(&origin);
    let below = url.path().strip_prefix(target.url.path());
    if is_ours && !below.is_some_and(|path| target.allows(path)) {
        return Err(refused("the answer leads to a path that the host file does not allow".to_owned()));
    }
    Ok(Next { url, origin, is_ours })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn i1_an_answer_leads_where_the_host_file_says_and_nowhere_else() {
        let target: HttpTarget = serde_json::from_value(json!({
            "url": "https://api.example/v1", "paths": ["/users"],
            "redirects": ["https://api.example", "https://files.example:8443"]
        }))
        .expect("target");
        let from = Url::parse("https://api.example/v1/users/a").expect("URL");
        let led = |place: &str| judge(&target, &from, place).map(|next| (next.url.to_string(), next.is_ours));
        for (place, url, ours) in [
            ("b", "https://api.example/v1/users/b", true),
            ("/v1/users/../users/c?d#e", "https://api.example/v1/users/c?d", true),
            ("https://files.example:8443/any", "https://files.example:8443/any", false),
            ("//files.example:8443/x", "https://files.example:8443/x", false),
        ] {
            assert_eq!(led(place).expect(place), (url.to_owned(), ours));
        }
        for place in [
            "/v1/admin",
            "/v2/users",
            "/users",
            "../admin",
            "/v1/users/%2e%2e/admin",
            "http://api.example/v1/users",
            "https://files.example/any",
            "https://api.example.evil.example/v1/users",
            "https://evil.example/",
            "https://api.example@evil.example/v1/users",
            "https://u:p@api.example/v1/users",
            "file:///etc/passwd",
            "https://api.example:444/v1/users",
            "\\\\evil.example\\x",
            "http://169.254.169.254/",
            "javascript:x",
            "https://",
        ] {
            assert_eq!(
                led(place).map_err(|refusal| refusal.code),
                Err("redirect_not_allowed".to_owned()),
                "{place}"
            );
        }
    }
}
