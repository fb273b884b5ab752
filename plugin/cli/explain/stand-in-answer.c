#include "stand-in-answer.h"
#include "stand-in-object.h"
#include <sys/utsname.h>

#define JSON_TYPE "application/json"
#define RAW_TYPE  "application/vnd.docker.raw-stream"

#define EMPTY "{}"

/* "@" in a body is an id that is given out. */
struct row {
        struct str operation;
        unsigned status;
        const char *body, *type; /* type: NULL: JSON */
        object_maker *make;      /* instead of the body */
};

static void add_template(struct text *t, struct stand_in_state *s, const char *body) {
        for (; *body; ++body)
                if (*body == '@')
                        object_add_id(t, s);
                else
                        text_add_char(t, *body);
}

/* -- services -- */

/* No task is wanted, so that a client that waits for tasks has none to wait for. */
static void service_inspect(struct stand_in_answer *out, struct stand_in_state *s, const struct stand_in_question *q) {
        object_add(&out->body,
                   json_pack("{s:o, s:{s:i}, s:s, s:s, s:{s:o, s:{}, s:{s:{s:s}}, s:{s:{s:i}}, s:{s:i, s:i}}, "
                             "s:{s:{}}}",
                             "ID", object_id_new(s), "Version", "Index", 1, "CreatedAt", OBJECT_TIME, "UpdatedAt",
                             OBJECT_TIME, "Spec", "Name", object_text(object_variable(q)), "Labels", "TaskTemplate",
                             "ContainerSpec", "Image", "", "Mode", "Replicated", "Replicas", 0, "UpdateConfig",
                             "Parallelism", 1, "Monitor", 1, "Endpoint", "Spec"));
}

/* -- files in containers -- */

/* What is written like a file's name may be made; all else is a folder. */
static bool is_file(struct str path) {
        size_t slash = str_find_last(path, '/');
        struct str name = slash < path.n ? str_skip(path, slash + 1) : path;

        return str_find(name, '.') < name.n && !str_eqz(name, ".") && !str_eqz(name, "..");
}

/* {"name":"x","size":4096,"mode":2147484141,"mtime":"2020-01-01T00:00:00Z","linkTarget":""}: drwxr-xr-x. */
#define FOLDER_STAT                                                                                                    \
        "eyJuYW1lIjoieCIsInNpemUiOjQwOTYsIm1vZGUiOjIxNDc0ODQxNDEsIm10aW1lIjoiMjAyMC0wMS0wMVQwMDowMDowMFoiLCJsaW5rVGFy" \
        "Z2V0IjoiIn0="

static void archive_head(struct stand_in_answer *out, struct stand_in_state *s unused_,
                         const struct stand_in_question *q) {
        if (is_file(target_parameter(q->target, STR_C("path"))))
                out->status = 404;
        else
                out->header = (struct stand_in_header){ "X-Docker-Container-Path-Stat", FOLDER_STAT };
}

/* An empty tar. */
static void archive_get(struct stand_in_answer *out, struct stand_in_state *s unused_,
                        const struct stand_in_question *q unused_) {
        out->type = "application/x-tar";
        out->header = (struct stand_in_header){ "X-Docker-Container-Path-Stat", FOLDER_STAT };
        for (size_t i = 0; i < 1024; ++i)
                text_add_char(&out->body, '\0');
}

/* -- plugins -- */

/* It has the name that it was pulled by, unless it is given another. */
static void plugin_pull(struct stand_in_answer *out, struct stand_in_state *s, const struct stand_in_question *q) {
        struct str remote = target_parameter(q->target, STR_C("remote")),
                   name = target_parameter(q->target, STR_C("name"));
        struct text t;

        if (str_starts(remote, STR_C("docker.io/")))
                remote = str_skip(remote, strlen("docker.io/"));
        text_init_fixed(&t, out->header.value, sizeof(out->header.value));
        text_add(&t, name.n ? name : remote);
        out->header.name = t.failed ? NULL : "Docker-Plugin-Name";
        add_template(&out->body, s, "{\"status\":\"Download complete\"}\n");
}

/* -- the engine -- */

/* As Go calls it. */
static const char *architecture(const char *machine) {
        return strcmp(machine, "x86_64") == 0 ? "amd64" : strcmp(machine, "aarch64") == 0 ? "arm64" : machine;
}

static void version(struct stand_in_answer *out, struct stand_in_state *s unused_,
                    const struct stand_in_question *q unused_) {
        struct utsname u = { 0 };

        (void)uname(&u);
        text_addf(
                &out->body,
                "{\"Platform\":{\"Name\":\"docksill\"},\"Components\":[],\"Version\":\"29.0.0\",\"ApiVersion\":\"%s\","
                "\"MinAPIVersion\":\"1.12\",\"GitCommit\":\"\",\"GoVersion\":\"\",\"Os\":\"linux\",\"Arch\":\"%s\","
                "\"KernelVersion\":\"%s\"}",
                STAND_IN_API, architecture(u.machine), u.release);
}

static void info(struct stand_in_answer *out, struct stand_in_state *s, const struct stand_in_question *q unused_) {
        struct utsname u = { 0 };

        (void)uname(&u);
        text_addf(&out->body, "{\"OSType\":\"linux\",\"Architecture\":\"%s\",\"KernelVersion\":\"%s\",", u.machine,
                  u.release);
        add_template(&out->body, s,
                     "\"ID\":\"docksill\",\"Name\":\"docksill\",\"ServerVersion\":\"29.0.0\",\"OperatingSystem\":\"\","
                     "\"Driver\":\"overlay2\",\"LoggingDriver\":\"json-file\",\"CgroupDriver\":\"systemd\","
                     "\"CgroupVersion\":\"2\",\"NCPU\":4,\"MemTotal\":8589934592,\"MemoryLimit\":true,"
                     "\"SwapLimit\":true,\"PidsLimit\":true,\"IndexServerAddress\":\"https://index.docker.io/v1/\","
                     "\"DefaultRuntime\":\"runc\",\"Runtimes\":{\"runc\":{\"path\":\"runc\"}},\"SecurityOptions\":"
                     "[\"name=seccomp,profile=builtin\",\"name=cgroupns\"],\"Plugins\":{\"Volume\":[\"local\"],"
                     "\"Network\":[\"bridge\",\"host\",\"null\",\"overlay\"],\"Log\":[\"json-file\",\"local\"]},"
                     "\"RegistryConfig\":{\"IndexConfigs\":{},\"InsecureRegistryCIDRs\":[],\"Mirrors\":[]},"
                     "\"Swarm\":{\"NodeID\":\"docksill\",\"NodeAddr\":\"127.0.0.1\",\"LocalNodeState\":\"active\","
                     "\"ControlAvailable\":true,\"Nodes\":1,\"Managers\":1,\"RemoteManagers\":[{\"NodeID\":"
                     "\"docksill\",\"Addr\":\"127.0.0.1:2377\"}],\"Cluster\":{\"ID\":\"docksill\"}}}");
}

static void image_inspect(struct stand_in_answer *out, struct stand_in_state *s unused_,
                          const struct stand_in_question *q unused_) {
        struct utsname u = { 0 };

        (void)uname(&u);
        text_addf(&out->body,
                  "{\"Id\":\"" OBJECT_IMAGE "\",\"RepoTags\":[],\"RepoDigests\":[],\"Created\":\"" OBJECT_TIME
                  "\",\"Architecture\":\"%s\",\"Os\":\"linux\",\"Size\":0,\"Config\":{},\"ContainerConfig\":{},"
                  "\"RootFS\":{\"Type\":\"layers\",\"Layers\":[]}}",
                  architecture(u.machine));
}

/* Of the past they end, and there was nothing. */
static void events(struct stand_in_answer *out, struct stand_in_state *s unused_, const struct stand_in_question *q) {
        out->goes_on = str_empty(target_parameter(q->target, STR_C("until")));
}

/* -- the table -- */

#define NODE                                                                                                           \
        "{\"ID\":\"docksill\",\"Version\":{\"Index\":1},\"Spec\":{\"Role\":\"manager\",\"Availability\":\"active\","   \
        "\"Labels\":{}},\"Description\":{\"Hostname\":\"docksill\",\"Platform\":{\"OS\":\"linux\"},\"Engine\":{}},"    \
        "\"Status\":{\"State\":\"ready\",\"Addr\":\"127.0.0.1\"},\"ManagerStatus\":{\"Leader\":true,\"Reachability\":" \
        "\"reachable\",\"Addr\":\"127.0.0.1:2377\"}}"

/* clang-format off */
static const struct row rows[] = {
        { STR("system.ping"), 200, "OK", "text/plain; charset=utf-8", NULL },
        { STR("system.version"), 200, NULL, NULL, version },
        { STR("system.info"), 200, NULL, NULL, info },
        /* A client would write down what it logged in with. */
        { STR("system.auth"), 401, "{\"message\":\"docksill explain logs nobody in\"}", NULL, NULL },
        { STR("system.df"), 200, "{\"LayersSize\":0,\"Images\":[],\"Containers\":[],\"Volumes\":[],\"BuildCache\":[]}", NULL, NULL },
        { STR("system.events"), 200, NULL, NULL, events },

        { STR("container.create"), 201, NULL, NULL, object_container_create },
        { STR("container.list"), 200, NULL, NULL, object_container_list },
        { STR("container.inspect"), 200, NULL, NULL, object_container_inspect },
        { STR("container.start"), 204, NULL, NULL, object_container_start },
        { STR("container.wait"), 200, "{\"StatusCode\":0}", NULL, NULL },
        { STR("container.attach"), 200, "", RAW_TYPE, NULL },
        { STR("container.logs"), 200, "", RAW_TYPE, NULL },
        { STR("container.top"), 200, "{\"Titles\":[\"PID\"],\"Processes\":[]}", NULL, NULL },
        { STR("container.changes"), 200, "[]", NULL, NULL },
        { STR("container.update"), 200, "{\"Warnings\":[]}", NULL, NULL },
        { STR("container.resize"), 200, "", NULL, NULL },
        { STR("container.kill"), 204, "", NULL, NULL },
        { STR("container.pause"), 204, "", NULL, NULL },
        { STR("container.unpause"), 204, "", NULL, NULL },
        { STR("container.restart"), 204, "", NULL, NULL },
        { STR("container.stop"), 204, "", NULL, NULL },
        { STR("container.rename"), 204, "", NULL, NULL },
        { STR("container.remove"), 204, "", NULL, NULL },
        { STR("container.commit"), 201, "{\"Id\":\"" OBJECT_IMAGE "\"}", NULL, NULL },
        { STR("container.archive-head"), 200, NULL, NULL, archive_head },
        { STR("container.archive-get"), 200, NULL, NULL, archive_get },
        { STR("container.archive-put"), 200, "", NULL, NULL },
        { STR("container.export"), 200, NULL, NULL, archive_get },
        { STR("container.checkpoint-list"), 200, "[]", NULL, NULL },
        { STR("container.checkpoint-create"), 201, "", NULL, NULL },
        { STR("container.checkpoint-delete"), 204, "", NULL, NULL },
        { STR("exec.create"), 201, "{\"Id\":\"@\"}", NULL, NULL },
        { STR("exec.start"), 200, "", RAW_TYPE, NULL },
        { STR("exec.inspect"), 200, "{\"ID\":\"@\",\"Running\":false,\"ExitCode\":0,\"Pid\":0,\"ContainerID\":\"@\"}", NULL, NULL },

        { STR("image.list"), 200, "[]", NULL, NULL },
        { STR("image.inspect"), 200, NULL, NULL, image_inspect },
        { STR("image.history"), 200, "[]", NULL, NULL },
        { STR("image.search"), 200, "[]", NULL, NULL },
        { STR("image.save"), 200, NULL, NULL, archive_get },
        { STR("image.load"), 200, "{\"stream\":\"Loaded image\"}\n", NULL, NULL },
        { STR("image.create"), 200, "{\"status\":\"Status: Image is up to date\"}\n", NULL, NULL },
        { STR("image.push"), 200, "{\"status\":\"Pushed\"}\n", NULL, NULL },
        { STR("image.tag"), 201, "", NULL, NULL },
        { STR("image.remove"), 200, "[]", NULL, NULL },
        { STR("image.build"), 200, "{\"aux\":{\"ID\":\"" OBJECT_IMAGE "\"}}\n{\"stream\":\"Successfully built d0c500000000\\n\"}\n", NULL, NULL },
        { STR("distribution.inspect"), 200, "{\"Descriptor\":{\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"digest\":\"" OBJECT_IMAGE "\",\"size\":0},\"Platforms\":[]}", NULL, NULL },

        { STR("network.create"), 201, NULL, NULL, object_network_create },
        { STR("network.list"), 200, NULL, NULL, object_network_list },
        { STR("network.inspect"), 200, NULL, NULL, object_network_inspect },
        { STR("network.remove"), 204, "", NULL, NULL },
        { STR("volume.create"), 201, NULL, NULL, object_volume_create },
        { STR("volume.list"), 200, "{\"Volumes\":[],\"Warnings\":[]}", NULL, NULL },
        { STR("volume.inspect"), 200, NULL, NULL, object_volume_inspect },
        { STR("volume.remove"), 204, "", NULL, NULL },

        { STR("swarm.init"), 200, "\"docksill\"", NULL, NULL },
        { STR("swarm.inspect"), 200, "{\"ID\":\"@\",\"Version\":{\"Index\":1},\"Spec\":{\"Name\":\"default\",\"Labels\":{}},\"JoinTokens\":{\"Worker\":\"SWMTKN-1-docksill\",\"Manager\":\"SWMTKN-1-docksill\"}}", NULL, NULL },
        { STR("swarm.unlockkey"), 200, "{\"UnlockKey\":\"\"}", NULL, NULL },
        { STR("service.create"), 201, "{\"ID\":\"@\",\"Warnings\":[]}", NULL, NULL },
        { STR("service.list"), 200, NULL, NULL, object_named_list },
        { STR("service.inspect"), 200, NULL, NULL, service_inspect },
        { STR("service.update"), 200, "{\"Warnings\":[]}", NULL, NULL },
        { STR("node.list"), 200, "[" NODE "]", NULL, NULL },
        { STR("node.inspect"), 200, NODE, NULL, NULL },
        { STR("task.list"), 200, "[]", NULL, NULL },
        { STR("secret.create"), 201, "{\"ID\":\"@\"}", NULL, NULL },
        { STR("secret.list"), 200, NULL, NULL, object_named_list },
        { STR("config.create"), 201, "{\"ID\":\"@\"}", NULL, NULL },
        { STR("config.list"), 200, NULL, NULL, object_named_list },

        { STR("plugin.list"), 200, "[]", NULL, NULL },
        { STR("plugin.privileges"), 200, "[]", NULL, NULL },
        { STR("plugin.inspect"), 200, "{\"Id\":\"@\",\"Name\":\"plugin\",\"Enabled\":false,\"Settings\":{\"Mounts\":[],\"Env\":[],\"Args\":[],\"Devices\":[]},\"Config\":{}}", NULL, NULL },
        { STR("plugin.pull"), 200, NULL, NULL, plugin_pull },
        { STR("plugin.upgrade"), 200, "{\"status\":\"Download complete\"}\n", NULL, NULL },
};
/* clang-format on */

static const struct row *row_find(const struct operation *operation) {
        for (size_t i = 0; operation && i < ARRAY_SIZE(rows); ++i)
                if (str_eq(rows[i].operation, operation->id))
                        return &rows[i];
        return NULL;
}

void stand_in_answer(struct stand_in_answer *out, struct stand_in_state *s, const struct stand_in_question *q) {
        const struct row *row = row_find(q->operation);

        out->status = row ? row->status : 200;
        out->type = row && row->type ? row->type : JSON_TYPE;
        out->header.name = NULL;
        if (!q->operation)
                object_not_found(out, "route");
        else if (row && row->make)
                row->make(out, s, q);
        else
                add_template(&out->body, s, row ? row->body : EMPTY);
}
