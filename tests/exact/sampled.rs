//! Random additions and the case that each falls in.

use super::made::{self, few, looks};
use adderscope::model::Engine;
use adderscope::model::exact::Exact;
use adderscope::task::addition::{ANSWER_DIGITS, digit};
use adderscope::task::sampling::{Pair, PythonRandom, pairs};

const ADDITIONS: usize = if cfg!(debug_assertions) { 20_000 } else { 1_000_000 };

/// Random ones, and those where most columns sum to 9.
fn mixed(seed: u64, count: usize) -> Vec<Pair> {
    let mut random = PythonRandom::new(seed);
    let mut column = || {
        let x = random.up_to(9);
        (x, if random.up_to(9) < 7 { 9 - x } else { random.up_to(9) })
    };
    let mut chained =
        || (0..10).map(|_| column()).fold((0, 0), |(a, b), (x, y)| (10 * a + x, 10 * b + y));
    let mut list: Vec<Pair> = (0..count / 2).map(|_| chained()).collect();
    list.extend(pairs(seed, count - count / 2));
    list
}

#[test]
fn random_additions_agree_with_the_case_they_fall_in() {
    let mut models = made::bases();
    models.extend(made::early_stops());
    let models = few(models, 4);
    let each = ADDITIONS / models.len() + 1;
    let mut open = 0;
    for (i, (name, model)) in models.iter().enumerate() {
        let exact = Exact::decided(model, looks(name));
        Engine::new(model).each_prediction(mixed(i as u64, each), |(a, b), said| {
            for (k, known) in exact.rows_of(a, b).into_iter().enumerate() {
                let right = said[k] == digit(a + b, k);
                open += usize::from(known.is_none());
                assert!(known.is_none_or(|known| known == right), "{name}: Z{k} of {a} + {b}");
            }
        });
    }
    println!("{open} of {} rows are not decided", each * models.len() * ANSWER_DIGITS);
}
