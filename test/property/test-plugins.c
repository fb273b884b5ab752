/*
 * Engine plugins are root, whatever they were granted: every route that installs, changes or starts one, with every
 * form of reference, is refused from production on, and so is every driver that is not Docker's own, by any name, at
 * every door that takes one. What a site lists, by digest or by name, is let in, and nothing that looks like it.
 */
#include "effects.h"
#include <stdio.h>

#define D1          "sha256:b4defc7ca9c287cf157302ae65abf6900c52cbccace54d47779b7c2e389a15d8"
#define D2          "sha256:1111111111111111111111111111111111111111111111111111111111111111"
#define TARGET_ROOM 512

static const char *const references[] = {
        "evil/p",
        "evil/p:1",
        "evil/p:latest",
        "evil/p@" D1,
        "evil/p:1@" D1,
        "p",
        "p:1",
        "library/p",
        "docker.io/p",
        "docker.io/evil/p",
        "docker.io/library/p@" D1,
        "index.docker.io/evil/p",
        "registry.example/evil/p",
        "registry.example:5000/evil/p:1",
        "127.0.0.1:5978/evil/p:1",
        "localhost/p",
        "localhost:5000/p@" D1,
        "[::1]:5000/p",
        "a/b/c/d:1",
        "vieux/sshfs",
        "vieux/sshfs:latest",
        "EVIL/p",
        "https://registry.example/p",
        "evil/p@sha256:1",
        "../p",
        "evil/p:",
        "b4defc7ca9c2",
        D1,
        "evil//p",
        " ",
        ":1",
        "@" D1,
};

/* One list for all tests of what a site lets in. */
#define SITE                                                                                                           \
        "{list: trusted-plugins, append: ['docker.io/vieux/sshfs@" D1 "', 'registry.example:5000/a/b@" D2 "']}, "      \
        "{list: trusted-drivers, append: [good, 'registry.example:5000/a/net:1.0']}"

static const struct {
        const char *reference;
        bool listed;
} listed[] = {
        { "docker.io/vieux/sshfs@" D1, true },
        { "vieux/sshfs@" D1, true },
        { "index.docker.io/vieux/sshfs@" D1, true },
        { "vieux/sshfs:latest@" D1, true }, /* dockerd pulls by the digest, whatever the tag */
        { "vieux/sshfs:3@" D1, true },
        { "registry.example:5000/a/b@" D2, true },
        { "registry.example:5000/a/b:9@" D2, true },
        { "vieux/sshfs", false },
        { "vieux/sshfs:latest", false },
        { "docker.io/vieux/sshfs", false },
        { "vieux/sshfs@" D2, false },
        { "vieux/sshfs2@" D1, false },
        { "evil/sshfs@" D1, false },
        { "sshfs@" D1, false },
        { "vieux/sshfs/x@" D1, false },
        { "x/vieux/sshfs@" D1, false },
        { "registry.example/vieux/sshfs@" D1, false },
        { "registry.example/a/b@" D2, false },
        { "registry.example:5001/a/b@" D2, false },
        { "a/b@" D2, false },
        { "VIEUX/sshfs@" D1, false },
        { "vieux/sshfs@SHA256:b4defc7ca9c287cf157302ae65abf6900c52cbccace54d47779b7c2e389a15d8", false },
        { "vieux/sshfs@" D1 "@" D1, false },
        { "vieux/sshfs@" D1 "/x", false },
        { "docker.io.example/vieux/sshfs@" D1, false },
};

struct bench {
        struct road road, site;
        struct judged judged;
};

static int open_bench(void **state) {
        static struct bench bench;

        road_open(&bench.road);
        bench.site = bench.road;
        bench.site.rules[PRODUCTION] = rules_overridden(SITE);
        judged_init(&bench.judged);
        *state = &bench;
        return 0;
}

static int close_bench(void **state) {
        struct bench *b = *state;

        judged_deinit(&b->judged);
        ruleset_unref(b->site.rules[PRODUCTION]);
        road_close(&b->road);
        return 0;
}

static const struct finding *told(const struct decision *d, const char *rule) {
        return finding_of(d, str_from(rule));
}

static void fail_plugin(struct bench *b, const char *target, const char *name, size_t environment, const char *what) {
        struct text t;

        text_init(&t);
        text_addf(&t, "%s, \"%s\" in %s: %s\n", target, name, environment_names[environment], what);
        findings_say(&t, &b->judged.decisions[environment]);
        fail_with(&t);
}

/* -- routes -- */

/* % stands for the reference, escaped. What @installed tells is what the engine says of a plugin that is there. */
static const struct route {
        const char *target, *body; /* body NULL: none; of a service % stands in it */
        const char *rule;
        bool hard, by_inspection; /* by_inspection: what counts is where the plugin came from */
} routes[] = {
        { "/v1.44/plugins/pull?remote=%", "[]", "plugin-untrusted", true, false },
        { "/v1.44/plugins/pull?remote=%&name=harmless", "[]", "plugin-untrusted", true, false },
        { "/v1.24/plugins/pull?name=&remote=%", "null", "plugin-untrusted", true, false },
        /* Of two the first counts, as with Go. */
        { "/plugins/pull?remote=%&remote=evil/p", "[]", "plugin-untrusted", true, false },
        { "/v1.44/plugins/harmless/upgrade?remote=%", "[]", "plugin-untrusted", true, false },
        { "/v1.51/plugins/vieux/sshfs:latest/upgrade?remote=%", "[]", "plugin-untrusted", true, false },
        { "/v1.44/services/create",
          "{'TaskTemplate':{'Runtime':'plugin','PluginSpec':{'name':'harmless','remote':'%'}}}", "plugin-untrusted",
          true, false },
        { "/v1.44/services/create", "{'TaskTemplate':{'Runtime':'plugin','PluginSpec':{'remote':'%','disabled':true}}}",
          "plugin-untrusted", true, false },
        { "/services/s/update?version=7", "{'tasktemplate':{'runtime':'plugin','pluginspec':{'Remote':'%'}}}",
          "plugin-untrusted", true, false },
        { "/v1.44/plugins/p/set", "['DEBUG=1']", "plugin-untrusted", true, true },
        { "/v1.44/plugins/p/set", "[]", "plugin-untrusted", true, true },
        { "/v1.44/plugins/p/enable?timeout=0", NULL, "plugin-enable", false, true },
        { "/plugins/p/enable", NULL, "plugin-enable", false, true },
};

static void add_escaped(struct text *t, const char *text) {
        for (const char *p = text; *p; ++p)
                if (strchr(" []@:/+&=%#\"", *p))
                        text_addf(t, "%%%02X", (unsigned)(unsigned char)*p);
                else
                        text_add_char(t, *p);
}

static void add_filled(struct text *t, const char *pattern, const char *reference, bool escaped) {
        for (const char *p = pattern; *p; ++p)
                if (*p != '%')
                        text_add_char(t, *p);
                else if (escaped)
                        add_escaped(t, reference);
                else
                        text_addz(t, reference);
}

static json_t *json_quoted(const char *text) {
        cleanup_(text_deinit) struct text t;
        json_t *json;

        text_init(&t);
        for (const char *p = text; *p; ++p)
                text_add_char(&t, *p == '\'' ? '"' : *p);
        json = json_loads(t.p, JSON_DECODE_ANY, NULL);
        if (!json)
                fail_msg("no JSON: %s", text);
        return json;
}

/* @asked: lookups are on; @came_from: of the plugin called p, "" for none of that name, NULL for an engine that is
 * silent. */
static void judge_route(struct bench *b, const struct road *road, const struct route *route, const char *reference,
                        bool asked, const char *came_from) {
        cleanup_(text_deinit) struct text target, body, answer;
        struct told told = { "plugin", "p", NULL };
        json_t *json = NULL;

        text_init(&target);
        text_init(&body);
        text_init(&answer);
        add_filled(&target, route->target, reference, true);
        if (route->body) {
                add_filled(&body, route->body, reference, false);
                json = json_quoted(body.p);
        }
        text_addz(&answer, "{\"Id\":\"aa\",\"Name\":\"p:latest\",\"Enabled\":false,\"PluginReference\":");
        text_add_json(&answer, str_from(came_from ? came_from : ""));
        text_add_char(&answer, '}');
        told.says = came_from ? answer.p : NULL;
        judge_full(&b->judged, road,
                   &(struct call){ .target = target.p,
                                   .body = json,
                                   .asked = asked,
                                   .told = &told,
                                   .n_told = !came_from || came_from[0] });
        json_decref(json);
}

static void assert_refused(struct bench *b, const struct route *route, const char *reference) {
        for (size_t i = 0; i < ENVIRONMENTS; ++i) {
                const struct decision *d = &b->judged.decisions[i];
                const struct finding *f = told(d, route->rule);

                if (flaws_any(&b->judged.request.flaws) && d->gate == GATE_HARD)
                        continue;
                if (!f || f->severity < SEVERITY_HIGH)
                        fail_plugin(b, route->target, reference, i, route->rule);
                if (i >= PRODUCTION && (d->would != VERDICT_DENY || f->hard != route->hard))
                        fail_plugin(b, route->target, reference, i, "is not refused as it should be");
        }
}

static void every_route_is_refused_with_every_reference(void **state) {
        struct bench *b = *state;

        for (size_t i = 0; i < ARRAY_SIZE(routes); ++i)
                for (size_t k = 0; k < ARRAY_SIZE(references); ++k) {
                        judge_route(b, &b->road, &routes[i], references[k], false, NULL);
                        assert_refused(b, &routes[i], references[k]);
                        judge_route(b, &b->road, &routes[i], references[k], true, references[k]);
                        assert_refused(b, &routes[i], references[k]);
                }
}

/* No plugin's name, no reference: an archive. */
static void an_archive_is_refused(void **state) {
        static const char *const names[] = {
                "p", "p:1", "vieux/sshfs", "docker.io/vieux/sshfs", "registry.example:5000/a/b", "b4defc7ca9c2"
        };
        struct bench *b = *state;

        for (size_t i = 0; i < ARRAY_SIZE(names); ++i) {
                struct route route = { .target = "/v1.44/plugins/create?name=%",
                                       .rule = "plugin-untrusted",
                                       .hard = true };
                cleanup_(text_deinit) struct text target;

                text_init(&target);
                add_filled(&target, route.target, names[i], true);
                for (size_t k = 0; k < 2; ++k) {
                        judge_full(
                                &b->judged, k ? &b->site : &b->road,
                                &(struct call){ .target = target.p, .type = "application/x-tar", .length = "10240" });
                        assert_refused(b, &route, names[i]);
                }
        }
}

/* An engine compares the word as it stands, and knows no other. */
static void a_service_of_another_kind_is_refused_in_production(void **state) {
        static const char *const kinds[] = { "Plugin",     "PLUGIN",  "plugin ",    " plugin",  "plugins",
                                             "attachment", "generic", "container ", "Container" };
        struct bench *b = *state;

        for (size_t i = 0; i < ARRAY_SIZE(kinds); ++i) {
                json_t *body = json_pack("{s:{s:s,s:{s:s}}}", "TaskTemplate", "Runtime", kinds[i], "PluginSpec",
                                         "remote", "vieux/sshfs@" D1);

                judge_json(&b->judged, &b->site, "/v1.44/services/create", body);
                for (size_t k = PRODUCTION; k < ENVIRONMENTS; ++k)
                        if (b->judged.decisions[k].would != VERDICT_DENY ||
                            !told(&b->judged.decisions[k], "request-unknown-value"))
                                fail_plugin(b, "service", kinds[i], k, "is not refused");
                json_decref(body);
        }
}

/* -- what a site lists -- */

static void assert_listed(struct bench *b, const struct route *route, const char *reference, bool passes) {
        const struct decision *d = &b->judged.decisions[PRODUCTION];

        if (!told(d, route->rule) != passes || (d->would != VERDICT_DENY) != passes)
                fail_plugin(b, route->target, reference, PRODUCTION, "is not judged as the site has it");
}

static void a_listed_digest_is_let_in_and_nothing_beside_it(void **state) {
        struct bench *b = *state;

        for (size_t i = 0; i < ARRAY_SIZE(routes); ++i)
                for (size_t k = 0; k < ARRAY_SIZE(listed); ++k) {
                        const char *reference = listed[k].reference;

                        /* The engine says what it pulled, in its own words. */
                        if (routes[i].by_inspection && listed[k].listed &&
                            strcmp(reference, "docker.io/vieux/sshfs@" D1) != 0)
                                continue;
                        judge_route(b, &b->site, &routes[i], reference, routes[i].by_inspection, reference);
                        assert_listed(b, &routes[i], reference, listed[k].listed);
                }
}

/* Of what is there already, the engine's word alone counts. */
static void where_nobody_tells_nothing_is_let_in(void **state) {
        struct bench *b = *state;

        for (size_t i = 0; i < ARRAY_SIZE(routes); ++i) {
                if (!routes[i].by_inspection)
                        continue;
                judge_route(b, &b->site, &routes[i], "", false, NULL); /* lookups are off */
                assert_listed(b, &routes[i], "off", false);
                judge_route(b, &b->site, &routes[i], "", true, NULL); /* nobody answers */
                assert_refused(b, &routes[i], "silent");
                judge_route(b, &b->site, &routes[i], "", true, ""); /* there is none */
                assert_listed(b, &routes[i], "none", false);
        }
}

/* However it was let in: a folder of the host is another matter. */
static void what_is_granted_is_refused_all_the_same(void **state) {
        static const char *const granted[] = { "[{'Name':'mount','Value':['/srv']}]",
                                               "[{'Name':'capabilities','Value':['CAP_SYS_ADMIN']}]",
                                               "[{'Name':'network','Value':['host']}]",
                                               "[{'Name':'device','Value':['/dev/fuse']}]",
                                               "[{'Name':'allow-all-devices','Value':['true']}]",
                                               "[{'name':'host pid namespace','VALUE':['true']}]",
                                               "[{},{'Name':'mount','Value':['a','/']}]" };
        struct bench *b = *state;

        for (size_t i = 0; i < ARRAY_SIZE(granted); ++i) {
                json_t *body = json_quoted(granted[i]);

                judge_json(&b->judged, &b->site, "/v1.44/plugins/pull?remote=vieux/sshfs@" D1, body);
                for (size_t k = 0; k < ENVIRONMENTS; ++k)
                        if (!told(&b->judged.decisions[k], "plugin-privileges") ||
                            b->judged.decisions[k].gate != GATE_HARD)
                                fail_plugin(b, "pull", granted[i], k, "is not refused");
                json_decref(body);
        }
}

/* -- drivers -- */

static const struct {
        const char *door;
        const char *own[8]; /* Docker's */
} driver_doors[] = {
        { "VolumeOptions", { "local" } },
        { "VolumeDriver of Binds", { "local" } },
        { "VolumeDriver of Volumes", { "local" } },
        { "VolumeDriver of the image's volumes", { "local" } },
        { "Binds of a named volume", { "local" } },
        { "VolumesFrom of a named volume", { "local" } },
        { "service VolumeOptions", { "local" } },
        { "volume", { "local" } },
        { "start of a named volume", { "local" } },
        { "network", { "bridge", "overlay", "macvlan", "ipvlan", "null", "host" } },
        { "network's addresses", { "default", "null" } },
        { "secret", { NULL } },
        { "LogConfig", { "local", "journald", "json-file", "none", "etwlogs" } },
        { "service LogDriver", { "local", "journald", "json-file" } },
        { "swarm LogDriver", { "local", "journald", "json-file" } },
};

static const char *const drivers[] = {
        "evil",
        "evil:latest",
        "evil:1",
        "x/evil",
        "registry.example:5000/a/evil:1.0",
        "docker.io/x/evil",
        "local:latest",
        "Local",
        "LOCAL",
        " local",
        "local ",
        "local/",
        "bridge:latest",
        "Bridge",
        "default:latest",
        "json-file:latest",
        "Journald",
        "none:latest",
        "../x",
        "a/../../x",
        "..",
        "...",
        "../../../var/lib/docker/volumes/v/_data/x",
        "local/../x",
        "/etc/x",
        "/",
        "evil@" D1,
        "b4defc7ca9c2",
        "a",
        "good2",
        "Good",
        "good:1",
        "../good",
        "good/",
        "x/good",
        "goo",
        "registry.example:5000/a/net",
        "registry.example:5000/a/net:1.1",
        "registry.example/a/net:1.0",
};

/* By the site's list too: none of these is on it. */
static void a_driver_that_is_not_dockers_is_refused(void **state) {
        const struct effect *effect = effect_named("a driver of somebody's");
        struct bench *b = *state;

        for (size_t i = 0; i < ARRAY_SIZE(driver_doors) * ARRAY_SIZE(drivers); ++i) {
                const struct door *door = door_named(effect, driver_doors[i / ARRAY_SIZE(drivers)].door);
                const char *name = drivers[i % ARRAY_SIZE(drivers)];
                bool outside = strstr(name, "..") != NULL;

                door_judge(&b->judged, &b->site, door, name, AS_DOCKER_DOES, true);
                for (size_t k = 0; k < ENVIRONMENTS; ++k) {
                        const struct decision *d = &b->judged.decisions[k];

                        if ((outside || k >= PRODUCTION) && d->would != VERDICT_DENY)
                                fail_plugin(b, door->name, name, k, "is not refused");
                        if (!told(d, "volume-driver-remote") && !told(d, "driver-unlisted") &&
                            !told(d, "driver-outside-plugins"))
                                fail_plugin(b, door->name, name, k, "is not told");
                }
        }
        for (const struct door *door = effect->doors; door->name; ++door) {
                bool tried = false;

                for (size_t i = 0; i < ARRAY_SIZE(driver_doors); ++i)
                        tried = tried || strcmp(driver_doors[i].door, door->name) == 0;
                if (!tried)
                        fail_msg("%s: whose are Docker's own there?", door->name);
        }
}

static void dockers_own_and_listed_drivers_are_let_through(void **state) {
        static const char *const names[] = { "good", "good:latest", "registry.example:5000/a/net:1.0" };
        const struct effect *effect = effect_named("a driver of somebody's");
        struct bench *b = *state;

        for (size_t i = 0; i < ARRAY_SIZE(driver_doors) * 11; ++i) {
                const struct door *door = door_named(effect, driver_doors[i / 11].door);
                const char *name = i % 11 < 8 ? driver_doors[i / 11].own[i % 11] : names[i % 11 - 8];

                if (!name)
                        continue;
                door_judge(&b->judged, &b->site, door, name, AS_DOCKER_DOES, true);
                if (told(&b->judged.decisions[PRODUCTION], "volume-driver-remote") ||
                    told(&b->judged.decisions[PRODUCTION], "driver-unlisted"))
                        fail_plugin(b, door->name, name, PRODUCTION, "is not let through");
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_route_is_refused_with_every_reference),
                cmocka_unit_test(an_archive_is_refused),
                cmocka_unit_test(a_service_of_another_kind_is_refused_in_production),
                cmocka_unit_test(a_listed_digest_is_let_in_and_nothing_beside_it),
                cmocka_unit_test(where_nobody_tells_nothing_is_let_in),
                cmocka_unit_test(what_is_granted_is_refused_all_the_same),
                cmocka_unit_test(a_driver_that_is_not_dockers_is_refused),
                cmocka_unit_test(dockers_own_and_listed_drivers_are_let_through),
        };

        return cmocka_run_group_tests(tests, open_bench, close_bench);
}
