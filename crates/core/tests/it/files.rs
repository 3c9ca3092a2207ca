//! Files that requests and runs cite: only what the person uploaded, and what they were shown.

use countersign_core::command::Less;
use countersign_core::decide::Reply;
use countersign_core::event::Body;
use countersign_core::parameter::{ConstraintForm, ParameterKind, ParameterSpec};
use countersign_core::refusal::Code;
use countersign_core::time::Span;
use countersign_ledger::hash::{Digest, sha256};
use serde_json::{Value as Json, json};

use crate::world::{World, asking, bind, task};

const LOAD: &str = "Host\\Load";

/// `rita` holds `Host\Load`, which takes a file; a policy protects it.
fn world() -> World {
    let mut world = World::prepared();
    let mut load = task(LOAD, &[]);
    let kind = ParameterKind::File { max_size: 100, text: true };
    load.parameters = vec![ParameterSpec::new("File".parse().unwrap(), kind).required()];
    world.import(&[load]);
    let role = json!({"Name": "Host\\Loader", "Task": [LOAD]});
    world.run("ada", "New-ManagementRole", role);
    world.run("ada", "New-RoleGroup", json!({"Name": "Host\\Loaders", "Role": ["Host\\Loader"]}));
    let members = [world.id("rita").to_string(), world.id("sam").to_string()];
    world.run("ada", "Add-RoleGroupMember", json!({"Identity": "Host\\Loaders", "Member": members}));
    world.run("ada", "New-ElevatedAccessApprovalPolicy", json!({"Task": LOAD}));
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    world
}

fn value(digest: Digest, size: u64) -> Json {
    json!({"sha256": digest, "size": size, "media_type": "text/plain"})
}

#[test]
fn g19_another_persons_file_is_refused_as_one_that_nobody_has_and_the_refusal_is_recorded() {
    let mut world = world();
    let file = sha256(b"ritas");
    world.files.insert((file, world.id("rita")), 5);
    let ask = |digest, size| asking(LOAD, &bind(&json!({"File": value(digest, size)})));
    let sams = world.ask("sam", ask(file, 5)).unwrap_err();
    let nobodys = world.ask("sam", ask(sha256(b"nobody's"), 5)).unwrap_err();
    assert_eq!((sams.code, nobodys.code), (Code::ParameterInvalid, Code::ParameterInvalid));
    let plain = |text: &str, digest: Digest| text.replace(&digest.to_string(), "it");
    assert_eq!(plain(&sams.message, file), plain(&nobodys.message, sha256(b"nobody's")));
    assert!(matches!(world.last(), Body::Refused { code: Code::ParameterInvalid, .. }));
    let size = world.ask("rita", ask(file, 6)).unwrap_err();
    assert_eq!(size.code, Code::ParameterInvalid, "a size that is not the file's");
    let one_of = ConstraintForm::OneOf(vec![value(file, 5), value(sha256(b"other"), 5)]);
    assert!(world.ask("rita", asking(LOAD, &[("File", one_of)])).is_err(), "each of several");

    let number = world.ask("rita", ask(file, 5)).unwrap();
    world.approve("bob", number).unwrap();
    assert_eq!(world.refused("sam", LOAD, json!({"File": value(file, 5)})), Code::AuthorizationRequired);
    let gone = world.files.remove(&(file, world.id("rita"))).unwrap();
    assert_eq!(world.refused("rita", LOAD, json!({"File": value(file, 5)})), Code::ParameterInvalid);
    world.files.insert((file, world.id("rita")), gone);
    world.started("rita", LOAD, json!({"File": value(file, 5)}));
}

#[test]
fn g12_an_approver_narrows_to_files_that_were_put_to_them_and_to_no_other() {
    let mut world = world();
    let [one, two, secret] = [b"one".as_slice(), b"two", b"sams"].map(sha256);
    for (file, name) in [(one, "rita"), (two, "rita"), (secret, "sam")] {
        world.files.insert((file, world.id(name)), 3);
    }
    let both = ConstraintForm::OneOf(vec![value(one, 3), value(two, 3)]);
    let number = world.ask("rita", asking(LOAD, &[("File", both)])).unwrap();
    let less = |digest| Less {
        duration: Some(Span::from_hours(1)),
        uses: None,
        constraints: [("File".parse().unwrap(), ConstraintForm::Equals(value(digest, 3)))]
            .into_iter()
            .collect(),
    };
    let refused = world.approve_less("bob", number, Some(less(secret))).unwrap_err();
    assert_eq!(refused.code, Code::ParameterInvalid);
    let reply = world.approve_less("bob", number, Some(less(two))).unwrap();
    assert!(matches!(reply, Reply::Request { .. }), "{reply:?}");
    assert_eq!(world.refused("rita", LOAD, json!({"File": value(one, 3)})), Code::ParameterNotApproved);
    world.started("rita", LOAD, json!({"File": value(two, 3)}));
}
