#include "exec.h"
#include "body.h"
#include "facts/cell.h"
#include "free-text.h"
#include "go-type.h"
#include "host-path.h"
#include "program.h"
#include "user.h"
#include "variable.h"

/* The body as Go has it: one member for each key, of the type that Go decodes it into. */
struct exec_create {
        bool given;
        struct go_string user, detach_keys, working_dir;
        struct go_bool privileged, tty, attach_stdin, attach_stderr, attach_stdout, detach;
        struct go_list console_size, env, cmd;
        struct go_any container;
};

static const struct gojson_type console_size_type = GO_LIST(gojson_uint64);

/* Keys in the order of the Go struct, because clients send them so. A key without a row becomes request.unknown. */
static const struct gojson_field exec_create_fields[] = {
        GO_FIELD(exec_create, "User", user, gojson_string),
        GO_FIELD(exec_create, "Privileged", privileged, gojson_bool),
        GO_FIELD(exec_create, "Tty", tty, gojson_bool),
        GO_FIELD(exec_create, "ConsoleSize", console_size, console_size_type),
        GO_FIELD(exec_create, "AttachStdin", attach_stdin, gojson_bool),
        GO_FIELD(exec_create, "AttachStderr", attach_stderr, gojson_bool),
        GO_FIELD(exec_create, "AttachStdout", attach_stdout, gojson_bool),
        GO_FIELD(exec_create, "Detach", detach, gojson_bool),
        GO_FIELD(exec_create, "DetachKeys", detach_keys, gojson_string),
        GO_FIELD(exec_create, "Env", env, gojson_strings),
        GO_FIELD(exec_create, "WorkingDir", working_dir, gojson_string),
        GO_FIELD(exec_create, "Cmd", cmd, gojson_strings),
        /* Of engines before 1.12; docker-py still sends it. The path says whose command it is. */
        GO_FIELD(exec_create, "Container", container, gojson_any),
};
static const struct gojson_type exec_create_type = GO_STRUCT(exec_create);

/* A name is "unknown", and so is nobody at all: that is the container's user, which only a lookup can tell. */
static enum word exec_user_root(struct str user) {
        return str_empty(user) ? WORD_UNKNOWN : user_root_word(user);
}

void exec_create_decode(struct reading *in) {
        struct facts *f = in->facts;
        struct exec_create body = { 0 };

        if (!body_decode(in, &body, &exec_create_type))
                return;

        f->exec.container = cell_str(in->variables[0]);
        f->exec.user = cell_string(body.user);
        f->exec.user_root = cell_word(exec_user_root(body.user.value));
        f->exec.user_root.head.given = body.user.given;
        f->exec.privileged = cell_bool(body.privileged);
        f->exec.tty = cell_bool(body.tty);
        f->exec.stdin = cell_bool(body.attach_stdin);
        f->exec.working_dir_up = (struct fact_bool){ .head.given = true, .value = path_climbs(body.working_dir.value) };
        host_path(in->arena, body.working_dir.value, &f->exec.working_dir);
        program_add(in->arena, &f->exec.programs, &body.cmd);
        variables_read(in, &body.env);
        texts_read(in, "Env", &body.env);
        texts_read(in, "Cmd", &body.cmd);
}

struct exec_start {
        bool given;
        struct go_bool detach, tty;
        struct go_list console_size;
};

static const struct gojson_field exec_start_fields[] = {
        GO_FIELD(exec_start, "Detach", detach, gojson_bool),
        GO_FIELD(exec_start, "Tty", tty, gojson_bool),
        GO_FIELD(exec_start, "ConsoleSize", console_size, console_size_type),
};
static const struct gojson_type exec_start_type = GO_STRUCT(exec_start);

/* Yields no facts of its own, but what Go would read in two ways is a flaw here as everywhere. */
void exec_start_decode(struct reading *in) {
        struct exec_start body = { 0 };

        if (in->body.n > 0)
                json_read(in, &body, &exec_start_type, in->body, STR_C(""));
}
