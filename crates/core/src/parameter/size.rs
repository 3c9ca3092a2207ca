//! Sizes in bytes, or Unlimited.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::MAX_INTEGER;

/// A size. JSON: a number of bytes, or the string `Unlimited`. Read from text also with a unit of 1,024 each step:
/// `10 MB`, `1.5GB`, as Exchange's `ByteQuantifiedSize` takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    /// So many bytes, at most 2^53 − 1.
    Bytes(u64),
    /// No limit; larger than every number of bytes.
    Unlimited,
}

/// Text that is not a size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a size such as `10 MB`, a number of bytes, or `Unlimited`")]
pub struct SizeError;

const MAX: u64 = MAX_INTEGER.unsigned_abs();
const UNITS: [(&str, u64); 5] =
    [("TB", 1 << 40), ("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10), ("B", 1)];

impl Size {
    /// A number of bytes; refused past 2^53 − 1.
    ///
    /// # Errors
    /// If it is too large.
    pub const fn bytes(bytes: u64) -> Result<Self, SizeError> {
        if bytes > MAX { Err(SizeError) } else { Ok(Self::Bytes(bytes)) }
    }

    /// Its place among all sizes; `Unlimited` follows the largest number.
    pub(super) const fn rank(self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Unlimited => MAX + 1,
        }
    }
}

impl FromStr for Size {
    type Err = SizeError;

    fn from_str(text: &str) -> Result<Self, SizeError> {
        if text.eq_ignore_ascii_case("unlimited") {
            return Ok(Self::Unlimited);
        }
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at_checked(end).ok_or(SizeError)?;
        let unit = unit.strip_prefix(' ').unwrap_or(unit);
        let factor = match unit {
            "" if number.contains('.') => return Err(SizeError),
            "" => 1,
            unit => UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit)).ok_or(SizeError)?.1,
        };
        // A fraction must come out as whole bytes: nothing is rounded behind the approver's back.
        let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
        if whole.is_empty() || part.is_empty() || whole.len() > 16 || part.len() > 15 {
            return Err(SizeError);
        }
        let read = |text: &str| text.parse::<u128>().map_err(|_| SizeError);
        let scale = 10_u128.pow(u32::try_from(part.len()).map_err(|_| SizeError)?);
        let scaled = (read(whole)? * scale + read(part)?) * u128::from(factor);
        if scaled % scale != 0 {
            return Err(SizeError);
        }
        Self::bytes(u64::try_from(scaled / scale).map_err(|_| SizeError)?)
    }
}

/// `10 MB`, or the bytes where no unit divides them.
impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Bytes(bytes) = *self else { return f.write_str("Unlimited") };
        let fits = UNITS.iter().find(|(_, factor)| bytes != 0 && bytes % factor == 0);
        let (unit, factor) = fits.copied().unwrap_or(("B", 1));
        write!(f, "{} {unit}", bytes / factor)
    }
}

impl Serialize for Size {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bytes(bytes) => serializer.serialize_u64(*bytes),
            Self::Unlimited => serializer.serialize_str("Unlimited"),
        }
    }
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Size;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of bytes or a size such as `10 MB` or `Unlimited`")
            }
            fn visit_u64<E: de::Error>(self, bytes: u64) -> Result<Size, E> {
                Size::bytes(bytes).map_err(E::custom)
            }
            fn visit_i64<E: de::Error>(self, bytes: i64) -> Result<Size, E> {
                u64::try_from(bytes).map_err(|_| E::custom(SizeError)).and_then(|bytes| self.visit_u64(bytes))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Size, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_sizes_have_one_form() {
        for (text, bytes, shown) in [
            ("10 MB", 10 << 20, "10 MB"),
            ("10mb", 10 << 20, "10 MB"),
            ("1.5 GB", 3 << 29, "1536 MB"),
            ("1024", 1024, "1 KB"),
            ("0", 0, "0 B"),
            ("1000 B", 1000, "1000 B"),
            ("2TB", 2 << 40, "2 TB"),
        ] {
            let size: Size = text.parse().unwrap();
            assert_eq!((size, size.to_string().as_str()), (Size::Bytes(bytes), shown), "{text}");
            assert_eq!(shown.parse(), Ok(size), "what is shown reads back");
        }
        assert_eq!("UNLIMITED".parse(), Ok(Size::Unlimited));
        assert!(Size::Bytes(MAX) < Size::Unlimited && Size::Bytes(MAX).rank() < Size::Unlimited.rank());
        for bad in [
            "",
            "-1",
            "1.5",
            "0.3 B",
            "10  MB",
            "10 XB",
            "MB",
            ".5 GB",
            "9007199254740992",
            "99999 TB",
            "1 000",
        ] {
            assert!(bad.parse::<Size>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn parameters_sizes_are_bytes_or_unlimited_in_json() {
        let read = |json: &str| serde_json::from_str::<Size>(json).ok();
        assert_eq!(read("\"1 KB\""), Some(Size::Bytes(1024)));
        assert_eq!(read("1024"), Some(Size::Bytes(1024)));
        assert_eq!(serde_json::to_string(&Size::Unlimited).unwrap(), "\"Unlimited\"");
        assert_eq!((read("-1"), read("1.0"), read("true")), (None, None, None));
    }
}
