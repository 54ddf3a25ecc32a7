//! Panel 2: positions in Q/K space, the first two dimensions.

use super::positions;
use crate::panel::{PanelSpec, whole};
use crate::section::Section;

pub const SPEC: PanelSpec = PanelSpec {
    key: "positions_01",
    number: 2,
    title: "Queries and keys, dims 0 and 1",
    script_title: Some("Q/K positions, dims 0 and 1"),
    section: Section::Geometry,
    wide: false,
    named: [2, 2],
    under: whole,
    build: |subject| positions::build(subject, [0, 1]),
};
