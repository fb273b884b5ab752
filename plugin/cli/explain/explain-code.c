/*
 * Codes and what they mean are base's; an example says it faster than a sentence, so each has one here: what earns the
 * code, and how it reads once it is mended.
 */
#include "docksill/base/diag.h"
#include "frame/output.h"
#include "frame/table.h"

#define CODES_MEMORY (1u * 1024 * 1024)

static const struct {
        const char *wrong, *right;
} examples[DIAG_CODES] = {
        [DIAG_FILE_UNREADABLE] = { "docksill check /etc/docksil/site.yaml", "docksill check /etc/docksill/site.yaml" },
        [DIAG_FILE_TOO_LARGE] = { "one file of 2 MiB", "several files in one folder, each below 1 MiB" },
        [DIAG_YAML_SYNTAX] = { "message: mounts: a host path", "message: \"mounts: a host path\"" },
        [DIAG_YAML_DUPLICATE_KEY] = { "{severity: high, title: A, severity: low}", "{severity: high, title: A}" },
        [DIAG_YAML_LIMIT] = { "a: &a [*b, *b]   # and b the same of c, forty times over", "a: [1, 2]" },
        [DIAG_FOLDER_EMPTY] = { "rules: [../container]   # a folder of *.yml", "rename them to *.yaml" },
        [DIAG_YAML_TAG] = { "points: !!int \"50\"", "points: 50" },
        [DIAG_WRONG_DOCUMENT] = { "docksill: v2", "docksill: v1" },
        [DIAG_UNKNOWN_KEY] = { "severety: high", "severity: high" },
        [DIAG_MISSING_KEY] = { "- {id: site-rule, severity: low, message: x}",
                               "- {id: site-rule, title: Site rule, severity: low, message: x}" },
        [DIAG_WRONG_TYPE] = { "severity: 3", "severity: medium" },
        [DIAG_BAD_NAME] = { "id: Site_Rule", "id: site-rule" },
        [DIAG_DUPLICATE_ID] = { "id: user-root   # the shipped rules have one", "id: site-user-root" },
        [DIAG_UNKNOWN_FACT] = { "when: {container.privilaged: true}", "when: {container.privileged: true}" },
        [DIAG_UNKNOWN_OPERATOR] = { "when: {container.memory: {within: 64m}}", "when: {container.memory: {lt: 64m}}" },
        [DIAG_WRONG_OPERAND] = { "when: {container.memory: {lt: plenty}}", "when: {container.memory: {lt: 64m}}" },
        [DIAG_UNKNOWN_LIST] = { "when: {mount.source: {within: $harmles}}",
                                "when: {mount.source: {within: $harmless}}" },
        [DIAG_UNKNOWN_VALUE] = { "when: {container.pids_limit: {gt: $pids-mex}}",
                                 "when: {container.pids_limit: {gt: $pids-max}}" },
        [DIAG_UNKNOWN_OPERATION] = { "on: [container.creat]", "on: [container.create]" },
        [DIAG_CONFIDENTIAL] = { "message: \"holds {variable.value}\"",
                                "message: \"holds a value in {variable.name}\"" },
        [DIAG_BAD_REGEX] = { "regex: '(secret|token'", "regex: '(secret|token)'" },
        [DIAG_NO_OPERATION] = { "when: {exec.privileged: true, container.privileged: true}",
                                "two rules, one for each" },
        [DIAG_BAD_TEMPLATE] = { "message: \"runs as {container.user\"", "message: \"runs as {container.user}\"" },
        [DIAG_UNUSED_LIST] = { "lists: {harmless: [/srv]}   # and no rule says $harmless",
                               "when: {mount.source: {within: $harmless}}" },
        [DIAG_UNREACHABLE_CASE] = { "cases: [{severity: low}, {when: {mount.read_only: true}, severity: none}]",
                                    "cases: [{when: {mount.read_only: true}, severity: none}, {severity: low}]" },
        [DIAG_ALLOW_WIDE] = { "override: [{list: allowed-host-paths, append: [/]}]",
                              "override: [{list: allowed-host-paths, append: [/srv/app]}]" },
        [DIAG_PASTED_TEXT] = { "fix: {cli: \"append: [{mount.source}]\"}",
                               "fix: {cli: \"use a volume\", list: {allowed-host-paths: mount.source}}" },
        [DIAG_ITEM_IDLE] = { "override: [{list: trusted-plugins, append: [\"vieux/sshfs:1\"]}]",
                             "override: [{list: trusted-plugins, append: [\"docker.io/vieux/sshfs@sha256:…\"]}]" },
        [DIAG_PROFILE_VALUE] = { "kind: profile, images: [nginx]", "kind: profile, images: [docker.io/library/nginx]" },
        [DIAG_UNKNOWN_RULE] = { "override: [{rule: user-rot, mode: audit}]",
                                "override: [{rule: user-root, mode: audit}]" },
        [DIAG_EXTENDS_LOOP] = { "name: site, extends: site", "name: site, extends: production" },
        [DIAG_LIMIT_LOOSENED] = { "extends: production, deny: {points: 90}",
                                  "extends: production, deny: {points: 40}" },
        [DIAG_LIMIT_ORDER] = { "deny: {points: 50}, warn: {points: 60}", "deny: {points: 50}, warn: {points: 1}" },
        [DIAG_ENVIRONMENT_UNKNOWN] = { "docksill serve --environment prodcution",
                                       "docksill serve --environment production" },
        [DIAG_ACCESS_NOBODY] = { "access: [{deny: [\"swarm.*\"]}]",
                                 "access: [{who: {anonymous: true}, deny: [\"swarm.*\"]}]" },
        [DIAG_EXEMPTION_OPEN] = { "match: {container.name: backup}", "match: {user: [backup]}" },
        [DIAG_EXEMPTION_HARD] = { "rules: [host-root-mount], match: {image.name: site/backup}",
                                  "rules: [host-root-mount], match: {user: [backup]}, only: {mount.source: /}" },
        [DIAG_EXEMPTION_NEVER] = { "rules: [self-protection]", "rules: [sensitive-host-mount]" },
        [DIAG_EXEMPTION_DATE] = { "expires: next summer", "expires: 2026-12-31" },
        [DIAG_EXEMPTION_EXPIRED] = { "expires: 2020-12-31", "expires: 2026-12-31" },
        [DIAG_EXEMPTION_BLANK] = { "owner: WHO ANSWERS FOR IT", "owner: platform team" },
        [DIAG_EXEMPTION_SOON] = { "expires: tomorrow's date", "expires: a date of next quarter" },
        [DIAG_OPENED] = { "override: [{rule: privileged-container, severity: none}]",
                          "an exemption for the one image, under exemptions/" },
        [DIAG_OVERRIDE_IDLE] = { "override: [{rule: a, severity: none}, {rule: a, severity: high}]",
                                 "override: [{rule: a, severity: high}]" },
        [DIAG_OVERRIDE_NEVER] = { "override: [{rule: request-body-missing, mode: audit}]", "no override of it" },
        [DIAG_PLACE_UNUSABLE] = { "records: {file: /var/log/dcksill/decisions.jsonl}",
                                  "records: {file: /var/log/docksill/decisions.jsonl}" },
        [DIAG_PLACE_UNSEEN] = { "socket: /run/docker/plugin/docksill.sock",
                                "socket: /run/docker/plugins/docksill.sock" },
        [DIAG_STEP_DAY] = { "steps: [{from: March, enforce: all}]", "steps: [{from: 2027-03-01, enforce: all}]" },
        [DIAG_STEP_ORDER] = { "{from: 2027-03-01, deny: {severity: high, points: 80}} before one with 120 points",
                              "120 points first, then 80, then enforce: all" },
        [DIAG_STEP_LAST] = { "steps: [{from: 2027-01-01, enforce: hard}]",
                             "steps: [{from: 2027-01-01, enforce: hard}, {from: 2027-03-01, enforce: all}]" },
        [DIAG_RULE_RENAMED] = { "override: [{rule: buildkit-opaque, severity: low}]",
                                "override: [{rule: build-unjudgeable, severity: low}]" },
        [DIAG_ENVIRONMENT_TWICE] = { "name: production, extends: production", "name: shop, extends: production" },
        [DIAG_RULE_MISSING] = { "requires: [runtime-socket-mount]   # container/mounts.yaml is gone",
                                "container/mounts.yaml back in its place" },
        [DIAG_TEST_FAILED] = { "{name: root, operation: container.create, body: {User: \"0\"}, expect: none}",
                               "{name: root, operation: container.create, body: {User: \"0\"}, expect: medium}" },
        [DIAG_TEST_MISSING] = { "tests: [{…, expect: high}]", "tests: [{…, expect: high}, {…, expect: none}]" },
        [DIAG_STYLE_WHY] = { "- {id: site-rule, title: Site rule, …}",
                             "why: \"Whoever reads the socket owns the host.\"" },
        [DIAG_STYLE_FIX] = { "fix: {flags: [--read-only]}", "fix: {cli: --read-only, flags: [--read-only]}" },
        [DIAG_STYLE_REFERENCES] = { "references: {}", "references: {cis-docker: [\"5.4\"]}" },
        [DIAG_STYLE_TITLE] = { "title: mounts the root of the host.", "title: Mounts the root of the host" },
        [DIAG_STYLE_MESSAGE] = { "message: \"runs as root.\"", "message: \"runs as root\"" },
        [DIAG_STYLE_FLAG] = { "flags: [\"user 10001\"]", "flags: [\"--user 10001\"]" },
        [DIAG_REGEX_NESTED] = { "regex: '^([a-z]+)*$'", "regex: '^[a-z]*$'" },
        [DIAG_CASE_IDLE] = { "cases: [{when: {user: {in: [a, b]}}, …}, {when: {user: a}, …}]",
                             "cases: [{when: {user: a}, …}, {when: {user: {in: [a, b]}}, …}]" },
        [DIAG_CONDITION_TWICE] = { "when: {container.init: true, all: [{container.init: true}]}",
                                   "when: {container.init: true}" },
        [DIAG_FLAG_IDLE] = { "when: {container.privileged: true}, fix: {flags: [--read-only]}",
                             "fix: {cli: drop --privileged, flags: []}" },
        [DIAG_EXEMPTION_WIDE] = { "match: {user: \"ci-*\"}", "match: {user: \"ci-*\"}, only: {mount.source: /srv/ci}" },
        [DIAG_CONTROL_UNKNOWN] = { "references: {cis-docker: [\"5.3.1\"]}", "references: {cis-docker: [\"5.4\"]}" },
        [DIAG_CONTROL_BARE] = { "{id: \"2.4\", …, covers: full}   # no rule refers to it",
                                "{id: \"2.4\", …, covers: none, why: host file, beside: the host's firewall}" },
        [DIAG_CONTROL_COVERED] = { "{id: \"5.4\", …, covers: none}   # dangerous-capability refers to it",
                                   "{id: \"5.4\", …, covers: full}" },
};

static const struct option_row options[] = {
        OPTION_ROW_FORMAT,
        { NULL },
};

static json_t *code_json(enum diag_code code) {
        return json_pack("{s:s, s:s, s:s, s:{s:s?, s:s?}}", "code", diag_code_id(code), "meaning",
                         diag_code_meaning(code), "remedy", diag_code_remedy(code), "example", "wrong",
                         examples[code].wrong, "right", examples[code].right);
}

static json_t *codes_json(enum diag_code first, enum diag_code end) {
        json_auto_t *list = json_array();

        for (unsigned code = first; list && code < end; ++code)
                if (json_array_append_new(list, code_json(code)) < 0)
                        return NULL;
        return list ? json_pack("{s:s, s:O}", "schema", "docksill.codes/1", "codes", list) : NULL;
}

static int print_code(enum diag_code code) {
        cleanup_(text_deinit) struct text out;

        text_init(&out);
        text_addf(&out, "%s: %s\n\nremedy:  %s\n", diag_code_id(code), diag_code_meaning(code), diag_code_remedy(code));
        if (examples[code].wrong)
                text_addf(&out, "\nwrong:   %s\nright:   %s\n", examples[code].wrong, examples[code].right);
        return output_text(&command_explain_code, &out);
}

static int print_codes(void) {
        static const char *const titles[] = { "CODE", "MEANING", "REMEDY" };
        cleanup_(text_deinit) struct text out;
        cleanup_(arena_deinit) struct arena arena;
        struct table t;

        arena_init(&arena, CODES_MEMORY);
        table_init(&t, &arena, titles, ARRAY_SIZE(titles));
        for (unsigned code = 0; code < DIAG_CODES; ++code) {
                table_add(&t, str_from(diag_code_id(code)));
                table_add(&t, str_from(diag_code_meaning(code)));
                table_add(&t, str_from(diag_code_remedy(code)));
        }
        text_init(&out);
        table_render(&t, &out);
        return output_text(&command_explain_code, &out);
}

static int no_such(struct str id) {
        cleanup_(text_deinit) struct text shown;

        text_init(&shown);
        text_add_visible(&shown, id, 60);
        return command_misused(&command_explain_code, "no code \"%s\"; `docksill explain-code` lists all", shown.p);
}

static int run(const struct invocation *in) {
        enum diag_code code = DIAG_CODES;

        if (in->n) {
                code = diag_code_find(str_from(in->arguments[0]));
                if (code == DIAG_CODES)
                        return no_such(str_from(in->arguments[0]));
        }
        if (in->json)
                return output_json(in->command, in->n ? codes_json(code, code + 1) : codes_json(0, DIAG_CODES));
        return in->n ? print_code(code) : print_codes();
}

const struct command command_explain_code = {
        .name = "explain-code",
        .arguments = "[CODE]",
        .most = 1,
        .takes = "one code at most",
        .doc = "Explain an error code such as DS214, and how to fix the error.\n"
               "Without a code, list all codes.",
        .options = options,
        .run = run,
};
