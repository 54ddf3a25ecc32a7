//! Files as a person drops them: any order, any number, and nothing lost on an error.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "common/files.rs"]
mod files;

use adderscope::formats::{File, ReadError};
use adderscope::session::{Loaded, Session};
use adderscope::{Error, open_in};

/// What is open once `files` were opened in `session`.
fn open(session: &mut Session, files: Vec<File>) -> Result<&Loaded, Error> {
    open_in(session, files)?;
    Ok(session.loaded().unwrap())
}

fn variant(name: &str) -> File {
    file(&format!("{name}.json"), files::variant(name).to_string().as_bytes())
}

fn file(name: &str, bytes: &[u8]) -> File {
    File { name: name.into(), bytes: bytes.to_vec() }
}

fn log() -> File {
    file("log.jsonl", b"{\"step\": 1, \"val_exact\": 0.5}\n{\"step\": 2, \"val_exact\": 0.75}\n")
}

#[test]
fn roles_come_from_bytes_whatever_the_order_and_the_names() {
    let mut misnamed = [variant("learned_spiral_74p"), log()];
    misnamed[0].name = "notes.txt".into();
    misnamed[1].name = "model.pt".into();
    for order in [[0, 1], [1, 0]] {
        let mut session = Session::default();
        let loaded = open(&mut session, order.map(|i| misnamed[i].clone()).to_vec()).unwrap();
        assert_eq!(loaded.file, "notes.txt");
        assert_eq!(loaded.report.trajectory.as_ref().unwrap().len(), 2);
        assert!(loaded.summary().has_log);
    }
}

#[test]
fn a_log_alone_joins_the_model_and_leaves_with_it() {
    let mut session = Session::default();
    open(&mut session, vec![variant("learned_spiral_74p")]).unwrap();
    assert!(session.loaded().unwrap().log.is_none());
    assert!(open(&mut session, vec![log()]).unwrap().log.is_some());
    assert!(open(&mut session, vec![variant("scalar_vocab_12")]).unwrap().log.is_none());
}

#[test]
fn errors_name_the_file_and_the_last_model_stays() {
    let mut session = Session::default();
    let message = |session: &mut Session, files| open(session, files).unwrap_err().to_string();
    assert_eq!(
        message(&mut session, vec![log()]),
        "log.jsonl is a run log: open its checkpoint first, or both together"
    );
    assert_eq!(open(&mut session, vec![]).unwrap_err(), Error::Read(ReadError::NoFile));
    open(&mut session, vec![variant("learned_spiral_74p"), log()]).unwrap();

    let junk = vec![file("a.html", b"<!doctype html>"), file("b.png", b"\x89PNG\r\n\x1a\n")];
    assert!(message(&mut session, junk).starts_with("a.html: this is not a MicroAdder checkpoint"));
    let broken = vec![file("log.jsonl", b"{\"step\": 1.5}\n{\"step\": \n")];
    assert!(message(&mut session, broken).starts_with("log.jsonl: "));

    let loaded = session.loaded().unwrap();
    assert_eq!(loaded.report.param_count, 74);
    assert!(loaded.log.is_some());
}
