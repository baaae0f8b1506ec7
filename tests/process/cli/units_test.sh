#!/bin/sh
# SPDX-License-Identifier: MIT
# The shipped units: systemd accepts every word, and X20 holds: the hardening scores 2.0 or better.
set -eu
here=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -c 'import plistlib, sys; plistlib.load(open(sys.argv[1], "rb"))' "$here/local.mdock.plist"
command -v systemd-analyze >/dev/null || { echo "no systemd-analyze: skipped"; exit 77; }
mkdir "$work/user"
printf '#!/bin/sh\n' >"$work/mdock"
chmod 755 "$work/mdock"
# verify looks for the program: here it is not installed.
for unit in mdock.service mdock@.service mdock.socket mdock@.socket user/mdock.service; do
    sed "s#/usr/bin/mdock#$work/mdock#" "$here/$unit" >"$work/$unit"
done
complaints=$(systemd-analyze verify "$work/mdock.service" "$work/mdock@.service" "$work/mdock.socket" "$work/mdock@.socket" 2>&1 | grep -F "$work" || true)
[ -z "$complaints" ] || { echo "$complaints"; exit 1; }
complaints=$(systemd-analyze verify --user "$work/user/mdock.service" 2>&1 | grep -F "$work" || true)
[ -z "$complaints" ] || { echo "$complaints"; exit 1; }
for unit in mdock.service mdock@.service; do
    systemd-analyze security --offline=true --threshold=20 "$work/$unit" >"$work/score" 2>&1 || { tail -3 "$work/score"; exit 1; }
    tail -1 "$work/score"
done
