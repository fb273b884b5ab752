#include "docksill/host/engine-api.h"
#include "docksill/host/docker.h"
#include <curl/curl.h>
#include <errno.h>

/* What a call takes at most when it does not say; an engine at work may need long for a list of its containers. */
#define PATIENCE_SECONDS 60

#define CERTIFICATES_MOST 4000 /* bytes of their folder */

struct engine_api {
        CURL *easy;
        const volatile sig_atomic_t *stop;
        char socket[DOCKER_SOCKET_MAX]; /* an absolute path, or an address of TCP */
        char *certificates;             /* folder; NULL: no TLS */
};

static size_t on_piece(char *piece, size_t size, size_t n, void *closure) {
        struct text *body = closure;
        size_t room = body->cap - body->n;

        text_add(body, str_first((struct str){ piece, size * n }, room));
        return body->failed || size * n > room ? 0 : size * n;
}

static int on_progress(void *closure, curl_off_t a unused_, curl_off_t b unused_, curl_off_t c unused_,
                       curl_off_t d unused_) {
        const struct engine_api *e = closure;

        return e->stop && *e->stop;
}

static int make(struct engine_api **out, const char *socket, const volatile sig_atomic_t *stop) {
        struct engine_api *e;
        size_t n = strlen(socket);

        if (n >= DOCKER_SOCKET_MAX)
                return -ENAMETOOLONG;
        if (curl_global_init(CURL_GLOBAL_NOTHING) != CURLE_OK)
                return -ENOMEM;
        e = calloc(1, sizeof(*e));
        if (e)
                e->easy = curl_easy_init();
        if (!e || !e->easy) {
                free(e);
                curl_global_cleanup();
                return -ENOMEM;
        }
        e->stop = stop;
        memcpy(e->socket, socket, n + 1);
        *out = e;
        return 0;
}

int engine_api_new(struct engine_api **out, const char *socket, const volatile sig_atomic_t *stop) {
        return socket[0] == '/' ? make(out, socket, stop) : -EINVAL;
}

int engine_api_new_tcp(struct engine_api **out, const char *address, const char *certificates,
                       const volatile sig_atomic_t *stop) {
        cleanup_(engine_api_freep) struct engine_api *e = NULL;
        int r = address[0] == '/' || address[0] == '\0' || strpbrk(address, "/?#@ ") ? -EINVAL
                                                                                     : make(&e, address, stop);

        if (r == 0 && certificates) {
                e->certificates = strdup(certificates);
                r = !e->certificates ? -ENOMEM : strlen(certificates) > CERTIFICATES_MOST ? -ENAMETOOLONG : 0;
        }
        if (r == 0)
                *out = TAKE(e);
        return r;
}

void engine_api_free(struct engine_api *e) {
        if (!e)
                return;
        curl_easy_cleanup(e->easy);
        free(e->certificates);
        free(e);
        curl_global_cleanup();
}

const char *engine_api_socket(const struct engine_api *e) {
        return e->socket;
}

static bool set_file(struct engine_api *e, CURLoption option, const char *name) {
        cleanup_(text_deinit) struct text path;

        text_init(&path);
        text_addf(&path, "%s/%s", e->certificates, name);
        return !path.failed && curl_easy_setopt(e->easy, option, path.p) == CURLE_OK;
}

static bool set_way(struct engine_api *e) {
        if (e->socket[0] == '/')
                return curl_easy_setopt(e->easy, CURLOPT_UNIX_SOCKET_PATH, e->socket) == CURLE_OK;
        if (!e->certificates)
                return true;
        return set_file(e, CURLOPT_CAINFO, "ca.pem") && set_file(e, CURLOPT_SSLCERT, "cert.pem") &&
               set_file(e, CURLOPT_SSLKEY, "key.pem") &&
               curl_easy_setopt(e->easy, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
               curl_easy_setopt(e->easy, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK;
}

/* Whatever the environment says: no proxy, no credentials, no other protocol, no signal. */
static bool set_up(struct engine_api *e, struct engine_answer *out, const struct engine_call *call, const char *url) {
        CURL *easy = e->easy;

        curl_easy_reset(easy);
        return set_way(e) &&
               curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, e->certificates ? "https" : "http") == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_NOPROXY, "*") == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)(call->seconds ? call->seconds : PATIENCE_SECONDS)) ==
                       CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_USERAGENT, "docksill/" DOCKSILL_VERSION) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_piece) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_WRITEDATA, &out->body) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_XFERINFODATA, e) == CURLE_OK &&
               curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK;
}

/* A POST without a body says so: engines want its length. */
static bool set_body(struct engine_api *e, const struct engine_call *call, const struct curl_slist *headers) {
        if (strcmp(call->method, "GET") == 0)
                return true;
        return (strcmp(call->method, "POST") != 0 ||
                (curl_easy_setopt(e->easy, CURLOPT_POST, 1L) == CURLE_OK &&
                 curl_easy_setopt(e->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.n) == CURLE_OK &&
                 curl_easy_setopt(e->easy, CURLOPT_POSTFIELDS, call->body.n ? call->body.p : "") == CURLE_OK &&
                 curl_easy_setopt(e->easy, CURLOPT_HTTPHEADER, headers) == CURLE_OK)) &&
               curl_easy_setopt(e->easy, CURLOPT_CUSTOMREQUEST, call->method) == CURLE_OK;
}

static int conclude(struct engine_answer *out, CURLcode code) {
        switch (code) {
        case CURLE_OK: return 0;
        case CURLE_ABORTED_BY_CALLBACK: out->why = "interrupted"; return -EINTR;
        case CURLE_OPERATION_TIMEDOUT: out->why = "no answer in time"; return -ETIMEDOUT;
        case CURLE_WRITE_ERROR: out->why = "the answer is too large"; return -EFBIG;
        case CURLE_OUT_OF_MEMORY: return -ENOMEM;
        default: out->why = curl_easy_strerror(code); return -EIO;
        }
}

int engine_api_call(struct engine_api *e, struct engine_answer *out, const struct engine_call *call) {
        cleanup_(text_deinit) struct text url;
        struct curl_slist *headers =
                curl_slist_append(NULL, call->body.n ? "Content-Type: application/json" : "Content-Type:");
        CURLcode code = CURLE_OUT_OF_MEMORY;

        engine_answer_deinit(out);
        text_init(&out->body);
        out->body.cap = call->most ? call->most : ENGINE_ANSWER_MAX;
        text_init(&url);
        if (e->socket[0] == '/')
                text_addz(&url, "http://docker");
        else
                text_addf(&url, "%s://%s", e->certificates ? "https" : "http", e->socket);
        text_add(&url, call->target);
        if (headers && !url.failed && set_up(e, out, call, url.p) && set_body(e, call, headers))
                code = curl_easy_perform(e->easy);
        if (code == CURLE_OK)
                (void)curl_easy_getinfo(e->easy, CURLINFO_RESPONSE_CODE, &out->status);
        curl_slist_free_all(headers);
        return conclude(out, code);
}
