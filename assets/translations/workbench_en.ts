<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name></name>
    <message>
        <source>The answer is ready.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These keys are not known.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{keys} alone is needed for writing. Add {command} or Alt.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{keys} is needed for editing text.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter sends to a new chat, Shift+Enter breaks the line, Esc closes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quick entry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask in a new chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An icon to open the window and the quick entry. Closing the window then leaves Workbench running.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This desktop has no place for such icons.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opens a small field over any program; what you write there begins a new chat.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Programs cannot take keys of the whole desktop here. Bind keys to the command `workbench quick` in your desktop&apos;s keyboard settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys bound to the command `workbench quick` in your desktop&apos;s settings do the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notification</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Icon in the tray</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open at login</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys of the quick entry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No keys for the quick entry</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When an answer took long and you look elsewhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The window opens when you log in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Never</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>After {n} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>After {n} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press the new keys…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Escape leaves them, Backspace takes them away.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change shortcuts…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Usual keys of “{action}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Usual keys for all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The keys of every action, as your fingers know them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{keys} is already “{action}”. Give that other keys first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{keys} stays with “{action}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Workbench: an answer is being written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Workbench</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open Workbench</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit Workbench</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{words} (the window is closed)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
