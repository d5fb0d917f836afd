# Two commands matter: `make demo` and `make test`. Both set up .venv first and need only make, python3 >= 3.11 and its venv module.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8080
RESET ?= 0
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help install demo test lint types floors check-python lock crash fmt clean

help:
	@echo "make demo   chạy thử với một xã giả định tại http://127.0.0.1:$(PORT)  (PORT=..., RESET=1 xóa dữ liệu cũ)"
	@echo "make test   kiểm tra toàn bộ: lint, kiểu, tầng, kiểm thử"
	@echo "make install  chỉ cài đặt vào .venv, để chạy thật (xem docs/operate.md)"
	@echo "make crash  giết tiến trình ở từng điểm vào/ra rồi soát dữ liệu (lâu)"
	@echo "make lock   khóa lại các thư viện"

check-python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "Chưa có python3. Cài bằng: sudo apt-get install -y python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Cần python3 từ 3.11 trở lên. Cài bằng: sudo apt-get install -y python3.11 python3.11-venv rồi chạy: make PYTHON=python3.11 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python thiếu mô-đun venv. Cài bằng: sudo apt-get install -y python3-venv"; exit 1; }

$(VENV)/.run: requirements.lock pyproject.toml | check-python
	@echo "[1/2] Tạo môi trường .venv ..."
	@$(PYTHON) -m venv $(VENV)
	@echo "[2/2] Cài thư viện (đã khóa bằng mã băm) ..."
	@$(BIN)/python -m pip install --disable-pip-version-check --no-input --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --disable-pip-version-check --no-input -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Cài công cụ kiểm tra ..."
	@$(BIN)/python -m pip install --disable-pip-version-check --no-input -q --require-hashes -r requirements-dev.lock
	@touch $@

install: $(VENV)/.run

demo: $(VENV)/.run
	@exec $(BIN)/danvan demo --port $(PORT) $(if $(filter 1,$(RESET)),--reset,)

test: $(VENV)/.dev lint types floors
	$(BIN)/python -m pytest -n $(WORKERS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

floors: $(VENV)/.dev
	$(BIN)/lint-imports

fmt: $(VENV)/.dev
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

crash: $(VENV)/.dev
	$(BIN)/python -m tests.crash.enumerate

lock: $(VENV)/.dev
	$(BIN)/python -m pip install -q uv
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --group build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header -c requirements.lock --group dev -o requirements-dev.lock

clean:
	rm -rf $(VENV) data
