//! Values that a parser could take for something else.

/// Every executor hands each of these to its target's own parser and gets exactly this back.
pub(crate) fn values() -> Vec<String> {
    let mut values: Vec<String> = [
        "plain",
        "",
        " ",
        "'",
        "\"",
        "`id`",
        "$(id)",
        "${HOME}",
        "$1",
        "%s %n %I",
        "'; DROP TABLE canary; --",
        "\\'; DROP TABLE canary; --",
        "x' OR '1'='1",
        "\"; DROP ROLE x; --",
        "$$; DROP TABLE canary; $$",
        "*/ DROP TABLE canary; /*",
        "-rf",
        "--help",
        "-",
        "--",
        "a\nb",
        "a\r\nb",
        "\n",
        "\t",
        "a;b|c&d>e<f",
        "!!",
        "~root",
        "{a,b}",
        "*",
        "?[a-z]*",
        "\\",
        "\\\\",
        "a\\",
        "ends in \\\n",
        "#comment",
        "=1+1",
        "\u{1b}[31mred",
        "\u{7f}\u{1}\u{8}",
        "\u{202e}live\u{202c}",
        "\u{2066}x\u{2069}",
        "раураl",
        "ﬁ",
        "e\u{301}",
        "\u{feff}bom",
        "\u{200b}",
        "𝒳\u{10ffff}",
        "../../etc/passwd",
        "%2e%2e%2f",
        "a/b?c=d#e",
        "http://169.254.169.254/",
        "{\"a\":1}",
        "null",
        "true",
        "'''''",
        "\"\"\"\"",
    ]
    .map(str::to_owned)
    .into();
    values.push("'\"\\".repeat(30_000));
    values
}

/// A mebibyte that is not all the same.
pub(crate) fn large() -> String {
    "0123456789abcde\n".repeat(65_536)
}
