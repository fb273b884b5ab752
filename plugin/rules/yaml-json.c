/*
 * The body of a rule's test is written as YAML and sent as JSON. YAML 1.2's core schema types plain scalars; anything
 * that it takes for a string, such as `no` or `22:22`, stays one.
 */
#include "docksill/rules/yaml.h"
#include "shown.h"

static size_t digits(struct str s) {
        size_t n = 0;

        while (n < s.n && ascii_digit(s.p[n]))
                ++n;
        return n;
}

/* JSON knows no leading zeros: 0777 is 777 to YAML 1.2. */
static struct str without_zeros(struct str s) {
        while (s.n > 1 && s.p[0] == '0')
                s = str_skip(s, 1);
        return s;
}

static bool add_hexadecimal(struct text *out, struct str s, unsigned base) {
        uint64_t v = 0;

        if (s.n == 0)
                return false;
        for (size_t i = 0; i < s.n; ++i) {
                char c = ascii_lower(s.p[i]);
                unsigned digit = ascii_digit(c)         ? (unsigned)(c - '0')
                                 : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                                                        : 99;

                if (digit >= base || v > (uint64_t)INT64_MAX / base)
                        return false;
                v = v * base + digit;
        }
        text_add_int(out, (int64_t)v);
        return true;
}

/* [-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)? respelt for JSON; adds nothing when it is none. */
static bool add_number(struct text *out, struct str s) {
        struct str whole, part = { 0 }, exponent = { 0 };
        bool negative = s.n > 0 && s.p[0] == '-', minus = false;

        if (str_starts(s, STR_C("0x")))
                return add_hexadecimal(out, str_skip(s, 2), 16);
        if (str_starts(s, STR_C("0o")))
                return add_hexadecimal(out, str_skip(s, 2), 8);
        if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+'))
                s = str_skip(s, 1);
        whole = str_first(s, digits(s));
        s = str_skip(s, whole.n);
        if (s.n > 0 && s.p[0] == '.') {
                s = str_skip(s, 1);
                part = str_first(s, digits(s));
                s = str_skip(s, part.n);
        }
        if (whole.n + part.n == 0)
                return false;
        if (s.n > 1 && ascii_lower(s.p[0]) == 'e') {
                s = str_skip(s, 1);
                minus = s.p[0] == '-';
                if (s.p[0] == '-' || s.p[0] == '+')
                        s = str_skip(s, 1);
                exponent = str_first(s, digits(s));
                s = str_skip(s, exponent.n);
                if (exponent.n == 0)
                        return false;
        }
        if (s.n > 0)
                return false;

        text_addz(out, negative ? "-" : "");
        text_add(out, whole.n ? without_zeros(whole) : STR_C("0"));
        if (part.n) {
                text_add_char(out, '.');
                text_add(out, part);
        }
        if (exponent.n) {
                text_addz(out, minus ? "e-" : "e");
                text_add(out, exponent);
        }
        return true;
}

static int add_plain(const struct yaml_node *node, struct text *out, struct diag *diag) {
        static const char *const yes[] = { "true", "True", "TRUE", NULL },
                                 *const no[] = { "false", "False", "FALSE", NULL },
                                 *const unspeakable[] = { ".inf",  ".Inf", ".INF", "+.inf", "-.inf", "-.Inf",
                                                          "-.INF", ".nan", ".NaN", ".NAN",  NULL };

        if (str_is_one_of(node->text, unspeakable))
                return diag_error(diag, node->at, DIAG_WRONG_TYPE, "JSON has no number \"%s\"", SHOWN(node->text));
        if (yaml_is_null(node))
                text_addz(out, "null");
        else if (str_is_one_of(node->text, yes))
                text_addz(out, "true");
        else if (str_is_one_of(node->text, no))
                text_addz(out, "false");
        else if (!add_number(out, node->text))
                text_add_json(out, node->text);
        return 0;
}

static int add_map(const struct yaml_node *node, struct text *out, struct diag *diag) {
        int r = 0;

        text_add_char(out, '{');
        for (size_t i = 0; i < node->n; ++i) {
                if (i)
                        text_add_char(out, ',');
                text_add_json(out, node->pairs[i].key->text);
                text_add_char(out, ':');
                r = worse(r, yaml_json(node->pairs[i].value, out, diag));
        }
        text_add_char(out, '}');
        return r;
}

static int add_sequence(const struct yaml_node *node, struct text *out, struct diag *diag) {
        int r = 0;

        text_add_char(out, '[');
        for (size_t i = 0; i < node->n; ++i) {
                if (i)
                        text_add_char(out, ',');
                r = worse(r, yaml_json(node->items[i], out, diag));
        }
        text_add_char(out, ']');
        return r;
}

/* Recursion: as deep as the tree, YAML_DEPTH_MOST. */
int yaml_json(const struct yaml_node *node, struct text *out, struct diag *diag) {
        int r = 0;

        switch (node->kind) {
        case NODE_MAP: r = add_map(node, out, diag); break;
        case NODE_SEQUENCE: r = add_sequence(node, out, diag); break;
        case NODE_SCALAR:
                if (node->quoted)
                        text_add_json(out, node->text);
                else
                        r = add_plain(node, out, diag);
                break;
        }
        return out->failed ? -ENOMEM : r;
}
