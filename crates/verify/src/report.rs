//! What a verification found, what it checked, and what it could not prove.

use std::fmt;

use countersign_ledger::Digest;
use serde::Serialize;

/// The outcome. [`Report::holds`] says whether anything was found; [`Report::unproven`] must be read either way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The ledger's id, as its first entry has it.
    pub ledger: Option<String>,
    /// Entries in the copy.
    pub size: u64,
    /// The root over them, computed here.
    pub root: Digest,
    /// What is wrong, in the order it was met.
    pub findings: Vec<Finding>,
    /// Findings beyond those listed.
    pub more_findings: u64,
    /// What was checked, one sentence each.
    pub checked: Vec<String>,
    /// What could not be proven, and why, one sentence each.
    pub unproven: Vec<String>,
    /// The epochs after the first.
    pub epochs: Vec<EpochOpening>,
    /// How much there was of what.
    pub counts: Counts,
}

/// Where a copy was gone on with that is not what was served before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EpochOpening {
    /// Its number.
    pub epoch: u32,
    /// The entry that opened it.
    pub seq: u64,
    /// Who accepted: person ids, or nobody for the host's own account.
    pub accepted: Vec<String>,
    /// The origin of the head that was served before.
    pub cited_origin: String,
    /// Its entries.
    pub cited_size: u64,
    /// Its root.
    pub cited_root: Digest,
    /// The key that signs checkpoints from here on.
    pub key: String,
    /// What was lost, as far as the cited head shows it.
    pub lost: String,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its kind.
    pub class: Class,
    /// The entry it was found at, where there is one.
    pub seq: Option<u64>,
    /// What is wrong, for people. Text from the ledger stands in it with control characters escaped.
    pub sentence: String,
}

/// The kinds of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "class", content = "rule", rename_all = "snake_case")]
pub enum Class {
    /// An entry that is not what an entry looks like.
    Malformed,
    /// A kind, version or rule set that this program does not know. Nothing after it is judged.
    UnknownForm,
    /// Entries are missing, doubled or out of order.
    Gap,
    /// Time goes back.
    TimeBack,
    /// Batch rows that do not follow each other.
    Batch,
    /// Another root than the entries give.
    Root,
    /// Another frontier than the entries give.
    Frontier,
    /// Another tile than the entries give, or a missing one.
    Tile,
    /// A seal that is not by the ledger's key, or of other contents.
    Seal,
    /// Entries at the end that no good seal covers.
    Appended,
    /// Entries at the end are gone.
    Truncated,
    /// The copy contradicts what was kept outside it.
    Checkpoint,
    /// A value beside the ledger is not the one that the ledger committed to.
    SealedValue,
    /// Values beside the ledger are missing, and no erasure says so.
    MissingValue,
    /// Something happened that a rule forbids.
    Rule(Rule),
}

/// The rules of privileged access, by their numbers. Those without a word here concern what people see, not what
/// happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[expect(missing_docs, reason = "the words stand in `Rule::words`")]
pub enum Rule {
    G1,
    G2,
    G3,
    G4,
    G5,
    G6,
    G7,
    G8,
    G9,
    G10,
    G11,
    G12,
    G13,
    G14,
    G15,
    G16,
    G17,
    G19,
    G21,
    G22,
    SetUp,
    Tokens,
    Parameters,
    Identity,
    Epochs,
    Erasure,
}

impl Rule {
    /// What the rule says, in short.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::G1 => "which tasks are protected",
            Self::G2 => "no role, no run",
            Self::G3 => "what is protected needs an authorization",
            Self::G4 => "who may ask",
            Self::G5 => "which policy governs",
            Self::G6 => "uses are taken and never returned",
            Self::G7 => "coverage is by task digest",
            Self::G8 => "exempt system accounts",
            Self::G9 => "nobody approves their own request",
            Self::G10 => "votes are distinct people",
            Self::G11 => "who is eligible to approve",
            Self::G12 => "final is final",
            Self::G13 => "time limits",
            Self::G14 => "changes take effect at once",
            Self::G15 => "how executions end",
            Self::G16 => "the clock",
            Self::G17 => "the control plane",
            Self::G19 => "who sees what",
            Self::G21 => "disabling privileged access",
            Self::G22 => "bounds",
            Self::SetUp => "set-up and recovery",
            Self::Tokens => "tokens are less than their owner",
            Self::Parameters => "only what was approved is run",
            Self::Erasure => "only values of what is over are erased, after the retention",
            Self::Epochs => "a restored copy is gone on with only where that was accepted",
            Self::Identity => "ids are used once, and belong to something",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(seq) = self.seq {
            write!(f, "entry {seq}: ")?;
        }
        match self.class {
            Class::Rule(rule) => write!(f, "{} [{rule}, {}]", self.sentence, rule.words()),
            class => write!(f, "{} [{class:?}]", self.sentence),
        }
    }
}

/// How much there was of what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Entries read.
    pub entries: u64,
    /// Entries whose justification was judged.
    pub judged: u64,
    /// Batch rows compared with the entries.
    pub batches: u64,
    /// Seals that hold.
    pub seals: u64,
    /// Full tiles compared with the entries.
    pub tiles: u64,
    /// Kept checkpoints that the copy begins with.
    pub checkpoints: u64,
    /// Values beside the ledger that opened.
    pub values: u64,
    /// Values that are erased, as the ledger says: not checkable.
    pub values_erased: u64,
    /// Values that are absent from this copy, and no erasure says so.
    pub values_absent: u64,
    /// Values that the ledger says are erased, and are beside this copy all the same.
    pub values_left: u64,
    /// Access requests.
    pub requests: u64,
    /// Votes.
    pub votes: u64,
    /// Authorizations granted.
    pub authorizations: u64,
    /// Executions started.
    pub executions: u64,
    /// Executions whose values were compared with the statement they ran under.
    pub values_compared: u64,
    /// Executions whose values or statement are erased or absent.
    pub values_not_comparable: u64,
    /// Requests whose list of tasks is absent and could not be made again from what came before.
    pub lists_unknown: u64,
}

impl Report {
    /// Whether nothing is wrong with what could be checked.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Collects findings up to a bound: a copy that is wrong everywhere needs no gigabyte of sentences.
#[derive(Debug)]
pub(crate) struct Findings {
    pub(crate) list: Vec<Finding>,
    pub(crate) more: u64,
    most: usize,
}

impl Findings {
    pub(crate) const fn new(most: usize) -> Self {
        Self { list: Vec::new(), more: 0, most }
    }

    pub(crate) fn add(&mut self, class: Class, seq: impl Into<Option<u64>>, sentence: impl Into<String>) {
        if self.list.len() >= self.most {
            self.more += 1;
            return;
        }
        let mut shown = String::new();
        for c in sentence.into().chars() {
            if is_plain(c) { shown.push(c) } else { shown.extend(c.escape_unicode()) }
        }
        self.list.push(Finding { class, seq: seq.into(), sentence: shown });
    }
}

/// Whether a character cannot fool the reader of a sentence: no control, zero-width or bidirectional one.
fn is_plain(c: char) -> bool {
    let invisible =
        ['\u{200b}'..='\u{200f}', '\u{2028}'..='\u{202e}', '\u{2060}'..='\u{206f}', '\u{feff}'..='\u{feff}'];
    !c.is_control() && !invisible.iter().any(|range| range.contains(&c))
}
