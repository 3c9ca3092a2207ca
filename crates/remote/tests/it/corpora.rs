//! The fuzzers' corpora, replayed on the stable compiler.

use std::path::Path;

use countersign_remote::fuzzing;

#[test]
fn i1_what_fuzzers_once_tried_still_holds() {
    let targets: [(&str, fn(&[u8]) -> Result<(), String>); 3] =
        [("quoting", fuzzing::quoting), ("binding", fuzzing::binding), ("template", fuzzing::template)];
    for (name, target) in targets {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
        let mut count = 0;
        for entry in std::fs::read_dir(&directory).unwrap().flatten() {
            let input = std::fs::read(entry.path()).unwrap();
            assert_eq!(target(&input), Ok(()), "{:?}", entry.path());
            count += 1;
        }
        assert!(count >= 9, "{name}: {count}");
    }
}
