#!/usr/bin/env bash
# Everything that CI runs: lint, the tests of the tools (Node), and the specs on each Lua (busted). Prints each part's
# own report, at the end what failed once more, and as its last line `N passed, N failed`; exits with 1 when anything
# failed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

# libcurl obeys them: the specs say themselves what goes through a proxy.
unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY

readonly LUAS=(5.1 jit 5.3 5.4)
# As many as CI has cores.
readonly LUAS_AT_A_TIME=2
# Seconds. What takes longer hangs.
readonly LONGEST_RUN=900
readonly REPORTS=build/reports
# What failed, told again at the end: of a long output, CI keeps the end only.
readonly FAILURES=$REPORTS/failures.txt
# Lines told again of one part of the tests.
readonly LONGEST_REMINDER=40

passed=0
failed=0
skipped=0

title() { printf '\n== %s\n' "$1"; }

# complain REASON: something failed that no test counts.
complain() {
    failed=$((failed + 1))
    echo "FAILED  $1" | tee -a $FAILURES
}

# remind PART: keeps what standard input says of this part's failures for the end.
remind() {
    {
        printf '\n%s:\n' "$1"
        head -n $LONGEST_REMINDER | cut -c 1-300
    } >>$FAILURES
}

finish() {
    local skips=""
    [ $skipped = 0 ] || skips=", $skipped skipped"
    if [ -s $FAILURES ]; then
        title "what failed"
        cat $FAILURES
    fi
    printf '\n%d passed, %d failed%s\n' $passed $failed "$skips"
    [ $failed = 0 ]
    exit
}

# Something compiled whose source is gone would still be run.
remove_stale_output() {
    local compiled source
    find build/src build/spec build/tools build/bench -name '*.lua' -o -name '*.js' 2>/dev/null | while IFS= read -r compiled; do
        source=${compiled#build/}
        test -e "${source%.*}.ts" || rm "$compiled"
    done
}

run_lint() {
    title "lint"
    local report=$REPORTS/lint.txt
    tools/lint.sh >$report 2>&1
    local status=$?
    cat $report
    passed=$((passed + $(grep -c '^ok ' $report)))
    failed=$((failed + $(grep -c '^FAILED ' $report)))
    if grep -q '^FAILED ' $report; then
        grep -v '^ok ' $report | remind "lint"
    elif [ $status != 0 ]; then
        complain "tools/lint.sh ended with status $status"
    fi
}

# tally REPORT NAMES: the sum of the counters with these names at the end of a report of node --test: `ℹ pass 9`.
tally() { awk -v names="^($2)\$" '$1 == "ℹ" && $2 ~ names { sum += $3 } END { print sum + 0 }' "$1"; }

test_tools() {
    title "tools (node --test)"
    local report=$REPORTS/tools.txt status failures
    find build -name '*.test.js' -print0 | sort -z |
        timeout --kill-after=10 $LONGEST_RUN xargs -0 node --test --test-reporter=spec >$report 2>&1
    status=$?
    cat $report
    failures=$(tally $report 'fail|cancelled')
    failed=$((failed + failures))
    passed=$((passed + $(tally $report pass)))
    skipped=$((skipped + $(tally $report skipped)))
    if [ "$failures" != 0 ]; then
        sed -n '/^✖ failing tests:/,$p' $report | remind "tools"
    elif [ $status != 0 ]; then
        complain "node --test ended with status $status"
    fi
}

# The program of one Lua: lua5.1, luajit.
interpreter_of() { if [ "$1" = jit ]; then echo luajit; else echo "lua$1"; fi; }

# Runs the specs on one Lua. Report and status go to files, so that several may run side by side.
run_specs() {
    local interpreter
    interpreter=$(command -v "$(interpreter_of "$1")")
    LUA_PATH='build/?.lua;;' LUA_CPATH="build/lua/$1/?.so;;" timeout --kill-after=10 $LONGEST_RUN \
        busted --lua="$interpreter" --output=plainTerminal build/spec >"$REPORTS/specs-$1.txt" 2>&1
    echo $? >"$REPORTS/specs-$1.status"
}

# Shows the report of one Lua, and counts it. Its summary reads `9 successes / 1 failure / 0 errors / 2 pending : …`.
count_specs() {
    title "specs on $(interpreter_of "$1") (busted)"
    local report=$REPORTS/specs-$1.txt summary status
    status=$(cat "$REPORTS/specs-$1.status")
    cat "$report"
    if [ "$status" = 124 ] || [ "$status" = 137 ]; then
        echo
        complain "the specs took longer than $LONGEST_RUN s; busted --output=TAP shows where"
        return
    fi
    summary=$(grep -E '^[0-9]+ success(es)? / [0-9]+ failures? / [0-9]+ errors? / [0-9]+ pending' "$report" | tail -n 1)
    if [ -z "$summary" ]; then
        complain "busted ended with status $status, before its summary"
        return
    fi
    local successes failures errors pending
    read -r successes _ _ failures _ _ errors _ _ pending _ <<<"$summary"
    passed=$((passed + successes))
    failed=$((failed + failures + errors))
    skipped=$((skipped + pending))
    if [ $((failures + errors)) != 0 ]; then
        sed -n "/^$successes success/,\$p" "$report" | remind "specs on $(interpreter_of "$1")"
    elif [ "$status" != 0 ]; then
        complain "busted ended with status $status"
    fi
}

test_specs() {
    local lua round present=()
    for lua in "${LUAS[@]}"; do
        if command -v "$(interpreter_of "$lua")" >/dev/null; then present+=("$lua"); else
            title "specs on $(interpreter_of "$lua") (busted)"
            complain "$(interpreter_of "$lua") is not there: run make setup"
        fi
    done
    for ((round = 0; round < ${#present[@]}; round += LUAS_AT_A_TIME)); do
        for lua in "${present[@]:round:LUAS_AT_A_TIME}"; do run_specs "$lua" & done
        wait
        for lua in "${present[@]:round:LUAS_AT_A_TIME}"; do count_specs "$lua"; done
    done
}

title "build"
remove_stale_output
rm -rf $REPORTS
mkdir -p $REPORTS
if ! make build tools spec; then
    complain "the build"
    finish
fi
run_lint
test_tools
test_specs
finish
