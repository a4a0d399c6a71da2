# Everything is driven from here. `make` alone says what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run build test check bench bench-matching tidy docs bless pictures journeys

# rustup puts cargo here, but only a log-in shell knows it.
export PATH := $(PATH):$(HOME)/.cargo/bin

TARGET := $(or $(CARGO_TARGET_DIR),target)
SIZE ?= small
SIZES ?= 20000 200000

help:
	@echo "make run       install what is missing, build, and serve a demo on http://127.0.0.1:8080"
	@echo "make test      install what is missing, and run every test"
	@echo "make check     formatting, lints, tidy and quick tests: before each commit"
	@echo "make build     the release binary, $(TARGET)/release/sundry"
	@echo "make setup     install what is missing, and no more"
	@echo "make bench     time it against the floor, on both engines (SIZES='20000 200000')"
	@echo "make bench-matching  how right and how sure the matcher is, on our own UK narratives"
	@echo "make tidy      rooms, words, named tests, shape, handbook"
	@echo "make docs      write the generated pages, and the handbook as a book"
	@echo "make bless     accept today's letters, files and pages as the golden ones"
	@echo "make journeys  the browser journeys alone"
	@echo "make pictures  take the README's pictures from a running demo"

setup:
	@scripts/setup.sh

run: setup
	@echo "run: building (the first time takes some minutes, then seconds)"
	@cargo build --locked -p sundry
	@echo "run: the demo home is home/demo (remove it to begin again); stop with Ctrl-C"
	@exec $(TARGET)/debug/sundry --home home/demo demo --size $(SIZE)

build: setup
	@echo "build: $(TARGET)/release/sundry"
	@cargo build --release --locked -p sundry
	@ls -lh $(TARGET)/release/sundry

test: setup
	@scripts/test.sh

check: setup
	@echo "check: formatting"
	@cargo fmt --all --check
	@echo "check: lints, warnings refused"
	@cargo clippy --workspace --all-targets --locked -- -D warnings
	@echo "check: tidy"
	@cargo xtask tidy
	@echo "check: quick tests"
	@cargo test --workspace --lib --bins --locked
	@echo "check: done"

bench: setup
	@echo "bench: $(SIZES) open items, SQLite and PostgreSQL, each beside its floor"
	@cargo bench --locked -p sundry --bench house -- $(SIZES)

bench-matching: setup
	@cargo run --locked --quiet -p sundry-domain --example bench_matching

tidy:
	@cargo xtask tidy

docs:
	@echo "docs: pages written from the code"
	@cargo xtask docs
	@if command -v mdbook >/dev/null; then echo "docs: handbook/book"; mdbook build handbook; \
	else echo "docs: mdbook is not installed, so no HTML was made; the pages read as they are in handbook/"; fi

bless: setup
	@echo "bless: writing what the tests see over the golden files, and the generated pages"
	@SUNDRY_BLESS=1 INSTA_UPDATE=always cargo test --workspace --locked
	@cargo xtask docs
	@echo "bless: read this before you commit it:"
	@git --no-pager diff --stat

journeys: setup
	@cargo build -p sundry --locked
	@SUNDRY_BIN=$(TARGET)/debug/sundry scripts/journeys.sh

pictures: setup
	@echo "pictures: building, then five pages of the demo into docs/pictures"
	@cargo build --locked -p sundry
	@SUNDRY_BIN=$(TARGET)/debug/sundry scripts/with-demo.sh node scripts/pictures.mjs
