#include "host-survey.h"
#include <errno.h>
#include <sys/stat.h>

#define WHY_MOST 300

int survey_read(struct survey *s, const char *path, struct str *out) {
        return host_root_read(s->root, s->scratch, path, SURVEY_FILE_MOST, out);
}

int survey_read_in(struct survey *s, const char *folder, struct str name, struct str *out) {
        struct text path;

        text_init_arena(&path, s->scratch);
        text_addz(&path, folder);
        if (!str_ends(text_str(&path), STR_C("/")) && !str_starts(name, STR_C("/")))
                text_add_char(&path, '/');
        text_add(&path, name);
        return path.failed ? -ENOMEM : survey_read(s, path.p, out);
}

int survey_list(struct survey *s, const char *folder, struct file_names *out) {
        return host_root_list(s->root, s->scratch, folder, SURVEY_NAMES_MOST, out);
}

bool survey_exists(struct survey *s, const char *path) {
        struct stat st;

        return host_root_stat(s->root, path, &st) == 0;
}

struct str survey_keep(struct survey *s, struct str text) {
        struct str copy = { 0 };

        if (arena_str(s->keep, text, &copy) < 0)
                arena_refuse(s->keep);
        return copy;
}

const char *survey_error(int error) {
        return error == FILE_E_NOT_REGULAR ? "no regular file" : strerror(-error);
}

static const struct fact *fact_of(const struct survey *s, const struct fact_head *cell) {
        size_t at = (size_t)((const char *)cell - (const char *)s->facts);

        for (size_t i = 0; i < fact_table_n; ++i)
                if (fact_table[i].at == at)
                        return &fact_table[i];
        return NULL;
}

static struct str written(struct arena *arena, const char *fmt, va_list args) {
        struct text raw, shown;

        text_init_arena(&raw, arena);
        text_addv(&raw, fmt, args);
        text_init_arena(&shown, arena);
        text_add_visible(&shown, text_str(&raw), WHY_MOST);
        if (raw.failed || shown.failed)
                arena_refuse(arena);
        return text_str(&shown);
}

/* The first that is said of a fact stays. */
static void add_gap(struct survey *s, const struct fact_head *cell, bool off, struct str why) {
        const struct fact *fact = fact_of(s, cell);

        if (fact && !host_gap(s->gaps, fact))
                ARENA_ADD(s->keep, s->gaps, (struct host_gap){ .fact = fact, .why = why, .off = off });
}

void survey_found(struct fact_head *cell) {
        cell->state = FACT_KNOWN;
        cell->given = true;
}

void survey_off(struct survey *s, struct fact_head *cell, const char *fmt, ...) {
        va_list args;

        va_start(args, fmt);
        cell->state = FACT_OFF;
        add_gap(s, cell, true, written(s->keep, fmt, args));
        va_end(args);
}

void survey_unknown(struct survey *s, struct fact_head *cell, const char *fmt, ...) {
        va_list args;

        va_start(args, fmt);
        cell->state = FACT_UNKNOWN;
        add_gap(s, cell, false, written(s->keep, fmt, args));
        va_end(args);
}

void survey_unread(struct survey *s, struct fact_head *cell, const char *path, int error) {
        survey_unknown(s, cell, "%s: %s", path, survey_error(error));
}

void survey_note(struct survey *s, const char *fmt, ...) {
        struct str *slot = ARENA_PUSH(s->keep, s->notes);
        va_list args;

        va_start(args, fmt);
        if (slot)
                *slot = written(s->keep, fmt, args);
        va_end(args);
}
