#include "copy.h"
#include "body.h"
#include "facts/cell.h"
#include "go-type.h"
#include "host-path.h"

/* A path inside is cleaned and begun at the root as one of the host is, and /var/run is a link in most images too. */
static void fill(struct reading *in, struct str path) {
        struct facts *f = in->facts;

        f->copy.container = cell_str(in->variables[0]);
        host_path(in->arena, path, &f->copy.path);
}

void archive_decode(struct reading *in) {
        struct str key = STR("copyUIDGID");

        in->facts->copy.keep_owner = (struct fact_bool){ .head.given = target_parameter(in->target, key).p,
                                                         .value = target_bool(in->target, key) };
        fill(in, reading_parameter(in, "path"));
}

struct copy_body {
        bool given;
        struct go_string resource;
};

static const struct gojson_field copy_body_fields[] = {
        GO_FIELD(copy_body, "Resource", resource, gojson_string),
};
static const struct gojson_type copy_body_type = GO_STRUCT(copy_body);

void copy_decode(struct reading *in) {
        struct copy_body body = { 0 };

        if (!body_decode(in, &body, &copy_body_type))
                return;
        fill(in, body.resource.value);
}
