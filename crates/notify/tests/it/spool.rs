use std::os::unix::fs::PermissionsExt as _;

use countersign_notify::{Mailer as _, Notice, Receipt, spool::Spool};

use crate::fixture::{all, mail, request};

fn mode(path: &std::path::Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn one_private_file_per_mail_whatever_the_attempts() {
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("spool/mail");
    let spool = Spool::open(&directory).unwrap();
    assert_eq!(mode(&directory), 0o700);
    let mails: Vec<_> = all(&request()).iter().map(mail).collect();
    for mail in mails.iter().chain(&mails) {
        let Ok(Receipt::Spooled(path)) = spool.send(mail).await else { panic!("not spooled") };
        assert_eq!(std::fs::read(&path).unwrap(), mail.raw);
        assert_eq!(mode(&path), 0o600);
        assert_eq!(path.parent(), Some(directory.as_path()));
        assert!(path.extension().is_some_and(|end| end == "eml"));
    }
    let distinct: std::collections::BTreeSet<_> = mails.iter().map(|mail| &mail.message_id).collect();
    assert_eq!(std::fs::read_dir(&directory).unwrap().count(), distinct.len());
}

#[tokio::test]
async fn a_planted_link_is_not_followed() {
    let directory = tempfile::tempdir().unwrap();
    let spool = Spool::open(directory.path()).unwrap();
    let mail = mail(&Notice::Expired(request()));
    let Ok(Receipt::Spooled(path)) = spool.send(&mail).await else { panic!("not spooled") };
    let target = directory.path().join("target");
    std::fs::write(&target, "precious").unwrap();
    let aside = directory.path().join(format!(".{}.part", path.file_name().unwrap().to_str().unwrap()));
    for link in [&path, &aside] {
        let _ = std::fs::remove_file(link);
        std::os::unix::fs::symlink(&target, link).unwrap();
    }
    spool.send(&mail).await.unwrap();
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "precious");
    assert!(!std::fs::symlink_metadata(&path).unwrap().is_symlink());
}

#[tokio::test]
async fn a_lost_directory_is_an_error_not_a_loss() {
    let directory = tempfile::tempdir().unwrap();
    let spool = Spool::open(directory.path()).unwrap();
    drop(directory);
    let error = spool.send(&mail(&Notice::Expired(request()))).await.unwrap_err();
    assert_eq!(error.fault, countersign_notify::Fault::Transient);
}
