//! Panels of a model with parts switched off: all of them say of what they are.

use crate::{reports, snapshots};
use adderscope::analysis::map::Map;
use adderscope::analysis::measured::Measured;
use adderscope::analysis::ruler::{Ruler, ruler_by};
use adderscope::figure::{self, Figure, Subject, Theme, View, panel_svg, panels};
use adderscope::model::exact::Exact;
use adderscope::model::{Forward, Intervened};
use adderscope::task::addition::{Alignment, DIGITS};
use adderscope::task::intervene::Interventions;

const OFF: &str = "Switched off: hidden unit 0.";
const WHOLE: &str = "This is of the whole model.";
/// What switches change.
const PASSES: [&str; 5] =
    ["mean_attention", "top_sources", "error_rate", "error_by_carry", "error_direction"];

fn under() -> Intervened {
    let off = Interventions::of(["hidden:0"]).unwrap();
    Intervened::new(&snapshots::last("57p"), &off).unwrap()
}

#[test]
fn every_panel_says_whether_parts_are_off_in_it() {
    let (mut report, under) = (reports::made_up(), under());
    Measured::new(&under, OFF.into()).put(&mut report);
    for alignment in Alignment::ALL {
        let subject = Subject::new(&report, alignment);
        for spec in figure::FIGURE {
            let panel = spec.panel(&subject);
            let wanted = if PASSES.contains(&spec.key) { OFF } else { WHOLE };
            let begins = panel.sentence.starts_with(wanted);
            let is_note = matches!(panel.content, figure::Content::Note(_));
            assert!(begins || is_note, "{}: {}", spec.key, panel.sentence);
            assert_eq!(panel.csv().contains(wanted), !is_note, "{}", spec.key);
        }
        let whole = figure::figure_svg(&subject, Theme::Light, true).unwrap();
        assert!(whole.contains(&format!("{OFF} Clean checkpoint")), "the whole figure's heading");
    }
    // And of none where nothing is.
    let report = reports::made_up();
    for spec in panels() {
        let panel = spec.panel(&Subject::new(&report, Alignment::Answer));
        assert!(!panel.sentence.contains(WHOLE) && !panel.csv().contains(WHOLE), "{}", spec.key);
    }
}

#[test]
fn a_ruler_names_what_it_was_measured_under_and_shows_no_stops_of_another_model() {
    let (report, under) = (reports::made_up(), under());
    let taken = "Z1 has X0 and Y0 of 57 + 69.";
    let ruler = ruler_by(&Forward::under(&under), 57, 68, 1).unwrap();
    let ruler = Ruler { off: OFF.into(), taken: taken.into(), ..ruler };
    let mut exact = Exact::under(&under);
    exact.step(2_000_000);
    let map = exact.map(DIGITS);
    let built = |map: &Map| {
        let subject = Subject {
            map: Some(map),
            ruler: Some(&ruler),
            ..Subject::new(&report, Alignment::Answer)
        };
        figure::panel("ruler").unwrap().panel(&subject)
    };
    let has_stops =
        |panel: &figure::Panel| panel.table.rows.iter().any(|row| row[1].starts_with("stops"));
    let without = built(&map);
    assert!(!has_stops(&without), "the map is of the whole model");
    let panel = built(&Map { off: OFF.into(), ..map });
    assert!(has_stops(&panel));
    let named = format!("{OFF} {taken}");
    assert!(panel.sentence.starts_with(&format!("{named} After Z0 = 5")), "{}", panel.sentence);
    assert!(panel.csv().contains(&named));
    let frame = figure::Frame {
        width: 720.0,
        height: 500.0,
        theme: Theme::Light,
        title: true,
        ground: true,
    };
    assert!(panel_svg(&panel, frame).unwrap().contains("Switched off: hidden unit 0."));
}

#[test]
fn the_map_says_of_which_model_it_is() {
    let mut report = reports::made_up();
    let mut map = Exact::decided(&snapshots::last("57p"), 2_000_000).map(DIGITS);
    report.off = OFF.into();
    let mut figure = Figure::new(report, None);
    let sentence = |figure: &Figure| {
        figure.panel("all_additions", View::default()).unwrap().1.sentence.clone()
    };
    figure.set_map(Some(map.clone()));
    assert!(sentence(&figure).starts_with(WHOLE));
    map.off = OFF.into();
    figure.set_map(Some(map.clone()));
    assert!(sentence(&figure).starts_with(OFF));
    map.off = String::new();
    figure.set_map(Some(map));
    figure.replace(reports::made_up(), View::default(), View::default());
    assert!(!sentence(&figure).contains(WHOLE), "nothing is switched off any more");
}
