use super::{Reader, people, person};
use crate::{
    notice::{
        ApprovalType, Binding, Constraint, Denial, Names, Parameter, PreviewOffer, Request, Stage,
        TargetType, Uses,
    },
    page::{Row, Section},
    when,
};

/// Everything that an approver must see, in the order in which it is read.
pub(super) fn sections(request: &Request, reader: Reader<'_>) -> Vec<Section> {
    vec![
        Section::new("What is asked", asked(request)),
        Section::new(
            "Parameters",
            request.parameters.iter().map(|parameter| self::parameter(parameter, request.uses)).collect(),
        ),
        Section::new("Why and for how long", why(request, reader)),
        Section::new("Policy", policy(request)),
        Section::new(
            "Denied before",
            request.earlier_denial.iter().flat_map(|denial| self::denial(denial, reader)).collect(),
        ),
        Section::new("Preview", preview(request)),
    ]
}

/// The request in a few lines, for those who know it.
pub(super) fn brief(request: &Request, reader: Reader<'_>) -> Section {
    let mut rows = asked(request);
    rows.push(Row::quote("Reason", &request.reason));
    rows.push(Row::plain("Duration", when::length(request.duration)));
    rows.push(Row::plain("Requested", reader.instant(request.requested_at)));
    Section::new("The request", rows)
}

pub(super) fn denial(denial: &Denial, reader: Reader<'_>) -> Vec<Row> {
    vec![
        Row::plain("Denied by", person(&denial.by)),
        Row::plain("At", reader.instant(denial.at)),
        Row::quote("Comment", &denial.comment),
    ]
}

/// That there is a preview, and where. What it shows is no mail's to carry.
fn preview(request: &Request) -> Vec<Row> {
    match &request.preview {
        PreviewOffer::None => Vec::new(),
        PreviewOffer::Ready => vec![
            Row::plain("See its effect", "on the request's page before you decide, or with"),
            Row::plain("Command", format!("countersign request preview R-{}", request.number)),
        ],
        PreviewOffer::Open(names) => {
            let open = list(&Names::some(names.iter().cloned(), names.len()));
            vec![Row::plain("None", format!("{open} may have more than one value"))]
        }
    }
}

pub(super) fn digest(request: &Request) -> Option<String> {
    Some(hex::encode(request.digest))
}

fn asked(request: &Request) -> Vec<Row> {
    let mut rows = vec![Row::plain("Requester", person(&request.requester))];
    rows.extend(request.service_account.iter().map(|account| Row::loud("For account", person(account))));
    rows.push(Row::plain(
        "Type",
        match request.target_type {
            TargetType::Task => "Task",
            TargetType::Role => "Role",
            TargetType::RoleGroup => "Role Group",
        },
    ));
    rows.push(Row::plain("Scope", &request.scope));
    rows.push(Row::plain("Access to", &request.access_to));
    if request.opens.all > 0 {
        let tasks = count(request.opens.all, "task");
        // The names are missing where the list of them can't be read.
        rows.push(Row::plain(
            "Opens",
            if request.opens.first.is_empty() { tasks } else { format!("{tasks}: {}", list(&request.opens)) },
        ));
    }
    if request.does_not_open.all > 0 {
        let own = list(&request.does_not_open);
        rows.push(Row::plain("Does not open", format!("{own} (each has a policy of its own)")));
    }
    rows
}

fn parameter(parameter: &Parameter, uses: Uses) -> Row {
    let binding = match parameter.binding {
        Binding::Always => "bound by the task",
        Binding::Policy => "bound by the policy",
        Binding::Free => "left free by the task",
    };
    match &parameter.constraint {
        Constraint::Words(words) => Row::plain(&parameter.name, format!("{words} ({binding})")),
        Constraint::AnyValue => {
            Row::loud(&parameter.name, format!("ANY VALUE ({binding}; {})", self::uses(uses)))
        }
        Constraint::AtExecution => {
            Row::plain(&parameter.name, "secret, given at execution: never shown or recorded")
        }
    }
}

fn why(request: &Request, reader: Reader<'_>) -> Vec<Row> {
    let mut rows = vec![Row::quote("Reason", &request.reason)];
    rows.extend(request.ticket.iter().map(|ticket| Row::plain("Ticket", ticket)));
    rows.push(Row::plain("Duration", when::length(request.duration)));
    rows.push(Row::plain(
        "Starts",
        request.start.map_or_else(|| "with the approval".to_owned(), |at| reader.instant(at)),
    ));
    rows.extend(request.latest_end.map(|at| Row::plain("Ends latest", reader.instant(at))));
    rows.push(Row::plain("Uses", uses(request.uses)));
    rows.push(Row::plain("Requested", reader.instant(request.requested_at)));
    rows
}

fn policy(request: &Request) -> Vec<Row> {
    let policy = &request.policy;
    let approval = match policy.approval {
        ApprovalType::Manual => "Manual",
        ApprovalType::Auto => "Auto: approved without a person",
    };
    let mut rows = vec![
        Row::plain("Policy", format!("{}, version {}", policy.name, policy.version)),
        Row::plain("Approval type", approval),
    ];
    rows.extend(policy.exception.iter().map(|exception| Row::loud("Look twice", exception)));
    let of = request.stages.len();
    for (at, stage) in (1_u32..).zip(&request.stages) {
        let label = if of == 1 { "Approvers".to_owned() } else { format!("Stage {at} of {of}") };
        rows.push(Row::plain(label, self::stage(stage, at.cmp(&request.stage))));
    }
    rows
}

fn stage(stage: &Stage, place: std::cmp::Ordering) -> String {
    let needed = count(stage.needed as usize, "approval");
    let state = match place {
        std::cmp::Ordering::Less => "done",
        std::cmp::Ordering::Equal => "decides now",
        std::cmp::Ordering::Greater => "decides after that",
    };
    let so_far = if stage.approved.is_empty() {
        String::new()
    } else {
        format!("; approved so far by {}", people(&stage.approved))
    };
    format!("{}: {needed} needed; {state}{so_far}", stage.group)
}

pub(super) fn uses(uses: Uses) -> String {
    match uses {
        Uses::Unlimited => "as often as needed within the window".to_owned(),
        Uses::AtMost(1) => "once".to_owned(),
        Uses::AtMost(most) => format!("at most {most} times"),
    }
}

/// `3 tasks`.
pub(super) fn count(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// The first names of a long list.
fn list(names: &Names) -> String {
    let shown = names.first.join(", ");
    match names.all.saturating_sub(names.first.len()) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
