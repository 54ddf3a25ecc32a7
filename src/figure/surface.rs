//! A drawing surface in CSS pixels over any plotters backend.
//!
//! Backends take whole numbers, which makes rings wobble and bars uneven. So the surface
//! hands them tenths of a pixel ([`SUBPIXELS`]): an SVG gets a view box ten times its
//! size, a canvas a transform by `device pixel ratio / 10`. It asks a backend for
//! neither its size nor the size of a text, which is what differs between native code,
//! a page and a Worker.

use super::error::Error;
use super::text::{self, FAMILY};
use plotters::style::{Color, RGBColor, ShapeStyle};
use plotters_backend::text_anchor::{HPos, Pos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendTextStyle, DrawingBackend, FontFamily, FontStyle,
    FontTransform,
};
use std::convert::Infallible;

/// Backend units per CSS pixel.
pub const SUBPIXELS: f64 = 10.0;
/// plotters-svg divides text heights by this; a canvas does not.
const SVG_TEXT: f64 = 1.24;
/// Both backends put "centred" text a little low for digits and capitals.
const CENTRING: f64 = 0.07;

/// A rectangle: left, top, width, height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

impl Rect {
    /// A rectangle from its left, top, width and height.
    pub fn new(x: f64, y: f64, w: f64, h: f64) -> Rect {
        Rect { x, y, w, h }
    }

    /// A rectangle around a centre.
    pub fn around(x: f64, y: f64, w: f64, h: f64) -> Rect {
        Rect::new(x - w / 2.0, y - h / 2.0, w, h)
    }

    /// Right edge.
    pub fn right(&self) -> f64 {
        self.x + self.w
    }

    /// Bottom edge.
    pub fn bottom(&self) -> f64 {
        self.y + self.h
    }

    /// The rectangle without margins.
    pub fn inset(&self, left: f64, top: f64, right: f64, bottom: f64) -> Rect {
        let (w, h) = ((self.w - left - right).max(1.0), (self.h - top - bottom).max(1.0));
        Rect::new(self.x + left, self.y + top, w, h)
    }

    /// Whether the two share an area.
    pub fn meets(&self, other: &Rect) -> bool {
        self.x < other.right()
            && other.x < self.right()
            && self.y < other.bottom()
            && other.y < self.bottom()
    }

    /// Whether `other` lies inside.
    pub fn holds(&self, other: &Rect) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && self.right() >= other.right()
            && self.bottom() >= other.bottom()
    }
}

/// Which side of a point a text stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// It begins at the point.
    Left,
    /// Its middle is at the point.
    Centre,
    /// It ends at the point.
    Right,
}

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub struct Type {
    /// Height in CSS pixels.
    pub size: f64,
    /// Colour.
    pub colour: RGBColor,
    /// Bold or regular.
    pub bold: bool,
    /// Horizontal anchor; vertically a text is always centred.
    pub align: Align,
}

impl Type {
    /// Regular text.
    pub fn new(size: f64, colour: RGBColor, align: Align) -> Type {
        Type { size, colour, bold: false, align }
    }

    /// The same in bold.
    pub fn bold(self) -> Type {
        Type { bold: true, ..self }
    }
}

/// A surface in CSS pixels. The first error of the backend is kept for
/// [`Surface::finish`]; drawing goes on, so that drawing code needs no `?` per line.
pub struct Surface<'a> {
    backend: &'a mut dyn Backend,
    text_scale: f64,
    error: Option<String>,
    points: Vec<BackendCoord>,
}

impl<'a> Surface<'a> {
    /// Draws on a canvas whose transform is `device pixel ratio / `[`SUBPIXELS`].
    pub fn canvas<B: DrawingBackend>(backend: &'a mut B) -> Surface<'a> {
        Surface::new(backend, 1.0)
    }

    /// Draws on an SVG backend that is [`SUBPIXELS`] times the drawing's size.
    pub fn svg<B: DrawingBackend>(backend: &'a mut B) -> Surface<'a> {
        Surface::new(backend, SVG_TEXT)
    }

    /// Draws nothing: for what drawing finds out by the way.
    pub(super) fn nowhere(nowhere: &'a mut Nowhere) -> Surface<'a> {
        Surface::new(nowhere, 1.0)
    }

    fn new(backend: &'a mut dyn Backend, text_scale: f64) -> Surface<'a> {
        Surface { backend, text_scale, error: None, points: Vec::new() }
    }

    /// Whether all of it could be drawn.
    ///
    /// # Errors
    /// The first error of the backend.
    pub fn finish(self) -> Result<(), Error> {
        let error = self.error.or(self.backend.present().err());
        error.map_or(Ok(()), |e| Err(Error::Backend(e)))
    }

    fn keep(&mut self, result: Result<(), String>) {
        if let Err(e) = result {
            self.error.get_or_insert(e);
        }
    }

    /// A filled rectangle.
    pub fn fill(&mut self, r: Rect, colour: impl Color) {
        let (a, b) = (unit(r.x, r.y), unit(r.right(), r.bottom()));
        let result = self.backend.rect(a, b, &colour.filled());
        self.keep(result);
    }

    /// A filled disc.
    pub fn disc(&mut self, x: f64, y: f64, r: f64, colour: impl Color) {
        let radius = (r * SUBPIXELS).round().max(1.0) as u32;
        let result = self.backend.circle(unit(x, y), radius, &colour.filled());
        self.keep(result);
    }

    /// A line through `points`.
    pub fn line(&mut self, points: &[(f64, f64)], width: f64, colour: impl Color) {
        let style = colour.stroke_width((width * SUBPIXELS).round() as u32);
        self.with_points(points, |backend, points| backend.path(points, &style));
    }

    /// A filled polygon.
    pub fn polygon(&mut self, points: &[(f64, f64)], colour: impl Color) {
        let style = colour.filled();
        self.with_points(points, |backend, points| backend.polygon(points, &style));
    }

    fn with_points(
        &mut self,
        points: &[(f64, f64)],
        draw: impl FnOnce(&mut dyn Backend, &[BackendCoord]) -> Result<(), String>,
    ) {
        self.points.clear();
        self.points.extend(points.iter().map(|&(x, y)| unit(x, y)));
        let result = draw(self.backend, &self.points);
        self.keep(result);
    }

    /// A crisp horizontal rule of one pixel.
    pub fn rule_h(&mut self, x0: f64, x1: f64, y: f64, colour: impl Color) {
        self.fill(Rect::new(x0, y.round(), x1 - x0, 1.0), colour);
    }

    /// A crisp vertical rule of one pixel.
    pub fn rule_v(&mut self, x: f64, y0: f64, y1: f64, colour: impl Color) {
        self.fill(Rect::new(x.round(), y0, 1.0, y1 - y0), colour);
    }

    /// A text at `(x, y)`, vertically centred there. Returns the space that it takes.
    pub fn text(&mut self, text: &str, x: f64, y: f64, kind: Type) -> Rect {
        if !text.is_empty() {
            let style = TextStyle { kind, scale: self.text_scale };
            let at = unit(x, y - CENTRING * kind.size);
            let result = self.backend.text(text, &style, at);
            self.keep(result);
        }
        text_box(text, x, y, kind)
    }
}

/// The space that a text takes.
pub fn text_box(text: &str, x: f64, y: f64, kind: Type) -> Rect {
    let (w, h) = (text::width(text, kind.size, kind.bold), kind.size * 1.15);
    let left = match kind.align {
        Align::Left => x,
        Align::Centre => x - w / 2.0,
        Align::Right => x - w,
    };
    Rect::new(left, y - h / 2.0, w, h)
}

fn unit(x: f64, y: f64) -> BackendCoord {
    ((x * SUBPIXELS).round() as i32, (y * SUBPIXELS).round() as i32)
}

/// What the surface needs of a backend, without its type: the drawing code is compiled
/// once, not once per backend.
trait Backend {
    fn rect(&mut self, a: BackendCoord, b: BackendCoord, s: &ShapeStyle) -> Result<(), String>;
    fn circle(&mut self, at: BackendCoord, r: u32, s: &ShapeStyle) -> Result<(), String>;
    fn path(&mut self, points: &[BackendCoord], s: &ShapeStyle) -> Result<(), String>;
    fn polygon(&mut self, points: &[BackendCoord], s: &ShapeStyle) -> Result<(), String>;
    fn text(&mut self, text: &str, s: &TextStyle, at: BackendCoord) -> Result<(), String>;
    fn present(&mut self) -> Result<(), String>;
}

impl<B: DrawingBackend> Backend for B {
    fn rect(&mut self, a: BackendCoord, b: BackendCoord, s: &ShapeStyle) -> Result<(), String> {
        self.draw_rect(a, b, s, true).map_err(|e| e.to_string())
    }

    fn circle(&mut self, at: BackendCoord, r: u32, s: &ShapeStyle) -> Result<(), String> {
        self.draw_circle(at, r, s, true).map_err(|e| e.to_string())
    }

    fn path(&mut self, points: &[BackendCoord], s: &ShapeStyle) -> Result<(), String> {
        self.draw_path(points.iter().copied(), s).map_err(|e| e.to_string())
    }

    fn polygon(&mut self, points: &[BackendCoord], s: &ShapeStyle) -> Result<(), String> {
        self.fill_polygon(points.iter().copied(), s).map_err(|e| e.to_string())
    }

    fn text(&mut self, text: &str, s: &TextStyle, at: BackendCoord) -> Result<(), String> {
        self.draw_text(text, s, at).map_err(|e| e.to_string())
    }

    fn present(&mut self) -> Result<(), String> {
        DrawingBackend::present(self).map_err(|e| e.to_string())
    }
}

/// A backend without pixels.
pub(super) struct Nowhere;

impl Backend for Nowhere {
    fn rect(&mut self, _: BackendCoord, _: BackendCoord, _: &ShapeStyle) -> Result<(), String> {
        Ok(())
    }

    fn circle(&mut self, _: BackendCoord, _: u32, _: &ShapeStyle) -> Result<(), String> {
        Ok(())
    }

    fn path(&mut self, _: &[BackendCoord], _: &ShapeStyle) -> Result<(), String> {
        Ok(())
    }

    fn polygon(&mut self, _: &[BackendCoord], _: &ShapeStyle) -> Result<(), String> {
        Ok(())
    }

    fn text(&mut self, _: &str, _: &TextStyle, _: BackendCoord) -> Result<(), String> {
        Ok(())
    }

    fn present(&mut self) -> Result<(), String> {
        Ok(())
    }
}

struct TextStyle {
    kind: Type,
    scale: f64,
}

impl BackendTextStyle for TextStyle {
    type FontError = Infallible;

    fn color(&self) -> BackendColor {
        self.kind.colour.to_backend_color()
    }

    fn size(&self) -> f64 {
        self.kind.size * SUBPIXELS * self.scale
    }

    fn style(&self) -> FontStyle {
        if self.kind.bold { FontStyle::Bold } else { FontStyle::Normal }
    }

    fn transform(&self) -> FontTransform {
        FontTransform::None
    }

    fn anchor(&self) -> Pos {
        let h_pos = match self.kind.align {
            Align::Left => HPos::Left,
            Align::Centre => HPos::Center,
            Align::Right => HPos::Right,
        };
        Pos::new(h_pos, VPos::Center)
    }

    fn family(&self) -> FontFamily<'_> {
        FontFamily::Name(FAMILY)
    }

    fn layout_box(&self, text: &str) -> Result<((i32, i32), (i32, i32)), Infallible> {
        let width = text::width(text, self.size(), self.kind.bold);
        Ok(((0, 0), (width.round() as i32, self.size().round() as i32)))
    }

    /// For backends that paint letters themselves; ours do not.
    fn draw<E, F: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        _: &str,
        _: BackendCoord,
        _: F,
    ) -> Result<Result<(), E>, Infallible> {
        Ok(Ok(()))
    }
}
