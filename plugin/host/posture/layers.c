#include "layers.h"
#include <errno.h>

static bool is_there(const struct layers *l, struct str name) {
        for (size_t i = 0; i < l->n; ++i)
                if (str_eq(l->items[i].name, name))
                        return true;
        return false;
}

static void insert(struct layers *l, struct survey *s, struct layer one) {
        size_t at;

        if (!ARENA_PUSH(s->scratch, l))
                return;
        for (at = l->n - 1; at > 0 && str_cmp(l->items[at - 1].name, one.name) > 0; --at)
                l->items[at] = l->items[at - 1];
        l->items[at] = one;
}

int layers_add(struct layers *out, struct survey *s, const char *folder, const char *suffix) {
        struct file_names names = { 0 };

        int r = survey_list(s, folder, &names);

        if (r < 0)
                return r == -ENOENT || r == -ENOTDIR ? 0 : r;
        for (size_t i = 0; i < names.n; ++i)
                if (str_ends(names.items[i], str_from(suffix)) && !is_there(out, names.items[i]))
                        insert(out, s, (struct layer){ names.items[i], folder });
        return 0;
}
