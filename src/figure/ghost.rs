//! A panel over the same panel of the file's model, while numbers are edited. What moved leaves an outline,
//! and axes stay where they were for as long as they hold what is there now.

use super::chart::{Axis, Bar, Dot, Facet, Key, Layer, Scale, Swatch, Unit};
use super::panel::{Content, Panel};

/// What outlines are called in legends.
const NAME: &str = "the file's model";
/// What a mark says before what it was there.
const INSIDE: &str = "; in the file ";

/// An axis holds another range if less than this share of that sticks out at an end: the margin that axes have.
const MARGIN: f64 = 0.1;
/// How often an axis is made longer at most: to more than a number can be.
const LONGER: usize = 2048;
/// Axes of shares end here.
const ALL: f64 = 108.0;

/// `panel` with what is otherwise in `before` as outlines, on axes that hold both.
pub fn over(mut panel: Panel, before: &Panel) -> Panel {
    let (Content::Chart(chart), Content::Chart(ghost)) = (&mut panel.content, &before.content)
    else {
        return panel;
    };
    if chart.facets.len() != ghost.facets.len() {
        return panel;
    }
    for (facet, before) in chart.facets.iter_mut().zip(&ghost.facets) {
        hold(&mut facet.x, &before.x);
        hold(&mut facet.y, &before.y);
        facet.ghost = moved(facet, before);
    }
    if chart.facets.iter().any(|facet| !facet.ghost.is_empty()) {
        chart.legend.push(Key::new(Swatch::Ghost, NAME));
    }
    panel
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
fn moved(facet: &mut Facet, before: &Facet) -> Vec<Layer> {
    let pairs = facet.layers.iter_mut().zip(&before.layers);
    pairs.filter_map(|(now, before)| moved_of(now, before)).collect()
}

fn moved_of(now: &mut Layer, before: &Layer) -> Option<Layer> {
    match (now, before) {
        (Layer::Bars(now), Layer::Bars(before)) => {
            let same = |a: &Bar, b: &Bar| (a.x, a.from, a.value) == (b.x, b.from, b.value);
            let is_elsewhere = |bar: &&Bar| !now.iter().any(|other| same(bar, other));
            let silent = |bar: &Bar| Bar { label: String::new(), ..bar.clone() };
            let left: Vec<Bar> = before.iter().filter(is_elsewhere).map(silent).collect();
            for bar in now {
                let was = before
                    .iter()
                    .find(|other| (&other.items, &other.label) == (&bar.items, &bar.label));
                tell(&mut bar.says, was.map(|was| was.says.as_str()));
            }
            (!left.is_empty()).then_some(Layer::Bars(left))
        }
        (Layer::Dots(now), Layer::Dots(before)) => {
            let is_elsewhere = |dot: &&Dot| !now.iter().any(|other| other.at == dot.at);
            let silent = |dot: &Dot| Dot { label: String::new(), ..dot.clone() };
            let left: Vec<Dot> = before.iter().filter(is_elsewhere).map(silent).collect();
            for dot in now {
                let was = before.iter().find(|other| other.items == dot.items);
                tell(&mut dot.says, was.map(|was| was.says.as_str()));
            }
            (!left.is_empty()).then_some(Layer::Dots(left))
        }
        (Layer::Thread(now, _), Layer::Thread(before, tone)) => {
            (now != before).then(|| Layer::Thread(before.clone(), *tone))
        }
        _ => None,
    }
}

fn tell(says: &mut String, was: Option<&str>) {
    if let Some(was) = was.filter(|was| was != says) {
        says.push_str(INSIDE);
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
