/// Whether a character is invisible, changes the order or the place of its neighbours, or means
/// nothing fixed: controls, bidirectional controls, zero-width and filler characters, tags,
/// line separators, private use, noncharacters.
///
/// Source: Unicode 16 general categories Cc, Cf, Zl, Zp, Co, and `Default_Ignorable_Code_Point`,
/// but for the text and emoji presentation selectors (U+FE0E, U+FE0F), which only choose a glyph.
/// An emoji joined from several by U+200D is shown as its parts: the joiner can hide more than emoji.
#[must_use]
pub const fn is_hidden(c: char) -> bool {
    matches!(c as u32,
        0x00..=0x1F | 0x7F..=0x9F       // C0, DEL, C1
        | 0xAD                          // soft hyphen
        | 0x034F                        // combining grapheme joiner
        | 0x0600..=0x0605 | 0x06DD | 0x070F | 0x0890..=0x0891 | 0x08E2
        | 0x061C                        // Arabic letter mark
        | 0x115F..=0x1160 | 0x3164 | 0xFFA0 // Hangul fillers
        | 0x17B4..=0x17B5               // Khmer inherent vowels
        | 0x180B..=0x180F               // Mongolian selectors and separator
        | 0x200B..=0x200F               // zero width, direction marks
        | 0x2028..=0x202E               // separators, embeddings, overrides
        | 0x2060..=0x206F               // joiners, invisible operators, isolates
        | 0x2800                        // blank Braille pattern
        | 0xE000..=0xF8FF               // private use
        | 0xFDD0..=0xFDEF               // noncharacters
        | 0xFE00..=0xFE0D               // variation selectors
        | 0xFEFF                        // byte order mark
        | 0xFFF0..=0xFFFB               // specials, annotation
        | 0x110BD | 0x110CD | 0x13430..=0x1345F | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A
        | 0xE0000..=0xE0FFF             // tags, further variation selectors
        | 0xF0000..=0x10_FFFF           // private use planes
    ) || (c as u32) & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use super::is_hidden;

    #[test]
    fn hidden_and_plain() {
        for c in [
            '\0',
            '\t',
            '\n',
            '\r',
            '\x1b',
            '\x7f',
            '\u{85}',
            '\u{ad}',
            '\u{61c}',
            '\u{180e}',
            '\u{200b}',
            '\u{200d}',
            '\u{200e}',
            '\u{2028}',
            '\u{202e}',
            '\u{2066}',
            '\u{2069}',
            '\u{2063}',
            '\u{3164}',
            '\u{e000}',
            '\u{feff}',
            '\u{fffe}',
            '\u{1fffe}',
            '\u{e0041}',
            '\u{e0100}',
            '\u{10ffff}',
        ] {
            assert!(is_hidden(c), "{:x}", c as u32);
        }
        for c in
            ['a', ' ', '~', '\u{a0}', 'é', 'ß', 'Ж', 'ع', 'א', '漢', '😀', '\u{301}', '\u{fe0f}', '€', '…']
        {
            assert!(!is_hidden(c), "{c}");
        }
    }
}
