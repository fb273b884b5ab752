/*
 * From a rule's map of conditions to the compiled form, every name and type checked on the way.
 */
#include "condition-priv.h"
#include "path-index.h"
#include "printable.h"
#include "value.h"
#include <assert.h>
#include <errno.h>

static int unknown_operator(struct compiler *c, const struct yaml_node *key) {
        struct nearest nearest;

        nearest_init(&nearest, key->text);
        for (const struct predicate *o = predicate_table; o->name.n; ++o)
                nearest_offer(&nearest, o->name);
        return diag_error(c->yaml.diag, key->at, DIAG_UNKNOWN_OPERATOR, "no operator \"%s\"%s", PRINTABLE(key->text),
                          SUGGESTION(&nearest));
}

static int predicate_misfit(struct compiler *c, const struct fact_ref *ref, const struct predicate *o,
                            struct position at) {
        char words[400];
        struct text t;
        bool some;

        text_init_fixed(&t, words, sizeof(words));
        for (const struct predicate *fits = predicate_table; fits->name.n; ++fits)
                if (predicate_fits(fits, ref->type, &some))
                        text_addf(&t, "%s%" STR_FMT, t.n ? ", " : "", STR_ARG(fits->name));
        return diag_error(c->yaml.diag, at, DIAG_UNKNOWN_OPERATOR,
                          "\"%" STR_FMT "\" does not fit %s, of type %s; these do: %s", STR_ARG(o->name),
                          PRINTABLE(ref->name), fact_type_name(ref->type), words);
}

static int check_number(struct compiler *c, const struct predicate *o, const struct yaml_node *node, size_t n) {
        if (o->takes == TAKES_TWO && n != 2)
                return diag_error(c->yaml.diag, node->at, DIAG_WRONG_OPERAND, "between takes two: [low, high]");
        return 0;
}

static int read_operands(struct compiler *c, const struct fact_ref *ref, const struct predicate *o,
                         const struct yaml_node *node, struct test *out) {
        bool many = o->takes != TAKES_ONE && o->takes != TAKES_FLAG && o->takes != TAKES_SIZE;
        struct operand *operands;
        struct items items;
        int r = items_unfold(c, node, many, &items);

        if (r == 0)
                r = check_number(c, o, node, items.n);
        if (r < 0)
                return r;
        operands = ARENA_ARRAY(c->yaml.keep, struct operand, items.n);
        if (!operands)
                return -ENOMEM;
        for (size_t i = 0; i < items.n; ++i)
                r = worse(r, value_read(c, ref, o->takes, &items.items[i], &operands[i]));
        out->operands = operands;
        out->n = items.n;
        return r;
}

#define FEW_PATHS 3

/* Where there is no room for another list it is held pattern by pattern. */
static int index_paths(struct compiler *c, struct test *test) {
        int r;

        if (test->n <= FEW_PATHS || !c->paths)
                return 0;
        r = path_index_add(c->paths, c->yaml.keep, test->operands, test->n, &test->set);
        if (r == 0)
                test->paths = c->paths;
        return r == -ENOSPC ? 0 : r;
}

static unsigned cost_of(const struct predicate *o, enum test_subject subject, size_t operands) {
        unsigned cost = o->takes == TAKES_REGEX ? 100 : o->takes == TAKES_GLOB ? 8 : o->takes == TAKES_MANY ? 3 : 1;

        cost *= operands < 8 ? 1 : 2;
        return subject == SUBJECT_SOME ? cost * 2 : cost;
}

/* @type: of what is tested: a set's, or that of its items. */
static struct condition *new_test(struct arena *arena, const struct fact_ref *ref, enum fact_type type,
                                  const struct predicate *predicate, struct position at) {
        struct condition *new = ARENA_NEW(arena, struct condition);
        struct terms *terms = ARENA_NEW(arena, struct terms);

        assert(ref->at <= UINT32_MAX);
        if (!new || !terms)
                return NULL;
        *terms = (struct terms){ ref->fact, predicate, value_kind(type, predicate->takes), at };
        new->kind = CONDITION_TEST;
        new->element = ref->element;
        new->at = (uint32_t)ref->at;
        new->test.terms = terms;
        return new;
}

const struct condition *condition_not_empty(const struct fact *list, struct arena *arena) {
        static const struct operand no = { .flag = false };
        const struct predicate *empty = predicate_find(STR_C("empty"));
        const struct fact_ref ref = { list, list->type, false, list->at, list->name };
        struct condition *new = new_test(arena, &ref, list->type, empty, (struct position){ 0 });
        bool some;

        if (new) {
                new->subject = SUBJECT_CELL;
                new->test.holds = predicate_fits(empty, list->type, &some);
                new->test.operands = &no;
                new->test.n = 1;
        }
        return new;
}

/* {size: 3} or {size: {gt: 3}}: a test of a number that is made when it is asked for. */
static int compile_size(struct compiler *c, const struct fact_ref *ref, const struct yaml_node *node,
                        const struct condition **out);

static int compile_test(struct compiler *c, const struct fact_ref *ref, const struct predicate *o,
                        const struct yaml_node *key, const struct yaml_node *operand, const struct condition **out) {
        struct fact_ref item = *ref;
        predicate_holds *holds;
        struct condition *new;
        bool some;
        int r;

        holds = predicate_fits(o, ref->type, &some);
        if (!holds)
                return predicate_misfit(c, ref, o, key->at);
        if (o->takes == TAKES_SIZE)
                return compile_size(c, ref, operand, out);
        if (some)
                item.type = fact_item_type(ref->type);
        new = new_test(c->yaml.keep, ref, item.type, o, key->at);
        if (!new)
                return -ENOMEM;
        new->test.holds = holds;
        new->subject = some ? SUBJECT_SOME : SUBJECT_CELL;
        r = read_operands(c, &item, o, operand, &new->test);
        if (r == 0 && item.type == FACT_PATH && o->takes == TAKES_MANY)
                r = index_paths(c, &new->test);
        new->cost = (uint8_t)cost_of(o, new->subject, new->test.n);
        *out = new;
        return r;
}

struct parts {
        const struct condition **items;
        size_t n, capacity;
};

static int push_part(struct compiler *c, struct parts *parts, const struct condition *part) {
        const struct condition **slot;

        if (!part)
                return 0;
        slot = ARENA_PUSH(c->yaml.scratch, parts);
        if (!slot)
                return -ENOMEM;
        *slot = part;
        return 0;
}

/* Cheap ones first, those of equal cost as written. */
static void sort_parts(const struct condition **items, size_t n) {
        for (size_t i = 1; i < n; ++i) {
                const struct condition *part = items[i];
                size_t j = i;

                for (; j > 0 && items[j - 1]->cost > part->cost; --j)
                        items[j] = items[j - 1];
                items[j] = part;
        }
}

/* One condition of @parts. All of nothing is NULL, and of one is that one. */
static int join(struct compiler *c, enum condition_kind kind, const struct parts *parts, const struct condition **out) {
        struct condition *new;
        unsigned cost = 0;

        if (kind == CONDITION_ALL && parts->n <= 1) {
                *out = parts->n ? parts->items[0] : NULL;
                return 0;
        }
        new = ARENA_NEW(c->yaml.keep, struct condition);
        if (!new)
                return -ENOMEM;
        new->kind = (uint8_t)kind;
        new->parts.n = parts->n;
        new->parts.items = ARENA_ARRAY(c->yaml.keep, const struct condition *, parts->n);
        if (!new->parts.items)
                return -ENOMEM;
        for (size_t i = 0; i < parts->n; ++i) {
                new->parts.items[i] = parts->items[i];
                cost += parts->items[i]->cost;
        }
        sort_parts(new->parts.items, parts->n);
        new->cost = (uint8_t)(cost < UINT8_MAX ? cost : UINT8_MAX);
        *out = new;
        return 0;
}

/* Every operator of the map must hold. */
static int compile_operators(struct compiler *c, const struct fact_ref *ref, const struct yaml_node *map,
                             struct parts *parts) {
        int r = 0;

        if (map->n == 0)
                return diag_error(c->yaml.diag, map->at, DIAG_WRONG_OPERAND, "an operator and its operand belong here");
        for (size_t i = 0; i < map->n; ++i) {
                const struct predicate *o = predicate_find(map->pairs[i].key->text);
                const struct condition *test = NULL;

                r = worse(r, o ? compile_test(c, ref, o, map->pairs[i].key, map->pairs[i].value, &test)
                               : unknown_operator(c, map->pairs[i].key));
                r = worse(r, push_part(c, parts, test));
        }
        return r;
}

static int compile_size(struct compiler *c, const struct fact_ref *ref, const struct yaml_node *node,
                        const struct condition **out) {
        struct fact_ref number = { ref->fact, FACT_INT, ref->element, ref->at, STR("size") };
        struct parts parts = { 0 };
        const struct condition *one = NULL;
        uint8_t subject = ref->type == FACT_LIST ? SUBJECT_LIST_SIZE : SUBJECT_SET_SIZE;
        int r;

        if (node->kind == NODE_MAP) {
                r = compile_operators(c, &number, node, &parts);
        } else {
                r = compile_test(c, &number, predicate_find(STR_C("eq")), node, node, &one);
                r = worse(r, push_part(c, &parts, one));
        }
        if (r < 0)
                return r;
        for (size_t i = 0; i < parts.n; ++i)
                ((struct condition *)parts.items[i])->subject = subject;
        return join(c, CONDITION_ALL, &parts, out);
}

/* `fact: value`, or `fact: {operator: operand, …}`. */
static int compile_fact(struct compiler *c, const struct yaml_pair *pair, struct parts *parts) {
        const struct condition *test = NULL;
        struct fact_ref ref;
        int r = fact_resolve(c, pair->key->text, pair->key->at, &ref);

        if (r < 0)
                return r;
        if (!ref.element) {
                c->uses |= ref.fact->group;
                if (!c->about)
                        c->about = ref.fact;
        }
        if (pair->value->kind == NODE_MAP)
                return compile_operators(c, &ref, pair->value, parts);
        if (pair->value->kind == NODE_SEQUENCE)
                return diag_error(c->yaml.diag, pair->value->at, DIAG_WRONG_OPERAND,
                                  "a list needs an operator: {in: […]} or {any-of: […]}");
        r = compile_test(c, &ref, predicate_find(STR_C("eq")), pair->key, pair->value, &test);
        return worse(r, push_part(c, parts, test));
}

static int compile_map(struct compiler *c, const struct yaml_node *map, struct parts *parts);

static int compile_not(struct compiler *c, const struct yaml_node *node, struct parts *parts) {
        const struct condition *inner, *negation;
        struct parts all = { 0 }, one = { 0 };
        int r = compile_map(c, node, &all);

        if (r < 0)
                return r;
        if (all.n == 0)
                return diag_error(c->yaml.diag, node->at, DIAG_WRONG_OPERAND, "not: needs a condition");
        if (join(c, CONDITION_ALL, &all, &inner) < 0 || push_part(c, &one, inner) < 0 ||
            join(c, CONDITION_NOT, &one, &negation) < 0)
                return -ENOMEM;
        return push_part(c, parts, negation);
}

static int compile_any(struct compiler *c, const struct yaml_node *node, struct parts *parts) {
        const struct condition *any;
        struct parts branches = { 0 };
        int r = 0;

        for (size_t i = 0; i < node->n; ++i) {
                const struct condition *branch = NULL;
                struct parts all = { 0 };
                int one = compile_map(c, node->items[i], &all);

                /* An empty branch would make the whole any: hold always, which nobody means. */
                if (one == 0 && all.n == 0)
                        one = diag_error(c->yaml.diag, node->items[i]->at, DIAG_WRONG_OPERAND,
                                         "a branch of any: needs a condition");
                r = worse(r, one);
                if (join(c, CONDITION_ALL, &all, &branch) < 0 || push_part(c, &branches, branch) < 0)
                        return -ENOMEM;
        }
        if (r < 0)
                return r;
        if (join(c, CONDITION_ANY, &branches, &any) < 0)
                return -ENOMEM;
        return push_part(c, parts, any);
}

/* all: […] joins the map it stands in. */
static int compile_all(struct compiler *c, const struct yaml_node *node, struct parts *parts) {
        int r = 0;

        for (size_t i = 0; i < node->n; ++i)
                r = worse(r, compile_map(c, node->items[i], parts));
        return r;
}

static int compile_pair(struct compiler *c, const struct yaml_pair *pair, struct parts *parts) {
        bool all = str_eqz(pair->key->text, "all"), any = str_eqz(pair->key->text, "any");

        if (str_eqz(pair->key->text, "not"))
                return compile_not(c, pair->value, parts);
        if (!all && !any)
                return compile_fact(c, pair, parts);
        if (pair->value->kind != NODE_SEQUENCE || pair->value->n == 0)
                return diag_error(c->yaml.diag, pair->value->at, DIAG_WRONG_OPERAND, "%s: takes a list of conditions",
                                  all ? "all" : "any");
        return all ? compile_all(c, pair->value, parts) : compile_any(c, pair->value, parts);
}

static int compile_map(struct compiler *c, const struct yaml_node *map, struct parts *parts) {
        int r = 0;

        if (map->kind != NODE_MAP)
                return diag_error(c->yaml.diag, map->at, DIAG_WRONG_TYPE,
                                  "a condition is a map, such as {container.privileged: true}");
        for (size_t i = 0; i < map->n; ++i)
                r = worse(r, compile_pair(c, &map->pairs[i], parts));
        return r;
}

int condition_new(struct compiler *c, const struct yaml_node *map, const struct condition **out) {
        struct parts parts = { 0 };
        int r = compile_map(c, map, &parts);

        if (r < 0)
                return r;
        return join(c, CONDITION_ALL, &parts, out);
}
