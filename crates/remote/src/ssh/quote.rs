//! The one function that makes a string which somebody else parses: SSH carries a command as one text, and the account's
//! shell takes it apart again.
//!
//! Quoting (POSIX, Shell Command Language, 2.2): within single quotes everything is itself. A quote and a backslash stand
//! outside of them behind a backslash: so the text reads alike in shells that know escapes within single quotes.

/// An argument vector as a command of a shell.
pub(crate) fn command<'a>(arguments: impl IntoIterator<Item = &'a str>) -> String {
    arguments.into_iter().map(quote).collect::<Vec<_>>().join(" ")
}

/// One argument.
fn quote(argument: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-,:@%+".contains(c);
    if !argument.is_empty() && argument.chars().all(plain) {
        return argument.to_owned();
    }
    let mut quoted = String::with_capacity(argument.len() + 8);
    let mut open = false;
    for c in argument.chars() {
        let outside = c == '\'' || c == '\\';
        if outside == open {
            quoted.push('\'');
            open = !open;
        }
        if outside {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    if open {
        quoted.push('\'');
    }
    if quoted.is_empty() { "''".to_owned() } else { quoted }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A real shell's argv for a command: every argument with a NUL behind it.
    fn oracle(shell: &str, arguments: &[String]) -> Vec<String> {
        let print = "printf '%s\\0' \"$@\"";
        let vector = ["/bin/sh", "-c", print, "sh"].into_iter().chain(arguments.iter().map(String::as_str));
        let line = command(vector);
        #[expect(clippy::disallowed_methods, reason = "the oracle is a real shell")]
        let mut process = std::process::Command::new(shell);
        let output = process.arg("-c").arg(&line).output().expect("a shell");
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).expect("text");
        text.split_terminator('\0').map(str::to_owned).collect()
    }

    fn shells() -> Vec<&'static str> {
        let known = ["/bin/sh", "/bin/bash", "/bin/dash", "/bin/ksh", "/bin/zsh", "/usr/bin/fish"];
        known.into_iter().filter(|shell| std::path::Path::new(shell).exists()).collect()
    }

    #[test]
    fn i1_what_is_quoted_is_what_the_shell_reads() {
        for shell in shells() {
            let hostile = [
                "",
                " ",
                "'",
                "\"",
                "\\",
                "\\'",
                "'\\''",
                "`id`",
                "$(id)",
                "${HOME}",
                "$HOME",
                "a b",
                "a;b",
                "a&b|c>d<e",
                "*",
                "?",
                "[a]",
                "~",
                "~root",
                "#x",
                "!x",
                "!!",
                "{a,b}",
                "-n",
                "--",
                "=x",
                "\n",
                "a\nb\n",
                "\t\r",
                "\u{1}\u{7f}",
                "\u{202e}",
                "ü€𝒳",
                "x\\",
                "\\\n",
                "$'x'",
                "a=b",
                "%s",
                "(",
                ")",
                "<<EOF",
            ];
            let hostile = hostile.map(str::to_owned);
            assert_eq!(oracle(shell, &hostile), hostile, "{shell}");
            for one in &hostile {
                let one = std::slice::from_ref(one);
                assert_eq!(oracle(shell, one), one, "{shell}");
            }
        }
    }

    #[test]
    fn what_needs_no_quotes_has_none() {
        assert_eq!(command(["/usr/bin/df", "-h", "a b"]), "/usr/bin/df -h 'a b'");
        assert_eq!(command(["", "'"]), "'' \\'");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn i1_any_text_survives_a_real_shell(
            arguments in prop::collection::vec("[^\0]{0,20}|['\"\\\\$`\n !;&|<>*?~#-]{0,12}", 1..6)
        ) {
            prop_assert_eq!(oracle("/bin/sh", &arguments), arguments);
        }
    }
}
