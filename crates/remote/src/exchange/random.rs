//! Ids that both sides' logs can be joined by.

/// A random GUID (RFC 9562, version 4).
pub(super) fn guid() -> String {
    let mut bytes = [0_u8; 16];
    let random = rustls::crypto::ring::default_provider().secure_random;
    // Without randomness it is the zero GUID: an id, never a secret.
    let _ = random.fill(&mut bytes);
    let mut all = u128::from_be_bytes(bytes);
    all = all & !(0xf << 76) | (0x4 << 76);
    all = all & !(0x3 << 62) | (0x2 << 62);
    let hex = format!("{all:032x}");
    let mut guid = String::with_capacity(36);
    for (at, digit) in hex.chars().enumerate() {
        if [8, 12, 16, 20].contains(&at) {
            guid.push('-');
        }
        guid.push(digit);
    }
    guid
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_has_version_and_variant() {
        let (one, other) = (guid(), guid());
        assert_ne!(one, other);
        let parts: Vec<&str> = one.split('-').collect();
        assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{one}");
        assert!(parts[2].starts_with('4') && parts[3].starts_with(['8', '9', 'a', 'b']), "{one}");
    }
}
