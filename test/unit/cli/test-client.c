#include "explain/client.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void start(struct client *c, const char *script) {
        char *argv[] = { (char *)(uintptr_t) "sh", (char *)(uintptr_t) "-c", (char *)(uintptr_t)script, NULL };

        assert_int_equal(client_start(c, argv, "/run/x/docker.sock", "/run/x"), 0);
}

static void wait_for(struct client *c) {
        for (int i = 0; i < 1000 && !client_is_done(c); ++i)
                usleep(10000);
        assert_true(c->done);
}

static void leads_it_to_the_socket(void **state) {
        cleanup_(arena_deinit) struct arena arena;
        struct client c;

        (void)state;
        arena_init(&arena, 65536);
        assert_int_equal(setenv("DOCKER_CONTEXT", "other", 1), 0);
        assert_int_equal(setenv("DOCKER_TLS_VERIFY", "1", 1), 0);
        assert_int_equal(setenv("DOCKER_HOST", "tcp://other", 1), 0);
        start(&c, "echo out; echo $DOCKER_HOST $DOCKER_CONTEXT$DOCKER_TLS_VERIFY $BUILDX_CONFIG >&2; exit 3");
        wait_for(&c);
        assert_int_equal(WEXITSTATUS(c.status), 3);
        assert_true(str_eqz(client_said(&c, &arena), "unix:///run/x/docker.sock /run/x"));
        client_end(&c);
        assert_string_equal(getenv("DOCKER_HOST"), "tcp://other"); /* ours is as it was */
}

static void keeps_the_end_of_what_it_said(void **state) {
        cleanup_(arena_deinit) struct arena arena;
        struct client c;
        struct str said;

        (void)state;
        arena_init(&arena, 65536);
        start(&c, "i=0; while [ $i -lt 2000 ]; do echo $i >&2; i=$((i + 1)); done");
        wait_for(&c);
        said = client_said(&c, &arena);
        assert_true(said.n > 0 && said.n <= 2000);
        assert_true(str_ends(said, STR_C("\n1999")));
        client_end(&c);
}

static void says_that_there_is_none(void **state) {
        char *argv[] = { (char *)(uintptr_t) "/nonexistent/docker", NULL };
        struct client c;

        (void)state;
        assert_int_equal(client_start(&c, argv, "/run/x/docker.sock", "/run/x"), -ENOENT);
        client_end(&c);
}

static int read_pid(const char *path) {
        FILE *f = fopen(path, "re");
        int pid = 0;

        assert_non_null(f);
        assert_int_equal(fscanf(f, "%d", &pid), 1);
        fclose(f);
        return pid;
}

/* A child in a session of its own, whose parent is gone, and one that hears no SIGTERM. */
static void ends_all_that_it_started(void **state) {
        char path[] = "/tmp/docksill-client-XXXXXX", script[300];
        struct client c;
        int fd = mkstemp(path), orphan;

        (void)state;
        assert_true(fd >= 0);
        close(fd);
        snprintf(script, sizeof(script),
                 "trap '' TERM; (setsid sh -c 'echo $$ >%s; sleep 100' &); while [ ! -s %s ]; do sleep 0.02; done; "
                 "echo there >&2; while :; do sleep 0.1; done",
                 path, path);
        start(&c, script);
        for (int i = 0; i < 1000 && lseek(c.said, 0, SEEK_END) == 0; ++i)
                usleep(10000);
        orphan = read_pid(path);
        assert_int_equal(kill(orphan, 0), 0);
        assert_false(client_is_done(&c));
        client_end(&c);
        assert_int_equal(kill(orphan, 0), -1);
        assert_int_equal(errno, ESRCH);
        assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* none of them is left to be waited for */
        unlink(path);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(leads_it_to_the_socket),
                cmocka_unit_test(keeps_the_end_of_what_it_said),
                cmocka_unit_test(says_that_there_is_none),
                cmocka_unit_test(ends_all_that_it_started),
        };

        return cmocka_run_group_tests_name("client", tests, NULL, NULL);
}
