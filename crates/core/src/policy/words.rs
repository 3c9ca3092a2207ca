//! The effect of a policy in plain words, for mails, the command line and the admin center.

use super::approval::{Approval, Approvers, Requesters, Stage};
use super::assurance::Assurance;
use super::limits::{Limits, Rate};
use super::terms::PolicyTerms;
use crate::id::GroupId;

/// What the words need to know about groups.
pub trait Names {
    /// The group's name; `None` if it is gone.
    fn group(&self, id: GroupId) -> Option<String>;
    /// How many distinct people are enabled members at any depth.
    fn people(&self, id: GroupId) -> usize;
    /// The organization's default approver group.
    fn default_group(&self) -> Option<GroupId>;
}

/// All clauses in one line: ``2 of 5 people of `Mailbox Managers`, never the requester, at most 8 h, one use``.
#[must_use]
pub fn effect(terms: &PolicyTerms, names: &impl Names) -> String {
    clauses(terms, names).join(", ")
}

/// One clause per thing that is different from "anything goes", in the order in which people ask: who approves, how
/// surely, who may ask, how long, how often, with what, when.
#[must_use]
pub fn clauses(terms: &PolicyTerms, names: &impl Names) -> Vec<String> {
    let mut out = approval(terms, names);
    out.push(requesters(terms.requesters, names));
    limits(&terms.limits, &mut out);
    if !terms.bind.is_empty() {
        let bound: Vec<_> = terms.bind.iter().map(|name| format!("`{name}`")).collect();
        out.push(format!("{} as approved", bound.join(" and ")));
    }
    if let Some(ticket) = &terms.ticket {
        out.push(format!("with a ticket like `{ticket}`"));
    }
    if !terms.windows.is_empty() {
        let windows: Vec<_> = terms.windows.iter().map(ToString::to_string).collect();
        out.push(format!("only {}", windows.join(" or ")));
    }
    if !terms.approve_for_less && terms.approval != Approval::Auto {
        out.push("as asked or not at all".to_owned());
    }
    out
}

fn approval(terms: &PolicyTerms, names: &impl Names) -> Vec<String> {
    let Approval::Manual { stages } = &terms.approval else {
        return vec!["approved at once without a person".to_owned()];
    };
    let stages: Vec<_> = stages.iter().map(|stage| self::stage(*stage, names)).collect();
    let mut out = vec![stages.join(", then "), "never the requester".to_owned()];
    match (terms.assurance, terms.freshness) {
        (Assurance::Session, None) => {}
        (assurance, None) => out.push(format!("each with {}", assurance.words())),
        (assurance, Some(age)) => out.push(format!("each with {} no older than {age}", assurance.words())),
    }
    out
}

fn stage(stage: Stage, names: &impl Names) -> String {
    let noun = |count: usize| if count == 1 { "person" } else { "people" };
    let Some(group) = stage.approvers.group(names.default_group()) else {
        return format!("{} of the default approver group, which is not set", stage.seats);
    };
    let count = names.people(group);
    let default = if stage.approvers == Approvers::DefaultGroup { " (default approvers)" } else { "" };
    format!("{} of {count} {} of {}{default}", stage.seats, noun(count), self::group(group, names))
}

fn group(id: GroupId, names: &impl Names) -> String {
    names.group(id).map_or_else(|| "a group that no longer exists".to_owned(), |name| format!("`{name}`"))
}

fn requesters(requesters: Requesters, names: &impl Names) -> String {
    match requesters {
        Requesters::ByRole => "asked for by role holders".to_owned(),
        Requesters::Everyone => "asked for by everyone".to_owned(),
        Requesters::Group(id) => format!("asked for by people of {}", group(id, names)),
    }
}

fn limits(limits: &Limits, out: &mut Vec<String>) {
    if let Some(duration) = limits.max_duration {
        out.push(format!("at most {duration}"));
    }
    match limits.max_uses {
        None => {}
        Some(1) => out.push("one use".to_owned()),
        Some(uses) => out.push(format!("{uses} uses")),
    }
    if limits.parallel > 1 {
        out.push(format!("up to {} at the same time", limits.parallel));
    }
    if let Some(Rate { count, per }) = limits.rate {
        let noun = if count == 1 { "request" } else { "requests" };
        out.push(format!("{count} {noun} per {per} and person"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::Target;
    use super::*;
    use crate::time::Span;

    struct Directory;
    const MANAGERS: GroupId = GroupId::from_bytes([1; 16]);
    const OWNERS: GroupId = GroupId::from_bytes([2; 16]);

    impl Names for Directory {
        fn group(&self, id: GroupId) -> Option<String> {
            [(MANAGERS, "Mailbox Managers"), (OWNERS, "Owners")]
                .into_iter()
                .find_map(|(known, name)| (known == id).then(|| name.to_owned()))
        }
        fn people(&self, id: GroupId) -> usize {
            if id == MANAGERS { 5 } else { 1 }
        }
        fn default_group(&self) -> Option<GroupId> {
            Some(OWNERS)
        }
    }

    fn terms(approval: Approval) -> PolicyTerms {
        PolicyTerms::new(Target::Task("Exchange\\New-MoveRequest".parse().unwrap()), approval)
    }

    #[test]
    fn an_approver_reads_the_whole_effect() {
        let stages = vec![
            Stage { approvers: Approvers::Group(MANAGERS), seats: 2 },
            Stage { approvers: Approvers::DefaultGroup, seats: 1 },
        ];
        let all = PolicyTerms {
            requesters: Requesters::Group(MANAGERS),
            limits: Limits {
                max_duration: Some(Span::from_hours(8)),
                max_uses: Some(1),
                parallel: 2,
                rate: Some(Rate { count: 3, per: Span::from_hours(24) }),
            },
            bind: ["Identity", "Target"].iter().map(|name| name.parse().unwrap()).collect(),
            ticket: Some("CHG#+".parse().unwrap()),
            assurance: Assurance::SecondFactor,
            freshness: Some(Span::from_mins(15)),
            windows: vec![
                serde_json::from_str(
                    r#"{"zone":"Europe/Berlin","days":["fri","mon","tue","wed"],"from":"08:00","until":"18:00"}"#,
                )
                .unwrap(),
            ],
            approve_for_less: false,
            ..terms(Approval::Manual { stages })
        };
        assert_eq!(
            effect(&all, &Directory),
            "2 of 5 people of `Mailbox Managers`, then 1 of 1 person of `Owners` (default approvers), \
             never the requester, each with a second factor no older than 15 min, \
             asked for by people of `Mailbox Managers`, at most 8 h, one use, up to 2 at the same time, \
             3 requests per 24 h and person, `Identity` and `Target` as approved, with a ticket like `CHG#+`, \
             only Mon to Wed, Fri 08:00–18:00 Europe/Berlin, as asked or not at all"
        );
    }

    #[test]
    fn auto_and_everyone_are_said_openly() {
        let auto = PolicyTerms { requesters: Requesters::Everyone, ..terms(Approval::Auto) };
        assert_eq!(
            effect(&auto, &Directory),
            "approved at once without a person, asked for by everyone, 10 requests per 24 h and person"
        );
    }

    #[test]
    fn a_lost_group_is_not_hidden() {
        let lost = Approvers::Group(GroupId::from_bytes([9; 16]));
        let text = effect(
            &terms(Approval::Manual { stages: vec![Stage { approvers: lost, seats: 1 }] }),
            &Directory,
        );
        assert!(text.starts_with("1 of 1 person of a group that no longer exists"), "{text}");
    }
}
