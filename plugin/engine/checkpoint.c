#include "checkpoint.h"
#include "body.h"
#include "cell.h"
#include "go-type.h"
#include "host-path.h"

/* An empty folder is the engine's own, an empty id none: Go can't tell them from absent. */
static void fill(struct request *request, struct arena *arena, struct str id, struct str folder) {
        struct facts *f = &request->facts;

        f->checkpoint.container = cell_str(request->variables.items[0]);
        if (!str_empty(id))
                f->checkpoint.id = cell_str(id);
        host_path(arena, folder, &f->checkpoint.folder);
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

void checkpoint_create_decode(struct request *request, struct arena *arena) {
        struct checkpoint_create body = { 0 };

        if (!body_decode(request, arena, &body, &checkpoint_create_type))
                return;
        fill(request, arena, body.id.value, body.folder.value);
}

void checkpoint_list_decode(struct request *request, struct arena *arena) {
        fill(request, arena, STR_C(""), target_parameter(&request->target, STR_C("dir")));
}

void checkpoint_delete_decode(struct request *request, struct arena *arena) {
        fill(request, arena, request->variables.items[1], target_parameter(&request->target, STR_C("dir")));
}

void start_decode(struct request *request, struct arena *arena) {
        fill(request, arena, target_parameter(&request->target, STR_C("checkpoint")),
             target_parameter(&request->target, STR_C("checkpoint-dir")));
}
