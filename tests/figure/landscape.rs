//! What two numbers do together, drawn: every cell says what is known of it, and 100 % stands only where it is all.

use crate::drawing::{check_committed, check_texts};
use crate::snapshots;
use adderscope::figure::{self, Frame, Mark, Own, Panel, Theme};
use adderscope::model::robust::{Along, Landscape, LandscapeCell, Landscaping};

const NAMES: [&str; 2] = ["h0, tok0: First layer", "h1, pos2: First layer"];
const SIDE: usize = 11;

fn along(tensor: &str, middle: f32) -> Along {
    let values = (0..SIDE).map(|i| middle + 0.02 * (i as f32 - 5.0)).collect();
    Along { tensor: tensor.to_owned(), index: 3, values }
}

fn decided(share: f64, right: bool) -> LandscapeCell {
    LandscapeCell { at_least: share, at_most: share, right, decided: true }
}

/// A landscape with cells of all kinds.
fn made_up() -> Landscape {
    let cell = |at: usize| {
        let (column, row) = ((at % SIDE) as f64 - 5.0, (at / SIDE) as f64 - 5.0);
        let apart = column.abs().max(row.abs());
        match at {
            0 => decided(0.0, false),
            1 | 13 => LandscapeCell { at_least: 0.25, at_most: 1.0, right: false, decided: false },
            // So near to all that its share is rounded to it.
            40 => decided(1.0, false),
            _ if apart <= 2.0 => decided(1.0, true),
            _ => decided(1.0 - 0.15 * (apart - 2.0) - 0.01 * column.abs(), false),
        }
    };
    let (x, y) = (along("fc1.weight", 0.52), along("fc1.weight", -7.25));
    Landscape { x, y, cells: (0..SIDE * SIDE).map(cell).collect() }
}

fn built(found: &Landscape) -> Panel {
    figure::landscape(found, Own { names: NAMES, at: [5, 5] })
}

fn frame(panel: &Panel, width: f64, theme: Theme, title: bool) -> Frame {
    let height = if title { figure::titled_height } else { figure::height }(panel, width);
    Frame { width, height, theme, title, ground: true }
}

fn marks(panel: &Panel) -> Vec<Mark> {
    figure::marks(panel, frame(panel, 360.0, Theme::Light, false))
}

#[test]
fn every_cell_is_a_mark_that_says_what_is_known() {
    let panel = built(&made_up());
    let marks = marks(&panel);
    assert_eq!(
        marks.len(),
        SIDE * SIDE + 1,
        "each cell, and the outline of the model's own values"
    );
    let said = |x: &str, y: &str| {
        let label = format!("{} {x}, {} {y}", NAMES[0], NAMES[1]);
        &marks.iter().find(|mark| mark.label == label).expect(&label).value
    };
    assert_eq!(said("0.420", "−7.350"), "0 % of all additions right");
    assert_eq!(said("0.440", "−7.350"), "not decided, 25.0 % to 100 % right");
    assert_eq!(said("0.540", "−7.290"), "right on all additions");
    // What is rounded to 1 is not all.
    assert_eq!(said("0.560", "−7.290"), "> 99.9 % of all additions right");
    let own: Vec<_> = marks.iter().filter(|mark| mark.label.ends_with("the model’s own")).collect();
    assert_eq!(own.len(), 2);
    assert!(own.iter().all(|mark| mark.value == "right on all additions"));
    let all = marks.iter().filter(|mark| mark.value == "right on all additions").count();
    assert_eq!(all, 24 + 1);
    assert!(
        panel
            .sentence
            .starts_with("Right on all additions in 24 of 121 cells, in exact arithmetic")
    );
    assert!(panel.sentence.ends_with("; 2 not decided."), "{}", panel.sentence);
}

#[test]
fn a_share_below_1_is_never_written_as_all() {
    let mut found = made_up();
    for cell in &mut found.cells {
        cell.right = false;
    }
    let panel = built(&found);
    let svg = figure::panel_svg(&panel, frame(&panel, 720.0, Theme::Light, true)).unwrap();
    assert!(svg.contains("&gt; 99.9 %") && !svg.contains("100 %"), "the legend's upper end");
    assert!(!svg.contains("“all”"));
    let column = panel.table.columns.iter().position(|name| name == "right at least").unwrap();
    assert!(panel.table.rows.iter().all(|row| row[column] != "1"));
    assert_eq!(panel.table.rows.len(), SIDE * SIDE);
    let right = built(&made_up());
    assert_eq!(right.table.rows.iter().filter(|row| row[column] == "1").count(), 24);
    let svg = figure::panel_svg(&right, frame(&right, 720.0, Theme::Light, true)).unwrap();
    assert!(svg.contains(">\n100 %") && svg.contains("“all”: right on all of them"));
}

#[test]
fn what_is_not_known_yet_is_blank() {
    let mut found = made_up();
    found.cells.truncate(30);
    let panel = built(&found);
    assert_eq!(marks(&panel).len(), 30);
    let so_far = "Right on all additions in 0 of 30 cells so far, in exact arithmetic";
    assert!(panel.sentence.starts_with(so_far), "{}", panel.sentence);
    found.cells.clear();
    let panel = built(&found);
    assert!(marks(&panel).is_empty() && panel.table.is_empty());
}

#[test]
fn its_texts_stay_apart_and_its_pictures_are_as_committed() {
    let panel = built(&made_up());
    for width in [260.0, 300.0, 343.0, 460.0, 720.0, 900.0] {
        for title in [false, true] {
            let frame = frame(&panel, width, Theme::Light, title);
            let svg = figure::panel_svg(&panel, frame).unwrap();
            check_texts(&format!("{width}"), &svg, width, frame.height);
        }
    }
    for theme in Theme::ALL {
        let svg = figure::panel_svg(&panel, frame(&panel, 720.0, theme, true)).unwrap();
        check_committed(&format!("landscape-{}", theme.name()), &svg);
    }
}

#[test]
fn of_a_model_that_is_right_the_middle_is() {
    let model = snapshots::at("57p", 200_000);
    let around = |index| Landscaping::around(&model, ("fc1.weight", index), 0.1, 3).unwrap();
    let mut search = Landscaping::new(&model, around(0), around(1), 100_000).unwrap();
    while !search.step() {}
    let panel = figure::landscape(search.landscape(), Own { names: NAMES, at: [1, 1] });
    let own = marks(&panel).into_iter().find(|mark| mark.label.ends_with("the model’s own"));
    assert_eq!(own.unwrap().value, "right on all additions");
}
