#include "unconfirmed.h"
#include "docksill/base/clock.h"
#include "docksill/base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#define WAITS  "unconfirmed"
#define WORD   16
#define MEMORY (64u * 1024)

extern char **environ;

bool unconfirmed_time(const char *text, unsigned *out) {
        struct str s = str_from(text);
        int64_t n, unit = str_ends(s, STR_C("m")) ? 60 : 1;

        if (str_ends(s, STR_C("s")) || unit == 60)
                s = str_first(s, s.n - 1);
        if (str_int(s, &n) < 0 || n < 0 || n > UNCONFIRMED_MOST || n * unit < UNCONFIRMED_LEAST ||
            n * unit > UNCONFIRMED_MOST)
                return false;
        *out = (unsigned)(n * unit);
        return true;
}

static bool path_of(const struct registration *r, char *out, size_t size) {
        return snprintf(out, size, "%s%s/" WAITS, r->root, r->state) < (int)size;
}

/* "WORD MICROSECONDS". */
static bool read_waiting(const struct registration *r, char *word, int64_t *until) {
        cleanup_(arena_deinit) struct arena arena;
        char path[PATH_MAX];
        struct str text, first;

        arena_init(&arena, MEMORY);
        if (!path_of(r, path, sizeof(path)) || file_read_regular(&arena, path, 256, &text) != 0)
                return false;
        text = str_trim(text);
        first = str_cut(&text, ' ');
        return str_to_z(first, word, WORD + 1) && first.n == WORD && text.p && str_int(text, until) == 0;
}

bool unconfirmed_waits(const struct registration *r, const char *word) {
        char kept[WORD + 1];
        int64_t until;

        return read_waiting(r, kept, &until) && (!word || strcmp(kept, word) == 0);
}

int64_t unconfirmed_until(const struct registration *r) {
        char kept[WORD + 1];
        int64_t until;

        return read_waiting(r, kept, &until) ? until : 0;
}

int unconfirmed_end(const struct registration *r) {
        char path[PATH_MAX];

        if (!path_of(r, path, sizeof(path)))
                return -ENAMETOOLONG;
        return unlink(path) < 0 ? -errno : 0;
}

/* -- the timer of systemd -- */

static bool has_systemd(void) {
        struct stat st;

        return stat("/run/systemd/system", &st) == 0;
}

/* Whether it took it: the unit goes on by itself then. */
static bool timer_begin(const struct registration *r, const struct unconfirmed *u, const char *word) {
        char unit[64], after[32], folder[PATH_MAX], exe[PATH_MAX], where[PATH_MAX + 24];
        ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
        const char *config = invocation_option(u->in, "config");
        char plugin[NAME_MAX + 1]; /* the name is a part of the socket's */
        char *argv[24];
        size_t i = 0;
        pid_t pid;
        int status;

        if (n < 0 || !getcwd(folder, sizeof(folder)) || !str_to_z(r->plugin, plugin, sizeof(plugin)))
                return false;
        exe[n] = '\0';
        snprintf(unit, sizeof(unit), "--unit=docksill-undo-%s", word);
        snprintf(after, sizeof(after), "--on-active=%us", u->seconds);
        snprintf(where, sizeof(where), "--working-directory=%s", folder);
        argv[i++] = (char *)"systemd-run";
        argv[i++] = (char *)"--quiet";
        argv[i++] = (char *)"--collect";
        argv[i++] = unit;
        argv[i++] = after;
        argv[i++] = (char *)"--timer-property=AccuracySec=1s";
        argv[i++] = where;
        argv[i++] = exe;
        argv[i++] = (char *)"disable";
        argv[i++] = (char *)"--unconfirmed";
        argv[i++] = (char *)word;
        argv[i++] = (char *)"--daemon-json";
        argv[i++] = (char *)r->settings;
        argv[i++] = (char *)"--engine";
        argv[i++] = (char *)r->engine;
        argv[i++] = (char *)"--plugin";
        argv[i++] = plugin;
        if (config) {
                argv[i++] = (char *)"--config";
                argv[i++] = (char *)config;
        }
        argv[i] = NULL;
        if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) != 0)
                return false;
        while (waitpid(pid, &status, 0) < 0)
                if (errno != EINTR)
                        return false;
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* -- a process of its own -- */

/* A machine that sleeps does not lengthen it. */
static int64_t seconds_awake(void) {
        struct timespec t;

        clock_gettime(CLOCK_BOOTTIME, &t);
        return t.tv_sec;
}

static void leave_terminal(void) {
        int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

        (void)signal(SIGHUP, SIG_IGN);
        (void)signal(SIGINT, SIG_IGN);
        (void)signal(SIGPIPE, SIG_IGN);
        for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd)
                (void)dup2(nowhere, fd);
}

static _Noreturn void wait_and_undo(const struct registration *r, const struct unconfirmed *u, const char *word) {
        const int64_t until = seconds_awake() + u->seconds;

        leave_terminal();
        openlog("docksill", LOG_PID, LOG_DAEMON);
        while (seconds_awake() < until) {
                if (!unconfirmed_waits(r, word))
                        _exit(EXIT_FINE);
                (void)usleep(200000);
        }
        if (u->undo(u->in, word) == EXIT_FINE)
                syslog(LOG_WARNING, "enabling was not confirmed within %u s: dockerd no longer asks docksill",
                       u->seconds);
        else
                syslog(LOG_ERR,
                       "enabling was not confirmed, but docksill could not be taken out: run docksill disable");
        _exit(EXIT_FINE);
}

/* Nobody's child: who called us, and whose terminal it is, may go. */
static bool process_begin(const struct registration *r, const struct unconfirmed *u, const char *word) {
        pid_t pid = fork();
        int status;

        if (pid < 0)
                return false;
        if (pid == 0) {
                pid_t own = setsid() < 0 ? -1 : fork();

                if (own == 0)
                        wait_and_undo(r, u, word);
                _exit(own < 0);
        }
        while (waitpid(pid, &status, 0) < 0)
                if (errno != EINTR)
                        return false;
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int begin_failed(const struct registration *r, const char *why) {
        fprintf(stderr, "docksill %s: %s: what would undo it can't be begun: %s; nothing was changed\n",
                r->command->name, r->state, why);
        return EXIT_ENVIRONMENT;
}

int unconfirmed_begin(const struct registration *r, const struct unconfirmed *u) {
        char path[PATH_MAX], word[WORD + 1], text[64];
        uint64_t random;
        int e;

        if (!path_of(r, path, sizeof(path)))
                return begin_failed(r, strerror(ENAMETOOLONG));
        if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
                return begin_failed(r, strerror(errno));
        snprintf(word, sizeof(word), "%016llx", (unsigned long long)random);
        snprintf(text, sizeof(text), "%s %lld\n", word, (long long)(clock_wall() + u->seconds * INT64_C(1000000)));
        if (mkdir(r->state, 0750) < 0 && errno != EEXIST)
                return begin_failed(r, strerror(errno));
        e = file_replace(path, str_from(text), NULL);
        if (e < 0)
                return begin_failed(r, strerror(-e));
        if ((has_systemd() && timer_begin(r, u, word)) || process_begin(r, u, word))
                return EXIT_FINE;
        (void)!unconfirmed_end(r);
        return begin_failed(r, "neither a timer nor a process");
}
