# Everything starts here: `make test`, `make demo`. `make help` lists the targets.

SWIFT ?= swift
PYTHON ?= python3
VENV := .venv-oracles
# What pkg-config must find, and the Debian packages that have it.
LIBRARIES := systemc libzip libpng libjpeg kissfft-float liblz4 libzstd hdf5 sqlite3
PACKAGES := libsystemc-dev libzip-dev libpng-dev libjpeg-dev libkissfft-dev zlib1g-dev liblz4-dev libzstd-dev \
  libhdf5-dev libsqlite3-dev pkg-config python3-venv
FORMATTED := Package.swift Sources Examples Tests hwmodels Benchmarks/Package.swift Benchmarks/Sources

.PHONY: help setup setup-browser setup-slurm setup-waveforms oracles build test check-all demo validate lava-data \
  golden-traces capacity-table worked-example \
  crosscheck bench fuzz sanitize format lint clean

help:
	@echo 'make setup      install the libraries that are missing (Debian, Ubuntu)'
	@echo 'make setup-browser  install Chromium, in which tests look at reports'
	@echo 'make setup-slurm  install Slurm and munge, for the tests of sweeps on a cluster'
	@echo 'make setup-waveforms  install GTKWave, whose vcd2fst makes FST files'
	@echo 'make build      build in release'
	@echo 'make test       setup, then all tests, with their independent Python oracles'
	@echo 'make check-all  make test with the long tests'
	@echo 'make demo       setup, build, then compare both banks and inputs on one photograph'
	@echo 'make validate   setup, build, then compare the simulated chips with published figures'
	@echo 'make lava-data  fetch the data of a published LCA run, for rheobase validate --lava-data results/lava.npz'
	@echo 'make golden-traces   record traces/ again, on purpose'
	@echo 'make capacity-table  make the tables of docs/capacity.md again'
	@echo 'make worked-example  try the neuron model that CONTRIBUTING.md adds'
	@echo 'make crosscheck compare the chip model with another simulator, SANA-FE, on the same networks'
	@echo 'make bench      time the program beside its rivals (half an hour; gigabytes of packages)'
	@echo 'make fuzz       read damaged files of events, a million times (FUZZ=10000000 for more)'
	@echo 'make sanitize   the chip model under the address, undefined-behaviour and thread sanitizers'
	@echo 'make format     format the sources; make lint only checks them'
	@echo 'make clean      remove what was built, the oracles and the results'

setup:
	@.ci/setup '$(SWIFT)' '$(PYTHON)' '$(LIBRARIES)' '$(PACKAGES)'

setup-browser:
	@.ci/setup-browser

setup-slurm:
	@.ci/setup-slurm

# The package brings GTK; only the trace fst needs it.
setup-waveforms:
	@.ci/setup-waveforms

oracles: $(VENV)/made

$(VENV)/made: Tests/Oracles/requirements.txt Tests/Oracles/requirements-alone.txt | setup
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --disable-pip-version-check --quiet --requirement Tests/Oracles/requirements.txt
	$(VENV)/bin/pip install --disable-pip-version-check --quiet --no-deps --requirement Tests/Oracles/requirements-alone.txt
	touch $@

build: setup
	$(SWIFT) build -c release

# Tests that start the program look at it while it works: they run after those that keep all threads busy.
test: export RHEOBASE_ORACLE_PYTHON = $(CURDIR)/$(VENV)/bin/python
test: setup oracles
	$(SWIFT) build -c release --build-tests
	$(SWIFT) test -c release --skip-build --skip '^CLITests'
	$(SWIFT) test -c release --skip-build --filter '^CLITests'

check-all: setup-slurm setup-browser
	RHEOBASE_LONG_TESTS=1 $(MAKE) test

demo: build
	"$$($(SWIFT) build -c release --show-bin-path)/rheobase" compare photographs/camera.png --output results/demo

# LAVA_DATA=results/lava.npz: what make lava-data has fetched.
validate: build
	"$$($(SWIFT) build -c release --show-bin-path)/rheobase" validate $(if $(LAVA_DATA),--lava-data '$(LAVA_DATA)')

# The tutorial is only in the source distribution; nothing of it is built or run.
lava-data: oracles
	folder=$$(mktemp -d) && trap 'rm -r "$$folder"' EXIT && \
	$(VENV)/bin/pip download --disable-pip-version-check --quiet --no-deps --no-binary :all: --ignore-requires-python \
	  --dest "$$folder" lava-optimization==0.5.0 && \
	tar -xzf "$$folder"/*.tar.gz -C "$$folder" && mkdir -p results && \
	$(VENV)/bin/python Tests/Oracles/lava_data.py "$$folder"/*/tutorials results/lava.npz

golden-traces: build
	$(PYTHON) .ci/golden_traces.py "$$($(SWIFT) build -c release --show-bin-path)/rheobase"

# The listings of CONTRIBUTING.md, "Add a neuron model", on a copy of what is committed.
worked-example: setup
	scratch=$$(mktemp -d) && git clone --quiet . $$scratch && .ci/worked_example.py $$scratch && \
	  cd $$scratch && $(SWIFT) test -c release --filter 'Integrator|ReferenceAgreement' && rm -rf $$scratch

# Arguments for the program, such as CROSSCHECK='--largest 1000'.
CROSSCHECK ?=
# Rows of the table to run, such as BENCH='1 3'; all without one.
BENCH ?=

crosscheck: setup $(VENV)-crosscheck/made
	$(SWIFT) build -c release --product crosscheck
	RHEOBASE_ORACLE_PYTHON='$(CURDIR)/$(VENV)-crosscheck/bin/python' \
	  "$$($(SWIFT) build -c release --show-bin-path)/crosscheck" $(CROSSCHECK)

$(VENV)-crosscheck/made: Tests/Oracles/requirements-crosscheck.txt | setup
	rm -rf $(VENV)-crosscheck
	$(PYTHON) -m venv $(VENV)-crosscheck
	$(VENV)-crosscheck/bin/pip install --disable-pip-version-check --quiet \
	  --requirement Tests/Oracles/requirements-crosscheck.txt
	touch $@

bench: build $(VENV)-rivals/made
	$(SWIFT) build -c release --package-path Benchmarks
	$(PYTHON) Benchmarks/run.py "$$($(SWIFT) build -c release --package-path Benchmarks --show-bin-path)/bench" \
	  "$$($(SWIFT) build -c release --show-bin-path)/rheobase" '$(CURDIR)/$(VENV)-rivals/bin/python' $(BENCH)

$(VENV)-rivals/made: Benchmarks/Rivals/requirements.txt | setup
	rm -rf $(VENV)-rivals
	$(PYTHON) -m venv $(VENV)-rivals
	$(VENV)-rivals/bin/pip install --disable-pip-version-check --quiet --requirement Benchmarks/Rivals/requirements.txt
	touch $@

# Executions over all readers.
FUZZ ?= 1000000

fuzz: setup
	RHEOBASE_FUZZ_EXECUTIONS=$(FUZZ) $(SWIFT) test -c release --filter damagedBytesAreSurvived

sanitize: setup
	$(MAKE) --directory Tests/Sanitizers --jobs 2 all

capacity-table: build
	$(PYTHON) .ci/capacity_table.py "$$($(SWIFT) build -c release --show-bin-path)/rheobase" docs/capacity.md

format:
	$(SWIFT) format --in-place --parallel --recursive $(FORMATTED)
	@if command -v clang-format >/dev/null; then git ls-files '*.c' '*.h' '*.cpp' '*.hpp' | xargs clang-format -i; \
	  else echo 'make format: clang-format is not there; C and C++ stay as they are'; fi

lint:
	$(SWIFT) format lint --strict --parallel --recursive $(FORMATTED)

clean:
	rm -rf .build .build-sanitize Benchmarks/.build $(VENV) $(VENV)-crosscheck $(VENV)-rivals results
