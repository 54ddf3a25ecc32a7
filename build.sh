#!/usr/bin/env bash
# Builds the page, serves it, tests it. Whatever is missing is installed, or named with its fix.
#
#   ./build.sh               build into dist/, a static site for any host and any sub-path
#   ./build.sh serve [PORT]  build what browsers with SIMD load, then serve dist/ on 127.0.0.1 (port 8000)
#   ./build.sh single        build that, and name dist/adderscope.html: the whole page in one file, which works from disk
#   ./build.sh hosted        build, then make hosted/ of it: for a public host, with a service worker, a manifest and icons
#   ./build.sh pkg           make dist/pkg, the library as a package for npm, alone
#   ./build.sh python        the Python package's wheel for this machine, alone: target/wheels/adderscope-*.whl
#   ./build.sh test          install what it needs, then say whether anything is broken: lints, Rust, the page as browsers with
#                            SIMD load it, its own tests, and the main ones in a browser
#   ./build.sh test-alone    then again what reads ../shared, without it
#   ./build.sh trust         then all else that is tested: three engines, all browser tests, the docs, the oldest Rust, the
#                            package and the notebook, brute force at full speed, fuzzing
#   ./build.sh soak [MINUTES]  use the page for an hour, or so many minutes, and in ways that are hard on it
#   ./build.sh fuzz [SECONDS]  fuzz every reader, for 10 seconds or so many each
#   ./build.sh models        train the bundled models again, to the same numbers
#   ./build.sh bench [--brief] [--write]  build, then time everything; --write puts the table into README.md
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

target=${CARGO_TARGET_DIR:-$PWD/target}

# Python's packages, each in one version.
numpy=numpy==2.4.6
maturin=maturin==1.16.0
jupyter=(anywidget==0.11.0 jupyterlab==4.6.6 nbconvert==7.17.2)

say() { printf '\n\033[1m%s\033[0m (at %d:%02d)\n' "$*" $((SECONDS / 60)) $((SECONDS % 60)); }
fail() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }
need() { command -v "$1" >/dev/null || fail "$1 is missing: $2"; }
tool() { node --import tsx "tools/$1.ts" "${@:2}"; }

need_rust() {
  need cargo "install Rust with rustup, from https://rustup.rs"
  [ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown)" ] && return
  need rustup "install it from https://rustup.rs (it adds the target wasm32-unknown-unknown)"
  rustup target add wasm32-unknown-unknown
}

# npm's packages: what tools/ and the tests run on.
need_npm() {
  need node "install Node.js 20.19 or later, with npm, from https://nodejs.org"
  need npm "install it with Node.js, from https://nodejs.org"
  cmp -s package-lock.json node_modules/.installed && return
  say "npm ci"
  npm ci --no-audit --no-fund
  cp package-lock.json node_modules/.installed
}

# Debian's packages, for what only they have.
debian() { # PACKAGE…
  need apt-get "install $*, or the same of another system"
  local root=()
  if [ "$(id -u)" != 0 ]; then
    need sudo "install $* as root"
    root=(sudo)
  fi
  say "apt-get install $*"
  "${root[@]}" apt-get update -q
  DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -q --no-install-recommends "$@"
}

need_chromium() {
  if [ -n "${CHROMIUM:-}" ]; then return; fi
  for CHROMIUM in chromium chromium-browser google-chrome; do
    if CHROMIUM=$(command -v "$CHROMIUM"); then export CHROMIUM; return; fi
  done
  debian chromium
  CHROMIUM=$(command -v chromium); export CHROMIUM
}

# The other engines: Firefox, and WebKit with a screen that nobody sees.
need_engines() {
  local missing=()
  FIREFOX=${FIREFOX:-$(command -v firefox-esr)} || missing+=(firefox-esr)
  command -v WebKitWebDriver >/dev/null || missing+=(webkit2gtk-driver)
  command -v Xvfb >/dev/null || missing+=(xvfb)
  [ ${#missing[@]} = 0 ] || debian "${missing[@]}"
  FIREFOX=${FIREFOX:-$(command -v firefox-esr)}; export FIREFOX
}

# A C++ compiler, for libFuzzer.
need_cxx() {
  command -v c++ >/dev/null || debian g++
}

# A Python with NumPy, for the program that checks certificates.
need_numpy() {
  if [ -n "${NUMPY_PYTHON:-}" ]; then return; fi
  venv numpy "$numpy"
  NUMPY_PYTHON=$target/numpy/bin/python; export NUMPY_PYTHON
}

# A Python with these packages, in a folder of target/: made anew where they, or their versions, are others.
venv() { # NAME PACKAGES…
  local venv=$target/$1 packages=${*:2}
  if [ "$(cat "$venv/installed" 2>/dev/null)" = "$packages" ]; then return; fi
  python3 -c 'import ensurepip, venv' 2>/dev/null || debian python3-venv
  say "pip install $packages"
  rm -rf "$venv"
  python3 -m venv "$venv"
  # shellcheck disable=SC2086 # names without spaces
  "$venv/bin/python" -m pip install --quiet --no-compile $packages
  echo "$packages" >"$venv/installed"
}

# The Python package's wheel, once dist/pkg is there.
wheel() { # ENVIRONMENT-WITH-MATURIN OPTIONS…
  rm -rf "$target/wheels"
  tool python "$target/$1/bin/python" "$target/wheels" "${@:2}"
}

# What builds the wheel, and where it is tried.
need_jupyter() {
  venv jupyter "${jupyter[@]}" "$maturin" "$numpy"
}

# The wheel as people install it: by a script, and in a notebook. Its command line is that of the tests.
python_tests() {
  local python=$target/jupyter/bin/python
  need_jupyter
  say "The Python package, and a notebook in JupyterLab"
  wheel jupyter --profile dev
  "$python" -m pip install --quiet --no-deps --force-reinstall "$target"/wheels/adderscope-*.whl
  "$python" -m unittest discover -s tests/python
  JUPYTER_PYTHON=$python page_tests python
}

build() { # [--simd-only]
  need_rust; need_npm
  say "Building dist/"
  tool build "$@"
}

# Which tests of the page belong here and which to `trust`: tools/tests.ts.
run_tests() {
  need_rust; need_npm; need_chromium; need_numpy
  say "Rust: format, lints, tests"
  cargo fmt --all --check
  cargo clippy --workspace --all-targets -- -D warnings
  cargo test --workspace
  build --simd-only
  say "What each crate adds to the page (before compression)"
  tool crates
  say "The page and its tools: lints, types, format"
  npm run --silent check
  say "The built page in $("$CHROMIUM" --version 2>/dev/null)"
  page_tests test
}

# A suite of tools/tests.ts.
page_tests() { # SUITE
  local files
  files=$(tool tests "$1")
  # shellcheck disable=SC2086 # names without spaces
  node_tests $files
}

# A file at a time on each core: a page and its test wait for each other.
node_tests() { # FILE…
  node --import tsx --test --test-concurrency="$(node -p 'os.availableParallelism()')" \
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
  for file in $(grep -l '"./shared.js"' tests/browser/*.test.[jt]s); do page+=("$file"); done
  export ADDERSCOPE_SHARED=
  say "Without ../shared: Rust"
  cargo test "${rust[@]}"
  say "Without ../shared: the page"
  node_tests "${page[@]}"
}

# After `test`: what the page promises to everyone, in three engines and in all that it does, and what whoever publishes it needs.
trust() {
  local packages
  need_rust; need_npm; need_chromium; need_engines; need_cxx; need_numpy
  need_jupyter & packages=$! # comes while Rust compiles
  say "Rust: docs, lints of what is for the web"
  RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --lib
  # The command line and what builds the page are not for the web.
  cargo clippy --workspace --exclude adderscope --exclude adderscope-bindgen --exclude adderscope-icons --lib --target wasm32-unknown-unknown -- -D warnings
  # As the library in one has them: without what only the page asks for.
  cargo clippy --package adderscope-whole --lib --target wasm32-unknown-unknown -- -D warnings
  build
  cargo build --quiet # what the pages say is what the command line says
  say "Trust: three engines, everyone's hands and eyes, nothing in and nothing out, and every tool of the page"
  page_tests trust
  wait "$packages"
  python_tests
  say "What is measured and asked for long, at full speed"
  cargo test --release --no-default-features --no-run --test engine_speed --test gradient_speed --test exact # beside each other
  floors
  say "Verdicts on all additions against every addition of three digits"
  every_addition
  fuzz 3
  bench --brief
  deny
  oldest # last: where its toolchain is not to be had, all else has been checked
}

# Licences, sources and versions of all crates: by cargo-deny, made here, and soon rather than fast.
deny() {
  local version=0.20.2 root=$target/deny
  say "Licences, sources and versions of all crates"
  if [ "$("$root/bin/cargo-deny" --version 2>/dev/null)" != "cargo-deny $version" ]; then
    CARGO_TARGET_DIR=$root CARGO_PROFILE_DEV_DEBUG=false \
      cargo install --quiet --locked --debug --no-default-features --root "$root" "cargo-deny@$version"
  fi
  "$root/bin/cargo-deny" --all-features --locked check licenses bans sources
}

# With the oldest Rust that Cargo.toml names.
oldest() {
  local version
  version=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
  need rustup "install it from https://rustup.rs (it adds Rust $version)"
  say "Rust $version, the oldest that builds it"
  rustup run "$version" cargo --version >/dev/null 2>&1 ||
    rustup toolchain install "$version" --profile minimal --no-self-update
  CARGO_TARGET_DIR=$target/oldest cargo "+$version" check --workspace --lib --bins --locked
}

# After `test`: film, training and edits for so long, a thousand bad files, and what else of tests/trust/soak.test.ts is short.
soak() { # MINUTES
  need_rust; need_npm; need_chromium
  [ -e dist/index.html ] || build
  cargo build --quiet # what a run in the page is compared with
  say "Soak: $1 minutes of film, training and edits"
  ADDERSCOPE_SOAK=$1 node_tests tests/trust/soak.test.ts
}

# Every reader of bytes, by libFuzzer, on corpora of our own files. It needs a C++ compiler, but no nightly Rust: there is no
# unsafe code for a sanitizer to watch. What is found stands in target/fuzz, and belongs into a test.
fuzz() { # SECONDS
  local flag host seconds=$1 corpora=$target/fuzz/corpora name
  need_rust; need_npm; need_cxx
  host=$(rustc -vV | sed -n 's/^host: //p')
  say "Fuzzing each reader for $seconds seconds"
  ADDERSCOPE_SEEDS=$target/fuzz/seeds cargo test --quiet --test seeds
  local flags="--cfg fuzzing -Cpasses=sancov-module"
  for flag in level=4 inline-8bit-counters pc-table trace-compares; do flags+=" -Cllvm-args=-sanitizer-coverage-$flag"; done
  # For the host by name: the flags are not for what builds run.
  (cd fuzz && RUSTFLAGS=$flags CARGO_TARGET_DIR=$target/fuzz cargo build --quiet --release --target "$host")
  for name in fuzz/targets/*.rs; do
    name=$(basename "$name" .rs)
    mkdir -p "$corpora/$name"
    say "$name"
    "$target/fuzz/$host/release/$name" -max_total_time="$seconds" -max_len=16384 -timeout=10 -rss_limit_mb=2048 \
      -print_final_stats=1 -artifact_prefix="$target/fuzz/$name-" "$corpora/$name" "$target/fuzz/seeds/$name" 2>&1 |
      { grep -E '^stat::(number_of_executed_units|peak_rss)|ERROR|panicked|SUMMARY|Test unit' || true; } ||
      fail "$name: found something, see $target/fuzz/$name-*"
  done
  say "the state in an address"
  ADDERSCOPE_FUZZ=$seconds node --import tsx --test tests/page/address.test.ts
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

# Every model and 200 edited ones, asked additions one by one.
every_addition() { # ARGUMENTS…
  cargo test --release --no-default-features --test exact -- "$@"
}

bench() {
  need_chromium
  say "In $("$CHROMIUM" --version 2>/dev/null)"
  node --import tsx tests/browser/bench.js "$@"
  case " $* " in *" --brief "*) return ;; esac
  say "Growth: benches/growth.svg"
  cargo bench --bench growth
  say "Verdicts on all additions against every addition of four digits"
  every_addition --ignored
}

case ${1:-build} in
  build) build ;;
  serve)
    [[ ${2:-8000} =~ ^[0-9]+$ ]] || fail "'$2' is not a port: ./build.sh serve [PORT]"
    build --simd-only
    tool serve "${2:-8000}"
    ;;
  single)
    build --simd-only
    say "The page as one file: $PWD/dist/adderscope.html"
    ;;
  hosted)
    build
    tool hosted
    ;;
  pkg)
    need_rust; need_npm
    tool package
    say "The package: $PWD/dist/pkg"
    ;;
  python)
    need_rust; need_npm
    tool package
    venv maturin "$maturin"
    wheel maturin --release
    say "$(echo "$target"/wheels/adderscope-*.whl)"
    ;;
  test) run_tests ;;
  test-alone) alone ;;
  trust) trust ;;
  soak)
    [[ ${2:-60} =~ ^[0-9]+$ ]] || fail "'$2' is no number of minutes: ./build.sh soak [MINUTES]"
    soak "${2:-60}"
    ;;
  fuzz)
    [[ ${2:-10} =~ ^[0-9]+$ ]] || fail "'$2' is no number of seconds: ./build.sh fuzz [SECONDS]"
    fuzz "${2:-10}"
    ;;
  models) models ;;
  bench)
    build
    bench "${@:2}"
    ;;
  *) fail "no '$1' here: $(sed -n 's/^#   \(\.\/build\.sh\( [a-z][a-z-]*\)\{0,1\}\).*/\1/p' build.sh | paste -sd, | sed 's/,/, /g')" ;;
esac
