//! Recovery codes: ten codes that each replace the second factor once.

use crate::{
    base32::{self, CROCKFORD},
    keyed::{self, Key},
};

/// Codes per set.
pub const COUNT: usize = 10;
/// Bytes of entropy that [`generate`] takes: eight a code, of which 60 bits are used.
pub const ENTROPY: usize = COUNT * 8;
const LETTERS: usize = 12;

/// A code as shown once to the person: `k7f2-9qxm-4hzt`, 60 bits, Crockford's alphabet.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

/// What is stored of a code: a keyed digest bound to the person.
pub type CodeHash = [u8; 32];

/// Ten codes from entropy that is used for nothing else.
#[must_use]
pub fn generate(entropy: &[u8; ENTROPY]) -> Vec<Code> {
    entropy.as_chunks::<8>().0.iter().map(|eight| Code(group(&base32::encode(eight, CROCKFORD)))).collect()
}

/// The position of the stored hash that a typed code answers to, if any. The caller removes that
/// hash in the same transaction in which it accepts the code: single use.
///
/// Spaces, hyphens and case don't count; o reads as 0, i and l as 1.
#[must_use]
pub fn find(key: &Key, person: &str, typed: &str, hashes: &[CodeHash]) -> Option<usize> {
    let typed = Code(group(&normalize(typed)?)).hash(key, person);
    let mut found = None;
    for (at, hash) in hashes.iter().enumerate() {
        if keyed::same(hash, &typed) {
            found = Some(at);
        }
    }
    found
}

impl Code {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn hash(&self, key: &Key, person: &str) -> CodeHash {
        key.digest("countersign recovery code v1", &[person.as_bytes(), self.0.as_bytes()])
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code(…)")
    }
}

fn group(letters: &str) -> String {
    let mut out = String::with_capacity(LETTERS + 2);
    for (at, c) in letters.chars().take(LETTERS).enumerate() {
        if at > 0 && at % 4 == 0 {
            out.push('-');
        }
        out.push(c);
    }
    out
}

fn normalize(typed: &str) -> Option<String> {
    if typed.len() > 64 {
        return None;
    }
    let letters: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            c => c,
        })
        .collect();
    let known = letters.bytes().all(|b| CROCKFORD.contains(&b));
    (known && letters.len() == LETTERS).then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entropy() -> [u8; ENTROPY] {
        std::array::from_fn(|at| u8::try_from(at * 37 % 251).unwrap())
    }

    #[test]
    fn ten_codes_of_readable_letters() {
        let codes = generate(&entropy());
        assert_eq!(codes.len(), COUNT);
        for code in &codes {
            assert_eq!(code.as_str().len(), 14);
            assert!(code.as_str().bytes().all(|b| b == b'-' || CROCKFORD.contains(&b)));
            assert_eq!(codes.iter().filter(|other| *other == code).count(), 1);
        }
    }

    #[test]
    fn found_in_every_spelling_only_by_its_owner_and_only_while_stored() {
        let key = Key::new([1; 32]);
        let codes = generate(&entropy());
        let mut hashes: Vec<_> = codes.iter().map(|code| code.hash(&key, "ana")).collect();
        let typed = codes[3].as_str().to_owned();
        let upper = typed.to_uppercase().replace('-', " ").replace('0', "O").replace('1', "I");
        assert_eq!(find(&key, "ana", &typed, &hashes), Some(3));
        assert_eq!(find(&key, "ana", &upper, &hashes), Some(3));
        assert_eq!(find(&key, "ben", &typed, &hashes), None);
        assert_eq!(find(&Key::new([2; 32]), "ana", &typed, &hashes), None);
        hashes.remove(3);
        assert_eq!(find(&key, "ana", &typed, &hashes), None);
    }

    #[test]
    fn malformed_is_not_found() {
        let key = Key::new([1; 32]);
        let hashes = [[0; 32]];
        for bad in ["", "k7f2", "k7f2-9qxm-4hzt-0", "k7f2-9qxm-4hzu", "ｋ7f2-9qxm-4hzt"] {
            assert_eq!(find(&key, "ana", bad, &hashes), None);
        }
    }
}
