#!/usr/bin/env bash
# report: what records of decisions come to, in every format, with names that strangers chose, and with records that are damaged.
# shellcheck source=test/cli/scenario.bash
source "$(dirname "$0")/scenario.bash"
top=$(realpath "$rules/..")

# Records with their chain: old.jsonl of January, new.jsonl of February.
python3 - <<'PY'
import hashlib, json
previous, link = "0" * 64, 0
def write(name, lines):
    global previous, link
    with open(name, "wb") as file:
        for line in lines:
            link += 1
            text = json.dumps(dict(line, link=link, prev=previous), separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
            previous = hashlib.sha256(text).hexdigest()
            file.write(text)
def finding(rule, severity, points, **more):
    return dict(rule=rule, severity=severity, points=points, evidence=[dict(message=f"says {rule}", where="HostConfig.X")], **more)
def decision(time, user, verdict, answer, *findings, **more):
    return dict(schema="docksill.record/1", time=time + ".000000Z", environment="production", operation="container.create", user=user,
                verdict=verdict, answer=answer, findings=list(findings), **more)
def start(time, **more):
    return dict(schema="docksill.start/1", time=time + ".000000Z", event="start", **more)
privileged, memory = finding("privileged-container", "critical", 100), finding("memory-unlimited", "low", 3)
write("old.jsonl", [
    start("2026-01-30T09:00:00"),
    decision("2026-01-30T10:00:00", "alice", "deny", "deny", privileged, memory, image="web:1"),
    decision("2026-01-30T11:00:00", "bob", "deny", "allow", privileged, image="web:1"),
    decision("2026-01-31T10:00:00", "bob", "warn", "allow", memory, image="db:1"),
    decision("2026-01-31T23:59:59", "", "allow", "allow", finding("label-harmless", "none", 0)),
])
names = ["<script>alert(1)</script>", "a|b", "two\nlines", "\x1b[2J", "\u202efdp.exe", "=cmd()", "%s%n", "]]>", "x" * 250]
write("new.jsonl", [
    start("2026-02-01T09:00:00", follows=dict(seq=4, orderly=False), last_good=True),
    decision("2026-02-01T10:00:00", "alice", "deny", "deny", privileged, image="web:1"),
    decision("2026-02-01T11:00:00", "ops", "allow", "allow", dict(privileged, exempted_by="lift-it"), image="agent:1"),
    decision("2026-02-01T12:00:00", "ops", "warn", "allow", dict(memory, audit=True), name="named"),
    decision("2026-02-01T13:00:00", "ops", "deny", "deny", finding("of-long-ago", "high", 40)),
    dict(schema="docksill.loss/1", time="2026-02-02T00:00:00.000000Z", lost=3, refused=1),
] + [decision(f"2026-02-03T00:00:{i:02}", name, "deny", "deny", privileged, image=name) for i, name in enumerate(names)])
PY
printf '%s\n' 'docksill: v1' 'kind: configuration' "rules: $rules" 'exemptions: exemptions.yaml' 'records: {file: decisions.jsonl}' >site.yaml
cat >exemptions.yaml <<'YAML'
docksill: v1
kind: exemptions
exemptions:
  - {id: lift-it, rules: [memory-unlimited], match: {user: ops}, owner: ops, reason: it is needed, expires: 2099-12-31}
  - {id: never-used, rules: [memory-unlimited], match: {user: nobody}, owner: dev, reason: it was needed, expires: 2099-12-31}
YAML

# --- a page -----------------------------------------------------------------------------------------------------------

check 'January' exits 0 report --config site.yaml old.jsonl
check 'the headline' says out '4 decisions, 1 refused, most by'
check 'who was refused what' grep -Eq '^  alice +privileged-container +1 +0 +2026-01-30 10:00$' out
check 'and would have been' grep -Eq '^  bob +privileged-container +0 +1 +2026-01-30 11:00$' out
check 'a day' grep -Eq '^  2026-01-30 +2 +0 +1 +1  (█)+$' out
check 'a rule, its subjects, how often' grep -Eq '^critical +privileged-container  2 times, last 2026-01-30T11:00$' out
check 'which controls' grep -q 'controls: .*cis-docker 5' out
check 'what mode enforce would refuse is a gap' grep -Eq 'allowed; mode enforce would refuse +1  2026-01-30 11:00' out
check 'what is harmless is no finding' hides out label-harmless
check 'a chain that holds is no gap' hides out 'as they were written'
check 'an unused exemption' grep -Eq '^  never-used +unused +0 +- +2099-12-31 +dev$' out

check 'both, in any order' exits 0 report --config site.yaml new.jsonl old.jsonl
check 'the chain holds over both' hides out 'as they were written'
check 'an exemption that is used' grep -Eq '^  lift-it +used +1 +2026-02-01 11:00' out
check 'a rule that is gone' says out 'not among those of today'
check 'rules in mode audit' grep -Eq 'findings of rules in mode audit +1 ' out
check 'a crash' grep -Eq 'starts after a kill or a crash +1 ' out
check 'the last good rules' grep -Eq 'ran with the last good rules +1 ' out
check 'a day without' grep -Eq 'days without any decision +1  2026-02-02' out
check 'what was lost' says out '3 decisions: docksill could not write their records'
check '80 columns' python3 -c 'import sys; sys.exit(any(len(line) > 81 for line in open("out", encoding="utf-8")))'
check 'no control characters' bash -c '! LC_ALL=C grep -qP "[\x00-\x09\x0b-\x1f\x7f]" out'
mv out both
cat old.jsonl new.jsonl | "$DOCKSILL" report --config site.yaml - >out
check 'stdin' cmp <(grep -v '^records ' both) <(grep -v '^records ' out)

# --- when, and the exit status ----------------------------------------------------------------------------------------

check 'until a day' exits 0 report --config site.yaml --until 2026-01-30 old.jsonl new.jsonl
check 'counts to its end' says out '2 decisions, 1 refused'
check 'since a time' exits 0 report --config site.yaml --since 2026-02-01T12:00:00Z --until 2026-02-02 old.jsonl new.jsonl
check 'counts from then on' says out '2 decisions, 1 refused'
check 'the chain is that of all lines' hides out 'as they were written'
check 'a time that is none' exits 2 report --config site.yaml --since soon old.jsonl
check 'a gate' exits 1 report --config site.yaml --fail-on critical old.jsonl
check 'that nothing reaches' exits 0 report --config site.yaml --fail-on medium --since 2026-01-31 --until 2026-01-31 old.jsonl
check 'the format of a bench' exits 2 report --config site.yaml --format bench old.jsonl
check 'is of an audit' says err 'docksill audit'
check 'a file of one' exits 2 report --config site.yaml old.jsonl --output a.bench.txt
check 'a gate that is none' exits 2 report --config site.yaml --fail-on much old.jsonl

# --- formats ----------------------------------------------------------------------------------------------------------

mkdir kept
check 'several at once' exits 0 report --config site.yaml old.jsonl new.jsonl --output kept/a.json --output kept/a.csv --output kept/a.sarif \
        --output kept/a.xml --output kept/a.md --output kept/a.txt
check 'JSON, CSV, SARIF and JUnit are read back' "$top/test/schema/reports.py" kept
check 'Markdown has no markup of theirs' bash -c '! grep -q "<script>\|a|b" kept/a.md'
check 'no file holds control characters' bash -c '! LC_ALL=C grep -lP "[\x00-\x09\x0b-\x1f\x7f]" kept/*'
finds() {
        jq -e "$1" kept/a.json
}
check 'how often, first and last' finds '.findings[] | select(.rule == "privileged-container" and .subject == "web:1")
        | .count == 3 and .since == "2026-01-30T10:00:00.000000Z" and .last == "2026-02-01T10:00:00.000000Z" and .kind == "image"'
check 'no score' finds '.schema == "docksill.report/1" and .kind == "records" and .score == null'
check 'what is lifted is no fail' finds '[.findings[] | select(.subject == "agent:1").state] == ["exempt"]'
check 'what has no name is the caller' finds '.findings[] | select(.rule == "of-long-ago") | .kind == "caller" and .subject == "ops"'
check 'controls of a rule' finds '.checks[] | select(.id == "privileged-container").references["cis-docker"] | length > 0'
check 'days' finds '.tables[] | select(.id == "by-day").rows | length == 4'
check 'SARIF names a place among the records' jq -e '[.runs[0].results[].locations[0].physicalLocation.artifactLocation.uri] | all(startswith("records/"))' kept/a.sarif

# --- files that are not as they should be -----------------------------------------------------------------------------

check 'one that is not there' exits 4 report --config site.yaml nowhere.jsonl
check 'is named' says err 'nowhere.jsonl'
: >empty.jsonl
check 'an empty one' exits 0 report --config site.yaml empty.jsonl
check 'has no decision' says out '0 decisions, 0 refused'
printf 'no record\n[]\n{"schema":"other/1"}\n' >strange.jsonl
check 'one that holds no record' exits 4 report --config site.yaml strange.jsonl
check 'says so' says err 'no record could be read'
{ cat old.jsonl; printf 'no record\n{"schema":"docksill.record/1","time":"<b>"}\n{"schema":"docksill.record/1"}\n7\n{"schema":"docksill.rec'; } >torn.jsonl
check 'lines that are none' exits 0 report --config site.yaml torn.jsonl
check 'are counted' says out '5 lines: they are none of docksill'
check 'the others too' says out '4 decisions, 1 refused'
sed 's/alice/mallo/' old.jsonl >changed.jsonl
check 'a line that was changed' exits 0 report --config site.yaml changed.jsonl
check 'shows, and where to look' says out 'docksill log verify'

# --- those of the configuration ---------------------------------------------------------------------------------------

check 'none yet' exits 4 report --config site.yaml
gzip -c old.jsonl >decisions.jsonl-20260131.gz
cp new.jsonl decisions.jsonl
run report --config site.yaml
if says err 'can'"'"'t unpack'; then
        check 'this build reads no gzip' true
else
        check 'rotated and compressed' test "$code" -eq 0
        check 'are the same' cmp <(grep -v '^records ' both) <(grep -v '^records ' out)
        head -c 300 decisions.jsonl-20260131.gz >cut.gz
        run report --config site.yaml new.jsonl cut.gz
        check 'one that is cut off: what could be read' test "$code" -eq 0 -o "$code" -eq 4
fi

# --- as docksill writes them ------------------------------------------------------------------------------------------

mkdir real
records=$folder/real/decisions.jsonl
check 'a docksill that serves' serve_start --mode enforce
check 'refuses' has "$(call AuthZPlugin.AuthZReq "$(create "$privileged")")" '"Allow":false'
check 'lets in' has "$(call AuthZPlugin.AuthZReq "$(create "$hardened")")" '"Allow":true'
serve_stop
check 'its records' exits 0 report --config site.yaml "$records" --format json
check 'are told whole' jq -e '(.headline | startswith("2 decisions, 1 refused")) and ([.gaps[], (.tables[] | select(.id == "enforcement").rows[]
        | select(.[0] | startswith("starts of") | not))] | length == 0) and .schema == "docksill.report/1"' out
check 'and who was refused' jq -e '.tables[] | select(.id == "refused").rows | any(.[0] == "nobody" and .[1] == "privileged-container" and .[2] == 1)' out

# --- more names than are told apart -----------------------------------------------------------------------------------

python3 - <<'PY' >many.jsonl
for i in range(12000):
    print('{"schema":"docksill.record/1","time":"2026-03-01T00:00:00.000000Z","user":"u%d","verdict":"deny","answer":"deny",'
          '"findings":[{"rule":"privileged-container","severity":"critical","points":100}],"image":"i%d"}' % (i, i))
PY
check 'twelve thousand images' exits 0 report --config site.yaml many.jsonl --output many.json --output -
check 'the others are counted' jq -e '[.findings[].count] | add == 12000' many.json
check 'by their rule' jq -e '.findings[] | select(.kind == "others") | .count > 1000' many.json
check 'a long table is cut' says out 'more; --verbose shows them'
check 'and said' says out 'there are more than are told apart'
finish
