#include "docksill/wire/target.h"

#include "docksill/base/utf8.h"
#include <errno.h>

#define WHERE STR_C("RequestUri")

static int hex_digit(char c) {
        if (ascii_digit(c))
                return c - '0';
        c = ascii_lower(c);
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_control(char c) {
        return (unsigned char)c < 0x20 || c == 0x7f;
}

/* What no client sends raw, and what servers, proxies and old engines read each in their own way. */
static void check_raw(struct flaws *flaws, struct str raw) {
        for (size_t i = 0; i < raw.n; ++i) {
                char c = raw.p[i];

                if (is_control(c) || c == ' ' || c == '\\')
                        flaws_add(flaws, FLAW_TARGET_CONTROL_BYTE, WHERE);
                else if ((unsigned char)c >= 0x80) /* also U+FFFD, what dockerd makes of bytes that are not UTF-8 */
                        flaws_add(flaws, FLAW_TARGET_HIGH_BYTE, WHERE);
                else if (c == '#')
                        flaws_add(flaws, FLAW_TARGET_FRAGMENT, WHERE);
        }
}

/**
 * unescape() - percent-decode exactly once: "%252e" must stay "%2e", as it does in Go's net/url
 * @out: @raw itself when there is nothing to decode, else in @arena
 *
 * Returns 0, -EINVAL for a percent sign without two hex digits, or -ENOMEM.
 */
static int unescape(struct arena *arena, struct str raw, bool plus_is_space, struct str *out) {
        size_t n = 0;
        char *to;

        if (str_find(raw, '%') == raw.n && (!plus_is_space || str_find(raw, '+') == raw.n)) {
                *out = raw;
                return 0;
        }
        to = arena_bytes(arena, raw.n);
        if (!to)
                return -ENOMEM;
        for (size_t i = 0; i < raw.n; ++i) {
                int high, low;

                if (raw.p[i] != '%') {
                        to[n++] = plus_is_space && raw.p[i] == '+' ? ' ' : raw.p[i];
                        continue;
                }
                if (raw.n - i < 3)
                        return -EINVAL;
                high = hex_digit(raw.p[++i]);
                low = hex_digit(raw.p[++i]);
                if (high < 0 || low < 0)
                        return -EINVAL;
                to[n++] = (char)(high << 4 | low);
        }
        *out = (struct str){ to, n };
        return 0;
}

static void check_segment(struct flaws *flaws, struct str segment, bool last) {
        if (segment.n == 0 && !last) /* "/networks/" ends in an empty segment, and is a route */
                flaws_add(flaws, FLAW_TARGET_DOUBLE_SLASH, WHERE);
        if (str_eq(segment, STR_C(".")) || str_eq(segment, STR_C("..")))
                flaws_add(flaws, FLAW_TARGET_DOT_SEGMENT, WHERE);
}

/* dockerd's router answers an unclean path with a redirect before any plugin is asked; a proxy in between may not. A
 * control byte can't be part of any name, but ends a line for whoever reads the path later; `.*` in a route does not
 * match a newline. A space can be part of a network's name. */
static void check_path(struct flaws *flaws, struct str path) {
        struct str rest = str_skip(path, 1);

        for (size_t i = 0; i < path.n; ++i)
                if (is_control(path.p[i]) || path.p[i] == '\\')
                        flaws_add(flaws, FLAW_TARGET_CONTROL_BYTE, WHERE);
        while (rest.p) {
                struct str segment = str_cut(&rest, '/');

                check_segment(flaws, segment, !rest.p);
        }
}

/* The N of "v1.N": one to three digits without a leading zero; 0 for any other spelling. v1.0 never was. */
static unsigned version_number(struct str segment) {
        struct str digits = str_skip(segment, 3);
        unsigned v = 0;

        if (!str_starts(segment, STR_C("v1.")) || digits.n < 1 || digits.n > 3 || digits.p[0] == '0')
                return 0;
        for (size_t i = 0; i < digits.n; ++i) {
                if (!ascii_digit(digits.p[i]))
                        return 0;
                v = v * 10 + (unsigned)(digits.p[i] - '0');
        }
        return v;
}

/* What the router's "/v{version:[0-9.]+}" takes for a version. */
static bool is_version(struct str segment) {
        if (segment.n < 2 || segment.p[0] != 'v')
                return false;
        for (size_t i = 1; i < segment.n; ++i)
                if (!ascii_digit(segment.p[i]) && segment.p[i] != '.')
                        return false;
        return true;
}

/* Engines compare versions as numbers, so that "v1.041" is 1.41 to them and something else to who compares text. */
static void take_version(struct target *t, struct flaws *flaws) {
        struct str rest = str_skip(t->path, 1), segment = str_first(rest, str_find(rest, '/'));

        if (segment.n == rest.n || !is_version(segment))
                return;
        t->version = version_number(segment);
        if (t->version == 0)
                flaws_add(flaws, FLAW_ODD_VERSION, WHERE);
        t->path = str_skip(t->path, 1 + segment.n);
}

/* As Go's url.ParseQuery: a pair that can't be decoded is left out, the others count (and here, the flaw stands). */
static int parse_parameter(struct target *t, struct arena *arena, struct flaws *flaws, struct str pair) {
        struct target_parameter *p = &t->parameters[t->n_parameters];
        struct str value = pair, key = str_cut(&value, '=');
        int r;

        r = unescape(arena, key, true, &p->key);
        if (r == 0)
                r = unescape(arena, value.p ? value : STR_C(""), true, &p->value);
        if (r == -EINVAL) {
                flaws_add(flaws, FLAW_TARGET_BAD_ESCAPE, WHERE);
                return 0;
        }
        if (r == 0)
                ++t->n_parameters;
        return r;
}

static int parse_query(struct target *t, struct arena *arena, struct flaws *flaws, struct str query) {
        size_t most = 1;

        if (str_find(query, ';') < query.n)
                flaws_add(flaws, FLAW_TARGET_SEMICOLON, WHERE);
        for (size_t i = 0; i < query.n; ++i)
                most += query.p[i] == '&';
        if (most > TARGET_PARAMETERS) {
                flaws_add(flaws, FLAW_TOO_LARGE, WHERE);
                return 0;
        }
        t->parameters = ARENA_ARRAY(arena, struct target_parameter, most);
        if (!t->parameters)
                return -ENOMEM;
        while (query.p) {
                struct str pair = str_cut(&query, '&');
                int r = pair.n > 0 ? parse_parameter(t, arena, flaws, pair) : 0;

                if (r < 0)
                        return r;
        }
        return 0;
}

int target_parse(struct target *out, struct arena *arena, struct flaws *flaws, struct str raw) {
        struct str query = raw, path = str_cut(&query, '?');
        struct target t = { 0 };
        int r;

        if (raw.n > TARGET_BYTES) {
                flaws_add(flaws, FLAW_TOO_LARGE, WHERE);
                *out = t;
                return 0;
        }
        check_raw(flaws, raw);
        if (path.n == 0 || path.p[0] != '/') {
                flaws_add(flaws, FLAW_TARGET_NOT_ABSOLUTE, WHERE);
        } else {
                r = unescape(arena, path, false, &t.path);
                if (r == -ENOMEM)
                        return r;
                if (r < 0)
                        flaws_add(flaws, FLAW_TARGET_BAD_ESCAPE, WHERE);
                else
                        take_version(&t, flaws);
                check_path(flaws, t.path);
        }
        if (query.n > 0) {
                r = parse_query(&t, arena, flaws, query);
                if (r < 0)
                        return r;
        }
        *out = t;
        return 0;
}

struct str target_parameter(const struct target *t, struct str key) {
        for (size_t i = 0; i < t->n_parameters; ++i)
                if (str_eq(t->parameters[i].key, key))
                        return t->parameters[i].value;
        return (struct str){ 0 };
}

/* unicode.IsSpace, which Go's TrimSpace trims by: more than ASCII. */
static bool is_go_space(uint32_t c) {
        return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
               (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

static struct str go_trim(struct str s) {
        while (s.n > 0) {
                size_t n = utf8_length(s.p, s.p + s.n);

                if (n == 0 || !is_go_space(utf8_point(s.p, n)))
                        break;
                s = str_skip(s, n);
        }
        while (s.n > 0) {
                size_t n = 1;

                while (n < s.n && n < 4 && ((unsigned char)s.p[s.n - n] & 0xc0) == 0x80)
                        ++n;
                if (utf8_length(s.p + s.n - n, s.p + s.n) != n || !is_go_space(utf8_point(s.p + s.n - n, n)))
                        break;
                s.n -= n;
        }
        return s;
}

bool target_bool(const struct target *t, struct str key) {
        static const struct str no[] = { STR(""), STR("0"), STR("no"), STR("false"), STR("none") };
        struct str value = go_trim(target_parameter(t, key));

        for (size_t i = 0; i < ARRAY_SIZE(no); ++i)
                if (str_eq_fold(value, no[i]))
                        return false;
        return true;
}
