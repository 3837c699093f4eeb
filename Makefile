# The front door. Needs Python 3.11 to 3.13, git and make; everything else is fetched into .venv and .cache.
# What each target does stands in scripts/; steps already done are skipped.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test check dev wheel bench soak chaos format lock generate

PYTHON_IN_VENV := .venv/bin/python
PREPARE = python=$$(PYTHON='$(PYTHON)' sh scripts/find_python.sh) && "$$python" -m scripts.prepare
BUILD_UI = $(PYTHON_IN_VENV) -m scripts.build_ui

help: ## List the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18

run: ## Start Mandrake; options go in ARGS: make run ARGS="--port 4100"
	@$(PREPARE) run && exec .venv/bin/mandrake up $(ARGS)

test: ## Run every test: Python, web, browser
	@$(PREPARE) dev && $(PYTHON_IN_VENV) -m scripts.verify test

check: ## Lint, types, direction of imports, generated files, requirement files
	@$(PREPARE) dev && $(PYTHON_IN_VENV) -m scripts.verify check

dev: ## Server and Vite, both following changes
	@$(PREPARE) dev && exec $(PYTHON_IN_VENV) -m scripts.dev $(ARGS)

wheel: ## Build the wheel with the UI in it, into dist/
	@$(PREPARE) dev && UV_SYSTEM_CERTS=1 .venv/bin/uv build --wheel --quiet --require-hashes \
		--build-constraints requirements/build.txt --build-constraints requirements/node.txt && ls dist/*.whl

bench: ## Print the figures of bench/
	@$(PREPARE) dev && $(BUILD_UI) && $(PYTHON_IN_VENV) -m scripts.run_bench bench

soak: ## Print the figures of long runs (bench/soak_*)
	@$(PREPARE) dev && $(BUILD_UI) && $(PYTHON_IN_VENV) -m scripts.run_bench soak

chaos: ## Print what survives injected faults (bench/chaos_*)
	@$(PREPARE) dev && $(BUILD_UI) && $(PYTHON_IN_VENV) -m scripts.run_bench chaos

format: ## Format Python and web sources
	@$(PREPARE) dev && .venv/bin/ruff check --fix-only --quiet . && .venv/bin/ruff format . \
		&& $(PYTHON_IN_VENV) -m scripts.node npm web run format

lock: ## Write requirements/ again after a change of dependencies
	@$(PREPARE) dev && $(PYTHON_IN_VENV) -m scripts.locks write

generate: ## Write the generated files again
	@$(PREPARE) dev && $(PYTHON_IN_VENV) -m scripts.generated write
