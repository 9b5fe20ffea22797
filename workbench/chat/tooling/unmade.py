"""Which calls were allowed and are not made: their answers wait, and somebody has yet to go on with them."""

from __future__ import annotations

import json
from typing import Any

from workbench.messages import Finish, Id

_WAITS = """SELECT consents.message_id, consents.call_id FROM consents JOIN turns ON turns.message_id = consents.message_id
    WHERE consents.id = ? AND turns.state = 'ended' AND turns.finish = ? ORDER BY turns.rowid DESC LIMIT 1"""


def is_unmade(tx: Any, consent_id: Id) -> bool:
    """Within a transaction: whether the answer that asked for it waits, and the call of it has no result."""
    row = tx.execute(_WAITS, (consent_id, Finish.WAITING.value)).fetchone()
    if row is None:
        return False
    found = tx.execute("SELECT payload FROM parts WHERE message_id = ? AND kind = 'tool_result'", (row["message_id"],))
    return all(json.loads(one["payload"] or "{}").get("id") != row["call_id"] for one in found.fetchall())
