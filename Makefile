# make run | dev | check | test | test-quick | test-live | soak | soak-oracle | soak-simulation | fuzz | wheels | bench | bench-peers | clean
# Every target does its own set-up. PORT, HOST, PYTHON and CHROMIUM may be given.

PORT ?= 8000
HOST ?= 127.0.0.1
PYTHON ?= python3
CHROMIUM ?= $(shell command -v chromium || echo /usr/bin/chromium)
SEEDS ?= 1000
FROM ?= 1
# Tests wait for clocks, sockets and browsers half of their time.
WORKERS ?= $(shell expr $$(nproc) + 1)
VENV := .venv
BIN := $(VENV)/bin
PEERS := benches/peers
RUST := $(shell find rust -name '*.rs' -o -name Cargo.toml) Cargo.toml Cargo.lock
export CHROMIUM

.PHONY: run dev check test test-quick test-live soak soak-oracle soak-simulation fuzz wheels bench bench-peers clean

run: $(VENV)/built
	exec $(BIN)/vango run examples.gallery:app --host $(HOST) --port $(PORT)

dev: $(VENV)/built
	exec $(BIN)/vango dev examples.gallery:app --host $(HOST) --port $(PORT)

test: $(VENV)/built $(VENV)/test node_modules scripts/debian
	scripts/debian
	cargo test --workspace --quiet
	node --test tests/client/*.test.js
	$(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=worksteal

test-quick: $(VENV)/built $(VENV)/test node_modules
	cargo test --workspace --quiet
	node --test tests/client/*.test.js
	$(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=worksteal --ignore tests/e2e -m "not slow" -x -q

# The browser part of the protocol's scenarios, which is part of `test` too.
test-live: $(VENV)/built $(VENV)/test scripts/debian
	scripts/debian
	$(BIN)/python -m pytest tests/e2e -m live

# What runs for as long as one likes.
soak: soak-oracle soak-simulation

# The oracle over a million random edits, with the checks of a debug build.
soak-oracle:
	VANGO_EDITS=1000000 CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS=true \
		cargo test --release --target-dir target/soak --package vango-core --test oracle soak -- --nocapture

# Each target of rust/fuzz for SECONDS; needs a nightly toolchain and `cargo install cargo-fuzz`.
# Without LTO, under which the counters of the sanitizer are lost to the linker.
FUZZ := CARGO_PROFILE_RELEASE_LTO=off cargo +nightly fuzz run --fuzz-dir rust/fuzz --features libfuzzer
SECONDS ?= 60
fuzz:
	for target in ops snapshot message event apply inflate diff; do \
		$(FUZZ) $$target -- -max_total_time=$(SECONDS) -max_len=4096 || exit 1; done

# The simulation of tests/simulation: SEEDS seeds from FROM on; TRACE=1 tells what happens.
soak-simulation: $(VENV)/built $(VENV)/test node_modules
	PYTHONPATH=tests $(BIN)/python -m simulation --seeds $(SEEDS) --from $(FROM) $(if $(TRACE),--trace)

check: $(VENV)/built $(VENV)/test $(VENV)/check node_modules
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings
	$(BIN)/ruff format --check python clients tests benches examples tools
	$(BIN)/ruff check python clients tests benches examples tools
	$(BIN)/mypy
	$(BIN)/mypy tests/types
	node_modules/.bin/pyright
	$(BIN)/python -m mypy.stubtest --concise vango._core vango.html vango.svg
	node_modules/.bin/tsc --project jsconfig.json

wheels: $(VENV)/pip
	$(BIN)/pip install --quiet --group wheels
	PYTHON=$(PYTHON) scripts/wheels $(VENV)

bench: $(VENV)/built $(VENV)/test $(VENV)/bench
	cargo bench --package vango-core
	cargo run --release --quiet --manifest-path benches/deflate/Cargo.toml
	$(BIN)/python -m benches

bench-peers: $(VENV)/built $(VENV)/test $(VENV)/bench $(PEERS)/.venv/installed $(PEERS)/node_modules scripts/debian
	scripts/debian
	mkdir -p benches/results
	cargo run --release --quiet --manifest-path benches/dioxus/Cargo.toml -- benches/results/dioxus.json
	$(BIN)/python -m benches.peers

clean:
	rm -rf $(VENV) target dist node_modules $(PEERS)/.venv $(PEERS)/node_modules

$(VENV)/pip:
	scripts/venv $(PYTHON) $(VENV)
	touch $@

# The engine in its release build, editable: a change in python/ needs no new build.
$(VENV)/built: $(VENV)/pip pyproject.toml $(RUST)
	$(BIN)/pip install --quiet --group build
	VIRTUAL_ENV=$(abspath $(VENV)) $(BIN)/maturin develop --release --quiet
	touch $@

$(VENV)/test $(VENV)/check $(VENV)/bench: $(VENV)/%: $(VENV)/pip pyproject.toml
	$(BIN)/pip install --quiet --group $*
	touch $@

node_modules: package.json
	npm ci --silent --no-audit --no-fund
	touch $@

# What vango is compared with, apart from everything that vango is built and tested with.
$(PEERS)/.venv/installed: $(PEERS)/requirements.txt
	scripts/venv $(PYTHON) $(@D)
	$(@D)/bin/pip install --quiet --requirement $<
	touch $@

$(PEERS)/node_modules: $(PEERS)/package.json $(PEERS)/package-lock.json
	npm ci --prefix $(PEERS) --silent --no-audit --no-fund
	touch $@
