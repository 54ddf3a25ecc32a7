//! What the words mean that a reader may not know: each explained once, for every place that uses it.

use serde::Serialize;

/// A word with what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Term {
    /// As a list of terms names it.
    pub name: &'static str,
    /// As it stands in a sentence; capitals count where a form has one.
    pub forms: &'static [&'static str],
    /// What it means, in a sentence or two.
    pub meaning: &'static str,
}

const fn term(name: &'static str, forms: &'static [&'static str], meaning: &'static str) -> Term {
    Term { name, forms, meaning }
}

/// All of them, those that others lean on first.
pub const TERMS: [Term; 43] = [
    term(
        "X, Y",
        &["X", "Y"],
        "The digits of the two numbers, the ones digit first: X0 is the ones digit of the first, Y9 the highest of the second.",
    ),
    term(
        "Z",
        &["Z", "Z0", "Z10", "answer digit", "answer digits"],
        "The digits of the answer. Z0 is the ones digit, which the model says first; Z10 is the carry out of the last column.",
    ),
    term("column", &["column", "columns"], "X, Y and Z of one place: column 0 is the ones."),
    term(
        "carry",
        &["carry", "carries"],
        "The one that a column adds to the next, where its digits make 10 or more.",
    ),
    term(
        "carry chain",
        &["carry chain"],
        "Columns next to each other that all send a carry: 9 999 999 999 + 1 has the longest, of ten.",
    ),
    term(
        "MicroAdder",
        &["MicroAdder"],
        "A transformer of some 60 learned numbers that adds two 10-digit numbers: one layer, as a rule one head.",
    ),
    term(
        "AdderBoard",
        &["AdderBoard", "AdderBoard’s"],
        "A challenge for the smallest transformer that adds two 10-digit numbers. It asks 10 010 additions; 99 % must be right.",
    ),
    term(
        "token",
        &["token", "tokens"],
        "What the model reads and writes, one at a time: here a digit, +, = or the end.",
    ),
    term(
        "EQUALS, PLUS",
        &["EQUALS", "PLUS"],
        "The tokens = and +. The row that reads EQUALS says the first answer digit, Z0.",
    ),
    term("EOS", &["EOS"], "End of sequence: the token after the last answer digit."),
    term(
        "row",
        &["row", "rows"],
        "A place of the sequence, as the model works on it. The row that reads Z2 says Z3, the next digit.",
    ),
    term(
        "embedding",
        &["embedding", "embeddings"],
        "The vector that stands for a token. Here those of the ten digits lie on an arc.",
    ),
    term(
        "position",
        &["position", "positions"],
        "The vector that stands for a place of the sequence. X, Y and Z of a column share one.",
    ),
    term(
        "residual stream",
        &["residual stream"],
        "The vector that runs through the model row by row: attention and the FFN each add to it.",
    ),
    term(
        "attention",
        &["attention"],
        "The step in which a row looks at the rows before it: each gets a weight, and their values are added up by weight.",
    ),
    term("head", &["head", "heads"], "One attention: a model can have several side by side."),
    term(
        "query and key",
        &["Q/K", "query", "queries", "key", "keys"],
        "Two vectors of a row. How well the query of one fits the key of another, their dot product, is how much it looks at it.",
    ),
    term(
        "value",
        &["value vector", "values that"],
        "What a row hands on to those that look at it.",
    ),
    term(
        "softmax",
        &["softmax"],
        "Turns scores into weights that are positive and add up to 1: powers of e, each over their sum.",
    ),
    term(
        "rank 1",
        &["rank 1", "rank-1"],
        "A matrix that is a column times a row: whatever goes in, one number comes through, along one direction.",
    ),
    term(
        "ruler",
        &["ruler"],
        "The line on which the number lies that attention adds up. It is cut into segments, one for each digit that is said there.",
    ),
    term(
        "FFN",
        &["FFN", "feed-forward"],
        "The feed-forward network: hidden units that each take a sum of the residual stream, bend it by GELU and write it back.",
    ),
    term(
        "hidden unit",
        &["hidden unit", "hidden units"],
        "One number in the middle of the FFN. Most of these models have two.",
    ),
    term(
        "GELU",
        &["GELU"],
        "A smooth bend: large numbers pass, negative ones become almost 0. It is x times the normal distribution up to x.",
    ),
    term(
        "norm",
        &["norm", "norms", "RMS norm"],
        "Scales a vector to a fixed size, the root of the mean of its squares, then weighs each dimension.",
    ),
    term(
        "logits",
        &["logit", "logits"],
        "The model’s scores for the next token, one each. The largest is said.",
    ),
    term(
        "lead",
        &["lead", "leads"],
        "How far, in logits, what is said is ahead of the next best: near 0 it was close.",
    ),
    term(
        "logit lens",
        &["logit lens"],
        "What the answer would be if the model stopped after a step: the stream so far, read as logits.",
    ),
    term(
        "switched off",
        &["switched off", "switch off", "Switch off"],
        "Taken out of the pass. Places that are off are masked before the softmax, which then is over those that are left.",
    ),
    term(
        "patching",
        &["patching", "patch"],
        "Numbers of another addition stand in one row in the place of this one’s: what changes by that came this way.",
    ),
    term(
        "place value",
        &["place value", "place values"],
        "How many times more a digit of a column counts than one of the column before. At ten, a carry counts as one.",
    ),
    term(
        "greedy",
        &["greedy", "greedily"],
        "The model goes on with its own digits, the largest logit each time: how scores are counted.",
    ),
    term(
        "teacher forcing",
        &["teacher forcing", "teacher-forced"],
        "Each digit is asked for after the right digits before it, so that one mistake does not make the next.",
    ),
    term(
        "exact match",
        &["exact match"],
        "The share of additions whose answer is right in all digits.",
    ),
    term(
        "token accuracy",
        &["token accuracy"],
        "The share of single digits that are right, each after right digits.",
    ),
    term(
        "exact arithmetic",
        &["exact arithmetic"],
        "Computing with real numbers, never rounded. A verdict is about the function that the stored numbers define.",
    ),
    term(
        "float32",
        &["float32"],
        "The numbers of 32 bits that computers run models with. Each step rounds, so close calls can tip.",
    ),
    term(
        "learned numbers",
        &["learned numbers", "learned number", "parameters", "parameter"],
        "The numbers that training found. One that is used in two places counts once.",
    ),
    term(
        "checkpoint",
        &["checkpoint", "checkpoints"],
        "A model as training saved it: its numbers at one step, with its configuration.",
    ),
    term(
        "step",
        &["training step"],
        "One small change of all numbers, after a batch of additions was asked.",
    ),
    term(
        "seed",
        &["seed", "seeds"],
        "The number that all chance is drawn from: the same seed gives the same run, to the last bit.",
    ),
    term(
        "grokking",
        &["grokking", "groks"],
        "When a model that guessed for long finds, often quite suddenly, how it is done.",
    ),
    term(
        "safetensors",
        &["safetensors"],
        "A file format for tensors that holds numbers and names, and nothing that could run.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_term_is_explained_once_and_shortly() {
        let mut forms = HashSet::new();
        for Term { name, forms: own, meaning } in TERMS {
            assert!(!own.is_empty() && own.iter().all(|form| forms.insert(*form)), "{name}");
            assert!(meaning.ends_with('.') && meaning.chars().count() <= 140, "{name}: {meaning}");
        }
    }
}
