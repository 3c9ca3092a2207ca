//! Which cmdlets the supported Admin API has: six endpoints that take the same document as the other one.

use super::encode::Call;

/// The endpoint for a call that fits one.
pub(super) fn endpoint(call: &Call) -> Option<&'static str> {
    let is = |name: &str| call.cmdlet.eq_ignore_ascii_case(name);
    if is("Get-OrganizationConfig") {
        Some("OrganizationConfig")
    } else if is("Get-AcceptedDomain") {
        Some("AcceptedDomain")
    } else if is("Get-Mailbox") {
        Some("Mailbox")
    } else if is("Set-Mailbox") {
        // Of all that the cmdlet sets the endpoint takes this alone.
        let fits = call.has_only(&["Identity", "GrantSendOnBehalfTo"]);
        (fits && call.parameters.keys().any(|name| name.eq_ignore_ascii_case("GrantSendOnBehalfTo")))
            .then_some("Mailbox")
    } else if ["Get", "Add", "Set", "Remove"]
        .iter()
        .any(|verb| is(&format!("{verb}-MailboxFolderPermission")))
    {
        Some("MailboxFolderPermission")
    } else if is("Get-DistributionGroupMember") {
        Some("DistributionGroupMember")
    } else if is("Get-DynamicDistributionGroupMember") {
        Some("DynamicDistributionGroupMember")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;

    #[test]
    fn a_mailbox_is_set_there_for_nothing_but_sending_on_behalf() {
        let call = |cmdlet: &str, names: &[&str]| Call {
            cmdlet: cmdlet.to_owned(),
            parameters: names.iter().map(|name| ((*name).to_owned(), json!("x"))).collect::<Map<_, _>>(),
        };
        assert_eq!(endpoint(&call("Set-Mailbox", &["Identity", "GrantSendOnBehalfTo"])), Some("Mailbox"));
        assert_eq!(endpoint(&call("Set-Mailbox", &["Identity"])), None);
        let more = ["Identity", "GrantSendOnBehalfTo", "ForwardingSmtpAddress"];
        assert_eq!(endpoint(&call("Set-Mailbox", &more)), None);
        assert_eq!(endpoint(&call("New-JournalRule", &[])), None);
        assert_eq!(endpoint(&call("remove-mailboxfolderpermission", &[])), Some("MailboxFolderPermission"));
    }
}
