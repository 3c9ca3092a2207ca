//! Shows the organization, and what stands above every page.

use axum::extract::State;
use countersign_core::id::GroupId;
use countersign_core::name::GroupName;
use countersign_core::organization::{Access, ControlPlane, SecondFactor, Unprotected};
use countersign_core::shortage;
use countersign_core::state::State as Everything;
use schemars::JsonSchema;
use serde::Serialize;

use super::recovery::{Recovery, RestoredCopy, recoveries};
use crate::app::{App, Notice};
use crate::json::Answer;
use crate::problem::Result;
use crate::routes::{Route, json};
use crate::schema::text::{self, At};
use crate::schema::word;
use crate::see::config;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: whether privileged access is in force, and its warnings, are every person's to know",
    summary: "The organization: its name, whether privileged access is in force, settings, warnings.",
    answer: json::<Organization>(),
    ..Route::get("/api/v1/organization", || axum::routing::get(show))
};

/// The organization.
#[derive(Serialize, JsonSchema)]
struct Organization {
    name: String,
    /// The IANA zone shown beside UTC.
    zone: String,
    /// The ledger it began with.
    ledger: String,
    access: AccessState,
    /// Whether it is being set up.
    set_up: bool,
    #[schemars(with = "word::ControlPlane")]
    control_plane: ControlPlane,
    default_approvers: Option<DefaultApprovers>,
    settings: Settings,
    /// The ledger's epoch: each restored copy that was accepted began another.
    epoch: u32,
    /// What is wrong with the ledger, if it is a restored copy: it is only read until it is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    restored: Option<RestoredCopy>,
    /// Each use of host recovery within the last 30 days, the newest first.
    recoveries: Vec<Recovery>,
    /// What stands above every page.
    banners: Vec<Notice>,
    seq: u64,
}

/// Whether privileged access is in force.
#[derive(Serialize, JsonSchema)]
struct AccessState {
    state: AccessWord,
    /// When it comes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<At>,
}

/// The states of privileged access.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum AccessWord {
    SetUp,
    On,
    Off,
    OffUntil,
    Observe,
}

/// Who decides where a policy names nobody else.
#[derive(Serialize, JsonSchema)]
struct DefaultApprovers {
    #[schemars(with = "text::GroupId")]
    id: GroupId,
    #[schemars(with = "text::Name")]
    name: GroupName,
}

/// What an administrator may set.
#[derive(Serialize, JsonSchema)]
struct Settings {
    /// What holds for tasks that no policy covers.
    #[schemars(with = "word::Unprotected")]
    unprotected: Unprotected,
    #[schemars(with = "word::SecondFactor")]
    second_factor: SecondFactor,
    max_duration_secs: u64,
    pending_for_secs: u64,
    open_requests_each: u32,
    open_requests: u32,
    output_retention_secs: u64,
}

const RESTORED: &str = "The ledger is a restored copy: it is only read, and nothing is recorded or run, until two default \
                        approvers or the host's administrator accept it.";

async fn show(State(app): State<App>, viewer: Viewer) -> Result<Answer<Organization>> {
    let (state, now) = (app.state(), app.now());
    let organization = &state.organization;
    let default = organization.default_approvers.and_then(|id| {
        state.directory.group(id).map(|group| DefaultApprovers { id, name: group.name.clone() })
    });
    let engine = app.engine().clone();
    let health = tokio::task::spawn_blocking(move || engine.health());
    let health = health.await.map_err(crate::problem::Problem::internal)?;
    let mut banners = banners(&state);
    banners.extend(app.options().notices.iter().cloned());
    let restored = app.engine().restored();
    if restored.is_some() {
        banners.insert(0, banner("restored_copy", RESTORED));
    }
    let recoveries = recoveries(&app, now).await?;
    if !recoveries.is_empty() {
        banners
            .push(banner("recovery_used", "The host's recovery command was used within the last 30 days."));
    }
    if !health.outbox.mails {
        banners.push(banner("mail_not_set_up", "Mail is not set up: approvers are NOT told of requests."));
    }
    if config::reads(&state, viewer.person, now) {
        banners.extend(health.notes.iter().map(|note| banner("health", note)));
        if !organization.in_set_up() {
            banners.extend(at_risk(&state));
        }
    }
    Ok(Answer(Organization {
        name: organization.name.clone(),
        zone: organization.zone.clone(),
        ledger: organization.ledger.clone(),
        access: AccessState::of(organization.access),
        set_up: organization.in_set_up(),
        control_plane: organization.control_plane,
        default_approvers: default,
        settings: Settings::of(&state),
        epoch: organization.epoch(),
        restored: restored.map(|restored| RestoredCopy::of(&restored, state.next_seq)),
        recoveries,
        banners,
        seq: state.next_seq,
    }))
}

impl AccessState {
    fn of(access: Access) -> Self {
        let (state, until) = match access {
            Access::SetUp => (AccessWord::SetUp, None),
            Access::On => (AccessWord::On, None),
            Access::Off => (AccessWord::Off, None),
            Access::OffUntil { until } => (AccessWord::OffUntil, Some(until.into())),
            Access::Observe => (AccessWord::Observe, None),
        };
        Self { state, until }
    }
}

impl Settings {
    fn of(state: &Everything) -> Self {
        let settings = &state.organization.settings;
        Self {
            unprotected: settings.unprotected,
            second_factor: settings.second_factor,
            max_duration_secs: settings.max_duration.as_secs(),
            pending_for_secs: settings.pending_for.as_secs(),
            open_requests_each: settings.open_requests_each,
            open_requests: settings.open_requests,
            output_retention_secs: settings.output_retention.as_secs(),
        }
    }
}

fn banner(code: &str, text: &str) -> Notice {
    Notice { code: code.to_owned(), text: text.to_owned() }
}

fn banners(state: &Everything) -> Vec<Notice> {
    let organization = &state.organization;
    let mut banners = Vec::new();
    let mut warn = |when: bool, code: &str, text: &str| {
        if when {
            banners.push(banner(code, text));
        }
    };
    let access = organization.access;
    warn(access == Access::SetUp, "set_up", "The organization is being set up: nothing is protected yet.");
    warn(access == Access::Off, "access_off", "Privileged access is off.");
    warn(matches!(access, Access::OffUntil { .. }), "access_off", "Privileged access is off for a while.");
    warn(
        access == Access::Observe,
        "access_observes",
        "Privileged access only observes: nothing is refused.",
    );
    let set_up = organization.in_set_up();
    warn(
        !set_up && organization.control_plane == ControlPlane::Unprotected,
        "control_plane_unprotected",
        "The control plane is not protected: role holders change policies without approval.",
    );
    warn(
        !set_up && organization.settings.second_factor == SecondFactor::NotRequired,
        "second_factor_not_required",
        "No second factor is needed to approve or to change the control plane.",
    );
    warn(
        organization.clock_suspect,
        "clock_suspect",
        "The server's clock is suspect: approvals and starts wait until it is accepted.",
    );
    warn(
        !state.short.is_empty(),
        "quorum_lost",
        "Too few people could approve under some policies: requests under them are refused until people are added.",
    );
    banners
}

/// Policies that one person's leaving would break, for who can mend it.
fn at_risk(state: &Everything) -> Option<Notice> {
    let hang = state.policies.values().filter(|policy| shortage::hangs_on_one(state, &policy.terms));
    let text = match hang.count() {
        0 => return None,
        1 => "Under one policy, one approver's leaving would leave too few: add people to its groups."
            .to_owned(),
        many => format!(
            "Under {many} policies, one approver's leaving would leave too few: add people to their groups."
        ),
    };
    Some(banner("quorum_at_risk", &text))
}
