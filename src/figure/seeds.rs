//! Training as it goes on: exact match of several runs side by side, or loss and exact match of one. Not among the panels,
//! drawn like them.

use super::chart::{Aspect, Axis, Chart, Facet, Layer, Series, Spot, Unit};
use super::panel::{Content, Panel, Table};
use super::theme::Tone;
use numbers::listed::Listed;
use numbers::{order, words};
use task::item::Item;

/// Tones of the lines, in turn.
const TONES: [Tone; 7] =
    [Tone::Accent, Tone::Carry, Tone::Z, Tone::Second, Tone::X, Tone::Y, Tone::Special];
/// Points that all lines together may have: more are not seen, and take long to draw.
const MOST_POINTS: usize = 600;
/// Points of a line at least.
const LEAST_POINTS: usize = 24;

/// What a guess among ten digits costs, in nats: ln 10.
const GUESS: f64 = std::f64::consts::LN_10;

/// Lines that have their names at their ends, the best ones: more find no room. The others
/// are named where they are pointed at, and in the table below.
const MOST_NAMES: usize = 12;

/// The evaluations of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// What the run is called: `seed 3`.
    pub name: String,
    /// What it stands for: its seed.
    pub item: Option<Item>,
    /// Step and share of additions right, in the order of the steps.
    pub points: Vec<(u64, f64)>,
}

/// The panel of `curves`, over all `steps` from the start, so that lines grow and axes stay.
pub fn seeds(curves: &[Curve], steps: u64) -> Panel {
    let most = (MOST_POINTS / curves.len().max(1)).max(LEAST_POINTS);
    let named = named(curves);
    let series = curves.iter().zip(TONES.into_iter().cycle()).enumerate();
    let series = series.map(|(i, (curve, tone))| Series {
        name: if named.contains(&i) { curve.name.clone() } else { String::new() },
        tone,
        dashed: false,
        spots: spots(curve, most),
    });
    let lines = series.filter(|line| !line.spots.is_empty()).listed();
    panel(Chart::one(Aspect::Landscape, exact_match(steps, lines)))
}

/// The panel of one run: its mean loss between two evaluations, in nats, above its exact match, over all `steps`. Both axes
/// stay: that of the loss begins with what a guess among ten digits costs, and grows only for a loss above it.
pub fn learning(curve: &Curve, loss: &[(u64, f64)], steps: u64) -> Panel {
    let loss: Vec<(u64, f64)> = loss.iter().copied().filter(|(_, loss)| loss.is_finite()).listed();
    let most = loss.iter().fold(GUESS, |most, (_, loss)| most.max(*loss));
    let spot = |&(step, loss): &(u64, f64)| Spot {
        at: (step as f64, loss),
        item: None,
        label: format!("loss up to step {}", words::count(step)),
        says: format!("{} nats", words::fixed(loss, 4)),
    };
    let line = |tone, spots: Vec<Spot>| Series { name: String::new(), tone, dashed: false, spots };
    let some = |line: Series| if line.spots.is_empty() { vec![] } else { vec![line] };
    let losses = thinned(&loss, MOST_POINTS / 2).map(spot).listed();
    let above = Facet::new(time(steps), Axis::numbers("loss", 0.0, 1.05 * most, Unit::Plain))
        .with(Layer::Lines(some(line(Tone::Second, losses))));
    let exact = line(Tone::Accent, spots(curve, MOST_POINTS / 2));
    let mut chart = Chart::one(Aspect::Strip, above);
    chart.facets.push(exact_match(steps, some(exact)));
    panel(chart)
}

fn panel(chart: Chart) -> Panel {
    Panel {
        aside: String::new(),
        sentence: String::new(),
        table: Table::default(),
        content: Content::Chart(chart),
        ..Panel::default()
    }
}

fn time(steps: u64) -> Axis {
    Axis::numbers("training step", 0.0, steps.max(1) as f64 * 1.01, Unit::Thousands)
}

fn exact_match(steps: u64, lines: Vec<Series>) -> Facet {
    let exact = Axis::numbers("exact match", 0.0, 102.0, Unit::Percent);
    Facet::new(time(steps), exact).with(Layer::Lines(lines))
}

/// Which curves have names: those that end highest, of equals the first.
fn named(curves: &[Curve]) -> Vec<usize> {
    let end = |curve: &Curve| curve.points.last().map_or(0.0, |(_, exact)| -exact);
    let mut order = order::rising(&curves.iter().map(end).listed());
    order.truncate(MOST_NAMES);
    order
}

/// Points of a curve, at most so many; the last one is always among them.
fn spots(curve: &Curve, most: usize) -> Vec<Spot> {
    let spot = |&(step, exact): &(u64, f64)| Spot {
        at: (step as f64, 100.0 * exact),
        item: curve.item.clone(),
        label: format!("{}, step {}", curve.name, words::count(step)),
        says: words::percent(100.0 * exact),
    };
    thinned(&curve.points, most).map(spot).listed()
}

/// At most so many of the points; the last is always among them.
fn thinned(points: &[(u64, f64)], most: usize) -> impl Iterator<Item = &(u64, f64)> {
    let count = points.len();
    let every = count.div_ceil(most).max(1);
    let kept =
        points.iter().enumerate().filter(move |(i, _)| (count - 1 - i).is_multiple_of(every));
    kept.map(|(_, point)| point)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Scale;

    #[test]
    fn long_curves_keep_their_last_point_and_some_of_the_others() {
        let points = (0..1000).map(|i| (i, i as f64 / 1000.0)).collect();
        let long = Curve { name: "seed 3".into(), item: Some(Item::Seed(3)), points };
        let short = Curve { name: "seed 4".into(), item: None, points: vec![(0, 0.0)] };
        let none = Curve { name: "seed 5".into(), item: None, points: Vec::new() };
        let panel = seeds(&[long, short, none], 1000);
        let Content::Chart(chart) = panel.content else { panic!("a note") };
        let [Layer::Lines(lines)] = &chart.facets[0].layers[..] else { panic!("no lines") };
        assert_eq!(lines.iter().map(|l| l.spots.len()).collect::<Vec<_>>(), [200, 1]);
        let last = lines[0].spots.last().unwrap();
        assert_eq!((last.at.0, last.label.as_str()), (999.0, "seed 3, step 999"));
        assert_eq!((&last.item, &lines[1].spots[0].item), (&Some(Item::Seed(3)), &None));
        assert_ne!(lines[0].tone, lines[1].tone);
    }

    #[test]
    fn a_runs_loss_stands_above_its_exact_match_and_nothing_leaves_its_axis() {
        let curve =
            Curve { name: "seed 3".into(), item: None, points: vec![(0, 0.0), (500, 0.25)] };
        let of = |loss: &[(u64, f64)]| {
            let Content::Chart(chart) = learning(&curve, loss, 1000).content else {
                panic!("a note")
            };
            let [above, below] = &chart.facets[..] else { panic!("not two") };
            assert_eq!((above.y.label.as_str(), below.y.label.as_str()), ("loss", "exact match"));
            let lines = |facet: &Facet| match &facet.layers[..] {
                [Layer::Lines(lines)] => lines.iter().map(|l| l.spots.len()).collect::<Vec<_>>(),
                _ => panic!("no lines"),
            };
            let Scale::Numbers { hi, .. } = above.y.scale else { panic!("bands") };
            (hi, lines(above), lines(below))
        };
        assert_eq!(of(&[]), (1.05 * GUESS, vec![], vec![2]));
        assert_eq!(of(&[(500, 1.5), (1000, f64::NAN)]), (1.05 * GUESS, vec![1], vec![2]));
        assert_eq!(of(&[(500, 8.0)]).0, 1.05 * 8.0);
    }

    #[test]
    fn of_many_curves_the_best_have_names() {
        let curve = |i: u64| Curve {
            name: format!("seed {i}"),
            item: Some(Item::Seed(i)),
            points: vec![(0, i as f64 / 20.0)],
        };
        let curves: Vec<Curve> = (0..20).map(curve).collect();
        let Content::Chart(chart) = seeds(&curves, 10).content else { panic!("a note") };
        let [Layer::Lines(lines)] = &chart.facets[0].layers[..] else { panic!("no lines") };
        let named: Vec<bool> = lines.iter().map(|l| !l.name.is_empty()).collect();
        assert_eq!(named, (0..20).map(|i| i >= 8).collect::<Vec<_>>());
    }
}
