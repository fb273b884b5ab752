#include "docksill/serve/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct place {
        char folder[64], path[96];
        struct text why;
};

static int begin(void **state) {
        struct place *p = calloc(1, sizeof(*p));

        strcpy(p->folder, "/tmp/docksill-listen-XXXXXX");
        if (!mkdtemp(p->folder))
                return -1;
        snprintf(p->path, sizeof(p->path), "%s/x.sock", p->folder);
        text_init(&p->why);
        *state = p;
        return 0;
}

static int end(void **state) {
        struct place *p = *state;
        char command[128];
        int r;

        snprintf(command, sizeof(command), "rm -rf %s", p->folder);
        r = system(command);
        text_deinit(&p->why);
        free(p);
        return r;
}

/* A bound socket, listening or dead. */
static int other_socket(const char *path, bool listening) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        int fd = socket(AF_UNIX, SOCK_STREAM, 0);

        strcpy(address.sun_path, path);
        assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
        if (listening)
                assert_int_equal(listen(fd, 1), 0);
        return fd;
}

static bool connects(const char *path) {
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        int fd = socket(AF_UNIX, SOCK_STREAM, 0), r;

        strcpy(address.sun_path, path);
        r = connect(fd, (struct sockaddr *)&address, sizeof(address));
        close(fd);
        return r == 0;
}

static void assert_says(const struct place *p, const char *words) {
        assert_non_null(p->why.p);
        if (!strstr(p->why.p, words))
                fail_msg("\"%s\" does not say \"%s\"", p->why.p, words);
        assert_null(strchr(p->why.p, '\n'));
}

static void only_the_owner_may_connect(void **state) {
        struct place *p = *state;
        struct listener l;
        struct stat st;
        mode_t before = umask(0);

        assert_int_equal(listener_open(&l, p->path, &p->why), 0);
        assert_int_equal(umask(before), 0); /* left as it was */
        assert_int_equal(stat(p->path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
        assert_false(l.activated);
        assert_true(fcntl(l.fd, F_GETFL) & O_NONBLOCK);
        assert_true(fcntl(l.fd, F_GETFD) & FD_CLOEXEC);
        assert_true(connects(p->path));
        listener_close(&l);
        assert_int_equal(access(p->path, F_OK), -1);
}

/* Without a group of that name it is our own. */
static void a_shared_one_is_for_a_group(void **state) {
        struct place *p = *state;
        struct listener l;
        struct stat st;

        assert_int_equal(listener_open_shared(&l, p->path, "no such group", &p->why), 0);
        assert_int_equal(stat(p->path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0660);
        assert_int_equal(st.st_gid, getegid());
        assert_true(connects(p->path));
        assert_int_equal(listener_open_shared(&l, p->path, "no such group", &p->why), -EADDRINUSE);
        listener_close(&l);
        assert_int_equal(access(p->path, F_OK), -1);
        if (geteuid() != 0)
                return;
        assert_int_equal(listener_open_shared(&l, p->path, "daemon", &p->why), 0);
        assert_int_equal(stat(p->path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0660);
        assert_int_not_equal(st.st_gid, 0);
        listener_close(&l);
}

static void makes_the_last_two_folders_alone(void **state) {
        struct place *p = *state;
        struct listener l;
        struct stat st;
        char path[128], folder[96];

        snprintf(folder, sizeof(folder), "%s/plugins", p->folder);
        snprintf(path, sizeof(path), "%s/x.sock", folder);
        assert_int_equal(listener_open(&l, path, &p->why), 0);
        assert_int_equal(stat(folder, &st), 0);
        assert_int_equal(st.st_mode & 07022, 0);
        listener_close(&l);

        snprintf(path, sizeof(path), "%s/run/plugins/x.sock", p->folder);
        snprintf(folder, sizeof(folder), "%s/run", p->folder);
        assert_int_equal(listener_open(&l, path, &p->why), 0);
        assert_int_equal(stat(folder, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0700);
        listener_close(&l);

        snprintf(path, sizeof(path), "%s/a/b/c/x.sock", p->folder);
        assert_int_equal(listener_open(&l, path, &p->why), -ENOENT);
        assert_says(p, "folders above it are missing");
}

static void replaces_a_dead_instance(void **state) {
        struct place *p = *state;
        struct listener l;

        close(other_socket(p->path, true));
        assert_false(connects(p->path));
        assert_int_equal(listener_open(&l, p->path, &p->why), 0);
        assert_true(connects(p->path));
        listener_close(&l);
}

static void never_pushes_a_living_one_aside(void **state) {
        struct place *p = *state;
        struct listener l;
        int fd = other_socket(p->path, true);

        assert_int_equal(listener_open(&l, p->path, &p->why), -EADDRINUSE);
        assert_says(p, "ss -xlp");
        assert_true(connects(p->path));

        /* Its backlog is full now: connect(2) has another errno, it lives all the same. */
        text_reset(&p->why);
        while (true) {
                struct sockaddr_un address = { .sun_family = AF_UNIX };
                int c = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

                strcpy(address.sun_path, p->path);
                if (connect(c, (struct sockaddr *)&address, sizeof(address)) < 0)
                        break;
        }
        assert_int_equal(listener_open(&l, p->path, &p->why), -EADDRINUSE);
        close(fd);
}

static void two_that_start_at_once_do_not_take_each_other_for_dead(void **state) {
        struct place *p = *state;
        struct listener l[2];

        assert_int_equal(listener_open(&l[0], p->path, &p->why), 0);
        assert_int_equal(listener_open(&l[1], p->path, &p->why), -EADDRINUSE);
        listener_close(&l[0]);
}

static void leaves_a_file_in_the_way(void **state) {
        struct place *p = *state;
        struct listener l;
        int fd = open(p->path, O_CREAT | O_WRONLY, 0600);

        assert_true(fd >= 0);
        close(fd);
        assert_int_equal(listener_open(&l, p->path, &p->why), -ENOTSOCK);
        assert_says(p, "not a socket is in the way");
        assert_int_equal(access(p->path, F_OK), 0);
}

static void does_not_follow_a_link(void **state) {
        struct place *p = *state;
        struct listener l;

        assert_int_equal(symlink("elsewhere.sock", p->path), 0);
        assert_int_equal(listener_open(&l, p->path, &p->why), -ENOTSOCK);
}

static void refuses_paths_that_no_socket_can_have(void **state) {
        struct place *p = *state;
        struct listener l;
        char path[256];

        memset(path, 'x', sizeof(path) - 1);
        memcpy(path, p->folder, strlen(p->folder));
        path[strlen(p->folder)] = '/';
        path[108] = '\0';
        assert_int_equal(listener_open(&l, path, &p->why), -ENAMETOOLONG);
        assert_says(p, "107 bytes");
        path[107] = '\0';
        assert_int_equal(listener_open(&l, path, &p->why), 0);
        assert_string_equal(l.path, path);
        listener_close(&l);
        assert_int_equal(listener_open(&l, "", &p->why), -ENOENT);
}

static void removes_its_own_file_only(void **state) {
        struct place *p = *state;
        struct listener l;
        int fd;

        assert_int_equal(listener_open(&l, p->path, &p->why), 0);
        assert_int_equal(unlink(p->path), 0);
        fd = other_socket(p->path, true);
        listener_close(&l);
        assert_true(connects(p->path));
        close(fd);
}

static void still_accepts_after_its_file_is_gone(void **state) {
        struct place *p = *state;
        struct listener l;
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        int c = socket(AF_UNIX, SOCK_STREAM, 0), a;

        assert_int_equal(listener_open(&l, p->path, &p->why), 0);
        strcpy(address.sun_path, p->path);
        assert_int_equal(connect(c, (struct sockaddr *)&address, sizeof(address)), 0);
        listener_remove(&l);
        assert_int_equal(access(p->path, F_OK), -1);
        a = accept(l.fd, NULL, NULL);
        assert_true(a >= 0);
        close(a);
        close(c);
        listener_close(&l);
}

/* In a child, where descriptor 3 is free to be systemd's. Returns the child's exit status. */
static int activated_child(struct place *p, int fd, const char *n) {
        pid_t child = fork();
        int status;

        if (child == 0) {
                struct listener l;
                char pid[32];
                int r;

                snprintf(pid, sizeof(pid), "%d", (int)getpid());
                setenv("LISTEN_PID", pid, 1);
                setenv("LISTEN_FDS", n, 1);
                dup2(fd, 3);
                r = listener_open(&l, p->path, &p->why);
                if (r == -ENOTSOCK)
                        _exit(20);
                if (r == -E2BIG)
                        _exit(30);
                if (r < 0 || l.fd != 3 || !l.activated || l.path[0] || getenv("LISTEN_FDS"))
                        _exit(10);
                listener_close(&l);
                _exit(0);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        return WEXITSTATUS(status);
}

/* Bound only where notify.c, and with it libsystemd, is built in. */
int sd_listen_fds(int) __attribute__((weak));

static void takes_the_socket_of_the_service_manager(void **state) {
        struct place *p = *state;
        int fd, pair[2];

        if (!sd_listen_fds)
                skip();
        fd = other_socket(p->path, true);
        assert_int_equal(activated_child(p, fd, "1"), 0);
        assert_int_equal(access(p->path, F_OK), 0); /* not ours to remove */
        assert_int_equal(activated_child(p, fd, "2"), 30);
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
        assert_int_equal(activated_child(p, pair[0], "1"), 20);
        close(pair[0]);
        close(pair[1]);
        close(fd);
}

static void a_file_that_is_gone_is_made_anew(void **state) {
        struct place *p = *state;
        struct listener l;
        struct pollfd told = { .events = POLLIN };
        int number;

        assert_int_equal(listener_open(&l, p->path, &p->why), 0);
        number = told.fd = l.fd;
        assert_int_equal(listener_renew(&l, &p->why), 0);
        told.fd = l.watch;
        assert_int_equal(poll(&told, 1, 0), 0);
        for (int i = 0; i < 3; ++i) {
                assert_int_equal(unlink(p->path), 0);
                assert_int_equal(poll(&told, 1, 1000), 1);
                assert_int_equal(listener_renew(&l, &p->why), LISTENER_E_RENEWED);
                assert_int_equal(poll(&told, 1, 0), 0);
                assert_true(connects(p->path));
                assert_int_equal(l.fd, number);
        }
        /* Another's is left alone, and told of. */
        assert_int_equal(unlink(p->path), 0);
        close(other_socket(p->path, false));
        assert_int_equal(listener_renew(&l, &p->why), -EADDRINUSE);
        assert_non_null(strstr(p->why.p, "in the place of ours"));
        listener_close(&l);
        assert_int_equal(access(p->path, F_OK), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void) {
        const struct CMUnitTest tests[] = {
                TEST(only_the_owner_may_connect),
                TEST(a_shared_one_is_for_a_group),
                TEST(makes_the_last_two_folders_alone),
                TEST(replaces_a_dead_instance),
                TEST(never_pushes_a_living_one_aside),
                TEST(two_that_start_at_once_do_not_take_each_other_for_dead),
                TEST(leaves_a_file_in_the_way),
                TEST(does_not_follow_a_link),
                TEST(refuses_paths_that_no_socket_can_have),
                TEST(removes_its_own_file_only),
                TEST(still_accepts_after_its_file_is_gone),
                TEST(a_file_that_is_gone_is_made_anew),
                TEST(takes_the_socket_of_the_service_manager),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
