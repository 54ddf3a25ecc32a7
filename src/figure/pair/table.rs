//! The values of both: of each number what it is in A, in B, and what B has more.

use crate::panel::Table;
use numbers::listed::Listed;
use numbers::words;
use std::collections::BTreeMap;

/// With more columns than this the table holds differences alone: the values are in the tables of A and of B.
const WIDE: usize = 12;

/// The values of both, and how they differ.
#[derive(Default)]
pub struct Merged {
    pub table: Table,
    /// Numbers that both have.
    compared: usize,
    /// Those of them that are not the same.
    differ: usize,
    /// The largest difference of each unit, in the order of [`Unit::ALL`].
    most: [Option<Most>; Unit::ALL.len()],
}

/// A difference: its size, where it is, and the value in A and in B.
struct Most {
    size: f64,
    place: String,
    values: [String; 2],
}

/// What a column's numbers are of: those of one are compared, and not with those of another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Percent,
    Plain,
    Count,
}

impl Unit {
    const ALL: [Unit; 3] = [Unit::Percent, Unit::Plain, Unit::Count];

    /// The unit of the column called `name` in both tables: of counts where all are whole and one is no share.
    fn of(name: &str, tables: [&Table; 2]) -> Unit {
        if name.ends_with('%') {
            return Unit::Percent;
        }
        let (mut is_whole, mut most) = (true, 0);
        for table in tables {
            let column = table.columns.iter().position(|column| column == name);
            for row in 0..table.rows.len() {
                match number_of(table, Some(row), column) {
                    Some(Number::Count(count)) => most = most.max(count),
                    Some(Number::Real(_)) => is_whole = false,
                    None => {}
                }
            }
        }
        if is_whole && most > 1 { Unit::Count } else { Unit::Plain }
    }

    /// What stands before its largest difference, where there are others.
    fn words(self) -> &'static str {
        match self {
            Unit::Percent => "in percent",
            Unit::Plain => "in values",
            Unit::Count => "in counts",
        }
    }
}

/// The row that begins with these texts.
fn keys(table: &Table, named: usize) -> BTreeMap<&[String], usize> {
    let rows = table.rows.iter().enumerate();
    rows.map(|(at, row)| (row.get(..named).unwrap_or(row), at)).collect()
}

fn cell(table: &Table, row: Option<usize>, column: Option<usize>) -> &str {
    let text = row.zip(column).and_then(|(row, column)| table.rows.get(row)?.get(column));
    text.map_or("", String::as_str)
}

/// A number of a table: with all its digits where its text has fewer, and counts, which no `f64` has, as such.
#[derive(Clone, Copy)]
enum Number {
    Count(u128),
    Real(f64),
}

/// A number as tables have it; a column's name keeps its text.
fn number(text: &str) -> Option<Number> {
    let count = || text.parse().map(Number::Count).ok();
    count().or_else(|| text.parse().map(Number::Real).ok())
}

fn number_of(table: &Table, row: Option<usize>, column: Option<usize>) -> Option<Number> {
    let (row, column) = (row?, column?);
    let real = table.numbers.get(row).and_then(|row| *row.get(column)?);
    real.map(Number::Real).or_else(|| number(cell(table, Some(row), Some(column))))
}

impl Number {
    fn real(self) -> f64 {
        match self {
            Number::Count(count) => count as f64,
            Number::Real(real) => real,
        }
    }

    /// How much more another is: its size, and in words.
    fn to(self, other: Number) -> (f64, String) {
        match (self, other) {
            (Number::Count(one), Number::Count(other)) => {
                let (sign, apart) =
                    if other < one { ("-", one - other) } else { ("", other - one) };
                let real = apart as f64;
                (if other < one { -real } else { real }, format!("{sign}{apart}"))
            }
            _ => {
                let apart = other.real() - self.real();
                (apart, words::exact(apart))
            }
        }
    }
}

/// Puts two tables side by side, row by row as their first `named` columns say.
pub fn merged(a: &Table, b: &Table, named: usize) -> Merged {
    let (keys_a, keys_b) = (keys(a, named), keys(b, named));
    let columns = if a.is_empty() { &b.columns } else { &a.columns };
    let names = columns.get(..named).unwrap_or_default();
    let mut values: Vec<&String> = columns.iter().skip(named).listed();
    for column in b.columns.iter().skip(named) {
        if !values.contains(&column) {
            values.push(column);
        }
    }
    let is_wide = values.len() > WIDE;
    let titles = |name: &String| {
        let all = ["A", "B", "B − A"].map(|of| format!("{name}, {of}"));
        all.into_iter().skip(if is_wide { 2 } else { 0 })
    };
    let units: Vec<Unit> = values.iter().map(|name| Unit::of(name, [a, b])).listed();
    let header = names.iter().cloned().chain(values.iter().flat_map(|name| titles(name)));
    let mut merged = Merged { table: Table::new(header), ..Merged::default() };
    let own = a.rows.iter().enumerate().map(|(at, row)| {
        let key = row.get(..named).unwrap_or(row);
        (key, Some(at), keys_b.get(key).copied())
    });
    let more = b.rows.iter().enumerate().map(|(at, row)| (row.get(..named).unwrap_or(row), at));
    let more = more.filter(|(key, _)| !keys_a.contains_key(key));
    for (key, in_a, in_b) in own.chain(more.map(|(key, at)| (key, None, Some(at)))) {
        merged.push(key, (&values, &units), [(a, in_a), (b, in_b)], is_wide);
    }
    merged
}

impl Merged {
    fn push(
        &mut self,
        key: &[String],
        (values, units): (&[&String], &[Unit]),
        [(a, in_a), (b, in_b)]: [(&Table, Option<usize>); 2],
        is_wide: bool,
    ) {
        let item = |column: usize| match (in_a, in_b) {
            (Some(row), _) => a.items.get(row)?.get(column)?.clone(),
            (None, Some(row)) => b.items.get(row)?.get(column)?.clone(),
            _ => None,
        };
        let mut row = Vec::new();
        for (at, text) in key.iter().enumerate() {
            row.push((text.clone(), item(at)));
        }
        for (at, (name, unit)) in values.iter().zip(units).enumerate() {
            let place = |table: &Table| table.columns.iter().position(|column| column == *name);
            let (one, other) = (cell(a, in_a, place(a)), cell(b, in_b, place(b)));
            let [own, others] =
                [(a, in_a), (b, in_b)].map(|(of, row)| number_of(of, row, place(of)));
            let delta = own.zip(others).map(|(own, other)| own.to(other));
            if let Some((delta, _)) = delta {
                let columns = if a.is_empty() { &b.columns } else { &a.columns };
                self.count((delta, *unit), || place_of(columns, key, name), [one, other]);
            }
            let item = item(key.len() + at);
            if !is_wide {
                row.push((one.to_owned(), item.clone()));
                row.push((other.to_owned(), item.clone()));
            }
            row.push((delta.map_or_else(String::new, |(_, text)| text), item));
        }
        self.table.push_cells(row);
    }

    fn count(
        &mut self,
        (delta, unit): (f64, Unit),
        place: impl FnOnce() -> String,
        [a, b]: [&str; 2],
    ) {
        self.compared += 1;
        if delta == 0.0 {
            return;
        }
        self.differ += 1;
        let most = &mut self.most[unit as usize];
        if most.as_ref().is_none_or(|most| delta.abs() > most.size) {
            let values = [a.to_owned(), b.to_owned()];
            *most = Some(Most { size: delta.abs(), place: place(), values });
        }
    }
}

/// Where a number is, in words: a key that is a number is told with the name of its column.
fn place_of(columns: &[String], key: &[String], name: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for (column, text) in columns.iter().zip(key).filter(|(_, text)| !text.is_empty()) {
        let word = if number(text).is_some() { format!("{column} {text}") } else { text.clone() };
        if words.last() != Some(&word) {
            words.push(word);
        }
    }
    words.push(name.to_owned());
    words.join(", ")
}

/// A number of a table in a sentence.
fn written(text: &str) -> String {
    match text.strip_prefix('-') {
        Some(rest) => format!("−{}", written(rest)),
        None if text.bytes().all(|b| b.is_ascii_digit()) => words::grouped_digits(text),
        None => text.to_owned(),
    }
}

/// Where the two differ: numbers of different units have a largest difference each.
pub fn sentence(merged: &Merged) -> String {
    let Merged { compared, differ, most, .. } = merged;
    let all = words::count(*compared as u64);
    let told =
        Unit::ALL.into_iter().zip(most).filter_map(|(unit, most)| Some((unit, most.as_ref()?)));
    let told: Vec<(Unit, &Most)> = told.listed();
    let each = |(unit, most): &(Unit, &Most)| {
        let unit = if told.len() > 1 { format!("{}: ", unit.words()) } else { String::new() };
        let [a, b] = most.values.each_ref().map(|text| written(text));
        format!("{unit}{}: {a} in A, {b} in B", most.place)
    };
    match told.len() {
        _ if *compared == 0 => String::new(),
        0 => format!("All {all} numbers are the same in both: every difference is 0."),
        _ => {
            let differ = words::count(*differ as u64);
            let verb = if differ == "1" { "differs" } else { "differ" };
            let places = told.iter().map(each).listed().join("; ");
            let comma = if told.len() > 1 { "," } else { "" };
            format!("{differ} of {all} numbers {verb}, most of all{comma} {places}.")
        }
    }
}
