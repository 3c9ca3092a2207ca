//! The cmdlets that are simulated, with the parameters that the shipped pack uses.

mod act;

use crate::decode::Input;
use crate::tenant::{Error, Object, Tenant};

/// One cmdlet. Parameters are `Name:kind`, with `!` where one is required. Kinds: `s` text, `n` number, `b` boolean, `w`
/// switch, `m` one or several texts or a hash table that adds and removes.
pub(crate) struct Cmdlet {
    pub(crate) name: &'static str,
    act: Act,
    parameters: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    /// Objects of the noun, all or those named.
    List,
    /// One object that the whole tenant has.
    Settings,
    New,
    Set,
    Enable,
    Disable,
    Remove,
    /// An object that two texts name together: who, and on what.
    Grant,
    Revoke,
    /// What the tenant's own log has.
    Audit,
}

/// What a cmdlet gives.
#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) objects: Vec<Object>,
    pub(crate) warnings: Vec<String>,
}

pub(crate) fn find(name: &str) -> Option<&'static Cmdlet> {
    CMDLETS.iter().find(|cmdlet| cmdlet.name.eq_ignore_ascii_case(name))
}

pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    CMDLETS.iter().map(|cmdlet| cmdlet.name)
}

/// Runs a cmdlet.
///
/// # Errors
/// As the service would say.
pub(crate) fn run(tenant: &mut Tenant, input: &Input) -> Result<Done, Error> {
    let unknown =
        || Error::new("CommandNotFoundException", format!("The term '{}' is not recognized.", input.cmdlet));
    let cmdlet = find(&input.cmdlet).ok_or_else(unknown)?;
    act::run(tenant, cmdlet, &input.parameters)
}

const fn cmdlet(name: &'static str, act: Act, parameters: &'static str) -> Cmdlet {
    Cmdlet { name, act, parameters }
}

const CMDLETS: &[Cmdlet] = &[
    cmdlet("Add-DistributionGroupMember", Act::Grant, "Identity:s! Member:s! Confirm:w WhatIf:w"),
    cmdlet(
        "Add-MailboxFolderPermission",
        Act::Grant,
        "Identity:s! User:s! AccessRights:m! SharingPermissionFlags:s Confirm:w WhatIf:w",
    ),
    cmdlet(
        "Add-MailboxPermission",
        Act::Grant,
        "Identity:s! User:s! AccessRights:m! InheritanceType:s AutoMapping:b Confirm:w WhatIf:w",
    ),
    cmdlet(
        "Add-RecipientPermission",
        Act::Grant,
        "Identity:s! Trustee:s! AccessRights:m! Confirm:w WhatIf:w",
    ),
    cmdlet("Add-RoleGroupMember", Act::Grant, "Identity:s! Member:s! Confirm:w WhatIf:w"),
    cmdlet("Disable-InboxRule", Act::Disable, "Mailbox:s! Identity:s! Confirm:w WhatIf:w Force:w"),
    cmdlet("Disable-JournalRule", Act::Disable, "Identity:s! Confirm:w WhatIf:w"),
    cmdlet("Disable-TransportRule", Act::Disable, "Identity:s! Confirm:w WhatIf:w"),
    cmdlet("Enable-TransportRule", Act::Enable, "Identity:s! Mode:s Confirm:w WhatIf:w"),
    cmdlet("Get-AcceptedDomain", Act::List, "Identity:s ResultSize:s"),
    cmdlet("Get-AdminAuditLogConfig", Act::Settings, ""),
    cmdlet("Get-CASMailbox", Act::List, "Identity:s ResultSize:s"),
    cmdlet("Get-DistributionGroupMember", Act::List, "Identity:s! ResultSize:s"),
    cmdlet("Get-HostedOutboundSpamFilterPolicy", Act::List, "Identity:s"),
    cmdlet("Get-InboundConnector", Act::List, "Identity:s ResultSize:s"),
    cmdlet("Get-InboxRule", Act::List, "Mailbox:s! IncludeHidden:w ResultSize:s"),
    cmdlet("Get-JournalRule", Act::List, "Identity:s"),
    cmdlet("Get-Mailbox", Act::List, "Identity:s ResultSize:s"),
    cmdlet("Get-MailboxAuditBypassAssociation", Act::List, "Identity:s ResultSize:s"),
    cmdlet("Get-MailboxFolderPermission", Act::List, "Identity:s! ResultSize:s"),
    cmdlet("Get-MailboxPermission", Act::List, "Identity:s! ResultSize:s"),
    cmdlet("Get-ManagementRole", Act::List, "Identity:s"),
    cmdlet("Get-ManagementRoleAssignment", Act::List, "Role:s"),
    cmdlet("Get-ManagementRoleEntry", Act::List, "Identity:s! ResultSize:s"),
    cmdlet("Get-MoveRequest", Act::List, "Identity:s ResultSize:s"),
    cmdlet("Get-OrganizationConfig", Act::Settings, ""),
    cmdlet("Get-OutboundConnector", Act::List, "Identity:s ResultSize:s"),
    cmdlet("Get-RecipientPermission", Act::List, "Identity:s ResultSize:s"),
    cmdlet("Get-RemoteDomain", Act::List, "Identity:s ResultSize:s"),
    cmdlet("Get-RoleGroup", Act::List, "Identity:s ResultSize:s"),
    cmdlet("Get-RoleGroupMember", Act::List, "Identity:s! ResultSize:s"),
    cmdlet("Get-TransportConfig", Act::Settings, ""),
    cmdlet("Get-TransportRule", Act::List, "Identity:s ResultSize:s"),
    cmdlet(
        "New-ApplicationAccessPolicy",
        Act::New,
        "AppId:m! AccessRight:s! PolicyScopeGroupID:s! Description:s Confirm:w WhatIf:w",
    ),
    cmdlet(
        "New-InboundConnector",
        Act::New,
        "Name:s! ConnectorType:s Enabled:b SenderDomains:m SenderIPAddresses:m RequireTls:b RestrictDomainsToIPAddresses:b TlsSenderCertificateName:s TreatMessagesAsInternal:b EFSkipLastIP:b Confirm:w WhatIf:w",
    ),
    cmdlet(
        "New-InboxRule",
        Act::New,
        "Mailbox:s! Name:s! From:m SubjectContainsWords:m BodyContainsWords:m ForwardTo:m ForwardAsAttachmentTo:m RedirectTo:m MoveToFolder:s DeleteMessage:b MarkAsRead:b StopProcessingRules:b Confirm:w WhatIf:w Force:w",
    ),
    cmdlet(
        "New-JournalRule",
        Act::New,
        "Name:s! JournalEmailAddress:s! Recipient:s Scope:s Enabled:b Confirm:w WhatIf:w",
    ),
    cmdlet(
        "New-MailboxRestoreRequest",
        Act::New,
        "SourceMailbox:s! TargetMailbox:s! TargetRootFolder:s AllowLegacyDNMismatch:w Name:s Confirm:w WhatIf:w",
    ),
    cmdlet(
        "New-MailboxSearch",
        Act::New,
        "Name:s! SourceMailboxes:m! TargetMailbox:s SearchQuery:s StartDate:s EndDate:s EstimateOnly:w InPlaceHoldEnabled:b Confirm:w WhatIf:w Force:w",
    ),
    cmdlet(
        "New-ManagementRoleAssignment",
        Act::New,
        "Name:s! Role:s! User:s SecurityGroup:s App:s CustomRecipientWriteScope:s CustomResourceScope:s Confirm:w WhatIf:w Force:w",
    ),
    cmdlet(
        "New-MoveRequest",
        Act::New,
        "Identity:s! Outbound:w RemoteHostName:s TargetDeliveryDomain:s RemoteTargetDatabase:s BatchName:s SuspendWhenReadyToComplete:w Confirm:w WhatIf:w",
    ),
    cmdlet(
        "New-OutboundConnector",
        Act::New,
        "Name:s! ConnectorType:s Enabled:b RecipientDomains:m SmartHosts:m UseMXRecord:b TlsSettings:s TlsDomain:s IsTransportRuleScoped:b Confirm:w WhatIf:w",
    ),
    cmdlet("New-RemoteDomain", Act::New, "Name:s! DomainName:s! Confirm:w WhatIf:w"),
    cmdlet("New-ServicePrincipal", Act::New, "AppId:s! ObjectId:s! DisplayName:s Confirm:w WhatIf:w"),
    cmdlet(
        "New-TransportRule",
        Act::New,
        "Name:s! From:m SentTo:m SubjectOrBodyContainsWords:m BlindCopyTo:m RedirectMessageTo:m AddToRecipients:m DeleteMessage:b SetSCL:s Mode:s Priority:n Confirm:w WhatIf:w",
    ),
    cmdlet("Remove-ApplicationAccessPolicy", Act::Remove, "Identity:s! Confirm:w WhatIf:w"),
    cmdlet("Remove-DistributionGroupMember", Act::Revoke, "Identity:s! Member:s! Confirm:w WhatIf:w"),
    cmdlet("Remove-InboxRule", Act::Remove, "Mailbox:s! Identity:s! Confirm:w WhatIf:w Force:w"),
    cmdlet("Remove-JournalRule", Act::Remove, "Identity:s! Confirm:w WhatIf:w"),
    cmdlet("Remove-MailboxFolderPermission", Act::Revoke, "Identity:s! User:s! Confirm:w WhatIf:w Force:w"),
    cmdlet("Remove-MailboxPermission", Act::Revoke, "Identity:s! User:s! AccessRights:m! Confirm:w WhatIf:w"),
    cmdlet("Remove-ManagementRoleAssignment", Act::Remove, "Identity:s! Confirm:w WhatIf:w Force:w"),
    cmdlet("Remove-MoveRequest", Act::Remove, "Identity:s! Confirm:w WhatIf:w Force:w"),
    cmdlet("Remove-OutboundConnector", Act::Remove, "Identity:s! Confirm:w WhatIf:w"),
    cmdlet(
        "Remove-RecipientPermission",
        Act::Revoke,
        "Identity:s! Trustee:s! AccessRights:m! Confirm:w WhatIf:w",
    ),
    cmdlet("Remove-RoleGroupMember", Act::Revoke, "Identity:s! Member:s! Confirm:w WhatIf:w"),
    cmdlet("Remove-TransportRule", Act::Remove, "Identity:s! Confirm:w WhatIf:w"),
    cmdlet(
        "Search-UnifiedAuditLog",
        Act::Audit,
        "StartDate:s! EndDate:s! UserIds:m Operations:m FreeText:s ResultSize:n",
    ),
    cmdlet(
        "Set-AdminAuditLogConfig",
        Act::Settings,
        "UnifiedAuditLogIngestionEnabled:b! Confirm:w WhatIf:w Force:w",
    ),
    cmdlet(
        "Set-CASMailbox",
        Act::Set,
        "Identity:s! ImapEnabled:b PopEnabled:b OWAEnabled:b ActiveSyncEnabled:b EwsEnabled:b SmtpClientAuthenticationDisabled:b Confirm:w WhatIf:w",
    ),
    cmdlet(
        "Set-HostedContentFilterPolicy",
        Act::Set,
        "Identity:s! AllowedSenders:m AllowedSenderDomains:m SpamAction:s HighConfidencePhishAction:s PhishZapEnabled:b Confirm:w WhatIf:w",
    ),
    cmdlet(
        "Set-HostedOutboundSpamFilterPolicy",
        Act::Set,
        "Identity:s! AutoForwardingMode:s NotifyOutboundSpam:b NotifyOutboundSpamRecipients:m ActionWhenThresholdReached:s Confirm:w WhatIf:w",
    ),
    cmdlet(
        "Set-InboundConnector",
        Act::Set,
        "Identity:s! Enabled:b SenderDomains:m SenderIPAddresses:m RequireTls:b RestrictDomainsToIPAddresses:b TlsSenderCertificateName:s TreatMessagesAsInternal:b EFSkipLastIP:b Confirm:w WhatIf:w",
    ),
    cmdlet(
        "Set-InboxRule",
        Act::Set,
        "Mailbox:s! Identity:s! From:m SubjectContainsWords:m BodyContainsWords:m ForwardTo:m ForwardAsAttachmentTo:m RedirectTo:m MoveToFolder:s DeleteMessage:b MarkAsRead:b StopProcessingRules:b Confirm:w WhatIf:w Force:w",
    ),
    cmdlet(
        "Set-JournalRule",
        Act::Set,
        "Identity:s! JournalEmailAddress:s Recipient:s Scope:s Confirm:w WhatIf:w",
    ),
    cmdlet(
        "Set-Mailbox",
        Act::Set,
        "Identity:s! ForwardingSmtpAddress:s ForwardingAddress:s DeliverToMailboxAndForward:b GrantSendOnBehalfTo:m EmailAddresses:m AuditEnabled:b LitigationHoldEnabled:b SingleItemRecoveryEnabled:b RetainDeletedItemsFor:s HiddenFromAddressListsEnabled:b Confirm:w WhatIf:w Force:w",
    ),
    cmdlet(
        "Set-MailboxAuditBypassAssociation",
        Act::Set,
        "Identity:s! AuditBypassEnabled:b! Confirm:w WhatIf:w",
    ),
    cmdlet(
        "Set-MailboxAutoReplyConfiguration",
        Act::Set,
        "Identity:s! AutoReplyState:s! ExternalAudience:s StartTime:s EndTime:s InternalMessage:s ExternalMessage:s Confirm:w WhatIf:w",
    ),
    cmdlet(
        "Set-MalwareFilterPolicy",
        Act::Set,
        "Identity:s! EnableFileFilter:b FileTypes:m ZapEnabled:b EnableInternalSenderAdminNotifications:b InternalSenderAdminAddress:s Confirm:w WhatIf:w",
    ),
    cmdlet(
        "Set-MobileDeviceMailboxPolicy",
        Act::Set,
        "Identity:s! PasswordEnabled:b MinPasswordLength:n RequireDeviceEncryption:b AllowNonProvisionableDevices:b Confirm:w WhatIf:w",
    ),
    cmdlet(
        "Set-OrganizationConfig",
        Act::Settings,
        "AuditDisabled:b OAuth2ClientProfileEnabled:b EwsEnabled:b RejectDirectSend:b Confirm:w WhatIf:w",
    ),
    cmdlet(
        "Set-OrganizationRelationship",
        Act::Set,
        "Identity:s! Enabled:b FreeBusyAccessEnabled:b FreeBusyAccessLevel:s MailboxMoveEnabled:b MailboxMoveCapability:s Confirm:w WhatIf:w Force:w",
    ),
    cmdlet(
        "Set-OutboundConnector",
        Act::Set,
        "Identity:s! Enabled:b RecipientDomains:m SmartHosts:m UseMXRecord:b TlsSettings:s TlsDomain:s IsTransportRuleScoped:b Confirm:w WhatIf:w",
    ),
    cmdlet(
        "Set-OwaMailboxPolicy",
        Act::Set,
        "Identity:s! DirectFileAccessOnPublicComputersEnabled:b ExternalSPMySiteHostURL:s WacExternalServicesEnabled:b PersonalAccountsEnabled:b AdditionalStorageProvidersAvailable:b Confirm:w WhatIf:w",
    ),
    cmdlet(
        "Set-RemoteDomain",
        Act::Set,
        "Identity:s! AutoForwardEnabled:b AutoReplyEnabled:b AllowedOOFType:s TrustedMailInboundEnabled:b TrustedMailOutboundEnabled:b Confirm:w WhatIf:w",
    ),
    cmdlet(
        "Set-RetentionPolicyTag",
        Act::Set,
        "Identity:s! AgeLimitForRetention:s RetentionAction:s RetentionEnabled:b Confirm:w WhatIf:w Force:w",
    ),
    cmdlet("Set-SharingPolicy", Act::Set, "Identity:s! Domains:m Enabled:b Confirm:w WhatIf:w"),
    cmdlet(
        "Set-TransportConfig",
        Act::Settings,
        "SmtpClientAuthenticationDisabled:b JournalingReportNdrTo:s Confirm:w WhatIf:w Force:w",
    ),
    cmdlet(
        "Set-TransportRule",
        Act::Set,
        "Identity:s! From:m SentTo:m SubjectOrBodyContainsWords:m BlindCopyTo:m RedirectMessageTo:m AddToRecipients:m DeleteMessage:b SetSCL:s Mode:s Priority:n Confirm:w WhatIf:w",
    ),
    cmdlet(
        "Start-HistoricalSearch",
        Act::New,
        "ReportTitle:s! ReportType:s! StartDate:s! EndDate:s! SenderAddress:m RecipientAddress:m NotifyAddress:m",
    ),
];
