//! The model that is open, with other numbers: what can be changed, how far a slider goes,
//! and the way back.

use super::Loaded;
use analysis::adderboard::Score;
use model::{Edit, EditError, Engine, Model, tensors, weight_text};
use numbers::listed::Listed;
use numbers::words;
use serde::Serialize;

/// Slider positions on each side of the number's own, which is 0. A track of 200 pixels
/// then moves one position per pixel.
pub const SLIDER_POSITIONS: f64 = 100.0;

/// Where a slider takes a number: around the file's value, as far to both sides as twice the
/// largest magnitude of the tensor. So zero and the opposite sign are always within reach, and
/// all numbers of a tensor move by the same steps.
///
/// The distance grows with the square of the position: a model breaks long before its
/// numbers have doubled, so the middle of the track is fine and its ends are coarse.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slider {
    /// The file's value: position 0.
    pub original: f32,
    /// How far the ends are from it, more than 0.
    pub reach: f64,
}

impl Slider {
    /// The slider of a number with the value `original`, in a tensor whose largest magnitude is
    /// `largest`. Where all numbers are 0, it reaches as far as one of size 1 would.
    pub fn new(original: f32, largest: f32) -> Slider {
        let largest = if largest > 0.0 { f64::from(largest) } else { 1.0 };
        Slider { original, reach: 2.0 * largest }
    }

    /// The value at `position`, with as many decimals as positions can be told apart by.
    pub fn value(&self, position: f64) -> f32 {
        let share = (position / SLIDER_POSITIONS).clamp(-1.0, 1.0);
        if share == 0.0 {
            return self.original;
        }
        let value = f64::from(self.original) + self.reach * share * share.abs();
        let step = decimal_step(self.reach / (SLIDER_POSITIONS * SLIDER_POSITIONS));
        let rounded = (value / step).round() * step;
        rounded.clamp(f64::from(f32::MIN), f64::from(f32::MAX)) as f32
    }

    /// The position nearest to `value`.
    pub fn position(&self, value: f32) -> f64 {
        let away = (f64::from(value) - f64::from(self.original)) / self.reach;
        let share = away.abs().min(1.0).sqrt();
        (share * SLIDER_POSITIONS).round() * if away < 0.0 { -1.0 } else { 1.0 }
    }
}

/// The power of ten next to `finest`, not above it.
fn decimal_step(finest: f64) -> f64 {
    let mut scale = 1.0;
    while finest * scale < 1.0 {
        scale *= 10.0;
    }
    let mut step = 1.0;
    while step * 10.0 <= finest {
        step *= 10.0;
    }
    // One of the two is 1. A quotient of whole numbers is as near to a power of ten as f64 gets.
    step / scale
}

/// A learned tensor as it can be edited.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Tensor {
    /// Its clean name, which [`Edit`] asks for.
    pub name: &'static str,
    /// Its name in the file.
    pub source: String,
    /// What it is, in words.
    pub title: String,
    /// Its numbers, row by row.
    pub numbers: Vec<LearnedNumber>,
}

/// A learned number as it can be edited.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct LearnedNumber {
    /// Its index: `[0, 2]`; empty for a tensor of one number.
    pub subscript: String,
    /// What it is: `q0, pos2`; empty for a tensor of one number.
    pub place: String,
    /// Its value now, as text that reads back to the same bits.
    pub value: String,
    /// Its value in the file.
    pub original: f32,
    /// How far its slider goes to both sides; see [`Slider`].
    pub reach: f64,
}

/// What can be edited, and what cannot.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify), tsify(missing_as_null))]
pub struct Weights {
    /// Learned tensors, in the order of the forward pass.
    pub tensors: Vec<Tensor>,
    /// What is not among them, as a sentence; empty where all is.
    pub left_out: String,
}

impl Loaded {
    /// Everything that can be edited.
    pub fn weights(&self) -> Weights {
        let (model, family) = (&self.checkpoint.model, self.checkpoint.about.family);
        let both = model.params().iter().zip(self.checkpoint.original().iter());
        let tensors = both.filter(|(now, _)| now.learned).map(|(now, file)| {
            let axes = tensors::axes(now.name, model.config());
            let largest = file.values.iter().fold(0.0f32, |most, v| most.max(v.abs()));
            let number = |(i, (value, &original)): (usize, (&f32, &f32))| LearnedNumber {
                subscript: tensors::subscript(now.values.shape(), i),
                place: tensors::place(&axes, i),
                value: weight_text(*value),
                original,
                reach: Slider::new(original, largest).reach,
            };
            Tensor {
                name: now.name,
                source: family.source_name(now.name),
                title: tensors::title(now.name, model.config()),
                numbers: now.values.iter().zip(&file.values).enumerate().map(number).listed(),
            }
        });
        Weights { tensors: tensors.listed(), left_out: self.left_out() }
    }

    fn left_out(&self) -> String {
        let frozen = self.checkpoint.model.params().iter().filter(|p| !p.learned);
        let names: Vec<String> =
            frozen.map(|p| self.checkpoint.about.family.source_name(p.name)).listed();
        match names.len() {
            0 => String::new(),
            1 => format!("Not here: {}, which was frozen in training.", names[0]),
            _ => format!("Not here: {}, which were frozen in training.", words::list(&names)),
        }
    }

    /// Makes all `edits` and analyses the model again. What the file has is kept.
    ///
    /// # Errors
    /// One of them cannot be made; then none is.
    pub fn edit(&mut self, edits: &[Edit]) -> Result<(), EditError> {
        let unedited = self.unedited.take().unwrap_or_else(|| self.report.clone());
        let edited = self.checkpoint.edit(edits);
        self.unedited = (self.checkpoint.edit_count() > 0).then_some(unedited);
        edited?;
        self.analyse();
        Ok(())
    }

    /// Gives one number the file's value again.
    ///
    /// # Errors
    /// There is no such learned number.
    pub fn reset_weight(&mut self, name: &str, index: usize) -> Result<(), EditError> {
        let file = self.checkpoint.original().get(name).and_then(|t| t.iter().nth(index));
        // Without such a number any value serves to say so.
        let value = file.copied().unwrap_or_default();
        self.edit(&[Edit { name: name.to_owned(), index, value }])
    }

    /// Gives all numbers the file's values again.
    pub fn reset_weights(&mut self) {
        self.checkpoint.reset();
        self.unedited = None;
        self.analyse();
    }

    /// The score on AdderBoard's own suite.
    pub fn score(&self) -> Score {
        Engine::new(&self.checkpoint.model).score()
    }

    /// The score that the file's numbers have, whatever was edited.
    pub fn file_score(&self) -> Score {
        let config = self.checkpoint.model.config().clone();
        Engine::new(&Model::new(config, self.checkpoint.original().clone())).score()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_and_values_go_there_and_back() {
        for (original, largest) in
            [(7.654_321, 7.654_321), (-0.01, 38.0), (0.0, 0.0), (-1e-12, 1e-12), (2e8, 2e8)]
        {
            let slider = Slider::new(original, largest);
            let all = -SLIDER_POSITIONS as i32..=SLIDER_POSITIONS as i32;
            let values: Vec<f32> = all.clone().map(|p| slider.value(f64::from(p))).collect();
            assert!(values.windows(2).all(|w| w[0] < w[1]), "{original}: {values:?}");
            for (p, value) in all.zip(values) {
                assert_eq!(slider.position(value), f64::from(p), "{original}: {value}");
            }
            assert_eq!(slider.value(0.0).to_bits(), original.to_bits());
            let ends = [slider.value(-1e9), slider.value(1e9)];
            assert!(ends[0] < 0.0 && ends[1] > 0.0, "{original}: both signs, {ends:?}");
        }
    }

    #[test]
    fn values_of_a_slider_are_short() {
        let slider = Slider::new(7.654_321, 7.654_321);
        assert_eq!(weight_text(slider.value(0.0)), "7.654321");
        assert_eq!(weight_text(slider.value(1.0)), "7.656");
        assert_eq!(weight_text(slider.value(-100.0)), "-7.654");
    }

    #[test]
    fn the_ends_of_f32_are_the_ends_of_a_slider() {
        let slider = Slider::new(f32::MAX, f32::MAX);
        assert_eq!(slider.value(SLIDER_POSITIONS), f32::MAX);
        assert_eq!(slider.position(f32::MAX), 0.0);
        assert!(Slider::new(1e-44, 1e-44).value(50.0).is_finite());
    }
}
