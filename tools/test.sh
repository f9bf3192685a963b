#!/usr/bin/env bash
# Everything that CI runs: lint, the tests of the tools (Node), and the specs on each Lua (busted). Prints each part's
# own report, at the end what failed once more, and as its last line `N passed, N failed`; exits with 1 when anything
# failed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

# libcurl obeys them: the tests say themselves what goes through a proxy.
unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY

readonly LUAS=(5.1 jit 5.3 5.4)
# Files of tests that Node runs at a time: more than CI has cores, as most of them wait for a process or a page.
readonly TOOLS_AT_A_TIME=3
# Seconds. What takes longer hangs.
readonly LONGEST_RUN=1500
readonly REPORTS=build/reports
# What failed, told again at the end: of a long output, CI keeps the end only.
readonly FAILURES=$REPORTS/failures.txt
# Lines told again of one part of the tests.
readonly LONGEST_REMINDER=40

passed=0
failed=0
skipped=0

title() { printf '\n== %s\n' "$1"; }

# A line before minutes without another.
announce() { printf '%s …\n' "$1"; }

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

# Checks the sources. Report and status go to files, so that the tests of the tools may run beside it.
run_lint() {
    tools/lint.sh >$REPORTS/lint.txt 2>&1
    echo $? >$REPORTS/lint.status
}

# Shows the report of the checks, and counts it.
count_lint() {
    title "lint"
    local report=$REPORTS/lint.txt status
    status=$(cat $REPORTS/lint.status)
    cat $report
    passed=$((passed + $(grep -c '^ok ' $report)))
    failed=$((failed + $(grep -c '^FAILED ' $report)))
    if grep -q '^FAILED ' $report; then
        grep -v '^ok ' $report | remind "lint"
    elif [ "$status" != 0 ]; then
        complain "tools/lint.sh ended with status $status"
    fi
}

# tally REPORT NAMES: the sum of the counters with these names at the end of a report of node --test: `ℹ pass 9`.
tally() { awk -v names="^($2)\$" '$1 == "ℹ" && $2 ~ names { sum += $3 } END { print sum + 0 }' "$1"; }

test_tools() {
    title "tools (node --test)"
    local report=$REPORTS/tools.txt status failures
    announce "running the tests of the tools, and checking the sources beside them"
    find build -name '*.test.js' -print0 | sort -z |
        timeout --kill-after=10 $LONGEST_RUN xargs -0 \
            node --test --test-concurrency=$TOOLS_AT_A_TIME --test-reporter=spec 2>&1 | tee $report
    status=${PIPESTATUS[2]}
    failures=$(tally $report 'fail|cancelled')
    failed=$((failed + failures))
    passed=$((passed + $(tally $report pass)))
    skipped=$((skipped + $(tally $report skipped)))
    if [ "$failures" != 0 ]; then
        sed -n '/^✖ failing tests:/,$p' $report | remind "tools"
    elif [ "$status" != 0 ]; then
        complain "node --test ended with status $status"
    fi
}

# Runs the specs on one Lua. Report and status go to files, so that several may run side by side.
run_specs() {
    timeout --kill-after=10 $LONGEST_RUN \
        tools/specs.sh "$1" --output=plainTerminal build/spec >"$REPORTS/specs-$1.txt" 2>&1
    echo $? >"$REPORTS/specs-$1.status"
}

# Shows the report of one Lua, and counts it. Its summary reads `9 successes / 1 failure / 0 errors / 2 pending : …`.
count_specs() {
    title "specs on Lua $1 (busted)"
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
        sed -n "/^$successes success/,\$p" "$report" | remind "specs on Lua $1"
    elif [ "$status" != 0 ]; then
        complain "busted ended with status $status"
    fi
}

# All at once: each waits for sockets and clocks for half of its time.
test_specs() {
    local lua
    printf '\n'
    announce "running the specs on Lua ${LUAS[*]}, side by side: this takes minutes"
    for lua in "${LUAS[@]}"; do run_specs "$lua" & done
    wait
    for lua in "${LUAS[@]}"; do count_specs "$lua"; done
}

title "build"
remove_stale_output
rm -rf $REPORTS
mkdir -p $REPORTS
if ! make build tools spec; then
    complain "the build"
    finish
fi
run_lint &
test_tools
wait
count_lint
test_specs
finish
