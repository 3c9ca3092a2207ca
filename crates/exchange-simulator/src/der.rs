//! As much DER (X.690) as a certificate needs.

pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const UTF8: u8 = 0x0c;
pub(crate) const UTC_TIME: u8 = 0x17;

/// A value with its tag and length.
pub(crate) fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut der = vec![tag];
    let length = content.len();
    match u8::try_from(length) {
        Ok(short) if short < 128 => der.push(short),
        _ => {
            let bytes: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
            der.push(0x80 | u8::try_from(bytes.len()).unwrap_or(8));
            der.extend(bytes);
        }
    }
    der.extend_from_slice(content);
    der
}

/// A value made of others.
pub(crate) fn of(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    value(tag, &parts.concat())
}

/// A bit string of whole bytes.
pub(crate) fn bits(bytes: &[u8]) -> Vec<u8> {
    value(BIT_STRING, &[&[0], bytes].concat())
}
