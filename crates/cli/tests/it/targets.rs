//! What walks over real targets have in common.

use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, chown};
use std::path::{Path, PathBuf};

use crate::world::World;

/// Allows a target and its credential in the host file, and starts the server with it again.
pub(crate) fn allow(world: &mut World, name: &str, secret: &str, table: &str) {
    world.stop();
    let path = world.path(&format!("credential-{name}"));
    let mut file = std::fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(&path).unwrap();
    std::io::Write::write_all(&mut file, secret.as_bytes()).unwrap();
    let host_file = world.path("runner.toml");
    let owner = std::fs::metadata(&host_file).unwrap();
    chown(&path, Some(owner.uid()), Some(owner.gid())).unwrap();
    let mut text = std::fs::read_to_string(&host_file).unwrap();
    text.push_str(&format!("\n[credentials.{name}]\nfile = \"{}\"\n\n{table}", path.display()));
    std::fs::write(&host_file, text).unwrap();
    world.serve();
}

/// Ada and Bob, who approve; Rita, who asks and holds the roles of the pack.
pub(crate) fn people(world: &World, link: &str) {
    world.join("ada", link);
    for name in ["bob", "rita"] {
        let upn = format!("{name}@contoso.example");
        let new = ["person", "new", &upn, "--display-name", name, "--print-link", "--output", "json"];
        world.join(name, &world.line("ada", &new).ends(0).text("/link"));
    }
    world.line("ada", &["group", "new", "Approvers", "--mail", "approvers@contoso.example"]).ends(0);
    world
        .line("ada", &["group", "add-member", "Approvers", "ada@contoso.example", "bob@contoso.example"])
        .ends(0);
}

/// A shipped pack's directory.
pub(crate) fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs").join(name)
}

/// Applies a pack, puts Rita into a role group of it, and makes the policies.
pub(crate) fn pack_of(world: &World, directory: &Path, group: &str, policies: &[(&str, &str)]) {
    let directory = directory.display().to_string();
    world.line("ada", &["catalog", "lint", &directory]).ends(0);
    world.line("ada", &["catalog", "apply", &directory]).ends(0);
    world.line("ada", &["role-group", "add-member", group, "rita@contoso.example"]).ends(0);
    for (task, approval) in policies {
        let policy = [
            "New-ElevatedAccessApprovalPolicy",
            "-Task",
            task,
            "-ApprovalType",
            approval,
            "-ApproverGroup",
            "Approvers",
        ];
        world.line("ada", &policy).ends(0);
    }
    world.line("ada", &["Enable-ElevatedAccessControl", "-AdminGroup", "Approvers"]).ends(0);
}
