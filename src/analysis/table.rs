//! Many models, a row each: what `table` and `sweep` write.

use super::patch::place_values;
use model::exact::{Exact, LOOKS_OF_MANY, additions};
use model::{Engine, Forward, Model};
use serde::Serialize;
use std::cmp::Reverse;
use task::addition::DIGITS;

/// Columns whose digits have a place value to compare with that of the column before: 1 to 9.
const RATIOS: usize = DIGITS - 1;

/// What a run says of its best snapshot.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct OfRun {
    /// Its seed.
    pub seed: u64,
    /// Updates done.
    pub steps: u64,
    /// Share of additions that the best snapshot gets right.
    pub val_exact: f64,
    /// The first step of a snapshot with half of the additions right.
    pub first_half: Option<u64>,
    /// How long it took.
    pub seconds: f64,
    /// `done` or `diverged`.
    pub outcome: String,
}

/// One model.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Row {
    /// What it is called: its file, or `seed-3`.
    pub name: String,
    /// Its run, where it is of a sweep.
    pub run: Option<OfRun>,
    /// The training step, where the file says it.
    pub step: Option<u64>,
    /// AdderBoard's additions that are answered right.
    pub adderboard_passed: usize,
    /// Those that were asked.
    pub adderboard_total: usize,
    /// How many of all additions are right, where that is decided.
    pub exact: Option<u128>,
    /// Learned numbers.
    pub parameters: usize,
    /// The smallest lead of a right answer digit, in logits, where all additions are decided.
    pub closest: Option<f64>,
    /// Of the columns 1 to 9, by how many times a digit weighs more than one of the column before: ten, where a carry counts
    /// as one. None where attention writes several numbers.
    pub ratios: Vec<Option<f64>>,
}

/// What a column is called, and its cell of a row; empty where there is none.
type Column = (&'static str, fn(&Row) -> String);

fn text<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn of_run<T: ToString>(row: &Row, value: impl FnOnce(&OfRun) -> T) -> String {
    text(row.run.as_ref().map(value))
}

/// All columns, but for those of the ratios.
const COLUMNS: [Column; 13] = [
    ("seed", |row| of_run(row, |run| run.seed)),
    ("steps", |row| of_run(row, |run| run.steps)),
    ("val_exact", |row| of_run(row, |run| run.val_exact)),
    ("best_step", |row| text(row.step)),
    ("adderboard_passed", |row| row.adderboard_passed.to_string()),
    ("adderboard_total", |row| row.adderboard_total.to_string()),
    ("exact", |row| text(row.exact)),
    ("first_half", |row| of_run(row, |run| text(run.first_half))),
    ("seconds", |row| of_run(row, |run| format!("{:.1}", run.seconds))),
    ("outcome", |row| of_run(row, |run| run.outcome.clone())),
    ("name", |row| row.name.clone()),
    ("parameters", |row| row.parameters.to_string()),
    ("closest", |row| text(row.closest)),
];

/// What all columns are called, in their order.
pub fn header() -> Vec<String> {
    let ratios = (1..=RATIOS).map(|column| format!("ratio_{column}"));
    COLUMNS.iter().map(|(name, _)| (*name).to_owned()).chain(ratios).collect()
}

impl Row {
    /// A model's row; what some tenths of a second do not decide is left open.
    pub fn new(name: String, step: Option<u64>, model: &Model) -> Row {
        let score = Engine::new(model).score();
        let exact = Exact::decided(model, LOOKS_OF_MANY);
        let right = exact.count(DIGITS).right();
        // Of a model that is not decided, the search for it would take minutes.
        let closest = right.and_then(|_| exact.closest(DIGITS));
        let ratios = place_values(&Forward::new(model), 0, 0);
        Row {
            name,
            run: None,
            step,
            adderboard_passed: score.passed,
            adderboard_total: score.total,
            exact: right,
            parameters: model.params().count(),
            closest: closest.map(|closest| closest.lead),
            ratios: ratios.into_iter().map(|value| value.ratio).collect(),
        }
    }

    /// Its cells, in the order of [`header`].
    pub fn cells(&self) -> Vec<String> {
        let ratios = (0..RATIOS).map(|at| text(self.ratios.get(at).copied().flatten()));
        COLUMNS.iter().map(|(_, cell)| cell(self)).chain(ratios).collect()
    }

    /// What [`Row::cells`] gave; nothing for other cells.
    pub fn of_cells<S: AsRef<str>>(cells: &[S]) -> Option<Row> {
        if cells.len() != COLUMNS.len() + RATIOS {
            return None;
        }
        let cell = |name: &str| {
            let at = COLUMNS.iter().position(|(column, _)| *column == name)?;
            Some(cells.get(at)?.as_ref())
        };
        let ratios = cells[COLUMNS.len()..].iter().map(|cell| some(cell.as_ref()));
        let ratios: Vec<Option<f64>> = ratios.collect::<Option<_>>()?;
        let has_some = ratios.iter().any(Option::is_some);
        let run = match cell("seed")? {
            "" => None,
            seed => Some(OfRun {
                seed: seed.parse().ok()?,
                steps: cell("steps")?.parse().ok()?,
                val_exact: cell("val_exact")?.parse().ok()?,
                first_half: some(cell("first_half")?)?,
                seconds: cell("seconds")?.parse().ok()?,
                outcome: cell("outcome")?.to_owned(),
            }),
        };
        let row = Row {
            name: cell("name")?.to_owned(),
            run,
            step: some(cell("best_step")?)?,
            adderboard_passed: cell("adderboard_passed")?.parse().ok()?,
            adderboard_total: cell("adderboard_total")?.parse().ok()?,
            exact: some(cell("exact")?)?,
            parameters: cell("parameters")?.parse().ok()?,
            closest: some(cell("closest")?)?,
            ratios: if has_some { ratios } else { vec![] },
        };
        row.exact.is_none_or(|right| right <= additions(DIGITS)).then_some(row)
    }
}

/// A cell that may be empty; `None` for what is no such value.
fn some<T: std::str::FromStr>(cell: &str) -> Option<Option<T>> {
    if cell.is_empty() { Some(None) } else { cell.parse().ok().map(Some) }
}

/// What rows are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The most additions right of all first, then of AdderBoard's, then the largest smallest lead.
    Right,
    /// By name, numbers in it as numbers.
    Name,
    /// The fewest learned numbers first.
    Parameters,
    /// AdderBoard's score, the best first.
    Adderboard,
    /// The smallest lead, the largest first.
    Closest,
}

/// Sorts rows; those that are alike in it by name.
pub fn sort(rows: &mut [Row], by: By) {
    let lead = |row: &Row| Reverse(numbers::order::whole(row.closest.unwrap_or(-1.0)));
    rows.sort_by_cached_key(|row| {
        let (right, board) = (Reverse(row.exact), Reverse(row.adderboard_passed));
        let none = (Reverse(None), Reverse(0), Reverse(0), 0);
        let key = match by {
            By::Right => (right, board, lead(row), 0),
            By::Name => none,
            By::Parameters => (Reverse(None), Reverse(0), Reverse(0), row.parameters),
            By::Adderboard => (Reverse(None), board, Reverse(0), 0),
            By::Closest => (Reverse(None), Reverse(0), lead(row), 0),
        };
        (key, natural(&row.name), row.name.clone())
    });
}

/// A name in parts, numbers apart: `seed-9` before `seed-10`.
fn natural(name: &str) -> Vec<(String, u128)> {
    let mut parts: Vec<(String, u128)> = vec![(String::new(), 0)];
    for letter in name.chars() {
        let digit = letter.to_digit(10).map(u128::from);
        match (parts.last_mut(), digit) {
            (Some((_, number)), Some(digit)) => {
                *number = number.saturating_mul(10).saturating_add(digit);
            }
            (Some((text, 0)), None) => text.push(letter),
            _ => parts.push((letter.to_string(), 0)),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, exact: Option<u128>, passed: usize) -> Row {
        let name = name.to_owned();
        Row { name, exact, adderboard_passed: passed, ratios: vec![], ..Row::default() }
    }

    #[test]
    fn cells_go_there_and_back() {
        let run =
            OfRun { seed: 3, steps: 60, seconds: 1.5, outcome: "done".into(), ..OfRun::default() };
        let ratios = (0..RATIOS).map(|i| Some(9.5 + i as f64)).collect();
        let whole = Row {
            run: Some(run),
            step: Some(40),
            closest: Some(0.25),
            ratios,
            ..row("seed-3", Some(10u128.pow(20)), 10_010)
        };
        for row in [whole, row("a, \"b\"", None, 0)] {
            assert_eq!(row.cells().len(), header().len());
            assert_eq!(Row::of_cells(&row.cells()), Some(row.clone()));
        }
        assert_eq!(Row::of_cells(&["seed-3", "3"]), None);
        let mut cells = row("a", Some(10u128.pow(20) + 1), 0).cells();
        assert_eq!(Row::of_cells(&cells), None);
        cells[6] = "many".into();
        assert_eq!(Row::of_cells(&cells), None);
    }

    #[test]
    fn rows_are_sorted_and_alike_ones_by_their_names() {
        let mut rows =
            vec![row("seed-10", Some(5), 1), row("seed-9", Some(5), 1), row("b", None, 9)];
        let names = |rows: &[Row]| rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>();
        sort(&mut rows, By::Right);
        assert_eq!(names(&rows), ["seed-9", "seed-10", "b"]);
        sort(&mut rows, By::Adderboard);
        assert_eq!(names(&rows), ["b", "seed-9", "seed-10"]);
        sort(&mut rows, By::Name);
        assert_eq!(names(&rows), ["b", "seed-9", "seed-10"]);
    }
}
