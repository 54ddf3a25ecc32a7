//! Time and memory for 10³ to 10⁷ additions: `cargo bench --bench growth`. Prints one line
//! per size, tab separated, and plots them in `benches/growth.svg`.
#![allow(clippy::unwrap_used, reason = "a bench that cannot go on should stop")]

#[path = "../tests/common/clock.rs"]
mod clock;
#[path = "../tests/common/models.rs"]
mod models;
#[path = "../tests/common/shared.rs"]
mod shared;

use adderscope::model::Engine;
use adderscope::task::sampling::pairs;
use clock::quickest;
use plotters::backend::SVGBackend;
use plotters::prelude::*;

/// Largest resident memory of this process so far in KB, where the system tells.
fn peak_kb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Runs of each size, fewer of the largest.
const TRIES: usize = 5;

/// What one size took.
struct Point {
    pairs: f64,
    ms: f64,
}

/// A line per model over logarithmic axes: linear work is straight, at 45 degrees.
fn plot(path: &str, lines: &[(String, Vec<Point>)], memory: &str) {
    let root = SVGBackend::new(path, (760, 420)).into_drawing_area();
    root.fill(&WHITE).unwrap();
    let all = || lines.iter().flat_map(|(_, points)| points);
    let most = all().map(|p| p.ms).fold(1.0, f64::max) * 2.0;
    let least = all().map(|p| p.ms).fold(f64::MAX, f64::min) / 2.0;
    let mut chart = ChartBuilder::on(&root)
        .margin(16)
        .margin_right(200)
        .x_label_area_size(46)
        .y_label_area_size(64)
        .build_cartesian_2d((1e3..1e7).log_scale(), (least..most).log_scale())
        .unwrap();
    let count = |n: &f64| format!("10^{:.0}", n.log10());
    chart
        .configure_mesh()
        .x_desc(format!("random additions ({memory})"))
        .y_desc("milliseconds")
        .x_label_formatter(&count)
        .light_line_style(WHITE)
        .draw()
        .unwrap();
    let mut order: Vec<usize> = (0..lines.len()).collect();
    let last = |i: usize| lines[i].1.last().map_or((1e3, 1.0), |p| (p.pairs, p.ms));
    order.sort_by(|&a, &b| last(b).1.total_cmp(&last(a).1));
    let mut free = 0;
    for i in order {
        let colour = Palette99::pick(i).stroke_width(2);
        let line = lines[i].1.iter().map(|p| (p.pairs, p.ms));
        chart.draw_series(LineSeries::new(line.clone(), colour)).unwrap();
        chart.draw_series(line.map(|at| Circle::new(at, 3, colour.filled()))).unwrap();
        // A name beside the end of its line, below the one above it.
        let (x, y) = chart.backend_coord(&last(i));
        let y = free.max(y - 7);
        free = y + 16;
        let style = ("sans-serif", 14).into_font().color(&Palette99::pick(i));
        root.draw_text(&lines[i].0, &style, (x + 8, y)).unwrap();
    }
    root.present().unwrap();
}

fn main() {
    println!("model\tpairs\tms\tns per pair\tpeak KB\taccuracy");
    let mut lines = Vec::new();
    for (name, model) in models::some() {
        let engine = Engine::new(&model);
        let mut points = Vec::new();
        for exponent in 3..=7 {
            let count = 10usize.pow(exponent);
            let mut accuracy = 0.0;
            let run = || accuracy = engine.accuracy_on(pairs(1, count)).accuracy();
            let seconds = quickest(TRIES.min(10_000_000 / count), run).as_secs_f64();
            let peak = peak_kb().map_or_else(|| "?".into(), |kb| kb.to_string());
            println!(
                "{name}\t{count}\t{:.2}\t{:.0}\t{peak}\t{:.5}",
                seconds * 1e3,
                seconds * 1e9 / count as f64,
                accuracy
            );
            points.push(Point { pairs: count as f64, ms: seconds * 1e3 });
        }
        lines.push((name, points));
    }
    let memory = peak_kb()
        .map_or_else(String::new, |kb| format!("memory never above {:.1} MB", kb as f64 / 1024.0));
    plot("benches/growth.svg", &lines, &memory);
}
