//! Certificates with which we sign in: for one execution, one account and, unless the host file says otherwise, one command.
//!
//! The key in it is made for the execution, never leaves this process and is forgotten when it was used. Format:
//! OpenSSH's PROTOCOL.certkeys.

use std::sync::Arc;

use countersign_runspace::{Refusal, WorkOrder, clock};
use russh::keys::key::safe_rng;
use russh::keys::ssh_key::certificate::{Builder, CertType};
use russh::keys::{Algorithm, Certificate, PrivateKey};

use super::connect::Errand;
use super::target::{CertificateRules, CommandRule};

/// Seconds that the clocks of two hosts may differ by.
const SKEW: u64 = 60;
const SECOND: u64 = 1_000_000_000;

/// What is executed on a host that only lets others through: nothing.
const NOTHING: &str = "/bin/false";

/// A key and the authority's word for it.
pub(super) fn sign(
    rules: &CertificateRules,
    authority: &PrivateKey,
    account: &str,
    errand: Errand<'_>,
    order: &WorkOrder,
) -> Result<(Arc<PrivateKey>, Certificate), Refusal> {
    let made = make(rules, authority, account, errand, order);
    made.map_err(|error| Refusal::new("credential_unavailable", format!("no certificate was made: {error}")))
}

fn make(
    rules: &CertificateRules,
    authority: &PrivateKey,
    account: &str,
    errand: Errand<'_>,
    order: &WorkOrder,
) -> Result<(Arc<PrivateKey>, Certificate), russh::keys::ssh_key::Error> {
    let key = PrivateKey::random(&mut safe_rng(), Algorithm::Ed25519)?;
    let now = clock::wall_seconds();
    let left = order.deadline.saturating_sub(clock::boot_now()).div_ceil(SECOND);
    let left = match errand {
        Errand::Command(_) => left,
        // What ends an execution may come after the deadline.
        Errand::End(_) | Errand::Pass => left.max(SKEW),
    };
    let (from, until) = (now.saturating_sub(SKEW), now.saturating_add(left));
    let mut builder = Builder::new_with_random_nonce(&mut safe_rng(), key.public_key().clone(), from, until)?;
    builder.cert_type(CertType::User)?;
    builder.serial(serial(order))?;
    builder.key_id(id(order))?;
    builder.valid_principal(rules.principals.get(account).map_or(account, String::as_str))?;
    if !rules.source_addresses.is_empty() {
        builder.critical_option("source-address", rules.source_addresses.join(","))?;
    }
    match errand {
        Errand::Command(command) | Errand::End(command) => {
            if rules.command == CommandRule::Forced {
                builder.critical_option("force-command", command)?;
            }
        }
        Errand::Pass => {
            builder.critical_option("force-command", NOTHING)?;
            builder.extension("permit-port-forwarding", "")?;
        }
    }
    // No extension else: no terminal, no forwarding of ports, agents or screens, and no file of the account is run.
    Ok((Arc::new(key), builder.sign(authority)?))
}

/// What the host writes into its log: which execution it is, and for whom.
fn id(order: &WorkOrder) -> String {
    let display = order.on_behalf_of.display.chars().filter(|c| !c.is_control()).take(100);
    format!("countersign {} {} {}", order.execution, order.on_behalf_of.person, display.collect::<String>())
}

/// A number by which a certificate can be revoked: the first 64 bits of the execution's id.
fn serial(order: &WorkOrder) -> u64 {
    let digits = order.execution.as_str().get(2..18).unwrap_or_default();
    u64::from_str_radix(digits, 16).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn order(seconds: u64) -> WorkOrder {
        let deadline = clock::boot_now() + seconds * SECOND;
        serde_json::from_value(json!({
            "execution": "x-00000000000000ff0000000000000000", "workload": "Linux", "task": "Run",
            "on_behalf_of": {"person": "p-1", "display": "Ada\u{7}\nLovelace"}, "purpose": "run",
            "definition": {"executor": "ssh", "target": "web", "user": "reader", "program": "/bin/true"},
            "parameters": {}, "limits": countersign_runspace::Limits::default(), "boot_id": "b",
            "start_by": deadline, "deadline": deadline
        }))
        .expect("order")
    }

    fn signed(rules: serde_json::Value, errand: Errand<'_>, seconds: u64) -> Certificate {
        let rules = serde_json::from_value(rules).expect("rules");
        let authority = PrivateKey::random(&mut safe_rng(), Algorithm::Ed25519).expect("authority");
        let (key, signed) = sign(&rules, &authority, "reader", errand, &order(seconds)).expect("signed");
        assert_eq!(signed.public_key(), key.public_key().key_data());
        signed
    }

    #[test]
    fn s2_a_certificate_is_for_one_account_one_command_and_as_long_as_the_execution() {
        let rules = json!({"authority": "ca", "source_addresses": ["192.0.2.7", "2001:db8::/32"]});
        let made = signed(rules, Errand::Command("/usr/bin/df -h"), 90);
        let (now, left) = (clock::wall_seconds(), made.valid_before() - clock::wall_seconds());
        assert!((88..=91).contains(&left), "{left}");
        assert!((58..=62).contains(&(now - made.valid_after())));
        assert_eq!(
            (made.cert_type(), made.valid_principals()),
            (CertType::User, ["reader".to_owned()].as_slice())
        );
        assert_eq!(made.key_id(), "countersign x-00000000000000ff0000000000000000 p-1 AdaLovelace");
        assert_eq!(made.serial(), 255);
        let options: Vec<_> = made.critical_options().iter().collect();
        let expected = [("force-command", "/usr/bin/df -h"), ("source-address", "192.0.2.7,2001:db8::/32")];
        assert_eq!(options.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect::<Vec<_>>(), expected);
        assert!(made.extensions().is_empty());
    }

    #[test]
    fn s2_what_passes_through_a_host_executes_nothing_there() {
        let any = json!({"authority": "ca", "command": "any", "principals": {"reader": "web-read"}});
        let made = signed(any.clone(), Errand::Pass, 90);
        assert_eq!(made.critical_options().get("force-command").map(String::as_str), Some("/bin/false"));
        assert_eq!(made.extensions().keys().collect::<Vec<_>>(), ["permit-port-forwarding"]);
        let made = signed(any, Errand::Command("id"), 90);
        assert_eq!(made.valid_principals(), ["web-read"]);
        assert!(made.critical_options().is_empty() && made.extensions().is_empty());
    }

    #[test]
    fn g15_an_execution_can_be_ended_after_its_deadline() {
        let rules = || json!({"authority": "ca"});
        for (errand, least) in [(Errand::Command("id"), 0), (Errand::End("kill"), 58), (Errand::Pass, 58)] {
            let left = signed(rules(), errand, 0).valid_before().saturating_sub(clock::wall_seconds());
            assert!(left >= least && (least > 0 || left <= 1), "{left}");
        }
    }
}
