//! The suite that every store passes. A store's tests implement [`Backend`] and call [`conformance_suite!`].
//!
//! [`conformance_suite!`]: crate::conformance_suite

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    missing_docs,
    reason = "tests that other crates' tests call"
)]

mod covers;
mod erase;
mod facts;
mod ledger;
mod lists;
mod odd;
mod ops;
mod rebuild;
mod script;
mod search;

use crate::error::Error;
use crate::ops::Ops;
use crate::store::Store;
pub use script::{Script, Story};

/// A place for one ledger, empty at first.
pub trait Backend {
    /// Opens it: everything that was committed there is there.
    ///
    /// # Errors
    /// What the store says.
    fn open(&self) -> Result<Opened, Error>;

    /// Runs a statement behind the store's back, while the store is closed: somebody tampers.
    fn tamper(&self, sql: &str);
}

/// An open store. What is in `hold` keeps it open.
pub struct Opened {
    pub store: Box<dyn Store>,
    pub ops: Ops,
    pub hold: Box<dyn std::any::Any>,
}

/// A test of the suite.
pub type Case = fn(&dyn Backend);

macro_rules! cases {
    ($($module:ident: $($name:ident)*;)*) => {
        $($(
            pub fn $name(backend: &dyn Backend) {
                $module::$name(backend);
            }
        )*)*

        /// Every test of the suite with its name, for a backend that is shared by all of them.
        pub const CASES: &[(&str, Case)] = &[$($((stringify!($name), $name),)*)*];

        /// Makes a test of each case of the suite; the expression makes a new [`Backend`](crate::conformance::Backend).
        #[macro_export]
        macro_rules! conformance_suite {
            ($make:expr) => {
                $($(
                    #[test]
                    fn $name() {
                        $crate::conformance::$name(&$make);
                    }
                )*)*
            };
        }
    };
}

cases! {
    ledger:
        an_empty_ledger_has_no_head what_was_appended_is_read_back a_batch_for_another_head_is_refused
        a_batch_that_makes_no_sense_is_refused a_failed_batch_leaves_nothing everything_survives_reopening
        full_tiles_are_kept outbox_rows_are_read_and_forgotten_and_numbers_never_return snapshots_are_kept_in_twos
        ten_thousand_events;
    facts:
        sign_in_names_are_found_whatever_their_case commands_are_answered_once credentials_come_and_go
        the_latest_denial_is_found erased_values_are_gone_and_forged_ones_do_not_hold cited_blobs_are_known
        every_sealed_value_is_named_by_its_event;
    covers:
        a_list_of_tasks_is_kept_with_the_entry_that_cites_it an_erased_request_leaves_its_list_of_tasks
        an_altered_list_of_tasks_is_found_out;
    erase:
        an_erased_request_leaves_no_value_text_or_word an_erased_person_is_a_number;
    lists:
        a_request_is_followed_through_its_life what_ends_with_another_event_ends_at_once
        executions_show_how_they_stand pages_join_without_gaps_or_repeats only_ones_own_is_seen
        names_are_listed_in_order a_column_that_is_not_there_is_refused;
    search:
        all_words_must_be_found_newest_first words_prefixes_numbers_and_values_are_found
        filters_hold_together outcomes_are_found_by_their_task a_persons_name_finds_what_they_did
        a_histogram_counts_what_a_search_finds
        search_shows_only_ones_own search_pages_join_in_both_directions an_export_is_whole_and_can_be_stopped;
    odd:
        odd_characters_are_kept_and_found statements_are_not_made_of_values;
    rebuild:
        a_rebuild_finds_nothing_different a_rebuild_repairs_what_was_tampered_with a_missing_entry_is_found;
    ops:
        sessions_live_until_they_end throttles_count_and_begin_anew no_authenticator_step_counts_twice
        deliveries_are_tried_until_they_succeed_or_are_given_up small_values_are_kept;
}
