//! Pixels: goldens, labels that stay apart and inside, marks, colours.

use crate::reports;
use adderscope::analysis::Report;
use adderscope::figure::{self, Content, Frame, Rect, SUBPIXELS, Subject, Theme, Tone, text};
use adderscope::png::png;
use adderscope::task::addition::Alignment;
use std::path::PathBuf;

fn reports() -> Vec<(String, Report)> {
    let made = [("made up", reports::made_up()), ("two heads", reports::two_heads())];
    let mut list: Vec<(String, Report)> = made.map(|(n, r)| (n.to_owned(), r)).into();
    for name in reports::NAMES {
        match reports::published(name) {
            Some(report) => list.push((name.to_owned(), report.clone())),
            None => eprintln!("skipped: there is no published {name}"),
        }
    }
    list
}

/// The texts of an SVG of ours, with the space that each takes.
fn texts(svg: &str) -> Vec<(String, Rect)> {
    let attribute = |tag: &str, name: &str| -> String {
        let (_, rest) = tag.split_once(&format!(" {name}=\"")).unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    svg.split("<text")
        .skip(1)
        .map(|piece| {
            let (tag, rest) = piece.split_once('>').unwrap();
            let content = rest.split_once("</text>").unwrap().0.trim();
            let content = content
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&apos;", "'")
                .replace("&amp;", "&");
            let number = |name| attribute(tag, name).parse::<f64>().unwrap() / SUBPIXELS;
            let (x, y, size) = (number("x"), number("y"), number("font-size"));
            let w = text::width(&content, size, tag.contains("font-weight"));
            let left = match attribute(tag, "text-anchor").as_str() {
                "start" => x,
                "middle" => x - w / 2.0,
                _ => x - w,
            };
            (content, Rect::new(left, y - size * 0.5, w, size))
        })
        .collect()
}

/// Half a pixel of rounding is not an overlap.
fn apart(a: &Rect, b: &Rect) -> bool {
    !a.inset(0.3, 0.3, 0.3, 0.3).meets(&b.inset(0.3, 0.3, 0.3, 0.3))
}

pub fn check_texts(what: &str, svg: &str, width: f64, height: f64) {
    let area = Rect::new(-0.5, -0.5, width + 1.0, height + 1.0);
    let texts = texts(svg);
    for (i, (text, room)) in texts.iter().enumerate() {
        assert!(area.holds(room), "{what}: {text:?} is cut off: {room:?} of {width} × {height}");
        assert!(room.h >= 9.9, "{what}: {text:?} is too small to read");
        for (other, taken) in &texts[..i] {
            assert!(apart(room, taken), "{what}: {text:?} {room:?} meets {other:?} {taken:?}");
        }
    }
}

#[test]
fn no_label_meets_another_or_is_cut_off() {
    for (name, report) in reports() {
        for alignment in Alignment::ALL {
            let subject = Subject::new(&report, alignment);
            for spec in figure::panels() {
                let panel = spec.panel(&subject);
                for width in [300.0, 343.0, 400.0, 460.0, 560.0, 640.0, 720.0, 900.0, 1300.0] {
                    for title in [false, true] {
                        let height = match title {
                            true => figure::titled_height(&panel, width),
                            false => figure::height(&panel, width),
                        };
                        let frame =
                            Frame { width, height, theme: Theme::Light, title, ground: true };
                        let svg = figure::panel_svg(&panel, frame).unwrap();
                        let what = format!("{name}, {}, {}, {width}", spec.key, alignment.name());
                        check_texts(&what, &svg, width, height);
                    }
                }
            }
            let svg = figure::figure_svg(&subject, Theme::Light, true).unwrap();
            let height = figure::figure_height(&subject);
            check_texts(&format!("{name}, figure"), &svg, figure::FIGURE_WIDTH, height);
        }
    }
}

/// Every column of panels 2 and 3 has its label, whatever the width.
#[test]
fn no_position_goes_unlabelled() {
    for (name, report) in reports() {
        for key in ["positions_01", "positions_23"] {
            let spec = figure::panel(key).unwrap();
            let panel = spec.panel(&Subject::new(&report, Alignment::Answer));
            if matches!(panel.content, Content::Note(_)) {
                continue;
            }
            for width in [300.0, 343.0, 460.0, 640.0, 900.0] {
                let height = figure::height(&panel, width);
                let frame =
                    Frame { width, height, theme: Theme::Light, title: false, ground: true };
                let shown = texts(&figure::panel_svg(&panel, frame).unwrap());
                let heads = report.shape.n_heads;
                for label in (0..10).map(|i| i.to_string()) {
                    let n = shown.iter().filter(|(t, _)| *t == label).count();
                    assert!(n >= heads, "{name}, {key}, {width}: {label} is there {n} times");
                }
            }
        }
    }
}

/// Both lines of panel 12 are named, whatever the width.
#[test]
fn no_line_goes_unnamed() {
    let spec = figure::panel("trajectory").unwrap();
    for (name, report) in reports().iter().filter(|(_, r)| r.trajectory.is_some()) {
        let panel = spec.panel(&Subject::new(report, Alignment::Answer));
        for width in [300.0, 343.0, 460.0, 900.0, 1300.0] {
            let height = figure::height(&panel, width);
            let frame = Frame { width, height, theme: Theme::Light, title: false, ground: true };
            let shown = texts(&figure::panel_svg(&panel, frame).unwrap());
            for line in ["exact match", "token accuracy"] {
                assert!(shown.iter().any(|(t, _)| t == line), "{name}, {width}: {line}");
            }
        }
    }
}

#[test]
fn marks_lie_inside_and_speak() {
    for (name, report) in reports() {
        for spec in figure::panels() {
            let panel = spec.panel(&Subject::new(&report, Alignment::Answer));
            let (width, height) = (460.0, figure::height(&panel, 460.0));
            let frame = Frame { width, height, theme: Theme::Dark, title: false, ground: true };
            let marks = figure::marks(&panel, frame);
            let empty = report.errors.answer.total() == 0 && spec.key == "error_direction";
            assert_eq!(marks.is_empty(), matches!(panel.content, Content::Note(_)) || empty);
            for mark in marks {
                assert!((0.0..=width).contains(&mark.x), "{name}, {}: {mark:?}", spec.key);
                assert!((0.0..=height).contains(&mark.y), "{name}, {}: {mark:?}", spec.key);
                assert!(!mark.label.is_empty() && !mark.value.is_empty(), "{mark:?}");
            }
        }
    }
}

/// A picture is the committed one of its name, or takes its place where `REGENERATE` is set.
pub fn check_committed(name: &str, svg: &str) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/svg");
    let file = folder.join(format!("{name}.svg"));
    if std::env::var_os("REGENERATE").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(&file, svg).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == svg,
        "{} differs. Look at it, then REGENERATE=1 cargo test --test figure",
        file.display()
    );
}

#[test]
fn pictures_are_as_committed() {
    let made = [("one", reports::made_up()), ("two", reports::two_heads())];
    for (name, report) in &made {
        for (alignment, theme) in
            [(Alignment::Answer, Theme::Light), (Alignment::Script, Theme::Dark)]
        {
            let svg = figure::figure_svg(&Subject::new(report, alignment), theme, true).unwrap();
            check_committed(&format!("{name}-{}-{}", alignment.name(), theme.name()), &svg);
        }
    }
}

#[test]
fn a_png_has_the_size_of_its_scale() {
    let report = reports::made_up();
    let spec = figure::panel("readout").unwrap();
    let panel = spec.panel(&Subject::new(&report, Alignment::Answer));
    let frame =
        Frame { width: 320.0, height: 240.0, theme: Theme::Light, title: true, ground: true };
    let svg = figure::panel_svg(&panel, frame).unwrap();
    for scale in [1.0_f32, 2.0] {
        let png = png(&svg, scale).unwrap();
        let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        assert_eq!((side(16), side(20)), ((320.0 * scale) as u32, (240.0 * scale) as u32));
    }
    assert!(png(&svg, 1000.0).is_err());
    assert!(png("not a picture", 1.0).is_err());
}

#[test]
fn colours_have_enough_contrast() {
    for theme in Theme::ALL {
        let card = theme.colour(Tone::Card);
        for tone in Tone::all() {
            let ratio = figure::contrast(theme.colour(tone), card);
            let least = match tone {
                Tone::Bg | Tone::Card | Tone::Line | Tone::Grid => continue,
                Tone::Ink => 7.0,
                // Names of lines are written in these two.
                Tone::Muted | Tone::Accent | Tone::Second => 4.5,
                _ => 3.0,
            };
            assert!(ratio >= least, "{tone:?} in {}: {ratio:.2}", theme.name());
        }
        for tone in [Tone::Ink, Tone::Muted] {
            assert!(figure::contrast(theme.colour(tone), theme.colour(Tone::Bg)) >= 4.5);
        }
        // Digits stand inside of the dots of panel 1.
        assert!(figure::contrast(card, theme.colour(Tone::Accent)) >= 4.5);
    }
}

#[test]
fn the_attention_scale_gets_steadily_darker_or_lighter() {
    for theme in Theme::ALL {
        let card = theme.colour(Tone::Card);
        let contrasts: Vec<f64> = (2..=50)
            .map(|i| figure::contrast(theme.attention(f64::from(i) / 50.0), card))
            .collect();
        let rising = contrasts.windows(2).filter(|w| w[1] >= w[0] - 0.02).count();
        let first = if theme == Theme::Light { 0 } else { 12 };
        assert!(rising + first >= contrasts.len() - 1, "{}: {contrasts:?}", theme.name());
        assert_eq!(theme.attention(7.0), theme.attention(1.0));
    }
}

#[test]
fn the_style_sheet_has_each_colour_for_both_themes() {
    let css = figure::theme_css();
    for tone in Tone::all() {
        assert_eq!(css.matches(&format!("--{}:#", tone.name())).count(), 3, "{css}");
    }
    assert!(css.contains(
        "@media (prefers-color-scheme: dark){:is(:root,.adderscope):not([data-theme=light])"
    ));
    assert!(
        css.contains(":is(:root,.adderscope)[data-theme=dark]")
            && css.contains("color-scheme:dark")
    );
}
