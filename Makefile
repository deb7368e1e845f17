# The commands of Covey. Every target works on a fresh checkout with Python 3.11 or later and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CONFIG ?= data/config.toml
SEED ?= 1
EXAMPLES ?= 200
SECONDS_EACH ?= 600
PART ?=
FILES ?=
RUNS ?=
SCREENS ?= build/screens

PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCKED := install --require-hashes --only-binary :all: --requirement
RUN := $(VENV)/installed
DEV := $(VENV)/installed-dev
FUZZER := $(VENV)/installed-fuzz
RELEASER := $(VENV)/installed-release
# Where what is handed out comes to lie.
DIST ?= dist

# Test files are shared out among the cores; the tests of one file stay together.
SHARED := -n auto --dist loadfile
# What has no target of its own.
AT_HAND := not postgres and not browser and not hostile and not faults and not histories and not walks and not release

.PHONY: run test test-fast test-networks test-postgres e2e check format lint types imports docs demo bench faults histories walks \
  hostile fuzz migration pictures wheel sbom test-release

# A node for development on http://localhost:8420; the first run prints the owner's link.
run: $(RUN)
	@test -e $(CONFIG) || $(BIN)/covey init --host localhost --url http://localhost:8420 \
	  --yes --config $(CONFIG)
	@exec $(BIN)/covey serve --config $(CONFIG)

# Two nodes with host names and TLS on loopback talk, print what each side sees, and end.
demo: $(DEV)
	@$(BIN)/python -m tests.demo.two_nodes

# Every scenario of tests/faults/fault_scenarios.json on both databases, and 5,000 histories of groups:
# make faults SEED=7 RUNS=20 HISTORIES=1000. What takes no minutes: make faults PART=ci
faults: $(DEV)
	PART=$(PART) SEED=$(SEED) RUNS=$(RUNS) .ci/with-postgres $(BIN)/pytest -n auto --dist worksteal tests/faults
	$(if $(PART),,$(MAKE) histories EXAMPLES=$(or $(HISTORIES),5000))

# Groups to which chance happens, each kind of history in a process: make histories SEED=7 EXAMPLES=1000
histories: $(DEV)
	EXAMPLES=$(EXAMPLES) $(BIN)/pytest -n auto -m histories --hypothesis-seed=$(SEED) tests/network

# Every route of a node, asked as everybody who may know nothing, little or all, and every other
# place where they might hear something.
walks: $(DEV)
	$(BIN)/pytest -n auto -m "walks and not postgres" tests/network

# The attack corpus against a real node, in Chromium where it takes a browser. A part of it, with all
# positive controls: make hostile PART=1/2. One entry: .venv/bin/pytest tests/hostile -k S02
hostile: $(DEV)
	PART=$(PART) $(BIN)/pytest -n auto --dist worksteal tests/hostile

# What reads strangers' bytes, under a fuzzer: make fuzz SECONDS_EACH=30
fuzz: $(FUZZER)
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS_EACH)

# All that needs no other server and no browser, but what whole networks of nodes do.
test: $(DEV)
	$(BIN)/pytest $(SHARED) -m "$(AT_HAND)" --ignore tests/network

# Several nodes with TLS in one process, and the servers of other software around them.
# Some of them: make test-networks FILES=tests/network/test_bots.py
test-networks: $(DEV)
	$(BIN)/pytest $(SHARED) -m "$(AT_HAND)" $(or $(FILES),tests/network)

test-fast: $(DEV)
	$(BIN)/pytest tests/unit tests/property

# On a PostgreSQL server of its own, the attack corpus included, or a part of that: PART=1/4
test-postgres: $(DEV)
	PART= .ci/with-postgres $(BIN)/pytest $(SHARED) -m "postgres and not faults" $(FILES)
	PART=$(PART) .ci/with-postgres $(BIN)/pytest -n auto --dist worksteal tests/hostile

# People in browsers. Pictures of every screen are left in a folder: make e2e SCREENS=elsewhere
# Some of them: make e2e FILES=tests/e2e/test_list.py
e2e: $(DEV)
	SCREENS=$(SCREENS) $(BIN)/pytest $(SHARED) -m browser $(FILES)

# The pictures of README.md, made anew from those of the screens.
pictures: $(DEV)
	SCREENS=$(SCREENS) $(BIN)/pytest -m browser -k chat tests/e2e/test_screens.py
	@$(BIN)/python -c 'from PIL import Image; \
	  [Image.open(f"$(SCREENS)/{screen}.png").quantize(128, dither=0).save(f"docs/pictures/{name}.png", optimize=True) \
	   for screen, name in (("room-details-desk-light", "desk"), ("room-phone-dark", "phone"))]'

# A wheel that is the same byte for byte wherever it is built: of one commit, or of one SOURCE_DATE_EPOCH.
wheel: $(RUN)
	@$(BIN)/python deploy/build_wheel.py $(DIST)
	@ls $(DIST)/covey-*.whl

# What that wheel runs with, as the lock has it, in CycloneDX: names, versions, licences, who needs whom.
sbom: wheel $(RELEASER)
	@rm -rf build/shipped
	@$(PYTHON) -m venv --without-pip build/shipped
	@$(PIP) --python build/shipped/bin/python $(LOCKED) deploy/requirements.txt
	@$(PIP) --python build/shipped/bin/python install --no-index --no-deps $(DIST)/covey-*.whl
	@$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
	  --output-format JSON --output-file $(DIST)/covey.cdx.json build/shipped/bin/python
	@rm -rf build/shipped
	@echo $(DIST)/covey.cdx.json

# Builds the wheel twice, installs it offline, runs it, and reads its bill of materials.
test-release: $(RELEASER)
	$(BIN)/pytest -m release tests/release

check: lint types imports test test-networks

format: $(DEV)
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lint: $(DEV)
	$(BIN)/ruff format --check
	$(BIN)/ruff check

types: $(DEV)
	$(BIN)/mypy

imports: $(DEV)
	$(BIN)/lint-imports

# Links, names, commands and keys in the documents, their examples, and the tree of ARCHITECTURE.md
# agree with the disk and the code.
docs: $(DEV)
	$(BIN)/pytest tests/architecture/test_documents.py tests/architecture/test_tree.py \
	  tests/oracle/test_federation_examples.py

# One JSON object a line, with machine and commit.
bench: $(DEV)
	@set -e; for file in benchmarks/[a-z]*.py; do \
	  name=$${file#benchmarks/}; $(BIN)/python -m "benchmarks.$${name%.py}"; done

# make migration name=add_reactions
migration: $(DEV)
	@test -n "$(name)" || { echo "usage: make migration name=what_it_does" >&2; exit 2; }
	@$(BIN)/python -c 'import json; from storage.connect import configuration; \
	  print(json.dumps(configuration("sqlite:///nowhere", 1)[1]))' > $(VENV)/tortoise.json
	$(BIN)/tortoise --config-file $(VENV)/tortoise.json makemigrations --name $(name)

# Only wheels are installed, and only those whose hashes are in the lock. The project itself needs
# no index: what builds it is in the lock.
$(RUN): deploy/requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info < (3, 11) and sys.exit("Covey needs Python 3.11 or later")'
	@echo "installing what Covey needs into $(VENV); this happens once and takes a minute"
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV)
	@$(PIP) $(LOCKED) deploy/requirements.txt
	@$(PIP) install --no-build-isolation --no-index --no-deps --editable .
	@$(BIN)/python -m compileall -q node federation storage
	@touch $@

$(DEV): deploy/requirements-dev.txt $(RUN)
	@echo "installing what the tests need into $(VENV)"
	@$(PIP) $(LOCKED) deploy/requirements-dev.txt
	@touch $@

$(RELEASER): deploy/requirements-release.txt $(DEV)
	@echo "installing what tells of a release into $(VENV)"
	@$(PIP) $(LOCKED) deploy/requirements-release.txt
	@touch $@

$(FUZZER): deploy/requirements-fuzz.txt $(DEV)
	$(PIP) $(LOCKED) deploy/requirements-fuzz.txt
	@touch $@
