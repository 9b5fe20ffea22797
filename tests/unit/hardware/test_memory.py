from __future__ import annotations

from pathlib import Path

import pytest

from workbench.hardware.probes.memory import Memory, memory, within_limits
from workbench.hardware.probes.surroundings import surroundings

MACHINE = Memory(64 << 30, 60 << 30)
GIB = 1 << 30
NO_LIMIT = "9223372036854771712"


def tree(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("files", "total", "available"),
    [
        pytest.param({}, 64 * GIB, 60 * GIB, id="no cgroups at all"),
        pytest.param(
            {
                "proc/self/cgroup": "0::/",
                "sys/fs/cgroup/memory.max": f"{6 * GIB}\n",
                "sys/fs/cgroup/memory.current": f"{2 * GIB}\n",
                "sys/fs/cgroup/memory.stat": f"anon 1\ninactive_file {GIB}\n",
            },
            6 * GIB,
            5 * GIB,
            id="version 2, a namespace of its own: the cache is given back",
        ),
        pytest.param(
            {
                "proc/self/cgroup": "0::/user.slice/app",
                "sys/fs/cgroup/user.slice/memory.max": f"{8 * GIB}",
                "sys/fs/cgroup/user.slice/app/memory.max": "max",
            },
            8 * GIB,
            8 * GIB,
            id="version 2, the parent has the limit",
        ),
        pytest.param(
            {
                "proc/self/cgroup": "4:memory:/docker/1f\n1:cpu:/",
                "sys/fs/cgroup/memory/memory.limit_in_bytes": NO_LIMIT,
                "sys/fs/cgroup/memory/docker/1f/memory.limit_in_bytes": f"{4 * GIB}",
                "sys/fs/cgroup/memory/docker/1f/memory.usage_in_bytes": f"{3 * GIB}",
                "sys/fs/cgroup/memory/docker/1f/memory.stat": "total_inactive_file 0",
            },
            4 * GIB,
            GIB,
            id="version 1",
        ),
        pytest.param(
            {
                "proc/self/cgroup": "4:cpu,memory:/docker/1f",
                "sys/fs/cgroup/memory/memory.limit_in_bytes": f"{4 * GIB}",
                "sys/fs/cgroup/memory/memory.usage_in_bytes": f"{5 * GIB}",
            },
            4 * GIB,
            0,
            id="version 1, seen from inside, over its limit",
        ),
        pytest.param(
            {"proc/self/cgroup": "0::/../../x", "sys/fs/cgroup/memory.max": "nonsense"},
            64 * GIB,
            60 * GIB,
            id="nonsense",
        ),
        pytest.param({"sys/fs/cgroup/memory.max": f"{100 * GIB}"}, 64 * GIB, 60 * GIB, id="more than there is"),
    ],
)
def test_a_containers_limit_counts(tmp_path: Path, files: dict[str, str], total: int, available: int) -> None:
    within = within_limits(MACHINE, tree(tmp_path, files))
    assert (within.total_bytes, within.available_bytes) == (total, available)
    assert within.contained == (total < MACHINE.total_bytes)


def test_this_machine_has_memory() -> None:
    now = memory()
    assert now.total_bytes > now.available_bytes > 0


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"proc/version": "Linux version 6.6.87.2-microsoft-standard-WSL2 (root@x)"}, "wsl2"),
        ({".dockerenv": ""}, "container"),
        ({"proc/version": "Linux version 6.12.0-amd64 (debian-kernel@lists.debian.org)"}, None),
        ({}, None),
    ],
)
def test_surroundings(tmp_path: Path, files: dict[str, str], told: str | None) -> None:
    assert surroundings(tree(tmp_path, files)) == told
