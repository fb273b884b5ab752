#include "variable.h"
#include "cell.h"
#include <errno.h>

/* A name without '=' takes a variable away that the image sets. */
int variables_read(struct facts *f, struct arena *arena, const struct go_list *env) {
        f->variables.head.given = env->given;
        if (fact_list_reserve(arena, &f->variables, env->n, sizeof(struct variable_fact)) < 0)
                return -ENOMEM;
        for (size_t i = 0; i < env->n; ++i) {
                struct str rest = string_item(env, i), name = str_cut(&rest, '=');
                struct variable_fact *v = fact_list_push(arena, &f->variables, sizeof(*v));

                if (!v)
                        return -ENOMEM;
                *v = (struct variable_fact){ .origin = { .field = "Env", .index = (uint32_t)i, .indexed = true },
                                             .name = cell_str(name),
                                             .value = rest.p ? cell_str(rest) : (struct fact_str){ 0 },
                                             .from = cell_str(STR_C("env")) };
        }
        return 0;
}

/* null takes an argument's default. */
int build_arguments_read(struct facts *f, struct arena *arena, const struct go_list *arguments) {
        f->variables.head.given = arguments->given;
        for (size_t i = 0; i < arguments->n; ++i) {
                const struct go_pair *pair = pair_item(arguments, i);
                struct variable_fact *v = fact_list_push(arena, &f->variables, sizeof(*v));

                if (!v)
                        return -ENOMEM;
                *v = (struct variable_fact){ .origin = { .field = "buildargs", .key = pair->key },
                                             .name = cell_str(pair->key),
                                             .value = cell_string(pair->value),
                                             .from = cell_str(STR_C("build-arg")) };
        }
        return 0;
}
