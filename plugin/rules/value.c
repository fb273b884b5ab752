#include "value.h"

#include "docksill/base/path.h"
#include "printable.h"
#include "regex.h"

struct unit {
        const char *names[4]; /* lower case */
        int64_t factor;
};

/* A decimal number and one of the units behind it, which may stand apart by a space. */
static bool number_with_unit(struct str text, const struct unit *units, size_t n, int64_t *out) {
        struct str digits, unit;
        size_t at = text.n > 0 && text.p[0] == '-';
        int64_t v;

        while (at < text.n && ascii_digit(text.p[at]))
                ++at;
        digits = str_first(text, at);
        unit = str_trim(str_skip(text, at));
        if (str_int(digits, &v) < 0)
                return false;
        for (size_t i = 0; i < n; ++i)
                for (size_t j = 0; j < ARRAY_SIZE(units[i].names) && units[i].names[j]; ++j)
                        if (str_eq_fold(unit, str_from(units[i].names[j])))
                                return !__builtin_mul_overflow(v, units[i].factor, out);
        return false;
}

/* As go-units' RAMInBytes, which the docker client reads -m with: powers of 1024 whatever the spelling. */
bool value_bytes(struct str text, int64_t *out) {
        static const struct unit units[] = {
                { { "", "b" }, 1 },
                { { "k", "kb", "kib" }, 1LL << 10 },
                { { "m", "mb", "mib" }, 1LL << 20 },
                { { "g", "gb", "gib" }, 1LL << 30 },
                { { "t", "tb", "tib" }, 1LL << 40 },
        };

        return number_with_unit(text, units, ARRAY_SIZE(units), out);
}

bool value_duration(struct str text, int64_t *out) {
        static const struct unit units[] = {
                { { "ms" }, 1000 },
                { { "s" }, 1000000LL },
                { { "m", "min" }, 60 * 1000000LL },
                { { "h" }, 3600 * 1000000LL },
                { { "d" }, 86400 * 1000000LL },
                { { "w" }, 7 * 86400 * 1000000LL },
        };

        return number_with_unit(text, units, ARRAY_SIZE(units), out) && text.p[0] != '-';
}

static bool port_number(struct str text, int32_t *out) {
        int64_t v;

        if (text.n == 0 || !ascii_digit(text.p[0]) || str_int(text, &v) < 0 || v > 65535)
                return false;
        *out = (int32_t)v;
        return true;
}

bool value_port(struct str text, int32_t *lo, int32_t *hi) {
        size_t dash = str_find(text, '-');
        int32_t a, b;

        if (!port_number(str_first(text, dash), &a))
                return false;
        b = a;
        if (dash < text.n && !port_number(str_skip(text, dash + 1), &b))
                return false;
        if (a > b)
                return false;
        *lo = a;
        *hi = b;
        return true;
}

/* @ref.name is foreign text as well: it comes from the file, though it was found in the table. */
static int misfit(struct compiler *c, const struct fact_ref *ref, const struct item *item, const char *wanted) {
        if (item->from)
                return item_error(c, item, "\"%s\" does not fit here: %s", PRINTABLE(item->node->text), wanted);
        return item_error(c, item, "\"%s\" does not fit %s: %s", PRINTABLE(item->node->text), PRINTABLE(ref->name),
                          wanted);
}

static int read_flag(struct compiler *c, const struct fact_ref *ref, const struct item *item, struct operand *out) {
        struct str text = item->node->text;

        if (!str_eqz(text, "true") && !str_eqz(text, "false"))
                return misfit(c, ref, item, "write true or false");
        out->flag = text.p[0] == 't';
        return 0;
}

static int read_enum(struct compiler *c, const struct fact_ref *ref, const struct item *item, struct operand *out) {
        struct nearest nearest;
        char words[300];
        struct text t;

        nearest_init(&nearest, item->node->text);
        text_init_fixed(&t, words, sizeof(words));
        for (const char *const *v = ref->fact->values; *v; ++v) {
                if (str_eqz(item->node->text, *v)) {
                        out->text = str_from(*v);
                        return 0;
                }
                nearest_offer(&nearest, str_from(*v));
                text_addf(&t, "%s%s", v == ref->fact->values ? "" : ", ", *v);
        }
        return item_error(c, item, "\"%s\" is no value of %s (%s)%s", PRINTABLE(item->node->text), PRINTABLE(ref->name),
                          words, SUGGESTION(&nearest));
}

/* Facts hold capabilities in upper case without CAP_; a rule may write them as people do. */
static int read_capability(struct compiler *c, const struct fact_ref *ref, const struct item *item,
                           struct operand *out) {
        struct str text = str_trim(item->node->text);
        char *name = arena_bytes(c->yaml.keep, text.n + 1);

        if (!name)
                return -ENOMEM;
        for (size_t i = 0; i < text.n; ++i) {
                name[i] = ascii_upper(text.p[i]);
                if (!(name[i] >= 'A' && name[i] <= 'Z') && name[i] != '_')
                        return misfit(c, ref, item, "write a capability, such as NET_ADMIN");
        }
        out->text = (struct str){ name, text.n };
        if (str_starts(out->text, STR_C("CAP_")))
                out->text = str_skip(out->text, 4);
        return out->text.n ? 0 : misfit(c, ref, item, "write a capability, such as NET_ADMIN");
}

/* Facts hold cleaned paths with /var/run folded to /run; so must what they are compared with, else it never matches. */
static int read_path(struct compiler *c, const struct fact_ref *ref, const struct item *item, struct operand *out) {
        struct str text = item->node->text, folded = STR_C("/var/run");

        if (text.n == 0 || text.p[0] != '/')
                return misfit(c, ref, item, "write a path that begins with /");
        if (path_clean(c->yaml.keep, text, &out->text) < 0)
                return -ENOMEM;
        if (str_starts(out->text, folded) && (out->text.n == folded.n || out->text.p[folded.n] == '/'))
                out->text = str_skip(out->text, strlen("/var"));
        out->head = str_find(out->text, '*');
        return 0;
}

/* What is held against the last part of a path. */
static int read_file_name(struct compiler *c, const struct fact_ref *ref, const struct item *item,
                          struct operand *out) {
        out->text = item->node->text;
        if (out->text.n == 0 || str_find(out->text, '/') < out->text.n)
                return misfit(c, ref, item, "write the last part of a path alone, such as docker.sock");
        return 0;
}

/* Patterns are held against registry/path, so "nginx" or "nginx:1.25" would never match: say so. */
static int read_image(struct compiler *c, const struct fact_ref *ref, const struct item *item, struct operand *out) {
        struct str text = item->node->text, registry = str_first(text, str_find(text, '/'));
        bool named = str_find(registry, '.') < registry.n || str_find(registry, ':') < registry.n ||
                     str_find(registry, '*') < registry.n || str_eqz(registry, "localhost");
        struct str last = str_skip(text, str_find_last(text, '/') + 1);

        if (text.n == 0 || text.p[0] == '/' || text.p[text.n - 1] == '/')
                return misfit(c, ref, item, "write the whole name, such as docker.io/library/nginx");
        if (!named)
                return item_error(c, item, "\"%s\" names no registry: write docker.io/%s%s", PRINTABLE(text),
                                  registry.n < text.n ? "" : "library/", PRINTABLE(text));
        if (registry.n < text.n && (str_find(last, ':') < last.n || str_find(last, '@') < last.n))
                return misfit(c, ref, item, "write the name without tag or digest");
        out->text = text;
        return 0;
}

/* "nginx" has no registry, "docker.io/nginx" has. */
static bool names_registry(struct str text) {
        struct str registry = str_first(text, str_find(text, '/'));

        return registry.n < text.n && (str_find(registry, '.') < registry.n || str_find(registry, ':') < registry.n ||
                                       str_eqz(registry, "localhost"));
}

/* registry/path@digest; a tag before the digest is none of the fact's. */
static bool is_pinned(struct str text) {
        size_t at = str_find(text, '@');
        struct str name = str_first(text, at), last = str_skip(name, str_find_last(name, '/') + 1);

        return names_registry(name) && str_find(last, ':') == last.n &&
               str_starts(str_skip(text, at), STR_C("@sha256:")) && text.n == at + strlen("@sha256:") + 64;
}

static void warn_of_idle(struct compiler *c, const struct fact_ref *ref, const struct item *item) {
        if (ref->fact->pinned && item->from && item->from->allow && !is_pinned(item->node->text))
                diag_warning(
                        c->yaml.diag, item->node->at, DIAG_ITEM_IDLE,
                        "\"%s\" of list \"%s\" lets no plugin be installed: write registry/path@sha256: and all 64 "
                        "digits, without a tag",
                        PRINTABLE(item->node->text), PRINTABLE(item->from->name));
}

static int read_text(struct compiler *c, const struct fact_ref *ref, enum operator_takes takes, const struct item *item,
                     struct operand *out) {
        if (takes == TAKES_REGEX)
                return regex_new(&out->regex, c->regexes, c->yaml.keep, item->node->text, item->node->at, c->yaml.diag);
        if (takes == TAKES_MANY)
                warn_of_idle(c, ref, item);
        out->text = item->node->text;
        return 0;
}

enum operand_kind value_kind(enum fact_type type, enum operator_takes takes) {
        if (takes == TAKES_FLAG || type == FACT_BOOL)
                return OPERAND_FLAG;
        if (takes == TAKES_REGEX)
                return OPERAND_REGEX;
        if (type == FACT_INT || type == FACT_BYTES || type == FACT_DURATION)
                return OPERAND_NUMBER;
        return type == FACT_PORT ? OPERAND_PORT : OPERAND_TEXT;
}

int value_read(struct compiler *c, const struct fact_ref *ref, enum operator_takes takes, const struct item *item,
               struct operand *out) {
        struct str text = item->node->text;

        *out = (struct operand){ 0 };
        if (takes == TAKES_FLAG)
                return read_flag(c, ref, item, out);
        switch (ref->type) {
        case FACT_BOOL: return read_flag(c, ref, item, out);
        case FACT_INT: return str_int(text, &out->number) == 0 ? 0 : misfit(c, ref, item, "write a whole number");
        case FACT_BYTES:
                return value_bytes(text, &out->number) ? 0 : misfit(c, ref, item, "write bytes, such as 64m or 1g");
        case FACT_DURATION:
                return value_duration(text, &out->number)
                               ? 0
                               : misfit(c, ref, item, "write a duration, such as 90d or 12h");
        case FACT_PORT:
                return value_port(text, &out->port.lo, &out->port.hi)
                               ? 0
                               : misfit(c, ref, item, "write a port or a range, such as 512-514");
        case FACT_VERSION:
                out->text = text;
                return text.n && ascii_digit(text.p[0]) ? 0 : misfit(c, ref, item, "write a version, such as 24.0.7");
        case FACT_ENUM: return read_enum(c, ref, item, out);
        case FACT_CAPABILITY:
        case FACT_CAPABILITIES: return read_capability(c, ref, item, out);
        case FACT_PATH: return takes == TAKES_GLOB ? read_file_name(c, ref, item, out) : read_path(c, ref, item, out);
        case FACT_IMAGE: return read_image(c, ref, item, out);
        default: return read_text(c, ref, takes, item, out);
        }
}
