# One line per target: the work is done by packaging/bootstrap.py, which also runs where there is no make.
# Another Python: make run PYTHON=/path/to/python3.12

ifndef PYTHON
PYTHON := $(shell for name in python3.13 python3.12 python3.11 python3 python; do \
	if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then command -v "$$name"; break; fi; done)
endif
# An older Python can still say what is missing.
ANY := $(or $(PYTHON),$(shell command -v python3))
NONE = echo "Workbench needs Python 3.11 or newer, and none is here: https://www.python.org/downloads/" >&2; exit 3;

.PHONY: run test lint bench llama-cpp-python package lock upgrade clean
run test lint bench llama-cpp-python package lock upgrade clean:
	@$(or $(ANY),$(NONE)) packaging/bootstrap.py $@
