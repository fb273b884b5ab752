#include "authz-call.h"
#include "docksill/base/text.h"
#include <errno.h>
#include <openssl/evp.h>

/* Go's server takes the first three out of the headers, dockerd the others. */
static bool is_kept_back(struct str name) {
        static const char *const names[] = { "Host",          "Transfer-Encoding", "Trailer",
                                             "Authorization", "X-Registry-Auth",   "X-Registry-Config" };

        for (size_t i = 0; i < ARRAY_SIZE(names); ++i)
                if (str_eq_fold(name, str_from(names[i])))
                        return true;
        return false;
}

static struct str header(const struct authz_request *r, struct str name) {
        for (size_t i = 0; i < r->headers.n; ++i)
                if (str_eq_fold(r->headers.items[i].name, name))
                        return r->headers.items[i].value;
        return (struct str){ 0 };
}

bool authz_shows_body(const struct authz_request *r, struct str path, size_t size) {
        struct str type = header(r, STR_C("Content-Type"));

        return size > 0 && size < AUTHZ_BODY_MAX && !str_starts(path, STR_C("/auth")) &&
               str_eq_fold(str_trim(str_cut(&type, ';')), STR_C("application/json"));
}

/* As net/textproto spells it: "x-meta-a" is "X-Meta-A". */
static void add_canonical(struct text *t, struct str name) {
        cleanup_(text_deinit) struct text canonical;
        bool upper = true;

        text_init(&canonical);
        for (size_t i = 0; i < name.n; ++i) {
                text_add_char(&canonical, upper ? ascii_upper(name.p[i]) : ascii_lower(name.p[i]));
                upper = name.p[i] == '-';
        }
        text_add_json(t, text_str(&canonical));
        t->failed = t->failed || canonical.failed;
}

static int compare(const void *a, const void *b) {
        const struct authz_header *one = a, *other = b;
        size_t n = one->name.n < other->name.n ? one->name.n : other->name.n;

        for (size_t i = 0; i < n; ++i)
                if (ascii_lower(one->name.p[i]) != ascii_lower(other->name.p[i]))
                        return ascii_lower(one->name.p[i]) < ascii_lower(other->name.p[i]) ? -1 : 1;
        if (one->name.n != other->name.n)
                return one->name.n < other->name.n ? -1 : 1;
        return one < other ? -1 : 1; /* stays in its place: the last of them counts */
}

/* Go sorts the keys of a map. */
static int add_headers(struct text *t, struct arena *arena, const struct authz_headers *headers) {
        struct authz_header *sorted = ARENA_ARRAY(arena, struct authz_header, headers->n);
        const char *before = "";

        if (!sorted)
                return -ENOMEM;
        if (headers->n)
                memcpy(sorted, headers->items, headers->n * sizeof(*sorted));
        qsort(sorted, headers->n, sizeof(*sorted), compare);
        text_addz(t, ",\"RequestHeaders\":{");
        for (size_t i = 0; i < headers->n; ++i) {
                if (is_kept_back(sorted[i].name) ||
                    (i + 1 < headers->n && str_eq_fold(sorted[i].name, sorted[i + 1].name)))
                        continue;
                text_addz(t, before);
                add_canonical(t, sorted[i].name);
                text_add_char(t, ':');
                text_add_json(t, sorted[i].value);
                before = ",";
        }
        text_add_char(t, '}');
        return 0;
}

static int add_body(struct text *t, struct arena *arena, struct str body) {
        unsigned char *encoded;

        if (body.n > INT32_MAX)
                return -EFBIG;
        encoded = arena_alloc(arena, (body.n + 2) / 3 * 4 + 1);
        if (!encoded)
                return -ENOMEM;
        text_addz(t, ",\"RequestBody\":\"");
        text_add(t, (struct str){ (const char *)encoded,
                                  (size_t)EVP_EncodeBlock(encoded, (const unsigned char *)body.p, (int)body.n) });
        text_add_char(t, '"');
        return 0;
}

int authz_call(struct str *out, struct arena *arena, const struct authz_request *r) {
        struct text t;
        int error = 0;

        text_init_arena(&t, arena);
        text_addz(&t, "{\"RequestMethod\":");
        text_add_json(&t, r->method);
        text_addz(&t, ",\"RequestUri\":");
        text_add_json(&t, r->target);
        if (r->body.n)
                error = add_body(&t, arena, r->body);
        if (error == 0 && r->headers.n)
                error = add_headers(&t, arena, &r->headers);
        text_add_char(&t, '}');
        if (error < 0 || t.failed)
                return error < 0 ? error : -ENOMEM;
        *out = text_str(&t);
        return 0;
}
