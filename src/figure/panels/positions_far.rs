//! Panel 3: positions in Q/K space, the next two dimensions.

use super::positions;
use crate::panel::{PanelSpec, whole};
use crate::section::Section;

pub const SPEC: PanelSpec = PanelSpec {
    key: "positions_23",
    number: 3,
    title: "Queries and keys, dims 2 and 3",
    script_title: Some("Q/K positions, dims 2 and 3"),
    section: Section::Geometry,
    wide: false,
    named: [2, 2],
    under: whole,
    build: |subject| positions::build(subject, [2, 3]),
};
