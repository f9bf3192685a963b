#!/bin/sh
# Runs a command at once, and again whenever a source was changed, added or removed: watch.sh COMMAND... Ctrl-C ends it.
set -u

seen=""
while :; do
    now=$(find src spec types tools -type f -printf '%p %T@\n' 2>/dev/null)
    if [ "$now" != "$seen" ]; then
        seen=$now
        "$@"
        echo "waiting for a change …"
    fi
    sleep 0.3
done
