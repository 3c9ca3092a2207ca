//! The API's description is the file that clients are made from.

use std::collections::BTreeSet;
use std::path::PathBuf;

use countersign_server::{ALL, document};

#[test]
fn the_kept_description_is_the_one_that_is_served() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let text = format!("{}\n", serde_json::to_string_pretty(&document()).unwrap());
    if std::env::var_os("COUNTERSIGN_WRITE_OPENAPI").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "docs/openapi.json is not current: run this test with COUNTERSIGN_WRITE_OPENAPI=1");
}

#[test]
fn every_route_is_described_once() {
    let document = document();
    let mut names = BTreeSet::new();
    for route in ALL {
        let path = route.path.replace("{*", "{");
        let operation = &document["paths"][path.as_str()][route.method.as_str().to_lowercase()];
        let name = operation["operationId"].as_str().unwrap();
        assert!(names.insert(name.to_owned()), "{name} twice");
        assert!(!operation["summary"].as_str().unwrap().is_empty(), "{name}");
    }
    let operations: usize =
        document["paths"].as_object().unwrap().values().map(|path| path.as_object().unwrap().len()).sum();
    assert_eq!(operations, ALL.len());
}
