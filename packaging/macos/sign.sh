#!/usr/bin/env bash
# Signs Workbench.app inside out: every library by itself, then the program, then the bundle ("--deep" misses nested ones).
# usage: packaging/macos/sign.sh dist/Workbench.app [IDENTITY]      without an identity: ad hoc
set -euo pipefail

app=$1
identity=${2:--}
entitlements="$(dirname "$0")/entitlements.plist"
options=(--force --sign "$identity" --options runtime)
if [ "$identity" != "-" ]; then options+=(--timestamp); fi

find "$app/Contents" -type f \( -name '*.dylib' -o -name '*.so' \) -print0 |
    xargs -0 -n 1 codesign "${options[@]}"
# Frameworks of Qt: the library inside has no suffix.
find "$app/Contents" -type d -name '*.framework' -print0 | while IFS= read -r -d '' framework; do
    codesign "${options[@]}" "$framework"
done
codesign "${options[@]}" --entitlements "$entitlements" "$app/Contents/MacOS/Workbench"
codesign "${options[@]}" --entitlements "$entitlements" "$app"
codesign --verify --deep --strict --verbose=2 "$app"
