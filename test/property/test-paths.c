/*
 * Host paths, whatever they are called and whichever door they come in by: all that the shipped lists name and folders
 * that nobody named, in every spelling that leads to the same place, through every door of effects.c that binds a
 * folder.
 *
 * In production each is refused, but for what is harmless to read; and in no environment does a spelling or a door make
 * less of it. What a site lets in by name is let in, and nothing beside it.
 */
#include "docksill/rules/yaml.h"
#include "effects.h"
#include <stdio.h>

#define PATH_ROOM 512
#define ROUNDS    500 /* of folders that nobody named */

struct bench {
        struct road road;
        struct judged plain, spelt;
        const struct effect *writable, *read_only;
        size_t n_writable, n_read_only; /* doors */
};

static size_t doors_of(const struct effect *effect) {
        size_t n = 0;

        while (effect->doors[n].name)
                ++n;
        return n;
}

static int open_bench(void **state) {
        static struct bench bench;

        road_open(&bench.road);
        judged_init(&bench.plain);
        judged_init(&bench.spelt);
        bench.writable = effect_named("a folder of the host, writable");
        bench.read_only = effect_named("a folder of the host, read-only");
        bench.n_writable = doors_of(bench.writable);
        bench.n_read_only = doors_of(bench.read_only);
        *state = &bench;
        return 0;
}

static int close_bench(void **state) {
        struct bench *b = *state;

        judged_deinit(&b->plain);
        judged_deinit(&b->spelt);
        road_close(&b->road);
        return 0;
}

/* -- spellings -- */

/* @ stands for the path without its slash. */
static const struct spelling_row {
        const char *pattern;
        const char *below; /* only of paths that are this or begin so; what is behind it is @ */
        bool raw;          /* only where dockerd hands the text to the kernel as it is */
} rows[] = {
        { "//@", NULL, false },
        { "/./@", NULL, false },
        { "/@/", NULL, false },
        { "/@/.", NULL, false },
        { "/x/../@", NULL, false },
        { "/../@", NULL, false },
        { "/@/x/..", NULL, false },
        { "///@///", NULL, false },
        { "/x/y/../../z/..//./@//", NULL, false },
        { "/var/run@", "/run", false },
        { "//var/./run/@", "/run", false },
        { "@", NULL, true }, /* dockerd's working directory is the root */
        { "./@", NULL, true },
        { "../@", NULL, true },
        { "x/../@/", NULL, true },
};

static void spell(char *out, const struct spelling_row *row, const char *path) {
        const char *rest = row->below ? path + strlen(row->below) : path + 1;
        size_t n = 0;

        for (const char *p = row->pattern; *p; ++p)
                n += (size_t)snprintf(out + n, PATH_ROOM - n, *p == '@' ? "%s" : "%.1s", *p == '@' ? rest : p);
        assert_true(n < PATH_ROOM);
}

static bool is_below(const char *path, const char *folder) {
        size_t n = strlen(folder);

        return strncmp(path, folder, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

/* dockerd cleans what stands in a bind, and leaves a device, a volume's too, and a plugin's settings as they are. */
static bool is_raw(const struct door *door) {
        return strcmp(door->name, "Devices") == 0 || strstr(door->name, "VolumeOptions") ||
               strstr(door->name, "volume") || strstr(door->name, "plugin");
}

static bool fits(const struct spelling_row *row, const struct door *door, const char *path) {
        if (row->raw && !is_raw(door))
                return false;
        /* A plugin's settings know a path by its slash. */
        if (row->raw && strcmp(door->name, "plugin set without a field") == 0)
                return false;
        return !row->below || is_below(path, row->below);
}

/* -- what must hold -- */

static void fail_path(const struct judged *j, size_t environment, const struct door *door, const char *path,
                      const char *what) {
        struct text t;

        text_init(&t);
        text_addf(&t, "%s in %s: %s, %s\n", path, environment_names[environment], door->name, what);
        findings_say(&t, &j->decisions[environment]);
        fail_with(&t);
}

static void assert_refused(const struct judged *j, const struct door *door, const char *path) {
        for (size_t i = PRODUCTION; i <= LOCKDOWN; ++i)
                if (j->decisions[i].would != VERDICT_DENY)
                        fail_path(j, i, door, path, "is not refused");
}

static void assert_not_milder(const struct bench *b, const struct door *door, const char *path) {
        for (size_t i = 0; i < ENVIRONMENTS; ++i) {
                const struct decision *plain = &b->plain.decisions[i], *spelt = &b->spelt.decisions[i];

                for (size_t k = 0; k < plain->n_findings; ++k) {
                        const struct finding *f = &plain->findings[k], *same = finding_of(spelt, f->rule->id);

                        if (!same || same->severity < f->severity || same->hard < f->hard)
                                fail_path(&b->spelt, i, door, path, "is milder than the same path in another spelling");
                }
        }
}

static void hold_spellings(struct bench *b, const struct door *door, const char *path) {
        char spelt[PATH_ROOM];

        door_judge(&b->plain, &b->road, door, path, AS_DOCKER_DOES, true);
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                if (!fits(&rows[i], door, path))
                        continue;
                spell(spelt, &rows[i], path);
                door_judge(&b->spelt, &b->road, door, spelt, AS_DOCKER_DOES, true);
                assert_not_milder(b, door, spelt);
        }
}

/* -- paths -- */

/* A path that the pattern of a list stands for. */
static void path_of(char *out, struct str pattern, const char *behind) {
        size_t n = 0;

        assert_true(pattern.n + strlen(behind) < PATH_ROOM / 2);
        for (size_t i = 0; i < pattern.n; ++i)
                out[n++] = pattern.p[i] == '*' ? '1' : pattern.p[i];
        strcpy(out + n, behind);
}

/* Every item of every list of a file of rules. */
static size_t lists_each(struct bench *b, const char *file,
                         void (*each)(struct bench *b, struct str list, struct str pattern, size_t i)) {
        const struct yaml_node *root, *lists;
        struct arena arena;
        struct diag diag;
        size_t n = 0;

        arena_init(&arena, (size_t)8 << 20);
        diag_init(&diag);
        assert_int_equal(yaml_read(&(struct yaml){ &arena, &arena, &diag }, file, (struct position){ 0 }, &root), 0);
        lists = yaml_get(root, "lists");
        assert_non_null(lists);
        for (size_t i = 0; i < lists->n; ++i)
                for (size_t k = 0; k < lists->pairs[i].value->n; ++k)
                        each(b, lists->pairs[i].key->text, lists->pairs[i].value->items[k]->text, n++);
        diag_deinit(&diag);
        arena_deinit(&arena);
        return n;
}

/* The doors take turns, so that each list sees all of them and none is asked twice for the same. */
static void hold_path(struct bench *b, const char *path, size_t turn, bool harmless_read_only) {
        const struct door *door = &b->writable->doors[turn % b->n_writable];

        door_judge(&b->plain, &b->road, door, path, AS_DOCKER_DOES, true);
        assert_refused(&b->plain, door, path);
        hold_spellings(b, &b->writable->doors[(turn + 7) % b->n_writable], path);

        door = &b->read_only->doors[turn % b->n_read_only];
        door_judge(&b->plain, &b->road, door, path, AS_DOCKER_DOES, true);
        if (!harmless_read_only)
                assert_refused(&b->plain, door, path);
        else if (b->plain.decisions[PRODUCTION].would == VERDICT_DENY)
                fail_path(&b->plain, PRODUCTION, door, path, "is refused, and harmless");
        if (turn % 2 == 0)
                hold_spellings(b, &b->read_only->doors[(turn + 3) % b->n_read_only], path);
}

static void hold_listed(struct bench *b, struct str list, struct str pattern, size_t i) {
        /* Names of users: writable they are root. */
        bool harmless = str_eqz(list, "harmless-read-only") || str_eqz(list, "public-files") ||
                        str_eqz(pattern, "/etc/passwd") || str_eqz(pattern, "/etc/group");
        char path[PATH_ROOM];

        path_of(path, pattern, "");
        hold_path(b, path, 2 * i, harmless);
        path_of(path, pattern, "/below/it");
        hold_path(b, path, 2 * i + 1, harmless);
}

static void hold_socket(struct bench *b, struct str list, struct str pattern, size_t i) {
        if (str_starts(pattern, STR_C("/")) && !str_eqz(list, "runtime-socket-targets"))
                hold_listed(b, list, pattern, i);
}

static void paths_of_the_lists_are_refused_in_every_spelling(void **state) {
        struct bench *b = *state;

        assert_true(lists_each(b, RULES "/container/host-paths.yaml", hold_listed) > 600);
        assert_true(lists_each(b, RULES "/container/sockets.yaml", hold_socket) > 40);
}

static void any_path(char *out, struct chance *chance) {
        static const char *const parts[] = { "srv",      "data", "mnt",    "app",   "www", "x",
                                             "backup.2", "a b",  "media",  "Users", "opt", "home",
                                             "site",     "..b",  "node-1", "it's",  "{x}", "etc" };
        size_t n = 0;

        for (unsigned i = chance_below(chance, 4) + 1; i > 0; --i)
                n += (size_t)snprintf(out + n, PATH_ROOM - n, "/%s", parts[chance_below(chance, ARRAY_SIZE(parts))]);
}

static void paths_that_nobody_named_are_refused_in_every_spelling(void **state) {
        struct chance chance = { 12 };

        for (size_t i = 0; i < ROUNDS; ++i) {
                char path[PATH_ROOM];

                any_path(path, &chance);
                if (!strchr(path, '\'')) /* which effects.c takes for a quotation mark */
                        hold_path(*state, path, i, false);
        }
}

/* -- devices -- */

static void hold_device(struct bench *b, struct str list, struct str pattern, size_t i) {
        const struct door *door = effect_named("a device")->doors;
        char path[PATH_ROOM];

        (void)list;
        (void)i;
        path_of(path, pattern, "");
        door_judge(&b->plain, &b->road, door, path, AS_DOCKER_DOES, true);
        assert_refused(&b->plain, door, path);
        hold_spellings(b, door, path);
        path_of(path, pattern, "/x");
        hold_spellings(b, door, path);
}

static void devices_are_refused_in_every_spelling(void **state) {
        assert_true(lists_each(*state, RULES "/container/host-devices.yaml", hold_device) > 80);
}

static const struct {
        const char *path;
        bool passes;
} site_devices[] = {
        { "/dev/ttyUSB0", true},
        { "/dev/dvb/adapter0", true},
        { "/dev/ttyUSB1", false},
        { "/dev/ttyUSB", false},
        { "/dev/ttyUSB00", false},
        { "/dev/dvb", false},
        { "/dev/dvbx/adapter0", false },
        { "/srv/dev/dvb/adapter0", false},
        { "/dev/dvb/../mem", false},
        { "/dev/dvb/../../etc", false},
        { "/dev/dvb/../kvm", false },
        { "/dev/dvb/adapter0/../../fuse", false },
        { "/dev/dvb/../ttyUSB1", false },
};

static void devices_that_a_site_lists_are_let_in_and_no_others(void **state) {
        const struct door *door = effect_named("a device")->doors;
        struct bench *b = *state;
        struct road site = b->road;

        site.rules[PRODUCTION] = rules_overridden("{list: allowed-devices, append: [/dev/ttyUSB0, '/dev/dvb/*']}");
        for (size_t i = 0; i < ARRAY_SIZE(site_devices); ++i) {
                door_judge(&b->plain, &site, door, site_devices[i].path, AS_DOCKER_DOES, true);
                if ((b->plain.decisions[PRODUCTION].would != VERDICT_DENY) != site_devices[i].passes)
                        fail_path(&b->plain, PRODUCTION, door, site_devices[i].path, "is not judged as the site has it");
        }
        ruleset_unref(site.rules[PRODUCTION]);
}

/* -- links that every host has -- */

/* Where "..", behind a link, is not what stands before it. */
static const struct link_row {
        const char *before;
        bool raw; /* dockerd cleans what comes through other doors */
} links[] = {
        { "/proc/1/root", false },
        { "/proc/self/root", false },
        { "/proc/self/cwd", false },
        { "/proc/1/task/1/root", false },
        { "/var/run/..", true },
        { "/proc/1/root/..", true },
        { "/dev/fd/../root", true },
};

/* What is hard is worse than all that is not. */
static unsigned worst_of(const struct decision *d) {
        unsigned worst = 0;

        for (size_t i = 0; i < d->n_findings; ++i) {
                unsigned bad = d->findings[i].severity + (d->findings[i].hard ? 100 : 0);

                worst = bad > worst ? bad : worst;
        }
        return worst;
}

static bool less_is_made(const struct bench *b) {
        for (size_t i = 0; i < ENVIRONMENTS; ++i)
                if (worst_of(&b->spelt.decisions[i]) < worst_of(&b->plain.decisions[i]))
                        return true;
        return false;
}

static void links_to_the_root_make_nothing_less(void **state) {
        static const char *const paths[] = { "/etc", "/run/docker.sock", "/root/.ssh", "/var/spool/cron", "/srv/x" };
        struct bench *b = *state;

        for (size_t i = 0; i < ARRAY_SIZE(links); ++i)
                for (size_t k = 0; k < b->n_writable * ARRAY_SIZE(paths); ++k) {
                        const struct door *door = &b->writable->doors[k % b->n_writable];
                        const char *path = paths[k / b->n_writable];
                        char spelt[PATH_ROOM];

                        /* Where lookups are on it is the host that tells, and here no link is there. */
                        if (links[i].raw && (!is_raw(door) || door->tales[0].kind))
                                continue;
                        snprintf(spelt, sizeof(spelt), "%s%s", links[i].before, path);
                        door_judge(&b->plain, &b->road, door, path, AS_DOCKER_DOES, true);
                        door_judge(&b->spelt, &b->road, door, spelt, AS_DOCKER_DOES, true);
                        assert_refused(&b->spelt, door, spelt);
                        if (less_is_made(b))
                                fail_path(&b->spelt, DEVELOPMENT, door, spelt, "is milder than where it leads");
                }
}

/* -- what a site lets in -- */

#define SITE                                                                                                           \
        "{list: allowed-host-paths, append: [/srv/app, /data/*/public, /etc]}, "                                       \
        "{list: allowed-host-paths-read-only, append: [/srv/logs]}"

static const struct site_row {
        const char *path, *leads; /* NULL: to itself; "?": nobody can tell */
        bool passes;              /* writable */
        bool passes_read_only;
} site_rows[] = {
        { "/srv/app", NULL, true, true },
        { "/srv/app/below/it", NULL, true, true },
        { "/srv/app/l", "/srv/app/real", true, true },
        { "/srv/app/l", "/data/x/public/y", true, true },
        { "/data/a/public", NULL, true, true },
        { "/data/b.c/public/d", NULL, true, true },
        { "/srv/logs", NULL, false, true },
        { "/srv/logs/app", NULL, false, true },
        /* Beside it. */
        { "/srv", NULL, false, false },
        { "/srv/ap", NULL, false, false },
        { "/srv/app2", NULL, false, false },
        { "/srv/app.bak", NULL, false, false },
        { "/srv/app-data/x", NULL, false, false },
        { "/srv/APP", NULL, false, false },
        { "/Srv/app", NULL, false, false },
        { "/x/srv/app", NULL, false, false },
        { "/srv/logs2", NULL, false, false },
        { "/data/a/b/public", NULL, false, false },
        { "/data/public", NULL, false, false },
        { "/data/a/publicx", NULL, false, false },
        { "/data/a", NULL, false, false },
        { "/data", NULL, false, false },
        /* Through it. */
        { "/srv/app/l", "/srv/other", false, false },
        { "/srv/app/l", "/", false, false },
        { "/srv/app/l", "/run/docker.sock", false, false },
        { "/srv/app", "/data/a/b/public", false, false },
        { "/srv/app/l", "?", false, false },
        { "/srv/app/../other", NULL, false, false },
        { "/srv/app/../../root", NULL, false, false },
        { "/srv/l", "/srv/app", false, false },
        /* What is in a class stays in it, whoever lets it in. */
        { "/etc", NULL, false, false },
        { "/etc/shadow", NULL, false, false },
        { "/srv/app/x", "/etc", false, false },
};

/* A bind of the path as a client asks for it, and lookups that tell where it leads. */
static bool site_passes(struct bench *b, const struct road *site, const struct site_row *row, const char *path,
                        bool read_only, bool mounts) {
        const struct told told = { "path", row->path, row->leads && strcmp(row->leads, "?") == 0 ? NULL : row->leads };
        const char *bind = "{s:{s:[s]}}", *mount = "{s:{s:[{s:s,s:s,s:s,s:b}]}}";
        json_t *body = json_pack("{s:s,s:s,s:{s:[s],s:b,s:b,s:[s],s:I,s:I,s:I}}", "Image", "nginx:1.27", "User",
                                 "10001:10001", "HostConfig", "CapDrop", "ALL", "ReadonlyRootfs", true, "Init", true,
                                 "SecurityOpt", "no-new-privileges", "Memory", (json_int_t)1 << 29, "NanoCpus",
                                 (json_int_t)1000000000, "PidsLimit", (json_int_t)100);
        char text[PATH_ROOM];
        json_t *over;

        snprintf(text, sizeof(text), "%s:/x%s", path, read_only ? ":ro" : "");
        over = mounts ? json_pack(mount, "HostConfig", "Mounts", "Type", "bind", "Source", path, "Target", "/x",
                                  "ReadOnly", (int)read_only)
                      : json_pack(bind, "HostConfig", "Binds", text);
        assert_non_null(body);
        assert_non_null(over);
        json_lay_over(body, over);
        judge_full(&b->plain, site,
                   &(struct call){ .target = "/v1.44/containers/create",
                                   .body = body,
                                   .asked = true,
                                   .told = &told,
                                   .n_told = row->leads != NULL });
        json_decref(body);
        json_decref(over);
        return b->plain.decisions[PRODUCTION].would != VERDICT_DENY;
}

static void hold_site(struct bench *b, const struct road *site, const struct site_row *row, const char *path) {
        for (int read_only = 0; read_only < 2; ++read_only)
                for (int mounts = 0; mounts < 2; ++mounts)
                        if (site_passes(b, site, row, path, read_only, mounts) !=
                            (read_only ? row->passes_read_only : row->passes))
                                fail_path(&b->plain, PRODUCTION, &b->writable->doors[mounts ? 2 : 0], path,
                                          read_only ? "read-only, is not judged as the site has it"
                                                    : "is not judged as the site has it");
}

static void what_a_site_lets_in_is_let_in_and_nothing_beside_it(void **state) {
        struct bench *b = *state;
        struct road site = b->road;

        site.rules[PRODUCTION] = rules_overridden(SITE);
        for (size_t i = 0; i < ARRAY_SIZE(site_rows); ++i) {
                hold_site(b, &site, &site_rows[i], site_rows[i].path);
                for (size_t k = 0; k < ARRAY_SIZE(rows) && !site_rows[i].leads; ++k) {
                        char spelt[PATH_ROOM];

                        if (!fits(&rows[k], b->writable->doors, site_rows[i].path))
                                continue;
                        spell(spelt, &rows[k], site_rows[i].path);
                        hold_site(b, &site, &site_rows[i], spelt);
                }
        }
        ruleset_unref(site.rules[PRODUCTION]);
}

/* Its folder is followed at each start, when nobody asks any more: a container that has /srv/app may have swapped it. */
static void a_volume_below_a_listed_folder_takes_a_pattern(void **state) {
        static const struct {
                const char *device;
                bool passes;
        } volumes[] = {
                { "/srv/app", true },
                { "/srv/app/x", false },
                { "/data/a/public", true },
                { "/data/a/public/x", false },
                { "/srv/logs", false },
        };
        struct bench *b = *state;
        struct road site = b->road;

        site.rules[PRODUCTION] = rules_overridden(SITE);
        for (size_t i = 0; i < ARRAY_SIZE(volumes); ++i) {
                json_t *body = json_pack("{s:s,s:{s:s,s:s,s:s}}", "Name", "v", "DriverOpts", "type", "none", "o", "bind",
                                         "device", volumes[i].device);

                assert_non_null(body);
                judge_full(&b->plain, &site, &(struct call){ .target = "/v1.44/volumes/create", .body = body });
                json_decref(body);
                if ((b->plain.decisions[PRODUCTION].would != VERDICT_DENY) != volumes[i].passes)
                        fail_msg("%s", volumes[i].device);
        }
        ruleset_unref(site.rules[PRODUCTION]);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_volume_below_a_listed_folder_takes_a_pattern),
                cmocka_unit_test(paths_of_the_lists_are_refused_in_every_spelling),
                cmocka_unit_test(paths_that_nobody_named_are_refused_in_every_spelling),
                cmocka_unit_test(devices_are_refused_in_every_spelling),
                cmocka_unit_test(devices_that_a_site_lists_are_let_in_and_no_others),
                cmocka_unit_test(links_to_the_root_make_nothing_less),
                cmocka_unit_test(what_a_site_lets_in_is_let_in_and_nothing_beside_it),
        };

        return cmocka_run_group_tests(tests, open_bench, close_bench);
}
