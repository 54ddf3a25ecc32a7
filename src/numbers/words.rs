//! Numbers as people read them, and lists of names. The figure, the page and the command
//! line share these.

/// A whole number with its thousands apart: `8 738`. The space is narrow and does not break.
pub fn grouped(number: impl Into<u128>) -> String {
    grouped_digits(&number.into().to_string())
}

/// The same of a number of any size that is already a text.
pub fn grouped_digits(digits: &str) -> String {
    let mut text = String::with_capacity(2 * digits.len());
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// A count in running text: thousands apart, but four digits stay together, as in `3000`.
pub fn count(number: u64) -> String {
    if number < 10_000 { number.to_string() } else { grouped(number) }
}

/// A percentage, never rounded up to 100 or down to 0: `43.6 %`, `> 99.9 %`.
pub fn percent(value: f64) -> String {
    match value {
        0.0 => "0 %".into(),
        100.0 => "100 %".into(),
        v if v > 0.0 && v < 0.05 => "< 0.1 %".into(),
        v if (99.95..100.0).contains(&v) => "> 99.9 %".into(),
        v => format!("{v:.1} %"),
    }
}

/// Numbers from here on are written with an exponent: nobody counts their digits.
const LARGE: f64 = 1e15;

/// A number of `decimals` decimals with a true minus sign and no `−0`; a large one like `1.5e30`.
pub fn fixed(v: f64, decimals: usize) -> String {
    let text = if v.abs() < LARGE { format!("{v:.decimals$}") } else { format!("{v:.1e}") };
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|b| matches!(b, b'0' | b'.')) => rest.to_owned(),
        Some(rest) => format!("−{rest}"),
        None => text,
    }
}

/// A number for drawings: two decimals, more for small ones; very small and large ones with an exponent.
pub fn number(v: f64) -> String {
    let size = v.abs();
    let decimals = match size {
        s if (100.0..1e7).contains(&s) => 1,
        s if (0.1..100.0).contains(&s) || s == 0.0 => 2,
        s if (0.01..0.1).contains(&s) => 3,
        s if (0.001..0.01).contains(&s) => 4,
        _ => return format!("{v:.1e}").replace('-', "−"),
    };
    fixed(v, decimals)
}

/// A pair for drawings: `(7.65, 0.23)`.
pub fn pair((x, y): (f64, f64)) -> String {
    format!("({}, {})", number(x), number(y))
}

/// A number without trailing zeros, for a few decimals at most: `2.5`, `50`.
pub fn short(v: f64) -> String {
    if v.abs() >= LARGE {
        return fixed(v, 2);
    }
    let text = format!("{v:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A number for tables: five significant digits, plain ASCII.
pub fn exact(v: f64) -> String {
    let size = v.abs();
    if v == 0.0 {
        return "0".into();
    }
    if !(1e-4..1e9).contains(&size) {
        return format!("{v:.4e}");
    }
    let mut decimals: usize = 4;
    let mut bound = 10.0;
    while size >= bound && decimals > 0 {
        bound *= 10.0;
        decimals -= 1;
    }
    let mut bound = 1.0;
    while size < bound {
        bound /= 10.0;
        decimals += 1;
    }
    format!("{v:.decimals$}")
}

/// `Z1`, `Z1 and Z9`, `Z1, Z2 and Z9`.
pub fn list<S: AsRef<str>>(names: &[S]) -> String {
    match names {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let plain = |text: String| text.replace('\u{202f}', " ");
        assert_eq!(plain(grouped(999_u64)), "999");
        assert_eq!(plain(grouped(8738_u64)), "8 738");
        assert_eq!(plain(grouped(9_999_999_999_u64)), "9 999 999 999");
        assert_eq!(plain(count(3000)), "3000");
        assert_eq!(plain(count(80_000)), "80 000");
    }

    #[test]
    fn rounding_never_claims_all_or_nothing() {
        assert_eq!(percent(100.0), "100 %");
        assert_eq!(percent(99.99), "> 99.9 %");
        assert_eq!(percent(43.61), "43.6 %");
        assert_eq!(percent(0.01), "< 0.1 %");
        assert_eq!(percent(0.0), "0 %");
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(number(-38.011), "−38.01");
        assert_eq!(number(-0.001), "−0.0010");
        assert_eq!(number(0.0), "0.00");
        assert_eq!(pair((7.654, 0.23)), "(7.65, 0.23)");
        assert_eq!(short(50.0), "50");
        assert_eq!(list(&["Z1", "Z2", "Z9"]), "Z1, Z2 and Z9");
    }

    #[test]
    fn tables_keep_five_digits() {
        for (v, text) in [
            (0.435_98, "0.43598"),
            (-85.887_878, "-85.888"),
            (7.25, "7.2500"),
            (12_345.678, "12346"),
            (0.001_234_56, "0.0012346"),
            (0.0, "0"),
            (-6.82e-8, "-6.8200e-8"),
        ] {
            assert_eq!(exact(v), text);
        }
    }
}
