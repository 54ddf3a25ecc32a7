//! The twelve panels.
//!
//! ```text
//! Report → panels/*.rs → Panel (words, table, chart as data) → chart/ → Surface → canvas | SVG
//! ```
//!
//! A panel file turns numbers into a description and knows no pixels. One renderer draws
//! every description over plotters' `DrawingBackend`, in the colours of a [`Theme`], and
//! says what it drew where. [`PANELS`] is the one list of panels.

mod built;
pub mod chart;
mod draw;
mod facts;
mod panel;
mod panels;
mod section;
pub mod seeds;
mod surface;
pub mod text;
mod theme;

pub use built::Figure;
pub use chart::Mark;
pub use draw::{
    FIGURE_WIDTH, Frame, bare_marks, draw_bare, draw_figure, draw_panel, figure_height, figure_svg,
    heading, height, marks, panel_svg, titled_height,
};
pub use panel::{Content, Panel, PanelSpec, Table};
pub use panels::PANELS;
pub use section::Section;
pub use surface::{Rect, SUBPIXELS, Surface};
pub use theme::{Theme, Tone, contrast, theme_css};

/// The panel called `key`.
pub fn panel(key: &str) -> Option<&'static PanelSpec> {
    PANELS.iter().copied().find(|p| p.key == key)
}

/// What can go wrong in drawing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The backend could not draw.
    #[error("the drawing failed: {0}")]
    Backend(String),
}
