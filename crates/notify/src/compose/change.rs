//! What administrators, audit readers and, for the loud ones, everyone is told.

use super::{Reader, number, person, request::count};
use crate::{
    notice::{Alarm, ControlPlaneAct, Ends, PrivilegedAccess, RecoveryUsed, Switch},
    page::{Action, Page, Row, Section, Tone},
};

pub(super) fn act(act: &ControlPlaneAct, reader: Reader<'_>) -> Page {
    let mut rows = vec![
        Row::plain("Done by", person(&act.by)),
        Row::plain("Task", &act.task),
        Row::plain("To", &act.target),
        Row::plain("On the ground of", &act.basis),
    ];
    rows.extend(act.request.map(|request| Row::plain("Request", number(request))));
    rows.push(Row::plain("At", reader.instant(act.at)));
    rows.push(Row::plain("Audit log", format!("entry {}", act.seq)));
    rows.extend(ends(act.ends));
    let changes = act.changes.iter();
    let changes =
        changes.map(|c| Row::plain(&c.field, format!("{} (before: {})", side(&c.after), side(&c.before))));
    Page {
        subject: format!("Control plane: {} by {}", act.task, act.by.name),
        heading: "Who may do what was changed".into(),
        lead: vec![format!("{} ran {} on {}.", person(&act.by), act.task, act.target)],
        sections: vec![Section::new("The act", rows), Section::new("What changed", changes.collect())],
        action: Some(entry(act.seq, reader)),
        because: "You get this mail because you are an administrator or read the audit log.".into(),
        ..Page::default()
    }
}

pub(super) fn switched(switched: &PrivilegedAccess, reader: Reader<'_>) -> Page {
    let (heading, lead, tone) = match switched.switch {
        Switch::Enabled => ("Privileged access is on", "Protected tasks now need an approved request.".to_owned(), Tone::Good),
        Switch::BackOn => ("Privileged access is on again", "The time off is over. What had ended stays ended.".to_owned(), Tone::Good),
        Switch::Off => (
            "Privileged access is OFF",
            "Until it is enabled again, tasks need a role and no approval. Changes of who may do what still need theirs.".to_owned(),
            Tone::Warn,
        ),
        Switch::OffUntil(at) => (
            "Privileged access is OFF for a time",
            format!("It comes back on at {}. Until then tasks need a role and no approval.", reader.instant(at)),
            Tone::Warn,
        ),
        Switch::Observe => (
            "Privileged access only observes",
            "Tasks need a role and no approval; what would have been refused is recorded.".to_owned(),
            Tone::Warn,
        ),
    };
    let mut rows = vec![
        Row::plain("Done by", person(&switched.by)),
        Row::plain("At", reader.instant(switched.at)),
        Row::quote("Reason", &switched.reason),
        Row::plain("Audit log", format!("entry {}", switched.seq)),
    ];
    rows.extend(ends(switched.ends));
    Page {
        subject: format!("{heading} at {}", reader.site.organization),
        heading: heading.into(),
        tone,
        lead: vec![lead],
        sections: vec![Section::new("What happened", rows)],
        action: Some(entry(switched.seq, reader)),
        because: "Everyone who holds, approves or watches over privileged access gets this mail.".into(),
        ..Page::default()
    }
}

pub(super) fn recovery(used: &RecoveryUsed, reader: Reader<'_>) -> Page {
    let mut rows = vec![
        Row::loud("What", &used.what),
        Row::plain("Host account", format!("{} on {}", used.host_user, used.host)),
        Row::plain("At", reader.instant(used.at)),
    ];
    rows.extend(used.effective_at.map(|at| Row::loud("Takes effect", reader.instant(at))));
    rows.push(Row::plain("Audit log", format!("entry {}", used.seq)));
    Page {
        subject: format!("Recovery was used at {}", reader.site.organization),
        heading: "The recovery command was used".into(),
        tone: Tone::Warn,
        lead: vec![
            "Somebody with control of the host went round the approvals, with the recovery command. If you don't know why, ask your administrators now."
                .into(),
        ],
        sections: vec![Section::new("What happened", rows)],
        action: Some(entry(used.seq, reader)),
        because: "Everyone gets this mail whenever recovery is used.".into(),
        ..Page::default()
    }
}

pub(super) fn alarm(alarm: &Alarm, reader: Reader<'_>) -> Page {
    let mut rows: Vec<_> = alarm.facts.iter().map(|(label, value)| Row::plain(label, value)).collect();
    rows.push(Row::plain("At", reader.instant(alarm.at)));
    rows.push(Row::loud("What to do", &alarm.advice));
    Page {
        subject: format!("Alarm: {}", alarm.title),
        heading: alarm.title.clone(),
        tone: Tone::Warn,
        lead: alarm.text.clone(),
        sections: vec![Section::new("Facts", rows)],
        action: alarm.page.as_ref().map(|page| Action {
            label: "Open the page".into(),
            url: reader.site.public_url.page(&page.chars().filter(|c| fit_for_path(*c)).collect::<String>()),
        }),
        because: "You get this mail because you are an administrator.".into(),
        ..Page::default()
    }
}

fn fit_for_path(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '?' | '=')
}

fn ends(ends: Ends) -> Option<Row> {
    if ends.authorizations == 0 && ends.pending == 0 {
        return None;
    }
    let authorizations = count(usize::try_from(ends.authorizations).unwrap_or(usize::MAX), "authorization");
    let pending = count(usize::try_from(ends.pending).unwrap_or(usize::MAX), "pending request");
    Some(Row::loud("It ended", format!("{authorizations}, {pending}")))
}

fn side(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}

fn entry(seq: u64, reader: Reader<'_>) -> Action {
    Action { label: format!("Open entry {seq}"), url: reader.site.public_url.page(&format!("audit/{seq}")) }
}
