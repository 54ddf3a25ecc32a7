//! Whatever is within the limits is drawn: as fast as little is, and inside of its plot.

use crate::clock::lag;
use crate::drawing::check_texts;
use crate::reports::made_up;
use adderscope::analysis::Report;
use adderscope::figure::{ExactShare, FIGURE, Frame, Subject, Theme, marks, panel, panel_svg};
use adderscope::model::file::{Checkpoint, Evaluation, size::MAX_LOG_LINES};
use adderscope::task::addition::Alignment;
use std::time::Duration;

/// A share that nobody can foresee.
fn noise(i: u64) -> f64 {
    ((i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as f64) / f64::from(1 << 24)
}

/// A run that jumps about, evaluated `count` times.
fn noisy(count: u64) -> (Report, Vec<ExactShare>) {
    let evaluation = |i: u64| Evaluation {
        step: 10 * i,
        val_exact: Some(noise(i)),
        val_tok_acc: Some(noise(i + count)),
    };
    let share = |i: u64| ExactShare {
        step: 10 * i,
        at_least: noise(i),
        // Some are not decided.
        at_most: if i.is_multiple_of(3) { (noise(i) + 0.1).min(1.0) } else { noise(i) },
    };
    let log = (0..count).map(evaluation).collect();
    let exact = (0..count.min(10_000)).map(share).collect();
    (Report { trajectory: Some(log), ..made_up() }, exact)
}

const FRAME: Frame =
    Frame { width: 900.0, height: 360.0, theme: Theme::Light, title: true, ground: true };

fn checkpoint() -> Checkpoint {
    let made = include_str!("../golden/variants/learned_spiral_74p.json");
    let file: serde_json::Value = serde_json::from_str(made).unwrap();
    adderscope::formats::open(file["checkpoint"].to_string().as_bytes()).unwrap()
}

fn drawn((report, exact): &(Report, Vec<ExactShare>)) -> String {
    let spec = panel("trajectory").unwrap();
    let subject = Subject { exact, ..Subject::new(report, Alignment::Answer) };
    panel_svg(&spec.panel(&subject), FRAME).unwrap()
}

#[test]
fn a_long_run_is_drawn_as_fast_as_a_short_one() {
    let few = noisy(400);
    let built = |(report, exact): &(Report, Vec<ExactShare>)| {
        let subject = Subject { exact, ..Subject::new(report, Alignment::Answer) };
        panel("trajectory").unwrap().panel(&subject)
    };
    let (chart, analysed) = (built(&few), checkpoint());
    for (count, most) in [(10_000, [5.0, 12.0, 3.0]), (MAX_LOG_LINES as u64, [5.0, 20.0, 90.0])] {
        let many = noisy(count);
        let long = built(&many);
        let draw = |panel| drop(panel_svg(panel, FRAME).unwrap());
        let report = |of: &(Report, _)| drop(Report::new(&analysed, of.0.trajectory.as_deref()));
        let tell = |what: &str, most: f64, (ratio, [long, short]): (f64, [Duration; 2])| {
            println!("{count} {what}: {long:?}, 400: {short:?}, {ratio:.1} times");
            assert!(ratio < most, "{count} evaluations {what}: {ratio:.1} times as long as 400");
        };
        let [redrawn, made, of_model] = most;
        // Once for each redraw, which has 16 ms: optimised, the short one takes 2 to 3 of them.
        tell("redrawn", redrawn, lag(redrawn, || draw(&long), || draw(&chart)));
        // The panel is made anew for each model, and each edit of one.
        tell("made and drawn", made, lag(made, || drop(drawn(&many)), || drop(drawn(&few))));
        tell("analysed", of_model, lag(of_model, || report(&many), || report(&few)));
    }
}

#[test]
fn a_long_run_has_points_that_a_screen_shows_and_rows_that_a_table_does() {
    let (report, exact) = noisy(MAX_LOG_LINES as u64);
    let spec = panel("trajectory").unwrap();
    let subject = Subject { exact: &exact, ..Subject::new(&report, Alignment::Answer) };
    let built = spec.panel(&subject);
    assert_eq!(built.table.rows.len(), 2000);
    assert!(built.aside.ends_with("evaluations, the table of every 500th"), "{}", built.aside);
    let marks = marks(&built, FRAME);
    assert!((1000..20_000).contains(&marks.len()), "{}", marks.len());
    let svg = drawn(&(report, exact));
    check_texts("a long run", &svg, FRAME.width, FRAME.height);
    assert!(svg.len() < 4_000_000, "{}", svg.len());
}

#[test]
fn weights_of_any_size_keep_to_their_plots() {
    for size in [0.0, 1e-38, 1e-20, 1e12, 1e30] {
        let made = include_str!("../golden/variants/learned_spiral_74p.json");
        let mut checkpoint =
            serde_json::from_str::<serde_json::Value>(made).unwrap()["checkpoint"].take();
        let tensors = checkpoint["model_state_dict"].as_object_mut().unwrap();
        tensors.values_mut().for_each(|tensor| scale(tensor, size));
        let bytes = checkpoint.to_string();
        let opened = adderscope::formats::open(bytes.as_bytes()).unwrap();
        let report = Report::new(&opened, None);
        for alignment in Alignment::ALL {
            for spec in FIGURE {
                let built = spec.panel(&Subject::new(&report, alignment));
                let svg = panel_svg(&built, FRAME).unwrap();
                check_texts(&format!("{} of {size:e}", spec.key), &svg, FRAME.width, FRAME.height);
                for mark in marks(&built, FRAME) {
                    let inside = (0.0..=FRAME.width).contains(&mark.x)
                        && (0.0..=FRAME.height).contains(&mark.y);
                    assert!(inside, "{} of {size:e}: {mark:?}", spec.key);
                }
                let words = format!("{} {}", built.sentence, built.aside);
                assert!(words.split_whitespace().all(|w| w.len() < 24), "{words}");
            }
        }
    }
}

fn scale(tensor: &mut serde_json::Value, size: f64) {
    match tensor {
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| scale(item, size)),
        number => *number = (number.as_f64().unwrap() * size).into(),
    }
}
