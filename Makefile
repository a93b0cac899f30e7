# Everything is set up by the targets themselves, in .venv, from requirements.lock.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.stamp-$(shell cat requirements.lock pyproject.toml 2>/dev/null | cksum | cut -d' ' -f1)

.PHONY: demo demo-scan test test-all lint setup fit fit-parts fit-scans bench accuracy peers lock clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed: apt-get install python3.11 python3.11-venv"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "The venv module is missing: apt-get install python3.11-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@rm -f $(VENV)/.stamp-*; touch $@

demo: setup       ## read a packaged report and print it
	$(BIN)/nianbao extract corpora/samples/demo.pdf --format text

demo-scan: setup  ## read a packaged scan and print it
	$(BIN)/nianbao extract corpora/samples/demo-scan.pdf --format text

test: setup       ## the tests (under ten minutes on two cores)
	$(BIN)/python -m pytest -n 2 -m "not slow"

test-all: setup   ## the tests with the slow ones, and lint
	$(BIN)/python -m pytest -n 2
	$(MAKE) lint

lint: setup       ## style, types, import layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

fit: setup        ## measure confidence anew on rendered reports
	$(BIN)/python -m corpora.fit

fit-parts: setup  ## fit the model of parts that nothing marks, and measure the confidence of figures
	$(BIN)/python -m corpora.fit_parts
	$(BIN)/python -m corpora.fit_figures

fit-scans: setup  ## the same for scans, and the prices of repair; they are read anew if .scans is removed
	$(BIN)/python -m corpora.kept .scans
	$(BIN)/python -m corpora.fit_repair .scans
	$(BIN)/python -m corpora.fit_scans .scans

accuracy: setup   ## accuracy on a part of the corpus that nothing was fitted on, by medium
	$(BIN)/python -m benchmarks.accuracy --part dev

peers:            ## cells and seconds beside other table readers, in an environment of its own
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.lock camelot-py img2table
	.venv-peers/bin/python -m benchmarks.peers

bench: setup      ## speed against bare pdfplumber, and cold starts
	$(BIN)/python -m benchmarks.speed

lock:             ## pin the versions of everything anew
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --allow-unsafe --extra dev --strip-extras --no-emit-index-url --no-emit-find-links --no-header --no-annotate -o requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) .venv-peers dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
