//! What the page is told of interventions.

use super::snapshots;
use adderscope::analysis::patch::patching;
use adderscope::task::intervene::Interventions;
use adderscope_explain::Pass;

#[test]
fn the_page_is_told_the_same() {
    let model = snapshots::last("57p");
    let texts = ["column:3", "hidden:1", "patch:Z3/57+69/xy_before"].map(String::from);
    let pass = Pass::new(model.clone(), &texts).unwrap();
    let told = serde_json::to_value(pass.told(57.0, 68.0, 3).unwrap()).unwrap();
    assert_eq!(told["off"], "Switched off: hidden unit 1, attention to column 3");
    assert_eq!(told["taken"], "Z3 has X2 and Y2 of 57 + 69");
    assert_eq!(told["chosen"], texts[2]);
    let part = |text: &str| {
        let parts = told["parts"].as_array().unwrap();
        let found = parts.iter().find(|part| part["text"] == text).unwrap();
        (found["is_off"].as_bool().unwrap(), found["is_hidden"].as_bool().unwrap())
    };
    assert_eq!((part("column:3"), part("place:Y3")), ((true, false), (false, true)));
    assert_eq!((part("hidden:1"), part("group:X")), ((true, false), (false, false)));
    let off = Interventions::of(["column:3", "hidden:1"]).unwrap().off;
    let wanted = patching(&model, &off, ((57, 68), (57, 69)), 3).unwrap();
    assert_eq!(told["patching"], serde_json::to_value(&wanted).unwrap());
    assert_eq!(told["place_values"], told["patching"]["place_values"]);
    // Of another digit nothing is chosen.
    let other = serde_json::to_value(pass.told(57.0, 68.0, 4).unwrap()).unwrap();
    assert!(other["chosen"].is_null() && other["patching"]["digit"] == 4);

    // What the verdict takes is the same model: edits and places.
    let switched = serde_json::to_value(pass.switched()).unwrap();
    assert_eq!(switched["hidden"], serde_json::json!([3, 14, 25]));
    assert_eq!(switched["off"], "Switched off: hidden unit 1, attention to column 3.");
    assert_eq!(pass.measured().unwrap().off, switched["off"]);
    let ruler = pass.ruled(57.0, 68.0, 3).unwrap().unwrap();
    assert_eq!(ruler.off, switched["off"]);
    assert_eq!(ruler.taken, "Z3 has X2 and Y2 of 57 + 69.");
    let zeros = switched["zeros"].as_array().unwrap();
    assert!(zeros.len() >= 5 && zeros.iter().all(|zero| zero["value"] == 0.0));
    for (text, why) in [("hidden:9", "hidden:9: this model's"), ("ffn ", "“ffn ” is nothing that")]
    {
        let refused = Pass::new(model.clone(), &[text.to_owned()]).err().unwrap();
        assert!(refused.starts_with(why), "{refused}");
    }
    assert!(pass.told(57.5, 68.0, 3).is_err());
}
