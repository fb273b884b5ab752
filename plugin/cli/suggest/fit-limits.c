#include "fit.h"
#include <inttypes.h>

#define MEBIBYTE        (INT64_C(1) << 20)
#define MEMORY_LEAST    (32 * MEBIBYTE)
#define MEMORY_MOST     (INT64_C(1) << 50) /* no host has that much: nonsense */
#define PROCESSORS_MOST 8192               /* likewise */
#define PROCESSES_LEAST 100

static int64_t round_up(int64_t n, int64_t step) {
        return (n + step - 1) / step * step;
}

/* Twice the most that was seen, in steps that a person would write. */
static int64_t memory_with_headroom(int64_t peak) {
        int64_t twice = 2 * peak;

        if (twice < MEMORY_LEAST)
                return MEMORY_LEAST;
        if (twice < 128 * MEBIBYTE)
                return round_up(twice, 16 * MEBIBYTE);
        return round_up(twice, twice < 1024 * MEBIBYTE ? 64 * MEBIBYTE : 256 * MEBIBYTE);
}

/* What a limit that is there already means for it. */
static void keep_memory(const struct fitting *f) {
        struct suggestion *s;

        if (f->o->memory_hits <= 0)
                return;
        s = fit_add(f, "memory", LIKELY);
        s->applied = false;
        s->instead = fit_text(f, "more than -m %" STR_FMT, STR_ARG(fit_bytes(f, f->facts->container.memory.value)));
        s->evidence =
                fit_text(f, "met its limit %" PRId64 " times in %" STR_FMT, f->o->memory_hits, STR_ARG(fit_age(f)));
}

/* What is said beside the number. */
static void explain_memory(const struct fitting *f, struct suggestion *s, int64_t used) {
        if (f->o->cache > used / 2)
                s->evidence = fit_text(f,
                                       "%" STR_FMT "; of the %" STR_FMT " it has now %" STR_FMT
                                       " are files that the kernel keeps in memory and could let go",
                                       STR_ARG(s->evidence), STR_ARG(fit_bytes(f, f->o->memory)),
                                       STR_ARG(fit_bytes(f, f->o->cache)));
        if (f->scratch > MEBIBYTE)
                s->evidence = fit_text(f, "%" STR_FMT "; and %" STR_FMT " of files would go to memory",
                                       STR_ARG(s->evidence), STR_ARG(fit_bytes(f, f->scratch)));
}

static void fit_memory(const struct fitting *f) {
        bool peaked = f->o->memory_peak != UNTOLD;
        int64_t used = peaked ? f->o->memory_peak : f->o->memory;
        struct suggestion *s;

        if (f->facts->container.memory.value > 0) {
                keep_memory(f);
                return;
        }
        if (used == UNTOLD || used > MEMORY_MOST)
                return;
        s = fit_add(f, "memory", peaked ? fit_by_age(f) : OVER_TIME);
        fit_flag(f, s, "-m %" PRId64 "m", memory_with_headroom(used + f->scratch) / MEBIBYTE);
        if (!peaked) {
                s->evidence = fit_text(f, "uses %" STR_FMT " at the moment; what it used at most nobody counted",
                                       STR_ARG(fit_bytes(f, used)));
                return;
        }
        s->evidence = fit_text(f, "used %" STR_FMT " at most in the %" STR_FMT " since its start",
                               STR_ARG(fit_bytes(f, used)), STR_ARG(fit_age(f)));
        explain_memory(f, s, used);
}

static void fit_processes(const struct fitting *f) {
        bool peaked = f->o->pids_peak != UNTOLD;
        int64_t used = peaked ? f->o->pids_peak : f->o->pids, wanted;
        struct suggestion *s;

        if (f->facts->container.pids_limit.value > 0 || used == UNTOLD || used > INT32_MAX)
                return;
        wanted = round_up(2 * used, 10);
        s = fit_add(f, "processes", peaked || 10 * used < PROCESSES_LEAST ? fit_by_age(f) : OVER_TIME);
        fit_flag(f, s, "--pids-limit %" PRId64, wanted < PROCESSES_LEAST ? PROCESSES_LEAST : wanted);
        s->evidence =
                peaked ? fit_text(f, "%" PRId64 " processes and threads at most in the %" STR_FMT " since its start",
                                  used, STR_ARG(fit_age(f)))
                       : fit_text(f, "%" PRId64 " processes and threads at the moment", used);
}

/* Tenths of a processor, since it was started. */
static int64_t tenths(const struct fitting *f) {
        int64_t age = f->o->age > 1000000 ? f->o->age : 1000000;

        return f->o->cpu > INT64_MAX / 10 ? INT64_MAX / 10 : 10 * f->o->cpu / age;
}

static void keep_processors(const struct fitting *f) {
        struct suggestion *s;

        if (f->o->throttled <= 0)
                return;
        s = fit_add(f, "processors", LIKELY);
        s->applied = false;
        s->instead = STR_C("more processors than it may use now, if it is to be faster");
        s->evidence = fit_text(f, "had to wait for its share %" PRId64 " times in %" STR_FMT, f->o->throttled,
                               STR_ARG(fit_age(f)));
}

/* A limit slows it down, and does not stop it: one processor at least, in halves. */
static void fit_processors(const struct fitting *f) {
        bool counted = f->o->processors > 0 && f->o->processors < PROCESSORS_MOST;
        int64_t halves, most = 2 * (counted ? f->o->processors : PROCESSORS_MOST);
        struct suggestion *s;

        if (f->facts->container.nano_cpus.value > 0 || f->facts->container.cpu_quota.value > 0) {
                keep_processors(f);
                return;
        }
        if (f->o->cpu == UNTOLD || f->o->age == UNTOLD)
                return;
        halves = round_up(2 * tenths(f), 5) / 5;
        halves = halves < 2 ? 2 : halves > most ? most : halves;
        s = fit_add(f, "processors", OVER_TIME);
        fit_flag(f, s, halves % 2 ? "--cpus %" PRId64 ".5" : "--cpus %" PRId64, halves / 2);
        s->evidence =
                fit_text(f,
                         "%.2f processors on average in the %" STR_FMT " since its start; a limit makes it "
                         "slower at its peaks, and stops nothing",
                         (double)f->o->cpu / (double)(f->o->age > 1000000 ? f->o->age : 1000000), STR_ARG(fit_age(f)));
}

void fit_limits(const struct fitting *f) {
        fit_memory(f);
        fit_processes(f);
        fit_processors(f);
}
