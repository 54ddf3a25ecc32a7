//! Numbers as people read them. The figure, the page and the command line share these.

/// A whole number with its thousands apart: `80 000`. The space is narrow and does not break.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// A share of one as a percentage, never rounded up to 100 or down to 0: `87.4 %`, `> 99.9 %`.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        p if p > 0.0 && p < 0.05 => "< 0.1 %".into(),
        p if (99.95..100.0).contains(&p) => "> 99.9 %".into(),
        p if p.fract() == 0.0 => format!("{p:.0} %"),
        p => format!("{p:.1} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let plain = |n| grouped(n).replace('\u{202f}', " ");
        assert_eq!(plain(7), "7");
        assert_eq!(plain(999), "999");
        assert_eq!(plain(10_010), "10 010");
        assert_eq!(plain(9_999_999_999), "9 999 999 999");
    }

    #[test]
    fn rounding_never_claims_all_or_nothing() {
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent(0.9999), "> 99.9 %");
        assert_eq!(percent(0.0001), "< 0.1 %");
        assert_eq!(percent(0.0), "0 %");
        assert_eq!(percent(0.8743), "87.4 %");
    }
}
