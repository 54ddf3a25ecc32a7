//! What only the page asks of the model that is open: its score, runs of other suites, and what a person types.

use super::{Session, Suite, sent};
use analysis::adderboard::{Score, Scoring};
use analysis::ruler::ruler;
use model::{Engine, parse_weight_by, weight_text};
use seam::{error, foreign, now, plain, summand};
use serde::Serialize;
use session::Slider;
use task::sampling::{self, Draw};
use wasm_bindgen::prelude::*;

/// Wrong answers that a table shows at most: more is slow to lay out, and no one reads it.
const LISTED_FAILURES: usize = 1000;

/// Additions that a run asks between two looks at the clock: some milliseconds at most.
const RUN_PART: usize = 2048;

/// How long, in milliseconds, a run goes on before the Worker listens again.
const RUN_TURN: f64 = 30.0;

#[wasm_bindgen]
impl Session {
    /// Another one with the same model open, to try in it what may fail at any step.
    pub fn fork(&self) -> Session {
        Session { inner: self.inner.clone(), file_passed: self.file_passed, ..Session::default() }
    }

    /// Takes all that the file of the run holds, of which `read_opening` gave what was opened. What is shown stays as it is.
    pub fn complete(&mut self, input: &[u8]) -> Result<(), JsValue> {
        if self.inner.complete(sent(input)?) { Ok(()) } else { Err(foreign(())) }
    }

    /// The analyses of the model without its edits, for [`Figure`](crate::figure::Figure); `undefined` where it has none.
    pub fn unedited(&self) -> Result<Option<Vec<u8>>, JsValue> {
        let unedited = self.loaded()?.unedited.as_ref();
        unedited.map(|report| report.to_bytes().map_err(foreign)).transpose()
    }

    /// The ruler that answer digit `digit`, 0 to 10, is read off, with `a + b` on it, for
    /// [`Figure`](crate::figure::Figure). `undefined` where there is none: a number of the pass is not finite. Throws what a
    /// person reads.
    pub fn ruler(&self, a: f64, b: f64, digit: usize) -> Result<Option<Vec<u8>>, JsValue> {
        let (a, b) = (summand(a).map_err(error)?, summand(b).map_err(error)?);
        let ruler = ruler(&self.loaded()?.checkpoint.model, a, b, digit);
        ruler.map(|ruler| ruler.to_bytes().map_err(foreign)).transpose()
    }

    /// Scores the loaded model on AdderBoard's own suite; with edits, the file's numbers too.
    #[wasm_bindgen(unchecked_return_type = "Verdict")]
    pub fn verify(&mut self) -> Result<JsValue, JsValue> {
        let loaded = self.loaded()?;
        let start = now();
        let mut score = loaded.score();
        let timed = TimedScore::new(&score, now() - start);
        let file_passed = match self.file_passed {
            Some(passed) => passed,
            None if loaded.checkpoint.edit_count() == 0 => score.passed,
            None => loaded.file_score().passed,
        };
        score.failures.truncate(LISTED_FAILURES);
        (self.score, self.file_passed) = (score, Some(file_passed));
        plain(&Verdict { score: timed, file_passed })
    }

    /// Begins to ask additions of a kind: seed and number of random pairs as a person wrote them. A run that was under way
    /// is dropped. Throws what a person reads.
    #[wasm_bindgen(unchecked_return_type = "SuiteProgress")]
    pub fn start_run(&mut self, draw: &str, seed: &str, pairs: &str) -> Result<JsValue, JsValue> {
        self.loaded()?;
        let draw = Draw::of(draw).ok_or_else(|| error(format!("{draw} is no kind of pairs")))?;
        let seed = sampling::parse_seed(seed).map_err(error)?;
        let pairs = sampling::parse_pairs(pairs).map_err(error)?;
        let total = draw.total(pairs);
        let scoring = Scoring::new(draw.pairs(seed, pairs), LISTED_FAILURES);
        let suite = self.suite.insert(Suite { seed, scoring, total, milliseconds: 0.0 });
        plain(&suite.progress())
    }

    /// Goes on with the run for a moment. `undefined` without one: an edit or another file
    /// ends it.
    #[wasm_bindgen(unchecked_return_type = "SuiteProgress | undefined")]
    pub fn continue_run(&mut self) -> Result<JsValue, JsValue> {
        let Some(run) = &mut self.suite else { return Ok(JsValue::UNDEFINED) };
        let loaded = self.inner.loaded().ok_or_else(|| error("no checkpoint is open"))?;
        let start = now();
        let engine = Engine::new(&loaded.checkpoint.model);
        while run.scoring.advance(&engine, RUN_PART) && now() - start < RUN_TURN {}
        run.milliseconds += now() - start;
        plain(&run.progress())
    }

    /// What was answered wrong: in the run, or in AdderBoard's own suite.
    #[wasm_bindgen(unchecked_return_type = "Failures")]
    pub fn failures(&self, of_run: bool) -> Result<JsValue, JsValue> {
        match &self.suite {
            Some(run) if of_run => plain(&Failures::new(&run.scoring.score())),
            _ if of_run => plain(&Failures::new(&Score::default())),
            _ => plain(&Failures::new(&self.score)),
        }
    }
}

/// How far a run has come.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub(crate) struct SuiteProgress {
    /// As text: JavaScript's numbers do not hold every seed.
    seed: String,
    /// Additions to be asked; the score's own total is what was asked so far.
    of: usize,
    score: TimedScore,
}

impl Suite {
    fn progress(&self) -> SuiteProgress {
        let score = TimedScore::new(&self.scoring.score(), self.milliseconds);
        SuiteProgress { seed: self.seed.to_string(), of: self.total, score }
    }
}

/// A score with the time that it took here.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub(crate) struct TimedScore {
    total: usize,
    passed: usize,
    accuracy: f64,
    qualified: bool,
    milliseconds: f64,
}

impl TimedScore {
    fn new(score: &Score, milliseconds: f64) -> TimedScore {
        TimedScore {
            total: score.total,
            passed: score.passed,
            accuracy: score.accuracy,
            qualified: score.qualified,
            milliseconds,
        }
    }
}

/// The score of AdderBoard's own suite, beside the file's.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub(crate) struct Verdict {
    score: TimedScore,
    file_passed: usize,
}

/// How many answers are wrong, and the first of them.
#[derive(Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub(crate) struct Failures {
    wrong: usize,
    /// Summands, a pair each.
    listed: Vec<(u64, u64)>,
}

impl Failures {
    fn new(score: &Score) -> Failures {
        let listed = score.failures.iter().map(|failure| (failure.a, failure.b)).collect();
        Failures { wrong: score.total - score.passed, listed }
    }
}

/// A weight as a person writes it. Throws what they read where it is none.
#[wasm_bindgen]
pub fn read_weight(text: &str) -> Result<f32, JsValue> {
    parse_weight_by(text, number).map_err(error)
}

#[wasm_bindgen]
extern "C" {
    /// JavaScript's own `Number(text)`: NaN where the text is none.
    #[wasm_bindgen(js_name = Number)]
    fn number_of(text: &str) -> f64;
}

fn number(text: &str) -> Option<f64> {
    Some(number_of(text)).filter(|value| !value.is_nan())
}

/// A weight as short text that reads back to the same bits.
#[wasm_bindgen]
pub fn show_weight(value: f32) -> String {
    weight_text(value)
}

/// The value at a slider's position.
#[wasm_bindgen]
pub fn slider_value(original: f32, reach: f64, position: f64) -> f32 {
    Slider { original, reach }.value(position)
}

/// The slider's position nearest to a value.
#[wasm_bindgen]
pub fn slider_position(original: f32, reach: f64, value: f32) -> f64 {
    Slider { original, reach }.position(value)
}

/// Throws what a person reads where the text is no seed.
#[wasm_bindgen]
pub fn check_seed(text: &str) -> Result<(), JsValue> {
    sampling::parse_seed(text).map(drop).map_err(error)
}

/// Throws what a person reads where the text is no number of random pairs.
#[wasm_bindgen]
pub fn check_pairs(text: &str) -> Result<(), JsValue> {
    sampling::parse_pairs(text).map(drop).map_err(error)
}

/// A seed that nobody chose.
#[wasm_bindgen]
pub fn fresh_seed() -> String {
    sampling::fresh_seed().to_string()
}
