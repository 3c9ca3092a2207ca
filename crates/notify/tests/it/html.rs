//! HTML that every mail program shows: one column, nothing loaded from elsewhere.

use std::path::PathBuf;

use countersign_notify::{Notice, OutgoingMail};

use crate::fixture::{all, mail, request};

#[test]
fn one_column_and_nothing_from_elsewhere() {
    let mut long = request();
    long.reason = "unbroken".repeat(60);
    long.access_to = "Set-VeryLongTaskNameThatGoesOnAndOn".repeat(3);
    long.policy.name = "漢字の長い名前".repeat(12);
    let mut mails: Vec<_> = all(&request()).iter().map(mail).collect();
    mails.push(mail(&Notice::RequestPending(long)));
    for (at, mail) in mails.iter().enumerate() {
        let html = &mail.html;
        assert!(html.contains("width=device-width") && html.contains("content=\"light dark\""));
        for loaded in ["src=", "<img", "<link", "@import", "url(", "<script", "<form", "<iframe"] {
            assert!(!html.contains(loaded), "{loaded}");
        }
        // Fixed widths beyond a telephone's; what limits on large screens is no such width.
        for (found, _) in html.match_indices("width") {
            let (before, after) = html.split_at(found);
            let value: String =
                after.chars().skip(6).skip_while(|c| *c == '"').take_while(char::is_ascii_digit).collect();
            let percent = after.get(..16).is_some_and(|near| near.contains('%'));
            assert!(
                value.parse::<u32>().map_or(true, |px| px <= 360) || percent || before.ends_with("max-"),
                "{value}"
            );
        }
        assert!(html.matches("<td").count() == html.matches("<tr>").count(), "one cell per row: one column");
        keep(at, mail);
    }
}

/// To be looked at in a browser: written to the directory named in `MAIL_SAMPLES`, if it is set.
fn keep(at: usize, mail: &OutgoingMail) {
    if let Some(directory) = std::env::var_os("MAIL_SAMPLES") {
        let file = PathBuf::from(directory).join(format!("{at:02}-{}.html", mail.kind));
        std::fs::write(file, &mail.html).unwrap();
    }
}
