//! What keeps a verdict from saying more than it knows: each of these is wrong without one line.

use super::models::changed;
use super::snapshots;
use super::softmax1::{on_a_circle, on_an_ellipse};
use adderscope::analysis::trace::trace;
use adderscope::model::exact::{Exact, Float32, Interval, Ranged, Share};
use adderscope::model::{Forward, Model, Params};
use adderscope::task::addition::{ANSWER_DIGITS, EQUALS, digit};
use ndarray::ArrayD;

const LOOKS: u64 = 2_000_000;

/// 62p is decided, but where its diagrams have no room, neither bound may be taken for the other.
#[test]
fn what_had_no_room_is_not_counted_as_wrong() {
    let model = snapshots::last("62p");
    let whole = Exact::decided(&model, LOOKS).count(10).right().unwrap();
    for nodes in [0, 1, 5, 20, 60] {
        let exact = Exact::decided(&model, LOOKS).with_room(nodes);
        assert!(exact.is_done());
        let count = exact.count(10);
        assert!(count.at_least <= whole && whole <= count.at_most, "{nodes} nodes: {count:?}");
        assert_eq!(count.right(), None, "{nodes} nodes");
        let report = exact.report(10);
        assert!(!report.decided && report.wrong.is_none(), "{nodes} nodes: {report:?}");
    }
    assert_eq!(Exact::decided(&model, LOOKS).with_room(40_000).count(10).right(), Some(whole));
}

/// What is told soon has room for little, and may say less than is known, but never anything else.
#[test]
fn bounds_that_are_told_soon_hold_what_is_known_in_the_end() {
    let mut wider = 0;
    for (name, tensor, factor) in [
        ("57p", "q_phase_angle", 0.95),
        ("57p", "head_proj.weight", 1.02),
        ("62p", "q_phase_angle", 1.0),
        ("67p", "out_proj.B", 0.97),
        ("67p", "q_proj.weight", 1.03),
    ] {
        let model =
            changed(&snapshots::last(name), |of, v| if of == tensor { v * factor } else { v });
        let whole = Exact::decided(&model, LOOKS).count(10).right().unwrap();
        let mut exact = Exact::new(&model);
        for looks in [1, 5_000, 10_000, LOOKS] {
            exact.step(looks);
            let (soon, known) = (exact.count_soon(10), exact.count(10));
            println!("{name}, {tensor}: {soon:?}, {known:?}, {whole}");
            assert!(soon.at_least <= known.at_least && known.at_least <= whole);
            assert!(whole <= known.at_most && known.at_most <= soon.at_most);
            wider += usize::from(soon.at_most - soon.at_least > known.at_most - known.at_least);
        }
        assert_eq!(exact.count(10).right(), Some(whole));
    }
    assert!(wider > 0);
}

/// What softmax1 looks at besides the tokens is 0 in float32, too: where leads are wide it says what exact arithmetic does, whether
/// attention can move or not.
#[test]
fn float32_of_softmax1_is_proven_where_leads_are_wide() {
    for (model, is_fixed) in [(on_a_circle("57p"), true), (on_an_ellipse("57p", 1.001), false)] {
        assert_eq!(model.config().attention_is_fixed(), is_fixed);
        // Little is written, so what is said is not near to be another.
        let quiet = |name: &str, v| if name == "out_proj.B" { v / 65536.0 } else { v };
        let exact = changed(&model, quiet);
        let found = Exact::decided(&exact, LOOKS).float32(&[]).float32;
        assert_eq!(found, Float32::Proven, "fixed {is_fixed}");
    }
}

/// Where few states are kept, what is left is right in no lower bound and in every upper one, by the run of carries, too.
#[test]
fn what_states_were_left_is_between_the_bounds_of_each_run_of_carries() {
    let model = snapshots::last("62p");
    let share = |nodes: usize| {
        let report = Exact::decided(&model, LOOKS).with_room(nodes).report(10);
        let number = |text: &str| text.parse::<u128>().unwrap();
        let bounds = |share: &Share| (number(&share.right_at_least), number(&share.right_at_most));
        report.by_carry_chain.iter().map(|of| bounds(&of.share)).collect::<Vec<_>>()
    };
    let (few, all) = (share(400), share(40_000));
    assert!(few.iter().any(|(least, most)| least < most), "{few:?}");
    for ((least, most), (right, same)) in few.iter().zip(&all) {
        assert!(right == same && least <= right && right <= most, "{few:?}, {all:?}");
    }
}

/// By how much the right digits of all additions of at most `digits` digits lead that are answered right: the least.
fn least_lead(model: &Model, digits: u32) -> f64 {
    let (most, forward) = (10u64.pow(digits), Forward::new(model));
    let pairs = (0..most).flat_map(|a| (0..most).map(move |b| (a, b)));
    let right = pairs.filter(|(a, b)| forward.decode(*a, *b) == a + b);
    let leads = right.flat_map(|(a, b)| {
        let logits = trace(model, a, b).logits;
        (0..ANSWER_DIGITS).map(move |k| {
            let target = usize::from(digit(a + b, k));
            let others = logits[EQUALS + k].iter().enumerate().filter(|(t, _)| *t != target);
            logits[EQUALS + k][target] - others.fold(f64::NEG_INFINITY, |most, (_, v)| most.max(*v))
        })
    });
    leads.fold(f64::INFINITY, f64::min)
}

/// What is asked about numbers of few digits is answered with such numbers.
#[test]
fn the_closest_call_has_no_more_digits_than_are_asked_about() {
    for name in ["57p", "62p"] {
        let model = snapshots::last(name);
        let exact = Exact::decided(&model, LOOKS);
        for digits in [1, 2] {
            let least = least_lead(&model, digits);
            let found = exact.report(digits as usize).closest.unwrap();
            println!("{name}, {digits} digits: {least}, {found:?}");
            assert!(found.a.max(found.b) < 10u64.pow(digits), "{name}: {found:?}");
            let near = found.lead_at_least - 1e-9..=found.lead + 1e-9;
            assert!(near.contains(&least), "{name}, {digits} digits: {least}, not {found:?}");
        }
    }
}

/// In exact arithmetic these are as right as before, or are not looked at; a square of float32 overflows.
#[test]
fn float32_that_overflows_is_never_proven() {
    let scaled = |factors: &[(&str, f32)]| {
        changed(&snapshots::last("57p"), |name, v| {
            factors
                .iter()
                .filter(|(of, _)| *of == name)
                .fold(v, |v, (_, factor)| (v * factor).clamp(-3e38, 3e38))
        })
    };
    let large = [1e9, 1e13, 1e20, 1e37];
    for tensor in ["fc1.weight", "out_proj.B", "tok_arc_A", "spiral_amp"] {
        for factor in large {
            let model = scaled(&[(tensor, factor), ("head_proj.weight", factor.min(1e13))]);
            let found = Exact::decided(&model, 20_000).float32(&[]).float32;
            assert_ne!(found, Float32::Proven, "{tensor} times {factor}");
        }
    }
}

/// `model` with biases in its FFN, all 0.
fn with_biases(model: &Model) -> Model {
    let mut config = model.config().clone();
    config.ffn_bias = true;
    let find = |name: &str| {
        let zeros = match name {
            "fc1.bias" => Some(ArrayD::zeros(vec![config.ffn_dim])),
            "fc2.bias" => Some(ArrayD::zeros(vec![config.d_model()])),
            _ => None,
        };
        (name.to_owned(), zeros.or_else(|| model.params().get(name).cloned()))
    };
    let params = Params::collect(&config, find).unwrap();
    Model::new(config, params)
}

/// What is said of a range holds at its ends.
#[test]
fn a_bias_that_can_be_anything_in_a_range_decides_nothing_that_is_not_so_at_its_ends() {
    let model = with_biases(&snapshots::last("57p"));
    assert!(Exact::decided(&model, LOOKS).count(10).proven());
    let count = |lo: f64, hi: f64| {
        let range = Interval { lo, hi };
        let ranges = [Ranged { tensor: "fc1.bias", index: 0, range }];
        let mut exact = Exact::over(&model, &ranges);
        exact.step(200_000);
        exact.count(10)
    };
    for reach in [0.3, 3.0] {
        let over = count(-reach, reach);
        for end in [-reach, reach] {
            let there = count(end, end);
            println!("{reach}: {over:?}, {end}: {there:?}");
            assert!(over.at_least <= there.at_most && over.at_most >= there.at_least, "{reach}");
        }
    }
    assert!(count(3.0, 3.0).at_most < 10u128.pow(20));
}
