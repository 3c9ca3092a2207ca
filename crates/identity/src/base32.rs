//! Base 32 in two alphabets: RFC 4648 for authenticator apps, Crockford's for what people copy.

/// RFC 4648 section 6, as authenticator apps read it.
pub const RFC4648: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Crockford's alphabet, in lower case: no i, l, o, u.
pub const CROCKFORD: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Five bits a letter, first bits first, the last letter filled with zero bits, no padding.
#[must_use]
pub fn encode(bytes: &[u8], alphabet: &[u8; 32]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut held, mut bits) = (0_u16, 0);
    for byte in bytes {
        held = (held << 8) | u16::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            push(&mut out, held >> bits, alphabet);
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        push(&mut out, held << (5 - bits), alphabet);
    }
    out
}

/// Reads what [`encode`] writes; `None` for any other letter, case, length, or non-zero filling.
#[must_use]
pub fn decode(text: &str, alphabet: &[u8; 32]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 5 / 8);
    let (mut held, mut bits) = (0_u16, 0);
    for letter in text.bytes() {
        let value = u16::try_from(alphabet.iter().position(|known| *known == letter)?).ok()?;
        held = (held << 5) | value;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from(held >> bits).ok()?);
            held &= (1 << bits) - 1;
        }
    }
    (bits < 5 && held == 0).then_some(out)
}

fn push(out: &mut String, value: u16, alphabet: &[u8; 32]) {
    if let Some(letter) = alphabet.get(usize::from(value & 31)) {
        out.push(char::from(*letter));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rfc4648_vectors() {
        for (plain, coded) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(encode(plain.as_bytes(), RFC4648), coded);
            assert_eq!(decode(coded, RFC4648).as_deref(), Some(plain.as_bytes()));
        }
        for bad in ["M", "MZ", "mzxw6", "MZXW6===", "MZXW61", "MZXW6Y", "é"] {
            assert_eq!(decode(bad, RFC4648), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn there_and_back(bytes in proptest::collection::vec(any::<u8>(), 0..70)) {
            prop_assert_eq!(decode(&encode(&bytes, CROCKFORD), CROCKFORD), Some(bytes));
        }
    }
}
