//! A service in the host file.

use std::collections::BTreeSet;
use std::path::PathBuf;

use countersign_runspace::TargetName;
use countersign_runspace::definition::Method;
use countersign_runspace::request::may_set;
use serde::Deserialize;
use url::Url;

use super::address::Network;

/// `[http.NAME]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpTarget {
    /// Where it is; a definition's path goes behind this one's.
    pub url: BaseUrl,
    /// Certificates of the authority, in PEM; absent: those that the system trusts.
    #[serde(default)]
    pub ca: Option<PathBuf>,
    /// A name in `[credentials]`: a certificate with its chain and its key, in PEM.
    #[serde(default)]
    pub client_certificate: Option<TargetName>,
    /// Addresses that are open beside public ones.
    #[serde(default)]
    pub addresses: Vec<Network>,
    /// What tasks may do there.
    #[serde(default = "reading")]
    pub methods: BTreeSet<Method>,
    /// Beginnings of paths, by whole segments, behind the path of `url`; empty: any.
    #[serde(default)]
    pub paths: Vec<String>,
    /// Where an answer to a GET or HEAD may send us. Empty: nowhere, not even to the service itself.
    #[serde(default)]
    pub redirects: Vec<BaseUrl>,
    #[serde(default)]
    pub auth: Option<Auth>,
    /// The header that names the person.
    #[serde(default)]
    pub on_behalf_of: HeaderName,
    /// Milliseconds that a request may take at most, whatever a task says.
    #[serde(default = "day")]
    pub max_run_time_ms: u64,
}

/// How we say who we are. Credentials are names in `[credentials]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Auth {
    /// RFC 6750, in the header `Authorization`.
    Bearer(TargetName),
    /// RFC 7617.
    Basic { user: String, password: TargetName },
    /// A header of the service's own.
    Header { name: HeaderName, value: TargetName },
    /// A token for client credentials (RFC 6749, section 4.4).
    Oauth(Oauth),
}

impl Auth {
    pub(super) const fn credential(&self) -> &TargetName {
        match self {
            Self::Bearer(name) | Self::Basic { password: name, .. } | Self::Header { value: name, .. } => {
                name
            }
            Self::Oauth(oauth) => &oauth.client_secret,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oauth {
    pub token_url: BaseUrl,
    pub client_id: String,
    pub client_secret: TargetName,
    #[serde(default)]
    pub scope: Option<String>,
    #[serde(default)]
    pub audience: Option<String>,
    /// Certificates of the token endpoint's authority; absent: as for the service.
    #[serde(default)]
    pub ca: Option<PathBuf>,
    #[serde(default)]
    pub secret_in: SecretIn,
}

/// Where the client's secret stands in a request for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretIn {
    /// `client_secret_basic`, which every server has to take.
    #[default]
    Header,
    /// `client_secret_post`.
    Body,
}

/// `https://api.contoso.example/v2`: no account, query or fragment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct BaseUrl(pub(crate) Url);

impl TryFrom<String> for BaseUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let url = Url::parse(&text).map_err(|error| format!("`{text}`: {error}"))?;
        let plain = url.username().is_empty() && url.password().is_none();
        let bare = url.query().is_none() && url.fragment().is_none();
        if !matches!(url.scheme(), "https" | "http") || url.host().is_none() || !plain || !bare {
            return Err(format!("`{text}` is not of the form https://host:port/path"));
        }
        Ok(Self(url))
    }
}

impl BaseUrl {
    /// Its path without a slash at the end.
    pub(crate) fn path(&self) -> &str {
        self.0.path().trim_end_matches('/')
    }
}

/// A header that neither a message's form nor a task depends on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct HeaderName(String);

impl HeaderName {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for HeaderName {
    fn default() -> Self {
        Self("countersign-on-behalf-of".to_owned())
    }
}

impl TryFrom<String> for HeaderName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let own = text.eq_ignore_ascii_case(EXECUTION);
        match may_set(&text) && !own {
            true => Ok(Self(text.to_ascii_lowercase())),
            false => Err(format!("`{text}` is not a header that can be used for this")),
        }
    }
}

/// The header that names the execution.
pub(super) const EXECUTION: &str = "countersign-execution";

impl HttpTarget {
    /// The credentials it uses.
    pub fn credentials(&self) -> impl Iterator<Item = &TargetName> {
        self.client_certificate.iter().chain(self.auth.as_ref().map(Auth::credential))
    }

    /// Whether a task may ask for this path, encoded and behind that of `url`.
    pub(super) fn allows(&self, path: &str) -> bool {
        let path = path.split('?').next().unwrap_or_default();
        let below = |beginning: &String| {
            let rest = path.strip_prefix(beginning.trim_end_matches('/'));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.paths.is_empty() || self.paths.iter().any(below)
    }

    /// Headers that no task may set there.
    pub(super) fn keeps(&self, header: &str) -> bool {
        let own = match &self.auth {
            Some(Auth::Header { name, .. }) => name.as_str() == header,
            _ => false,
        };
        own || header == EXECUTION || header == self.on_behalf_of.as_str()
    }
}

fn reading() -> BTreeSet<Method> {
    [Method::Get, Method::Head].into()
}

const fn day() -> u64 {
    24 * 60 * 60 * 1000
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_service_is_an_origin_and_a_path() {
        for bad in
            ["api", "ftp://x", "https://u@x/", "https://u:p@x/", "https://x/?a", "https://x/#a", "unix:/x"]
        {
            assert!(BaseUrl::try_from(bad.to_owned()).is_err(), "{bad}");
        }
        assert_eq!(BaseUrl::try_from("https://x/v2/".to_owned()).expect("URL").path(), "/v2");
        for bad in ["Host", "authorization", "Countersign-Execution", "a b", ""] {
            assert!(HeaderName::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_listed_paths_are_open_by_whole_segments() {
        let target = |paths: serde_json::Value| -> HttpTarget {
            serde_json::from_value(json!({"url": "https://x", "paths": paths})).expect("target")
        };
        let some = target(json!(["/apis/apps/", "/version"]));
        for (path, open) in [
            ("/apis/apps", true),
            ("/apis/apps/v1?x=/other", true),
            ("/version?x", true),
            ("/apis/appsx", false),
            ("/api", false),
            ("/versions", false),
            ("/", false),
        ] {
            assert_eq!(some.allows(path), open, "{path}");
        }
        assert!(target(json!([])).allows("/any"));
    }
}
