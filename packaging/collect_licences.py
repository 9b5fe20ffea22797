"""Run inside the environment by `make package`: writes the licences of everything that the program carries."""

import re
import shutil
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

from steps import bundle
from steps.places import PACKAGING, ROOT


def main(target: str, *distributions: str) -> None:
    """Collect from those distributions that this system has (markers leave some out)."""
    here = {re.sub(r"[-_.]+", "-", str(found.metadata["Name"])).lower() for found in metadata.distributions()}
    present = [name for name in distributions if name in here]
    bare = bundle.collect_licences(Path(target), present)
    shutil.copy(ROOT / "LICENSE", Path(target, "Workbench.txt"))
    for text in (PACKAGING / "licences").iterdir():
        shutil.copy(text, target)
    python = Path(sysconfig.get_path("stdlib"), "LICENSE.txt")
    if python.exists():
        shutil.copy(python, Path(target, "Python.txt"))
    print(f"Licences of {len(present)} packages; declared only: {', '.join(bare) or 'none'}.")


if __name__ == "__main__":
    main(*sys.argv[1:])
