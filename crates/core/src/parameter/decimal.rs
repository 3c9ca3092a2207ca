//! Decimal numbers as text: never floating point.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Digits after the point that are kept at most.
const SCALE: usize = 18;
/// One, in units of 10^-18.
const ONE: i128 = 1_000_000_000_000_000_000;

/// A decimal number with at most 18 digits before and 18 after the point, written without exponent, sign `+`, or
/// superfluous zeros: `-12.5`, `0.001`, `7`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal(i128);

/// Text that is not a decimal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a decimal number such as -12.5 with at most 18 digits before and 18 after the point")]
pub struct DecimalError;

impl Decimal {
    /// The smallest.
    pub const MIN: Self = Self(1 - ONE * ONE);
    /// The largest.
    pub const MAX: Self = Self(ONE * ONE - 1);

    /// How many digits stand after the point.
    #[must_use]
    pub fn scale(self) -> u8 {
        let mut rest = (self.0 % ONE).unsigned_abs();
        let mut scale = if rest == 0 { 0 } else { 18 };
        while rest != 0 && rest.is_multiple_of(10) {
            rest /= 10;
            scale -= 1;
        }
        scale
    }

    /// Whether it is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Its place on the grid of 10^-18.
    pub(super) const fn units(self) -> i128 {
        self.0
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    /// Reads `-12.50` as well as its canonical form `-12.5`.
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let count = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then_some(text.len());
        let (Some(1..=SCALE), Some(places @ 1..=SCALE)) = (count(whole), count(part)) else {
            return Err(DecimalError);
        };
        let number = |text: &str| text.parse::<i128>().map_err(|_| DecimalError);
        let lift = 10_i128.pow(u32::try_from(SCALE - places).map_err(|_| DecimalError)?);
        let units = number(whole)? * ONE + number(part)? * lift;
        Ok(Self(if negative { -units } else { units }))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = self.0.unsigned_abs();
        let one = ONE.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}", units / one)?;
        let part = format!("{:018}", units % one);
        match part.trim_end_matches('0') {
            "" => Ok(()),
            digits => write!(f, ".{digits}"),
        }
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_decimals_have_one_form() {
        for (text, canonical) in [
            ("0", "0"),
            ("-0", "0"),
            ("-0.0", "0"),
            ("007", "7"),
            ("1.50", "1.5"),
            ("-12.5", "-12.5"),
            ("0.000000000000000001", "0.000000000000000001"),
            ("999999999999999999.999999999999999999", "999999999999999999.999999999999999999"),
        ] {
            assert_eq!(text.parse::<Decimal>().unwrap().to_string(), canonical, "{text}");
        }
        for bad in
            ["", "-", ".", "1.", ".5", "+1", "1e3", "1,5", " 1", "1 ", "NaN", "٣", "--1", "1.2.3", "1.-2"]
        {
            assert!(bad.parse::<Decimal>().is_err(), "{bad:?}");
        }
        assert!("1".repeat(19).parse::<Decimal>().is_err());
        assert!(format!("0.{}", "1".repeat(19)).parse::<Decimal>().is_err());
    }

    #[test]
    fn parameters_decimals_compare_as_numbers() {
        let read = |text: &str| text.parse::<Decimal>().unwrap();
        assert!(read("9") < read("10"));
        assert!(read("-2") < read("-1.5"));
        assert!(Decimal::MIN < read("-1") && read("1") < Decimal::MAX);
        assert_eq!(read("1.50").scale(), 1);
        assert_eq!(read("-0.05").scale(), 2);
        assert_eq!(read("100").scale(), 0);
    }
}
