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
        <source>One pattern a line, in the manner of .gitignore: *.pdf, drafts/, /2019/**</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing of it is ever sent to another machine, whatever model is chosen.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What .gitignore and .workbenchignore in the folder name is not read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Names that begin with a dot.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only these</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not these</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ignore files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hidden files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo changes</source>
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
        <source>Read {format}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kinds of files</source>
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
    <message>
        <source>Documents</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search in documents</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This chat asks {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A single file…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attach a folder first…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask folders and files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>private</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No folder or file is called so.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The passage says something else.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The passage does not seem to say this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no passage of this number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Page {page}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} sources</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 passage was given, the answer does not cite it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} passages were given, the answer cites none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folders this chat asks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop asking {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folders and files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Private: nothing of it leaves this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From the project {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is not attached any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is not among your document folders, so it does not answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sources of this answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the sources</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Given to the model too, but not cited</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Given to the model, not cited</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Score {score}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>private: never leaves this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open in the system&apos;s program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in its folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy as a quotation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show beside the chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why not found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>folded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{source}, not cited</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open source {source}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the passage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Path of a folder to add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Path of a folder, then Enter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop folders to attach them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{some} and {last}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is read: {files}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{folder} is being read. What is read already answers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where is {name} now?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search in this folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rules: what is read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for changes now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open in the file manager</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is elsewhere now…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is forgotten. Its files are as they were.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved. What the rules change is looked at now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter opens what was read, the menu key lists the actions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No file has this in its path.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no such file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no file here yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download and index</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Actions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show: {status}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Part of a path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files with this in their path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Private</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More for {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on reading {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause reading {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rules</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More for this folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter opens the passage.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>meaning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was found.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Page {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{passages} in {files}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The best {passages}; {files} have the words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>by words and meaning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>by words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close documents</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove {name}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was read of it is forgotten: {passages} of {files}. The files themselves stay as they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Searches what was read of your folders, by words and by meaning. No model is loaded; nothing leaves this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no folder to search in yet. Attach one first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Today</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last year</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Date</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scores</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why not found?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attach a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Searching by meaning…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking what was searched…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All types</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Any date</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} is not there now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text of the document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file has changed: the passage does not stand in it any more. It said:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file has changed since the answer was written. The passage still stands in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file is in none of your folders any more. This is the passage as it was read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file has changed since it was read. It is read again when its folder is looked at.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture of the page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{page} of {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drawing the page…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This page could not be drawn. Its text is below.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Documents beside the chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Table of the document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All sources</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous passage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next passage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sheet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find in this document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the passage as a quotation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the viewer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Document {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sheets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show as a table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show formatted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was searched for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{word}, stands nowhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stands in no passage: {words}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search everywhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was not searched</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show them: {what}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Best by {method}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers from your own files, with the page to prove it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attach a folder of notes, papers, contracts, code or mail. It is read on this computer, nothing of it is copied or changed, and it is followed: what you save is found a moment later. Answers cite the passage and open it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Or drop a folder here, or paste its path.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Indexed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} indexed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No permission</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} not permitted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Offline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} offline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the cloud</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} in the cloud</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} skipped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not read yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It could not be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its drive is not there; what was read of it still answers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A cloud drive keeps it elsewhere: it was not downloaded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The system does not let Workbench read it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 passage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} passages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused. {files} to read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{files} to read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not looked at yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no file in it that can be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last seen {when}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Found by words. By meaning so far: {done} of {total} passages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Up to date, looked at {when}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{files} so far</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking which files there are…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading {done} of {total} files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preparing the search by meaning: {done} of {total} passages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{rate} a second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>just now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{minutes} min ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>today at {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>on {day}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The system does not let Workbench read {files}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{files} could not be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show why</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Offline: its drive is not there. What was read of it still answers; nothing is deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No permission: the system does not let Workbench read this folder. Nothing is deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder is not where it was. What was read of it still answers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Say where it is…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the privacy settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only in the cloud, so not read, as that would download it: {files}, {size}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download and index {size}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
