#include "client.h"
#include "docksill/base/text.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>

#define SAID_MAX 2000 /* bytes of its complaints that are shown */

/* How long it has between being asked to end and being ended. */
#define GRACE  2000 /* milliseconds */
#define STEP   10
#define KILLED 500 /* times that children of children are looked for */

/* -- starting -- */

/* What leads a client to another engine, or to speak TLS to ours. */
static void environment_set(const char *socket, const char *folder) {
        static const char *const gone[] = { "DOCKER_CONTEXT",   "DOCKER_TLS",     "DOCKER_TLS_VERIFY",
                                            "DOCKER_CERT_PATH", "BUILDX_BUILDER", "COMPOSE_TLS_VERSION" };
        char host[160];

        for (size_t i = 0; i < ARRAY_SIZE(gone); ++i)
                (void)unsetenv(gone[i]);
        snprintf(host, sizeof(host), "unix://%s", socket);
        (void)setenv("DOCKER_HOST", host, 1);
        (void)setenv("CONTAINER_HOST", host, 1); /* podman's */
        (void)setenv("BUILDX_CONFIG", folder, 1);
}

/* In the child. */
static _Noreturn void become(char *const *argv, const char *socket, const char *folder, int in, int said, int why) {
        int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC), error;
        sigset_t none;

        (void)setsid();
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        sigemptyset(&none);
        (void)sigprocmask(SIG_SETMASK, &none, NULL);
        (void)signal(SIGPIPE, SIG_DFL);
        environment_set(socket, folder);
        if ((in < 0 || dup2(in, STDIN_FILENO) >= 0) && dup2(nowhere, STDOUT_FILENO) >= 0 &&
            dup2(said, STDERR_FILENO) >= 0)
                (void)execvp(argv[0], argv);
        error = errno;
        (void)!write(why, &error, sizeof(error));
        _exit(127);
}

/* A terminal on which the one question that there may be is answered with yes, and then input ends. Returns the end
 * that is the client's. */
static int terminal_open(int *ours) {
        char name[64];
        int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

        if (fd < 0)
                return -errno;
        *ours = fd;
        if (grantpt(fd) < 0 || unlockpt(fd) < 0 || ptsname_r(fd, name, sizeof(name)) != 0)
                return -errno;
        fd = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
        if (fd < 0)
                return -errno;
        (void)!write(*ours, "y\n\004", 3);
        return fd;
}

static FILE *children_open(void) {
        char path[64];

        snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
        return fopen(path, "re");
}

/* A shell that became us may have left us some. */
static bool has_children(void) {
        FILE *list = children_open();
        int pid, n = list ? fscanf(list, "%d", &pid) : 1;

        if (list)
                fclose(list);
        return n == 1;
}

/* Returns what exec(3) failed with, or 0 once it succeeded. */
static int exec_outcome(int fd) {
        int error = 0;

        while (read(fd, &error, sizeof(error)) < 0 && errno == EINTR) {
        }
        return -error;
}

int client_start(struct client *out, char *const *argv, const char *socket, const char *folder) {
        cleanup_(closep) int in = -1;
        cleanup_(closep) int why = -1;
        int pipe[2];

        *out = (struct client){ .said = memfd_create("stderr", MFD_CLOEXEC), .terminal = -1, .alone = !has_children() };
        if (out->said < 0)
                return -errno;
        (void)fcntl(out->said, F_SETFL, O_APPEND);
        if (isatty(STDIN_FILENO)) {
                in = terminal_open(&out->terminal);
                if (in < 0)
                        return in;
        }
        if (pipe2(pipe, O_CLOEXEC) < 0)
                return -errno;
        why = pipe[0];
        /* What it starts and leaves behind comes to us, to be ended. */
        (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
        out->pid = fork();
        if (out->pid == 0)
                become(argv, socket, folder, in, out->said, pipe[1]);
        close(pipe[1]);
        return out->pid < 0 ? -errno : exec_outcome(why);
}

/* -- ending -- */

bool client_is_done(struct client *c) {
        if (!c->done && c->pid > 0)
                c->done = waitpid(c->pid, &c->status, WNOHANG) == c->pid;
        return c->done;
}

static void pause_for(long milliseconds) {
        const struct timespec t = { milliseconds / 1000, milliseconds % 1000 * 1000000 };

        (void)nanosleep(&t, NULL);
}

/* All that are our children by now; whom these leave behind become ours when they are gone. Returns whether any is
 * left. */
static bool kill_children(void) {
        FILE *list = children_open();
        int pid;

        while (list && fscanf(list, "%d", &pid) == 1)
                (void)kill(pid, SIGKILL);
        if (list)
                fclose(list);
        while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
        }
        return pid == 0;
}

void client_end(struct client *c) {
        if (c->pid > 0) {
                if (!client_is_done(c))
                        (void)kill(-c->pid, SIGTERM);
                for (int waited = 0; !client_is_done(c) && waited < GRACE; waited += STEP)
                        pause_for(STEP);
                (void)kill(-c->pid, SIGKILL);
                for (int i = 0; c->alone && kill_children() && i < KILLED; ++i)
                        pause_for(STEP);
        }
        (void)prctl(PR_SET_CHILD_SUBREAPER, 0);
        if (c->said >= 0)
                close(c->said);
        if (c->terminal >= 0)
                close(c->terminal);
        *c = (struct client){ .said = -1, .terminal = -1, .status = c->status, .done = true };
}

struct str client_said(const struct client *c, struct arena *arena) {
        off_t size = lseek(c->said, 0, SEEK_END);
        off_t from = size > SAID_MAX ? size - SAID_MAX : 0;
        char *bytes = size > 0 ? arena_bytes(arena, SAID_MAX) : NULL;
        ssize_t n = bytes ? pread(c->said, bytes, SAID_MAX, from) : 0;

        return n > 0 ? str_trim((struct str){ bytes, (size_t)n }) : (struct str){ 0 };
}
