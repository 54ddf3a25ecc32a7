//! One answer row after one digit: what attention writes there, and what is said of it.

use super::attention::LaneSums;
use super::boxed::Boxed;
use super::cases::Case;
use super::interval::Interval;
use super::readout::Readout;
use super::scalar::{Judgement, Scalar};
use std::rc::Rc;

enum Judge {
    Scalar(Box<Scalar>),
    Boxed(Boxed),
}

/// One row after one digit.
pub struct Lane {
    pub sums: LaneSums,
    judge: Judge,
}

impl Lane {
    /// Of answer row `row` after the digit `q`.
    pub fn new(readout: &Rc<Readout>, row: usize, q: usize, sums: LaneSums) -> Lane {
        if readout.write.len() > 1 {
            return Lane { sums, judge: Judge::Boxed(Boxed::new(readout, row, q)) };
        }
        let mut reach = Vec::new();
        let mut range: Option<Interval> = None;
        for carry in 0..2 {
            if sums.reach(&Case::ANY, carry, &mut reach) {
                range = Some(range.map_or(reach[0], |range| range.hull(reach[0])));
            }
        }
        let range = range.unwrap_or(Interval::ZERO);
        let scalar = Scalar::new(readout, &readout.start(row, q), range);
        Lane { sums, judge: Judge::Scalar(Box::new(scalar)) }
    }

    /// Whether anything is known of what is written, and of what is made of it.
    pub fn is_sane(&self) -> bool {
        let judge = match &self.judge {
            Judge::Scalar(scalar) => scalar.sane,
            Judge::Boxed(_) => true,
        };
        judge && self.sums.is_sane()
    }

    /// What is known of `token` where attention writes numbers in `reach`, looking at halves of halves `depth` times.
    pub fn judge(
        &self,
        token: usize,
        reach: &[Interval],
        depth: u32,
        looks: &mut u64,
    ) -> Judgement {
        match &self.judge {
            Judge::Scalar(scalar) if scalar.sane => {
                // Every addition lies in both; what the scalar allows for is for its own range.
                let s = reach[0].meet(scalar.range);
                scalar.judge(token, s.lo, s.hi, depth, looks)
            }
            Judge::Scalar(_) => {
                *looks += 1;
                Judgement::Mixed
            }
            Judge::Boxed(boxed) => boxed.judge(token, reach, depth, looks),
        }
    }
}
