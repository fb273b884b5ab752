#include "checkpoint.h"
#include "body.h"
#include "facts/cell.h"
#include "go-type.h"
#include "host-path.h"

/* An empty folder is the engine's own, an empty id none: Go can't tell them from absent. */
static void fill(struct reading *in, struct str id, struct str folder) {
        struct facts *f = in->facts;

        f->checkpoint.container = cell_str(in->variables[0]);
        if (!str_empty(id))
                f->checkpoint.id = cell_str(id);
        host_path(in->arena, folder, &f->checkpoint.folder);
}

struct checkpoint_create {
        bool given;
        struct go_string id, folder;
        struct go_bool leave;
};

static const struct gojson_field checkpoint_create_fields[] = {
        GO_FIELD(checkpoint_create, "CheckpointID", id, gojson_string),
        GO_FIELD(checkpoint_create, "CheckpointDir", folder, gojson_string),
        GO_FIELD(checkpoint_create, "Exit", leave, gojson_bool),
};
static const struct gojson_type checkpoint_create_type = GO_STRUCT(checkpoint_create);

void checkpoint_create_decode(struct reading *in) {
        struct checkpoint_create body = { 0 };

        if (!body_decode(in, &body, &checkpoint_create_type))
                return;
        fill(in, body.id.value, body.folder.value);
}

void checkpoint_list_decode(struct reading *in) {
        fill(in, STR_C(""), reading_parameter(in, "dir"));
}

void checkpoint_delete_decode(struct reading *in) {
        fill(in, in->variables[1], reading_parameter(in, "dir"));
}

void start_decode(struct reading *in) {
        fill(in, reading_parameter(in, "checkpoint"), reading_parameter(in, "checkpoint-dir"));
}
