#include "transfer.h"
#include "body.h"
#include "commit.h"
#include "docksill/base/text.h"
#include "docksill/engine/image-ref.h"
#include "facts/cell.h"
#include "fetch.h"
#include "free-text.h"
#include "go-type.h"
#include "image.h"

static void read_reference(struct reading *in, const char *field, struct str reference) {
        image_read(in, field, (struct go_string){ .value = reference, .given = true });
}

/* "r.example:5000/app:1" without ":1". */
static struct str without_tag(struct str name) {
        size_t colon = str_find_last(name, ':'), slash = str_find_last(name, '/');

        return colon < name.n && (slash == name.n || colon > slash) ? str_first(name, colon) : name;
}

/*
 * A name and the parameter tag=, which wins over a tag in the name and may itself be a digest. A digest in the name
 * stays beside a tag (moby daemon/containerd/image_pull.go, distribution/reference WithTag).
 */
static void read_name_and_tag(struct reading *in, const char *field, struct str name, struct str tag) {
        struct str digest = str_skip(name, str_find(name, '@'));
        struct text t;

        if (str_empty(tag) || str_empty(name)) {
                read_reference(in, field, name);
                return;
        }
        text_init_arena(&t, in->arena);
        text_add(&t, without_tag(str_first(name, name.n - digest.n)));
        if (str_find(tag, ':') < tag.n) {
                text_add_char(&t, '@');
                text_add(&t, tag);
        } else {
                text_add_char(&t, ':');
                text_add(&t, tag);
                text_add(&t, digest);
        }
        read_reference(in, field, text_str(&t));
}

/* -- POST /images/create -- */

void pull_decode(struct reading *in) {
        struct str name = reading_parameter(in, "fromImage"), source = reading_parameter(in, "fromSrc");

        /* Only the tar of an import is read from the body, and a call with fromImage is none whatever fromSrc says. For
         * all else a form may hide there, whose fromImage comes before the one of the query. */
        if (!str_empty(name) || !str_eqz(source, "-"))
                body_check_absent(in);
        if (!str_empty(name)) {
                if (str_ends(name, STR_C(":")))
                        --name.n; /* as dockerd does */
                read_name_and_tag(in, "?fromImage=", name, reading_parameter(in, "tag"));
                fetch_registry(in, "?fromImage=");
                return;
        }
        in->facts->image.imported = (struct fact_bool){ .head.given = true, .value = true };
        text_read(in, "fromSrc", source);
        if (!str_eqz(source, "-"))
                fetch_read(in, "?fromSrc=", WORD_IMAGE, source);
        image_named(in, (struct origin){ .field = "?repo=" }, reading_parameter(in, "repo"), (struct fact_str){ 0 });
        changes_read(in);
}

/* -- the others -- */

void load_decode(struct reading *in) {
        in->facts->image.imported = (struct fact_bool){ .head.given = true, .value = true };
}

void push_decode(struct reading *in) {
        read_name_and_tag(in, "RequestUri", in->variables[0], reading_parameter(in, "tag"));
        fetch_registry(in, "RequestUri");
}

/* An id, whole or its beginning, or a tag that looks like one: dockerd tries both. */
static bool may_be_id(struct str name) {
        struct str hex = str_starts(name, STR_C("sha256:")) ? str_skip(name, 7) : name;

        for (size_t i = 0; i < hex.n; ++i)
                if (!ascii_digit(hex.p[i]) && !(hex.p[i] >= 'a' && hex.p[i] <= 'f'))
                        return false;
        return true;
}

void tag_decode(struct reading *in) {
        struct str repo = reading_parameter(in, "repo");
        struct fact_str source;
        struct image_ref ref;

        image_ref_parse(&ref, in->arena, in->variables[0]);
        source = cell_str(ref.name);
        if (may_be_id(in->variables[0]))
                source.head.state = FACT_UNKNOWN;
        image_named(in, (struct origin){ .field = "?repo=" }, repo, source);
        read_name_and_tag(in, "?repo=", repo, reading_parameter(in, "tag"));
}

/* What is asked of the hub names no image; a registry before the first slash is where dockerd then goes. */
void search_decode(struct reading *in) {
        struct str term = reading_parameter(in, "term");
        struct image_ref ref;

        image_ref_parse(&ref, in->arena, term);
        if (ref.id || str_eqz(ref.registry, "docker.io"))
                return;
        read_reference(in, "?term=", term);
        fetch_registry(in, "?term=");
}

void distribution_decode(struct reading *in) {
        read_reference(in, "RequestUri", in->variables[0]);
        fetch_registry(in, "RequestUri");
}

/* -- POST /auth -- */

struct auth_config {
        bool given;
        struct go_string username, password, auth, email, server_address, identity_token, registry_token;
};

static const struct gojson_field auth_config_fields[] = {
        GO_FIELD(auth_config, "username", username, gojson_string),
        GO_FIELD(auth_config, "password", password, gojson_string),
        GO_FIELD(auth_config, "auth", auth, gojson_string),
        GO_FIELD(auth_config, "email", email, gojson_string),
        GO_FIELD(auth_config, "serveraddress", server_address, gojson_string),
        GO_FIELD(auth_config, "identitytoken", identity_token, gojson_string),
        GO_FIELD(auth_config, "registrytoken", registry_token, gojson_string),
};
static const struct gojson_type auth_config_type = GO_STRUCT(auth_config);

void auth_decode(struct reading *in) {
        struct auth_config body = { 0 };

        if (in->body.n == 0)
                return; /* as nearly all engines have it */
        if (!body_decode(in, &body, &auth_config_type))
                return;
        fetch_read(in, "serveraddress", WORD_REGISTRY, body.server_address.value);
}
