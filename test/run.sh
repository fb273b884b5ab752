#!/usr/bin/env bash
# Builds docksill (debug, sanitizers, warnings as errors) and runs the suites.
#
#     test/run.sh                 all but the long ones
#     test/run.sh SUITE...        these: tidy unit valgrind rules property corpus cli paths diff fuzz engine clients examples
#                                 soak bench faults threads creates monitoring browser packages fleet engine-trixie engine-newest
#                                 fresh
#     test/run.sh full            all, the long ones too
#
# On a bare Debian 12 machine, as root, it installs what it needs. A line per suite, the details of what failed, and last
# "N passed, N failed" alone on a line. What the suites said is kept in build-logs/.

set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=machine.sh
source test/machine.sh

busy=(tidy unit valgrind rules property corpus cli paths diff fuzz)
waiting=(engine clients) # mostly for a dockerd: they run beside the busy ones
usual=("${busy[@]}" "${waiting[@]}" examples soak)
long=(bench faults threads creates monitoring browser packages fleet engine-trixie engine-newest fresh)
logs=build-logs
children=()
patience=600 # seconds that one command of a suite may take
skipped=77 # the exit code of a suite that can't be run here; it has not passed

# Sanitizers' findings end the program; none is only printed.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1:strict_string_checks=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-halt_on_error=1:print_stacktrace=1}

# --- the builds -------------------------------------------------------------------------------------------------------

# -O1: _FORTIFY_SOURCE wants some optimisation.
build_test() {
        machine_compile build-test 'all meson-test-prereq' --buildtype=debug -Doptimization=1 -Dwerror=true \
                -Db_sanitize=address,undefined -Db_lundef=false
}

build_release() {
        machine_compile_release
}

build_valgrind() {
        machine_compile build-valgrind meson-test-prereq --buildtype=debug -Doptimization=1
}

# Not as errors: with this sanitizer gcc 12 warns of things that are not there.
build_threads() {
        machine_compile build-threads 'docksill meson-test-prereq test/race' --buildtype=debug -Doptimization=1 -Db_sanitize=thread -Db_lundef=false
}

# --- the suites: each prints a line per check that failed, and last "N passed, N failed" ------------------------------

# several COMMAND…: runs commands that print such a line each; adds up. One that hangs is told to end, with all that it started, and
# has failed.
several() {
        local command said passed=0 failed=0 counts code running=''
        said=$(mktemp)
        # timeout has a process group of its own, and hands the signal on.
        trap '[ -z "$running" ] || { kill "$running"; wait "$running"; }; rm -f "$said"; exit 143' INT TERM

        for command in "$@"; do
                printf -- '-- %s\n' "$command"
                # shellcheck disable=SC2086 # words, some of them options
                timeout --kill-after=60 "$patience" $command >"$said" 2>&1 </dev/null &
                running=$!
                wait "$running"
                code=$?
                running=''
                cat "$said"
                counts=$(counts_of "$(cat "$said")")
                if [ "$code" -eq 124 ] || [ "$code" -eq 137 ]; then
                        printf '   NOT OK  %s: it had not ended after %d seconds\n' "$command" "$patience"
                        counts="${counts:-0 0}"
                        counts="${counts% *} $((${counts#* } + 1))"
                elif [ -z "$counts" ]; then
                        printf '   NOT OK  %s: no "N passed, N failed"\n' "$command"
                        counts='0 1'
                fi
                passed=$((passed + ${counts% *}))
                failed=$((failed + ${counts#* }))
        done
        rm -f "$said"
        printf '%d passed, %d failed\n' "$passed" "$failed"
}

# counts_of TEXT: "N N" from the closing line, or nothing.
counts_of() {
        sed -n 's/^\([0-9]\+\) passed, \([0-9]\+\) failed\(, .*\)\?$/\1 \2/p' <<<"$1" | tail -n 1
}

suite_tidy() {
        several test/tidy/{include-order,circles,format,words,requires,rule-width,citations,cleanups}.sh
}

# cmocka OPTIONS…: runs the programs that meson knows and counts cmocka's tests. A program that ends without counting (a
# sanitizer's finding, a crash) is one failure.
cmocka() {
        rm -f build-test/meson-logs/testlog.json
        meson test -C build-test --no-rebuild --print-errorlogs --quiet "$@"
        jq -rs 'map(((.stdout // "") + (.stderr // "")) as $said
                        | ([$said | scan("\\[  PASSED  \\] ([0-9]+) test") | .[0] | tonumber] | add // 0) as $passed
                        | ([$said | scan("\\[  FAILED  \\] ([0-9]+) test") | .[0] | tonumber] | add // 0) as $failed
                        | {passed: $passed, failed: (if .result == "OK" then 0 else ([$failed, 1] | max) end)})
                | "\(map(.passed) | add // 0) passed, \(map(.failed) | add // 0) failed"' build-test/meson-logs/testlog.json
}

suite_unit() {
        cmocka --no-suite property
}

# What holds for all requests, tried on thousands: the shipped rules, the score, the flags that are offered.
suite_property() {
        cmocka --suite property
}

# The same programs without sanitizers, but for those that take minutes, which wait for full; counts programs.
suite_valgrind() {
        local less=(--no-suite property)

        $full || less+=(--no-suite long)
        rm -f build-valgrind/meson-logs/testlog*
        # Threads take turns: one that asks without end would else keep the one that it waits for from running.
        meson test -C build-valgrind --no-rebuild --print-errorlogs --quiet --timeout-multiplier 10 "${less[@]}" \
                --wrapper 'valgrind --quiet --fair-sched=try --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect'
        # Skipped are those that need a system call which valgrind does not know; unit has run them.
        jq -rs '"\(map(select(.result == "OK")) | length) passed, \(map(select(.result != "OK" and .result != "SKIP")) | length) failed"' \
                build-valgrind/meson-logs/testlog*.json
}

# The shipped rules: they load, and the tests in them hold.
suite_rules() {
        local said code passed=0 failed=0 counts

        if timeout 60 build-test/docksill check rules; then
                passed=1
        else
                echo '   NOT OK  docksill check rules'
                failed=1
        fi
        said=$(timeout 120 build-test/docksill test rules --coverage --fail-under 98 2>&1)
        code=$?
        printf '%s\n' "$said"
        counts=$(counts_of "$said")
        counts=${counts:-0 0}
        passed=$((passed + ${counts% *}))
        failed=$((failed + ${counts#* }))
        if [ "$counts" = '0 0' ] || { [ "$code" -ne 0 ] && [ "${counts#* }" -eq 0 ]; }; then
                printf '   NOT OK  docksill test rules: exit code %d\n' "$code"
                failed=$((failed + 1))
        fi
        printf '%d passed, %d failed\n' "$passed" "$failed"
}

suite_corpus() {
        local follow=test/corpus/follow

        export DOCKSILL=$PWD/build-test/docksill
        ! $full || follow+=' --all'
        several 'test/corpus/run test/corpus/public.jsonl test/corpus/recorded.jsonl test/corpus/recorded-responses.jsonl' \
                'test/corpus/run --environment production --column test/corpus/doors.txt test/corpus/doors.jsonl' \
                'test/corpus/run --environment workspace --column test/corpus/doors-workspace.txt --open test/corpus/open-workspace.txt test/corpus/doors.jsonl' \
                'test/corpus/run --environment development --refused test/corpus/refused.txt test/corpus/recorded.jsonl' \
                test/corpus/clients test/corpus/growth test/corpus/cases "$follow" test/engine/changes
}

suite_cli() {
        DOCKSILL=$PWD/build-test/docksill several test/cli/run.sh
}

# Every place of a request that an engine reads is declared, as what it is.
suite_paths() {
        ninja -C build-test test/paths-probe >/dev/null || return
        several test/paths/run.sh
}

# Against dockerd's own decoder: a fixed seed, so that a run can be repeated; when there is time, two that nobody chose too.
suite_diff() {
        local runs=('test/diff/run.sh 1 200000')

        ninja -C build-test test/diff-read >/dev/null || return
        ! $full || patience=3600
        ! $full || runs+=("test/diff/run.sh $RANDOM 600000" "test/diff/run.sh $RANDOM 600000")
        several "${runs[@]}"
}

# Seconds for each of the targets; .ci/run asks for more.
suite_fuzz() {
        ! $full || patience=14400 # minutes for each of the targets
        several "test/fuzz/run.sh fuzz ${FUZZ_SECONDS:-$($full && echo 300 || echo 8)}" \
                "test/fuzz/run.sh cost ${FUZZ_SECONDS:-$($full && echo 900 || echo 8)}"
}

# What the real daemon shows of what it made.
suite_creates() {
        ninja -C build-test test/diff-read >/dev/null || return
        DOCKSILL=$PWD/build/docksill several "test/diff/engine.sh $RANDOM"
}

scenarios=(test/engine/{first-day,refused,refusal,allowed,audit,diff,steps,host-audit,body,forms,paths,lookups,doors,baseline,sighup,reload,kill,fullstop,crashloop}.sh
        test/audit/bench.sh)
# When there is time.
long_scenarios=(test/engine/{suggest,try,workspace,enable,managed}.sh test/audit/postures.sh)

suite_engine() {
        local run=("${scenarios[@]}")

        ! $full || run+=("${long_scenarios[@]}")
        ! $full || export KILLS=40
        DOCKSILL=$PWD/build/docksill several "${run[@]}"
}

# Real clients play a working day. Those that can't be had are skipped one by one.
suite_clients() {
        DOCKSILL=$PWD/build/docksill several "test/clients/run.sh $PWD/build-clients" test/clients/explain.sh
}

# engine_of SUITE FOLDER: the same, what inspect shows, the decoder and the paths, with the engine of another release of Debian.
engine_of() {
        local root=$PWD/$2

        if ! test/engine/debian.sh "$1" "$root"; then
                echo "a folder with Debian $1 can't be made here; see $logs/engine-${2#build-}.log"
                return "$skipped"
        fi
        test/engine/inside.sh "$root" dockerd --version
        ninja -C build-test test/diff-read test/paths-probe >/dev/null || return
        ENGINE_ROOT=$root DOCKSILL=$PWD/build/docksill several "${scenarios[@]}" "${long_scenarios[@]}" "test/diff/engine.sh $RANDOM" \
                'test/diff/run.sh 1' test/paths/run.sh "test/clients/run.sh $PWD/build-clients"
}

# A newer engine: 26.1.5.
suite_engine-trixie() {
        engine_of trixie build-trixie
}

# The newest that Debian has: 28.5.2.
suite_engine-newest() {
        engine_of forky build-newest
}

# A machine that nobody has used: both of README's commands, and its section Install.
suite_fresh() {
        if ! git rev-parse --verify -q HEAD >/dev/null; then
                echo 'this tree is no clone, and what is to be tried is one'
                return "$skipped"
        fi
        patience=4500
        several test/fresh/run.sh
}

# The package for Debian: built, looked at, and installed and removed on a copy of this machine; the one for Fedora, built.
suite_packages() {
        patience=1800
        several test/packages/built.sh test/packages/installed.sh test/packages/systemd.sh test/packages/rpm.sh
}

# The package again, on two hosts, by Ansible.
suite_fleet() {
        local deb=''

        ! has packages || deb=$(echo build-deb/docksill_*.deb)
        patience=1800
        several "test/fleet/run.sh $deb"
}

suite_examples() {
        several test/examples.sh
}

# examples/monitoring with a real Prometheus.
suite_monitoring() {
        DOCKSILL=$PWD/build/docksill timeout --kill-after=60 "$patience" test/monitoring.sh
}

# Reports in HTML, in Chromium.
suite_browser() {
        if ! command -v chromium >/dev/null; then
                echo 'chromium is not here and can not be installed'
                return "$skipped"
        fi
        several 'test/browser/check.py build-test/docksill build-test/test/cli-report-formats'
}

# A moment of it; when there is time, twenty minutes.
suite_soak() {
        patience=1800
        several "test/bench/soak --seconds ${SOAK_SECONDS:-$($full && echo 1200 || echo 15)}"
}

# Each fault of the table, floods and reloads at length; the usual ones are scenarios of cli.
suite_faults() {
        export DOCKSILL=$PWD/build/docksill

        patience=1800
        several test/faults/run.py test/faults/reload.py 'test/faults/flood.py --seconds 60' 'test/faults/flood.py --seconds 60 --flood refused' \
                'test/faults/flood.py --seconds 60 --slow 300000' 'env SHIP_LONG=yes test/cli/log-shipping.sh'
}

# What two threads do to one place at a time.
suite_threads() {
        several 'test/threads/run.sh build-threads'
}

# Prints the table; its numbers are judged by people.
suite_bench() {
        if test/bench/run; then
                echo '1 passed, 0 failed'
        else
                echo '0 passed, 1 failed'
        fi
}

# --- running them -----------------------------------------------------------------------------------------------------

# What runs in the background is a process group of its own, so that all of it can be told to end and clear up: it may have a
# dockerd and mounts.
set -m

stop() {
        local tries=300 child

        trap '' INT TERM
        for child in "${children[@]}"; do
                kill -s TERM -- "-$child" 2>/dev/null
        done
        for child in "${children[@]}"; do
                while kill -0 -- "-$child" 2>/dev/null && ((tries-- > 0)); do
                        sleep 0.1
                done
        done
        exit "$1"
}
trap 'stop 130' INT
trap 'stop 143' TERM

seconds() {
        local now=${EPOCHREALTIME/[.,]/}

        printf '%d.%d' $(((now - $1) / 1000000)) $(((now - $1) / 100000 % 10))
}

build() {
        local name=$1 since=${EPOCHREALTIME/[.,]/}

        "$name" >"$logs/$name.log" 2>&1 </dev/null &
        children=("$!")
        if wait "$!"; then
                printf '%-16s done %19s s\n' "${name/_/ }" "$(seconds "$since")"
                return
        fi
        printf '%-16s FAILED\n' "${name/_/ }"
        cat "$logs/$name.log"
        printf '\n0 passed, 1 failed\n'
        exit 1
}

# run_suite NAME: prints what became of it, at once, and leaves "PASSED FAILED SKIPPED" in its file of counts.
run_suite() {
        local name=$1 since=${EPOCHREALTIME/[.,]/} counts code skips not_run=0 said

        ("suite_$name") >"$logs/$name.log" 2>&1 </dev/null # in a shell of its own: it may set what only it wants
        code=$?
        if [ "$code" -eq "$skipped" ]; then
                printf '%-16s SKIPPED, NOT PASSED: %s\n' "$name" "$(tail -n 1 "$logs/$name.log")"
                echo '0 0 1' >"$logs/$name.counts"
                return
        fi
        counts=$(counts_of "$(cat "$logs/$name.log")")
        counts=${counts:-0 1}
        # No check at all is not success, nor is an error after the count.
        [ "$counts" != '0 0' ] || counts='0 1'
        [ "$code" -eq 0 ] || [ "${counts#* }" -gt 0 ] || counts="${counts% *} 1"
        printf -v said '%-16s %5d passed %3d failed %7s s' "$name" "${counts% *}" "${counts#* }" "$(seconds "$since")"
        skips=$(grep '^ *SKIPPED, NOT PASSED: ' "$logs/$name.log")
        if [ -n "$skips" ]; then
                said+=$'\n'$skips
                not_run=$(wc -l <<<"$skips")
        fi
        if [ "${counts#* }" -gt 0 ]; then
                said+=$'\n'$(grep -vE '^ *ok |^[0-9]+ passed, ' "$logs/$name.log" | tail -n 200 | sed 's/^/    /')
        elif [ "$name" = bench ]; then
                said+=$'\n'$(sed 's/^/    /' "$logs/$name.log")
        fi
        printf '%s\n' "$said"
        echo "$counts $not_run" >"$logs/$name.counts"
}

# in_turn SUITE…: one after the other. In the background there is no job control: all that it starts is in its process group.
in_turn() {
        local name

        for name in "$@"; do
                run_suite "$name"
        done
}

# asked SUITE…: those of them that were asked for, on one line.
asked() {
        local name

        for name in "$@"; do
                ! has "$name" || printf '%s ' "$name"
        done
}

# run_suites: the busy and the waiting at the same time; then the others, which have the machine to themselves.
run_suites() {
        # shellcheck disable=SC2046 # names of suites
        in_turn $(asked "${busy[@]}") &
        children=("$!")
        # shellcheck disable=SC2046
        in_turn $(asked "${waiting[@]}") &
        children+=("$!")
        wait
        # shellcheck disable=SC2046
        in_turn $(asked examples soak "${long[@]}") &
        children=("$!")
        wait
}

# has SUITE…: true if one of these was asked for.
has() {
        local name

        for name in "$@"; do
                [[ " ${suites[*]} " != *" $name "* ]] || return 0
        done
        return 1
}

suites=("$@")
full=false
[ $# -gt 0 ] || suites=("${usual[@]}")
if [ "${suites[*]}" = full ]; then
        suites=("${usual[@]}" "${long[@]}")
        full=true
fi
for suite in "${suites[@]}"; do
        if [[ " ${usual[*]} ${long[*]} " != *" $suite "* ]]; then
                printf 'no suite "%s"; there are: %s %s, and full\n' "$suite" "${usual[*]}" "${long[*]}" >&2
                exit 2
        fi
done

packages=("${machine_build[@]}" "${machine_engine[@]}" "${machine_test[@]}")
! has soak bench || packages+=("${machine_bench[@]}")
! has paths diff creates || packages+=("${machine_diff[@]}")
! has packages fleet || packages+=("${machine_packages[@]}")
! has fleet || packages+=("${machine_fleet[@]}")
! has fuzz || packages+=("${machine_fuzz[@]}")
machine_install "${packages[@]}" || exit 1
! has engine-trixie engine-newest fresh || machine_install "${machine_debian[@]}" # without it these suites are skipped
! has browser || machine_install "${machine_browser[@]}" # without it the suite is skipped
if has clients engine-trixie engine-newest; then
        for item in "${machine_clients[@]}"; do
                machine_install "$item" # without it that client is skipped
        done
fi
if has engine clients examples creates packages fleet engine-trixie engine-newest fresh && [ "$(id -u)" -ne 0 ]; then
        echo 'the suites engine…, clients, examples, creates, packages, fleet and fresh start a dockerd of their own: run this as root, or name other suites' >&2
        exit 1
fi

mkdir -p "$logs"
! has unit rules property corpus cli paths diff creates browser engine-trixie engine-newest || build build_test
! has engine clients examples soak bench faults creates monitoring engine-trixie engine-newest || build build_release
! has valgrind || build build_valgrind
! has threads || build build_threads
rm -f "$logs"/*.counts
run_suites
read -r passed failed skips < <(cat /dev/null "$logs"/*.counts | awk '{p += $1; f += $2; s += $3} END {print p + 0, f + 0, s + 0}')
# A suite that left no count was cut short.
failed=$((failed + $(asked "${usual[@]}" "${long[@]}" | wc -w) - $(find "$logs" -name '*.counts' | wc -l)))
[ "$skips" -eq 0 ] || printf '\n%d skipped\n' "$skips"
printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
