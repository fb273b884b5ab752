# docksill's records as events of the Elastic Common Schema (8.x):  jq -c -f ecs.jq decisions.jsonl
#
# What ECS has no field for stands under `docksill`, as in the record. README.md has the table.

# When a text is there.
def field($name; $value): if $value == null or $value == "" then {} else {($name): $value} end;

def level: if .answer == "deny" then "warning" elif .would == "deny" or .verdict != "allow" then "notice" else "info" end;

# What the call does, as far as its method says.
def doing: {POST: "change", PUT: "change", DELETE: "deletion"}[.method] // "access";

def kind: if .operation == "container.create" or .operation == "volume.create" or .operation == "network.create" then "creation" else doing end;

def common:
    {"@timestamp": .time, ecs: {version: "8.11.0"},
     event: {module: "docksill", dataset: "docksill.records", provider: "docksill"},
     observer: {vendor: "docksill", product: "docksill", type: "authorization"}, docksill: .}
    + field("host"; if .host then {name: .host} else null end);

def decision:
    common
    + {message: "\(.operation) \(.answer)", log: {level: level},
       rule: {name: [.findings[]?.rule], ruleset: .environment}}
    + field("user"; if .user then {name: .user} else null end)
    + field("related"; if .user then {user: [.user]} else null end)
    + field("http"; if .method then {request: {method: .method}} else null end)
    + field("url"; if .path then {path: .path} else null end)
    + field("container"; (field("image"; if .image then {name: .image} else null end) + field("name"; .name) + field("id"; .target_id))
                         | if . == {} then null else . end)
    | .event += {kind: (if .docksill.answer == "deny" or .docksill.would == "deny" then "alert" else "event" end),
                 category: ["api"],
                 type: [(.docksill | kind), (if .docksill.answer == "deny" then "denied" else "allowed" end)],
                 outcome: (if .docksill.answer == "deny" then "failure" else "success" end),
                 action: .docksill.operation, id: .docksill.decision_id, sequence: .docksill.seq, risk_score: .docksill.points,
                 duration: ((.docksill.duration_us // 0) * 1000)}
              + field("reason"; if .docksill.gate == "none" then null else .docksill.gate end);

def state($type; $category; $action):
    common + {message: "docksill: \($action)", log: {level: "notice"}} | .event += {kind: "event", category: [$category], type: [$type], action: $action};

if .schema == "docksill.record/1" then decision
elif .schema == "docksill.start/1" and .event == "start" then state("start"; "process"; "start")
elif .schema == "docksill.start/1" then state("change"; "configuration"; .event)
elif .schema == "docksill.stop/1" then state("end"; "process"; "stop")
else state("info"; "host"; (.schema | split("/")[0])) end
