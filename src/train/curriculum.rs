//! How many digits the summands have as a run goes on.

use serde::{Deserialize, Serialize};
use std::fmt;
use task::addition::DIGITS;

/// One stage of a [`Curriculum`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Fewest digits, from 1.
    pub least: u32,
    /// Most digits, up to 10.
    pub most: u32,
    /// The step where the next stage takes over; the last stage has none.
    pub until: Option<u64>,
}

/// Stages, one after the other. As text: `1-3:2000,1-6:7000,1-10`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Curriculum(Vec<Stage>);

impl Default for Curriculum {
    fn default() -> Curriculum {
        let stage = |most, until| Stage { least: 1, most, until };
        Curriculum(vec![stage(3, Some(2000)), stage(6, Some(7000)), stage(DIGITS as u32, None)])
    }
}

impl Curriculum {
    /// What a curriculum's text should be.
    pub const WANTED: &str = "stages like 1-3:2000,1-6:7000,1-10, fewest and most digits (1 to 10) \
                              and the step where a stage ends";

    /// Reads a curriculum's text; `None` where it is not [`Curriculum::WANTED`].
    pub fn parse(text: &str) -> Option<Curriculum> {
        let mut stages = Vec::new();
        let mut begin = 0;
        let mut parts = text.split(',').peekable();
        while let Some(part) = parts.next() {
            let (digits, until) = match part.trim().split_once(':') {
                Some((digits, until)) => (digits, Some(until.parse().ok()?)),
                None => (part.trim(), None),
            };
            let (least, most) = digits.split_once('-')?;
            let (least, most) = (least.parse().ok()?, most.parse().ok()?);
            let fits = 1 <= least && least <= most && most <= DIGITS as u32;
            let in_order = match until {
                Some(until) => until > begin && parts.peek().is_some(),
                None => parts.peek().is_none(),
            };
            if !fits || !in_order {
                return None;
            }
            begin = until.unwrap_or(begin);
            stages.push(Stage { least, most, until });
        }
        Some(Curriculum(stages))
    }

    /// The stage of the update after `step` others.
    pub fn at(&self, step: u64) -> Stage {
        let now = self.0.iter().find(|s| s.until.is_none_or(|until| step < until));
        now.copied().unwrap_or(Stage { least: 1, most: DIGITS as u32, until: None })
    }
}

impl fmt::Display for Curriculum {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (i, stage) in self.0.iter().enumerate() {
            let comma = if i > 0 { "," } else { "" };
            write!(f, "{comma}{}-{}", stage.least, stage.most)?;
            if let Some(until) = stage.until {
                write!(f, ":{until}")?;
            }
        }
        Ok(())
    }
}

impl TryFrom<String> for Curriculum {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Curriculum, &'static str> {
        Curriculum::parse(&text).ok_or(Curriculum::WANTED)
    }
}

impl From<Curriculum> for String {
    fn from(curriculum: Curriculum) -> String {
        curriculum.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_goes_there_and_back() {
        let text = "1-3:2000,1-6:7000,1-10";
        assert_eq!(Curriculum::parse(text), Some(Curriculum::default()));
        assert_eq!(Curriculum::default().to_string(), text);
        assert_eq!(Curriculum::parse("4-7").unwrap().to_string(), "4-7");
    }

    #[test]
    fn stages_take_over_at_their_steps() {
        let digits = |step| Curriculum::default().at(step).most;
        let steps = [0, 1999, 2000, 6999, 7000, 1_000_000];
        assert_eq!(steps.map(digits), [3, 3, 6, 6, 10, 10]);
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "1",
            "0-3",
            "4-3",
            "1-11",
            "1-3:0,1-10",
            "1-3:9,1-4:9,1-10",
            "1-3:9",
            "1-3,1-10",
            "1-3:9,1-10,",
        ] {
            assert_eq!(Curriculum::parse(text), None, "{text}");
        }
    }
}
