#include "build.h"
#include "address.h"
#include "body.h"
#include "docksill/engine/image-ref.h"
#include "facts/cell.h"
#include "fetch.h"
#include "free-text.h"
#include "gather.h"
#include "go-bool.h"
#include "go-type.h"
#include "host-config.h"
#include "image.h"
#include "variable.h"

#define CLIENT_SESSION STR_C("client-session")

static struct fact_bool yes(bool value) {
        return (struct fact_bool){ .head.given = true, .value = value };
}

/* -- where the sources come from -- */

static bool is_http(struct str url) {
        return str_starts(url, STR_C("http://")) || str_starts(url, STR_C("https://"));
}

/* moby builder/remotecontext/urlutil: by its beginning, or a web address that ends in "git", before a fragment or
 * not. */
static bool is_git(struct str url) {
        static const struct str beginnings[] = { STR("git://"), STR("git@"), STR("github.com/") };
        size_t hash = str_find(url, '#');

        for (size_t i = 0; i < ARRAY_SIZE(beginnings); ++i)
                if (str_starts(url, beginnings[i]))
                        return true;
        if (!is_http(url))
                return false;
        return str_ends(url, STR_C("git")) || (hash + 1 < url.n && str_ends(str_first(url, hash), STR_C("git")));
}

/* "…#COMMIT" or "…#COMMIT:folder", with all digits: a shorter one may be a branch. */
static bool is_pinned(struct str url) {
        struct str rest = str_skip(url, str_find(url, '#') + 1), commit = str_cut(&rest, ':');

        for (size_t i = 0; i < commit.n; ++i)
                if (!ascii_digit(commit.p[i]) && !(ascii_lower(commit.p[i]) >= 'a' && ascii_lower(commit.p[i]) <= 'f'))
                        return false;
        return commit.n == 40 || commit.n == 64;
}

/* Without scheme, user and password: what may be shown. Without a scheme it is git's own spelling, "git@HOST:path",
 * whose path may hold an @ too. */
static struct str host_of(struct str url) {
        size_t scheme = str_search(url, STR_C("://")), at;
        struct str host = url_authority(scheme < url.n ? str_skip(url, scheme + 3) : url);

        at = scheme < url.n ? str_find_last(host, '@') : str_find(host, '@');
        if (at < host.n)
                host = str_skip(host, at + 1);
        return scheme < url.n ? host : str_first(host, str_find(host, ':'));
}

static void read_remote(struct facts *f, struct str url) {
        enum word kind = WORD_UNKNOWN;

        if (str_empty(url))
                return;
        if (str_eq(url, CLIENT_SESSION))
                kind = WORD_SESSION;
        else if (is_git(url))
                kind = WORD_GIT;
        else if (str_starts(url, STR_C("http://")))
                kind = WORD_HTTP;
        else if (str_starts(url, STR_C("https://")))
                kind = WORD_HTTPS;
        f->build.remote_kind = cell_word(kind);
        if (kind == WORD_SESSION)
                return;
        f->build.remote_host = cell_str(host_of(url));
        f->build.remote_pinned = yes(is_git(url) && is_pinned(url));
}

/* -- parameters that are JSON -- */

struct build_output {
        bool given;
        struct go_string type;
        struct go_list attrs;
};

static const struct gojson_field build_output_fields[] = {
        GO_FIELD(build_output, "Type", type, gojson_string),
        GO_FIELD(build_output, "Attrs", attrs, gojson_string_map),
};
static const struct gojson_type build_output_type = GO_STRUCT(build_output);
static const struct gojson_type build_outputs_type = GO_LIST(build_output_type);

/* dockerd decodes it as it decodes bodies, so the same flaws count; an empty one is none. */
static void read_json(struct reading *in, const char *key, const struct gojson_type *type, struct go_list *out) {
        struct str text = reading_parameter(in, key);

        *out = (struct go_list){ 0 };
        if (!str_empty(text))
                json_read(in, out, type, text, str_from(key));
}

static void read_arguments(struct reading *in) {
        struct facts *f = in->facts;
        struct go_list arguments, labels;

        read_json(in, "buildargs", &gojson_string_map, &arguments);
        build_arguments_read(in, &arguments);
        texts_read_map(in, "buildargs", &arguments);
        read_json(in, "labels", &gojson_string_map, &labels);
        texts_read_map(in, "labels", &labels);
        gather_labels(in->arena, &f->build.labels, &labels);
}

/* What each step of the build runs with. */
static void read_limits(struct reading *in) {
        struct go_list ulimits;

        read_json(in, "ulimits", &ulimits_type, &ulimits);
        ulimits_read(in->arena, &in->facts->container.ulimits, "ulimits", &ulimits);
}

/* BuildKit's exporters: names with commas between them, and whether they are sent away as well. */
static void read_attribute(struct reading *in, const struct go_pair *attribute) {
        struct facts *f = in->facts;
        struct str rest = attribute->value.value;
        bool push = false;

        if (str_eqz(attribute->key, "name")) {
                while (rest.p && !arena_full(in->arena))
                        fact_set_add(in->arena, &f->build.names, str_cut(&rest, ','));
        } else if (str_eqz(attribute->key, "push")) {
                /* What is no truth value is none that keeps it here; and one output that is sent is enough. */
                f->build.pushes = yes(f->build.pushes.value || !go_bool_parse(rest, &push) || push);
        }
}

static void read_outputs(struct reading *in) {
        struct facts *f = in->facts;
        struct go_list outputs;

        read_json(in, "outputs", &build_outputs_type, &outputs);
        for (size_t i = 0; i < outputs.n; ++i) {
                const struct build_output *output = gojson_item(&outputs, i, sizeof(*output));

                fact_set_add(in->arena, &f->build.outputs, output->type.value);
                for (size_t k = 0; k < output->attrs.n; ++k)
                        read_attribute(in, pair_item(&output->attrs, k));
        }
}

static void read_caches(struct reading *in) {
        struct facts *f = in->facts;
        struct go_list caches;

        read_json(in, "cachefrom", &gojson_strings, &caches);
        for (size_t i = 0; i < caches.n; ++i) {
                const struct origin origin = { .field = "?cachefrom=", .index = (uint32_t)i, .indexed = true };
                struct str rest = string_item(&caches, i);

                /* dockerd joins them by commas, and BuildKit splits them there. */
                while (rest.p && !arena_full(in->arena))
                        image_listed(&f->build.caches, in->arena, origin, str_cut(&rest, ','));
        }
        for (size_t i = 0; i < f->build.caches.n && !arena_full(in->arena); ++i)
                fetch_read(in, "?cachefrom=", WORD_REGISTRY,
                           ((const struct image_fact *)f->build.caches.items)[i].registry.value);
}

/* A parameter that may be given several times. */
static void read_all(struct reading *in, const char *key, struct fact_set *out) {
        const struct target *t = in->target;

        for (size_t i = 0; i < t->n_parameters; ++i)
                if (str_eqz(t->parameters[i].key, key) && !str_empty(t->parameters[i].value))
                        fact_set_add(in->arena, out, t->parameters[i].value);
        out->head.given = out->n > 0;
}

static void read_name(struct reading *in, struct origin origin, struct str *name) {
        *name = image_ref_shown(*name);
        image_named(in, origin, *name, (struct fact_str){ 0 });
}

/* Those of the outputs stand there already. */
static void read_names(struct reading *in) {
        struct fact_set *names = &in->facts->build.names;
        size_t of_outputs = names->n;

        read_all(in, "t", names);
        for (size_t i = 0; i < names->n && !arena_full(in->arena); ++i) {
                struct origin origin = { .field = "?outputs=" };

                if (i >= of_outputs)
                        origin =
                                (struct origin){ .field = "?t=", .index = (uint32_t)(i - of_outputs), .indexed = true };
                read_name(in, origin, &names->items[i]);
        }
}

/* As Go's ParseInt, with a sign. What is no number dockerd takes for nothing (moby daemon/server/httputils/form.go). */
static struct fact_int read_size(struct str text) {
        int64_t n;

        if (str_int(text, &n) < 0 || n < 0)
                return (struct fact_int){ 0 };
        return (struct fact_int){ .head.given = true, .value = n };
}

/* In the order of the places that fact build.opaque names. */
enum { SHOWN_WHOLE, IN_BODY, IN_BUILDKIT, IN_SESSION, BEHIND_ADDRESS, IN_STREAM };

/* What lies behind an address is shown to nobody either. */
static uint8_t what_hides(const struct reading *in) {
        if (!str_empty(reading_parameter(in, "remote")))
                return BEHIND_ADDRESS;
        if (str_eqz(reading_parameter(in, "version"), "2"))
                return IN_BUILDKIT;
        if (!str_empty(reading_parameter(in, "session")))
                return IN_SESSION;
        return in->body_is_absent ? SHOWN_WHOLE : IN_BODY;
}

static struct fact_bool opaque(uint8_t part) {
        return (struct fact_bool){ .head = { .given = true, .part = part }, .value = part != SHOWN_WHOLE };
}

static void read_plain(struct reading *in) {
        struct facts *f = in->facts;
        struct str network = reading_parameter(in, "networkmode"), parent = reading_parameter(in, "cgroupparent"),
                   shm_size = reading_parameter(in, "shmsize");

        if (!str_empty(network))
                f->build.network = cell_str(network);
        if (!str_empty(parent))
                f->container.cgroup_parent = cell_str(parent);
        if (!str_empty(shm_size))
                f->container.shm_size = read_size(shm_size);
        f->build.pull = yes(target_bool(in->target, STR_C("pull")));
        f->build.squash = yes(target_bool(in->target, STR_C("squash")));
        f->build.opaque = opaque(what_hides(in));
        read_remote(f, reading_parameter(in, "remote"));
}

void build_decode(struct reading *in) {
        struct facts *f = in->facts;

        read_plain(in);
        text_read(in, "remote", reading_parameter(in, "remote"));
        read_arguments(in);
        read_limits(in);
        read_outputs(in);
        read_caches(in);
        read_names(in);
        if (!str_eq(reading_parameter(in, "remote"), CLIENT_SESSION))
                fetch_read(in, "?remote=", WORD_CONTEXT, reading_parameter(in, "remote"));
        read_all(in, "extrahosts", &f->container.extra_hosts);
}

void session_decode(struct reading *in) {
        in->facts->build.opaque = opaque(IN_STREAM);
}
