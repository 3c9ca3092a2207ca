use countersign_text::{visible, visible_lines};
use serde::Serialize;

/// What one mail says, from which text and HTML are both made.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Page {
    pub(crate) subject: String,
    pub(crate) heading: String,
    pub(crate) tone: Tone,
    pub(crate) lead: Vec<String>,
    pub(crate) sections: Vec<Section>,
    pub(crate) action: Option<Action>,
    pub(crate) notes: Vec<String>,
    pub(crate) digest: Option<String>,
    /// Why this person gets this mail.
    pub(crate) because: String,
}

#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Tone {
    #[default]
    Info,
    /// Somebody waits for the reader.
    Ask,
    Good,
    Warn,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Section {
    pub(crate) title: String,
    pub(crate) rows: Vec<Row>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) label: String,
    pub(crate) value: String,
    pub(crate) style: Style,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Style {
    Plain,
    /// Somebody's own words, on several lines: marked on each, so that they can't pass for ours.
    Quote,
    /// What an approver must not overlook.
    Loud,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Action {
    pub(crate) label: String,
    pub(crate) url: String,
}

/// The most that a part takes in a mail, in characters; the page shows the rest.
const QUOTE: usize = 4000;
const VALUE: usize = 2000;
const LABEL: usize = 200;
/// The most rows in one section.
const ROWS: usize = 100;

impl Section {
    pub(crate) fn new(title: &str, rows: Vec<Row>) -> Self {
        Self { title: title.to_owned(), rows }
    }
}

impl Row {
    pub(crate) fn plain(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), style: Style::Plain }
    }

    pub(crate) fn quote(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), style: Style::Quote }
    }

    pub(crate) fn loud(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), style: Style::Loud }
    }
}

impl Page {
    /// The one place where data becomes fit for people: whatever composed the page, nothing hidden
    /// is left in it, line breaks are left in quotes only, and every part has a bound.
    pub(crate) fn made_visible(mut self) -> Self {
        for line in [&mut self.subject, &mut self.heading, &mut self.because] {
            *line = visible(&cut(line, VALUE));
        }
        for line in self.lead.iter_mut().chain(&mut self.notes) {
            *line = visible(&cut(line, VALUE));
        }
        self.sections.retain(|section| !section.rows.is_empty());
        for section in &mut self.sections {
            section.title = visible(&section.title);
            bound_rows(&mut section.rows);
            for row in &mut section.rows {
                row.label = visible(&cut(&row.label, LABEL));
                row.value = match row.style {
                    Style::Quote => visible_lines(&cut(&row.value, QUOTE)),
                    Style::Plain | Style::Loud => visible(&cut(&row.value, VALUE)),
                };
            }
        }
        self
    }
}

fn bound_rows(rows: &mut Vec<Row>) {
    let more = rows.len().saturating_sub(ROWS);
    if more > 0 {
        rows.truncate(ROWS);
        rows.push(Row::loud(
            "More",
            format!("{more} further lines are left out here; open the page to see all"),
        ));
    }
}

fn cut(text: &str, most: usize) -> String {
    let mut chars = text.chars();
    let mut kept: String = chars.by_ref().take(most).collect();
    let left = chars.count();
    if left > 0 {
        kept.push_str(&format!(" … [{left} more characters: open the page]"));
    }
    kept
}
