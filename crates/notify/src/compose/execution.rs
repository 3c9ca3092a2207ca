use super::{Reader, number, open_request};
use crate::{
    notice::{Execution, ExecutionOutcome, Request},
    page::{Action, Page, Row, Section, Tone},
    when,
};

pub(super) fn ended(request: Option<&Request>, execution: &Execution, reader: Reader<'_>) -> Page {
    let (word, tone, detail) = match &execution.outcome {
        ExecutionOutcome::Succeeded => ("succeeded", Tone::Good, None),
        ExecutionOutcome::Failed(why) => ("failed", Tone::Warn, Some(("Failure", why))),
        ExecutionOutcome::Stopped(why) => ("was stopped", Tone::Warn, Some(("Stopped", why))),
        ExecutionOutcome::Unknown => ("has an unknown outcome", Tone::Warn, None),
    };
    let mut lead = vec![format!("{} {word}.", execution.task)];
    if matches!(execution.outcome, ExecutionOutcome::Unknown) {
        lead.push(
            "Nobody can know whether it took effect. Countersign never runs it again by itself: look at the target, then report what you found on the page."
                .into(),
        );
    }
    let subject = request.map_or_else(String::new, |request| format!("{}: ", number(request.number)));
    Page {
        subject: format!("{subject}{} {word}", execution.task),
        heading: format!("{} {word}", execution.task),
        tone,
        lead,
        sections: vec![
            Section::new("The run", facts(execution, detail, reader)),
            Section::new(
                "Parameters",
                execution.parameters.iter().map(|(name, value)| Row::plain(name, value)).collect(),
            ),
        ],
        action: Some(
            request
                .map_or_else(|| open_execution(execution, reader), |request| open_request(request, reader)),
        ),
        because: "You get this mail because it ran on your behalf.".into(),
        ..Page::default()
    }
}

fn facts(execution: &Execution, detail: Option<(&str, &String)>, reader: Reader<'_>) -> Vec<Row> {
    let mut rows = vec![
        Row::plain("Task", &execution.task),
        Row::plain("On the ground of", &execution.basis),
        Row::plain("Started", reader.instant(execution.started_at)),
    ];
    if let Some(at) = execution.ended_at {
        let took = when::length(at.saturating_sub(execution.started_at));
        rows.push(Row::plain("Ended", format!("{}, after {took}", reader.instant(at))));
    }
    rows.extend(detail.map(|(label, text)| Row::quote(label, text)));
    rows.push(Row::plain("Execution", &execution.id));
    rows
}

fn open_execution(execution: &Execution, reader: Reader<'_>) -> Action {
    // Ids are random hexadecimal; whatever else is dropped, so that the address stays one.
    let id: String = execution.id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    Action { label: "Open the run".into(), url: reader.site.public_url.page(&format!("executions/{id}")) }
}
