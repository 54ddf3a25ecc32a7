//! Where the additions of a case stop, against additions.

use super::made::{self, few, looks};
use super::snapshots;
use super::softmax1::on_an_ellipse;
use adderscope::model::exact::Exact;
use adderscope::model::map::Map;
use adderscope::model::{Model, Trace};
use adderscope::task::addition::{ANSWER_DIGITS, DIGITS, EQUALS, carries, digit, tokens};
use adderscope::task::item::{Case, Point};
use adderscope::task::sampling::{PANEL_SEED, Pair, pairs};
use std::collections::HashMap;

type Ends = (f64, f64);

/// The case of an answer digit.
fn case((a, b): Pair, k: usize) -> Case {
    let of = |n: u64, k: usize| (n / 10u64.pow(k as u32) % 10) as u8;
    Case {
        digit: k,
        before: k.checked_sub(1).map(|before| digit(a + b, before)),
        carry: carries(a, b)[k],
        sum: (k < DIGITS).then(|| of(a, k) + of(b, k)),
    }
}

/// The number that attention writes in each answer row.
fn written(model: &Model, (a, b): Pair) -> [f64; ANSWER_DIGITS] {
    let trace = Trace::new(model, &tokens(a, b, model.config().vocabulary));
    let sums = trace.at(Point::Sum).expect("one number is written");
    std::array::from_fn(|k| sums[[EQUALS + k, 0]])
}

fn hull(ends: Option<Ends>, s: f64) -> Ends {
    ends.map_or((s, s), |(lo, hi)| (lo.min(s), hi.max(s)))
}

/// Of a model whose attention writes one number by one head.
fn writes_one(model: &Model) -> bool {
    model.config().n_heads == 1 && model.config().out_proj.rank() == Some(1)
}

/// What is found of a case by looking at additions: of all, and of those that are certainly wrong.
type Found = HashMap<Case, (Option<Ends>, Option<Ends>)>;

/// A row that nobody has looked at is not on the map.
fn found(model: &Model, exact: &Exact, map: &Map, pairs: impl Iterator<Item = Pair>) -> Found {
    let rows = map.cases.iter().map(|known| known.case().digit + 1).max().unwrap_or(0);
    let mut found = Found::new();
    for pair in pairs {
        let known = exact.rows_of(pair.0, pair.1);
        for (k, s) in written(model, pair).into_iter().enumerate().take(rows) {
            let (all, wrong) = found.entry(case(pair, k)).or_default();
            *all = Some(hull(*all, s));
            if known[k] == Some(false) {
                *wrong = Some(hull(*wrong, s));
            }
        }
    }
    found
}

/// Rounding of the plain forward.
fn slack(ends: Ends) -> f64 {
    1e-12 * (1.0 + ends.0.abs() + ends.1.abs())
}

fn assert_inside(name: &str, case: &Case, outer: Option<Ends>, inner: Option<Ends>) {
    let Some(inner) = inner else { return };
    let outer = outer.unwrap_or_else(|| panic!("{name}: {case:?} has no reach"));
    let slack = slack(outer);
    let inside = outer.0 - slack <= inner.0 && inner.1 <= outer.1 + slack;
    assert!(inside, "{name}: {case:?} reaches {inner:?}, not {outer:?}");
}

fn assert_holds(name: &str, map: &Map, found: &Found) {
    for (case, (all, wrong)) in found {
        let known = map.of(*case).unwrap_or_else(|| panic!("{name}: {case:?} is not on the map"));
        assert_inside(name, case, known.reach, *all);
        assert_inside(name, case, known.reach_wrong, *wrong);
        assert_inside(name, case, known.reach, known.reach_wrong);
    }
}

fn models() -> Vec<(String, Model)> {
    let mut models = made::bases();
    models.extend(few(made::early_stops(), 5));
    models.retain(|(_, model)| writes_one(model));
    few(models, 3)
}

#[test]
fn additions_stop_where_their_case_says() {
    let count = if cfg!(debug_assertions) { 500 } else { 5000 };
    let wide = ("57p, softmax1 on an ellipse".to_owned(), on_an_ellipse("57p", 1.5));
    for (name, model) in models().into_iter().chain([wide]) {
        let exact = Exact::decided(&model, looks(&name));
        let map = exact.map(DIGITS);
        let named = map.cases.iter().flat_map(|known| [known.example, known.wrong]).flatten();
        let all = pairs(PANEL_SEED, count).chain(named);
        assert_holds(&name, &map, &found(&model, &exact, &map, all));
    }
}

/// All additions of two digits: the ends are theirs.
#[test]
fn some_addition_meets_each_end() {
    for (name, model) in models() {
        let exact = Exact::decided(&model, looks(&name));
        let map = exact.map(2);
        let all = (0..100).flat_map(|a| (0..100).map(move |b| (a, b)));
        let found = found(&model, &exact, &map, all);
        assert_eq!(found.len(), map.cases.len(), "{name}");
        assert_holds(&name, &map, &found);
        let size = map.cases.iter().filter_map(|known| known.reach).map(|(lo, hi)| hi.max(-lo));
        let near = 1e-5 * size.fold(0.0, f64::max);
        let meets = |ours: Option<Ends>, met: Option<Ends>| match (ours, met) {
            (Some(ours), Some(met)) => {
                (ours.0 - met.0).abs() < near && (ours.1 - met.1).abs() < near
            }
            (ours, met) => ours.is_none() && met.is_none(),
        };
        for known in &map.cases {
            let (all, wrong) = found[&known.case()];
            let ours = (known.reach, known.reach_wrong);
            assert!(meets(known.reach, all), "{name}: {known:?} reaches {all:?}");
            let met = meets(known.reach_wrong, wrong) || wrong.is_some() && ours.0 == ours.1;
            assert!(met, "{name}: wrong ones of {known:?} reach {wrong:?}");
        }
    }
}

/// The wrong additions of 67p at step 244 000 stop at one side of their case.
#[test]
fn wrong_additions_stop_apart_from_the_others() {
    let model = snapshots::at("67p", 244_000);
    let map = Exact::decided(&model, 2_000_000).map(DIGITS);
    let wrong: Vec<_> = map.cases.iter().filter(|known| known.reach_wrong.is_some()).collect();
    let [known] = wrong[..] else { panic!("{wrong:?}") };
    assert_eq!(known.case(), Case { digit: 7, before: Some(0), carry: 0, sum: Some(11) });
    let (all, wrong) = (known.reach.unwrap(), known.reach_wrong.unwrap());
    let width = |(lo, hi): Ends| hi - lo;
    assert!(width(wrong) < 0.5 * width(all), "{wrong:?} of {all:?}");
}

#[test]
fn several_numbers_have_no_reach() {
    let of_several = |(_, model): &(String, Model)| model.config().out_proj.rank() != Some(1);
    let (name, model) = made::bases().into_iter().find(of_several).unwrap();
    let map = Exact::decided(&model, looks(&name)).map(DIGITS);
    assert!(map.cases.iter().all(|known| known.reach.is_none() && known.reach_wrong.is_none()));
}
