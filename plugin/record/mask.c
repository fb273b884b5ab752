#include "docksill/record/mask.h"

#include "docksill/base/text.h"
#include "docksill/engine/image-ref.h"
#include "docksill/engine/request.h"
#include "mask-json.h"
#include <errno.h>
#include <openssl/evp.h>

struct masker {
        struct mask_searches searches;
};

int masker_new(struct masker **out, const struct ruleset *rules) {
        cleanup_(masker_freep) struct masker *m = calloc(1, sizeof(*m));
        int r;

        if (!m)
                return -ENOMEM;
        r = search_new(&m->searches.name, rules, STR_C("secret-name"));
        if (r == 0)
                r = search_new(&m->searches.data_name, rules, STR_C("secret-data-name"));
        if (r == 0)
                r = search_new(&m->searches.credential, rules, STR_C("credential"));
        if (r == 0)
                r = search_new(&m->searches.far, rules, STR_C("far-reaching-credential"));
        if (r == 0)
                *out = TAKE(m);
        return r;
}

void masker_free(struct masker *m) {
        if (!m)
                return;
        search_free(m->searches.name);
        search_free(m->searches.data_name);
        search_free(m->searches.credential);
        search_free(m->searches.far);
        free(m);
}

/* Who sends calls chooses the texts: a call may take a third of a second or so. */
#define SEARCHED ((size_t)256 * 1024 * 1024)

static void searches_begin(struct masker *m) {
        search_begin(m->searches.name, SEARCHED);
        search_begin(m->searches.data_name, SEARCHED);
        search_begin(m->searches.credential, SEARCHED);
        search_begin(m->searches.far, SEARCHED);
}

static bool searches_spent(const struct masker *m) {
        return search_spent(m->searches.name) || search_spent(m->searches.data_name) ||
               search_spent(m->searches.credential) || search_spent(m->searches.far);
}

/* -- the target -- */

static int hex(char c) {
        return ascii_digit(c)                                   ? c - '0'
               : ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f' ? ascii_lower(c) - 'a' + 10
                                                                : -1;
}

/* Once, as Go does; what is no escape stays. */
static struct str unescaped(struct masking *k, struct str raw) {
        char *to = arena_bytes(k->arena, raw.n + 1);
        size_t n = 0;

        if (!to) {
                k->failed = true;
                return (struct str){ 0 };
        }
        for (size_t i = 0; i < raw.n; ++i) {
                bool escape = raw.p[i] == '%' && raw.n - i > 2 && hex(raw.p[i + 1]) >= 0 && hex(raw.p[i + 2]) >= 0;

                to[n++] = escape            ? (char)(hex(raw.p[i + 1]) << 4 | hex(raw.p[i + 2]))
                          : raw.p[i] == '+' ? ' '
                                            : raw.p[i];
                i += escape ? 2 : 0;
        }
        return (struct str){ to, n };
}

static void add_escaped(struct text *t, struct str s) {
        for (size_t i = 0; i < s.n; ++i) {
                char c = s.p[i], lower = ascii_lower(c);

                if ((lower >= 'a' && lower <= 'z') || ascii_digit(c) || strchr("_.-~", c))
                        text_add_char(t, c);
                else
                        text_addf(t, "%%%02X", (unsigned)(unsigned char)c);
        }
}

/* People have put user and password before an image's registry. */
static struct str mask_image(struct masking *k, struct str text) {
        struct str shown = image_ref_shown(text);
        struct text t;

        if (shown.n == text.n)
                return text;
        text_init_arena(&t, k->arena);
        text_addz(&t, "masked:masked@");
        text_add(&t, shown);
        k->failed = k->failed || t.failed;
        return text_str(&t);
}

static bool is_image(struct str key) {
        static const char *const keys[] = { "fromImage", "repo", "t", "name", "remote", NULL };

        return str_is_one_of(key, keys);
}

/* People write what they like there. */
static bool is_free(struct str key) {
        static const char *const keys[] = { "buildargs", "labels", "changes", "comment", "author", "message", NULL };

        return str_is_one_of(key, keys);
}

static struct str mask_parameter(struct masking *k, struct str key, struct str value) {
        struct str trimmed = str_trim(value);

        if (is_image(key) && image_ref_shown(value).n < value.n && str_search(value, STR_C("://")) == value.n)
                return mask_image(k, value);
        if (trimmed.n && (trimmed.p[0] == '{' || trimmed.p[0] == '['))
                return mask_json(k, value, is_free(key) ? MASK_FREE : MASK_BODY);
        return mask_text(k, value, (struct mask_place){ .name = key, .free = is_free(key) });
}

static void add_pair(struct masking *k, struct text *t, struct str pair) {
        struct str raw = pair, raw_key = str_cut(&raw, '=');
        struct str value = raw.p ? unescaped(k, raw) : (struct str){ 0 };
        struct str masked = raw.p ? mask_parameter(k, unescaped(k, raw_key), value) : value;

        if (!raw.p || str_eq(masked, value)) {
                text_add(t, pair);
                return;
        }
        text_add(t, raw_key);
        text_add_char(t, '=');
        add_escaped(t, masked);
}

static struct str mask_target(struct masking *k, struct str target) {
        struct str query = target, path = str_cut(&query, '?');
        struct text t;

        text_init_arena(&t, k->arena);
        text_add(&t, mask_text(k, path, (struct mask_place){ 0 }));
        for (bool first = true; query.p && !k->failed; first = false) {
                struct str pair = str_cut(&query, '&');

                text_add_char(&t, first ? '?' : '&');
                add_pair(k, &t, pair);
        }
        k->failed = k->failed || t.failed;
        return text_str(&t);
}

/* -- the body -- */

static enum mask_kind kind_of(const struct request *request) {
        struct str id = request->operation ? request->operation->id : STR_C("");

        return str_starts(id, STR_C("secret."))   ? MASK_SECRET
               : str_starts(id, STR_C("config.")) ? MASK_CONFIG
                                                  : MASK_BODY;
}

static void add_base64(struct masking *k, struct text *t, struct str body) {
        unsigned char *to = arena_alloc(k->arena, (body.n + 2) / 3 * 4 + 1);

        if (!to || body.n > INT32_MAX) {
                k->failed = true;
                return;
        }
        text_add(t, (struct str){ (const char *)to,
                                  (size_t)EVP_EncodeBlock(to, (const unsigned char *)body.p, (int)body.n) });
}

/* -- headers -- */

/* What dockerd and the rules go by, and what says nothing of the caller that records do not say. */
static bool is_shown_header(struct str name) {
        static const char *const names[] = { "Content-Type",    "Content-Length", "User-Agent", "Accept",
                                             "Accept-Encoding", "Connection",     "Upgrade",    NULL };

        return str_is_one_of(name, names);
}

/* The length that the body has now, where it was right before. */
static struct str length_of(struct masking *k, struct str said, struct str before, struct str after) {
        struct text was, is;

        text_init_arena(&was, k->arena);
        text_addf(&was, "%zu", before.n);
        text_init_arena(&is, k->arena);
        text_addf(&is, "%zu", after.n);
        k->failed = k->failed || was.failed || is.failed;
        if (before.n == 0 || k->failed)
                return said;
        if (str_eq(said, text_str(&was)))
                return text_str(&is);
        return str_eq(said, text_str(&is)) ? text_str(&was) : said;
}

static void add_headers(struct masking *k, struct text *t, const struct go_list *headers, struct str before,
                        struct str after) {
        text_addz(t, ",\"RequestHeaders\":{");
        for (size_t i = 0; i < headers->n; ++i) {
                const struct go_pair *h = (const struct go_pair *)headers->items + i;
                struct str value = h->value.value;

                text_addz(t, i ? "," : "");
                text_add_json(t, h->key);
                text_add_char(t, ':');
                if (str_eqz(h->key, "Content-Length"))
                        value = length_of(k, value, before, after);
                else if (!is_shown_header(h->key) && value.n)
                        value = STR_C("masked");
                else
                        value = mask_text(k, value, (struct mask_place){ 0 });
                text_add_json(t, value);
        }
        text_add_char(t, '}');
}

/* -- the call -- */

static void add_string(struct text *t, const char *key, const struct go_string *s) {
        if (!s->given)
                return;
        text_addf(t, "%s\"%s\":", t->n > 1 ? "," : "", key);
        text_add_json(t, s->value);
}

static struct str rebuild(struct masking *k, const struct request *request) {
        const struct envelope *e = &request->envelope;
        bool broken = flaws_have(&request->flaws, FLAW_BAD_BASE64);
        struct str body = request->body.n ? mask_json(k, request->body, kind_of(request)) : (struct str){ 0 };
        struct go_string target = e->uri;
        struct text t;

        target.value = mask_target(k, e->uri.value);
        text_init_arena(&t, k->arena);
        text_add_char(&t, '{');
        add_string(&t, "User", &e->user);
        add_string(&t, "UserAuthNMethod", &e->authn);
        add_string(&t, "RequestMethod", &e->method);
        add_string(&t, "RequestUri", &target);
        if (body.n || broken) {
                text_addz(&t, ",\"RequestBody\":\"");
                if (broken)
                        text_addz(&t, "masked!");
                else
                        add_base64(k, &t, body);
                text_add_char(&t, '"');
        }
        if (e->headers.given)
                add_headers(k, &t, &e->headers, request->body, body);
        text_add_char(&t, '}');
        k->failed = k->failed || t.failed;
        return text_str(&t);
}

static bool reads_alike(const struct request *a, const struct request *b) {
        return a->operation == b->operation && a->flaws.set == b->flaws.set && request_yields(a) == request_yields(b);
}

int mask_call(struct masker *m, struct str *out, struct arena *arena, struct str call) {
        struct masking k = { .searches = &m->searches, .arena = arena };
        struct request request, again;
        struct str masked = { 0 };

        if (request_read(&request, arena, call) != ENVELOPE_READ || flaws_have(&request.flaws, FLAW_ENVELOPE))
                return -EINVAL;
        searches_begin(m);
        /* Twice: what the first pass met as a secret the second finds wherever it stands. */
        for (unsigned pass = 0; pass < 2 && !k.failed; ++pass)
                masked = rebuild(&k, &request);
        if (k.failed || searches_spent(m))
                return -ENOTRECOVERABLE;
        if (request_read(&again, arena, masked) != ENVELOPE_READ || !reads_alike(&request, &again))
                return -ENOTRECOVERABLE;
        *out = masked;
        return 0;
}
