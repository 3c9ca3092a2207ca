//! The walk over a copy: each entry is read once, hashed, and judged by what came before it.

use crate::{
    Class, Options, Progress, Report, Source, StoredEntry,
    form::{Beside, Body, Envelope, EpochOpened, Unreadable},
    report::{Counts, EpochOpening, Findings},
    rules::Judge,
    structure::{Commitment, Structure, Tally, Values},
};

/// Entries read at once.
const PAGE: usize = 256;

/// Verifies a copy of a ledger. `progress` hears of every page of entries.
///
/// Memory holds what is live in the organization, 256 entries at a time, and 16 bytes for each id ever used.
///
/// # Errors
/// When the copy cannot be read. Everything that is wrong with what was read is a finding.
pub fn verify<S: Source>(
    source: &mut S,
    options: &Options<'_>,
    mut progress: impl FnMut(Progress),
) -> Result<Report, S::Error> {
    let mut findings = Findings::new(options.most_findings);
    let mut run = Run {
        structure: Structure::new(source.holds(), options, &mut findings),
        judge: Some(Judge::default()),
        ledger: None,
        epochs: Vec::new(),
        tally: Tally::default(),
        counts: Counts::default(),
        findings,
        halted: None,
    };
    loop {
        let page = source.entries(run.structure.size(), PAGE)?;
        if page.is_empty() || !run.page(page, source)? {
            break;
        }
        let findings = run.findings.list.len() as u64 + run.findings.more;
        progress(Progress { entries: run.structure.size(), findings });
    }
    run.finish(source)
}

struct Run<'o> {
    structure: Structure<'o>,
    /// Gone once an entry could not be read: what follows cannot be judged without it.
    judge: Option<Judge>,
    ledger: Option<String>,
    epochs: Vec<EpochOpening>,
    tally: Tally,
    counts: Counts,
    findings: Findings,
    /// Why and where judging stopped.
    halted: Option<(u64, &'static str)>,
}

impl Run<'_> {
    /// Whether the walk can go on behind this page.
    fn page<S: Source>(&mut self, page: Vec<StoredEntry>, source: &mut S) -> Result<bool, S::Error> {
        let mut read = Vec::with_capacity(page.len());
        let mut commitments = Vec::new();
        for stored in page {
            let envelope = Envelope::read(&stored.bytes);
            if let Ok(envelope) = &envelope {
                let sealed = envelope.body.commitments().into_iter();
                commitments.extend(sealed.map(|(digest, beside)| Commitment {
                    seq: stored.position,
                    digest,
                    beside,
                    subject: envelope.body.subject().filter(|_| beside != Beside::List),
                }));
            }
            read.push((stored, envelope));
        }
        let values = if source.holds().sealed {
            Values::fetch(&commitments, source, &mut self.tally, &mut self.findings, &mut self.counts)?
        } else {
            self.tally.without(&commitments);
            Values::default()
        };
        for (stored, envelope) in read {
            let expected = self.structure.size();
            if stored.position != expected {
                self.misplaced(stored.position, expected);
                return Ok(false);
            }
            self.counts.entries += 1;
            match &envelope {
                Ok(Envelope { body: Body::EpochOpened(opened), .. }) => self.epoch_opened(expected, opened),
                Ok(Envelope { body: Body::Erased(body), .. }) => {
                    self.tally.erased(body.subject, &mut self.counts);
                }
                _ => {}
            }
            self.judge(expected, envelope, &values);
            self.structure.append(&stored.bytes, source, &mut self.findings, &mut self.counts)?;
        }
        Ok(true)
    }

    fn misplaced(&mut self, found: u64, expected: u64) {
        let sentence = if found > expected {
            format!(
                "entries from {expected} to {} are missing; what follows them cannot be placed",
                found - 1
            )
        } else {
            format!("an entry at position {found} comes where {expected} is expected")
        };
        self.findings.add(Class::Gap, expected, sentence);
        self.halt(expected, "an entry is missing");
    }

    fn epoch_opened(&mut self, at: u64, opened: &EpochOpened) {
        let ledger = self.ledger.as_deref().unwrap_or_default();
        let lost = self.structure.epoch_opened(ledger, opened, &mut self.findings);
        self.epochs.push(EpochOpening {
            epoch: opened.epoch,
            seq: at,
            accepted: opened.accepted.iter().map(ToString::to_string).collect(),
            cited_origin: opened.cites.origin.to_string(),
            cited_size: opened.cites.size,
            cited_root: opened.cites.root,
            key: opened.key.clone(),
            lost,
        });
    }

    fn judge(&mut self, at: u64, envelope: Result<Envelope, Unreadable>, values: &Values) {
        let Some(judge) = &mut self.judge else { return };
        match envelope {
            Err(Unreadable::Malformed(why)) => {
                self.findings.add(Class::Malformed, at, format!("this is not an event: {why}"));
                self.halt(at, "an entry cannot be read");
            }
            Err(Unreadable::Unknown(why)) => {
                self.findings.add(Class::UnknownForm, at, format!("{why}: upgrade it"));
                self.halt(at, "a newer program wrote it");
            }
            Ok(envelope) if envelope.seq != at => {
                let sentence = format!("the entry at position {at} says that it is number {}", envelope.seq);
                self.findings.add(Class::Gap, at, sentence);
                self.halt(at, "entries are missing, doubled or out of order");
            }
            Ok(envelope) => {
                if let (0, Body::OrganizationCreated(body)) = (at, &envelope.body) {
                    self.structure.named(&body.ledger, &mut self.findings);
                    self.ledger = Some(body.ledger.clone());
                }
                self.counts.judged += 1;
                judge.take(&envelope, values, &mut self.findings, &mut self.counts);
            }
        }
    }

    fn halt(&mut self, at: u64, why: &'static str) {
        if self.judge.take().is_some() {
            self.halted = Some((at, why));
        }
    }

    fn finish<S: Source>(mut self, source: &mut S) -> Result<Report, S::Error> {
        if let Some(judge) = &mut self.judge {
            judge.finish(&mut self.findings);
        }
        self.structure.finish(source, &mut self.findings)?;
        self.tally.finish(&mut self.counts);
        if source.holds().sealed && self.counts.values_absent > 0 {
            let count = self.counts.values_absent;
            let sentence = format!("{count} values beside the ledger are missing, and no erasure says so");
            self.findings.add(Class::MissingValue, None, sentence);
        }
        let (mut checked, mut unproven) = (Vec::new(), Vec::new());
        self.structure.tell(&self.counts, &mut checked, &mut unproven);
        self.tell(&mut checked, &mut unproven);
        let root = self.structure.frontier().root();
        let size = self.structure.size();
        let Findings { list: findings, more: more_findings, .. } = self.findings;
        Ok(Report {
            ledger: self.ledger,
            size,
            root,
            findings,
            more_findings,
            checked,
            unproven,
            epochs: self.epochs,
            counts: self.counts,
        })
    }

    fn tell(&self, checked: &mut Vec<String>, unproven: &mut Vec<String>) {
        let Counts {
            judged,
            values,
            values_erased,
            values_absent,
            values_left,
            values_compared,
            values_not_comparable,
            executions,
            lists_unknown,
            ..
        } = self.counts;
        checked.push(format!("{judged} entries were judged by the rules, each by what came before it"));
        checked.push(format!("{values} values beside the ledger are those that it committed to"));
        checked.push(format!(
            "{values_compared} of {executions} executions were compared with the statement they ran under"
        ));
        if let Some((at, why)) = self.halted {
            unproven.push(format!("nothing from entry {at} on was judged by the rules: {why}"));
        }
        if values_absent > 0 {
            unproven.push(format!("{values_absent} values are absent from this copy: not checkable"));
        }
        if values_erased > 0 {
            unproven.push(format!(
                "{values_erased} values are erased, as the ledger says: erased, not checkable"
            ));
        }
        if values_left > 0 {
            unproven.push(format!(
                "{values_left} values that the ledger says are erased are beside this copy: it is a backup or an export from before, or they were not erased"
            ));
        }
        if values_not_comparable > 0 {
            unproven.push(format!("{values_not_comparable} executions could not be compared with their statement: values or statement are erased or absent; the ledger says that they matched"));
        }
        if lists_unknown > 0 {
            unproven.push(format!("{lists_unknown} requests cite a list of tasks that is not in this copy and could not be made again: what they cover was not compared"));
        }
        unproven.push("what happened on targets is the runner's word: outcomes and output digests are recorded, not proven".to_owned());
        unproven.push(
            "how people signed in is the server's word: the assurance of a vote is recorded, not proven"
                .to_owned(),
        );
    }
}
