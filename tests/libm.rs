//! What a verdict in exact arithmetic trusts of functions in f64: results within 2 ulp of the true
//! value for `libm`'s sin, cos, exp and erf, correct rounding for sqrt, and `3·2⁻⁵³·|x|` for GELU.
//! Held against arithmetic of 400 bits, 120 decimal digits. A sample is no proof of such a bound:
//! it would show a wrong formula or constant, and how much of the bound is used.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use adderscope::model::layers::gelu;
use adderscope::task::sampling::PythonRandom;
use dashu_float::round::mode::{HalfAway, HalfEven};
use dashu_float::{ConstCache, Context, DBig, FBig};
use std::f64::consts::{FRAC_PI_2, LN_2, SQRT_2};
use std::str::FromStr;

type Big = FBig<HalfEven>;

/// Precision of the arithmetic, in bits.
const BITS: usize = 400;
const POINTS: usize = 10_000;
/// Most ulps that a result of `libm` may be off.
const TRUSTED_ULPS: f64 = 2.0;
/// Most that GELU may be off, in units of 2⁻⁵³·|x|, for x above and below 0.
const TRUSTED_GELU: [f64; 2] = [2.9, 2.15];
/// Where `libm::erf` changes from one formula to the next.
const ERF_BRANCHES: [f64; 5] = [1.0 / 268_435_456.0, 0.84375, 1.25, 1.0 / 0.35, 6.0];
/// From here on erfc is below e^−256 / (16 √π) < 10⁻¹¹².
const ERF_IS_ONE: f64 = 16.0;

/// Functions in arithmetic of [`BITS`] bits.
struct Exact {
    context: Context<HalfEven>,
    constants: ConstCache,
    one: Big,
    sqrt_half: Big,
    two_over_sqrt_pi: Big,
}

impl Exact {
    fn new() -> Self {
        let context = Context::new(BITS);
        let one = Big::ONE.with_precision(BITS).value();
        let two = &one + &one;
        let pi = Big::pi(BITS);
        let (sqrt_half, two_over_sqrt_pi) = ((&one / &two).sqrt(), &two / pi.sqrt());
        Self { context, constants: ConstCache::new(), one, sqrt_half, two_over_sqrt_pi }
    }

    /// The same number: 53 bits fit.
    fn big(&self, x: f64) -> Big {
        Big::try_from(x).unwrap().with_precision(BITS).value()
    }

    fn sin(&mut self, x: &Big) -> Big {
        self.context.sin(x.repr(), Some(&mut self.constants)).unwrap().value()
    }

    fn cos(&mut self, x: &Big) -> Big {
        self.context.cos(x.repr(), Some(&mut self.constants)).unwrap().value()
    }

    fn exp(&mut self, x: &Big) -> Big {
        self.context.exp(x.repr(), Some(&mut self.constants)).unwrap().value()
    }

    /// `erf(x) = 2/√π · e^(−x²) · x · Σ zⁿ / (1·3·…·(2n+1))` with `z = 2x²`, Kummer's form of the
    /// series. Every term is positive, so nothing cancels. The sum ends where a term is below 2⁻⁴⁰⁰
    /// of it and each further one at most half the one before: what is left off is no more than
    /// that term. Below [`ERF_IS_ONE`] there are fewer than 2¹⁰ terms: z, a product and a quotient
    /// for each and the sums put them off by less than 4·2¹⁰·2⁻⁴⁰⁰ of themselves, e^(−x²) by less
    /// than 2⁹·2⁻⁴⁰⁰, and the result by less than 2⁻³⁸⁷, that is 10⁻¹¹⁶.
    fn erf(&mut self, x: &Big) -> Big {
        if x.to_f64().value().abs() >= ERF_IS_ONE {
            return if *x < Big::ZERO { -&self.one } else { self.one.clone() };
        }
        let square = x * x;
        let z = &square + &square;
        let (mut term, mut sum) = (self.one.clone(), self.one.clone());
        for odd in (3_u32..).step_by(2) {
            term = &term * &z / odd;
            sum += &term;
            if Big::from(odd) >= &z + &z && exponent(&term) + (BITS as isize) < exponent(&sum) {
                break;
            }
        }
        self.exp(&-square) * &self.two_over_sqrt_pi * x * sum
    }

    /// `erf(x) = 2/√π · Σ (−1)ⁿ x^(2n+1) / (n!·(2n+1))`: a second way to the same number, without
    /// exp. Up to 4, where no term is above e^16, the alternating signs cost 24 bits.
    fn erf_alternating(&self, x: &Big) -> Big {
        let square = x * x;
        let (mut power, mut sum) = (x.clone(), x.clone());
        for n in 1_u32..400 {
            power = -&power * &square / n;
            sum += &power / (2 * n + 1);
        }
        &self.two_over_sqrt_pi * sum
    }

    /// Φ, the normal distribution function.
    fn phi(&mut self, x: &Big) -> Big {
        let y = x * &self.sqrt_half;
        (self.erf(&y) + &self.one) / 2_u8
    }

    fn gelu(&mut self, x: &Big) -> Big {
        x * self.phi(x)
    }

    /// GELU's derivative, `Φ(x) + x·φ(x)`, and its own derivative, `(2 − x²)·φ(x)`.
    fn gelu_slopes(&mut self, x: &Big) -> (Big, Big) {
        let square = x * x;
        let density =
            self.exp(&-(&square / 2_u8)) * &self.sqrt_half * &self.two_over_sqrt_pi / 2_u8;
        (self.phi(x) + x * &density, (Big::from(2_u8) - square) * density)
    }
}

/// The `e` of `2^e ≤ |x| < 2^(e+1)`.
fn exponent(x: &Big) -> isize {
    x.repr().exponent() + x.repr().digits() as isize - 1
}

/// How far `found` is from `exact`, in ulps of f64 at `exact`.
fn ulps(found: &Big, exact: &Big) -> f64 {
    let last_place = (exponent(exact) - 52).max(-1074);
    let off = if found < exact { exact - found } else { found - exact };
    (off >> last_place).to_f64().value()
}

/// The same points at each run.
struct Points(PythonRandom);

impl Points {
    fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.0.up_to((1 << 53) - 1) as f64 / (1_u64 << 53) as f64)
    }

    fn either_sign(&mut self, x: f64) -> f64 {
        if self.0.up_to(1) == 0 { x } else { -x }
    }

    /// Of either sign, each power of two between `2^low` and `2^high` as likely as another.
    fn scaled(&mut self, low: f64, high: f64) -> f64 {
        let size = libm::exp2(self.uniform(low, high));
        self.either_sign(size)
    }

    /// Of either sign, a few numbers or a little way from `x`.
    fn near(&mut self, x: f64) -> f64 {
        let few = self.0.up_to(64);
        let beside = f64::from_bits(x.to_bits() + few - 32);
        let x = if self.0.up_to(1) == 0 { beside } else { x * self.uniform(0.999, 1.001) };
        self.either_sign(x)
    }
}

/// [`POINTS`] points, by the shares that `draw` makes of 0…9.
fn points(seed: u64, draw: impl Fn(&mut Points, usize) -> f64) -> Vec<f64> {
    let mut from = Points(PythonRandom::new(seed));
    (0..POINTS).map(|i| draw(&mut from, i % 10)).collect()
}

/// The largest of the errors at `points`, asserted to be at most `most`.
fn largest(name: &str, points: &[f64], most: f64, mut error: impl FnMut(f64) -> f64) {
    let (worst, at) = points.iter().fold((0.0, 0.0), |(worst, at), &x| {
        let off = error(x);
        assert!(off <= most, "{name}({x:e}) is off by {off}, more than {most}");
        if off > worst { (off, x) } else { (worst, at) }
    });
    println!("{name}: {} points, off by {worst:.4} at most, at {at:e}", points.len());
}

/// Equal to as many significant digits as are written.
fn assert_digits(name: &str, found: Big, written: &str) {
    let digits = written.split('e').next().unwrap().trim_start_matches(['-', '0', '.']);
    let digits = digits.chars().filter(char::is_ascii_digit).count();
    assert!(digits >= 30, "{name}");
    let found = found.with_rounding::<HalfAway>().with_base_and_precision::<10>(digits).value();
    assert_eq!(found, DBig::from_str(written).unwrap(), "{name}");
}

#[test]
fn the_arithmetic_has_the_known_constants() {
    let mut exact = Exact::new();
    let [half, one, three, six, hundred, many, million] =
        [0.5, 1.0, 3.0, 6.0, 100.0, 700.0, 1e6].map(|x| exact.big(x));
    for (name, found, written) in [
        ("exp 1", exact.exp(&one), "2.71828182845904523536028747135266249775724709"),
        ("exp ½", exact.exp(&half), "1.6487212707001281468486507878141635716537761"),
        ("exp 700", exact.exp(&many), "1.01423205473500450945532959523126761520467957e304"),
        ("exp −700", exact.exp(&-&many), "9.85967654375977085670537294784946510511560018e-305"),
        ("sin 1", exact.sin(&one), "0.841470984807896506652502321630298999622563061"),
        ("cos 1", exact.cos(&one), "0.540302305868139717400936607442976603732310421"),
        ("sin 100", exact.sin(&hundred), "-0.506365641109758793656557610459785432065032721"),
        ("sin 10⁶", exact.sin(&million), "-0.349993502171292952117652486780771469061406605"),
        ("cos 10⁶", exact.cos(&million), "0.936752127533144786938532535074918775708097804"),
        ("erf ½", exact.erf(&half), "0.520499877813046537682746653891964528736451576"),
        ("erf 1", exact.erf(&one), "0.842700792949714869341220635082609259296066998"),
        ("erf 3", exact.erf(&three), "0.999977909503001414558627223870417679620152293"),
        ("erf −6", exact.erf(&-six), "-0.999999999999999978480263287501086883406649601"),
    ] {
        assert_digits(name, found, written);
    }
    for i in 1..=40 {
        let x = exact.big(f64::from(i) / 10.0);
        let off = exact.erf(&x) - exact.erf_alternating(&x);
        assert!(off == Big::ZERO || exponent(&off) < -360, "erf({i}/10) by two series");
    }
}

#[test]
fn sin_and_cos_are_within_two_ulps() {
    let points = points(1, |from, share| match share {
        0..=4 => from.uniform(-100.0, 100.0),
        5 => from.scaled(-60.0, 0.0),
        6 | 7 => {
            let quarter_turns = 1 + from.0.up_to(63);
            from.near(quarter_turns as f64 * FRAC_PI_2)
        }
        8 => {
            let quarter_turns = 1 + from.0.up_to(636_618);
            from.near(quarter_turns as f64 * FRAC_PI_2)
        }
        _ => from.uniform(-1e6, 1e6),
    });
    let mut exact = Exact::new();
    largest("sin", &points, TRUSTED_ULPS, |x| {
        let value = exact.big(x);
        ulps(&exact.big(libm::sin(x)), &exact.sin(&value))
    });
    largest("cos", &points, TRUSTED_ULPS, |x| {
        let value = exact.big(x);
        ulps(&exact.big(libm::cos(x)), &exact.cos(&value))
    });
}

#[test]
fn exp_is_within_two_ulps() {
    // It takes a multiple of ln 2 off its argument: the next one from halfway between two on.
    let points = points(2, |from, share| match share {
        0..=4 => from.uniform(-700.0, 700.0),
        5 | 6 => from.uniform(-2.0, 2.0),
        7 => from.scaled(-60.0, 0.0),
        8 => from.near(0.5 * LN_2),
        _ => {
            let halves = 1 + from.0.up_to(2018);
            from.near(halves as f64 * 0.5 * LN_2)
        }
    });
    let mut exact = Exact::new();
    largest("exp", &points, TRUSTED_ULPS, |x| {
        let value = exact.big(x);
        ulps(&exact.big(libm::exp(x)), &exact.exp(&value))
    });
}

#[test]
fn erf_is_within_two_ulps() {
    let points = points(3, |from, share| match share {
        0..=3 => from.uniform(-6.0, 6.0),
        4 | 5 => from.uniform(-1.5, 1.5),
        6 => from.scaled(-40.0, 0.0),
        7 => from.scaled(-1070.0, 3.0),
        _ => {
            let branch = from.0.up_to(ERF_BRANCHES.len() as u64 - 1);
            from.near(ERF_BRANCHES[branch as usize])
        }
    });
    let mut exact = Exact::new();
    largest("erf", &points, TRUSTED_ULPS, |x| {
        let value = exact.big(x);
        ulps(&exact.big(libm::erf(x)), &exact.erf(&value))
    });
    assert_eq!(libm::erf(0.0), 0.0);
}

#[test]
fn sqrt_is_rounded_correctly() {
    let points = points(4, |from, share| match share {
        0..=4 => from.scaled(-1000.0, 1000.0).abs(),
        _ => from.uniform(0.0, 4.0),
    });
    let exact = Exact::new();
    largest("sqrt", &points, 0.5, |x| {
        assert_eq!(libm::sqrt(x), x.sqrt());
        ulps(&exact.big(x.sqrt()), &exact.big(x).sqrt())
    });
}

/// Off by at most `3u·|x|` with `u = 2⁻⁵³`, for `|x| ≥ 2⁻⁹⁰⁰`, follows from erf within 2 ulp:
/// - The factor for 1/√2 is off by less than 0.616u of itself and the product is rounded once: the
///   argument y of erf is off by 1.616u of itself. That moves erf by as much of `|y|·erf′(y)`,
///   which is at most `√(2/(πe)) < 0.4840`: 0.783u.
/// - erf is below 1, so its ulp is at most u, and 2 ulp are 2u: erf is off by 2.783u.
/// - `1 + erf` is rounded by at most u, or u/2 where it is at most 1: off by 3.783u or 3.283u.
/// - Halving x is exact. The product has half of these, 1.892u·|x| or 1.642u·|x|, and is rounded by
///   at most u·|x| or u·|x|/2: 2.892u·|x| for `x > 0`, 2.142u·|x| for `x < 0`.
///
/// Terms in u² are left out; 2.9 and 2.15 have room for them.
#[test]
fn gelu_is_off_by_at_most_what_its_roundings_add_up_to() {
    let points = points(5, |from, share| match share {
        0..=2 => from.uniform(-40.0, 40.0),
        3..=5 => from.uniform(-4.0, 4.0),
        6 => from.scaled(-40.0, 0.0),
        7 => from.scaled(-900.0, 3.0),
        _ => {
            let branch = from.0.up_to(ERF_BRANCHES.len() as u64 - 1);
            from.near(ERF_BRANCHES[branch as usize] * SQRT_2)
        }
    });
    let (above, below): (Vec<f64>, Vec<f64>) = points.iter().partition(|&&x| x > 0.0);
    let mut exact = Exact::new();
    let mut error = |x: f64| {
        let value = exact.big(x);
        let off = ((exact.big(gelu(x)) - exact.gelu(&value)) / value) << 53;
        off.to_f64().value().abs()
    };
    largest("gelu, x > 0, in 2⁻⁵³·|x|", &above, TRUSTED_GELU[0], &mut error);
    largest("gelu, x < 0, in 2⁻⁵³·|x|", &below, TRUSTED_GELU[1], &mut error);
}

/// GELU's slope has the derivative `(2 − x²)·φ(x)`: from 0 at −∞ it falls up to −√2, so it is
/// negative there; it rises from there to √2, where it is above 1, and then falls to 1. So it is 0
/// at one point only, where GELU is least.
#[test]
fn gelu_is_least_where_it_is_said_to_be() {
    let mut exact = Exact::new();
    let mut least = exact.big(-0.75);
    for _ in 0..12 {
        let (slope, bend) = exact.gelu_slopes(&least);
        least -= slope / bend;
    }
    // Newton's steps have arrived: the slope changes its sign within 10⁻¹⁰⁰.
    let near = Big::from_parts(1.into(), -333).with_precision(BITS).value();
    assert!(exact.gelu_slopes(&(&least - &near)).0 < Big::ZERO);
    assert!(exact.gelu_slopes(&(&least + &near)).0 > Big::ZERO);
    let value = exact.gelu(&least);
    assert_digits("where", least.clone(), "-0.7517915246935644574579049467795240396644711534");
    assert_digits("least", value.clone(), "-0.1699712074799036616938684709824339228328523924");

    // Each between two numbers of f64 that are next to each other.
    for (found, [low, high]) in [
        (least, [-0.7517915246935645_f64, -0.7517915246935644]),
        (value, [-0.16997120747990369_f64, -0.16997120747990366]),
    ] {
        assert_eq!(low.next_up(), high);
        assert!(exact.big(low) < found && found < exact.big(high));
    }
}
