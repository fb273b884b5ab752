#include "docksill/decide/flag.h"

#include "flag-row.h"

#include <assert.h>
#include <inttypes.h>

static bool is_plain_number(struct str s) {
        size_t n = 0;

        while (n < s.n && (ascii_digit(s.p[n]) || (s.p[n] == '-' && n == 0)))
                ++n;
        return n > 0 && n == s.n && n < 16;
}

/* "1.5" is 1500000000. */
static bool billionths(struct str s, int64_t *out) {
        struct str rest = s, whole = str_cut(&rest, '.');
        int64_t unit = 1000000000;

        if (!is_plain_number(whole) || whole.n > 6 || str_int(whole, out) < 0 || *out < 0)
                return false;
        *out *= unit;
        for (size_t i = 0; i < rest.n && unit > 1; ++i) {
                if (!ascii_digit(rest.p[i]))
                        return false;
                *out += (rest.p[i] - '0') * (unit /= 10);
        }
        return true;
}

/* Compose fills in what stands behind a dollar sign; two of them are one. */
static void add_compose(struct text *out, struct str s) {
        char buffer[1024];
        struct text doubled;

        text_init_fixed(&doubled, buffer, sizeof(buffer));
        for (size_t i = 0; i < s.n; ++i) {
                text_add_char(&doubled, s.p[i]);
                if (s.p[i] == '$')
                        text_add_char(&doubled, '$');
        }
        out->failed = out->failed || doubled.failed;
        text_add_yaml(out, text_str(&doubled));
}

static void add_quoted(struct text *out, struct str s, enum flag_words words) {
        if (words == FLAG_COMPOSE)
                add_compose(out, s);
        else
                text_add_json(out, s);
}

/* A member's name: quoted in JSON. */
static void add_member(struct text *out, struct str name, enum flag_words words) {
        add_quoted(out, name, words);
        text_addz(out, ": ");
}

static bool add_ulimit(struct text *out, struct str value, enum flag_words words) {
        struct str rest = value, name = str_cut(&rest, '='), hard = rest, soft = str_cut(&hard, ':');

        if (!hard.p)
                hard = soft;
        if (name.n == 0 || !is_plain_number(soft) || !is_plain_number(hard))
                return false;
        if (words == FLAG_COMPOSE) {
                add_member(out, name, words);
                text_addf(out, "{soft: %" STR_FMT ", hard: %" STR_FMT "}", STR_ARG(soft), STR_ARG(hard));
                return true;
        }
        text_addz(out, "{\"Name\": ");
        text_add_json(out, name);
        text_addf(out, ", \"Soft\": %" STR_FMT ", \"Hard\": %" STR_FMT "}", STR_ARG(soft), STR_ARG(hard));
        return true;
}

/* The options that rules offer. */
static bool add_mount(struct text *out, struct str value) {
        struct str type = { 0 }, target = { 0 };
        int64_t size = -1;

        while (value.p) {
                struct str word = str_cut(&value, ','), name = str_cut(&word, '=');

                if (str_eqz(name, "type"))
                        type = word;
                else if (str_eqz(name, "target"))
                        target = word;
                else if (!str_eqz(name, "tmpfs-size") || !flag_bytes(word, &size))
                        return false;
        }
        text_addz(out, "{\"Type\": ");
        text_add_json(out, type);
        text_addz(out, ", \"Target\": ");
        text_add_json(out, target);
        if (size >= 0) {
                text_addz(out, ", \"TmpfsOptions\": {\"SizeBytes\": ");
                text_add_int(out, size);
                text_add_char(out, '}');
        }
        text_add_char(out, '}');
        return type.n > 0 && target.n > 0;
}

/* "10s", in seconds. */
static bool add_duration(struct text *out, struct str value) {
        int64_t seconds;

        if (!str_ends(value, STR_C("s")) || str_int(str_first(value, value.n - 1), &seconds) < 0 || seconds < 0 ||
            seconds > 1000000)
                return false;
        text_add_int(out, seconds * 1000000000);
        return true;
}

/* One value; what the list or map around it needs is the caller's. False when it is none of its form. */
static bool add_value(struct text *out, const struct flag_row *row, struct str value, enum flag_words words) {
        struct str rest = value, name;
        int64_t number;

        switch (row->form) {
        case FORM_TRUE: text_addz(out, "true"); return value.n == 0;
        case FORM_TEXT:
        case FORM_LIST: add_quoted(out, value, words); return value.n > 0;
        case FORM_NUMBER: text_add(out, value); return is_plain_number(value);
        case FORM_BYTES:
                if (!flag_bytes(value, &number))
                        return false;
                if (words == FLAG_COMPOSE)
                        text_add(out, value);
                else
                        text_add_int(out, number);
                return true;
        case FORM_CPUS:
                if (!billionths(value, &number))
                        return false;
                if (words == FLAG_COMPOSE)
                        text_add(out, value);
                else
                        text_add_int(out, number);
                return true;
        case FORM_TIME:
                text_add(out, value);
                text_addz(out, words == FLAG_COMPOSE ? "s" : "");
                return is_plain_number(value);
        case FORM_OPTION:
                name = str_cut(&rest, '=');
                add_member(out, name, words);
                add_quoted(out, rest, words);
                return name.n > 0 && rest.p;
        case FORM_TMPFS:
                if (words == FLAG_COMPOSE) {
                        add_quoted(out, value, words);
                        return value.n > 0;
                }
                name = str_cut(&rest, ':');
                add_member(out, name, words);
                add_quoted(out, rest, words);
                return name.n > 0;
        case FORM_ULIMIT: return add_ulimit(out, value, words);
        case FORM_DURATION: return add_duration(out, value);
        case FORM_MOUNT: return add_mount(out, value);
        case FORM_PLACE:
                add_quoted(out, value, words);
                text_addz(out, words == FLAG_COMPOSE ? "" : ": {}");
                /* With a colon it is a source and options. */
                return str_starts(value, STR_C("/")) && str_find(value, ':') == value.n;
        }
        assert(!"no such form");
        return false;
}

/* What stands around the values of one key: brackets of a list or a map, or nothing. */
static const char *brackets(const struct flag_row *row, enum flag_words words) {
        switch (row->form) {
        case FORM_LIST:
        case FORM_MOUNT: return "[]";
        case FORM_OPTION: return "{}";
        case FORM_TMPFS:
        case FORM_PLACE: return words == FLAG_COMPOSE ? "[]" : "{}";
        case FORM_ULIMIT: return words == FLAG_COMPOSE ? "{}" : "[]";
        default: return NULL;
        }
}

static const char *key_of(const struct flag_row *row, enum flag_words words) {
        return words == FLAG_COMPOSE ? row->compose : words == FLAG_API ? row->api : row->task;
}

struct str flag_key(struct str flag, enum flag_words words) {
        struct str value;
        const struct flag_row *row = flag_row(flag, &value);

        return row ? str_from(key_of(row, words)) : (struct str){ 0 };
}

/* "logging" of "logging.driver": such keys are written as one map. The API's members stand by their whole names. */
static struct str top_of(const struct flag_row *row, enum flag_words words) {
        struct str key = str_from(key_of(row, words));

        return words == FLAG_COMPOSE ? str_cut(&key, '.') : key;
}

/* All values of the flags that share @row's key, from the first of them at @i. */
static bool add_values(struct text *out, const struct flags *flags, size_t i, const struct flag_row *row,
                       enum flag_words words) {
        const char *around = brackets(row, words);
        bool first = true;

        if (around)
                text_add_char(out, around[0]);
        for (; i < flags->n; ++i) {
                struct str value;

                if (flag_row(flags->items[i], &value) != row)
                        continue;
                if (!first)
                        text_addz(out, ", ");
                if (!add_value(out, row, value, words))
                        return false;
                first = false;
                if (!around)
                        break;
        }
        if (around)
                text_add_char(out, around[1]);
        return true;
}

/* Has a flag before @i the same top key (or the very same row)? */
static bool is_done(const struct flags *flags, size_t i, const struct flag_row *row, enum flag_words words, bool top) {
        struct str value;

        while (i-- > 0) {
                const struct flag_row *other = flag_row(flags->items[i], &value);

                if (other == row || (top && str_eq(top_of(other, words), top_of(row, words))))
                        return true;
        }
        return false;
}

/* "key: value", or "key: {one: …, two: …}" where several flags go below one key. */
static bool add_key(struct text *out, const struct flags *flags, size_t i, enum flag_words words) {
        struct str value, top;
        const struct flag_row *row = flag_row(flags->items[i], &value);
        bool inner;

        top = top_of(row, words);
        inner = words == FLAG_COMPOSE && top.n < strlen(row->compose);
        text_add(out, top);
        text_addz(out, inner ? ": {" : ": ");
        for (size_t k = i; k < flags->n; ++k) {
                const struct flag_row *other = flag_row(flags->items[k], &value);

                if (!str_eq(top_of(other, words), top) || is_done(flags, k, other, words, false))
                        continue;
                if (inner)
                        text_addf(out, "%s%s: ", k > i ? ", " : "", other->compose + top.n + 1);
                if (!add_values(out, flags, k, other, words))
                        return false;
                if (!inner)
                        break;
        }
        text_addz(out, inner ? "}" : "");
        return true;
}

bool flags_add_words(struct text *out, const struct flags *flags, enum flag_words words, const char *between) {
        size_t begin = out->n;

        for (size_t i = 0; i < flags->n; ++i) {
                struct str value;
                const struct flag_row *row = flag_row(flags->items[i], &value);

                if (!row || !key_of(row, words)) {
                        text_cut(out, begin);
                        return false;
                }
        }
        for (size_t i = 0; i < flags->n; ++i) {
                struct str value;

                if (is_done(flags, i, flag_row(flags->items[i], &value), words, true))
                        continue;
                if (out->n > begin)
                        text_addz(out, between);
                if (!add_key(out, flags, i, words)) {
                        text_cut(out, begin);
                        return false;
                }
        }
        return true;
}
