//! Taking credentials out of what a target says.

use zeroize::Zeroizing;

/// What stands where a credential stood.
const MASK: &[u8] = b"(secret)";
/// Shorter ones would take ordinary words out of every output.
const SHORTEST: usize = 4;

/// Takes secrets out of a stream of bytes, also where a secret comes in pieces.
#[derive(Default)]
pub(crate) struct Redactor {
    secrets: Vec<Zeroizing<Vec<u8>>>,
    /// The beginning of what may become a secret.
    held: Vec<u8>,
}

impl Redactor {
    /// Takes these out as well from now on; what is held stays held.
    pub(crate) fn learn(&mut self, secrets: impl IntoIterator<Item = Zeroizing<Vec<u8>>>) {
        self.secrets.extend(secrets.into_iter().filter(|secret| secret.len() >= SHORTEST));
        // The longest first: one secret may begin with another.
        self.secrets.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        self.secrets.dedup();
    }

    /// What can be said after `bytes`; what may be the beginning of a secret is held back.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Vec<u8> {
        if self.secrets.is_empty() {
            return bytes.to_vec();
        }
        let mut all = std::mem::take(&mut self.held);
        all.extend_from_slice(bytes);
        let mut said = Vec::with_capacity(all.len());
        let mut rest = all.as_slice();
        while let Some((first, after)) = rest.split_first() {
            if let Some(secret) = self.secrets.iter().find(|secret| rest.starts_with(secret)) {
                said.extend_from_slice(MASK);
                rest = rest.get(secret.len()..).unwrap_or_default();
            } else if self.secrets.iter().any(|secret| secret.starts_with(rest)) {
                self.held = rest.to_vec();
                break;
            } else {
                said.push(*first);
                rest = after;
            }
        }
        said
    }

    /// What was held back, at the end of the stream.
    pub(crate) fn finish(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.held)
    }

    /// A whole text.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut whole = Self { secrets: self.secrets.clone(), held: Vec::new() };
        let mut bytes = whole.push(text.as_bytes());
        bytes.extend(whole.finish());
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redactor(secrets: &[&str]) -> Redactor {
        let mut redactor = Redactor::default();
        redactor.learn(secrets.iter().map(|secret| Zeroizing::new(secret.as_bytes().to_vec())));
        redactor
    }

    #[test]
    fn s1_a_secret_that_is_learnt_later_is_taken_out_of_what_is_held() {
        let mut redactor = redactor(&["abcdef"]);
        assert_eq!(redactor.push(b"x abc"), b"x ");
        redactor.learn([Zeroizing::new(b"abcxyz".to_vec())]);
        let mut out = redactor.push(b"xyz abcdef");
        out.extend(redactor.finish());
        assert_eq!(out, b"(secret) (secret)");
    }

    #[test]
    fn s1_a_secret_is_taken_out_however_it_is_cut() {
        let said = "before hunter2 hunt hunter hunter2hunter2 hunter22";
        for size in 1..said.len() {
            let mut redactor = redactor(&["hunter2", "hunter22", "no"]);
            let mut out = Vec::new();
            for piece in said.as_bytes().chunks(size) {
                out.extend(redactor.push(piece));
            }
            out.extend(redactor.finish());
            let out = String::from_utf8(out).expect("text");
            assert!(!out.contains("hunter2"), "{size}: {out}");
            assert!(
                out.starts_with("before (secret) hunt hunter (secret)(secret) (secret)"),
                "{size}: {out}"
            );
        }
    }

    #[test]
    fn other_bytes_stay_as_they_are() {
        assert_eq!(redactor(&["hunter2"]).text("hunt for hunters"), "hunt for hunters");
        assert_eq!(redactor(&[]).text("x"), "x");
        assert_eq!(redactor(&["ab"]).text("abc"), "abc", "too short to be told from a word");
    }
}
