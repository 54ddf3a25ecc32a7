//! From a table to entries, one for each step.

use super::cell::Cell;
use super::names::{Field, UNSAID};
use super::shares::Shares;
use super::table::{Row, Skipped, Table};
use super::{LogEntry, RunLog};
use crate::error::{Error, shown};
use model::file::size::MAX_WHOLE;
use std::collections::{BTreeMap, BTreeSet};

pub const NO_STEP: &str = "it has no step";

/// What is wrong with a step.
pub fn no_step(found: &str) -> String {
    format!("its step is {}, not a whole number below 2^53", shown(found))
}

/// What is wrong with a value.
pub fn no_number(name: &str, found: &str) -> String {
    format!("its {name} is {}, not a number", shown(found))
}

/// What rows are counted by.
enum Steps {
    Column(usize),
    /// Epochs, some of them parts of one: each is its place among them.
    Epochs(usize, Vec<u64>),
    /// Nothing in the log: rows are counted.
    Rows,
}

impl Steps {
    fn of(table: &Table) -> Steps {
        let Some((place, _)) = table.chosen(Field::Step) else { return Steps::Rows };
        let all = || table.rows.iter().filter_map(|row| row.cell(place).number());
        if !table.counts_epochs(place) || all().all(|epoch| epoch.fract() == 0.0) {
            return Steps::Column(place);
        }
        // The bits of numbers that are not negative are in their order. Collected, they would be sorted first.
        let mut epochs = BTreeSet::new();
        for epoch in all().filter(|epoch| *epoch >= 0.0) {
            epochs.insert(epoch.to_bits());
        }
        Steps::Epochs(place, epochs.into_iter().collect())
    }

    /// The step of the row at `index`, or what is wrong with it.
    fn step(&self, row: &Row, index: usize) -> Result<u64, String> {
        let place = match self {
            Steps::Rows => return Ok(index as u64 + 1),
            Steps::Column(place) | Steps::Epochs(place, _) => *place,
        };
        let number = match row.cell(place) {
            Cell::Number(number) => *number,
            Cell::Nothing => return Err(NO_STEP.to_owned()),
            Cell::Percent(number) => return Err(no_step(&format!("{number} %"))),
            Cell::Bad(found) => return Err(no_step(found)),
        };
        if let Steps::Epochs(_, epochs) = self {
            let place = epochs.binary_search(&number.to_bits()).map(|place| place as u64 + 1);
            return place.map_err(|_| no_step(&number.to_string()));
        }
        let is_whole = number.fract() == 0.0 && (0.0..MAX_WHOLE as f64).contains(&number);
        is_whole.then_some(number as u64).ok_or_else(|| no_step(&number.to_string()))
    }
}

/// The entries of a log.
pub fn merged(mut table: Table) -> Result<RunLog, Error> {
    let mut skipped = std::mem::take(&mut table.skipped);
    let steps = Steps::of(&table);
    let shares = [Field::Exact, Field::Tokens];
    let chosen = shares.iter().filter_map(|field| Some((*field, table.chosen(*field)?.0)));
    let chosen: Vec<(Field, usize)> = chosen.collect();
    if chosen.is_empty() && matches!(steps, Steps::Rows) {
        return Err(nothing(&table, skipped));
    }
    let mut shares = Shares::of(&table, chosen.clone());
    let mut entries: BTreeMap<u64, LogEntry> = BTreeMap::new();
    for (index, row) in table.rows.iter().enumerate() {
        match steps.step(row, index).and_then(|step| checked(&table, row, &chosen).map(|()| step)) {
            Ok(step) => {
                let entry = entries.entry(step).or_default();
                entry.step = step;
                add(entry, &table, row, &mut shares);
            }
            Err(what) => skipped.add(row.at, what),
        }
    }
    if entries.is_empty() {
        return Err(nothing(&table, skipped));
    }
    let mut notes: Vec<String> = renamed(&table, &steps, &chosen).into_iter().collect();
    notes.extend(counted(&steps));
    if let Some(names) = shares.percent(&table) {
        notes.push(format!("{names} read as percent: a hundredth of each number is shown."));
    }
    if let Some(first) = &shares.first {
        let count = shares.outside;
        let are = if count == 1 {
            "1 value is no share"
        } else {
            &format!("{count} values are no shares")
        };
        notes.push(format!("{are} from 0 to 1 and not shown, the first: {first}."));
    }
    if chosen.is_empty() {
        notes.push(format!("It has no accuracy: {WANTED}; it has {}.", table.found()));
    }
    notes.extend(left_out(&skipped, table.has_lines));
    let has_steps = matches!(steps, Steps::Column(place) if !table.counts_epochs(place));
    Ok(RunLog { entries: entries.into_values().collect(), notes, has_steps })
}

/// The names that a log needs.
const WANTED: &str =
    "it should have val_exact (or exact_match, val_acc) or val_tok_acc (or token_accuracy)";

/// A value that is drawn is a number where it is anything.
fn checked(table: &Table, row: &Row, chosen: &[(Field, usize)]) -> Result<(), String> {
    for (_, place) in chosen {
        if let Cell::Bad(found) = row.cell(*place) {
            return Err(no_number(&table.path(*place), found));
        }
    }
    Ok(())
}

/// Adds to an entry what a row has; what the row has not stays.
fn add(entry: &mut LogEntry, table: &Table, row: &Row, shares: &mut Shares) {
    let step = entry.step;
    let number = |field| row.cell(table.chosen(field)?.0).number();
    let whole = |field| number(field).filter(|v| v.fract() == 0.0 && (0.0..=1e15).contains(v));
    let digits = |field| whole(field).map(|v| v as u64);
    let exact = shares.take(row, Field::Exact, step);
    let tokens = shares.take(row, Field::Tokens, step);
    put(&mut entry.val_exact, exact);
    put(&mut entry.val_tok_acc, tokens);
    put(&mut entry.loss, number(Field::Loss));
    put(&mut entry.lr, number(Field::Rate));
    put(&mut entry.wall_time, number(Field::Time));
    put(&mut entry.wd, number(Field::Decay));
    put(&mut entry.carry_mix, number(Field::CarryMix));
    put(&mut entry.min_digits, digits(Field::MinDigits));
    put(&mut entry.max_digits, digits(Field::MaxDigits));
    put(&mut entry.exact, row.count.clone());
}

fn put<T>(slot: &mut Option<T>, value: Option<T>) {
    if value.is_some() {
        *slot = value;
    }
}

/// Why there are no entries.
fn nothing(table: &Table, skipped: Skipped) -> Error {
    let known = |field| table.chosen(field).is_some();
    match skipped.first {
        Some((line, what)) if table.rows.is_empty() || known(Field::Step) => {
            Error::LogLine { line, what }
        }
        _ if table.rows.is_empty() => Error::LogEmpty,
        _ => Error::LogNames { found: table.found() },
    }
}

/// What is read under other names than the reference's.
fn renamed(table: &Table, steps: &Steps, chosen: &[(Field, usize)]) -> Option<String> {
    let step = match steps {
        Steps::Column(place) | Steps::Epochs(place, _) => Some((Field::Step, *place)),
        Steps::Rows => None,
    };
    let mut said = Vec::new();
    for (field, place) in step.into_iter().chain(chosen.iter().copied()) {
        let Some(column) = table.columns.get(place).filter(|column| !column.name.own) else {
            continue;
        };
        let others = table.chosen(field).map_or(0, |(_, others)| others);
        let mut read = format!("{} read as {}", table.path(place), field.own());
        if column.name.rank >= UNSAID && field.is_share() {
            read += ", as the file does not say what it is";
        } else if others > 0 && field.is_share() {
            read += &format!(" ({others} more like it left aside)");
        }
        said.push(read);
    }
    (!said.is_empty()).then(|| format!("{}.", said.join("; ")))
}

fn counted(steps: &Steps) -> Option<String> {
    match steps {
        Steps::Column(_) => None,
        Steps::Epochs(..) => {
            Some("Parts of epochs are counted from 1 in place of steps.".to_owned())
        }
        Steps::Rows => Some("It has no step: its rows are counted from 1.".to_owned()),
    }
}

fn left_out(Skipped { count, first }: &Skipped, has_lines: bool) -> Option<String> {
    let (at, what) = first.as_ref()?;
    let unit = match (has_lines, count) {
        (true, 1) => "line",
        (true, _) => "lines",
        (false, 1) => "entry",
        (false, _) => "entries",
    };
    Some(format!("{count} {unit} skipped, the first: {at} ({what})."))
}
