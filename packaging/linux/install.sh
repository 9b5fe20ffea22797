#!/bin/sh
# Puts Workbench into the menu of this user. It stays in the folder where it was unpacked; run this again after moving it.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
data=${XDG_DATA_HOME:-"$HOME/.local/share"}
id=local-workbench

mkdir -p "$data/applications" "$data/icons/hicolor/256x256/apps" "$data/metainfo"
sed "s|^Exec=.*|Exec=\"$here/Workbench\"|" "$here/share/$id.desktop" >"$data/applications/$id.desktop"
cp "$here/share/$id.metainfo.xml" "$data/metainfo/"
cp "$here/_internal/assets/icons/workbench-256.png" "$data/icons/hicolor/256x256/apps/$id.png"
echo "Workbench is in the menu now. To take it out: rm $data/applications/$id.desktop"
