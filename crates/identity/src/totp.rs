//! Time-based one-time passwords, RFC 6238: HMAC-SHA-1, six digits, steps of 30 seconds, which is
//! what every authenticator app supports.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{UnixMicros, base32, keyed};

const STEP: i64 = 30 * crate::SECOND;
const DIGITS: usize = 6;
/// Steps before and after now that are accepted (RFC 6238 section 5.2 advises at most one).
const DRIFT: u64 = 1;

/// The secret shared with the authenticator app: 20 bytes, the length RFC 4226 recommends.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Secret([u8; 20]);

/// The number of a 30-second step since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Step(pub u64);

/// Why a code is refused. To the person all of them are "wrong code".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeRefused {
    #[error("not six digits")]
    Malformed,
    #[error("wrong code")]
    Wrong,
    #[error("this code, or a later one, was already used")]
    Reused,
}

/// Judges a code. `last` is the step of the last accepted code: that one and all before it are
/// refused, so that a code works once. The caller stores the returned step before it goes on.
///
/// # Errors
/// [`CodeRefused`], also for an instant before 1970.
pub fn verify(secret: &Secret, code: &str, now: UnixMicros, last: Option<Step>) -> Result<Step, CodeRefused> {
    let code = normalize(code).ok_or(CodeRefused::Malformed)?;
    let current = u64::try_from(now.div_euclid(STEP)).map_err(|_| CodeRefused::Wrong)?;
    let mut found = None;
    // All steps are computed whatever matches, so that the time taken tells nothing.
    for step in current.saturating_sub(DRIFT)..=current.saturating_add(DRIFT) {
        if keyed::same(&secret.code(Step(step)), &code) {
            found = found.max(Some(Step(step)));
        }
    }
    match (found, last) {
        (None, _) => Err(CodeRefused::Wrong),
        (Some(step), Some(last)) if step <= last => Err(CodeRefused::Reused),
        (Some(step), _) => Ok(step),
    }
}

impl Secret {
    #[must_use]
    pub const fn from_entropy(bytes: [u8; 20]) -> Self {
        Self(bytes)
    }

    /// As stored (a *secret* table).
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// For typing into an app: 32 letters.
    #[must_use]
    pub fn to_base32(&self) -> String {
        base32::encode(&self.0, base32::RFC4648)
    }

    /// For the QR code: `otpauth://totp/ISSUER:ACCOUNT?secret=…&issuer=…&algorithm=SHA1&digits=6&period=30`.
    /// Source: the Key Uri Format of Google Authenticator's wiki.
    #[must_use]
    pub fn otpauth_uri(&self, issuer: &str, account: &str) -> String {
        // A colon separates the two parts of the label, so neither may hold one, even encoded.
        let (issuer, account) = (encode(&issuer.replace(':', " ")), encode(&account.replace(':', " ")));
        let secret = self.to_base32();
        format!(
            "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30"
        )
    }

    /// The six digits of one step, as ASCII.
    #[must_use]
    pub fn code(&self, step: Step) -> [u8; DIGITS] {
        let mut digits = [b'0'; DIGITS];
        let mut value = self.truncated(step);
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + u8::try_from(value % 10).unwrap_or(0);
            value /= 10;
        }
        digits
    }

    /// The dynamic truncation of RFC 4226 section 5.3.
    fn truncated(&self, step: Step) -> u32 {
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(&self.0) else { return 0 };
        mac.update(&step.0.to_be_bytes());
        let hash: [u8; 20] = mac.finalize().into_bytes().into();
        let at = usize::from(hash.last().unwrap_or(&0) & 0xF);
        let four = hash.get(at..at + 4).and_then(|four| four.try_into().ok()).unwrap_or([0; 4]);
        u32::from_be_bytes(four) & 0x7FFF_FFFF
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// People and apps group the digits; spaces of any kind and hyphens don't count. All variants of
/// one code become the same six bytes, so none of them is a second code.
fn normalize(code: &str) -> Option<[u8; DIGITS]> {
    if code.len() > 64 {
        return None;
    }
    let digits: Vec<u8> = code
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| u8::try_from(c).ok().filter(u8::is_ascii_digit))
        .collect::<Option<_>>()?;
    digits.try_into().ok()
}

fn encode(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SECOND;

    fn secret() -> Secret {
        Secret::from_entropy(*b"12345678901234567890")
    }

    #[test]
    fn rfc6238_vectors() {
        // Appendix B lists eight digits; six are their end.
        for (seconds, eight) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let step = Step(seconds / 30);
            assert_eq!(secret().code(step), eight.as_bytes()[2..]);
        }
    }

    #[test]
    fn one_step_of_drift_and_no_more() {
        let now = 1_111_111_111 * SECOND;
        let step = 1_111_111_111 / 30;
        for (at, accepted) in
            [(step - 2, false), (step - 1, true), (step, true), (step + 1, true), (step + 2, false)]
        {
            let code = String::from_utf8(secret().code(Step(at)).to_vec()).unwrap();
            let expected = if accepted { Ok(Step(at)) } else { Err(CodeRefused::Wrong) };
            assert_eq!(verify(&secret(), &code, now, None), expected);
        }
    }

    #[test]
    fn a_code_works_once_in_every_spelling() {
        let now = 59 * SECOND;
        let step = verify(&secret(), "287082", now, None).unwrap();
        assert_eq!(step, Step(1));
        for variant in ["287082", "287 082", " 287082 ", "287-082", "287\u{a0}082", "287082\n", "2 8 7 0 8 2"]
        {
            assert_eq!(verify(&secret(), variant, now, Some(step)), Err(CodeRefused::Reused), "{variant:?}");
            assert_eq!(verify(&secret(), variant, now, None), Ok(step), "{variant:?}");
        }
        // The code of the step before stays refused after a later one was used.
        let before = String::from_utf8(secret().code(Step(0)).to_vec()).unwrap();
        assert_eq!(verify(&secret(), &before, now, Some(step)), Err(CodeRefused::Reused));
    }

    #[test]
    fn malformed_codes() {
        let long = "1".repeat(5000);
        for bad in ["", "28708", "2870821", "28708a", "٢٨٧٠٨٢", "287082\0", "+87082", "287.082", &long]
        {
            assert_eq!(verify(&secret(), bad, 59 * SECOND, None), Err(CodeRefused::Malformed), "{bad:?}");
        }
        assert_eq!(verify(&secret(), "287082", -1, None), Err(CodeRefused::Wrong));
    }

    #[test]
    fn uri_encodes_its_labels() {
        assert_eq!(
            secret().otpauth_uri("Contoso & Söhne: IT", "ana@contoso.example?x=1"),
            "otpauth://totp/Contoso%20%26%20S%C3%B6hne%20%20IT:ana%40contoso.example%3Fx%3D1\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Contoso%20%26%20S%C3%B6hne%20%20IT\
             &algorithm=SHA1&digits=6&period=30"
        );
        assert_eq!(format!("{:?}", secret()), "Secret(…)");
    }
}
