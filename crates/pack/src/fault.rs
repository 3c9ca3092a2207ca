//! What is wrong with a pack, and where.

use std::fmt;

use serde::Serialize;

/// What is wrong. The text form is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FaultCode {
    /// A file or directory can't be read, or is too large, or too many.
    Unreadable,
    /// Not TOML, or a key given twice.
    Syntax,
    /// A field that does not exist here.
    UnknownField,
    /// A field that must be there.
    MissingField,
    /// A value of another type, or not in its form.
    Value,
    /// A name that is used twice.
    Duplicate,
    /// A name that refers to nothing.
    Reference,
    /// The definition contradicts itself or its bounds.
    Definition,
    /// The runspace could not execute it, or only as arbitrary code.
    Execution,
    /// An example would send something else than it says.
    Example,
}

impl FaultCode {
    /// The stable text form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Syntax => "syntax",
            Self::UnknownField => "unknown_field",
            Self::MissingField => "missing_field",
            Self::Value => "value",
            Self::Duplicate => "duplicate",
            Self::Reference => "reference",
            Self::Definition => "definition",
            Self::Execution => "execution",
            Self::Example => "example",
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fault {
    /// The file, relative to the pack.
    pub file: String,
    /// Its line, counted from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// The character of the line, counted from 1; 0 where the file as a whole is meant.
    pub column: usize,
    /// What is wrong.
    pub code: FaultCode,
    /// One sentence for people.
    pub message: String,
    /// What was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        write!(f, ": {} ({})", self.message, self.code.as_str())?;
        match &self.hint {
            Some(hint) => write!(f, "\n  hint: {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Fault {}
