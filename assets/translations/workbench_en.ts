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
        <source>Enter sends to a new chat, Shift+Enter breaks the line, / finds a prompt, Esc closes.</source>
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
        <source>Use my own subscription…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change it…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More ways to send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It costs {price}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send to {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send to {host}, {price}</source>
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
        <source>The answer you would have wanted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take it back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo changes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Names, mails, phones, keys, card and account numbers leave as [NAME_1] and are put back here. It helps, and misses some: look at what leaves.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Always hidden too, with commas between: a customer, a project, your street.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide names and numbers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Words that are always hidden</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your own words</source>
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
        <source>Any service that speaks OpenAI&apos;s HTTP. Only https, but for this machine. A key belongs to one address: where that changes, it is asked for again. Nothing is sent yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An address of your own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
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
        <source>Workbench: {words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter opens, F2 renames, Delete deletes, the menu key lists the actions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sidebar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your chats will be listed here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide sidebar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Workbench</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search chats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to what is found first, or is chosen among it</source>
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
        <source>Temporary chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search chats and commands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next chat of the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous chat of the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find in this chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next place found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous place found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show or hide the sidebar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models</source>
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
        <source>Prompts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompts on many inputs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Feedback and test cases</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change keyboard shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quick entry: a new chat from any program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask two models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose how much the model thinks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask a stronger model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the tools of this chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attach files to the message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quote the selected passage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Branches of this chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the last answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the last code block</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New answer to the last question</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pin or unpin this chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename this chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete this chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop the answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open chat {number} of the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send the message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit the last message (field empty)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The version before of a message (in the conversation)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The next version of a message (in the conversation)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the text as a version (in the panel, in the editor of prompts)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename (in the list of chats)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete (in the list of chats)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open chat 1 to 9 of the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No folder is attached yet. Add one on the Documents page.</source>
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
        <source>A chat</source>
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
        <source>p. {page}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deleted “{title}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no answer to copy yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Code copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The last answer has no code block.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is nothing to copy yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no details.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chat actions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Actions for {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move to a project…</source>
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
        <source>Pasted text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pasted picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {count} tokens</source>
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
        <source>Only the question</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing of the rest of the chat leaves.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The whole chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything up to this question, as far as you keep it below.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A brief</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model on this computer sums up what is needed. You read it, and change it, before it leaves.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The question and the answer you have, to be told what is wrong with it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mail address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Phone number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key or password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Card number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Account number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of your own list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading {count} tokens · {percent} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This message has no answer yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another provider</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send less</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Raise the budget…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the price…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open family</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frontier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its price is not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{prompt} in, {answer} out per million tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} tokens of context</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} tokens/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>price of {date}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Others</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Call of {tool}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None is offered: it answers from what it knows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} of {all} are offered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Empty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} characters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cost not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{low} to {high}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a question</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a month</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a month there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in this chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{left} of {cap} left for this question</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{left} of {cap} left today</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{left} of {cap} left this month</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{left} of {cap} left this month at this provider</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{left} of {cap} left for this chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{least} to {prompt} tokens go, counted here; at most {answer} come back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{prompt} tokens go, at most {answer} come back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At most {prompt} tokens go (being counted…), at most {answer} come back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At most {prompt} tokens go (its tokenizer is not published), at most {answer} come back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At most {prompt} tokens go (no model of its family is here), at most {answer} come back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At most {prompt} tokens go by our estimate, at most {answer} come back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What {name} keeps of it is not known to Workbench.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send, and in this chat from now on without asking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Within {caps}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send, and to {name} always without asking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This question, this once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From {model}</source>
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
        <source>reranker</source>
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
        <source>The best {passages}; about {files} have the words</source>
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
        <source>Waiting messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The message waits until the answer is done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next: {message}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not sent: {message}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send now</source>
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
        <source>Pinned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Today</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This week</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>January</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>February</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>March</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>April</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>May</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>June</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>July</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>August</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>September</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>October</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>November</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>December</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{month} {year}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This month</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Always</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each call</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By provider</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was asked of a provider. What is, stands here with its cost, exactly.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was asked of a provider in this time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compared with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Spending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as CSV…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct what this call cost…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the newest {count} are shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This machine, at the price of</source>
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
        <source>in the passage</source>
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
        <source>Calculate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at the clock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search my documents</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search my past chats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the web</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read a page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Propose to remember</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Called with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} characters were left out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What went wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing</source>
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
    <message>
        <source>The model had said all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It reached its length limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped by you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The program ended meanwhile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model called a tool</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What it was told of you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Engine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You named {model}; Auto would have had {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing: it was written on this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ended early</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Engine build</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Computed on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Written with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} (/{name}), version {version}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prefers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its effort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Form</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSON that keeps to a schema</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Told first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About me</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How to answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About me here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How to answer here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>… and {count} before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Facts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No room for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} older facts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{speed} tokens/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First word after</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Older messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A summary of them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not sent any more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Instructions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} characters, as they are now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 call</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} calls</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} tokens, {cached} of them known from before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 question</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} questions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{questions} and {answers} before this one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} documents</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{passages} of {documents}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details of this answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>on its way, counted at its most</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as the provider counted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>by our own count: the provider told nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>at its most: the program ended before it was told</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing was charged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>over your own subscription</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pasted by you, over your own subscription</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{amount}, over your own subscription</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Requests</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count}: the first, and one after each round of calls</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sent last</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} bytes, sha256 {hash}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stayed here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>… and {count} more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hidden</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, {count} of them cached</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Billed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{prompt} tokens in{cached}, {answer} out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The provider named the cost itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Over your own subscription, $0</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switched off on the Tools page.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no tool yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{model} is not offered tools. {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{model} is offered no tools by itself. {why} Those that you tick here are offered all the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Auto</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer again, with more thought</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer again here, with more thought</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chosen: {why}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask a stronger model?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer it again, with more thought?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no other model to compare with. The Models page has more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the first model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no answer of this computer beside it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{second} answers after {first}: this computer does one at a time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first answer waits for you; {name} was not asked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too long for the model&apos;s context: it is given the parts that match your question best.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Runs on this computer. Nothing leaves it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter sends, Shift+Enter makes a new line.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use a prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tools of this chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send after this answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Context in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model: {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model: {name}, chosen for this chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model: none chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>and {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asked the next question too: {name}. Press to ask one model alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers come from {host}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>May go to {names} without asking: you allowed it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stays on this computer. What leaves is shown to you first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Effort: {effort}, chosen for this chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Context: {used} of {limit} tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Almost full: start a new chat soon.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tokens of the context in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Editing your last message: sending makes a new branch.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel editing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What would be remembered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The request in full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the other {count} characters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New in it:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at it…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Don&apos;t send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remember it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Don&apos;t remember</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Don&apos;t allow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Allow once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Allow in this chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Always allow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} waits for your yes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A tool waits for your yes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A provider</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two models are asked together when this answer is done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That answer was not written here, and nothing is sent there again by itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The temporary chat is gone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That chat is not there any more: it was deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer waits for you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer finished.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Auto chooses the effort for each question.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{model} has no choice of effort, or has not shown it yet: ask it something.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The cloud is off: nothing can be asked there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a question first: then a stronger model can be asked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set up…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A temporary chat is taken nowhere: nothing of it is kept, and nothing leaves.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wait until this answer has ended, or stop it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sent to {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer of {name} stands beside the local one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model no longer sees what stands above.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model sees a summary of what stands above.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model sent no answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer reached its length limit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the result…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More for this message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the version before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the next version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit this question</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Regenerate this answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask a stronger model…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Good answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Marked as good: look again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Marked as not good: look again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare with another model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Beside the local answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show it beside the local answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask a stronger model this question</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as prompt…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save this question as a prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy as…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy in another form</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open in the panel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quote in the next message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quote</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on in a new chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on from here in a new chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete this message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waits for you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Get more models…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a GGUF file…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Options of {model}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask two models…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The next question</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chosen for each question, by rules you can change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{model}; no model of its own for this chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers come from {server}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only a demo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>from {program}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>pinned prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shows first what would leave, and its price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Effort: {effort}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} · v{number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompt /{name}, version {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answered by {model}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Temperature: {value}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer keeps to a form (JSON)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Told first: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its document folders are asked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For this question only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave out the prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Written with the prompt {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave out the prompt {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write something first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save this message as a prompt…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompt library</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The prompt {title} is in the message.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The filled prompt is on the clipboard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calling {name}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the settings say</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tools for models that were seen to call them properly.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tell what is remembered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What you told once is told in this chat too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tools page…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tools page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove this cap</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Spent of the cap: {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At most, in dollars: {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove this cap: {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Provider</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Calls</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Before a question leaves, the most that its answer may cost is set aside. What would pass a cap is not sent. Days and months are those of this computer&apos;s calendar; answers of this machine cost nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cap for a provider…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every call…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cap for a provider</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as CSV</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All calls are in {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One request</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>on its way</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as counted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>estimated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>at its most</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not charged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>own subscription</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On its way: {most} are set aside, the most that it may cost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the provider counted; {most} had been set aside.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By our own count, for the provider gave none; {most} had been set aside.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Counted at its most, {most}, for nobody knows what it cost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was charged; {most} had been set aside.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asked by yourself, over your own subscription.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Handed off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connection test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} this month</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chat “{title}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A chat that is gone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The most that one answer may cost, before it is asked for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{spent} spent, more than the cap: nothing is left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{spent} spent, {left} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to {amount}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>corrected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>more than set aside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You corrected it on {when}: {before} had counted first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{read} read, {written} written, for a million tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{cost} in one call</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{cost} in {count} calls</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No answer of this machine has its tokens counted yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{read} tokens read, {written} written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One answer of this machine would have cost {cost} there:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} answers of this machine would have cost {cost} there:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Price: {source}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The tokens of one more were not counted: it is in no sum.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The tokens of {count} more were not counted: they are in no sum.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key of {name} is kept. Nothing was sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key of {name} is deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is kept. Log in where it wants a key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is forgotten.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking {host} for its models…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models that it told of: {n}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Context</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed, as stated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What it says it keeps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your machine answers first. Where that is not enough, you can go further, one step at a time:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This machine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free and private. Nothing leaves.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same open family, bigger, hosted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open models that are too large for this machine, such as gpt-oss-120b. With a key, at a known price.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A frontier model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The strongest there are, and the dearest. With a key, at a known price.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your own subscription, by hand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the question, ask it on the page you pay for anyway, paste the answer back. No key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who can answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It goes to the keychain of this system and to {host} alone, and is never shown again. Keeping it sends nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log in to {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste the key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make a key on the page of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make a key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prices are for a million tokens, as listed or as {name} told when it was last asked. One that is not known is asked for, never taken as 0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is listed of {name} yet. With a key, it tells what it has.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask for its models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Propose this one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This one is proposed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dollars for a million tokens that are read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dollars for a million tokens that are written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep as my price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As listed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the listed price again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read $</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Written $</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No provider has a key yet, so nobody can be asked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test connection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test the connection to {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log in…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models and prices…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models and prices of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open its page of keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another key…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change its address…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Can be asked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Off means off: nothing goes to a provider. On, a question leaves only after you saw exactly what leaves, to whom and at what price, and said yes. Switching it on sends nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The one that “Ask a stronger model” shows first. Another can be chosen each time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An open model, the first that has a key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cloud</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model that is proposed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log in to a provider…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An address of your own…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Own address…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side by side…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The program&apos;s choice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log in to a provider</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Providers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dollars for a million tokens read or written, as listed on the day told below; speed as stated. Nobody was asked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No open model is listed yet. Refresh the models of a provider first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Providers of this model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare {model}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Allowed without being asked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing: each question is shown to you before it leaves.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask again before anything goes to {name}. {place}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In every chat, within your caps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the chat “{title}”, within your caps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In a chat, within your caps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are asked again before anything leaves.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are asked again. 1 request was allowed and not sent yet: it waits for your answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are asked again. {count} requests were allowed and not sent yet: they wait for your answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sort by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sort by {column}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frontier model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its price is not known: you are asked for it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>your own price, of {date}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>your own price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{source}, read on {date}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} tokens/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What {name} keeps of what it is sent is not known here: its terms say.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By its own words: {words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking into the keychain…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key ending in {four}, until Workbench is closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key ending in {four}, in the keychain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exactly what leaves</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exactly</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the bytes exactly as they leave</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Easier to read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the same with its lines broken</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} bytes · sha256 {hash}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} bytes, sha256 {hash}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the other {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the {count} of pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What leaves</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No key and no cost here: you paste this into your own chat page, and the answer back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The text to paste there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the text to paste there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whose page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste the answer here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer from there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open {address} in the browser</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Then bring the answer back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was found that would be hidden.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide names, addresses, numbers and keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They are put back into the answer here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Effort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Effort as it likes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the model likes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who is asked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much of the chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What of it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is hidden</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What comes back, at most</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Getting it ready…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model on this computer writes the brief…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What leaves, in pieces</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{piece}, stays here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{piece}, always goes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The brief, to be changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leaves as it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open in the browser</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetch this picture from {host}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{host} learns your address by that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetching the picture…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This picture cannot be drawn: its file is broken.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path} could not be written: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture: {words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide {what} again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let {what} leave as it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{kind}, {count} times</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use my own subscription</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This waits for your answer. Nothing has left this computer: exactly this goes when you press Send.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer wants to go on with what its tools gave. That has not left this computer: exactly this goes when you press Send.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing has left this computer. You allowed this without asking: Send is all that is needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing has left this computer yet. What is shown here goes when you press Send, and nothing else.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Goes to {host}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As read on {date}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where that was read: {source}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{reason} Start Workbench again when that is solved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chats can be read, but nothing can be saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cloud</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set up the cloud…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forgotten: {fact}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import what is remembered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory (*.md *.zip *.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export what is remembered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verdicts and preferences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test cases</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exported to {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All facts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For all chats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Facts shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The fact in other words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>from a chat that is not there any more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From “{title}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in its chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} older ones are not shown: search for them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export feedback or test cases</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close feedback</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search feedback and test cases</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models may propose facts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remember</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remember this fact</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A new fact</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>I am allergic to nuts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the facts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What every chat knows of you, so that you say it once. Models of other machines are told it only where the machine is marked as yours.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In chats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each chat can leave it out: in the list of tools at its message. Temporary chats are told nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is kept before you accept it, in your words if you like.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{text}” is {count} characters too long to be told every time: it is not kept like this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing yet. What stands here is told in every chat, so that you say it once: “I am allergic to nuts.” A model with tools may propose something; it is kept only when you accept it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No fact has these words.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing of this is told to a model now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Told in the chats of “{project}” only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Told in every chat.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 fact</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} facts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{shown} of {count} facts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New chat in this project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add files…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in this project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tell what is remembered in this project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Facts of this project…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pin a prompt…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pinned prompts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer in British English. The reader is my supervisor.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As everywhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chats that belong together, with instructions and files of their own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No chat yet. What you ask in a new one is answered with the instructions below.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None yet. Folders and files that its chats are about.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the chats of this project: what is remembered of you, with the texts and facts of the project.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None yet. Prompts that its chats need again and again: a “/” offers them first, and the model is told their system parts in every chat of the project.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its system part is told in every chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Offered first behind “/”; its system part wants to be filled in, so it is not told</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Offered first behind “/”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model is told this first, in every chat of the project.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers where you choose no other.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much it thinks first, where the model knows it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the model may call while it answers in this project. Each chat can choose for itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not there any more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not searched yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add to Documents</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chats · {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} chats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All batches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try the failed again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete this batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy this answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not begun</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing here has these words.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer for the chosen input</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{title}” is done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The batch and its answers are deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete with all its answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} results saved as {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Input</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on with {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Many inputs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A prompt is being run. Stop it first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Getting ready…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The prompt was run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Again from here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use this one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the answer of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare two answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close without a choice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run a prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run “{title}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Being answered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking at this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking at this computer…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Under way</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From {program}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recommended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence: {licence}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other choices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Get</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the sum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide the sum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Interrupted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>known from before: not asked again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Runs on the GPU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Runs on GPU and processor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Runs on the processor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too large for this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{whole} memory, {free} free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} processor cores</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no GPU found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}, sharing the memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its GPU shares the memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{whole}, {free} free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {rate} tokens/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{hours} h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} tokens read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} thought</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} for pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} for {count} tokens of context</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} to compute in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} for the engine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> and </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{needed} of {free} free in memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{needed} of {free} free on {device}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no cost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the inputs are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose where the inputs are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each input fills</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run “{title}” on many inputs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop a folder here, or choose one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop a file here, or choose one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each input fills: {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same for all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was run on many inputs yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose “Run on many inputs” beside a prompt: it is then asked for each file of a folder, each line of a text or each row of a table, one after the other, and you get a table of answers. Your own questions go first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ok</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>warning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>skipped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Downloaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your own file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the Hugging Face cache</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>your folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Effort can be chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thinking can be switched on and off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Always thinks before it answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers without thinking first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{low} tokens/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{low}–{high} tokens/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {time} per answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One answer takes about {time} ({task}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>after installing the {engine}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>recommended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} to download</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reads pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>uses tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Downloading, {percent} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{whole} billion parameters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{whole} billion parameters, {active} active</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>read pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>use tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>read and write text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>independent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>by the publisher</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In place, from {program}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{rate} tokens/s measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{rate} expected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not checked yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check-up: 1 problem</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check-up: {count} problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check-up: 1 thing to know</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check-up: {count} things to know</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check-up passed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} in Workbench&apos;s folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} in place with other programs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 core</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} cores</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It failed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>paused, what has arrived is kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>on hold</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waits for its turn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done} of {whole}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{free} free of {whole}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>may use {memory} of the memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>shares the memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>memory unknown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{memory} of its own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is used through {driver}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is not used: no engine can drive it as it is. A newer graphics driver may change that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is not used: the engine that is installed cannot drive it; the {label} can.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one host</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} hosts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Too large here, but {hosts} would answer with it for a price: Settings, Cloud.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Interrupted: the program ended meanwhile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Half answered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files of a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lines of a text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rows of a CSV table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every file of the folder and of those in it; its text is read on this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every line that is not empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first row names the columns: those that are called as variables fill them in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done} of {total} answered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{seconds} each</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 input</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} inputs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>how long it takes is known after the first ones</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filled by columns: {names}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left out: {names}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Row {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is in the bin. What you remove lies here for 30 days.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This cannot be undone: all versions go too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Empty the bin…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show all {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove {what} for good?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove for good</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>/{name}, removed {when}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take {title} out of the bin</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove {title} for good</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{title}” is not in the library any more. Look into the bin.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{title}” is in the bin.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{title}” is back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} removed for good.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version {number} is the newest again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No favourite any more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make it a favourite</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use in a chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run on many inputs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Panel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text of the panel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep this text as a new version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Versions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare with the version before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save to a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the panel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Panel: {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version {number} of {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These versions are too long to compare.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shown as its source: nothing in it is run or loaded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Versions are kept with this chat.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Versions are kept until Workbench is closed; save to a file what is to stay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the model wrote it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Form of the answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contains</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer must contain these words, in any case.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Words that a good answer contains</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pattern</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This pattern must match somewhere in the answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For example  \b4[0-9]\b</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSON schema</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer must be JSON that keeps to this schema.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The last number of the answer must be this one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For example  3.14</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>My answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An answer that says the same passes; where it is worded differently, you decide.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The right answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>My judgement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You decide, each time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What you will look for, for example: is it polite?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A good answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not a good answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is good about it?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is wrong with it?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Marked as a good answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Marked as not a good answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kept on this computer only. Both fields may stay empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} attachments</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 attachment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{effort} effort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This answer: undecided. {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This answer would pass. {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This answer would not pass. {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Columns</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>name, price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Columns, with commas between</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>effort {effort}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>temperature {value}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The temperature is a number from 0 to {most}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As in the chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is no JSON: line {line}, {why}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is nested too deeply.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A schema is a JSON object, in braces.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contains these words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A pattern matches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSON that keeps to this schema</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ends with this number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Says the same as this answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>I look at it myself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove this test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change the test case</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the case</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is checked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How far the number may be off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>May be off by 0</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whether this answer would pass</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write it with a point, for example 0.01.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{text} is no number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check: {kind}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as test case</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} in the test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved as version {number}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kept as a draft.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Both are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else changed “{theirs}” meanwhile. What you wrote is beside it, as “{ours}” (/{name}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the other one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This prompt was changed elsewhere, {when}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When you save, both are kept: theirs under its name, yours beside it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show theirs instead</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This prompt was removed elsewhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving keeps what you wrote as a prompt of its own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else changed it meanwhile: both are kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} is saved, version {number}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No folder is attached here yet. A name can be typed all the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose: {what}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No document folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Title of the prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What it is for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slash name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tags</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mail, writing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tags, with commas between</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Title</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Step of the preview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filled with what was used last</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With what was filled in last, else with the defaults.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What earlier steps answer is known when they are performed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Problems</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking up: loading…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The check-up waits for another one…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking up: {title} is done…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show: {problem}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Small steps on a small, fast model often beat one long prompt.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A later step has what they answered: {{ steps.name }}, of JSON {{ steps.name.key }}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the step up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move the step down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved prompt of the step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>/name, or nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text of the step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>System part of the step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name, as later steps call its result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A saved prompt whose text it takes where it has none itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved as {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As Markdown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As plain text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With its formatting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>System part</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tests of this step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number}. {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Results of the tests</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run the tests</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop the tests</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of version {number}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking the model…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done} of {count} tests</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{low} to {high} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>before {share} (version {number}): {verdict}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} to look at yourself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write {{ name }} in the text for what is filled in each time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the variable {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Must be filled in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the form calls {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Default of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Help for {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choices of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>formal, friendly</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Document folder of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choices, with commas between</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the document folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>default: {value}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>may stay empty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not in the text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Called in the form</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Help below the field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Default</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Variables</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Editor of a prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All prompts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More for this prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text of the prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the model is to do, with {{ names }} for what changes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Document folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>names, with commas between</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For yourself; never sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How it is answered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tests</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>folders: {names}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Document folders that its answers stand on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} added.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A file or archive…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import prompts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no prompt in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import {count}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} imported.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where to?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Written: {files}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Here already: {count}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the bin, and left there: {count}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not taken over</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>And {count} more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompt {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave the form</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Esc</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the filled prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Insert</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Insert into the message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preview of the filled prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Insert into the message, to edit it first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fill this in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}, required</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>optional</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What to look for in {folder}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Year-month-day, or today</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pick…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pick a day for {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tomorrow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next Monday</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In a week</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a file for {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The document folder {name} is not attached here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{model} is not here: the model of the chat answers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is still empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Still empty: {names}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The clipboard has no text. Copy some, and it stands here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>History of a prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare with the newest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore this version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Versions of {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was changed since then.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first version, as it was written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What this version changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Struck through: what went. Underlined: what came.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Long documents</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recommended first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smallest first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fastest first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fits here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reads pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uses tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free licence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the catalog</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Working out how each model would run here…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add the repository</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For {use}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model of the catalog is like this. Take a filter away, or add its repository below.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Catalog</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not listed? Add any GGUF repository of Hugging Face to your catalog.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>OWNER/REPO</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repository to add, OWNER/REPO</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add the starter set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the first prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No prompt is like this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More tags…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show: {tag}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the folder of prompts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search prompts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Library</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close prompts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter opens, Space makes a favourite, Delete removes, the menu key lists the actions.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the prompts that work.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a prompt once, with {{ variables }} for what changes, and use it in any chat. Every version is kept, and each prompt is also a Markdown file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By title</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last used first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Most used first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Long text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit unknown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} of it for pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Template</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verify</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check-up of {day}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With {runtime}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Builds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Made by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>up to {count} tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Can</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sampling</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct a call</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What it cost, in dollars</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why, for yourself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Invoice of November</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It cost $</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Figures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repository</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Commit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the newest, pinned at the download</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove from the catalog</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove {name} from the catalog</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>best here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Working out the fit…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download {name} {quantization}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clipboard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Passages of a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>JSON by a schema</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Low</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Medium</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>High</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Written here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From its file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Imported</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From the starter set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} minutes ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an hour ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} hours ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>yesterday</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} days ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>used once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>used {count} times</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{warm} s instead of {cold} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} prompts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>favourite</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>with changes that are not saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>kept ready: {gain}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your name, as prompts say it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompts as files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of prompts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What {{ user_name }} says in a prompt.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each prompt is a Markdown file too; changes there are taken over.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For example one under git, or of a synced drive.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the data folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where are your prompts?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the rules</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the rules of Auto</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore the rules of Auto</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Auto chooses a model and its effort for each question, by rules in a file that you can change.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rules of Auto</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>and {count} more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your own rules hold.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing opens it here: the rules are in {file}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The program&apos;s rules hold again; yours are kept as {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a server of tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Command or address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As its command or address says</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Variables or headers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>NAME=value, one to a line. Keys go to the keychain.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Continue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Continue this answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try this answer again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the details of this failure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the models page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start a new chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave out the oldest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave out the oldest messages and answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Summarise the oldest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Have the oldest messages summarised and answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Larger context</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load the model with a larger context and answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load it smaller</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Load the model smaller and go on with this answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send all again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send the whole chat to the model again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You stopped this answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This answer was interrupted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This answer could not be finished.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the model is told of it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This text broke the model&apos;s own format: show it as it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thinking…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thought</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thought for {minutes} min {seconds} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thought for {seconds} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Don&apos;t start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It ends now, and starts when you have seen and agreed to what it is then.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connect to it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A program on this computer, or an address, that offers tools to models (MCP). Nothing is started before you have seen exactly what.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Variables of the program, or headers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 server was taken over. It is off until you start it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} servers were taken over. They are off until you start them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ending…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What {name} said</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} has said nothing yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is gone, and its keys with it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove {name}, and its keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which list of servers?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lists of servers (*.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting {name}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} offers {count} tools now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} runs; choose which of its tools to offer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep and go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They are kept in the keychain of this system, and given to this server alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tools in chats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Web search…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings of the web search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tools that come with Workbench</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models that were seen to call tools properly are offered those below. A chat may say otherwise.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who is asked on the web</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nobody until you choose. What is searched for is shown in the chat.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>made by itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>made by you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>what was there before a restore</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The bin is empty. A removed chat stays here for 30 days.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Markdown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The branch in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>HTML</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The branch in view, for any browser; nothing in it runs or loads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything (JSON)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All branches, thoughts, files and feedback; can be imported again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export this chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder with the branch in view of each chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder of pages for any browser; nothing in them runs or loads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ChatGPT&apos;s shape (JSON)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All branches, for other programs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>today</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tomorrow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in {count} days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>forgotten {when} ({date})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is none yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last: {when}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{last} No daily one is made now: {why}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{last} The next one is made in a moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{last} Next: {day} {time}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It has the same chats as now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{chats} would go, as they are newer: {titles}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{chats} would go, as it is newer: {titles}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{chats} would lose what was written since then: {titles}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{chats} would come back: {titles}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{title}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was imported.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing new: these chats are here already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{chats} imported: {messages}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{chats} imported, {updated} went on: {messages}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 new message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} new messages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your chats will be as they were {when}. That is done while Workbench starts: now, or the next time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First, what is here now becomes a backup of its own: it is not lost, and can be restored in the same way.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The backup is checked first. If it is damaged, nothing changes. Models and settings stay as they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Servers offer more tools: your files, your calendar, a database. A server is a program on this computer or an address, and speaks MCP. Add one by its command or address, or take over the list of another program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a server…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take over a list…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Servers of tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restart {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attachments</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} to look at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tools of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} more: `workbench tools servers show {name}` lists them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only reads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{tool} only reads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was allowed for more than once. What is allowed in a chat or always is listed here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Allowed for more than once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask again before {tool}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Always, as it was shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the chat “{title}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In a chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are asked again before it is started.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are asked again before it is called.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are asked again. 1 call was allowed and not made yet: it waits for your answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You are asked again. {count} calls were allowed and not made yet: they wait for your answer in their chats.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Off. Nobody has agreed to it yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is defined differently now: nobody has agreed to that yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{on} of {count} tools are offered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It does not work.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starts when a tool of it is called</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You said that it only reads: it asks less often.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asks before each call: it runs a program.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asks before each call: it sends something.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A quotation mark in the command is not closed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a command, or an address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For example: uvx mcp-server-time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{line} is no name and value.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For example LANG=en</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing leaves this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What it is called with goes to {host}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the internet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Changes something on this computer, and asks before.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sends to {host}, and asks before.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another machine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Runs a program on this computer, and asks before.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first call in a chat is shown before.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>of {server}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>at {host}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The keys of the quick entry are not taken. {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the report and send it to the project, please. Your chats are safe on the disk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something went wrong inside Workbench ({kind}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attached: {files}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Texts, code, PDF, Word, Excel, PowerPoint, CSV, web pages and pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only the first {count} files were attached.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attached {file}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop files to attach them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No thinking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Low effort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Medium effort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>High effort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thinking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About {time} an answer, by {count} answers here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The quickest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About {times} as long as {effort}, as a rule</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} times</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This chat is temporary and keeps nothing, so no verdicts and no test cases either. Ask the question in another chat to judge its answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved as a test case.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close find</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{place} of {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This link leads to another place than it says, or to another program:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This link is not opened: {link}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no model to answer yet: get one, or choose a GGUF file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no second model yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Get more models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The second model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models (*.gguf)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{gone}, which was chosen for this chat, is not there any more. {name} answers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is ready.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is ready: ask it something.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Options of {model}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use the defaults</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close options</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Without a value: {value}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An empty field takes what stands in it. Changes count from your next question on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>0: always the likeliest word; 1: as it learnt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Top p</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The likeliest words with this share together</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Top k</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>So many of the likeliest words; 0: all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Min p</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No words below this share of the likeliest one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repeat penalty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Above 1: less of what was said lately</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Presence penalty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Above 0: less of what was said at all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Frequency penalty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Above 0: less of what was said often</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same seed gives the same answer again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest thinking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In tokens; then it answers with what it has</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this question</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>yours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>publisher</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>engine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another each time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as the engine does</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing of this chat is written to the disk, and it is gone when you leave it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show sidebar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Project {name}, private</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Project {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Code block.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chat title</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version {place} of {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This chat has one branch. Editing a question or asking again makes another.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is a copy of the chat up to that message.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select a passage of the conversation first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Selection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Jump to latest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>level {depth}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>(no text)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Branches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the chosen message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Branches: what is in view is bold. Enter goes there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Summarise a text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Summarise the following text in five short points:

</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Explain some code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Explain step by step what this code does:

</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Draft a letter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a short, friendly letter to my landlord about a dripping tap.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Understand something</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Explain how public-key cryptography works, with one everyday example.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What are you working on?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model runs on this computer. What you write stays here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First, a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It runs on this computer: what you write stays here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kept ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unloaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{tokens} tokens of context</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Or wait three minutes and go on as before.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loaded smaller it may hold.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loaded smaller it may hold: {changes}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Just try it: a {size} demo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All models…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set up a model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Skip for now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} would be better, with {missing} more free on this disk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A model is on its way</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no model to answer on this disk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What you ask for now begins when it is back. A GGUF file on this disk or on a stick works without.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model of the catalog fits this computer as it is now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close other programs and look again: what is free now counts. The small demo runs anyway.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A small demo can answer already. A real model answers better:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking at this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is on this disk already, from {program}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Proposed for this computer: {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Processor, memory and GPU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models that other programs have</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What fits, and how fast it will be</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer has no network connection now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Get {name} · {size} · about {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the {label} ({size})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Talk in about {time} with {bridge}; {name} ({size}) follows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Talk in about {time} with {bridge}; {name} ({size}) follows with {engine}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With it comes {engine}, so that it can use the GPU.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The minutes are for {rate}, as measured here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The minutes assume {rate} and are corrected while it downloads.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} needs {size}; {free} are free on this disk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free {size} more, so that 1 GB stays free, and look again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>of {size} free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Disk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use {name} from {program} — nothing to download</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>used where it is, {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{speed} measured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Runs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>leaves {memory} free where it is tightest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>leaves {memory} free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>one answer {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} follows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You can talk as soon as {title} is here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You can talk in about {time}, with {title}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This keyboard does not have these keys.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another program has these keys.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Catalog of models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter opens the details, with the download and the sum of memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading every byte…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the file stays</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check tool calls</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>100 small tasks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure speed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verify every byte</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} was forgotten. Its file stays.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} was deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is what it should be, byte for byte.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is in your catalog.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download of {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel the download of {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel, and throw away {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model is on this computer yet. Choose one from the catalog: the recommended one stands first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use in chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use {name} in chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop the work on {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers in chats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the catalog</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking at the disk…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adopt all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Found on this disk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for models of LM Studio, Ollama and the Hugging Face cache…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They are used where they lie: nothing is copied, and their files are never changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>LM Studio, Ollama and the Hugging Face cache hold no model that is not listed above.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adopt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adopt {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same model as GGUF: {model}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download GGUF</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download {model} as GGUF</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep {name} ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Release</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Release {model}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model is in memory; the next question loads one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Could not be loaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answering {count} at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answering</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>kept ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>loaded by another Workbench</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{memory} of memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its answer breaks off; what it has said stays.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another Workbench has loaded it; it ends there too. The next question loads it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is loaded again when you ask it something.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{memory} of memory are free again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its memory is free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{model} was released: {freed}. The next question loads it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {memory} of memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loads it at login and keeps it: {takes}, also while nobody asks. The first answer comes at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeps {takes}, also while nobody asks. Released by hand, it comes back at the next start.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It was released, or could not be loaded; it comes back at the next start and takes {takes}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unknown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Processor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{devices}: {there} of {all} layers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{layers}, experts of {count} on the processor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No GPU found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GPU not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>models run on the processor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install the {label} · {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Needs {needs}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Computing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Context · {count} tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The experts of 1 layer stay in the computer&apos;s memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The experts of {count} layers stay in the computer&apos;s memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sum as a bar; the table below says the same</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the sum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Working it out…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Together</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{needed} needed, {free} free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left where it is tightest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left for you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Up to {count} tokens of context fit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It would write {speed}, as measured here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It would write {speed}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Context of {tokens} tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On this computer · {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Catalog · {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{words}: show the sum for {of}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop measuring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed by depth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of measuring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measure the speed of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Earlier runs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not measured on this computer yet. It takes a few minutes; close what works hard beside it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for earlier runs…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measuring: loading…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tokens a second written, by what is in the context. Bars: most rounds. Band: predicted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measuring at {count} tokens: round {round} of {rounds}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>at {count} tokens {rate} tokens a second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>(predicted {low} to {high})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>after {seconds} s; loaded in {loaded} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First word</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{rate} tokens/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{rate} at {depth}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download anyway</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking tool calls: loading…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, {time} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking tool calls: {done} of {wanted}{left}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{kind}: {share} ({low} to {high} likely)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, {tokens} tokens written</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It took {time}{tokens}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What it takes in memory is known after a look at the file&apos;s header: a few small requests to the model hub.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at the file of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Width of the panel: left and right arrow keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deleted “{name}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” is back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export into this folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exporting “{name}”…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exported to {folder}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left out: {names}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{server} is not marked as yours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pin a prompt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}” is read now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thesis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Create</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New project…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Out of the project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move to a project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chat is there already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move {chat} to “{name}”?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move {chat} out of its project?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Moved to “{name}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Moved out of its project.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Projects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All {count} projects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All projects</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take {name} out of the project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chats of the project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show more ({left})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No model has answered yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no projects yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This year</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Found in chats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter goes to the message.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in an attachment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in its reasoning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That message is not in view: an answer is being written on another branch of this chat.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was found in any chat.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was found with these filters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only what one model answered, and what it was asked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only since a day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only chats of one project</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attachment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only messages with an attachment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reasoning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search what models thought, too</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} older messages are still being read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter by {what}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence texts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show licences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide licences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Programs on this computer that know the token can use your models, as they use OpenAI.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No program has asked yet. Give one the address and the token.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Local API</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models of other machines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace the token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Port</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Web pages that may ask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another port below.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide the token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Programs with the old token are refused from now on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answer other programs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On this computer only; nothing is open to the network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exactly as a browser names them, with spaces between.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Programs may use the machines that you added, too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recent requests</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Embeddings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>List of models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Health</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>wrong token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>wrong name of this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a web page that is not listed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>too long for the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no such model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no such path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the engine failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>took too long</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>too large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unknown path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Client left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refused, {status}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed, {status}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unnamed program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} times</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A second engine, in Python. It is used when you choose it above, or when only it can use the GPU.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version {version}, runs on: {devices}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where there is no ready build it is compiled for {device}: about {minutes} minutes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the processor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For that this computer lacks something.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Better with {need}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Installing {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install: {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} was removed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fewer settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why these settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide the reasons</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>your choice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loads the model at login and keeps it in memory: the first answer comes at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unload when idle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gives the memory back when nobody has asked for so long.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{value} tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>2,048 tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>4,096 tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>8,192 tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>16,384 tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>32,768 tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>65,536 tokens</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest answer with low effort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With its thoughts. One that gets there stops and is kept, and Continue goes on with it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest answer with medium effort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Also where a model has no choice of effort.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest answer with high effort</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Also where a model is told to think.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Longest time of an answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From its first word on. Then it stops and is kept, and Continue goes on with it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>5 minutes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>15 minutes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>30 minutes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>2 hours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{value} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>chat.max_tokens in config.toml is {count}: every answer stops there, at any effort.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>4 hours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Several stay loaded as long as they fit into memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As many as fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layers on the GPU</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The rest is computed by the processor. A number of your own switches the engine&apos;s own fit off.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Experts on the processor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of how many layers. Makes room on the GPU for models with many experts.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As few as fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cache</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the model remembers of a chat. Compressed it takes half or a quarter of the memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exact (f16)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Half (q8_0)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A quarter (q4_0)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flash attention</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saves memory and time on a GPU; on a processor answers get slower.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tokens of a prompt computed at once. More reads faster on a GPU, and stops later.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each has a context of its own and needs the memory for it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Threads</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More than the processor has cores makes it slower.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One a core</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Map the model&apos;s file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Off copies the file into memory: slower to start, and safe where the file lies on a slow disk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Memory for chats read before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Going back to one of them is then quick.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Disk for chats read before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A long chat answers at once after a restart.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How the engine is started</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How {model} is started</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your chats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open feedback and test cases</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What you said of answers, and the test cases that you made of them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Backups</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One a day, by itself; kept for 7 days and 4 weeks.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Backing up…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go back to this backup?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At the next start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The backup is made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore the backup of {when}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do not restore</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close Workbench and start it again: it then has the chats of {when}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restored at the next start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This cannot be undone. Attached files that no other chat names go too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Backups that were made before still hold it until they go themselves.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove {chats} for good?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{chats} removed for good.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export all…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take them with you</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All chats, in an open format.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From ChatGPT, Claude, Open WebUI, LM Studio or another Workbench: a zip or a JSON file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bring chats in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Format of the export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing your chats…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left out: {what}: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>… and {count} more: `workbench chats import FILE --json` lists all.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Workbench chats {date}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export all chats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import chats</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exports</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{chats} read: {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{chats} written to {path}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped. The chats that were read are here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only what is on the PATH</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use no binary of my own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Automatic takes the fastest that works on this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More of them share the connection.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of all downloads together.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a llama-server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A llama-server of your own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{rate} MB/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{engine} (not here)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The one that comes along</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finds passages of your folders that say the same in other words. An embedding model on this disk can do it instead; it reads all folders again in the background, and until then the old one answers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search by meaning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reranker</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reads the 30 best passages of a search beside the question, and puts them in order. More exact, and up to three seconds slower.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Get {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With serifs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>System</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Theme: system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Theme: light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Theme: dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Font</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Column width</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Context size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The most useful one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title} is being fetched: Models shows how far it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Web search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At hand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other machines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Storage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>System follows the setting of your desktop.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scales all text of the window.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of all text but code and formulas.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How wide the conversation may be.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answers new messages in every chat.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Larger remembers more and needs more memory.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Instructions for the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the model is told before every chat. For example: Answer in two sentences.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chats, models and settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Narrow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Normal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wide</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As wide as the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As large as fits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This machine is mine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Private documents may go there too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add another machine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As its address says</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only where the server wants one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let it answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking {destination} which models it has…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let another machine answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Any server that speaks OpenAI&apos;s HTTP: llama-server, vLLM, Ollama, LM Studio. Nothing is sent yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No other machine answers. One that you add is asked only when you choose one of its models.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No other program on this computer serves models now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a machine…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look on this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking {destination}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{server} can answer: {models}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is mine: private documents may go there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Private documents may go there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask {name} again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} on this computer ({destination})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wants a key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add {name} at {destination}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>with a key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not encrypted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A loaded model of this computer names a new chat after its first answer. A title of your own always stays.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Titles by the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nobody</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SearXNG of your own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A model that can use tools may then search the web and read pages. The first search of a chat is shown to you before it leaves, and every one stands in the chat.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where your SearXNG answers. It needs json below search: formats in its settings.yml.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Goes to the keychain of this system, and to {host} alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your key ends in {ending}. It is in the keychain of this system, and goes to {host} alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your key is in the keychain of this system, and goes to {host} alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shows exactly what is sent before it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>tide times in Brest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who is asked when a model searches the web</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address of your SearXNG</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Get a key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A search to try</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show what is sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key is deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{header}: your key, ending in {ending}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the web with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It answers, and found nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It answers with one result:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It answers with {count} results:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save code to a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open code in the panel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show more lines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Code, {language}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not saved: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show {shown} of {count} more lines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>… {count} more characters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Workbench cannot start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Written with the prompt {title}, version {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your question waits as you left it. Nothing has left this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to what you were sending</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>⟨{count} characters of a picture⟩</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It may call tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tools that are offered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What it may ask for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A call is made here, as your tools&apos; own rules say. What it gave does not leave by that: it is shown to you, as another request.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What you think of answers, and the test cases that you made of them. All of it stays on this computer. It tells which model does well at your work.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What did you think of the answers?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The thumbs below each answer say whether it was good; “Save as test case”, behind the three dots there, keeps a question with a check. When you pick one of several answers, that is kept here too. All of it stays on this computer, and tells which model does well at your work.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Good answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not good answers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With a reason</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With the answer you wanted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A preference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A test case</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The verdict is removed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The preference is removed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The test case is removed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You went on below this answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You went on below this wording</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You picked this answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change the verdict</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change the check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Instead of: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You wanted: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check: {words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its message was deleted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{shown} of {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 answer rated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} answers rated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 preference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} preferences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 test case</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} test cases</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer from then: undecided. {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer from then passes. {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The answer from then does not pass. {why}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
