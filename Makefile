# Everything starts here: `make test`, `make demo`. `make help` lists the targets.

SWIFT ?= swift
PYTHON ?= python3
VENV := .venv-oracles
# What pkg-config must find, and the Debian packages that have it.
LIBRARIES := systemc libzip libpng libjpeg kissfft-float
PACKAGES := libsystemc-dev libzip-dev libpng-dev libjpeg-dev libkissfft-dev zlib1g-dev pkg-config python3-venv
FORMATTED := Package.swift Sources Tests hwmodels

.PHONY: help setup oracles build test check-all demo golden-traces capacity-table format lint clean

help:
	@echo 'make setup      install the libraries that are missing (Debian, Ubuntu)'
	@echo 'make build      build in release'
	@echo 'make test       setup, then all tests, with their independent Python oracles'
	@echo 'make check-all  make test with the long tests'
	@echo 'make demo       setup, build, then compare both banks and inputs on one photograph'
	@echo 'make golden-traces   record traces/ again, on purpose'
	@echo 'make capacity-table  make the tables of docs/capacity.md again'
	@echo 'make format     format the sources; make lint only checks them'
	@echo 'make clean      remove what was built, the oracles and the results'

setup:
	@.ci/setup '$(SWIFT)' '$(PYTHON)' '$(LIBRARIES)' '$(PACKAGES)'

oracles: $(VENV)/made

$(VENV)/made: Tests/Oracles/requirements.txt | setup
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --disable-pip-version-check --quiet --requirement Tests/Oracles/requirements.txt
	touch $@

build: setup
	$(SWIFT) build -c release

test: setup oracles
	RHEOBASE_ORACLE_PYTHON='$(CURDIR)/$(VENV)/bin/python' $(SWIFT) test -c release

check-all:
	RHEOBASE_LONG_TESTS=1 $(MAKE) test

demo: build
	"$$($(SWIFT) build -c release --show-bin-path)/rheobase" compare photographs/camera.png --output results/demo

golden-traces: build
	for run in traces/*/run.yaml; do \
	  trace=$$(dirname $$run) && scratch=$$(mktemp -d) && \
	  "$$($(SWIFT) build -c release --show-bin-path)/rheobase" run $$run --traces spikes,steps --output $$scratch/result && \
	  cp $$scratch/result/spikes.csv $$scratch/result/steps.csv $$trace/ && rm -r $$scratch || exit 1; \
	done

capacity-table: build
	$(PYTHON) .ci/capacity_table.py "$$($(SWIFT) build -c release --show-bin-path)/rheobase" docs/capacity.md

format:
	$(SWIFT) format --in-place --parallel --recursive $(FORMATTED)
	@if command -v clang-format >/dev/null; then git ls-files '*.c' '*.h' '*.cpp' '*.hpp' | xargs clang-format -i; \
	  else echo 'make format: clang-format is not there; C and C++ stay as they are'; fi

lint:
	$(SWIFT) format lint --strict --parallel --recursive $(FORMATTED)

clean:
	rm -rf .build $(VENV) results
