//! Panel 12 with what is known of all additions beside the samples.

use adderscope::analysis::Report;
use adderscope::figure::chart::{Layer, Series, Span};
use adderscope::figure::{self, Content, ExactShare, Panel, Subject};
use adderscope::model::file::Evaluation;
use adderscope::task::addition::Alignment;

/// The largest share that is none of 1.
const NEARLY: f64 = 1.0 - f64::EPSILON / 2.0;

fn logged(step: u64, val_exact: f64) -> Evaluation {
    Evaluation { step, val_exact: Some(val_exact), val_tok_acc: None }
}

fn share(step: u64, at_least: f64, at_most: f64) -> ExactShare {
    ExactShare { step, at_least, at_most }
}

/// A run of five snapshots, of which the third is not decided.
fn report() -> Report {
    let log = [(0, 0.0), (100, 0.5), (200, 0.9), (300, 1.0), (400, 1.0)];
    let mut report = crate::reports::two_heads();
    report.trajectory = Some(log.into_iter().map(|(step, exact)| logged(step, exact)).collect());
    report
}

fn known() -> [ExactShare; 5] {
    [
        share(0, 0.0, 0.0),
        share(100, 0.5, 0.5),
        share(200, 0.25, 0.75),
        share(300, NEARLY, NEARLY),
        share(400, 1.0, 1.0),
    ]
}

fn panel(report: &Report, exact: &[ExactShare]) -> Panel {
    let subject = Subject { exact, ..Subject::new(report, Alignment::Answer) };
    figure::panel("trajectory").unwrap().panel(&subject)
}

fn layers(panel: &Panel) -> &[Layer] {
    match &panel.content {
        Content::Chart(chart) => &chart.facets[0].layers,
        Content::Note(note) => panic!("a note: {note}"),
    }
}

fn lines(panel: &Panel) -> Vec<&Series> {
    let lists = layers(panel).iter().filter_map(|layer| match layer {
        Layer::Lines(list) => Some(list),
        _ => None,
    });
    lists.flatten().filter(|line| line.spots[0].label.starts_with("all additions")).collect()
}

fn spans(panel: &Panel) -> Vec<&Span> {
    let lists = layers(panel).iter().filter_map(|layer| match layer {
        Layer::Spans(list) => Some(list),
        _ => None,
    });
    lists.flatten().collect()
}

#[test]
fn what_is_decided_is_a_line_that_ends_where_something_is_not() {
    let report = report();
    let panel = panel(&report, &known());
    let lines = lines(&panel);
    let points: Vec<usize> = lines.iter().map(|line| line.spots.len()).collect();
    assert_eq!(points, [2, 2]);
    assert_eq!(lines.last().unwrap().name, "all additions", "named once");
    let says: Vec<&str> =
        lines.iter().flat_map(|line| &line.spots).map(|spot| spot.says.as_str()).collect();
    assert_eq!(says, ["0 %", "50.0 %", "> 99.9 %", "100 %"], "below 1 is no 100 %");
}

#[test]
fn what_is_not_is_a_band_between_its_bounds() {
    let report = report();
    let panel = panel(&report, &known());
    let [band] = spans(&panel)[..] else { panic!("one is not decided") };
    assert_eq!((band.x, band.y), ((150.0, 250.0), (25.0, 75.0)));
    assert_eq!(band.says, "undecided, 25.0 % to 75.0 %");
    let alone = [share(200, 0.25, 0.75)];
    assert_eq!(spans(&self::panel(&report, &alone)).len(), 1, "without a neighbour, too");
}

#[test]
fn a_sample_that_finds_nothing_where_something_is_wrong_is_named() {
    let report = report();
    let sentence = |exact: &[ExactShare]| panel(&report, exact).sentence;
    let fooled = "every sampled addition is right, and others are not.";
    assert!(sentence(&known()).contains(&format!("At step 300 {fooled}")));
    let both = [share(300, NEARLY, NEARLY), share(400, 0.0, 0.5)];
    assert!(sentence(&both).contains(&format!("At 2 steps, the first of them 300, {fooled}")));
    assert!(!sentence(&[share(300, 1.0, 1.0), share(400, 0.5, 1.0)]).contains(fooled));
}

#[test]
fn its_table_has_both_bounds_with_all_digits_and_nothing_where_nothing_is_known() {
    let report = report();
    let bare = panel(&report, &[]);
    assert_eq!(bare.table.columns.len(), 3);
    assert!(!bare.sentence.contains("Bands"));
    let table = panel(&report, &known()[2..4]).table;
    assert_eq!(table.columns[3..], ["all additions, at least", "all additions, at most"]);
    let cells: Vec<&[String]> = table.rows.iter().map(|row| &row[3..]).collect();
    assert_eq!(cells[1], ["", ""]);
    assert_eq!(cells[2], ["0.25", "0.75"]);
    assert_eq!(cells[3], ["0.9999999999999999", "0.9999999999999999"]);
}

#[test]
fn a_figure_that_learns_of_it_shows_it_and_keeps_it() {
    use adderscope::figure::{Figure, View};
    let (mut figure, view) = (Figure::new(report(), None), View::default());
    let bare = figure.panel("trajectory", view).unwrap().1.clone();
    figure.set_exact(known().into());
    assert_ne!(figure.panel("trajectory", view).unwrap().1, &bare);
    let changed = figure.replace(report(), view, view);
    assert!(changed.is_empty(), "another report of the run keeps what is known of it: {changed:?}");
}
