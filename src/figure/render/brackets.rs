//! Groups of bands below a horizontal axis: column numbers, alike in all groups, and a bracket with the group's name.

use super::axis::{CLEAR, TICK_ROW};
use super::canvas::Canvas;
use super::plot::Map;
use crate::chart::BandGroup;
use crate::surface::{Align, Rect, Type};
use crate::text::{self, SMALL};
use crate::theme::Tone;

/// Every how manieth band of a group may have its number.
const STEPS: [usize; 5] = [1, 2, 3, 5, 10];
/// Height of a bracket's ends.
const ENDS: f64 = 3.0;

/// Draws `groups` in two rows, of which the first is centred at `y`.
pub fn draw(canvas: &mut Canvas<'_, '_>, groups: &[BandGroup], map: &Map, y: f64) {
    let muted = canvas.colour(Tone::Muted);
    let kind = Type::new(SMALL, muted, Align::Centre);
    let step = step(groups, map.unit());
    for BandGroup { bands: (first, last), text } in groups {
        let (from, to) = (map.at(*first as f64), map.at(*last as f64));
        canvas.surface.text(text, (from + to) / 2.0, y + TICK_ROW, kind);
        if first == last {
            continue;
        }
        for i in (0..=last - first).step_by(step) {
            canvas.surface.text(&i.to_string(), map.at((first + i) as f64), y, kind);
        }
        let half = map.unit() * 0.4;
        let (left, right, at) = (from - half, to + half, y + TICK_ROW / 2.0);
        canvas.surface.rule_h(left, right, at, muted);
        for x in [left, right - 1.0] {
            canvas.surface.fill(Rect::new(x, at.round() - ENDS, 1.0, ENDS), muted);
        }
    }
}

/// The least step with which no number meets the next.
fn step(groups: &[BandGroup], unit: f64) -> usize {
    let most = groups.iter().map(|group| group.bands.1 - group.bands.0).max().unwrap_or(0);
    let fits = |step: &usize| {
        // The widest that is shown, and half of it beyond the group.
        let widest = text::width(&(most / step * step).to_string(), SMALL, false);
        widest + CLEAR <= *step as f64 * unit
    };
    STEPS.into_iter().find(fits).unwrap_or(STEPS[STEPS.len() - 1])
}
