//! `countersign request show`

use serde_json::Value as Json;

use super::length;
use crate::app::App;
use crate::fault::Outcome;
use crate::ui::{Format, instant};

#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// The request, such as R-1042
    number: String,
}

impl Show {
    pub(super) fn run(self, app: &App) -> Outcome {
        show(app, &self.number)
    }
}

pub(crate) fn show(app: &App, number: &str) -> Outcome {
    let request = app.client()?.request(number)?;
    match app.ui.format {
        Format::Json => app.ui.json(&request),
        Format::Table => lines(&request).iter().for_each(|line| app.ui.out(line)),
    }
    Ok(())
}

/// What an approver decides on, in the order they need it; the digest last.
fn lines(request: &Json) -> Vec<String> {
    let at = |place: &str| request.pointer(place).filter(|value| !value.is_null());
    let text = |place: &str| at(place).and_then(Json::as_str).unwrap_or_default().to_owned();
    let mut all = vec![format!("{}  {}", text("/number"), text("/status"))];
    let mut line = |label: &str, value: String| {
        if !value.is_empty() {
            all.push(format!("{label:<15} {}", inset(&value, 16)));
        }
    };
    line("Requester", format!("{} ({})", text("/requester/display_name"), text("/requester/upn")));
    if at("/account").is_some() {
        let whose = format!("{} ({})", text("/account/display_name"), text("/account/upn"));
        line("For account", whose);
    }
    line("Access to", format!("{} {}", text("/target/type"), text("/target/name")));
    line("By role", text("/role"));
    line("Comments", text("/reason"));
    line("Ticket", text("/ticket"));
    line("Duration", at("/duration_secs").and_then(Json::as_u64).map(length).unwrap_or_default());
    line("Uses", at("/uses").map(Json::to_string).unwrap_or_else(|| "as often as needed".to_owned()));
    for (label, place) in [
        ("Start", "/start"),
        ("Created", "/created"),
        ("Expires", "/expires"),
        ("Decided", "/decided"),
        ("Access from", "/authorization/from"),
        ("Access until", "/authorization/until"),
        ("Access ended", "/authorization/ended"),
    ] {
        line(label, instant(&text(place)).unwrap_or_default());
    }
    line("Decided by", text("/decided_by/upn"));
    line("Because", text("/comment"));
    line("Access is", text("/authorization/status"));
    line("Revoked because", text("/authorization/end_comment"));
    line("Extends", text("/extends"));
    line("Denied before", text("/denied_before"));
    opens(&mut all, request);
    section(&mut all, "Parameters", at("/parameters"), parameter);
    if at("/target/type").is_some_and(|kind| kind != "Task") {
        section(&mut all, "Opens", at("/covers"), |task| task.as_str().unwrap_or_default().to_owned());
    }
    all.extend(files(request));
    all.extend(preview(request));
    section(&mut all, "Not taken back yet", at("/to_take_back"), |open| {
        let text = |name: &str| open.get(name).and_then(Json::as_str).unwrap_or_default();
        let tries = open.get("tries").and_then(Json::as_u64).unwrap_or_default();
        format!("{} ({}): {tries} tries did not succeed", text("execution"), text("task"))
    });
    section(&mut all, "Policy", at("/policy_words"), |clause| clause.as_str().unwrap_or_default().to_owned());
    section(&mut all, "Stages", at("/stage_groups"), |stage| {
        let number = |name: &str| stage.get(name).and_then(Json::as_u64).unwrap_or_default();
        let group =
            stage.get("name").or_else(|| stage.get("group")).and_then(Json::as_str).unwrap_or_default();
        format!("{group}: {} of {} have approved", number("votes"), number("seats"))
    });
    section(&mut all, "Approvals", at("/vote_list"), |vote| said(vote, "approver", "comment"));
    section(&mut all, "Questions and answers", at("/messages"), |message| said(message, "person", "text"));
    section(&mut all, "Earlier requests for the same", at("/history"), |earlier| {
        let text = |name: &str| earlier.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        format!("{} {} ({})", text("number"), text("status"), instant(&text("created")).unwrap_or_default())
    });
    all.push(String::new());
    all.push(format!("Statement       {}", text("/statement")));
    all.push("                Its SHA-256: what approvers approve, and nothing else.".to_owned());
    all
}

/// How to read what the parameters cite.
fn files(request: &Json) -> Vec<String> {
    let number = request.get("number").and_then(Json::as_str).unwrap_or_default();
    let files = super::file::cited(request);
    let read = |file: &super::file::Cited| {
        format!("  countersign request file {number} {}", &file.sha256.chars().take(12).collect::<String>())
    };
    if files.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![String::new(), "Files, to be read before deciding:".to_owned()];
    lines.extend(
        files.iter().map(|file| format!("{}  ({}, {} bytes)", read(file), file.parameter, file.size)),
    );
    lines
}

/// What a role or role group opens: the first tasks, and how many there are.
fn opens(all: &mut Vec<String>, request: &Json) {
    if request.pointer("/target/type").and_then(Json::as_str) == Some("Task") {
        return;
    }
    let Some(count) = request.pointer("/covers/count").and_then(Json::as_u64) else { return };
    let first = request.pointer("/covers/first").and_then(Json::as_array);
    all.push(String::new());
    let Some(first) = first else {
        all.push(format!("Opens nothing: the list of its {count} tasks is missing or was altered."));
        return;
    };
    all.push(format!("Opens {count} tasks:"));
    all.extend(first.iter().filter_map(Json::as_str).map(|task| format!("  {}", inset(task, 6))));
    let shown = u64::try_from(first.len()).unwrap_or(count);
    if count > shown {
        all.push(format!(
            "  and {} more: countersign request tasks {}",
            count - shown,
            request.get("number").and_then(Json::as_str).unwrap_or_default()
        ));
    }
}

/// That there is a preview, how old the newest is, and why there can be none.
fn preview(request: &Json) -> Vec<String> {
    let Some(preview) = request.get("preview").filter(|preview| !preview.is_null()) else {
        return Vec::new();
    };
    let number = request.get("number").and_then(Json::as_str).unwrap_or_default();
    let open: Vec<&str> = preview
        .get("open")
        .and_then(Json::as_array)
        .map(|names| names.iter().filter_map(Json::as_str).collect())
        .unwrap_or_default();
    let mut lines = vec![String::new()];
    lines.push(if open.is_empty() {
        format!("Preview         countersign request preview {number}")
    } else {
        format!("Preview         none: {} may have more than one value", open.join(", "))
    });
    if preview.get("latest").is_some_and(|latest| !latest.is_null()) {
        lines.push(format!("                made {}", super::preview::made(request)));
    }
    lines
}

fn section(all: &mut Vec<String>, title: &str, items: Option<&Json>, show: impl Fn(&Json) -> String) {
    let items = items.and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    if !items.is_empty() {
        all.push(String::new());
        all.push(format!("{title}:"));
        all.extend(items.iter().map(|item| format!("  {}", inset(&show(item), 6))));
    }
}

/// Later lines are moved in, lest a text look like another field.
fn inset(text: &str, by: usize) -> String {
    text.replace('\n', &format!("\n{}", " ".repeat(by)))
}

/// A parameter as approvers read it; what is free is said loudly.
fn parameter(parameter: &Json) -> String {
    let text = |name: &str| parameter.get(name).and_then(Json::as_str).unwrap_or_default();
    format!("{}: {}", text("name"), text("text"))
}

fn said(entry: &Json, who: &str, what: &str) -> String {
    let who = entry.pointer(&format!("/{who}/upn")).and_then(Json::as_str).unwrap_or("(the server)");
    let what = entry.get(what).and_then(Json::as_str).filter(|text| !text.is_empty());
    let at = entry.get("created").and_then(Json::as_str).and_then(instant).unwrap_or_default();
    match what {
        Some(what) => format!("{who}, {at}: {what}"),
        None => format!("{who}, {at}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn approvers_read_who_what_why_and_every_parameter_the_digest_last() {
        let request = json!({
            "number": "R-7", "status": "pending", "requester": {"upn": "r@c.example", "display_name": "Rita"},
            "target": {"type": "Task", "name": "Host\\Get-DiskUsage"}, "reason": "full", "duration_secs": 14_400,
            "parameters": [{"name": "Path", "text": "/var"}, {"name": "Depth", "text": "ANY VALUE"}],
            "statement": "ab12", "role": null, "messages": [],
        });
        let shown = lines(&request);
        assert_eq!(shown[0], "R-7  pending");
        for wanted in ["  Path: /var", "  Depth: ANY VALUE", "Duration        4 h", "Comments        full"] {
            assert!(shown.iter().any(|line| line == wanted), "{wanted}: {shown:#?}");
        }
        assert!(!shown.iter().any(|line| line.contains("Questions")));
        assert!(!shown.iter().any(|line| line.starts_with("For account")));
        let mut other = request.clone();
        other["account"] = json!({"upn": "svc@c.example", "display_name": "Nightly"});
        let whose = "For account     Nightly (svc@c.example)";
        assert!(lines(&other).iter().any(|line| line == whose), "who gets the power is not who asks");
        let mut role = request.clone();
        role["target"]["type"] = json!("Role");
        role["covers"] = json!(["Host\\Restart"]);
        assert!(lines(&role).iter().any(|line| line == "  Host\\Restart"), "what a role opens");
        let mut forged = request.clone();
        forged["reason"] = json!("full\nDuration        1 min");
        assert!(!lines(&forged).join("\n").lines().any(|line| line == "Duration        1 min"));
        assert!(shown[shown.len() - 2].contains("ab12"));
    }
}
