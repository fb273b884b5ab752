# What `docksill explain --format json FILE` prints of a compose file, as SARIF 2.1.0: each finding at its service's line.
#
#     docksill explain --format json compose.yaml | jq --arg file compose.yaml --rawfile text compose.yaml -f sarif.jq
def level: {critical: "error", high: "error", medium: "warning"}[.] // "note";
def security: {critical: "9.5", high: "8.0", medium: "5.5", low: "2.0"}[.] // "0.1";
def mend: if . == "" then "" else ". To mend it: " + . end;

# The first line that is indented and begins with the service's key; line 1 for what is of no service.
def line($service):
  [$text | split("\n") | to_entries[] | (.key + 1) as $n | .value | select(test("^\\s+\\S")) | gsub("[\"' \t\r]"; "")
   | select($service != null and startswith($service + ":")) | $n][0] // 1;

[.calls[] | .service as $service | .explained.findings[] | select(.exempted_by == null) | {
  rule, title, severity, service: $service,
  said: ((if $service then $service + ": " else "" end) + (.evidence[0].message // .title) + (.fix.compose // .fix.cli // "" | mend))
}] as $found
| ($found | unique_by(.rule)) as $rules
| ($rules | map(.rule)) as $ids
| {
    "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{
      tool: {driver: {name: "docksill", rules: [$rules[] | {
        id: .rule,
        shortDescription: {text: .title},
        fullDescription: {text: .title},
        help: {text: "docksill rules show \(.rule)"},
        properties: {tags: ["security"], "security-severity": (.severity | security)}
      }]}},
      results: [$found[] | . as $one | {
        ruleId: .rule,
        ruleIndex: ($ids | index($one.rule)),
        kind: "fail",
        level: (.severity | level),
        message: {text: .said},
        locations: [{physicalLocation: {artifactLocation: {uri: ($file | @uri | gsub("%2F"; "/"))}, region: {startLine: line(.service)}}}],
        partialFingerprints: {"docksill/v1": "\(.rule) \(.service // "")"}
      }]
    }]
  }
