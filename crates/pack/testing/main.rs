//! Plays the part of the shipped binary in tests: every start of it is a stage of the process executor's init.

fn main() -> std::process::ExitCode {
    countersign_sandbox::init::main()
}
