//! The text of the mails that matter most, as people read it.

use countersign_notify::Notice;

use crate::fixture::{act, denial, mail, request};

#[test]
fn request_pending() {
    insta::assert_snapshot!(mail(&Notice::RequestPending(request())).text);
}

#[test]
fn denied() {
    insta::assert_snapshot!(mail(&Notice::Denied { request: request(), denial: denial() }).text);
}

#[test]
fn control_plane_act() {
    insta::assert_snapshot!(mail(&Notice::ControlPlaneAct(act())).text);
}
