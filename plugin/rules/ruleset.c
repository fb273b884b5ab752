#include "docksill/rules/ruleset.h"

#include "access-priv.h"
#include "docksill/engine/operation.h"
#include "exemption-priv.h"
#include "index.h"
#include "opening-priv.h"
#include "override.h"
#include "path-index.h"
#include "printable.h"
#include "provenance-priv.h"
#include "regex.h"
#include "steps-priv.h"
#include <assert.h>
#include <stdatomic.h>

#define ARENA_LIMIT  ((size_t)64 << 20)
#define DIGEST_BYTES 32

struct ruleset {
        atomic_uint references;
        struct arena arena; /* everything below lives in it */
        struct bundle files;
        struct str name;
        enum mode mode;
        struct limits limits;
        struct step_view steps;
        struct provenance provenance;
        char digest[2 * DIGEST_BYTES];
        struct regex_engine *regexes;
        struct path_index *paths;
        struct access_view access;
        struct exemption_view exemptions;
        struct opening_view openings;
        struct profile_view profiles;
        struct renaming_view renamings;
        struct rule_view rules;
        struct rule_view *by_operation; /* operation_table_n + 1 */
        struct rule_index *indices;     /* likewise */
};

struct ruleset *ruleset_ref(struct ruleset *rs) {
        atomic_fetch_add_explicit(&rs->references, 1, memory_order_relaxed);
        return rs;
}

void ruleset_unref(struct ruleset *rs) {
        if (!rs || atomic_fetch_sub_explicit(&rs->references, 1, memory_order_acq_rel) > 1)
                return;
        regex_engine_free(rs->regexes);
        arena_deinit(&rs->arena);
        free(rs);
}

static int ruleset_new(struct ruleset **out) {
        cleanup_(ruleset_unrefp) struct ruleset *rs = calloc(1, sizeof(*rs));

        if (!rs)
                return -ENOMEM;
        atomic_init(&rs->references, 1);
        arena_init(&rs->arena, ARENA_LIMIT);
        if (regex_engine_new(&rs->regexes, &rs->arena) < 0 || path_index_new(&rs->paths, &rs->arena) < 0)
                return -ENOMEM;
        *out = TAKE(rs);
        return 0;
}

DEFINE_CLEANUP(EVP_MD_CTX *, EVP_MD_CTX_free);

static int loader_init(struct loader *l, struct ruleset *rs, struct arena *scratch, struct diag *diag) {
        *l = (struct loader){
                .compiler = { .yaml = { .keep = &rs->arena, .scratch = scratch, .diag = diag, .into = &rs->files },
                              .definitions = &l->definitions,
                              .regexes = rs->regexes,
                              .paths = rs->paths },
                .digest = EVP_MD_CTX_new(),
        };
        return l->digest && EVP_DigestInit_ex(l->digest, EVP_sha256(), NULL) ? 0 : -ENOMEM;
}

/* Rules that are judged for operation @o, in the order of their ids. */
static int index_operation(struct ruleset *rs, const struct loader *l, size_t o) {
        const struct rule **items;
        size_t n = 0;

        for (size_t i = 0; i < l->entries.n; ++i)
                n += l->entries.items[i].operations[o];
        items = ARENA_ARRAY(&rs->arena, const struct rule *, n);
        if (!items)
                return -ENOMEM;
        rs->by_operation[o] = (struct rule_view){ items, n };
        n = 0;
        for (size_t i = 0; i < l->entries.n; ++i)
                if (l->entries.items[i].operations[o])
                        items[n++] = rs->rules.items[i];
        return 0;
}

/* What guards_assign() says. */
struct guards {
        const struct condition **items;
        size_t n, *of; /* of[i]: the guard of rule i */
};

/* The rules of operation @o by their guards. */
static int index_guards(struct ruleset *rs, const struct guards *guards, size_t o, struct arena *scratch) {
        struct rule_view view = rs->by_operation[o];
        const struct rule **items = ARENA_ARRAY(&rs->arena, const struct rule *, view.n);
        size_t *ends = ARENA_ARRAY(scratch, size_t, guards->n + 1), used = 0, start = 0;
        struct rule_group *groups;

        if (!items || !ends)
                return -ENOMEM;
        for (size_t i = 0; i < view.n; ++i)
                used += ends[guards->of[view.items[i]->index] + 1]++ == 0;
        for (size_t g = 0; g < guards->n; ++g)
                ends[g + 1] += ends[g];
        /* ends[g] is where group g begins; it has become its end when all rules are in their places. */
        for (size_t i = 0; i < view.n; ++i)
                items[ends[guards->of[view.items[i]->index]]++] = view.items[i];

        groups = ARENA_ARRAY(&rs->arena, struct rule_group, used);
        if (!groups)
                return -ENOMEM;
        rs->indices[o] = (struct rule_index){ groups, used, view.n };
        for (size_t g = 0; g < guards->n; start = ends[g++])
                if (ends[g] > start)
                        *groups++ = (struct rule_group){ guards->items[g], { items + start, ends[g] - start } };
        assert(start == view.n);
        return 0;
}

static int index_all_guards(struct ruleset *rs, struct arena *scratch) {
        struct guards guards = { .items = ARENA_ARRAY(scratch, const struct condition *, rs->rules.n),
                                 .of = ARENA_ARRAY(scratch, size_t, rs->rules.n) };

        rs->indices = ARENA_ARRAY(&rs->arena, struct rule_index, operation_table_n + 1);
        if (!guards.items || !guards.of || !rs->indices ||
            guards_assign(rs->rules, &rs->arena, guards.items, guards.of, &guards.n) < 0)
                return -ENOMEM;
        for (size_t o = 0; o <= operation_table_n; ++o)
                if (index_guards(rs, &guards, o, scratch) < 0)
                        return -ENOMEM;
        return 0;
}

static int index_rules(struct ruleset *rs, const struct loader *l) {
        struct rule *rules = ARENA_ARRAY(&rs->arena, struct rule, l->entries.n);
        const struct rule **items = ARENA_ARRAY(&rs->arena, const struct rule *, l->entries.n);

        rs->by_operation = ARENA_ARRAY(&rs->arena, struct rule_view, operation_table_n + 1);
        if (!rules || !items || !rs->by_operation)
                return -ENOMEM;
        for (size_t i = 0; i < l->entries.n; ++i) {
                rules[i] = l->entries.items[i].rule;
                rules[i].index = i;
                rules[i].fixed = entry_never_changed(&l->entries.items[i]);
                items[i] = &rules[i];
        }
        rs->rules = (struct rule_view){ items, l->entries.n };
        for (size_t o = 0; o <= operation_table_n; ++o)
                if (index_operation(rs, l, o) < 0)
                        return -ENOMEM;
        return index_all_guards(rs, l->compiler.yaml.scratch);
}

static int finish_digest(struct ruleset *rs, struct loader *l) {
        static const char digits[] = "0123456789abcdef";
        unsigned char bytes[EVP_MAX_MD_SIZE];
        unsigned n = 0;

        if (!EVP_DigestFinal_ex(l->digest, bytes, &n))
                return -ENOMEM;
        assert(n == DIGEST_BYTES);
        for (size_t i = 0; i < n; ++i) {
                rs->digest[2 * i] = digits[bytes[i] >> 4];
                rs->digest[2 * i + 1] = digits[bytes[i] & 15];
        }
        return 0;
}

/* From the files that @e names to a rule set; goes on after errors so that one run tells all of them. */
static int build(struct ruleset *rs, struct loader *l, const struct environment *e,
                 const struct ruleset_options *options) {
        const struct exemption_files files = { .all = options ? options->exemptions : NULL,
                                               .draft = options ? options->draft : NULL,
                                               .replaced = options ? options->replaced : NULL };
        int r = loader_read_rules(l, &e->rules);

        r = worse(r, steps_read(l, e, &rs->steps));
        r = worse(r, override_definitions(l, e));
        if (options)
                r = worse(r, override_add(l, &options->added));
        r = worse(r, loader_compile(l));
        r = worse(r, loader_check_renamings(l));
        r = worse(r, environment_requires(l, e));
        r = worse(r, override_rules(l, e));
        r = worse(r, access_compile(l, e, &rs->access));
        r = worse(r, exemptions_load(l, &files, &rs->exemptions));
        if (r < 0)
                return r;
        /* A list that only a broken rule would have used is no news. */
        definitions_report_unused(&l->compiler);
        r = openings_find(l, &rs->openings);
        if (r < 0)
                return r;
        rs->renamings = renamings_view(&l->renamings);
        rs->profiles = (struct profile_view){ l->profiles.items, l->profiles.n };
        rs->name = e->name;
        rs->mode = e->mode;
        rs->limits = e->limits;
        r = finish_digest(rs, l);
        if (r == 0)
                r = provenance_new(&rs->provenance, l, e);
        return r < 0 ? r : index_rules(rs, l);
}

static int add_paths(struct loader *l, const char *const *paths, size_t n, struct environment *e) {
        for (size_t i = 0; i < n; ++i) {
                struct str path;

                if (arena_str(l->compiler.yaml.keep, str_from(paths[i]), &path) < 0 ||
                    rules_paths_add(l, &e->rules, path, (struct position){ 0 }) < 0)
                        return -ENOMEM;
        }
        return 0;
}

/* Either an environment or bare paths: what differs is where the list of files comes from. */
struct origin_of_rules {
        const struct ruleset_options *options;
        const char *const *paths;
        size_t n;
};

static int load(struct ruleset **out, const struct origin_of_rules *from, struct diag *diag) {
        cleanup_(ruleset_unrefp) struct ruleset *rs = NULL;
        cleanup_(arena_deinit) struct arena scratch;
        cleanup_(EVP_MD_CTX_freep) EVP_MD_CTX *digest = NULL;
        struct environment e = { .name = STR("rules"),
                                 .limits = { .deny_severity = SEVERITY_LOW,
                                             .deny_points = 1,
                                             .warn_severity = SEVERITY_INFO,
                                             .warn_points = 1,
                                             .unknown = UNKNOWN_FAIL } };
        struct loader l;
        int r;

        arena_init(&scratch, ARENA_LIMIT);
        r = ruleset_new(&rs);
        if (r < 0)
                return r;
        r = loader_init(&l, rs, &scratch, diag);
        digest = l.digest;
        if (r == 0 && from->options) {
                l.rules = from->options->rules;
                l.compiler.yaml.from = from->options->from;
                r = environment_read(&l, str_from(from->options->environment), from->options->at, &e);
        } else if (r == 0) {
                r = add_paths(&l, from->paths, from->n, &e);
        }
        if (r == 0)
                r = build(rs, &l, &e, from->options);
        if (r < 0)
                return r;
        *out = TAKE(rs);
        return 0;
}

int ruleset_load(struct ruleset **out, const struct ruleset_options *options, struct diag *diag) {
        return load(out, &(struct origin_of_rules){ .options = options }, diag);
}

int ruleset_load_rules(struct ruleset **out, const char *const *paths, size_t n, struct diag *diag) {
        return load(out, &(struct origin_of_rules){ .paths = paths, .n = n }, diag);
}

struct str ruleset_name(const struct ruleset *rs) {
        return rs->name;
}

enum mode ruleset_mode(const struct ruleset *rs) {
        return rs->mode;
}

const struct provenance *ruleset_provenance(const struct ruleset *rs) {
        return &rs->provenance;
}

const struct limits *ruleset_limits(const struct ruleset *rs) {
        return &rs->limits;
}

struct step_view ruleset_steps(const struct ruleset *rs) {
        return rs->steps;
}

struct str ruleset_digest(const struct ruleset *rs) {
        return (struct str){ rs->digest, sizeof(rs->digest) };
}

const struct bundle *ruleset_files(const struct ruleset *rs) {
        return &rs->files;
}

struct access_view ruleset_access(const struct ruleset *rs) {
        return rs->access;
}

struct exemption_view ruleset_exemptions(const struct ruleset *rs) {
        return rs->exemptions;
}

struct opening_view ruleset_openings(const struct ruleset *rs) {
        return rs->openings;
}

struct renaming_view ruleset_renamings(const struct ruleset *rs) {
        return rs->renamings;
}

struct profile_view ruleset_profiles(const struct ruleset *rs) {
        return rs->profiles;
}

const struct profile *ruleset_profile(const struct ruleset *rs, struct str image) {
        for (size_t i = rs->profiles.n; image.n > 0 && i-- > 0;) {
                const struct profile *profile = &rs->profiles.items[i];

                if (str_is_among(image, profile->images.items, profile->images.n))
                        return profile;
        }
        return NULL;
}

void ruleset_search_begin(const struct ruleset *rs, size_t bytes) {
        regex_engine_begin(rs->regexes, bytes);
}

bool ruleset_search_spent(const struct ruleset *rs) {
        return regex_engine_spent(rs->regexes);
}

struct rule_view ruleset_rules(const struct ruleset *rs) {
        return rs->rules;
}

const struct rule *ruleset_rule(const struct ruleset *rs, struct str id) {
        size_t low = 0, high = rs->rules.n;

        while (low < high) {
                size_t middle = low + (high - low) / 2;
                int order = str_cmp(rs->rules.items[middle]->id, id);

                if (order == 0)
                        return rs->rules.items[middle];
                if (order < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return NULL;
}

struct rule_view ruleset_for(const struct ruleset *rs, size_t operation) {
        assert(operation <= operation_table_n);
        return rs->by_operation[operation];
}

bool ruleset_uses(const struct ruleset *rs, size_t operation, uint64_t groups) {
        const struct rule_view rules = ruleset_for(rs, operation);

        for (size_t i = 0; i < rules.n; ++i)
                if (rules.items[i]->uses & groups)
                        return true;
        return false;
}

struct rule_view ruleset_candidates(const struct ruleset *rs, size_t operation, const struct facts *facts,
                                    struct arena *arena) {
        const struct rule_index *index;
        const struct rule **items;
        size_t capacity = 0;

        assert(operation <= operation_table_n);
        index = &rs->indices[operation];
        /* Room for all, of which few are written: not zeroed. */
        items = arena_reserve(arena, NULL, 0, &capacity, index->n_rules, sizeof(struct rule *));
        if (!items)
                return ruleset_for(rs, operation);
        return (struct rule_view){ items, index_candidates(index, facts, items) };
}
