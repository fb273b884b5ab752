/*
 * Looks for the body that takes most of the decision thread: a fuzzer that maximises work rather than coverage.
 *
 *     search SECONDS [MOST]
 *
 * A body has a door (a place of a create that takes text or a list) and a unit that is repeated there up to 4 MiB. Of
 * each door the costliest unit is kept and changed further. Costs are compared by instructions, where the kernel counts
 * them, else by the thread's time; told are times as multiples of plain text's of the same length. Exit code 1 when one
 * is more than MOST times that (default 10): what is missed in kind takes hundreds.
 */
#include "docksill/base/clock.h"
#include "docksill/decide/decide.h"
#include "docksill/decide/explain.h"
#include "support/envelope.h"
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define BODY   ((size_t)4 << 20)
#define MEMORY ((size_t)64 << 20) /* as the server's */
#define UNIT   96

/* %U stands for the units: as one text, or as elements. A counter makes elements differ. */
static const struct door {
        const char *name, *body;
        const char *open, *between, *close; /* NULL: one text; else what stands around each unit */
        bool counted;
} doors[] = {
        { "variable", "{\"Image\":\"a\",\"Env\":[\"A=%U\"]}", NULL, NULL, NULL, false },
        { "variable-name", "{\"Image\":\"a\",\"Env\":[\"%U=a\"]}", NULL, NULL, NULL, false },
        { "label", "{\"Image\":\"a\",\"Labels\":{\"a\":\"%U\"}}", NULL, NULL, NULL, false },
        { "label-name", "{\"Image\":\"a\",\"Labels\":{\"%U\":\"a\"}}", NULL, NULL, NULL, false },
        { "command", "{\"Image\":\"a\",\"Cmd\":[\"%U\"]}", NULL, NULL, NULL, false },
        { "health", "{\"Image\":\"a\",\"Healthcheck\":{\"Test\":[\"CMD\",\"%U\"]}}", NULL, NULL, NULL, false },
        { "image", "{\"Image\":\"%U\"}", NULL, NULL, NULL, false },
        { "user", "{\"Image\":\"a\",\"User\":\"%U\"}", NULL, NULL, NULL, false },
        { "folder", "{\"Image\":\"a\",\"WorkingDir\":\"/%U\"}", NULL, NULL, NULL, false },
        { "host", "{\"Image\":\"a\",\"Hostname\":\"%U\"}", NULL, NULL, NULL, false },
        { "bind", "{\"Image\":\"a\",\"HostConfig\":{\"Binds\":[\"/%U:/b\"]}}", NULL, NULL, NULL, false },
        { "bind-mode", "{\"Image\":\"a\",\"HostConfig\":{\"Binds\":[\"/a:/b:%U\"]}}", NULL, NULL, NULL, false },
        { "tmpfs", "{\"Image\":\"a\",\"HostConfig\":{\"Tmpfs\":{\"/a\":\"%U\"}}}", NULL, NULL, NULL, false },
        { "network", "{\"Image\":\"a\",\"HostConfig\":{\"NetworkMode\":\"%U\"}}", NULL, NULL, NULL, false },
        { "sysctl", "{\"Image\":\"a\",\"HostConfig\":{\"Sysctls\":{\"%U\":\"1\"}}}", NULL, NULL, NULL, false },
        { "runtime", "{\"Image\":\"a\",\"HostConfig\":{\"Runtime\":\"%U\"}}", NULL, NULL, NULL, false },
        { "security", "{\"Image\":\"a\",\"HostConfig\":{\"SecurityOpt\":[\"%U\"]}}", NULL, NULL, NULL, false },
        { "seccomp", "{\"Image\":\"a\",\"HostConfig\":{\"SecurityOpt\":[\"seccomp={\\\"syscalls\\\":[%U]}\"]}}", NULL,
          NULL, NULL, false },
        { "device-rule", "{\"Image\":\"a\",\"HostConfig\":{\"DeviceCgroupRules\":[\"%U\"]}}", NULL, NULL, NULL, false },
        { "tag", "{\"Image\":\"a\",\"HostConfig\":{\"LogConfig\":{\"Type\":\"local\",\"Config\":{\"tag\":\"%U\"}}}}",
          NULL, NULL, NULL, false },
        { "address",
          "{\"Image\":\"a\",\"HostConfig\":{\"LogConfig\":{\"Type\":\"syslog\",\"Config\":{\"syslog-address\":\"%U\"}}}"
          "}",
          NULL, NULL, NULL, false },
        { "volume-option",
          "{\"Image\":\"a\",\"HostConfig\":{\"Mounts\":[{\"Type\":\"volume\",\"Target\":\"/"
          "b\",\"VolumeOptions\":{\"DriverConfig\":{\"Options\":{"
          "\"type\":\"none\",\"device\":\"/a\",\"o\":\"%U\"}}}}]}}",
          NULL, NULL, NULL, false },
        { "port", "{\"Image\":\"a\",\"HostConfig\":{\"PortBindings\":{\"%U/tcp\":[{}]}}}", NULL, NULL, NULL, false },
        { "unknown", "{\"Image\":\"a\",\"Z\":%U}", NULL, NULL, NULL, false },
        { "white", "{\"Image\":\"a\"%U}", NULL, NULL, NULL, false },
        { "variables", "{\"Image\":\"a\",\"Env\":[%U]}", "\"", ",", "\"", true },
        { "labels", "{\"Image\":\"a\",\"Labels\":{%U}}", "\"", ",", "\":\"\"", true },
        { "commands", "{\"Image\":\"a\",\"Cmd\":[%U]}", "\"", ",", "\"", true },
        { "binds", "{\"Image\":\"a\",\"HostConfig\":{\"Binds\":[%U]}}", "\"/", ",", ":/b\"", true },
        { "volumes", "{\"Image\":\"a\",\"HostConfig\":{\"Binds\":[%U]}}", "\"v", ",", ":/b\"", true },
        { "mounts", "{\"Image\":\"a\",\"HostConfig\":{\"Mounts\":[%U]}}",
          "{\"Type\":\"bind\",\"Target\":\"/b\",\"Source\":\"/", ",", "\"}", true },
        { "tmpfses", "{\"Image\":\"a\",\"HostConfig\":{\"Tmpfs\":{%U}}}", "\"/", ",", "\":\"size=1m\"", true },
        { "devices", "{\"Image\":\"a\",\"HostConfig\":{\"Devices\":[%U]}}", "{\"PathOnHost\":\"/dev/", ",", "\"}",
          true },
        { "device-rules", "{\"Image\":\"a\",\"HostConfig\":{\"DeviceCgroupRules\":[%U]}}", "\"c 1:1 rwm", ",", "\"",
          true },
        { "capabilities", "{\"Image\":\"a\",\"HostConfig\":{\"CapAdd\":[%U]}}", "\"", ",", "\"", true },
        { "groups", "{\"Image\":\"a\",\"HostConfig\":{\"GroupAdd\":[%U]}}", "\"", ",", "\"", true },
        { "hosts", "{\"Image\":\"a\",\"HostConfig\":{\"ExtraHosts\":[%U]}}", "\"", ",", "\"", true },
        { "limits", "{\"Image\":\"a\",\"HostConfig\":{\"Ulimits\":[%U]}}", "{\"Name\":\"", ",", "\"}", true },
        { "sysctls", "{\"Image\":\"a\",\"HostConfig\":{\"Sysctls\":{%U}}}", "\"", ",", "\":\"1\"", true },
        { "log-options", "{\"Image\":\"a\",\"HostConfig\":{\"LogConfig\":{\"Type\":\"syslog\",\"Config\":{%U}}}}", "\"",
          ",", "\":\"\"", true },
        { "security-options", "{\"Image\":\"a\",\"HostConfig\":{\"SecurityOpt\":[%U]}}", "\"", ",", "\"", true },
        { "ports", "{\"Image\":\"a\",\"HostConfig\":{\"PortBindings\":{%U}}}", "\"", ",",
          "/tcp\":[{\"HostPort\":\"1\"}]", true },
        { "requests", "{\"Image\":\"a\",\"HostConfig\":{\"DeviceRequests\":[%U]}}", "{\"Driver\":\"", ",", "\"}",
          true },
        { "block-limits", "{\"Image\":\"a\",\"HostConfig\":{\"BlkioDeviceReadBps\":[%U]}}",
          "{\"Rate\":1,\"Path\":\"/dev/", ",", "\"}", true },
        { "networks", "{\"Image\":\"a\",\"NetworkingConfig\":{\"EndpointsConfig\":{%U}}}", "\"", ",", "\":{}", true },
        { "peers", "{\"Image\":\"a\",\"HostConfig\":{\"VolumesFrom\":[%U]}}", "\"", ",", "\"", true },
        { "unknowns", "{\"Image\":\"a\",%U}", "\"x", ",", "\":1", true },
};

/* What rules and decoders look for. */
static const char *const words[] = {
        "-----BEGIN ",
        "-----BEGIN RSA PRIVATE KEY-----",
        "eyJ",
        "AKIA",
        "ghp_",
        "xoxb-",
        "glpat-",
        "://",
        "a://b:",
        "@",
        "password=",
        "_TOKEN",
        "PASS",
        "SECRET",
        "{{",
        "}}",
        "{{.ID}}",
        "/../",
        "/./",
        "//",
        "/proc/1/root",
        "/var/run/",
        "/home/a/.ssh",
        "*",
        ",",
        "=",
        ":",
        "\\n",
        "\\\\",
        "\\/",
        "\\u20ac",
        "\\ud83d",
        "\\u0000",
        "\xe2\x82\xac",
        "\xff",
        "\xc3\xa9",
        " ",
        "\\t",
        "[",
        "]",
        "{}",
        "[],",
        "1,",
        "\"\",",
        "null,",
        "{\\\"names\\\":[\\\"a\\\"],\\\"action\\\":\\\"b\\\"},",
        "host",
        "container:",
        "size=1m",
        "remount",
        "noexec,",
        "rw,",
        "net.",
        "127.0.0.1",
        "sha256:",
        "c 1:3 rwm",
        "seccomp=",
        "apparmor=",
        "label=",
        "-",
        "a",
        "A",
        "0",
        "lorem ipsum ",
};

struct unit {
        char p[UNIT];
        size_t n;
};

static struct ruleset *rules;
static unsigned long long seed = 1;
static int counter = -1; /* of instructions */

static unsigned below(unsigned n) {
        seed = seed * 6364136223846793005ull + 1442695040888963407ull;
        return (unsigned)(seed >> 33) % n;
}

/* -- bodies -- */

static void add_units(struct text *t, const struct door *door, const struct unit *u, size_t most) {
        struct str unit = { u->p, u->n };

        for (unsigned i = 0; t->n < most; ++i) {
                if (!door->open) {
                        text_add(t, unit);
                        continue;
                }
                if (i)
                        text_addz(t, door->between);
                text_addz(t, door->open);
                text_add(t, unit);
                if (door->counted)
                        text_addf(t, "%u", i);
                text_addz(t, door->close);
        }
}

static void add_body(struct text *t, const struct door *door, const struct unit *u) {
        const char *at = strstr(door->body, "%U");

        text_add(t, (struct str){ door->body, (size_t)(at - door->body) });
        add_units(t, door, u, BODY);
        text_addz(t, at + 2);
}

static void add_call(struct text *t, const struct door *door, const struct unit *u) {
        struct text body;

        text_init(&body);
        add_body(&body, door, u);
        envelope_add(t, (struct sent){ STR_C("POST"), STR_C("/v1.44/containers/create"), text_str(&body) });
        text_deinit(&body);
}

/* -- costs -- */

static long long thread_time(void) {
        struct timespec t;

        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
        return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static void open_counter(void) {
        struct perf_event_attr attr = {
                .type = PERF_TYPE_HARDWARE, .size = sizeof(attr), .config = PERF_COUNT_HW_INSTRUCTIONS, .exclude_hv = 1
        };

        counter = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
        if (counter < 0) {
                attr.exclude_kernel = 1;
                counter = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
        }
}

/* As the decision thread does: read, decide, tell. @time: of the thread, in nanoseconds. Returns what is compared. */
static long long once(struct str call, long long *time) {
        struct decision decision;
        struct request request;
        struct arena arena;
        static const struct explain_style style = { .words = EXPLAIN_FLAGS };
        struct text said;
        long long n = 0, begun;

        arena_init(&arena, MEMORY);
        text_init(&said);
        if (counter >= 0)
                ioctl(counter, PERF_EVENT_IOC_RESET, 0);
        begun = thread_time();
        if (request_read(&request, &arena, call) == ENVELOPE_READ) {
                decide(&decision, rules, &request, MODE_ENFORCE, &arena);
                if (!decision.allow)
                        explain_refusal(&said, &decision, &request, rules, &style);
        }
        *time = thread_time() - begun;
        if (counter < 0 || read(counter, &n, sizeof(n)) != sizeof(n))
                n = *time;
        text_deinit(&said);
        arena_deinit(&arena);
        return n;
}

static long long cost(const struct door *door, const struct unit *u, unsigned times, long long *time) {
        long long least = -1;
        struct text call;

        *time = -1;
        text_init(&call);
        add_call(&call, door, u);
        for (unsigned i = 0; i < times; ++i) {
                long long t, n = once(text_str(&call), &t);

                least = least < 0 || n < least ? n : least;
                *time = *time < 0 || t < *time ? t : *time;
        }
        text_deinit(&call);
        return least;
}

/* -- units -- */

static void put_in(struct unit *u, size_t at, const char *s, size_t n) {
        if (n > UNIT - u->n)
                return;
        memmove(u->p + at + n, u->p + at, u->n - at);
        memcpy(u->p + at, s, n);
        u->n += n;
}

static void change(struct unit *u) {
        size_t at = u->n ? below((unsigned)u->n + 1) : 0, n;
        const char *word = words[below(ARRAY_SIZE(words))];
        char c = (char)(' ' + below(95));

        switch (below(6)) {
        case 0:
        case 1: put_in(u, at, word, strlen(word)); break;
        case 2:
                if (c != '"' && c != '\\')
                        put_in(u, at, &c, 1);
                break;
        case 3: /* shorter */
                n = u->n > at ? 1 + below((unsigned)(u->n - at)) : 0;
                memmove(u->p + at, u->p + at + n, u->n - at - n);
                u->n -= n;
                break;
        case 4: /* twice */ put_in(u, u->n, u->p, u->n); break;
        case 5:
                u->n = 0;
                put_in(u, 0, word, strlen(word));
                break;
        }
        if (u->n == 0)
                put_in(u, 0, "a", 1);
}

static struct best {
        struct unit unit;
        long long cost, time;
} bests[ARRAY_SIZE(doors)];

static void show(const struct best *b, long long plain) {
        char shown[4 * UNIT + 1];
        struct text t;

        text_init_fixed(&t, shown, sizeof(shown));
        text_add_visible(&t, (struct str){ b->unit.p, b->unit.n }, UNIT);
        printf("  note    %5.2f times plain text, %6.2f ms: %s, %s\n", (double)b->time / (double)plain,
               (double)b->time / 1e6, doors[b - bests].name, shown);
}

static int by_time(const void *a, const void *b) {
        const struct best *x = *(const struct best *const *)a, *y = *(const struct best *const *)b;

        return x->time < y->time ? 1 : -1;
}

int main(int argc, char **argv) {
        const struct unit lorem = { "lorem ipsum dolor ", 18 };
        struct ruleset_options options = { .rules = "rules", .environment = "production" };
        const struct best *sorted[ARRAY_SIZE(doors)];
        int64_t until = clock_monotonic() + (int64_t)(argc > 1 ? atoi(argv[1]) : 10) * 1000000;
        double most = argc > 2 ? atof(argv[2]) : 10;
        unsigned long tried = 0;
        struct diag diag;
        long long plain;

        diag_init(&diag);
        if (ruleset_load(&rules, &options, &diag) < 0)
                return fprintf(stderr, "the rules in ./rules do not load\n"), 1;
        open_counter();
        (void)cost(&doors[0], &lorem, 5, &plain);
        for (size_t i = 0; i < ARRAY_SIZE(doors); ++i) {
                bests[i].unit = lorem;
                bests[i].cost = cost(&doors[i], &lorem, 2, &bests[i].time);
        }
        while (clock_monotonic() < until) {
                struct best *b = &bests[below(ARRAY_SIZE(doors))];
                struct best tryed = *b;

                for (unsigned n = 1 + below(4); n > 0; --n)
                        change(&tryed.unit);
                tryed.cost = cost(&doors[b - bests], &tryed.unit, 1, &tryed.time);
                if (tryed.cost > b->cost) /* again: the machine may have been busy */
                        tryed.cost = cost(&doors[b - bests], &tryed.unit, 2, &tryed.time);
                if (tryed.cost > b->cost)
                        *b = tryed;
                ++tried;
        }
        for (size_t i = 0; i < ARRAY_SIZE(doors); ++i) {
                (void)cost(&doors[i], &bests[i].unit, 7, &bests[i].time);
                sorted[i] = &bests[i];
        }
        (void)cost(&doors[0], &lorem, 15, &plain);
        qsort(sorted, ARRAY_SIZE(doors), sizeof(sorted[0]), by_time);
        printf("  note    %lu bodies of 4 MiB, compared by %s; plain text %.2f ms\n", tried,
               counter >= 0 ? "instructions" : "time", (double)plain / 1e6);
        for (size_t i = 0; i < 5; ++i)
                show(sorted[i], plain);
        ruleset_unref(rules);
        diag_deinit(&diag);
        return (double)sorted[0]->time > most * (double)plain;
}
