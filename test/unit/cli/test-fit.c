#include "suggest/fit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define DAY     FIT_LONG
#define DEFAULT 0xa80425fbu
#define USER(u) .user = { (u), (u), (u), (u) }, .group = { (u), (u), (u), (u) }

struct scene {
        struct arena arena;
        struct observed o;
        struct facts facts;
        struct suggestions out;
};

static void scene_init(struct scene *s) {
        arena_init(&s->arena, 8 << 20);
        arena_latch(&s->arena);
        observed_init(&s->o, &s->arena, STR_C("id"));
        s->o.age = 2 * DAY;
        facts_init(&s->facts);
        s->facts.container.user_root.value = STR_C("yes");
        s->out = (struct suggestions){ .arena = &s->arena };
}

static void scene_deinit(struct scene *s) {
        assert_false(arena_unlatch(&s->arena));
        arena_deinit(&s->arena);
}

static void add_process(struct scene *s, struct observed_process p) {
        p.first = s->o.processes.n == 0;
        p.name = STR_C("srv");
        ARENA_ADD(&s->arena, &s->o.processes, p);
        s->o.processes_told = true;
}

static struct fitting fitting(struct scene *s) {
        return (struct fitting){ .o = &s->o, .facts = &s->facts, .out = &s->out };
}

/* The only one of this topic that is applied, or not; NULL: none. */
static const struct suggestion *of(const struct scene *s, const char *topic, bool applied) {
        const struct suggestion *found = NULL;

        for (size_t i = 0; i < s->out.n; ++i)
                if (strcmp(s->out.items[i].topic, topic) == 0 && s->out.items[i].applied == applied) {
                        assert_null(found);
                        found = &s->out.items[i];
                }
        return found;
}

/* "--cap-drop=ALL --cap-add=CHOWN" */
static void assert_flags(struct scene *s, const char *topic, enum sureness sure, const char *wanted) {
        const struct suggestion *one = of(s, topic, true);
        struct text t;

        text_init_arena(&t, &s->arena);
        assert_non_null(one);
        for (size_t i = 0; i < one->flags.n; ++i) {
                text_addz(&t, i ? " " : "");
                text_add(&t, one->flags.items[i]);
        }
        assert_string_equal(t.p ? t.p : "", wanted);
        assert_int_equal(one->sure, sure);
        assert_true(one->evidence.n > 0);
}

static bool has_words(struct str text, const char *words) {
        return str_search(text, str_from(words)) < text.n;
}

/* -- limits -- */

static void gives_memory_twice_what_was_used(void **state) {
        static const struct {
                int64_t peak, now, limit, age;
                enum sureness sure;
                const char *flags; /* NULL: nothing */
        } rows[] = {
                { 1 << 20, UNTOLD, 0, 2 * DAY, LIKELY, "-m 32m" },
                { 41 << 20, UNTOLD, 0, 2 * DAY, LIKELY, "-m 96m" },
                { 64 << 20, UNTOLD, 0, 2 * DAY, LIKELY, "-m 128m" },
                { (64 << 20) + 1, UNTOLD, 0, 2 * DAY, LIKELY, "-m 192m" },
                { 700 << 20, UNTOLD, 0, 2 * DAY, LIKELY, "-m 1536m" },
                { INT64_MAX, UNTOLD, 0, 2 * DAY, LIKELY, NULL },
                /* A peak of the minutes since the start is none of its use. */
                { 41 << 20, UNTOLD, 0, DAY - 1, OVER_TIME, "-m 96m" },
                { 41 << 20, UNTOLD, 0, UNTOLD, OVER_TIME, "-m 96m" },
                /* What it used at most nobody counted. */
                { UNTOLD, 41 << 20, 0, 2 * DAY, OVER_TIME, "-m 96m" },
                { UNTOLD, UNTOLD, 0, 2 * DAY, LIKELY, NULL },
                { 41 << 20, UNTOLD, 1 << 30, 2 * DAY, LIKELY, NULL },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct scene s;
                struct fitting f;

                scene_init(&s);
                f = fitting(&s);
                s.o.memory_peak = rows[i].peak;
                s.o.memory = rows[i].now;
                s.o.age = rows[i].age;
                s.facts.container.memory.value = rows[i].limit;
                fit_limits(&f);
                if (rows[i].flags)
                        assert_flags(&s, "memory", rows[i].sure, rows[i].flags);
                else
                        assert_null(of(&s, "memory", true));
                scene_deinit(&s);
        }
}

/* What lay on a disk until now is memory on a tmpfs. */
static void files_in_memory_count(void **state) {
        struct scene s;
        struct fitting f;

        (void)state;
        scene_init(&s);
        f = fitting(&s);
        s.o.memory_peak = 41 << 20;
        f.scratch = 20 << 20;
        fit_limits(&f);
        assert_flags(&s, "memory", LIKELY, "-m 128m");
        assert_true(has_words(of(&s, "memory", true)->evidence, "20.0m of files would go to memory"));
        scene_deinit(&s);
}

static void says_when_a_limit_is_met(void **state) {
        struct scene s;
        struct fitting f;

        (void)state;
        scene_init(&s);
        f = fitting(&s);
        s.facts.container.memory.value = 64 << 20;
        s.o.memory_peak = 64 << 20;
        s.o.memory_hits = 12;
        s.facts.container.nano_cpus.value = 500000000;
        s.o.throttled = 3;
        fit_limits(&f);
        assert_true(has_words(of(&s, "memory", false)->evidence, "met its limit 12 times"));
        assert_true(has_words(of(&s, "processors", false)->evidence, "wait for its share 3 times"));
        scene_deinit(&s);
}

static void counts_processes_and_processors(void **state) {
        static const struct {
                int64_t pids, peak, cpu, processors;
                const char *limit, *cpus;
        } rows[] = {
                { 3, 5, 1000000, 8, "--pids-limit 100", "--cpus 1" },
                { 3, 51, 1000000, 8, "--pids-limit 110", "--cpus 1" },
                { 90, UNTOLD, 2 * DAY * 2 / 5, 8, "--pids-limit 180", "--cpus 1" },
                { 3, 5, 2 * DAY * 13 / 20, 8, "--pids-limit 100", "--cpus 1.5" },
                { 3, 5, 2 * DAY * 3, 8, "--pids-limit 100", "--cpus 6" },
                /* More than there are dockerd would refuse. */
                { 3, 5, 2 * DAY * 3, 4, "--pids-limit 100", "--cpus 4" },
                { 3, 5, INT64_MAX, INT64_MAX, "--pids-limit 100", "--cpus 8192" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct scene s;
                struct fitting f;

                scene_init(&s);
                f = fitting(&s);
                s.o.pids = rows[i].pids;
                s.o.pids_peak = rows[i].peak;
                s.o.cpu = rows[i].cpu;
                s.o.processors = rows[i].processors;
                fit_limits(&f);
                assert_flags(&s, "processes", rows[i].peak == UNTOLD ? OVER_TIME : LIKELY, rows[i].limit);
                assert_flags(&s, "processors", OVER_TIME, rows[i].cpus);
                scene_deinit(&s);
        }
}

/* -- privileges -- */

#define FIVE "--cap-add=CHOWN --cap-add=DAC_OVERRIDE --cap-add=FOWNER --cap-add=SETGID --cap-add=SETUID"

static void a_user_needs_no_capability(void **state) {
        struct scene s;
        struct fitting f;

        (void)state;
        scene_init(&s);
        f = fitting(&s);
        s.facts.container.user_root.value = STR_C("no");
        add_process(&s, (struct observed_process){ USER(10001), .bounding = DEFAULT });
        fit_privileges(&f);
        assert_flags(&s, "capabilities", LIKELY, "--cap-drop=ALL");
        assert_flags(&s, "no-new-privileges", LIKELY, "--security-opt no-new-privileges:true");
        assert_null(of(&s, "user", false));
        scene_deinit(&s);

        /* Where no program can gain any it is sure. */
        scene_init(&s);
        s.facts.container.user_root.value = STR_C("no");
        add_process(&s, (struct observed_process){ USER(10001), .no_new_privileges = true });
        fit_privileges(&f);
        assert_flags(&s, "capabilities", SURE, "--cap-drop=ALL");
        assert_flags(&s, "no-new-privileges", SURE, "--security-opt no-new-privileges:true");
        scene_deinit(&s);

        /* What it was given as a user it holds for a reason. */
        scene_init(&s);
        s.facts.container.user_root.value = STR_C("no");
        add_process(&s, (struct observed_process){ USER(10001), .permitted = 1 << CAPABILITY_NET_BIND_SERVICE,
                                                   .ambient = 1 << CAPABILITY_NET_BIND_SERVICE });
        fit_privileges(&f);
        assert_flags(&s, "capabilities", LIKELY, "--cap-drop=ALL --cap-add=NET_BIND_SERVICE");
        scene_deinit(&s);
}

static void who_steps_down_keeps_what_that_takes(void **state) {
        struct scene s;
        struct fitting f;

        (void)state;
        scene_init(&s);
        f = fitting(&s);
        add_process(&s, (struct observed_process){ USER(999), .bounding = DEFAULT });
        fit_privileges(&f);
        assert_flags(&s, "capabilities", LIKELY, "--cap-drop=ALL " FIVE);
        assert_true(has_words(of(&s, "user", false)->instead, "--user 999:999"));
        assert_int_equal(of(&s, "user", false)->sure, OVER_TIME);
        scene_deinit(&s);

        /* Not long ago: it may still do so. */
        scene_init(&s);
        s.o.age = 1000000;
        add_process(&s, (struct observed_process){ USER(999), .bounding = DEFAULT });
        fit_privileges(&f);
        assert_flags(&s, "capabilities", OVER_TIME, "--cap-drop=ALL " FIVE);
        scene_deinit(&s);

        /* A name: who process 1 is tells what it means. */
        scene_init(&s);
        s.facts.container.user_root.value = STR_C("unknown");
        add_process(&s, (struct observed_process){ USER(999), .bounding = DEFAULT });
        fit_privileges(&f);
        assert_flags(&s, "capabilities", LIKELY, "--cap-drop=ALL");
        scene_deinit(&s);
}

static void root_keeps_what_was_seen(void **state) {
        struct scene s;
        struct fitting f;

        (void)state;
        scene_init(&s);
        f = fitting(&s);
        add_process(&s, (struct observed_process){ USER(0), .effective = DEFAULT, .permitted = DEFAULT });
        s.o.raw_sockets = true;
        fit_privileges(&f);
        assert_flags(&s, "capabilities", OVER_TIME, "--cap-drop=ALL " FIVE " --cap-add=NET_RAW");
        assert_null(of(&s, "user", false));
        scene_deinit(&s);

        /* To signal another user's process. */
        scene_init(&s);
        add_process(&s, (struct observed_process){ USER(0), .effective = DEFAULT, .permitted = DEFAULT });
        add_process(&s, (struct observed_process){ USER(101) });
        fit_privileges(&f);
        assert_flags(&s, "capabilities", LIKELY,
                     "--cap-drop=ALL --cap-add=CHOWN --cap-add=DAC_OVERRIDE --cap-add=FOWNER --cap-add=KILL "
                     "--cap-add=SETGID --cap-add=SETUID");
        scene_deinit(&s);

        /* A low port takes a capability on the host's network alone. */
        for (int host = 0; host < 2; ++host) {
                scene_init(&s);
                add_process(&s, (struct observed_process){ USER(0), .effective = DEFAULT });
                s.o.sockets_told = true;
                ARENA_ADD(&s.arena, &s.o.listeners, (struct observed_listener){ .port = 80 });
                s.facts.container.network.value = host ? STR_C("host") : STR_C("bridge");
                fit_privileges(&f);
                assert_flags(&s, "capabilities", OVER_TIME,
                             host ? "--cap-drop=ALL " FIVE " --cap-add=NET_BIND_SERVICE" : "--cap-drop=ALL " FIVE);
                scene_deinit(&s);
        }
}

static void root_that_is_another_for_a_while_gained_nothing(void **state) {
        struct scene s;
        struct fitting f;

        (void)state;
        scene_init(&s);
        f = fitting(&s);
        add_process(&s, (struct observed_process){ .user = { 0, 33, 0, 33 } });
        fit_privileges(&f);
        assert_flags(&s, "no-new-privileges", LIKELY, "--security-opt no-new-privileges:true");
        scene_deinit(&s);

        /* Engines before 20.10.14 made all that may be held inheritable. */
        scene_init(&s);
        s.facts.container.user_root.value = STR_C("no");
        add_process(&s, (struct observed_process){ USER(10001), .inheritable = DEFAULT });
        fit_privileges(&f);
        assert_flags(&s, "capabilities", LIKELY, "--cap-drop=ALL");
        scene_deinit(&s);

        /* On the host's network, whose sockets could not be seen. */
        scene_init(&s);
        s.facts.container.network.value = STR_C("host");
        add_process(&s, (struct observed_process){ USER(0) });
        fit_privileges(&f);
        assert_flags(&s, "capabilities", OVER_TIME,
                     "--cap-drop=ALL --cap-add=CHOWN --cap-add=DAC_OVERRIDE --cap-add=FOWNER --cap-add=SETGID "
                     "--cap-add=SETUID --cap-add=NET_BIND_SERVICE");
        scene_deinit(&s);
}

static void who_has_gained_something_would_not(void **state) {
        static const struct observed_process rows[] = {
                { .user = { 10001, 0, 0, 0 } },
                { .user = { 10001, 10001, 10001, 10001 }, .group = { 5, 6, 6, 6 } },
                { USER(10001), .effective = 1 << CAPABILITY_NET_RAW, .permitted = 1 << CAPABILITY_NET_RAW },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct scene s;
                struct fitting f;

                scene_init(&s);
                f = fitting(&s);
                s.facts.container.user_root.value = STR_C("no");
                add_process(&s, rows[i]);
                fit_privileges(&f);
                assert_null(of(&s, "no-new-privileges", true));
                assert_true(has_words(of(&s, "no-new-privileges", false)->evidence, "set-user-ID"));
                scene_deinit(&s);
        }
}

static void takes_out_what_nobody_holds(void **state) {
        struct str added[] = { STR("NET_ADMIN"), STR("SYS_TIME") };
        const struct suggestion *one;
        struct scene s;
        struct fitting f;

        (void)state;
        scene_init(&s);
        f = fitting(&s);
        s.facts.container.user_root.value = STR_C("no");
        s.facts.container.capabilities_added = (struct fact_set){ .items = added, .n = 1 };
        s.facts.container.capabilities_dropped = (struct fact_set){ .items = &(struct str)STR("ALL"), .n = 1 };
        add_process(&s, (struct observed_process){ USER(10001) });
        fit_privileges(&f);
        one = of(&s, "capabilities", true);
        assert_int_equal(one->n_edits, 1);
        assert_true(str_eqz(one->edits[0].what, "NET_ADMIN"));
        assert_int_equal(one->flags.n, 0);
        scene_deinit(&s);

        /* Who began as root may have used it before; what is held is kept. */
        scene_init(&s);
        s.facts.container.capabilities_added = (struct fact_set){ .items = &added[1], .n = 1 };
        s.facts.container.capabilities_dropped = (struct fact_set){ .items = &(struct str)STR("ALL"), .n = 1 };
        add_process(&s, (struct observed_process){ USER(999) });
        fit_privileges(&f);
        assert_null(of(&s, "capabilities", true));
        assert_int_equal(of(&s, "capabilities", false)->sure, OVER_TIME);
        scene_deinit(&s);
}

static void privileged_is_not_taken_away_unasked(void **state) {
        struct scene s;
        struct fitting f;

        (void)state;
        scene_init(&s);
        f = fitting(&s);
        s.facts.container.privileged.value = true;
        add_process(&s, (struct observed_process){ USER(0), .effective = UINT64_MAX });
        fit_privileges(&f);
        assert_int_equal(s.out.n, 1);
        assert_non_null(of(&s, "privileged", false));
        scene_deinit(&s);
}

/* -- files, mounts, ports -- */

static void mounts_what_is_written(void **state) {
        struct scene s;
        struct fitting f;

        (void)state;
        scene_init(&s);
        f = fitting(&s);
        fit_files(&f); /* nobody told what was written */
        assert_int_equal(s.out.n, 0);
        s.o.changes_told = true;
        fit_files(&f);
        assert_flags(&s, "read-only", LIKELY, "--read-only");
        assert_flags(&s, "files", LIKELY, "--tmpfs /tmp:rw,noexec,nosuid,size=64m");
        scene_deinit(&s);

        scene_init(&s);
        s.o.changes_told = true;
        ARENA_ADD(&s.arena, &s.o.changes, (struct observed_change){ STR("/var/lib/app/x"), CHANGE_ADDED });
        ARENA_ADD(&s.arena, &s.o.mounts, (struct observed_mount){ .target = STR_C("/tmp") });
        fit_files(&f);
        assert_flags(&s, "files", LIKELY, "--volume /var/lib/app");
        scene_deinit(&s);

        scene_init(&s);
        s.o.changes_told = true;
        ARENA_ADD(&s.arena, &s.o.changes, (struct observed_change){ STR("/etc/passwd"), CHANGE_MODIFIED });
        fit_files(&f);
        assert_int_equal(s.out.n, 1);
        assert_true(has_words(of(&s, "read-only", false)->evidence, "/etc/passwd"));
        scene_deinit(&s);

        /* So many places nobody mounts. */
        scene_init(&s);
        s.o.changes_told = true;
        for (unsigned i = 0; i < 9; ++i)
                ARENA_ADD(&s.arena, &s.o.changes,
                          (struct observed_change){ fit_text(&f, "/srv/%u/x", i), CHANGE_ADDED });
        fit_files(&f);
        assert_true(has_words(of(&s, "read-only", false)->evidence, "9 places, too many"));
        scene_deinit(&s);

        scene_init(&s);
        s.o.changes_told = true;
        s.facts.container.read_only.value = true;
        fit_files(&f);
        assert_int_equal(s.out.n, 0);
        scene_deinit(&s);
}

static void a_mount_is_read_only_when_nothing_says_otherwise(void **state) {
        static const struct {
                const char *open;
                bool changed, all, told;
                int64_t age;
                enum sureness sure;
                bool applied, any;
        } rows[] = {
                { NULL, false, true, true, 2 * DAY, LIKELY, true, true },
                { NULL, false, true, true, DAY / 2, OVER_TIME, false, true },
                { NULL, false, false, true, 2 * DAY, LIKELY, false, true },
                { "/data/x/y", false, true, true, 2 * DAY, SURE, false, true },
                { "/data-two", false, true, true, 2 * DAY, LIKELY, true, true },
                { NULL, true, true, true, 2 * DAY, SURE, false, true },
                { NULL, false, true, false, 2 * DAY, LIKELY, false, false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct mount_fact mount = { 0 };
                struct scene s;
                struct fitting f;

                scene_init(&s);
                f = fitting(&s);
                mount.kind.value = STR_C("host");
                mount.target.value = STR_C("/data/");
                s.facts.mounts = (struct fact_list){ .items = &mount, .n = 1 };
                s.o.age = rows[i].age;
                s.o.files_told = rows[i].told;
                ARENA_ADD(&s.arena, &s.o.sources,
                          (struct observed_source){ STR("/data"), rows[i].changed, rows[i].all });
                if (rows[i].open)
                        ARENA_ADD(&s.arena, &s.o.files, (struct observed_file){ .path = str_from(rows[i].open) });
                fit_mounts(&f);
                assert_int_equal(s.out.n, rows[i].any);
                if (rows[i].any) {
                        assert_int_equal(s.out.items[0].sure, rows[i].sure);
                        assert_int_equal(s.out.items[0].applied, rows[i].applied);
                }
                scene_deinit(&s);
        }
}

static void a_port_that_nobody_answers_is_not_published(void **state) {
        static const struct {
                struct observed_listener listener;
                const char *protocol;
                bool any;
        } rows[] = {
                { { .port = 80 }, "tcp", false },  { { .port = 80 }, "udp", true },
                { { .port = 81 }, "tcp", true },   { { .port = 80, .loopback = true }, "tcp", true },
                { { .port = 81 }, "sctp", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct port_fact port = { .container = { .lo = 80, .hi = 80 } };
                struct scene s;
                struct fitting f;

                scene_init(&s);
                f = fitting(&s);
                port.protocol.value = str_from(rows[i].protocol);
                s.facts.container.ports = (struct fact_list){ .items = &port, .n = 1 };
                ARENA_ADD(&s.arena, &s.o.listeners, rows[i].listener);
                fit_ports(&f); /* nobody looked */
                assert_int_equal(s.out.n, 0);
                s.o.sockets_told = true;
                s.o.connections = 1;
                fit_ports(&f);
                assert_int_equal(s.out.n, rows[i].any);
                if (rows[i].any)
                        assert_true(s.out.items[0].applied && s.out.items[0].n_edits == 1);
                scene_deinit(&s);
        }
}

static void who_talks_to_nobody_may_need_no_network(void **state) {
        static const struct {
                const char *network;
                size_t connections;
                bool listens, raw, any;
        } rows[] = {
                { "default", 0, false, false, true },  { "none", 0, false, false, false },
                { "default", 1, false, false, false }, { "default", 0, true, false, false },
                { "default", 0, false, true, false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct scene s;
                struct fitting f;

                scene_init(&s);
                f = fitting(&s);
                s.o.sockets_told = true;
                s.o.connections = rows[i].connections;
                s.o.raw_sockets = rows[i].raw;
                s.facts.container.network.value = str_from(rows[i].network);
                if (rows[i].listens)
                        ARENA_ADD(&s.arena, &s.o.listeners, (struct observed_listener){ .port = 80 });
                fit_ports(&f);
                assert_int_equal(of(&s, "network", false) != NULL, rows[i].any);
                scene_deinit(&s);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(gives_memory_twice_what_was_used),
                cmocka_unit_test(files_in_memory_count),
                cmocka_unit_test(says_when_a_limit_is_met),
                cmocka_unit_test(counts_processes_and_processors),
                cmocka_unit_test(a_user_needs_no_capability),
                cmocka_unit_test(who_steps_down_keeps_what_that_takes),
                cmocka_unit_test(root_keeps_what_was_seen),
                cmocka_unit_test(root_that_is_another_for_a_while_gained_nothing),
                cmocka_unit_test(who_has_gained_something_would_not),
                cmocka_unit_test(takes_out_what_nobody_holds),
                cmocka_unit_test(privileged_is_not_taken_away_unasked),
                cmocka_unit_test(mounts_what_is_written),
                cmocka_unit_test(a_mount_is_read_only_when_nothing_says_otherwise),
                cmocka_unit_test(a_port_that_nobody_answers_is_not_published),
                cmocka_unit_test(who_talks_to_nobody_may_need_no_network),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
