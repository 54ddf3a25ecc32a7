//! Wrong additions in words, parted by their first wrong digit and by what the columns are that decide it.

use super::cases::{PAIR, VALUES, Value};
use super::counting::Counting;
use super::diagram::{Term, Within};
use super::row::{NodeId, Row, STOPS, WRONG};
use numbers::listed::Listed;
use task::addition::DIGITS;

/// A set of columns' values, as bits.
type Set = [bool; VALUES];

/// Additions whose columns are among some values, and which are first wrong in one digit.
#[derive(Clone)]
pub struct Kind {
    /// The first wrong answer digit.
    pub digit: usize,
    /// The columns that are among some values: the higher, and what may stand before it.
    column: usize,
    own: Set,
    before: Set,
    /// Not all of them are wrong.
    part: bool,
    /// Roughly how many, to begin with the largest.
    pub weight: u128,
}

/// Most pairs of digits that are listed one by one.
const LISTED: usize = 6;

/// The wrong ones that are first so in row `row`.
pub fn kinds(row: &Row) -> Vec<Kind> {
    let column = row.row.min(DIGITS - 1);
    let mut kinds = Vec::new();
    for part in [false, true] {
        // Values of the own column (of the last one, in row 10) that lead to the same, by what may stand in the one before.
        let mut alike: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
        for value in Value::all() {
            let before = before(row, column, value, part);
            let before: Vec<usize> = (0..VALUES).filter(|i| before[*i]).listed();
            if !before.is_empty() {
                match alike.binary_search_by(|(other, _)| other.cmp(&before)) {
                    Ok(at) => alike[at].1.push(value.index()),
                    Err(at) => alike.insert(at, (before, vec![value.index()])),
                }
            }
        }
        let times = |list: &[usize]| -> u128 {
            list.iter().map(|i| u128::from(Value::of(*i).times())).sum()
        };
        kinds.extend(alike.into_iter().map(|(before, own)| Kind {
            digit: row.row,
            column,
            own: set(&own),
            before: set(&before),
            part,
            weight: times(&own) * times(&before),
        }));
    }
    kinds
}

impl Kind {
    /// Its additions, in parts that share none.
    pub fn terms(&self, counting: &Counting, within: &Within) -> Vec<Term> {
        let whole = counting.wrong_terms(self.digit, within);
        whole.iter().map(|term| narrowed(term, self.column, &self.own, &self.before)).listed()
    }

    /// "column 7 is 5 + 6 or 6 + 5 and column 6 is 0 + 0 without a carry".
    pub fn text(&self) -> String {
        let mut text = text(self.column, &self.own, &self.before);
        if self.part {
            text += ", in part";
        }
        text
    }
}

fn narrowed(term: &Term, column: usize, own: &Set, before: &Set) -> Term {
    let mut within = term.within.clone().only(column, |value| own[value.index()]);
    if column > 0 {
        within = within.only(column - 1, |value| before[value.index()]);
    }
    Term { within, ..term.clone() }
}

fn set(indices: &[usize]) -> Set {
    std::array::from_fn(|i| indices.contains(&i))
}

/// Before which values of the column before `value` in `column` goes wrong: always, or `part` of the time.
fn before(row: &Row, column: usize, value: Value, part: bool) -> Set {
    if column == 0 && value.carry == 1 {
        return [false; VALUES];
    }
    let goes_wrong =
        |id: NodeId| if part { row.node(id).is_some() } else { id == WRONG || id == STOPS };
    let child = match row.node(row.root) {
        Some(node) if node.column == column => row.child(node, value),
        _ => row.root,
    };
    let under = |id: NodeId, before: Value| match row.node(id) {
        Some(node) if node.column + 1 == column => row.child(node, before),
        _ => id,
    };
    std::array::from_fn(|i| {
        let before = Value::of(i);
        (column == 0 || before.sends() == value.carry) && goes_wrong(under(child, before))
    })
}

fn text(column: usize, own: &Set, before: &Set) -> String {
    // The column before says which carry comes, unless it can be any.
    let mut text =
        format!("column {column} is {}", values(own, column > 0 && every(column, before, own)));
    if column > 0 && !every(column, before, own) {
        text += &format!(" and column {} is {}", column - 1, values(before, column > 1));
    }
    text
}

/// Whether `before` is all that can stand before `own`.
fn every(column: usize, before: &Set, own: &Set) -> bool {
    let carries: Vec<usize> = (0..VALUES).filter(|i| own[*i]).map(|i| Value::of(i).carry).listed();
    // Nothing sends a carry into column 0.
    let can_be = |value: &Value| column > 1 || value.carry == 0;
    let mut all = Value::all().filter(can_be);
    all.all(|value| before[value.index()] || !carries.contains(&value.sends()))
}

/// "5 + 6 or 6 + 5 with a carry"; the carry is told where `carry_matters`.
fn values(set: &Set, carry_matters: bool) -> String {
    let of = |carry: usize| -> Vec<usize> {
        (0..VALUES / 2).filter(|pair| set[Value { pair: *pair, carry }.index()]).listed()
    };
    let (without, with) = (of(0), of(1));
    if without == with || !carry_matters {
        let either = |pair: &usize| without.contains(pair) || with.contains(pair);
        let all: Vec<usize> = (0..VALUES / 2).filter(either).listed();
        return pairs(&all);
    }
    let part = |list: &[usize], carry: &str| format!("{} {carry}", pairs(list));
    match (without.is_empty(), with.is_empty()) {
        (_, true) => part(&without, "without a carry"),
        (true, _) => part(&with, "with a carry"),
        _ => format!("{}, or {}", part(&without, "without a carry"), part(&with, "with a carry")),
    }
}

/// Pairs of digits by their sums where these are complete, else one by one, else by how many they are.
fn pairs(list: &[usize]) -> String {
    let sum = |pair: usize| PAIR[pair].0 + PAIR[pair].1;
    let sums: Vec<u8> = (0..=18).filter(|s| list.iter().any(|pair| sum(*pair) == *s)).listed();
    let complete = list.len() == (0..VALUES / 2).filter(|pair| sums.contains(&sum(*pair))).count();
    if complete && list.len() == VALUES / 2 {
        return "any pair".into();
    }
    let ordered: Vec<String> = list
        .iter()
        .flat_map(|pair| {
            let (x, y) = PAIR[*pair];
            let mut both = vec![(y, x)];
            if x != y {
                both.push((x, y));
            }
            both
        })
        .map(|(x, y)| format!("{x} + {y}"))
        .listed();
    if ordered.len() <= LISTED {
        return ordered.join(" or ");
    }
    if complete {
        return format!("a pair with the sum {}", ranges(&sums));
    }
    format!("one of {} pairs with the sum {}", ordered.len(), ranges(&sums))
}

/// "0 to 3, 7 or 9".
fn ranges(sums: &[u8]) -> String {
    let mut runs: Vec<(u8, u8)> = vec![];
    for sum in sums {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *sum => *last = *sum,
            _ => runs.push((*sum, *sum)),
        }
    }
    let words: Vec<String> = runs
        .iter()
        .flat_map(|(first, last)| match last - first {
            0 => vec![first.to_string()],
            1 => vec![first.to_string(), last.to_string()],
            _ => vec![format!("{first} to {last}")],
        })
        .listed();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    }
}
