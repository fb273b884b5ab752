#include "docksill/record/capture.h"

#include "capture-folder-priv.h"
#include "docksill/base/clock.h"
#include "docksill/rules/ruleset.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cmocka.h>

#define CALL(n) "{\"RequestMethod\":\"POST\",\"RequestUri\":\"/containers/a" n "/stop\"}"

struct place {
        char top[64], folder[96];
        struct ruleset *rules;
        struct text why;
};

static int set_up(void **state) {
        const struct ruleset_options options = { .rules = "../rules", .environment = "production" };
        struct place *p = calloc(1, sizeof(*p));
        struct diag diag;

        strcpy(p->top, "/tmp/docksill-captured-XXXXXX");
        assert_non_null(mkdtemp(p->top));
        snprintf(p->folder, sizeof(p->folder), "%s/calls", p->top);
        diag_init(&diag);
        assert_int_equal(ruleset_load(&p->rules, &options, &diag), 0);
        diag_deinit(&diag);
        text_init(&p->why);
        *state = p;
        return 0;
}

static void empty(const char *folder) {
        DIR *d = opendir(folder);
        struct dirent *entry;
        char path[512];

        while (d && (entry = readdir(d))) {
                snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
                unlink(path);
        }
        if (d)
                closedir(d);
        rmdir(folder);
}

static int tear_down(void **state) {
        struct place *p = *state;

        unlink(p->folder);
        empty(p->folder);
        assert_int_equal(rmdir(p->top), 0);
        ruleset_unref(p->rules);
        text_deinit(&p->why);
        free(p);
        return 0;
}

/* Files there whose names end in @suffix, hidden ones too. */
static unsigned count(const char *folder, const char *suffix) {
        DIR *d = opendir(folder);
        struct dirent *entry;
        unsigned n = 0;

        while (d && (entry = readdir(d)))
                n += entry->d_type == DT_REG && str_ends(str_from(entry->d_name), str_from(suffix));
        if (d)
                closedir(d);
        return n;
}

static struct capture_place place_of(const struct place *p, uint64_t keep, uint64_t max) {
        return (struct capture_place){ .folder = str_from(p->folder), .keep = keep, .max = max };
}

static void touch(const struct place *p, const char *name, mode_t mode) {
        char path[256];
        int fd;

        snprintf(path, sizeof(path), "%s/%s", p->folder, name);
        fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
        assert_true(fd >= 0);
        assert_int_equal(write(fd, "0123456789", 10), 10);
        close(fd);
}

/* -- the folder -- */

static void makes_a_folder_for_itself(void **state) {
        struct place *p = *state;
        struct stat st;
        mode_t before = umask(0);

        assert_int_equal(capture_folder_check(str_from(p->folder), true, &p->why), 0);
        umask(before);
        assert_int_equal(stat(p->folder, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0700);
        assert_int_equal(p->why.n, 0);
}

static void refuses_one_that_others_may_read(void **state) {
        static const mode_t modes[] = { 0755, 0701, 0710, 0740 };
        struct place *p = *state;

        assert_int_equal(mkdir(p->folder, 0700), 0);
        for (size_t i = 0; i < ARRAY_SIZE(modes); ++i) {
                text_reset(&p->why);
                assert_int_equal(chmod(p->folder, modes[i]), 0);
                assert_int_equal(capture_folder_check(str_from(p->folder), true, &p->why), -EPERM);
                assert_true(str_search(text_str(&p->why), STR_C("chmod 700")) < p->why.n);
        }
}

static void refuses_links_files_and_what_is_missing(void **state) {
        struct place *p = *state;
        char deep[128];

        assert_int_equal(symlink("/tmp", p->folder), 0);
        assert_int_equal(capture_folder_check(str_from(p->folder), true, &p->why), -ENOTDIR);
        unlink(p->folder);
        close(open(p->folder, O_WRONLY | O_CREAT, 0600));
        assert_int_equal(capture_folder_check(str_from(p->folder), false, &p->why), -ENOTDIR);
        unlink(p->folder);
        snprintf(deep, sizeof(deep), "%s/deep", p->folder);
        assert_int_equal(capture_folder_check(str_from(deep), true, &p->why), -ENOENT);
        text_reset(&p->why);
        assert_int_equal(capture_folder_check(str_from(p->folder), false, &p->why), 0); /* serve will make it */
        assert_int_equal(p->why.n, 0);
}

static void removes_the_oldest(void **state) {
        struct place *p = *state;
        struct capture_place place = place_of(p, 3, 1000);
        static char path[1001];
        struct capture_folder f;

        assert_int_equal(capture_folder_open(&f, &place, &p->why), 0);
        for (unsigned i = 0; i < 5; ++i)
                assert_int_equal(capture_folder_add(&f, i, INT64_C(1700000000000000) + i, STR_C("0123456789")), 0);
        assert_int_equal(count(p->folder, ".json"), 3);
        snprintf(path, sizeof(path), "%s/20231114T221320.000004Z-0000000000000004.json", p->folder);
        assert_int_equal(access(path, F_OK), 0);
        /* By their size. */
        assert_int_equal(capture_folder_add(&f, 9, INT64_C(1700000001000000), (struct str){ path, 985 }), 0);
        assert_int_equal(count(p->folder, ".json"), 2);
        assert_int_equal(capture_folder_add(&f, 10, 0, (struct str){ path, 1001 }), -EFBIG);
        assert_int_equal(count(p->folder, ".json"), 2);
        capture_folder_close(&f);
}

static void takes_over_what_is_there(void **state) {
        struct place *p = *state;
        struct capture_place place = place_of(p, 2, 1000);
        struct capture_folder f;

        assert_int_equal(mkdir(p->folder, 0700), 0);
        touch(p, "20260101T000000.000000Z-0000000000000001.json", 0600);
        touch(p, "20260102T000000.000000Z-0000000000000002.json", 0600);
        touch(p, "20260103T000000.000000Z-0000000000000003.json", 0600);
        touch(p, "20260103T000000.000000Z-00000000000000.json", 0600); /* not ours */
        touch(p, "mine.json", 0600);
        touch(p, ".unfinished", 0600);
        assert_int_equal(capture_folder_open(&f, &place, &p->why), 0);
        assert_int_equal(count(p->folder, ".json"), 4);
        assert_int_equal(count(p->folder, "Z-0000000000000001.json"), 0);
        assert_int_equal(count(p->folder, ".unfinished"), 0);
        assert_int_equal(f.n, 2);
        assert_int_equal(f.size, 20);
        capture_folder_close(&f);
}

static void leaves_nothing_half_written(void **state) {
        struct place *p = *state;
        struct capture_place place = place_of(p, 10, 100000);
        struct capture_folder f;
        struct stat st;
        char path[256];

        assert_int_equal(capture_folder_open(&f, &place, &p->why), 0);
        assert_int_equal(capture_folder_add(&f, 1, 0, STR_C("x")), 0);
        snprintf(path, sizeof(path), "%s/19700101T000000.000000Z-0000000000000001.json", p->folder);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
        assert_int_equal(unlink(path), 0);
        assert_int_equal(rmdir(p->folder), 0);
        assert_int_equal(capture_folder_add(&f, 2, 0, STR_C("x")), -ENOENT); /* the folder is gone */
        capture_folder_close(&f);
}

/* -- the thread -- */

static struct capture_counts settled(struct capture *c, uint64_t taken) {
        struct capture_counts n;

        for (unsigned i = 0; i < 1000; ++i) {
                n = capture_counts(c);
                if (n.written + n.unmasked + n.failed + n.lost >= taken)
                        break;
                usleep(10000);
        }
        return n;
}

static void writes_masked_calls(void **state) {
        static const struct str secret = STR("{\"RequestMethod\":\"POST\",\"RequestUri\":\"/build?"
                                             "buildargs=%7B%22TOKEN%22%3A%22hunter2%22%7D\"}");
        struct place *p = *state;
        struct capture_place place = place_of(p, 10, 100000);
        struct capture *c;
        char command[256];

        assert_int_equal(capture_new(&c), 0);
        assert_false(capture_wants(c));
        assert_int_equal(capture_use(c, &place, p->rules), 0);
        assert_true(capture_wants(c));
        capture_put(c, 1, clock_wall(), secret);
        capture_put(c, 2, clock_wall(), STR_C(CALL("")));
        capture_put(c, 3, clock_wall(), STR_C("no call"));
        assert_int_equal(settled(c, 3).written, 2);
        assert_int_equal(capture_counts(c).unmasked, 1);
        assert_int_equal(count(p->folder, ".json"), 2);
        snprintf(command, sizeof(command), "! grep -q hunter2 %s/*.json && grep -q masked %s/*.json", p->folder,
                 p->folder);
        assert_int_equal(system(command), 0);
        capture_free(c);
}

static void is_switched_off_and_moved(void **state) {
        struct place *p = *state;
        struct capture_place place = place_of(p, 10, 100000), off = { .keep = 1, .max = 1 }, other = place;
        char elsewhere[128];
        struct capture *c;

        snprintf(elsewhere, sizeof(elsewhere), "%s/other", p->top);
        other.folder = str_from(elsewhere);
        assert_int_equal(capture_new(&c), 0);
        assert_int_equal(capture_use(c, &off, p->rules), 0);
        assert_false(capture_wants(c));
        assert_int_equal(capture_use(c, &place, p->rules), 0);
        capture_put(c, 1, 0, STR_C(CALL("")));
        assert_int_equal(settled(c, 1).written, 1);
        assert_int_equal(capture_use(c, &other, p->rules), 0);
        capture_put(c, 2, 0, STR_C(CALL("")));
        capture_put(c, 3, 0, STR_C(CALL("")));
        assert_int_equal(settled(c, 3).written, 3);
        assert_int_equal(capture_use(c, &off, p->rules), 0);
        assert_false(capture_wants(c));
        capture_free(c);
        assert_int_equal(count(p->folder, ".json"), 1);
        assert_int_equal(count(elsewhere, ".json"), 2);
        empty(elsewhere);
}

/* A folder that goes bad under way is said and counted; nobody waits. */
static void counts_what_is_not_captured(void **state) {
        struct place *p = *state;
        struct capture_place place = place_of(p, 10, 100000);
        struct capture_counts n;
        struct capture *c;
        char *large = calloc(1, CAPTURE_CALL + 1);

        assert_int_equal(mkdir(p->folder, 0755), 0);
        assert_int_equal(chmod(p->folder, 0755), 0);
        assert_int_equal(capture_new(&c), 0);
        assert_int_equal(capture_use(c, &place, p->rules), 0);
        capture_put(c, 1, 0, STR_C(CALL("")));
        capture_put(c, 2, 0, (struct str){ large, CAPTURE_CALL + 1 });
        n = settled(c, 2);
        assert_int_equal(n.failed, 1);
        assert_int_equal(n.lost, 1);
        assert_int_equal(n.written, 0);
        assert_int_equal(count(p->folder, ".json"), 0);
        capture_free(c);
        free(large);
}

/* More than the queue holds, faster than anybody can write. */
static void drops_what_finds_no_room(void **state) {
        enum { SIZE = 1 << 20, CALLS = 40 };
        struct place *p = *state;
        struct capture_place place = place_of(p, 10, (uint64_t)64 << 20);
        struct capture_counts n;
        struct capture *c;
        char *call = malloc(SIZE);
        int64_t since, took;

        memset(call, ' ', SIZE);
        memcpy(call, CALL(""), sizeof(CALL("")) - 1);
        assert_int_equal(capture_new(&c), 0);
        assert_int_equal(capture_use(c, &place, p->rules), 0);
        since = clock_monotonic();
        for (unsigned i = 0; i < CALLS; ++i)
                capture_put(c, i, 0, (struct str){ call, SIZE });
        took = clock_monotonic() - since;
        assert_true(took < 5000000);
        n = settled(c, CALLS);
        assert_int_equal(n.taken + n.lost, CALLS);
        assert_int_equal(n.written, n.taken);
        assert_true(n.lost > 0);
        capture_free(c);
        free(call);
}

static void ends_without_having_begun(void **state) {
        struct capture *c;

        (void)state;
        assert_int_equal(capture_new(&c), 0);
        capture_free(c);
        capture_free(NULL);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(makes_a_folder_for_itself, set_up, tear_down),
                cmocka_unit_test_setup_teardown(refuses_one_that_others_may_read, set_up, tear_down),
                cmocka_unit_test_setup_teardown(refuses_links_files_and_what_is_missing, set_up, tear_down),
                cmocka_unit_test_setup_teardown(removes_the_oldest, set_up, tear_down),
                cmocka_unit_test_setup_teardown(takes_over_what_is_there, set_up, tear_down),
                cmocka_unit_test_setup_teardown(leaves_nothing_half_written, set_up, tear_down),
                cmocka_unit_test_setup_teardown(writes_masked_calls, set_up, tear_down),
                cmocka_unit_test_setup_teardown(is_switched_off_and_moved, set_up, tear_down),
                cmocka_unit_test_setup_teardown(counts_what_is_not_captured, set_up, tear_down),
                cmocka_unit_test_setup_teardown(drops_what_finds_no_room, set_up, tear_down),
                cmocka_unit_test_setup_teardown(ends_without_having_begun, set_up, tear_down),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
