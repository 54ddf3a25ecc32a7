//! The six questions that the panels answer.

use super::facts;
use super::subject::Subject;
use analysis::Report;
use numbers::words;
use task::addition::{Alignment, DIGITS};

/// A question, and the heading of its panels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Section {
    /// Panels 1 to 3.
    Geometry,
    /// Panels 4 and 5.
    Attention,
    /// Panels 6 to 8.
    Errors,
    /// Panels 9 to 11.
    Weights,
    /// Panel 12.
    Training,
    /// Panels 13 and 14.
    Exact,
}

impl Section {
    /// All sections, in order.
    pub const ALL: [Section; 6] = [
        Section::Geometry,
        Section::Attention,
        Section::Errors,
        Section::Weights,
        Section::Training,
        Section::Exact,
    ];

    /// Its name in URLs and on the page.
    pub fn key(self) -> &'static str {
        match self {
            Section::Geometry => "geometry",
            Section::Attention => "attention",
            Section::Errors => "errors",
            Section::Weights => "weights",
            Section::Training => "training",
            Section::Exact => "exact",
        }
    }

    /// The question.
    pub fn question(self) -> &'static str {
        match self {
            Section::Geometry => "Where do digits and positions live?",
            Section::Attention => "Who looks at whom?",
            Section::Errors => "What goes wrong, and where?",
            Section::Weights => "How does it read and write?",
            Section::Training => "How did it get there?",
            Section::Exact => "Is it always right?",
        }
    }

    /// One sentence about this model.
    pub fn sentence(self, subject: &Subject) -> String {
        let Subject { report, alignment, .. } = *subject;
        match self {
            Section::Geometry => geometry(report),
            Section::Attention => match alignment {
                Alignment::Answer => facts::who_reads_what(report),
                Alignment::Script => "The script's labels are one place late from + on, and its \
                    rows start two late: A0 is the row that predicts Z2."
                    .into(),
            },
            Section::Errors => errors(report, alignment),
            Section::Weights => weights(report),
            Section::Training => training(report),
            Section::Exact => "All 10²⁰ additions, by what an answer digit hangs on first of all: the digit before \
                it, the carry that comes in, and the sum of its column."
                .into(),
        }
    }
}

fn geometry(report: &Report) -> String {
    let digits = match report.geometry.arc {
        Some(_) => "Ten digits lie on one arc",
        None => "Ten digits each have a learned place",
    };
    let shared = (0..DIGITS).all(|i| facts::shares_position(report, i));
    let positions = if shared {
        "ten columns each have one position, which X, Y and Z share"
    } else {
        "positions differ between X, Y and Z"
    };
    format!("{digits}; {positions}.")
}

fn errors(report: &Report, alignment: Alignment) -> String {
    let e = report.errors.of(alignment);
    let which = match alignment {
        Alignment::Answer => "in all eleven digits",
        Alignment::Script => "in the eleven rows that the script counts (Z1 to Z10 and EOS)",
    };
    format!("{} seeded random additions, teacher-forced: {} of them right {which}.", e.n, e.n_exact)
}

fn weights(report: &Report) -> String {
    match (&report.rank1, report.shape.out_proj_rank) {
        (Some(_), _) => "What attention finds passes through a single number: read along A, \
                         written along B."
            .into(),
        (None, Some(rank)) => {
            format!(
                "What attention finds passes through {rank} numbers, so there is no single readout."
            )
        }
        (None, None) => {
            "The output projection is a full matrix: there is no single readout.".into()
        }
    }
}

fn training(report: &Report) -> String {
    match report.trajectory.as_deref() {
        None => "The run's log would tell; this checkpoint came without one.".into(),
        Some([]) => "The log holds no evaluations.".into(),
        Some([first, .., last]) => format!(
            "{} evaluations, from step {} to step {}.",
            report.trajectory.as_ref().map_or(0, Vec::len),
            words::count(first.step),
            words::count(last.step)
        ),
        Some([one]) => format!("One evaluation, at step {}.", words::count(one.step)),
    }
}
