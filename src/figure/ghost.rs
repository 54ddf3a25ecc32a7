//! A panel over the same panel of another model: of the file's, while numbers are edited. What moved leaves an outline,
//! and axes stay where they were for as long as they hold what is there now.

use super::chart::{Axis, Bar, Dot, Facet, Key, Layer, Scale, Swatch, Unit};
use super::panel::{Content, Panel};

/// Which model the outlines are of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Beside {
    /// The same without its edits.
    #[default]
    File,
    /// The first of two that are compared.
    A,
    /// The second.
    B,
}

impl Beside {
    /// What outlines are called in legends.
    fn name(self) -> &'static str {
        match self {
            Beside::File => "the file's model",
            Beside::A => "A",
            Beside::B => "B",
        }
    }

    /// What a mark says before what it was there.
    fn inside(self) -> &'static str {
        match self {
            Beside::File => "; in the file ",
            Beside::A => "; in A ",
            Beside::B => "; in B ",
        }
    }
}

/// An axis holds another range if less than this share of that sticks out at an end: the margin that axes have.
const MARGIN: f64 = 0.1;
/// How often an axis is made longer at most: to more than a number can be.
const LONGER: usize = 2048;
/// Axes of shares end here.
const ALL: f64 = 108.0;

/// `panel` with what is otherwise in `before` as outlines, on axes that hold both.
pub fn over(mut panel: Panel, before: &Panel, of: Beside) -> Panel {
    let (Content::Chart(chart), Content::Chart(ghost)) = (&mut panel.content, &before.content)
    else {
        return panel;
    };
    if chart.facets.len() != ghost.facets.len() {
        return panel;
    }
    for (facet, before) in chart.facets.iter_mut().zip(&ghost.facets) {
        // Of two that are compared, both have the same axes; while numbers are edited, axes stay where they were.
        let axes = if of == Beside::File { hold } else { share };
        axes(&mut facet.x, &before.x);
        axes(&mut facet.y, &before.y);
        facet.ghost = moved(facet, before, of);
    }
    if chart.facets.iter().any(|facet| !facet.ghost.is_empty()) {
        chart.legend.push(Key::new(Swatch::Ghost, of.name()));
    }
    panel
}

/// Gives `axis` the range that holds its own and the other's.
fn share(axis: &mut Axis, other: &Axis) {
    if let (Scale::Numbers { lo, hi, .. }, Scale::Numbers { lo: low, hi: high, .. }) =
        (&mut axis.scale, &other.scale)
    {
        (*lo, *hi) = (lo.min(*low), hi.max(*high));
    }
}

/// Gives `axis` the range of the one before, made twice as long at an end as often as it takes to hold its own.
fn hold(axis: &mut Axis, before: &Axis) {
    let (Scale::Numbers { lo, hi, unit }, Scale::Numbers { lo: low, hi: high, .. }) =
        (&mut axis.scale, &before.scale)
    else {
        return;
    };
    let (own, margin) = ((*lo, *hi), MARGIN * (*hi - *lo));
    if ![own.0, own.1, margin, *low, *high].iter().all(|v| v.is_finite()) {
        return;
    }
    (*lo, *hi) = (*low, *high);
    for _ in 0..LONGER {
        let length = *hi - *lo;
        let below = if own.0 + margin < *lo && own.0 < *lo { length } else { 0.0 };
        let above = if own.1 - margin > *hi && own.1 > *hi { length } else { 0.0 };
        if below + above == 0.0 {
            break;
        }
        (*lo, *hi) = (*lo - below, *hi + above);
    }
    if *unit == Unit::Percent {
        *hi = hi.min(ALL.max(own.1));
    }
}

/// The marks of `before` that are elsewhere now. Marks of now say where they were.
fn moved(facet: &mut Facet, before: &Facet, of: Beside) -> Vec<Layer> {
    let pairs = facet.layers.iter_mut().zip(&before.layers);
    pairs.filter_map(|(now, before)| moved_of(now, before, of)).collect()
}

fn moved_of(now: &mut Layer, before: &Layer, of: Beside) -> Option<Layer> {
    match (now, before) {
        (Layer::Bars(now), Layer::Bars(before)) => {
            let same = |a: &Bar, b: &Bar| (a.x, a.from, a.value) == (b.x, b.from, b.value);
            let is_elsewhere = |bar: &&Bar| !now.iter().any(|other| same(bar, other));
            let left: Vec<Bar> = before.iter().filter(is_elsewhere).cloned().collect();
            for bar in now {
                let was = before
                    .iter()
                    .find(|other| (&other.items, &other.label) == (&bar.items, &bar.label));
                tell(&mut bar.says, was.map(|was| was.says.as_str()), of);
            }
            (!left.is_empty()).then_some(Layer::Bars(left))
        }
        (Layer::Dots(now), Layer::Dots(before)) => {
            let is_elsewhere = |dot: &&Dot| !now.iter().any(|other| other.at == dot.at);
            let left: Vec<Dot> = before.iter().filter(is_elsewhere).cloned().collect();
            for dot in now {
                let was = before.iter().find(|other| other.items == dot.items);
                tell(&mut dot.says, was.map(|was| was.says.as_str()), of);
            }
            (!left.is_empty()).then_some(Layer::Dots(left))
        }
        (Layer::Thread(now, _), Layer::Thread(before, tone)) => {
            (now != before).then(|| Layer::Thread(before.clone(), *tone))
        }
        _ => None,
    }
}

fn tell(says: &mut String, was: Option<&str>, of: Beside) {
    if let Some(was) = was.filter(|was| was != says) {
        says.push_str(of.inside());
        says.push_str(was);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(before: (f64, f64), own: (f64, f64), unit: Unit) -> (f64, f64) {
        let mut axis = Axis::numbers("", own.0, own.1, unit);
        hold(&mut axis, &Axis::numbers("", before.0, before.1, unit));
        axis.range()
    }

    #[test]
    fn an_axis_stays_while_it_holds_what_is_there_and_grows_in_steps() {
        let before = (-1.0, 3.0);
        for own in [(-1.0, 3.0), (0.0, 1.0), (-1.2, 3.3), (2.0, 3.05)] {
            assert_eq!(held(before, own, Unit::Plain), before, "{own:?}");
        }
        for top in [4.0, 5.0, 7.0] {
            assert_eq!(held(before, (-1.0, top), Unit::Plain), (-1.0, 7.0), "{top}");
        }
        assert_eq!(held(before, (-6.0, 9.0), Unit::Plain), (-5.0, 19.0));
        assert_eq!(held((0.0, 1.1), (0.0, 60.0), Unit::Percent), (0.0, 70.4));
        assert_eq!(held((0.0, 1.1), (0.0, 105.0), Unit::Percent), (0.0, ALL));
    }
}
