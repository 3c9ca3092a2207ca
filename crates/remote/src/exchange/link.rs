//! Where a redirect or the next page leads, as far as it may be followed.

use super::target::ExchangeTarget;

/// A place that a token may be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) host: String,
    /// Path and query.
    pub(super) path: String,
}

/// Reads `https://host/adminapi/…`, or a path on `from`. `None`: a host that is not allowed, or nothing that this service
/// would say.
pub(super) fn place(target: &ExchangeTarget, from: &str, link: &str) -> Option<Place> {
    let (host, path) = if link.starts_with('/') && !link.starts_with("//") {
        (from.to_owned(), link)
    } else {
        let rest = link.strip_prefix("https://")?;
        let (authority, path) = rest.split_at_checked(rest.find('/')?)?;
        let host = match authority.rsplit_once(':') {
            // The port that Exchange's own back ends have among themselves.
            Some((host, "443" | "446")) => host,
            Some(_) => return None,
            None => authority,
        };
        (host.to_ascii_lowercase(), path)
    };
    let plain = path.bytes().all(|b| b.is_ascii_graphic()) && !path.contains(['#', '\\']);
    let inside = path.starts_with("/adminapi/") && !path.contains("/../");
    (target.allows_host(&host) && plain && inside).then(|| Place { host, path: path.to_owned() })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn s1_no_link_leads_to_a_host_that_is_not_allowed() {
        let target: ExchangeTarget = serde_json::from_value(json!({
            "tenant": "6f9619ff-8b86-d011-b42d-00c04fc964ff", "cmdlets": [], "sign_in": {"virtual_machine": {}}
        }))
        .expect("target");
        let read = |link: &str| place(&target, "outlook.office365.com", link).map(|place| place.host);
        let here = Some("outlook.office365.com".to_owned());
        let region = Some("eur01.outlook.office365.com".to_owned());
        assert_eq!(read("https://outlook.office365.com/adminapi/beta/x/InvokeCommand"), here);
        assert_eq!(
            read("https://eur01.Outlook.office365.com:446/adminapi/beta/x/InvokeCommand?$a=b"),
            region
        );
        assert_eq!(read("/adminapi/beta/x"), here);
        for bad in [
            "https://evil.example/adminapi/beta/x",
            "https://outlook.office365.com.evil.example/adminapi/",
            "https://outlook.office365.com@evil.example/adminapi/",
            "https://evil.example\\@outlook.office365.com/adminapi/",
            "https://evil.example#.outlook.office365.com/adminapi/",
            "https://evil.example?.outlook.office365.com/adminapi/",
            "https://outlook.office365.com:8443/adminapi/",
            "http://outlook.office365.com/adminapi/",
            "//evil.example/adminapi/",
            "/owa/",
            "/adminapi/../owa/",
            "https://outlook.office365.com/adminapi/a b",
            "https://outlook.office365.com/adminapi/a\r\nHost: evil",
            "https://outlook.office365.com",
            "",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
