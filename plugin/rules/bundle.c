#include "docksill/rules/bundle.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

int bundle_add(struct bundle *b, struct arena *arena, struct str name, struct str text) {
        struct bundle_file *slot = bundle_find(b, name) ? NULL : ARENA_PUSH(arena, b);

        if (slot)
                *slot = (struct bundle_file){ name, text };
        return slot || bundle_find(b, name) ? 0 : -ENOMEM;
}

const struct bundle_file *bundle_find(const struct bundle *b, struct str name) {
        for (size_t i = 0; i < b->n; ++i)
                if (str_eq(b->items[i].name, name))
                        return &b->items[i];
        return NULL;
}

/* What follows @folder and its slash in @name; p == NULL: it lies elsewhere. */
static struct str below(struct str name, struct str folder) {
        if (!str_starts(name, folder))
                return (struct str){ 0 };
        name = str_skip(name, folder.n);
        if (str_ends(folder, STR_C("/")))
                return name;
        return str_starts(name, STR_C("/")) ? str_skip(name, 1) : (struct str){ 0 };
}

bool bundle_is_folder(const struct bundle *from, const char *path) {
        struct stat st;

        if (!from)
                return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
        for (size_t i = 0; i < from->n; ++i)
                if (below(from->items[i].name, str_from(path)).p)
                        return true;
        return false;
}

bool bundle_exists(const struct bundle *from, const char *path) {
        if (!from)
                return access(path, F_OK) == 0 || errno != ENOENT;
        return bundle_find(from, str_from(path)) || bundle_is_folder(from, path);
}

/* As file_list() passes them over. */
static bool is_hidden(struct str path) {
        while (path.p) {
                struct str part = str_cut(&path, '/');

                if (part.n == 0 || part.p[0] == '.' || part.p[part.n - 1] == '~')
                        return true;
        }
        return false;
}

static int by_bytes(const void *a, const void *b) {
        return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

int bundle_list(const struct bundle *from, struct arena *arena, const char *folder, const char *suffix,
                struct file_names *out) {
        size_t before = out->n;

        if (!from)
                return file_list(arena, folder, suffix, out);
        for (size_t i = 0; i < from->n; ++i) {
                struct str rest = below(from->items[i].name, str_from(folder)), *slot;

                if (!rest.p || is_hidden(rest) || !str_ends(rest, str_from(suffix)))
                        continue;
                slot = ARENA_PUSH(arena, out);
                if (!slot)
                        return -ENOMEM;
                *slot = from->items[i].name;
        }
        if (out->n > before)
                qsort(out->items + before, out->n - before, sizeof(*out->items), by_bytes);
        return 0;
}

void bundle_write(struct text *out, const struct bundle *b) {
        for (size_t i = 0; i < b->n; ++i) {
                text_addf(out, "%zu %zu\n", b->items[i].name.n, b->items[i].text.n);
                text_add(out, b->items[i].name);
                text_add_char(out, '\n');
                text_add(out, b->items[i].text);
                text_add_char(out, '\n');
        }
}

/* @n bytes of @rest and the end of the line behind them. */
static bool take(struct str *rest, struct str size, struct str *out) {
        int64_t n;

        if (str_int(size, &n) < 0 || n < 0 || (uint64_t)n >= rest->n || rest->p[n] != '\n')
                return false;
        *out = str_first(*rest, (size_t)n);
        *rest = str_skip(*rest, (size_t)n + 1);
        return true;
}

int bundle_parse(struct bundle *out, struct arena *arena, struct str text) {
        struct bundle b = { 0 };

        while (text.n > 0) {
                struct str size = str_cut(&text, '\n'), name_size = str_cut(&size, ' '), name, content;

                if (!text.p || !size.p || !take(&text, name_size, &name) || !take(&text, size, &content) ||
                    str_find(name, '\0') < name.n)
                        return -EBADMSG;
                if (arena_str(arena, name, &name) < 0 || bundle_add(&b, arena, name, content) < 0)
                        return -ENOMEM;
        }
        *out = b;
        return 0;
}
