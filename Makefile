# Cadre on a machine with Python 3.11 or newer and make; everything else goes into .venv and var.

SHELL := /bin/sh
VENV := .venv
RUN := $(VENV)/bin/python
LOCALES := $(wildcard timeline/locale/*/LC_MESSAGES/django.po)
STATIC := $(shell find static -type f 2>/dev/null)

# The Python that .venv is made of: PYTHON=/path/to/python, or the first that is new enough.
PYTHON ?=
PYTHONS := $(if $(PYTHON),$(PYTHON),python3.11 python3.12 python3.13 python3.14 python3 python)

# Another project's variables must not reach into this one.
unexport DJANGO_SETTINGS_MODULE PYTHONPATH PYTHONHOME VIRTUAL_ENV PIP_USER PIP_TARGET PIP_PREFIX
unexport PYTEST_ADDOPTS

# What a check of the code reads must not hang on the settings of whoever runs it.
PLAIN := env -u ALLOWED_HOSTS -u BEHIND_PROXY -u CACHE_URL -u DATABASE_URL -u DEBUG -u EMBED_ANCESTORS \
  -u NETWORK_SECONDS_PER_MINUTE -u PORT -u REPORT_ERRORS_TO -u REVIEW_REQUIRED -u SECRET_KEY \
  -u SECRET_KEY_FILE -u SERVE_LOOPBACK -u WEB_CONCURRENCY
PRODUCTION := $(PLAIN) ALLOWED_HOSTS=cadre.example.org \
  SECRET_KEY=checked-but-never-served-0123456789-abcdefghijklmnopqrstuvwxyz

.PHONY: serve test lint check test-sqlite test-postgres browser bench soak mutants messages notes picture lock
.DEFAULT_GOAL := serve
# The steps of a target are in order: what is installed first is used by what follows.
.NOTPARALLEL:

## The site on this machine

serve: $(VENV)/.runtime $(VENV)/.messages var/static/.collected
	@SERVE_LOOPBACK=1 exec $(RUN) manage.py serve

$(RUN):
	@found=; \
	for candidate in $(PYTHONS); do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    found="$$candidate"; break; \
	  fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Cadre needs Python 3.11 or newer; none was found as: $(PYTHONS)." >&2; \
	  echo "Install one, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	if ! "$$found" -c 'import venv, ensurepip' 2>/dev/null; then \
	  echo "$$found cannot make a virtual environment: its 'venv' part is not installed." >&2; \
	  echo "On Debian or Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$found."; \
	"$$found" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.runtime: requirements.lock | $(RUN)
	@echo "Installing what the site needs into $(VENV)."
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/.messages: $(LOCALES) timeline/management/commands/messages.py | $(RUN)
	@$(RUN) manage.py messages --compile
	@touch $@

var/static/.collected: $(STATIC) requirements.lock | $(RUN)
	@echo "Collecting and compressing the static files."
	@$(RUN) manage.py collectstatic --noinput --verbosity 0
	@touch $@

## The gate

test: lint check test-sqlite test-postgres
	@echo "All good."

$(VENV)/.test: tests/requirements.lock | $(RUN)
	@echo "Installing what the tests need into $(VENV)."
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

lint: $(VENV)/.test
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(PLAIN) $(RUN) -m mypy
	$(VENV)/bin/lint-imports --no-cache
	$(RUN) -m djlint templates --lint --quiet --exclude .venv,var,templates/public
	$(RUN) -m djlint templates/public --profile=jinja --lint --quiet

check: $(VENV)/.test $(VENV)/.messages
	$(PLAIN) $(RUN) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(RUN) manage.py check --deploy --fail-level WARNING
	$(PLAIN) $(RUN) manage.py messages --check

# A file's tests stay together on one of the cores: they share what they load. The longest files go
# first, as tests/conftest.py orders them, so that no core is left alone with one at the end.
PYTEST_FLAGS ?= -n auto --dist loadfile --no-loadscope-reorder

test-sqlite: $(VENV)/.test browser
	TEST_DATABASE=sqlite $(RUN) -m pytest $(PYTEST_FLAGS)

# PostgreSQL answers where its SQL differs, and opens each page once: what is stored, kept by the
# database, asked, changed, loaded and backed up; each page of the site and of the admin; what is said
# of a row that the database refuses. The rest is the same on any database.
ON_POSTGRES := $(addprefix tests/,actions database index models queries demo/test_former_demo.py \
  $(addprefix commands/test_,backup.py make_events.py) test_cache.py test_rows.py test_warmup.py \
  $(addprefix admin/test_,meanwhile.py memberships.py pages.py publication.py search.py) \
  $(addprefix pages/test_,cards.py feeds.py health.py one_version.py pack.py records.py result.py) \
  $(addprefix pages/test_,revalidated.py versions.py))
OF_PLAIN_CODE := $(addprefix --ignore=tests/index/test_,bits.py ledger.py segment.py storage.py)

test-postgres: $(VENV)/.test
	TEST_DATABASE=postgres $(RUN) -m pytest $(PYTEST_FLAGS) $(ON_POSTGRES) $(OF_PLAIN_CODE)

browser: $(VENV)/.test
	@.ci/browser $(RUN)

## Measurements

$(VENV)/.bench: bench/requirements.lock requirements.lock | $(RUN)
	@echo "Installing what is measured beside the site into $(VENV)."
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

bench: $(VENV)/.runtime $(VENV)/.bench $(VENV)/.messages var/static/.collected
	$(PLAIN) $(RUN) -m bench $(BENCH)

soak: $(VENV)/.test $(VENV)/.messages var/static/.collected browser
	$(PLAIN) $(RUN) -m bench.soak $(SOAK)

mutants: $(VENV)/.test $(VENV)/.messages
	$(PLAIN) $(RUN) -m bench.mutants $(if $(SEED),--seed $(SEED)) $(if $(PLACES),--places $(PLACES))

## For contributors

# The notes of check_record on the demo, after its files changed.
notes: $(VENV)/.test
	RENEW_NOTES=1 $(RUN) -m pytest -q tests/demo/test_record.py

messages: $(VENV)/.test
	$(PLAIN) $(RUN) manage.py messages

picture: $(VENV)/.test $(VENV)/.messages var/static/.collected browser
	$(PLAIN) $(RUN) -m bench.picture

lock: | $(RUN)
	$(RUN) -m pip install --quiet 'pip-tools>=7.6'
	$(RUN) -m piptools compile $(LOCK) --output-file requirements.lock pyproject.toml
	$(RUN) -m piptools compile $(LOCK) --extra test --constraint requirements.lock \
	  --output-file tests/requirements.lock pyproject.toml
	$(RUN) -m piptools compile $(LOCK) --extra bench --constraint requirements.lock \
	  --output-file bench/requirements.lock pyproject.toml

LOCK := --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
  --no-annotate --no-header --strip-extras --allow-unsafe $(LOCK_FLAGS)
