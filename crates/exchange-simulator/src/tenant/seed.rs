//! What the simulated tenant has at first: Contoso, with a few people and the settings of a careful administrator.

use serde_json::{Value as Json, json};

use super::{Tenant, key};

/// Mailboxes: alias and display name.
const PEOPLE: [(&str, &str); 8] = [
    ("anna", "Anna Berger"),
    ("bruno", "Bruno Costa"),
    ("carla", "Carla Duarte"),
    ("dmitri", "Dmitri Ivanov"),
    ("elena", "Elena Rossi"),
    ("farid", "Farid Haddad"),
    ("finance", "Finance (shared)"),
    ("board", "Board of directors"),
];

/// The tenant at its start, with a crowd of mailboxes that have a name and nothing else.
pub(crate) fn seed(crowd: u32) -> Tenant {
    let mut tenant = Tenant::default();
    let mut put = |kind: &str, name: &[&str], json: Json| {
        if let Json::Object(object) = json {
            tenant.put(kind, key(name), object);
        }
    };
    for (number, (alias, name)) in PEOPLE.iter().enumerate() {
        let address = format!("{alias}@contoso.example");
        let guid = format!("00000000-0000-4000-8000-{number:012}");
        let kind = if *alias == "finance" { "SharedMailbox" } else { "UserMailbox" };
        put(
            "Mailbox",
            &[alias],
            json!({
                "Identity": name, "Name": name, "Alias": alias, "DisplayName": name, "Guid": guid,
                "PrimarySmtpAddress": address, "UserPrincipalName": address, "RecipientTypeDetails": kind,
                "EmailAddresses": [format!("SMTP:{address}")], "ForwardingAddress": null,
                "ForwardingSmtpAddress": null, "DeliverToMailboxAndForward": false, "GrantSendOnBehalfTo": [],
                "AuditEnabled": true, "LitigationHoldEnabled": false, "SingleItemRecoveryEnabled": true,
                "HiddenFromAddressListsEnabled": false, "RetainDeletedItemsFor": "14.00:00:00",
                "ProhibitSendQuota": "99 GB (106,300,440,576 bytes)",
            }),
        );
        put(
            "CASMailbox",
            &[alias],
            json!({
                "Identity": name, "Name": name, "PrimarySmtpAddress": address, "ImapEnabled": false, "PopEnabled": false,
                "OWAEnabled": true, "ActiveSyncEnabled": true, "EwsEnabled": true, "MAPIEnabled": true,
                "SmtpClientAuthenticationDisabled": true,
            }),
        );
        put(
            "MailboxPermission",
            &[alias, "NT AUTHORITY\\SELF"],
            json!({
                "Identity": name, "User": "NT AUTHORITY\\SELF", "AccessRights": ["FullAccess", "ReadPermission"],
                "IsInherited": false, "Deny": false, "InheritanceType": "All",
            }),
        );
        put(
            "MailboxFolderPermission",
            &[&format!("{alias}:\\Calendar"), "Default"],
            json!({
                "Identity": "Default", "FolderName": "Calendar", "User": "Default", "AccessRights": ["AvailabilityOnly"],
            }),
        );
        put(
            "MailboxAuditBypassAssociation",
            &[alias],
            json!({
                "Identity": name, "Name": name, "PrimarySmtpAddress": address, "AuditBypassEnabled": false,
            }),
        );
        put(
            "MailboxAutoReplyConfiguration",
            &[alias],
            json!({
                "Identity": name, "PrimarySmtpAddress": address, "AutoReplyState": "Disabled", "ExternalAudience": "None",
            }),
        );
    }
    for number in 0..crowd {
        let alias = format!("crowd-{number:05}");
        let address = format!("{alias}@contoso.example");
        put(
            "Mailbox",
            &[&alias],
            json!({"Identity": alias, "Name": alias, "Alias": alias, "PrimarySmtpAddress": address}),
        );
    }
    put(
        "DistributionGroup",
        &["all-staff"],
        json!({
            "Identity": "All Staff", "Name": "All Staff", "Alias": "all-staff",
            "PrimarySmtpAddress": "all-staff@contoso.example", "GroupType": "Universal",
        }),
    );
    for member in ["anna", "bruno"] {
        put(
            "DistributionGroupMember",
            &["all-staff", member],
            json!({
                "Identity": member, "Name": member, "Group": "All Staff", "RecipientType": "UserMailbox",
            }),
        );
    }
    put(
        "TransportRule",
        &["Disclaimer"],
        json!({
            "Identity": "Disclaimer", "Name": "Disclaimer", "State": "Enabled", "Mode": "Enforce", "Priority": 0,
        }),
    );
    put(
        "JournalRule",
        &["Compliance journal"],
        json!({
            "Identity": "Compliance journal", "Name": "Compliance journal", "Enabled": true, "Scope": "Global",
            "JournalEmailAddress": "journal@archive.example", "Recipient": null,
        }),
    );
    put(
        "RemoteDomain",
        &["Default"],
        json!({
            "Identity": "Default", "Name": "Default", "DomainName": "*", "AutoForwardEnabled": false,
            "AutoReplyEnabled": true, "AllowedOOFType": "External", "TrustedMailInboundEnabled": false,
        }),
    );
    put(
        "AcceptedDomain",
        &["contoso.example"],
        json!({
            "Identity": "contoso.example", "Name": "contoso.example", "DomainName": "contoso.example",
            "DomainType": "Authoritative", "Default": true,
        }),
    );
    put(
        "HostedOutboundSpamFilterPolicy",
        &["Default"],
        json!({
            "Identity": "Default", "Name": "Default", "AutoForwardingMode": "Automatic", "NotifyOutboundSpam": true,
        }),
    );
    for (kind, name) in [
        ("HostedContentFilterPolicy", "Default"),
        ("MalwareFilterPolicy", "Default"),
        ("OwaMailboxPolicy", "OwaMailboxPolicy-Default"),
        ("SharingPolicy", "Default Sharing Policy"),
        ("RetentionPolicyTag", "Never Delete"),
        ("MobileDeviceMailboxPolicy", "Default"),
        ("OrganizationRelationship", "Fabrikam"),
        ("InboundConnector", "From the printer"),
        ("OutboundConnector", "To the archive"),
    ] {
        put(kind, &[name], json!({"Identity": name, "Name": name, "Enabled": true, "IsDefault": false}));
    }
    put(
        "AdminAuditLogConfig",
        &[""],
        json!({
            "Name": "Admin Audit Log Settings", "UnifiedAuditLogIngestionEnabled": true, "AdminAuditLogEnabled": true,
        }),
    );
    put(
        "OrganizationConfig",
        &[""],
        json!({
            "Name": "contoso.onmicrosoft.com", "DisplayName": "Contoso Ltd.", "AuditDisabled": false,
            "OAuth2ClientProfileEnabled": true, "EwsEnabled": null, "RejectDirectSend": true,
        }),
    );
    put(
        "TransportConfig",
        &[""],
        json!({
            "Name": "Transport Settings", "SmtpClientAuthenticationDisabled": true,
            "JournalingReportNdrTo": "ndr@contoso.example",
        }),
    );
    roles(&mut put);
    tenant
}

/// Some roles, their cmdlets, and the groups that have them.
fn roles(put: &mut impl FnMut(&str, &[&str], Json)) {
    let roles: [(&str, &[(&str, &[&str])]); 4] = [
        (
            "Journaling",
            &[
                ("Get-JournalRule", &["Identity"]),
                (
                    "New-JournalRule",
                    &["Name", "JournalEmailAddress", "Recipient", "Scope", "Enabled", "Confirm", "WhatIf"],
                ),
                ("Remove-JournalRule", &["Identity", "Confirm", "WhatIf"]),
            ],
        ),
        (
            "Mail Recipients",
            &[
                ("Get-Mailbox", &["Identity", "ResultSize", "Filter"]),
                (
                    "Set-Mailbox",
                    &[
                        "Identity",
                        "ForwardingSmtpAddress",
                        "ForwardingAddress",
                        "AuditEnabled",
                        "Confirm",
                        "WhatIf",
                    ],
                ),
                ("Set-Contact", &["Identity", "Manager", "Phone", "Confirm", "WhatIf"]),
                (
                    "Add-MailboxPermission",
                    &["Identity", "User", "AccessRights", "AutoMapping", "Confirm", "WhatIf"],
                ),
            ],
        ),
        (
            "Transport Rules",
            &[
                ("Get-TransportRule", &["Identity", "State"]),
                (
                    "New-TransportRule",
                    &["Name", "BlindCopyTo", "RedirectMessageTo", "From", "Mode", "Confirm", "WhatIf"],
                ),
            ],
        ),
        (
            "Role Management",
            &[
                (
                    "New-ManagementRoleAssignment",
                    &["Role", "User", "SecurityGroup", "Name", "Confirm", "WhatIf"],
                ),
                ("Add-RoleGroupMember", &["Identity", "Member", "Confirm", "WhatIf"]),
            ],
        ),
    ];
    for (role, entries) in roles {
        put(
            "ManagementRole",
            &[role],
            json!({"Identity": role, "Name": role, "RoleType": role.replace(' ', ""), "Parent": null}),
        );
        for (cmdlet, parameters) in entries {
            put(
                "ManagementRoleEntry",
                &[role, cmdlet],
                json!({
                    "Identity": format!("{role}\\{cmdlet}"), "Name": cmdlet, "Role": role, "Parameters": parameters, "Type": "Cmdlet",
                }),
            );
        }
    }
    for (group, members, roles) in [
        (
            "Organization Management",
            vec!["anna"],
            vec!["Journaling", "Mail Recipients", "Transport Rules", "Role Management"],
        ),
        ("Recipient Management", vec!["bruno", "carla"], vec!["Mail Recipients"]),
        ("Compliance Management", vec![], vec!["Journaling", "Transport Rules"]),
    ] {
        put(
            "RoleGroup",
            &[group],
            json!({"Identity": group, "Name": group, "Roles": roles, "Members": members, "ManagedBy": ["Organization Management"]}),
        );
        for member in members {
            put(
                "RoleGroupMember",
                &[group, member],
                json!({"Identity": member, "Name": member, "Group": group, "RecipientType": "UserMailbox"}),
            );
        }
        for role in roles {
            let name = format!("{role}-{group}");
            put(
                "ManagementRoleAssignment",
                &[&name],
                json!({
                    "Identity": name, "Name": name, "Role": role, "RoleAssignee": group, "RoleAssigneeName": group,
                    "RoleAssigneeType": "RoleGroup", "Enabled": true, "RoleAssignmentDelegationType": "Regular",
                }),
            );
        }
    }
}
