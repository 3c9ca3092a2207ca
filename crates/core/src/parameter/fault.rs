//! What is wrong with a parameter, and where.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// What is wrong. The text form is stable: programs may depend on it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum FaultCode {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl FaultCode {
            /// Every code, for the reference page and for tests.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable text form.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

codes! {
    /// The task has no parameter of this name.
    Unknown = "unknown";
    /// The name was given twice; names differ by more than case.
    Duplicate = "duplicate";
    /// A required parameter is missing.
    Missing = "missing";
    /// Not a value of the parameter's kind.
    Kind = "kind";
    /// Not written in a form that the kind knows.
    Malformed = "malformed";
    /// Shorter, smaller or fewer than allowed.
    TooSmall = "too_small";
    /// Longer, larger or more than allowed.
    TooLarge = "too_large";
    /// Does not match the pattern.
    Pattern = "pattern";
    /// Not one of the choices.
    Choice = "choice";
    /// A control character, NUL included.
    Control = "control_character";
    /// A character that hides, reorders or means nothing fixed.
    Hidden = "hidden_character";
    /// Not in Unicode normalization form C, so that other bytes would look the same.
    NotNormalized = "not_normalized";
    /// Starts with `-` and could be read as an option.
    Dash = "leading_dash";
    /// Parameters of different parameter sets.
    Sets = "sets_mixed";
    /// Given although a condition on another parameter does not hold.
    NotAllowed = "not_allowed";
    /// Must be limited in the request, because approvers must see it.
    MustBeBound = "must_be_bound";
    /// A secret in a place where secrets have none.
    SecretHere = "secret_here";
    /// A limit that makes no sense for this kind.
    Limit = "limit_unfit";
    /// The definition contradicts itself.
    Definition = "definition";
}

impl fmt::Display for FaultCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing that is wrong. The message never repeats the value, which may be sensitive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fault {
    /// What is wrong.
    pub code: FaultCode,
    /// Where: a JSON pointer (RFC 6901) that begins with the parameter's or field's name, such as `/Members/add/3`.
    pub place: String,
    /// The character it starts at, counted from 1, where one is to blame.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at: Option<usize>,
    /// One sentence for people.
    pub message: String,
}

impl Fault {
    /// A fault at a place.
    pub fn new(code: FaultCode, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, place: place.into(), at: None, message: message.into() }
    }

    /// Names the character to blame, counted from 1.
    #[must_use]
    pub const fn at(mut self, character: usize) -> Self {
        self.at = Some(character);
        self
    }

    /// The first step of the place: the parameter's or field's name.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.place.trim_start_matches('/').split('/').next().unwrap_or_default()
    }

    /// The same fault below another place.
    #[must_use]
    pub fn under(mut self, place: &str) -> Self {
        self.place.insert_str(0, place);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.place.trim_start_matches('/'))?;
        if let Some(at) = self.at {
            write!(f, ", character {at}")?;
        }
        write!(f, ": {} ({})", self.message, self.code)
    }
}

impl std::error::Error for Fault {}

/// The first of several faults, for an interface that can carry only one.
pub(super) fn first(faults: Vec<Fault>, place: &str) -> Fault {
    faults
        .into_iter()
        .next()
        .unwrap_or_else(|| Fault::new(FaultCode::Definition, place, "this can't be used"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_codes_are_unique_and_faults_say_where() {
        let codes: std::collections::BTreeSet<_> = FaultCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(codes.len(), FaultCode::ALL.len());
        let fault = Fault::new(FaultCode::Control, "/add/3", "a NUL").at(2).under("/Members");
        assert_eq!(fault.to_string(), "Members/add/3, character 2: a NUL (control_character)");
        assert_eq!(fault.subject(), "Members");
    }
}
