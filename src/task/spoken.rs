//! Items in words, as a sentence names them.

use crate::addition::{EQUALS, label};
use crate::item::{Case, Item, Norm};
use crate::point::Point;
use numbers::words::grouped;

impl Case {
    /// `Z7 after 0, no carry, sum 11`.
    pub fn words(self) -> String {
        let Case { digit, before, carry, sum } = self;
        let mut words = format!("Z{digit}");
        if let Some(before) = before {
            let carry = if carry == 0 { "no carry" } else { "a carry" };
            words += &format!(" after {before}, {carry}");
        }
        if let Some(sum) = sum {
            words += &format!(", sum {sum}");
        }
        words
    }
}

/// A row is called after the digit that it predicts, or after what it reads.
fn row(row: usize) -> String {
    format!("the row of {}", label(if row < EQUALS { row } else { row + 1 }))
}

fn token(token: usize) -> String {
    if token < 10 { format!("the digit {token}") } else { format!("token {token}") }
}

/// A number of a pass at `row`, the one at `index`.
fn number(point: Point, at: usize, index: usize) -> String {
    let (row, place) = (row(at), label(at));
    match point {
        Point::Embed => format!("dimension {index} of what {row} begins with"),
        Point::Normed => format!("dimension {index} after the first norm, in {row}"),
        Point::Query => format!("number {index} of the query of {row}"),
        Point::Key => format!("number {index} of the key of {place}"),
        Point::Value => format!("number {index} of the value of {place}"),
        // These have sources, and no index.
        Point::Score | Point::Attention => format!("what {row} looks at"),
        Point::Read => format!("number {index} of what {row} reads"),
        Point::Sum if index == 0 => format!("s, what attention adds up, in {row}"),
        Point::Sum => format!("number {index} of what attention adds up, in {row}"),
        Point::AfterAttention => format!("dimension {index} after attention, in {row}"),
        Point::FfnInput => format!("dimension {index} of what the FFN reads, in {row}"),
        Point::Hidden => format!("hidden unit {index} before GELU, in {row}"),
        Point::Active => format!("hidden unit {index} after GELU, in {row}"),
        Point::AfterFfn => format!("dimension {index} after the FFN, in {row}"),
        Point::Final => format!("dimension {index} after the last norm, in {row}"),
        Point::TokenSpace => format!("dimension {index} of token space, in {row}"),
        Point::Logits => format!("the logit of {index} in {row}"),
    }
}

/// Errors that are so much too large, modulo ten.
fn direction(by: u8) -> String {
    match by {
        0 => "errors that are no digits".into(),
        5 => "errors by 5".into(),
        1..5 => format!("errors that are {by} too large"),
        _ => format!("errors that are {} too small", 10 - by.min(10)),
    }
}

impl Item {
    /// What it is called in a sentence. A stored number is called by its tensor's name: what that is, is the model's to say.
    pub fn words(&self) -> String {
        match self {
            Item::Place(place) => format!("place {}", label(*place)),
            Item::Token(each) => token(usize::from(*each)),
            Item::Embedding { token: each, dim } => {
                format!("dimension {dim} of the embedding of {}", token(usize::from(*each)))
            }
            Item::Dim(dim) => format!("dimension {dim} of the residual stream"),
            Item::Row(at) => row(*at),
            Item::Number { point, row, index } => number(*point, *row, *index),
            Item::Source { point, row: at, place, head } => {
                let (row, place) = (row(*at), label(*place));
                let words = match point {
                    Point::Score => format!("the score of {place} in {row}, before the softmax"),
                    _ => format!("how much {row} looks at {place}"),
                };
                if *head > 0 { format!("{words}, head {}", head + 1) } else { words }
            }
            Item::Carry { row: at, carry: 0 } => format!("{}, no carry coming in", row(*at)),
            Item::Carry { row: at, .. } => format!("{}, a carry coming in", row(*at)),
            Item::CarryBefore { row: at, carry: 0 } => {
                format!("{}, no carry into the column before", row(*at))
            }
            Item::CarryBefore { row: at, .. } => {
                format!("{}, a carry into the column before", row(*at))
            }
            Item::Case(case) => case.words(),
            Item::Chain(0) => "digits that no carry comes into".into(),
            Item::Chain(1) => "digits that one column before sends a carry to".into(),
            Item::Chain(columns) => format!("digits at the end of {columns} columns that carry"),
            Item::Direction(by) => direction(*by),
            Item::NormWeight { norm, dim } => {
                let norm = match norm {
                    Norm::First => "first",
                    Norm::Second => "second",
                    Norm::Last => "last",
                };
                format!("weight {dim} of the {norm} norm")
            }
            Item::Weight { tensor, index } => format!("number {index} of {tensor}"),
            Item::Step(step) => format!("step {}", grouped(*step)),
            Item::Seed(seed) => format!("seed {seed}"),
            Item::Addition(a, b) => format!("{} + {}", grouped(*a), grouped(*b)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_named_in_words() {
        for (text, words) in [
            ("attention:Z4/X4", "how much the row of Z4 looks at X4"),
            ("attention:Z0/EQUALS/1", "how much the row of Z0 looks at =, head 2"),
            ("score:Z4/Z3", "the score of Z3 in the row of Z4, before the softmax"),
            ("row:Z4", "the row of Z4"),
            ("row:x3", "the row of X3"),
            ("place:PLUS", "place +"),
            ("token:7", "the digit 7"),
            ("token:12", "token 12"),
            ("embedding:7/0", "dimension 0 of the embedding of the digit 7"),
            ("hidden:Z4/0", "hidden unit 0 before GELU, in the row of Z4"),
            ("key:Z4/1", "number 1 of the key of Z3"),
            ("s:Z4/0", "s, what attention adds up, in the row of Z4"),
            ("logits:Z4/7", "the logit of 7 in the row of Z4"),
            ("carry:Z4/1", "the row of Z4, a carry coming in"),
            ("carry_before:Z4/0", "the row of Z4, no carry into the column before"),
            ("case:Z7/0/1/11", "Z7 after 0, a carry, sum 11"),
            ("case:Z0/EQUALS/0/11", "Z0, sum 11"),
            ("chain:3", "digits at the end of 3 columns that carry"),
            ("direction:9", "errors that are 1 too small"),
            ("direction:1", "errors that are 1 too large"),
            ("norm:f/2", "weight 2 of the last norm"),
            ("weight:fc1.weight/3", "number 3 of fc1.weight"),
            ("step:20000", "step 20\u{202f}000"),
            ("addition:57+68", "57 + 68"),
        ] {
            let item: Item = text.parse().unwrap();
            assert_eq!(item.words(), words, "{text}");
        }
    }
}
