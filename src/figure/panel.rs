//! What a panel is: words, a table and a chart. No pixels.

use super::chart::Chart;
use super::ghost;
use super::section::Section;
use super::subject::Subject;
use numbers::words;
use serde::Serialize;
use std::fmt::Write;
use task::addition::Alignment;
use task::item::Item;

/// An entry of the registry: everything about a panel that no model changes.
pub struct PanelSpec {
    /// Its name in URLs and file names.
    pub key: &'static str,
    /// Its number, 1 to 14.
    pub number: u8,
    /// Its title.
    pub title: &'static str,
    /// Its title in the script's alignment, where the script draws something else.
    pub script_title: Option<&'static str>,
    /// The question that it helps to answer.
    pub section: Section,
    /// Whether it wants half a page's width rather than a third.
    pub wide: bool,
    /// So many leading columns of its table say what a row is of, in each alignment.
    pub named: [usize; Alignment::ALL.len()],
    /// What is switched off in what it shows, or what is not, as a sentence; empty where nothing is anywhere.
    pub(super) under: fn(&Subject) -> String,
    /// Makes the panel of a subject, whatever is beside it, without its title.
    pub(super) build: fn(&Subject) -> Panel,
}

/// What a panel says that switches leave as it is.
const WHOLE: &str = "This is of the whole model.";

impl PanelSpec {
    /// The panel of a subject, over the outlines of what is beside it.
    pub fn panel(&self, subject: &Subject) -> Panel {
        let before = subject.beside.map(|report| self.alone(&Subject { report, ..*subject }));
        self.over(subject, before.as_ref())
    }

    /// The panel of a subject, over the outlines of what was `before`.
    pub(super) fn over(&self, subject: &Subject, before: Option<&Panel>) -> Panel {
        let panel = self.alone(subject);
        let panel = match before {
            Some(before) => ghost::over(panel, before),
            None => panel,
        };
        panel.named(&(self.under)(subject))
    }

    /// The panel of a subject, whatever is beside it.
    pub(super) fn alone(&self, subject: &Subject) -> Panel {
        let title = match subject.alignment {
            Alignment::Answer => self.title,
            Alignment::Script => self.script_title.unwrap_or(self.title),
        };
        Panel { title, ..(self.build)(subject) }
    }
}

/// What panels of passes are measured under.
pub fn passes(subject: &Subject) -> String {
    subject.report.off.clone()
}

/// What no switch changes, where one is off.
pub fn whole(subject: &Subject) -> String {
    if subject.report.off.is_empty() { String::new() } else { WHOLE.to_owned() }
}

/// A panel of one subject.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    /// Its title.
    pub title: &'static str,
    /// A fact for the title line: `A = 7.7, stride 6.8°`.
    pub aside: String,
    /// What to look for, in one or two plain sentences that are true of this model.
    pub sentence: String,
    /// The values drawn.
    pub table: Table,
    /// The drawing.
    pub content: Content,
}

/// What a panel draws.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A chart.
    Chart(Chart),
    /// Why there is none. Nothing made up is ever drawn.
    Note(String),
}

impl Default for Content {
    fn default() -> Content {
        Content::Note(String::new())
    }
}

impl Panel {
    /// A panel that does not apply, and why.
    pub fn note(why: impl Into<String>) -> Panel {
        Panel { content: Content::Note(why.into()), ..Panel::default() }
    }

    /// Says, in words and values alike, what these were measured under; nothing where that is empty.
    fn named(mut self, under: &str) -> Panel {
        if under.is_empty() || matches!(self.content, Content::Note(_)) {
            return self;
        }
        self.sentence = format!("{under} {}", self.sentence);
        let cell = |i| if i == 0 { under } else { "" };
        self.table.push_cells((0..self.table.columns.len()).map(|i| (cell(i), None)));
        self
    }

    /// The values as comma-separated text, with a header row.
    pub fn csv(&self) -> String {
        self.table.csv()
    }
}

/// Values as text: a header and rows of the same length.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Table {
    /// The header.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
    /// What each cell of each row stands for.
    pub items: Vec<Vec<Option<Item>>>,
    /// The number of each cell that has fewer digits than that.
    #[serde(skip)]
    pub(super) numbers: Vec<Vec<Option<f64>>>,
}

/// A cell's text, and the number of which it has the first digits.
pub struct Written {
    text: String,
    number: Option<f64>,
}

impl From<f64> for Written {
    fn from(number: f64) -> Written {
        Written { text: words::exact(number), number: Some(number) }
    }
}

impl From<String> for Written {
    fn from(text: String) -> Written {
        Written { text, number: None }
    }
}

impl From<&str> for Written {
    fn from(text: &str) -> Written {
        text.to_owned().into()
    }
}

impl<N: Into<Written>> From<Option<N>> for Written {
    fn from(cell: Option<N>) -> Written {
        cell.map_or_else(|| "".into(), Into::into)
    }
}

impl Table {
    /// A table with these columns and no rows.
    pub fn new<S: Into<String>>(columns: impl IntoIterator<Item = S>) -> Table {
        let columns = columns.into_iter().map(Into::into).collect();
        Table { columns, ..Table::default() }
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds a row that stands for one thing.
    pub fn push<S: Into<Written>>(&mut self, item: Item, row: impl IntoIterator<Item = S>) {
        self.push_cells(row.into_iter().map(|text| (text, Some(item.clone()))));
    }

    /// Adds a row whose cells stand for things of their own, or for none.
    pub fn push_cells<S: Into<Written>>(
        &mut self,
        row: impl IntoIterator<Item = (S, Option<Item>)>,
    ) {
        let (mut cells, mut items, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        for (cell, item) in row {
            let Written { text, number } = cell.into();
            cells.push(text);
            numbers.push(number);
            items.push(item);
        }
        self.rows.push(cells);
        self.items.push(items);
        self.numbers.push(numbers);
    }

    /// The table as comma-separated text (RFC 4180).
    pub fn csv(&self) -> String {
        let mut csv = String::new();
        for row in std::iter::once(&self.columns).chain(&self.rows) {
            for (i, cell) in row.iter().enumerate() {
                if i > 0 {
                    csv.push(',');
                }
                push_cell(&mut csv, cell);
            }
            csv.push_str("\r\n");
        }
        csv
    }
}

/// A cell with a comma, a quote or a line break is quoted.
fn push_cell(csv: &mut String, cell: &str) {
    if cell.contains([',', '"', '\n', '\r']) {
        // Writing to a string cannot fail.
        let _ = write!(csv, "\"{}\"", cell.replace('"', "\"\""));
    } else {
        csv.push_str(cell);
    }
}
