//! The panels: the script's twelve, and what stands beside them.
//!
//! ```text
//! Subject → panels/*.rs → Panel (words, table, chart as data) → render/ → Surface → canvas | SVG
//! ```
//!
//! A [`Subject`] is a report and how it is looked at. A panel file turns numbers into a description ([`chart`]) and
//! knows no pixels. One renderer draws every description over plotters' `DrawingBackend`, in the colours of a
//! [`Theme`], and says what it drew where, and what each [`Mark`] stands for. [`FIGURE`] and
//! [`BESIDE`] are the one list of panels.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod built;
pub mod chart;
mod draw;
mod error;
mod facts;
mod ghost;
mod landscape;
mod pair;
mod panel;
mod panels;
mod render;
mod section;
pub mod seeds;
mod subject;
mod surface;
pub mod text;
mod theme;
mod thin;

pub use built::Figure;
pub use draw::{
    FIGURE_WIDTH, Frame, bare_marks, draw_bare, draw_figure, draw_panel, figure_height, figure_svg,
    heading, height, marks, panel_svg, titled_height,
};
pub use error::Error;
pub use landscape::{Own, landscape};
pub use pair::{Pair, Shown, is_map};
pub use panel::{Content, Panel, PanelSpec, Table};
pub use panels::{BESIDE, CaseText, FIGURE, case_text, panel, panels, ruler_sentence};
pub use render::Mark;
pub use section::Section;
pub use subject::{ExactShare, Scales, Subject, View};
pub use surface::{Rect, SUBPIXELS, Surface};
pub use theme::{Theme, Tone, contrast, theme_css};
