//! Mail addresses and user principal names: one form for each, so that two people can't have names
//! that read the same.

mod script;
mod skeleton;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_normalization::UnicodeNormalization;

use script::mixes_scripts;

/// Bytes of the whole (RFC 5321 section 4.5.3.1.3, less the angle brackets) and of its parts.
const MAX: usize = 254;
const MAX_LOCAL: usize = 64;
const MAX_LABEL: usize = 63;

/// A user principal name or mail address, `ana.ruiz@contoso.example`: NFKC and lower case, letters
/// of one script per part, no quoting, no comments, no address literals.
///
/// Confusable names: within the local part and within each label of the domain, letters of Latin,
/// Greek, Cyrillic, Armenian and Cherokee can't be mixed (after UTS 39, "Single Script"), and hidden characters
/// are refused. A name wholly in another script may still look like a Latin one (`сосо`):
/// compare [`Upn::skeleton`]s when an account is made.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Upn {
    text: String,
    at: usize,
}

/// Why a text is not accepted, with the place of the fault in characters, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UpnFault {
    #[error("an address needs exactly one @ with something on both sides")]
    Shape,
    #[error("an address has at most {MAX} bytes, {MAX_LOCAL} before the @ and {MAX_LABEL} between dots")]
    TooLong,
    #[error("a control, bidirectional or invisible character at position {0}")]
    Hidden(usize),
    #[error("a character that is not allowed at position {0}")]
    Letter(usize),
    #[error("a part is empty, or starts or ends with a sign that must stand inside")]
    Part,
    #[error("letters of several scripts are mixed in one part")]
    MixedScripts,
}

impl Upn {
    /// Reads and normalizes.
    ///
    /// # Errors
    /// [`UpnFault`].
    pub fn parse(text: &str) -> Result<Self, UpnFault> {
        if text.len() > 4 * MAX {
            return Err(UpnFault::TooLong);
        }
        if let Some(at) = text.chars().position(countersign_text::is_hidden) {
            return Err(UpnFault::Hidden(at + 1));
        }
        // Lower-casing can undo the normal form and the reverse, so it is done twice.
        let once: String = text.nfkc().flat_map(char::to_lowercase).collect();
        let text: String = once.nfkc().flat_map(char::to_lowercase).nfkc().collect();
        if text.len() > MAX {
            return Err(UpnFault::TooLong);
        }
        if let Some(at) = text.chars().position(|c| !allowed(c)) {
            return Err(UpnFault::Letter(at + 1));
        }
        let (local, domain) = text.split_once('@').ok_or(UpnFault::Shape)?;
        if local.is_empty() || domain.is_empty() || domain.contains('@') {
            return Err(UpnFault::Shape);
        }
        check_local(local)?;
        check_domain(domain, text.chars().count() - domain.chars().count())?;
        let at = local.len();
        Ok(Self { text, at })
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub fn local(&self) -> &str {
        self.text.get(..self.at).unwrap_or_default()
    }

    #[must_use]
    pub fn domain(&self) -> &str {
        self.text.get(self.at + 1..).unwrap_or_default()
    }

    /// What the name looks like: two different names with equal skeletons can be taken for one
    /// another (a small part of UTS 39: what resembles Latin letters and digits).
    #[must_use]
    pub fn skeleton(&self) -> String {
        skeleton::of(&self.text)
    }
}

fn check_local(local: &str) -> Result<(), UpnFault> {
    if local.len() > MAX_LOCAL {
        return Err(UpnFault::TooLong);
    }
    if local.split('.').any(str::is_empty) {
        return Err(UpnFault::Part);
    }
    if mixes_scripts(local) { Err(UpnFault::MixedScripts) } else { Ok(()) }
}

fn check_domain(domain: &str, offset: usize) -> Result<(), UpnFault> {
    if let Some(at) = domain.chars().position(|c| !(is_letter(c) || matches!(c, '-' | '.'))) {
        return Err(UpnFault::Letter(offset + at + 1));
    }
    for label in domain.split('.') {
        if label.is_empty() || label.starts_with('-') || label.ends_with('-') {
            return Err(UpnFault::Part);
        }
        if label.len() > MAX_LABEL {
            return Err(UpnFault::TooLong);
        }
        if mixes_scripts(label) {
            return Err(UpnFault::MixedScripts);
        }
    }
    Ok(())
}

/// The signs of RFC 5322 `atext` but for those that shells, URLs and templates read (`` ` `` `{` `|`
/// `}` `$` `%` `?` `#` `&` `*` `!` `/` `^` `=` `~`): real addresses do without, and links with them mislead.
fn allowed(c: char) -> bool {
    is_letter(c) || matches!(c, '@' | '.' | '-' | '_' | '+' | '\'')
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

impl FromStr for Upn {
    type Err = UpnFault;

    fn from_str(text: &str) -> Result<Self, UpnFault> {
        Self::parse(text)
    }
}

impl fmt::Display for Upn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Upn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Upn({})", self.text)
    }
}

impl Serialize for Upn {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Upn {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accepted_and_normalized() {
        for (given, kept) in [
            ("Ana.Ruiz@Contoso.Example", "ana.ruiz@contoso.example"),
            ("ａna＠contoso.example", "ana@contoso.example"),
            ("o'brien+x_y-z@a-b.example", "o'brien+x_y-z@a-b.example"),
            ("JOSE\u{301}@exa\u{fb01}.example", "josé@exafi.example"),
            ("анна@пример.example", "анна@пример.example"),
            ("root@localhost", "root@localhost"),
        ] {
            assert_eq!(Upn::parse(given).map(|upn| upn.to_string()), Ok(kept.to_owned()), "{given}");
        }
        let upn = Upn::parse("a.b@c.example").unwrap();
        assert_eq!((upn.local(), upn.domain()), ("a.b", "c.example"));
    }

    #[test]
    fn refused_with_the_place() {
        let long = format!("{}@x.example", "a".repeat(65));
        let huge = "a".repeat(100_000);
        for (given, fault) in [
            ("", UpnFault::Shape),
            ("ana", UpnFault::Shape),
            ("@x", UpnFault::Shape),
            ("a@", UpnFault::Shape),
            ("a@b@c", UpnFault::Shape),
            ("a\r\nBcc:x@y", UpnFault::Hidden(2)),
            ("a\u{202e}b@c", UpnFault::Hidden(2)),
            ("ad\u{200b}min@c", UpnFault::Hidden(3)),
            ("ana ruiz@c", UpnFault::Letter(4)),
            ("<ana@c>", UpnFault::Letter(1)),
            ("\"ana\"@c", UpnFault::Letter(1)),
            ("a{{7*7}}@c", UpnFault::Letter(2)),
            ("a@b_c.example", UpnFault::Letter(4)),
            ("a@[127.0.0.1]", UpnFault::Letter(3)),
            (".a@c", UpnFault::Part),
            ("a..b@c", UpnFault::Part),
            ("a@c.", UpnFault::Part),
            ("a@-c.example", UpnFault::Part),
            ("p\u{430}ypal@c.example", UpnFault::MixedScripts),
            ("a@contos\u{3bf}.example", UpnFault::MixedScripts),
            (&long, UpnFault::TooLong),
            (&huge, UpnFault::TooLong),
        ] {
            assert_eq!(Upn::parse(given), Err(fault), "{given:?}");
        }
    }

    #[test]
    fn skeletons_show_look_alikes() {
        let skeleton = |text| Upn::parse(text).unwrap().skeleton();
        assert_eq!(skeleton("сосо@x.example"), skeleton("coco@x.example"));
        assert_eq!(skeleton("adm1n@x.example"), skeleton("admin@x.example"));
        assert_ne!(skeleton("ana@x.example"), skeleton("ann@x.example"));
    }

    proptest! {
        #[test]
        fn parsing_is_stable(text in "\\PC{1,12}@\\PC{1,12}") {
            if let Ok(upn) = Upn::parse(&text) {
                prop_assert_eq!(Upn::parse(upn.as_str()), Ok(upn.clone()));
            }
        }
    }
}
