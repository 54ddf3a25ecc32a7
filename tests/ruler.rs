//! The ruler that an answer digit is read off: that it says what the plain forward pass says, and how far additions reach.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/models.rs"]
mod models;
#[allow(dead_code, reason = "one of them is enough here")]
#[path = "figure/reports.rs"]
mod reports;
#[path = "common/shared.rs"]
mod shared;
#[path = "common/snapshots.rs"]
mod snapshots;

use adderscope::analysis::ruler::{Lane, Ruler, RulerAxis, ruler};
use adderscope::figure::{self, Frame, Subject, Theme};
use adderscope::model::layers::argmax;
use adderscope::model::{Forward, Model, Trace};
use adderscope::task::addition::{ANSWER_DIGITS, EQUALS, MAX_SUMMAND, digit, tokens};
use adderscope::task::item::Point;
use adderscope::task::sampling::{PythonRandom, pairs};

fn all() -> Vec<(String, Model)> {
    let bundled = snapshots::BUNDLED.map(|name| (name.to_owned(), snapshots::last(name)));
    let early = [(20_000, "57p"), (20_000, "62p"), (244_000, "67p")];
    let early = early.map(|(step, name)| (format!("{name} at {step}"), snapshots::at(name, step)));
    models::all().into_iter().chain(bundled).chain(early).collect()
}

/// A number from 0 to 1.
fn share(random: &mut PythonRandom) -> f64 {
    random.up_to(MAX_SUMMAND) as f64 / MAX_SUMMAND as f64
}

/// What the plain pass says in this row after `before`, with `s` in the place of what attention wrote.
fn said(model: &Model, ruler: &Ruler, lane: &Lane, s: f64) -> u8 {
    let mut example = tokens(ruler.a, ruler.b, model.config().vocabulary);
    let row = EQUALS + ruler.digit;
    if let Some(before) = lane.before {
        example[row] = before;
    }
    let number = if ruler.summed { Point::Sum } else { Point::Read };
    let moved = |plain: &Trace, i| {
        let at = |point| plain.at(point).unwrap()[(row, i)];
        at(Point::Embed) + s * (at(Point::AfterAttention) - at(Point::Embed))
    };
    let plain = Trace::new(model, &example);
    let hooked = Trace::hooked(model, &example, |point, of, values: &mut [f64]| {
        if of == row && ruler.along == RulerAxis::Number && point == number {
            values[0] = s;
        }
        if of == row && ruler.along == RulerAxis::Direction && point == Point::AfterAttention {
            values.iter_mut().enumerate().for_each(|(i, value)| *value = moved(&plain, i));
        }
    });
    argmax(&hooked.at(Point::Logits).unwrap().row(row).to_vec()) as u8
}

#[test]
fn every_lane_says_what_the_plain_pass_says_with_that_number() {
    let mut random = PythonRandom::new(5);
    for (name, model) in all() {
        for k in 0..ANSWER_DIGITS {
            let (a, b) = random.pair();
            let ruler = ruler(&model, a, b, k).unwrap();
            let (lo, hi) = ruler.range;
            let has_number = model.config().out_proj.rank() == Some(1) && !model.config().softmax1;
            assert_eq!(ruler.along == RulerAxis::Number, has_number);
            assert_eq!(
                ruler.lanes.len(),
                if k == 0 || ruler.along == RulerAxis::Direction { 1 } else { 10 }
            );
            for lane in &ruler.lanes {
                let ends: Vec<f64> = lane.segments.iter().map(|segment| segment.from).collect();
                assert!(
                    ends.is_sorted() && ends[0] == lo && lane.segments.last().unwrap().to == hi
                );
                assert!(
                    lane.segments
                        .windows(2)
                        .all(|w| w[0].to == w[1].from && w[0].token != w[1].token)
                );
                for _ in 0..3 {
                    let s = lo + share(&mut random) * (hi - lo);
                    let segment = lane.segment(s).unwrap();
                    let near = (s - segment.from).abs().min((segment.to - s).abs());
                    if near > 1e-9 * (hi - lo) {
                        let plain = said(&model, &ruler, lane, s);
                        assert_eq!(
                            segment.token, plain,
                            "{name}: Z{k} after {:?}, {s}",
                            lane.before
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn edges_are_where_the_digit_changes() {
    for (name, model) in all() {
        let ruler = ruler(&model, 57, 68, 3).unwrap();
        let beside = 1e-9 * (ruler.range.1 - ruler.range.0);
        for lane in &ruler.lanes {
            for pair in
                lane.segments.windows(2).filter(|w| w.iter().all(|s| s.to - s.from > 3.0 * beside))
            {
                let edge = pair[1].from;
                let found = [edge - beside, edge + beside].map(|s| said(&model, &ruler, lane, s));
                assert_eq!(found, [pair[0].token, pair[1].token], "{name}: {edge}");
            }
        }
    }
}

/// Five looks for each step of the ruler's own.
#[test]
fn nothing_wider_than_the_resolution_is_missing() {
    for (name, model) in all().into_iter().filter(|(name, _)| name.contains(" at ")) {
        let ruler = ruler(&model, 9_876_543_210, 1_111_111_119, 6).unwrap();
        let lane = &ruler.lanes[ruler.pointer.lane];
        for i in 0..2000 {
            let s = ruler.range.0 + ruler.resolution * (0.1 + 0.2 * f64::from(i));
            let segment = lane.segment(s).unwrap();
            let plain = said(&model, &ruler, lane, s);
            assert!(segment.token == plain, "{name}: {plain} at {s} instead of {segment:?}");
        }
    }
}

#[test]
fn the_pointer_is_where_the_trace_stops_and_says_what_it_says() {
    for (name, model) in all() {
        for (a, b) in pairs(11, 6).chain([(57, 68), (50_000_000, 60_000_000)]) {
            let trace = Trace::new(&model, &tokens(a, b, model.config().vocabulary));
            for k in 0..ANSWER_DIGITS {
                let ruler = ruler(&model, a, b, k).unwrap();
                let row = EQUALS + k;
                let logits = trace.at(Point::Logits).unwrap().row(row).to_vec();
                let pointer = ruler.pointer;
                assert_eq!(pointer.said, argmax(&logits) as u8);
                assert_eq!(pointer.right, digit(a + b, k));
                for (index, written) in ruler.written.iter().enumerate() {
                    assert_eq!(trace.number(&ruler.item(index)), Some(*written), "{name}");
                }
                let next = ruler.item(ruler.written.len());
                assert_eq!(trace.number(&next), None, "{name}: {next}");
                let s = if ruler.along == RulerAxis::Number { ruler.written[0] } else { 1.0 };
                assert_eq!(pointer.s, s);
                let lane = ruler.own().unwrap();
                assert_eq!(lane.before, (k > 0).then(|| digit(a + b, k.max(1) - 1)));
                let segment = lane.segment(s).unwrap();
                let edge = (s - segment.from).abs().min((segment.to - s).abs());
                let says =
                    segment.token == pointer.said || edge < 1e-9 * (ruler.range.1 - ruler.range.0);
                assert!(says, "{name}: {a} + {b}, Z{k}: {segment:?}, {pointer:?}");
            }
        }
    }
}

/// s of an addition's row.
fn stop(model: &Model, (a, b): (u64, u64), k: usize) -> f64 {
    let trace = Trace::new(model, &tokens(a, b, model.config().vocabulary));
    trace
        .at(Point::Sum)
        .map_or_else(|| trace.at(Point::Read).unwrap()[(EQUALS + k, 0)], |s| s[(EQUALS + k, 0)])
}

#[test]
fn no_addition_stops_outside_of_the_reach() {
    for (name, model) in all() {
        for k in 0..ANSWER_DIGITS {
            let ruler = ruler(&model, 1, 2, k).unwrap();
            if ruler.along == RulerAxis::Direction {
                continue;
            }
            for (a, b) in
                pairs(k as u64, 40).chain([(0, 0), (MAX_SUMMAND, MAX_SUMMAND), (MAX_SUMMAND, 1)])
            {
                let lane = if k == 0 { 0 } else { usize::from(digit(a + b, k - 1)) };
                let (lo, hi) = ruler.lanes[lane].reach;
                let s = stop(&model, (a, b), k);
                let slack = 1e-9 * (hi - lo).max(1e-9);
                assert!(
                    lo - slack <= s && s <= hi + slack,
                    "{name}: {a} + {b}, Z{k}: {s} in {lo} to {hi}"
                );
                assert!(ruler.range.0 < lo && hi < ruler.range.1);
            }
        }
    }
}

/// The greatest `sign · s` of row Z2 after the digit 6: the pairs of the columns below, which hang together by their carry, all
/// tried, the others one column after the other.
fn furthest(model: &Model, sign: f64) -> f64 {
    let forward = Forward::new(model);
    let vocabulary = model.config().vocabulary;
    let stop = |(a, b)| sign * forward.written(&tokens(a, b, vocabulary), EQUALS + 2).numbers[0];
    let mut most = (f64::NEG_INFINITY, (0, 0));
    for _ in 0..2 {
        let (a, b) = most.1;
        let below = (0..10_000).map(|i| (a / 100 * 100 + i / 100, b / 100 * 100 + i % 100));
        for pair in below.filter(|(a, b)| digit(a + b, 1) == 6) {
            most = if stop(pair) > most.0 { (stop(pair), pair) } else { most };
        }
        for column in 2..10 {
            let power = 10u64.pow(column as u32);
            let put = |n: u64, d: u64| n - u64::from(digit(n, column)) * power + d * power;
            let (a, b) = most.1;
            for pair in (0..100).map(|i| (put(a, i / 10), put(b, i % 10))) {
                most = if stop(pair) > most.0 { (stop(pair), pair) } else { most };
            }
        }
    }
    sign * most.0
}

#[test]
fn additions_reach_both_ends() {
    for (name, model) in all().into_iter().filter(|(_, model)| model.config().n_heads == 1) {
        let ruler = ruler(&model, 1, 2, 2).unwrap();
        let Some(&Lane { reach: (lo, hi), .. }) = ruler.lanes.get(6) else { continue };
        let found = [-1.0, 1.0].map(|sign| furthest(&model, sign));
        let near = 1e-9 * (hi - lo);
        assert!(
            (found[0] - lo).abs() <= near && (found[1] - hi).abs() <= near,
            "{name}: {found:?} of {lo} to {hi}"
        );
    }
}

#[test]
fn finished_models_have_the_twenty_segments_in_order() {
    for name in ["57p", "67p"] {
        let model = snapshots::last(name);
        for k in 0..ANSWER_DIGITS {
            let ruler = ruler(&model, 57, 68, k).unwrap();
            let whole = ruler.lanes.iter().filter_map(|lane| Some((lane, lane.totals(k)?)));
            for (lane, totals) in whole.clone() {
                let of = lane.segments.iter().zip(&totals);
                let reached: Vec<(u8, u8)> =
                    of.filter_map(|(segment, total)| Some(((*total)?, segment.token))).collect();
                let carried = k > 1 || (k == 1 && lane.before != Some(9));
                assert_eq!(reached.len(), if carried { 20 } else { 19 });
                assert!(reached.iter().all(|(total, token)| total % 10 == *token));
            }
            let count = whole.count();
            assert_eq!(count, if k < 10 { ruler.lanes.len() } else { 0 }, "{name}, Z{k}");
        }
    }
}

/// Weights as far as f32 goes, all of one value, or none: a ruler, or none, but no panic; and it is soon there.
#[test]
fn any_weights_have_a_ruler_or_none() {
    let report = reports::made_up();
    let spec = figure::panel("ruler").unwrap();
    for (name, model) in models::some() {
        for change in [|v: f32| v * 1e30, |v| v * 1e-30, |_| 0.0, |_| 3e38, |v: f32| -v] {
            let model = models::changed(&model, |_, v| change(v).clamp(f32::MIN, f32::MAX));
            for k in [0, 5, 10] {
                let Some(ruler) = ruler(&model, 57, 68, k) else { continue };
                let segments = ruler.lanes.iter().map(|lane| lane.segments.len()).max().unwrap();
                assert!(segments < 500, "{name}: {segments}");
                assert!(ruler.to_bytes().is_ok());
                let subject =
                    Subject { ruler: Some(&ruler), ..Subject::new(&report, Default::default()) };
                let panel = spec.panel(&subject);
                let frame = Frame {
                    width: 720.0,
                    height: 400.0,
                    theme: Theme::Light,
                    title: true,
                    ground: true,
                };
                assert!(figure::panel_svg(&panel, frame).is_ok());
            }
        }
    }
}

#[test]
fn bytes_come_back_and_there_are_eleven_digits() {
    let (_, model) = models::some().swap_remove(0);
    let made = ruler(&model, 57, 68, 4).unwrap();
    assert_eq!(Ruler::from_bytes(&made.to_bytes().unwrap()), Ok(made));
    assert!(Ruler::from_bytes(b"other").is_err());
    assert_eq!(ruler(&model, 57, 68, ANSWER_DIGITS), None);
}
