#include "call.h"
#include "docksill/base/cleanup.h"
#include "docksill/engine/question.h"
#include "read/mount.h"
#include "read/tmpfs.h"
#include <errno.h>
#include <limits.h>

/* The one file system in memory, in words. */
struct row {
        const char *members; /* of HostConfig */
        const char *via, *name, *target, *options, *names;
        const char *flags; /* exec suid dev limit: those that are true */
};

static struct str in_words(struct call *c, const struct tmpfs_fact *t) {
        struct text text;

        text_init_arena(&text, &c->arena);
        text_addf(&text, "%" STR_FMT " %" STR_FMT " at %" STR_FMT " [%" STR_FMT "] (%" STR_FMT ")%s%s%s%s",
                  STR_ARG(t->via.value), STR_ARG(t->name.value),
                  STR_ARG(t->target.n ? t->target.spelling[0] : STR_C("none")), STR_ARG(call_joined(c, &t->options)),
                  STR_ARG(call_joined(c, &t->option_names)), t->exec.value ? " exec" : "", t->suid.value ? " suid" : "",
                  t->dev.value ? " dev" : "", t->limit.value ? " limit" : "");
        return text_str(&text);
}

static void check(const struct row *row) {
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f = call_host_config(&c, row->members);
        char wanted[1024];
        struct str is;

        if (f->tmpfs.n != 1)
                fail_msg("%s: %zu", row->members, f->tmpfs.n);
        is = in_words(&c, f->tmpfs.items);
        snprintf(wanted, sizeof(wanted), "%s %s at %s [%s] (%s)%s%s", row->via, row->name, row->target, row->options,
                 row->names, *row->flags ? " " : "", row->flags);
        if (!str_eqz(is, wanted))
                fail_msg("%s:\n  is     %" STR_FMT "\n  wanted %s", row->members, STR_ARG(is), wanted);
}

#define TMPFS(options) "\"Tmpfs\":{\"/t\":\"" options "\"}", "tmpfs", "/t", "/t"

static void options_are_words_of_their_own(void **state) {
        static const struct row rows[] = {
                { TMPFS(""), "", "", "" },
                { TMPFS("rw"), "rw", "rw", "" },
                { TMPFS("rw,size=64m,mode=1777,uid=0"), "rw size=64m mode=1777 uid=0", "rw size mode uid", "limit" },
                { TMPFS("remount"), "remount", "remount", "" },
                { TMPFS("size=1m,remount,sync"), "size=1m remount sync", "size remount sync", "limit" },
                { TMPFS("BIND, bind,bind =x"), "BIND  bind bind =x", "BIND  bind bind ", "" },
                { TMPFS("mpol=bind:0-1"), "mpol=bind:0-1", "mpol", "" },
                { TMPFS("a=b=c"), "a=b=c", "a", "" },
                { TMPFS("=x"), "=x", "", "" },
                { TMPFS(",,rw,,"), "rw", "rw", "" },
                { TMPFS("rw,rw"), "rw", "rw", "" },
                { TMPFS("size=1,size=2"), "size=1 size=2", "size", "limit" },
                { TMPFS("\\u00e4"), "\xc3\xa4", "\xc3\xa4", "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                check(&rows[i]);
}

/* moby merges from the end: of a pair the last word counts. Before all of them stand noexec, nosuid and nodev. */
static void the_last_of_a_pair_counts(void **state) {
        static const struct row rows[] = {
                { TMPFS("exec"), "exec", "exec", "exec" },
                { TMPFS("suid"), "suid", "suid", "suid" },
                { TMPFS("dev"), "dev", "dev", "dev" },
                { TMPFS("dev,suid,exec"), "dev suid exec", "dev suid exec", "exec suid dev" },
                { TMPFS("exec,noexec"), "exec noexec", "exec noexec", "" },
                { TMPFS("noexec,exec"), "noexec exec", "noexec exec", "exec" },
                { TMPFS("suid,nosuid"), "suid nosuid", "suid nosuid", "" },
                { TMPFS("nosuid,suid"), "nosuid suid", "nosuid suid", "suid" },
                { TMPFS("dev,nodev"), "dev nodev", "dev nodev", "" },
                { TMPFS("nodev,dev"), "nodev dev", "nodev dev", "dev" },
                /* the same word again changes what counts, though it is told once */
                { TMPFS("exec,noexec,exec"), "exec noexec", "exec noexec", "exec" },
                { TMPFS("noexec,exec,noexec"), "noexec exec", "noexec exec", "" },
                { TMPFS("EXEC,Suid"), "EXEC Suid", "EXEC Suid", "" },
                { TMPFS("exec=x"), "exec=x", "exec", "exec" }, /* is refused: never harmless */
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                check(&rows[i]);
}

static void nought_is_no_limit_however_it_is_written(void **state) {
        static const struct {
                const char *options;
                bool limit;
        } rows[] = {
                { "", false },
                { "size=1", true },
                { "size=64m", true },
                { "size=10%", true },
                { "size=0x10", true },
                { "nr_blocks=9", true },
                { "size=99%", true },
                { "size=1023t", true },
                { "size=0xfffk", true },
                { "nr_blocks=5k", true },
                /* nor is more than any host has */
                { "size=100%", false },
                { "size=200%", false },
                { "size=1e", false },
                { "size=16E", false },
                { "size=1P", false },
                { "size=1024T", false },
                { "size=1125899906842624", false },
                { "size=0x4000000000000", false },
                { "size=99999999999999999999999999999999", false },
                { "nr_blocks=1e", false },
                { "size=0", false },
                { "size=00", false },
                { "size=0x0", false },
                { "size=0k", false },
                { "size=0%", false },
                { "size=", false },
                { "size", false },
                { "nr_blocks=0", false },
                { "size=64m,nr_blocks=0", false }, /* the kernel takes the later */
                { "nr_blocks=0,size=64m", true },
                { "size=64m,size=0", false },
                { "size=0,size=64m", true },
                { "SIZE=64m", false },
                { "nr_inodes=5", false },
                { "mode=1777", false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct tmpfs_fact *t;
                char members[128];

                snprintf(members, sizeof(members), "\"Tmpfs\":{\"/t\":\"%s\"}", rows[i].options);
                t = call_host_config(&c, members)->tmpfs.items;
                if (t->limit.value != rows[i].limit)
                        fail_msg("%s", rows[i].options);
        }
}

static void targets_are_cleaned_and_names_kept(void **state) {
        static const struct row rows[] = {
                { "\"Tmpfs\":{\"/sys/\":\"\"}", "tmpfs", "/sys/", "/sys", "", "", "" },
                { "\"Tmpfs\":{\"//proc/.\":\"\"}", "tmpfs", "//proc/.", "/proc", "", "", "" },
                { "\"Tmpfs\":{\"/x/../proc/sys\":\"\"}", "tmpfs", "/x/../proc/sys", "/proc/sys", "", "", "" },
                { "\"Tmpfs\":{\"/proc/..\":\"\"}", "tmpfs", "/proc/..", "/", "", "", "" },
                { "\"Tmpfs\":{\"/PROC\":\"\"}", "tmpfs", "/PROC", "/PROC", "", "", "" },
                { "\"Tmpfs\":{\"rel\":\"\"}", "tmpfs", "rel", "/rel", "", "", "" },
                { "\"Tmpfs\":{\"\":\"\"}", "tmpfs", "", "none", "", "", "" },
                { "\"tmpfs\":{\"/t\":null}", "tmpfs", "/t", "/t", "", "", "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                check(&rows[i]);
}

#define MOUNT(options) "\"Mounts\":[{\"Type\":\"tmpfs\",\"Target\":\"/x/..//t/\"" options "}]", "mount", "/t", "/t"

static void mounts_have_their_own_options(void **state) {
        static const struct row rows[] = {
                { MOUNT(""), "", "", "" },
                { MOUNT(",\"TmpfsOptions\":{}"), "", "", "" },
                { MOUNT(",\"TmpfsOptions\":null"), "", "", "" },
                { MOUNT(",\"TmpfsOptions\":{\"SizeBytes\":1}"), "", "", "limit" },
                { MOUNT(",\"TmpfsOptions\":{\"SizeBytes\":0}"), "", "", "" },
                { MOUNT(",\"TmpfsOptions\":{\"SizeBytes\":9223372036854775807}"), "", "", "" },
                { MOUNT(",\"TmpfsOptions\":{\"SizeBytes\":-1}"), "", "", "" },
                { MOUNT(",\"TmpfsOptions\":{\"Options\":[[\"exec\"]]}"), "exec", "exec", "exec" },
                { MOUNT(",\"TmpfsOptions\":{\"Options\":[[\"exec\"],[\"noexec\"]]}"), "exec noexec", "exec noexec",
                  "" },
                { MOUNT(",\"TmpfsOptions\":{\"Options\":[[\"remount\"]]}"), "remount", "remount", "" },
                { MOUNT(",\"TmpfsOptions\":{\"Options\":[[\"size\",\"0\"]]}"), "size=0", "size", "" },
                { MOUNT(",\"TmpfsOptions\":{\"SizeBytes\":5,\"Options\":[[\"size\",\"0\"]]}"), "size=0", "size", "" },
                { MOUNT(",\"TmpfsOptions\":{\"Options\":[[\"a\",\"b\",\"c\"]]}"), "a=b=c", "a", "" },
                { MOUNT(",\"TmpfsOptions\":{\"Options\":[[],null,[\"\"]]}"), "", "", "" },
                { MOUNT(",\"TmpfsOptions\":{\"Options\":[[\"a,exec\"]]}"), "a,exec", "a,exec", "" },
                { MOUNT(",\"tmpfsoptions\":{\"options\":[[\"exec\"]]}"), "exec", "exec", "exec" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                check(&rows[i]);
}

#define VOLUME(options)                                                                                                \
        "\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"v\",\"Target\":\"/t\",\"VolumeOptions\":{\"DriverConfig\":{"    \
        "\"Options\":{\"type\":\"tmpfs\",\"device\":\"tmpfs\"" options "}}}}]",                                        \
                "volume-options", "v", "none"

/* mount(2) as it is asked for: dockerd forbids nothing here by itself. */
static void volumes_are_open_until_they_say_otherwise(void **state) {
        static const struct row rows[] = {
                { VOLUME(""), "", "", "exec suid dev" },
                { VOLUME(",\"o\":\"\""), "", "", "exec suid dev" },
                { VOLUME(",\"o\":\"size=1m\""), "size=1m", "size", "exec suid dev limit" },
                { VOLUME(",\"o\":\"noexec,nosuid,nodev,size=1m\""), "noexec nosuid nodev size=1m",
                  "noexec nosuid nodev size", "limit" },
                { VOLUME(",\"o\":\"noexec,exec\""), "noexec exec", "noexec exec", "exec suid dev" },
                { VOLUME(",\"o\":\"remount\""), "remount", "remount", "exec suid dev" },
        };
        cleanup_(call_free) struct call c = { 0 };
        const struct facts *f;

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                check(&rows[i]);
        /* a bind looks at no type */
        f = call_host_config(&c,
                             "\"Mounts\":[{\"Type\":\"volume\",\"Target\":\"/t\",\"VolumeOptions\":{\"DriverConfig\":"
                             "{\"Options\":{\"type\":\"tmpfs\",\"device\":\"/\",\"o\":\"rbind,size=1m\"}}}}]");
        assert_int_equal(f->tmpfs.n, 0);
}

/* Where each stands, for those who read the finding. */
static void each_says_where_it_stands(void **state) {
        static const struct {
                const char *members, *origin;
        } rows[] = {
                { "\"Tmpfs\":{\"/t\":\"\"}", "HostConfig.Tmpfs./t" },
                { "\"Mounts\":[{\"Type\":\"tmpfs\",\"Target\":\"/t\"}]", "HostConfig.Mounts[0]" },
                { "\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/a\",\"Target\":\"/"
                  "a\"},{\"Type\":\"volume\",\"Target\":\"/t\","
                  "\"VolumeOptions\":{\"DriverConfig\":{\"Options\":{\"type\":\"tmpfs\",\"device\":\"x\"}}}}]",
                  "HostConfig.Mounts[1]" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                const struct tmpfs_fact *t = call_host_config(&c, rows[i].members)->tmpfs.items;
                struct text text;

                text_init_arena(&text, &c.arena);
                origin_add(&text, &t->origin);
                assert_str(text_str(&text), rows[i].origin);
        }
}

static void other_doors_lead_to_the_same(void **state) {
        static const struct {
                const char *uri, *body, *is;
        } rows[] = {
                { "/v1.41/volumes/create",
                  "{\"Name\":\"v\",\"DriverOpts\":{\"type\":\"tmpfs\",\"device\":\"tmpfs\",\"o\":\"noexec,size=1m\"}}",
                  "volume-options v at none [noexec size=1m] (noexec size) suid dev limit" },
                { "/v1.41/services/create",
                  "{\"TaskTemplate\":{\"ContainerSpec\":{\"Mounts\":[{\"Type\":\"TMPFS\",\"Target\":\"/sys/\","
                  "\"TmpfsOptions\":{\"Options\":[[\"exec\"]]}}]}}}",
                  "mount /sys at /sys [exec] (exec) exec" },
                { "/v1.41/services/create",
                  "{\"TaskTemplate\":{\"ContainerSpec\":{\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"v\",\"Target\":"
                  "\"/t\","
                  "\"VolumeOptions\":{\"DriverConfig\":{\"Options\":{\"type\":\"tmpfs\",\"device\":\"x\"}}}}]}}}",
                  "volume-options v at none [] () exec suid dev" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };

                call_read(&c, (struct wire){ "POST", rows[i].uri, rows[i].body });
                assert_false(flaws_any(&c.request.flaws));
                assert_int_equal(c.request.facts.tmpfs.n, 1);
                assert_str(in_words(&c, c.request.facts.tmpfs.items), rows[i].is);
        }
}

/* A volume's options, and those of a container that is started, are the engine's to tell. */
static void what_the_engine_tells_of_is_one_too(void **state) {
        static const struct {
                const char *uri, *body, *answer, *is;
        } rows[] = {
                { "/v1.41/containers/create", "{\"HostConfig\":{\"Binds\":[\"v:/t\"]}}",
                  "{\"Driver\":\"local\",\"Options\":{\"type\":\"tmpfs\",\"device\":\"tmpfs\",\"o\":\"size=0\"}}",
                  "named-volume v at none [size=0] (size) exec suid dev" },
                { "/v1.41/containers/p/start", NULL, "{\"HostConfig\":{\"Tmpfs\":{\"/sys/\":\"remount,rw\"}}}",
                  "tmpfs /sys/ at /sys [remount rw] (remount rw)" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                cleanup_(call_free) struct call c = { 0 };
                struct questions questions = { 0 };

                call_read(&c, (struct wire){ "POST", rows[i].uri, rows[i].body });
                questions_of(&questions, &c.request, &c.arena);
                assert_int_equal(questions.n, 1);
                assert_int_equal(c.request.facts.tmpfs.n, 0);
                question_answer(&c.request, &c.arena, &questions, 0, ANSWER_TOLD, str_from(rows[i].answer));
                assert_false(flaws_any(&c.request.flaws));
                assert_int_equal(c.request.facts.tmpfs.n, 1);
                assert_str(in_words(&c, c.request.facts.tmpfs.items), rows[i].is);
        }
}

/* -- too much -- */

static bool is_too_large(const struct text *body) {
        cleanup_(call_free) struct call c = { 0 };
        bool flawed;

        assert_false(body->failed);
        call_read(&c, (struct wire){ "POST", "/v1.41/containers/create", body->p });
        flawed = flaws_have(&c.request.flaws, FLAW_TOO_LARGE);
        assert_int_equal(flaws_any(&c.request.flaws), flawed);
        assert_true(!flawed || c.request.facts.tmpfs.n == 0);
        return flawed;
}

static void options_of_more_than_a_page_are_too_large(void **state) {
        (void)state;
        for (size_t n = 4095; n <= 4097; ++n) {
                struct text body;

                text_init(&body);
                text_addz(&body, "{\"HostConfig\":{\"Tmpfs\":{\"/t\":\"");
                for (size_t i = 0; i < n; ++i)
                        text_add_char(&body, 'a');
                text_addz(&body, "\"}}}");
                assert_int_equal(is_too_large(&body), n > 4096);
                text_deinit(&body);
        }
}

static void paths_that_no_kernel_takes_are_too_large(void **state) {
        (void)state;
        for (size_t n = PATH_MAX - 1; n <= PATH_MAX; ++n)
                for (int mount = 0; mount < 2; ++mount) {
                        struct text body;

                        text_init(&body);
                        text_addz(&body, mount ? "{\"HostConfig\":{\"Mounts\":[{\"Type\":\"tmpfs\",\"Target\":\"/"
                                               : "{\"HostConfig\":{\"Tmpfs\":{\"/");
                        for (size_t i = 1; i < n; ++i)
                                text_add_char(&body, 'a');
                        text_addz(&body, mount ? "\"}]}}" : "\":\"\"}}}");
                        assert_int_equal(is_too_large(&body), n >= PATH_MAX);
                        text_deinit(&body);
                }
}

static void more_than_any_host_mounts_are_too_large(void **state) {
        (void)state;
        for (size_t n = FACT_HEAVY_MOST; n <= FACT_HEAVY_MOST + 1; ++n) {
                struct text body;

                text_init(&body);
                text_addz(&body, "{\"HostConfig\":{\"Tmpfs\":{");
                for (size_t i = 0; i < n; ++i)
                        text_addf(&body, "%s\"/t%zu\":\"\"", i ? "," : "", i);
                text_addz(&body, "}}}");
                assert_int_equal(is_too_large(&body), n > FACT_HEAVY_MOST);
                text_deinit(&body);
        }
}

/* One of each door into memory of @limit bytes. */
static void read_all(struct facts *f, struct arena *arena) {
        struct go_pair pairs[] = { { STR_C("//t"), { STR_C("rw,size=1m,exec"), true } } };
        const struct go_list map = { .items = pairs, .n = 1, .given = true };
        struct go_string words[] = { { STR_C("size"), true }, { STR_C("1m"), true } };
        struct go_list pair = { .items = words, .n = 2, .given = true };
        const struct tmpfs_options options = { .options = { .items = &pair, .n = 1, .given = true } };
        const struct mount_fact mount = { .target.value = STR_C("/x/../t"), .via.value = STR_C("volume-options") };

        tmpfs_read(READING(f, arena), &map);
        tmpfs_mount_read(READING(f, arena), &mount, &options);
        tmpfs_volume_read(READING(f, arena), &mount, STR_C("size=1m,noexec"));
}

static void what_there_is_no_memory_for_is_refused(void **state) {
        bool fits = false;

        (void)state;
        for (size_t limit = 0; !fits; ++limit) {
                struct arena arena;
                struct facts f;

                arena_init(&arena, limit);
                facts_init(&f);
                fits = LATCHED(&arena, read_all(&f, &arena));
                assert_true(!fits || f.tmpfs.n == 3);
                arena_deinit(&arena);
                assert_true(limit < 1 << 14);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(options_are_words_of_their_own),
                cmocka_unit_test(the_last_of_a_pair_counts),
                cmocka_unit_test(nought_is_no_limit_however_it_is_written),
                cmocka_unit_test(targets_are_cleaned_and_names_kept),
                cmocka_unit_test(mounts_have_their_own_options),
                cmocka_unit_test(volumes_are_open_until_they_say_otherwise),
                cmocka_unit_test(each_says_where_it_stands),
                cmocka_unit_test(other_doors_lead_to_the_same),
                cmocka_unit_test(what_the_engine_tells_of_is_one_too),
                cmocka_unit_test(options_of_more_than_a_page_are_too_large),
                cmocka_unit_test(paths_that_no_kernel_takes_are_too_large),
                cmocka_unit_test(more_than_any_host_mounts_are_too_large),
                cmocka_unit_test(what_there_is_no_memory_for_is_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
