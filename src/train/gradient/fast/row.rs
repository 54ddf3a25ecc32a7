//! What one answer row of a block takes in and gives back.

use super::math::TOK;
use model::engine::{Digits, LANES, Lanes, ZERO, splat};

/// One answer row of a block: what comes in, and what goes back.
pub(super) struct Row {
    /// The embedding that the row reads.
    pub embed: [Lanes; TOK],
    /// What attention writes, by slot.
    pub slots: Vec<Lanes>,
    /// The token to predict, as a number.
    pub target: Lanes,
    /// 1 for lanes in use, 0 for others.
    pub live: Lanes,
    /// Gradient of the embedding.
    pub d_embed: [Lanes; TOK],
    /// Gradient of the slots.
    pub d_slots: Vec<Lanes>,
    /// Product over rows of `Σ exp(logit − largest)`, each from 1 to 14: its logarithm is
    /// taken once.
    pub sums: Lanes,
    /// Largest logit less the target's, summed over rows, in units of ln 2.
    pub behind: Lanes,
}

impl Row {
    pub fn new(slots: usize) -> Row {
        Row {
            embed: [ZERO; TOK],
            slots: vec![ZERO; slots],
            target: ZERO,
            live: ZERO,
            d_embed: [ZERO; TOK],
            d_slots: vec![ZERO; slots],
            sums: ZERO,
            behind: ZERO,
        }
    }

    /// Before the first row of a block with `len` lanes in use.
    pub fn start(&mut self, len: usize) {
        self.live = bytemuck::cast(std::array::from_fn::<f32, LANES, _>(|i| f32::from(i < len)));
        self.sums = [splat(1.0); LANES / 4];
        self.behind = ZERO;
    }

    /// The tokens to predict.
    pub fn aim(&mut self, target: &Digits) {
        self.target = bytemuck::cast(target.map(f32::from));
    }

    /// Sum of the block's losses, over the first `len` lanes.
    pub fn loss(&self, len: usize) -> f64 {
        let (sums, behind): (&[f32; LANES], &[f32; LANES]) =
            (bytemuck::cast_ref(&self.sums), bytemuck::cast_ref(&self.behind));
        let mut loss = 0.0;
        // Sixteen factors stay far inside the range of f64.
        for (sums, behind) in sums[..len].chunks(16).zip(behind[..len].chunks(16)) {
            let product = sums.iter().fold(1.0, |p, s| p * f64::from(*s));
            let behind = behind.iter().fold(0.0, |b, v| b + f64::from(*v));
            loss += libm::log(product) + behind * std::f64::consts::LN_2;
        }
        loss
    }
}
