use std::fmt::Write as _;

use unicode_normalization::char::is_combining_mark;

use crate::hidden::is_hidden;

/// Marks that one letter may carry before the rest is counted instead of drawn. Written
/// languages need up to three; more is a flood that paints over the neighbouring lines.
const MARKS: usize = 4;

/// One line of text as it may be shown to a person: hidden characters, line breaks included, as
/// `\u{…}` in lower-case hexadecimal, and floods of combining marks as `[+N marks]`.
/// The result has no hidden character, so applying it again changes nothing.
///
/// This is for people, not an encoding: a backslash stays a backslash (`Exchange\New-MoveRequest`),
/// so a text that spells out an escape looks like one.
#[must_use]
pub fn visible(text: &str) -> String {
    show(text, false)
}

/// As [`visible`], for text of several lines: `\n` and `\r\n` are line breaks, a tab becomes four
/// spaces. The result has no hidden character but `\n`.
#[must_use]
pub fn visible_lines(text: &str) -> String {
    show(text, true)
}

fn show(text: &str, lines: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut marks = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if is_mark(c) {
            marks += 1;
            if marks <= MARKS && !out.is_empty() {
                out.push(c);
            } else if marks <= MARKS {
                // A mark with nothing to stand on would join whatever is printed before it.
                escape(&mut out, c);
            }
            continue;
        }
        end_of_marks(&mut out, marks);
        marks = 0;
        match c {
            '\r' if lines && chars.peek() == Some(&'\n') => {}
            '\n' if lines => out.push('\n'),
            '\t' if lines => out.push_str("    "),
            c if is_hidden(c) => escape(&mut out, c),
            c => out.push(c),
        }
    }
    end_of_marks(&mut out, marks);
    out
}

fn is_mark(c: char) -> bool {
    !is_hidden(c) && (is_combining_mark(c) || matches!(c, '\u{fe0e}' | '\u{fe0f}'))
}

fn end_of_marks(out: &mut String, marks: usize) {
    if marks > MARKS {
        let _ = write!(out, "[+{} marks]", marks - MARKS);
    }
}

fn escape(out: &mut String, c: char) {
    let _ = write!(out, "\\u{{{:x}}}", c as u32);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cases() {
        for (given, shown) in [
            ("plain", "plain"),
            (r"Exchange\New-MoveRequest", r"Exchange\New-MoveRequest"),
            ("a\r\nBcc: x", r"a\u{d}\u{a}Bcc: x"),
            ("\x1b[31mred", r"\u{1b}[31mred"),
            ("a\u{202e}txt.exe", r"a\u{202e}txt.exe"),
            ("ad\u{200b}min", r"ad\u{200b}min"),
            ("hi\u{e0041}", r"hi\u{e0041}"),
            ("Zoë e\u{301}", "Zoë e\u{301}"),
            ("\u{301}x", r"\u{301}x"),
            ("", ""),
        ] {
            assert_eq!(visible(given), shown);
        }
        assert_eq!(visible_lines("a\r\nb\tc\rd"), "a\nb    c\\u{d}d");
    }

    #[test]
    fn flood_of_marks_is_counted() {
        let flood = format!("a{}b", "\u{336}".repeat(1000));
        assert_eq!(visible(&flood), "a\u{336}\u{336}\u{336}\u{336}[+996 marks]b");
    }

    proptest! {
        #[test]
        fn nothing_hidden_and_stable(text in any::<String>()) {
            let shown = visible(&text);
            prop_assert!(!shown.chars().any(is_hidden));
            prop_assert_eq!(visible(&shown), shown);
            let lines = visible_lines(&text);
            prop_assert!(!lines.chars().any(|c| is_hidden(c) && c != '\n'));
            prop_assert_eq!(visible_lines(&lines), lines);
        }
    }
}
