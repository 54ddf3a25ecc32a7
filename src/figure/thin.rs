//! Lines with more points than can be seen: what a pixel shows of them.

/// Lines with fewer points are left as they are.
const FEW: usize = 512;

/// Which of `points` are to be drawn, in their order, where the horizontal axis has a pixel for each whole number: of those
/// in one pixel the lowest and the highest, and of all the first and the last. A line through them covers what one through all
/// would, but for where it comes into a pixel.
pub fn seen(points: &[(f64, f64)]) -> Vec<usize> {
    seen_of(&mut points.iter().copied().enumerate())
}

/// The same of points with a number each, by these numbers, which rise.
pub fn seen_of(points: &mut dyn Iterator<Item = (usize, (f64, f64))>) -> Vec<usize> {
    let (mut few, mut kept) = (Vec::new(), Vec::new());
    let mut pixel: Option<Pixel> = None;
    for (number, (x, y)) in points {
        if few.len() <= FEW {
            few.push(number);
        }
        match &mut pixel {
            // A number that is none is in no pixel, not even its own.
            Some(pixel) if pixel.at == x.floor() => pixel.take_in(number, y),
            _ => {
                let after =
                    Pixel { at: x.floor(), low: (number, y), high: (number, y), last: number };
                match pixel.replace(after) {
                    Some(before) => before.keep(&mut kept),
                    None => kept.push(number),
                }
            }
        }
    }
    if let Some(pixel) = pixel {
        pixel.keep(&mut kept);
        keep(&mut kept, pixel.last);
    }
    if few.len() <= FEW { few } else { kept }
}

/// The points of one pixel so far.
struct Pixel {
    at: f64,
    low: (usize, f64),
    high: (usize, f64),
    last: usize,
}

impl Pixel {
    fn take_in(&mut self, number: usize, y: f64) {
        if y < self.low.1 {
            self.low = (number, y);
        }
        if y > self.high.1 {
            self.high = (number, y);
        }
        self.last = number;
    }

    fn keep(&self, kept: &mut Vec<usize>) {
        keep(kept, self.low.0.min(self.high.0));
        keep(kept, self.low.0.max(self.high.0));
    }
}

fn keep(kept: &mut Vec<usize>, number: usize) {
    if kept.last().is_none_or(|last| *last < number) {
        kept.push(number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pixel_keeps_its_extremes_and_the_line_its_ends() {
        let few: Vec<(f64, f64)> = (0..100).map(|i| (0.0, f64::from(i))).collect();
        assert_eq!(seen(&few).len(), 100);
        let noise = |i: u32| f64::from(i.wrapping_mul(2_654_435_761) >> 16);
        let many: Vec<(f64, f64)> =
            (0..100_000).map(|i| (f64::from(i) / 100.0, noise(i))).collect();
        let kept = seen(&many);
        assert!(kept.len() <= 2 * 1000 + 2 && kept.is_sorted_by(|a, b| a < b), "{}", kept.len());
        for pixel in [0, 500, 999] {
            let all = &many[pixel * 100..][..100];
            let own: Vec<usize> = kept.iter().copied().filter(|at| at / 100 == pixel).collect();
            for extreme in [f64::min, f64::max] {
                let of = |ys: &mut dyn Iterator<Item = f64>| ys.reduce(extreme).unwrap();
                let wanted = of(&mut all.iter().map(|p| p.1));
                assert_eq!(of(&mut own.iter().map(|at| many[*at].1)), wanted);
            }
        }
        assert_eq!((kept[0], kept[kept.len() - 1]), (0, 99_999));
        let none = vec![(f64::NAN, f64::NAN); 1000];
        assert_eq!(seen(&none).len(), 1000);
    }
}
