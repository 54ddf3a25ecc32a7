//! What panels of the answer alignment draw, and the script's draw otherwise.

use crate::reports;
use crate::words::{answer, bars, build, chart};
use adderscope::figure::chart::{Layer, Marker};
use adderscope::task::addition::{Alignment, EQUALS};
use adderscope::task::item::{Item, Point};

#[test]
fn queries_point_at_what_their_row_asks_for() {
    let report = reports::made_up();
    let panel = answer(&report, "positions_01");
    let Layer::Dots(dots) = &chart(&panel).facets[0].layers[0] else { panic!("no dots") };
    let (arrows, keys): (Vec<_>, Vec<_>) = dots.iter().partition(|dot| dot.marker == Marker::Arrow);
    // Ten columns, PLUS and EQUALS: no answer row sees Z10 or EOS.
    assert_eq!((arrows.len(), keys.len()), (11, 12));
    for (k, arrow) in arrows.iter().enumerate().take(10) {
        let row = EQUALS + k;
        let number = |index| Item::Number { point: Point::Query, row, index };
        assert_eq!(arrow.items, [Item::Row(row), number(0), number(1)], "and what is drawn of it");
        let key = keys.iter().find(|key| key.items[0] == Item::Place(k)).unwrap();
        // Shorter, in the same direction: the made-up query is that key.
        let cross = arrow.at.0 * key.at.1 - arrow.at.1 * key.at.0;
        assert!(cross.abs() < 1e-9 && arrow.at.0 * key.at.0 + arrow.at.1 * key.at.1 > 0.0, "Z{k}");
        assert!(arrow.says.contains(&format!("asks most for column {k} (score")), "{}", arrow.says);
    }
    assert_eq!(
        panel.sentence,
        "The row that holds Z(i) asks for column i+1, the next digits to add. Queries are turned by 36°."
    );
    let columns = ["place", "group", "key, dim 0", "key, dim 1", "query, dim 0", "query, dim 1"];
    assert_eq!(panel.table.columns, columns);
}

#[test]
fn shares_add_up_and_name_the_column_before() {
    for report in [reports::made_up(), reports::two_heads()] {
        let panel = answer(&report, "top_sources");
        for facet in 0..report.shape.n_heads {
            for row in bars(&panel, facet).chunk_by(|a, b| a.x == b.x) {
                assert!(row.windows(2).all(|pair| pair[0].value == pair[1].from));
                assert!((row[row.len() - 1].value - 100.0).abs() < 1e-9);
                // Every place that the row sees is in one part.
                let places: usize = row.iter().map(|bar| bar.items.len()).sum();
                assert_eq!(places, EQUALS + row[0].x as usize + 1);
            }
        }
    }
    let report = reports::made_up();
    let panel = answer(&report, "top_sources");
    let of_z4: Vec<_> = bars(&panel, 0).iter().filter(|bar| bar.x == 4.0).collect();
    let labels: Vec<&str> = of_z4.iter().map(|bar| bar.label.as_str()).collect();
    assert_eq!(labels, ["Z4 → X4", "Z4 → Y4", "Z4 → X3 Y3 Z3", "Z4 → + =", "Z4 → others"]);
    let says: Vec<&str> = of_z4.iter().map(|bar| bar.says.as_str()).collect();
    assert_eq!(says[..2], ["43.8 %, own X", "43.8 %, own Y"]);
    assert!(panel.sentence.ends_with("Z10 looks at EQUALS (87.5 %)."), "{}", panel.sentence);
}

#[test]
fn errors_by_carry_chain_say_how_many_there_are() {
    let panel = answer(&reports::made_up(), "error_by_carry");
    let facet = &chart(&panel).facets[1];
    assert_eq!(facet.x.band(0), "0\n18\u{202f}000");
    assert_eq!(facet.x.band(5), "5+\n1000");
    let bars = bars(&panel, 1);
    let items: Vec<usize> = bars.iter().map(|bar| bar.items.len()).collect();
    assert_eq!(items, [1, 1, 1, 1, 1, 6]);
    assert_eq!(bars[1].says, "188 of 7000 wrong, 2.7 %");
    assert!(panel.sentence.ends_with("where one column alone sent it."), "{}", panel.sentence);
    assert_eq!(panel.table.rows.last().unwrap()[0], "chain of 10");
    assert_eq!(
        chart(&build(&reports::made_up(), "error_by_carry", Alignment::Script)).facets.len(),
        1
    );
}

#[test]
fn directions_stand_around_what_is_right() {
    let mut report = reports::made_up();
    let panel = answer(&report, "error_direction");
    let x = &chart(&panel).facets[0].x;
    let names: Vec<&str> = (0..x.band_count()).map(|i| x.band(i)).collect();
    assert_eq!(names, ["−4", "−3", "−2", "−1", "+1", "+2", "+3", "+4", "±5"]);
    let shown: Vec<(&str, f64)> =
        bars(&panel, 0).iter().map(|bar| (bar.label.as_str(), bar.value.round())).collect();
    // Each in two parts: with a carry coming in, and without.
    assert_eq!(shown[6], ("off by −1, carry 1", 51.0));
    assert_eq!(shown[7], ("off by −1, carry 0", 68.0));
    assert_eq!(shown[9], ("off by +1, carry 0", 32.0));
    let legend: Vec<&str> = chart(&panel).legend.iter().map(|key| key.text.as_str()).collect();
    let names = ["carry in: −1 misses it", "none: +1 invents one"];
    assert_eq!(legend, names);
    // What is no digit has no direction.
    report.errors.answer.not_digits = 7;
    let panel = answer(&report, "error_direction");
    assert_eq!(bars(&panel, 0).last().unwrap().label, "no digit");
    assert_eq!(panel.table.rows.last().unwrap()[..2], ["no digit", "7"]);
}

#[test]
fn the_output_projection_has_its_signs_and_a_row_for_each_space() {
    let panel = answer(&reports::made_up(), "out_proj");
    let values = |facet| bars(&panel, facet).iter().map(|bar| bar.value).collect::<Vec<f64>>();
    assert_eq!(values(0), [0.1, -0.3, -0.7, -0.5, -0.85]);
    assert_eq!(values(1), [0.3, -0.9, 0.01, 0.05, -0.07]);
    assert_eq!(chart(&panel).facets[0].x.band(2), "v2");
    assert_eq!(chart(&panel).facets[1].x.band(2), "pos0");
    assert_eq!(
        panel.sentence,
        "Reads mostly along value 4 (−0.85) and writes mostly to tok1 (−0.90)."
    );
    let mut none = reports::made_up();
    none.rank1.as_mut().unwrap().a.fill(0.0);
    let says = |report: &_| answer(report, "out_proj").sentence;
    assert_eq!(says(&none), "Reads nothing, and so writes nothing: A is 0.");
    none.rank1.as_mut().unwrap().b.fill(0.0);
    assert_eq!(says(&none), "Reads nothing and writes nothing: A and B are 0.");
    let script = build(&reports::made_up(), "out_proj", Alignment::Script);
    assert_eq!(bars(&script, 0)[1].value, 0.3);
}

#[test]
fn another_models_norm_is_the_scripts_alone() {
    let report = reports::made_up();
    let legend = |alignment| {
        let panel = build(&report, "norm_weights", alignment);
        chart(&panel).legend.iter().map(|key| key.text.clone()).collect::<Vec<_>>()
    };
    assert_eq!(legend(Alignment::Answer), [""; 0]);
    assert_eq!(legend(Alignment::Script), ["this model", "67p learned"]);
}

#[test]
fn embeddings_lie_around_the_origin_and_along_what_is_read() {
    let report = reports::made_up();
    let panel = answer(&report, "token_embeddings");
    let facet = &chart(&panel).facets[0];
    for axis in [&facet.x, &facet.y] {
        let (lo, hi) = axis.range();
        assert!(lo < 0.0 && hi > 0.0, "the origin is in the picture");
    }
    let threads: Vec<&Vec<(f64, f64)>> = facet
        .layers
        .iter()
        .filter_map(|layer| match layer {
            Layer::Thread(points, _) => Some(points),
            _ => None,
        })
        .collect();
    // The cross, the circle, the readout's direction, and what joins the digits.
    assert_eq!(threads.len(), 5);
    assert!(threads[2].iter().all(|(x, y)| (x.hypot(*y) - 8.0).abs() < 1e-9));
    let [x, y] = threads[3][0].into();
    assert!((x * 9.5 - y * 2.0).abs() < 1e-9);
    let script = build(&report, "token_embeddings", Alignment::Script);
    assert_eq!(chart(&script).facets[0].layers.len(), 2);
}
