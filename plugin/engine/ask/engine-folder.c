#include "docksill/engine/engine-folder.h"
#include "docksill/base/path.h"
#include "facts/cell.h"
#include "read/host-path.h"

/* Of one path while it is cleaned. */
#define SCRATCH (64u * 1024)

static struct str item(const struct engine_folders *f, size_t i) {
        return (struct str){ f->text + f->items[i].at, f->items[i].n };
}

static bool has(const struct engine_folders *f, struct str path, enum engine_folder_kind kind) {
        for (size_t i = 0; i < f->n; ++i)
                if (f->items[i].kind == kind && str_eq(item(f, i), path))
                        return true;
        return false;
}

static void add_clean(struct engine_folders *f, struct str path, enum engine_folder_kind kind) {
        if (path.n < 2 || has(f, path, kind))
                return;
        if (f->n == ENGINE_FOLDERS_MOST || path.n > sizeof(f->text) - f->used) {
                f->partial = true;
                return;
        }
        memcpy(f->text + f->used, path.p, path.n);
        f->items[f->n].at = f->used;
        f->items[f->n].n = (uint16_t)path.n;
        f->items[f->n].kind = (uint8_t)kind;
        ++f->n;
        f->used = (uint16_t)(f->used + path.n);
}

void engine_folders_add(struct engine_folders *f, struct str path, enum engine_folder_kind kind) {
        cleanup_(arena_deinit) struct arena arena;
        struct fact_path clean;

        arena_init(&arena, SCRATCH);
        if (path.n == 0 || path.p[0] != '/')
                return;
        arena_latch(&arena);
        host_path(&arena, path, &clean);
        if (!arena_unlatch(&arena))
                add_clean(f, clean.spelling[0], kind);
}

void engine_folders_join(struct engine_folders *f, const struct engine_folders *other) {
        for (size_t i = 0; i < other->n; ++i)
                add_clean(f, item(other, i), other->items[i].kind);
        f->partial |= other->partial;
}

/* What another set of them said stays, unless this one says worse. */
static void mark(const struct engine_folders *f, struct mount_fact *m) {
        enum word found = cell_is(&m->engine, WORD_DATA)     ? WORD_DATA
                          : cell_is(&m->engine, WORD_OBEYED) ? WORD_OBEYED
                                                             : WORD_NO;
        bool sure = m->source.head.state == FACT_KNOWN && m->engine.head.state != FACT_UNKNOWN && !f->partial;

        for (size_t k = 0; k < m->source.n; ++k)
                for (size_t i = 0; i < f->n; ++i) {
                        struct str path = m->source.spelling[k], folder = item(f, i);

                        if (!path_is_above(path, folder) && !path_is_above(folder, path))
                                continue;
                        if (f->items[i].kind == ENGINE_DATA)
                                found = WORD_DATA;
                        else if (found == WORD_NO)
                                found = WORD_OBEYED;
                }
        m->engine = cell_word(found);
        if (!sure && found != WORD_DATA)
                m->engine.head.state = FACT_UNKNOWN;
}

static void mark_all(const struct engine_folders *f, const struct fact_list *mounts) {
        for (size_t i = 0; i < mounts->n; ++i) {
                struct mount_fact *m = (struct mount_fact *)mounts->items + i;

                if (m->source.n > 0)
                        mark(f, m);
        }
}

void engine_folders_mark(const struct engine_folders *f, struct request *request) {
        for (size_t i = 0; (f->n > 0 || f->partial) && i < MOUNT_LISTS; ++i)
                mark_all(f, facts_mounts(&request->facts, i));
}
