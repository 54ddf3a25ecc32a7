//! Panels and the whole figure on a surface, with titles where they are exported.

use super::error::Error;
use super::panel::{Content, Panel};
use super::panels::FIGURE;
use super::render::{self, Canvas, Mark};
use super::subject::Subject;
use super::surface::{Align, Nowhere, Rect, SUBPIXELS, Surface, Type};
use super::text::{self, BODY, LEADING, SMALL, TITLE};
use super::theme::{Theme, Tone};
use analysis::Report;
use numbers::listed::Listed;
use numbers::words;
use plotters_svg::SVGBackend;
use task::addition::Alignment;

/// Width of the whole figure in CSS pixels.
pub const FIGURE_WIDTH: f64 = 1680.0;
/// Columns of the whole figure, as in the script's.
const COLUMNS: usize = 4;
const HEADING: f64 = 86.0;
const MARGIN: f64 = 24.0;
const GAP: f64 = 16.0;
const PADDING: f64 = 14.0;
/// How far a chart of the whole figure stretches.
const STRETCH: f64 = 1.2;
/// Height of an aside below its title.
const ASIDE: f64 = 17.0;

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
    /// Whether there is a ground below it: without one it lies on whatever is there.
    pub ground: bool,
}

impl Frame {
    /// Fills the whole drawing as a card and returns its area.
    fn card(&self, canvas: &mut Canvas<'_, '_>) -> Rect {
        let area = Rect::new(0.0, 0.0, self.width, self.height);
        if self.ground {
            let card = canvas.theme.colour(Tone::Card);
            canvas.surface.fill(area, card);
        }
        area
    }
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

/// Draws one panel.
///
/// # Errors
/// The backend failed.
pub fn draw_panel(mut surface: Surface<'_>, panel: &Panel, frame: Frame) -> Result<(), Error> {
    draw_framed(&mut Canvas::new(&mut surface, frame.theme), panel, frame);
    surface.finish()
}

/// What [`draw_panel`] draws where, in the order of reading. Drawing does not say it by the
/// way: a page draws at every frame and is pointed at once in a while.
pub fn marks(panel: &Panel, frame: Frame) -> Vec<Mark> {
    marks_of(frame, |canvas| draw_framed(canvas, panel, frame))
}

fn marks_of(frame: Frame, draw: impl FnOnce(&mut Canvas<'_, '_>)) -> Vec<Mark> {
    let mut nowhere = Nowhere;
    let mut surface = Surface::nowhere(&mut nowhere);
    let mut canvas = Canvas::new(&mut surface, frame.theme);
    canvas.marks = Some(Vec::new());
    draw(&mut canvas);
    canvas.marks.unwrap_or_default()
}

fn draw_framed(canvas: &mut Canvas<'_, '_>, panel: &Panel, frame: Frame) {
    if frame.title {
        let area = frame.card(canvas);
        draw_titled(canvas, panel, area);
    } else {
        draw_untitled(canvas, panel, frame);
    }
}

fn draw_untitled(canvas: &mut Canvas<'_, '_>, panel: &Panel, frame: Frame) {
    let area = frame.card(canvas);
    draw_content(canvas, panel, area.inset(2.0, 2.0, 2.0, 2.0));
}

/// Draws a panel that is not in the registry, without a title.
///
/// # Errors
/// The backend failed.
pub fn draw_bare(mut surface: Surface<'_>, panel: &Panel, frame: Frame) -> Result<(), Error> {
    draw_untitled(&mut Canvas::new(&mut surface, frame.theme), panel, frame);
    surface.finish()
}

/// What [`draw_bare`] draws where.
pub fn bare_marks(panel: &Panel, frame: Frame) -> Vec<Mark> {
    marks_of(frame, |canvas| draw_untitled(canvas, panel, frame))
}

/// Draws the script's twelve panels under a heading, in the script's three rows of four.
///
/// * `ground` - whether there is one below them
///
/// # Errors
/// The backend failed.
pub fn draw_figure(
    mut surface: Surface<'_>,
    subject: &Subject,
    theme: Theme,
    ground: bool,
) -> Result<(), Error> {
    let layout = Layout::new(subject);
    let mut canvas = Canvas::new(&mut surface, theme);
    let whole = Rect::new(0.0, 0.0, FIGURE_WIDTH, layout.height);
    if ground {
        canvas.surface.fill(whole, theme.colour(Tone::Bg));
    }
    draw_heading(&mut canvas, subject);
    for (panel, place) in layout.panels.iter().zip(&layout.places) {
        if ground {
            canvas.surface.fill(*place, theme.colour(Tone::Card));
        }
        // A chart does not stretch far to fill a row that another one made tall.
        let h = place.h.min(STRETCH * titled_height(panel, place.w));
        draw_titled(&mut canvas, panel, Rect { h, ..*place });
    }
    surface.finish()
}

/// The panels of the whole figure and their places: rows are as tall as their tallest.
struct Layout {
    panels: Vec<Panel>,
    places: Vec<Rect>,
    height: f64,
}

impl Layout {
    fn new(subject: &Subject) -> Layout {
        let w = (FIGURE_WIDTH - 2.0 * MARGIN - GAP * (COLUMNS as f64 - 1.0)) / COLUMNS as f64;
        let panels: Vec<Panel> = FIGURE.iter().map(|spec| spec.panel(subject)).listed();
        let mut places = Vec::new();
        let mut y = HEADING;
        for row in panels.chunks(COLUMNS) {
            let tallest = row.iter().map(|panel| titled_height(panel, w));
            let h = tallest.fold(0.0, f64::max);
            for i in 0..row.len() {
                places.push(Rect::new(MARGIN + i as f64 * (w + GAP), y, w, h));
            }
            y += h + GAP;
        }
        Layout { panels, places, height: (y - GAP + MARGIN).round() }
    }
}

/// Height of the whole figure in CSS pixels.
pub fn figure_height(subject: &Subject) -> f64 {
    Layout::new(subject).height
}

/// The model in a line: `62 parameters, step 80 000, 87.5 % exact match`; an edited one says so.
pub fn heading(report: &Report) -> String {
    let mut heading = format!("{} parameters", report.param_count);
    if report.edited {
        heading.push_str(", edited by hand");
    }
    if let Some(step) = report.step {
        heading.push_str(&format!(", step {}", words::count(step)));
    }
    if let Some(exact) = report.metric("exact_match") {
        heading.push_str(&format!(", {} % exact match", words::short(100.0 * exact)));
    }
    heading
}

fn draw_heading(canvas: &mut Canvas<'_, '_>, subject: &Subject) {
    let Subject { report, alignment, .. } = *subject;
    let ink = Type::new(22.0, canvas.theme.colour(Tone::Ink), Align::Left).bold();
    canvas.surface.text(&heading(report), MARGIN, 34.0, ink);
    let how = match alignment {
        Alignment::Answer => "answer alignment: rows are named after the digit that they predict",
        Alignment::Script => {
            "script alignment: rows and labels as the original script has them, \
                              one place late from + on"
        }
    };
    let line = format!("{} checkpoint, {how}", super::facts::capitalised(&report.family));
    let line = if report.off.is_empty() { line } else { format!("{} {line}", report.off) };
    let muted = Type::new(13.0, canvas.theme.colour(Tone::Muted), Align::Left);
    canvas.surface.text(&line, MARGIN, 61.0, muted);
}

/// The lines above a panel's chart.
struct TitleBlock {
    /// The aside has a line of its own.
    aside_below: bool,
    sentence: Vec<String>,
    height: f64,
}

impl TitleBlock {
    fn new(panel: &Panel, width: f64) -> TitleBlock {
        let title = text::width(panel.title, TITLE, true) + 12.0;
        let aside_below = title + text::width(&panel.aside, SMALL, false) > width;
        let sentence = text::wrap(&panel.sentence, BODY, width);
        let lines = sentence.len() as f64 * BODY * LEADING;
        let height = TITLE + if aside_below { ASIDE } else { 0.0 } + lines + 9.0;
        TitleBlock { aside_below, sentence, height }
    }
}

/// The height that suits a panel of this width with its title; in CSS pixels.
pub fn titled_height(panel: &Panel, width: f64) -> f64 {
    let inner = width - 2.0 * PADDING;
    let block = TitleBlock::new(panel, inner);
    (block.height + height(panel, inner) + 2.0 * PADDING - 4.0).round()
}

/// A panel with title, aside and sentence above it.
fn draw_titled(canvas: &mut Canvas<'_, '_>, panel: &Panel, place: Rect) {
    let area = place.inset(PADDING, PADDING, PADDING, PADDING - 4.0);
    let block = TitleBlock::new(panel, area.w);
    let ink = Type::new(TITLE, canvas.theme.colour(Tone::Ink), Align::Left).bold();
    let muted = canvas.theme.colour(Tone::Muted);
    let mut y = area.y + TITLE / 2.0;
    canvas.surface.text(&text::fit(panel.title, TITLE, true, area.w), area.x, y, ink);
    if block.aside_below {
        y += ASIDE;
        let aside = text::fit(&panel.aside, SMALL, false, area.w);
        canvas.surface.text(&aside, area.x, y, Type::new(SMALL, muted, Align::Left));
    } else {
        let aside = Type::new(SMALL, muted, Align::Right);
        canvas.surface.text(&panel.aside, area.right(), y, aside);
    }
    y += 3.0;
    for line in &block.sentence {
        y += BODY * LEADING;
        canvas.surface.text(line, area.x, y, Type::new(BODY, muted, Align::Left));
    }
    draw_content(canvas, panel, area.inset(0.0, block.height, 0.0, 0.0));
}

fn draw_content(canvas: &mut Canvas<'_, '_>, panel: &Panel, area: Rect) {
    match &panel.content {
        Content::Chart(chart) => render::draw(canvas, chart, area),
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
pub fn panel_svg(panel: &Panel, frame: Frame) -> Result<String, Error> {
    let name = format!("{}. {}", panel.title, panel.sentence);
    svg(frame.width, frame.height, &name, |surface| draw_panel(surface, panel, frame))
}

/// The whole figure as an SVG document.
///
/// # Errors
/// The backend failed.
pub fn figure_svg(subject: &Subject, theme: Theme, ground: bool) -> Result<String, Error> {
    svg(FIGURE_WIDTH, figure_height(subject), &heading(subject.report), |surface| {
        draw_figure(surface, subject, theme, ground)
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
    let inner = body.split_once('\n').map_or("", |(_, inner)| inner);
    let name = name.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {} {}\" role=\"img\">\n<title>{name}</title>\n{inner}",
        units.0, units.1
    ))
}
