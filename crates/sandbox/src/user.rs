//! Local accounts by name: `/etc/passwd` and `/etc/group` (passwd(5), group(5)).
//!
//! Accounts of other name services are not seen; a run-as user must be a local one.

use std::fs;
use std::path::PathBuf;

use crate::spec::Identity;

/// A local account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub name: String,
    pub identity: Identity,
    pub home: PathBuf,
}

/// The account called `name`, with all groups it is a member of; `None` if there is none.
///
/// # Errors
/// If the files can't be read.
pub fn by_name(name: &str) -> std::io::Result<Option<Account>> {
    find(|fields| fields.first() == Some(&name))
}

/// The account with this number.
///
/// # Errors
/// If the files can't be read.
pub fn by_uid(uid: u32) -> std::io::Result<Option<Account>> {
    let uid = uid.to_string();
    find(|fields| fields.get(2) == Some(&uid.as_str()))
}

/// The effective user of this process.
#[must_use]
pub fn own_uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

fn find(wanted: impl Fn(&[&str]) -> bool) -> std::io::Result<Option<Account>> {
    let passwd = fs::read_to_string("/etc/passwd")?;
    let group = fs::read_to_string("/etc/group")?;
    Ok(account(&passwd, &group, wanted))
}

fn account(passwd: &str, group: &str, wanted: impl Fn(&[&str]) -> bool) -> Option<Account> {
    let fields =
        passwd.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|fields| wanted(fields))?;
    let [name, _, uid, gid, _, home, _] = fields.as_slice() else { return None };
    let (uid, gid) = (uid.parse().ok()?, gid.parse().ok()?);
    let mut groups: Vec<u32> = group.lines().filter_map(|line| member_of(line, name)).collect();
    groups.push(gid);
    groups.sort_unstable();
    groups.dedup();
    Some(Account {
        name: (*name).to_owned(),
        identity: Identity { uid, gid, groups },
        home: PathBuf::from(home),
    })
}

fn member_of(line: &str, name: &str) -> Option<u32> {
    let fields: Vec<&str> = line.split(':').collect();
    let [_, _, gid, members] = fields.as_slice() else { return None };
    members.split(',').any(|member| member == name).then(|| gid.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str =
        "root:x:0:0:root:/root:/bin/sh\nsvc:x:71:72:Service,,:/var/svc:/bin/false\nbad:x:one:2:::\n";
    const GROUP: &str = "root:x:0:\nsvc:x:72:\nweb:x:80:www,svc\nother:x:81:svcx\n";

    #[test]
    fn an_account_has_its_own_and_its_further_groups() {
        let found = account(PASSWD, GROUP, |f| f.first() == Some(&"svc")).expect("svc");
        assert_eq!(found.identity, Identity { uid: 71, gid: 72, groups: vec![72, 80] });
        assert_eq!(found.home, PathBuf::from("/var/svc"));
    }

    #[test]
    fn a_line_that_is_not_understood_is_no_account() {
        assert_eq!(account(PASSWD, GROUP, |f| f.first() == Some(&"bad")), None);
        assert_eq!(account(PASSWD, GROUP, |f| f.first() == Some(&"nobody-here")), None);
    }
}
