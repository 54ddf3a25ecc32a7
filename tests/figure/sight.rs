//! Groups of places and series keep apart for who sees no red, no green or no blue: arithmetic over the theme's own colours.

use figure::{Theme, Tone, contrast};
use plotters::style::RGBColor;

/// What a kind of sight makes of linear red, green and blue: Machado, Oliveira and Fernandes (2009), at full severity.
const SIGHTS: [(&str, [[f64; 3]; 3]); 4] = [
    ("all colours", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "no red",
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
    ),
    (
        "no green",
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
    ),
    (
        "no blue",
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    ),
];

/// Tones that stand beside each other and are told apart by their colour, beside their names and places.
const BESIDE: [&[Tone]; 2] =
    [&[Tone::X, Tone::Y, Tone::Z, Tone::Carry, Tone::Special], &[Tone::Accent, Tone::Second]];

/// The least distance in Oklab, where what one can just see is some 0.02.
const LEAST: f64 = 0.075;

fn product(rows: &[[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
    rows.map(|[a, b, c]| a * v[0] + b * v[1] + c * v[2])
}

fn linear(RGBColor(r, g, b): RGBColor) -> [f64; 3] {
    [r, g, b].map(|c| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    })
}

/// Ottosson's Oklab, in which equal distances look equal.
fn oklab(rgb: [f64; 3]) -> [f64; 3] {
    let cones = product(
        &[
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ],
        rgb,
    );
    product(
        &[
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ],
        cones.map(f64::cbrt),
    )
}

#[test]
fn groups_and_series_stay_apart_for_every_kind_of_sight() {
    for theme in Theme::ALL {
        for (sight, matrix) in &SIGHTS {
            let seen = |tone: Tone| {
                let rgb = product(matrix, linear(theme.colour(tone)));
                oklab(rgb.map(|c| c.clamp(0.0, 1.0)))
            };
            for tones in BESIDE {
                for (i, &a) in tones.iter().enumerate() {
                    for &b in tones.iter().skip(i + 1) {
                        let (from, to) = (seen(a), seen(b));
                        let squares: f64 = (0..3).map(|k| (from[k] - to[k]).powi(2)).sum();
                        let apart = squares.sqrt();
                        let name = theme.name();
                        assert!(
                            apart >= LEAST,
                            "{name}, {sight}: {a:?} and {b:?} are {apart:.3} apart"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn the_sign_of_a_difference_can_be_read_on_every_colour_of_its_scale() {
    for theme in Theme::ALL {
        for step in -100..=100 {
            let from_zero = f64::from(step) / 100.0;
            let fill = theme.signed(0.5 + 0.5 * from_zero);
            let ratio = contrast(theme.colour(Theme::on_signed(from_zero)), fill);
            assert!(ratio >= 3.0, "{}, {from_zero}: {ratio:.2}", theme.name());
        }
    }
}
