//! How far one number can go to one side.

use super::Goal;
use super::report::{Kept, Side};
use crate::exact::{Firm, Verdict};

/// How far a number is followed: so many times its size, or that of 1 where it is smaller.
pub const REACH: f64 = 10.0;

/// The first step, by the number's size.
const FIRST: f64 = 1e-3;
/// Numbers that are smaller than this take the steps of one of this size.
const SMALL: f64 = 1e-2;
/// An edge is found where what is kept and what is lost are so near, by their distance from the number.
const NEAR: f64 = 0.01;
/// Pieces that are proven, or not, at most.
const PIECES: usize = 48;
/// The narrowest piece, by the whole range.
const NARROWEST: f64 = 1.0 / 4096.0;
/// Values that are tried where nothing is proven.
const SAMPLES: usize = 16;

enum Phase {
    /// Goes out until it is lost, each time twice as far.
    Out {
        distance: f64,
    },
    /// Halves what is between kept and lost.
    Edge,
    /// Proves piece after piece.
    Prove {
        step: f64,
        pieces: usize,
        grows: bool,
    },
    /// Tries values where nothing is proven.
    Sample {
        next: usize,
    },
    Done,
}

/// One side of a number, in the making. Distances are from the number's value.
pub struct Search {
    value: f64,
    sign: f64,
    /// All smaller ones are certain.
    proven: f64,
    /// The largest that was tried and is kept, before any that is not.
    kept: f64,
    /// The smallest that was tried and is not certainly kept.
    not_kept: f64,
    /// The smallest that was tried and is lost.
    lost: Option<f64>,
    /// Distances that were tried and are kept.
    tried: Vec<f64>,
    phase: Phase,
}

impl Search {
    /// From `value` on, towards larger values or, where `sign` is −1, smaller ones.
    pub fn new(value: f32, sign: f64) -> Search {
        let value = f64::from(value);
        Search {
            value,
            sign,
            proven: 0.0,
            kept: 0.0,
            not_kept: f64::INFINITY,
            lost: None,
            tried: vec![],
            phase: Phase::Out { distance: value.abs().max(SMALL) * FIRST },
        }
    }

    /// Of a number that nothing depends on.
    pub fn free(value: f32, sign: f64) -> Search {
        let mut search = Search::new(value, sign);
        search.proven = search.limit();
        search.kept = search.proven;
        search.phase = Phase::Done;
        search
    }

    fn limit(&self) -> f64 {
        REACH * self.value.abs().max(1.0)
    }

    /// The value at a distance; where that is one of an `f32`, just that one.
    fn at(&self, distance: f64) -> f64 {
        let value = self.value + self.sign * distance;
        let stored = f64::from(value as f32);
        if self.distance(stored) == distance { stored } else { value }
    }

    fn distance(&self, value: f64) -> f64 {
        (value - self.value) * self.sign
    }

    /// What is known so far.
    pub fn side(&self) -> Side {
        Side {
            proven: self.at(self.proven),
            kept: self.at(self.kept.max(self.proven)),
            lost: self.lost.map(|lost| self.at(lost)),
            tried: self.tried.iter().filter(|d| **d > self.proven && **d <= self.kept).count(),
        }
    }

    /// Whether there is nothing left to do.
    pub fn is_done(&self) -> bool {
        matches!(self.phase, Phase::Done)
    }

    /// Roughly how much is done, from 0 to 1.
    pub fn progress(&self) -> f64 {
        match self.phase {
            Phase::Out { .. } => 0.0,
            Phase::Edge => 0.25,
            Phase::Prove { .. } => 0.5 + 0.4 * self.proven / self.kept.max(f64::MIN_POSITIVE),
            Phase::Sample { .. } => 0.9,
            Phase::Done => 1.0,
        }
    }

    /// Does a piece of the work: one verdict, or one proof.
    pub fn step(&mut self, firm: &mut Firm, goal: &Goal) {
        match self.phase {
            Phase::Out { distance } => self.go_out(firm, goal, distance),
            Phase::Edge => {
                if self.not_kept - self.kept <= NEAR * self.not_kept
                    || self.try_at(firm, goal, 0.5 * (self.kept + self.not_kept)).is_none()
                {
                    self.begin_proof(goal);
                }
            }
            Phase::Prove { step, pieces, grows } => self.prove(firm, step, pieces, grows),
            Phase::Sample { next } => {
                let part = (next + 1) as f64 / (SAMPLES + 1) as f64;
                let from = self.proven;
                self.phase = Phase::Sample { next: next + 1 };
                self.try_at(firm, goal, from + (self.kept - from) * part);
                if next + 1 >= SAMPLES {
                    self.phase = Phase::Done;
                }
            }
            Phase::Done => {}
        }
    }

    fn go_out(&mut self, firm: &mut Firm, goal: &Goal, distance: f64) {
        let limit = self.limit();
        self.try_at(firm, goal, distance.min(limit));
        if self.not_kept.is_finite() {
            self.phase = Phase::Edge;
        } else if distance >= limit {
            self.begin_proof(goal);
        } else {
            self.phase = Phase::Out { distance: 2.0 * distance };
        }
    }

    /// What is known at the `f32` next to a distance; nothing where that is one of the two ends that are known.
    fn try_at(&mut self, firm: &mut Firm, goal: &Goal, distance: f64) -> Option<Verdict> {
        let value = f64::from(self.at(distance) as f32);
        let distance = self.distance(value);
        if !(distance > 0.0) || distance == self.kept || distance >= self.not_kept {
            return None;
        }
        let verdict = match goal.kept {
            Kept::Right => firm.at(value),
            Kept::Part { .. } => goal.verdict(firm.count_at(value)),
        };
        if verdict == Verdict::Right {
            self.tried.push(distance);
        } else {
            self.not_kept = distance;
        }
        if verdict == Verdict::Wrong {
            self.lost = Some(distance);
        }
        let before = self.tried.iter().copied().filter(|tried| *tried < self.not_kept);
        self.kept = before.fold(0.0, f64::max).max(self.proven);
        Some(verdict)
    }

    fn begin_proof(&mut self, goal: &Goal) {
        self.phase = match goal.kept {
            Kept::Right if self.kept > 0.0 => {
                Phase::Prove { step: self.kept, pieces: 0, grows: false }
            }
            Kept::Part { .. } if self.kept > 0.0 => Phase::Sample { next: 0 },
            _ => Phase::Done,
        };
    }

    fn prove(&mut self, firm: &mut Firm, step: f64, pieces: usize, grows: bool) {
        // The last piece is not to leave a sliver.
        let to = if self.proven + 1.2 * step >= self.kept { self.kept } else { self.proven + step };
        let proven = firm.between(self.at(self.proven), self.at(to));
        if proven {
            self.proven = to;
        }
        let pieces = pieces + 1;
        let next = match (proven, grows) {
            (false, _) => 0.5 * step,
            (true, true) => 1.5 * step,
            (true, false) => step,
        };
        self.phase = if self.proven >= self.kept {
            Phase::Done
        } else if pieces >= PIECES || next < NARROWEST * self.kept {
            Phase::Sample { next: 0 }
        } else {
            Phase::Prove { step: next, pieces, grows: proven }
        };
    }
}
