//! Programs that would take a value for a command.

use std::collections::BTreeSet;
use std::path::Path;

use super::{LintFault, broken, code};
use crate::ParameterName;
use crate::definition::{Argument, LeadingDash, ProcessDefinition, SshDefinition};

/// Programs that run what their arguments or standard input say.
const INTERPRETERS: &[&str] = &[
    "ash",
    "awk",
    "bash",
    "bc",
    "busybox",
    "csh",
    "dash",
    "dc",
    "ed",
    "emacs",
    "ex",
    "expect",
    "fish",
    "gawk",
    "gdb",
    "irb",
    "jjs",
    "js",
    "jshell",
    "jq",
    "ksh",
    "lua",
    "luajit",
    "m4",
    "make",
    "mawk",
    "mksh",
    "mongo",
    "mongosh",
    "mysql",
    "nawk",
    "node",
    "nodejs",
    "octave",
    "osascript",
    "perl",
    "php",
    "psql",
    "pwsh",
    "python",
    "R",
    "rbash",
    "Rscript",
    "ruby",
    "sed",
    "sh",
    "sqlite3",
    "tclsh",
    "tcsh",
    "vi",
    "vim",
    "nvim",
    "wish",
    "zsh",
];

/// Programs that run another program named in their arguments.
const WRAPPERS: &[&str] = &[
    "ansible",
    "at",
    "batch",
    "bwrap",
    "capsh",
    "chroot",
    "chrt",
    "choom",
    "cpulimit",
    "crontab",
    "docker",
    "doas",
    "env",
    "eval",
    "exec",
    "find",
    "firejail",
    "flock",
    "ftp",
    "git",
    "gnome-terminal",
    "ionice",
    "kubectl",
    "ld.so",
    "less",
    "logrotate",
    "ltrace",
    "man",
    "more",
    "ncat",
    "nc",
    "nice",
    "nohup",
    "nsenter",
    "parallel",
    "pkexec",
    "podman",
    "prlimit",
    "rsync",
    "run-parts",
    "runuser",
    "scp",
    "screen",
    "script",
    "setarch",
    "setpriv",
    "setsid",
    "sftp",
    "socat",
    "ssh",
    "sshpass",
    "start-stop-daemon",
    "stdbuf",
    "strace",
    "su",
    "sudo",
    "systemd-run",
    "tar",
    "taskset",
    "tcpdump",
    "telnet",
    "time",
    "timeout",
    "tmux",
    "unshare",
    "valgrind",
    "watch",
    "wget",
    "xargs",
    "xterm",
    "zip",
];

pub(super) fn lint(process: &ProcessDefinition, free: &BTreeSet<ParameterName>) -> Vec<LintFault> {
    let mut faults = Vec::new();
    program(&process.program, &process.arguments, process.stdin.as_ref(), free, &mut faults);
    for variable in process.environment.keys().filter(|name| forbidden_variable(name)) {
        faults.push(broken(
            "variable_forbidden",
            format!("the variable {variable} changes which code runs"),
            None,
        ));
    }
    faults
}

/// As [`lint`], for a program on another host.
pub(super) fn elsewhere(definition: &SshDefinition, free: &BTreeSet<ParameterName>) -> Vec<LintFault> {
    let mut faults = Vec::new();
    if definition.user.is_empty() || definition.user.contains(['\0', '\n']) {
        faults.push(broken("user_missing", "the account has no name".to_owned(), None));
    }
    if definition.program.contains('\0') {
        faults.push(broken("nul_in_literal", "the program's name holds a NUL character".to_owned(), None));
    }
    let path = Path::new(&definition.program);
    program(path, &definition.arguments, definition.stdin.as_ref(), free, &mut faults);
    faults
}

/// What holds for a program wherever it runs.
fn program(
    program: &Path,
    arguments: &[Argument],
    stdin: Option<&ParameterName>,
    free: &BTreeSet<ParameterName>,
    faults: &mut Vec<LintFault>,
) {
    if !program.is_absolute() {
        faults.push(broken("program_not_absolute", "the program must be an absolute path".to_owned(), None));
    }
    let name = program.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let kind = kind(name);
    for (index, argument) in arguments.iter().enumerate() {
        match argument {
            Argument::Literal(text) if text.contains('\0') => {
                faults.push(broken(
                    "nul_in_literal",
                    "a literal argument holds a NUL character".to_owned(),
                    Some(index),
                ));
            }
            Argument::Literal(_) | Argument::Switch(_) => {}
            Argument::Parameter(place) => {
                let is_free = free.contains(&place.name);
                if is_free && let Some(kind) = kind {
                    let message = format!("{} reaches {name}, {kind}", place.name);
                    faults.push(code("free_text_to_interpreter", message, Some(index)));
                } else if is_free && place.leading_dash == LeadingDash::Allow && place.prefix.is_none() {
                    let message =
                        format!("{} may begin with '-' and so become an option of {name}", place.name);
                    faults.push(code("free_text_as_option", message, Some(index)));
                }
            }
        }
    }
    if let Some(input) = stdin
        && free.contains(input)
        && INTERPRETERS.contains(&stem(name))
    {
        faults.push(code(
            "free_text_to_interpreter",
            format!("{name} reads {input} as its standard input"),
            None,
        ));
    }
}

/// Variables by which a loader, shell or interpreter is told to run other code. No host file can allow them.
#[must_use]
pub fn forbidden_variable(name: &str) -> bool {
    const EXACT: &[&str] = &[
        "BASHOPTS",
        "BASH_ENV",
        "BASH_FUNC",
        "CDPATH",
        "EDITOR",
        "ENV",
        "GCONV_PATH",
        "GLIBC_TUNABLES",
        "GLOBIGNORE",
        "IFS",
        "JAVA_TOOL_OPTIONS",
        "LOCPATH",
        "MALLOC_TRACE",
        "NODE_OPTIONS",
        "NLSPATH",
        "PAGER",
        "PATH",
        "PROMPT_COMMAND",
        "PS4",
        "RUBYLIB",
        "RUBYOPT",
        "SHELL",
        "SHELLOPTS",
        "VISUAL",
        "_JAVA_OPTIONS",
    ];
    const PREFIXES: &[&str] = &["BASH_FUNC_", "COUNTERSIGN_", "DYLD_", "GIT_", "LD_", "PERL", "PYTHON"];
    let bad_form = name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    bad_form || EXACT.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

fn kind(name: &str) -> Option<&'static str> {
    let stem = stem(name);
    if INTERPRETERS.contains(&stem) {
        Some("an interpreter")
    } else if WRAPPERS.contains(&stem) || stem.starts_with("ld-linux") || stem.starts_with("ld-musl") {
        Some("which can start other programs")
    } else {
        None
    }
}

/// A name without its version: `python3.11` is `python`, `lua5.4` is `lua`.
fn stem(name: &str) -> &str {
    if INTERPRETERS.contains(&name) || WRAPPERS.contains(&name) {
        return name;
    }
    name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Definition;
    use crate::lint::lint;

    fn faults(program: &str, free: bool) -> Vec<&'static str> {
        let definition: Definition = serde_json::from_value(serde_json::json!({
            "executor": "process", "program": program,
            "arguments": [{"literal": "-c"}, {"parameter": {"name": "Value"}}]
        }))
        .expect("definition");
        let free = if free { ["Value".parse().expect("name")].into() } else { BTreeSet::new() };
        lint(&definition, &free).into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn i1_free_text_never_reaches_an_interpreter_unmarked() {
        for program in [
            "/bin/sh",
            "/usr/bin/python3.11",
            "/usr/bin/env",
            "/usr/bin/xargs",
            "/usr/bin/find",
            "/usr/bin/ssh",
            "/usr/bin/perl5.36",
            "/bin/busybox",
            "/lib64/ld-linux-x86-64.so.2",
            "/usr/bin/lua5.4",
            "/usr/bin/tar",
        ] {
            assert_eq!(faults(program, true), ["free_text_to_interpreter"], "{program}");
        }
    }

    #[test]
    fn a_number_may_reach_an_interpreter_and_text_a_plain_program() {
        assert!(faults("/bin/sh", false).is_empty());
        assert!(faults("/usr/bin/du", true).is_empty());
        assert_eq!(faults("du", true), ["program_not_absolute"]);
    }

    #[test]
    fn i1_variables_that_load_code_are_never_allowed() {
        for name in [
            "LD_PRELOAD",
            "BASH_ENV",
            "IFS",
            "PATH",
            "GIT_SSH",
            "PYTHONPATH",
            "PERL5OPT",
            "A=B",
            "",
            "COUNTERSIGN_EXECUTION",
        ] {
            assert!(forbidden_variable(name), "{name}");
        }
        assert!(!forbidden_variable("TZ") && !forbidden_variable("LANGUAGE"));
    }
}
