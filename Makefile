# The commands of a developer's computer. Needs Python 3.11 or newer with its venv module; everything
# else is installed into .venv. What they do is written in the package `local`.

PYTHON ?= python3
LOCAL = .venv/bin/python -m local

.DEFAULT_GOAL := help
.PHONY: help install run test check demo bench messages

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: ## Make .venv and install the locked dependencies, when they changed
	@command -v $(PYTHON) >/dev/null || { echo "asurso: $(PYTHON) is missing: install Python 3.11 or newer" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "asurso: $$($(PYTHON) -V) is too old: install Python 3.11 or newer, then for example make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m local.install

run: install ## Start the portal with a demo region on http://localhost:8000 (PORT=… for another port)
	@$(LOCAL).run

test: install ## Run all tests, in a browser too (ARGS="-k diary" for some of them)
	@$(LOCAL).test

check: install ## Lint, format, types, migrations, templates, translations
	@$(LOCAL).check

demo: install ## Load the demo region anew (ARGS="--schools 1 --seed 7" to choose)
	@$(LOCAL).demo

bench: install ## Measure the main pages on the demo region
	@$(LOCAL).bench

messages: install ## Collect the texts to translate into locale/ru/LC_MESSAGES/django.po
	@$(LOCAL).messages
