//! The texts of items.

use super::{Case, Item, NoItem, Norm, Point};
use crate::addition::{DIGITS, EOS, EQUALS, MAX_SUMMAND, PLUS, ROWS, SEQUENCE, label};
use numbers::listed::Listed;
use serde::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A place in an item's text, where `+` and `=` have names: both mean something in addresses.
pub(crate) fn place_text(place: usize) -> String {
    match place {
        PLUS => "PLUS".into(),
        EQUALS => "EQUALS".into(),
        _ => label(place),
    }
}

/// A row by the digit that it predicts, or in small letters by what it reads.
fn row_text(row: usize) -> String {
    if row < EQUALS { place_text(row).to_ascii_lowercase() } else { place_text(row + 1) }
}

fn row_of(text: &str) -> Option<usize> {
    (0..ROWS).find(|row| row_text(*row) == text)
}

pub(crate) fn place_of(text: &str) -> Option<usize> {
    (0..SEQUENCE).find(|place| place_text(*place) == text)
}

/// A whole number in the one way that it is written.
pub(crate) fn whole<T: FromStr + ToString>(text: &str) -> Option<T> {
    text.parse::<T>().ok().filter(|n| n.to_string() == text)
}

impl Item {
    fn parse(text: &str) -> Option<Item> {
        let (kind, rest) = text.split_once(':')?;
        let parts: Vec<&str> = rest.split('/').listed();
        Some(match (kind, &parts[..]) {
            ("place", [place]) => Item::Place(place_of(place)?),
            ("token", [token]) => Item::Token(whole(token)?),
            ("embedding", [token, dim]) => {
                Item::Embedding { token: whole(token)?, dim: whole(dim)? }
            }
            ("dim", [dim]) => Item::Dim(whole(dim)?),
            ("row", [row]) => Item::Row(row_of(row)?),
            ("carry", [row, "0"]) => Item::Carry { row: row_of(row)?, carry: 0 },
            ("carry", [row, "1"]) => Item::Carry { row: row_of(row)?, carry: 1 },
            ("carry_before", [row, "0"]) => Item::CarryBefore { row: row_of(row)?, carry: 0 },
            ("carry_before", [row, "1"]) => Item::CarryBefore { row: row_of(row)?, carry: 1 },
            ("case", parts) => Item::Case(case(parts)?),
            ("chain", [columns]) => {
                Item::Chain(whole(columns).filter(|columns| usize::from(*columns) <= DIGITS)?)
            }
            ("direction", [by]) => Item::Direction(whole(by).filter(|by| *by < 10)?),
            ("norm", [norm, dim]) => {
                let (norm, _) = Norm::ALL.into_iter().find(|(_, name)| name == norm)?;
                Item::NormWeight { norm, dim: whole(dim)? }
            }
            ("weight", [tensor, index])
                if !tensor.is_empty() && !tensor.contains(char::is_control) =>
            {
                Item::Weight { tensor: (*tensor).to_owned(), index: whole(index)? }
            }
            ("step", [step]) => Item::Step(whole(step)?),
            ("seed", [seed]) => Item::Seed(whole(seed)?),
            ("addition", [sum]) => {
                let (a, b) = sum.split_once('+')?;
                let summand = |text| whole(text).filter(|n| *n <= MAX_SUMMAND);
                Item::Addition(summand(a)?, summand(b)?)
            }
            (name, parts) => {
                let point = Point::ALL.into_iter().find(|point| point.name() == name)?;
                number(point, parts)?
            }
        })
    }
}

fn case(parts: &[&str]) -> Option<Case> {
    let [row, before, carry, sum @ ..] = parts else { return None };
    let digit = row_of(row)?.checked_sub(EQUALS).filter(|digit| *digit <= DIGITS)?;
    let carry = whole(carry).filter(|carry| *carry <= u8::from(digit > 0))?;
    let before = match *before {
        "EQUALS" if digit == 0 => None,
        text => Some(whole(text).filter(|before| *before < 10 && digit > 0)?),
    };
    let sum = match sum {
        [] if digit == DIGITS => None,
        [sum] => Some(whole(sum).filter(|sum| *sum <= 18 && digit < DIGITS)?),
        _ => return None,
    };
    Some(Case { digit, before, carry, sum })
}

/// A number of a pass.
fn number(point: Point, parts: &[&str]) -> Option<Item> {
    match (point.has_sources(), parts) {
        (false, [row, index]) => {
            Some(Item::Number { point, row: row_of(row)?, index: whole(index)? })
        }
        (true, [row, place, head @ ..]) => {
            let place = place_of(place).filter(|place| *place < EOS)?;
            let head = match head {
                [] => 0,
                [head] => whole(head).filter(|head| *head > 0)?,
                _ => return None,
            };
            Some(Item::Source { point, row: row_of(row)?, place, head })
        }
        _ => None,
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Item::Place(place) => write!(f, "place:{}", place_text(*place)),
            Item::Token(token) => write!(f, "token:{token}"),
            Item::Embedding { token, dim } => write!(f, "embedding:{token}/{dim}"),
            Item::Dim(dim) => write!(f, "dim:{dim}"),
            Item::Row(row) => write!(f, "row:{}", row_text(*row)),
            Item::Number { point, row, index } => {
                write!(f, "{}:{}/{index}", point.name(), row_text(*row))
            }
            Item::Source { point, row, place, head } => {
                write!(f, "{}:{}/{}", point.name(), row_text(*row), place_text(*place))?;
                if *head > 0 { write!(f, "/{head}") } else { Ok(()) }
            }
            Item::Carry { row, carry } => write!(f, "carry:{}/{carry}", row_text(*row)),
            Item::CarryBefore { row, carry } => {
                write!(f, "carry_before:{}/{carry}", row_text(*row))
            }
            Item::Case(Case { digit, before, carry, sum }) => {
                write!(f, "case:Z{digit}/")?;
                match before {
                    Some(before) => write!(f, "{before}/{carry}")?,
                    None => write!(f, "EQUALS/{carry}")?,
                }
                sum.map_or(Ok(()), |sum| write!(f, "/{sum}"))
            }
            Item::Chain(columns) => write!(f, "chain:{columns}"),
            Item::Direction(by) => write!(f, "direction:{by}"),
            Item::NormWeight { norm, dim } => {
                let (_, name) = Norm::ALL[*norm as usize];
                write!(f, "norm:{name}/{dim}")
            }
            Item::Weight { tensor, index } => write!(f, "weight:{tensor}/{index}"),
            Item::Step(step) => write!(f, "step:{step}"),
            Item::Seed(seed) => write!(f, "seed:{seed}"),
            Item::Addition(a, b) => write!(f, "addition:{a}+{b}"),
        }
    }
}

/// A text's characters without those that would break a line.
pub(crate) fn one_line(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(|c| if c.is_control() { ' ' } else { c })
}

impl FromStr for Item {
    type Err = NoItem;

    /// Any text: what names no item is an error, never a panic.
    fn from_str(text: &str) -> Result<Item, NoItem> {
        /// A message is one line.
        const SHOWN: usize = 60;
        Item::parse(text).ok_or_else(|| NoItem { text: one_line(text).take(SHOWN).collect() })
    }
}

/// As its text.
impl Serialize for Item {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_are_as_the_table_says() {
        for text in [
            "place:X3",
            "place:PLUS",
            "place:EOS",
            "token:7",
            "embedding:7/0",
            "dim:2",
            "row:Z4",
            "row:EOS",
            "row:x3",
            "row:plus",
            "attention:Z4/X4",
            "attention:Z4/X4/1",
            "score:Z0/EQUALS",
            "hidden:Z4/0",
            "logits:Z10/7",
            "s:Z4/0",
            "carry:Z4/1",
            "carry_before:EOS/0",
            "case:Z7/0/1/11",
            "case:Z0/EQUALS/0/18",
            "case:Z10/9/1",
            "chain:0",
            "chain:10",
            "direction:0",
            "direction:9",
            "norm:f/0",
            "weight:q_proj.weight/5",
            "step:20000",
            "seed:3",
            "addition:57+68",
        ] {
            assert_eq!(text.parse::<Item>().map(|item| item.to_string()), Ok(text.to_owned()));
        }
        assert_eq!("row:Z0".parse(), Ok(Item::Row(EQUALS)));
        let case = Case { digit: 7, before: Some(0), carry: 1, sum: Some(11) };
        assert_eq!("case:Z7/0/1/11".parse(), Ok(Item::Case(case)));
    }

    #[test]
    fn what_names_nothing_is_refused() {
        for text in [
            "",
            ":",
            "place",
            "place:",
            "place:X10",
            "place:+",
            "row:X3",
            "row:z11",
            "token:-1",
            "token:07",
            "token:256",
            "embedding:7",
            "embedding:256/0",
            "attention:Z4",
            "attention:Z4/X4/0",
            "attention:Z4/EOS",
            "hidden:Z4",
            "hidden:Z4/0/1",
            "carry:Z4/2",
            "carry_before:Z4/2",
            "case:Z7",
            "case:Z7/0/1",
            "case:Z7/0/1/19",
            "case:Z7/10/1/11",
            "case:Z7/EQUALS/1/11",
            "case:Z7/0/2/11",
            "case:Z0/0/0/11",
            "case:Z0/EQUALS/1/11",
            "case:Z10/9/1/0",
            "case:EOS/9/1",
            "case:x3/9/1/0",
            "chain:11",
            "direction:10",
            "norm:3/0",
            "weight:/0",
            "weight:a/b/0",
            "weight:a\nb/0",
            "addition:1",
            "addition:1+10000000000",
            "Place:X3",
        ] {
            assert!(text.parse::<Item>().is_err(), "{text}");
        }
        let long = "x".repeat(1000).parse::<Item>().unwrap_err();
        assert!(long.to_string().len() < 120);
        let two_lines = "two\nlines".parse::<Item>().unwrap_err();
        assert_eq!(two_lines.to_string(), "“two lines” names nothing that can be selected");
    }

    proptest! {
        #[test]
        fn any_text_is_an_item_or_not(text in ".*") {
            if let Ok(item) = text.parse::<Item>() {
                prop_assert_eq!(item.to_string(), text);
            }
        }
    }
}
