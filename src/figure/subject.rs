//! What panels see, and how they are asked to look at it.

use analysis::Report;
use analysis::extremes::Extremes;
use analysis::map::Map;
use analysis::ruler::Ruler;
use serde::Serialize;
use task::addition::Alignment;

/// What the axes are made for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Scales {
    /// The model that is shown.
    #[default]
    Snapshot,
    /// All snapshots of its run, so that nothing moves but the model. A model that is not of a run has its own scales.
    Run,
}

impl Scales {
    /// Both, the default first.
    pub const ALL: [Scales; 2] = [Scales::Snapshot, Scales::Run];

    /// The word used in options.
    pub fn name(self) -> &'static str {
        match self {
            Scales::Snapshot => "snapshot",
            Scales::Run => "run",
        }
    }

    /// The scales called `name`.
    pub fn of_name(name: &str) -> Option<Scales> {
        Scales::ALL.into_iter().find(|s| s.name() == name)
    }
}

/// How a model is looked at: what is chosen, not found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// How answer rows are chosen and named.
    pub alignment: Alignment,
    /// What the axes are made for.
    pub scales: Scales,
}

impl View {
    /// All views.
    pub fn all() -> impl Iterator<Item = View> {
        let with = |alignment| Scales::ALL.map(|scales| View { alignment, scales });
        Alignment::ALL.into_iter().flat_map(with)
    }
}

/// Which share of all additions the model of a snapshot answers right, in exact arithmetic: between these bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExactShare {
    /// The snapshot's training step.
    pub step: u64,
    /// This share is certainly right. It is 1 only where every addition is.
    pub at_least: f64,
    /// No larger share is. It is decided where the two are the same.
    pub at_most: f64,
}

impl ExactShare {
    /// Whether it is known.
    pub fn is_decided(&self) -> bool {
        self.at_least == self.at_most
    }
}

/// What panels see.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The model.
    pub report: &'a Report,
    /// The same without its edits. Panels are built of the model alone; what moved is then outlined, and axes hold both.
    pub beside: Option<&'a Report>,
    /// How answer rows are chosen and named.
    pub alignment: Alignment,
    /// What axes must hold beside the model; `None` where they fit it alone.
    pub scales: Option<&'a Extremes>,
    /// What is known of the snapshots of its run over all additions, in the order of their steps.
    pub exact: &'a [ExactShare],
    /// What is known of it over all additions, case by case, once that was decided.
    pub map: Option<&'a Map>,
    /// The ruler of an answer digit of one addition, where someone looks at one.
    pub ruler: Option<&'a Ruler>,
}

impl<'a> Subject<'a> {
    /// A model alone, on scales that fit it.
    pub fn new(report: &'a Report, alignment: Alignment) -> Subject<'a> {
        let (beside, scales, map, ruler) = Default::default();
        Subject { report, beside, alignment, scales, exact: &[], map, ruler }
    }
}
