/*
 * What decides about requests and what remembers the decisions is out of reach: each place of docksill's own, as
 * shipped and where the settings have moved it, through each door of a request and in each spelling, in every
 * environment.
 */
#include "frame/setup.h"
#include "road.h"
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* `$` is the path, `'` a quote. */
#define C     "/v1.41/containers/create"
#define BOUND "{'Mounts':[{'Type':'bind','Source':'$','Destination':'/d','RW':%s}]}"
#define LOCAL "'Driver':'local','Options':{'type':'none','o':'bind','device':'$'}"

static const struct door {
        const char *name, *target, *body; /* body: NULL: none */
        const char *told[4];              /* what is looked up: kind, name, kind, name; */
        const char *says[2];              /* and what the engine says of them */
        const char *method;               /* NULL: POST */
        bool grants;                      /* refused whatever it is, by another rule */
} doors[] = {
        { "Binds", C, "{'Image':'a','HostConfig':{'Binds':['$:/d']}}" },
        { "Binds, read-only", C, "{'Image':'a','HostConfig':{'Binds':['$:/d:ro']}}" },
        { "Mounts", C, "{'Image':'a','HostConfig':{'Mounts':[{'Type':'bind','Source':'$','Target':'/d'}]}}" },
        { "Mounts, read-only", C,
          "{'Image':'a','HostConfig':{'Mounts':[{'Type':'bind','Source':'$','Target':'/d','ReadOnly':true}]}}" },
        { "Mounts, a local volume", C,
          "{'Image':'a','HostConfig':{'Mounts':[{'Type':'volume','Target':'/"
          "d','VolumeOptions':{'DriverConfig':{'Name':'local',"
          "'Options':{'type':'none','o':'bind','device':'$'}}}}]}}" },
        { "a volume that is one",
          C,
          "{'Image':'a','HostConfig':{'Binds':['v:/d']}}",
          { "volume", "v" },
          { "{'Name':'v'," LOCAL "}" } },
        { "VolumesFrom", C, "{'Image':'a','HostConfig':{'VolumesFrom':['t']}}", { "container", "t" }, { BOUND } },
        { "PidMode", C, "{'Image':'a','HostConfig':{'PidMode':'container:t'}}", { "container", "t" }, { BOUND } },
        { "a link", C, "{'Image':'a','HostConfig':{'Binds':['/srv/link:/d:ro']}}", { "path", "/srv/link" }, { "$" } },
        { "volume create", "/v1.41/volumes/create",
          "{'Name':'v','Driver':'local','DriverOpts':{'o':'bind','device':'$'}}" },
        { "volume create, relative", "/v1.41/volumes/create",
          "{'Name':'v','DriverOpts':{'type':'none','o':'rbind,ro','device':'.$'}}" },
        { "service create", "/v1.41/services/create",
          "{'Name':'s','TaskTemplate':{'ContainerSpec':{'Image':'a','Mounts':[{'Type':'bind','Source':'$','Target':'/"
          "d'}]}}}" },
        { "service update", "/v1.41/services/s/update?version=1",
          "{'Name':'s','TaskTemplate':{'ContainerSpec':{'Image':'a','Mounts':[{'Type':'volume','Source':'v','Target':'/"
          "d',"
          "'VolumeOptions':{'DriverConfig':{'Name':'local','Options':{'o':'bind','device':'$'}}}}]}}}" },
        { "start", "/v1.41/containers/t/start", NULL, { "container", "t" }, { BOUND } },
        { "restart", "/v1.41/containers/t/restart", NULL, { "container", "t" }, { BOUND } },
        { "exec", "/v1.41/containers/t/exec", "{'Cmd':['id']}", { "container", "t" }, { BOUND } },
        { "exec start",
          "/v1.41/exec/e/start",
          "{'Detach':true}",
          { "exec", "e", "container", "t" },
          { "{'ContainerID':'t'}", BOUND } },
        { "attach", "/v1.41/containers/t/attach?stdin=1&stream=1", NULL, { "container", "t" }, { BOUND } },
        { "copy in", "/v1.41/containers/t/archive?path=/d", NULL, { "container", "t" }, { BOUND }, "PUT" },
        { "copy out", "/v1.41/containers/t/archive?path=/d", NULL, { "container", "t" }, { BOUND }, "GET" },
        { "export", "/v1.41/containers/t/export", NULL, { "container", "t" }, { BOUND }, "GET" },
        { "commit", "/v1.41/commit?container=t", "{}", { "container", "t" }, { BOUND } },
        { "checkpoint", "/v1.41/containers/t/checkpoints", "{'CheckpointID':'c','CheckpointDir':'$'}" },
        { "checkpoint delete", "/v1.41/containers/t/checkpoints/c?dir=$", NULL, .method = "DELETE" },
        { "checkpoint list", "/v1.41/containers/t/checkpoints?dir=$", NULL, .method = "GET" },
        { "checkpoint start", "/v1.41/containers/t/start?checkpoint=c&checkpoint-dir=$", NULL },
        { "plugin set", "/v1.41/plugins/p/set", "['state.source=$']" },
        { "plugin pull", "/v1.41/plugins/pull?remote=x/y&name=p", "[{'Name':'mount','Value':['$']}]", .grants = true },
        { "old start", "/v1.23/containers/t/start", "{'Binds':['$:/d']}", .grants = true },
};

/* As in a package. */
static const char *const shipped[] = {
        "/etc/docksill",
        "/etc/docksill/docksill.yaml",
        "/etc/docksill/exemptions/a.yaml",
        "/usr/share/docksill/rules",
        "/usr/bin/docksill",
        "/run/docksill/control.sock",
        "/run/docker/plugins/docksill.sock",
        "/var/run/docker/plugins",
        "/var/lib/docksill/last-good",
        "/var/log/docksill",
        "/var/log/docksill/decisions.jsonl.1.gz",
        "/var/log/docksill/captured",
        "/etc/docker/daemon.json",
        "/etc/docker/plugins/docksill.spec",
        "/usr/lib/docker/plugins",
        "/etc/systemd/system/docksill.service.d",
        "/lib/systemd/system/docksill.socket",
        "/run/systemd/system/docksill.service.d",
        "/etc/systemd/system/docker.service",
        "/etc/default/docker",
        "/etc/sysconfig/docker",
        "/etc/logrotate.d/docksill",
};

/* Below the folder of the test; `real` is where the link `state` leads. */
static const char *const moved[] = { "docksill.yaml",
                                     "rules",
                                     "rules/container/mounts.yaml",
                                     "lifts",
                                     "door/docksill.sock",
                                     "told/control.sock",
                                     "state",
                                     "real/last-good",
                                     "decisions",
                                     "decisions.1.gz",
                                     "decisions-20260101",
                                     "captured/0/1.json",
                                     "site.yaml",
                                     "scans/sha256-0.json",
                                     "ignore.yaml" };

struct bench {
        struct road road;
        struct judged judged;
        char folder[64];
        struct text wrong;
        size_t calls;
};

/* -- the settings -- */

static void write_file(const struct bench *b, const char *name, const char *form, const char *word) {
        char path[200];
        FILE *f;

        snprintf(path, sizeof(path), "%s/%s", b->folder, name);
        f = fopen(path, "w");
        assert_non_null(f);
        fprintf(f, form, word);
        assert_int_equal(fclose(f), 0);
}

static void make(const struct bench *b, const char *name, const char *leads_to) {
        char path[200];

        snprintf(path, sizeof(path), "%s/%s", b->folder, name);
        assert_int_equal(leads_to ? symlink(leads_to, path) : mkdir(path, 0700), 0);
}

/* The settings that @b's folder holds, over each environment. */
static void load(struct bench *b, size_t i) {
        char config[200], environment[200];
        const struct config_flags flags = { .config = config, .environment = environment };
        struct setup setup;
        struct ruleset_options options;

        write_file(b, "site.yaml", "docksill: v1\nkind: environment\nname: site\nextends: %s\n", environment_names[i]);
        snprintf(config, sizeof(config), "%s/docksill.yaml", b->folder);
        snprintf(environment, sizeof(environment), "%s/site.yaml", b->folder);
        assert_int_equal(setup_read(&setup, &flags), EXIT_FINE);
        setup.in_use.serving = true;
        options = (struct ruleset_options){ .rules = setup.config.rules, .environment = environment };
        assert_int_equal(setup_ruleset(&b->road.rules[i], &setup, options, &setup.diag), 0);
        setup_close(&setup);
}

static int open_bench(void **state) {
        static struct bench b; /* cmocka's state outlives this function */
        char *rules = realpath(RULES, NULL);

        b = (struct bench){ .folder = "/tmp/docksill-own-XXXXXX" };
        assert_non_null(mkdtemp(b.folder));
        text_init(&b.wrong);
        make(&b, "rules", rules);
        free(rules);
        make(&b, "real", NULL);
        make(&b, "state", "real");
        make(&b, "lifts", NULL);
        make(&b, "scans", NULL);
        write_file(&b, "ignore.yaml", "docksill: v1\nkind: scan-ignore\nignore: []\n%s", "");
        write_file(&b, "docksill.yaml",
                   "docksill: v1\nkind: configuration\nrules: rules\nexemptions: lifts\nstate: state\n"
                   "socket: door/docksill.sock\ncontrol: %1$s/told/control.sock\nrecords: {file: decisions}\ncapture: "
                   "{folder: %1$s/captured}\n"
                   "scans: {folder: %1$s/scans, ignore: %1$s/ignore.yaml}\n",
                   b.folder);
        for (size_t i = 0; i < ENVIRONMENTS; ++i)
                load(&b, i);
        judged_init(&b.judged);
        *state = &b;
        return 0;
}

static int remove_one(const char *path, unused_ const struct stat *st, unused_ int type, unused_ struct FTW *ftw) {
        return remove(path);
}

static int close_bench(void **state) {
        struct bench *b = *state;

        nftw(b->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
        judged_deinit(&b->judged);
        road_close(&b->road);
        return 0;
}

/* -- the calls -- */

static char *filled(struct arena *arena, const char *form, const char *path, bool read_only) {
        struct text t;

        text_init_arena(&t, arena);
        for (const char *p = form; *p; ++p)
                if (*p == '$')
                        text_addz(&t, path);
                else if (strncmp(p, "%s", 2) == 0)
                        text_addz(&t, read_only ? "false" : "true"), ++p;
                else
                        text_add_char(&t, *p == '\'' ? '"' : *p);
        assert_false(t.failed);
        return t.p;
}

static void judge_door(struct bench *b, const struct door *door, const char *path, bool read_only) {
        cleanup_(arena_deinit) struct arena arena;
        struct told told[2];
        struct call call = { .method = door->method, .asked = true, .told = told };
        json_error_t error;
        json_auto_t *body = NULL;

        arena_init(&arena, 1 << 20);
        call.target = filled(&arena, door->target, path, read_only);
        if (door->body)
                body = json_loads(filled(&arena, door->body, path, read_only), JSON_DECODE_ANY, &error);
        assert_true(!door->body == !body);
        call.body = body;
        for (size_t i = 0; i < 2 && door->told[2 * i]; ++i)
                told[call.n_told++] = (struct told){ door->told[2 * i], door->told[2 * i + 1],
                                                     filled(&arena, door->says[i], path, read_only) };
        judge_full(&b->judged, &b->road, &call);
        ++b->calls;
}

/* A finding that no exemption lifts, and that refuses everywhere. */
static bool is_kept(const struct decision *d) {
        for (size_t i = 0; i < d->n_findings; ++i)
                if (str_starts(d->findings[i].rule->id, STR_C("self-protection")))
                        return d->gate == GATE_HARD && d->would == VERDICT_DENY && !d->allow;
        return false;
}

static bool is_refused(const struct decision *d) {
        return d->gate == GATE_HARD && d->would == VERDICT_DENY && !d->allow;
}

static void expect_kept(struct bench *b, const struct door *door, const char *path) {
        for (size_t i = 0; i < ENVIRONMENTS; ++i) {
                const struct decision *d = &b->judged.decisions[i];

                if (door->grants ? is_refused(d) : is_kept(d))
                        continue;
                text_addf(&b->wrong, "%s, %s, %s: ", path, door->name, environment_names[i]);
                findings_say(&b->wrong, d);
                text_add_char(&b->wrong, '\n');
        }
}

static void end(struct bench *b) {
        struct text wrong = b->wrong;

        text_init(&b->wrong);
        if (wrong.n)
                fail_with(&wrong);
}

/* As it is, what lies below, and detours that the engine cleans away. */
static void each_spelling(struct bench *b, const char *path) {
        static const char *const forms[] = { "%s", "%s/", "%s/below", "/%s", "/tmp/..%s", "%s/./x/.." };

        for (size_t f = 0; f < ARRAY_SIZE(forms); ++f) {
                char spelt[300];

                snprintf(spelt, sizeof(spelt), forms[f], path);
                for (size_t d = 0; d < ARRAY_SIZE(doors); ++d) {
                        if (doors[d].told[0] && f > 0)
                                continue; /* what the engine or the host tells is clean */
                        judge_door(b, &doors[d], spelt, true);
                        expect_kept(b, &doors[d], spelt);
                }
        }
}

static void what_is_shipped_is_out_of_reach(void **state) {
        struct bench *b = *state;

        for (size_t i = 0; i < ARRAY_SIZE(shipped); ++i)
                each_spelling(b, shipped[i]);
        end(b);
}

static void what_was_moved_is_out_of_reach(void **state) {
        struct bench *b = *state;
        char path[200], real[4096];

        for (size_t i = 0; i < ARRAY_SIZE(moved); ++i) {
                snprintf(path, sizeof(path), "%s/%s", b->folder, moved[i]);
                each_spelling(b, path);
        }
        assert_non_null(realpath(RULES, real)); /* what the link to the rules leads to */
        each_spelling(b, real);
        assert_non_null(realpath("/proc/self/exe", real)); /* the program that judges */
        each_spelling(b, real);
        end(b);
}

/* Writable, a folder above is as good; of a socket also read-only, for connecting writes nothing. */
static void nor_is_a_folder_above(void **state) {
        static const size_t binds = 0, read_only = 1;
        struct bench *b = *state;
        static const char *const above[] = { "/etc", "/usr/share", "/var/lib", "/var/log", "/var", "/run", "/usr/bin" };
        char path[200];

        for (size_t i = 0; i < ARRAY_SIZE(above); ++i) {
                judge_door(b, &doors[binds], above[i], false);
                expect_kept(b, &doors[binds], above[i]);
        }
        judge_door(b, &doors[binds], b->folder, false);
        expect_kept(b, &doors[binds], b->folder);
        snprintf(path, sizeof(path), "%s/door", b->folder);
        judge_door(b, &doors[read_only], path, true);
        for (size_t i = 0; i < ENVIRONMENTS; ++i)
                assert_true(is_refused(&b->judged.decisions[i]));
        end(b);
}

/* One that fires on everything would pass all of the above. */
static void what_lies_beside_is_nobodys_business(void **state) {
        struct bench *b = *state;
        static const char *const beside[] = { "/etc/docksill.d", "/var/lib/docksill-data", "/srv/app",
                                              "/var/log/docksills" };
        char path[200];

        for (size_t i = 0; i < ARRAY_SIZE(beside); ++i)
                for (size_t d = 0; d < ARRAY_SIZE(doors); ++d) {
                        judge_door(b, &doors[d], beside[i], true);
                        assert_false(is_kept(&b->judged.decisions[DEVELOPMENT]));
                }
        snprintf(path, sizeof(path), "%s/decisionsX", b->folder);
        judge_door(b, &doors[0], path, false);
        assert_false(is_kept(&b->judged.decisions[DEVELOPMENT]));
}

/* By its name, as it is written in daemon.json or may be. */
static void docksill_as_a_plugin_is_out_of_reach(void **state) {
        static const struct door rows[] = {
                { "disable", "/v1.41/plugins/docksill/disable?force=1", NULL },
                { "disable by its tag", "/v1.41/plugins/docksill:latest/disable", NULL },
                { "enable", "/v1.41/plugins/docksill/enable?timeout=0", NULL },
                { "remove", "/v1.41/plugins/registry.example/a/docksill:2?force=1", NULL, .method = "DELETE" },
                { "set", "/v1.41/plugins/docksill/set", "['A=b']" },
                { "upgrade", "/v1.41/plugins/docksill/upgrade?remote=x/docksill:2", "[]" },
                { "install in its place", "/v1.41/plugins/pull?remote=evil/x&name=docksill", "[]" },
                { "a service in its place", "/v1.41/services/create",
                  "{'Name':'s','TaskTemplate':{'Runtime':'plugin','PluginSpec':{'Name':'docksill','Remote':'evil/"
                  "x'}}}" },
        };
        struct bench *b = *state;

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                judge_door(b, &rows[i], "/", false);
                expect_kept(b, &rows[i], "docksill");
        }
        end(b);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_is_shipped_is_out_of_reach),
                cmocka_unit_test(what_was_moved_is_out_of_reach),
                cmocka_unit_test(nor_is_a_folder_above),
                cmocka_unit_test(what_lies_beside_is_nobodys_business),
                cmocka_unit_test(docksill_as_a_plugin_is_out_of_reach),
        };

        return cmocka_run_group_tests(tests, open_bench, close_bench);
}
