//! `adderscope-bindgen WASM FOLDER NAME`: writes into FOLDER what `wasm-bindgen WASM --target web --out-dir FOLDER
//! --out-name NAME --ts-typed-array-buffers --omit-default-module-path` does. The command line itself takes six times as
//! long to build, most of it for a web server and a client of HTTP.

use std::process::ExitCode;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [wasm, folder, name] = words.as_slice() else {
        eprintln!("usage: adderscope-bindgen WASM FOLDER NAME");
        return ExitCode::from(2);
    };
    let made = Bindgen::new().web(true).and_then(|bindgen| {
        let bindgen = bindgen.input_path(wasm).out_name(name);
        // Types that say whose bytes an array has, as TypeScript's own do.
        bindgen.typescript(true).ts_typed_array_buffers(true).generate(folder)
    });
    match made {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("adderscope-bindgen: {wasm}: {error:#}");
            ExitCode::FAILURE
        }
    }
}
