//! What changes as a run goes on: learning rate, carry-heavy share, weight decay.
//!
//! `step` counts the updates done before.

use super::settings::Settings;
use formats::LogEntry;
use std::f64::consts::PI;

/// Share of right additions and of right tokens from which weight decay is a tenth.
const ONSET: (f64, f64) = (0.02, 0.7);
/// Share of right additions from which it is a hundredth.
const LOCKED: f64 = 0.2;

/// Linear over `warmup` updates, then along half a cosine from `lr` down to
/// `final_lr · lr` at `steps`, where it stays.
pub fn learning_rate(settings: &Settings, step: u64) -> f64 {
    let Settings { lr, warmup, steps, final_lr, .. } = settings;
    if step < *warmup {
        return lr * (step + 1) as f64 / *warmup as f64;
    }
    let progress = (step - warmup) as f64 / steps.saturating_sub(*warmup).max(1) as f64;
    let progress = progress.min(1.0);
    let floor = lr * final_lr;
    floor + (lr - floor) * 0.5 * (1.0 + libm::cos(PI * progress))
}

/// Share of carry-heavy additions: `carry_mix` up to `fade_from`, then linear down to 0 at
/// `fade_to`.
pub fn carry_mix(settings: &Settings, step: u64) -> f64 {
    let Settings { carry_mix, fade_from, fade_to, .. } = settings;
    if step <= *fade_from {
        *carry_mix
    } else if step >= *fade_to {
        0.0
    } else {
        carry_mix * (fade_to - step) as f64 / (fade_to - fade_from) as f64
    }
}

/// By how much adaptive weight decay has fallen: to a tenth once an evaluation had 2 % of
/// additions and 70 % of tokens right, to a hundredth once one had 20 % of additions right.
pub fn decay_factor(log: &[LogEntry]) -> f64 {
    let reached = |exact: f64, tokens: f64| {
        log.iter().any(|e| {
            e.val_exact.is_some_and(|v| v >= exact) && e.val_tok_acc.is_some_and(|v| v >= tokens)
        })
    };
    if reached(LOCKED, 0.0) {
        0.01
    } else if reached(ONSET.0, ONSET.1) {
        0.1
    } else {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_learning_rate_rises_falls_and_ends() {
        let settings = Settings { steps: 11_000, ..Settings::default() };
        let close = |step, wanted: f64| {
            let lr = learning_rate(&settings, step);
            assert!((lr - wanted).abs() < 1e-12, "{step}: {lr}");
        };
        close(0, 0.02 / 1000.0);
        close(499, 0.01);
        close(999, 0.02);
        close(1000, 0.02);
        close(6000, 0.011);
        close(11_000, 0.002);
        let short = Settings { steps: 10, ..Settings::default() };
        assert!((learning_rate(&short, 9) - 0.0002).abs() < 1e-12);
    }

    #[test]
    fn the_carry_mix_fades() {
        let settings = Settings::default();
        let mix = [0, 15_000, 30_000, 45_000, 60_000].map(|step| carry_mix(&settings, step));
        assert_eq!(mix, [0.8, 0.8, 0.4, 0.0, 0.0]);
    }

    #[test]
    fn weight_decay_falls_and_stays_down() {
        let entry = |exact, tokens| LogEntry {
            val_exact: Some(exact),
            val_tok_acc: Some(tokens),
            ..LogEntry::default()
        };
        let mut log = vec![entry(0.0, 0.9)];
        assert_eq!(decay_factor(&log), 1.0);
        log.push(entry(0.03, 0.6));
        assert_eq!(decay_factor(&log), 1.0);
        log.push(entry(0.02, 0.7));
        assert_eq!(decay_factor(&log), 0.1);
        log.push(entry(0.2, 0.8));
        log.push(entry(0.0, 0.1));
        assert_eq!(decay_factor(&log), 0.01);
    }
}
