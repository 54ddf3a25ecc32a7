//! A run log as a table: rows of the columns that are known, whatever form they were written in.

use super::cell::Cell;
use super::names::{EPOCHS, Field, Name, name};
use crate::error::shown;
use crate::limits::{MAX_COLUMNS, MAX_LOG_DEPTH, MAX_NAME_BYTES, MAX_REMEMBERED};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Unknown names that a message lists.
const LISTED: usize = 6;

/// A column whose name is known.
#[derive(Debug)]
pub struct Column {
    /// Its name; nested keys are joined by `/`.
    pub path: String,
    pub name: Name,
    /// Rows in which it is a number.
    numbers: usize,
}

/// A row: where it stands in the file, and its values by column.
#[derive(Debug)]
pub struct Row {
    pub at: usize,
    cells: Vec<(u8, Cell)>,
    /// How many of all additions were right, which no number holds.
    pub count: Option<String>,
}

impl Row {
    /// The value of a column; where the row has none, nothing was measured.
    pub fn cell(&self, column: usize) -> &Cell {
        let found = self.cells.iter().find(|(own, _)| usize::from(*own) == column);
        found.map_or(&Cell::Nothing, |(_, cell)| cell)
    }
}

/// What was left out: how many, and the first of them with its fault.
#[derive(Debug, Default)]
pub struct Skipped {
    pub count: usize,
    pub first: Option<(usize, String)>,
}

impl Skipped {
    pub fn add(&mut self, at: usize, what: impl Into<String>) {
        self.count += 1;
        if self.first.as_ref().is_none_or(|(first, _)| at < *first) {
            self.first = Some((at, what.into()));
        }
    }
}

/// A log as it was read, before anyone asks what its columns mean.
#[derive(Debug, Default)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    pub skipped: Skipped,
    /// Whether rows are lines of the file; else they are entries of a list.
    pub has_lines: bool,
    places: BTreeMap<String, Option<u8>>,
    unknown: Vec<String>,
}

impl Table {
    /// The place of the column called `path`; nothing where nobody knows it.
    pub fn column(&mut self, path: &str) -> Option<u8> {
        if let Some(place) = self.places.get(path) {
            return *place;
        }
        let known = name(path).filter(|_| self.columns.len() < MAX_COLUMNS);
        let place = known.map(|name| {
            self.columns.push(Column { path: path.to_owned(), name, numbers: 0 });
            (self.columns.len() - 1) as u8
        });
        if self.places.len() < MAX_REMEMBERED || place.is_some() {
            if place.is_none() && self.unknown.len() < LISTED {
                self.unknown.push(shown(path));
            }
            self.places.insert(path.to_owned(), place);
        }
        place
    }

    /// Adds a row of cells by column.
    pub fn add(&mut self, at: usize, cells: Vec<(u8, Cell)>, count: Option<String>) {
        for (place, cell) in &cells {
            if let Some(column) = self.columns.get_mut(usize::from(*place)) {
                column.numbers += usize::from(cell.number().is_some());
            }
        }
        self.rows.push(Row { at, cells, count });
    }

    /// Adds what a JSON object says, those in it included.
    pub fn add_object(&mut self, at: usize, object: &Map<String, Value>) {
        let mut cells = Vec::new();
        self.flatten(object, "", 0, &mut cells);
        let count = object.get("exact").and_then(Value::as_str).filter(|text| is_count(text));
        self.add(at, cells, count.map(str::to_owned));
    }

    fn flatten(
        &mut self,
        object: &Map<String, Value>,
        scope: &str,
        depth: usize,
        cells: &mut Vec<(u8, Cell)>,
    ) {
        for (key, value) in object {
            // What is longer is no name of a column.
            if scope.len() + key.len() >= MAX_NAME_BYTES {
                continue;
            }
            let path = if scope.is_empty() { key.clone() } else { format!("{scope}/{key}") };
            match value {
                Value::Object(inner) if depth < MAX_LOG_DEPTH => {
                    self.flatten(inner, &path, depth + 1, cells);
                }
                value => {
                    cells.extend(self.column(&path).map(|place| (place, Cell::of(value))));
                }
            }
        }
    }

    /// The column that is read for `field`, and how many others there are for it.
    pub fn chosen(&self, field: Field) -> Option<(usize, usize)> {
        let all = || self.columns.iter().enumerate().filter(|(_, c)| c.name.field == field);
        let most = all().map(|(_, c)| c.numbers).max()?;
        // A better name is no help where few rows have it.
        let filled = all().filter(|(_, c)| c.numbers * 2 >= most);
        let (place, _) = filled.min_by_key(|(place, c)| (c.name.rank, *place))?;
        Some((place, all().filter(|(_, c)| c.numbers > 0).count().saturating_sub(1)))
    }

    /// Whether epochs are all there is to count by.
    pub fn counts_epochs(&self, place: usize) -> bool {
        self.columns.get(place).is_some_and(|column| column.name.rank >= EPOCHS)
    }

    /// The name of a column, for a message.
    pub fn path(&self, place: usize) -> String {
        self.columns.get(place).map_or_else(String::new, |column| shown(&column.path))
    }

    /// What it has instead of what is known, for a message.
    pub fn found(&self) -> String {
        let known = self.columns.iter().map(|column| shown(&column.path));
        let names: Vec<String> = known.chain(self.unknown.iter().cloned()).take(LISTED).collect();
        if names.is_empty() { "no names at all".to_owned() } else { names.join(", ") }
    }
}

/// Whether a text is a number of additions.
pub fn is_count(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u128>().is_ok()
}
