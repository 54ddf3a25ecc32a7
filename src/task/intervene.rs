//! What is done to a pass to see what comes of it: parts are switched off, and paths of one answer digit are taken from
//! another addition. Each has a short text, the same on the page, in an address and on the command line:
//!
//! | text | intervention |
//! |---|---|
//! | `ffn` | the FFN is off: it writes nothing, its bias neither |
//! | `hidden:1` | a hidden unit is off: it reads nothing, and so writes nothing |
//! | `place:X3`, `place:PLUS` | no row looks at this place |
//! | `column:4` | no row looks at X, Y and Z of this column |
//! | `group:Y` | no row looks at Y0 to Y9; `X`, `Z` (Z0 to Z10), `PLUS` and `EQUALS` likewise |
//! | `patch:Z3/57+69/own/xy` | paths of Z3 are those of 57 + 69, here its own token and X and Y of its column; `xy_before` and `z_before` are of the column before. None at all is the other addition alone, at hand |
//!
//! A place that no row looks at is masked before the softmax: its score is −∞, and the weights of the places that are left
//! are larger, so that they still add up to 1. What stands there stays: the row that reads it has its token and position all
//! the same. Where a row has no place left to look at, attention writes nothing into it.
//!
//! A patch is of one row, the one that says the digit. For each place of its paths the row reads key and value of the other
//! addition, whose answer digits are the right ones, and attention is computed anew; its own token is what its residual stream
//! and its query begin with. All other rows read the addition as it is.

use crate::addition::{ANSWER_DIGITS, DIGITS, EQUALS, MAX_SUMMAND, PLUS, ROWS, Y0, Z0};
use crate::item::{one_line, place_of, place_text, whole};
use numbers::listed::Listed;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// Places that are looked at as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Looked {
    /// X0 to X9.
    X,
    /// Y0 to Y9.
    Y,
    /// Z0 to Z10.
    Z,
    /// PLUS.
    Plus,
    /// EQUALS.
    Equals,
}

impl Looked {
    /// All of them, by name.
    pub const ALL: [(Looked, &'static str); 5] = [
        (Looked::X, "X"),
        (Looked::Y, "Y"),
        (Looked::Z, "Z"),
        (Looked::Plus, "PLUS"),
        (Looked::Equals, "EQUALS"),
    ];

    /// Its name.
    pub fn label(self) -> &'static str {
        Looked::ALL.iter().find(|(group, _)| *group == self).map_or("", |(_, name)| name)
    }

    fn has(self, place: usize) -> bool {
        let group = match place {
            0..PLUS => Looked::X,
            PLUS => Looked::Plus,
            Y0..EQUALS => Looked::Y,
            EQUALS => Looked::Equals,
            _ => Looked::Z,
        };
        self == group
    }
}

/// What is switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Off {
    /// The FFN.
    Ffn,
    /// A hidden unit, from 0.
    Hidden(usize),
    /// Attention to a group of places.
    Group(Looked),
    /// Attention to a column, 0 to 9.
    Column(usize),
    /// Attention to a place, 0 to 32.
    Place(usize),
}

impl Off {
    fn parse(text: &str) -> Option<Off> {
        if text == "ffn" {
            return Some(Off::Ffn);
        }
        let (kind, which) = text.split_once(':')?;
        Some(match kind {
            "hidden" => Off::Hidden(whole(which)?),
            "place" => Off::Place(place_of(which).filter(|place| *place < ROWS)?),
            "column" => Off::Column(whole(which).filter(|column| *column < DIGITS)?),
            "group" => Off::Group(Looked::ALL.into_iter().find(|(_, name)| *name == which)?.0),
            _ => return None,
        })
    }

    /// Whether no row looks at `place` because of it.
    pub fn hides(self, place: usize) -> bool {
        match self {
            Off::Ffn | Off::Hidden(_) => false,
            Off::Group(group) => group.has(place),
            Off::Column(column) => [column, Y0 + column, Z0 + column].contains(&place),
            Off::Place(own) => own == place,
        }
    }

    /// What it is called in a sentence.
    pub fn name(self) -> String {
        match self {
            Off::Ffn => "the FFN".into(),
            Off::Hidden(unit) => format!("hidden unit {unit}"),
            Off::Group(group) => match group {
                Looked::X | Looked::Y | Looked::Z => format!("attention to all {}", group.label()),
                Looked::Plus | Looked::Equals => format!("attention to {}", group.label()),
            },
            Off::Column(column) => format!("attention to column {column}"),
            Off::Place(place) => format!("attention to {}", place_text(place)),
        }
    }
}

impl fmt::Display for Off {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Off::Ffn => f.write_str("ffn"),
            Off::Hidden(unit) => write!(f, "hidden:{unit}"),
            Off::Group(group) => write!(f, "group:{}", group.label()),
            Off::Column(column) => write!(f, "column:{column}"),
            Off::Place(place) => write!(f, "place:{}", place_text(*place)),
        }
    }
}

impl FromStr for Off {
    type Err = NoIntervention;

    fn from_str(text: &str) -> Result<Off, NoIntervention> {
        Off::parse(text).ok_or_else(|| NoIntervention::of(text))
    }
}

/// A way by which an addition comes into an answer row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// The row's own token: where its residual stream and its query begin.
    Own,
    /// Keys and values of X and Y of the digit's column.
    Pair,
    /// Keys and values of X and Y of the column before.
    PairBefore,
    /// Key and value of Z of the column before, which stands in the row's own place.
    AnswerBefore,
}

impl Way {
    /// All of them, in order.
    pub const ALL: [Way; 4] = [Way::Own, Way::Pair, Way::PairBefore, Way::AnswerBefore];

    /// Its name in texts.
    pub fn name(self) -> &'static str {
        match self {
            Way::Own => "own",
            Way::Pair => "xy",
            Way::PairBefore => "xy_before",
            Way::AnswerBefore => "z_before",
        }
    }

    /// What it is called at an answer digit.
    pub fn title(self, digit: usize) -> String {
        let before = digit.saturating_sub(1);
        match self {
            Way::Own => "its own token".into(),
            Way::Pair => format!("X{digit} and Y{digit}"),
            Way::PairBefore => format!("X{before} and Y{before}"),
            Way::AnswerBefore => format!("Z{before}"),
        }
    }

    /// The places at which an answer digit's row reads it: none where there is no such column, and where it is no reading.
    pub fn places(self, digit: usize) -> Vec<usize> {
        let pair = |column: usize| vec![column, Y0 + column];
        match (self, digit) {
            (Way::Own, _) | (_, ANSWER_DIGITS..) => vec![],
            (Way::Pair, DIGITS) => vec![],
            (Way::Pair, _) => pair(digit),
            (_, 0) => vec![],
            (Way::PairBefore, _) => pair(digit - 1),
            (Way::AnswerBefore, _) => vec![Z0 + digit - 1],
        }
    }
}

/// Ways of another addition in the place of this one's, in the row of one answer digit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// The answer digit, 0 to 10.
    pub digit: usize,
    /// The other addition.
    pub a: u64,
    /// Its second summand.
    pub b: u64,
    /// What is taken from it.
    pub ways: BTreeSet<Way>,
}

/// What the text of a patch begins with.
const PATCH: &str = "patch:";

impl Patch {
    fn parse(text: &str) -> Option<Patch> {
        let mut parts = text.strip_prefix(PATCH)?.split('/');
        let digit = whole(parts.next()?.strip_prefix('Z')?).filter(|k| *k < ANSWER_DIGITS)?;
        let (a, b) = parts.next()?.split_once('+')?;
        let summand = |text| whole(text).filter(|n| *n <= MAX_SUMMAND);
        let way = |name: &str| Way::ALL.into_iter().find(|way| way.name() == name);
        let ways = parts.map(way).collect::<Option<_>>()?;
        Some(Patch { digit, a: summand(a)?, b: summand(b)?, ways })
    }
}

impl fmt::Display for Patch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Patch { digit, a, b, ways } = self;
        write!(f, "{PATCH}Z{digit}/{a}+{b}")?;
        ways.iter().try_for_each(|way| write!(f, "/{}", way.name()))
    }
}

/// A text that names no intervention.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "“{text}” is nothing that can be switched off or patched: what can is written like ffn, hidden:1, place:X3, column:4, \
     group:Y, or patch:Z3/57+69/own/xy"
)]
pub struct NoIntervention {
    /// The text, cut where it is long.
    pub text: String,
}

impl NoIntervention {
    fn of(text: &str) -> NoIntervention {
        /// A message is one line.
        const SHOWN: usize = 60;
        NoIntervention { text: one_line(text).take(SHOWN).collect() }
    }
}

/// All that is done to a pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interventions {
    /// What is switched off.
    pub off: BTreeSet<Off>,
    /// What is taken from another addition.
    pub patch: Option<Patch>,
}

impl Interventions {
    /// Each from its text. Of several patches the last counts.
    ///
    /// # Errors
    /// One names none.
    pub fn of<'a>(
        texts: impl IntoIterator<Item = &'a str>,
    ) -> Result<Interventions, NoIntervention> {
        let mut all = Interventions::default();
        for text in texts {
            if text.starts_with(PATCH) {
                all.patch = Some(Patch::parse(text).ok_or_else(|| NoIntervention::of(text))?);
            } else {
                all.off.insert(text.parse()?);
            }
        }
        Ok(all)
    }

    /// Without what is taken from another addition.
    pub fn switches(&self) -> Interventions {
        Interventions { off: self.off.clone(), patch: None }
    }

    /// What is switched off, each as it is called in a sentence.
    pub fn names(&self) -> Vec<String> {
        self.off.iter().map(|off| off.name()).listed()
    }

    /// The same as a sentence without its full stop; nothing where nothing is.
    pub fn switched_off(&self) -> Option<String> {
        (!self.off.is_empty()).then(|| format!("Switched off: {}", self.names().join(", ")))
    }

    /// What is taken from another addition, as a sentence without its full stop; nothing where it is only at hand.
    pub fn taken(&self) -> Option<String> {
        let patch = self.patch.as_ref().filter(|patch| !patch.ways.is_empty())?;
        let Patch { digit, a, b, ways } = patch;
        let ways: Vec<String> = ways.iter().map(|way| way.title(*digit)).listed();
        Some(format!("Z{digit} has {} of {a} + {b}", ways.join(", ")))
    }

    /// Places that no row looks at.
    pub fn hidden(&self) -> [bool; ROWS] {
        std::array::from_fn(|place| self.off.iter().any(|off| off.hides(place)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::addition::Z10;

    fn text(interventions: &Interventions) -> Vec<String> {
        let patch = interventions.patch.iter().map(ToString::to_string);
        interventions.off.iter().map(ToString::to_string).chain(patch).collect()
    }

    #[test]
    fn texts_are_as_the_table_says() {
        let texts = [
            "ffn",
            "hidden:1",
            "group:Y",
            "group:EQUALS",
            "column:4",
            "place:X3",
            "place:PLUS",
            "place:Z10",
            "patch:Z3/57+69/own/xy/xy_before/z_before",
        ];
        assert_eq!(text(&Interventions::of(texts).unwrap()), texts);
        let bare = Interventions::of(["patch:Z0/0+9999999999"]).unwrap();
        assert_eq!(bare.taken(), None);
        let both = Interventions::of(["patch:Z0/1+2/own", "patch:Z1/3+4/z_before/own"]).unwrap();
        assert_eq!(text(&both), ["patch:Z1/3+4/own/z_before"]);
        assert_eq!(both.taken().unwrap(), "Z1 has its own token, Z0 of 3 + 4");
        let off = Interventions::of(["group:Y", "ffn"]).unwrap();
        assert_eq!(off.names(), ["the FFN", "attention to all Y"]);
        assert_eq!(off.switched_off().unwrap(), "Switched off: the FFN, attention to all Y");
        assert_eq!(bare.switched_off(), None);
    }

    #[test]
    fn what_names_nothing_is_refused_by_name() {
        for text in [
            "",
            "FFN",
            "ffn:1",
            "hidden",
            "hidden:",
            "hidden:-1",
            "hidden:01",
            "place:EOS",
            "place:X10",
            "column:10",
            "group:W",
            "group:x",
            "patch:",
            "patch:Z3",
            "patch:Z11/1+2",
            "patch:3/1+2",
            "patch:Z3/1",
            "patch:Z3/1+10000000000",
            "patch:Z3/1+2/",
            "patch:Z3/1+2/all",
            "patch:Z3/01+2",
        ] {
            let refused = Interventions::of([text]).unwrap_err();
            assert_eq!(refused.text, text);
        }
        let long = Interventions::of(["x\n".repeat(1000).as_str()]).unwrap_err().to_string();
        assert!(long.chars().count() < 300 && !long.contains('\n'), "{long}");
    }

    #[test]
    fn groups_columns_and_places_hide_what_they_say() {
        let hidden = |text: &str| -> Vec<usize> {
            let hidden = Interventions::of([text]).unwrap().hidden();
            (0..ROWS).filter(|place| hidden[*place]).collect()
        };
        assert_eq!(hidden("group:Z"), (Z0..=Z10).collect::<Vec<_>>());
        assert_eq!(hidden("group:X"), (0..PLUS).collect::<Vec<_>>());
        assert_eq!(hidden("group:Y"), (Y0..EQUALS).collect::<Vec<_>>());
        assert_eq!((hidden("group:PLUS"), hidden("place:EQUALS")), (vec![PLUS], vec![EQUALS]));
        assert_eq!(hidden("column:4"), [4, Y0 + 4, Z0 + 4]);
        assert!(hidden("ffn").is_empty());
    }

    #[test]
    fn ways_lead_to_their_places() {
        assert_eq!(Way::Pair.places(3), [3, Y0 + 3]);
        assert_eq!(Way::PairBefore.places(3), [2, Y0 + 2]);
        assert_eq!(Way::AnswerBefore.places(3), [EQUALS + 3]);
        assert!(Way::Pair.places(10).is_empty() && Way::Own.places(3).is_empty());
        assert_eq!(Way::AnswerBefore.places(10), [Z0 + 9]);
        assert!(Way::ALL.iter().all(|way| *way == Way::Pair || way.places(0).is_empty()));
    }
}
