//! Two models in the same panels: on common axes, both marked, and of maps the difference.

use crate::words::chart;
use crate::{map, reports, snapshots};
use adderscope::analysis::Report;
use adderscope::analysis::report::Snapshot;
use adderscope::analysis::ruler::{Ruler, ruler};
use adderscope::figure::chart::{Layer, Shade, Swatch};
use adderscope::figure::{
    Content, Frame, Mark, Pair, Panel, Shown, Theme, is_map, marks, panel_svg,
};
use adderscope::task::addition::Alignment;

const BY_DIGIT: Alignment = Alignment::Answer;

/// A model, and another that reads and looks otherwise.
fn two() -> (Report, Report) {
    let a = reports::made_up();
    let mut b = a.clone();
    b.rank1.as_mut().unwrap().readout[9] = 300.0;
    b.rank1.as_mut().unwrap().readout[0] = -80.0;
    for row in &mut b.mean_attention[0] {
        row[0] += 0.125;
    }
    (a, b)
}

fn panel<'a>(pair: &'a Pair, key: &str, shown: Shown) -> &'a Panel {
    pair.panel(key, BY_DIGIT, shown).unwrap()
}

/// The cell of a table in the row that begins so.
fn value<'a>(panel: &'a Panel, row: &[&str], column: &str) -> &'a str {
    let at = panel.table.columns.iter().position(|name| name == column).expect(column);
    let row = panel.table.rows.iter().find(|cells| cells.iter().zip(row).all(|(a, b)| a == b));
    &row.unwrap()[at]
}

fn frame() -> Frame {
    Frame { width: 640.0, height: 400.0, theme: Theme::Light, title: false, ground: true }
}

#[test]
fn each_stands_on_the_axes_that_hold_both() {
    let (a, b) = two();
    let pair = Pair::new(a, b);
    for alignment in Alignment::ALL {
        let all = Shown::ALL.map(|shown| pair.panels(alignment, shown));
        for ((both, a), b) in all[0].iter().zip(all[1]).zip(all[2]) {
            let (Content::Chart(one), Content::Chart(other)) = (&a.content, &b.content) else {
                continue;
            };
            let Content::Chart(both) = &both.content else { panic!("{}", a.title) };
            let facets = both.facets.iter().zip(&one.facets).zip(&other.facets);
            for ((both, one), other) in facets {
                let ranges = [both, one, other].map(|facet| (facet.x.range(), facet.y.range()));
                assert_eq!(ranges[0], ranges[1], "{}", a.title);
                assert_eq!(ranges[1], ranges[2], "{}", a.title);
            }
        }
    }
    let (lo, hi) = chart(panel(&pair, "readout", Shown::A)).facets[0].y.range();
    assert!(lo < -80.0 && hi > 300.0, "{lo} to {hi}");
}

#[test]
fn marks_of_a_are_filled_and_those_of_b_outlined_and_all_can_be_pointed_at() {
    let (a, b) = two();
    let pair = Pair::new(a, b);
    let readout = panel(&pair, "readout", Shown::Both);
    let facet = &chart(readout).facets[0];
    let [Layer::Bars(filled)] = &facet.layers[..] else { panic!("no bars") };
    let [Layer::Bars(outlined)] = &facet.ghost[..] else { panic!("no outlines") };
    for (a, b) in filled.iter().zip(outlined) {
        assert!(a.x + a.width / 2.0 <= b.x - b.width / 2.0, "they stand beside each other");
    }
    let legend: Vec<&str> = chart(readout).legend.iter().map(|key| key.text.as_str()).collect();
    assert_eq!(legend[..2], ["A, filled", "B, outlined"]);
    assert!(chart(readout).legend.iter().any(|key| key.swatch == Swatch::Ghost));
    let said = marks(readout, frame());
    let of = |label: &str| &said.iter().find(|mark| mark.label == label).expect(label).value;
    assert_eq!((of("in A, digit 9").as_str(), of("in B, digit 9").as_str()), ("28.00", "300.0"));
    for key in ["token_embeddings", "positions_01", "top_sources", "error_rate", "trajectory"] {
        let Content::Chart(_) = &panel(&pair, key, Shown::Both).content else { continue };
        let labels: Vec<_> = marks(panel(&pair, key, Shown::Both), frame());
        for name in ["in A, ", "in B, "] {
            assert!(labels.iter().any(|mark| mark.label.starts_with(name)), "{key}: {name}");
        }
    }
    assert_eq!(value(readout, &["9"], "A·V, A"), "28.000");
    assert_eq!(value(readout, &["9"], "A·V, B"), "300.00");
    assert_eq!(value(readout, &["9"], "A·V, B − A"), "272.00");
    assert!(
        readout.sentence.contains("most of all 9 + 9, A·V: 56.000 in A, 600.00 in B"),
        "{}",
        readout.sentence
    );
}

#[test]
fn a_difference_is_one_of_numbers_and_not_of_their_first_digits() {
    let (mut a, mut b) = (reports::made_up(), reports::made_up());
    a.rank1.as_mut().unwrap().readout[9] = 74.5211;
    b.rank1.as_mut().unwrap().readout[9] = 74.5214;
    let pair = Pair::new(a, b);
    let readout = panel(&pair, "readout", Shown::Both);
    assert_eq!(value(readout, &["9"], "A·V, A"), value(readout, &["9"], "A·V, B"));
    assert_eq!(value(readout, &["9"], "A·V, B − A"), "0.00030000");
    assert!(!readout.sentence.contains("every difference is 0"), "{}", readout.sentence);
    // Counts have more digits than a number with a point can have.
    let mut pair = Pair::new(reports::made_up(), reports::made_up());
    let (one, mut other) = (map::made_up(), map::made_up());
    other.cases[0].at_least -= 3;
    let case = other.cases[0].at_least;
    pair.set_maps([Some(one), Some(other)]);
    let table = &panel(&pair, "all_additions", Shown::Both).table;
    let at = table.columns.iter().position(|name| name == "right at least, B").unwrap();
    let row = table.rows.iter().find(|row| row[at] == case.to_string()).unwrap();
    assert_eq!(row[at + 1], "-3");
}

#[test]
fn lines_of_b_are_dashed_and_share_the_room_for_names_with_those_of_a() {
    let (a, b) = two();
    let pair = Pair::new(a, b);
    let chart = chart(panel(&pair, "trajectory", Shown::Both));
    let of = |layer: &Layer| matches!(layer, Layer::Lines(_));
    let layers: Vec<_> = chart.facets[0].layers.iter().filter(|layer| of(layer)).collect();
    let [Layer::Lines(lines)] = &layers[..] else { panic!("{} layers", layers.len()) };
    let dashed = lines.iter().filter(|line| line.dashed);
    assert_eq!(dashed.clone().count() * 2, lines.len());
    assert!(dashed.clone().all(|line| line.name.starts_with("B: ")));
    let words: Vec<&str> = chart.legend.iter().map(|key| key.text.as_str()).collect();
    assert!(words.contains(&"B, dashed"), "{words:?}");
    let drawn = |of| panel_svg(panel(&pair, "trajectory", of), frame()).unwrap().len();
    assert!(drawn(Shown::Both) > drawn(Shown::A));
}

/// Two runs, each at a step of its own.
fn at_steps(a: u64, b: u64) -> Pair {
    let at = |step| Report {
        step: Some(step),
        snapshot: Some(Snapshot { index: 3, count: 20 }),
        ..reports::made_up()
    };
    Pair::new(at(a), at(b))
}

#[test]
fn the_step_of_each_of_two_runs_is_marked() {
    let moments = |pair: &Pair| {
        let facet = &chart(panel(pair, "trajectory", Shown::Both)).facets[0];
        let moments = facet.layers.iter().filter_map(|layer| match layer {
            Layer::Moment(moment) => Some((moment.at, moment.text.clone())),
            _ => None,
        });
        moments.collect::<Vec<_>>()
    };
    let pair = at_steps(16_000, 60_000);
    assert_eq!(moments(&pair), [(16_000.0, "A: step 16\u{202f}000".to_owned())]);
    let facet = &chart(panel(&pair, "trajectory", Shown::Both)).facets[0];
    let lines = facet.layers.iter().find_map(|layer| match layer {
        Layer::Lines(lines) => Some(lines),
        _ => None,
    });
    let of_b = lines.unwrap().iter().find(|line| line.name == "B: step 60\u{202f}000").unwrap();
    assert!(of_b.dashed && of_b.spots.iter().all(|spot| spot.at.0 == 60_000.0));
    let said = marks(panel(&pair, "trajectory", Shown::Both), frame());
    let of_b = |mark: &&Mark| mark.label == "in B" && mark.value == "step 60\u{202f}000";
    assert_eq!(said.iter().filter(of_b).count(), 2);
    // Where both stand at the same step one line is of both.
    let both = at_steps(16_000, 16_000);
    assert_eq!(moments(&both), [(16_000.0, "A and B: step 16\u{202f}000".to_owned())]);
}

#[test]
fn a_difference_has_a_sign_however_small_its_cells_are() {
    let mut pair = Pair::new(reports::made_up(), reports::made_up());
    let (one, mut other) = (map::made_up(), map::made_up());
    let more = other.cases.iter_mut().find(|case| case.at_most == 0).unwrap();
    (more.at_least, more.at_most) = (more.total, more.total);
    let less = other.cases.iter_mut().rfind(|case| case.at_least == case.total).unwrap();
    (less.at_least, less.at_most) = (0, 0);
    pair.set_maps([Some(one.clone()), Some(other)]);
    let lines = |pair: &Pair, width| {
        let difference = panel(pair, "all_additions", Shown::Both);
        let height = adderscope::figure::height(difference, width);
        let svg = panel_svg(difference, Frame { width, height, ..frame() }).unwrap();
        svg.matches("<polyline").count()
    };
    let mut same = Pair::new(reports::made_up(), reports::made_up());
    same.set_maps([Some(one.clone()), Some(one)]);
    // A minus, and a plus of two lines.
    for width in [320.0, 720.0, 1600.0] {
        assert_eq!(lines(&pair, width) - lines(&same, width), 3, "{width}");
    }
    let legend = &chart(panel(&pair, "all_additions", Shown::Both)).legend;
    for words in ["+ more in B", "− less"] {
        assert!(legend.iter().any(|key| key.text == words), "{words}");
    }
}

#[test]
fn the_largest_difference_is_told_of_each_unit() {
    let (a, mut b) = (reports::made_up(), reports::made_up());
    b.errors.answer.digit_errors[1] += 30;
    let pair = Pair::new(a, b);
    let sentence = &panel(&pair, "error_rate", Shown::Both).sentence;
    assert!(sentence.contains("most of all, in percent: Z1, "), "{sentence}");
    assert!(sentence.contains("; in counts: Z1, "), "{sentence}");
    // Where all are of one unit, its name is not said.
    let (a, b) = two();
    let pair = Pair::new(a, b);
    let sentence = &panel(&pair, "readout", Shown::Both).sentence;
    assert!(sentence.contains("most of all 9 + 9, A·V: "), "{sentence}");
}

#[test]
fn of_maps_there_is_the_difference_with_a_scale_around_zero() {
    let (a, b) = two();
    let pair = Pair::new(a, b);
    assert!(is_map(panel(&pair, "mean_attention", Shown::A)));
    let difference = panel(&pair, "mean_attention", Shown::Both);
    let bar = chart(difference).colour_bar.as_ref().unwrap();
    assert_eq!(bar.shade, Shade::Signed(0.125));
    assert_eq!(bar.ticks, [-0.125, -0.0625, 0.0, 0.0625, 0.125]);
    let said = marks(difference, frame());
    assert_eq!(said.iter().filter(|mark| mark.value == "+12.5 points").count(), 11);
    assert!(said.iter().filter(|mark| mark.value != "+12.5 points").all(|mark| mark.value == "0"));
    let svg = panel_svg(difference, Frame { title: true, ..frame() }).unwrap();
    for tick in ["−12.5", "−6.25", "+6.25", "+12.5", "percentage points", "no difference"] {
        assert!(svg.contains(tick), "{tick}");
    }
    let sentence = &difference.sentence;
    assert!(sentence.contains("Colours reach from −12.5 to +12.5 points."), "{sentence}");
    assert_eq!(value(difference, &["1", "Z0"], "X0, B − A"), "0.12500");
    assert_eq!(value(difference, &["1", "Z0"], "X1, B − A"), "0");
}

#[test]
fn however_small_a_difference_is_its_scale_says_how_large() {
    let (a, mut b) = (reports::made_up(), reports::made_up());
    for row in &mut b.mean_attention[0] {
        row[0] += 0.000_012;
    }
    let pair = Pair::new(a, b);
    let difference = panel(&pair, "mean_attention", Shown::Both);
    let said = marks(difference, frame());
    assert!(said.iter().any(|mark| mark.value == "+0.0012 points"));
    assert!(said.iter().all(|mark| mark.value == "+0.0012 points" || mark.value == "0"));
    assert!(panel_svg(difference, frame()).unwrap().contains("+0.0012"));
}

#[test]
fn a_case_that_is_not_decided_stays_so_in_the_difference() {
    let mut pair = Pair::new(reports::made_up(), reports::made_up());
    let open = map::made_up();
    let mut decided = open.clone();
    let mut count = 0;
    for case in decided.cases.iter_mut().filter(|case| case.at_least < case.at_most) {
        case.at_most = case.at_least;
        count += 1;
    }
    pair.set_maps([Some(decided), Some(open)]);
    let difference = panel(&pair, "all_additions", Shown::Both);
    let chart = chart(difference);
    assert!(chart.legend.iter().any(|key| key.text == "not decided in both"));
    let said = marks(difference, frame());
    let open = said.iter().filter(|mark| mark.label.starts_with("in B, "));
    assert_eq!(open.count(), count);
    assert!(count > 0);
}

#[test]
fn two_rulers_are_the_same_only_where_attention_writes_the_same() {
    let one = ruler(&snapshots::last("62p"), 50_000_000, 60_000_000, 7).unwrap();
    let mut other = one.clone();
    other.range.1 += 1.0;
    for lane in &mut other.lanes {
        lane.segments.last_mut().unwrap().to += 1.0;
    }
    let said = |other: &Ruler| {
        let mut pair = Pair::new(reports::made_up(), reports::made_up());
        pair.set_rulers([Some(one.clone()), Some(other.clone())]);
        panel(&pair, "ruler", Shown::Both).sentence.clone()
    };
    assert!(said(&other).contains("every difference is 0"), "the ends are those of the axis");
    other.written[0] += 0.5;
    assert!(!said(&other).contains("every difference is 0"));
    other.written[0] -= 0.5;
    other.lanes[0].segments[1].from += 0.25;
    assert!(said(&other).contains("at other places"));
}

#[test]
fn the_same_twice_is_zero_everywhere() {
    let pair = Pair::new(reports::made_up(), reports::made_up());
    for alignment in Alignment::ALL {
        let mut numbers = 0;
        for panel in pair.panels(alignment, Shown::Both) {
            let Content::Chart(_) = panel.content else { continue };
            for row in &panel.table.rows {
                for (name, cell) in panel.table.columns.iter().zip(row) {
                    let is_difference = name.ends_with("B − A") && !cell.is_empty();
                    assert!(!is_difference || cell == "0", "{}, {name}: {cell}", panel.title);
                    numbers += usize::from(is_difference);
                }
            }
            assert!(panel.sentence.contains("every difference is 0"), "{}", panel.sentence);
            if is_map(panel) {
                assert!(marks(panel, frame()).iter().all(|mark| mark.value == "0"));
            }
        }
        assert!(numbers > 400, "{numbers} differences");
    }
}

#[test]
fn what_does_not_compare_says_so() {
    let pair = Pair::new(reports::made_up(), reports::two_heads());
    let Content::Note(why) = &panel(&pair, "mean_attention", Shown::Both).content else {
        panic!("two heads less one")
    };
    assert!(why.starts_with("A has 1 head and B 2 heads"), "{why}");
    let sources = panel(&pair, "top_sources", Shown::Both);
    assert_eq!(chart(sources).facets.len(), 3, "each for itself");
    assert!(sources.sentence.contains("A has 1 head and B 2 heads"), "{}", sources.sentence);
    let readout = panel(&pair, "readout", Shown::Both);
    assert!(readout.sentence.starts_with("Only A is drawn. In B: Does not apply"));
    assert!(matches!(panel(&pair, "readout", Shown::B).content, Content::Note(_)));
}
