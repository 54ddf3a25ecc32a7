//! What panels say and tabulate, and that it is true of the model.

use crate::reports;
use adderscope::analysis::Report;
use adderscope::figure::chart::{Bar, Chart, Hatch, Layer, Shade};
use adderscope::figure::{
    self, Content, Figure, Panel, Scales, Section, Subject, Table, Tone, View,
};
use adderscope::task::addition::{ANSWER_DIGITS, Alignment, EQUALS};
use adderscope::task::item::Item;
use std::collections::BTreeSet;

pub fn build(report: &Report, key: &str, alignment: Alignment) -> Panel {
    figure::panel(key).unwrap().panel(&Subject::new(report, alignment))
}

pub fn answer(report: &Report, key: &str) -> Panel {
    build(report, key, Alignment::Answer)
}

pub fn chart(panel: &Panel) -> &Chart {
    match &panel.content {
        Content::Chart(chart) => chart,
        Content::Note(note) => panic!("a note: {note}"),
    }
}

/// The bars of a plot.
pub fn bars(panel: &Panel, facet: usize) -> &[Bar] {
    let layers = &chart(panel).facets[facet].layers;
    let bars = layers.iter().find_map(|layer| match layer {
        Layer::Bars(bars) => Some(bars),
        _ => None,
    });
    bars.expect("bars")
}

/// Those of a panel in the answer alignment.
fn bars_of(report: &Report, key: &str) -> Vec<Bar> {
    bars(&answer(report, key), 0).to_vec()
}

fn note(panel: &Panel) -> &str {
    match &panel.content {
        Content::Note(note) => note,
        Content::Chart(_) => panic!("a chart"),
    }
}

#[test]
fn the_registry_is_complete() {
    let numbers: Vec<u8> = figure::panels().map(|p| p.number).collect();
    assert_eq!(numbers, (1..=14).collect::<Vec<u8>>());
    assert_eq!(figure::panels().map(|p| p.key).collect::<BTreeSet<_>>().len(), 14);
    assert_eq!(figure::panels().map(|p| p.title).collect::<BTreeSet<_>>().len(), 14);
    for section in Section::ALL {
        assert!(figure::panels().any(|p| p.section == section), "{}", section.key());
        assert!(section.question().ends_with('?'));
    }
    assert!(figure::panel("no such panel").is_none());
}

#[test]
fn what_does_not_apply_says_why() {
    let report = reports::two_heads();
    assert_eq!(
        note(&answer(&report, "readout")),
        "Does not apply: the output projection has rank 2. Only rank 1 has a single direction \
         that it reads and one that it writes."
    );
    assert_eq!(note(&answer(&report, "readout")), note(&answer(&report, "out_proj")));
    assert!(note(&answer(&report, "positions_23")).contains("3 dimensions per head"));
    assert!(note(&answer(&report, "trajectory")).contains("log.jsonl"));
    let script = build(&report, "norm_weights", Alignment::Script);
    assert!(script.sentence.contains("no 67p model"));
    let mut empty = report;
    empty.trajectory = Some(Vec::new());
    assert!(note(&answer(&empty, "trajectory")).contains("no evaluations"));
}

#[test]
fn two_heads_have_a_plot_each() {
    let report = reports::two_heads();
    for key in ["positions_01", "mean_attention", "top_sources"] {
        let panel = answer(&report, key);
        let titles: Vec<&str> = chart(&panel).facets.iter().map(|f| f.title.as_str()).collect();
        assert_eq!(titles, ["Head 1", "Head 2"], "{key}");
    }
    assert!(answer(&report, "mean_attention").sentence.starts_with(
        "Head 1: every digit reads its own column. Head 2: every digit from Z1 on reads the \
         column before it"
    ));
}

#[test]
fn error_bars_stand_out_where_chance_does_not_explain_them() {
    let mut report = reports::made_up();
    report.errors.answer.digit_errors = [30, 30, 30, 48, 49, 30, 30, 30, 30, 0, 30];
    let panel = answer(&report, "error_rate");
    let bars = bars(&panel, 0);
    // All together 1.021 %. Wilson's interval begins at 1.209 % for 48 of 3000, and at 0.924 % for 38 of them.
    let above: Vec<bool> = bars.iter().map(|bar| bar.tone == Tone::Bad).collect();
    assert_eq!(above, (0..11).map(|k| k == 3 || k == 4).collect::<Vec<_>>());
    assert!(bars.iter().all(|bar| (bar.hatch == Hatch::Single) == (bar.tone == Tone::Bad)));
    report.errors.answer.digit_errors[3] = 38;
    assert!(bars_of(&report, "error_rate")[3].tone == Tone::Accent);
    let (low, high) = bars[9].interval.unwrap();
    assert!(low == 0.0 && (0.12..0.13).contains(&high), "none of 3000 is no proof of none");
    assert_eq!(bars[0].says, "30 of 3000 wrong, 1.0 % (95 %: 0.7 % to 1.4 %)");
    assert!(panel.sentence.ends_with("Each digit is asked after right ones (teacher forcing)."));
    assert_eq!(panel.table.columns[4..], ["at least %", "at most %"]);
}

#[test]
fn the_scripts_error_bars_change_class_above_one_and_five_percent() {
    let mut report = reports::made_up();
    report.errors.script.digit_errors = [0, 15, 16, 30, 31, 150, 151, 3000, 0, 0, 0];
    let panel = build(&report, "error_rate", Alignment::Script);
    let bars = bars(&panel, 0);
    let tones: Vec<Tone> = bars.iter().take(8).map(|b| b.tone).collect();
    use Tone::{Bad, Good, Middling};
    assert_eq!(tones, [Good, Good, Good, Good, Middling, Middling, Bad, Bad]);
    let hatches: Vec<Hatch> = [3, 4, 6].map(|i: usize| bars[i].hatch).into();
    assert_eq!(hatches, [Hatch::Plain, Hatch::Single, Hatch::Cross]);
    // Half a percent is not written out, more is.
    let texts: Vec<&str> = bars.iter().take(4).map(|b| b.text.as_str()).collect();
    assert_eq!(texts, ["", "", "0.5", "1.0"]);
    assert_eq!(bars[4].says, "31 of 3000 wrong, 1.0 %");
}

#[test]
fn the_attention_scale_is_the_same_for_every_model_and_cuts_nothing() {
    for report in [reports::made_up(), reports::two_heads()] {
        let script = build(&report, "mean_attention", Alignment::Script);
        assert_eq!(chart(&script).colour_bar.as_ref().unwrap().shade, Shade::Even(0.5));
        let panel = answer(&report, "mean_attention");
        let chart = chart(&panel);
        assert_eq!(chart.colour_bar.as_ref().unwrap().shade, Shade::Root);
        assert_eq!(chart.colour_bar.as_ref().unwrap().ticks.last(), Some(&1.0));
        for facet in &chart.facets {
            let Layer::Cells(cells) = &facet.layers[0] else { panic!("no cells") };
            assert_eq!((cells.rows.len(), cells.rows[0].len()), (11, 33));
            assert_eq!(cells.shade, Shade::Root);
            for (k, row) in cells.rows.iter().enumerate() {
                assert_eq!(row.iter().filter(|v| v.is_some()).count(), EQUALS + k + 1);
            }
        }
    }
}

#[test]
fn a_digit_without_a_carry_has_no_bar() {
    let report = reports::made_up();
    let panel = answer(&report, "error_by_carry");
    let Layer::Bars(bars) = &chart(&panel).facets[0].layers[0] else { panic!("no bars") };
    assert_eq!(bars.len(), 2 * ANSWER_DIGITS - 1);
    assert!(!bars.iter().any(|b| b.label == "Z0, carry 1"));
    assert!(panel.sentence.contains("Z0 never has one."));
    assert_eq!(panel.table.rows[1], ["Z0", "1", "0", "0", ""]);
}

#[test]
fn a_model_without_errors_is_said_to_have_none() {
    let report = reports::two_heads();
    for key in ["error_rate", "error_by_carry", "error_direction"] {
        let panel = answer(&report, key);
        assert_eq!(chart(&panel).facets[0].statement, "No errors in 3000 additions", "{key}");
    }
    assert_eq!(answer(&report, "error_rate").aside, "exact 3000 of 3000 (100 %)");
    let sentence = answer(&report, "error_rate").sentence;
    assert!(sentence.starts_with("Every digit is right in every addition."));
}

#[test]
fn the_direction_of_errors_is_only_named_where_it_dominates() {
    let mut report = reports::made_up();
    assert_eq!(
        answer(&report, "error_direction").sentence,
        "All errors are off by one. 193 of 257 that are one too small miss a carry that comes in and 30 of 120 that \
         are one too large invent one."
    );
    report.errors.answer.off_by = [0, 0, 40, 40, 40, 40, 40, 40, 40, 97];
    assert!(answer(&report, "error_direction").sentence.starts_with("Only 26 % of errors"));
    report.errors.answer.not_digits = 7;
    assert!(answer(&report, "error_direction").sentence.contains("7 predictions are no digit"));
}

#[test]
fn attention_is_only_called_orderly_where_it_is() {
    let mut report = reports::made_up();
    assert_eq!(
        answer(&report, "mean_attention").sentence,
        "Every digit reads its own column. Z4 gives 44 % to X4 and 44 % to Y4."
    );
    // Half of what is left goes to the column before.
    let mut towards = report.clone();
    for k in 1..10 {
        for place in [k - 1, 11 + k - 1, EQUALS + k] {
            towards.mean_attention[0][EQUALS + k][place] = 0.02;
        }
        towards.mean_attention[0][EQUALS + k][0] = 0.02;
    }
    assert!(answer(&towards, "mean_attention").sentence.ends_with(
        " The carry comes by the column before: X3, Y3 and Z3 get 6.0 % of Z4 together."
    ));
    // Z0 looks elsewhere.
    report.mean_attention[0][EQUALS] = vec![0.0; 33];
    report.mean_attention[0][EQUALS][8] = 1.0;
    let sentence = answer(&report, "mean_attention").sentence;
    assert!(sentence.starts_with("9 of 10 digits read their own column; Z0 does not."));
    for row in &mut report.mean_attention[0] {
        row.fill(1.0 / 33.0);
    }
    let sentence = answer(&report, "mean_attention").sentence;
    assert!(sentence.starts_with("No order: no digit reads its own column"), "{sentence}");
}

#[test]
fn alignments_name_rows_and_columns_differently() {
    let report = reports::made_up();
    let rows = |key, alignment| -> Vec<String> {
        build(&report, key, alignment).table.rows.iter().map(|r| r[0].clone()).collect()
    };
    assert_eq!(rows("error_rate", Alignment::Answer)[0], "Z0");
    assert_eq!(rows("error_rate", Alignment::Script)[10], "A10");
    assert_eq!(answer(&report, "top_sources").title, "What each digit looks at");
    assert_eq!(build(&report, "top_sources", Alignment::Script).title, "Top three sources");
    let table = build(&report, "mean_attention", Alignment::Script).table;
    assert_eq!(table.rows.len(), 10);
    assert_eq!((table.rows[0][1].as_str(), table.columns[12].as_str()), ("A0", "Zhi"));
    let table = build(&report, "mean_attention", Alignment::Answer).table;
    assert_eq!(table.rows.len(), 11);
    assert_eq!((table.rows[10][1].as_str(), table.columns[12].as_str()), ("Z10", "+"));
    assert_eq!(
        build(&report, "mean_attention", Alignment::Script).sentence,
        "By the script's labels A2 looks at X4 and Y3. They are late: it is Z4 looking at X4 and Y4."
    );
    let groups = |alignment| -> Vec<String> {
        let table = build(&report, "positions_01", alignment).table;
        [10, 32].map(|i: usize| format!("{} {}", table.rows[i][0], table.rows[i][1])).into()
    };
    assert_eq!(groups(Alignment::Answer), ["+ special", "Z10 Z10"]);
    assert_eq!(groups(Alignment::Script), ["Zhi Z10", "A9 Z"]);
}

#[test]
fn csv_quotes_what_needs_it() {
    let mut table = Table::new(["a", "b, c"]);
    table.push(Item::Token(1), ["1", "say \"ah\""]);
    table.push(Item::Token(2), ["+", "line\nbreak"]);
    assert_eq!(table.csv(), "a,\"b, c\"\r\n1,\"say \"\"ah\"\"\"\r\n+,\"line\nbreak\"\r\n");
    for spec in figure::FIGURE {
        let panel = answer(&reports::made_up(), spec.key);
        assert!(!panel.table.rows.is_empty(), "{}", spec.key);
        for row in &panel.table.rows {
            assert_eq!(row.len(), panel.table.columns.len(), "{}", spec.key);
        }
    }
}

#[test]
fn every_panel_and_section_of_every_model_has_words() {
    for name in reports::NAMES {
        let Some(report) = reports::published(name) else {
            eprintln!("skipped: there is no published {name}");
            continue;
        };
        for alignment in Alignment::ALL {
            for spec in figure::panels() {
                let panel = build(report, spec.key, alignment);
                if let Content::Chart(_) = panel.content {
                    let end = panel.sentence.ends_with('.');
                    assert!(end, "{name}, {}: {:?}", spec.key, panel.sentence);
                }
            }
            for section in Section::ALL {
                let sentence = section.sentence(&Subject::new(report, alignment));
                assert!(sentence.ends_with('.'), "{name}: {sentence:?}");
            }
        }
    }
}

/// What is said of the published models, by heart.
#[test]
fn published_models_are_described_as_they_are() {
    let says = |name, key: &str| Some(answer(reports::published(name)?, key).sentence);
    let Some(rate) = says("62p", "error_rate") else {
        eprintln!("skipped: there are no published checkpoints");
        return;
    };
    assert!(rate.starts_with("Z1 and Z9 fail most: 3.4 % and 2.5 %."), "{rate}");
    let own = "Every digit reads its own column.";
    for name in ["57p", "62p", "67p", "100p", "133p"] {
        assert!(says(name, "mean_attention").unwrap().starts_with(own), "{name}");
    }
    for (name, own, before) in [("203p", 1, 2), ("226p", 2, 1)] {
        let sentence = says(name, "mean_attention").unwrap();
        assert!(sentence.contains(&format!("Head {own}: every digit reads its own")), "{sentence}");
        assert!(sentence.contains(&format!("Head {before}: every digit from Z1")), "{sentence}");
    }
    assert!(says("62p", "readout").unwrap().starts_with("Rises strictly"));
    assert!(says("100p", "readout").unwrap().starts_with("Falls strictly"));
    assert!(
        says("62p_boost", "readout").unwrap().starts_with("Not monotonic: it turns at digit 4")
    );
    assert!(says("62p_boost", "trajectory").unwrap().starts_with("Exact match never reaches 1 %"));
    let report = reports::published("62p").unwrap();
    assert_eq!(figure::heading(report), "62 parameters, step 80\u{202f}000, 87.5 % exact match");
    assert_eq!(answer(report, "token_embeddings").aside, "A = 7.7, stride 6.8°");
    assert_eq!(answer(report, "error_rate").aside, "exact 2623 of 3000 (87.4 %)");
    assert_eq!(build(report, "error_rate", Alignment::Script).aside, "exact 2635 of 3000 (87.8 %)");
}

#[test]
fn a_report_comes_back_from_its_bytes() {
    for report in [reports::made_up(), reports::two_heads()] {
        let bytes = report.to_bytes().unwrap();
        assert!(Report::from_bytes(&bytes).unwrap() == report);
        assert!(Report::from_bytes(&bytes[..bytes.len() / 2]).is_err());
    }
}

#[test]
fn another_report_says_which_panels_it_changes() {
    let report = reports::made_up();
    let mut other = report.clone();
    other.norms.norm1[0] += 1.0;
    let mut figure = Figure::new(report.clone(), None);
    let view = View::default();
    assert_eq!(figure.replace(report, view, view), [""; 0]);
    assert_eq!(figure.replace(other.clone(), view, view), ["norm_weights"]);
    assert_eq!(figure.report(), &other);
    let script = View { alignment: Alignment::Script, ..view };
    let (spec, panel) = figure.panel("norm_weights", script).unwrap();
    assert_eq!(panel, &spec.panel(&Subject::new(&other, Alignment::Script)));
    assert!(figure.panel("no_such_panel", view).is_none());
    // Without a run all scales are the model's own.
    let run = View { scales: Scales::Run, ..view };
    assert!(figure.panels(run).eq(figure.panels(view)));
    assert_eq!(figure.replace(other, view, run), [""; 0]);
}
