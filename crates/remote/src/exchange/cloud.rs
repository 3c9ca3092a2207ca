//! The clouds of Exchange Online and the hosts of each. A bearer token goes to no other host.

use serde::Deserialize;

/// Where a tenant lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cloud {
    /// Also GCC.
    #[default]
    Worldwide,
    GccHigh,
    Dod,
    /// Operated by 21Vianet.
    China,
}

impl Cloud {
    /// The host that cmdlets are first sent to, and the audience of tokens.
    pub(super) const fn exchange(self) -> &'static str {
        match self {
            Self::Worldwide => "outlook.office365.com",
            Self::GccHigh => "outlook.office365.us",
            Self::Dod => "outlook-dod.office365.us",
            Self::China => "outlook.office365.cn",
        }
    }

    /// The host that gives tokens.
    pub(super) const fn authority(self) -> &'static str {
        match self {
            Self::Worldwide => "login.microsoftonline.com",
            Self::GccHigh | Self::Dod => "login.microsoftonline.us",
            Self::China => "login.partner.microsoftonline.cn",
        }
    }
}

/// A host that the tenant may be served by: the name itself, or one below it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct HostSuffix(String);

impl TryFrom<String> for HostSuffix {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let label = |label: &str| {
            !label.is_empty()
                && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        // One label would allow a whole top-level domain.
        let good = text.len() <= 253 && text.split('.').count() >= 2 && text.split('.').all(label);
        if good { Ok(Self(text)) } else { Err(format!("{text} is no host, such as outlook.office365.com")) }
    }
}

impl HostSuffix {
    pub(super) fn of(cloud: Cloud) -> Self {
        Self(cloud.exchange().to_owned())
    }

    pub(super) fn allows(&self, host: &str) -> bool {
        host.strip_suffix(self.0.as_str()).is_some_and(|below| {
            below.is_empty() || (below.ends_with('.') && below.len() > 1 && !below.starts_with('.'))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s1_only_the_host_itself_and_what_is_below_it_is_allowed() {
        let suffix = HostSuffix::of(Cloud::Worldwide);
        for good in ["outlook.office365.com", "eurprd01.outlook.office365.com", "a.b.outlook.office365.com"] {
            assert!(suffix.allows(good), "{good}");
        }
        for bad in [
            "evil-outlook.office365.com",
            "outlook.office365.com.evil.example",
            "office365.com",
            ".outlook.office365.com",
            "outlook.office365.com.",
            "",
            "outlook.office365.com@evil.example",
        ] {
            assert!(!suffix.allows(bad), "{bad}");
        }
        for bad in ["com", "", "Outlook.office365.com", "a b.com", ".com", "*.office365.com", "x..y"] {
            assert!(HostSuffix::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
