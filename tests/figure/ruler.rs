//! Panel 14: the ruler of one answer digit.

use crate::drawing::{check_committed, check_texts};
use crate::{models, reports, snapshots};
use adderscope::analysis::map::Map;
use adderscope::analysis::ruler::{Ruler, RulerAxis, ruler};
use adderscope::figure::{self, Content, Figure, Frame, Mark, Panel, Subject, Theme, View};
use adderscope::model::Model;
use adderscope::model::exact::Exact;
use adderscope::task::addition::{Alignment, DIGITS};
use adderscope::task::item::{Case, Item};
use std::collections::BTreeSet;

const KEY: &str = "ruler";
/// Intervals that are enough for the bundled models.
const LOOKS: u64 = 2_000_000;

fn built(ruler: &Ruler, map: Option<&Map>) -> Panel {
    let report = reports::made_up();
    let subject = Subject { map, ruler: Some(ruler), ..Subject::new(&report, Alignment::Answer) };
    figure::panel(KEY).unwrap().panel(&subject)
}

fn decided(model: &Model) -> Map {
    Exact::decided(model, LOOKS).map(DIGITS)
}

fn frame(panel: &Panel, width: f64) -> Frame {
    Frame {
        width,
        height: figure::height(panel, width),
        theme: Theme::Dark,
        title: false,
        ground: true,
    }
}

fn marks(panel: &Panel, width: f64) -> Vec<Mark> {
    figure::marks(panel, frame(panel, width))
}

fn plain(text: &str) -> String {
    text.replace('\u{202f}', " ")
}

/// The two pictures: one addition of a model that is always right, and the one that the other run gets wrong.
fn pictured() -> [(&'static str, Panel); 2] {
    let right = snapshots::last("57p");
    let wrong = snapshots::at("67p", 244_000);
    let of =
        |model: &Model, (a, b), k| built(&ruler(model, a, b, k).unwrap(), Some(&decided(model)));
    [
        ("57p", of(&right, (3_141_592_653, 2_718_281_828), 3)),
        ("67p-244000", of(&wrong, (50_000_000, 60_000_000), 7)),
    ]
}

#[test]
fn its_pictures_are_as_committed() {
    for (name, panel) in pictured() {
        for theme in Theme::ALL {
            let height = figure::titled_height(&panel, 720.0);
            let frame = Frame { width: 720.0, height, theme, title: true, ground: true };
            let svg = figure::panel_svg(&panel, frame).unwrap();
            check_committed(&format!("{KEY}-{name}-{}", theme.name()), &svg);
        }
    }
}

#[test]
fn without_an_addition_there_is_no_ruler() {
    let report = reports::made_up();
    let panel = figure::panel(KEY).unwrap().panel(&Subject::new(&report, Alignment::Answer));
    let Content::Note(note) = &panel.content else { panic!("a chart") };
    assert!(note.starts_with("No ruler yet"));
    assert!(panel.table.is_empty());
}

#[test]
fn its_texts_stay_apart_and_nothing_is_cut_off() {
    let (_, first) =
        models::all().into_iter().find(|(name, _)| name.contains("two_heads_tied")).unwrap();
    let mut panels: Vec<Panel> = pictured().into_iter().map(|(_, panel)| panel).collect();
    let long = snapshots::last("62p");
    for k in [0, 4, 10] {
        panels.push(built(&ruler(&long, 9_999_999_999, 9_999_999_999, k).unwrap(), None));
        panels.push(built(&ruler(&first, 9_999_999_999, 9_999_999_999, k).unwrap(), None));
    }
    for panel in &panels {
        for width in [300.0, 340.0, 400.0, 560.0, 720.0, 900.0, 1400.0] {
            for (title, least) in [(false, 300.0), (false, 0.0), (false, 700.0), (true, 0.0)] {
                let own = match title {
                    true => figure::titled_height(panel, width),
                    false => figure::height(panel, width),
                };
                let height = if least > 0.0 { least } else { own };
                let frame = Frame { width, height, theme: Theme::Light, title, ground: true };
                let svg = figure::panel_svg(panel, frame).unwrap();
                check_texts(&format!("{}, {width} × {height}", panel.aside), &svg, width, height);
                for mark in figure::marks(panel, frame) {
                    let (w, h) = (mark.w / 2.0, mark.h / 2.0);
                    assert!(mark.x - w >= 0.0 && mark.x + w <= width, "{width}: {mark:?}");
                    assert!(mark.y - h >= 0.0 && mark.y + h <= height, "{width}: {mark:?}");
                }
            }
        }
    }
}

#[test]
fn segments_stops_and_pointer_say_themselves() {
    let model = snapshots::at("67p", 244_000);
    let (map, ruler) = (decided(&model), ruler(&model, 50_000_000, 60_000_000, 7).unwrap());
    let panel = built(&ruler, Some(&map));
    let marks = marks(&panel, 720.0);
    for mark in &marks {
        let item = mark.item.as_ref().unwrap();
        assert_eq!(item.to_string().parse().as_ref(), Ok(item));
        assert!(!mark.label.is_empty() && !mark.value.is_empty());
    }
    let segments = marks.iter().filter(|mark| mark.label.ends_with("is said")).count();
    assert_eq!(segments, ruler.lanes.iter().map(|lane| lane.segments.len()).sum::<usize>());
    let cases: BTreeSet<&Item> = marks
        .iter()
        .filter_map(|m| m.item.as_ref())
        .filter(|i| matches!(i, Item::Case(_)))
        .collect();
    let of_digit = map.cases.iter().filter(|known| known.digit == 7).count();
    assert_eq!(cases.len(), of_digit);
    let pointer = marks.iter().find(|mark| mark.item == Some(ruler.item(0))).unwrap();
    assert_eq!(pointer.also, [Item::Addition(50_000_000, 60_000_000)]);
    assert!(pointer.value.ends_with("says 2, wrong, 1 is right"), "{}", pointer.value);
    let case = Item::Case(Case { digit: 7, before: Some(0), carry: 0, sum: Some(11) });
    let stops: Vec<&Mark> = marks.iter().filter(|mark| mark.item.as_ref() == Some(&case)).collect();
    let [all, wrong] = stops[..] else { panic!("{stops:?}") };
    assert!(all.value.starts_with("75.0 % right; stop from"), "{}", all.value);
    assert!(wrong.value.starts_with("75.0 % right; the wrong ones stop from"), "{}", wrong.value);
    assert!(wrong.w >= 7.0 && wrong.h > all.h);
}

#[test]
fn its_sentence_says_where_the_addition_stops() {
    let [(_, right), (_, wrong)] = pictured();
    assert_eq!(plain(&right.aside), "Z3 of 3 141 592 653 + 2 718 281 828");
    assert_eq!(
        right.sentence,
        "After Z2 = 4, s = −47.91 lies in the segment of 4, which is right, 3.02 from the edge to 3."
    );
    assert_eq!(
        wrong.sentence,
        "After Z6 = 0, s = −8.35 lies in the segment of 2, but 1 is right, 0.035 from the edge to 1."
    );
    let first = built(&ruler(&snapshots::last("57p"), 57, 68, 0).unwrap(), None);
    assert!(first.sentence.starts_with("After EQUALS, s = 32.71 lies in the segment of 5"));
    let along = |(_, model): &(String, Model)| ruler(model, 57, 68, 3).unwrap();
    let several = models::all().iter().map(along).find(|r| r.along == RulerAxis::Direction);
    let sentence = built(&several.unwrap(), None).sentence;
    assert!(sentence.starts_with("Attention w") && sentence.contains("with nothing written"));
}

#[test]
fn the_table_has_segments_stops_and_what_was_written() {
    let model = snapshots::last("57p");
    let (map, ruler) = (decided(&model), ruler(&model, 57, 68, 1).unwrap());
    let table = built(&ruler, Some(&map)).table;
    assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
    let rows = |what: &str| table.rows.iter().filter(|row| row[1] == what).collect::<Vec<_>>();
    assert_eq!(rows("segment").len(), ruler.lanes.iter().map(|l| l.segments.len()).sum::<usize>());
    assert_eq!(rows("stops").len(), map.cases.iter().filter(|known| known.digit == 1).count());
    assert_eq!(rows("this addition").len(), 1);
    assert_eq!(rows("written by attention").len(), 1);
    let total: u128 = rows("stops").iter().map(|row| row[5].parse::<u128>().unwrap()).sum();
    assert_eq!(total, 10u128.pow(20));
}

#[test]
fn every_model_has_one() {
    for (name, model) in models::all() {
        for k in [0, 3, 10] {
            let ruler = ruler(&model, 57, 68, k).unwrap();
            let panel = built(&ruler, None);
            assert!(matches!(panel.content, Content::Chart(_)), "{name}");
            assert!(
                panel.sentence.ends_with('.') && panel.sentence.len() < 400,
                "{name}: {}",
                panel.sentence
            );
            let written = panel.table.rows.iter().filter(|row| row[1] == "written by attention");
            assert_eq!(written.count(), ruler.written.len(), "{name}");
            assert_eq!(
                ruler.along == RulerAxis::Direction,
                panel.sentence.contains("no ruler for all")
            );
        }
    }
}

#[test]
fn a_ruler_comes_and_goes_without_the_map() {
    let mut figure = Figure::new(reports::made_up(), None);
    let view = View::default();
    let has =
        |figure: &Figure| matches!(figure.panel(KEY, view).unwrap().1.content, Content::Chart(_));
    assert!(!has(&figure));
    let model = snapshots::last("57p");
    figure.set_ruler(ruler(&model, 57, 68, 1));
    assert!(has(&figure));
    let before = figure.panel(KEY, view).unwrap().1.clone();
    figure.set_map(Some(decided(&model)));
    assert!(figure.panel(KEY, view).unwrap().1.table.rows.len() > before.table.rows.len());
    figure.set_ruler(None);
    assert!(!has(&figure));
}
