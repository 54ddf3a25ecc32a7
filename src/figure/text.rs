//! How wide a text is, and where it breaks.
//!
//! Nothing here asks the browser: a Worker has no `window` to measure with, and the same
//! drawing must come out native and in wasm. Widths are those of DejaVu Sans, which is
//! wider than the fonts of the usual systems, so what fits here fits there.

/// The fonts of drawings; the first one that a system has is used.
pub const FAMILY: &str =
    "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue','DejaVu Sans',sans-serif";
// Heights are chosen among those that plotters-svg's division by 1.24 returns exactly.

/// Text height of titles.
pub const TITLE: f64 = 14.0;
/// Text height of sentences and legends.
pub const BODY: f64 = 12.2;
/// Text height of labels and ticks; nothing is smaller.
pub const SMALL: f64 = 10.6;
/// Distance between lines, in text heights.
pub const LEADING: f64 = 1.4;

/// Advances of U+0020 to U+007E in hundredths of the text height.
const REGULAR: [u8; 95] = [
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75,
    79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35,
    63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
];
/// Bold text is at most this much wider, letter for letter ("J" aside).
const BOLD: f64 = 1.17;

/// The width of `text` at height `size`.
pub fn width(text: &str, size: f64, bold: bool) -> f64 {
    let hundredths: u32 = text.chars().map(|c| u32::from(advance(c))).sum();
    f64::from(hundredths) / 100.0 * size * if bold { BOLD } else { 1.0 }
}

fn advance(c: char) -> u8 {
    match c {
        ' '..='~' => REGULAR[c as usize - 32],
        '°' | '–' => 50,
        '·' | '’' | '\u{a0}' | '\u{202f}' => 32,
        '−' | '≥' | '≤' | '→' | '←' | '×' => 84,
        _ => 100,
    }
}

/// Breaks `text` into lines of at most `limit` wide. A single word that is wider stays
/// whole; a number stays with its unit and its thousands.
pub fn wrap(text: &str, size: f64, limit: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let space = width(" ", size, false);
    for word in words(text) {
        let needed = space + width(word, size, false);
        match lines.last_mut() {
            Some(line) if width(line, size, false) + needed <= limit => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Cuts `text` to at most `limit` wide, with an ellipsis where something is lost.
pub fn fit(text: &str, size: f64, bold: bool, limit: f64) -> String {
    if width(text, size, bold) <= limit {
        return text.to_owned();
    }
    let mut cut = text.to_owned();
    while cut.pop().is_some() {
        let candidate = format!("{}…", cut.trim_end());
        if width(&candidate, size, bold) <= limit {
            return candidate;
        }
    }
    String::new()
}

/// Words, where `3 000` and `5 %` are one.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text.trim();
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .char_indices()
            .find(|&(i, c)| c == ' ' && !glued(&rest[..i], &rest[i + 1..]))
            .map_or(rest.len(), |(i, _)| i);
        let (word, tail) = rest.split_at(end);
        rest = tail.trim_start();
        Some(word)
    })
}

fn glued(before: &str, after: &str) -> bool {
    let number = before.ends_with(|c: char| c.is_ascii_digit());
    let thousands = after.len() >= 3 && after.bytes().take(3).all(|b| b.is_ascii_digit());
    let unit = after.starts_with('%') || after.starts_with("k ");
    (number && (unit || thousands)) || before.ends_with(" =") || after.starts_with("= ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_within_the_limit_and_lose_nothing() {
        let text = "Z1 and Z9 fail most: 3.4 % and 2.5 % of 3 000 additions, A = 7.7.";
        for limit in [60.0, 100.0, 180.0, 400.0] {
            let lines = wrap(text, BODY, limit);
            assert_eq!(lines.join(" "), text);
            for line in &lines {
                assert!(width(line, BODY, false) <= limit || !line.contains(", "), "{line}");
            }
        }
        assert!(wrap(text, BODY, 60.0).iter().any(|l| l.contains("3.4 %")));
    }

    #[test]
    fn what_does_not_fit_is_cut_with_an_ellipsis() {
        assert_eq!(fit("EQUALS", 10.0, false, 100.0), "EQUALS");
        let cut = fit("EQUALS", 10.0, false, 30.0);
        assert!(cut.ends_with('…') && width(&cut, 10.0, false) <= 30.0);
    }
}
