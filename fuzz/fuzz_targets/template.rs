#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    if let Err(why) = countersign_remote::fuzzing::template(input) {
        panic!("{why}");
    }
});
