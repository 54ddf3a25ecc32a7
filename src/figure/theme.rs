//! Colours: the one definition of each, for drawings and for the page's style sheet.
//!
//! Groups keep their colour in every panel. They come from Okabe and Ito's palette, made
//! darker on light and lighter on dark until graphical marks reach a contrast of 3:1 and
//! text 4.5:1 against the card, and until they stay apart for who sees no red, no green or no blue.

use plotters::style::RGBColor;
use std::fmt::Write;
use task::addition::Group;

/// Which of the two palettes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    /// Dark ink on light cards.
    #[default]
    Light,
    /// Light ink on dark cards.
    Dark,
}

/// What a colour is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Behind the cards.
    Bg,
    /// Behind a panel.
    Card,
    /// Titles and values.
    Ink,
    /// Axis labels and sentences.
    Muted,
    /// Axis lines and borders.
    Line,
    /// Grid lines.
    Grid,
    /// This model, and controls.
    Accent,
    /// A second series beside the accent.
    Second,
    /// Digits of the first number.
    X,
    /// Digits of the second number.
    Y,
    /// Digits of the answer.
    Z,
    /// Carries, and Z10.
    Carry,
    /// PLUS, EQUALS, EOS; references.
    Special,
    /// At most 1 % wrong.
    Good,
    /// More than 1 % wrong.
    Middling,
    /// More than 5 % wrong.
    Bad,
}

/// Each tone: its CSS name, its light and its dark colour.
const TONES: [(Tone, &str, u32, u32); 16] = [
    (Tone::Bg, "bg", 0xfbfbf9, 0x121316),
    (Tone::Card, "card", 0xffffff, 0x191b1f),
    (Tone::Ink, "ink", 0x1c1c20, 0xececee),
    (Tone::Muted, "muted", 0x5f5f68, 0xa8a9b2),
    (Tone::Line, "line", 0xdcdbd6, 0x3a3d45),
    (Tone::Grid, "grid", 0xefeeea, 0x26282e),
    (Tone::Accent, "accent", 0x3b4cca, 0x9aa7ff),
    (Tone::Second, "second", 0xa34d7d, 0xdd8fb8),
    (Tone::X, "x", 0x0477b6, 0x62abe0),
    (Tone::Y, "y", 0xc58300, 0xf0b840),
    (Tone::Z, "z", 0x296f59, 0x08d3a5),
    (Tone::Carry, "carry", 0xc44e00, 0xf68d66),
    (Tone::Special, "special", 0x767a86, 0x91939c),
    (Tone::Good, "good", 0x3d872f, 0x7cc46b),
    (Tone::Middling, "middling", 0xc27200, 0xf2ae49),
    (Tone::Bad, "bad", 0xb3261e, 0xff7a70),
];

impl Tone {
    /// All tones.
    pub fn all() -> impl Iterator<Item = Tone> {
        TONES.iter().map(|t| t.0)
    }

    /// The tone of a group of places.
    pub fn of(group: Group) -> Tone {
        match group {
            Group::X => Tone::X,
            Group::Y => Tone::Y,
            Group::Z => Tone::Z,
            Group::CarryOut => Tone::Carry,
            Group::Special => Tone::Special,
        }
    }

    /// The name of its CSS custom property, without the dashes.
    pub fn name(self) -> &'static str {
        TONES[self as usize].1
    }
}

impl Theme {
    /// Both themes, the default first.
    pub const ALL: [Theme; 2] = [Theme::Light, Theme::Dark];

    /// The word used in options and on the page.
    pub fn name(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The theme called `name`.
    pub fn of_name(name: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|t| t.name() == name)
    }

    /// The colour of `tone`.
    pub fn colour(self, tone: Tone) -> RGBColor {
        let (_, _, light, dark) = TONES[tone as usize];
        let [_, r, g, b] = if self == Theme::Light { light } else { dark }.to_be_bytes();
        RGBColor(r, g, b)
    }

    /// The colour of an attention weight, `share` of the scale's top. Magma is
    /// perceptually uniform; it runs from the card's lightness to the opposite end, and
    /// stops short of the end that would vanish into the card.
    pub fn attention(self, share: f64) -> RGBColor {
        let share = share.clamp(0.0, 1.0);
        let at = match self {
            Theme::Light => 0.97 - 0.87 * share,
            Theme::Dark => 0.02 + 0.93 * share,
        };
        let c = colorous::MAGMA.eval_continuous(at);
        let colour = RGBColor(c.r, c.g, c.b);
        match self {
            // Magma's light end is a strong yellow; most weights are nearly zero and
            // should be quiet.
            Theme::Light if share < FAINT => mix(self.colour(Tone::Grid), colour, share / FAINT),
            _ => colour,
        }
    }

    /// The colour of a difference, from 0, as far below zero as the scale goes, to 1; zero is the colour of the grid.
    pub fn signed(self, share: f64) -> RGBColor {
        let from_zero = 2.0 * share.clamp(0.0, 1.0) - 1.0;
        let tone = if from_zero < 0.0 { Tone::X } else { Tone::Carry };
        mix(self.colour(Tone::Grid), self.colour(tone), from_zero.abs())
    }

    /// What can be read on the colour of a difference, from -1 to 1, in either theme: ink as long as that is pale.
    pub fn on_signed(from_zero: f64) -> Tone {
        if from_zero.abs() < PALE { Tone::Ink } else { Tone::Card }
    }

    /// The colour of a right answer, by how far its digit leads, from 0 to 1.
    pub fn lead(self, share: f64) -> RGBColor {
        let share = LEAST_LEAD + (1.0 - LEAST_LEAD) * share.clamp(0.0, 1.0);
        mix(self.colour(Tone::Card), self.colour(Tone::Good), share)
    }

    /// The colour of a ruler's segment: quiet, on the lane that matters stronger, and strongest where the needle points.
    pub fn stretch(self, own: bool, odd: bool, here: bool) -> RGBColor {
        let share = match (own, odd) {
            _ if here => 0.48,
            (true, true) => 0.3,
            (true, false) => 0.14,
            (false, true) => 0.13,
            (false, false) => 0.05,
        };
        mix(self.colour(Tone::Card), self.colour(Tone::Accent), share)
    }

    fn declarations(self) -> String {
        let mut css = format!("color-scheme:{};", self.name());
        for (tone, name, ..) in TONES {
            let RGBColor(r, g, b) = self.colour(tone);
            // Writing to a string cannot fail.
            let _ = write!(css, "--{name}:#{r:02x}{g:02x}{b:02x};");
        }
        css
    }
}

/// Below this share of its scale a difference is pale.
const PALE: f64 = 0.7;
/// How much of its colour the smallest lead has.
const LEAST_LEAD: f64 = 0.2;
/// Below this share of the scale the light map fades to the colour of the grid.
const FAINT: f64 = 0.12;

/// The colour `share` of the way from `a` to `b`.
fn mix(a: RGBColor, b: RGBColor, share: f64) -> RGBColor {
    let between = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share) as u8;
    RGBColor(between(a.0, b.0), between(a.1, b.1), between(a.2, b.2))
}

/// The page's colours as CSS custom properties: light, dark where the system asks for
/// it, and either where `data-theme` says so, on the root or on one AdderScope of several.
pub fn theme_css() -> String {
    let (light, dark) = (Theme::Light.declarations(), Theme::Dark.declarations());
    format!(
        ":is(:root,.adderscope){{{light}}}\n\
         @media (prefers-color-scheme: dark){{:is(:root,.adderscope):not([data-theme=light]){{{dark}}}}}\n\
         :is(:root,.adderscope)[data-theme=dark]{{{dark}}}\n"
    )
}

/// The contrast ratio of WCAG 2 between two colours, 1 to 21.
pub fn contrast(a: RGBColor, b: RGBColor) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(RGBColor(r, g, b): RGBColor) -> f64 {
    let linear = |v: u8| {
        let v = f64::from(v) / 255.0;
        if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}
