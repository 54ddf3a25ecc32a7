//! Panels and the whole figure on a surface, with titles where they are exported.

use super::chart::{self, Canvas, Mark};
use super::panel::{Content, Panel, PanelSpec};
use super::surface::{Align, Rect, SUBPIXELS, Surface, Type};
use super::text::{self, BODY, LEADING, SMALL, TITLE};
use super::theme::{Theme, Tone};
use super::{Error, PANELS, words};
use crate::addition::Alignment;
use crate::analysis::Report;
use plotters_svg::SVGBackend;

/// Width of the whole figure in CSS pixels.
pub const FIGURE_WIDTH: f64 = 1680.0;
/// Columns of the whole figure, as in the script's.
const COLUMNS: usize = 4;
const ROWS: usize = 3;
/// Height of a panel in the whole figure, title included.
const ROW_HEIGHT: f64 = 420.0;
const HEADING: f64 = 86.0;
const MARGIN: f64 = 24.0;
const GAP: f64 = 16.0;
const PADDING: f64 = 14.0;

/// The size and look of a drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Width in CSS pixels.
    pub width: f64,
    /// Height in CSS pixels.
    pub height: f64,
    /// Colours.
    pub theme: Theme,
    /// Whether title, aside and sentence are part of the drawing. On a page they are
    /// text of the page; in a file they belong to it.
    pub title: bool,
}

/// The height that suits a panel of this width, without title; in CSS pixels.
pub fn height(panel: &Panel, width: f64) -> f64 {
    match &panel.content {
        Content::Chart(chart) => chart.height(width),
        Content::Note(text) => {
            let lines = text::wrap(text, BODY, width - 2.0 * PADDING).len();
            (lines as f64 * BODY * LEADING + 48.0).round()
        }
    }
}

/// The height that suits a panel of this width with its title, aside and sentence.
pub fn titled_height(panel: &Panel, width: f64) -> f64 {
    let inner = width - 2.0 * PADDING;
    let lines = text::wrap(&panel.sentence, BODY, inner).len() as f64;
    height(panel, inner) + 2.0 * PADDING + 27.0 + (lines + 1.0) * BODY * LEADING
}

/// Draws one panel; returns its marks in the order of reading.
///
/// # Errors
/// The backend failed.
pub fn draw_panel(
    mut surface: Surface<'_>,
    spec: &PanelSpec,
    panel: &Panel,
    frame: Frame,
) -> Result<Vec<Mark>, Error> {
    let area = Rect::new(0.0, 0.0, frame.width, frame.height);
    let mut canvas = Canvas { surface: &mut surface, theme: frame.theme, marks: Vec::new() };
    let card = canvas.theme.colour(Tone::Card);
    canvas.surface.fill(area, card);
    if frame.title {
        draw_titled(&mut canvas, spec, panel, area);
    } else {
        draw_content(&mut canvas, panel, area.inset(2.0, 2.0, 2.0, 2.0));
    }
    let marks = canvas.marks;
    surface.finish()?;
    Ok(marks)
}

/// Draws all twelve panels under a heading, in the script's three rows of four. Returns
/// the marks of each panel.
///
/// # Errors
/// The backend failed.
pub fn draw_figure(
    mut surface: Surface<'_>,
    report: &Report,
    alignment: Alignment,
    theme: Theme,
) -> Result<Vec<Vec<Mark>>, Error> {
    let area = Rect::new(0.0, 0.0, FIGURE_WIDTH, figure_height());
    let mut canvas = Canvas { surface: &mut surface, theme, marks: Vec::new() };
    canvas.surface.fill(area, theme.colour(Tone::Bg));
    draw_heading(&mut canvas, report, alignment);
    let w = (area.w - 2.0 * MARGIN - GAP * (COLUMNS as f64 - 1.0)) / COLUMNS as f64;
    let mut all = Vec::new();
    for (i, spec) in PANELS.iter().enumerate() {
        let (row, column) = ((i / COLUMNS) as f64, (i % COLUMNS) as f64);
        let (x, y) = (MARGIN + column * (w + GAP), HEADING + row * (ROW_HEIGHT + GAP));
        let place = Rect::new(x, y, w, ROW_HEIGHT);
        canvas.surface.fill(place, theme.colour(Tone::Card));
        draw_titled(&mut canvas, spec, &(spec.build)(report, alignment), place);
        all.push(std::mem::take(&mut canvas.marks));
    }
    surface.finish()?;
    Ok(all)
}

/// Height of the whole figure in CSS pixels.
pub fn figure_height() -> f64 {
    HEADING + ROWS as f64 * (ROW_HEIGHT + GAP) - GAP + MARGIN
}

/// The model in a line: `62 parameters, step 80 000, 87.5 % exact match`.
pub fn heading(report: &Report) -> String {
    let mut heading = format!("{} parameters", report.param_count);
    if let Some(step) = report.step {
        heading.push_str(&format!(", step {}", words::count(step)));
    }
    if let Some(exact) = report.metric("exact_match") {
        heading.push_str(&format!(", {} % exact match", words::short(100.0 * exact)));
    }
    heading
}

fn draw_heading(canvas: &mut Canvas<'_, '_>, report: &Report, alignment: Alignment) {
    let ink = Type::new(22.0, canvas.theme.colour(Tone::Ink), Align::Left).bold();
    canvas.surface.text(&heading(report), MARGIN, 34.0, ink);
    let how = match alignment {
        Alignment::Answer => "answer alignment: rows are named after the digit that they predict",
        Alignment::Script => {
            "script alignment: rows and labels as the original script has them, \
                              one place late from + on"
        }
    };
    let line = format!("{} naming, {how}", super::facts::capitalised(&report.family));
    let muted = Type::new(13.0, canvas.theme.colour(Tone::Muted), Align::Left);
    canvas.surface.text(&line, MARGIN, 61.0, muted);
}

/// A panel with title, aside and sentence above it.
fn draw_titled(canvas: &mut Canvas<'_, '_>, spec: &PanelSpec, panel: &Panel, place: Rect) {
    let area = place.inset(PADDING, PADDING, PADDING, PADDING - 4.0);
    let ink = Type::new(TITLE, canvas.theme.colour(Tone::Ink), Align::Left).bold();
    let muted = canvas.theme.colour(Tone::Muted);
    let title = canvas.surface.text(spec.title, area.x, area.y + 7.0, ink);
    let mut y = area.y + 7.0;
    let aside = Type::new(SMALL, muted, Align::Right);
    if title.right() + 12.0 + text::width(&panel.aside, SMALL, false) <= area.right() {
        canvas.surface.text(&panel.aside, area.right(), y, aside);
    } else {
        y += 17.0;
        let aside = Type { align: Align::Left, ..aside };
        canvas.surface.text(&text::fit(&panel.aside, SMALL, false, area.w), area.x, y, aside);
    }
    let body = Type::new(BODY, muted, Align::Left);
    y += 3.0;
    for line in text::wrap(&panel.sentence, BODY, area.w) {
        y += BODY * LEADING;
        canvas.surface.text(&line, area.x, y, body);
    }
    let top = y + BODY - area.y;
    draw_content(canvas, panel, area.inset(0.0, top, 0.0, 0.0));
}

fn draw_content(canvas: &mut Canvas<'_, '_>, panel: &Panel, area: Rect) {
    match &panel.content {
        Content::Chart(chart) => chart::draw(canvas, chart, area),
        Content::Note(note) => {
            let lines = text::wrap(note, BODY, area.w - 2.0 * PADDING);
            let muted = Type::new(BODY, canvas.theme.colour(Tone::Muted), Align::Centre);
            let step = BODY * LEADING;
            let first = area.y + area.h / 2.0 - (lines.len() as f64 - 1.0) * step / 2.0;
            for (i, line) in lines.iter().enumerate() {
                let y = first + i as f64 * step;
                canvas.surface.text(line, area.x + area.w / 2.0, y, muted);
            }
        }
    }
}

/// One panel as an SVG document.
///
/// # Errors
/// The backend failed.
pub fn panel_svg(spec: &PanelSpec, panel: &Panel, frame: Frame) -> Result<String, Error> {
    let name = format!("{}. {}", spec.title, panel.sentence);
    svg(frame.width, frame.height, &name, |surface| {
        draw_panel(surface, spec, panel, frame).map(drop)
    })
}

/// The whole figure as an SVG document.
///
/// # Errors
/// The backend failed.
pub fn figure_svg(report: &Report, alignment: Alignment, theme: Theme) -> Result<String, Error> {
    svg(FIGURE_WIDTH, figure_height(), &heading(report), |surface| {
        draw_figure(surface, report, alignment, theme).map(drop)
    })
}

/// plotters-svg gives the document the size of its view box, which is ours times
/// [`SUBPIXELS`]; so its opening tag is replaced, and says what the picture is.
fn svg(
    width: f64,
    height: f64,
    name: &str,
    draw: impl FnOnce(Surface<'_>) -> Result<(), Error>,
) -> Result<String, Error> {
    let units = ((width * SUBPIXELS) as u32, (height * SUBPIXELS) as u32);
    let mut body = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut body, units);
        draw(Surface::svg(&mut backend))?;
    }
    let inner = body.split_once(">\n").map_or("", |(_, inner)| inner);
    let name = name.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {} {}\" role=\"img\">\n<title>{name}</title>\n{inner}",
        units.0, units.1
    ))
}
