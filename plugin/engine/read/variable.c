#include "variable.h"
#include "facts/cell.h"

/* Variables of a request times those of its image; either has some dozens. */
#define PAIRS_MOST ((size_t)1 << 20)

static void add(struct reading *in, struct str variable, struct origin origin, enum word from) {
        struct str rest = variable, name = str_cut(&rest, '=');

        FACT_ADD(in->arena, &in->facts->variables,
                 (struct variable_fact){ .origin = origin,
                                         .name = cell_str(name),
                                         .value = { .head.given = rest.p, .value = rest },
                                         .from = cell_word(from) });
}

/* A name without '=' takes a variable away that the image sets. */
void variables_read(struct reading *in, const struct go_list *env) {
        struct facts *f = in->facts;

        f->variables.head.given = env->given;
        fact_list_reserve(in->arena, &f->variables, env->n, sizeof(struct variable_fact));
        for (size_t i = 0; i < env->n; ++i)
                add(in, string_item(env, i), (struct origin){ .field = "Env", .index = (uint32_t)i, .indexed = true },
                    WORD_ENV);
}

static bool is_replaced(const struct facts *f, size_t n, struct str variable) {
        struct str name = str_first(variable, str_find(variable, '='));

        for (size_t i = 0; i < n; ++i)
                if (str_eq(((const struct variable_fact *)f->variables.items + i)->name.value, name))
                        return true;
        return false;
}

void variables_of_image(struct reading *in, const struct go_list *env) {
        size_t n = in->facts->variables.n;

        /* Beyond that the walks would take too long, and all the image's count. */
        if (n > PAIRS_MOST / (env->n + 1))
                n = 0;
        for (size_t i = 0; i < env->n && !arena_full(in->arena); ++i)
                if (!is_replaced(in->facts, n, string_item(env, i)))
                        add(in, string_item(env, i),
                            (struct origin){ .field = "image Config.Env", .index = (uint32_t)i, .indexed = true },
                            WORD_IMAGE);
}

/* null takes an argument's default. */
void build_arguments_read(struct reading *in, const struct go_list *arguments) {
        struct facts *f = in->facts;

        f->variables.head.given = arguments->given;
        for (size_t i = 0; i < arguments->n; ++i) {
                const struct go_pair *pair = pair_item(arguments, i);

                FACT_ADD(in->arena, &f->variables,
                         (struct variable_fact){ .origin = { .field = "buildargs", .key = pair->key },
                                                 .name = cell_str(pair->key),
                                                 .value = cell_string(pair->value),
                                                 .from = cell_word(WORD_BUILD_ARG) });
        }
}
