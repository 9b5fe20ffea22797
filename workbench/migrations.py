"""The schema of ``workbench.db``, append-only: a released step is never edited, a change is a new step."""

from __future__ import annotations

import sqlite_utils
from sqlite_utils.migrations import Migrations

workbench = Migrations("workbench")


@workbench()
def m001_conversations(db: sqlite_utils.Database) -> None:
    """A tree of messages; the conversation's tip is the only mutable pointer. Times are seconds since the epoch."""
    for statement in (
        """CREATE TABLE conversations (
            id TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            tip_id TEXT REFERENCES messages(id) DEFERRABLE INITIALLY DEFERRED,
            created_at REAL NOT NULL,
            updated_at REAL NOT NULL,
            deleted_at REAL
        )""",
        """CREATE TABLE messages (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            conversation_id TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
            parent_id TEXT REFERENCES messages(id),
            role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant')),
            created_at REAL NOT NULL
        )""",
        "CREATE INDEX messages_of_conversation ON messages(conversation_id)",
        """CREATE TABLE parts (
            message_id TEXT NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            kind TEXT NOT NULL,
            text TEXT NOT NULL,
            payload TEXT,
            PRIMARY KEY (message_id, position)
        ) WITHOUT ROWID""",
        """CREATE TABLE turns (
            id TEXT PRIMARY KEY,
            message_id TEXT NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
            model TEXT NOT NULL,
            backend TEXT NOT NULL,
            options TEXT NOT NULL DEFAULT '{}',
            state TEXT NOT NULL CHECK (state IN ('running', 'ended')),
            owner TEXT NOT NULL,
            finish TEXT,
            error TEXT NOT NULL DEFAULT '',
            hint TEXT NOT NULL DEFAULT '',
            prompt_tokens INTEGER,
            cached_tokens INTEGER,
            completion_tokens INTEGER,
            first_token_seconds REAL,
            prompt_tokens_per_second REAL,
            generation_tokens_per_second REAL,
            total_seconds REAL,
            cost_micros INTEGER NOT NULL DEFAULT 0,
            currency TEXT NOT NULL DEFAULT 'USD',
            started_at REAL NOT NULL,
            ended_at REAL
        )""",
        "CREATE INDEX turns_of_message ON turns(message_id)",
        "CREATE INDEX running_turns ON turns(state) WHERE state = 'running'",
        "CREATE INDEX conversations_by_time ON conversations(updated_at DESC) WHERE deleted_at IS NULL",
    ):
        db.execute(statement)


@workbench()
def m002_models(db: sqlite_utils.Database) -> None:
    """Models on this disk. ``sha256`` is pinned or recorded; ``verified_at``: when the file last matched it."""
    db.execute(
        """CREATE TABLE models (
            path TEXT PRIMARY KEY,
            id TEXT NOT NULL,
            name TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            sha256 TEXT,
            source TEXT NOT NULL,
            adopted INTEGER NOT NULL DEFAULT 0,
            verified_at REAL,
            problem TEXT NOT NULL DEFAULT ''
        )"""
    )


@workbench()
def m003_models_of_the_hub(db: sqlite_utils.Database) -> None:
    """Where a model came from, what belongs to it, and whether it was removed (so that a removal can be undone).

    ``path`` of an adopted model is absolute. ``shards`` and ``files`` are JSON: further files and their sha256.
    """
    for statement in (
        "ALTER TABLE models ADD COLUMN catalog_id TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE models ADD COLUMN repository TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE models ADD COLUMN revision TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE models ADD COLUMN files TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE models ADD COLUMN projector TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE models ADD COLUMN removed_at REAL",
    ):
        db.execute(statement)


@workbench()
def m004_downloads(db: sqlite_utils.Database) -> None:
    """The queue of downloads, kept over restarts. ``state``: queued, running, paused, failed or ready."""
    db.execute(
        """CREATE TABLE downloads (
            id TEXT PRIMARY KEY,
            sequence REAL NOT NULL,
            reference TEXT NOT NULL,
            title TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'failed', 'ready')),
            bytes INTEGER NOT NULL DEFAULT 0,
            total_bytes INTEGER,
            plan TEXT NOT NULL DEFAULT '{}',
            error TEXT NOT NULL DEFAULT '',
            hint TEXT NOT NULL DEFAULT '',
            owner TEXT NOT NULL DEFAULT '',
            created_at REAL NOT NULL,
            updated_at REAL NOT NULL
        )"""
    )


@workbench()
def m005_measurements(db: sqlite_utils.Database) -> None:
    """What engines really took and did on this machine, and the check-ups of models. ``result`` is JSON."""
    for statement in (
        """CREATE TABLE measurements (
            id INTEGER PRIMARY KEY,
            at REAL NOT NULL,
            machine TEXT NOT NULL,
            runtime TEXT NOT NULL,
            architecture TEXT NOT NULL,
            model TEXT NOT NULL,
            kind TEXT NOT NULL,
            predicted REAL,
            measured REAL NOT NULL,
            detail TEXT NOT NULL DEFAULT '{}'
        )""",
        "CREATE INDEX measurements_of ON measurements(machine, runtime, architecture, kind, at)",
        """CREATE TABLE checkups (
            path TEXT PRIMARY KEY,
            at REAL NOT NULL,
            runtime TEXT NOT NULL,
            result TEXT NOT NULL
        )""",
    ):
        db.execute(statement)


@workbench()
def m006_operating(db: sqlite_utils.Database) -> None:
    """How models are operated: other machines that answer, what is chosen for a model and seen of it, benchmarks, and
    what of a long conversation the model still sees.

    ``servers.capabilities``, ``model_options.options``, ``model_traits.traits`` and ``benchmarks.result`` are JSON.
    ``seen_from_id``: the first message that is still sent; ``summary``: what stands for those before it.
    """
    for statement in (
        """CREATE TABLE servers (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            base_url TEXT NOT NULL UNIQUE,
            mine INTEGER NOT NULL DEFAULT 0,
            has_key INTEGER NOT NULL DEFAULT 0,
            capabilities TEXT NOT NULL DEFAULT '{}',
            consented_at REAL NOT NULL,
            checked_at REAL
        )""",
        """CREATE TABLE model_options (
            model TEXT PRIMARY KEY,
            options TEXT NOT NULL,
            updated_at REAL NOT NULL
        )""",
        """CREATE TABLE model_traits (
            key TEXT PRIMARY KEY,
            traits TEXT NOT NULL,
            seen_at REAL NOT NULL
        )""",
        """CREATE TABLE benchmarks (
            id INTEGER PRIMARY KEY,
            at REAL NOT NULL,
            machine TEXT NOT NULL,
            runtime TEXT NOT NULL,
            model TEXT NOT NULL,
            result TEXT NOT NULL
        )""",
        "ALTER TABLE conversations ADD COLUMN seen_from_id TEXT",
        "ALTER TABLE conversations ADD COLUMN summary TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE turns ADD COLUMN error_kind TEXT NOT NULL DEFAULT ''",
    ):
        db.execute(statement)


@workbench()
def m007_conversations(db: sqlite_utils.Database) -> None:
    """Projects, pins, drafts, deleted messages, and what people think of answers.

    ``conversations.origin``: the program and id that it was imported from; ``titled_by``: person, model, or empty (the
    first words of the first message). ``projects.folders``, ``.files`` and ``.prompts``, ``cases.messages``, ``.check``
    and ``drafts.attachments`` are JSON. ``messages.last_tip_id``: where the branch below it ended when it was left for an
    alternative. ``drafts.conversation_id``: empty for the chat that is not begun yet.
    """
    for statement in (
        """CREATE TABLE projects (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            instructions TEXT NOT NULL DEFAULT '',
            model TEXT NOT NULL DEFAULT '',
            effort TEXT NOT NULL DEFAULT '',
            private INTEGER NOT NULL DEFAULT 0,
            folders TEXT NOT NULL DEFAULT '[]',
            files TEXT NOT NULL DEFAULT '[]',
            prompts TEXT NOT NULL DEFAULT '[]',
            created_at REAL NOT NULL,
            updated_at REAL NOT NULL,
            deleted_at REAL
        )""",
        "ALTER TABLE conversations ADD COLUMN project_id TEXT REFERENCES projects(id) ON DELETE SET NULL",
        "ALTER TABLE conversations ADD COLUMN pinned_at REAL",
        "ALTER TABLE conversations ADD COLUMN origin TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE conversations ADD COLUMN titled_by TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX conversations_of_project ON conversations(project_id) WHERE project_id IS NOT NULL",
        "CREATE INDEX conversations_by_origin ON conversations(origin) WHERE origin != ''",
        "ALTER TABLE messages ADD COLUMN deleted_at REAL",
        "ALTER TABLE messages ADD COLUMN last_tip_id TEXT",
        "ALTER TABLE turns ADD COLUMN note TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX attachments ON parts(message_id) WHERE kind = 'attachment'",
        """CREATE TABLE drafts (
            conversation_id TEXT PRIMARY KEY,
            text TEXT NOT NULL,
            attachments TEXT NOT NULL DEFAULT '[]',
            updated_at REAL NOT NULL
        )""",
        """CREATE TABLE feedback (
            message_id TEXT PRIMARY KEY REFERENCES messages(id) ON DELETE CASCADE,
            verdict TEXT NOT NULL CHECK (verdict IN ('up', 'down')),
            reason TEXT NOT NULL DEFAULT '',
            correction TEXT NOT NULL DEFAULT '',
            at REAL NOT NULL
        )""",
        """CREATE TABLE preferences (
            id INTEGER PRIMARY KEY,
            at REAL NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('regenerate', 'edit', 'compare')),
            chosen_id TEXT NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
            rejected_id TEXT NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
            UNIQUE (kind, chosen_id, rejected_id)
        )""",
        """CREATE TABLE cases (
            id TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            messages TEXT NOT NULL,
            model TEXT NOT NULL DEFAULT '',
            effort TEXT NOT NULL DEFAULT '',
            "check" TEXT NOT NULL,
            message_id TEXT,
            created_at REAL NOT NULL,
            updated_at REAL NOT NULL
        )""",
    ):
        db.execute(statement)


@workbench()
def m008_search(db: sqlite_utils.Database) -> None:
    """The index of what was said, and how many messages a chat has.

    ``search_places.place`` orders the messages by time and names their row in ``search_texts``; ``search_chats`` does so
    for chats and ``search_titles``. ``search_waiting``: messages and chats to be indexed (again); whoever writes parts,
    turns, titles or projects need not know of it. What is there already waits too.
    """
    for statement in (
        "CREATE TABLE search_waiting (id TEXT PRIMARY KEY) WITHOUT ROWID",
        """CREATE TABLE search_places (
            place INTEGER PRIMARY KEY,
            message_id TEXT NOT NULL UNIQUE REFERENCES messages(id) ON DELETE CASCADE,
            conversation_id TEXT NOT NULL
        )""",
        """CREATE VIRTUAL TABLE search_texts USING fts5(
            text, files, reasoning, model, marks, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
        )""",
        """CREATE TABLE search_chats (
            place INTEGER PRIMARY KEY,
            conversation_id TEXT NOT NULL UNIQUE REFERENCES conversations(id) ON DELETE CASCADE
        )""",
        """CREATE VIRTUAL TABLE search_titles USING fts5(
            title, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
        )""",
        """CREATE TRIGGER search_chat_gone AFTER DELETE ON search_chats BEGIN
            DELETE FROM search_titles WHERE rowid = old.place;
        END""",
        """CREATE TRIGGER search_chat_new AFTER INSERT ON conversations BEGIN
            INSERT OR IGNORE INTO search_waiting VALUES (new.id);
        END""",
        """CREATE TRIGGER search_chat_renamed AFTER UPDATE OF title ON conversations BEGIN
            INSERT OR IGNORE INTO search_waiting VALUES (new.id);
        END""",
        """CREATE TRIGGER search_place_gone AFTER DELETE ON search_places BEGIN
            DELETE FROM search_texts WHERE rowid = old.place;
        END""",
        """CREATE TRIGGER search_part_new AFTER INSERT ON parts BEGIN
            INSERT OR IGNORE INTO search_waiting VALUES (new.message_id);
        END""",
        """CREATE TRIGGER search_turn_new AFTER INSERT ON turns BEGIN
            INSERT OR IGNORE INTO search_waiting
                SELECT parent_id FROM messages WHERE id = new.message_id AND parent_id IS NOT NULL;
        END""",
        """CREATE TRIGGER search_chat_moved AFTER UPDATE OF project_id ON conversations
        WHEN old.project_id IS NOT new.project_id BEGIN
            INSERT INTO search_waiting SELECT id FROM messages
                WHERE conversation_id = new.id AND id NOT IN (SELECT id FROM search_waiting);
        END""",
        "CREATE INDEX messages_of_parent ON messages(parent_id)",
        "CREATE INDEX turns_by_model ON turns(model)",
        "CREATE INDEX conversations_at_tip ON conversations(tip_id)",
        "ALTER TABLE conversations ADD COLUMN messages INTEGER NOT NULL DEFAULT 0",
        """UPDATE conversations SET messages =
            (SELECT count(*) FROM messages WHERE conversation_id = conversations.id AND deleted_at IS NULL)""",
        """CREATE TRIGGER message_new AFTER INSERT ON messages BEGIN
            UPDATE conversations SET messages = messages + (new.deleted_at IS NULL) WHERE id = new.conversation_id;
        END""",
        """CREATE TRIGGER message_changed AFTER UPDATE OF deleted_at ON messages BEGIN
            UPDATE conversations SET messages = messages + (new.deleted_at IS NULL) - (old.deleted_at IS NULL)
            WHERE id = new.conversation_id;
        END""",
        """CREATE TRIGGER message_gone AFTER DELETE ON messages BEGIN
            UPDATE conversations SET messages = messages - (old.deleted_at IS NULL) WHERE id = old.conversation_id;
        END""",
        "INSERT INTO search_waiting SELECT DISTINCT message_id FROM parts",
        "INSERT OR IGNORE INTO search_waiting SELECT id FROM conversations",
    ):
        db.execute(statement)


@workbench()
def m009_documents(db: sqlite_utils.Database) -> None:
    """Folders that answers may stand on; what was read of them is in ``index.db``.

    ``collections.path``: as the file system's bytes; ``rules``: JSON of what is read of it. ``conversations.folders``:
    JSON, the ids of collections, and of single files as ``id/path``, that a chat asks.
    """
    for statement in (
        """CREATE TABLE collections (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL COLLATE NOCASE UNIQUE,
            path BLOB NOT NULL UNIQUE,
            private INTEGER NOT NULL DEFAULT 0,
            rules TEXT NOT NULL DEFAULT '{}',
            paused INTEGER NOT NULL DEFAULT 0,
            created_at REAL NOT NULL
        )""",
        "ALTER TABLE conversations ADD COLUMN folders TEXT NOT NULL DEFAULT '[]'",
    ):
        db.execute(statement)


@workbench()
def m010_prompts(db: sqlite_utils.Database) -> None:
    """The prompt library. ``prompt_versions.content``: JSON of all that a person wrote; ``prompts.version`` is the newest.

    ``prompt_files``: how the file of a prompt was when it was last written or read. ``runs``: a prompt that was performed
    with its steps, alone or as one of a batch; ``run_steps.key``: hash of all that an answer depends on. ``owner``: the
    process that works on it. ``content`` of a run of a batch: the batch's. ``step_tests.results``: JSON, a list a step.
    ``drafts.prompt``: JSON, the saved prompt that a draft is written with.
    """
    for statement in (
        "ALTER TABLE drafts ADD COLUMN prompt TEXT",
        """CREATE TABLE prompts (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL COLLATE NOCASE,
            version INTEGER NOT NULL,
            favourite INTEGER NOT NULL DEFAULT 0,
            uses INTEGER NOT NULL DEFAULT 0,
            last_used_at REAL,
            created_at REAL NOT NULL,
            changed_at REAL NOT NULL,
            removed_at REAL
        )""",
        "CREATE UNIQUE INDEX prompts_by_name ON prompts(name) WHERE removed_at IS NULL",
        """CREATE TABLE prompt_versions (
            prompt_id TEXT NOT NULL REFERENCES prompts(id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            saved_at REAL NOT NULL,
            origin TEXT NOT NULL,
            note TEXT NOT NULL DEFAULT '',
            content TEXT NOT NULL,
            PRIMARY KEY (prompt_id, number)
        ) WITHOUT ROWID""",
        """CREATE TABLE prompt_values (
            prompt_id TEXT NOT NULL REFERENCES prompts(id) ON DELETE CASCADE,
            variable TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (prompt_id, variable)
        ) WITHOUT ROWID""",
        """CREATE TABLE prompt_files (
            prompt_id TEXT PRIMARY KEY REFERENCES prompts(id) ON DELETE CASCADE,
            path BLOB NOT NULL UNIQUE,
            version INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            modified_ns INTEGER NOT NULL
        )""",
        """CREATE TABLE batches (
            id TEXT PRIMARY KEY,
            prompt_id TEXT REFERENCES prompts(id) ON DELETE SET NULL,
            title TEXT NOT NULL,
            content TEXT NOT NULL,
            options TEXT NOT NULL DEFAULT '{}',
            state TEXT NOT NULL,
            owner TEXT,
            created_at REAL NOT NULL,
            changed_at REAL NOT NULL
        )""",
        """CREATE TABLE runs (
            id TEXT PRIMARY KEY,
            prompt_id TEXT REFERENCES prompts(id) ON DELETE SET NULL,
            version INTEGER,
            batch_id TEXT REFERENCES batches(id) ON DELETE CASCADE,
            position INTEGER NOT NULL DEFAULT 0,
            label TEXT NOT NULL DEFAULT '',
            input TEXT NOT NULL,
            content TEXT,
            options TEXT NOT NULL DEFAULT '{}',
            state TEXT NOT NULL,
            owner TEXT,
            created_at REAL NOT NULL,
            changed_at REAL NOT NULL
        )""",
        "CREATE INDEX runs_of_batch ON runs(batch_id, position, state)",
        "CREATE INDEX runs_of_prompt ON runs(prompt_id, created_at)",
        """CREATE TABLE run_steps (
            run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            state TEXT NOT NULL,
            key TEXT NOT NULL DEFAULT '',
            model TEXT NOT NULL DEFAULT '',
            effort TEXT NOT NULL DEFAULT '',
            text TEXT NOT NULL DEFAULT '',
            reasoning TEXT NOT NULL DEFAULT '',
            finish TEXT NOT NULL DEFAULT '',
            error TEXT NOT NULL DEFAULT '',
            hint TEXT NOT NULL DEFAULT '',
            prompt_tokens INTEGER,
            cached_tokens INTEGER,
            completion_tokens INTEGER,
            seconds REAL,
            cost_micros INTEGER,
            from_cache INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (run_id, position)
        ) WITHOUT ROWID""",
        "CREATE INDEX run_steps_by_key ON run_steps(key) WHERE state = 'done'",
        """CREATE TABLE step_tests (
            id TEXT PRIMARY KEY,
            prompt_id TEXT NOT NULL REFERENCES prompts(id) ON DELETE CASCADE,
            version INTEGER NOT NULL,
            model TEXT NOT NULL,
            created_at REAL NOT NULL,
            results TEXT NOT NULL
        )""",
        "CREATE INDEX step_tests_of_prompt ON step_tests(prompt_id, created_at)",
    ):
        db.execute(statement)


@workbench()
def m011_tools_and_memory(db: sqlite_utils.Database) -> None:
    """Tools of servers, consents, and what is remembered.

    ``tools`` of a chat or project: JSON list of the tools that are offered there; NULL: as above it. ``memory`` 0: nothing
    remembered is told there. ``conversations.imported``: messages of a file are in it. ``turns.memory``: JSON of what was
    told; ``.asked``: of how the person asked, to go on in the same way later: in no export. ``consents.request`` and
    ``.scopes`` are JSON; ``.hash``: of the request as it was accepted, ``.asked_hash``: as it was asked; a temporary
    chat's are in memory only.
    ``standing_consents.conversation_id``: empty for always. ``tool_servers.definition``: JSON, secrets are in the keychain;
    ``agreed``: hash of the definition that a person has agreed to. ``server_tools.fingerprint``: of the tool as it was when
    it was switched on; ``reads``: the person says that it changes nothing. ``memory_texts.project_id``: empty for all
    chats. ``tool_checks.model``: its file with size and time, or its name on another machine; ``cases``: hash of those that
    are asked; ``owner``: the process at it.
    """
    for statement in (
        "DROP INDEX conversations_by_time",  # read backwards, this one has the list's order: nothing is sorted
        "CREATE INDEX conversations_by_time ON conversations(updated_at) WHERE deleted_at IS NULL",
        "ALTER TABLE conversations ADD COLUMN tools TEXT",
        "ALTER TABLE conversations ADD COLUMN memory INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE conversations ADD COLUMN imported INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE projects ADD COLUMN tools TEXT",
        "ALTER TABLE projects ADD COLUMN memory INTEGER NOT NULL DEFAULT 1",
        "ALTER TABLE turns ADD COLUMN memory TEXT NOT NULL DEFAULT '{}'",
        "ALTER TABLE turns ADD COLUMN asked TEXT NOT NULL DEFAULT '{}'",
        """CREATE TABLE consents (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            subject TEXT NOT NULL,
            title TEXT NOT NULL,
            request TEXT NOT NULL,
            because TEXT NOT NULL DEFAULT '',
            hash TEXT NOT NULL,
            asked_hash TEXT NOT NULL,
            conversation_id TEXT,
            message_id TEXT,
            call_id TEXT NOT NULL DEFAULT '',
            scopes TEXT NOT NULL,
            state TEXT NOT NULL,
            scope TEXT NOT NULL,
            created_at REAL NOT NULL,
            answered_at REAL
        )""",
        "CREATE INDEX waiting_consents ON consents(created_at) WHERE state = 'waiting'",
        "CREATE INDEX consents_of_message ON consents(message_id)",
        "CREATE INDEX consents_of_conversation ON consents(conversation_id)",
        """CREATE TABLE standing_consents (
            kind TEXT NOT NULL,
            subject TEXT NOT NULL,
            conversation_id TEXT NOT NULL DEFAULT '',
            created_at REAL NOT NULL,
            PRIMARY KEY (kind, subject, conversation_id)
        ) WITHOUT ROWID""",
        """CREATE TRIGGER consents_go_with_their_chat AFTER DELETE ON conversations BEGIN
            DELETE FROM consents WHERE conversation_id = old.id;
            DELETE FROM standing_consents WHERE conversation_id = old.id;
        END""",
        """CREATE TABLE tool_servers (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE COLLATE NOCASE,
            definition TEXT NOT NULL,
            enabled INTEGER NOT NULL DEFAULT 0,
            agreed TEXT NOT NULL DEFAULT '',
            created_at REAL NOT NULL
        )""",
        """CREATE TABLE server_tools (
            server_id TEXT NOT NULL REFERENCES tool_servers(id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            definition TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            enabled INTEGER NOT NULL DEFAULT 0,
            reads INTEGER NOT NULL DEFAULT 0,
            note TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (server_id, name)
        ) WITHOUT ROWID""",
        """CREATE TABLE memory_texts (
            project_id TEXT PRIMARY KEY,
            about TEXT NOT NULL DEFAULT '',
            how TEXT NOT NULL DEFAULT '',
            changed_at REAL NOT NULL
        )""",
        """CREATE TABLE memory_facts (
            id TEXT PRIMARY KEY,
            text TEXT NOT NULL,
            project_id TEXT REFERENCES projects(id) ON DELETE CASCADE,
            conversation_id TEXT,
            message_id TEXT,
            active INTEGER NOT NULL DEFAULT 1,
            created_at REAL NOT NULL,
            changed_at REAL NOT NULL,
            removed_at REAL
        )""",
        """CREATE TABLE tool_checks (
            id TEXT PRIMARY KEY,
            model TEXT NOT NULL,
            name TEXT NOT NULL,
            runtime TEXT NOT NULL DEFAULT '',
            cases TEXT NOT NULL,
            wanted INTEGER NOT NULL,
            owner TEXT NOT NULL DEFAULT '',
            created_at REAL NOT NULL,
            ended_at REAL
        )""",
        "CREATE INDEX tool_checks_of_model ON tool_checks(model, created_at)",
        """CREATE TABLE tool_check_results (
            check_id TEXT NOT NULL REFERENCES tool_checks(id) ON DELETE CASCADE,
            case_id TEXT NOT NULL,
            at REAL NOT NULL,
            result TEXT NOT NULL,
            PRIMARY KEY (check_id, case_id)
        ) WITHOUT ROWID""",
    ):
        db.execute(statement)


@workbench()
def m012_what_the_cloud_costs(db: sqlite_utils.Database) -> None:
    """The ledger outlives the chats that it names: what was spent stays spent. ``owner``: the process that a reservation
    belongs to, as `ownership` names it. An escalation goes with its chat."""
    for statement in (
        """CREATE TABLE cloud_calls (
            id TEXT PRIMARY KEY,
            at REAL NOT NULL,
            ended_at REAL,
            provider TEXT NOT NULL,
            model TEXT NOT NULL,
            purpose TEXT NOT NULL,
            state TEXT NOT NULL,
            reserved_micros INTEGER NOT NULL CHECK (reserved_micros >= 0),
            cost_micros INTEGER NOT NULL CHECK (cost_micros >= 0),
            currency TEXT NOT NULL,
            price TEXT,
            prompt_tokens INTEGER,
            cached_tokens INTEGER,
            cache_write_tokens INTEGER,
            completion_tokens INTEGER,
            conversation_id TEXT,
            turn_id TEXT,
            error TEXT NOT NULL DEFAULT '',
            owner TEXT NOT NULL DEFAULT ''
        )""",
        "CREATE INDEX cloud_calls_by_time ON cloud_calls(at)",
        "CREATE INDEX cloud_calls_of_chat ON cloud_calls(conversation_id)",
        "CREATE INDEX cloud_calls_of_turn ON cloud_calls(turn_id)",
        """CREATE TABLE cloud_caps (
            kind TEXT NOT NULL,
            name TEXT NOT NULL DEFAULT '',
            micros INTEGER NOT NULL CHECK (micros >= 0),
            PRIMARY KEY (kind, name)
        ) WITHOUT ROWID""",
        """CREATE TABLE cloud_models (
            provider TEXT NOT NULL,
            id TEXT NOT NULL,
            model TEXT NOT NULL,
            fetched_at REAL NOT NULL,
            PRIMARY KEY (provider, id)
        ) WITHOUT ROWID""",
        """CREATE TABLE cloud_prices (
            provider TEXT NOT NULL,
            id TEXT NOT NULL,
            price TEXT NOT NULL,
            PRIMARY KEY (provider, id)
        ) WITHOUT ROWID""",
        """CREATE TABLE escalations (
            id TEXT PRIMARY KEY,
            conversation_id TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
            question_id TEXT NOT NULL,
            answer_id TEXT,
            preview TEXT NOT NULL,
            body BLOB NOT NULL,
            body_hash TEXT NOT NULL,
            state TEXT NOT NULL,
            turn_id TEXT,
            owner TEXT NOT NULL DEFAULT '',
            created_at REAL NOT NULL,
            ended_at REAL
        )""",
        "CREATE INDEX escalations_by_body ON escalations(body_hash)",
        "CREATE INDEX escalations_of_chat ON escalations(conversation_id)",
        """CREATE TABLE routed_turns (
            turn_id TEXT PRIMARY KEY,
            conversation_id TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
            choice TEXT NOT NULL,
            outcome TEXT NOT NULL DEFAULT '',
            at REAL NOT NULL
        ) WITHOUT ROWID""",
        "CREATE INDEX routed_turns_of_chat ON routed_turns(conversation_id)",
    ):
        db.execute(statement)


@workbench()
def m013_what_deleted_answers_stood_on(db: sqlite_utils.Database) -> None:
    """Kept with the messages below them: they may repeat it."""
    db.execute("""CREATE TABLE stood_on (
        message_id TEXT NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
        path TEXT NOT NULL,
        collection_id TEXT NOT NULL,
        private INTEGER NOT NULL,
        PRIMARY KEY (message_id, path, collection_id, private)
    ) WITHOUT ROWID""")


@workbench()
def m014_panel_versions(db: sqlite_utils.Database) -> None:
    """What a person made of a text of an answer, oldest first. ``place``: which text of the message."""
    db.execute("""CREATE TABLE panel_versions (
        message_id TEXT NOT NULL REFERENCES messages(id) ON DELETE CASCADE,
        place TEXT NOT NULL,
        number INTEGER NOT NULL,
        text TEXT NOT NULL,
        at REAL NOT NULL,
        PRIMARY KEY (message_id, place, number)
    )""")


@workbench()
def m015_of_chats_and_answers(db: sqlite_utils.Database) -> None:
    """The model and effort that a person chose for a chat; and by what an answer was computed: NULL or empty, not known."""
    for statement in (
        "ALTER TABLE conversations ADD COLUMN model TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE conversations ADD COLUMN effort TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE turns ADD COLUMN seed INTEGER",
        "ALTER TABLE turns ADD COLUMN engine TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE turns ADD COLUMN devices TEXT NOT NULL DEFAULT ''",
    ):
        db.execute(statement)


@workbench()
def m016_corrections(db: sqlite_utils.Database) -> None:
    """What a call cost in truth, as a person says: the newest of a call counts, and nothing of the call is overwritten."""
    db.execute("""CREATE TABLE cloud_corrections (
        id TEXT PRIMARY KEY,
        call_id TEXT NOT NULL,
        at REAL NOT NULL,
        cost_micros INTEGER NOT NULL CHECK (cost_micros >= 0),
        note TEXT NOT NULL DEFAULT ''
    )""")
    db.execute("CREATE INDEX cloud_corrections_of_call ON cloud_corrections(call_id)")


@workbench()
def m017_why_a_step_had_its_model(db: sqlite_utils.Database) -> None:
    """In one line, where it was chosen for the question; else empty."""
    db.execute("ALTER TABLE run_steps ADD COLUMN why TEXT NOT NULL DEFAULT ''")


@workbench()
def m018_hand_offs(db: sqlite_utils.Database) -> None:
    """What was hidden in what a person took to a chat page of their own, by the question: its answer comes back later."""
    db.execute("""CREATE TABLE hand_offs (
        question_id TEXT NOT NULL UNIQUE REFERENCES messages(id) ON DELETE CASCADE,
        conversation_id TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
        redactions TEXT NOT NULL
    )""")
    db.execute("CREATE INDEX hand_offs_of_chat ON hand_offs(conversation_id)")


@workbench()
def m019_what_was_sent_goes_with_its_messages(db: sqlite_utils.Database) -> None:
    """When the bin forgets a message: each request that has its words, and what a person was asked about it."""
    db.execute("""CREATE TRIGGER requests_go_with_their_messages AFTER DELETE ON messages BEGIN
        DELETE FROM consents WHERE message_id = old.id OR id IN (
            SELECT id FROM escalations WHERE conversation_id = old.conversation_id AND instr(preview, old.id) > 0);
        DELETE FROM escalations WHERE conversation_id = old.conversation_id AND instr(preview, old.id) > 0;
    END""")


@workbench()
def m020_words_beside_those_without_spaces(db: sqlite_utils.Database) -> None:
    """In "API仕様" the index took "API仕" for one word: such messages and titles are indexed again."""
    glued = "'*[A-Za-z0-9][\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]*'"
    for statement in (
        f"INSERT OR IGNORE INTO search_waiting SELECT DISTINCT message_id FROM parts WHERE text GLOB {glued}",  # noqa: S608
        f"INSERT OR IGNORE INTO search_waiting SELECT id FROM conversations WHERE title GLOB {glued}",  # noqa: S608
    ):
        db.execute(statement)
