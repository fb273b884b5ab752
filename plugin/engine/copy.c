#include "copy.h"
#include "body.h"
#include "cell.h"
#include "go-type.h"
#include "host-path.h"

/* A path inside is cleaned and begun at the root as one of the host is, and /var/run is a link in most images too. */
static void fill(struct request *request, struct arena *arena, struct str path) {
        struct facts *f = &request->facts;

        f->copy.container = cell_str(request->variables.items[0]);
        host_path(arena, path, &f->copy.path);
}

void archive_decode(struct request *request, struct arena *arena) {
        struct str key = STR("copyUIDGID");

        request->facts.copy.keep_owner = (struct fact_bool){ .head.given = target_parameter(&request->target, key).p,
                                                             .value = target_bool(&request->target, key) };
        fill(request, arena, target_parameter(&request->target, STR_C("path")));
}

struct copy_body {
        bool given;
        struct go_string resource;
};

static const struct gojson_field copy_body_fields[] = {
        GO_FIELD(copy_body, "Resource", resource, gojson_string),
};
static const struct gojson_type copy_body_type = GO_STRUCT(copy_body);

void copy_decode(struct request *request, struct arena *arena) {
        struct copy_body body = { 0 };

        if (!body_decode(request, arena, &body, &copy_body_type))
                return;
        fill(request, arena, body.resource.value);
}
