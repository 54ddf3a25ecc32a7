//! Where two models differ, against both asked every addition of at most three digits.

use super::made::{self, few, looks};
use super::snapshots;
use adderscope::model::exact::versus::{Comparison, FourCounts, Versus, Who};
use adderscope::model::{Engine, Model};
use adderscope::task::addition::DIGITS;
use std::collections::HashSet;
use std::time::Instant;

type Named = (String, Model);

/// As much as is decided by so many looks at an interval for each.
fn versus<'a>(a: &'a Model, b: &'a Model, looks: u64) -> Versus<'a> {
    let mut versus = Versus::new(a, b);
    while !versus.step(20_000) {
        if versus.each().iter().all(|exact| exact.is_done() || exact.looks() > looks) {
            break;
        }
    }
    versus
}

/// Additions of at most `digits` digits that are answered wrong.
fn wrong(model: &Model, digits: usize) -> HashSet<(u64, u64)> {
    let most = 10u64.pow(digits as u32);
    let pairs = (0..most).flat_map(|a| (0..most).map(move |b| (a, b)));
    let mut wrong = HashSet::new();
    Engine::new(model).each_failure(pairs, |failure| {
        wrong.insert((failure.a, failure.b));
    });
    wrong
}

/// How many are of each kind, asked one by one.
fn asked(a: &Model, b: &Model, digits: usize) -> [u128; 4] {
    let (a, b) = (wrong(a, digits), wrong(b, digits));
    let both = a.intersection(&b).count();
    let all = 100usize.pow(digits as u32);
    // Right in both, in A alone, in B alone, in none.
    [all + both - a.len() - b.len(), b.len() - both, a.len() - both, both].map(|n| n as u128)
}

fn assert_adds_up(name: &str, counts: &FourCounts) {
    let least: u128 = counts.counts.iter().map(|count| count.at_least).sum();
    let most: u128 = counts.counts.iter().map(|count| count.at_most).sum();
    assert!(least <= counts.total() && counts.total() <= most, "{name}: {counts:?}");
    if counts.is_decided() {
        assert_eq!(least, counts.total(), "{name}: {counts:?}");
    }
}

/// What is said of two models against both asked. Gives whether it is decided.
fn assert_parted(a: &Named, b: &Named, digits: usize) -> bool {
    let name = format!("{} and {}", a.0, b.0);
    let start = Instant::now();
    let versus = versus(&a.1, &b.1, looks(&a.0).min(looks(&b.0)));
    let counts = versus.counts(digits);
    let took = start.elapsed();
    assert_adds_up(&name, &counts);
    for (who, n) in Who::ALL.into_iter().zip(asked(&a.1, &b.1, digits)) {
        let of = counts.of(who);
        assert!(of.at_least <= n && n <= of.at_most, "{name}: {n} are {}, not {of:?}", who.title());
    }
    let all = versus.report(digits);
    let full = versus.report(DIGITS);
    println!("{name}: {:.1?}, report {:.1?}, {:?}", took, start.elapsed() - took, counts.counts);
    assert_report(&name, &all, &counts);
    assert_report(&name, &full, &versus.counts(DIGITS));
    counts.is_decided()
}

fn assert_report(name: &str, report: &Comparison, counts: &FourCounts) {
    assert_eq!(report.decided, counts.is_decided(), "{name}");
    assert_eq!(report.total, counts.total().to_string(), "{name}");
    for (kind, count) in report.kinds.iter().zip(counts.counts) {
        assert_eq!(kind.at_least, count.at_least.to_string(), "{name}");
        assert_eq!(kind.at_most, count.at_most.to_string(), "{name}");
        let rules: u128 = kind.rules.iter().map(|rule| rule.count.parse::<u128>().unwrap()).sum();
        assert!(rules <= count.at_most, "{name}: rules of {rules}, {kind:?}");
        for answers in kind.example.iter().chain(kind.rules.iter().flat_map(|rule| &rule.example)) {
            assert_eq!(answers.who(), kind.who, "{name}: {answers:?}");
            assert!(answers.a.max(answers.b) < 10u64.pow(report.digits as u32), "{name}");
        }
        if count.at_least > 0 && count.exactly().is_some() {
            assert!(kind.example.is_some(), "{name}: no example, {kind:?}");
            let alone = matches!(kind.who, Who::OnlyA | Who::OnlyB);
            assert!(!alone || rules == count.at_least, "{name}: rules of {rules}, {kind:?}");
        }
    }
}

fn bundled(name: &str) -> Named {
    (format!("bundled {name}"), snapshots::last(name))
}

#[test]
fn two_models_part_as_both_asked_do() {
    let early = ("67p, step 20000".to_owned(), snapshots::at("67p", 20_000));
    let later = ("67p, step 242000".to_owned(), snapshots::at("67p", 242_000));
    for (a, b) in [
        (bundled("57p"), bundled("67p")),
        (bundled("67p"), bundled("62p")),
        (later, bundled("67p")),
        (early, bundled("62p")),
    ] {
        assert!(assert_parted(&a, &b, 3), "{} and {} are not decided", a.0, b.0);
    }
}

#[test]
fn an_edited_model_parts_from_itself_as_both_asked_do() {
    let bases = made::bases();
    let edited = |seed: usize| {
        let (name, model) = &bases[seed % bases.len()];
        let edit = made::edited(model, seed as u64);
        ((name.clone(), model.clone()), (format!("{name}, edit {seed}"), edit))
    };
    let pairs = few((0..100).map(edited).collect(), 20);
    let decided = pairs.iter().filter(|(a, b)| assert_parted(a, b, 3)).count();
    println!("{decided} of {} pairs are decided", pairs.len());
}

/// A vocabulary of `size` tokens, of which `eos` ends many answers, and some where nothing but zeros would follow.
fn early(name: &str, size: usize, eos: usize, (x, y): (f32, f32)) -> Named {
    let model = made::with_table(&snapshots::last(name), size, |table| {
        table[10..].fill([0.0, 0.0]);
        table[eos] = [table[0][0] * (1.0 + x), table[0][1] * (1.0 + y)];
    });
    (format!("{name}, {size} tokens, {eos} off by {x} and {y}"), model)
}

#[test]
fn answers_that_end_early_part_as_both_asked_do() {
    let (high, low) = ((0.5, -0.5), (-0.2, 0.1));
    for (a, b) in [
        (early("57p", 12, 10, high), early("57p", 12, 10, low)),
        (early("57p", 14, 12, (0.05, 0.05)), early("57p", 12, 10, (0.0, 0.2))),
        (bundled("57p"), early("67p", 12, 10, high)),
        (early("67p", 12, 10, low), bundled("62p")),
    ] {
        assert!(assert_parted(&a, &b, 3), "{} and {} are not decided", a.0, b.0);
    }
}

#[test]
fn nothing_wrong_is_said_of_models_that_are_not_decided() {
    let models = few(made::early_stops(), 4);
    for pair in models.windows(2) {
        assert_parted(&pair[0], &pair[1], 2);
    }
    let (first, random) = (bundled("57p"), few(made::random(), 12));
    for model in &random {
        assert_parted(&first, model, 2);
    }
}

#[test]
fn a_model_does_not_differ_from_itself() {
    let undecided = made::edited(&snapshots::at("67p", 20_000), 3);
    for (name, model) in [bundled("67p"), bundled("62p"), ("undecided".to_owned(), undecided)] {
        let copy = model.clone();
        let twice = versus(&model, &copy, 50_000);
        for digits in [1, 3, DIGITS] {
            let counts = twice.counts(digits);
            assert_adds_up(&name, &counts);
            for who in [Who::OnlyA, Who::OnlyB] {
                assert_eq!(counts.of(who).exactly(), Some(0), "{name}: {counts:?}");
            }
        }
        let report = twice.report(DIGITS);
        assert!(report.same && report.kinds.iter().all(|kind| kind.rules.is_empty()), "{name}");
    }
}

#[test]
fn the_four_counts_are_those_of_each_model() {
    let (a, b) = (snapshots::last("67p"), snapshots::last("62p"));
    let versus = versus(&a, &b, 1_000_000);
    let counts = versus.counts(DIGITS);
    let [of_a, of_b] = versus.each().each_ref().map(|exact| exact.count(DIGITS).right().unwrap());
    let n = |who: Who| counts.of(who).exactly().unwrap();
    assert_eq!(n(Who::Both) + n(Who::OnlyA), of_a);
    assert_eq!(n(Who::Both) + n(Who::OnlyB), of_b);
    assert_eq!(Who::ALL.into_iter().map(n).sum::<u128>(), 10u128.pow(20));
    // The other way about, all is the same.
    let mut turned = Versus::new(&b, &a);
    while !turned.step(100_000) {}
    let turned = turned.counts(DIGITS);
    for (who, other) in [(Who::OnlyA, Who::OnlyB), (Who::Both, Who::Both)] {
        assert_eq!(counts.of(who), turned.of(other));
    }
}
