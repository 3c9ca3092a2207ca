//! What a policy says.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::approval::{Approval, Requesters};
use super::assurance::Assurance;
use super::limits::{Limits, Rate};
use super::target::Target;
use super::ticket::TicketPattern;
use super::window::WeeklyWindow;
use crate::name::ParameterName;
use crate::time::Span;

/// The terms of an approval policy: everything a request under it is measured by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyTerms {
    /// What it covers.
    pub target: Target,
    /// How a request is decided.
    pub approval: Approval,
    /// Who may ask.
    #[serde(default)]
    pub requesters: Requesters,
    /// How long, how often, how many at once.
    #[serde(default)]
    pub limits: Limits,
    /// Parameters whose binding is `policy` and that this policy binds; at most 256.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub bind: BTreeSet<ParameterName>,
    /// The shape of the ticket number each request must carry; none asks for no ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketPattern>,
    /// The least strength of an approval.
    #[serde(default)]
    pub assurance: Assurance,
    /// How long before the vote the assurance may have been given, 1 second to 24 hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freshness: Option<Span>,
    /// When it is open; none means always. At most 64.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<WeeklyWindow>,
    /// Whether approvers may grant less than was asked for.
    #[serde(default = "yes")]
    pub approve_for_less: bool,
}

/// One thing wrong with terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field, as a path such as `stages[1].seats`; stages and windows count from 0.
    pub at: String,
    /// What is wrong, as a sentence without its full stop.
    pub message: String,
}

impl PolicyTerms {
    /// The most stages of a manual approval.
    pub const MOST_STAGES: usize = 8;
    /// The most seats of a stage.
    pub const MOST_SEATS: u16 = 16;
    /// The most weekly windows.
    pub const MOST_WINDOWS: usize = 64;
    /// The most bound parameters.
    pub const MOST_BOUND: usize = 256;
    /// The most requests that a rate may allow: so many grants of one person are remembered.
    pub const MOST_RATE: u32 = 1_000;
    /// The longest duration that a policy may allow.
    pub const MOST_DURATION: Span = Span::from_hours(30 * 24);

    /// Terms with every default. An Auto policy gets [`Rate::AUTO_DEFAULT`].
    #[must_use]
    pub fn new(target: Target, approval: Approval) -> Self {
        Self {
            target,
            approval,
            requesters: Requesters::ByRole,
            limits: Limits::default(),
            bind: BTreeSet::new(),
            ticket: None,
            assurance: Assurance::Session,
            freshness: None,
            windows: Vec::new(),
            approve_for_less: true,
        }
        .completed()
    }

    /// Fills in what must not stay open: the rate of an Auto policy. Call it before [`Self::validate`] on what a
    /// person sent, so that the rate stands in the recorded terms.
    #[must_use]
    pub fn completed(mut self) -> Self {
        if self.approval == Approval::Auto {
            self.limits.rate.get_or_insert(Rate::AUTO_DEFAULT);
        }
        self
    }

    /// Checks every bound.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the fields.
    pub fn validate(&self) -> Result<(), Vec<Fault>> {
        let mut faults = Faults(Vec::new());
        self.check_approval(&mut faults);
        self.check_limits(&mut faults);
        faults.unless(self.bind.len() <= Self::MOST_BOUND, "bind", "at most 256 parameters can be bound");
        self.check_assurance(&mut faults);
        self.check_windows(&mut faults);
        if faults.0.is_empty() { Ok(()) } else { Err(faults.0) }
    }

    fn check_approval(&self, faults: &mut Faults) {
        let Approval::Manual { stages } = &self.approval else { return };
        let count = (1..=Self::MOST_STAGES).contains(&stages.len());
        faults.unless(count, "stages", "a manual approval has 1 to 8 stages");
        for (index, stage) in stages.iter().enumerate().take(Self::MOST_STAGES) {
            let seats = (1..=Self::MOST_SEATS).contains(&stage.seats);
            faults.unless(seats, format_args!("stages[{index}].seats"), "a stage has 1 to 16 seats");
        }
    }

    fn check_limits(&self, faults: &mut Faults) {
        let Limits { max_duration, max_uses, parallel, rate } = self.limits;
        let duration = max_duration.is_none_or(|it| (Span::from_secs(1)..=Self::MOST_DURATION).contains(&it));
        faults.unless(
            duration,
            "limits.max_duration",
            "a maximum duration lies between 1 second and 30 days",
        );
        let uses = max_uses.is_none_or(|it| (1..=1_000_000).contains(&it));
        faults.unless(uses, "limits.max_uses", "a maximum of uses lies between 1 and 1,000,000");
        faults.unless((1..=100).contains(&parallel), "limits.parallel", "1 to 100 may run at the same time");
        if let Some(rate) = rate {
            let count = (1..=Self::MOST_RATE).contains(&rate.count);
            faults.unless(count, "limits.rate.count", "a rate's count lies between 1 and 1,000");
            let per = (Span::from_secs(1)..=Span::from_hours(366 * 24)).contains(&rate.per);
            faults.unless(per, "limits.rate.per", "a rate's stretch lies between 1 second and 366 days");
        } else {
            faults.unless(self.approval != Approval::Auto, "limits.rate", "an Auto policy needs a rate");
        }
    }

    fn check_assurance(&self, faults: &mut Faults) {
        let manual = self.approval != Approval::Auto;
        let session = self.assurance == Assurance::Session;
        faults.unless(
            manual || session,
            "assurance",
            "nobody approves under Auto, so no assurance can be asked for",
        );
        let Some(freshness) = self.freshness else { return };
        faults.unless(manual, "freshness", "nobody approves under Auto, so no freshness can be asked for");
        let bounds = (Span::from_secs(1)..=Span::from_hours(24)).contains(&freshness);
        faults.unless(bounds, "freshness", "a freshness lies between 1 second and 24 hours");
    }

    fn check_windows(&self, faults: &mut Faults) {
        faults.unless(self.windows.len() <= Self::MOST_WINDOWS, "windows", "at most 64 windows");
        for (index, window) in self.windows.iter().enumerate().take(Self::MOST_WINDOWS) {
            let days = !window.days.is_empty();
            faults.unless(days, format_args!("windows[{index}].days"), "a window opens on at least one day");
            let zone = window.zone.rules().is_some();
            faults.unless(zone, format_args!("windows[{index}].zone"), "this time zone is not known");
        }
    }
}

struct Faults(Vec<Fault>);

impl Faults {
    fn unless(&mut self, fine: bool, at: impl fmt::Display, message: &str) {
        if !fine {
            self.0.push(Fault { at: at.to_string(), message: message.to_owned() });
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.message)
    }
}

const fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Approvers, Stage, arbitrary};
    use super::*;

    fn manual(stages: usize, seats: u16) -> PolicyTerms {
        let stages = vec![Stage { approvers: Approvers::DefaultGroup, seats }; stages];
        PolicyTerms::new(
            Target::Task("Exchange\\New-MoveRequest".parse().unwrap()),
            Approval::Manual { stages },
        )
    }

    fn auto() -> PolicyTerms {
        PolicyTerms::new(Target::Task("Exchange\\New-MoveRequest".parse().unwrap()), Approval::Auto)
    }

    fn limited(limits: Limits) -> PolicyTerms {
        PolicyTerms { limits, ..manual(1, 1) }
    }

    #[test]
    fn g10_g22_every_bound_is_checked_and_named() {
        let rate = |count, per| Limits { rate: Some(Rate { count, per }), ..Limits::default() };
        let duration = |span| Limits { max_duration: Some(span), ..Limits::default() };
        let windows = |json: &str, count| PolicyTerms {
            windows: vec![serde_json::from_str(json).unwrap(); count],
            ..manual(1, 1)
        };
        let window = r#"{"zone":"UTC","days":["mon"],"from":"08:00","until":"18:00"}"#;
        let cases: Vec<(PolicyTerms, &[&str])> = vec![
            (manual(1, 1), &[]),
            (manual(8, 16), &[]),
            (auto(), &[]),
            (manual(0, 1), &["stages"]),
            (manual(9, 1), &["stages"]),
            (manual(2, 0), &["stages[0].seats", "stages[1].seats"]),
            (manual(1, 17), &["stages[0].seats"]),
            (limited(duration(Span::ZERO)), &["limits.max_duration"]),
            (limited(duration(Span::from_hours(720))), &[]),
            (limited(duration(Span::from_hours(721))), &["limits.max_duration"]),
            (limited(Limits { max_uses: Some(0), ..Limits::default() }), &["limits.max_uses"]),
            (limited(Limits { parallel: 0, ..Limits::default() }), &["limits.parallel"]),
            (limited(Limits { parallel: 101, ..Limits::default() }), &["limits.parallel"]),
            (limited(rate(0, Span::ZERO)), &["limits.rate.count", "limits.rate.per"]),
            (PolicyTerms { limits: Limits::default(), ..auto() }, &["limits.rate"]),
            (PolicyTerms { assurance: Assurance::Passkey, ..auto() }, &["assurance"]),
            (PolicyTerms { freshness: Some(Span::from_mins(5)), ..auto() }, &["freshness"]),
            (PolicyTerms { freshness: Some(Span::ZERO), ..manual(1, 1) }, &["freshness"]),
            (windows(window, 64), &[]),
            (windows(window, 65), &["windows"]),
            (windows(&window.replace("\"mon\"", ""), 1), &["windows[0].days"]),
            (windows(&window.replace("UTC", "Mars/Olympus"), 1), &["windows[0].zone"]),
        ];
        for (terms, expected) in cases {
            let faults = terms.validate().err().unwrap_or_default();
            let found: Vec<_> = faults.iter().map(|fault| fault.at.as_str()).collect();
            assert_eq!(found, expected, "{terms:?}");
        }
    }

    #[test]
    fn an_auto_policy_always_gets_a_rate_and_keeps_a_given_one() {
        assert_eq!(auto().limits.rate, Some(Rate::AUTO_DEFAULT));
        let given = Some(Rate { count: 1, per: Span::from_hours(1) });
        let terms = PolicyTerms { limits: Limits { rate: given, ..Limits::default() }, ..auto() };
        assert_eq!(terms.completed().limits.rate, given);
        assert_eq!(manual(1, 1).limits.rate, None);
    }

    #[test]
    fn the_stored_form_is_short_stable_and_strict() {
        let text = r#"{"target":{"type":"Task","name":"Exchange\\New-MoveRequest"},"approval":{"Manual":{"stages":[{"approvers":"DefaultGroup","seats":1}]}},"requesters":"ByRole","limits":{"parallel":1},"assurance":"Session","approve_for_less":true}"#;
        assert_eq!(serde_json::to_string(&manual(1, 1)).unwrap(), text);
        let short = r#"{"target":{"type":"Task","name":"Exchange\\New-MoveRequest"},"approval":{"Manual":{"stages":[{"approvers":"DefaultGroup","seats":1}]}}}"#;
        assert_eq!(serde_json::from_str::<PolicyTerms>(short).unwrap(), manual(1, 1));
        let breaks = [
            (r#""seats":1"#, r#""seats":1,"quorum":2"#),
            (r#""seats":1"#, r#""seats":-1"#),
            (r#""seats":1"#, r#""seats":1,"seats":2"#),
            (r#""DefaultGroup""#, r#"{"Group":"Owners"}"#),
            (r#""Manual":{"#, r#""Manual":{"seats":1,"#),
            (r#"{"Manual":{"stages":[{"approvers":"DefaultGroup","seats":1}]}}"#, r#"{"Auto":{"seats":1}}"#),
            (r#""parallel":1"#, r#""parallel":1,"parralel":2"#),
            (r#""ByRole""#, r#""byrole""#),
            (r#""assurance""#, r#""requesters":"Everyone","assurance""#),
        ];
        for (from, to) in breaks {
            assert!(text.contains(from), "{from}");
            assert!(serde_json::from_str::<PolicyTerms>(&text.replacen(from, to, 1)).is_err(), "{to}");
        }
    }

    proptest! {
        #[test]
        fn what_is_stored_is_read_back(terms in arbitrary::terms()) {
            let text = serde_json::to_string(&terms).unwrap();
            prop_assert_eq!(serde_json::from_str::<PolicyTerms>(&text).unwrap(), terms);
        }
    }
}
