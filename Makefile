# Two commands: `make run` and `make test`. Both make the environment first (Python 3.11–3.13 and make are all it takes).
PYTHON ?= python3
VENV ?= .venv
SOURCES ?= sources.yaml
STORE ?= sqlite:///tocsin.db
ONCE ?=
# A folder `site` beside the sources file is served on loopback meanwhile: that is how the samples work offline.
SITE = $(wildcard $(dir $(SOURCES))site)

TOCSIN = $(VENV)/bin/tocsin
READY = $(VENV)/.ready

.PHONY: run test check accuracy lock clean
run: $(READY)
	$(TOCSIN) run --sources $(SOURCES) --store $(STORE) $(if $(SITE),--serve $(SITE)) $(if $(ONCE),--once)

test: $(READY)
	$(VENV)/bin/python -m pytest -n auto

# What CI runs before the tests: style, types, and which folder may import which.
check: $(READY)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

# Accuracy on the evaluation documents, against the frozen baseline in benchmarks/.
accuracy: $(READY)
	$(VENV)/bin/python -m benchmarks.accuracy

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] < (3, 14) else "Tocsin needs Python 3.11 to 3.13; this is %d.%d. Name another one: make PYTHON=python3.12 …" % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# Resolve the dependencies anew (needs uv); the locks have hashes and name no index. The second is an image's: no tests in it.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --extra dev pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --constraint requirements.lock pyproject.toml -o deploy/requirements.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
