//! One addition: the model's own answer, and one digit of it.

use crate::{Folder, json, object, refusal, run, stdout};

#[test]
fn addition_is_as_on_paper_and_step_by_step() {
    let folder = Folder::new("addition");
    let file = folder.variant("learned_spiral_74p");
    let output = run(&["addition", &file, "57", "68", "--json"]);
    let told = object(&output, "adderscope/addition");
    let trace = json(&run(&["trace", &file, "57", "68", "--json"]));
    assert_eq!((&told["answer"], &told["correct"]), (&trace["answer"], &trace["correct"]));
    let places = told["places"].as_array().unwrap();
    assert_eq!(places.len(), 11);
    assert_eq!((&places[1]["x"], &places[1]["carry"]), (&5.into(), &1.into()));
    assert!(places[10]["x"].is_null() && told.get("steps").is_none());

    let output = run(&["addition", &file, "57", "68", "--digit", "1", "--json"]);
    let told = object(&output, "adderscope/addition");
    assert_eq!(told["ruler"]["pointer"]["s"], trace["s"][22][0]);
    assert_eq!(told["ruler"]["lanes"].as_array().unwrap().len(), 10);
    let steps = &told["steps"];
    assert_eq!(steps["total"], trace["s"][22][0]);
    assert_eq!(steps["sources"][1]["weight"]["item"], "attention:Z1/X1");
    assert_eq!(steps["sources"][1]["weight"]["value"], trace["attention"][0][22][1]);
    for (u, unit) in steps["units"].as_array().unwrap().iter().enumerate() {
        assert_eq!(unit["before"]["value"], trace["hidden"][22][u]);
        assert_eq!(unit["after"]["value"], trace["active"][22][u]);
    }
    let sum = |key: &str| -> f64 {
        let all = steps[key].as_array().unwrap();
        all.iter().map(|each| each["product"].as_f64().unwrap()).sum()
    };
    assert!((sum("sources") - steps["total"].as_f64().unwrap()).abs() < 1e-12);

    let text = stdout(&run(&["addition", &file, "57", "68"]));
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("57 + 68 = "), "{text}");
    assert!(lines[3].starts_with("carry") && lines[4].ends_with(&format!("{:>8}{:>8}", 5, 7)));
    assert!(lines[7].starts_with("lead") && lines.len() == 8, "{text}");
    let text = stdout(&run(&["addition", &file, "57", "68", "--digit", "1"]));
    for wanted in ["After Z0 = 5, s = ", "what attention adds up", "unit 1", "It would say "] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    assert!(refusal(&["addition", &file, "57", "68", "--digit", "11"]).contains("'--digit <K>'"));
    assert!(refusal(&["addition", &file, "57", "x"]).contains("a summand is"));
}

#[test]
fn the_ruler_is_a_panel_of_one_addition() {
    let folder = Folder::new("ruler");
    let file = folder.variant("learned_spiral_74p");
    let picture = folder.path("ruler.svg");
    run(&[
        "figure", &file, "--panel", "ruler", "--add", "57", "68", "--digit", "1", "-o", &picture,
    ]);
    let svg = std::fs::read_to_string(picture).unwrap();
    assert!(svg.contains("After Z0 = 5, s = ") && svg.contains("after 9"));
}
