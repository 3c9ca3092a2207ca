//! Credentials, invitations, tokens, sign-ins.

use super::{
    At, Judge,
    world::{Access, IssuedToken, Link},
};
use crate::{
    Rule,
    form::{
        CredentialRemoved, CredentialSet, Delivery, InvitationIssued, InvitationUsed, Person, Recovery,
        RecoveryUsed, SignedIn, TokenIssued, TokenRevoked,
    },
};

impl Judge {
    pub(super) fn credential_set(&mut self, at: &At<'_>, body: &CredentialSet) {
        let invited = self.commands.invited() == Some(body.person);
        let own = at.actor.person() == Some(body.person) && at.actor.token().is_none();
        self.check(
            own || invited,
            Rule::Identity,
            "people set their own credentials, in a session or by an invitation",
        );
        self.check(self.world.directory.enabled(body.person), Rule::Identity, "the person is not enabled");
        self.world.directory.set_credential(body.person, body.credential);
    }

    pub(super) fn credential_removed(&mut self, at: &At<'_>, body: &CredentialRemoved) {
        let invited = self.commands.invited() == Some(body.person);
        let own = at.actor.person() == Some(body.person) && at.actor.token().is_none();
        self.check(
            own || invited,
            Rule::Identity,
            "people remove their own credentials, in a session or by an invitation",
        );
        let before = self.world.keepers();
        self.world.directory.remove_credential(body.person, body.credential);
        if !invited {
            self.keeps(before);
        }
    }

    pub(super) fn invitation_issued(&mut self, at: &At<'_>, body: &InvitationIssued) {
        if self.commands.recovers() == Some(body.person) {
            self.by_host(at);
        } else {
            self.effect(at, "InvitationIssued");
        }
        self.new_id('i', body.invitation.bytes());
        let service = self.world.directory.is_service(body.person);
        self.check(!service, Rule::Identity, "a service account has no sign-in");
        let printed = body.delivery == Delivery::Printed;
        let host = at.actor.person().is_none();
        self.check(printed || !host, Rule::Identity, "the host mails no links");
        if let Some(asked) = self.commands.inside().and_then(|inside| inside.prints) {
            self.check(
                printed == asked,
                Rule::Parameters,
                "its link was delivered otherwise than the task said",
            );
        }
        let shown = printed && !host && self.world.access != Access::SetUp;
        let given_away = shown && self.world.approves_something(body.person);
        self.check(!given_away, Rule::G9, "a link of somebody who approves was shown to somebody else");
        if self.commands.inside().is_some_and(|inside| inside.task.name == "Reset-UserCredential") {
            self.about_named(&body.person.to_string());
            self.keeps_through_resets(body.person);
        }
        let link = Link { person: body.person, until: body.until, shown };
        self.world.invitations.insert(body.invitation, link);
    }

    /// A reset, once used, leaves its person without a second factor: links that are open count as used, so that no number
    /// of resets together leaves fewer than two deciders (G17).
    fn keeps_through_resets(&mut self, person: Person) {
        let open = self.world.invitations.values().map(|link| link.person);
        let lost = open.chain([person]).collect();
        let (before, after) = (self.world.keepers().deciders, self.world.deciders_without(&lost));
        let kept = self.world.access == Access::SetUp || after >= 2 || after >= before;
        self.check(kept, Rule::G17, "once followed, open links leave fewer than two deciders");
    }

    pub(super) fn invitation_used(&mut self, at: &At<'_>, body: &InvitationUsed) {
        match self.world.invitations.remove(&body.invitation) {
            None => self.fault(Rule::Identity, "there is no such open invitation"),
            // Issuing a new link uses up the old one: nobody followed that.
            Some(link)
                if at.time < link.until
                    && self.commands.inside().is_none()
                    && self.commands.recovers().is_none() =>
            {
                let given_away = link.shown && self.world.approves_something(link.person);
                self.check(
                    !given_away,
                    Rule::G9,
                    "a link that somebody else was shown was followed, and its person decides over others",
                );
                self.commands.invite(link.person);
            }
            Some(_) => {}
        }
    }

    pub(super) fn token_issued(&mut self, at: &At<'_>, body: &TokenIssued) {
        let directory = &self.world.directory;
        let own = at.actor.token().is_none()
            && directory.enabled(body.person)
            && at
                .actor
                .person()
                .is_some_and(|person| person == body.person || directory.owns(person, body.person));
        self.check(
            own,
            Rule::Tokens,
            "people make tokens in a session, for themselves or a service account of theirs",
        );
        self.check(body.until > at.time, Rule::Tokens, "it ended before it began");
        self.new_id('t', body.token.bytes());
        self.world.tokens.insert(
            body.token,
            IssuedToken { person: body.person, scopes: body.scopes.clone(), until: body.until },
        );
    }

    pub(super) fn token_revoked(&mut self, at: &At<'_>, body: &TokenRevoked) {
        match self.world.tokens.remove(&body.token) {
            Some(token) => {
                // Following a reset revokes what the lost sign-in may have made.
                let own = self.commands.invited() == Some(token.person)
                    || at.actor.person().is_some_and(|person| {
                        person == token.person || self.world.directory.owns(person, token.person)
                    });
                self.check(own, Rule::Tokens, "it is somebody else's token");
            }
            None => self.fault(Rule::Tokens, "there is no such token"),
        }
    }

    pub(super) fn signed_in(&mut self, at: &At<'_>, body: &SignedIn) {
        self.by_system(at);
        self.check(self.world.directory.enabled(body.person), Rule::Identity, "the person is not enabled");
    }

    pub(super) fn recovery_used(&mut self, at: &At<'_>, body: &RecoveryUsed) {
        self.by_host(at);
        match body.how {
            Recovery::SignIn {} => {
                let enabled = self.world.directory.enabled(body.person);
                self.check(enabled, Rule::SetUp, "recovery restores enabled administrators only");
                self.commands.recover(body.person);
            }
            Recovery::Approver { from } => self.appointed(at, body.person, from),
        }
    }
}
