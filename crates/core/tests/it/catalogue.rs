//! Every rule has cases that carry its number, and every dangerous reading of the rules has one of its own.

use std::collections::BTreeSet;
use std::path::Path;

/// Readings that a newcomer would get wrong, with the case that holds each.
const READINGS: [(&str, &str); 9] = [
    ("a toggled membership", "g11_a_toggled_membership_revives_nothing"),
    ("a second role", "g5_a_second_role_does_not_open_what_the_first_roles_policy_protects"),
    ("a removed policy", "g5_a_removed_policy_leaves_the_next_one_to_govern_and_its_grants_dead"),
    (
        "a more specific Auto policy",
        "g5_a_more_specific_auto_policy_ends_what_the_role_policy_granted_and_governs",
    ),
    ("a linked account", "g9_a_link_made_later_ends_what_it_would_have_forbidden"),
    (
        "overlapping stages",
        "g10_two_accounts_of_one_person_are_one_vote_and_overlapping_stages_need_distinct_people",
    ),
    ("a clock that jumps two days", "g16_a_clock_that_jumps_two_days_halts_starts_until_it_is_accepted"),
    ("and back", "g16_a_clock_that_jumps_two_days_and_back_leaves_nothing_alive_past_its_end"),
    ("daylight-saving hours", "g13_weekly_windows_close_at_the_minute_also_across_daylight_saving"),
];

fn tests(directory: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tests(&path, found);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let mut lines = text.lines().map(str::trim);
        while let Some(line) = lines.next() {
            if line == "#[test]" || line.starts_with("#[tokio::test") {
                let name = lines.by_ref().find_map(|line| line.split_once("fn ")?.1.split('(').next());
                found.extend(name.map(str::to_owned));
            }
        }
    }
}

/// The numbers in a test's name: `g5_g14_…` has two.
fn numbers(name: &str) -> impl Iterator<Item = u32> + '_ {
    let parts = name.split('_').take_while(|part| part.starts_with('g') || part.len() == 2);
    parts.filter_map(|part| part.strip_prefix('g')?.parse().ok())
}

#[test]
fn every_rule_has_cases_by_its_number_and_every_dangerous_reading_its_own() {
    let mut found = BTreeSet::new();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for directory in ["tests/it", "src", "../engine/src", "../engine/tests/it"] {
        tests(&here.join(directory), &mut found);
    }
    let numbered: BTreeSet<u32> = found.iter().flat_map(|name| numbers(name)).collect();
    let missing: Vec<u32> = (1..=22).filter(|rule| !numbered.contains(rule)).collect();
    assert_eq!(missing, Vec::<u32>::new(), "rules without a case");
    for (reading, case) in READINGS {
        assert!(found.contains(case), "{reading}: {case} is gone");
    }
}
