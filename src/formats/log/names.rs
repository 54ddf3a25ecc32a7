//! What columns and keys of a run log are called by those who write them.

use crate::limits::MAX_NAME_BYTES;

/// What a column or key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Step,
    Exact,
    Tokens,
    Loss,
    Rate,
    Time,
    Decay,
    CarryMix,
    MinDigits,
    MaxDigits,
}

/// The names of the reference, which mean what they say.
const OWN: [(&str, Field); 10] = [
    ("step", Field::Step),
    ("val_exact", Field::Exact),
    ("val_tok_acc", Field::Tokens),
    ("loss", Field::Loss),
    ("lr", Field::Rate),
    ("wall_time", Field::Time),
    ("wd", Field::Decay),
    ("carry_mix", Field::CarryMix),
    ("min_digits", Field::MinDigits),
    ("max_digits", Field::MaxDigits),
];

impl Field {
    /// What the reference calls it.
    pub fn own(self) -> &'static str {
        OWN.iter().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }

    /// Whether it is a share of 1 that is drawn.
    pub fn is_share(self) -> bool {
        matches!(self, Field::Exact | Field::Tokens)
    }
}

/// What a name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    pub field: Field,
    /// Of several names for one field the lowest is read.
    pub rank: u8,
    /// It says that its numbers are percent.
    pub percent: bool,
    /// It is the reference's own.
    pub own: bool,
}

/// The rank of epochs, which stand for steps where there is nothing better.
pub const EPOCHS: u8 = 9;
/// The rank of a name that does not say what it is of: TensorBoard's downloads have it.
pub const UNSAID: u8 = 8;

/// Words that say where a number is from, not what it is.
const ASIDE: [&str; 17] = [
    "val",
    "valid",
    "validation",
    "eval",
    "evaluation",
    "metric",
    "metrics",
    "trainer",
    "log",
    "logs",
    "history",
    "summary",
    "mean",
    "avg",
    "average",
    "per",
    "level",
];
/// Words for another set than that of the evaluations.
const TEST: [&str; 3] = ["test", "dev", "holdout"];
const PERCENT: [&str; 4] = ["%", "pct", "percent", "percentage"];

/// What a column or key called `path` holds; nested keys are joined by `/`.
pub fn name(path: &str) -> Option<Name> {
    // Weights & Biases write the run in front, and the lowest and highest of what they drew.
    let path = path.rsplit(" - ").next().unwrap_or(path).trim();
    if path.len() > MAX_NAME_BYTES || path.ends_with("__MIN") || path.ends_with("__MAX") {
        return None;
    }
    let (scope, last) = path.rsplit_once(['/', '.']).unwrap_or(("", path));
    let is_aside = words(scope).iter().all(|word| ASIDE.contains(&word.as_str()));
    if let Some((_, field)) = OWN.iter().find(|(own, _)| *own == last && is_aside) {
        // A step within an epoch may stand beside the global one.
        let rank = u8::from(*field == Field::Step);
        return Some(Name { field: *field, rank, percent: false, own: true });
    }
    let all = words(path);
    let has = |list: &[&str]| all.iter().any(|word| list.contains(&word.as_str()));
    let dropped =
        |word: &&str| ASIDE.contains(word) || TEST.contains(word) || PERCENT.contains(word);
    let mut kept: Vec<&str> = all.iter().map(String::as_str).filter(|w| !dropped(w)).collect();
    // Lightning says of a number whether it is of a step or of a whole epoch.
    if kept.len() > 1 && !matches!(kept[..], ["global" | "train" | "training", "step"]) {
        kept.pop_if(|last| matches!(*last, "step" | "epoch"));
    }
    let (field, rank) = meaning(&kept)?;
    let rank = rank + u8::from(has(&TEST) || path.starts_with('_'));
    let rank = if field == Field::Loss && has(&ASIDE) { 5 } else { rank };
    Some(Name { field, rank, percent: has(&PERCENT) && field.is_share(), own: false })
}

fn meaning(words: &[&str]) -> Option<(Field, u8)> {
    Some(match words {
        ["global", "step" | "steps"] => (Field::Step, 0),
        ["step" | "steps"] => (Field::Step, 2),
        ["train" | "training" | "optimizer" | "current", "step" | "steps"] => (Field::Step, 3),
        ["iter" | "iters" | "iteration" | "iterations" | "it" | "update" | "updates" | "batch"] => {
            (Field::Step, 4)
        }
        ["epoch" | "epochs"] => (Field::Step, EPOCHS),
        ["exact" | "em" | "exactmatch"] | ["exact", "match"] => (Field::Exact, 1),
        ["exact", "match", "acc" | "accuracy" | "rate"] => (Field::Exact, 2),
        [
            "exact" | "em" | "full" | "seq" | "sequence" | "answer" | "sum" | "sample" | "example"
            | "problem" | "addition",
            "acc" | "accuracy",
        ] => (Field::Exact, 2),
        ["acc" | "accuracy"] => (Field::Exact, 3),
        ["value"] => (Field::Exact, UNSAID),
        [
            "tok" | "token" | "tokens" | "digit" | "digits" | "char" | "character",
            "acc" | "accuracy",
        ] => (Field::Tokens, 1),
        ["loss"] | ["train" | "training", "loss"] => (Field::Loss, 1),
        ["lr"] | ["learning", "rate"] => (Field::Rate, 1),
        ["wall", "time"] | ["time" | "elapsed" | "runtime"] => (Field::Time, 1),
        _ => return None,
    })
}

/// `val/exactMatch (%)` in words, in lower case: `val`, `exact`, `match`, `%`.
fn words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut lower) = (Vec::new(), String::new(), false);
    for letter in text.chars() {
        if !letter.is_ascii_alphanumeric() || (lower && letter.is_ascii_uppercase()) {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_ascii_alphanumeric() || letter == '%' {
            word.push(letter.to_ascii_lowercase());
        }
        lower = letter.is_ascii_lowercase();
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_names_are_known() {
        let field = |path: &str| name(path).map(|name| (name.field, name.percent));
        let steps =
            "step global_step _step iter iteration trainer/global_step Step train_step epoch";
        let exact = "val_exact val/exact exact_match val_acc valAcc eval/accuracy metrics/val_exact em \
                     eval_exact_match val_acc_epoch test_acc val.exact";
        let tokens = "val_tok_acc token_accuracy val/token_acc per_digit_accuracy digitAcc";
        for (names, wanted) in
            [(steps, Field::Step), (exact, Field::Exact), (tokens, Field::Tokens)]
        {
            for path in names.split_whitespace() {
                assert_eq!(field(path), Some((wanted, false)), "{path}");
            }
        }
        assert_eq!(field("fiery-sun-3 - val_exact"), Some((Field::Exact, false)));
        assert_eq!(field("exact match (%)"), Some((Field::Exact, true)));
        assert_eq!(field("val_acc_pct"), Some((Field::Exact, true)));
        assert_eq!(field("train_loss_step"), Some((Field::Loss, false)));
        let others = "train_acc train/accuracy train/val_exact grad_norm run__MIN val_exact__MAX \
                      config/d_model exact_3 loss_scale step_time";
        for path in others.split_whitespace() {
            assert_eq!(field(path), None, "{path}");
        }
    }
}
