#!/usr/bin/env bash
# Builds the page, serves it, tests it. Whatever is missing is installed, or named with its fix.
#
#   ./build.sh               build into dist/, a static site for any host and any sub-path
#   ./build.sh serve [PORT]  build, then serve dist/ on 127.0.0.1 (port 8000)
#   ./build.sh test          install what the tests need, then run all of them
#   ./build.sh test-alone    then again what reads ../shared, without it
#   ./build.sh models        train the bundled models again, to the same numbers
#   ./build.sh bench [--brief] [--write]  build, then time everything; --write puts the table into README.md
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

target=${CARGO_TARGET_DIR:-$PWD/target}
glue=$target/glue # what wasm-bindgen and wasm-opt write
npm_bin=$PWD/tests/browser/node_modules/.bin

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
fail() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }
need() { command -v "$1" >/dev/null || fail "$1 is missing: $2"; }

need_rust() {
  need cargo "install Rust with rustup, from https://rustup.rs"
  [ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ] && return
  need rustup "install it from https://rustup.rs (it adds the target wasm32-unknown-unknown)"
  rustup target add wasm32-unknown-unknown
}

# npm's packages: wasm-opt for the build; ESLint, TypeScript and Playwright for the tests.
need_npm() {
  need node "install Node.js 20.19 or later, with npm, from https://nodejs.org"
  need npm "install it with Node.js, from https://nodejs.org"
  cmp -s tests/browser/package-lock.json tests/browser/node_modules/.installed && return
  say "npm ci in tests/browser"
  (cd tests/browser && npm ci --no-audit --no-fund)
  cp tests/browser/package-lock.json tests/browser/node_modules/.installed
}

# Sets $bindgen to a wasm-bindgen of the version in Cargo.lock: the one on PATH if it fits, else one of our own.
need_bindgen() {
  local version
  version=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' Cargo.lock)
  for bindgen in wasm-bindgen "$target/tools/bin/wasm-bindgen"; do
    [ "$("$bindgen" --version 2>/dev/null)" = "wasm-bindgen $version" ] && return
  done
  say "cargo install wasm-bindgen-cli $version (once, a few minutes)"
  # Its --locked names a withdrawn crate. A debug build takes a third of the time to make and a second to run.
  cargo install wasm-bindgen-cli --version "$version" --debug --root "$target/tools"
}

need_chromium() {
  if [ -n "${CHROMIUM:-}" ]; then return; fi
  for CHROMIUM in chromium chromium-browser google-chrome; do
    if CHROMIUM=$(command -v "$CHROMIUM"); then export CHROMIUM; return; fi
  done
  need apt-get "install Chromium, or set CHROMIUM to its path"
  local root=()
  if [ "$(id -u)" != 0 ]; then
    need sudo "install Chromium as root, or set CHROMIUM to its path"
    root=(sudo)
  fi
  say "apt-get install chromium"
  "${root[@]}" apt-get update -q
  DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -q --no-install-recommends chromium
  CHROMIUM=$(command -v chromium); export CHROMIUM
}

# The parts of the page, and the crates that they are.
declare -A crates=([adderscope]=adderscope-page [formats]=adderscope-files [trainer]=adderscope-trainer)

# A part of the page, a crate, as WebAssembly in one build.
library() { # PART PROFILE OPTIMISE BUILD FLAGS
  local out=$target/$1/$4
  local package=${crates[$1]}
  local wasm=$out/wasm32-unknown-unknown/$2/${package//-/_}.wasm made=$out/glue
  # Messages name source files: those of libraries without this machine's folders.
  RUSTFLAGS="${RUSTFLAGS:-} $5 --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}/registry/src=lib" \
    cargo build --package "$package" --profile "$2" --target wasm32-unknown-unknown --target-dir "$out"
  [ "$wasm" -nt "$made/done" ] || return 0
  rm -rf "$made"
  "$bindgen" "$wasm" --target web --out-dir "$made" --out-name "$1"
  # For what is downloaded, which is packed: functions stay whole and like ones stand beside each other. A function
  # inside of its only caller is shorter, and a tenth longer when packed: none of its locals are those of others.
  # The names are for ./build.sh test, which lists sizes.
  "$npm_bin/wasm-opt" "$3" --one-caller-inline-max-function-size=0 --reorder-functions-by-name "$made/$1_bg.wasm" -o "$made/named.wasm" --debuginfo
  # What only tools read goes; which features to keep to is in the file.
  "$npm_bin/wasm-opt" "$made/named.wasm" -o "$made/$1_$4.wasm" \
    --strip-debug --strip-producers --strip-target-features
  touch "$made/done"
}

# A part in one build, for what no SIMD would make faster.
single() { # NAME PROFILE OPTIMISE
  library "$@" plain ""
  cp "$target/$1/plain/glue/$1.js" "$glue/"
  cp "$target/$1/plain/glue/$1_plain.wasm" "$glue/$1.wasm"
}

# A part in both builds: with SIMD128, which nearly every browser has and which makes the engine several times as
# fast, and without it. The page chooses at load.
part() { # NAME PROFILE OPTIMISE
  local build
  library "$@" simd "-C target-feature=+simd128" & build=$!
  library "$@" plain ""
  wait "$build" || fail "$1 with SIMD was not built"
  cmp "$target/$1"/{simd,plain}"/glue/$1.js" ||
    fail "the builds of $1 with and without SIMD need different glue: the page has one for both"
  cp "$target/$1/simd/glue/$1.js" "$glue/"
  for build in simd plain; do cp "$target/$1/$build/glue/$1_$build.wasm" "$glue/"; done
}

build() {
  need_rust; need_npm; need_bindgen
  say "Building dist/"
  rm -rf "$glue" dist
  mkdir -p "$glue" dist
  part adderscope page -Os
  single formats formats -Os # comes when someone opens or saves a file
  part trainer trainer -O3   # comes when someone opens its drawer
  echo '{"type": "module"}' >"$glue/package.json" # lets Node load the glue too

  find www -maxdepth 1 -type f ! -name '*.d.ts' -exec cp {} dist/ \;
  cp "$glue"/*.js "$glue"/*.wasm dist/
  [ ! -d www/models ] || cp -r www/models dist/
  colours >dist/theme.css
  bundled >dist/bundled.js
  index >dist/index.html
  sizes
}

# A visitor loads one of the page's two; the others come on asking. In bytes, gzipped.
sizes() {
  small 250000 dist/adderscope_*.wasm
  small 170000 dist/formats.wasm
  small 390000 dist/trainer_*.wasm
}

small() { # LIMIT WASM…
  local wasm bytes
  for wasm in "${@:2}"; do
    bytes=$(gzip -9c "$wasm" | wc -c)
    printf '%s: %d bytes, %d gzipped (limit %d)\n' "$wasm" "$(wc -c <"$wasm")" "$bytes" "$1"
    [ "$bytes" -le "$1" ] || fail "$wasm is over the limit"
  done
}

# Runs SCRIPT with the page's part of the library as `wasm`, and `load` for another part; prints what it prints.
from_library() { # SCRIPT
  GLUE=$glue node --input-type=module --eval '
    import { existsSync, readFileSync, writeFileSync } from "node:fs";
    import { pathToFileURL } from "node:url";
    const load = async (part, file) => {
      const library = await import(pathToFileURL(`${process.env.GLUE}/${part}.js`).href);
      library.initSync({ module: readFileSync(`${process.env.GLUE}/${file}.wasm`) });
      return library;
    };
    const wasm = await load("adderscope", "adderscope_plain");
  '"$1"
}

# The page's colours are the figures' colours: the library defines them, once.
colours() { from_library 'console.log(wasm.theme_css());'; }

# index.html with the page's modules, asked for at once and not one after the other; and with what the library alone
# knows and the bar shows, which keeps its size while the library is on its way.
index() {
  from_library '
    const { alignments, gallery: [first] } = wasm.page();
    const safe = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
    const choice = ({ key, label }) => `<label><input type="radio" name="alignment" value="${safe(key)}" />${safe(label)}</label>`;
    const modules = new Set();
    for (const entry of ["library.js", "app.js"]) { // what asks for the library comes first
      modules.add(entry);
      for (const module of modules) {
        const imports = readFileSync(`dist/${module}`, "utf8").matchAll(/^import .* from "\.\/(.*)";$/gm);
        for (const [, file] of imports) modules.add(file);
      }
    }
    const links = [...modules].map((file) => `<link rel="modulepreload" href="${file}" />`).join("\n    ");
    const filled = { modules: links, alignments: alignments.map(choice).join(""), title: safe(first.title), file: safe(first.file.split("/").at(-1)) };
    console.log(readFileSync("www/index.html", "utf8").replace(/<!-- filled: (\w+) -->/g, (_, name) => filled[name]));
  '
}

# The bundled models: the library's list, with the score that each file turns out to have. A module of its own, so
# that the page can fetch the first model while the library is on its way. What each file holds is written beside it,
# as the page takes it: a visitor who opens no file needs nothing that reads one.
bundled() {
  from_library '
    const formats = await load("formats", "formats");
    const scored = (model) => {
      const path = `dist/${model.file}`;
      const input = model.file.replace(/\.safetensors$/, ".input");
      if (!existsSync(path)) {
        console.error(`build.sh: ${path} is missing: the page will say that it could not be loaded`);
        return { ...model, input };
      }
      const held = formats.read_files([{ name: path.split("/").at(-1), bytes: readFileSync(path) }]);
      writeFileSync(`dist/${input}`, held);
      const session = new wasm.Session();
      session.open(held);
      const { passed, total } = session.verify().score;
      return { ...model, input, score: { passed, total } };
    };
    console.log(`export const bundled = ${JSON.stringify(wasm.page().gallery.map(scored))};`);
  '
}

serve() {
  need python3 "install Python 3, or serve dist/ with any static file server"
  python3 -c '
import functools, http.server, sys
class Handler(http.server.SimpleHTTPRequestHandler):
    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map,
                      ".js": "text/javascript", ".wasm": "application/wasm"}
    def end_headers(self):
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()
    def log_message(self, *_): pass
port = int(sys.argv[1])
try:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), functools.partial(Handler, directory="dist"))
except OSError as error:
    sys.exit(f"build.sh: port {port} cannot be used ({error.strerror}): try ./build.sh serve {port + 1}")
print(f"\nAdderScope is at http://127.0.0.1:{server.server_port}/  (Ctrl+C ends it)", flush=True)
try:
    server.serve_forever()
except KeyboardInterrupt:
    pass
' "$1"
}

run_tests() {
  need_rust; need_npm; need_bindgen; need_chromium
  say "Rust: format, lints (native and wasm), docs, tests"
  cargo fmt --all --check
  cargo clippy --workspace --all-targets -- -D warnings
  cargo clippy --workspace --lib --target wasm32-unknown-unknown -- -D warnings
  RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --lib
  cargo test --workspace
  build
  say "What each crate adds to the page (before compression)"
  node tests/browser/sizes.js "$target/adderscope/simd/glue/named.wasm"
  say "JavaScript: lints, types"
  "$npm_bin/eslint" --config tests/browser/eslint.config.js --max-warnings 0 www tests/browser
  "$npm_bin/tsc" --project tests/browser
  say "The built page in $("$CHROMIUM" --version 2>/dev/null)"
  browser_tests tests/browser/*.test.js
  floors
  bench --brief
}

# A file at a time on each core: a page and its test wait for each other.
browser_tests() { # FILE…
  node --test --test-concurrency="$(node -p 'os.availableParallelism()')" \
    --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=./tests/browser/summary.js --test-reporter-destination=stdout "$@"
}

# After `test`: all that reads ../shared again, as where that folder is not. A test in Rust that reads it has
# `mod shared;`, one of the page imports ./shared.js.
alone() {
  local rust=() page=() file
  need_rust; need_npm; need_chromium
  [ -e dist/index.html ] || fail "there is no page in dist/: run ./build.sh test first"
  for file in $(grep -l '^mod shared;$' tests/*.rs); do rust+=(--test "$(basename "$file" .rs)"); done
  for file in $(grep -l '"./shared.js"' tests/browser/*.test.js); do page+=("$file"); done
  export ADDERSCOPE_SHARED=
  say "Without ../shared: Rust"
  cargo test "${rust[@]}"
  say "Without ../shared: the page"
  browser_tests "${page[@]}"
  floors
  bench --brief
}

# The models that come with the page, from nothing. Each ends as the history of its run, in www/models.
train() { # NAME SETTINGS…
  local out=$target/models/$1
  cargo run --release --quiet -- train --arch "$1" "${@:2}" --out "$out" --force
  mkdir -p "www/models/$1"
  cp "$out/history.safetensors" "www/models/$1/$1.history.safetensors"
}

models() {
  need_rust
  train 62p --seed 9
  train 57p --seed 22 --steps 200000 --final-lr 0.01 --eval-every 2000 --adaptive-decay true
  train 67p --seed 3 --steps 300000 --final-lr 0.003 --eval-every 2000 --adaptive-decay true
}

# Ratios against the plain forward and the plain gradient of the same run; they fail under a floor. The command line is
# left out: it takes half the time to build, and none of it is measured.
floors() {
  say "Engine and gradient against the plain ones"
  cargo test --release --no-default-features --test engine_speed --test gradient_speed -- --nocapture --test-threads 1
}

bench() {
  need_chromium
  say "In $("$CHROMIUM" --version 2>/dev/null)"
  node tests/browser/bench.js "$@"
  case " $* " in *" --brief "*) return ;; esac
  say "Growth: benches/growth.svg"
  cargo bench --bench growth
}

case ${1:-build} in
  build) build ;;
  serve)
    [[ ${2:-8000} =~ ^[0-9]+$ ]] || fail "'$2' is not a port: ./build.sh serve [PORT]"
    build
    serve "${2:-8000}"
    ;;
  test) run_tests ;;
  test-alone) alone ;;
  models) models ;;
  bench)
    build
    bench "${@:2}"
    ;;
  *) fail "no '$1' here: ./build.sh, ./build.sh serve [PORT], ./build.sh test, ./build.sh test-alone, ./build.sh models or ./build.sh bench" ;;
esac
