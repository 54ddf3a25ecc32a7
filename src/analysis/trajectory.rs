//! How it got there: the data of panel 12.

use numbers::listed::Listed;

pub use model::file::Evaluation;

/// The evaluations of a run log. Lines without one are left out.
pub fn trajectory(log: &[Evaluation]) -> Vec<Evaluation> {
    let evaluated = log.iter().filter(|e| e.val_exact.is_some() || e.val_tok_acc.is_some());
    evaluated.copied().listed()
}
