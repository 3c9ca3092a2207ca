//! The only randomness that pure code sees.

use std::fmt;

use hmac::Mac;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::mac;

/// A deterministic expander: the same seed, label and sequence of calls give the same bytes.
///
/// The engine draws one 32-byte seed per command from the operating system; everything random in deciding
/// that command (ids, salts) comes out of here. Block `i` of the stream is
/// HMAC-SHA-256(seed, domain ‖ label ‖ `i`), each part preceded by its length. Every call starts a new block, so
/// bytes are never handed out twice. Not `Clone`: a copy would repeat its bytes.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Entropy {
    seed: [u8; 32],
    label: String,
    block: u64,
}

const DOMAIN: &[u8] = b"countersign/entropy/v1";

impl Entropy {
    /// `label` separates uses of one seed: streams under different labels are independent.
    pub fn new(seed: [u8; 32], label: &str) -> Self {
        Self { seed, label: label.to_owned(), block: 0 }
    }

    /// The next `N` bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        for chunk in bytes.chunks_mut(32) {
            let mut mac = mac::keyed(&self.seed);
            mac::part(&mut mac, DOMAIN);
            mac::part(&mut mac, self.label.as_bytes());
            mac::part(&mut mac, &self.block.to_be_bytes());
            self.block = self.block.wrapping_add(1);
            let expanded = mac.finalize().into_bytes();
            for (to, from) in chunk.iter_mut().zip(expanded) {
                *to = from;
            }
        }
        bytes
    }

    /// An independent stream, drawn from this one.
    pub fn child(&mut self, label: &str) -> Self {
        Self::new(self.bytes(), label)
    }
}

impl fmt::Debug for Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Entropy({}, secret)", self.label)
    }
}
