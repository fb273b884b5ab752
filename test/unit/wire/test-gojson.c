#include "docksill/wire/gojson.h"

#include "docksill/base/text.h"
#include "exact.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define LIMIT ((size_t)8 << 20)

/* A corner of the create body: enough for each kind, and names that hold the letters with odd foldings. */
struct mount {
        bool given;
        struct go_string type, source;
        struct go_bool read_only;
};

struct port {
        bool given;
        struct go_string ip;
};

struct host {
        bool given;
        struct go_bool privileged;
        struct go_int memory, weight, port;
        struct go_list binds, cap_add, mounts, sysctls, ports, masked;
        struct go_any any;
};

struct body {
        bool given;
        struct go_string image, user;
        struct go_list volumes;
        struct host host;
        struct go_any old;
};

static const struct gojson_field mount_fields[] = {
        { STR("Type"), &gojson_string, offsetof(struct mount, type) },
        { STR("Source"), &gojson_string, offsetof(struct mount, source) },
        { STR("ReadOnly"), &gojson_bool, offsetof(struct mount, read_only) },
};
static const struct gojson_type mount_type = { .kind = GOJSON_STRUCT, .size = sizeof(struct mount),
                                               .fields = mount_fields, .n_fields = ARRAY_SIZE(mount_fields) };
static const struct gojson_type mounts_type = { .kind = GOJSON_LIST, .size = sizeof(struct go_list),
                                                .element = &mount_type };

static const struct gojson_field port_fields[] = { { STR("HostIp"), &gojson_string, offsetof(struct port, ip) } };
static const struct gojson_type port_type = { .kind = GOJSON_STRUCT, .size = sizeof(struct port),
                                              .fields = port_fields, .n_fields = ARRAY_SIZE(port_fields) };
static const struct gojson_type port_list = { .kind = GOJSON_LIST, .size = sizeof(struct go_list),
                                              .element = &port_type };
static const struct gojson_type ports_type = { .kind = GOJSON_MAP, .size = sizeof(struct go_list),
                                               .element = &port_list };

struct empty {
        bool given;
};
static const struct gojson_type empty_type = { .kind = GOJSON_STRUCT, .size = sizeof(struct empty) };
static const struct gojson_type set_type = { .kind = GOJSON_MAP, .size = sizeof(struct go_list),
                                             .element = &empty_type };
static const struct gojson_type int16_type = { .kind = GOJSON_INT, .bits = 16, .size = sizeof(struct go_int) };

static const struct gojson_field host_fields[] = {
        { STR("Privileged"), &gojson_bool, offsetof(struct host, privileged) },
        { STR("Memory"), &gojson_int64, offsetof(struct host, memory) },
        { STR("BlkioWeight"), &int16_type, offsetof(struct host, weight) },
        { STR("Port"), &gojson_uint16, offsetof(struct host, port) },
        { STR("Binds"), &gojson_strings, offsetof(struct host, binds) },
        { STR("CapAdd"), &gojson_strslice, offsetof(struct host, cap_add) },
        { STR("Mounts"), &mounts_type, offsetof(struct host, mounts) },
        { STR("Sysctls"), &gojson_string_map, offsetof(struct host, sysctls) },
        { STR("PortBindings"), &ports_type, offsetof(struct host, ports) },
        { STR("MaskedPaths"), &gojson_strings, offsetof(struct host, masked) },
        { STR("Any"), &gojson_any, offsetof(struct host, any) },
};
static const struct gojson_type host_type = { .kind = GOJSON_STRUCT, .size = sizeof(struct host),
                                              .fields = host_fields, .n_fields = ARRAY_SIZE(host_fields) };

static const struct gojson_field body_fields[] = {
        { STR("Image"), &gojson_string, offsetof(struct body, image) },
        { STR("User"), &gojson_string, offsetof(struct body, user) },
        { STR("Volumes"), &set_type, offsetof(struct body, volumes) },
        { STR("HostConfig"), &host_type, offsetof(struct body, host) },
        { STR("Cpuset"), &gojson_any, offsetof(struct body, old), .flaw = FLAW_TOPLEVEL_HOSTCONFIG + 1, .zero_in = &host_type },
};
static const struct gojson_type body_type = { .kind = GOJSON_STRUCT, .size = sizeof(struct body),
                                              .fields = body_fields, .n_fields = ARRAY_SIZE(body_fields) };

/* One decoding and all it yields. */
struct run {
        struct arena arena;
        struct flaws flaws;
        struct gojson_report report;
        struct body body;
        struct str text;
        int r;
};

static void run_limited(struct run *run, struct str text, size_t limit) {
        *run = (struct run){ .report.flaws = NULL };
        run->report.flaws = &run->flaws;
        run->text = exact(text);
        arena_init(&run->arena, limit);
        run->r = gojson_decode(&run->body, &body_type, &run->arena, &run->report, run->text, (struct str){ 0 });
}

static void run_start(struct run *run, const char *text) {
        run_limited(run, str_from(text), LIMIT);
        assert_int_equal(run->r, 0);
}

static void run_end(struct run *run) {
        arena_deinit(&run->arena);
        exact_free(&run->text);
}

static struct str string_at(const struct go_list *list, size_t i) {
        assert_true(i < list->n);
        return ((const struct go_string *)gojson_item(list, i, sizeof(struct go_string)))->value;
}

static void decodes_every_kind(void **state) {
        const struct mount *mount;
        const struct go_pair *pair;
        struct run run;

        (void)state;
        run_start(&run, " {\"Image\":\"alpine\\u0021\",\"User\":null,\"HostConfig\":{\"Privileged\":true,\"Memory\":-5,"
                        "\"Binds\":[\"/a:/b\",null,\"c:/d\"],\"CapAdd\":[\"ALL\"],"
                        "\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/\"},null,{\"ReadOnly\":false}],"
                        "\"Sysctls\":{\"a.b\":\"1\",\"A.B\":null},\"MaskedPaths\":[],"
                        "\"PortBindings\":{\"80/tcp\":[{\"HostIp\":\"::\"}],\"81/tcp\":null},\"Any\":{ \"x\" : [1] } }}\n");
        assert_false(flaws_any(&run.flaws));
        assert_int_equal(run.report.n_unknown, 0);
        assert_true(run.body.given && run.body.host.given);
        assert_true(str_eqz(run.body.image.value, "alpine!"));
        assert_false(run.body.user.given);
        assert_true(run.body.host.privileged.value && run.body.host.privileged.given);
        assert_int_equal(run.body.host.memory.value, -5);
        assert_int_equal(run.body.host.binds.n, 3);
        assert_true(str_eqz(string_at(&run.body.host.binds, 0), "/a:/b"));
        assert_true(str_eqz(string_at(&run.body.host.binds, 1), "")); /* null in a list is its zero element */
        assert_true(str_eqz(string_at(&run.body.host.binds, 2), "c:/d"));
        assert_true(str_eqz(string_at(&run.body.host.cap_add, 0), "ALL"));

        assert_int_equal(run.body.host.mounts.n, 3);
        mount = gojson_item(&run.body.host.mounts, 0, sizeof(*mount));
        assert_true(mount->given && str_eqz(mount->type.value, "bind") && !mount->read_only.given);
        mount = gojson_item(&run.body.host.mounts, 1, sizeof(*mount));
        assert_false(mount->given);
        mount = gojson_item(&run.body.host.mounts, 2, sizeof(*mount));
        assert_true(mount->read_only.given && !mount->read_only.value);

        assert_int_equal(run.body.host.sysctls.n, 2); /* keys of maps do not fold */
        pair = gojson_item(&run.body.host.sysctls, 0, sizeof(*pair));
        assert_true(str_eqz(pair->key, "a.b") && str_eqz(pair->value.value, "1"));
        assert_true(run.body.host.masked.given);
        assert_int_equal(run.body.host.masked.n, 0);
        assert_int_equal(run.body.host.ports.n, 2);
        assert_true(str_eqz(run.body.host.any.raw, "{ \"x\" : [1] }"));
        run_end(&run);
}

static void null_and_absent_are_the_zero_value(void **state) {
        static const char *const rows[] = {
                "null", "{}", "{\"HostConfig\":null}",
                ("{\"HostConfig\":{\"Privileged\":null,\"Memory\":null,\"Binds\":null,\"CapAdd\":null,\"Mounts\":null,"
                 "\"Sysctls\":null,\"Any\":null}}"),
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct run run;
                struct host zero = { .given = i == 3 };

                run_start(&run, rows[i]);
                assert_false(flaws_any(&run.flaws));
                assert_int_equal(run.body.given, i > 0);
                assert_memory_equal(&run.body.host, &zero, sizeof(zero));
                run_end(&run);
        }
}

static void keys_fold_as_in_go_and_no_further(void **state) {
        static const struct { const char *key; bool privileged, masked; } rows[] = {
                { "Privileged", true, false },
                { "PRIVILEGED", true, false },
                { "pRIVILEGED", true, false },
                { "\\u0050rivileged", true, false },
                { "MaskedPaths", false, true },
                { "ma\xc5\xbf" "kedPaths", false, true },             /* U+017F */
                { "Mas\xe2\x84\xaa" "edPaths", false, true },         /* U+212A */
                { "ma\\u017f\\u212aedpath\\u017F", false, true },
                { "Pr\xc4\xb1vileged", false, false },                /* dotless i */
                { "\xef\xbc\xb0rivileged", false, false },            /* fullwidth P */
                { "Privileged ", false, false },
                { "Privileged\\u0001", false, false },
                { "Privilege", false, false },
                { "rivileged", false, false },
                { "Privileged_", false, false },
                { "", false, false },
                { "\xc5\xbf", false, false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct text t;
                struct run run;

                text_init(&t);
                text_addf(&t, "{\"HostConfig\":{\"%s\":%s}}", rows[i].key, rows[i].privileged ? "true" : "[]");
                run_start(&run, t.p);
                assert_false(flaws_any(&run.flaws));
                assert_int_equal(run.body.host.privileged.value, rows[i].privileged);
                assert_int_equal(run.body.host.masked.given, rows[i].masked);
                assert_int_equal(run.report.n_unknown, !rows[i].privileged && !rows[i].masked);
                run_end(&run);
                text_deinit(&t);
        }
}

/* Whatever the order and whatever is left out: the guess at the next field must not change what is found. */
static void keys_come_in_any_order(void **state) {
        uint64_t seed = 5;

        (void)state;
        for (int round = 0; round < 500; ++round) {
                size_t order[ARRAY_SIZE(host_fields)], n = dice(&seed, ARRAY_SIZE(order) + 1);
                bool there[ARRAY_SIZE(order)] = { false };
                struct text t;
                struct run run;

                for (size_t i = 0; i < ARRAY_SIZE(order); ++i)
                        order[i] = i;
                for (size_t i = 0; i < n; ++i) {
                        size_t k = i + dice(&seed, ARRAY_SIZE(order) - i), swap = order[i];

                        order[i] = order[k];
                        order[k] = swap;
                        there[order[i]] = true;
                }
                text_init(&t);
                text_addz(&t, "{\"HostConfig\":{");
                for (size_t i = 0; i < n; ++i) {
                        static const char *const values[] = { "true", "1", "2", "3", "[\"x\"]", "[\"y\"]", "[{}]",
                                                              "{\"a\":\"b\"}", "{\"c\":[]}", "[\"z\"]", "0" };

                        text_addf(&t, "%s\"%s\":%s", i ? "," : "", host_fields[order[i]].name.p, values[order[i]]);
                }
                text_addz(&t, "}}");
                run_start(&run, t.p);
                assert_false(flaws_any(&run.flaws));
                assert_int_equal(run.body.host.privileged.given, there[0]);
                assert_int_equal(run.body.host.memory.value, there[1] ? 1 : 0);
                assert_int_equal(run.body.host.weight.value, there[2] ? 2 : 0);
                assert_int_equal(run.body.host.port.value, there[3] ? 3 : 0);
                assert_int_equal(run.body.host.binds.n, there[4]);
                assert_int_equal(run.body.host.cap_add.n, there[5]);
                assert_int_equal(run.body.host.mounts.n, there[6]);
                assert_int_equal(run.body.host.sysctls.n, there[7]);
                assert_int_equal(run.body.host.ports.n, there[8]);
                assert_int_equal(run.body.host.masked.n, there[9]);
                assert_int_equal(run.body.host.any.given, there[10]);
                run_end(&run);
                text_deinit(&t);
        }
}

/* What needs no token of its own when it stands as clients write it must be read as with white space around it. */
static void empty_values_are_read_with_and_without_white_space(void **state) {
        static const char *const rows[] = {
                ("{\"Image\":\"\",\"User\":\"\",\"Volumes\":{},\"HostConfig\":{\"Privileged\":false,\"Memory\":0,"
                 "\"Binds\":[],\"CapAdd\":[],\"Mounts\":[],\"Sysctls\":{},\"PortBindings\":{},\"Any\":{}}}"),
                ("{ \"Image\" : \"\" , \"User\" : \"\" , \"Volumes\" : { } , \"HostConfig\" : { \"Privileged\" : false , "
                 "\"Memory\" : 0 , \"Binds\" : [ ] , \"CapAdd\" : [ ] , \"Mounts\" : [ ] , \"Sysctls\" : { } , "
                 "\"PortBindings\" : { } , \"Any\" : {} } }"),
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                const struct go_list *lists[7];
                struct run run;

                run_start(&run, rows[i]);
                assert_false(flaws_any(&run.flaws));
                assert_true(run.body.image.given && run.body.image.value.n == 0 && run.body.image.value.p);
                assert_true(run.body.user.given && run.body.user.value.n == 0);
                assert_true(run.body.host.privileged.given && run.body.host.memory.given);
                memcpy(lists,
                       ((const struct go_list *[]){ &run.body.volumes, &run.body.host.binds, &run.body.host.cap_add,
                                                    &run.body.host.mounts, &run.body.host.sysctls, &run.body.host.ports,
                                                    &run.body.host.masked }),
                       sizeof(lists));
                for (size_t k = 0; k < ARRAY_SIZE(lists); ++k) {
                        assert_int_equal(lists[k]->given, k < 6);
                        assert_int_equal(lists[k]->n, 0);
                }
                assert_true(str_eqz(run.body.host.any.raw, "{}"));
                run_end(&run);
        }
        for (size_t n = 1; n < strlen(rows[0]); ++n) {
                struct run run;

                run_limited(&run, (struct str){ rows[0], n }, LIMIT);
                assert_int_equal(run.r, 0);
                assert_true(flaws_have(&run.flaws, FLAW_MALFORMED_JSON));
                run_end(&run);
        }
}

/* Names of any length are told by all of their bytes. */
static void a_key_that_differs_in_one_byte_is_another(void **state) {
        static const char letters[] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";

        (void)state;
        for (size_t n = 1; n <= 40; ++n)
                for (size_t at = 0; at <= n; ++at) {
                        const struct gojson_field field = { { letters, n }, &gojson_bool, offsetof(struct host, privileged) };
                        const struct gojson_type type = { .kind = GOJSON_STRUCT, .size = sizeof(struct host),
                                                          .fields = &field, .n_fields = 1 };
                        struct flaws flaws = { 0 };
                        struct gojson_report report = { .flaws = &flaws };
                        struct host out = { 0 };
                        struct arena arena;
                        struct text t;

                        text_init(&t);
                        text_addf(&t, "{\"%.*s\":true}", (int)n, letters);
                        if (at < n)
                                t.p[2 + at] = '!';
                        arena_init(&arena, LIMIT);
                        assert_int_equal(gojson_decode(&out, &type, &arena, &report, text_str(&t), STR_C("")), 0);
                        assert_int_equal(out.privileged.value, at == n);
                        assert_int_equal(report.n_unknown, at < n);
                        arena_deinit(&arena);
                        text_deinit(&t);
                }
}

static void integers_are_spelt_as_go_wants_them(void **state) {
        static const struct { const char *key, *number; bool fine; int64_t v; } rows[] = {
                { "Memory", "0", true, 0 }, { "Memory", "-0", true, 0 },
                { "Memory", "9223372036854775807", true, INT64_MAX },
                { "Memory", "-9223372036854775808", true, INT64_MIN },
                { "Memory", "9223372036854775808", false, 0 }, { "Memory", "-9223372036854775809", false, 0 },
                { "Memory", "1e9", false, 0 }, { "Memory", "1E0", false, 0 }, { "Memory", "536870912.0", false, 0 },
                { "BlkioWeight", "32767", true, 32767 }, { "BlkioWeight", "-32768", true, -32768 },
                { "BlkioWeight", "32768", false, 0 }, { "BlkioWeight", "-32769", false, 0 },
                { "Port", "65535", true, 65535 }, { "Port", "65536", false, 0 }, { "Port", "-1", false, 0 },
                { "Port", "-0", false, 0 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct text t;
                struct run run;

                text_init(&t);
                text_addf(&t, "{\"HostConfig\":{\"%s\":%s,\"Privileged\":true}}", rows[i].key, rows[i].number);
                run_start(&run, t.p);
                if (flaws_have(&run.flaws, FLAW_NUMBER_RANGE) == rows[i].fine)
                        fail_msg("%s: %s", rows[i].key, rows[i].number);
                assert_int_equal(run.body.host.memory.value + run.body.host.weight.value + run.body.host.port.value,
                                 rows[i].v);
                assert_true(run.body.host.privileged.value); /* decoding went on */
                run_end(&run);
                text_deinit(&t);
        }
}

static void each_flaw_is_named_with_its_place(void **state) {
        static const struct { const char *text; enum flaw flaw; const char *where; } rows[] = {
                { "{\"Image\":1}", FLAW_WRONG_TYPE, "Image" },
                { "{\"HostConfig\":[]}", FLAW_WRONG_TYPE, "HostConfig" },
                { "[]", FLAW_WRONG_TYPE, "" },
                { "7", FLAW_WRONG_TYPE, "" },
                { "{\"HostConfig\":{\"Memory\":\"1\"}}", FLAW_WRONG_TYPE, "HostConfig.Memory" },
                { "{\"HostConfig\":{\"Privileged\":\"true\"}}", FLAW_WRONG_TYPE, "HostConfig.Privileged" },
                { "{\"HostConfig\":{\"Privileged\":1}}", FLAW_WRONG_TYPE, "HostConfig.Privileged" },
                { "{\"HostConfig\":{\"Binds\":\"/:/h\"}}", FLAW_WRONG_TYPE, "HostConfig.Binds" },
                { "{\"HostConfig\":{\"Binds\":[\"a\",\"b\",{}]}}", FLAW_WRONG_TYPE, "HostConfig.Binds[2]" },
                { "{\"HostConfig\":{\"CapAdd\":[1]}}", FLAW_WRONG_TYPE, "HostConfig.CapAdd[0]" },
                { "{\"HostConfig\":{\"CapAdd\":{}}}", FLAW_WRONG_TYPE, "HostConfig.CapAdd" },
                { "{\"HostConfig\":{\"Sysctls\":{\"a\":1}}}", FLAW_WRONG_TYPE, "HostConfig.Sysctls[a]" },
                { "{\"HostConfig\":{\"PortBindings\":{\"80/tcp\":[{\"HostIp\":0}]}}}", FLAW_WRONG_TYPE,
                  "HostConfig.PortBindings[80/tcp][0].HostIp" },
                { "{\"hostconfig\":{\"MEMORY\":1.5}}", FLAW_NUMBER_RANGE, "HostConfig.Memory" },
                { "{\"HostConfig\":{\"CapAdd\":\"ALL\"}}", FLAW_BARE_STRING, "HostConfig.CapAdd" },
                { "{\"Image\":\"a\",\"Image\":\"b\"}", FLAW_DUPLICATE_KEY, "Image" },
                { "{\"Image\":\"a\",\"User\":\"\",\"iMAGE\":null}", FLAW_DUPLICATE_KEY, "Image" },
                { "{\"HostConfig\":{\"Ma\xc5\xbfkedPaths\":[],\"MaskedPaths\":[]}}", FLAW_DUPLICATE_KEY,
                  "HostConfig.MaskedPaths" },
                { "{\"HostConfig\":{\"Sysctls\":{\"a\":\"1\",\"b\":\"2\",\"\\u0061\":\"1\"}}}", FLAW_DUPLICATE_KEY,
                  "HostConfig.Sysctls[a]" },
                { "{\"HostConfig\":{},\"hostconfig\":{\"Privileged\":true}}", FLAW_DUPLICATE_KEY, "HostConfig" },
                { "{\"Cpuset\":0}", FLAW_TOPLEVEL_HOSTCONFIG, "Cpuset" },
                { "{} {}", FLAW_TRAILING_DATA, "" },
                { "{}x", FLAW_TRAILING_DATA, "" },
                { "null null", FLAW_TRAILING_DATA, "" },
                { "", FLAW_MALFORMED_JSON, "" },
                { " ", FLAW_MALFORMED_JSON, "" },
                { "{", FLAW_MALFORMED_JSON, "" },
                { "{\"Image\"}", FLAW_MALFORMED_JSON, "Image" },
                { "{\"Image\":}", FLAW_MALFORMED_JSON, "Image" },
                { "{\"Image\":\"a\",}", FLAW_MALFORMED_JSON, "" },
                { "{\"Image\":\"a\" \"User\":\"b\"}", FLAW_MALFORMED_JSON, "Image" },
                { "{\"HostConfig\":{\"Binds\":[\"a\",]}}", FLAW_MALFORMED_JSON, "HostConfig.Binds[1]" },
                { "{\"HostConfig\":{\"Binds\":[\"a\"}}", FLAW_MALFORMED_JSON, "HostConfig.Binds[0]" },
                { "{\"x\":[1,{]}", FLAW_MALFORMED_JSON, "x" },
                { "{\"Image\":\"\xff\"}", FLAW_BAD_UTF8, "Image" },
                { "{\"x\":{\"y\":[\"\\ud800\"]}}", FLAW_BAD_UTF8, "x" },
                { "{\"HostConfig\":{\"Binds\":[\"\",\"\\u0000\"]}}", FLAW_NUL, "HostConfig.Binds[1]" },
                { "{\"HostConfig\":{\"CapAdd\":\"\\u0000\"}}", FLAW_NUL, "HostConfig.CapAdd" },
                { "{\"HostConfig\":{\"Any\":{\"\\u0000\":1}}}", FLAW_NUL, "HostConfig.Any" },
                { "{\"User\":[\"\\u0000\"]}", FLAW_NUL, "User" },
                { "{\"User\":\"a\",\"User\":\"\\u0000\"}", FLAW_NUL, "User" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                bool found = false;
                struct run run;

                run_start(&run, rows[i].text);
                for (size_t k = 0; k < run.flaws.n; ++k)
                        if (run.flaws.notes[k].flaw == rows[i].flaw) {
                                assert_string_equal(run.flaws.notes[k].where.p, rows[i].where);
                                found = true;
                        }
                if (!found)
                        fail_msg("%s", rows[i].text);
                run_end(&run);
        }
}

static void a_nul_in_a_key_is_seen(void **state) {
        struct run run;

        (void)state;
        run_start(&run, "{\"Image\\u0000\":\"x\"}");
        assert_true(flaws_have(&run.flaws, FLAW_NUL));
        assert_false(run.body.image.given);
        run_end(&run);
        run_start(&run, "{\"HostConfig\":{\"Sysctls\":{\"\\udc00\":\"x\"}}}");
        assert_true(flaws_have(&run.flaws, FLAW_BAD_UTF8));
        run_end(&run);
}

static void one_flaw_does_not_hide_the_next(void **state) {
        struct run run;

        (void)state;
        run_start(&run, "{\"Image\":{\"a\":[1]},\"HostConfig\":{\"Memory\":1e3,\"CapAdd\":\"X\",\"Binds\":[false,\"b\"],"
                        "\"Privileged\":true},\"Cpuset\":1,\"User\":\"u\"}");
        assert_int_equal(run.flaws.set, UINT64_C(1) << FLAW_WRONG_TYPE | UINT64_C(1) << FLAW_NUMBER_RANGE |
                                                UINT64_C(1) << FLAW_BARE_STRING | UINT64_C(1) << FLAW_TOPLEVEL_HOSTCONFIG);
        assert_true(run.body.host.privileged.value);
        assert_true(str_eqz(string_at(&run.body.host.cap_add, 0), "X"));
        assert_true(str_eqz(string_at(&run.body.host.binds, 1), "b"));
        assert_true(str_eqz(run.body.user.value, "u"));
        run_end(&run);
}

static void unknown_keys_are_counted_and_the_first_named(void **state) {
        struct run run;

        (void)state;
        run_start(&run, "{\"a\":1,\"HostConfig\":{\"b\":{},\"Mounts\":[{},{\"c\":[]}]},\"d\":0,\"n\":null,\"e\":2,\"f\":3,"
                        "\"Volumes\":{\"/v\":{\"g\":1}}}");
        assert_false(flaws_any(&run.flaws));
        assert_int_equal(run.report.n_unknown, 7);
        assert_string_equal(run.report.unknown[0].p, "a");
        assert_string_equal(run.report.unknown[1].p, "HostConfig.b");
        assert_string_equal(run.report.unknown[2].p, "HostConfig.Mounts[1].c");
        assert_string_equal(run.report.unknown[3].p, "d");
        run_end(&run);
}

static void places_stay_short(void **state) {
        struct run run;
        struct text t;

        (void)state;
        text_init(&t);
        text_addz(&t, "{\"HostConfig\":{\"Sysctls\":{\"");
        for (int i = 0; i < 100000; ++i)
                text_addz(&t, "\xc3\xa9");
        text_addz(&t, "\":1}}}");
        run_start(&run, t.p);
        assert_true(flaws_have(&run.flaws, FLAW_WRONG_TYPE));
        assert_true(run.flaws.notes[0].where.n <= 200);
        assert_true(str_starts(run.flaws.notes[0].where, STR_C("HostConfig.Sysctls[\xc3\xa9")));
        assert_true(str_ends(run.flaws.notes[0].where, STR_C("\xc3\xa9\xe2\x80\xa6]"))); /* cut between characters */
        run_end(&run);
        text_deinit(&t);
}

static void nests_up_to_the_limit(void **state) {
        (void)state;
        for (size_t depth = GOJSON_DEPTH - 2; depth <= GOJSON_DEPTH; ++depth) {
                struct text t;
                struct run run;

                text_init(&t);
                text_addz(&t, "{\"x\":");
                for (size_t i = 0; i < depth; ++i)
                        text_add_char(&t, '[');
                for (size_t i = 0; i < depth; ++i)
                        text_add_char(&t, ']');
                text_add_char(&t, '}');
                run_start(&run, t.p);
                assert_int_equal(flaws_have(&run.flaws, FLAW_TOO_DEEP), depth + 1 > GOJSON_DEPTH);
                run_end(&run);
                text_deinit(&t);
        }
}

/* A map of @n keys in no order; then, when @twice, one of them again. */
static void write_map(struct text *t, size_t n, bool twice) {
        text_addz(t, "{\"HostConfig\":{\"Sysctls\":{");
        for (size_t i = 0; i < n; ++i)
                text_addf(t, "%s\"%06zu\":\"\"", i ? "," : "", i * 7919 % n);
        if (twice)
                text_addf(t, ",\"%06zu\":\"\"", n / 3);
        text_addz(t, "}}}");
}

/* Four megabytes of keys must not take quadratic time; with it this test would run for minutes. */
static void many_keys_of_a_map_are_compared_fast(void **state) {
        static const size_t counts[] = { 1, 2, 15, 16, 17, 18, 30000 };

        (void)state;
        for (size_t k = 0; k < ARRAY_SIZE(counts); ++k)
                for (unsigned twice = 0; twice < 2; ++twice) {
                        struct text t;
                        struct run run;

                        text_init(&t);
                        write_map(&t, counts[k], twice);
                        run_limited(&run, text_str(&t), 64 << 20);
                        assert_int_equal(run.r, 0);
                        assert_int_equal(run.flaws.set, twice ? UINT64_C(1) << FLAW_DUPLICATE_KEY : 0);
                        assert_int_equal(run.body.host.sysctls.n, counts[k] + twice);
                        run_end(&run);
                        text_deinit(&t);
                }
}

static void a_full_arena_is_told(void **state) {
        struct text t;

        (void)state;
        text_init(&t);
        text_addz(&t, "{\"HostConfig\":{\"Binds\":[\"\\n\"");
        for (int i = 0; i < 1000; ++i)
                text_addz(&t, ",\"\\n\"");
        text_addz(&t, "]}}");
        for (size_t limit = 0; limit < 40000; limit += 97) {
                struct run run;

                run_limited(&run, text_str(&t), limit);
                assert_int_equal(run.r, -ENOMEM);
                assert_true(flaws_have(&run.flaws, FLAW_TOO_LARGE));
                run_end(&run);
        }
        text_deinit(&t);
}

/* What is damaged at random must neither crash nor pass for what it was: a text that differs and is still read without a
 * flaw has to be read to its end. */
static void damaged_bodies_are_survived(void **state) {
        static const struct str whole = STR(
                "{\"Image\":\"x\\u00e9\",\"User\":\"1:1\",\"Volumes\":{\"/v\":{}},\"HostConfig\":{\"Privileged\":false,"
                "\"Memory\":12,\"Binds\":[\"/a:/b\"],\"CapAdd\":\"ALL\",\"Mounts\":[{\"Type\":\"bind\"}],"
                "\"Sysctls\":{\"a\":\"b\"},\"PortBindings\":{\"1\":[{\"HostIp\":\"::\"}]},\"Any\":[{}]},\"x\":[[1]]}");
        static const char alphabet[] = "{}[]:,\"\\u0123eE+-. tfnPA\n\x01\xc5\xbf\xff";
        uint64_t seed = 6;
        size_t clean = 0;

        (void)state;
        for (int round = 0; round < 20000; ++round) {
                char buffer[512];
                struct str text = { buffer, whole.n };
                struct run run;

                memcpy(buffer, whole.p, whole.n);
                for (size_t n = dice(&seed, 4); n > 0; --n)
                        buffer[dice(&seed, text.n)] = alphabet[dice(&seed, sizeof(alphabet) - 1)];
                if (dice(&seed, 8) == 0)
                        text.n = dice(&seed, text.n);
                run_limited(&run, text, LIMIT);
                assert_int_equal(run.r, 0);
                assert_true(run.flaws.n <= FLAW_NOTES);
                for (size_t i = 0; i < run.flaws.n; ++i)
                        assert_true(run.flaws.notes[i].where.n <= 200);
                if (!flaws_have(&run.flaws, FLAW_MALFORMED_JSON) && !flaws_have(&run.flaws, FLAW_TRAILING_DATA)) {
                        assert_int_equal(text.n, whole.n);
                        ++clean;
                }
                run_end(&run);
        }
        assert_true(clean > 2000 && clean < 18000);
}

/* -- how much of one text -- */

/* "[v,v,v]", or "{"0":v,"1":v}". */
static void write_values(struct text *t, size_t n, bool map, const char *value) {
        text_add_char(t, map ? '{' : '[');
        for (size_t i = 0; i < n; ++i)
                if (map)
                        text_addf(t, "%s\"%zu\":%s", i ? "," : "", i, value);
                else
                        text_addf(t, "%s%s", i ? "," : "", value);
        text_add_char(t, map ? '}' : ']');
}

/* Whatever holds them: what is decoded, what no table knows, what is of a wrong type or stands twice. */
static void values_are_bounded_however_they_are_held(void **state) {
        static const struct {
                const char *before, *behind;
                bool map;
                size_t besides;    /* values beside those */
                const char *where; /* of the first too many */
        } rows[] = {
                { "{\"HostConfig\":{\"Binds\":", "}}", false, 0, "HostConfig.Binds[32768]" },
                { "{\"HostConfig\":{\"CapAdd\":", "}}", false, 0, "HostConfig.CapAdd[32768]" },
                { "{\"HostConfig\":{\"Sysctls\":", "}}", true, 0, "HostConfig.Sysctls[32768]" },
                { "{\"Volumes\":", "}", true, 0, "Volumes[32768]" },
                { "{\"HostConfig\":{\"PortBindings\":{\"1\":", "}}}", false, 1, "HostConfig.PortBindings[1]" },
                { "{\"HostConfig\":{\"Binds\":[\"a\",\"b\"],\"CapAdd\":", "}}", false, 2, "HostConfig.CapAdd[32766]" },
                { "{\"HostConfig\":{\"Any\":", "}}", false, 1, "HostConfig.Any" },
                { "{\"HostConfig\":{\"Any\":", "}}", true, 1, "HostConfig.Any" },
                { "{\"unknown\":", "}", false, 1, "unknown" },
                { "{\"unknown\":{\"a\":{\"b\":", "}}}", true, 3, "unknown" },
                { "{\"u\":[1,2],\"unknown\":", "}", false, 4, "unknown" },
                { "{\"u\":1,\"HostConfig\":{\"Binds\":", "}}", false, 1, "HostConfig.Binds[32767]" },
                { "{\"HostConfig\":{\"Memory\":", "}}", false, 1, "HostConfig.Memory" },
                { "{\"Image\":\"a\",\"image\":", "}", false, 1, "Image" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                for (size_t over = 0; over < 2; ++over) {
                        struct str where = { 0 };
                        struct run run;
                        struct text t;

                        text_init(&t);
                        text_addz(&t, rows[i].before);
                        write_values(&t, GOJSON_VALUES - rows[i].besides + over, rows[i].map, "null");
                        text_addz(&t, rows[i].behind);
                        run_limited(&run, text_str(&t), 64 << 20);
                        assert_int_equal(run.r, 0);
                        for (size_t k = 0; k < run.flaws.n; ++k)
                                if (run.flaws.notes[k].flaw == FLAW_TOO_LARGE)
                                        where = run.flaws.notes[k].where;
                        if (!str_eqz(where, over ? rows[i].where : ""))
                                fail_msg("%s: \"%" STR_FMT "\"", rows[i].before, STR_ARG(where));
                        run_end(&run);
                        text_deinit(&t);
                }
}

/* What a few bytes of text make large is bounded by its bytes. */
static void lists_are_bounded_by_what_they_take(void **state) {
        static const struct gojson_type wide = { .kind = GOJSON_STRUCT, .size = 1024 };
        static const struct gojson_type lists[] = {
                { .kind = GOJSON_LIST, .size = sizeof(struct go_list), .element = &wide },
                { .kind = GOJSON_MAP, .size = sizeof(struct go_list), .element = &wide },
        };
        static const size_t most[] = { (2 << 20) / 1024, (2 << 20) / (1024 + sizeof(struct str)) };

        (void)state;
        for (size_t map = 0; map < ARRAY_SIZE(lists); ++map)
                for (size_t over = 0; over < 2; ++over) {
                        struct flaws flaws = { 0 };
                        struct gojson_report report = { .flaws = &flaws };
                        struct go_list out = { 0 };
                        struct arena arena;
                        struct text t;

                        text_init(&t);
                        arena_init(&arena, 64 << 20);
                        write_values(&t, most[map] + over, map, "{}");
                        assert_int_equal(gojson_decode(&out, &lists[map], &arena, &report, text_str(&t), STR_C("top")),
                                         over ? -ENOMEM : 0);
                        assert_int_equal(flaws.set, over ? UINT64_C(1) << FLAW_TOO_LARGE : 0);
                        assert_int_equal(out.n, most[map]);
                        if (over)
                                assert_true(str_eqz(flaws.notes[0].where, "top"));
                        arena_deinit(&arena);
                        text_deinit(&t);
                }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(decodes_every_kind),
                cmocka_unit_test(null_and_absent_are_the_zero_value),
                cmocka_unit_test(keys_fold_as_in_go_and_no_further),
                cmocka_unit_test(keys_come_in_any_order),
                cmocka_unit_test(empty_values_are_read_with_and_without_white_space),
                cmocka_unit_test(a_key_that_differs_in_one_byte_is_another),
                cmocka_unit_test(integers_are_spelt_as_go_wants_them),
                cmocka_unit_test(each_flaw_is_named_with_its_place),
                cmocka_unit_test(a_nul_in_a_key_is_seen),
                cmocka_unit_test(one_flaw_does_not_hide_the_next),
                cmocka_unit_test(unknown_keys_are_counted_and_the_first_named),
                cmocka_unit_test(places_stay_short),
                cmocka_unit_test(nests_up_to_the_limit),
                cmocka_unit_test(many_keys_of_a_map_are_compared_fast),
                cmocka_unit_test(a_full_arena_is_told),
                cmocka_unit_test(values_are_bounded_however_they_are_held),
                cmocka_unit_test(lists_are_bounded_by_what_they_take),
                cmocka_unit_test(damaged_bodies_are_survived),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
