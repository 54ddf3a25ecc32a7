//! Lines with more points than can be seen: what a pixel shows of them.

/// Lines with fewer points are left as they are.
const FEW: usize = 512;

/// Which of `points` are to be drawn, in their order, where the horizontal axis has a pixel for each whole number: of those
/// in one pixel the lowest and the highest, and of all the first and the last. A line through them covers what one through all
/// would, but for where it comes into a pixel.
pub fn seen(points: &[(f64, f64)]) -> Vec<usize> {
    if points.len() <= FEW {
        return (0..points.len()).collect();
    }
    let mut kept = Vec::new();
    let mut start = 0;
    while start < points.len() {
        let pixel = points[start].0.floor();
        let same = points[start..].iter().take_while(|point| point.0.floor() == pixel).count();
        // A number that is none is in no pixel, not even its own.
        let end = start + same.max(1);
        let (mut low, mut high) = (start, start);
        for at in start..end {
            low = if points[at].1 < points[low].1 { at } else { low };
            high = if points[at].1 > points[high].1 { at } else { high };
        }
        let ends = (start == 0, end == points.len());
        let first = ends.0.then_some(start);
        let last = ends.1.then_some(end - 1);
        let extremes = [Some(low.min(high)), Some(low.max(high))];
        for at in [first].into_iter().chain(extremes).chain([last]).flatten() {
            if kept.last().is_none_or(|last| *last < at) {
                kept.push(at);
            }
        }
        start = end;
    }
    kept
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
