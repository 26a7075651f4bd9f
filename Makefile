# The short way to everything. `make` alone lists the targets.
# Needs python3 (3.11 or newer, with venv), git and make; no compiler, no container, no root.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
CHECKED := src tests tools benchmarks setup.py

.DEFAULT_GOAL := help
.PHONY: help setup run demo examples atlas test safety faults bedside tapping lint bench bench-scale calibrate theory docs pictures lock

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

setup: $(READY) ## Make .venv with everything, pinned by hash

$(READY): requirements.lock pyproject.toml setup.py src/myotome/inference/kernel.c src/myotome/mechanism/kernel.c src/myotome/mechanism/block.h src/myotome/mechanism/lanes.h src/myotome/mechanism/events.h
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Myotome needs Python 3.11 or newer: make setup PYTHON=python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv \
	  || { rm -rf .venv; echo "python3 came without venv; install it (Debian: python3-venv)."; exit 1; }
	@echo "Setting up .venv; the first time takes a minute or two."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -c 'from myotome.inference import native; from myotome.mechanism import native as other; native.load() and other.load() or print("Notice: the C kernels were not built (no compiler found?). Everything works, more slowly, with NumPy.")'
	@touch $(READY)

atlas: $(READY) ## Open the atlas in the browser
	@$(BIN)/myotome atlas

run: $(READY) ## Open the clinic in the browser; the first start makes its owner
	@$(BIN)/myotome serve --port 8470

demo: $(READY) ## Open the demonstration practice, in which nobody is real
	@$(BIN)/myotome serve --demo --port 8471

examples: $(READY) ## Explain the published examinations, one line each, the first in full
	@$(BIN)/myotome demo examples

BROWSER := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
LEFT_OUT = $(if $(BROWSER)$(MYOTOME_CHROMIUM),,--ignore=tests/browser) \
  $(if $(shell command -v cc || command -v gcc),,--ignore=tests/faults/test_power.py)

# Laws and oracles of what no kernel computes, or that ask for both kernels by name; they run once.
NO_KERNEL := $(addprefix tests/laws/test_,atlas_laws.py point_laws.py safety_laws.py patient_words.py ledger_laws.py trophic_laws.py referral_laws.py case_file_fuzz.py \
  hazard_controls.py kernels_agree.py mechanism_kernels_agree.py) \
  $(addprefix tests/oracle/,test_second_safety_table.py test_planner_equals_exhaustive.py test_cohort_on_dask.py test_partition_equals_brute_force.py)

test: lint ## Run every test; the inference suites once with each kernel
	@test -n "$(BROWSER)$(MYOTOME_CHROMIUM)" || echo "Left out: tests/browser, as no Chromium was found. Install it (Debian: apt-get install chromium) or set MYOTOME_CHROMIUM."
	@test -n "$(shell command -v cc || command -v gcc)" || echo "Left out: the power cuts, as no C compiler was found."
	$(BIN)/python -m pytest -n auto --dist worksteal $(LEFT_OUT)
	MYOTOME_KERNEL=numpy $(BIN)/python -m pytest -n auto --dist worksteal tests/oracle tests/laws $(addprefix --ignore=,$(NO_KERNEL))

safety: $(READY) ## The long safety run: a million people through the rules, ten thousand plans, every law tried a thousand times
	MYOTOME_PEOPLE=1000000 MYOTOME_PLANS=10000 MYOTOME_HITS=500 $(BIN)/python -m pytest -n 2 tests/laws/test_safety_laws.py tests/oracle/test_second_safety_table.py tests/oracle/test_planner_equals_exhaustive.py --junitxml=build/safety.xml
	@grep -o 'name="\(rules\|plans\): [^/]*' build/safety.xml

faults: $(READY) ## The long fault run: ten thousand kills on each database, power cuts, every byte changed; goes on where it was left
	$(BIN)/python -m tests.faults.killing --kills 10000 --database sqlite --state build/faults
	$(BIN)/python -m tests.faults.killing --kills 10000 --database postgresql --state build/faults
	MYOTOME_CUTS=300 MYOTOME_TAMPER=all $(BIN)/python -m pytest -n 2 $(addprefix tests/faults/test_,power.py copies.py disk.py read_only.py) tests/contract/test_tamper.py --junitxml=build/faults.xml
	@grep -o 'name="faults: [^/]*' build/faults.xml

bedside: $(READY) ## The long bedside run: tablets, browsers and servers killed again and again, taps in many orders, ledgers of thousands of visits
	MYOTOME_LOSE=10 MYOTOME_ORDERS=5 MYOTOME_LEDGER=3000 $(BIN)/python -m pytest -n 2 tests/browser/test_never_lose.py tests/browser/test_bedside_speed.py tests/browser/test_visit_page.py tests/laws/test_ledger_laws.py

tapping: $(READY) ## The long tapping trials: ten first taps for each opening, on both positions of a tablet
	MYOTOME_TAPPING=10 $(BIN)/python -m pytest -n 2 tests/browser/test_tapping.py --junitxml=build/tapping.xml
	@grep -o 'value="[^"]*trials[^"]*"' build/tapping.xml

lint: $(READY) ## Style, types and the order of imports
	$(BIN)/ruff check $(wildcard $(CHECKED))
	$(BIN)/ruff format --check $(wildcard $(CHECKED))
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY) ## Ratios against peers, one line a figure; fails where a goal is missed
	$(BIN)/python -m benchmarks

bench-scale: $(READY) ## The long benchmarks
	$(BIN)/python -m benchmarks --scale

calibrate: $(READY) ## Calibration of the reasoner against itself, into docs/
	$(BIN)/python -m benchmarks.calibration

theory: $(READY) ## Put the theory to the test and draw its figures, into docs/
	$(BIN)/python tools/make_theory.py

docs: $(READY) ## Regenerate the pages made from the tables, and the plates
	$(BIN)/python tools/make_docs.py
	$(BIN)/python tools/make_priors.py
	$(BIN)/python tools/make_picture.py
	$(BIN)/python tools/make_plates.py
	$(BIN)/python tools/make_paper_pictures.py
	$(BIN)/python tools/make_mechanism_picture.py

pictures: $(READY) ## Photograph the clinic and every step of a visit anew, into docs/figures/
	$(BIN)/python -m tools.make_clinic_pictures
	$(BIN)/python -m tools.make_bedside_pictures

lock: $(READY) ## Compile requirements.lock anew from pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes \
	  --no-header --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.lock
