use unicode_width::UnicodeWidthChar;

/// Ends a piece of a word that was too long for a line, so that a reader sees it goes on.
const CONTINUED: char = '↵';

/// What stands before the first line and before the others.
#[derive(Clone, Copy, Debug, Default)]
pub struct Indent<'a> {
    pub first: &'a str,
    pub rest: &'a str,
}

/// The columns a text takes in a terminal or a mail with a fixed-width font; never less than it
/// really takes (ligatures and joined emoji are counted by their parts).
#[must_use]
pub fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

fn columns(c: char) -> usize {
    // The emoji selector may widen what stands before it by one column.
    if c == '\u{fe0f}' { 1 } else { c.width().unwrap_or(0) }
}

/// The text, cut to at most `limit` columns with an ellipsis where something is missing.
#[must_use]
pub fn truncate(text: &str, limit: usize) -> String {
    if width(text) <= limit {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += columns(c);
        if used > limit {
            break;
        }
        out.push(c);
    }
    if limit > 0 {
        out.push('…');
    }
    out
}

/// Breaks text into lines of at most `limit` columns (at least 8 are used). Lines of the text stay
/// lines; breaks are made at single spaces, other spaces are kept; a word longer than a line is
/// cut, each piece ending in `↵`.
#[must_use]
pub fn wrap(text: &str, limit: usize) -> Vec<String> {
    let limit = limit.max(8);
    let mut lines = Vec::new();
    for line in text.split('\n') {
        wrap_line(line, limit, &mut lines);
    }
    lines
}

/// As [`wrap`], each line behind its indent, joined by `\n`; the limit includes the indent.
#[must_use]
pub fn wrap_indented(text: &str, limit: usize, indent: Indent<'_>) -> String {
    let room = limit.saturating_sub(width(indent.first).max(width(indent.rest)));
    let mut out = String::new();
    for (at, line) in wrap(text, room).iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        out.push_str(if at == 0 { indent.first } else { indent.rest });
        out.push_str(line);
    }
    out
}

fn wrap_line(line: &str, limit: usize, lines: &mut Vec<String>) {
    let mut current = String::new();
    let mut used = 0;
    for (at, word) in line.split(' ').enumerate() {
        let wide = width(word);
        if at > 0 && used + 1 + wide <= limit {
            current.push(' ');
            current.push_str(word);
            used += 1 + wide;
            continue;
        }
        if at > 0 {
            lines.push(std::mem::take(&mut current));
        }
        (current, used) = start_line(word, wide, limit, lines);
    }
    lines.push(current);
}

/// Starts a line with a word, cutting it as often as needed; returns the last piece and its width.
fn start_line(word: &str, wide: usize, limit: usize, lines: &mut Vec<String>) -> (String, usize) {
    if wide <= limit {
        return (word.to_owned(), wide);
    }
    let mut piece = String::new();
    let mut used = 0;
    for c in word.chars() {
        let more = columns(c);
        // A mark stays with the letter before it: it has no columns, or widens it.
        let joins = more == 0 || c == '\u{fe0f}';
        if !joins && used + more + 2 > limit {
            piece.push(CONTINUED);
            lines.push(std::mem::take(&mut piece));
            used = 0;
        }
        piece.push(c);
        used += more;
    }
    (piece, used)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::visible_lines;

    #[test]
    fn breaks_at_spaces_and_keeps_lines() {
        assert_eq!(wrap("one two three four", 10), ["one two", "three four"]);
        assert_eq!(wrap("a\n\nb", 10), ["a", "", "b"]);
        assert_eq!(wrap("a  b", 10), ["a  b"]);
        assert_eq!(wrap("", 10), [""]);
    }

    #[test]
    fn long_words_are_cut_visibly() {
        assert_eq!(wrap("abcdefghijklmnopqrst", 10), ["abcdefgh↵", "ijklmnop↵", "qrst"]);
        assert_eq!(wrap("x abcdefghijklmnop", 10), ["x", "abcdefgh↵", "ijklmnop"]);
    }

    #[test]
    fn wide_letters_count_twice() {
        assert_eq!(width("漢字"), 4);
        assert_eq!(wrap("漢字漢字漢字", 8), ["漢字漢↵", "字漢字"]);
        assert_eq!(truncate("漢字漢字", 6), "漢字…");
        assert_eq!(truncate("short", 6), "short");
    }

    #[test]
    fn indents() {
        let given = Indent { first: "- ", rest: "  " };
        assert_eq!(wrap_indented("one two three four", 12, given), "- one two\n  three four");
    }

    proptest! {
        #[test]
        fn never_wider_and_nothing_lost(text in any::<String>(), limit in 8_usize..90) {
            let text = visible_lines(&text);
            let lines = wrap(&text, limit);
            for line in &lines {
                prop_assert!(line.width() <= limit, "{line:?}");
            }
            let given: String = text.chars().filter(|c| !matches!(*c, ' ' | '\n' | CONTINUED)).collect();
            let kept: String = lines.concat().chars().filter(|c| !matches!(*c, ' ' | CONTINUED)).collect();
            prop_assert_eq!(given, kept);
        }
    }
}
