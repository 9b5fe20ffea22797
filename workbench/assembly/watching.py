"""Files that are followed as they change, for folders of documents and of prompts alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.documents.following.follower import Follower
    from workbench.messages import Id


def follow(changed: Callable[[Id, set[str]], None]) -> Follower:
    """Begun, with no folder yet. ``changed`` hears, in another thread, of which folder and which paths."""
    from workbench.documents.following.follower import Follower

    follower = Follower({}, changed, look_first=True)
    follower.start()
    return follower
