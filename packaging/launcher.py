"""The start of the frozen program: the same entry as the `workbench` command."""

import multiprocessing
import sys

from workbench.entry import main

if __name__ == "__main__":
    # Children that Python spawns are this same file; they must become workers and not open another window.
    multiprocessing.freeze_support()
    sys.exit(main())
