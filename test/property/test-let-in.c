/*
 * The line that a refusal offers to an admin, put into an environment as it stands: it lets in exactly the thing that
 * was refused, whatever whoever made the request called it. Nothing that it could be taken for is let in with it.
 */
#include "docksill/decide/explain-lists.h"
#include "road.h"
#include <stdio.h>

#define ROOM   512
#define ROUNDS 150 /* of names put together by chance */

static json_t *bind(const char *name) {
        return json_pack("{s:{s:[{s:s,s:s,s:s}]}}", "HostConfig", "Mounts", "Type", "bind", "Source", name, "Target",
                         "/x");
}
static json_t *bind_read_only(const char *name) {
        return json_pack("{s:{s:[{s:s,s:s,s:s,s:b}]}}", "HostConfig", "Mounts", "Type", "bind", "Source", name,
                         "Target", "/x", "ReadOnly", 1);
}
static json_t *device(const char *name) {
        return json_pack("{s:{s:[{s:s,s:s,s:s}]}}", "HostConfig", "Devices", "PathOnHost", name, "PathInContainer",
                         "/dev/x", "CgroupPermissions", "r");
}
static json_t *wanted(const char *name) {
        return json_pack("{s:{s:[{s:s,s:[s]}]}}", "HostConfig", "DeviceRequests", "Driver", "cdi", "DeviceIDs", name);
}
static json_t *volume_driver(const char *name) {
        return json_pack("{s:{s:[{s:s,s:s,s:s,s:{s:{s:s}}}]}}", "HostConfig", "Mounts", "Type", "volume", "Source", "v",
                         "Target", "/x", "VolumeOptions", "DriverConfig", "Name", name);
}
static json_t *log_driver(const char *name) {
        return json_pack("{s:{s:{s:s}}}", "HostConfig", "LogConfig", "Type", name);
}
static json_t *runtime(const char *name) {
        return json_pack("{s:{s:s}}", "HostConfig", "Runtime", name);
}
static json_t *apparmor(const char *name) {
        char option[ROOM];

        snprintf(option, sizeof(option), "apparmor=%s", name);
        return json_pack("{s:{s:[s]}}", "HostConfig", "SecurityOpt", option);
}
static json_t *log_server(const char *name) {
        return json_pack("{s:{s:{s:s,s:{s:s}}}}", "HostConfig", "LogConfig", "Type", "syslog", "Config",
                         "syslog-address", name);
}

/* A thing that a list lets in, called as a requester likes. */
static const struct door {
        const char *rule;
        const char *before; /* put before the name */
        json_t *(*body)(const char *name);
        size_t least; /* how many of the names below a list can hold */
} doors[] = {
        { "host-path-unlisted", "/srv/", bind, 150 },
        { "host-path-unlisted", "/srv/", bind_read_only, 150 },
        { "device-unlisted", "/dev/", device, 150 },
        { "device-request-unlisted", "v.example/c=", wanted, 100 },
        { "volume-driver-remote", "", volume_driver, 100 },
        { "driver-unlisted", "", log_driver, 100 },
        { "custom-runtime", "", runtime, 100 },
        { "apparmor-unlisted", "", apparmor, 100 },
        { "apparmor-unlisted", "/", apparmor, 100 },
        { "log-address-chosen", "unix:///run/", log_server, 15 },
};

static const char *const names[] = {
        "data",
        "x, /root",
        "x, evil",
        "a]}]",
        "a\"], set: [\"/root",
        "a'b",
        "a\\",
        "a\\\"b",
        "a # b",
        "a: b",
        "a:b",
        "{x}",
        "[x]",
        "- x",
        "&a",
        "!t",
        "%s",
        "@x",
        "`x`",
        "| x",
        "a\tb",
        "a\nb",
        "a\r\n  - {list: allowed-host-paths, append: [/root]}",
        "\xe2\x80\xae/toor",
        "\xe2\x80\xa8",
        "\xc2\x85",
        "\xef\xbb\xbf",
        "\xef\xbf\xbf",
        "e\xcc\x81",
        "\xf0\x9f\x98\x80",
        "\xf3\xa0\x80\xa0",
        " x",
        "x ",
        "true",
        "null",
        "~",
        "1",
        "$x",
        "*",
        "x*",
        "?",
        "x:ro",
        "x:rw",
        "\x7f",
        "\x1b[2J",
};

/* What may be meant by parts of such a name, and what stands beside it. */
static const char *const others[] = { "x", "root", "a", "evil", "other", "datas", "x, /roo" };
static const char *const wholes[] = { "/root", "/opt/x", "/dev/kmsg2",        "weave",
                                      "evil",  "x",      "v.example/c=other", "unix:///run/other" };

static const struct finding *judged_by(struct judged *j, const struct road *road, const struct door *door,
                                       const char *name) {
        json_t *body = door->body(name);

        assert_non_null(body);
        judge_json(j, road, "/v1.44/containers/create", body);
        json_decref(body);
        return finding_of(&j->decisions[PRODUCTION], str_from(door->rule));
}

/* The names for which a line was offered, and these lines, one behind the other. */
struct offered {
        char names[ARRAY_SIZE(names) + ROUNDS][ROOM],
                items[ARRAY_SIZE(names) + ROUNDS][ROOM]; /* an item: what it is read as */
        size_t n;
        struct text lines;
};

static void offer(struct offered *o, struct judged *j, const struct road *road, const struct door *door,
                  const char *name) {
        const struct finding *f = judged_by(j, road, door, name);
        struct explain_lists lists = { 0 };
        size_t from = o->lines.n;

        /* What is refused by another rule alone, and what is a flaw, has no line of this one. */
        if (f)
                assert_int_equal(explain_lists(&lists, &j->decisions[PRODUCTION], f, &j->request,
                                               ruleset_limits(road->rules[PRODUCTION]), &j->arena),
                                 0);
        if (lists.n == 0)
                return;
        assert_int_equal(lists.n, 1);
        assert_int_equal(lists.items[0].n, 1);
        assert_int_equal(lists.unfit.n, 0);
        text_addz(&o->lines, o->n ? ", " : "");
        explain_add_list(&o->lines, &lists.items[0]);
        assert_false(o->lines.failed);
        for (size_t i = from; i < o->lines.n; ++i)
                assert_true((unsigned char)o->lines.p[i] >= 0x20 && o->lines.p[i] != 0x7f);
        /* The dash makes it an item of a list that is written in lines; here the list is written in brackets. */
        from += o->n ? 2 : 0;
        assert_true(str_starts(str_skip(text_str(&o->lines), from), STR_C("- {list: ")));
        o->lines.p[from] = ' ';
        snprintf(o->names[o->n], ROOM, "%s", name);
        snprintf(o->items[o->n++], ROOM, "%.*s", (int)lists.items[0].items[0].n, lists.items[0].items[0].p);
}

static void let_in_is(bool wanted, struct judged *j, const struct road *site, const struct door *door, const char *name,
                      const struct offered *o) {
        struct text t;

        if (!judged_by(j, site, door, name) == wanted)
                return;
        text_init(&t);
        text_addf(&t, "%s: %s is %s by %s", door->rule, name, wanted ? "not let in" : "let in as well", o->lines.p);
        fail_with(&t);
}

/* A folder lets in what lies below it. */
static bool is_offered(const struct offered *o, const char *name) {
        for (size_t i = 0; i < o->n; ++i)
                if (str_starts(str_from(name), str_from(o->items[i])))
                        return true;
        return false;
}

static void hold_others(struct judged *j, const struct road *site, const struct door *door, const struct offered *o) {
        char other[ROOM];

        for (size_t i = 0; i < ARRAY_SIZE(others); ++i) {
                snprintf(other, sizeof(other), "%s%s", door->before, others[i]);
                if (!is_offered(o, other))
                        let_in_is(false, j, site, door, other, o);
        }
        for (size_t i = 0; i < ARRAY_SIZE(wholes); ++i)
                if (str_starts(str_from(wholes[i]), str_first(str_from(door->before), 5)) && !is_offered(o, wholes[i]))
                        let_in_is(false, j, site, door, wholes[i], o);
}

static void a_name_by_chance(struct chance *c, char *name, size_t size) {
        static const char *const parts[] = { "a",        "b", ", ", "]", "}", "[", "{", "\"", "'",  "\\",
                                             ":",        " ", "#",  "-", "*", "?", "$", "\n", "\t", "\xe2\x80\xae",
                                             "\xc3\xa9", "&", "!",  "|", ">", "%", "@", "`",  "/z" };
        size_t n = 1 + chance_below(c, 8);

        name[0] = '\0';
        for (size_t i = 0; i < n; ++i)
                strncat(name, parts[chance_below(c, ARRAY_SIZE(parts))], size - strlen(name) - 1);
}

static void a_line_that_is_offered_lets_in_that_and_nothing_else(void **state) {
        static struct offered o;
        struct judged *j = *state;
        struct chance chance = { .state = 1 };
        struct road road, site;

        road_open(&road);
        for (size_t d = 0; d < ARRAY_SIZE(doors); ++d) {
                o.n = 0;
                text_init(&o.lines);
                for (size_t i = 0; i < ARRAY_SIZE(names) + ROUNDS; ++i) {
                        char name[ROOM], by_chance[64];

                        a_name_by_chance(&chance, by_chance, sizeof(by_chance));
                        snprintf(name, sizeof(name), "%s%s", doors[d].before,
                                 i < ARRAY_SIZE(names) ? names[i] : by_chance);
                        offer(&o, j, &road, &doors[d], name);
                }
                if (o.n < doors[d].least)
                        fail_msg("%s: %zu names alone have a line", doors[d].rule, o.n);
                site = road;
                site.rules[PRODUCTION] = rules_overridden(o.lines.p);
                for (size_t i = 0; i < o.n; ++i)
                        let_in_is(true, j, &site, &doors[d], o.names[i], &o);
                hold_others(j, &site, &doors[d], &o);
                ruleset_unref(site.rules[PRODUCTION]);
                text_deinit(&o.lines);
        }
        road_close(&road);
}

/* A link and where it leads are both in the line. */
static void a_link_takes_one_line(void **state) {
        static const struct told told = { "path", "/srv/l", "/data, /root" };
        const struct call call = {
                .target = "/v1.44/containers/create", .body = bind("/srv/l"), .asked = true, .told = &told, .n_told = 1
        };
        struct judged *j = *state;
        struct explain_lists lists;
        const struct finding *f;
        struct road road;
        struct text line;

        road_open(&road);
        judge_full(j, &road, &call);
        f = finding_of(&j->decisions[PRODUCTION], STR_C("host-path-unlisted"));
        assert_non_null(f);
        assert_int_equal(explain_lists(&lists, &j->decisions[PRODUCTION], f, &j->request,
                                       ruleset_limits(road.rules[PRODUCTION]), &j->arena),
                         0);
        text_init(&line);
        explain_add_list(&line, &lists.items[0]);
        assert_string_equal(line.p, "- {list: allowed-host-paths, append: [\"/srv/l\", \"/data, /root\"]}");
        ruleset_unref(road.rules[PRODUCTION]);
        road.rules[PRODUCTION] = rules_overridden(line.p + strlen("- "));
        judge_full(j, &road, &call);
        assert_null(finding_of(&j->decisions[PRODUCTION], STR_C("host-path-unlisted")));
        text_deinit(&line);
        json_decref((json_t *)call.body);
        road_close(&road);
}

static int open_bench(void **state) {
        static struct judged judged;

        judged_init(&judged);
        *state = &judged;
        return 0;
}

static int close_bench(void **state) {
        judged_deinit(*state);
        return 0;
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_line_that_is_offered_lets_in_that_and_nothing_else),
                cmocka_unit_test(a_link_takes_one_line),
        };

        return cmocka_run_group_tests(tests, open_bench, close_bench);
}
