//! The terms of a policy as parameters: which there are, read and written. Both ways name every field of the terms, so
//! that a new one that a policy could not be given doesn't compile.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::super::Call;
use super::super::call::invalid;
use super::super::spec::{
    boolean, choice, document, duration, duration_hours, group, integer, names, optional, text,
};
use crate::id::GroupId;
use crate::parameter::ParameterSpec;
use crate::policy::{Approval, Approvers, Assurance, Limits, PolicyTerms, Requesters, Stage, Target};
use crate::refusal::{Code, Refusal};
use crate::time::Span;

/// The default approver group among stages; no group can have this name.
const DEFAULT_GROUP: &str = "(default)";

const ASSURANCES: [(&str, Assurance); 4] = [
    ("Session", Assurance::Session),
    ("SecondFactor", Assurance::SecondFactor),
    ("Passkey", Assurance::Passkey),
    ("SignedStatement", Assurance::SignedStatement),
];

pub(super) fn specs() -> Vec<ParameterSpec> {
    let assurances = ASSURANCES.map(|(word, _)| word);
    vec![
        optional(choice("ApprovalType", "Approval type", &["Manual", "Auto"])),
        optional(group("ApproverGroup", "Approver group; the default one if not given")),
        optional(integer("Approvers", "How many of them must approve", 1, 16)),
        optional(names(
            "Stages",
            "Stages in order, each `group:how many`, instead of one group; `(default)` is the default one",
        )),
        optional(group("RequesterGroup", "Who may ask, instead of role holders")),
        optional(boolean("Everyone", "Everyone may ask")),
        optional(duration_hours("MaximumDurationHours", "Longest authorization (hours)")),
        optional(duration("MaximumDuration", "Longest authorization, such as `90m`, instead of hours")),
        optional(integer("MaximumUses", "Most uses", 1, 1_000_000)),
        optional(integer("Parallel", "Executions at once", 1, 100)),
        optional(text("Rate", "Most requests of one person within a time, such as `10/24h`", 40)),
        optional(names("BindParameters", "Parameters that a request must bind")),
        optional(text("TicketPattern", "Pattern that a ticket must match", 200)),
        optional(choice("MinimumAssurance", "Least proof an approver gives", &assurances)),
        optional(integer("FreshnessMinutes", "How old that proof may be (minutes)", 1, 1_440)),
        optional(duration("Freshness", "How old that proof may be, such as `90s`, instead of minutes")),
        optional(document("Windows", "Weekly windows, as JSON")),
        optional(boolean("ApproveForLess", "Approvers may grant less than was asked; they may if not given")),
    ]
}

/// The terms that a call's parameters say, complete and valid.
pub(super) fn read(call: &Call<'_, '_>, target: Target) -> Result<PolicyTerms, Refusal> {
    let approval = match call.text("ApprovalType").as_deref() {
        Some("Auto") => nobody_decides(call)?,
        _ => Approval::Manual { stages: stages(call)? },
    };
    let terms = PolicyTerms {
        target,
        approval,
        requesters: requesters(call)?,
        limits: Limits {
            max_duration: span(call, "MaximumDuration", ("MaximumDurationHours", Span::from_hours(1)))?,
            max_uses: positive(call, "MaximumUses"),
            parallel: positive(call, "Parallel").unwrap_or(1),
            rate: call.parse_optional("Rate")?,
        },
        bind: call
            .list("BindParameters")
            .iter()
            .map(|name| name.parse().map_err(|error| invalid("BindParameters", &error)))
            .collect::<Result<_, _>>()?,
        ticket: call.parse_optional("TicketPattern")?,
        assurance: assurance(call),
        freshness: span(call, "Freshness", ("FreshnessMinutes", Span::from_mins(1)))?,
        windows: match call.text("Windows") {
            Some(windows) => serde_json::from_str(&windows).map_err(|error| invalid("Windows", &error))?,
            None => Vec::new(),
        },
        approve_for_less: call.value("ApproveForLess").is_none() || call.flag("ApproveForLess"),
    };
    let terms = terms.completed();
    terms.validate().map_err(|faults| {
        let faults: Vec<String> =
            faults.iter().map(|fault| format!("{}: {}", fault.at, fault.message)).collect();
        Refusal::new(Code::DefinitionInvalid, faults.join("; "))
    })?;
    Ok(terms)
}

/// What [`read`] makes these terms of; `named` says what a group is called. What stands by default is left out.
pub(super) fn write(terms: &PolicyTerms, named: &dyn Fn(GroupId) -> String) -> BTreeMap<&'static str, Json> {
    let PolicyTerms {
        target,
        approval,
        requesters,
        limits: Limits { max_duration, max_uses, parallel, rate },
        bind,
        ticket,
        assurance,
        freshness,
        windows,
        approve_for_less,
    } = terms;
    let seconds = |span: Span| json!(format!("{}s", span.as_secs()));
    let some = |name: &'static str, value: Option<Json>| value.map(|value| (name, value));
    let mut all: BTreeMap<&'static str, Json> = written_approval(approval, named);
    all.extend([match target {
        Target::Task(name) => ("Task", json!(name)),
        Target::Role(name) => ("Role", json!(name)),
        Target::RoleGroup(name) => ("RoleGroup", json!(name)),
    }]);
    all.extend(match requesters {
        Requesters::ByRole => None,
        Requesters::Everyone => Some(("Everyone", json!(true))),
        Requesters::Group(id) => Some(("RequesterGroup", json!(named(*id)))),
    });
    let assurance = ASSURANCES.iter().find(|(_, known)| known == assurance);
    let assurance = assurance.filter(|(_, known)| *known != Assurance::Session);
    let optional = [
        some("MaximumDuration", max_duration.map(seconds)),
        some("MaximumUses", max_uses.map(Json::from)),
        some("Parallel", (*parallel != 1).then(|| json!(parallel))),
        some("Rate", rate.map(|rate| json!(rate.to_string()))),
        some("BindParameters", (!bind.is_empty()).then(|| json!(bind))),
        some("TicketPattern", ticket.as_ref().map(|ticket| json!(ticket))),
        some("MinimumAssurance", assurance.map(|(word, _)| json!(word))),
        some("Freshness", freshness.map(seconds)),
        some("Windows", (!windows.is_empty()).then(|| json!(json!(windows).to_string()))),
        some("ApproveForLess", (!approve_for_less).then_some(Json::Bool(false))),
    ];
    all.extend(optional.into_iter().flatten());
    all
}

fn written_approval(approval: &Approval, named: &dyn Fn(GroupId) -> String) -> BTreeMap<&'static str, Json> {
    let group = |approvers: &Approvers| match approvers {
        Approvers::Group(id) => named(*id),
        Approvers::DefaultGroup => DEFAULT_GROUP.to_owned(),
    };
    match approval {
        Approval::Auto => BTreeMap::from([("ApprovalType", json!("Auto"))]),
        Approval::Manual { stages } => {
            let manual = ("ApprovalType", json!("Manual"));
            match stages.as_slice() {
                [Stage { approvers: Approvers::DefaultGroup, seats }] => {
                    BTreeMap::from([manual, ("Approvers", json!(seats))])
                }
                [Stage { approvers, seats }] => BTreeMap::from([
                    manual,
                    ("ApproverGroup", json!(group(approvers))),
                    ("Approvers", json!(seats)),
                ]),
                stages => {
                    let stage = |stage: &Stage| format!("{}:{}", group(&stage.approvers), stage.seats);
                    let stages: Vec<String> = stages.iter().map(stage).collect();
                    BTreeMap::from([manual, ("Stages", json!(stages))])
                }
            }
        }
    }
}

/// What says who decides is refused beside Auto rather than passed over.
fn nobody_decides(call: &Call<'_, '_>) -> Result<Approval, Refusal> {
    const DECIDERS: [&str; 3] = ["ApproverGroup", "Approvers", "Stages"];
    match DECIDERS.iter().find(|name| call.value(name).is_some()) {
        Some(name) => Err(excluded(name, "-ApprovalType Auto")),
        None => Ok(Approval::Auto),
    }
}

fn stages(call: &Call<'_, '_>) -> Result<Vec<Stage>, Refusal> {
    let written = call.list("Stages");
    if written.is_empty() {
        let approvers =
            call.group_optional("ApproverGroup")?.map_or(Approvers::DefaultGroup, Approvers::Group);
        let seats = call.integer("Approvers").and_then(|seats| u16::try_from(seats).ok()).unwrap_or(1);
        return Ok(vec![Stage { approvers, seats }]);
    }
    if let Some(name) = ["ApproverGroup", "Approvers"].iter().find(|name| call.value(name).is_some()) {
        return Err(excluded(name, "`Stages`"));
    }
    written
        .iter()
        .map(|stage| {
            let (group, seats) = stage.rsplit_once(':').unwrap_or((stage, "1"));
            let seats: u16 = seats.parse().map_err(|error| invalid("Stages", &error))?;
            let approvers = match group {
                DEFAULT_GROUP => Approvers::DefaultGroup,
                group => Approvers::Group(call.group_of(group)?),
            };
            Ok(Stage { approvers, seats })
        })
        .collect()
}

fn requesters(call: &Call<'_, '_>) -> Result<Requesters, Refusal> {
    match (call.group_optional("RequesterGroup")?, call.flag("Everyone")) {
        (Some(_), true) => Err(excluded("RequesterGroup", "`Everyone`")),
        (Some(group), false) => Ok(Requesters::Group(group)),
        (None, true) => Ok(Requesters::Everyone),
        (None, false) => Ok(Requesters::ByRole),
    }
}

fn assurance(call: &Call<'_, '_>) -> Assurance {
    let given = call.text("MinimumAssurance");
    let known = ASSURANCES.iter().find(|(word, _)| given.as_deref() == Some(*word));
    known.map_or(Assurance::Session, |(_, assurance)| *assurance)
}

/// A length of time, exact or as so many of a unit.
fn span(call: &Call<'_, '_>, exact: &str, (counted, unit): (&str, Span)) -> Result<Option<Span>, Refusal> {
    let units = positive(call, counted);
    let counted_span = units.map(|units| Span::from_micros(unit.as_micros().saturating_mul(units.into())));
    match (call.span(exact), counted_span) {
        (Some(_), Some(_)) => Err(excluded(exact, &format!("`{counted}`"))),
        (exact, counted) => Ok(exact.or(counted)),
    }
}

fn positive(call: &Call<'_, '_>, name: &str) -> Option<u32> {
    call.integer(name).and_then(|number| u32::try_from(number).ok())
}

fn excluded(name: &str, other: &str) -> Refusal {
    Refusal::new(Code::ParameterInvalid, format!("`{name}` and {other} exclude each other."))
}
