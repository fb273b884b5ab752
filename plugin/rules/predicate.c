#include "predicate.h"

#include "docksill/base/path.h"
#include "path-index.h"
#include "regex.h"
#include <limits.h>

/* A loop over the operands: the test holds if @holds does for some operand o. */
#define SOME_OPERAND(test, holds)                                                                                      \
        do {                                                                                                           \
                for (const struct operand *o = (test)->operands, *end_ = o + (test)->n; o < end_; ++o)                 \
                        if (holds)                                                                                     \
                                return true;                                                                           \
                return false;                                                                                          \
        } while (0)

static struct str string_of(struct subject it) {
        return ((const struct fact_str *)it.cell)->value;
}

static int64_t number_of(struct subject it) {
        return ((const struct fact_int *)it.cell)->value;
}

static const struct fact_port *port_of(struct subject it) {
        return (const struct fact_port *)it.cell;
}

static const struct fact_path *path_of(struct subject it) {
        return (const struct fact_path *)it.cell;
}

static const struct fact_set *set_of(struct subject it) {
        return (const struct fact_set *)it.cell;
}

static bool bool_eq(const struct test *t, struct subject it) {
        return ((const struct fact_bool *)it.cell)->value == t->operands[0].flag;
}

/* Integers, bytes, durations. */

static bool number_eq(const struct test *t, struct subject it) {
        SOME_OPERAND(t, number_of(it) == o->number);
}

static bool number_lt(const struct test *t, struct subject it) {
        return number_of(it) < t->operands[0].number;
}

static bool number_le(const struct test *t, struct subject it) {
        return number_of(it) <= t->operands[0].number;
}

static bool number_gt(const struct test *t, struct subject it) {
        return number_of(it) > t->operands[0].number;
}

static bool number_ge(const struct test *t, struct subject it) {
        return number_of(it) >= t->operands[0].number;
}

static bool number_between(const struct test *t, struct subject it) {
        return number_of(it) >= t->operands[0].number && number_of(it) <= t->operands[1].number;
}

/* Text. The first byte decides mostly, so it is looked at before memcmp() is called. */

static bool text_is(struct str a, struct str b) {
        return a.n == b.n && (a.n == 0 || (a.p[0] == b.p[0] && memcmp(a.p, b.p, a.n) == 0));
}

static bool string_eq(const struct test *t, struct subject it) {
        SOME_OPERAND(t, text_is(string_of(it), o->text));
}

static bool string_prefix(const struct test *t, struct subject it) {
        SOME_OPERAND(t, str_starts(string_of(it), o->text));
}

static bool string_suffix(const struct test *t, struct subject it) {
        SOME_OPERAND(t, str_ends(string_of(it), o->text));
}

static bool string_glob(const struct test *t, struct subject it) {
        SOME_OPERAND(t, glob_matches(string_of(it), o->text));
}

static bool string_regex(const struct test *t, struct subject it) {
        SOME_OPERAND(t, regex_matches(o->regex, string_of(it)));
}

static bool string_contains(const struct test *t, struct subject it) {
        struct str s = string_of(it), needle = t->operands[0].text;

        return needle.n <= s.n && (needle.n == 0 || str_search(s, needle) < s.n);
}

static bool string_empty(const struct test *t, struct subject it) {
        return (string_of(it).n == 0) == t->operands[0].flag;
}

/* Versions. */

/* The next number; saturates, so that a long one is large rather than small. */
static uint64_t version_part(struct str *rest) {
        uint64_t v = 0;
        size_t n = 0;

        for (; n < rest->n && ascii_digit(rest->p[n]); ++n)
                v = v > UINT64_MAX / 20 ? UINT64_MAX / 10 : v * 10 + (uint64_t)(rest->p[n] - '0');
        /* A suffix such as "+dfsg1" or "-rc.1" ends the version. */
        *rest = n > 0 && n < rest->n && rest->p[n] == '.' ? str_skip(*rest, n + 1) : (struct str){ 0 };
        return v;
}

int version_compare(struct str a, struct str b) {
        while (a.n || b.n) {
                uint64_t x = version_part(&a), y = version_part(&b);

                if (x != y)
                        return x < y ? -1 : 1;
        }
        return 0;
}

/* What is no version is neither before nor after one. */
static bool is_version(struct str s) {
        return s.n > 0 && ascii_digit(s.p[0]);
}

static bool version_eq(const struct test *t, struct subject it) {
        SOME_OPERAND(t, is_version(string_of(it)) && version_compare(string_of(it), o->text) == 0);
}

static bool version_lt(const struct test *t, struct subject it) {
        return is_version(string_of(it)) && version_compare(string_of(it), t->operands[0].text) < 0;
}

static bool version_le(const struct test *t, struct subject it) {
        return is_version(string_of(it)) && version_compare(string_of(it), t->operands[0].text) <= 0;
}

static bool version_gt(const struct test *t, struct subject it) {
        return is_version(string_of(it)) && version_compare(string_of(it), t->operands[0].text) > 0;
}

static bool version_ge(const struct test *t, struct subject it) {
        return is_version(string_of(it)) && version_compare(string_of(it), t->operands[0].text) >= 0;
}

static bool version_between(const struct test *t, struct subject it) {
        return is_version(string_of(it)) && version_compare(string_of(it), t->operands[0].text) >= 0 &&
               version_compare(string_of(it), t->operands[1].text) <= 0;
}

/* Paths. The literal is the pattern, the fact never is: a requester may well ask for a folder called "*". */

/* path_matches() of a clean path. Rules hold a path against dozens of literals, mostly in vain: their second byte, or
 * the part before the first star, turns nearly all of them away. */
static inline bool clean_path_matches(struct str path, const struct operand *o, enum path_relation relation) {
        size_t common = path.n < o->head ? path.n : o->head;

        if (common > 1 && path.p[1] != o->text.p[1])
                return false;
        if (o->head < o->text.n) {
                if (memcmp(path.p, o->text.p, common) != 0 || (path.n < o->head && relation != PATH_COVERS))
                        return false;
                return path_matches(path, o->text, relation);
        }
        switch (relation) {
        case PATH_EQUAL: return text_is(path, o->text);
        case PATH_WITHIN: return path_is_above(o->text, path);
        case PATH_BELOW: return path.n > o->text.n && path_is_above(o->text, path);
        case PATH_COVERS: return path_is_above(path, o->text);
        }
        return false;
}

/* In the spelling at hand, or the last: there is one. */
static inline struct str spelling_of(struct subject it) {
        const struct fact_path *path = path_of(it);

        return path->spelling[it.spelling < path->n ? it.spelling : path->n - 1u];
}

static inline bool path_test(const struct test *t, struct subject it, enum path_relation relation) {
        struct str path;
        bool holds;

        if (path_of(it)->n == 0)
                return false;
        path = spelling_of(it);
        if (t->paths && path_index_holds(t->paths, t->set, path, relation, &holds))
                return holds;
        /* Facts are clean; but the short cuts below would miss one that is not. */
        if (path.n == 0 || path.p[0] != '/' || !path_is_clean(path))
                SOME_OPERAND(t, path_matches(path, o->text, relation));
        SOME_OPERAND(t, clean_path_matches(path, o, relation));
}

static bool path_eq(const struct test *t, struct subject it) {
        return path_test(t, it, PATH_EQUAL);
}

static bool path_within(const struct test *t, struct subject it) {
        return path_test(t, it, PATH_WITHIN);
}

static bool path_below(const struct test *t, struct subject it) {
        return path_test(t, it, PATH_BELOW);
}

static bool path_covers(const struct test *t, struct subject it) {
        return path_test(t, it, PATH_COVERS);
}

/* By the last component alone: no file system has longer ones than NAME_MAX. */
static bool path_named(const struct test *t, struct subject it) {
        struct str path, name;

        if (path_of(it)->n == 0)
                return false;
        path = spelling_of(it);
        name = str_skip(path, str_find_last(path, '/') + 1);
        if (name.n > NAME_MAX)
                return false;
        SOME_OPERAND(t, glob_matches(name, o->text));
}

static bool path_empty(const struct test *t, struct subject it) {
        return (path_of(it)->n == 0) == t->operands[0].flag;
}

/* Images: registry/path by whole components, so that docker.io/library does not let docker.io/library-evil in. */

static bool image_eq(const struct test *t, struct subject it) {
        SOME_OPERAND(t, path_matches(string_of(it), o->text, PATH_EQUAL));
}

static bool image_within(const struct test *t, struct subject it) {
        SOME_OPERAND(t, path_matches(string_of(it), o->text, PATH_WITHIN));
}

static bool image_below(const struct test *t, struct subject it) {
        SOME_OPERAND(t, path_matches(string_of(it), o->text, PATH_BELOW));
}

/* Ports: a range satisfies what one of its ports does. */

static bool port_eq(const struct test *t, struct subject it) {
        const struct fact_port *port = port_of(it);

        SOME_OPERAND(t, port->lo <= o->port.hi && o->port.lo <= port->hi);
}

/* 0 says "chosen by the engine" and is neither low nor high. */
static bool port_chosen(struct subject it) {
        return port_of(it)->hi > 0;
}

static bool port_lt(const struct test *t, struct subject it) {
        return port_chosen(it) && port_of(it)->lo < t->operands[0].port.lo;
}

static bool port_le(const struct test *t, struct subject it) {
        return port_chosen(it) && port_of(it)->lo <= t->operands[0].port.hi;
}

static bool port_gt(const struct test *t, struct subject it) {
        return port_chosen(it) && port_of(it)->hi > t->operands[0].port.hi;
}

static bool port_ge(const struct test *t, struct subject it) {
        return port_chosen(it) && port_of(it)->hi >= t->operands[0].port.lo;
}

static bool port_between(const struct test *t, struct subject it) {
        const struct fact_port *port = port_of(it);

        return port_chosen(it) && port->hi >= t->operands[0].port.lo && port->lo <= t->operands[1].port.hi;
}

/* Sets. */

static bool set_has(const struct fact_set *set, struct str item) {
        for (size_t i = 0; i < set->n; ++i)
                if (text_is(set->items[i], item))
                        return true;
        return false;
}

static bool set_any(const struct test *t, struct subject it) {
        SOME_OPERAND(t, set_has(set_of(it), o->text));
}

static bool set_all(const struct test *t, struct subject it) {
        for (size_t i = 0; i < t->n; ++i)
                if (!set_has(set_of(it), t->operands[i].text))
                        return false;
        return true;
}

static bool set_subset(const struct test *t, struct subject it) {
        const struct fact_set *set = set_of(it);

        for (size_t i = 0; i < set->n; ++i) {
                size_t j = 0;

                while (j < t->n && !text_is(set->items[i], t->operands[j].text))
                        ++j;
                if (j == t->n)
                        return false;
        }
        return true;
}

static bool set_empty(const struct test *t, struct subject it) {
        return (set_of(it)->n == 0) == t->operands[0].flag;
}

static bool list_empty(const struct test *t, struct subject it) {
        return (((const struct fact_list *)it.cell)->n == 0) == t->operands[0].flag;
}

static bool given(const struct test *t, struct subject it) {
        return it.cell->given == t->operands[0].flag;
}

#define NUMBERS(f) [FACT_INT] = f, [FACT_BYTES] = f, [FACT_DURATION] = f
#define TEXTS(f)   [FACT_STRING] = f, [FACT_ADDRESS] = f
#define SETS(f)    [FACT_STRINGS] = f, [FACT_CAPABILITIES] = f

const struct predicate predicate_table[] = {
        { .name = STR("eq"),
          .takes = TAKES_ONE,
          .names = NAMES_WHOLE,
          .holds = { [FACT_BOOL] = bool_eq,
                     NUMBERS(number_eq),
                     TEXTS(string_eq),
                     [FACT_ENUM] = string_eq,
                     [FACT_CAPABILITY] = string_eq,
                     [FACT_VERSION] = version_eq,
                     [FACT_IMAGE] = image_eq,
                     [FACT_PATH] = path_eq,
                     [FACT_PORT] = port_eq },
          .doc = "is this; what `fact: value` means. A path or image may hold * within a component, port ranges "
                 "overlap" },
        { .name = STR("in"),
          .takes = TAKES_MANY,
          .names = NAMES_WHOLE,
          .holds = { NUMBERS(number_eq), TEXTS(string_eq), [FACT_ENUM] = string_eq, [FACT_CAPABILITY] = string_eq,
                     [FACT_VERSION] = version_eq, [FACT_IMAGE] = image_eq, [FACT_PATH] = path_eq,
                     [FACT_PORT] = port_eq },
          .doc = "is one of these, compared as eq does" },
        { .name = STR("lt"),
          .takes = TAKES_ONE,
          .holds = { NUMBERS(number_lt), [FACT_VERSION] = version_lt, [FACT_PORT] = port_lt },
          .doc = "is less than" },
        { .name = STR("le"),
          .takes = TAKES_ONE,
          .holds = { NUMBERS(number_le), [FACT_VERSION] = version_le, [FACT_PORT] = port_le },
          .doc = "is less than or equal to" },
        { .name = STR("gt"),
          .takes = TAKES_ONE,
          .holds = { NUMBERS(number_gt), [FACT_VERSION] = version_gt, [FACT_PORT] = port_gt },
          .doc = "is greater than" },
        { .name = STR("ge"),
          .takes = TAKES_ONE,
          .holds = { NUMBERS(number_ge), [FACT_VERSION] = version_ge, [FACT_PORT] = port_ge },
          .doc = "is greater than or equal to" },
        { .name = STR("between"),
          .takes = TAKES_TWO,
          .names = NAMES_WHOLE,
          .holds = { NUMBERS(number_between), [FACT_VERSION] = version_between, [FACT_PORT] = port_between },
          .doc = "lies between two, both included" },
        { .name = STR("prefix"),
          .takes = TAKES_GLOB,
          .names = NAMES_HEAD,
          .holds = { TEXTS(string_prefix) },
          .doc = "begins with one of these" },
        { .name = STR("suffix"),
          .takes = TAKES_GLOB,
          .names = NAMES_TAIL,
          .holds = { TEXTS(string_suffix) },
          .doc = "ends with one of these" },
        { .name = STR("glob"),
          .takes = TAKES_GLOB,
          .names = NAMES_PATTERN,
          .holds = { TEXTS(string_glob) },
          .doc = "matches one of these as a whole: * any text, ? one byte" },
        { .name = STR("regex"),
          .takes = TAKES_REGEX,
          .holds = { TEXTS(string_regex) },
          .doc = "one of these regular expressions (PCRE2) matches somewhere in it; at the match limit it counts as "
                 "matched" },
        { .name = STR("within"),
          .takes = TAKES_MANY,
          .names = NAMES_FOLDER,
          .holds = { [FACT_PATH] = path_within, [FACT_IMAGE] = image_within },
          .doc = "is one of these or lies below it" },
        { .name = STR("below"),
          .takes = TAKES_MANY,
          .names = NAMES_FOLDER,
          .holds = { [FACT_PATH] = path_below, [FACT_IMAGE] = image_below },
          .doc = "lies below one of these" },
        { .name = STR("covers"),
          .takes = TAKES_MANY,
          .holds = { [FACT_PATH] = path_covers },
          .doc = "is one of these or a folder above it" },
        { .name = STR("named"),
          .takes = TAKES_GLOB,
          .holds = { [FACT_PATH] = path_named },
          .doc = "its last part is one of these: * any text, ? one byte" },
        { .name = STR("contains"),
          .takes = TAKES_ONE,
          .names = NAMES_PART,
          .holds = { TEXTS(string_contains), SETS(set_any) },
          .doc = "holds this text, or this element" },
        { .name = STR("any-of"),
          .takes = TAKES_MANY,
          .names = NAMES_WHOLE,
          .holds = { SETS(set_any) },
          .doc = "holds one of these" },
        { .name = STR("all-of"), .takes = TAKES_MANY, .holds = { SETS(set_all) }, .doc = "holds all of these" },
        { .name = STR("subset-of"),
          .takes = TAKES_MANY,
          .holds = { SETS(set_subset) },
          .doc = "holds nothing but these; an empty set does" },
        { .name = STR("empty"),
          .takes = TAKES_FLAG,
          .holds = { TEXTS(string_empty), [FACT_ENUM] = string_empty, [FACT_VERSION] = string_empty,
                     [FACT_IMAGE] = string_empty, [FACT_PATH] = path_empty, SETS(set_empty), [FACT_LIST] = list_empty },
          .doc = "true: has no text, element or path; false: has one" },
        { .name = STR("size"),
          .takes = TAKES_SIZE,
          .holds = { SETS(number_eq), [FACT_LIST] = number_eq },
          .doc = "how many elements: a number, or {gt: 3} and the like" },
        { .name = STR("given"),
          .takes = TAKES_FLAG,
          .any_type = true,
          .holds = { given },
          .doc = "true: stands in the request and is not null; false: does not" },
        { .name = STR("") },
};

const struct predicate *predicate_find(struct str name) {
        for (const struct predicate *o = predicate_table; o->name.n; ++o)
                if (str_eq(o->name, name))
                        return o;
        return NULL;
}

predicate_holds *predicate_fits(const struct predicate *o, enum fact_type type, bool *some) {
        enum fact_type item = fact_item_type(type);

        *some = false;
        if (o->any_type)
                return o->holds[0];
        if (o->holds[type])
                return o->holds[type];
        /* "Some element is empty" is not what {empty: true} of a set would mean, but sets have their own. */
        if (item == FACT_TYPES || !o->holds[item])
                return NULL;
        *some = true;
        return o->holds[item];
}

bool operator_at(size_t i, struct operator_view *out) {
        const struct predicate *p = &predicate_table[i];

        if (p->name.n == 0)
                return false;
        *out = (struct operator_view){ .name = p->name, .takes = p->takes, .doc = p->doc };
        return true;
}

bool operator_fits(size_t i, enum fact_type type) {
        bool some;

        return predicate_fits(&predicate_table[i], type, &some) != NULL;
}
