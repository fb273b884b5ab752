#include "mask-text.h"

#include "docksill/base/text.h"
#include "mask-assignment.h"
#include "mask-name.h"

#define MASK        STR_C("masked")
#define PREFIX_MOST 40 /* bytes that tell a provider's key: "github_pat_", "--access-token" */
#define KNOWN_LEAST 8  /* bytes of a secret that is looked for elsewhere */
#define ALIKE_LEAST 8  /* bytes that a key must have to be one */
#define RANDOM      16 /* letters and digits in a row that are no word */

static bool is_name(char c) {
        return is_alnum(c) || c == '_' || c == '-' || c == '.';
}

static struct str made(struct masking *k, const struct text *t) {
        k->failed = k->failed || t->failed;
        return t->failed ? (struct str){ 0 } : text_str(t);
}

/* -- values -- */

/* "${PW}", "$PW", "{{.Secret}}": the secret is not here. A default in it may be one. */
static bool is_reference(struct str s) {
        bool braced = str_starts(s, STR_C("${"));
        size_t i = braced ? 2 : 1;

        if (str_starts(s, STR_C("{{")))
                return str_search(s, STR_C("}}")) + 2 == s.n;
        if (s.n < 2 || s.p[0] != '$' || ascii_digit(s.p[1]))
                return false;
        while (i < s.n && (is_alnum(s.p[i]) || s.p[i] == '_'))
                ++i;
        return braced ? i + 1 == s.n && s.p[i] == '}' : i == s.n;
}

/* Of what only sounds like a secret: a switch, a small number, a path. */
static bool is_harmless(struct str s) {
        static const char *const words[] = {
                "true", "false", "yes", "no", "on", "off", "none", "null", "required", NULL
        };
        char lower[16];
        size_t digits = 0;

        if (s.n && s.p[0] == '/')
                return str_find(s, '@') == s.n && str_find(s, ':') == s.n && str_find(s, '=') == s.n;
        while (digits < s.n && ascii_digit(s.p[digits]))
                ++digits;
        if (digits == s.n && s.n <= 5)
                return true;
        if (s.n >= sizeof(lower))
                return false;
        for (size_t i = 0; i < s.n; ++i)
                lower[i] = ascii_lower(s.p[i]);
        return str_is_one_of((struct str){ lower, s.n }, words);
}

/* Made by us: it must not be made anew, or what was kept of it for the rules would go. */
static bool is_masked(struct str s) {
        bool any = false;

        if (str_search(s, MASK) < s.n)
                return true;
        for (size_t i = 0; i < s.n; ++i) {
                if (is_alnum(s.p[i]) && s.p[i] != 'x' && s.p[i] != 'X' && s.p[i] != '0')
                        return false;
                any = any || is_alnum(s.p[i]);
        }
        return any && s.n >= ALIKE_LEAST;
}

/* Plain words come up everywhere, and an image or a user may be called so. */
static bool is_strong(struct str s) {
        bool upper = false, lower = false, other = false;

        for (size_t i = 0; i < s.n; ++i) {
                upper = upper || (s.p[i] >= 'A' && s.p[i] <= 'Z');
                lower = lower || (s.p[i] >= 'a' && s.p[i] <= 'z');
                other = other || !is_alpha(s.p[i]);
        }
        return s.n >= KNOWN_LEAST && ((upper && lower) || (other && (upper || lower)));
}

static void remember(struct masking *k, struct str secret) {
        if (!is_strong(secret) || is_harmless(secret) || is_masked(secret) ||
            str_is_among(secret, k->known, k->n_known))
                return;
        if (k->n_known == MASK_KNOWN)
                k->failed = true;
        else
                k->known[k->n_known++] = secret;
}

/* A letter for a letter, a digit for a digit. */
static void add_alike(struct text *t, struct str s) {
        for (size_t i = 0; i < s.n; ++i) {
                char c = s.p[i];

                text_add_char(t, c >= 'a' && c <= 'z' ? 'x' : c >= 'A' && c <= 'Z' ? 'X' : ascii_digit(c) ? '0' : c);
        }
}

/* -- credentials: what the rules' expression matches -- */

static bool has_credential(const struct masking *k, struct str text) {
        size_t start, end;

        return search_find(k->searches->credential, text, &start, &end);
}

bool mask_is_alike(const struct masking *k, struct str text, struct str masked) {
        return !has_credential(k, text) || has_credential(k, masked);
}

static bool reaches_far(const struct masking *k, struct str text) {
        size_t start, end;

        return search_find(k->searches->far, text, &start, &end);
}

static bool is_border(char c) {
        return is_blank(c) || is_quote(c) || strchr("/:@=,;&?<>(){}$|", c);
}

/* Does the expression still match with @middle in the place of a part of the word, and the other one if it did? */
static bool still_matches(struct masking *k, bool far, struct str before, struct str middle, struct str after) {
        struct text t;

        text_init_arena(&t, k->arena);
        text_add(&t, before);
        text_add(&t, middle);
        text_add(&t, after);
        return has_credential(k, made(k, &t)) && (!far || reaches_far(k, text_str(&t)));
}

/* What can stand for @chunk: the shortest part of it that the expression can't do without, and behind it anything. */
static struct str mask_chunk(struct masking *k, struct str before, struct str chunk, struct str after) {
        size_t most = chunk.n < PREFIX_MOST ? chunk.n : PREFIX_MOST;
        bool far = still_matches(k, true, before, chunk, after);

        if (still_matches(k, far, before, MASK, after))
                return MASK;
        for (size_t n = 0; n <= most && !k->failed; ++n) {
                struct text t;

                text_init_arena(&t, k->arena);
                text_add(&t, str_first(chunk, n));
                add_alike(&t, str_skip(chunk, n));
                if (still_matches(k, far, before, made(k, &t), after))
                        return text_str(&t);
        }
        k->failed = true;
        return MASK;
}

/* Masks the chunks of @text from @start to @end, which with what stands around them match. */
static struct str mask_match(struct masking *k, struct str text, size_t start, size_t end) {
        struct text t;
        size_t at = start;

        text_init_arena(&t, k->arena);
        text_add(&t, str_first(text, start));
        while (at < end && !k->failed) {
                size_t stop = at;

                while (stop < end && !is_border(text.p[stop]))
                        ++stop;
                if (stop > at) {
                        struct str chunk = between(text, at, stop);
                        struct str masked = mask_chunk(k, text_str(&t), chunk, str_skip(text, stop));

                        if (!str_eq(chunk, masked))
                                remember(k, chunk);
                        text_add(&t, masked);
                }
                if (stop < end)
                        text_add_char(&t, text.p[stop++]);
                at = stop;
        }
        text_add(&t, str_skip(text, end));
        return made(k, &t);
}

/* Where the secret ends whose beginning matched: a URL's at its last @, all others with the word; a key with its last
 * line. */
static size_t secret_end(struct str text, size_t start, size_t end) {
        size_t at = end;

        if (str_starts(str_skip(text, start), STR_C("-----BEGIN"))) {
                size_t last = end + str_search(str_skip(text, end), STR_C("-----END"));

                return last < text.n ? last : text.n;
        }
        if (end > start && text.p[end - 1] == '@') {
                for (; at < text.n && !is_blank(text.p[at]) && !is_quote(text.p[at]) && !strchr("/?,", text.p[at]);
                     ++at)
                        if (text.p[at] == '@')
                                end = at + 1;
                return end;
        }
        while (at < text.n && !is_blank(text.p[at]) && !is_quote(text.p[at]))
                ++at;
        return at;
}

/* The line around a match, so that what the expression asks to stand before it is seen. */
static struct str mask_credentials(struct masking *k, struct str text) {
        struct text t;
        bool any = false;
        size_t start, end;

        text_init_arena(&t, k->arena);
        while (!k->failed && search_find(k->searches->credential, text, &start, &end)) {
                size_t word = start, stop = secret_end(text, start, end);
                struct str part;

                while (word > 0 && !is_blank(text.p[word - 1]))
                        --word;
                part = between(text, word, stop);
                text_add(&t, str_first(text, word));
                text_add(&t, mask_match(k, part, start - word, part.n));
                text = str_skip(text, stop);
                any = true;
        }
        text_add(&t, text);
        return any ? made(k, &t) : text;
}

/* -- a secret by its name -- */

/* @last: the last brace of @text, so that nobody looks for one again and again where there is none. */
static size_t reference_end(struct str text, size_t at, size_t last) {
        size_t close;

        if (last == text.n || at >= last || !str_starts(str_skip(text, at), STR_C("${")))
                return at;
        close = at + str_find(str_skip(text, at), '}');
        return close < text.n ? close + 1 : at;
}

/* "${PW:-hunter2}" keeps its name alone. */
static void add_reference(struct text *t, struct str reference) {
        size_t n = 2;

        while (n < reference.n && (is_alnum(reference.p[n]) || reference.p[n] == '_'))
                ++n;
        text_add(t, str_first(reference, n));
        text_add_char(t, '}');
}

static struct str mask_value(struct masking *k, struct str text) {
        size_t at = 0, last = str_find_last(text, '}');
        struct text t;

        remember(k, text);
        if (has_credential(k, text))
                return mask_match(k, text, 0, text.n);
        text_init_arena(&t, k->arena);
        while (at < text.n) {
                size_t end = reference_end(text, at, last), stop = at;

                if (end > at) {
                        add_reference(&t, between(text, at, end));
                        at = end;
                        continue;
                }
                while (stop < text.n && reference_end(text, stop, last) == stop)
                        ++stop;
                text_add(&t, MASK);
                at = stop;
        }
        return made(k, &t);
}

/* -- "password=hunter2" within a text -- */

/* A reference, a switch or what is masked already stays. */
static bool is_kept(struct str value) {
        bool shell = value.n && value.p[0] == '$' && !str_starts(value, STR_C("${"));

        return value.n == 0 || shell || value.p[0] == '{' || is_reference(value) || is_masked(value) ||
               is_harmless(value);
}

static struct str mask_assignments(struct masking *k, struct str text, bool free) {
        size_t copied = 0;
        struct text t;

        text_init_arena(&t, k->arena);
        for (size_t at = 0, end; at < text.n; at = end) {
                struct assignment a;
                struct str value;

                end = at + 1;
                if (!is_name(text.p[at]) || (at > 0 && is_name(text.p[at - 1])))
                        continue;
                while (end < text.n && is_name(text.p[end]))
                        ++end;
                if (naming_of(k->searches, between(text, at, end)) == NAMES_NOTHING)
                        continue;
                a = assignment_at(text, at, end, free);
                value = between(text, a.value, a.end);
                end = a.end;
                if (is_kept(value))
                        continue;
                remember(k, value);
                text_add(&t, between(text, copied, a.value));
                text_addz(&t, value.p[0] == '-' ? "-" : "");
                text_add(&t, value.p[0] == '$' ? mask_value(k, value) : MASK);
                copied = end;
        }
        if (copied == 0)
                return text;
        text_add(&t, str_skip(text, copied));
        return made(k, &t);
}

/* -- words that look random -- */

static bool is_random(struct str s) {
        size_t digits = 0;

        for (size_t i = 0; i < s.n; ++i)
                digits += ascii_digit(s.p[i]);
        return s.n >= RANDOM && digits > 0 && digits < s.n && !is_masked(s);
}

static struct str mask_random(struct masking *k, struct str text) {
        size_t copied = 0;
        struct text t;

        text_init_arena(&t, k->arena);
        for (size_t at = 0; at < text.n;) {
                size_t end = at;

                while (end < text.n && is_alnum(text.p[end]))
                        ++end;
                /* A digest of an image is none. */
                if (is_random(between(text, at, end)) && !str_ends(str_first(text, at), STR_C("sha256:"))) {
                        text_add(&t, between(text, copied, at));
                        add_alike(&t, between(text, at, end));
                        copied = end;
                }
                at = end > at ? end : at + 1;
        }
        if (copied == 0)
                return text;
        text_add(&t, str_skip(text, copied));
        return made(k, &t);
}

/* -- secrets met elsewhere -- */

static struct str mask_known(struct masking *k, struct str text) {
        for (size_t i = 0; i < k->n_known; ++i) {
                struct str known = k->known[i];
                size_t at = str_search(text, known);
                struct text t;

                if (at == text.n)
                        continue;
                text_init_arena(&t, k->arena);
                for (; at < text.n; at = str_search(text, known)) {
                        text_add(&t, str_first(text, at));
                        text_add(&t, MASK);
                        text = str_skip(text, at + known.n);
                }
                text_add(&t, text);
                text = made(k, &t);
        }
        return text;
}

/* -- secrets that the program tells -- */

static struct str mask_span(struct masking *k, struct str text, size_t start, size_t end) {
        struct text t;

        remember(k, between(text, start, end));
        text_init_arena(&t, k->arena);
        text_add(&t, str_first(text, start));
        text_add(&t, MASK);
        text_add(&t, str_skip(text, end));
        return made(k, &t);
}

static struct str mask_commands(struct masking *k, struct str text) {
        struct command_walk walk = { .text = text };
        size_t copied = 0, start, end;
        struct text t;

        text_init_arena(&t, k->arena);
        while (command_walk_next(&walk, &start, &end)) {
                if (is_kept(between(text, start, end)))
                        continue;
                remember(k, between(text, start, end));
                text_add(&t, between(text, copied, start));
                text_add(&t, MASK);
                copied = end;
        }
        if (copied == 0)
                return text;
        text_add(&t, str_skip(text, copied));
        return made(k, &t);
}

static struct str mask_plain(struct masking *k, struct str text, bool free) {
        struct str masked = mask_assignments(k, mask_credentials(k, text), free);

        if (free)
                masked = mask_random(k, mask_commands(k, masked));
        /* Elsewhere a name or a path may happen to be the same. */
        if (free)
                masked = mask_known(k, masked);
        if (!str_eq(masked, text) && has_credential(k, masked) != has_credential(k, text))
                k->failed = true;
        return masked;
}

struct str mask_text(struct masking *k, struct str text, struct mask_place place) {
        enum naming naming = text.n == 0 || is_reference(text) ? NAMES_NOTHING : naming_of(k->searches, place.name);

        /* "DSN=postgres://u:hunter2@db": the address is none. */
        if (naming == NAMES_NOTHING || (naming == NAMES_PERHAPS && (is_harmless(text) || has_credential(k, text))))
                return mask_plain(k, text, place.free);
        return mask_value(k, text);
}

/* -- command lines -- */

/* "user:password" behind -u and --user; ids of users are no secret. */
static struct str mask_login(struct masking *k, struct str text) {
        size_t colon = str_find(text, ':'), digits = 0;

        while (digits < text.n && (ascii_digit(text.p[digits]) || text.p[digits] == ':'))
                ++digits;
        if (digits == text.n || colon + 1 >= text.n)
                return mask_plain(k, text, true);
        return mask_span(k, text, colon + 1, text.n);
}

/* The rules read an option and what follows it as one text. */
static struct str mask_option_value(struct masking *k, struct str option, struct str text) {
        struct str joint, masked;
        struct text t;

        text_init_arena(&t, k->arena);
        text_add(&t, option);
        text_add_char(&t, ' ');
        text_add(&t, text);
        joint = made(k, &t);
        if (k->failed)
                return text;
        masked = has_credential(k, joint) ? str_skip(mask_match(k, joint, option.n + 1, joint.n), option.n + 1)
                                          : mask_value(k, text);
        text_init_arena(&t, k->arena);
        text_add(&t, option);
        text_add_char(&t, ' ');
        text_add(&t, masked);
        if (has_credential(k, made(k, &t)) != has_credential(k, joint))
                k->failed = true;
        return masked;
}

struct str mask_argument(struct masking *k, const struct command_program *program, struct str before, struct str text) {
        size_t dashes = 0, secret = command_secret(program, before, text);

        if (secret < text.n && !is_kept(str_skip(text, secret)))
                return mask_span(k, text, secret, text.n);

        while (dashes < before.n && before.p[dashes] == '-')
                ++dashes;
        if (str_eqz(before, "-u") || str_eqz(before, "--user"))
                return mask_login(k, text);
        if (dashes == 0 || str_find(before, '=') < before.n || text.n == 0 || text.p[0] == '-' || text.p[0] == '$' ||
            text.p[0] == '{' || is_harmless(text) || naming_of(k->searches, str_skip(before, dashes)) == NAMES_NOTHING)
                return mask_plain(k, text, true);
        return mask_option_value(k, before, text);
}
