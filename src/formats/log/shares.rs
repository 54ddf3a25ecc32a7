//! Shares of 1 as logs have them: percent is told from what the columns hold, and what is no share is left out.

use super::cell::Cell;
use super::names::Field;
use super::table::{Row, Table};

/// From here on a value is no share of 1 that was rounded badly.
const ABOVE: f64 = 1.5;
/// How far above 1 a share may be for how it was computed.
const ROUNDING: f64 = 1e-6;

/// The columns of shares that are read.
pub struct Shares {
    columns: Vec<(Field, usize)>,
    /// Whether their numbers are percent, in the order of the columns.
    percent: Vec<bool>,
    /// How many values are no shares, and the first of them in words.
    pub outside: usize,
    pub first: Option<String>,
}

impl Shares {
    /// Those of `columns`. They are percent where their names say so, and where more of their numbers are over 1.5, and
    /// none over 100, than are shares above 0: a script writes both columns alike, and one that learned nothing has
    /// hardly a number over 1 in one of them.
    pub fn of(table: &Table, columns: Vec<(Field, usize)>) -> Shares {
        let plain = |place: usize| {
            table.rows.iter().filter_map(move |row| match row.cell(place) {
                Cell::Number(number) => Some(*number),
                _ => None,
            })
        };
        let said = |place: usize| table.columns.get(place).is_some_and(|c| c.name.percent);
        let unsaid = columns.iter().filter(|(_, place)| !said(*place));
        let (mut over, mut under) = (0usize, 0usize);
        for number in unsaid.flat_map(|(_, place)| plain(*place)) {
            over += usize::from(number > ABOVE && number <= 100.0 + ROUNDING);
            under += usize::from(number > 0.0 && number <= 1.0);
        }
        let percent = columns.iter().map(|(_, place)| said(*place) || over > under).collect();
        Shares { columns, percent, outside: 0, first: None }
    }

    /// The share that `row` has of `field`, at `step`.
    pub fn take(&mut self, row: &Row, field: Field, step: u64) -> Option<f64> {
        let at = self.columns.iter().position(|(own, _)| *own == field)?;
        let ((_, place), percent) = (self.columns.get(at)?, self.percent.get(at)?);
        let (found, share) = match row.cell(*place) {
            Cell::Number(number) if *percent => (*number, number / 100.0),
            Cell::Number(number) => (*number, *number),
            Cell::Percent(number) => (*number, number / 100.0),
            Cell::Nothing | Cell::Bad(_) => return None,
        };
        if !(0.0..=1.0 + ROUNDING).contains(&share) {
            self.outside += 1;
            let own = field.own();
            self.first.get_or_insert_with(|| format!("{own} {found:?} at step {step}"));
            return None;
        }
        Some(share.min(1.0))
    }

    /// The columns that are read as percent, in words.
    pub fn percent(&self, table: &Table) -> Option<String> {
        let columns = self.columns.iter().zip(&self.percent).filter(|(_, percent)| **percent);
        let names: Vec<String> = columns.map(|((_, place), _)| table.path(*place)).collect();
        (!names.is_empty()).then(|| names.join(" and "))
    }
}
