//! Where one logit gives way to another.

/// Steps until halves are taken, which end in any case.
const QUICK: usize = 24;
const MOST: usize = 120;

/// The last place and the first, next to each other for all that f64 tells in this range, with `lead` positive at the one
/// and negative at the other; 0 counts as positive where `ties`. It must be so at the ends.
pub fn crossing(
    (mut lo, mut hi): (f64, f64),
    ties: bool,
    mut lead: impl FnMut(f64) -> f64,
) -> (f64, f64) {
    let finest = 2.0 * f64::EPSILON * lo.abs().max(hi.abs());
    let (mut at_lo, mut at_hi) = (lead(lo), lead(hi));
    let mut kept = 0;
    for step in 0..MOST {
        if hi - lo <= finest {
            break;
        }
        // False position, with half the height of an end that stays (Illinois), and never so near to an end that nothing
        // is gained.
        let guess = lo + (hi - lo) * (at_lo / (at_lo - at_hi));
        let usable = step < QUICK && guess.is_finite();
        let guess = if usable { guess } else { lo + (hi - lo) / 2.0 };
        let t = guess.max(lo + finest / 2.0).min(hi - finest / 2.0);
        if t <= lo || t >= hi {
            break;
        }
        let here = lead(t);
        if here > 0.0 || (here == 0.0 && ties) {
            (lo, at_lo) = (t, here);
            at_hi *= if kept == 1 { 0.5 } else { 1.0 };
            kept = 1;
        } else {
            (hi, at_hi) = (t, here);
            at_lo *= if kept == 2 { 0.5 } else { 1.0 };
            kept = 2;
        }
    }
    (lo, hi)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_next_to_where_the_sign_turns() {
        type Lead = fn(f64) -> f64;
        let cases: [(Lead, f64); 4] = [
            (|t| 3.0 - t, 3.0),
            (|t| 1.0 - t.powi(9), 1.0),
            (|t| libm::exp(-20.0 * t) - 1e-3, libm::log(1e3) / 20.0),
            (|t| if t < 2.5 { 1e-9 } else { -1e9 }, 2.5),
        ];
        for (lead, wanted) in cases {
            let mut asked = 0;
            let (last, first) = crossing((-1.0, 10.0), true, |t| {
                asked += 1;
                lead(t)
            });
            assert!(lead(last) >= 0.0 && lead(first) < 0.0);
            assert!(first - last <= 1e-14 && (first - wanted).abs() < 1e-14, "{first}");
            assert!(asked < 90, "{asked}");
        }
    }

    #[test]
    fn ties_are_of_the_first() {
        let flat = |t: f64| (1.0 - t).max(0.0) - (t - 2.0).max(0.0);
        assert!((crossing((0.0, 3.0), true, flat).1 - 2.0).abs() < 1e-14);
        assert!((crossing((0.0, 3.0), false, flat).1 - 1.0).abs() < 1e-14);
    }
}
