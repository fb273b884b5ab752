#include "body-change.h"
#include "docksill/base/path.h"
#include "frame/body-flags.h"
#include <errno.h>

static struct str text_of(const json_t *value) {
        return (struct str){ json_string_value(value), json_string_length(value) };
}

static json_t *host_config(json_t *body) {
        return body_member(body, STR_C("HostConfig"));
}

static void drop_capability(json_t *body, struct str name) {
        json_t *list = body_member(host_config(body), STR_C("CapAdd"));

        for (size_t i = json_array_size(list); i-- > 0;) {
                struct str item = text_of(json_array_get(list, i));

                if (item.n > 4 && str_eq_fold(str_first(item, 4), STR_C("CAP_")))
                        item = str_skip(item, 4);
                if (str_eq_fold(item, name))
                        json_array_remove(list, i);
        }
}

static bool is_at(struct str target, struct str wanted, struct arena *arena) {
        struct str clean;

        return target.n && path_clean(arena, target, &clean) == 0 && str_eq(clean, wanted);
}

/* "/a:/b:rw,z" is "/a:/b:ro,z". */
static json_t *bind_read_only(struct str bind, struct arena *arena) {
        struct str rest = bind, source = str_cut(&rest, ':'), target = str_cut(&rest, ':');
        struct text t;

        text_init_arena(&t, arena);
        text_addf(&t, "%" STR_FMT ":%" STR_FMT ":ro", STR_ARG(source), STR_ARG(target));
        while (rest.p) {
                struct str option = str_cut(&rest, ',');

                if (option.n && !str_eqz(option, "rw") && !str_eqz(option, "ro"))
                        text_addf(&t, ",%" STR_FMT, STR_ARG(option));
        }
        return t.failed ? NULL : json_stringn(t.p, t.n);
}

static int make_read_only(json_t *body, struct str target, struct arena *arena) {
        json_t *binds = body_member(host_config(body), STR_C("Binds")),
               *mounts = body_member(host_config(body), STR_C("Mounts")), *one;
        int r = 0;
        size_t i;

        json_array_foreach(binds, i, one) {
                struct str bind = text_of(one), rest = bind;

                (void)str_cut(&rest, ':');
                if (is_at(str_cut(&rest, ':'), target, arena))
                        r |= json_array_set_new(binds, i, bind_read_only(bind, arena));
        }
        json_array_foreach(mounts, i, one) {
                if (is_at(text_of(body_member(one, STR_C("Target"))), target, arena))
                        r |= body_set_member(one, STR_C("ReadOnly"), json_true());
        }
        return r ? -ENOMEM : 0;
}

/* "80" is "80/tcp". */
static bool is_port(const char *key, struct str wanted) {
        struct str bare = wanted, name = str_cut(&bare, '/');

        return str_eq_fold(str_from(key), wanted) || (str_eqz(bare, "tcp") && str_eqz(name, key));
}

static void drop_port(json_t *body, struct str port) {
        json_t *bindings = body_member(host_config(body), STR_C("PortBindings")), *value;
        const char *key;
        void *next;

        json_object_foreach_safe(bindings, next, key, value) {
                if (is_port(key, port))
                        json_object_del(bindings, key);
        }
}

static int apply_edit(json_t *body, const struct edit *e, struct arena *arena) {
        switch (e->kind) {
        case EDIT_NO_CAPABILITY: drop_capability(body, e->what); return 0;
        case EDIT_NO_PORT: drop_port(body, e->what); return 0;
        case EDIT_READ_ONLY: return make_read_only(body, e->what, arena);
        }
        return -EINVAL;
}

int body_change(json_t *body, const struct suggestions *s, struct arena *arena) {
        int r = json_is_object(body) ? 0 : -EINVAL;

        for (size_t i = 0; r == 0 && i < s->n; ++i) {
                if (!s->items[i].applied)
                        continue;
                r = body_add_flags(body, &s->items[i].flags, arena);
                for (size_t k = 0; r == 0 && k < s->items[i].n_edits; ++k)
                        r = apply_edit(body, &s->items[i].edits[k], arena);
        }
        return r;
}
