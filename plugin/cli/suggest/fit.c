#include "fit.h"
#include <errno.h>
#include <inttypes.h>

struct str sureness_name(enum sureness s) {
        static const struct str names[] = { STR("sure"), STR("likely"), STR("over-time") };

        return names[s];
}

struct str fit_text(const struct fitting *f, const char *fmt, ...) {
        struct text t;
        va_list args;

        text_init_arena(&t, f->out->arena);
        va_start(args, fmt);
        text_addv(&t, fmt, args);
        va_end(args);
        return t.failed ? STR_C("") : text_str(&t);
}

struct suggestion *fit_add(const struct fitting *f, const char *topic, enum sureness sure) {
        struct suggestion *s = ARENA_PUSH(f->out->arena, f->out);

        if (!s) {
                f->out->lost = (struct suggestion){ 0 };
                s = &f->out->lost;
        }
        s->topic = topic;
        s->sure = sure;
        s->applied = true;
        return s;
}

void fit_flag(const struct fitting *f, struct suggestion *s, const char *fmt, ...) {
        struct text t;
        va_list args;

        text_init_arena(&t, f->out->arena);
        va_start(args, fmt);
        text_addv(&t, fmt, args);
        va_end(args);
        if (!t.failed)
                ARENA_ADD(f->out->arena, &s->flags, text_str(&t));
}

void fit_edit(const struct fitting *f, struct suggestion *s, enum edit_kind kind, struct str what) {
        struct edit *grown = arena_grow(f->out->arena, s->edits, s->n_edits, &s->edits_capacity, sizeof(*s->edits));

        if (!grown)
                return;
        s->edits = grown;
        s->edits[s->n_edits++] = (struct edit){ kind, what };
}

struct str fit_bytes(const struct fitting *f, int64_t bytes) {
        static const char units[] = "bkmgt";
        double n = (double)bytes;
        size_t unit = 0;

        for (; n >= 1000 && unit + 2 < sizeof(units); ++unit)
                n /= 1024;
        return unit && n < 100 ? fit_text(f, "%.1f%c", n, units[unit]) : fit_text(f, "%.0f%c", n, units[unit]);
}

struct str fit_age(const struct fitting *f) {
        static const struct {
                int64_t seconds;
                const char *name;
        } units[] = { { 24 * 3600, "day" }, { 3600, "hour" }, { 60, "minute" }, { 1, "second" } };
        int64_t seconds = f->o->age / 1000000;

        if (f->o->age == UNTOLD)
                return STR_C("an unknown time");
        for (size_t i = 0; i < ARRAY_SIZE(units); ++i)
                if (seconds >= units[i].seconds || units[i].seconds == 1) {
                        int64_t n = seconds / units[i].seconds;

                        return fit_text(f, "%" PRId64 " %s%s", n, units[i].name, n == 1 ? "" : "s");
                }
        return STR_C("");
}

enum sureness fit_by_age(const struct fitting *f) {
        return f->o->age >= FIT_LONG ? LIKELY : OVER_TIME;
}

bool fit_starts_as_root(const struct fitting *f) {
        struct str root = f->facts->container.user_root.value;

        if (str_eqz(root, "yes") || str_eqz(root, "no"))
                return str_eqz(root, "yes");
        /* A name: whom it means the image knows, and who process 1 is the host. */
        for (size_t i = 0; i < f->o->processes.n; ++i)
                if (f->o->processes.items[i].first)
                        return f->o->processes.items[i].user[ID_REAL] == 0;
        return true;
}

int fit_find(const struct fitting *f) {
        struct fitting with_scratch = *f;

        with_scratch.scratch = fit_scratch(f);
        fit_limits(&with_scratch);
        fit_privileges(f);
        fit_files(f);
        fit_mounts(f);
        fit_ports(f);
        return arena_full(f->out->arena) ? -ENOMEM : 0;
}
