//! Panel 13: all additions, case by case.

use crate::drawing::{check_committed, check_texts};
use crate::{reports, snapshots};
use adderscope::analysis::map::{Known, Map};
use adderscope::figure::{self, Content, Figure, Frame, Mark, Panel, Subject, Theme, View};
use adderscope::model::exact::Exact;
use adderscope::task::addition::{ANSWER_DIGITS, Alignment, DIGITS};
use adderscope::task::item::{Case, Item};
use std::collections::BTreeSet;

const KEY: &str = "all_additions";
/// Intervals that are enough for the bundled models.
const LOOKS: u64 = 2_000_000;

/// A map of every case that can be written, with all kinds of verdicts.
pub fn made_up() -> Map {
    let mut cases = Vec::new();
    for digit in 0..ANSWER_DIGITS {
        let befores: Vec<Option<u8>> =
            if digit == 0 { vec![None] } else { (0..10).map(Some).collect() };
        let sums: Vec<Option<u8>> =
            if digit == DIGITS { vec![None] } else { (0..=18).map(Some).collect() };
        for before in befores {
            for carry in 0..if digit == 0 { 1 } else { 2 } {
                cases.extend(sums.iter().map(|sum| known(digit, before, carry, *sum)));
            }
        }
    }
    Map { cases, off: String::new() }
}

fn known(digit: usize, before: Option<u8>, carry: u8, sum: Option<u8>) -> Known {
    let total = 40_000_040_000_000_000_u128;
    let (least, most) = match (digit + usize::from(carry), sum) {
        (4, Some(11)) => (total / 4 * 3, total / 4 * 3),
        (4, Some(12)) => (0, 0),
        (7, Some(3..6)) => (total / 10, total - 1),
        (9, Some(9)) => (total - 1, total - 1),
        _ => (total, total),
    };
    let lead = (least == total).then(|| 0.02 * 4f64.powi(i32::from(before.unwrap_or(0))));
    let example = Some((5, u64::from(sum.unwrap_or(0))));
    Known {
        digit: digit as u8,
        before,
        carry,
        sum,
        target: sum.map_or(carry, |sum| (sum + carry) % 10),
        at_least: least,
        at_most: most,
        total,
        lead,
        reach: None,
        reach_wrong: None,
        example,
        wrong: example.filter(|_| most < total),
    }
}

fn built(map: &Map) -> Panel {
    let report = reports::made_up();
    let subject = Subject { map: Some(map), ..Subject::new(&report, Alignment::Answer) };
    figure::panel(KEY).unwrap().panel(&subject)
}

fn marks(panel: &Panel, width: f64) -> Vec<Mark> {
    let height = figure::height(panel, width);
    let frame = Frame { width, height, theme: Theme::Dark, title: false, ground: true };
    figure::marks(panel, frame)
}

fn plain(text: &str) -> String {
    text.replace('\u{202f}', " ")
}

#[test]
fn until_it_is_decided_there_is_no_map() {
    let report = reports::made_up();
    let panel = figure::panel(KEY).unwrap().panel(&Subject::new(&report, Alignment::Answer));
    let Content::Note(note) = &panel.content else { panic!("a chart") };
    assert!(note.starts_with("Not decided yet"));
    assert!(panel.table.is_empty());
}

#[test]
fn every_case_is_a_mark_that_names_itself() {
    let map = made_up();
    let panel = built(&map);
    for width in [300.0, 500.0, 720.0] {
        let marks = marks(&panel, width);
        let height = figure::height(&panel, width);
        let items: BTreeSet<&Item> = marks.iter().filter_map(|mark| mark.item.as_ref()).collect();
        assert_eq!((items.len(), marks.len()), (map.cases.len(), map.cases.len()));
        for mark in &marks {
            let (w, h) = (mark.w / 2.0, mark.h / 2.0);
            assert!(w > 1.5 && h > 1.5, "{width}: {mark:?}");
            assert!((w..=width - w).contains(&mark.x), "{width}: {mark:?}");
            assert!((h..=height - h).contains(&mark.y), "{width}: {mark:?}");
        }
    }
    let marks = marks(&panel, 720.0);
    let said = |item: &str| {
        let item = Some(item.parse::<Item>().unwrap());
        let mark = marks.iter().find(|mark| mark.item == item).unwrap();
        (mark.label.clone(), mark.value.clone())
    };
    let pair = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    assert_eq!(said("case:Z0/EQUALS/0/3"), pair("Z0, sum 3", "right, lead at least 0.020"));
    assert_eq!(said("case:Z3/2/1/11"), pair("Z3 after 2, a carry, sum 11", "75.0 % right"));
    assert_eq!(said("case:Z4/2/0/12"), pair("Z4 after 2, no carry, sum 12", "wrong"));
    let open = "not decided, 10.0 % to > 99.9 % right";
    assert_eq!(said("case:Z7/0/0/4"), pair("Z7 after 0, no carry, sum 4", open));
    assert_eq!(said("case:Z9/9/0/9").1, "> 99.9 % right");
    assert_eq!(said("case:Z10/1/1").0, "Z10 after 1, a carry");
}

#[test]
fn its_texts_stay_apart() {
    let panel = built(&made_up());
    for width in [300.0, 343.0, 460.0, 472.0, 560.0, 642.0, 720.0, 900.0, 1300.0] {
        for title in [false, true] {
            let height = match title {
                true => figure::titled_height(&panel, width),
                false => figure::height(&panel, width),
            };
            let frame = Frame { width, height, theme: Theme::Light, title, ground: true };
            let svg = figure::panel_svg(&panel, frame).unwrap();
            check_texts(&format!("{width}"), &svg, width, height);
        }
    }
}

#[test]
fn its_pictures_are_as_committed() {
    let panel = built(&made_up());
    for theme in Theme::ALL {
        let height = figure::titled_height(&panel, 720.0);
        let frame = Frame { width: 720.0, height, theme, title: true, ground: true };
        let svg = figure::panel_svg(&panel, frame).unwrap();
        check_committed(&format!("{KEY}-{}", theme.name()), &svg);
    }
}

/// 67p at step 244 000 has all of AdderBoard's additions right and 10 000 010 000 000 000 of all wrong.
#[test]
fn the_table_has_the_numbers_of_the_verdict() {
    let model = snapshots::at("67p", 244_000);
    let map = Exact::decided(&model, LOOKS).map(DIGITS);
    let panel = built(&map);
    assert_eq!(panel.table.rows.len(), map.cases.len());
    assert!(panel.table.rows.iter().all(|row| row.len() == panel.table.columns.len()));
    for known in &map.cases {
        let Known { before, sum, target, at_least, at_most, total, example, wrong, .. } = known;
        let item = Some(Item::Case(known.case()));
        let at = panel.table.items.iter().position(|items| items[0] == item).unwrap();
        let number = |digit: &Option<u8>| digit.map_or_else(String::new, |d| d.to_string());
        let pair = |pair: &Option<(u64, u64)>| {
            pair.map_or_else(String::new, |(a, b)| format!("{a} + {b}"))
        };
        let row = panel.table.rows[at].clone();
        let wanted = [
            format!("Z{}", known.digit),
            number(before),
            known.carry.to_string(),
            number(sum),
            target.to_string(),
            at_least.to_string(),
            at_most.to_string(),
            total.to_string(),
        ];
        assert_eq!(row[..8], wanted);
        assert_eq!(row[9..], [pair(example), pair(wrong)]);
    }
    let first = &panel.table.rows[0];
    assert_eq!(first[..5], ["Z7", "0", "0", "11", "1"]);
    assert_eq!(first[5..8], ["30000030000000000", "30000030000000000", "40000040000000000"]);
    assert_eq!(first[10], "50000000 + 60000000");
    assert_eq!(
        plain(&panel.sentence),
        "3439 right and 1 right in part of them, in exact arithmetic; most wrong additions, 10 000 010 000 000 000 of \
         40 000 040 000 000 000, are Z7 after 0, no carry, sum 11."
    );
    let case = Case { digit: 7, before: Some(0), carry: 0, sum: Some(11) };
    let text = figure::case_text(&map, case).unwrap();
    assert_eq!(
        plain(&text.sentence),
        "The right digit is 1. 30 000 030 000 000 000 of 40 000 040 000 000 000 additions are right (75.0 %), \
         10 000 010 000 000 000 wrong: of this digit after right ones, in exact arithmetic."
    );
    assert_eq!(text.wrong, Some((50_000_000, 60_000_000)));
}

#[test]
fn a_model_that_is_right_says_how_firmly() {
    let model = snapshots::at("57p", 200_000);
    let map = Exact::decided(&model, LOOKS).map(DIGITS);
    let sentence = plain(&built(&map).sentence);
    assert!(sentence.starts_with("All are right, in exact arithmetic"), "{sentence}");
    // A bound of 0 is none.
    assert!(!sentence.contains("0.00"), "{sentence}");
    let bytes = map.to_bytes().unwrap();
    assert_eq!(Map::from_bytes(&bytes).unwrap(), map);
    assert!(Map::from_bytes(&bytes[..bytes.len() / 2]).is_err());
}

#[test]
fn a_map_comes_later_and_stays_until_another_does() {
    let mut figure = Figure::new(reports::made_up(), None);
    let view = View::default();
    let has_map = |figure: &Figure| {
        let (_, panel) = figure.panel(KEY, view).unwrap();
        matches!(panel.content, Content::Chart(_))
    };
    assert!(!has_map(&figure));
    figure.set_map(Some(made_up()));
    assert!(has_map(&figure));
    assert_eq!(
        figure.replace(reports::two_heads(), view, view).iter().filter(|key| **key == KEY).count(),
        0
    );
    assert!(has_map(&figure));
    figure.set_map(None);
    assert!(!has_map(&figure));
}
