//! Taking credentials out of what a target says.

use zeroize::Zeroizing;

/// What stands where a credential stood.
const MASK: &[u8] = b"(secret)";
/// Shorter ones would take ordinary words out of every output.
const SHORTEST: usize = 4;

/// Takes secrets out of a stream of bytes, also where a secret comes in pieces.
pub(crate) struct Redactor {
    secrets: Vec<Zeroizing<Vec<u8>>>,
    /// Which bytes a secret begins with.
    firsts: [bool; 256],
    /// The beginning of what may become a secret.
    held: Vec<u8>,
}

impl Default for Redactor {
    fn default() -> Self {
        Self { secrets: Vec::new(), firsts: [false; 256], held: Vec::new() }
    }
}

impl Redactor {
    /// Takes these out as well from now on; what is held stays held.
    pub(crate) fn learn(&mut self, secrets: impl IntoIterator<Item = Zeroizing<Vec<u8>>>) {
        self.secrets.extend(secrets.into_iter().filter(|secret| secret.len() >= SHORTEST));
        // The longest first: one secret may begin with another.
        self.secrets.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        self.secrets.dedup();
        for first in self.secrets.iter().filter_map(|secret| secret.first()) {
            if let Some(begins) = self.firsts.get_mut(usize::from(*first)) {
                *begins = true;
            }
        }
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
        loop {
            // Most bytes begin no secret: those are passed on at once.
            let plain = rest.iter().position(|byte| self.begins(*byte)).unwrap_or(rest.len());
            let (passed, from) = rest.split_at_checked(plain).unwrap_or((rest, &[]));
            said.extend_from_slice(passed);
            let Some((first, after)) = from.split_first() else { break };
            if let Some(secret) = self.secrets.iter().find(|secret| from.starts_with(secret)) {
                said.extend_from_slice(MASK);
                rest = from.get(secret.len()..).unwrap_or_default();
            } else if self.secrets.iter().any(|secret| secret.starts_with(from)) {
                self.held = from.to_vec();
                break;
            } else {
                said.push(*first);
                rest = after;
            }
        }
        said
    }

    fn begins(&self, byte: u8) -> bool {
        self.firsts.get(usize::from(byte)).copied().unwrap_or(false)
    }

    /// What was held back, at the end of the stream.
    pub(crate) fn finish(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.held)
    }

    /// A whole text.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut whole = Self { secrets: self.secrets.clone(), firsts: self.firsts, held: Vec::new() };
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
