/*
 * The writer against files, a full disk (/dev/full), a slow reader and rotation. The thread works every few
 * milliseconds here, or not at all within the test's life where a buffer is to be filled.
 */
#include "docksill/record/writer.h"

#include "docksill/base/clock.h"
#include "docksill/base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "place.h"

#define NEVER 3600000 /* milliseconds */
#define SOON  5

static int set_up(void **state) {
        *state = place_new(".1");
        return 0;
}

static int tear_down(void **state) {
        place_free(*state);
        return 0;
}

/* Of one file: another writer's thread may still be about to sync when its test has ended. */
static _Atomic(ino_t) watched;
static atomic_uint syncs;

static _Atomic(unsigned) slow; /* microseconds that a sync of it takes */

int fdatasync(int fd) {
        struct stat st;

        if (slow && fstat(fd, &st) == 0 && st.st_ino == watched)
                usleep(slow);
        if (fstat(fd, &st) == 0 && st.st_ino == watched)
                ++syncs;
        return 0;
}

static struct writer *writer(const char *path, size_t buffer, unsigned period) {
        struct writer_options options = { .path = path, .buffer = buffer, .period = period };
        struct writer *w = NULL;

        assert_int_equal(writer_new_with(&w, &options), 0);
        return w;
}

static struct str content(struct place *p, const char *path) {
        struct str s;

        assert_int_equal(file_read(&p->arena, path, 32 << 20, &s), 0);
        return s;
}

static size_t line_length(unsigned i) {
        return (size_t)snprintf(NULL, 0, "{\"seq\":%u,\"padding\":\"................\"}\n", i);
}

static bool put_as(struct writer *w, unsigned i, enum record_class class) {
        char line[64];
        int n = snprintf(line, sizeof(line), "{\"seq\":%u,\"padding\":\"................\"}\n", i);

        if (writer_put(w, (struct str){ line, (size_t)n }, class))
                return true;
        writer_lose(w, class);
        return false;
}

static bool put(struct writer *w, unsigned i) {
        return put_as(w, i, RECORD_REFUSED);
}

/* Waits until the writer has written @n records; a test that hangs here has failed. */
static void wait_written(struct writer *w, uint64_t n) {
        for (int64_t end = clock_monotonic() + 10000000; writer_counts(w).written < n;) {
                assert_true(clock_monotonic() < end);
                usleep(1000);
        }
}

static void wait_failing(struct writer *w) {
        for (int64_t end = clock_monotonic() + 10000000; !writer_counts(w).failing;) {
                assert_true(clock_monotonic() < end);
                usleep(1000);
        }
}

/* Each line is a record that follows the one before, or a line of losses, whose sum is returned. */
static unsigned long check_lines(struct str s, unsigned first, unsigned count) {
        static const struct str loss = STR("{\"schema\":\"docksill.loss/1\",");
        unsigned long lost = 0;
        unsigned next = first, seen = 0;

        assert_true(s.n == 0 || s.p[s.n - 1] == '\n');
        while (s.n) {
                struct str line = str_cut(&s, '\n');
                unsigned seq;

                if (str_starts(line, loss)) {
                        struct str number = str_skip(line, str_search(line, STR_C("\"lost\":")) + 7);

                        assert_int_equal(line.p[line.n - 1], '}');
                        lost += strtoul(number.p, NULL, 10);
                        continue;
                }
                assert_int_equal(sscanf(line.p, "{\"seq\":%u,\"padding\":\"................\"}", &seq), 1);
                assert_true(str_ends(line, STR_C("..\"}")));
                assert_true(seq >= next);
                next = seq + 1;
                ++seen;
        }
        assert_int_equal(seen, count);
        return lost;
}

static void writes_all_in_order_and_flushes_at_the_end(void **state) {
        struct place *p = *state;
        struct writer *w = writer(p->path, WRITER_BUFFER, SOON);
        struct stat st;

        for (unsigned i = 0; i < 1000; ++i)
                assert_true(put(w, i));
        wait_written(w, 1000);
        assert_int_equal(check_lines(content(p, p->path), 0, 1000), 0);
        for (unsigned i = 1000; i < 1500; ++i)
                assert_true(put(w, i));
        assert_int_equal(writer_counts(w).queued, 1500);
        assert_int_equal(writer_counts(w).lost, 0);
        writer_free(w);
        assert_int_equal(check_lines(content(p, p->path), 0, 1500), 0);
        assert_int_equal(stat(p->path, &st), 0);
        assert_int_equal(st.st_mode & 0137, 0); /* no more than 0640 */
}

static void appends_to_what_is_there(void **state) {
        static const struct {
                const char *before, *after;
        } rows[] = {
                { "{\"old\":1}\n", "{\"old\":1}\n{}\n" },
                { "{\"torn by a cra", "{\"torn by a cra\n{}\n" }, /* not glued to our first record */
                { "", "{}\n" },
        };
        struct place *p = *state;

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i) {
                FILE *f = fopen(p->path, "w");
                struct writer *w;

                assert_non_null(f);
                fputs(rows[i].before, f);
                fclose(f);
                w = writer(p->path, 4096, SOON);
                assert_true(writer_put(w, STR_C("{}\n"), RECORD_REFUSED));
                writer_free(w);
                assert_string_equal(content(p, p->path).p, rows[i].after);
        }
}

static void goes_on_in_a_new_file_after_rotation(void **state) {
        struct place *p = *state;
        struct writer *w = writer(p->path, WRITER_BUFFER, SOON);

        for (unsigned i = 0; i < 100; ++i)
                put(w, i);
        wait_written(w, 100);
        assert_int_equal(rename(p->path, p->other), 0);
        for (unsigned i = 100; i < 200; ++i)
                put(w, i);
        wait_written(w, 200); /* before the signal comes the old file is written on */
        assert_int_equal(check_lines(content(p, p->other), 0, 200), 0);
        writer_reopen(w);
        for (unsigned i = 200; i < 300; ++i)
                put(w, i);
        writer_free(w);
        assert_int_equal(check_lines(content(p, p->other), 0, 200), 0);
        assert_int_equal(check_lines(content(p, p->path), 200, 100), 0);
}

static void makes_the_new_file_even_when_nothing_is_written(void **state) {
        struct place *p = *state;
        struct writer *w = writer(p->path, 4096, SOON);

        unlink(p->path);
        writer_reopen(w);
        for (int i = 0; i < 5000 && access(p->path, F_OK) != 0; ++i)
                usleep(1000);
        assert_int_equal(access(p->path, F_OK), 0);
        writer_free(w);
}

static void writes_on_in_the_old_file_while_the_new_one_can_not_be_opened(void **state) {
        struct place *p = *state;
        struct writer *w = writer(p->path, WRITER_BUFFER, SOON);

        put(w, 0);
        wait_written(w, 1);
        assert_int_equal(rename(p->path, p->other), 0);
        assert_int_equal(mkdir(p->path, 0700), 0);
        writer_reopen(w);
        put(w, 1);
        wait_written(w, 2);
        assert_int_equal(writer_counts(w).lost, 0);
        assert_int_equal(check_lines(content(p, p->other), 0, 2), 0);

        assert_int_equal(rmdir(p->path), 0);
        for (int i = 0; i < 5000 && access(p->path, F_OK) != 0; ++i) {
                put(w, 2); /* tried again with each round */
                usleep(1000);
        }
        assert_int_equal(access(p->path, F_OK), 0);
        writer_free(w);
}

static void loses_whole_records_when_full_and_says_how_many(void **state) {
        struct place *p = *state;
        struct writer *w = writer(p->path, 4096, NEVER);
        unsigned queued = 0, lost = 0, i = 0;

        while (i < 40)
                assert_true(put(w, i++)); /* below half: the thread sleeps for its period */
        usleep(20000);
        assert_int_equal(writer_counts(w).written, 0);
        while (i < 20000 || writer_counts(w).lost == 0)
                put(w, i++);
        queued = (unsigned)writer_counts(w).queued;
        lost = (unsigned)writer_counts(w).lost;
        assert_int_equal(queued + lost, i);
        assert_true(lost > 0);
        writer_free(w);
        assert_int_equal(check_lines(content(p, p->path), 0, queued), lost);
}

/* What a file system without room does, but that it says EFBIG. The threads have SIGXFSZ blocked, or it is ignored. */
static void fill_disk(bool full) {
        struct rlimit limit = { .rlim_cur = full ? 0 : RLIM_INFINITY, .rlim_max = RLIM_INFINITY };

        signal(SIGXFSZ, SIG_IGN);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* Each class leaves room to those above it, and a refusal finds some when nothing else does. */
static void keeps_room_for_higher_classes(void **state) {
        struct place *p = *state;
        static const enum record_class classes[] = { RECORD_READ, RECORD_CHANGED, RECORD_WARNED, RECORD_REFUSED };
        struct writer *w = writer(p->path, 64 * 1024, NEVER);
        unsigned n = 0, before;

        /* What was taken and can't be written keeps the thread from taking more. */
        fill_disk(true);
        assert_true(put_as(w, n++, RECORD_READ));
        writer_hurry(w);
        wait_failing(w);
        for (size_t c = 0; c < ARRAY_SIZE(classes); ++c) {
                for (before = n; put_as(w, n, classes[c]); ++n)
                        ;
                assert_true(n - before > 64 * 1024 / 8 / 64);
                for (size_t lower = 0; lower <= c; ++lower)
                        assert_false(put_as(w, n, classes[lower]));
        }
        before = (unsigned)writer_counts(w).lost;
        assert_int_equal(writer_counts(w).lost_refused, 2);
        fill_disk(false);
        n = (unsigned)writer_counts(w).queued;
        writer_free(w);
        assert_int_equal(check_lines(content(p, p->path), 0, n), before);
        assert_true(str_search(content(p, p->path), STR_C("\"refused\":2,")) < content(p, p->path).n);
}

static bool is_news(const struct writer *w, int milliseconds) {
        struct pollfd fd = { .fd = writer_fd(w), .events = POLLIN };
        uint64_t value;

        return poll(&fd, 1, milliseconds) == 1 && read(fd.fd, &value, sizeof(value)) == sizeof(value);
}

static void tells_who_waits_of_room_and_of_what_is_written(void **state) {
        struct place *p = *state;
        struct writer *w = writer(p->path, 4096, 50);
        unsigned n = 0;
        uint64_t number;

        assert_false(is_news(w, 0));
        fill_disk(true);
        assert_true(put(w, n++));
        writer_hurry(w);
        wait_failing(w);
        while (put(w, n))
                ++n;
        while (is_news(w, 0))
                ;
        /* Nobody can write: there is no news, however often it is tried. */
        assert_false(put(w, n));
        assert_false(is_news(w, 200));
        fill_disk(false);
        assert_true(is_news(w, 10000));
        while ((number = writer_put(w, STR_C("{}\n"), RECORD_REFUSED)) == 0)
                assert_true(is_news(w, 10000));
        while (writer_counts(w).written < number) {
                writer_hurry(w);
                if (writer_counts(w).written < number)
                        assert_true(is_news(w, 10000));
        }
        writer_free(w);
}

/* What was refused is to survive a failure of the machine; the rest is worth no disk's time. */
static void has_refusals_stored_on_the_disk(void **state) {
        struct place *p = *state;
        struct writer *w = writer(p->path, 4096, SOON);
        int64_t end = clock_monotonic() + 10000000;
        struct stat st;

        assert_int_equal(stat(p->path, &st), 0);
        watched = st.st_ino;
        assert_true(put_as(w, 0, RECORD_WARNED));
        wait_written(w, 1);
        usleep(50000);
        assert_int_equal(syncs, 0);
        assert_true(put_as(w, 1, RECORD_REFUSED));
        while (syncs == 0 && clock_monotonic() < end)
                usleep(1000);
        assert_int_equal(syncs, 1);
        writer_free(w);
        watched = 0;
}

static void asks_the_disk_when_it_is_told_to(void **state) {
        static const struct {
                enum record_sync sync;
                bool refused, other;
        } rows[] = {
                { RECORD_SYNC_NEVER, false, false },
                { RECORD_SYNC_INTERVAL, true, true },
                { RECORD_SYNC_EACH, true, true },
        };
        struct place *p = *state;
        struct stat st;

        for (size_t i = 0; i < ARRAY_SIZE(rows); ++i)
                for (int refused = 0; refused < 2; ++refused) {
                        struct writer *w = writer(p->path, 4096, SOON);
                        bool expected = refused ? rows[i].refused : rows[i].other;
                        int64_t end = clock_monotonic() + (expected ? 10000000 : 50000);

                        writer_sync(w, rows[i].sync);
                        assert_int_equal(stat(p->path, &st), 0);
                        syncs = 0;
                        watched = st.st_ino;
                        assert_true(put_as(w, 0, refused ? RECORD_REFUSED : RECORD_CHANGED));
                        wait_written(w, 1);
                        /* Each: it counts as written when it is stored. */
                        if (rows[i].sync == RECORD_SYNC_EACH)
                                assert_int_equal(syncs, 1);
                        while (syncs == 0 && clock_monotonic() < end)
                                usleep(1000);
                        assert_int_equal(syncs > 0, expected);
                        writer_free(w);
                        watched = 0;
                        unlink(p->path);
                }
}

/* Who waits for what is written is told of that, and not only that it was taken. */
static void tells_who_waits_when_a_slow_disk_has_it(void **state) {
        struct place *p = *state;
        struct writer *w = writer(p->path, 4096, SOON);
        int64_t end = clock_monotonic() + 5000000;
        struct stat st;

        writer_sync(w, RECORD_SYNC_EACH);
        assert_int_equal(stat(p->path, &st), 0);
        watched = st.st_ino;
        slow = 100000;
        for (unsigned i = 0; i < 3; ++i) {
                assert_true(put(w, i));
                writer_hurry(w);
                while (writer_counts(w).written <= i) {
                        assert_true(is_news(w, 5000));
                        assert_true(clock_monotonic() < end);
                }
        }
        slow = 0;
        watched = 0;
        writer_free(w);
}

static void makes_a_deleted_file_anew(void **state) {
        struct place *p = *state;
        struct writer *w = writer(p->path, 4096, SOON);

        put(w, 0);
        wait_written(w, 1);
        unlink(p->path);
        put(w, 1);
        wait_written(w, 2);
        writer_free(w);
        check_lines(content(p, p->path), 1, 1);
}

/* Whoever may write to the folder could turn it to any file of the host. */
static void follows_no_link(void **state) {
        struct place *p = *state;
        struct writer *w = NULL;

        assert_int_equal(symlink(p->other, p->path), 0);
        assert_int_equal(writer_new(&w, p->path, &(struct chain_head){ 0 }), -ELOOP);
        unlink(p->path);
        w = writer(p->path, 4096, SOON);
        put(w, 0);
        wait_written(w, 1);
        assert_int_equal(rename(p->path, p->other), 0);
        assert_int_equal(symlink("/dev/null", p->path), 0);
        writer_reopen(w);
        put(w, 1);
        wait_written(w, 2);
        writer_free(w);
        check_lines(content(p, p->other), 0, 2);
}

/* A pipe that we are given, and may not make non-blocking: nobody reads it. Neither we nor the thread wait for it. */
static void a_pipe_that_nobody_reads_holds_nobody(void **state) {
        int saved = dup(STDOUT_FILENO), fds[2];
        struct writer *w;
        unsigned n = 0;
        int64_t start;

        fflush(stdout);
        assert_int_equal(pipe(fds), 0);
        assert_int_equal(dup2(fds[1], STDOUT_FILENO), STDOUT_FILENO);
        w = writer("-", 4096, SOON);
        for (start = clock_monotonic(); !writer_counts(w).failing && clock_monotonic() - start < 10000000;)
                put(w, n++);
        wait_failing(w);
        while (clock_monotonic() - writer_counts(w).troubled < 2000000)
                usleep(10000);
        start = clock_monotonic();
        writer_free(w);
        dup2(saved, STDOUT_FILENO);
        close(saved);
        close(fds[0]);
        close(fds[1]);
        assert_true(clock_monotonic() - start < 500000);
        (void)state;
}

static void writes_before_its_time_when_half_full(void **state) {
        struct place *p = *state;
        struct writer *w = writer(p->path, 4096, NEVER);

        for (unsigned i = 0; i < 70; ++i)
                assert_true(put(w, i)); /* 36 to 38 bytes each */
        wait_written(w, 40);
        writer_free(w);
}

static void refuses_what_is_no_whole_line(void **state) {
        struct place *p = *state;
        struct writer *w = writer(p->path, 4096, SOON);

        assert_int_equal(writer_put(w, STR_C("{\"begun\":"), RECORD_REFUSED), 0);
        assert_int_equal(writer_put(w, (struct str){ 0 }, RECORD_REFUSED), 0);
        assert_true(put(w, 0));
        writer_free(w);
        check_lines(content(p, p->path), 0, 1);
}

static void keeps_records_while_the_disk_is_full(void **state) {
        struct place *p = *state;
        struct writer *w;
        unsigned queued, lost;

        w = writer(p->path, 4096, SOON);
        fill_disk(true);
        for (unsigned i = 0; i < 50; ++i)
                assert_true(put(w, i));
        wait_failing(w);
        assert_int_equal(writer_counts(w).lost, 0); /* kept, not lost */
        assert_int_equal(writer_counts(w).written, 0);
        for (unsigned i = 50; i < 1000; ++i)
                put(w, i);
        queued = (unsigned)writer_counts(w).queued;
        lost = (unsigned)writer_counts(w).lost;
        assert_true(lost > 0);
        assert_int_equal(queued + lost, 1000);

        fill_disk(false);
        wait_written(w, queued);
        while (writer_counts(w).failing)
                usleep(1000);
        assert_int_equal(writer_counts(w).troubled, 0);
        writer_free(w);
        assert_int_equal(check_lines(content(p, p->path), 0, queued), lost);
}

static void gives_a_full_disk_two_seconds_at_the_end(void **state) {
        struct writer *w;
        int64_t start;

        w = writer("/dev/full", 4096, SOON);
        put(w, 0);
        start = clock_monotonic();
        writer_free(w);
        assert_in_range(clock_monotonic() - start, 1900000, 2900000);
        (void)state;
}

/* dockerd's calls wait for our successor. */
static void gives_no_more_to_one_that_has_been_full_for_long(void **state) {
        struct writer *w = writer("/dev/full", 4096, SOON);
        int64_t start;

        put(w, 0);
        wait_failing(w);
        while (clock_monotonic() - writer_counts(w).troubled < 2000000)
                usleep(10000);
        start = clock_monotonic();
        writer_free(w);
        assert_true(clock_monotonic() - start < 500000);
        (void)state;
}

/* A file may grow to 1,000 bytes: what a disk does that fills up in the middle of a line. In a child, since the limit
 * is for the process; SIGXFSZ must not reach it either. */
static void takes_a_begun_line_back_when_the_disk_fills_up(void **state) {
        struct place *p = *state;
        int status;
        pid_t child = fork();

        assert_true(child >= 0);
        if (child == 0) {
                struct writer *w = writer(p->path, 4096, SOON);
                struct rlimit limit = { .rlim_cur = 1000, .rlim_max = RLIM_INFINITY };

                unsigned fit = 0;

                for (size_t n = line_length(0); n <= limit.rlim_cur; n += line_length(++fit))
                        ;
                if (setrlimit(RLIMIT_FSIZE, &limit) < 0)
                        _exit(2);
                for (unsigned i = 0; i < 60; ++i)
                        put(w, i);
                wait_failing(w);
                check_lines(content(p, p->path), 0, fit);
                limit.rlim_cur = RLIM_INFINITY;
                if (setrlimit(RLIMIT_FSIZE, &limit) < 0)
                        _exit(3);
                wait_written(w, 60);
                check_lines(content(p, p->path), 0, 60);
                _exit(0);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
}

static void never_waits_for_a_reader(void **state) {
        struct place *p = *state;
        struct writer_options options = { .path = p->path, .buffer = 256 * 1024, .period = SOON };
        struct writer *w = NULL;
        cleanup_(closep) int reader = -1;
        unsigned queued = 0, next = 0;
        int64_t start;

        assert_int_equal(mkfifo(p->path, 0600), 0);
        assert_int_equal(writer_new_with(&w, &options), -ENXIO);
        reader = open(p->path, O_RDONLY | O_NONBLOCK);
        assert_int_equal(writer_new_with(&w, &options), 0);
        start = clock_monotonic();
        while (writer_counts(w).lost == 0)
                queued += put(w, next++);
        assert_true(clock_monotonic() - start < 5000000);

        /* The reader wakes up: every line comes whole, from where the pipe was full. */
        for (struct str all = { 0 };;) {
                static char text[4 << 20];
                bool written = writer_counts(w).written == queued; /* asked first: then nothing comes after */
                ssize_t n = read(reader, text + all.n, sizeof(text) - all.n);

                all.p = text;
                all.n += n > 0 ? (size_t)n : 0;
                if (written && n <= 0) {
                        check_lines(all, 0, queued);
                        break;
                }
                if (n <= 0)
                        usleep(1000); /* valgrind runs one thread at a time, and this one would take all of it */
                assert_true(clock_monotonic() - start < 20000000);
        }
        writer_free(w);
}

static void a_line_begun_in_a_pipe_stands_whole_in_the_new_file(void **state) {
        struct place *p = *state;
        cleanup_(closep) int reader = -1;
        struct writer *w;
        unsigned first;
        struct str all;

        assert_int_equal(mkfifo(p->path, 0600), 0);
        reader = open(p->path, O_RDONLY | O_NONBLOCK);
        w = writer(p->path, 256 * 1024, SOON);
        for (unsigned i = 0; i < 3000; ++i)
                assert_true(put(w, i)); /* more than a pipe holds */
        wait_failing(w);
        assert_int_equal(unlink(p->path), 0);
        writer_reopen(w);
        wait_written(w, 3000);
        writer_free(w);
        all = content(p, p->path);
        assert_int_equal(sscanf(all.p, "{\"seq\":%u,", &first), 1);
        assert_true(first > 0);
        check_lines(all, first, 3000 - first);
}

static void writes_to_standard_output_and_leaves_it_open(void **state) {
        struct place *p = *state;
        int saved = dup(STDOUT_FILENO), fd = open(p->path, O_WRONLY | O_CREAT | O_APPEND, 0600);
        struct writer *w;

        assert_true(saved >= 0 && fd >= 0);
        fflush(stdout);
        assert_int_equal(dup2(fd, STDOUT_FILENO), STDOUT_FILENO);
        w = writer("-", 4096, SOON);
        put(w, 0);
        writer_reopen(w);
        put(w, 1);
        writer_free(w);
        assert_true(fcntl(STDOUT_FILENO, F_GETFD) >= 0);
        dup2(saved, STDOUT_FILENO);
        close(saved);
        close(fd);
        assert_int_equal(check_lines(content(p, p->path), 0, 2), 0);
}

/* Without stdio: the sanitizer keeps what is freed, and would be measured too. */
static long resident_kib(void) {
        cleanup_(closep) int fd = open("/proc/self/status", O_RDONLY);
        char text[4096];
        ssize_t n = read(fd, text, sizeof(text));
        struct str all = { text, n > 0 ? (size_t)n : 0 };

        all = str_skip(all, str_search(all, STR_C("RssAnon:")) + 8);
        assert_true(all.n > 0 && all.n < sizeof(text));
        return strtol(all.p, NULL, 10);
}

static void gives_memory_back_after_a_burst(void **state) {
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
        skip(); /* its shadow of our memory, and what it keeps of what is freed, would be measured */
#endif
        struct place *p = *state;
        struct writer *w = writer(p->path, 16 << 20, 50);
        static char line[4096];
        long before = resident_kib(), most = before;
        unsigned n = 0;

        memset(line, 'x', sizeof(line));
        line[sizeof(line) - 1] = '\n';
        /* The thread may be as quick as we are: once we must have been the quicker one, else this tests nothing. */
        for (int burst = 0; burst < 100 && most - before <= 7000; ++burst) {
                wait_written(w, n);
                for (unsigned i = 0; i < 1900; ++i, ++n)
                        assert_true(writer_put(w, (struct str){ line, sizeof(line) }, RECORD_REFUSED));
                most = resident_kib();
        }
        assert_true(most - before > 7000);
        for (int i = 0; i < 5000 && resident_kib() - before > 1000; ++i)
                usleep(1000);
        assert_true(resident_kib() - before < 1000);
        wait_written(w, n);
        assert_int_equal(writer_counts(w).written, n);
        writer_free(w);
}

static void tells_why_it_can_not_start(void **state) {
        struct place *p = *state;
        struct writer *w = NULL;
        char path[128];

        snprintf(path, sizeof(path), "%s/none/decisions.jsonl", p->folder);
        assert_int_equal(writer_new(&w, path, &(struct chain_head){ 0 }), -ENOENT);
        assert_int_equal(writer_new(&w, p->folder, &(struct chain_head){ 0 }), -EISDIR);
        assert_null(w);
        writer_free(NULL);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        static const struct CMUnitTest tests[] = {
                TEST(writes_all_in_order_and_flushes_at_the_end),
                TEST(appends_to_what_is_there),
                TEST(goes_on_in_a_new_file_after_rotation),
                TEST(makes_the_new_file_even_when_nothing_is_written),
                TEST(writes_on_in_the_old_file_while_the_new_one_can_not_be_opened),
                TEST(loses_whole_records_when_full_and_says_how_many),
                TEST(keeps_room_for_higher_classes),
                TEST(tells_who_waits_of_room_and_of_what_is_written),
                TEST(has_refusals_stored_on_the_disk),
                TEST(asks_the_disk_when_it_is_told_to),
                TEST(tells_who_waits_when_a_slow_disk_has_it),
                TEST(makes_a_deleted_file_anew),
                TEST(follows_no_link),
                TEST(a_pipe_that_nobody_reads_holds_nobody),
                TEST(gives_no_more_to_one_that_has_been_full_for_long),
                TEST(writes_before_its_time_when_half_full),
                TEST(refuses_what_is_no_whole_line),
                TEST(keeps_records_while_the_disk_is_full),
                TEST(gives_a_full_disk_two_seconds_at_the_end),
                TEST(takes_a_begun_line_back_when_the_disk_fills_up),
                TEST(never_waits_for_a_reader),
                TEST(a_line_begun_in_a_pipe_stands_whole_in_the_new_file),
                TEST(writes_to_standard_output_and_leaves_it_open),
                TEST(gives_memory_back_after_a_burst),
                TEST(tells_why_it_can_not_start),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
