#include "config-priv.h"
#include <errno.h>

const char *const config_switch[] = { "on", "off", NULL };

/* Carry on after a reported problem, so that all of them are reported; want of memory outweighs it. */
int config_worse(int before, int now) {
        return before == -ENOMEM || now == 0 ? before : now;
}

int config_text(struct arena *arena, struct str folder, struct str s, const char **out) {
        struct text t;

        text_init_arena(&t, arena);
        text_add(&t, folder);
        text_add(&t, s);
        text_add_char(&t, '\0');
        if (t.failed)
                return -ENOMEM;
        *out = t.p;
        return 0;
}

/* The folder that @path lies in, with its slash; empty for the working directory. */
static struct str folder_of(struct str path) {
        size_t slash = str_find_last(path, '/');

        return slash == path.n ? (struct str){ path.p, 0 } : str_first(path, slash + 1);
}

/* NULL leaves *out as it is. */
int config_path(struct config *c, const struct schema_key *key, const struct yaml_node *node, const char **out,
                bool is_path, struct diag *diag) {
        struct str folder = { NULL, 0 };

        if (!node)
                return 0;
        if (node->text.n == 0 || str_find(node->text, '\0') < node->text.n)
                return diag_error(diag, node->at, DIAG_WRONG_TYPE, "\"%s\" is empty or holds a NUL", key->name);
        if (is_path && node->text.p[0] != '/')
                folder = folder_of(node->at.source->name);
        return config_text(&c->arena, folder, node->text, out);
}

void config_note(struct setting_origin *origin, const struct yaml_node *node) {
        if (node)
                origin->at = node->at;
}

/* Which of @choices is written; 0 is left where nothing is. */
void config_choice(const struct yaml_node *node, const char *const *choices, unsigned *out) {
        for (unsigned i = 0; node && choices[i]; ++i)
                if (str_eqz(node->text, choices[i]))
                        *out = i;
}

/* "200ms", "1s". */
bool config_time(struct str text, int64_t least, int64_t *out) {
        bool milliseconds = str_ends(text, STR_C("ms"));
        int64_t number, most = CONFIG_DEADLINE_MOST / (milliseconds ? 1000 : 1000000);

        if (!str_ends(text, STR_C("s")) || str_int(str_first(text, text.n - 1 - milliseconds), &number) < 0)
                return false;
        if (number < least || number > most)
                return false;
        *out = number * (milliseconds ? 1000 : 1000000);
        return true;
}
