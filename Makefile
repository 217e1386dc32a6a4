# Each command does its own set-up: it makes .venv, installs the pinned environment, then acts.
# A second run does no set-up work. PYTHON=/path/to/python chooses the interpreter of a new .venv.

PYTHON ?= python3.13 python3.12 python3.11 python3 python
PORT ?= 8000
MDPS ?= 10000
TOPICS ?=
MODULES ?=
BIN := .venv/bin
READY := .venv/.ready
PAGE := _build/html/index.html
# After a failure every page is read again, or a second build would not repeat its warnings.
BUILD := $(BIN)/jupyter-book build -q -W -n --keep-going . || { rm -rf _build/.doctrees; exit 1; }
PYTEST := $(BIN)/python -m pytest -q -rs
PACKAGE := -n 2 -p no:nbval --doctest-modules --doctest-glob=README.md --ignore=tests/book tests mirrorbook README.md
SITE := $(PYTEST) -p no:nbval --no-loadscope-reorder
IN_BROWSER := $(patsubst %,tests/book/test_%.py,browser cheatsheet gates pdf reader simplex_browser)
NOT_OF_PAGES := tests/book/test_notebooks.py tests/book/test_lab.py

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help book test coverage mutants audit lab notebooks pdf screenshot bench theory serve lock clean
.PHONY: test-style test-package test-notebooks test-book test-site

help: ## List the commands
	@awk -F ': .*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' Makefile

book: $(READY) ## Build the book and say which page to open
	@$(BUILD)
	@echo "Open file://$(CURDIR)/$(PAGE)"

test: test-style test-package test-notebooks test-book test-site ## Prove everything (make -k test: go on after a failure)
	@echo "All tests passed."

test-style: $(READY) ## … only: lint and format
	@echo "== Style: ruff"
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

test-package: $(READY) ## … only: unit tests and doctests of the package
	@echo "== Package: unit tests and doctests"
	@$(PYTEST) $(PACKAGE)

test-notebooks: $(READY) ## … only: the notebooks, run again and compared with their stored outputs; two in JupyterLab
	@echo "== Notebooks: form, JupyterLab, then every stored output against a fresh run"
	@$(PYTEST) tests/book/test_notebooks.py
	@$(PYTEST) -n 2 --dist loadfile --no-loadscope-reorder --nbval --nbval-current-env \
	  --nbval-cell-timeout=120 tests/book/test_lab.py chapters

test-book: $(READY) ## … only: the book, built from nothing, warnings are errors; its links and texts
	@echo "== Book: build, then every page read as text"
	@rm -rf _build
	@$(BUILD)
	@$(SITE) -n 2 tests/book $(patsubst %,--ignore=%,$(IN_BROWSER) $(NOT_OF_PAGES))

test-site: test-book ## … only: the built pages in a browser
	@echo "== Site: every page in a browser"
	@$(SITE) -n 3 $(IN_BROWSER)

coverage: $(READY) ## Unit tests with coverage; fails under 95 % of the lines and branches of the package
	@$(PYTEST) --cov $(PACKAGE)

# idle threads of the linear algebra would count as processor time
mutants: $(READY) ## Change the mathematics in thousands of places, and count what no test notices (hours; MODULES=mirrorbook.mdp.*)
	@OPENBLAS_NUM_THREADS=1 $(BIN)/mutmut run $(MODULES)
	@$(BIN)/python benchmarks/mutants.py

audit: $(READY) ## Judge every statement of the paper, with the evidence
	@$(BIN)/python -m mirrorbook audit

lab: $(READY) ## Open the chapters in JupyterLab
	@$(BIN)/jupyter lab chapters

notebooks: $(READY) ## Execute every chapter in place (a second run changes no byte)
	@$(BIN)/python _ext/execute.py chapters/*.ipynb

pdf: book ## Print the whole book to _build/mirrorbook.pdf (needs Chromium or Chrome; some minutes)
	@$(BIN)/python _ext/pdf.py _build/html _build/mirrorbook.pdf

screenshot: book ## Take the picture of the README anew (needs Chromium or Chrome)
	@$(BIN)/python _ext/screenshot.py _build/html _ext/screenshot.png

# idle threads of the linear algebra would count as processor time
bench: $(READY) ## Time everything, side by side with its peers (TOPICS=steps: only that)
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python benchmarks/bench.py $(TOPICS)

theory: $(READY) ## Try every claim of the theory on random MDPs (MDPS=10000)
	@$(BIN)/python benchmarks/theory.py --mdps $(MDPS)

serve: book ## Build the book and serve it on this machine (PORT=8000)
	@$(BIN)/python -m http.server --protocol HTTP/1.1 --bind 127.0.0.1 --directory _build/html $(PORT)

lock: $(READY) ## Resolve requirements.txt anew into constraints.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@grep -v '^-c ' requirements.txt | $(BIN)/uv pip compile - --quiet --universal --upgrade \
	  --python-version 3.11 --fork-strategy fewest --no-annotate --no-emit-index-url \
	  --no-emit-package mirrorbook --custom-compile-command 'make lock' --output-file constraints.txt

clean: ## Delete what was built (the environment stays)
	@rm -rf _build dist mutants .coverage .hypothesis .pytest_cache .ruff_cache
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

.venv/bin/python:
	@for python in $(PYTHON); do \
	  if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making .venv with $$($$python --version)"; exec $$python -m venv .venv; \
	  fi; \
	done; \
	echo "error: found no Python 3.11 or newer with its venv module; say where: make PYTHON=/path/to/python3.11" >&2; \
	exit 1

$(READY): requirements.txt constraints.txt pyproject.toml | .venv/bin/python
	@echo "Installing the pinned environment (once; a minute or two)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@
