/*
 * What the swarm expands as a template once it was judged: a {{ in every text that a service's body can hold, found by
 * walking the decoder's own table, so that a field more is a field tried. Each is one of three: in a mount it refuses
 * everywhere; in a variable's value and the name of the host it is told and the value is unknown; elsewhere nobody
 * expands it (swarmkit template/expand.go, the same in 20.10 to 29).
 */
#include "docksill/wire/gojson.h"
#include "road.h"
#include <fnmatch.h>

/* plugin/engine/read/service-spec.h, whose folder tests of whole requests do not see. */
extern const struct gojson_type service_spec_type;

#define TEXT_ROOM 512

enum expanded { NEVER, AS_VALUE, IN_MOUNT };

/* Patterns of places; the first that matches counts. */
static const struct place_row {
        const char *place;
        enum expanded expanded;
} places[] = {
        { "TaskTemplate.ContainerSpec.Mounts[[]].Source", IN_MOUNT },
        { "TaskTemplate.ContainerSpec.Mounts[[]].Target", IN_MOUNT },
        { "TaskTemplate.ContainerSpec.Mounts[[]].VolumeOptions.Labels.*", IN_MOUNT },
        { "TaskTemplate.ContainerSpec.Mounts[[]].VolumeOptions.DriverConfig.Options.*", IN_MOUNT },
        { "TaskTemplate.ContainerSpec.Mounts[[]].*", NEVER },
        { "TaskTemplate.ContainerSpec.Hostname", AS_VALUE },
        { "TaskTemplate.ContainerSpec.Env[[]]", AS_VALUE },
        { "TaskTemplate.ContainerSpec.*", NEVER },
        { "TaskTemplate.*", NEVER },
        { "Name", NEVER },
        { "Labels.*", NEVER },
        { "UpdateConfig.*", NEVER },
        { "RollbackConfig.*", NEVER },
        { "Networks[[]].*", NEVER },
        { "EndpointSpec.*", NEVER },
};

static const char *const targets[] = { "/v1.44/services/create", "/v1.24/services/create", "/services/create",
                                       "/v1.51/services/create", "/v1.44/services/web/update?version=7" };

struct bench {
        struct road road;
        struct judged judged;
        bool used[ARRAY_SIZE(places)];
        size_t texts;
};

static int open_bench(void **state) {
        static struct bench bench;

        road_open(&bench.road);
        judged_init(&bench.judged);
        *state = &bench;
        return 0;
}

static int close_bench(void **state) {
        struct bench *b = *state;

        judged_deinit(&b->judged);
        road_close(&b->road);
        return 0;
}

/* -- one text -- */

static enum expanded expanded_of(struct bench *b, const char *place) {
        for (size_t i = 0; i < ARRAY_SIZE(places); ++i)
                if (fnmatch(places[i].place, place, 0) == 0) {
                        b->used[i] = true;
                        return places[i].expanded;
                }
        fail_msg("%s: nobody has said whether the swarm expands it", place);
        return NEVER;
}

static bool tells(const struct decision *d, const char *rule) {
        return finding_of(d, str_from(rule)) != NULL;
}

static void fail_text(struct bench *b, const char *place, struct str body, size_t environment) {
        struct text t;

        text_init(&t);
        text_addf(&t, "%s in %s is judged otherwise: %" STR_FMT "\n", place, environment_names[environment],
                  STR_ARG(body));
        findings_say(&t, &b->judged.decisions[environment]);
        fail_with(&t);
}

static void hold_body(struct bench *b, const char *target, const char *place, struct str body, enum expanded expanded) {
        judge_body(&b->judged, &b->road, target, body);
        for (size_t i = 0; i < ENVIRONMENTS; ++i) {
                const struct decision *d = &b->judged.decisions[i];
                bool flaw = tells(d, "request-template") && d->gate == GATE_HARD, value = tells(d, "service-template");

                if (flaw != (expanded == IN_MOUNT) || value != (expanded == AS_VALUE))
                        fail_text(b, place, body, i);
        }
}

/* JSON knows more spellings of a brace than one. */
static void escape(struct text *out, struct str body, const char *first, const char *second) {
        for (size_t i = 0; i < body.n; ++i) {
                if (!str_starts(str_skip(body, i), STR_C("{{"))) {
                        text_add_char(out, body.p[i]);
                        continue;
                }
                text_addz(out, first);
                text_addz(out, second);
                ++i;
        }
}

/* @before and @behind are the body around one text. */
static void hold_text(struct bench *b, const char *place, const char *before, const char *behind, const char *text,
                      enum expanded expanded) {
        static const struct {
                const char *first, *second;
        } braces[] = { { "{", "{" }, { "\\u007b", "\\u007B" }, { "{", "\\u007b" } };

        for (size_t i = 0; i < ARRAY_SIZE(targets) * ARRAY_SIZE(braces); ++i) {
                cleanup_(text_deinit) struct text escaped, body;

                text_init(&escaped);
                text_init(&body);
                escape(&escaped, str_from(text), braces[i % ARRAY_SIZE(braces)].first,
                       braces[i % ARRAY_SIZE(braces)].second);
                text_addf(&body, "%s%" STR_FMT "%s", before, STR_ARG(text_str(&escaped)), behind);
                hold_body(b, targets[i / ARRAY_SIZE(braces)], place, text_str(&body), expanded);
        }
}

/* Of a variable the value alone is expanded. */
static void hold_place(struct bench *b, const char *place, const char *before, const char *behind) {
        static const char *const texts[] = { "{{print 1}}", "/{{print 1}}", "a{{.Node.Hostname}}b", "{{", "x{{-x}}" };
        enum expanded expanded = expanded_of(b, place);
        bool variable = strstr(place, ".Env[]") != NULL;

        ++b->texts;
        for (size_t i = 0; i < ARRAY_SIZE(texts); ++i) {
                char text[TEXT_ROOM];

                snprintf(text, sizeof(text), "%s%s", variable ? "A=" : "", texts[i]);
                hold_text(b, place, before, behind, text, expanded);
                if (variable) {
                        hold_text(b, place, before, behind, texts[i], NEVER);
                        snprintf(text, sizeof(text), "A%s=1", texts[i]);
                        hold_text(b, place, before, behind, text, NEVER);
                }
        }
        hold_text(b, place, before, behind, variable ? "A={ {}}" : "{ {}}", NEVER);
}

/* -- every text -- */

static void walk(struct bench *b, const struct gojson_type *type, const char *place, const char *before,
                 const char *behind);

static void walk_struct(struct bench *b, const struct gojson_type *type, const char *place, const char *before,
                        const char *behind) {
        for (size_t i = 0; i < type->n_fields; ++i) {
                const struct str name = type->fields[i].name;
                char inner_place[TEXT_ROOM], inner_before[TEXT_ROOM], inner_behind[TEXT_ROOM];

                snprintf(inner_place, TEXT_ROOM, "%s%s%" STR_FMT, place, place[0] ? "." : "", STR_ARG(name));
                snprintf(inner_before, TEXT_ROOM, "%s{\"%" STR_FMT "\":", before, STR_ARG(name));
                snprintf(inner_behind, TEXT_ROOM, "}%s", behind);
                walk(b, type->fields[i].type, inner_place, inner_before, inner_behind);
        }
}

/* In a map the key is nobody's template. */
static void walk(struct bench *b, const struct gojson_type *type, const char *place, const char *before,
                 const char *behind) {
        char inner_place[TEXT_ROOM], inner_before[TEXT_ROOM], inner_behind[TEXT_ROOM];

        switch (type->kind) {
        case GOJSON_STRING:
                snprintf(inner_before, TEXT_ROOM, "%s\"", before);
                snprintf(inner_behind, TEXT_ROOM, "\"%s", behind);
                hold_place(b, place, inner_before, inner_behind);
                return;
        case GOJSON_STRUCT: walk_struct(b, type, place, before, behind); return;
        case GOJSON_LIST:
        case GOJSON_STRSLICE:
                snprintf(inner_place, TEXT_ROOM, "%s[]", place);
                snprintf(inner_before, TEXT_ROOM, "%s[", before);
                snprintf(inner_behind, TEXT_ROOM, "]%s", behind);
                walk(b, type->element, inner_place, inner_before, inner_behind);
                return;
        case GOJSON_MAP:
                snprintf(inner_place, TEXT_ROOM, "%s.key", place);
                snprintf(inner_before, TEXT_ROOM, "%s{\"key\":", before);
                snprintf(inner_behind, TEXT_ROOM, "}%s", behind);
                walk(b, type->element, inner_place, inner_before, inner_behind);
                return;
        default: return;
        }
}

static void every_text_of_a_service_is_one_of_three(void **state) {
        struct bench *b = *state;

        walk(b, &service_spec_type, "", "", "");
        for (size_t i = 0; i < ARRAY_SIZE(places); ++i)
                if (!b->used[i])
                        fail_msg("no such place: %s", places[i].place);
        assert_true(b->texts > 60);
}

/* Whatever sort of mount it is. */
static void a_mount_of_any_type_is_no_template(void **state) {
        static const char *const types[] = { "bind",  "BIND",    "",      "volume", "Volume",
                                             "tmpfs", "cluster", "image", "npipe",  "x" };
        static const char *const fields[] = { "\"Source\":\"", "\"Target\":\"",
                                              "\"VolumeOptions\":{\"DriverConfig\":{\"Options\":{\"device\":\"",
                                              "\"VolumeOptions\":{\"Labels\":{\"a\":\"" };
        static const char *const ends[] = { "\"", "\"", "\"}}}", "\"}}" };

        for (size_t i = 0; i < ARRAY_SIZE(types) * ARRAY_SIZE(fields); ++i) {
                const char *type = types[i / ARRAY_SIZE(fields)];
                size_t field = i % ARRAY_SIZE(fields);
                char before[TEXT_ROOM], behind[TEXT_ROOM];

                snprintf(before, sizeof(before),
                         "{\"TaskTemplate\":{\"ContainerSpec\":{\"Mounts\":[{},{\"Type\":\"%s\",%s", type,
                         fields[field]);
                snprintf(behind, sizeof(behind), "%s}]}}}", ends[field]);
                hold_text(*state, fields[field], before, behind, "/{{print \\\"etc\\\"}}", IN_MOUNT);
                hold_text(*state, fields[field], before, behind, "etc", NEVER);
        }
}

/* What a template makes of a secret or a config is told by its kind alone: the data may be anything. */
static void data_that_is_a_template_is_told(void **state) {
        static const char *const data_targets[] = { "/v1.44/secrets/create", "/v1.44/configs/create",
                                                    "/secrets/s/update?version=1", "/configs/c/update?version=1" };
        static const char *const names[] = { "golang", "Golang", "x" };
        struct bench *b = *state;

        for (size_t i = 0; i < ARRAY_SIZE(data_targets) * ARRAY_SIZE(names); ++i) {
                const char *target = data_targets[i / ARRAY_SIZE(names)];
                json_t *body = json_pack("{s:s,s:s,s:{s:s}}", "Name", "n", "Data", "e3tlbnYgIkEifX0=", "Templating",
                                         "Name", names[i % ARRAY_SIZE(names)]);

                judge_json(&b->judged, &b->road, target, body);
                for (size_t k = 0; k < ENVIRONMENTS; ++k)
                        assert_true(tells(&b->judged.decisions[k], "swarm-data-template"));
                json_object_del(body, "Templating");
                judge_json(&b->judged, &b->road, target, body);
                for (size_t k = 0; k < ENVIRONMENTS; ++k)
                        assert_false(tells(&b->judged.decisions[k], "swarm-data-template"));
                json_decref(body);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_text_of_a_service_is_one_of_three),
                cmocka_unit_test(a_mount_of_any_type_is_no_template),
                cmocka_unit_test(data_that_is_a_template_is_told),
        };

        return cmocka_run_group_tests(tests, open_bench, close_bench);
}
