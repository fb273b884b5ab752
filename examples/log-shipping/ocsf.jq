# docksill's records as events of the Open Cybersecurity Schema Framework (1.3):  jq -c -f ocsf.jq decisions.jsonl
#
# A decision is API Activity (6003) with the profile Security Control; a start, a reload or an end is Application Lifecycle (6002). What OCSF has
# no attribute for stands under `unmapped`. README.md has the table.

# Milliseconds since 1970.
def milliseconds: (sub("\\.[0-9]+Z$"; "Z") | fromdateiso8601) * 1000 + ((capture("\\.(?<ms>[0-9]{3})") // {ms: "0"}).ms | tonumber);

# By the worst finding that counts: 1 Informational to 5 Critical.
def severity:
    {info: 1, low: 2, medium: 3, high: 4, critical: 5} as $of
    | [.findings[]? | select(.exempted_by == null) | $of[.severity] // 1] | max // 1;

# 1 Create, 2 Read, 3 Update, 4 Delete.
def activity:
    if .operation | test("\\.create$|^image\\.(pull|load|import|build)|^build") then 1
    elif .method == "DELETE" then 4
    elif .method == "GET" or .method == "HEAD" then 2
    else 3 end;

def metadata: {version: "1.3.0", log_name: "docksill.records", log_provider: "docksill", original_time: .time,
               product: ({name: "docksill", vendor_name: "docksill"} + if .version then {version: .version} else {} end)};

def event($class; $activity; $severity):
    {category_uid: 6, class_uid: $class, activity_id: $activity, type_uid: ($class * 100 + $activity), severity_id: $severity,
     time: (.time | milliseconds)};

def decision:
    event(6003; activity; severity)
    + {metadata: (metadata + {uid: .decision_id, sequence: .seq, profiles: ["security_control"]}),
       message: "\(.operation) \(.answer)",
       actor: {user: {name: (.user // "anonymous")}},
       api: ({operation: .operation, service: {name: "Docker Engine API"}} + if .api_version then {version: .api_version} else {} end),
       http_request: {http_method: .method, url: {path: .path}},
       src_endpoint: {hostname: (.host // "unknown")},
       resources: [(select(.image) | {type: "image", name: .image}), (select(.name) | {type: "container", name: .name}),
                   (select(.target_id) | {type: "container", uid: .target_id})],
       action_id: (if .answer == "deny" then 2 else 1 end),
       disposition_id: (if .answer == "deny" then 2 else 1 end),
       status_id: (if .answer == "deny" then 2 else 1 end),
       is_alert: (.answer == "deny" or .would == "deny"),
       risk_score: .points,
       policy: {name: .environment, uid: .rules_digest},
       unmapped: ({mode, verdict, would, gate, findings, config_digest, link, prev} | with_entries(select(.value != null)))};

def state($activity):
    event(6002; $activity; if .last_good or .event == "reload-failed" or .lost != null and .lost > 0 then 4 else 1 end)
    + {metadata: metadata, message: "docksill: \(.event // .schema)", app: {name: "docksill", vendor_name: "docksill"}, unmapped: .};

if .schema == "docksill.record/1" then decision
elif .schema == "docksill.start/1" and .event == "start" then state(3)
elif .schema == "docksill.stop/1" then state(4)
else state(99) end
