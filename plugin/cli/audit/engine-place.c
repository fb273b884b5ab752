#include "engine-place.h"
#include "docksill/base/file.h"
#include "engine-text.h"
#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>

#define FILE_MOST ((size_t)1024 * 1024)

/* Not what is empty: docker takes that for not set. */
static const char *environment(const char *name) {
        const char *value = getenv(name);

        return value && *value ? value : NULL;
}

static const char *join(struct arena *arena, const char *folder, const char *name) {
        struct text t;

        text_init_arena(&t, arena);
        text_addf(&t, "%s/%s", folder, name);
        return t.failed ? NULL : t.p;
}

/* ~/.docker, or where DOCKER_CONFIG says; NULL: nowhere. */
static const char *client_folder(struct arena *arena) {
        const char *told = environment("DOCKER_CONFIG"), *home = environment("HOME");

        return told ? told : home ? join(arena, home, ".docker") : NULL;
}

/* NULL: there is none, or it is none. */
static json_t *read_json(struct arena *arena, const char *path) {
        struct str text;

        if (!path || file_read_regular(arena, path, FILE_MOST, &text) != 0)
                return NULL;
        return json_loadb(text.p, text.n, 0, NULL);
}

/* -- a context of the docker client -- */

/* Its folder's name. */
static bool digest(struct str name, char out[65]) {
        unsigned char hash[EVP_MAX_MD_SIZE];
        unsigned n = 0;

        if (!EVP_Digest(name.p, name.n, hash, &n, EVP_sha256(), NULL) || n != 32)
                return false;
        for (unsigned i = 0; i < n; ++i)
                snprintf(&out[2 * (size_t)i], 3, "%02x", hash[i]);
        return true;
}

static struct str current_context(struct arena *arena, const char *folder) {
        const char *told = environment("DOCKER_CONTEXT");
        json_t *config = told ? NULL : read_json(arena, join(arena, folder, "config.json"));
        struct str name = told ? str_from(told) : engine_text(config, "currentContext"), kept = { 0 };

        if (arena_str(arena, name, &kept) < 0)
                kept = (struct str){ 0 };
        json_decref(config);
        return str_eqz(kept, "default") ? (struct str){ 0 } : kept;
}

/* Its URL; "": the file does not say. */
static const char *context_url(struct arena *arena, const char *folder, const char *hash) {
        struct text path;
        struct str url = { 0 };
        json_t *meta;

        text_init_arena(&path, arena);
        text_addf(&path, "%s/contexts/meta/%s/meta.json", folder, hash);
        meta = path.failed ? NULL : read_json(arena, path.p);
        if (arena_str(arena, engine_text(json_object_get(json_object_get(meta, "Endpoints"), "docker"), "Host"), &url) <
            0)
                url = (struct str){ 0 };
        json_decref(meta);
        return url.n ? url.p : "";
}

/* Returns its URL, or NULL: no context is chosen. */
static const char *find_context(struct engine_place *out, struct arena *arena) {
        const char *folder = client_folder(arena), *url;
        struct str name = folder ? current_context(arena, folder) : (struct str){ 0 };
        struct text chosen, certificates;
        char hash[65];

        if (!name.n || !digest(name, hash))
                return NULL;
        text_init_arena(&chosen, arena);
        text_addz(&chosen, "the docker context ");
        text_add_visible(&chosen, name, 100);
        out->chosen = chosen.failed ? "the docker context" : chosen.p;
        url = context_url(arena, folder, hash);
        text_init_arena(&certificates, arena);
        text_addf(&certificates, "%s/contexts/tls/%s/docker", folder, hash);
        if (!certificates.failed && access(certificates.p, F_OK) == 0)
                out->certificates = certificates.p;
        return url;
}

/* -- a URL -- */

static int refuse(const struct engine_place *e, const struct invocation *in, const char *why) {
        cleanup_(text_deinit) struct text url;

        text_init(&url);
        text_add_visible(&url, str_from(e->url), 200);
        return command_misused(in->command, "%s%s%s %s", e->chosen ? e->chosen : "--host", e->chosen ? " is " : " ",
                               url.n ? url.p : "nowhere", why);
}

static int read_url(struct engine_place *e, const struct invocation *in) {
        struct str url = str_from(e->url);

        if (url.n == 0)
                return refuse(e, in, ": its file does not say where the engine is; say --host");
        if (url.p[0] == '/')
                e->socket = e->url;
        else if (str_starts(url, STR_C("unix://")) && url.p[7] == '/')
                e->socket = e->url + 7;
        else if (str_starts(url, STR_C("tcp://")))
                e->address = e->url + 6;
        else if (str_starts(url, STR_C("ssh://")))
                return refuse(e, in,
                              "can't be asked over ssh: run `docksill audit` there, or bring its socket here "
                              "with `ssh -nNT -L /run/there.sock:/run/docker.sock HOST` and say --host "
                              "unix:///run/there.sock --only containers,images,daemon");
        else
                return refuse(e, in, "can't be asked: it is unix:///PATH or tcp://HOST:PORT");
        return EXIT_FINE;
}

int engine_place_find(struct engine_place *out, struct arena *arena, const struct invocation *in,
                      const char *otherwise) {
        const char *engine = invocation_option(in, "engine"), *host = invocation_option(in, "host");
        const char *verify = environment("DOCKER_TLS_VERIFY"), *path = environment("DOCKER_CERT_PATH");

        *out = (struct engine_place){ .url = otherwise };
        if (engine && host)
                return command_misused(in->command, "--engine and --host are the same: say one of them");
        if (verify)
                out->certificates = path ? path : client_folder(arena);
        if (engine) {
                out->url = out->socket = engine;
                return EXIT_FINE;
        }
        if (host) {
                out->url = host;
        } else if (environment("DOCKER_HOST")) {
                out->url = environment("DOCKER_HOST");
                out->chosen = "DOCKER_HOST";
        } else {
                const char *url = find_context(out, arena);

                out->url = url ? url : otherwise;
        }
        return read_url(out, in);
}

int engine_place_open(const struct engine_place *e, struct engine_api **out) {
        return e->socket ? engine_api_new(out, e->socket, NULL)
                         : engine_api_new_tcp(out, e->address, e->certificates, NULL);
}
