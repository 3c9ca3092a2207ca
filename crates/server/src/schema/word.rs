//! Words of which there are few.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

macro_rules! words {
    ($($name:ident, $description:literal, [$($word:literal)*];)*) => {$(
        pub(crate) enum $name {}

        impl $name {
            pub(crate) const ALL: &'static [&'static str] = &[$($word),*];
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "description": $description, "enum": Self::ALL })
            }
        }
    )*};
}

words! {
    RequestStatus, "How an access request stands, or how it ended.", [
        "pending" "approved" "denied" "cancelled" "expired" "unfillable" "policy_changed" "definition_changed"
        "not_eligible" "person_disabled" "access_disabled" "restored"
    ];
    AuthorizationStatus, "How an authorization stands, or how it ended.", [
        "active" "expired" "given_back" "revoked" "quorum_lost" "policy_changed" "definition_changed" "not_eligible"
        "person_disabled" "access_disabled" "emergency_stop" "clock_fault" "restored"
    ];
    ExecutionStatus, "How an execution stands, or how it ended.", [
        "running" "succeeded" "failed" "stopped" "unknown"
    ];
    StepStatus, "What a request is after a step.", ["pending" "approved" "denied" "cancelled" "ended"];
    TargetType, "What kind of thing is asked for.", ["Task" "Role" "Role Group"];
    Assurance, "How an approval was given, from the weakest on.", [
        "Session" "SecondFactor" "Passkey" "SignedStatement"
    ];
    Scope, "What an API token may do.", ["request" "execute" "read" "raise"];
    Unprotected, "What holds for tasks that no policy covers.", ["role_holders_run" "default_approvers_decide"];
    ControlPlane, "Whether the control plane is protected.", ["protected" "unprotected"];
    SecondFactor, "Whether people need a second factor to approve or to touch the control plane.", [
        "required" "not_required"
    ];
    BasisKind, "The kind of ground on which an execution runs.", ["authorization" "role" "exemption" "set_up"];
}

#[cfg(test)]
mod tests {
    use countersign_core::actor;
    use countersign_core::event::body::{AuthorizationEnd, RequestEnd};
    use countersign_core::organization;
    use countersign_core::policy;
    use countersign_core::view;
    use serde::de::DeserializeOwned;

    use super::*;

    /// The words that a core type reads: a text that is none of them is answered by all of them.
    fn read_by<T: DeserializeOwned + std::fmt::Debug>() -> Vec<String> {
        let error = serde_json::from_str::<T>("\"?\"").unwrap_err().to_string();
        let (_, words) = error.split_once("expected").unwrap();
        words.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    fn same(words: &[&str], more: &[&str], core: Vec<String>) {
        let all: Vec<String> = more.iter().map(|word| (*word).to_owned()).chain(core).collect();
        assert_eq!(words, all);
    }

    #[test]
    fn words_are_cores() {
        same(RequestStatus::ALL, &["pending", "approved"], read_by::<RequestEnd>());
        same(AuthorizationStatus::ALL, &["active"], read_by::<AuthorizationEnd>());
        same(
            ExecutionStatus::ALL,
            &[],
            view::ExecutionStatus::ALL.iter().map(|status| status.word()).collect(),
        );
        same(StepStatus::ALL, &[], read_by::<countersign_core::decide::RequestStatus>());
        same(Assurance::ALL, &[], read_by::<policy::Assurance>());
        same(Unprotected::ALL, &[], read_by::<organization::Unprotected>());
        same(ControlPlane::ALL, &[], read_by::<organization::ControlPlane>());
        same(SecondFactor::ALL, &[], read_by::<organization::SecondFactor>());
        same(Scope::ALL, &[], read_by::<actor::Scope>());
    }
}
