//! Everything that the terms of a policy can say can be said when one is made or changed.

use countersign_core::builtin::policy_parameters;
use countersign_core::id::PolicyId;
use countersign_core::policy::{
    Approval, Approvers, Assurance, Limits, PolicyTerms, Rate, Requesters, Stage, Target,
};
use countersign_core::refusal::Code;
use countersign_core::time::Span;
use serde_json::{Value as Json, json};

use crate::world::{DISK, World};

/// Terms that say something in every field, field by field: a new one has to be named here.
fn each(world: &World) -> Vec<(&'static str, PolicyTerms)> {
    let group = world.state.directory.group_named(&"Deciders".parse().unwrap()).unwrap();
    let seat = |approvers| Stage { approvers, seats: 1 };
    let stages = vec![seat(Approvers::Group(group)), seat(Approvers::DefaultGroup)];
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
    } = PolicyTerms {
        target: Target::Task(DISK.parse().unwrap()),
        approval: Approval::Manual { stages },
        requesters: Requesters::Group(group),
        limits: Limits {
            max_duration: Some(Span::from_mins(90)),
            max_uses: Some(7),
            parallel: 3,
            rate: Some(Rate { count: 4, per: Span::from_mins(45) }),
        },
        bind: ["Path".parse().unwrap()].into(),
        ticket: Some("CHG#+".parse().unwrap()),
        assurance: Assurance::SignedStatement,
        freshness: Some(Span::from_secs(90)),
        windows: serde_json::from_value(json!([
            {"zone": "Europe/Berlin", "days": ["mon", "fri"], "from": "22:00", "until": "02:30"}
        ]))
        .unwrap(),
        approve_for_less: false,
    };
    let base = PolicyTerms::new(target, Approval::one_default_approver());
    let with = |limits: Limits| PolicyTerms { limits, ..base.clone() };
    let limits = base.limits;
    vec![
        ("approval", PolicyTerms { approval, ..base.clone() }),
        ("auto", PolicyTerms::new(base.target.clone(), Approval::Auto)),
        ("requesters", PolicyTerms { requesters, ..base.clone() }),
        ("everyone", PolicyTerms { requesters: Requesters::Everyone, ..base.clone() }),
        ("max_duration", with(Limits { max_duration, ..limits })),
        ("max_uses", with(Limits { max_uses, ..limits })),
        ("parallel", with(Limits { parallel, ..limits })),
        ("rate", with(Limits { rate, ..limits })),
        ("bind", PolicyTerms { bind, ..base.clone() }),
        ("ticket", PolicyTerms { ticket, ..base.clone() }),
        ("passkey", PolicyTerms { assurance: Assurance::Passkey, ..base.clone() }),
        ("assurance", PolicyTerms { assurance, ..base.clone() }),
        ("freshness", PolicyTerms { freshness, ..base.clone() }),
        ("windows", PolicyTerms { windows, ..base.clone() }),
        ("approve_for_less", PolicyTerms { approve_for_less, ..base.clone() }),
        ("nothing", base),
    ]
}

const NEW: &str = "Countersign\\New-ElevatedAccessApprovalPolicy";

fn world() -> World {
    let mut world = World::prepared();
    world.run("ada", "New-Group", json!({"Name": "Deciders", "Mail": "deciders@fabrikam.example"}));
    world.join("Deciders", &["bob", "cyd"]);
    world
}

fn values(world: &World, terms: &PolicyTerms) -> Json {
    let named = |id| world.state.directory.group(id).unwrap().name.to_string();
    json!(policy_parameters(terms, &named))
}

#[test]
fn every_term_can_be_given_when_a_policy_is_made_and_when_it_is_changed() {
    let mut world = world();
    let made = world.run("ada", "New-ElevatedAccessApprovalPolicy", json!({"Task": DISK}));
    let policy: PolicyId = made["policy"].parse().unwrap();
    for (field, terms) in each(&world) {
        let mut given = values(&world, &terms);
        given.as_object_mut().unwrap().remove("Task");
        given["Identity"] = json!(made["policy"]);
        world.run("ada", "Set-ElevatedAccessApprovalPolicy", given);
        assert_eq!(*world.state.policies[&policy].terms, terms, "{field}, changed");
    }
    world.run("ada", "Remove-ElevatedAccessApprovalPolicy", json!({"Identity": made["policy"]}));
    for (field, terms) in each(&world) {
        let given = values(&world, &terms);
        let made = world.run("ada", "New-ElevatedAccessApprovalPolicy", given);
        let policy: PolicyId = made["policy"].parse().unwrap();
        assert_eq!(*world.state.policies[&policy].terms, terms, "{field}, made");
        world.run("ada", "Remove-ElevatedAccessApprovalPolicy", json!({"Identity": made["policy"]}));
    }
}

#[test]
fn terms_that_contradict_each_other_are_refused_and_none_is_passed_over() {
    let mut world = world();
    let cases = [
        json!({"MaximumDuration": "90m", "MaximumDurationHours": 1}),
        json!({"Freshness": "90s", "FreshnessMinutes": 1}),
        json!({"ApprovalType": "Auto", "ApproverGroup": "Deciders"}),
        json!({"ApprovalType": "Auto", "Approvers": 1}),
        json!({"ApprovalType": "Auto", "Stages": ["Deciders:1"]}),
        json!({"Stages": ["Deciders:1"], "Approvers": 1}),
        json!({"Stages": ["Deciders:1"], "ApproverGroup": "Deciders"}),
        json!({"RequesterGroup": "Deciders", "Everyone": true}),
        json!({"Rate": "10"}),
        json!({"Rate": "10/1x"}),
        json!({"Windows": "[{}]"}),
        json!({"MaximumDuration": "0s"}),
    ];
    for mut values in cases {
        values["Task"] = json!(DISK);
        let refused = world.execute("ada", NEW, values.clone()).unwrap_err();
        assert_eq!(refused.code, Code::ParameterInvalid, "{values}: {refused}");
    }
    let none = json!({"Task": DISK, "Rate": "0/1h"});
    let refused = world.execute("ada", NEW, none).unwrap_err();
    assert_eq!(refused.code, Code::DefinitionInvalid);
}

/// Nobody can sign in with a passkey yet: asked for on the control plane, it would shut it for ever.
#[test]
fn g17_the_control_plane_cannot_be_shut_by_an_assurance_that_nobody_can_give() {
    let mut world = World::prepared();
    let values = |assurance: &str| {
        json!({
            "Task": "Countersign\\New-Group", "MinimumAssurance": assurance, "MaximumDurationHours": 1,
            "MaximumUses": 1, "BindParameters": ["Name", "Mail"],
        })
    };
    for assurance in ["Passkey", "SignedStatement"] {
        let refused = world.execute("ada", NEW, values(assurance)).unwrap_err();
        assert_eq!(refused.code, Code::DefinitionInvalid, "{assurance}");
    }
    world.run("ada", "New-ElevatedAccessApprovalPolicy", values("SecondFactor"));
}
