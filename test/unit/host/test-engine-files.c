#include "docksill/host/engine-files.h"

#include "docksill/base/text.h"
#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A host of our own: its /proc, and a daemon.json. */
struct host {
        char folder[64], proc[96], settings[96];
        struct text text;
        bool partial; /* was the last look */
};

static void host_init(struct host *h) {
        *h = (struct host){ .folder = "/tmp/docksill-engine-XXXXXX" };
        assert_non_null(mkdtemp(h->folder));
        snprintf(h->proc, sizeof(h->proc), "%s/proc", h->folder);
        snprintf(h->settings, sizeof(h->settings), "%s/daemon.json", h->folder);
        assert_int_equal(mkdir(h->proc, 0700), 0);
        text_init(&h->text);
}

static int remove_one(const char *path, unused_ const struct stat *st, unused_ int type, unused_ struct FTW *ftw) {
        return remove(path);
}

static void host_deinit(struct host *h) {
        nftw(h->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
        text_deinit(&h->text);
}

static void write_file(const struct host *h, const char *name, struct str text) {
        char path[256];
        FILE *file;

        snprintf(path, sizeof(path), "%s/%s", h->folder, name);
        file = fopen(path, "w");
        assert_non_null(file);
        assert_int_equal(fwrite(text.p, 1, text.n, file), text.n);
        assert_int_equal(fclose(file), 0);
}

/* @numbers: what NSpid says. */
static void write_status(const struct host *h, const char *pid, unsigned uid, const char *numbers) {
        char path[256], text[256];

        snprintf(path, sizeof(path), "%s/%s", h->proc, pid);
        assert_int_equal(mkdir(path, 0700), 0);
        snprintf(path, sizeof(path), "proc/%s/status", pid);
        snprintf(text, sizeof(text), "Name:\tdockerd\nPid:\t12\nUid:\t%u\t%u\t%u\t%u\nGid:\t0\t0\t0\t0\n%s%s\n", 7u,
                 uid, uid, uid, numbers ? "NSpid:\t" : "", numbers ? numbers : "");
        write_file(h, path, str_from(text));
}

static void write_comm(const struct host *h, const char *pid, struct str comm) {
        char name[64];

        snprintf(name, sizeof(name), "proc/%s/comm", pid);
        write_file(h, name, comm);
}

static void write_process(const struct host *h, const char *pid, struct str line) {
        char name[64];

        write_comm(h, pid, STR_C("dockerd\n"));
        snprintf(name, sizeof(name), "proc/%s/cmdline", pid);
        write_file(h, name, line);
}

/* A process @pid of root, as /proc shows it. */
static void run(const struct host *h, const char *pid, const char *numbers, struct str line) {
        write_status(h, pid, 0, numbers);
        write_process(h, pid, line);
}

#define OURS "12"

/* What a look finds: "data:/a obeyed:/b"; of the folder the test made "~/x". */
static const char *found(struct host *h) {
        const struct engine_files files = { .proc = h->proc, .settings = h->settings };
        struct engine_folders f = { 0 };

        engine_files_look(&f, &files);
        h->partial = f.partial;
        text_reset(&h->text);
        text_addz(&h->text, "");
        for (size_t i = 0; i < f.n; ++i) {
                struct str path = { f.text + f.items[i].at, f.items[i].n };
                bool own = str_starts(path, str_from(h->folder));

                text_addf(&h->text, "%s%s:%s", i ? " " : "", f.items[i].kind == ENGINE_DATA ? "data" : "obeyed",
                          own ? "~" : "");
                text_add(&h->text, own ? str_skip(path, strlen(h->folder)) : path);
        }
        return h->text.p;
}

#define LOOKED_FOR     "obeyed:/etc/docker/plugins obeyed:/usr/lib/docker/plugins data:/run/docker/plugins"
#define STANDARD       "data:/var/lib/docker data:/run/docker " LOOKED_FOR
#define LOOKED_FOR_IN  "data:/run/docker " LOOKED_FOR     /* with another data root */
#define WITH_DATA_ROOT "data:/var/lib/docker " LOOKED_FOR /* with another exec root */

static void where_no_engine_is_nothing_is_found(void **state) {
        const struct engine_files nowhere = { .proc = "/nowhere", .settings = "/nowhere/daemon.json" };
        struct engine_folders f = { 0 };
        struct host h;

        (void)state;
        host_init(&h);
        assert_string_equal(found(&h), "");
        run(&h, "7", OURS, STR_C("/usr/bin/bash\0-c\0dockerd --data-root /x\0"));
        assert_string_equal(found(&h), "");
        engine_files_look(&f, &nowhere);
        assert_int_equal(f.n, 0);
        host_deinit(&h);
}

/* Whatever a dockerd is told, its settings name places too; a file alone says that one is set up. */
static void settings_name_places(void **state) {
        static const struct {
                const char *settings, *found; /* behind the file itself */
        } rows[] = {
                { "{}", STANDARD },
                { "", STANDARD },
                { "{\"data-root\":\"/data\"}", "data:/data " LOOKED_FOR_IN },
                { "{\"graph\":\"/data\"}", "data:/data " LOOKED_FOR_IN },
                { "{\"exec-root\":\"/x\"}", "data:/x " WITH_DATA_ROOT },
                { "{\"data-root\":\"/data\",\"exec-root\":\"/x\"}", "data:/data data:/x " LOOKED_FOR },
                { "{\"data-root\":\"\",\"exec-root\":\"\",\"containerd\":\"\",\"hosts\":[]}", STANDARD },
                { "{\"data-root\":null,\"hosts\":null,\"nri-opts\":null}", STANDARD },
                { "{\"hosts\":[\"unix:///run/d.sock\",\"tcp://0.0.0.0:2375\",\"fd://\",\"/run/e.sock\",\"unix://\"]}",
                  STANDARD " data:/run/d.sock" },
                { "{\"containerd\":\"/run/c.sock\"}", STANDARD " data:/run/c.sock" },
                { "{\"containerd\":\"unix:///run/c.sock\"}", STANDARD " data:/run/c.sock" },
                { "{\"cdi-spec-dirs\":[\"/etc/my-cdi\",\"relative\",\"\"]}", STANDARD " obeyed:/etc/my-cdi" },
                { "{\"nri-opts\":{\"enable\":true,\"socket-path\":\"/run/nri.sock\",\"plugin-path\":\"/opt/nri\","
                  "\"plugin-config-path\":\"/etc/nri\"}}",
                  STANDARD " data:/run/nri.sock obeyed:/opt/nri obeyed:/etc/nri" },
                { "{\"data-root\":\"relative\"}", LOOKED_FOR_IN },
                { "{\"data-root\":\"/\"}", LOOKED_FOR_IN },
                { "{\"data-root\":\"/a/../data//\"}", "data:/data " LOOKED_FOR_IN },
                { "{\"data-root\":\"/d\\u00e4\"}", "data:/d\xc3\xa4 " LOOKED_FOR_IN },
                { "{\"log-driver\":\"local\",\"runtimes\":{\"x\":{\"path\":\"/x\"}}}", STANDARD },
                /* an editor on another system leaves such a mark before the text, and dockerd passes over it */
                { "\xef\xbb\xbf{\"data-root\":\"/data\"}", "data:/data " LOOKED_FOR_IN },
                /* dockerd would not start with these, unless docksill reads them otherwise than it does */
                { "{\"data-root\":\"/data\"} x", "data:/data " LOOKED_FOR_IN },
                { "{\"data-root\":\"/data\",", "data:/data " LOOKED_FOR_IN },
                { "{\"data-root\":5,\"containerd\":\"/run/c.sock\"}", STANDARD " data:/run/c.sock" },
                { "[]", STANDARD },
                { "null", STANDARD },
                { "{", STANDARD },
                { "\xff\xfe{", STANDARD },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char wanted[512];
                struct host h;

                host_init(&h);
                write_file(&h, "daemon.json", str_from(rows[i].settings));
                snprintf(wanted, sizeof(wanted), "obeyed:~/daemon.json %s", rows[i].found);
                if (strcmp(found(&h), wanted) != 0)
                        fail_msg("%s:\n  is     %s\n  wanted %s", rows[i].settings, h.text.p, wanted);
                host_deinit(&h);
        }
}

static void what_is_no_file_of_settings_is_not_read(void **state) {
        static char large[256 * 1024 + 1];
        struct host h;

        (void)state;
        host_init(&h);
        assert_int_equal(mkdir(h.settings, 0700), 0);
        assert_string_equal(found(&h), "");
        assert_int_equal(rmdir(h.settings), 0);
        assert_int_equal(mkfifo(h.settings, 0600), 0); /* and nobody waits for who writes */
        assert_string_equal(found(&h), "");
        assert_int_equal(unlink(h.settings), 0);
        assert_int_equal(symlink("/nowhere", h.settings), 0);
        assert_string_equal(found(&h), "");
        assert_int_equal(unlink(h.settings), 0);
        memset(large, ' ', sizeof(large));
        write_file(&h, "daemon.json", (struct str){ large, sizeof(large) });
        assert_string_equal(found(&h), "");
        write_file(&h, "daemon.json", (struct str){ large, sizeof(large) - 1 });
        assert_string_equal(found(&h), "obeyed:~/daemon.json " STANDARD);
        host_deinit(&h);
}

/* More than there is memory for: what it says is unknown, that it is there is not. */
static void settings_without_end_tell_of_the_usual_places(void **state) {
        struct text t;
        struct host h;

        (void)state;
        host_init(&h);
        text_init(&t);
        text_addz(&t, "{\"hosts\":[\"\\n\"");
        for (int i = 0; i < 30000; ++i)
                text_addz(&t, ",\"\\n\"");
        text_addz(&t, "]}");
        write_file(&h, "daemon.json", text_str(&t));
        assert_string_equal(found(&h), "obeyed:~/daemon.json " STANDARD);
        text_deinit(&t);
        host_deinit(&h);
}

static void a_command_line_names_places(void **state) {
        static const struct {
                struct str line;
                const char *found;
        } rows[] = {
                { STR("dockerd\0"), STANDARD },
                { STR("/usr/bin/dockerd\0"), STANDARD },
                { STR("./dockerd"), STANDARD },
                { STR("dockerd\0--data-root=/data\0"), "data:/data " LOOKED_FOR_IN },
                { STR("dockerd\0--data-root\0/data\0"), "data:/data " LOOKED_FOR_IN },
                { STR("dockerd\0--graph=/data\0"), "data:/data " LOOKED_FOR_IN },
                { STR("dockerd\0-g\0/data\0"), "data:/data " LOOKED_FOR_IN },
                { STR("dockerd\0-g/data\0"), "data:/data " LOOKED_FOR_IN },
                { STR("dockerd\0-g=/data\0"), "data:/data " LOOKED_FOR_IN },
                { STR("dockerd\0--exec-root=/x\0"), "data:/x " WITH_DATA_ROOT },
                { STR("dockerd\0--exec-root\0/x\0--data-root\0/data\0"), "data:/x data:/data " LOOKED_FOR },
                { STR("dockerd\0-H\0unix:///run/d.sock\0-H\0tcp://h:1\0-H\0fd://\0"), STANDARD " data:/run/d.sock" },
                { STR("dockerd\0-Hunix:///run/d.sock\0"), STANDARD " data:/run/d.sock" },
                { STR("dockerd\0-H=unix:///run/d.sock\0"), STANDARD " data:/run/d.sock" },
                { STR("dockerd\0-DH\0unix:///run/d.sock\0"), STANDARD " data:/run/d.sock" },
                { STR("dockerd\0-DDHunix:///run/d.sock\0"), STANDARD " data:/run/d.sock" },
                { STR("dockerd\0-Dg=/data\0"), "data:/data " LOOKED_FOR_IN },
                { STR("dockerd\0-lH\0unix:///run/d.sock\0-D\0-DD\0"), STANDARD }, /* a level called H */
                { STR("dockerd\0--nri-opts=enable=true,socket-path=/run/n.sock,plugin-path=/p,plugin-config-path=/c\0"),
                  STANDARD " data:/run/n.sock obeyed:/p obeyed:/c" },
                { STR("dockerd\0--nri-opts\0plugin-path=/p\0"), STANDARD " obeyed:/p" },
                { STR("dockerd\0--nri-opts=,plugin-path,=/x,socket-path=\0"), STANDARD },
                { STR("dockerd\0--host=unix:///run/d.sock\0"), STANDARD " data:/run/d.sock" },
                { STR("dockerd\0--host\0unix:///run/d.sock\0"), STANDARD " data:/run/d.sock" },
                { STR("dockerd\0-H\0/run/d.sock\0"), STANDARD },
                { STR("dockerd\0--containerd=/run/c.sock\0"), STANDARD " data:/run/c.sock" },
                { STR("dockerd\0--cdi-spec-dir=/a\0--cdi-spec-dir\0/b\0"), STANDARD " obeyed:/a obeyed:/b" },
                { STR("dockerd\0--config-file=/nowhere/d.json\0"), STANDARD " obeyed:/nowhere/d.json" },
                { STR("dockerd\0--data-root\0"), LOOKED_FOR_IN },
                { STR("dockerd\0--data-root="), LOOKED_FOR_IN },
                { STR("dockerd\0-g"), LOOKED_FOR_IN },
                { STR("dockerd\0-H"), STANDARD },
                { STR("dockerd\0--debug\0--group\0x\0-p\0/x.pid\0"), STANDARD },
                { STR("dockerd\0--data-rootx=/data\0--Data-Root=/data\0-data-root=/data\0data-root=/data\0--\0-\0"),
                  STANDARD },
                { STR("dockerd\0\0\0--data-root=/data\0"), "data:/data " LOOKED_FOR_IN },
                /* what a flag takes is no flag of its own */
                { STR("dockerd\0--data-root\0--exec-root=/x\0"), LOOKED_FOR_IN },
                { STR("dockerd\0--exec-root\0-g\0/y\0"), WITH_DATA_ROOT },
                { STR("dockerd\0-g\0--exec-root=/x\0"), LOOKED_FOR_IN },
                /* whoever is called otherwise */
                { STR("dockerd-rootless\0--data-root=/data\0"), "" },
                { STR("Dockerd\0--data-root=/data\0"), "" },
                { STR("/dockerd/x\0--data-root=/data\0"), "" },
                { STR("dockerd/\0--data-root=/data\0"), "" },
                { STR("dockerd --data-root=/data\0"), "" },
                { STR("\0dockerd\0"), "" },
                { STR(""), "" },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct host h;

                host_init(&h);
                run(&h, "12", OURS, rows[i].line);
                if (strcmp(found(&h), rows[i].found) != 0)
                        fail_msg("row %zu:\n  is     %s\n  wanted %s", i, h.text.p, rows[i].found);
                host_deinit(&h);
        }
}

static void a_dockerd_reads_the_settings_it_names(void **state) {
        struct text line;
        struct host h;

        (void)state;
        host_init(&h);
        text_init(&line);
        write_file(&h, "other.json", STR_C("{\"data-root\":\"/other\"}"));
        text_addz(&line, "dockerd");
        text_add_char(&line, '\0');
        text_addf(&line, "--config-file=%s/other.json", h.folder);
        text_add_char(&line, '\0');
        run(&h, "12", OURS, text_str(&line));
        assert_string_equal(found(&h), "obeyed:~/other.json data:/other " LOOKED_FOR_IN);

        /* the usual file is still there for a dockerd that names none */
        write_file(&h, "daemon.json", STR_C("{\"data-root\":\"/data\"}"));
        assert_string_equal(found(&h),
                            "obeyed:~/daemon.json data:/data " LOOKED_FOR_IN " obeyed:~/other.json data:/other");
        text_deinit(&line);
        host_deinit(&h);
}

static void flags_and_settings_come_together(void **state) {
        struct host h;

        (void)state;
        host_init(&h);
        write_file(&h, "daemon.json", STR_C("{\"data-root\":\"/data\"}"));
        run(&h, "1", OURS, STR_C("dockerd\0--exec-root=/x\0"));
        assert_string_equal(found(&h), "obeyed:~/daemon.json data:/data " LOOKED_FOR_IN " data:/x");
        host_deinit(&h);
}

/* A container may call a process of its own dockerd, and name any folder at all; so may another user. */
static void only_who_sees_the_processes_that_we_see_counts(void **state) {
        const struct {
                const char *pid, *numbers;
                unsigned uid;
                bool counts;
        } rows[] = {
                { "12", OURS, 0, true },     { "12", OURS, geteuid(), true }, { "12", OURS, 1000 + geteuid(), false },
                { "12", "12\t1", 0, false }, { "12", "12\t7\t1", 0, false },  { "12", "", 0, false },
                { "12", NULL, 0, false },    { "x12", OURS, 0, false },       { "-12", OURS, 0, false },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                struct host h;

                host_init(&h);
                write_status(&h, rows[i].pid, rows[i].uid, rows[i].numbers);
                write_process(&h, rows[i].pid, STR_C("dockerd\0--data-root=/data\0"));
                assert_string_equal(found(&h), rows[i].counts ? "data:/data " LOOKED_FOR_IN : "");
                host_deinit(&h);
        }
}

/* The file that it runs; a command line may call itself anything. */
static void only_who_is_called_so_by_the_kernel_counts(void **state) {
        static const struct {
                struct str comm;
                bool counts;
        } rows[] = {
                { STR("dockerd\n"), true },
                { STR("dockerd"), true },
                { STR("dockerd-20.10.2\n"), true },
                { STR("dockerd-rootles\n"), true },
                { STR("docker\n"), false },
                { STR("containerd\n"), false },
                { STR(""), false },
        };
        char path[128];
        struct host h;

        (void)state;
        host_init(&h);
        run(&h, "12", OURS, STR_C("dockerd\0--data-root=/data\0"));
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                write_comm(&h, "12", rows[i].comm);
                assert_string_equal(found(&h), rows[i].counts ? "data:/data " LOOKED_FOR_IN : "");
        }
        snprintf(path, sizeof(path), "%s/12/comm", h.proc);
        assert_int_equal(unlink(path), 0);
        assert_string_equal(found(&h), "");
        host_deinit(&h);
}

/* In a container the command line may lie in a file of its own, which whoever reads it waits for. */
static void nobody_waits_for_the_line_of_a_container(void **state) {
        static const struct {
                const char *numbers;
                struct str comm;
                unsigned uid;
        } rows[] = {
                { "12\t1", STR("dockerd\n"), 0 },
                { OURS, STR("x\n"), 0 },
                { OURS, STR("dockerd\n"), 54321 },
        };

        (void)state;
        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                char path[128];
                struct host h;

                host_init(&h);
                write_status(&h, "12", rows[i].uid, rows[i].numbers);
                write_comm(&h, "12", rows[i].comm);
                snprintf(path, sizeof(path), "%s/12/cmdline", h.proc);
                assert_int_equal(mkfifo(path, 0600), 0); /* to open it waits for who writes */
                alarm(20);
                assert_string_equal(found(&h), "");
                alarm(0);
                host_deinit(&h);
        }
}

/* However many sockets and folders come before them. */
static void the_roots_have_room(void **state) {
        struct text t;
        struct host h;

        (void)state;
        host_init(&h);
        text_init(&t);
        text_addz(&t, "{\"hosts\":[\"unix:///run/0\"");
        for (int i = 1; i < 40; ++i)
                text_addf(&t, ",\"unix:///run/%d\"", i);
        text_addz(&t, "]}");
        write_file(&h, "daemon.json", text_str(&t));
        run(&h, "12", OURS, STR_C("dockerd\0--data-root=/data\0"));
        assert_memory_equal(found(&h), "obeyed:~/daemon.json " STANDARD " data:/data data:/run/0 data:/run/1 ",
                            strlen("obeyed:~/daemon.json " STANDARD " data:/data data:/run/0 data:/run/1 "));
        assert_true(h.partial);
        text_deinit(&t);
        host_deinit(&h);
}

/* A process may end while it is looked at. */
static void what_is_gone_is_passed_over(void **state) {
        char path[128];
        struct host h;

        (void)state;
        host_init(&h);
        write_status(&h, "12", 0, OURS);
        assert_string_equal(found(&h), "");
        run(&h, "13", OURS, STR_C("dockerd\0--data-root=/data\0"));
        assert_string_equal(found(&h), "data:/data " LOOKED_FOR_IN);
        snprintf(path, sizeof(path), "%s/13/status", h.proc);
        assert_int_equal(unlink(path), 0);
        assert_string_equal(found(&h), "");
        snprintf(path, sizeof(path), "%s/99", h.proc);
        assert_int_equal(symlink("99", path), 0); /* to itself */
        assert_string_equal(found(&h), "");
        host_deinit(&h);
}

static void no_line_is_too_long_to_be_refused(void **state) {
        static char line[64 * 1024 + 1];
        char path[128];
        struct host h;

        (void)state;
        host_init(&h);
        memset(line, 'a', sizeof(line));
        memcpy(line, "dockerd\0--data-root=/data\0", 26);
        run(&h, "12", OURS, (struct str){ line, sizeof(line) - 1 });
        assert_string_equal(found(&h), "data:/data " LOOKED_FOR_IN);
        snprintf(path, sizeof(path), "%s/12/cmdline", h.proc);
        write_file(&h, "proc/12/cmdline", (struct str){ line, sizeof(line) });
        assert_string_equal(found(&h), "");

        /* a path that none can be is no file of settings */
        memcpy(line, "dockerd\0--config-file=/xxx", 26);
        write_file(&h, "proc/12/cmdline", (struct str){ line, 5000 });
        write_file(&h, "daemon.json", STR_C("{\"data-root\":\"/data\"}"));
        assert_string_equal(found(&h), "obeyed:~/daemon.json data:/data " LOOKED_FOR_IN);
        host_deinit(&h);
}

/* The host's own: whatever is here, to look must not fail. */
static void the_host_s_own_files_are_looked_at(void **state) {
        struct engine_folders f = { 0 };

        (void)state;
        engine_files_look(&f, NULL);
        assert_true(f.n <= ENGINE_FOLDERS_MOST);
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(where_no_engine_is_nothing_is_found),
                cmocka_unit_test(settings_name_places),
                cmocka_unit_test(what_is_no_file_of_settings_is_not_read),
                cmocka_unit_test(settings_without_end_tell_of_the_usual_places),
                cmocka_unit_test(a_command_line_names_places),
                cmocka_unit_test(a_dockerd_reads_the_settings_it_names),
                cmocka_unit_test(flags_and_settings_come_together),
                cmocka_unit_test(only_who_sees_the_processes_that_we_see_counts),
                cmocka_unit_test(only_who_is_called_so_by_the_kernel_counts),
                cmocka_unit_test(nobody_waits_for_the_line_of_a_container),
                cmocka_unit_test(the_roots_have_room),
                cmocka_unit_test(what_is_gone_is_passed_over),
                cmocka_unit_test(no_line_is_too_long_to_be_refused),
                cmocka_unit_test(the_host_s_own_files_are_looked_at),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
